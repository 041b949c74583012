#include "domain/import_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "domain/import_layouts.hpp"
#include "domain/import_words.hpp"
#include "domain/latin_form.hpp"

namespace galena::domain {
namespace {

using Target = ImportTarget;

constexpr std::size_t kRowsLookedAt = 100;
constexpr std::size_t kMarksNeeded = 2;

constexpr double kSureByLayout = 1;
constexpr double kSureByWord = 0.9;
constexpr double kSureByNeighbours = 0.8;
constexpr double kSureByPart = 0.5;

using Forms = std::vector<std::string>;

Forms forms_of(std::span<const std::string_view> header) {
  Forms forms;
  for (const std::string_view cell : header) forms.push_back(header_form(cell));
  return forms;
}

// --- layouts -----------------------------------------------------------------------------------

// A table, ready to be asked by forms.
struct LayoutIndex {
  const LayoutTable* table = nullptr;
  std::unordered_map<std::string, std::size_t> columns;  // form -> place in the table
  std::set<std::string> marks;

  const LayoutColumn* find(const std::string& form) const {
    const auto found = columns.find(form);
    return found == columns.end() ? nullptr : &table->columns[found->second];
  }
};

const std::vector<LayoutIndex>& all_layouts() {
  static const auto indexes = [] {
    std::vector<LayoutIndex> made;
    for (const auto tables : {hubspot_layouts(), salesforce_layouts(), pipedrive_layouts(),
                              apollo_layouts(), lead_source_layouts()}) {
      for (const LayoutTable& table : tables) {
        LayoutIndex index{.table = &table};
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
          index.columns.emplace(header_form(table.columns[i].header), i);
        }
        for (const std::string_view mark : table.marks) index.marks.insert(header_form(mark));
        made.push_back(std::move(index));
      }
    }
    return made;
  }();
  return indexes;
}

// How well a layout explains a header: by the columns that it knows, then by those it has a use
// for.
struct Fit {
  std::size_t known = 0;
  std::size_t used = 0;
  auto operator<=>(const Fit&) const = default;
};

std::optional<Fit> fit_of(const LayoutIndex& layout, const Forms& forms) {
  Fit fit;
  std::set<std::string> marks;
  for (const std::string& form : forms) {
    if (layout.marks.contains(form)) marks.insert(form);
    const LayoutColumn* column = layout.find(form);
    if (column == nullptr) continue;
    ++fit.known;
    if (column->target != Target::none) ++fit.used;
  }
  if (marks.size() < kMarksNeeded) return std::nullopt;
  return fit;
}

const LayoutIndex* best_layout(const Forms& forms) {
  const LayoutIndex* best = nullptr;
  Fit best_fit;
  for (const LayoutIndex& layout : all_layouts()) {
    const auto fit = fit_of(layout, forms);
    if (!fit || *fit <= best_fit) continue;
    best = &layout;
    best_fit = *fit;
  }
  return best;
}

// --- a header as a whole -----------------------------------------------------------------------

// Gives each target to one column and remembers which.
class Guesses {
 public:
  Guesses(std::span<const std::string_view> header, ImportKind kind)
      : header_(header), kind_(kind), columns_(header.size()) {}

  void by_layout(const LayoutIndex& layout, const Forms& forms) {
    std::vector<std::pair<std::size_t, std::size_t>> places;  // in the table, in the header
    for (std::size_t i = 0; i < forms.size(); ++i) {
      const LayoutColumn* column = layout.find(forms[i]);
      if (column == nullptr) continue;
      places.emplace_back(column - layout.table->columns.data(), i);
    }
    std::ranges::sort(places);  // what stands first in the table is served first
    for (const auto& [row, i] : places) {
      const LayoutColumn& column = layout.table->columns[row];
      if (column.target != Target::none) {
        give(i, column.target, kSureByLayout,
             fmt::format("in {} it is {}", layout.table->title, in_words(column.target)));
      } else {
        columns_[i] = {.property = std::string(column.property),
                       .sureness = kSureByLayout,
                       .reason = fmt::format(
                           "known in {}, and {}", layout.table->title,
                           column.property.empty() ? "of no use here" : "worth keeping as it is")};
      }
    }
  }

  void by_words(const Forms& forms) {
    for (std::size_t i = 0; i < forms.size(); ++i) {
      if (!columns_[i].reason.empty()) continue;
      if (const auto meaning = word_meaning(forms[i], kind_)) {
        give(i, meaning->target, kSureByWord,
             fmt::format("{} for {}", meaning->language, in_words(meaning->target)));
      }
    }
  }

