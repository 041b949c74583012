#include "domain/company_name.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"

namespace galena::domain {
namespace {

TEST(CompanyName, SpellingsOfOneCompanyShareTheShortForm) {
  for (const auto& spellings : std::vector<std::vector<std::string>>{
           {"Acme", "ACME Inc.", "Acme, Incorporated", "The Acme Company", "acme  LLC",
            "Acme Corp"},
           {"Müller", "MULLER GmbH & Co. KG", "Müller G.m.b.H.", "Ｍüller GmbH und Co KG"},
           {"Total", "Total S.A.", "TOTAL SA", "Total Société Anonyme"},
           {"Foo Bar", "Foo-Bar Sp. z o.o.", "foo bar sp. z oo"},
           {"AT&T", "AT&T Inc."},
           {"H&M", "H & M AB"},
           {"IBM", "I.B.M.", "I B M Corp."},
           {"トヨタ自動車", "トヨタ自動車株式会社", "株式会社トヨタ自動車", "トヨタ自動車㈱"},
           {"华为技术", "华为技术有限公司"},
           {"Роснефть", "Роснефть ПАО"},
           {"Kellogg's", "Kelloggs", "Kellogg’s Co."},
           {"Siemens", "Siemens AG", "siemens aktiengesellschaft"}}) {
    for (const std::string& spelling : spellings) {
      EXPECT_EQ(parse_company_name(spelling).short_form,
                parse_company_name(spellings.front()).short_form)
          << spelling;
    }
    EXPECT_FALSE(parse_company_name(spellings.front()).short_form.empty());
  }
}

TEST(CompanyName, DifferentNamesStayDifferent) {
  const auto short_form = [](std::string_view name) { return parse_company_name(name).short_form; };
  EXPECT_NE(short_form("General Electric"), short_form("General Motors"));
  EXPECT_NE(short_form("Acme Logistics GmbH"), short_form("Acme GmbH"));
  EXPECT_EQ(short_form("Limited"), "limited");
  EXPECT_EQ(short_form("The The"), "the");
  EXPECT_EQ(short_form("SE"), "se");
  EXPECT_EQ(short_form(""), "");
}

TEST(CompanyName, PartsAreTold) {
  const CompanyName name = parse_company_name("The Keller & Sons Movers GmbH & Co. KG");
  EXPECT_EQ(name.legal_form, "gmbh & co kg");
  EXPECT_EQ(name.short_form, "keller movers");
  EXPECT_EQ(name.form, "the keller and sons movers gmbh & co kg");
  EXPECT_EQ(parse_company_name("Acme GmbH Deutschland").legal_form, "gmbh");
  EXPECT_EQ(parse_company_name("Grand Hotel and Spa").legal_form, "");
}

RC_GTEST_PROP(CompanyName, EveryWordHasOneLabelAndANameIsLeft, (const std::string& text)) {
  std::size_t at = 0;
  for (const CompanyToken& token : label_company_name(text)) {
    const std::size_t found = text.find(token.text, at);
    RC_ASSERT(found != std::string::npos);
    RC_ASSERT(trimmed(text.substr(at, found - at)).empty());
    at = found + token.text.size();
  }
  RC_ASSERT(trimmed(text.substr(at)).empty());
  const CompanyName name = parse_company_name(text);
  RC_ASSERT(name.short_form.empty() == name.form.empty());
  RC_ASSERT(parse_company_name(name.form).short_form.empty() == name.short_form.empty());
}

RC_GTEST_PROP(CompanyName, TheLegalFormSaysNothing, ()) {
  const std::string name =
      *rc::gen::element<std::string>("Acme", "Blue Ocean", "Müller & Söhne", "X1 Labs");
  const std::string form = *rc::gen::element<std::string>("Inc.", "GmbH", "S.A.", "Pty Ltd", "LLC",
                                                          "Co., Ltd.", "GmbH & Co. KG", "B.V.");
  const std::string between = *rc::gen::element<std::string>(" ", ", ", "  ");
  const CompanyName plain = parse_company_name(name);
  const CompanyName formal = parse_company_name(name + between + form);
  RC_ASSERT(formal.short_form == plain.short_form);
  RC_ASSERT(!formal.legal_form.empty());
}

}  // namespace
}  // namespace galena::domain
