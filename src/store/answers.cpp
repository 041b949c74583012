// The part of SqliteStore that remembers what writes were answered.
#include "store/queries.hpp"
#include "store/sqlite_store.hpp"

namespace galena::store {

std::optional<AnswerRow> SqliteStore::answer(WorkspaceId workspace, std::string_view author,
                                             std::string_view name) {
  auto reader = readers_.take();
  Statement row = reader->statement(sql::answer_by_name);
  row.bind(std::int64_t{workspace}, author, name);
  if (!row.step()) return std::nullopt;
  return AnswerRow{.workspace = workspace,
                   .author = std::string(author),
                   .name = std::string(name),
                   .request = row.copied_text(0),
                   .status = static_cast<int>(row.number(1)),
                   .body = row.copied_text(2),
                   .answered_at = row.time(3)};
}

void SqliteStore::put_answer(Connection& connection, const AnswerRow& answer) {
  // A week, not a day, so that a clock that is set forward forgets nothing that is still promised.
  constexpr std::chrono::days kKept{7};
  connection.statement(sql::forget_answers_until).bind(answer.answered_at - kKept).run();
  connection.statement(sql::keep_answer)
      .bind(std::int64_t{answer.workspace}, answer.author, answer.name, answer.request,
            std::int64_t{answer.status}, answer.body, answer.answered_at)
      .run();
}

void SqliteStore::keep_answer(const AnswerRow& answer) {
  write([&](Connection& connection) { put_answer(connection, answer); });
}

}  // namespace galena::store
