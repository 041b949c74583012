#include "domain/import_values.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace galena::domain {
namespace {

std::string amount(std::string_view text) {
  const auto read = read_amount(text);
  return read ? fmt::format("{} {}", read->value, read->currency) : "wrong";
}

TEST(ImportAmounts, in_the_forms_of_many_countries) {
  EXPECT_EQ(amount("15,000.50"), "15000.5 ");
  EXPECT_EQ(amount("15.000,50 €"), "15000.5 EUR");
  EXPECT_EQ(amount("€15.000,50"), "15000.5 EUR");
  EXPECT_EQ(amount("$1,234"), "1234 USD");
  EXPECT_EQ(amount("15000"), "15000 ");
  EXPECT_EQ(amount("15.000"), "15000 ");
  EXPECT_EQ(amount("15,5"), "15.5 ");
  EXPECT_EQ(amount("0.500"), "0.5 ");
  EXPECT_EQ(amount("1234.567"), "1234.567 ");
  EXPECT_EQ(amount("1.234.567"), "1234567 ");
  EXPECT_EQ(amount("CHF 1'234.50"), "1234.5 CHF");
  EXPECT_EQ(amount("1’234 Fr."), "1234 CHF");
  EXPECT_EQ(amount("1 234 567,89 EUR"), "1234567.89 EUR");
  EXPECT_EQ(amount("1\xC2\xA0"
                   "234,50"),
            "1234.5 ");
  EXPECT_EQ(amount("12,34,567.00 INR"), "1234567 INR");
  EXPECT_EQ(amount("500,-"), "500 ");
  EXPECT_EQ(amount("-500"), "-500 ");
  EXPECT_EQ(amount("(500)"), "-500 ");
  EXPECT_EQ(amount("+500"), "500 ");
  EXPECT_EQ(amount("500 kr"), "500 ");
  EXPECT_EQ(amount(".5"), "0.5 ");
}

TEST(ImportAmounts, with_multiples) {
  EXPECT_EQ(amount("$1.2M"), "1200000 USD");
  EXPECT_EQ(amount("3 Mio. EUR"), "3000000 EUR");
  EXPECT_EQ(amount("1,5 Mrd. €"), "1500000000 EUR");
  EXPECT_EQ(amount("10k"), "10000 ");
}

TEST(ImportAmounts, what_is_none_is_refused) {
  for (const auto* text : {"", "abc", "1-2", "12 34", "1.23.4", "15,000,50", "1,2,3", "5 apples",
                           "--", "1.2.3,4,5", "€"}) {
    EXPECT_EQ(amount(text), "wrong") << text;
  }
}

RC_GTEST_PROP(ImportAmountsProperty, what_is_written_with_two_decimals_is_read_back, ()) {
  const auto cents = *rc::gen::inRange<std::int64_t>(0, 100'000'000'000);
  const double expected = static_cast<double>(cents) / 100;
  std::string plain = fmt::format("{}.{:02}", cents / 100, cents % 100);
  RC_ASSERT(read_amount(plain)->value == expected);
  std::string grouped = fmt::format("{}", cents / 100);
  for (std::size_t i = grouped.size(); i > 3; i -= 3) grouped.insert(i - 3, ".");
  RC_ASSERT(read_amount(fmt::format("{},{:02} €", grouped, cents % 100))->value == expected);
}

TEST(ImportValues, currencies) {
  EXPECT_EQ(currency_code("eur"), "EUR");
  EXPECT_EQ(currency_code(" € "), "EUR");
  EXPECT_EQ(currency_code("Euro"), "EUR");
  EXPECT_EQ(currency_code("US$"), "USD");
  EXPECT_EQ(currency_code("kr"), std::nullopt);
  EXPECT_EQ(currency_code("florins"), std::nullopt);
}

TEST(ImportValues, head_counts) {
  EXPECT_EQ(read_head_count("51-200"), 51);
  EXPECT_EQ(read_head_count("1,000+"), 1000);
  EXPECT_EQ(read_head_count("10,001+ employees"), 10'001);
  EXPECT_EQ(read_head_count("10k"), 10'000);
  EXPECT_EQ(read_head_count("300"), 300);
  EXPECT_EQ(read_head_count("mehr als 500"), 500);
  EXPECT_EQ(read_head_count("Nov-50"), std::nullopt);  // "11-50", as spreadsheets spoil it
  EXPECT_EQ(read_head_count("many"), std::nullopt);
  EXPECT_EQ(read_head_count("-5"), std::nullopt);
}

TEST(ImportValues, yes_and_no) {
  for (const auto* text : {"Yes", "TRUE", "1", "ja", "Oui", "Sí", "wahr"}) {
    EXPECT_EQ(read_truth(text), true) << text;
  }
  for (const auto* text : {"No", "false", "0", "nein", "non", "Did not attend"}) {
    EXPECT_EQ(read_truth(text), false) << text;
  }
  EXPECT_EQ(read_truth("perhaps"), std::nullopt);
  EXPECT_EQ(read_truth(""), std::nullopt);
}

TEST(ImportValues, outcomes_of_deals) {
  for (const auto* text : {"Closed Won", "closedwon", "Gewonnen", "won", "Gagné", "Ganada",
                           "6 - Closed Won (renewal)"}) {
    EXPECT_EQ(deal_outcome(text), DealOutcome::won) << text;
  }
  for (const auto* text : {"Closed Lost", "verloren", "Perdu", "closedlost"}) {
    EXPECT_EQ(deal_outcome(text), DealOutcome::lost) << text;
  }
  EXPECT_EQ(deal_outcome("Wonderful"), std::nullopt);
  EXPECT_EQ(deal_outcome("Negotiation"), std::nullopt);
}

TEST(ImportValues, placeholders_say_nothing) {
  for (const auto* text : {"", " ", "-", "N/A", "null", "#N/A", "k.A."}) {
    EXPECT_TRUE(is_placeholder(text)) << text;
  }
  for (const auto* text : {"0", "no", "Nash", "n/a yet"})
    EXPECT_FALSE(is_placeholder(text)) << text;
}

}  // namespace
}  // namespace galena::domain
