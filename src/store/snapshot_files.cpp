#include "store/snapshot_files.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include "store/data_directory.hpp"

namespace galena::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKept = 2;
constexpr std::array<char, 8> kMagic{'G', 'A', 'L', 'N', 'S', 'N', 'A', 'P'};
constexpr std::uint32_t kFormat = 2;

// The first bytes of the file, as they lie in memory. The checksum is over the content
// and the rest of the head, so a file under a wrong name is noticed too.
struct Head {
  std::array<char, 8> magic = kMagic;
  std::uint32_t format = kFormat;
  std::uint32_t workspace = 0;
  std::uint64_t position = 0;
  std::uint64_t size = 0;
  std::array<unsigned char, 32> checksum{};

  std::string_view bytes() const { return {reinterpret_cast<const char*>(this), sizeof(*this)}; }
};
static_assert(std::endian::native == std::endian::little && sizeof(Head) == 64);
static_assert(sizeof(Head::checksum) == crypto_generichash_BYTES);

// Of content that comes piece by piece.
class Checksum {
 public:
  Checksum() { crypto_generichash_init(&state_, nullptr, 0, sizeof(Head::checksum)); }

  void add(std::string_view bytes) {
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()),
                              bytes.size());
    size_ += bytes.size();
  }
  Head head(WorkspaceId workspace, Position position) {
    Head head;
    head.workspace = workspace;
    head.position = position;
    head.size = size_;
    add(head.bytes().substr(0, offsetof(Head, checksum)));
    crypto_generichash_final(&state_, head.checksum.data(), head.checksum.size());
    return head;
  }

 private:
  crypto_generichash_state state_;
  std::uint64_t size_ = 0;
};

Head head_of(WorkspaceId workspace, Position position, std::string_view content) {
  Checksum checksum;
  checksum.add(content);
  return checksum.head(workspace, position);
}

// The content, if the file is whole and the one that its name says.
std::optional<std::string> read_sound(const std::string& path, WorkspaceId workspace,
                                      Position position) {
  std::ifstream file(path, std::ios::binary);
  Head head;
  file.read(reinterpret_cast<char*>(&head), sizeof(head));
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (!file || error || head.magic != kMagic || size - sizeof(head) != head.size) {
    return std::nullopt;
  }
  std::string content(head.size, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (!file || head.bytes() != head_of(workspace, position, content).bytes()) return std::nullopt;
  return content;
}

}  // namespace

SnapshotFiles::SnapshotFiles(std::string directory) : directory_(std::move(directory)) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory_, error)) {
    if (entry.path().extension() == ".new") fs::remove(entry.path(), error);
  }
}

void SnapshotFiles::save(WorkspaceId workspace, Position position, const SnapshotSource& source) {
  DurableFile file(fmt::format("{}/{}-{}.snap", directory_, workspace, position));
  Checksum checksum;
  file.append(Head().bytes());
  source([&](std::string_view piece) {
    checksum.add(piece);
    file.append(piece);
  });
  file.begin_with(checksum.head(workspace, position).bytes());
  file.finish();
  const std::vector<File> files = files_of(workspace);
  std::error_code error;  // an old one that stays does no harm
  for (std::size_t i = kKept; i < files.size(); ++i) fs::remove(files[i].path, error);
}

void SnapshotFiles::forget(WorkspaceId workspace, Position before) {
  for (const File& file : files_of(workspace)) {
    std::error_code error;
    if (file.position < before && !fs::remove(file.path, error)) {
      throw StoreError(StoreError::Kind::io, fmt::format("{} cannot be removed", file.path));
    }
  }
  sync_directory(directory_);
}

std::vector<SnapshotFiles::File> SnapshotFiles::files_of(WorkspaceId workspace) {
  std::vector<File> files;
  const std::string prefix = fmt::format("{}-", workspace);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory_, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(".snap")) continue;
    Position position = 0;
    const char* end = name.data() + name.size() - std::string_view(".snap").size();
    if (std::from_chars(name.data() + prefix.size(), end, position).ptr != end) continue;
    files.push_back({position, entry.path().string()});
  }
  std::ranges::sort(files, std::greater{}, &File::position);
  return files;
}

SnapshotsInfo SnapshotFiles::info(WorkspaceId workspace) {
  SnapshotsInfo info;
  for (const File& file : files_of(workspace)) {
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(file.path, error);
    if (error) continue;  // removed just now: a newer one has taken its place
    ++info.count;
    info.bytes += bytes;
    info.position = std::max(info.position, file.position);
  }
  return info;
}

std::optional<std::pair<Position, std::string>> SnapshotFiles::newest(WorkspaceId workspace) {
  for (const File& file : files_of(workspace)) {
    if (auto content = read_sound(file.path, workspace, file.position)) {
      return std::pair{file.position, std::move(*content)};
    }
    spdlog::warn("the snapshot {} is damaged; looking for an older one", file.path);
  }
  return std::nullopt;
}

}  // namespace galena::store