  void by_parts() {
    for (std::size_t i = 0; i < header_.size(); ++i) {
      if (!columns_[i].reason.empty()) continue;
      const auto part = part_meaning(header_[i], kind_);
      if (!part || by_target_.contains(part->target)) continue;
      give(i, part->target, kSureByPart,
           fmt::format("the word \"{}\" is in it, which may be {}", part->word,
                       in_words(part->target)));
    }
  }

  // "Name" beside "Vorname" is the last name, "Nombre" beside "Apellidos" the first.
  void by_neighbours(const Forms& forms) {
    const auto whole = by_target_.find(Target::full_name);
    const bool has_first = by_target_.contains(Target::first_name);
    const bool has_last = by_target_.contains(Target::last_name);
    if (whole == by_target_.end() || has_first == has_last) return;
    const std::size_t i = whole->second;
    if (!is_bare_name(forms[i])) return;
    const Target beside = has_first ? Target::first_name : Target::last_name;
    const Target target = has_first ? Target::last_name : Target::first_name;
    columns_[i] = {.target = target,
                   .sureness = kSureByNeighbours,
                   .reason = fmt::format("beside {} it is {}", in_words(beside), in_words(target))};
    by_target_.erase(whole);
    by_target_.emplace(target, i);
  }

  std::vector<ColumnGuess> take() {
    for (ColumnGuess& column : columns_) {
      if (column.reason.empty()) column.reason = "no header that is known";
    }
    return std::move(columns_);
  }

 private:
  void give(std::size_t i, Target target, double sureness, std::string reason) {
    const auto [taken, is_new] = by_target_.emplace(target, i);
    if (is_new) {
      columns_[i] = {.target = target, .sureness = sureness, .reason = std::move(reason)};
    } else {
      columns_[i] = {.sureness = sureness,
                     .reason = fmt::format("{} is taken from \"{}\"", in_words(target),
                                           header_[taken->second])};
    }
  }

  std::span<const std::string_view> header_;
  ImportKind kind_;
  std::vector<ColumnGuess> columns_;
  std::map<Target, std::size_t> by_target_;
};

ImportLayout by_layout(const LayoutIndex& layout, std::span<const std::string_view> header,
                       const Forms& forms) {
  const LayoutTable& table = *layout.table;
  Guesses guesses(header, table.kind);
  guesses.by_layout(layout, forms);
  guesses.by_words(forms);
  guesses.by_neighbours(forms);
  return {.name = std::string(table.name),
          .title = std::string(table.title),
          .system = std::string(table.system),
          .kind = table.kind,
          .event = std::string(table.event),
          .columns = guesses.take()};
}

ImportLayout by_words(std::span<const std::string_view> header, const Forms& forms) {
  const ImportKind kind = kind_by_words(forms);
  Guesses guesses(header, kind);
  guesses.by_words(forms);
  guesses.by_neighbours(forms);
  guesses.by_parts();
  return {.name = "generic",
          .title = "a list of no known program",
          .system = "",
          .kind = kind,
          .event = "",
          .columns = guesses.take()};
}

// How much a row says as a header: a cell that is known in a layout, or a word.
std::size_t headers_in(const Forms& forms) {
  const LayoutIndex* layout = best_layout(forms);
  return static_cast<std::size_t>(std::ranges::count_if(forms, [&](const std::string& form) {
    return (layout != nullptr && layout->find(form) != nullptr) || is_header_word(form);
  }));
}

}  // namespace

std::string header_form(std::string_view header) {
  return letters_of(latin_form(header));
}

ImportLayout recognise_layout(std::span<const std::string_view> header) {
  const Forms forms = forms_of(header);
  const LayoutIndex* layout = best_layout(forms);
  return layout != nullptr ? by_layout(*layout, header, forms) : by_words(header, forms);
}

ImportLayout recognise_layout(std::span<const std::vector<std::string>> first_rows) {
  std::size_t header_row = 0;
  std::size_t most = 0;
  for (std::size_t i = 0; i < std::min(first_rows.size(), kRowsLookedAt); ++i) {
    const std::vector<std::string_view> row(first_rows[i].begin(), first_rows[i].end());
    const std::size_t headers = headers_in(forms_of(row));
    if (headers <= most) continue;
    most = headers;
    header_row = i;
  }
  if (first_rows.empty()) return recognise_layout(std::span<const std::string_view>());
  const std::vector<std::string>& row = first_rows[header_row];
  const std::vector<std::string_view> header(row.begin(), row.end());
  ImportLayout layout = recognise_layout(std::span<const std::string_view>(header));
  layout.header_row = header_row;
  return layout;
}

}  // namespace galena::domain
