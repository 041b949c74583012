// For tests: a base that lies in memory instead of a file.
#pragma once

#include "workspace/base_codec.hpp"
#include "workspace/rebase.hpp"

namespace galena::workspace {

inline Base::Bytes in_memory(std::string bytes) {
  // Longer than what a string keeps within itself, so it begins where memory is handed out.
  auto holder = std::make_shared<const std::string>(std::move(bytes));
  return {holder, *holder};
}

inline std::string base_bytes(const Version& version,
                              const std::function<void(const BaseSink&)>& columns = {}) {
  std::string bytes;
  write_base(version, "test", columns, [&](std::string_view piece) { bytes += piece; });
  return bytes;
}

}  // namespace galena::workspace
