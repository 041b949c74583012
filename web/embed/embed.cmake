# Writes assets.S and assets.cpp, which hold every file of FOLDERS as a table:
#   cmake -DFOLDERS=a;b -DOUT=dir -P embed.cmake
set(types "html=text/html; charset=utf-8" "js=text/javascript; charset=utf-8"
          "css=text/css; charset=utf-8" "svg=image/svg+xml" "json=application/json" "png=image/png"
          "txt=text/plain; charset=utf-8")
set(files "")
foreach(folder IN LISTS FOLDERS)
  file(GLOB_RECURSE found RELATIVE ${folder} ${folder}/*)
  foreach(name IN LISTS found)
    list(APPEND files "/${name}")
    set("place_/${name}" ${folder}/${name})
  endforeach()
endforeach()
list(SORT files)

set(assembly "// The bytes of the files in assets.cpp. Written by embed.cmake.\n.section .rodata\n")
set(declarations "")
set(table "")
set(count 0)

# Gives the C++ expression of a file's bytes and adds them to the assembly.
function(bytes_of path result)
  file(SIZE "${place_${path}}" size)
  file(RELATIVE_PATH place ${OUT} "${place_${path}}")
  set(symbol galena_asset_${count})
  set(${result} "{${symbol}, ${size}}" PARENT_SCOPE)
  set(assembly "${assembly}.balign 16\n.globl ${symbol}\n${symbol}:\n.incbin \"${place}\"\n" PARENT_SCOPE)
  set(declarations "${declarations}extern const char ${symbol}[];\n" PARENT_SCOPE)
  math(EXPR next "${count} + 1")
  set(count ${next} PARENT_SCOPE)
endfunction()

foreach(path IN LISTS files)
  if(path MATCHES "\\.gz$")
    continue()
  endif()
  string(REGEX REPLACE ".*\\." "" extension ${path})
  set(type application/octet-stream)
  foreach(pair IN LISTS types)
    if(pair MATCHES "^${extension}=(.*)$")
      set(type ${CMAKE_MATCH_1})
    endif()
  endforeach()
  bytes_of(${path} bytes)
  set(gzip "{}")
  if(DEFINED "place_${path}.gz")
    bytes_of(${path}.gz gzip)
  endif()
  set(immutable false)
  if(path MATCHES "^/assets/")
    set(immutable true)
  endif()
  string(APPEND table "    {\"${path}\", \"${type}\", ${bytes}, ${gzip}, ${immutable}},\n")
endforeach()

file(WRITE ${OUT}/assets.S "${assembly}.section .note.GNU-stack,\"\",%progbits\n")
file(WRITE ${OUT}/assets.cpp "// Written by embed.cmake.
#include \"web/embed/assets.hpp\"

extern \"C\" {
${declarations}}

namespace galena::web {
namespace {

const Asset table[] = {
${table}};

}  // namespace

std::span<const Asset> assets() { return table; }

}  // namespace galena::web
")
