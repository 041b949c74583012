// What is known of a mail domain or local part from public lists (npm, compiled in at build):
// whether an address belongs to a person's free mailbox, a throw-away service, a role, a company.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace galena::domain {

// `domain` as in EmailAddress::domain: lower case, A-labels. The domain itself and its parents down
// to the registrable one are looked up: mail.yahoo.co.uk is free mail because yahoo.co.uk is.
bool is_free_mail(std::string_view domain);  // gmail.com, gmx.de, qq.com: says nothing of a company
bool is_disposable(std::string_view domain);  // mailinator.com: made to be thrown away

// Tells these lists from others: what was derived by others must be derived again.
std::uint64_t lists_fingerprint();

// `local` as in EmailAddress::local, any case: info, sales, no-reply, also "sales+de", "info-uk".
bool is_role_address(std::string_view local);

// The registrable domain (public suffix list): "mail.acme.co.uk" gives "acme.co.uk". Empty for
// free mail, disposable mail, bare public suffixes, machine addresses and names without a dot.
std::string company_domain(std::string_view domain);

// The same of what was told as one: "https://www.Acme.com/about" gives "acme.com".
std::string company_domain_told(std::string_view told);

// True if that is a company's own domain, and under a suffix that the list knows: "acme.co.uk", but
// neither "www.acme.co.uk" nor "order.v1".
bool is_company_domain(std::string_view text);

}  // namespace galena::domain
