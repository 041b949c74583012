#include "domain/email_address.hpp"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <array>
#include <optional>

#include "base/text.hpp"
#include "domain/domain_name.hpp"

namespace galena::domain {
namespace {

constexpr std::size_t kLocalBytesMax = 64;
constexpr std::size_t kDomainBytesMax = 255;
constexpr std::size_t kAddressBytesMax = 254;
// Longer text is refused unread: the longest address, percent-encoded, with a generous name.
constexpr std::size_t kTextBytesMax = 2048;

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::invalid, std::move(message));
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// --- what surrounds an address ----------------------------------------------------------------

// Characters that come along when an address is copied from a page: no-break and zero-width blanks.
constexpr std::array<std::string_view, 8> kPastedBlanks = {
    " ",           "\t", "\xC2\xA0", "\xE2\x80\x8B", "\xE2\x80\x8C", "\xE2\x80\x8D", "\xE2\x80\xAF",
    "\xEF\xBB\xBF"};

// Not line breaks: an address that ends in one would open a mail header.
std::string_view without_pasted_blanks(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view blank : kPastedBlanks) {
      while (text.starts_with(blank)) text.remove_prefix(blank.size()), again = true;
      while (text.ends_with(blank)) text.remove_suffix(blank.size()), again = true;
    }
  }
  return text;
}

bool starts_with_no_case(std::string_view text, std::string_view lower_prefix) {
  if (text.size() < lower_prefix.size()) return false;
  for (std::size_t i = 0; i < lower_prefix.size(); ++i) {
    if (lower(text[i]) != lower_prefix[i]) return false;
  }
  return true;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// "mailto:ann%2Bnews@acme.com?subject=Hi" names ann+news@acme.com.
std::string address_of_mailto(std::string_view link) {
  link = link.substr(0, link.find('?'));
  std::string address;
  for (std::size_t i = 0; i < link.size(); ++i) {
    if (link[i] == '%' && i + 2 < link.size() && hex_value(link[i + 1]) >= 0 &&
        hex_value(link[i + 2]) >= 0) {
      address.push_back(static_cast<char>(hex_value(link[i + 1]) * 16 + hex_value(link[i + 2])));
      i += 2;
    } else {
      address.push_back(link[i]);
    }
  }
  return address;
}

// The address in "Ann Smith <ann@acme.com>"; text that has not that form is returned as it is.
std::string_view within_angles(std::string_view text) {
  if (!text.ends_with('>')) return text;
  const std::size_t open = text.rfind('<');
  if (open == std::string_view::npos) return text;
  const std::string_view name = text.substr(0, open);
  if (name.find_first_of("<>@\r\n") != std::string_view::npos) return text;
  return without_pasted_blanks(text.substr(open + 1, text.size() - open - 2));
}

// --- the local part ---------------------------------------------------------------------------

// RFC 5322 atext; bytes of UTF-8 are judged by has_unprintable.
bool is_atom_byte(char c) {
  return is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

// Control, format and separator characters: nobody can see them, so nobody can check them.
bool has_unprintable(std::string_view text) {
  const std::uint32_t hidden = U_GC_CC_MASK | U_GC_CF_MASK | U_GC_Z_MASK;
  const auto wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
    const UChar32 c = wide.char32At(i);
    if (c != ' ' && (U_GET_GC_MASK(c) & hidden) != 0) return true;
  }
  return false;
}

bool is_dot_atom(std::string_view local) {
  bool after_dot = true;
  for (const char c : local) {
    if (c == '.' && after_dot) return false;
    if (c != '.' && !is_atom_byte(c)) return false;
    after_dot = c == '.';
  }
  return !after_dot;
}

// The end of the local part: the position of its "@"; npos when there is none.
std::size_t local_end(std::string_view address) {
  if (!address.starts_with('"')) return address.find('@');
  for (std::size_t i = 1; i < address.size(); ++i) {
    if (address[i] == '\\') {
      ++i;
    } else if (address[i] == '"') {
      return i + 1 < address.size() && address[i + 1] == '@' ? i + 1 : std::string_view::npos;
    }
  }
  return std::string_view::npos;
}

// "\"ann.smith\"" says no more than ann.smith; "\"ann smith\"" needs its quotes.
std::string with_least_quoting(std::string_view quoted) {
  std::string plain;
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (quoted[i] == '\\') ++i;
    plain.push_back(quoted[i]);
  }
  if (is_dot_atom(plain)) return plain;
  std::string least = "\"";
  for (const char c : plain) {
    if (c == '"' || c == '\\') least.push_back('\\');
    least.push_back(c);
  }
  return least + '"';
}

