#include "domain/mail_domain.hpp"

#include <libpsl.h>

#include <algorithm>

#include "base/text.hpp"
#include "domain/domain_name.hpp"

namespace galena::domain {

// Sorted lines, one entry each (mail_lists.cmake).
extern const std::string_view kFreeMailList;
extern const std::string_view kDisposableList;
extern const std::string_view kRoleList;

namespace {

// Binary search by bytes: jumps into the middle of the text and looks at the line it landed in.
bool has_line(std::string_view lines, std::string_view wanted) {
  while (!lines.empty()) {
    const std::size_t middle = lines.size() / 2;
    const std::size_t before = middle == 0 ? std::string_view::npos : lines.rfind('\n', middle - 1);
    const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = lines.find('\n', start);
    const int order = wanted.compare(lines.substr(start, end - start));
    if (order == 0) return true;
    lines = order < 0 ? lines.substr(0, start) : lines.substr(end + 1);
  }
  return false;
}

// The registrable part of `domain`, a view into it; empty when there is none.
std::string_view registrable(std::string_view domain) {
  const std::string terminated(domain);
  const char* found = psl_registrable_domain(psl_builtin(), terminated.c_str());
  return found == nullptr ? std::string_view()
                          : domain.substr(static_cast<std::size_t>(found - terminated.c_str()));
}

bool is_listed(std::string_view list, std::string_view domain) {
  const std::string_view end = registrable(domain);
  while (true) {
    if (has_line(list, domain)) return true;
    if (domain.size() <= end.size()) return false;
    const std::size_t dot = domain.find('.');
    if (dot == std::string_view::npos) return false;
    domain.remove_prefix(dot + 1);
    // A bare public suffix ends here: whoever has a name under "com" is not listed by that.
    if (end.empty() && domain.find('.') == std::string_view::npos) return false;
  }
}

// "info-uk", "sales.de", "support+4711", "info2" begin with a role when the list says "info*".
std::string first_word(std::string_view local) {
  std::string word(local.substr(0, local.find_first_of("-._+0123456789")));
  return word + '*';
}

}  // namespace

bool is_free_mail(std::string_view domain) {
  return is_listed(kFreeMailList, domain);
}

bool is_disposable(std::string_view domain) {
  return is_listed(kDisposableList, domain);
}

std::uint64_t lists_fingerprint() {
  static const std::uint64_t kPrint = stable_hash(kFreeMailList) +
                                      3 * stable_hash(kDisposableList) +
                                      7 * stable_hash(std::string_view(psl_builtin_sha1sum()));
  return kPrint;
}

bool is_role_address(std::string_view local) {
  const std::string word = comparison_form(local);
  const std::string_view untagged = std::string_view(word).substr(0, word.find('+'));
  return has_line(kRoleList, untagged) || has_line(kRoleList, std::string(untagged) + '*') ||
         has_line(kRoleList, first_word(untagged));
}

std::string company_domain(std::string_view domain) {
  const std::string_view company = registrable(domain);
  if (company.empty() || is_free_mail(domain) || is_disposable(domain)) return {};
  return std::string(company);
}

std::string company_domain_told(std::string_view told) {
  std::string domain = comparison_form(told);
  for (const std::string_view before : {"https://", "http://", "www."}) {
    if (domain.starts_with(before)) domain.erase(0, before.size());
  }
  domain.resize(std::min(domain.find_first_of("/?#: "), domain.size()));
  const auto name = to_a_labels(domain);
  return name && is_domain_name(*name) ? company_domain(*name) : std::string();
}

bool is_company_domain(std::string_view text) {
  if (!is_domain_name(text) || company_domain(text) != text) return false;
  const std::string suffix(text.substr(text.find('.') + 1));
  return psl_is_public_suffix2(psl_builtin(), suffix.c_str(),
                               PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
}

}  // namespace galena::domain
