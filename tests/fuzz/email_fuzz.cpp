// What parse_email accepts stays what it is when read again, within the limits, and its parts
// can be asked about.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "base/text.hpp"
#include "domain/email_address.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace domain = galena::domain;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto address = domain::parse_email(text);
  if (!address) {
    GALENA_ASSERT(!address.error().message.empty());
    return 0;
  }
  GALENA_ASSERT(address->normalised == address->local + "@" + address->domain);
  GALENA_ASSERT(address->normalised.size() <= 254);
  GALENA_ASSERT(address->normalised.find_first_of("\r\n") == std::string::npos);
  GALENA_ASSERT(galena::is_utf8(address->normalised) && galena::is_utf8(address->key));

  const auto again = domain::parse_email(address->normalised);
  GALENA_ASSERT(again && again->normalised == address->normalised && again->key == address->key);

  const std::string company = domain::company_domain(address->domain);
  GALENA_ASSERT(address->domain.ends_with(company));
  GALENA_ASSERT(company.empty() || !domain::is_free_mail(address->domain));
  domain::is_role_address(address->local);
  return 0;
}
