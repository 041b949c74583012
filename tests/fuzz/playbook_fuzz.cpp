// Any text as a playbook: it is refused with a place, or writing and reading it gives the same
// again.
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "domain/playbook.hpp"

using namespace galena;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto playbook = domain::read_playbook(text, domain::standard_playbook());
  if (!playbook) return 0;
  const std::string written = domain::write_playbook(*playbook);
  const auto again = domain::read_playbook(written, domain::Playbook{});
  GALENA_ASSERT(again.has_value());
  GALENA_ASSERT(domain::write_playbook(*again) == written);
  static_cast<void>(domain::compile_playbook(*playbook, 1, domain::KindTable()));
  return 0;
}
