// A lead as the API shows it.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "domain/shown_lead.hpp"
#include "server/routes.hpp"

namespace galena::server {

// "lead_13" is ordinal 12.
std::string lead_id(domain::LeadOrdinal ordinal);
// The lead that was once given this id, whatever became of it; nothing if there is none.
std::optional<domain::LeadOrdinal> read_lead_id(const workspace::Version& state,
                                                std::string_view id);
// The same; nothing if all that was known of it has been taken back or erased.
std::optional<domain::LeadOrdinal> named_lead(const workspace::Version& state, std::string_view id);
// The same, through merges: the lead an id means today.
std::optional<domain::LeadOrdinal> find_lead(const workspace::Version& state, std::string_view id);

// The answer where find_lead and named_lead find nothing: 410 for who was erased, else 404.
Response no_such_lead(const workspace::VersionPtr& state, std::string_view id);

std::string event_id(domain::Position position);
std::optional<domain::Position> read_event_id(std::string_view id);

boost::json::object lead_json(const workspace::Version& state, domain::LeadOrdinal ordinal,
                              const domain::Standing& standing, Time now);

// Just who it is: id, name and email.
boost::json::object lead_name_json(const workspace::Version& state, domain::LeadOrdinal ordinal);

// Text or null.
boost::json::value text_or_null(std::string_view text);
boost::json::value optional_time(std::optional<Time> at);

}  // namespace galena::server
