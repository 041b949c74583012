# Words of the build: flags that every target shares, and galena_library / galena_tests.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)

add_library(galena_flags INTERFACE)
target_compile_options(galena_flags INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Werror -fno-omit-frame-pointer)
# Asserts stay on in release builds: a broken invariant stops before it spreads.
target_compile_options(galena_flags INTERFACE -UNDEBUG)
target_include_directories(galena_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
if(GALENA_SANITIZE)
  target_compile_options(galena_flags INTERFACE -fsanitize=${GALENA_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(galena_flags INTERFACE -fsanitize=${GALENA_SANITIZE})
elseif(MOLD)
  target_link_options(galena_flags INTERFACE -fuse-ld=mold)
endif()

# galena_library(domain DEPENDS base fmt): all sources of the current folder but the tests.
function(galena_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;SYSTEM" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$|/main\\.cpp$")
  add_library(galena_${name} STATIC ${sources})
  list(TRANSFORM ARG_DEPENDS PREPEND galena_)
  target_link_libraries(galena_${name} PUBLIC galena_flags ${ARG_DEPENDS} ${ARG_SYSTEM})
  if(GALENA_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE galena_${name} GTest::gmock GTest::gtest_main rapidcheck_gtest_all)
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
endfunction()

if(GALENA_TESTS)
  find_package(GTest REQUIRED)
  # Debian's rapidcheck ships headers and one static library, without the GTest glue as a target.
  add_library(rapidcheck_gtest_all INTERFACE)
  target_link_libraries(rapidcheck_gtest_all INTERFACE rapidcheck GTest::gtest)
endif()
