#include "server/routes.hpp"

#include <array>
#include <optional>

#include "base/text.hpp"
#include "server/handlers.hpp"

namespace galena::server {
namespace {

// Makes a handler out of a function that answers at once.
template <Response (*answer)(const Call&)>
void at_once(Call call, Reply reply) {
  reply(answer(call));
}

template <domain::MessageType type>
void message(Call call, Reply reply) {
  take_messages(std::move(call), type, std::move(reply));
}

void batch(Call call, Reply reply) {
  take_messages(std::move(call), std::nullopt, std::move(reply));
}

using domain::MessageType;
using enum Method;
using enum Access;
using enum Where;

constexpr std::array kRoutes{
    // The Segment HTTP API, with the short paths of browser libraries.
    Route{post, "/v1/track", write_key, network, message<MessageType::track>},
    Route{post, "/v1/identify", write_key, network, message<MessageType::identify>},
    Route{post, "/v1/page", write_key, network, message<MessageType::page>},
    Route{post, "/v1/screen", write_key, network, message<MessageType::screen>},
    Route{post, "/v1/group", write_key, network, message<MessageType::group>},
    Route{post, "/v1/alias", write_key, network, message<MessageType::alias>},
    Route{post, "/v1/batch", write_key, network, batch},
    Route{post, "/v1/import", write_key, network, batch},
    Route{post, "/v1/t", write_key, network, message<MessageType::track>},
    Route{post, "/v1/i", write_key, network, message<MessageType::identify>},
    Route{post, "/v1/p", write_key, network, message<MessageType::page>},
    Route{post, "/v1/s", write_key, network, message<MessageType::screen>},
    Route{post, "/v1/g", write_key, network, message<MessageType::group>},
    Route{post, "/v1/a", write_key, network, message<MessageType::alias>},
    Route{post, "/v1/b", write_key, network, batch},
    Route{get, "/v1/projects/{writeKey}/settings", open, network, at_once<segment_settings>},
    Route{get, "/sourceConfig/", write_key, network, at_once<rudder_source_config>},
    // Snowplow's trackers.
    Route{post, "/com.snowplowanalytics.snowplow/tp2", write_key, network, take_snowplow},
    Route{get, "/i", write_key, network, take_snowplow_pixel},
    // REST.
    Route{post, "/api/v1/sign-in", open, pool, at_once<sign_in>},
    Route{post, "/api/v1/sign-out", open, pool, at_once<sign_out>},
    Route{get, "/api/v1/session", member, pool, at_once<get_session>},
    Route{get, "/api/v1/leads", member, pool, at_once<list_leads>},
    Route{get, "/api/v1/leads/{id}", member, pool, at_once<get_lead>},
    Route{delete_, "/api/v1/leads/{id}", member, pool, erase_lead},
    Route{get, "/api/v1/leads/{id}/export", member, pool, at_once<export_lead>},
    Route{get, "/api/v1/leads/{id}/score", member, pool, at_once<get_lead_score>},
    Route{get, "/api/v1/leads/{id}/timeline", member, pool, at_once<get_lead_timeline>},
    Route{get, "/api/v1/leads/{id}/why", member, pool, at_once<get_lead_why>},
    Route{get, "/api/v1/leads/{id}/stages", member, pool, at_once<get_lead_stages>},
    Route{get, "/api/v1/leads/{id}/segments", member, pool, at_once<get_lead_segments>},
    Route{post, "/api/v1/leads/{id}/adjustments", member, pool, adjust_lead_score},
    Route{get, "/api/v1/leads/{id}/identities", member, pool, at_once<get_lead_identities>},
    Route{post, "/api/v1/leads/{id}/merge", member, pool, merge_leads},
    Route{post, "/api/v1/leads/{id}/distinct", member, pool, tell_leads_apart},
    Route{get, "/api/v1/accounts", member, pool, at_once<list_accounts>},
    Route{post, "/api/v1/accounts", member, pool, tell_of_account},
    Route{get, "/api/v1/accounts/{id}", member, pool, at_once<get_account>},
    Route{post, "/api/v1/events/{id}/void", member, pool, void_event},
    Route{get, "/api/v1/duplicates", member, pool, at_once<list_duplicates>},
    Route{get, "/api/v1/segments", member, pool, at_once<list_segments>},
    Route{get, "/api/v1/segments/{name}", member, pool, at_once<get_segment>},
    Route{get, "/api/v1/segments/{name}/changes", member, pool, at_once<list_segment_changes>},
    Route{get, "/api/v1/mql", member, pool, at_once<list_mql>},
    Route{get, "/api/v1/lifecycle", member, pool, at_once<get_lifecycle>},
    Route{get, "/api/v1/playbook", member, pool, at_once<get_playbook>},
    Route{put, "/api/v1/playbook", member, pool, apply_playbook},
    Route{post, "/api/v1/playbook/diff", member, pool, at_once<diff_playbook>},
    Route{get, "/api/v1/erasures", member, pool, at_once<list_erasures>},
    Route{get, "/api/v1/erasures/{id}", member, pool, at_once<get_erasure>},
    Route{delete_, "/api/v1/suppressions/{id}", member, pool, lift_suppression},
    Route{get, "/api/v1/imports", member, pool, at_once<list_imports>},
    Route{post, "/api/v1/imports", member, pool, at_once<create_import>},
    Route{get, "/api/v1/imports/{id}", member, pool, at_once<get_import>},
    Route{patch, "/api/v1/imports/{id}", member, pool, at_once<change_import>},
    Route{put, "/api/v1/imports/{id}/content", member, pool, at_once<put_import_content>},
    Route{post, "/api/v1/imports/{id}/check", member, pool, at_once<check_import>},
    Route{post, "/api/v1/imports/{id}/run", member, pool, at_once<run_import>},
    Route{post, "/api/v1/imports/{id}/stop", member, pool, at_once<stop_import>},
    Route{post, "/api/v1/imports/{id}/undo", member, pool, at_once<undo_import>},
    Route{get, "/api/v1/imports/{id}/rejected", member, pool, at_once<get_rejected_rows>},
    Route{get, "/api/v1/keys", member, pool, at_once<list_keys>},
    Route{post, "/api/v1/keys", member, pool, at_once<create_key>},
    Route{delete_, "/api/v1/keys/{id}", member, pool, at_once<revoke_key>},
    Route{get, "/api/v1/users", member, pool, at_once<list_users>},
    // Operations.
    Route{get, "/livez", open, network, at_once<livez>},
    Route{get, "/readyz", open, network, at_once<readyz>},
    Route{get, "/metrics", open, network, at_once<metrics>},
    // The command line on the same machine.
    Route{post, "/local/init", local, pool, at_once<local_init>},
    Route{post, "/local/users", local, pool, at_once<local_create_user>},
    Route{post, "/local/passwords", local, pool, at_once<local_set_password>},
    Route{post, "/local/backup", local, pool, at_once<local_backup>},
    Route{get, "/local/doctor", local, pool, at_once<local_doctor>},
};

std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool matches(std::string_view pattern, std::string_view path,
             std::vector<std::string>& parameters) {
  parameters.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = take_segment(pattern);
    const std::string_view given = take_segment(path);
    if (wanted.starts_with('{')) {
      if (given.empty()) return false;
      parameters.emplace_back(given);
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

std::string_view method_name(Method method) {
  switch (method) {
    case Method::get:
      return "GET, HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    default:
      return "DELETE";
  }
}

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

Match find_route(Method method, std::string_view path) {
  Match match;
  std::vector<std::string> parameters;
  const Method wanted = method == Method::head ? Method::get : method;
  for (const Route& route : kRoutes) {
    if (!matches(route.path, path, parameters)) continue;
    if (route.method != wanted) {
      if (!match.other_methods.empty()) match.other_methods += ", ";
      match.other_methods += method_name(route.method);
      continue;
    }
    match.route = &route;
    match.parameters = std::move(parameters);
    return match;
  }
  return match;
}

namespace {

// "a=1&b=2": calls `visit` with each name and value as they stand there, until it has had enough
// (gives false).
template <class Visit>
void each_parameter(std::string_view query, Visit visit) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (!visit(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())))) return;
    query.remove_prefix(std::min(end + 1, query.size()));
  }
}

// As forms write it: "a+b%21".
std::optional<std::string> decoded(std::string_view text) {
  std::string spaced(text), plain;
  for (char& c : spaced) c = c == '+' ? ' ' : c;
  if (!percent_decode(spaced, plain)) return std::nullopt;
  return plain;
}

}  // namespace

std::string Call::query(std::string_view name) const {
  std::string found;
  each_parameter(request.query, [&](std::string_view own, std::string_view value) {
    if (own != name) return true;
    found = decoded(value).value_or("");
    return false;
  });
  return found;
}

std::map<std::string, std::string, std::less<>> Call::query_parameters() const {
  std::map<std::string, std::string, std::less<>> all;
  each_parameter(request.query, [&](std::string_view name, std::string_view value) {
    auto plain_name = decoded(name);
    auto plain = decoded(value);
    if (plain_name && plain) all.emplace(std::move(*plain_name), std::move(*plain));
    return true;
  });
  return all;
}

}  // namespace galena::server
