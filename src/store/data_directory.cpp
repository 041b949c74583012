#include "store/data_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "store/store.hpp"

namespace galena::store {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_system_error(int error, std::string_view doing, const std::string& path) {
  const bool want_of_room =
      error == ENOSPC || error == EDQUOT || error == EMFILE || error == ENFILE;
  throw StoreError(want_of_room ? StoreError::Kind::full : StoreError::Kind::io,
                   fmt::format("{} {}: {}", doing, path, std::strerror(error)));
}

Descriptor open_or_throw(const std::string& path, int flags) {
  Descriptor file(::open(path.c_str(), flags | O_CLOEXEC, 0600));
  if (file.number() < 0) throw_system_error(errno, "opening", path);
  return file;
}

void write_all(const Descriptor& file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_system_error(errno, "writing", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void sync_or_throw(const Descriptor& file, const std::string& path) {
  // Whatever the reason, even a full disk: after a failed sync nobody knows what is on the disk.
  // EINVAL alone says only that this file system does not sync such things (directories).
  if (::fsync(file.number()) != 0 && errno != EINVAL) {
    throw StoreError(StoreError::Kind::io,
                     fmt::format("syncing {}: {}", path, std::strerror(errno)));
  }
}

// Makes what is missing above it too; each name is on the disk before anything goes into it.
std::error_code make_directory(const fs::path& directory, mode_t mode) {
  std::error_code error;
  if (fs::is_directory(directory, error)) return {};
  const fs::path parent = directory.parent_path();
  if (parent != directory) error = make_directory(parent, 0777);
  if (error) return error;
  if (::mkdir(directory.c_str(), mode) != 0) return {errno, std::system_category()};
  sync_directory(parent);
  return {};
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Result<> make_private_directory(const std::string& path) {
  const fs::path whole = fs::absolute(path).lexically_normal();
  const fs::path directory = whole.has_filename() ? whole : whole.parent_path();
  if (const std::error_code error = make_directory(directory, 0700)) {
    return fail(ErrorCode::internal,
                fmt::format("the directory {} cannot be made: {}", path, error.message()));
  }
  return {};
}

void sync_file(const std::string& path) {
  sync_or_throw(open_or_throw(path, O_RDONLY), path);
}

void sync_directory(const std::string& path) {
  sync_or_throw(open_or_throw(path, O_RDONLY | O_DIRECTORY), path);
}

DurableFile::DurableFile(std::string path)
    : path_(std::move(path)),
      temporary_(path_ + ".new"),
      file_(open_or_throw(temporary_, O_WRONLY | O_CREAT | O_TRUNC)) {}

DurableFile::~DurableFile() {
  if (!finished_) ::unlink(temporary_.c_str());
}

void DurableFile::append(std::string_view bytes) {
  constexpr std::size_t kPartBytes = 1 << 20;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kPartBytes - unsynced_);
    write_all(file_, part, temporary_);
    bytes.remove_prefix(part.size());
    unsynced_ += part.size();
    if (unsynced_ < kPartBytes) continue;
    sync_or_throw(file_, temporary_);
    unsynced_ = 0;
  }
}

void DurableFile::begin_with(std::string_view bytes) {
  if (::lseek(file_.number(), 0, SEEK_SET) != 0) throw_system_error(errno, "writing", temporary_);
  write_all(file_, bytes, temporary_);
}

void DurableFile::finish() {
  sync_or_throw(file_, temporary_);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    throw_system_error(errno, "renaming", temporary_);
  }
  finished_ = true;
  sync_directory(fs::path(path_).parent_path());
}

void write_file_durably(const std::string& path, std::string_view bytes) {
  DurableFile file(path);
  file.append(bytes);
  file.finish();
}

Result<DirectoryLock> DirectoryLock::take(const std::string& directory) {
  const std::string path = directory + "/galena.lock";
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (file.number() < 0) {
    return fail(ErrorCode::internal,
                fmt::format("{} cannot be opened: {}", path, std::strerror(errno)));
  }
  if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return fail(ErrorCode::conflict,
                  fmt::format("another Galena has the data in {} open", directory));
    }
    return fail(ErrorCode::internal,
                fmt::format("{} cannot be locked: {}", path, std::strerror(errno)));
  }
  return DirectoryLock(std::move(file));
}

}  // namespace galena::store
