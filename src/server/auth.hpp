// Who is asking: write keys, API keys, sessions, the local socket. One workspace each.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "base/result.hpp"
#include "base/time.hpp"
#include "server/http.hpp"
#include "store/store.hpp"

namespace galena::server {

struct Principal {
  enum class Kind { nobody, server_key, browser_key, api_key, user, local };
  Kind kind = Kind::nobody;
  store::WorkspaceId workspace = 0;
  std::int64_t id = 0;  // of the key or user

  // How it is named as an author in the log: "user 3", "key 5", "local".
  std::string author() const;
  bool is_member() const {
    return kind == Kind::api_key || kind == Kind::user || kind == Kind::local;
  }
};

struct NewKey {
  store::KeyRow row;
  std::string secret;  // shown once
};

struct SignedIn {
  store::UserRow user;
  std::string token;  // the cookie's value
};

class Auth {
 public:
  Auth(store::Store& store, Clock& clock);

  // The write key of an event request: Basic user name, Bearer token, or `from_body`.
  Principal write_key(const Request& request, std::string_view from_body) const;
  // For a client that cannot show a key and only names its app (Snowplow's appId): the write key
  // itself, or the name of one, which anybody may know and which is worth no more than a browser
  // key. If it is neither, the browser key of the only workspace that there is.
  Principal app_key(std::string_view app_id) const;
  // API key (Bearer, or Basic user name), session cookie, or the local socket, for which the header
  // Galena-Workspace (a number) picks the workspace; the first one by default.
  Principal member(const Request& request) const;
  // A cookie is sent by the browser whoever asks: an unsafe request with one must come from our own
  // pages (Sec-Fetch-Site, else Origin).
  static bool is_cross_site(const Request& request);

  // Errors: unauthorized (the same for unknown address and wrong password), too_many after five
  // failures for the address from one peer within 15 minutes. Takes ~0.1 s.
  Result<SignedIn> sign_in(std::string_view email, std::string_view password,
                           const std::string& peer);
  void sign_out(const Request& request);

  Result<store::UserRow> create_user(store::WorkspaceId workspace, std::string_view email,
                                     std::string_view password, std::string_view role);
  Result<> set_password(std::string_view email, std::string_view password);

  // Held by a write that the store remembers while it looks whether it was done, and does it.
  std::unique_lock<std::mutex> take_turn() { return std::unique_lock(turn_mutex_); }
  // What `answer` gives is kept together with the key (store.hpp).
  NewKey create_key(store::WorkspaceId workspace, std::string_view kind, std::string_view name,
                    const store::Store::AnswerOf& answer = {});
  bool revoke_key(store::WorkspaceId workspace, std::int64_t id,
                  const std::optional<store::AnswerRow>& answer = {});

  static constexpr std::string_view kCookie = "galena_session";
  static constexpr std::chrono::days kSessionLife{14};

 private:
  std::optional<store::KeyRow> key(std::string_view secret) const;
  // Both under the lock of the keys; null if there is none, or if it could be of two workspaces.
  const store::KeyRow* write_key_named(std::string_view name) const;
  const store::KeyRow* only_browser_key() const;
  void put(store::KeyRow row);

  struct Failures {
    int count = 0;
    Time first{};
  };

  store::Store& store_;
  Clock& clock_;
  std::mutex turn_mutex_;
  mutable std::shared_mutex keys_mutex_;
  std::unordered_map<std::string, store::KeyRow> keys_;                         // by hash
  std::multimap<std::string, const store::KeyRow*, std::less<>> keys_by_name_;  // of keys_
  std::mutex failures_mutex_;
  std::map<std::string, Failures> failures_;  // by address and peer
};

// The value of a cookie, or empty.
std::string_view cookie(const Request& request, std::string_view name);

}  // namespace galena::server
