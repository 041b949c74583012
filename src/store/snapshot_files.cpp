#include "store/snapshot_files.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <spdlog/spdlog.h>

#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>

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

// "7-1200.snap": of workspace 7, as of position 1200.
std::optional<std::pair<WorkspaceId, Position>> named_by(std::string_view name) {
  std::pair<WorkspaceId, Position> named;
  const char* end = name.data() + name.size();
  const auto first = std::from_chars(name.data(), end, named.first);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, named.second);
  if (second.ec != std::errc{} || std::string_view(second.ptr, end) != ".snap") return std::nullopt;
  return named;
}

}  // namespace

SnapshotFiles::SnapshotFiles(std::string directory) : directory_(std::move(directory)) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory_, error)) {
    if (entry.path().extension() == ".new") fs::remove(entry.path(), error);
    if (const auto named = named_by(entry.path().filename().string())) {
      positions_[named->first].insert(named->second);
    }
  }
}

void SnapshotFiles::save(WorkspaceId workspace, Position position, const SnapshotSource& source) {
  DurableFile file(path_of(workspace, position));
  Checksum checksum;
  file.append(Head().bytes());
  source([&](std::string_view piece) {
    checksum.add(piece);
    file.append(piece);
  });
  file.begin_with(checksum.head(workspace, position).bytes());
  file.finish();
  const std::lock_guard lock(mutex_);
  std::set<Position>& positions = positions_[workspace];
  positions.insert(position);
  std::error_code error;  // an old one that stays does no harm
  while (positions.size() > kKept) {
    fs::remove(path_of(workspace, *positions.begin()), error);
    positions.erase(positions.begin());
  }
}

void SnapshotFiles::forget(WorkspaceId workspace, Position before) {
  for (const Position position : positions_of(workspace)) {
    if (position >= before) continue;
    std::error_code error;
    const std::string path = path_of(workspace, position);
    fs::remove(path, error);
    if (error) throw StoreError(StoreError::Kind::io, fmt::format("{} cannot be removed", path));
    const std::lock_guard lock(mutex_);
    positions_[workspace].erase(position);
  }
  sync_directory(directory_);
}

std::string SnapshotFiles::path_of(WorkspaceId workspace, Position position) const {
  return fmt::format("{}/{}-{}.snap", directory_, workspace, position);
}

std::vector<Position> SnapshotFiles::positions_of(WorkspaceId workspace) const {
  const std::lock_guard lock(mutex_);
  const auto found = positions_.find(workspace);
  if (found == positions_.end()) return {};
  return {found->second.rbegin(), found->second.rend()};
}

std::optional<std::pair<Position, std::string>> SnapshotFiles::newest(WorkspaceId workspace) {
  for (const Position position : positions_of(workspace)) {
    const std::string path = path_of(workspace, position);
    if (auto content = read_sound(path, workspace, position)) {
      return std::pair{position, std::move(*content)};
    }
    spdlog::warn("the snapshot {} is damaged; looking for an older one", path);
  }
  return std::nullopt;
}

}  // namespace galena::store
