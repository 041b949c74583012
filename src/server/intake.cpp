// The event API: what tracking clients send, and what they ask before they send.
#include <spdlog/spdlog.h>

#include <boost/json.hpp>

#include "base/json.hpp"
#include "server/handlers.hpp"
#include "server/intake.hpp"
#include "server/problem.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using domain::MessageBatch;
using domain::RefusedMessage;

// The key a body carries itself ("writeKey"), looked for only when no header has one.
std::string key_in_body(const std::string& body) {
  const auto value = parse_json(body);
  if (!value || !value->is_object()) return {};
  const json::value* key = value->as_object().if_contains("writeKey");
  return key != nullptr && key->is_string() ? std::string(key->as_string()) : std::string();
}

Principal principal_of(const Call& call) {
  const bool in_header = !call.request.header("Authorization").empty();
  const std::string from_query = call.query("writeKey");
  if (in_header) {
    const Principal found = call.services.auth.write_key(call.request, from_query);
    if (found.kind != Principal::Kind::nobody) return found;
  }
  return call.services.auth.write_key(
      call.request, from_query.empty() ? key_in_body(call.request.body) : from_query);
}

std::string_view code_of(const Error& error) {
  if (error.message.find("no_user_anon_id") != std::string::npos) return "no_user_anon_id";
  return error.code == ErrorCode::too_large ? "too_large" : "invalid";
}

json::array refused_list(const std::vector<RefusedMessage>& refused) {
  json::array list;
  for (const RefusedMessage& message : refused) {
    list.push_back(json::object{{"index", message.index},
                                {"pointer", message.error.field},
                                {"code", code_of(message.error)},
                                {"detail", message.error.message}});
  }
  return list;
}

