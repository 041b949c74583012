#include "domain/playbook_packs.hpp"

#include <array>

namespace galena::domain {

// The files src/domain/data/pack_*.toml.
extern const std::string_view kPackClassicText;
extern const std::string_view kPackPlgText;
extern const std::string_view kPackLadderText;
extern const std::string_view kPackMqlText;

std::span<const PlaybookPack> playbook_packs() {
  static const std::array<PlaybookPack, 4> kPacks{{
      {"classic", "contact → lead → mql → sal → sql → opportunity → customer", kPackClassicText},
      {"plg", "the same with pql: qualified by using the product", kPackPlgText},
      {"ladder", "cold → warm → iql → mql → sal → sql", kPackLadderText},
      {"mql", "segments: an MQL by score and by rule, side by side", kPackMqlText},
  }};
  return kPacks;
}

}  // namespace galena::domain
