// What a person may ask for, from the command line.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <thread>

#include "cli/ask.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"

namespace galena::cli {
namespace {

namespace json = boost::json;

// Asks whoever sits there; without a terminal nobody does.
Result<> confirmed(const json::value& lead) {
  if (::isatty(STDIN_FILENO) != 1) {
    return fail(ErrorCode::invalid, "this cannot be undone; say --yes to do it");
  }
  const std::string line =
      fmt::format("{} {} {}", text_at(lead, "id"), text_at(lead, "name"), text_at(lead, "email"));
  fmt::print(stderr, "Erase {} for ever? Write yes: ", printable(line));
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "yes") return {};
  return fail(ErrorCode::invalid, "nothing was erased");
}

// Until the files hold nothing of the person any more.
Result<json::value> wait_until_done(Session& session, const Common& common, json::value erasure) {
  const std::string target = "/api/v1/erasures/" + text_at(erasure, "id");
  while (text_at(erasure, "state") != "done") {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    auto next = ask(session, common, "GET", target);
    if (!next) return next;
    erasure = std::move(*next);
  }
  return erasure;
}

}  // namespace

int run_erase(const Common& common, const std::string& id, bool yes) {
  auto session = Session::open(common.data, false);
  if (!session) return failed(session.error().message);
  const std::string target = "/api/v1/leads/" + url_encoded(id);
  if (!yes) {
    const auto lead = ask(*session, common, "GET", target);
    if (!lead) return failed(lead.error().message);
    if (const auto sure = confirmed(*lead); !sure) return failed(sure.error().message);
  }
  const auto erasure = ask(*session, common, "DELETE", target);
  if (!erasure) return failed(erasure.error().message);
  return show_object(common, wait_until_done(*session, common, *erasure));
}

int run_lead_export(const Common& common, const std::string& id) {
  auto session = Session::open(common.data, false);
  if (!session) return failed(session.error().message);
  const auto text =
      ask_text(*session, common, fmt::format("/api/v1/leads/{}/export", url_encoded(id)));
  if (!text) return failed(text.error().message);
  fmt::print("{}\n", *text);
  return 0;
}

int run_readmit(const Common& common, const std::string& key) {
  const auto lifted = ask(common, "DELETE", "/api/v1/suppressions/" + url_encoded(key));
  if (!lifted) return failed(lifted.error().message);
  if (common.format == Format::table) fmt::print("Whoever comes under this is taken in again.\n");
  return 0;
}

}  // namespace galena::cli
