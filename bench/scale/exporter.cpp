#include "exporter.hpp"

#include <fmt/format.h>
#include <fmt/os.h>

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "domain/criteria_json.hpp"
#include "domain/criteria_values.hpp"
#include "domain/decide.hpp"
#include "domain/playbook.hpp"
#include "domain/score.hpp"
#include "engine/recovery.hpp"
#include "store/store.hpp"

namespace galena::scale {
namespace {

namespace json = boost::json;
using namespace domain;
using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

// The columns of leads.csv behind the ordinal: attributes as criteria see them, missing ones empty.
constexpr std::array kColumns{
    Attribute::email,
    Attribute::first_name,
    Attribute::last_name,
    Attribute::title,
    Attribute::phone,
    Attribute::company_name,
    Attribute::company_domain,
    Attribute::company_employees,
    Attribute::company_industry,
    Attribute::country,
    Attribute::region,
    Attribute::city,
    Attribute::company_id,
    Attribute::created_at,
    Attribute::first_seen,
    Attribute::last_seen,
    Attribute::email_domain,
    Attribute::email_free_mail,
    Attribute::email_role,
    Attribute::title_seniority,
    Attribute::title_department,
    Attribute::stage,
    Attribute::score,
    Attribute::fit,
    Attribute::interest,
    Attribute::own_action,
    Attribute::shown_interest,
    Attribute::unsubscribed,
};

class CsvFile {
 public:
  explicit CsvFile(const std::string& file) : file_(fmt::output_file(file)) {}

  template <class... Parts>
  void put(fmt::format_string<Parts...> text, Parts&&... parts) {
    fmt::format_to(std::back_inserter(buffer_), text, std::forward<Parts>(parts)...);
  }
  void put_text(std::string_view text) {
    const bool plain = text.find_first_of(",\"\r\n") == std::string_view::npos;
    if (plain) return put("{}", text);
    buffer_.push_back('"');
    for (const char c : text) {
      if (c == '"') buffer_.push_back('"');
      buffer_.push_back(c);
    }
    buffer_.push_back('"');
  }
  void end_row() {
    buffer_.push_back('\n');
    if (buffer_.size() > kFlushBytes) flush();
  }
  void flush() {
    file_.print("{}", std::string_view(buffer_.data(), buffer_.size()));
    buffer_.clear();
  }

 private:
  static constexpr std::size_t kFlushBytes = 1 << 20;

  fmt::ostream file_;
  fmt::memory_buffer buffer_;
};

void put_value(CsvFile& file, const Value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return file.put_text(*text);
  if (const auto* number = std::get_if<double>(&value)) return file.put("{}", *number);
  if (const auto* truth = std::get_if<bool>(&value)) return file.put("{}", *truth);
  if (const auto* at = std::get_if<Time>(&value)) return file.put("{}", to_ms(*at));
}

class Exporter {
 public:
  Exporter(const workspace::Version& state, const ExportOptions& options)
      : state_(state), options_(options) {}

  void run() {
    std::filesystem::create_directories(options_.directory);
    write_leads();
    write_events();
    write_model();
  }

 private:
  // Who is a lead: not what became part of another, and no organisation.
  template <class Each>
  void each_lead(Each each) const {
    state_.each_slice([&](const workspace::Version& slice, LeadOrdinal begin, LeadOrdinal end) {
      for (LeadOrdinal ordinal = begin; ordinal < end; ++ordinal) {
        const Lead& lead = slice.lead(ordinal);
        if (!lead.merged_into && !lead.visitor) each(slice, ordinal, lead);
      }
    });
  }

  void write_leads() const {
    const auto start = Steady::now();
    CsvFile file(options_.directory + "/leads.csv");
    file.put("lead");
    for (const Attribute column : kColumns) file.put(",{}", attribute_name(column));
    file.end_row();
    std::size_t count = 0;
    each_lead([&](const State&, LeadOrdinal ordinal, const Lead& lead) {
      const Subject subject{*lead.record, &lead.standing, lead.stage(),
                            nullptr,      options_.now,   lead.created_at};
      file.put("{}", ordinal);
      for (const Attribute column : kColumns) {
        file.put(",");
        put_value(file, value_of(column, subject));
      }
      file.end_row();
      ++count;
    });
    file.flush();
    fmt::print("{} leads written in {:.1f} s\n", count, seconds_since(start));
  }

