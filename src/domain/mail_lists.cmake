# The public mail lists, from npm, as constants of the domain library.
set(npm_dir ${CMAKE_SOURCE_DIR}/tools/npm)
if(NOT EXISTS ${npm_dir}/node_modules/.fetched)
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/script/fetch-lists COMMAND_ERROR_IS_FATAL ANY)
endif()
find_program(NODE node REQUIRED)

set(list_dir ${CMAKE_CURRENT_BINARY_DIR}/lists)
set(lists ${list_dir}/free_mail.txt ${list_dir}/disposable.txt ${list_dir}/roles.txt)
add_custom_command(OUTPUT ${lists}
  COMMAND ${NODE} ${npm_dir}/write-lists.mjs ${CMAKE_CURRENT_SOURCE_DIR}/data ${list_dir}
  DEPENDS ${npm_dir}/write-lists.mjs ${npm_dir}/package-lock.json
          ${CMAKE_CURRENT_SOURCE_DIR}/data/free_mail_more.txt
          ${CMAKE_CURRENT_SOURCE_DIR}/data/role_words.txt VERBATIM)
galena_embed_text(galena_domain galena::domain
  kFreeMailList ${list_dir}/free_mail.txt
  kDisposableList ${list_dir}/disposable.txt
  kRoleList ${list_dir}/roles.txt)
