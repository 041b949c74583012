#include "server/http_body.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace galena::server {
namespace {

constexpr Refusal broken{400, "The body is not whole gzip or deflate data."};
constexpr Refusal too_large{413, "The unpacked body is larger than this address takes."};

bool is_gzip(std::string_view bytes) {
  return bytes.size() >= 3 && bytes[0] == '\x1f' && bytes[1] == '\x8b' && bytes[2] == '\x08';
}

// RFC 1950: "deflate" is zlib data. Some clients send the bare deflate stream instead.
bool is_zlib(std::string_view bytes) {
  if (bytes.size() < 2) return false;
  const auto first = static_cast<unsigned char>(bytes[0]);
  const auto second = static_cast<unsigned char>(bytes[1]);
  return (first & 0x0f) == 8 && (first * 256 + second) % 31 == 0;
}

int window_bits(std::string_view bytes) {
  if (is_gzip(bytes)) return 15 + 16;
  return is_zlib(bytes) ? 15 : -15;
}

class Inflater {
 public:
  explicit Inflater(int bits) {
    if (inflateInit2(&stream_, bits) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
};

// One member; `packed` loses what was read.
Refusal inflate_member(std::string_view& packed, std::uint64_t limit, std::string& plain) {
  Inflater inflater(window_bits(packed));
  z_stream& stream = inflater.stream();
  char piece[16 * 1024];
  for (;;) {
    const std::size_t offered = std::min<std::size_t>(packed.size(), 1U << 30);
    // zlib's interface is not const, but it does not write there.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(offered);
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = sizeof piece;
    const int code = ::inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = sizeof piece - stream.avail_out;
    packed.remove_prefix(offered - stream.avail_in);
    if (made > limit - plain.size()) return too_large;
    plain.append(piece, made);
    if (code == Z_STREAM_END) return {};
    if (code != Z_OK) return broken;
    if (packed.empty() && made < sizeof piece) return broken;
  }
}

}  // namespace

Refusal inflate(std::string_view packed, std::uint64_t limit, std::string& plain) {
  plain.clear();
  const bool gzip = is_gzip(packed);
  do {
    if (const Refusal refusal = inflate_member(packed, limit, plain)) return refusal;
  } while (gzip && is_gzip(packed));
  return packed.empty() ? Refusal{} : broken;
}

Refusal decode_body(Request& request, std::uint64_t limit) {
  const std::string_view coding = request.header("Content-Encoding");
  const bool said = !coding.empty() && !same_word(coding, "identity");
  const bool gzip = same_word(coding, "gzip") || same_word(coding, "x-gzip");
  if (said && !gzip && !same_word(coding, "deflate")) {
    return {415, "Content-Encoding may be gzip, deflate or identity."};
  }
  if (request.body.empty()) return {};
  if (!said && !is_gzip(request.body)) return {};
  if (gzip && !is_gzip(request.body)) return broken;
  std::string plain;
  if (const Refusal refusal = inflate(request.body, limit, plain)) return refusal;
  request.body = std::move(plain);
  return {};
}

}  // namespace galena::server
