#include "web/embed/assets.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace galena::web {
namespace {

const Asset* find(std::string_view path) {
  auto found = std::ranges::find(assets(), path, &Asset::path);
  return found == assets().end() ? nullptr : &*found;
}

TEST(Assets, AreSortedByPathAndNotEmpty) {
  EXPECT_TRUE(std::ranges::is_sorted(assets(), {}, &Asset::path));
  for (const Asset& asset : assets()) {
    EXPECT_TRUE(asset.path.starts_with('/')) << asset.path;
    EXPECT_FALSE(asset.bytes.empty()) << asset.path;
    EXPECT_NE(asset.content_type, "application/octet-stream") << asset.path;
  }
}

TEST(Assets, TheIndexPageTakesANonceAndIsNeverImmutable) {
  const Asset* index = find("/index.html");
  ASSERT_NE(index, nullptr);
  EXPECT_TRUE(index->bytes.contains("__CSP_NONCE__"));
  EXPECT_FALSE(index->immutable);
  EXPECT_TRUE(index->gzip.empty());
}

TEST(Assets, EveryFileThatTheIndexPageNamesIsThere) {
  std::string_view html = find("/index.html")->bytes;
  for (auto at = html.find("\"/assets/"); at != html.npos; at = html.find("\"/assets/", at + 1)) {
    std::string_view path = html.substr(at + 1, html.find('"', at + 1) - at - 1);
    const Asset* asset = find(path);
    ASSERT_NE(asset, nullptr) << path;
    EXPECT_TRUE(asset->immutable) << path;
  }
}

TEST(Assets, GzipIsGzipAndSmaller) {
  for (const Asset& asset : assets()) {
    if (asset.gzip.empty()) continue;
    EXPECT_TRUE(asset.gzip.starts_with("\x1f\x8b")) << asset.path;
    EXPECT_LT(asset.gzip.size(), asset.bytes.size()) << asset.path;
  }
}

TEST(Assets, TheOpenApiDocumentIsJson) {
  const Asset* document = find("/openapi.json");
  if (!document) GTEST_SKIP() << "built without Node";
  EXPECT_TRUE(document->bytes.starts_with("{\"openapi\":\"3.1"));
  EXPECT_EQ(document->content_type, "application/json");
}

}  // namespace
}  // namespace galena::web
