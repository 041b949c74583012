#include "domain/import_row.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "domain/email_address.hpp"
#include "domain/import_cells.hpp"
#include "domain/import_values.hpp"
#include "domain/mail_domain.hpp"
#include "domain/person_name.hpp"

namespace galena::domain {
namespace {

using Target = ImportTarget;

constexpr std::string_view kWebinarAttended = "Webinar Attended";
constexpr std::string_view kWebinarRegistered = "Webinar Registered";

// --- addresses ---------------------------------------------------------------------------------

// The first of several addresses in a cell that is one: CRMs put all they know into one. Blanks do
// not separate, as "ann smith@acme.com" is hardly smith's.
std::optional<EmailAddress> first_of_several(std::string_view cell) {
  while (!cell.empty()) {
    const std::string_view one = cell.substr(0, cell.find_first_of(",;|/\n"));
    if (auto address = parse_email(one)) return std::move(*address);
    cell.remove_prefix(std::min(one.size() + 1, cell.size()));
  }
  return std::nullopt;
}

// The row's address, normalised; empty if it has none.
Result<std::string> address_of(ImportCells& cells) {
  const std::string_view cell = cells[Target::email];
  if (is_placeholder(cell)) return std::string();
  const auto whole = parse_email(cell);
  if (whole) return whole->normalised;
  const auto first = first_of_several(cell);
  if (!first) {
    return cells.wrong(Target::email,
                       fmt::format("is no e-mail address: {}", whole.error().message), cell);
  }
  cells.warn(Target::email,
             fmt::format("is more than one address; {} was taken", first->normalised), cell);
  return first->normalised;
}

// --- names -------------------------------------------------------------------------------------

struct TwoNames {
  std::string first;
  std::string last;
};

void append_word(std::string& text, std::string_view word) {
  while (word.ends_with(',') || word.ends_with(';')) word.remove_suffix(1);
  if (word.empty()) return;
  if (!text.empty()) text.push_back(' ');
  text.append(word);
}

// A name in one cell as two. Titles ("Dr.") and what stands in brackets belong to neither; of two
// people the first one counts.
TwoNames split_name(std::string_view name) {
  TwoNames names;
  std::string generation;
  bool second = false;
  bool own_family = false;  // the first of two has a family name of their own
  for (const NameToken& token : label_person_name(name)) {
    switch (token.part) {
      case NamePart::given:
      case NamePart::first_initial:
      case NamePart::middle:
      case NamePart::middle_initial:
        if (!second) append_word(names.first, token.text);
        break;
      case NamePart::surname:
      case NamePart::last_initial:
        if (!own_family) append_word(names.last, token.text);
        break;
      case NamePart::suffix_generational:
        append_word(generation, token.text);
        break;
      case NamePart::conjunction:
        second = !names.first.empty() || !names.last.empty();
        own_family = !names.last.empty();
        break;
      default:
        break;
    }
  }
  if (!names.last.empty()) append_word(names.last, generation);
  return names;
}

void tell_names(ImportCells& cells, JsonWriter& json) {
  const bool apart = !cells[Target::first_name].empty() || !cells[Target::last_name].empty();
  if (apart) {
    cells.tell(json, "first_name", Target::first_name);
    cells.tell(json, "last_name", Target::last_name);
    return;
  }
  const std::string_view whole = cells[Target::full_name];
  // Some exports write the address where no name is known.
  if (is_placeholder(whole) || whole.contains('@')) return;
  const TwoNames names = split_name(whole);
  if (!names.first.empty()) json.text("first_name", names.first);
  if (!names.last.empty()) json.text("last_name", names.last);
}

// --- traits ------------------------------------------------------------------------------------

// The targets whose traits are members of `object`, or stand at the top if that is empty.
void tell_members(ImportCells& cells, std::string_view object, JsonWriter& json) {
  if (!object.empty()) json.begin(object);
  for (std::size_t i = 0; i < kImportTargetCount; ++i) {
    const auto target = static_cast<Target>(i);
    const bool told_elsewhere = target == Target::email || target == Target::first_name ||
                                target == Target::last_name || target == Target::phone ||
                                target == Target::source;
    std::string_view trait = trait_of(cells.mapping().kind, target);
    const std::size_t dot = trait.find('.');
    const std::string_view of = dot == std::string_view::npos ? "" : trait.substr(0, dot);
    if (trait.empty() || told_elsewhere || of != object) continue;
    if (dot != std::string_view::npos) trait.remove_prefix(dot + 1);
    cells.tell(json, trait, target);
  }
  if (!object.empty()) json.end();
}

// The only number that is known is the number to call, also if it is a mobile one.
void tell_phone(ImportCells& cells, JsonWriter& json) {
  const bool has_own = !is_placeholder(cells[Target::phone]);
  const Target target = has_own ? Target::phone : Target::mobile;
  if (!is_placeholder(cells[target])) json.text("phone", cells[target]);
}

// The row's own word on where it comes from, and the list's label: where there are both, both.
void tell_source(ImportCells& cells, JsonWriter& json) {
  const std::string& label = cells.mapping().source;
  const std::string_view own = cells[Target::source];
  if (!own.empty()) json.text("source", own);
  if (!label.empty()) json.text(own.empty() ? "source" : "imported_from", label);
}

void tell_rest(ImportCells& cells, JsonWriter& json) {
  tell_phone(cells, json);
  tell_source(cells, json);
  tell_members(cells, "", json);
  if (cells.mapping().kind == ImportKind::people) tell_members(cells, "company", json);
  tell_members(cells, "address", json);
  const std::string_view id = cells[Target::external_id];
  if (!is_placeholder(id)) json.text(id_trait(cells.mapping()), id);
  cells.tell_properties(json);
}

// --- people ------------------------------------------------------------------------------------

// What a person did by being in the file. Who registered and did not come has registered; of
// anything else that they did not do, nothing is told.
std::string_view event_of(const ImportCells& cells) {
  const std::string_view event = cells.mapping().event;
  const bool is_told = std::ranges::any_of(cells.mapping().columns, [](const ImportColumn& column) {
    return column.target == Target::attended;
  });
  if (!is_told || read_truth(cells[Target::attended]).value_or(false)) return event;
  return event == kWebinarAttended ? kWebinarRegistered : std::string_view();
}

Result<std::string> event_text(ImportCells& cells, std::string_view event,
                               std::string_view user_id) {
  JsonWriter json;
  json.text("type", "track");
  json.text("userId", user_id);
  json.text("event", event);
  std::string moment;
  if (event != kWebinarRegistered) moment = cells.date(Target::event_at);
  if (moment.empty()) moment = cells.date(Target::created_at);
  if (!moment.empty()) json.text("timestamp", moment);
  json.begin("properties");
  if (!cells.mapping().source.empty()) json.text("source", cells.mapping().source);
  cells.tell_properties(json);
  json.end();
  return cells.ended(json);
}

Result<std::vector<ImportMessage>> people_messages(ImportCells& cells) {
  const auto address = address_of(cells);
  if (!address) return tl::unexpected(address.error());
  std::string user_id = *address;
  if (user_id.empty()) {
    auto id = cells.external_id();
    if (!id) return tl::unexpected(id.error());
    user_id = std::move(*id);
  }
  if (user_id.empty()) {
    return cells.wrong(Target::email,
                       "the row has neither an e-mail address nor an id, so nobody can tell who it "
                       "is");
  }
  JsonWriter json;
  json.text("type", "identify");
  json.text("userId", user_id);
  json.begin("traits");
  if (!address->empty()) json.text("email", *address);
  tell_names(cells, json);
  tell_rest(cells, json);
  json.end();
  auto text = cells.ended(json);
  if (!text) return tl::unexpected(text.error());
  std::vector<ImportMessage> messages;
  messages.push_back({MessageType::identify, std::move(*text)});
  const std::string_view event = event_of(cells);
  if (event.empty()) return messages;
  auto told = event_text(cells, event, user_id);
  if (!told) return tl::unexpected(told.error());
  messages.push_back({MessageType::track, std::move(*told)});
  return messages;
}

// --- accounts ----------------------------------------------------------------------------------

// An organisation is known by its domain; only where none is told, by the id that it has elsewhere.
Result<std::vector<ImportMessage>> account_messages(ImportCells& cells) {
  const bool has_domain = !company_domain_told(cells[Target::company_domain]).empty();
  std::string group_id;
  if (!has_domain) {
    auto id = cells.external_id();
    if (!id) return tl::unexpected(id.error());
    group_id = std::move(*id);
    // An address names somebody, and may have to be erased: the core takes none as a group's id.
    if (group_id.contains('@') || group_id.contains("%40")) {
      return cells.wrong(Target::external_id, "is no company's id: it looks like an e-mail address",
                         cells[Target::external_id]);
    }
  }
  if (!has_domain && group_id.empty()) {
    const std::string_view told = cells[Target::company_domain];
    if (!is_placeholder(told)) {
      return cells.wrong(Target::company_domain, "is no company's web address, and there is no id",
                         told);
    }
    return cells.wrong(Target::company_domain,
                       "the row has neither a web address nor an id: a company is known by one of "
                       "them");
  }
  JsonWriter json;
  json.text("type", "group");
  if (!group_id.empty()) json.text("groupId", group_id);
  json.begin("traits");
  tell_rest(cells, json);
  json.end();
  auto text = cells.ended(json);
  if (!text) return tl::unexpected(text.error());
  std::vector<ImportMessage> messages;
  messages.push_back({MessageType::group, std::move(*text)});
  return messages;
}

Result<std::vector<ImportMessage>> messages_of(ImportCells& cells) {
  switch (cells.mapping().kind) {
    case ImportKind::people:
      return people_messages(cells);
    case ImportKind::accounts:
      return account_messages(cells);
    case ImportKind::deals:
      break;
  }
  auto deal = deal_message(cells);
  if (!deal) return tl::unexpected(deal.error());
  std::vector<ImportMessage> messages;
  messages.push_back(std::move(*deal));
  return messages;
}

}  // namespace

ImportRowReader::ImportRowReader(ImportMapping mapping) : mapping_(std::move(mapping)) {
  GALENA_ASSERT(check_mapping(mapping_));
  for (std::size_t i = 0; i < mapping_.columns.size(); ++i) {
    const Target target = mapping_.columns[i].target;
    if (target != Target::none) places_[static_cast<std::size_t>(target)] = i;
  }
}

Result<ImportedRow> ImportRowReader::read(std::span<const std::string_view> cells) const {
  ImportedRow row;
  ImportCells by_target(mapping_, places_, cells);
  if (by_target.all_blank()) return row;
  if (by_target.repeats_header()) {
    row.warnings.push_back({ErrorCode::invalid, "this is the header once more", ""});
    return row;
  }
  auto messages = messages_of(by_target);
  if (!messages) return tl::unexpected(messages.error());
  row.messages = std::move(*messages);
  row.warnings = by_target.take_warnings();
  if (cells.size() > mapping_.columns.size()) {
    row.warnings.push_back({ErrorCode::invalid,
                            fmt::format("the row has {} cells more than the header; they were left "
                                        "out",
                                        cells.size() - mapping_.columns.size()),
                            ""});
  }
  return row;
}

std::string with_user(std::string_view text, std::string_view user_id) {
  JsonWriter json;
  json.text("userId", user_id);
  std::string with = json.take();
  with.pop_back();
  if (text != "{}") with.push_back(',');
  return with.append(text.substr(1));
}

}  // namespace galena::domain
