#include "store/snapshot_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"

namespace galena::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKept = 2;
constexpr std::string_view kMagic = "galena-snapshot-1\n";

// A descriptor that closes itself.
class File {
 public:
  File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags, 0600)) {
    if (descriptor_ < 0) throw StoreError(StoreError::Kind::io, "opening " + path);
  }
  ~File() { ::close(descriptor_); }

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        throw StoreError(errno == ENOSPC ? StoreError::Kind::full : StoreError::Kind::io,
                         "writing a snapshot");
      }
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() const {
    if (::fsync(descriptor_) != 0) throw StoreError(StoreError::Kind::io, "syncing a snapshot");
  }

 private:
  int descriptor_;
};

std::string checksum(std::string_view bytes) {
  const Fingerprint print = fingerprint(bytes);
  return std::string(reinterpret_cast<const char*>(print.data()), sizeof(print));
}

}  // namespace

SnapshotFiles::SnapshotFiles(std::string directory) : directory_(std::move(directory)) {
  fs::create_directories(directory_);
}

void SnapshotFiles::save(WorkspaceId workspace, Position position, std::string_view bytes) {
  const std::string name = fmt::format("{}/{}-{}.snap", directory_, workspace, position);
  const std::string temporary = name + ".new";
  {
    const File file(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
    file.write(kMagic);
    file.write(checksum(bytes));
    file.write(bytes);
    file.sync();
  }
  fs::rename(temporary, name);
  File(directory_, O_RDONLY | O_DIRECTORY | O_CLOEXEC).sync();
  const auto files = files_of(workspace);
  for (std::size_t i = kKept; i < files.size(); ++i) fs::remove(files[i].second);
}

std::vector<std::pair<Position, std::string>> SnapshotFiles::files_of(WorkspaceId workspace) {
  std::vector<std::pair<Position, std::string>> files;
  const std::string prefix = fmt::format("{}-", workspace);
  for (const auto& entry : fs::directory_iterator(directory_)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(".snap")) continue;
    Position position = 0;
    std::from_chars(name.data() + prefix.size(), name.data() + name.size(), position);
    files.emplace_back(position, entry.path().string());
  }
  std::ranges::sort(files, std::ranges::greater{});
  return files;
}

std::optional<std::pair<Position, std::string>> SnapshotFiles::newest(WorkspaceId workspace) {
  for (const auto& [position, path] : files_of(workspace)) {
    std::ifstream file(path, std::ios::binary);
    std::string all((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const std::size_t head = kMagic.size() + sizeof(Fingerprint);
    if (all.size() >= head && all.starts_with(kMagic)) {
      std::string content = all.substr(head);
      if (checksum(content) == all.substr(kMagic.size(), sizeof(Fingerprint))) {
        return std::pair{position, std::move(content)};
      }
    }
    spdlog::warn("the snapshot {} is damaged; looking at an older one", path);
  }
  return std::nullopt;
}

}  // namespace galena::store
