#include "server/auth.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"
#include "domain/email_address.hpp"
#include "server/secret.hpp"

namespace galena::server {
namespace {

constexpr int kFailuresMax = 5;
constexpr std::chrono::minutes kFailureWindow{15};
constexpr std::size_t kPasswordBytesMin = 10;
constexpr std::size_t kPasswordBytesMax = 1000;

// "Basic <base64 of user:password>" gives the user name; "Bearer <token>" the token.
std::string credential(const Request& request) {
  const std::string_view value = request.header("Authorization");
  const std::size_t blank = value.find(' ');
  if (blank == std::string_view::npos) return {};
  const std::string_view rest = trimmed(value.substr(blank + 1));
  if (same_word(value.substr(0, blank), "Bearer")) return std::string(rest);
  if (!same_word(value.substr(0, blank), "Basic")) return {};
  std::string decoded;
  if (!from_base64(rest, decoded)) return {};
  return decoded.substr(0, decoded.find(':'));
}

Result<std::string> checked_password(std::string_view password) {
  if (password.size() < kPasswordBytesMin || password.size() > kPasswordBytesMax) {
    return fail(ErrorCode::invalid, "a password needs at least 10 characters (at most 1,000)",
                "/password");
  }
  return password_hash(password);
}

}  // namespace

std::string Principal::author() const {
  switch (kind) {
    case Kind::user:
      return fmt::format("user {}", id);
    case Kind::local:
      return "local";
    default:
      return fmt::format("key {}", id);
  }
}

std::string_view cookie(const Request& request, std::string_view name) {
  std::string_view all = request.header("Cookie");
  while (!all.empty()) {
    const std::size_t end = std::min(all.find(';'), all.size());
    const std::string_view pair = trimmed(all.substr(0, end));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return pair.substr(name.size() + 1);
    }
    all.remove_prefix(std::min(end + 1, all.size()));
  }
  return {};
}

Auth::Auth(store::Store& store, Clock& clock) : store_(store), clock_(clock) {
  for (store::KeyRow& row : store.keys()) put(std::move(row));
}

void Auth::put(store::KeyRow row) {
  std::string hash = row.hash;
  const auto [place, is_new] = keys_.emplace(std::move(hash), std::move(row));
  if (is_new) keys_by_name_.emplace(place->second.name, &place->second);
}

