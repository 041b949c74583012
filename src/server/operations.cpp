// What those who run Galena look at.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "server/handlers.hpp"
#include "server/process_memory.hpp"
#include "server/version.hpp"

namespace galena::server {
namespace {

void metric(std::string& out, std::string_view name, std::string_view type, std::string_view help,
            double value) {
  fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help,
                 type, value);
}

}  // namespace

Response livez(const Call&) {
  return {.body = R"({"status":"ok"})"};
}

Response readyz(const Call& call) {
  // The listener starts when every workspace is recovered or known to sleep, so who is asked is
  // ready.
  const bool held = call.services.engine.figures().clock_held.load();
  return {.body = held ? R"({"status":"ok","warning":"the clock jumped ahead; timers wait"})"
                       : R"({"status":"ok"})"};
}

Response metrics(const Call& call) {
  const engine::EngineFigures& figures = call.services.engine.figures();
  std::string out;
  fmt::format_to(std::back_inserter(out),
                 "# HELP galena_build_info The running version.\n"
                 "# TYPE galena_build_info gauge\ngalena_build_info{{version=\"{}\"}} 1\n",
                 kVersion);
  metric(out, "galena_inputs_total", "counter", "Inputs taken into the log.",
         static_cast<double>(figures.inputs.load()));
  metric(out, "galena_duplicates_total", "counter", "Inputs that had been taken in before.",
         static_cast<double>(figures.duplicates.load()));
  metric(out, "galena_suppressed_total", "counter",
         "Messages of people who were erased: answered, not kept.",
         static_cast<double>(figures.suppressed.load()));
  metric(out, "galena_commits_total", "counter", "Transactions made durable.",
         static_cast<double>(figures.commits.load()));
  metric(out, "galena_commits_failed_total", "counter", "Transactions refused for lack of room.",
         static_cast<double>(figures.failed_commits.load()));
  metric(out, "galena_clock_held", "gauge", "1 while a clock jump holds timers.",
         figures.clock_held.load() ? 1 : 0);
  metric(out, "galena_workspaces_awake", "gauge", "Workspaces in memory; the others sleep.",
         static_cast<double>(call.services.engine.awake_count()));
  metric(out, "process_resident_memory_bytes", "gauge", "Resident memory.",
         static_cast<double>(process_memory().resident_bytes));
  return {.content_type = "text/plain; version=0.0.4", .body = out};
}

}  // namespace galena::server
