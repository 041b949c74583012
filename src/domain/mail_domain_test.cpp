#include "domain/mail_domain.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace galena::domain {
namespace {

TEST(MailDomain, FreeMailWithItsSubdomains) {
  for (const std::string_view domain :
       {"gmail.com", "googlemail.com", "yahoo.co.uk", "mail.yahoo.co.uk", "gmx.de", "web.de",
        "qq.com", "proton.me", "protonmail.com", "tutanota.com", "hey.com", "icloud.com",
        "outlook.com", "t-online.de", "orange.fr", "libero.it", "yandex.ru", "aol.com"}) {
    EXPECT_TRUE(is_free_mail(domain)) << domain;
  }
  for (const std::string_view domain :
       {"acme.com", "microsoft.com", "google.com", "facebook.com", "gmail.com.acme.com", "com",
        "co.uk", "yahoo", "", "notgmail.com", "gmail.co", "bbc.co.uk", "mit.edu", "example.com"}) {
    EXPECT_FALSE(is_free_mail(domain)) << domain;
  }
}

TEST(MailDomain, DisposableWithItsSubdomains) {
  for (const std::string_view domain : {"mailinator.com", "x.mailinator.com", "yopmail.com",
                                        "guerrillamail.com", "10minutemail.com", "33mail.com"}) {
    EXPECT_TRUE(is_disposable(domain)) << domain;
  }
  for (const std::string_view domain : {"gmail.com", "acme.com", "com", "", "mailinator"}) {
    EXPECT_FALSE(is_disposable(domain)) << domain;
  }
}

TEST(MailDomain, Roles) {
  for (const std::string_view local :
       {"info",           "Info",     "INFO",      "info-uk",    "sales.de",  "sales2",
        "support+4711",   "no-reply", "noreply",   "no_reply",   "office",    "kontakt",
        "büro",           "Buero",    "bewerbung", "ventas",     "webmaster", "postmaster",
        "marketing-team", "hr",       "ceo",       "team.berlin"}) {
    EXPECT_TRUE(is_role_address(local)) << local;
  }
  for (const std::string_view local :
       {"ann", "ann.smith", "informer", "salesman.joe", "paris", "alexa", "teamer", "hrvoje",
        "john.info", "m.office", "", "md.khan", "it.smith"}) {
    EXPECT_FALSE(is_role_address(local)) << local;
  }
}

TEST(MailDomain, TheCompanyIsTheRegistrableDomain) {
  EXPECT_EQ(company_domain("acme.com"), "acme.com");
  EXPECT_EQ(company_domain("mail.eu.acme.co.uk"), "acme.co.uk");
  EXPECT_EQ(company_domain("xn--bcher-kva.de"), "xn--bcher-kva.de");
  EXPECT_EQ(company_domain("gmail.com"), "");
  EXPECT_EQ(company_domain("mail.yahoo.co.uk"), "");
  EXPECT_EQ(company_domain("mailinator.com"), "");
  EXPECT_EQ(company_domain("co.uk"), "");
  EXPECT_EQ(company_domain("io"), "");
  EXPECT_EQ(company_domain(""), "");
}

// --- coverage of lists that others keep -------------------------------------------------------

const std::filesystem::path kPeople =
    std::filesystem::path(GALENA_SOURCE_DIR) / ".." / "shared" / "data" / "people";

// Every quoted or bare word with a dot in it, one a line at most: JSON arrays and plain lists.
std::vector<std::string> domains_in(const std::filesystem::path& file) {
  std::ifstream input(file);
  std::vector<std::string> domains;
  for (std::string line; std::getline(input, line);) {
    const std::size_t start = line.find_first_not_of(" \t\"");
    if (start == std::string::npos) continue;
    const std::size_t end = line.find_first_of("\", \r", start);
    const std::string word = line.substr(start, end - start);
    if (word.find('.') != std::string::npos) domains.push_back(word);
  }
  return domains;
}

double covered(const std::vector<std::string>& domains, bool (*is_known)(std::string_view)) {
  std::size_t known = 0;
  for (const std::string& domain : domains) known += is_known(domain) ? 1 : 0;
  return static_cast<double>(known) / static_cast<double>(domains.size());
}

TEST(MailDomain, CoversThePublicFreeMailList) {
  const auto file = kPeople / "free_email_domains.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "needs ../shared/data/people";
  EXPECT_GT(covered(domains_in(file), is_free_mail), 0.97);
}

TEST(MailDomain, CoversThePublicDisposableList) {
  const auto file = kPeople / "disposable_email_blocklist.conf";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "needs ../shared/data/people";
  EXPECT_GT(covered(domains_in(file), is_disposable), 0.99);
}

}  // namespace
}  // namespace galena::domain
