// The directory behind --data and files in it that must survive power loss.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace galena::store {

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  int number() const { return number_; }

 private:
  int number_ = -1;
};

// Makes `path` and what is missing above it, the last one with mode 0700.
Result<> make_private_directory(const std::string& path);

// All of these throw StoreError.
void sync_file(const std::string& path);
void sync_directory(const std::string& path);
// A file that is there whole or not at all: it is written under another name, then renamed. What is
// not finished is gone. All members throw StoreError.
class DurableFile {
 public:
  explicit DurableFile(std::string path);
  ~DurableFile();
  DurableFile(const DurableFile&) = delete;

  // Synced a part at a time: one sync of all of a large file would hold up the commits' own syncs.
  void append(std::string_view bytes);
  // In place of what the file begins with.
  void begin_with(std::string_view bytes);
  void finish();

 private:
  std::string path_;
  std::string temporary_;
  Descriptor file_;
  std::size_t unsynced_ = 0;
  bool finished_ = false;
};
void write_file_durably(const std::string& path, std::string_view bytes);

// The lock by which one process owns the directory. It goes with the process, however that ends.
class DirectoryLock {
 public:
  // conflict: another process has it.
  static Result<DirectoryLock> take(const std::string& directory);

 private:
  explicit DirectoryLock(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace galena::store
