// Writes that are sent again. An Idempotency-Key makes a write happen once, however often it comes:
// the same request is answered as the first time, another one under the same key is refused
// (key_reused). Keys of another user, key or workspace never clash.
//
// What goes to the log carries its key there (domain::identity_of); all else keeps its answer in
// the store. Answers hold no secrets.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "server/routes.hpp"

namespace galena::server {

// How a write is told from all others. Without an Idempotency-Key (`key` empty) it is never found
// again.
struct WriteName {
  store::WorkspaceId workspace = 0;
  std::string author;
  std::string key;
  std::string request;  // SHA-256 of method, path and body

  bool given() const { return !key.empty(); }
  // As inputs of the log carry it; empty without a key.
  std::string idempotency_key() const;
  store::AnswerRow answer(int status, std::string body, Time now) const;
};

// Error invalid: the key is too long.
Result<WriteName> write_name(const Call& call);

// The answer that the store keeps for this write; key_reused if it keeps one for another request.
std::optional<Response> answered_before(const Call& call, const WriteName& name);

// Where the log has an input of this key.
std::optional<domain::Position> logged_before(const Call& call, const WriteName& name);

}  // namespace galena::server
