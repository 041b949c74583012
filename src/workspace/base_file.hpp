// How a base ends: where its parts are. Plain bytes of this machine's kind.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "workspace/base.hpp"

namespace galena::workspace {

static_assert(std::endian::native == std::endian::little);

struct BaseFoot {
  static constexpr std::uint64_t kMagic = 0x4553'4142'4E4C'4147;  // "GALNBASE"
  static constexpr std::uint64_t kFormat = 1;

  struct Place {
    std::uint64_t begin = 0, size = 0;
  };
  std::array<Place, kBaseParts> parts{};
  std::uint64_t format = kFormat;
  std::uint64_t magic = kMagic;
};

}  // namespace galena::workspace
