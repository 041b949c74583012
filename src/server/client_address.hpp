// Whose request it is when a proxy stands in between: X-Forwarded-For is believed as far as it was
// written by proxies that the administrator trusts, and not a word further, because anybody can
// send the header.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "server/http.hpp"

namespace galena::server {

// Addresses that begin with the same bits; IPv4 ones as IPv6 maps them (::ffff:a.b.c.d).
struct AddressRange {
  std::array<std::uint8_t, 16> address{};
  int bits = 128;

  bool contains(const std::array<std::uint8_t, 16>& other) const;
};

// "10.0.0.0/8", "127.0.0.1", "fd00::/8", "::1". Error invalid: is none.
Result<AddressRange> read_address_range(std::string_view text);

// The request's peer; if that is a trusted proxy, the right-most address of X-Forwarded-For that is
// not one. Where the header ends, or says what is no address, the last proxy stands for the client.
std::string client_address(const Request& request, std::span<const AddressRange> trusted);

}  // namespace galena::server
