#include "cli/assets.hpp"

#include <vector>

#include "web/embed/assets.hpp"

namespace galena::cli {

std::span<const server::Asset> assets() {
  static const std::vector<server::Asset> all = [] {
    std::vector<server::Asset> list;
    for (const auto& asset : web::assets()) {
      list.push_back({asset.path, asset.content_type, asset.bytes, asset.gzip, asset.immutable});
    }
    return list;
  }();
  return all;
}

}  // namespace galena::cli
