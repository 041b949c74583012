#include "server/problem.hpp"

#include <array>
#include <boost/json.hpp>

namespace galena::server {
namespace {

struct Row {
  ErrorCode code;
  int status;
  std::string_view word;  // stays the same between versions
  std::string_view title;
};

constexpr std::array<Row, 13> kRows{{
    {ErrorCode::invalid, 400, "invalid", "The request is not valid"},
    {ErrorCode::unauthorized, 401, "unauthorized", "Sign in or send a valid key"},
    {ErrorCode::forbidden, 403, "forbidden", "This is not allowed"},
    {ErrorCode::not_found, 404, "not_found", "There is no such thing"},
    {ErrorCode::gone, 410, "gone", "It has been erased"},
    {ErrorCode::conflict, 409, "conflict", "This cannot be done in the present state"},
    {ErrorCode::too_large, 413, "too_large", "The request is too large"},
    {ErrorCode::too_many, 429, "too_many", "Too many requests"},
    {ErrorCode::unsupported, 415, "unsupported", "This media type is not served here"},
    {ErrorCode::wrong_method, 405, "wrong_method", "This method is not served here"},
    {ErrorCode::key_reused, 422, "key_reused", "The Idempotency-Key came with another request"},
    {ErrorCode::unavailable, 503, "unavailable", "Not now; try again"},
    {ErrorCode::internal, 500, "internal", "Galena made a mistake"},
}};

const Row& row_of(ErrorCode code) {
  for (const Row& row : kRows) {
    if (row.code == code) return row;
  }
  return kRows.back();
}

}  // namespace

int status_of(ErrorCode code) {
  return row_of(code).status;
}

Response problem(const std::vector<Error>& errors) {
  const Row& row = row_of(errors.front().code);
  boost::json::object body{{"type", std::string("urn:galena:problem:").append(row.word)},
                           {"title", row.title},
                           {"status", row.status},
                           {"detail", errors.front().message}};
  boost::json::array fields;
  for (const Error& error : errors) {
    if (error.field.empty()) continue;
    fields.push_back(boost::json::object{
        {"pointer", error.field}, {"detail", error.message}, {"code", row_of(error.code).word}});
  }
  if (!fields.empty()) body["errors"] = std::move(fields);
  Response response{.status = row.status,
                    .content_type = "application/problem+json",
                    .body = boost::json::serialize(body)};
  if (row.status == 503) response.headers.push_back({"Retry-After", "1"});
  if (row.status == 429) response.headers.push_back({"Retry-After", "60"});
  if (row.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

Response problem(const Error& error) {
  return problem(std::vector<Error>{error});
}

}  // namespace galena::server
