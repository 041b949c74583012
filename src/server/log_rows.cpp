#include "server/log_rows.hpp"

#include "base/json.hpp"

namespace galena::server {

std::map<domain::Position, ShownRow> read_rows(const Call& call,
                                               std::span<const domain::Position> positions) {
  std::map<domain::Position, ShownRow> rows;
  call.services.store.read_rows(call.principal.workspace, positions, [&](const store::LogRow& row) {
    auto input = parse_json(row.input);
    if (!input || !input->is_object()) return;
    rows.emplace(row.position, ShownRow{row.received_at, static_cast<domain::InputKind>(row.kind),
                                        std::move(input->as_object()), std::string(row.outcome)});
  });
  return rows;
}

Error key_reused() {
  return {ErrorCode::key_reused,
          "this Idempotency-Key came with another request before; use a new one", ""};
}

std::string_view text_in(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->as_string())
                                                : std::string_view();
}

}  // namespace galena::server