Result<std::string> read_local(std::string_view local) {
  if (local.empty()) return refuse("an address needs something before the @");
  if (has_unprintable(local)) return refuse("an address has no invisible characters");
  if (local.front() == '"') {
    if (local.size() == 2) return refuse("an address needs something before the @");
    if (local.size() > kLocalBytesMax) return refuse("the part before the @ is over 64 bytes");
    return with_least_quoting(local);
  }
  if (!is_dot_atom(local)) {
    return refuse("the part before the @ has a character or a dot where none may be");
  }
  if (local.size() > kLocalBytesMax) return refuse("the part before the @ is over 64 bytes");
  return std::string(local);
}

// --- the domain -------------------------------------------------------------------------------

Result<std::string> read_domain(std::string_view domain) {
  if (domain.empty()) return refuse("an address needs a domain after the @");
  if (domain.front() == '[') return refuse("an address needs a domain name, not a machine number");
  std::string name(domain);
  for (char& c : name) c = lower(c);
  if (!is_ascii(name) || name.find("xn--") != std::string::npos) {
    if (has_unprintable(name)) return refuse("an address has no invisible characters");
    const auto ascii = to_a_labels(name);
    if (!ascii) return refuse("the part after the @ is no domain name");
    name = *ascii;
  }
  if (name.size() > kDomainBytesMax) return refuse("the domain is over 255 bytes");
  if (!is_domain_name(name)) return refuse("the part after the @ is no domain name");
  return name;
}

// NFKC can turn a full-width sign into a real one ("＠"): such a key would name another mailbox.
Result<std::string> key_of(std::string_view local, std::string_view domain) {
  std::string folded = comparison_form(local);
  if (local.front() != '"' && !is_dot_atom(folded)) {
    return refuse("the part before the @ has a character that looks like another");
  }
  return folded.append("@").append(domain);
}

}  // namespace

Result<EmailAddress> parse_email(std::string_view text) {
  if (text.size() > kTextBytesMax) return refuse("an address has 254 bytes at most");
  if (!is_utf8(text)) return refuse("an address must be UTF-8");
  std::string_view address = without_pasted_blanks(text);
  std::string from_link;
  address = within_angles(address);
  if (starts_with_no_case(address, "mailto:")) {
    from_link = address_of_mailto(address.substr(7));
    if (!is_utf8(from_link)) return refuse("an address must be UTF-8");
    address = without_pasted_blanks(from_link);
  }
  const std::size_t at = local_end(address);
  if (at == std::string_view::npos) return refuse("an address needs an @ between name and domain");

  auto local = read_local(address.substr(0, at));
  if (!local) return tl::unexpected(std::move(local.error()));
  auto domain = read_domain(address.substr(at + 1));
  if (!domain) return tl::unexpected(std::move(domain.error()));
  auto key = key_of(*local, *domain);
  if (!key) return tl::unexpected(std::move(key.error()));

  EmailAddress read{*local + "@" + *domain, std::move(*local), std::move(*domain), std::move(*key)};
  if (read.normalised.size() > kAddressBytesMax) return refuse("an address has 254 bytes at most");
  return read;
}

}  // namespace galena::domain
