#include "server/client_address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "base/text.hpp"

namespace galena::server {
namespace {

using Address = std::array<std::uint8_t, 16>;

constexpr int kMappedBits = 96;  // of ::ffff:0:0/96, behind which an IPv4 address stands
constexpr Address kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool is_mapped(const Address& address) {
  return std::equal(kMapped.begin(), kMapped.begin() + 12, address.begin());
}

std::optional<Address> read_address(std::string_view text) {
  const std::string name(text.substr(0, text.find('%')));  // without the zone of a link-local one
  Address address = kMapped;
  if (inet_pton(AF_INET, name.c_str(), address.data() + 12) == 1) return address;
  if (inet_pton(AF_INET6, name.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

std::string address_text(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_mapped(address)) {
    inet_ntop(AF_INET, address.data() + 12, text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  }
  return text.data();
}

// "203.0.113.7", and as some proxies write it: "203.0.113.7:4711", "[2001:db8::1]:4711".
std::optional<Address> read_hop(std::string_view hop) {
  hop = trimmed(hop);
  if (hop.starts_with('[')) {
    const std::size_t end = hop.find(']');
    return end == std::string_view::npos ? std::nullopt : read_address(hop.substr(1, end - 1));
  }
  const bool has_port = std::ranges::count(hop, ':') == 1;
  return read_address(has_port ? hop.substr(0, hop.find(':')) : hop);
}

// The hops that all headers of that name tell, the nearest last.
std::vector<std::string_view> forwarded_for(const Request& request) {
  std::vector<std::string_view> hops;
  for (const Header& header : request.headers) {
    if (!same_word(header.name, "X-Forwarded-For")) continue;
    std::string_view rest = header.value;
    for (std::size_t comma = rest.find(','); comma != std::string_view::npos;
         comma = rest.find(',')) {
      hops.push_back(rest.substr(0, comma));
      rest.remove_prefix(comma + 1);
    }
    hops.push_back(rest);
  }
  return hops;
}

}  // namespace

bool AddressRange::contains(const Address& other) const {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(address.begin(), address.begin() + std::ptrdiff_t(whole), other.begin())) {
    return false;
  }
  if (bits % 8 == 0) return true;
  return ((address[whole] ^ other[whole]) >> (8 - bits % 8)) == 0;
}

Result<AddressRange> read_address_range(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = read_address(text.substr(0, slash));
  if (!address) {
    return fail(ErrorCode::invalid, fmt::format("\"{}\" is not ADDRESS or ADDRESS/BITS", text));
  }
  const bool is_ipv4 = text.substr(0, slash).find(':') == std::string_view::npos;
  const int bits_max = is_ipv4 ? 32 : 128;
  AddressRange range{*address, 128};
  if (slash == std::string_view::npos) return range;
  const std::string_view bits = text.substr(slash + 1);
  const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), range.bits);
  if (error != std::errc{} || end != bits.data() + bits.size() || range.bits < 0 ||
      range.bits > bits_max) {
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\": the bits go from 0 to {}", text, bits_max));
  }
  if (is_ipv4) range.bits += kMappedBits;
  return range;
}

std::string client_address(const Request& request, std::span<const AddressRange> trusted) {
  auto client = read_address(request.peer);
  if (!client) return request.peer;
  const auto is_proxy = [&](const Address& address) {
    return std::ranges::any_of(trusted, [&](const auto& range) { return range.contains(address); });
  };
  if (!is_proxy(*client)) return request.peer;
  const std::vector<std::string_view> hops = forwarded_for(request);
  for (auto hop = hops.rbegin(); hop != hops.rend() && is_proxy(*client); ++hop) {
    const auto address = read_hop(*hop);
    if (!address) break;
    client = address;
  }
  return address_text(*client);
}

}  // namespace galena::server
