# Words of the build: flags that every target shares, and galena_library / galena_tests.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)

add_library(galena_flags INTERFACE)
target_compile_options(galena_flags INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers
  -fno-omit-frame-pointer)
# g++ 12 takes an empty std::optional for an uninitialised one once it inlines; clang-tidy knows.
target_compile_options(galena_flags INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
# Warnings are errors for the compiler that ships; clang only fuzzes and tidies.
target_compile_options(galena_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Werror>)
# Asserts stay on in release builds: a broken invariant stops before it spreads.
target_compile_options(galena_flags INTERFACE -UNDEBUG)
target_include_directories(galena_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
if(GALENA_SANITIZE)
  target_compile_options(galena_flags INTERFACE -fsanitize=${GALENA_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(galena_flags INTERFACE -fsanitize=${GALENA_SANITIZE})
  if(GALENA_SANITIZE MATCHES "undefined")
    # These take a third of the compiler's time; a null pointer and a wrong type stop the program
    # under the address sanitizer as well.
    target_compile_options(galena_flags INTERFACE -fno-sanitize=null,alignment,object-size,vptr)
  endif()
  if(GALENA_SANITIZE STREQUAL "thread")
    # Asio's fences, which this sanitizer does not model; Asio synchronises by mutexes beside them.
    target_compile_options(galena_flags INTERFACE -Wno-tsan)
  endif()
elseif(MOLD)
  target_link_options(galena_flags INTERFACE -fuse-ld=mold)
endif()

# galena_library(domain DEPENDS base fmt): all sources of the current folder but the tests.
function(galena_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;SYSTEM" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$|/main\\.cpp$")
  list(TRANSFORM ARG_DEPENDS PREPEND galena_)
  if(sources)
    add_library(galena_${name} STATIC ${sources})
    target_link_libraries(galena_${name} PUBLIC galena_flags ${ARG_DEPENDS} ${ARG_SYSTEM})
  else()
    add_library(galena_${name} INTERFACE)
    target_link_libraries(galena_${name} INTERFACE galena_flags ${ARG_DEPENDS} ${ARG_SYSTEM})
  endif()
  if(GALENA_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE galena_${name} GTest::gmock GTest::gtest_main rapidcheck)
    target_compile_options(${name}_test PRIVATE -O1)  # compiles in two thirds of the time
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 300)
    add_dependencies(unit_tests ${name}_test)
  endif()
endfunction()

# Programs that serve for months use jemalloc: many threads, and no growth by fragments. The
# sanitizers bring an allocator of their own.
function(galena_use_allocator program)
  if(NOT GALENA_SANITIZE)
    target_link_libraries(${program} PRIVATE jemalloc)
    target_sources(${program} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/allocator.cpp)
  endif()
endfunction()

# All unit tests, which script/test also builds and runs under the sanitizers.
add_custom_target(unit_tests)
add_custom_target(fuzz_targets)
