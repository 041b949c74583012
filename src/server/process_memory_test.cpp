#include "server/process_memory.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <sstream>

namespace galena::server {
namespace {

TEST(ProcessMemory, is_read_from_what_the_kernel_says) {
  std::istringstream status(
      "Name:\tgalena VmRSS:\nUmask:\t0022\nVmHWM:\t   300 kB\nVmRSS:\t   200 kB\nRssAnon:\t 150 "
      "kB\n"
      "RssFile:\t  50 kB\nRssShmem:\t 7 kB\nVmSwap:\t 3 kB\nThreads:\t4\n");
  const ProcessMemory memory = read_process_memory(status);
  EXPECT_EQ(memory.resident_bytes, 200u * 1024);
  EXPECT_EQ(memory.anonymous_bytes, 150u * 1024);
  EXPECT_EQ(memory.file_bytes, 50u * 1024);
  EXPECT_EQ(memory.peak_bytes, 300u * 1024);
  EXPECT_EQ(memory.swapped_bytes, 3u * 1024);
}

TEST(ProcessMemory, is_nothing_where_the_kernel_says_nothing) {
  for (const char* text : {"", "VmRSS:", "VmRSS:\tmuch\nRssAnon:\n"}) {
    std::istringstream status(text);
    EXPECT_EQ(read_process_memory(status).resident_bytes, 0u) << text;
  }
}

TEST(ProcessMemory, grows_by_what_is_taken) {
  constexpr std::size_t kTaken = 32u << 20;
  const ProcessMemory before = process_memory();
  const std::unique_ptr<char[]> taken(new char[kTaken]);
  std::memset(taken.get(), 1, kTaken);
  const ProcessMemory after = process_memory();
  EXPECT_GE(after.anonymous_bytes, before.anonymous_bytes + kTaken * 9 / 10) << taken[kTaken / 2];
  EXPECT_GE(after.peak_bytes, after.resident_bytes);
  EXPECT_GE(after.resident_bytes, after.anonymous_bytes);
}

}  // namespace
}  // namespace galena::server
