#include "domain/mail_domain.hpp"

#include <libpsl.h>

#include "base/text.hpp"

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

}  // namespace galena::domain
