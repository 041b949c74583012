// Snowplow's trackers: their events in, the answers of their collector out (docs/tracking.md). What
// the events say is translated by domain/snowplow.
#include "domain/snowplow.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "server/handlers.hpp"
#include "server/intake.hpp"
#include "server/problem.hpp"

namespace galena::server {
namespace {

using namespace std::string_view_literals;
using domain::RefusedMessage;
using domain::SnowplowFields;
using store::WorkspaceId;

// One transparent pixel.
constexpr std::string_view kPixel =
    "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    "!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02"
    "D\x01\x00;"sv;

Response pixel() {
  Response response{.content_type = "image/gif", .static_body = kPixel};
  response.headers.push_back({"Cache-Control", "no-cache, no-store, must-revalidate"});
  return response;
}

Response ok() {
  return {.content_type = "text/plain", .body = "ok"};
}

// Nobody has looked at anything: a client asks whether it is there, or beforehand.
bool is_prefetch(const Request& request) {
  if (request.method == Method::head) return true;
  for (const std::string_view name : {"Sec-Purpose", "Purpose", "X-Moz", "X-Purpose"}) {
    const std::string_view value = request.header(name);
    if (value.starts_with("prefetch") || value.starts_with("preview")) return true;
  }
  return false;
}

domain::RequestFacts facts_for(const Call& call, const Principal& principal,
                               const SnowplowFields& event) {
  domain::RequestFacts facts = facts_of(call, principal);
  if (!domain::is_of_browser(event)) {
    facts.ip.clear();
    facts.user_agent.clear();
  }
  // The site has asked its tracker to send nothing by which somebody could be known again.
  if (!call.request.header("SP-Anonymous").empty()) facts.ip.clear();
  return facts;
}

// The events of one request on their way to the engine.
class Taking {
 public:
  explicit Taking(const Call& call) : call_(call) {}

  void add(SnowplowFields event) {
    if (auto error = take(std::move(event))) refused_.push_back({index_, std::move(*error)});
    ++index_;
  }

  WorkspaceId workspace() const { return workspace_; }
  std::vector<domain::Input> inputs() { return std::move(inputs_); }
  std::vector<RefusedMessage> refused() { return std::move(refused_); }

 private:
  std::optional<Error> take(SnowplowFields event) {
    const std::string app_id(domain::told(event, "aid"));
    const Principal principal = call_.services.auth.app_key(app_id);
    if (principal.kind == Principal::Kind::nobody) {
      return Error{ErrorCode::unauthorized,
                   "this appId is of no workspace: make it one of your write keys, or the name of "
                   "one as `galena key list` shows it",
                   "/aid"};
    }
    if (workspace_ == 0) workspace_ = principal.workspace;
    if (workspace_ != principal.workspace) {
      return Error{ErrorCode::invalid, "the events of one request go to one workspace", "/aid"};
    }
    if (app_id.starts_with("gal_")) event.erase("aid");  // a key, and no secret is kept
    const auto message = domain::snowplow_message(event);
    if (!message) return message.error();
    auto read =
        domain::read_request(message->text, message->type, facts_for(call_, principal, event));
    if (!read) return read.error();
    if (!read->refused.empty()) return std::move(read->refused.front().error);
    inputs_.emplace_back(std::move(read->inputs.front()));
    return std::nullopt;
  }

  const Call& call_;
  std::size_t index_ = 0;
  WorkspaceId workspace_ = 0;
  std::vector<domain::Input> inputs_;
  std::vector<RefusedMessage> refused_;
};

// `good`: the answer if everything was taken in.
void take(const Call& call, std::vector<SnowplowFields> events, Response good, const Reply& reply) {
  const bool is_list = call.request.method == Method::post;
  Taking taking(call);
  for (SnowplowFields& event : events) taking.add(std::move(event));
  std::vector<domain::Input> inputs = taking.inputs();
  std::vector<RefusedMessage> refused = taking.refused();
  for (auto& [index, error] : refused) {
    if (is_list) error.field = fmt::format("/data/{}{}", index, error.field);
  }
  if (inputs.empty() && !refused.empty()) {
    Error error = std::move(refused.front().error);
    if (error.code != ErrorCode::unauthorized) error.code = ErrorCode::invalid;
    return reply(problem(error));
  }
  if (inputs.empty()) return reply(std::move(good));
  if (!refused.empty()) good = accepted(refused);
  call.services.engine.submit(taking.workspace(), std::move(inputs),
                              [good = std::move(good), reply](Result<engine::Receipts> receipts) {
                                if (!receipts) return reply(problem(receipts.error()));
                                for (const auto& receipt : *receipts) {
                                  if (!receipt) return reply(problem(receipt.error()));
                                }
                                reply(good);
                              });
}

}  // namespace

void take_snowplow(Call call, Reply reply) {
  auto events = domain::read_snowplow_payload(call.request.body);
  if (!events) {
    Error error = events.error();
    error.code = ErrorCode::invalid;  // as the event API answers to all that cannot be read
    return reply(problem(error));
  }
  take(call, std::move(*events), ok(), reply);
}

void take_snowplow_pixel(Call call, Reply reply) {
  if (is_prefetch(call.request)) return reply(pixel());
  take(call, {call.query_parameters()}, pixel(), reply);
}

}  // namespace galena::server
