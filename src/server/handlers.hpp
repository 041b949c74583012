// The handlers of the route table, by file. Each has four beats: parse, validate, act, answer.
#pragma once

#include <optional>

#include "domain/message.hpp"
#include "server/routes.hpp"

namespace galena::server {

// intake.cpp: the event API. No type = a batch.
void take_messages(Call call, std::optional<domain::MessageType> type, Reply reply);
Response segment_settings(const Call& call);
Response rudder_source_config(const Call& call);
// Answers a CORS preflight of the event API, and lets other origins read the answers.
Response cors_preflight(const Request& request);
void allow_origin(const Request& request, Response& response);

// snowplow.cpp: what Snowplow's trackers send
void take_snowplow(Call call, Reply reply);
void take_snowplow_pixel(Call call, Reply reply);

// sessions.cpp
Response sign_in(const Call& call);
Response sign_out(const Call& call);
Response get_session(const Call& call);

// leads.cpp
Response list_leads(const Call& call);
Response get_lead(const Call& call);
void adjust_lead_score(Call call, Reply reply);

// accounts.cpp
Response list_accounts(const Call& call);
Response get_account(const Call& call);
void tell_of_account(Call call, Reply reply);

// people.cpp
Response get_lead_identities(const Call& call);
void merge_leads(Call call, Reply reply);
void tell_leads_apart(Call call, Reply reply);
void void_event(Call call, Reply reply);

// duplicates.cpp
Response list_duplicates(const Call& call);

// lead_stages.cpp
Response get_lead_stages(const Call& call);
Response get_lifecycle(const Call& call);

// lead_score.cpp
Response get_lead_score(const Call& call);
Response get_lead_why(const Call& call);  // lead_filter.cpp

// privacy.cpp
Response export_lead(const Call& call);
void erase_lead(Call call, Reply reply);
Response list_erasures(const Call& call);
Response get_erasure(const Call& call);
void lift_suppression(Call call, Reply reply);

// timeline.cpp
Response get_lead_timeline(const Call& call);

// segments.cpp
Response list_segments(const Call& call);
Response get_segment(const Call& call);
Response list_segment_changes(const Call& call);
Response get_lead_segments(const Call& call);
Response list_mql(const Call& call);

// playbooks.cpp
Response get_playbook(const Call& call);
Response diff_playbook(const Call& call);
void apply_playbook(Call call, Reply reply);

// imports.cpp
inline constexpr std::uint64_t kImportPartBytes = 8 << 20;  // of a file, in one request
Response list_imports(const Call& call);
Response create_import(const Call& call);
Response get_import(const Call& call);
Response put_import_content(const Call& call);
Response change_import(const Call& call);
Response check_import(const Call& call);
Response run_import(const Call& call);
Response stop_import(const Call& call);
Response undo_import(const Call& call);
Response get_rejected_rows(const Call& call);

// keys.cpp
Response list_keys(const Call& call);
Response create_key(const Call& call);
Response revoke_key(const Call& call);
Response list_users(const Call& call);

// operations.cpp
Response livez(const Call& call);
Response readyz(const Call& call);
Response metrics(const Call& call);

// local.cpp: the command line's own door
Response local_init(const Call& call);
Response local_create_user(const Call& call);
Response local_set_password(const Call& call);
Response local_backup(const Call& call);

// doctor.cpp
Response local_doctor(const Call& call);

}  // namespace galena::server
