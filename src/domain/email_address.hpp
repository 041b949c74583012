// An e-mail address as people type, paste and export it, made into one that can be compared,
// stored and written to. Syntax only: whether the mailbox exists is not asked here.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/mail_domain.hpp"

namespace galena::domain {

struct EmailAddress {
  std::string normalised;  // local@domain: what is shown and written to
  std::string local;       // as given: case, dots and +tags kept; needless quoting removed
  std::string domain;      // lower case, international names as A-labels (xn--…)
  std::string key;         // identity: NFKC and lower case; equal keys are one mailbox
};

// Reads one address. Accepted and cleaned: surrounding blanks and invisible characters,
// "mailto:a@b.c?subject=x", "<a@b.c>", "Ann Smith <a@b.c>", full-width forms in the domain.
//
// Valid is RFC 5321 with RFC 6531 (UTF-8 on both sides), 64 bytes of local part, 255 of domain, 254
// in all, measured in the normalised form. A domain without a dot (ann@io) is valid. Dots and
// "+tags" are never stripped: they name another mailbox.
//
// Refused although some RFC allows it, as no person's address in practice and a way to smuggle
// one: comments and folded lines, line breaks (also at the end: a header would be injected),
// several addresses, address literals (ann@[10.0.0.1]), numeric top-level domains, obsolete forms
// (blanks around dots, quoted and unquoted parts mixed, control characters).
//
// The Error is `invalid` with a sentence and an empty field (the caller knows the place).
Result<EmailAddress> parse_email(std::string_view text);

}  // namespace galena::domain