  void write_events() {
    const auto start = Steady::now();
    CsvFile file(options_.directory + "/events.csv");
    file.put("lead,kind,at,object");
    file.end_row();
    each_lead([&](const State& state, LeadOrdinal ordinal, const Lead& lead) {
      for (const Event& event : events_of(state, lead)) {
        ++events_;
        file.put("{},{},{},", ordinal, state_.kinds()->name(event.kind), to_ms(event.at));
        if (event.object != 0) file.put("{}", event.object);
        file.end_row();
      }
    });
    file.flush();
    fmt::print("{} events written in {:.1f} s\n", events_, seconds_since(start));
  }

  static json::array rules_json(const Playbook& playbook) {
    json::array rules;
    for (const Rule& rule : playbook.rules) {
      json::object one{{"name", rule.name}, {"points", rule.points.value()}};
      if (!rule.when.empty()) one["when"] = tree_of(rule.when);
      if (!rule.on.empty()) one["on"] = rule.on;
      if (rule.cap) one["cap"] = rule.cap->value();
      if (rule.window) one["window_ms"] = rule.window->count();
      if (rule.half_life) one["half_life_h"] = *rule.half_life / std::chrono::hours{1};
      if (rule.once_per) one["once_per_ms"] = rule.once_per->count();
      if (rule.once_per_message) one["once_per_message"] = true;
      if (!rule.group.empty()) one["group"] = rule.group;
      rules.push_back(std::move(one));
    }
    return rules;
  }

  static json::value tree_of(const std::string& criterion) {
    const auto parsed = Criterion::parse(criterion, {});
    if (!parsed) throw std::runtime_error(criterion + ": " + parsed.error().message);
    return criterion_json(parsed->expression());
  }

  static json::object playbook_json(const Playbook& playbook) {
    json::object groups;
    for (const CapGroup& group : playbook.groups) groups[group.name] = group.cap.value();
    json::array segments;
    for (const SegmentRule& segment : playbook.segments) {
      segments.push_back({{"name", segment.name}, {"when", tree_of(segment.when)}});
    }
    return {{"threshold", playbook.threshold.value()},
            {"lists",
             {{"icp.target_industries", json::value_from(playbook.icp.target_industries)},
              {"icp.adjacent_industries", json::value_from(playbook.icp.adjacent_industries)},
              {"icp.target_regions", json::value_from(playbook.icp.target_regions)}}},
            {"groups", std::move(groups)},
            {"rules", rules_json(playbook)},
            {"segments", std::move(segments)}};
  }

  // Everybody's score under a model, one after the other, as the plain evaluator has it.
  std::int64_t sum_of_scores(const ScoreModel& model) const {
    const auto start = Steady::now();
    const PropertyView told(state_.properties());
    std::int64_t sum = 0;
    each_lead([&](const State& state, LeadOrdinal, const Lead& lead) {
      sum += score(model, *lead.record, events_of(state, lead), options_.now, nullptr, told)
                 .score()
                 .micro;
    });
    fmt::print("all leads scored one by one in {:.1f} s, sum {} micro-points\n",
               seconds_since(start), sum);
    return sum;
  }

  void write_model() const {
    const CompiledPlaybook& live = *state_.playbook();
    const auto changed = read_playbook(options_.changed, live.source);
    if (!changed) throw std::runtime_error(changed.error().field + changed.error().message);
    const auto compiled =
        compile_playbook(*changed, live.version + 1, *state_.kinds(), live.segments.names);
    if (!compiled) throw std::runtime_error(compiled.error().field + compiled.error().message);
    json::object members;
    for (const Segments::Segment& segment : live.segments.all) {
      members[segment.rule.name] = state_.members_of(segment.code);
    }
    const json::object model{
        {"now_ms", to_ms(options_.now)},
        {"leads", state_.lead_count()},
        {"events", events_},
        {"live", playbook_json(live.source)},
        {"changed", playbook_json(*changed)},
        {"galena",
         {{"live_sum_micro", sum_of_scores(live.model)},
          {"changed_sum_micro", sum_of_scores((*compiled)->model)},
          {"members", std::move(members)}}},
    };
    std::ofstream(options_.directory + "/model.json") << json::serialize(model) << '\n';
  }

  const workspace::Version& state_;
  const ExportOptions& options_;
  std::size_t events_ = 0;
};

}  // namespace

void export_to(const ExportOptions& options) {
  auto store = store::open_sqlite({.directory = options.data});
  if (!store) throw std::runtime_error(store.error().message);
  const auto start = Steady::now();
  const workspace::Workspace workspace = engine::recover(**store, 1, options.now);
  fmt::print("read again in {:.1f} s\n", seconds_since(start));
  Exporter(workspace.now(), options).run();
}

}  // namespace galena::scale
