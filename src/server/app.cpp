#include "server/app.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <future>

#include "domain/message.hpp"
#include "server/handlers.hpp"
#include "server/problem.hpp"

namespace galena::server {
namespace {

constexpr std::string_view kSnowplowPath = "/com.snowplowanalytics.snowplow/";

// Event requests may be read by pages of other origins; nothing else may.
bool is_event_api(std::string_view path) {
  return path.starts_with("/v1/") || path.starts_with("/sourceConfig") ||
         path.starts_with(kSnowplowPath) || path == "/i";
}

bool is_unsafe(Method method) {
  return method != Method::get && method != Method::head && method != Method::options;
}

constexpr std::string_view kPolicy =
    "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{}'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
    "object-src 'none'";

std::string random_nonce() {
  std::string bytes(16, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return to_hex(bytes);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

// The page of the web UI, with this answer's own nonce for its styles.
Response page(const Asset& asset) {
  const std::string nonce = random_nonce();
  Response response{.content_type = std::string(asset.content_type),
                    .body = std::string(asset.bytes)};
  replace_all(response.body, "__CSP_NONCE__", nonce);
  std::string policy(kPolicy);
  replace_all(policy, "{}", nonce);
  response.headers = {{"Content-Security-Policy", policy},
                      {"Cache-Control", "no-cache"},
                      {"Referrer-Policy", "same-origin"},
                      {"Cross-Origin-Opener-Policy", "same-origin"}};
  return response;
}

Response file(const Asset& asset, const Request& request) {
  Response response{.content_type = std::string(asset.content_type), .static_body = asset.bytes};
  const bool takes_gzip = request.header("Accept-Encoding").find("gzip") != std::string_view::npos;
  if (!asset.gzip.empty() && takes_gzip) response.static_body = asset.gzip;
  response.headers = {
      {"Cache-Control", asset.immutable ? "public, max-age=31536000, immutable" : "no-cache"},
      {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
      {"Vary", "Accept-Encoding"}};
  if (!asset.gzip.empty() && takes_gzip) response.headers.push_back({"Content-Encoding", "gzip"});
  return response;
}

// A file of the UI; paths of its own router get its page; unknown API paths get nothing.
std::optional<Response> asset_response(std::span<const Asset> assets, const Request& request) {
  const std::string_view path = request.path;
  const Asset* index = nullptr;
  for (const Asset& asset : assets) {
    if (asset.path == "/index.html") index = &asset;
    if (asset.path == path && asset.path != "/index.html") return file(asset, request);
  }
  const bool own_route = !path.starts_with("/api/") && !path.starts_with("/v1/") &&
                         !path.starts_with("/local/") && path.find('.') == std::string_view::npos;
  if (index == nullptr || (path != "/index.html" && !own_route)) return std::nullopt;
  return page(*index);
}

Response not_served(const Match& match, const Request& request) {
  if (!match.other_methods.empty()) {
    Response refused =
        problem({ErrorCode::wrong_method, request.method_text + " is not served here", ""});
    refused.headers.push_back({"Allow", match.other_methods});
    return refused;
  }
  return problem({ErrorCode::not_found, "nothing is served at " + request.path, ""});
}

// The answer to a request whose handler threw. A full disk is nobody's mistake, and it passes.
Response failure(const std::exception& error) {
  spdlog::error("a request failed: {}", error.what());
  const auto* store_error = dynamic_cast<const store::StoreError*>(&error);
  if (store_error != nullptr && store_error->kind() == store::StoreError::Kind::full) {
    return problem({ErrorCode::unavailable,
                    "there is no room on the disk; nothing was changed, try again later", ""});
  }
  return problem({ErrorCode::internal, "something went wrong; it is in the server's log", ""});
}

std::optional<Error> refusal(const Route& route, const Request& request,
                             const Principal& principal) {
  if (route.access == Access::local && !request.local) {
    return Error{ErrorCode::not_found, "nothing is served at " + request.path, ""};
  }
  if (route.access == Access::member && !principal.is_member()) {
    return Error{ErrorCode::unauthorized,
                 "sign in, or send an API key: Authorization: Bearer gal_live_…", ""};
  }
  const bool by_cookie = !request.local && request.header("Authorization").empty();
  if (route.access != Access::write_key && is_unsafe(request.method) && by_cookie &&
      Auth::is_cross_site(request)) {
    return Error{ErrorCode::forbidden, "this came from a page of another site", ""};
  }
  return std::nullopt;
}

}  // namespace

App::App(engine::Engine& engine, store::Store& store, AppOptions options)
    : auth_(store, engine.clock()),
      services_{engine, store, auth_, duplicates_, options.data_directory, engine.clock().now()},
      assets_(options.assets),
      trusted_proxies_(std::move(options.trusted_proxies)),
      pool_(options.threads) {}

BodyBound App::body_limit(Method, std::string_view path) {
  // Beyond what messages may have, so that a client that sends somewhat too much gets the words of
  // the event API. What is too large is 400 there, however large it is.
  if (path.starts_with("/api/v1/imports")) return kImportPartBytes;  // a part of a file
  if (path.starts_with("/v1/") || path.starts_with(kSnowplowPath)) {
    return {2 * domain::MessageLimits::kBatchBytes, 400};
  }
  return 512 * 1024;
}

void App::handle(Request request, Reply reply) {
  if (!trusted_proxies_.empty()) request.peer = client_address(request, trusted_proxies_);
  if (is_event_api(request.path)) {
    if (request.method == Method::options) return reply(cors_preflight(request));
    const std::string origin(request.header("Origin"));
    if (!origin.empty()) {
      Request asked;  // what allow_origin needs of the request, which is about to be moved
      asked.headers = {{"Origin", origin}};
      reply = [reply = std::move(reply), asked = std::move(asked)](Response response) {
        allow_origin(asked, response);
        reply(std::move(response));
      };
    }
  }
  try {
    serve(std::move(request), reply);
  } catch (const std::exception& error) {
    reply(failure(error));
  }
}

void App::serve(Request request, Reply reply) {
  Match match = find_route(request.method, request.path);
  if (match.route == nullptr) {
    const bool reads = request.method == Method::get || request.method == Method::head;
    if (auto file = reads ? asset_response(assets_, request) : std::nullopt) {
      return reply(std::move(*file));
    }
    return reply(not_served(match, request));
  }
  const Route& route = *match.route;
  auto run = [this, &route](Request own, std::vector<std::string> parameters, const Reply& answer) {
    Principal principal;
    if (route.access == Access::member || route.access == Access::local) {
      principal = auth_.member(own);
    }
    if (const auto refused = refusal(route, own, principal)) return answer(problem(*refused));
    route.handler(Call{services_, std::move(own), principal, std::move(parameters)}, answer);
  };
  if (route.where == Where::network) {
    return run(std::move(request), std::move(match.parameters), reply);
  }
  auto job = [run, request = std::move(request), parameters = std::move(match.parameters),
              reply]() mutable {
    try {
      run(std::move(request), std::move(parameters), reply);
    } catch (const std::exception& error) {
      reply(failure(error));
    }
  };
  if (!pool_.run(std::move(job))) {
    reply(problem({ErrorCode::unavailable, "too much is waiting; try again in a moment", ""}));
  }
}

Response App::call(Request request) {
  auto promise = std::make_shared<std::promise<Response>>();
  auto answer = promise->get_future();
  handle(std::move(request),
         [promise](Response response) { promise->set_value(std::move(response)); });
  return answer.get();
}

}  // namespace galena::server
