#include "base/bytes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace galena {
namespace {

TEST(Bytes, every_number_has_one_spelling) {
  const auto failed = [](std::string_view bytes) {
    ByteReader in(bytes);
    in.number();
    return in.failed();
  };
  EXPECT_FALSE(failed(std::string_view("\0", 1)));
  EXPECT_TRUE(failed(std::string_view("\x80\0", 2)));
  EXPECT_TRUE(failed("\x80"));
  EXPECT_FALSE(failed("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
  EXPECT_TRUE(failed("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"));
  EXPECT_TRUE(failed("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x01"));
}

RC_GTEST_PROP(BytesProperty, numbers_come_back, (std::uint64_t number, std::int64_t with_sign)) {
  ByteWriter out;
  for (int shift = 0; shift < 64; shift += 9) {
    out.number(number >> shift);
    out.signed_number(with_sign >> shift);
  }
  const std::string bytes = out.take();
  ByteReader in(bytes);
  for (int shift = 0; shift < 64; shift += 9) {
    RC_ASSERT(in.number() == number >> shift);
    RC_ASSERT(in.signed_number() == with_sign >> shift);
  }
  RC_ASSERT(in.at_end() && !in.failed());
}

}  // namespace
}  // namespace galena
