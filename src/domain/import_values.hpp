// What people and programs write into cells: amounts of money, head counts, yes and no.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace galena::domain {

// True for what stands in a cell when nothing is known: blank, "-", "n/a", "NULL", "unknown" …
bool is_placeholder(std::string_view cell);

// --- amounts -----------------------------------------------------------------------------------

struct Amount {
  double value = 0;
  std::string currency;  // ISO code if a sign or code of one stands with it: "€", "USD"
};

// "15,000.50", "15.000,50 €", "CHF 1'234.50", "(500)", "$1.2M", "3 Mio. EUR". One sign with three
// digits behind it separates thousands. The Error has a message and no field.
Result<Amount> read_amount(std::string_view text);

// "eur", "€" and "Euro" are "EUR". Nothing for what names no one currency ("kr").
std::optional<std::string> currency_code(std::string_view text);

// How many a company employs: the lower end of "51-200", "1,000+", "10k". Nothing for texts without
// a number.
std::optional<std::int64_t> read_head_count(std::string_view text);

// --- words -------------------------------------------------------------------------------------

// "Yes", "1", "wahr", "oui", "sí" …; nothing for other words.
std::optional<bool> read_truth(std::string_view text);

enum class DealOutcome : std::uint8_t { open, won, lost };

// By the words of a stage or status: "Closed Won", "closedlost", "Gewonnen". Nothing if it says
// neither.
std::optional<DealOutcome> deal_outcome(std::string_view stage);

}  // namespace galena::domain
