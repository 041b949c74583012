#include "server/client_address.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace galena::server {
namespace {

std::string client(const std::string& peer, const std::vector<std::string>& forwarded,
                   const std::vector<std::string>& trusted) {
  Request request;
  request.peer = peer;
  for (const std::string& value : forwarded) request.headers.push_back({"x-forwarded-FOR", value});
  std::vector<AddressRange> ranges;
  for (const std::string& text : trusted) ranges.push_back(read_address_range(text).value());
  return client_address(request, ranges);
}

bool holds(std::string_view range, const std::string& address) {
  return read_address_range(range).value().contains(read_address_range(address).value().address);
}

TEST(ClientAddress, ranges_hold_what_begins_alike) {
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.1.2"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(holds("192.168.4.0/22", "192.168.7.255"));
  EXPECT_FALSE(holds("192.168.4.0/22", "192.168.8.0"));
  EXPECT_TRUE(holds("127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(holds("127.0.0.1", "127.0.0.2"));
  EXPECT_TRUE(holds("0.0.0.0/0", "203.0.113.7"));
  EXPECT_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(holds("2001:db8::/32", "2001:db8:ffff::1"));
  EXPECT_FALSE(holds("2001:db8::/32", "2001:db9::1"));
  EXPECT_TRUE(holds("fd00::/7", "fcff::1"));
  EXPECT_TRUE(holds("::1", "0:0:0:0:0:0:0:1"));
  EXPECT_TRUE(holds("10.0.0.0/8", "::ffff:10.1.2.3")) << "the same address";
}

TEST(ClientAddress, what_is_no_range_is_refused) {
  for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                           "10.0.0/8", "::1/129", "localhost", "10.0.0.0/8/8", " 10.0.0.1"}) {
    EXPECT_FALSE(read_address_range(text).has_value()) << text;
  }
}

TEST(ClientAddress, without_trust_the_header_says_nothing) {
  EXPECT_EQ(client("203.0.113.7", {"198.51.100.1"}, {}), "203.0.113.7");
  EXPECT_EQ(client("203.0.113.7", {"198.51.100.1"}, {"10.0.0.0/8"}), "203.0.113.7");
  EXPECT_EQ(client("local", {"198.51.100.1"}, {"0.0.0.0/0", "::/0"}), "local");
}

TEST(ClientAddress, the_right_most_that_is_no_proxy_is_the_client) {
  const std::vector<std::string> trusted{"10.0.0.0/8", "fd00::/8"};
  EXPECT_EQ(client("10.0.0.1", {"203.0.113.7"}, trusted), "203.0.113.7");
  EXPECT_EQ(client("10.0.0.1", {"1.1.1.1, 203.0.113.7"}, trusted), "203.0.113.7") << "spoofed";
  EXPECT_EQ(client("10.0.0.1", {"10.9.9.9, 203.0.113.7"}, trusted), "203.0.113.7") << "spoofed";
  EXPECT_EQ(client("10.0.0.1", {"1.1.1.1, 203.0.113.7 ,10.0.0.2"}, trusted), "203.0.113.7");
  EXPECT_EQ(client("10.0.0.1", {"1.1.1.1", "203.0.113.7", "fd00::2"}, trusted), "203.0.113.7");
  EXPECT_EQ(client("fd00::1", {"2001:DB8:0::7"}, trusted), "2001:db8::7");
  EXPECT_EQ(client("10.0.0.1", {"::ffff:203.0.113.7"}, trusted), "203.0.113.7");
  EXPECT_EQ(client("10.0.0.1", {"203.0.113.7:4711"}, trusted), "203.0.113.7");
  EXPECT_EQ(client("10.0.0.1", {"[2001:db8::7]:4711"}, trusted), "2001:db8::7");
}

TEST(ClientAddress, what_no_proxy_vouches_for_is_the_last_proxys) {
  const std::vector<std::string> trusted{"10.0.0.0/8"};
  EXPECT_EQ(client("10.0.0.1", {}, trusted), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", {""}, trusted), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", {"10.0.0.3, 10.0.0.2"}, trusted), "10.0.0.3") << "all of them";
  EXPECT_EQ(client("10.0.0.1", {"203.0.113.7, unknown"}, trusted), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", {"203.0.113.7, unknown, 10.0.0.2"}, trusted), "10.0.0.2");
  EXPECT_EQ(client("10.0.0.1", {"203.0.113.7, [::1"}, trusted), "10.0.0.1");
}

RC_GTEST_PROP(ClientAddress, what_stands_left_of_the_client_changes_nothing, (std::string words)) {
  const std::vector<std::string> trusted{"10.0.0.0/8"};
  RC_ASSERT(client("10.0.0.1", {words + ",203.0.113.7"}, trusted) == "203.0.113.7");
}

}  // namespace
}  // namespace galena::server