// ?strict=1: one result for each message, in order.
json::array strict_results(const std::vector<std::string>& taken_ids,
                           const std::vector<RefusedMessage>& refused, std::size_t count) {
  json::array results;
  std::size_t next_taken = 0, next_refused = 0;
  for (std::size_t index = 0; index < count; ++index) {
    const bool is_refused = next_refused < refused.size() && refused[next_refused].index == index;
    json::object result{{"status", is_refused ? 400 : 200},
                        {"message_id", nullptr},
                        {"pointer", nullptr},
                        {"detail", nullptr}};
    if (is_refused) {
      result["pointer"] = refused[next_refused].error.field;
      result["detail"] = refused[next_refused++].error.message;
    } else if (const std::string& id = taken_ids[next_taken++]; !id.empty()) {
      result["message_id"] = id;
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace

domain::RequestFacts facts_of(const Call& call, const Principal& principal) {
  domain::RequestFacts facts{.key = principal.id, .arrived = call.services.engine.clock().now()};
  if (principal.kind != Principal::Kind::browser_key) return facts;
  facts.source = domain::Source::browser;
  facts.ip = call.request.peer;
  facts.user_agent = call.request.header("User-Agent");
  facts.opted_out = call.request.header("Sec-GPC") == "1" || call.request.header("DNT") == "1";
  return facts;
}

Response accepted(const std::vector<RefusedMessage>& refused) {
  if (refused.empty()) return {.body = R"({"success":true})"};
  return {.body =
              json::serialize(json::object{{"success", true}, {"refused", refused_list(refused)}})};
}

namespace {

// What the answer needs once the inputs have gone to the engine.
struct Pending {
  bool strict = false;
  std::vector<std::string> ids;
  std::vector<RefusedMessage> refused;
};

Pending pending_of(const Call& call, MessageBatch& batch) {
  Pending pending{.strict =
                      call.query("strict") == "1" || call.request.header("Galena-Strict") == "1"};
  if (pending.strict) {
    for (const auto& input : batch.inputs) pending.ids.push_back(input.message.message_id);
  }
  pending.refused = std::move(batch.refused);
  return pending;
}

Response answer(const Pending& pending, const Result<engine::Receipts>& receipts) {
  if (!receipts) return problem(receipts.error());
  for (const auto& receipt : *receipts) {
    if (!receipt) return problem(receipt.error());
  }
  if (!pending.strict) return accepted(pending.refused);
  const std::size_t count = receipts->size() + pending.refused.size();
  return {.status = 207,
          .body = json::serialize(
              json::object{{"results", strict_results(pending.ids, pending.refused, count)}})};
}

}  // namespace

void take_messages(Call call, std::optional<domain::MessageType> type, Reply reply) {
  const Principal principal = principal_of(call);
  if (principal.kind == Principal::Kind::nobody) {
    return reply(problem({ErrorCode::unauthorized,
                          "this write key is not known; send it as the Basic user name", ""}));
  }
  auto batch = domain::read_request(call.request.body, type, facts_of(call, principal));
  if (!batch) {
    Error error = batch.error();
    error.code = ErrorCode::invalid;  // the Segment API answers 400 to all that cannot be read
    return reply(problem(error));
  }
  Pending pending = pending_of(call, *batch);
  if (type && !pending.refused.empty() && !pending.strict) {
    Response refused = problem(pending.refused.front().error);
    refused.status = 400;
    return reply(std::move(refused));
  }
  if (batch->inputs.empty()) return reply(answer(pending, engine::Receipts{}));
  std::vector<domain::Input> inputs(std::make_move_iterator(batch->inputs.begin()),
                                    std::make_move_iterator(batch->inputs.end()));
  call.services.engine.submit(
      principal.workspace, std::move(inputs),
      [pending = std::move(pending), reply](Result<engine::Receipts> receipts) {
        reply(answer(pending, receipts));
      });
}

namespace {

// How a client reaches us: behind a proxy that ends HTTPS, or from a page that may ask no other
// way.
std::string_view protocol_of(const Request& request) {
  const bool secure = request.header("X-Forwarded-Proto") == "https" ||
                      request.header("Origin").starts_with("https:");
  return secure ? "https" : "http";
}

}  // namespace

// analytics.js asks this first; it wants its own key back and nothing else loaded.
Response segment_settings(const Call& call) {
  const std::string& key = call.parameters.front();
  if (call.services.auth.write_key(Request{}, key).kind == Principal::Kind::nobody) {
    return problem({ErrorCode::not_found, "there is no such write key", ""});
  }
  json::object settings{
      {"integrations",
       {{"Segment.io",
         {{"apiKey", key},
          {"apiHost", std::string(call.request.header("Host")) + "/v1"},
          {"protocol", protocol_of(call.request)},
          {"unbundledIntegrations", json::array{}},
          {"addBundledMetadata", true},
          {"maybeBundledConfigIds", json::object{}},
          {"versionSettings",
           {{"version", "4.4.7"}, {"componentTypes", json::array{"browser"}}}}}}}},
      {"plan",
       {{"track", {{"__default", {{"enabled", true}, {"integrations", json::object{}}}}}},
        {"identify", {{"__default", {{"enabled", true}}}}},
        {"group", {{"__default", {{"enabled", true}}}}}}},
      {"edgeFunction", json::object{}},
      {"analyticsNextEnabled", true},
      {"middlewareSettings", json::object{}},
      {"enabledMiddleware", json::object{}},
      {"metrics", {{"sampleRate", 0}}},
      {"legacyVideoPluginsEnabled", false},
      {"remotePlugins", json::array{}}};
  Response response{.body = json::serialize(settings)};
  response.headers.push_back({"Cache-Control", "public, max-age=120"});
  return response;
}

// RudderStack's browser SDK asks this first: a source without destinations.
Response rudder_source_config(const Call& call) {
  const Principal principal = principal_of(call);
  if (principal.kind == Principal::Kind::nobody) {
    return problem({ErrorCode::unauthorized, "this write key is not known", ""});
  }
  const std::string id = "source_" + std::to_string(principal.id);
  const std::string key = call.query("writeKey");
  json::object config{{"source",
                       {{"id", id},
                        {"name", "Galena"},
                        {"writeKey", key},
                        {"enabled", true},
                        {"workspaceId", std::to_string(principal.workspace)},
                        {"config",
                         {{"statsCollection",
                           {{"errors", {{"enabled", false}}}, {"metrics", {{"enabled", false}}}}}}},
                        {"connections", json::array{}},
                        {"destinations", json::array{}}}},
                      {"updatedAt", format_time(call.services.started_at)}};
  return {.body = json::serialize(config)};
}

void allow_origin(const Request& request, Response& response) {
  const std::string_view origin = request.header("Origin");
  if (origin.empty()) return;
  // The event API knows no cookies, so a page of any origin may send with a write key.
  response.headers.push_back({"Access-Control-Allow-Origin", std::string(origin)});
  response.headers.push_back({"Access-Control-Allow-Credentials", "true"});
  response.headers.push_back({"Vary", "Origin"});
}

Response cors_preflight(const Request& request) {
  Response response{.status = 204};
  allow_origin(request, response);
  response.headers.push_back({"Access-Control-Allow-Methods", "GET, POST, OPTIONS"});
  const std::string_view asked = request.header("Access-Control-Request-Headers");
  if (!asked.empty()) {
    response.headers.push_back({"Access-Control-Allow-Headers", std::string(asked)});
  }
  if (request.header("Access-Control-Request-Private-Network") == "true") {
    response.headers.push_back({"Access-Control-Allow-Private-Network", "true"});
  }
  response.headers.push_back({"Access-Control-Max-Age", "86400"});
  return response;
}

}  // namespace galena::server
