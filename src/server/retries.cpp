#include "server/retries.hpp"

#include "server/log_rows.hpp"
#include "server/problem.hpp"
#include "server/secret.hpp"

namespace galena::server {

std::string WriteName::idempotency_key() const {
  return given() ? author + ":" + key : std::string();
}

store::AnswerRow WriteName::answer(int status, std::string body, Time now) const {
  return {.workspace = workspace,
          .author = author,
          .name = key,
          .request = request,
          .status = status,
          .body = std::move(body),
          .answered_at = now};
}

Result<WriteName> write_name(const Call& call) {
  constexpr std::size_t kKeyBytesMax = 255;
  const Request& request = call.request;
  WriteName name{.workspace = call.principal.workspace,
                 .author = call.principal.author(),
                 .key = std::string(request.header("Idempotency-Key")),
                 .request = {}};
  if (name.key.size() > kKeyBytesMax) {
    return fail(ErrorCode::invalid, "an Idempotency-Key may have 255 bytes");
  }
  if (!name.given()) return name;
  name.request = secret_hash(request.method_text + " " + request.path + "\n" + request.body);
  return name;
}

std::optional<Response> answered_before(const Call& call, const WriteName& name) {
  if (!name.given()) return std::nullopt;
  const auto kept = call.services.store.answer(name.workspace, name.author, name.key);
  if (!kept) return std::nullopt;
  if (kept->request != name.request) return problem(key_reused());
  return Response{.status = kept->status, .body = kept->body};
}

std::optional<domain::Position> logged_before(const Call& call, const WriteName& name) {
  const workspace::VersionPtr state = call.state();
  if (!state || !name.given()) return std::nullopt;
  const domain::AdjustmentInput same_key{.idempotency_key = name.idempotency_key()};
  return state->find_taken_in(domain::identity_of(same_key));
}

}  // namespace galena::server