std::optional<store::KeyRow> Auth::key(std::string_view secret) const {
  if (secret.empty() || secret.size() > 200) return std::nullopt;
  const std::string hash = secret_hash(secret);
  const std::shared_lock lock(keys_mutex_);
  const auto found = keys_.find(hash);
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

Principal Auth::write_key(const Request& request, std::string_view from_body) const {
  auto found = key(credential(request));
  if (!found) found = key(from_body);
  if (!found || found->kind == "api") return {};
  return {found->kind == "browser" ? Principal::Kind::browser_key : Principal::Kind::server_key,
          found->workspace, found->id};
}

const store::KeyRow* Auth::write_key_named(std::string_view name) const {
  const store::KeyRow* found = nullptr;
  const auto [begin, end] = keys_by_name_.equal_range(name);
  for (auto entry = begin; entry != end; ++entry) {
    const store::KeyRow* row = entry->second;
    if (row->kind == "api") continue;
    if (found != nullptr && found->workspace != row->workspace) return nullptr;
    if (found == nullptr || row->id < found->id) found = row;
  }
  return found;
}

const store::KeyRow* Auth::only_browser_key() const {
  const store::KeyRow* found = nullptr;
  for (const auto& [hash, row] : keys_) {
    if (row.workspace != keys_.begin()->second.workspace) return nullptr;
    if (row.kind != "browser") continue;
    if (found == nullptr || row.id < found->id) found = &row;
  }
  return found;
}

Principal Auth::app_key(std::string_view app_id) const {
  const Principal shown = write_key(Request{}, app_id);
  if (shown.kind != Principal::Kind::nobody) return shown;
  const std::shared_lock lock(keys_mutex_);
  const store::KeyRow* found = app_id.empty() ? nullptr : write_key_named(app_id);
  if (found == nullptr) found = only_browser_key();
  if (found == nullptr) return {};
  return {Principal::Kind::browser_key, found->workspace, found->id};
}

Principal Auth::member(const Request& request) const {
  if (request.local) {
    const std::string_view wanted = request.header("Galena-Workspace");
    Principal local{Principal::Kind::local, 0, 0};
    std::from_chars(wanted.data(), wanted.data() + wanted.size(), local.workspace);
    if (wanted.empty()) {
      const auto all = store_.workspaces();
      if (!all.empty()) local.workspace = all.front().id;
    }
    return local;
  }
  if (!request.header("Authorization").empty()) {
    const auto found = key(credential(request));
    if (!found || found->kind != "api") return {};
    return {Principal::Kind::api_key, found->workspace, found->id};
  }
  const std::string_view token = cookie(request, kCookie);
  if (token.empty() || token.size() > 200) return {};
  const auto session = store_.session(secret_hash(token));
  if (!session || session->expires_at <= clock_.now()) return {};
  const auto user = store_.user(session->user);
  if (!user) return {};
  return {Principal::Kind::user, user->workspace, user->id};
}

bool Auth::is_cross_site(const Request& request) {
  const std::string_view site = request.header("Sec-Fetch-Site");
  if (!site.empty()) return site != "same-origin" && site != "none";
  const std::string_view origin = request.header("Origin");
  if (origin.empty()) return false;  // no browser
  const std::size_t host = origin.find("://");
  return host == std::string_view::npos || origin.substr(host + 3) != request.header("Host");
}

Result<SignedIn> Auth::sign_in(std::string_view email, std::string_view password,
                               const std::string& peer) {
  const auto address = domain::parse_email(email);
  const std::string name = address ? address->key : std::string(email.substr(0, 254));
  const std::string who = name + "|" + peer;
  const Time now = clock_.now();
  {
    const std::lock_guard lock(failures_mutex_);
    std::erase_if(failures_,
                  [&](const auto& entry) { return now - entry.second.first > kFailureWindow; });
    // Counted before the password is looked at, so that many tries at once are counted too.
    Failures& failures = failures_.try_emplace(who, Failures{0, now}).first->second;
    if (failures.count >= kFailuresMax) {
      return fail(ErrorCode::too_many, "too many failed sign-ins; try again in 15 minutes");
    }
    ++failures.count;
  }
  const auto user = store_.find_user(name);
  if (!password_matches(user ? user->password_hash : std::string(), password)) {
    return fail(ErrorCode::unauthorized, "address or password is not right");
  }
  {
    const std::lock_guard lock(failures_mutex_);
    failures_.erase(who);
  }
  SignedIn signed_in{*user, make_secret("")};
  store_.create_session(
      {secret_hash(signed_in.token), user->id, now, now + std::chrono::days{kSessionLife}});
  return signed_in;
}

void Auth::sign_out(const Request& request) {
  const std::string_view token = cookie(request, kCookie);
  if (!token.empty()) store_.end_session(secret_hash(token));
}

Result<store::UserRow> Auth::create_user(store::WorkspaceId workspace, std::string_view email,
                                         std::string_view password, std::string_view role) {
  const auto address = domain::parse_email(email);
  if (!address) return fail(ErrorCode::invalid, address.error().message, "/email");
  auto hash = checked_password(password);
  if (!hash) return tl::unexpected(hash.error());
  return store_.create_user(
      {0, workspace, address->key, std::move(*hash), std::string(role), clock_.now()});
}

Result<> Auth::set_password(std::string_view email, std::string_view password) {
  const auto address = domain::parse_email(email);
  const auto user = address ? store_.find_user(address->key) : std::nullopt;
  if (!user) return fail(ErrorCode::not_found, "nobody has this address", "/email");
  auto hash = checked_password(password);
  if (!hash) return tl::unexpected(hash.error());
  store_.set_password(user->id, *hash);
  return {};
}

NewKey Auth::create_key(store::WorkspaceId workspace, std::string_view kind, std::string_view name,
                        const store::Store::AnswerOf& answer) {
  NewKey made;
  made.secret = make_secret(kind == "api" ? "gal_live_" : fmt::format("gal_{}_", kind));
  made.row = store_.create_key(
      {0, workspace, std::string(kind), std::string(name), made.secret.substr(0, 16),
       secret_hash(made.secret), clock_.now(), std::nullopt},
      answer);
  const std::unique_lock lock(keys_mutex_);
  put(made.row);
  return made;
}

bool Auth::revoke_key(store::WorkspaceId workspace, std::int64_t id,
                      const std::optional<store::AnswerRow>& answer) {
  if (!store_.revoke_key(workspace, id, clock_.now(), answer)) return false;
  const std::unique_lock lock(keys_mutex_);
  std::erase_if(keys_by_name_, [&](const auto& entry) { return entry.second->id == id; });
  std::erase_if(keys_, [&](const auto& entry) { return entry.second.id == id; });
  return true;
}

}  // namespace galena::server
