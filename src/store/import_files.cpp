#include "store/import_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

namespace galena::store {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_at(const std::string& path, std::string_view doing) {
  const auto kind =
      errno == ENOSPC || errno == EDQUOT ? StoreError::Kind::full : StoreError::Kind::io;
  throw StoreError(kind, fmt::format("{} {}: {}", doing, path, std::strerror(errno)));
}

void write_at(const Descriptor& file, std::uint64_t offset, std::string_view bytes,
              const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(file.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_at(path, "writing");
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

}  // namespace

std::string ImportFiles::path_of(WorkspaceId workspace, std::int64_t id, ImportFile which) const {
  return fmt::format("{}/{}-{}{}.csv", directory_, workspace, id,
                     which == ImportFile::rejected ? ".rejected" : "");
}

void ImportFiles::write(WorkspaceId workspace, std::int64_t id, ImportFile which,
                        std::uint64_t offset, std::string_view bytes) {
  if (const auto made = make_private_directory(directory_); !made) {
    throw StoreError(StoreError::Kind::io, made.error().message);
  }
  const std::string path = path_of(workspace, id, which);
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (file.number() < 0) fail_at(path, "opening");
  if (::ftruncate(file.number(), static_cast<off_t>(offset)) != 0) fail_at(path, "cutting");
  write_at(file, offset, bytes, path);
  if (::fdatasync(file.number()) != 0) fail_at(path, "syncing");
}

bool ImportFiles::read(WorkspaceId workspace, std::int64_t id, ImportFile which,
                       const std::function<bool(std::string_view piece)>& take) const {
  constexpr std::size_t kPieceBytes = 256 << 10;
  const std::string path = path_of(workspace, id, which);
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0 && errno == ENOENT) return false;
  if (file.number() < 0) fail_at(path, "opening");
  std::vector<char> piece(kPieceBytes);
  for (;;) {
    const ssize_t count = ::read(file.number(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_at(path, "reading");
    if (count == 0 || !take({piece.data(), static_cast<std::size_t>(count)})) return true;
  }
}

bool ImportFiles::has(WorkspaceId workspace, std::int64_t id, ImportFile which) const {
  return fs::exists(path_of(workspace, id, which));
}

void ImportFiles::forget(WorkspaceId workspace, std::int64_t id, ImportFile which) {
  std::error_code ignored;
  if (fs::remove(path_of(workspace, id, which), ignored)) sync_directory(directory_);
}

void ImportFiles::forget_all(WorkspaceId workspace) {
  if (!fs::exists(directory_)) return;
  const std::string own = fmt::format("{}-", workspace);
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory_)) {
    if (entry.path().filename().string().starts_with(own)) files.push_back(entry.path());
  }
  for (const fs::path& file : files) fs::remove(file);
  if (!files.empty()) sync_directory(directory_);
}

}  // namespace galena::store
