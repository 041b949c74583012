// A deal of a CRM as an event of its contact: created, won or lost.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "domain/email_address.hpp"
#include "domain/import_cells.hpp"
#include "domain/import_values.hpp"

namespace galena::domain {
namespace {

using Target = ImportTarget;

// An address within a text: "Zoë Østergaard (zoe@northwind.example)". Empty if there is none.
std::string address_in(std::string_view text) {
  if (const auto whole = parse_email(text)) return whole->normalised;
  constexpr std::string_view kEnds = " ()<>[],;|\"\t\r\n";
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const std::size_t before = text.find_last_of(kEnds, at);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = std::min(text.find_first_of(kEnds, at), text.size());
    if (const auto address = parse_email(text.substr(begin, end - begin))) {
      return address->normalised;
    }
  }
  return {};
}

// Its own word on being won goes before the words of its stage.
DealOutcome outcome_of(const ImportCells& cells) {
  const auto won = read_truth(cells[Target::won]);
  if (won.value_or(false)) return DealOutcome::won;
  if (won && read_truth(cells[Target::closed]).value_or(false)) return DealOutcome::lost;
  for (const Target target : {Target::status, Target::stage}) {
    const auto outcome = deal_outcome(cells[target]);
    if (!outcome) continue;
    const bool contradicted = won && *outcome == DealOutcome::won;
    return contradicted ? DealOutcome::open : *outcome;
  }
  return DealOutcome::open;
}

std::string_view event_of(DealOutcome outcome) {
  switch (outcome) {
    case DealOutcome::won:
      return "Opportunity Won";
    case DealOutcome::lost:
      return "Opportunity Lost";
    case DealOutcome::open:
      break;
  }
  return "Opportunity Created";
}

Result<> tell_amount(ImportCells& cells, JsonWriter& json) {
  const std::string_view cell = cells[Target::amount];
  std::optional<std::string> currency;
  if (!is_placeholder(cell)) {
    const auto amount = read_amount(cell);
    if (!amount) return cells.wrong(Target::amount, amount.error().message, cell);
    json.number("amount", amount->value);
    if (!amount->currency.empty()) currency = amount->currency;
  }
  if (const std::string_view told = cells[Target::currency]; !is_placeholder(told)) {
    const auto code = currency_code(told);
    if (!code) cells.warn(Target::currency, "is no currency that is known; it was left out", told);
    if (code) currency = code;
  }
  if (currency) json.text("currency", *currency);
  return {};
}

}  // namespace

Result<ImportMessage> deal_message(ImportCells& cells) {
  const std::string user_id = address_in(cells[Target::contact]);
  const std::string_view company = cells[Target::company];
  if (user_id.empty() && is_placeholder(company)) {
    return cells.wrong(
        Target::contact,
        cells[Target::contact].empty()
            ? "the row names neither a contact nor a company, so nobody can tell whose deal it is"
            : "holds no e-mail address, and there is no company: nobody can tell whose deal it is",
        cells[Target::contact]);
  }
  const DealOutcome outcome = outcome_of(cells);
  JsonWriter json;
  json.text("type", "track");
  if (!user_id.empty()) json.text("userId", user_id);
  json.text("event", event_of(outcome));
  const std::string closed_at = cells.date(Target::closed_at);
  const std::string created_at = cells.date(Target::created_at);
  const std::string& moment = outcome == DealOutcome::open ? created_at : closed_at;
  if (!moment.empty()) json.text("timestamp", moment);
  json.begin("properties");
  if (auto amount = tell_amount(cells, json); !amount) return tl::unexpected(amount.error());
  for (const Target target : {Target::deal_name, Target::stage, Target::status, Target::owner,
                              Target::company, Target::contact}) {
    cells.tell(json, to_string(target), target);
  }
  if (!closed_at.empty()) json.text("closed_at", closed_at);
  if (!created_at.empty()) json.text("created_at", created_at);
  const std::string& label = cells.mapping().source;
  const std::string_view source = cells[Target::source];
  if (!source.empty()) json.text("source", source);
  if (!label.empty()) json.text(source.empty() ? "source" : "imported_from", label);
  cells.tell_properties(json);
  json.end();
  auto text = cells.ended(json);
  if (!text) return tl::unexpected(text.error());
  return ImportMessage{MessageType::track, std::move(*text),
                       user_id.empty() ? std::string(company) : std::string()};
}

}  // namespace galena::domain
