// Parts of a playbook to begin from, as the text that a user applies: lifecycles, mostly. Applying
// one replaces the sections that it names and leaves the rest as it is.
#pragma once

#include <span>
#include <string_view>

namespace galena::domain {

struct PlaybookPack {
  std::string_view name;
  std::string_view about;
  std::string_view toml;
};

std::span<const PlaybookPack> playbook_packs();

}  // namespace galena::domain
