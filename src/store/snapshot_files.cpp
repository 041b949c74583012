#include "store/snapshot_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include <array>
#include <atomic>
#include <bit>
#include <charconv>
#include <filesystem>
#include <functional>

#include "base/cores.hpp"
#include "store/data_directory.hpp"

namespace galena::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKept = 2;
constexpr std::array<char, 8> kMagic{'G', 'A', 'L', 'N', 'S', 'N', 'A', 'P'};
constexpr std::uint32_t kFormat = 3;
constexpr std::size_t kPartBytes = 1 << 20;  // that have a checksum of their own

// The first bytes of the file, as they lie in memory. The checksum is over those of the content's
// parts and the rest of the head, so a file under a wrong name is noticed too.
struct Head {
  std::array<char, 8> magic = kMagic;
  std::uint32_t format = kFormat;
  std::uint32_t workspace = 0;
  std::uint64_t position = 0;
  std::uint64_t size = 0;
  std::array<std::uint64_t, 4> checksum{};  // two of 64 bits, and room

  std::string_view bytes() const { return {reinterpret_cast<const char*>(this), sizeof(*this)}; }
};
static_assert(std::endian::native == std::endian::little && sizeof(Head) == 64);

std::uint64_t sum_of(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

// The head of a content whose parts have these checksums.
Head head_of(WorkspaceId workspace, Position position, std::uint64_t size,
             const std::vector<std::uint64_t>& parts) {
  Head head;
  head.workspace = workspace;
  head.position = position;
  head.size = size;
  const std::string_view sums(reinterpret_cast<const char*>(parts.data()),
                              parts.size() * sizeof(std::uint64_t));
  head.checksum[0] = sum_of(sums);
  head.checksum[1] = sum_of(head.bytes().substr(0, offsetof(Head, checksum) + 8));
  return head;
}

// Of content that comes piece by piece.
class Checksum {
 public:
  void add(std::string_view bytes) {
    size_ += bytes.size();
    while (!bytes.empty()) {
      const std::string_view some = bytes.substr(0, kPartBytes - part_.size());
      part_ += some;
      bytes.remove_prefix(some.size());
      if (part_.size() == kPartBytes) end_part();
    }
  }
  Head head(WorkspaceId workspace, Position position) {
    if (!part_.empty()) end_part();
    return head_of(workspace, position, size_, parts_);
  }

 private:
  void end_part() {
    parts_.push_back(sum_of(part_));
    part_.clear();
  }

  std::string part_;
  std::vector<std::uint64_t> parts_;
  std::uint64_t size_ = 0;
};

// The checksums of a file's parts behind its head; nothing if it cannot be read. By read, not
// through a mapping: a page that was only looked at once takes no place of the program's.
std::optional<std::vector<std::uint64_t>> sums_of(const Descriptor& file, std::uint64_t size) {
  std::vector<std::uint64_t> parts((size + kPartBytes - 1) / kPartBytes);
  std::atomic<bool> failed{false};
  on_all_cores(static_cast<std::uint32_t>(parts.size()), [&](std::uint32_t part) {
    const std::uint64_t begin = part * std::uint64_t{kPartBytes};
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(size - begin, kPartBytes));
    const auto bytes = std::make_unique_for_overwrite<char[]>(length);
    for (std::size_t done = 0; done < length;) {
      const ssize_t got = ::pread(file.number(), bytes.get() + done, length - done,
                                  static_cast<off_t>(sizeof(Head) + begin + done));
      if (got <= 0) {
        failed = true;
        return;
      }
      done += static_cast<std::size_t>(got);
    }
    parts[part] = sum_of({bytes.get(), length});
  });
  if (failed) return std::nullopt;
  return parts;
}

// A file mapped into memory, for as long as this is there.
class Mapping {
 public:
  Mapping(const Descriptor& file, std::size_t size)
      : size_(size), begin_(::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number(), 0)) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (is_there()) ::munmap(begin_, size_);
  }
  bool is_there() const { return begin_ != MAP_FAILED; }
  std::string_view bytes() const { return {static_cast<const char*>(begin_), size_}; }

 private:
  std::size_t size_;
  void* begin_;
};

// The snapshot, if the file is whole and the one that its name says.
std::optional<Snapshot> open_sound(const std::string& path, WorkspaceId workspace,
                                   Position position) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  Head head;
  if (file.number() < 0 || ::pread(file.number(), &head, sizeof(head), 0) != sizeof(head)) {
    return std::nullopt;
  }
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  const bool fits = !error && head.magic == kMagic && size - sizeof(head) == head.size;
  if (!fits) return std::nullopt;
  const auto parts = sums_of(file, head.size);
  if (!parts || head.bytes() != head_of(workspace, position, head.size, *parts).bytes()) {
    return std::nullopt;
  }
  auto mapping = std::make_shared<const Mapping>(file, size);
  if (!mapping->is_there()) return std::nullopt;
  const std::string_view bytes = mapping->bytes().substr(sizeof(head));
  return Snapshot{position, std::move(mapping), bytes};
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

SnapshotsInfo SnapshotFiles::info(WorkspaceId workspace) {
  SnapshotsInfo info;
  for (const Position position : positions_of(workspace)) {
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(path_of(workspace, position), error);
    if (error) continue;  // removed just now: a newer one has taken its place
    ++info.count;
    info.bytes += bytes;
    info.position = std::max(info.position, position);
  }
  return info;
}

std::optional<Snapshot> SnapshotFiles::newest(WorkspaceId workspace) {
  for (const Position position : positions_of(workspace)) {
    const std::string path = path_of(workspace, position);
    if (auto snapshot = open_sound(path, workspace, position)) return snapshot;
    spdlog::warn("the snapshot {} is damaged; looking for an older one", path);
  }
  return std::nullopt;
}

}  // namespace galena::store
