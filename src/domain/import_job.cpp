#include "domain/import_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/json.hpp"

namespace galena::domain {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 9> kStates{
    "new", "checking", "checked", "running", "stopped", "done", "failed", "undoing", "undone"};

constexpr std::array kFigures{
    ImportFigure{"rows", &ImportFigures::rows},
    ImportFigure{"created", &ImportFigures::created},
    ImportFigure{"updated", &ImportFigures::updated},
    ImportFigure{"unchanged", &ImportFigures::unchanged},
    ImportFigure{"duplicate", &ImportFigures::duplicate},
    ImportFigure{"rejected", &ImportFigures::rejected},
    ImportFigure{"suppressed", &ImportFigures::suppressed},
    ImportFigure{"merged", &ImportFigures::merged},
    ImportFigure{"kept", &ImportFigures::kept},
};

struct Mark {
  std::string_view name;
  std::uint64_t ImportProgress::*value;
};

constexpr std::array kMarks{
    Mark{"line", &ImportProgress::line},
    Mark{"bytes_read", &ImportProgress::bytes_read},
    Mark{"rejected_bytes", &ImportProgress::rejected_bytes},
    Mark{"began_after", &ImportProgress::began_after},
    Mark{"taken_back", &ImportProgress::taken_back},
    Mark{"left_standing", &ImportProgress::left_standing},
};

json::object figures_json(const ImportFigures& figures) {
  json::object object;
  for (const ImportFigure& figure : kFigures) object[figure.name] = figures.*figure.value;
  return object;
}

std::uint64_t number_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<std::uint64_t>() : 0;
}

ImportFigures read_figures(const json::object& object, std::string_view name) {
  ImportFigures figures;
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_object()) return figures;
  for (const ImportFigure& figure : kFigures) {
    figures.*figure.value = number_at(value->get_object(), figure.name);
  }
  return figures;
}

}  // namespace

std::span<const ImportFigure> import_figures() {
  return kFigures;
}

std::string_view to_string(ImportState state) {
  return kStates[static_cast<std::size_t>(state)];
}

std::optional<ImportState> import_state(std::string_view word) {
  const auto found = std::ranges::find(kStates, word);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<ImportState>(found - kStates.begin());
}

std::string import_progress_text(const ImportProgress& progress) {
  json::object object{{"checked", figures_json(progress.checked)},
                      {"imported", figures_json(progress.imported)}};
  for (const Mark& mark : kMarks) object[mark.name] = progress.*mark.value;
  if (!progress.error.empty()) object["error"] = progress.error;
  return json::serialize(object);
}

Result<ImportProgress> read_import_progress(std::string_view text) {
  ImportProgress progress;
  if (text.empty()) return progress;
  const auto value = parse_json(text);
  if (!value || !value->is_object()) {
    return fail(ErrorCode::internal, "the progress of an import cannot be read");
  }
  const json::object& object = value->get_object();
  progress.checked = read_figures(object, "checked");
  progress.imported = read_figures(object, "imported");
  for (const Mark& mark : kMarks) progress.*mark.value = number_at(object, mark.name);
  if (const json::value* error = object.if_contains("error"); error && error->is_string()) {
    progress.error = std::string(error->get_string());
  }
  return progress;
}

std::string import_row_id(std::int64_t import, std::uint64_t line, std::size_t part) {
  return part == 0 ? fmt::format("imp_{}:{}", import, line)
                   : fmt::format("imp_{}:{}:{}", import, line, part);
}

}  // namespace galena::domain
