// Numbers, times and texts as bytes and back, as snapshots keep them. Every value has one spelling;
// what is read is within the bounds that it is read with, or the reader has failed.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/time.hpp"

namespace galena {

class ByteWriter {
 public:
  std::string take() { return std::move(out_); }

  void number(std::uint64_t value) {  // LEB128
    while (value >= 0x80) {
      out_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
  }
  void signed_number(std::int64_t value) {  // zigzag
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void time(Time value) { signed_number(to_ms(value)); }
  void text(std::string_view value) {
    number(value.size());
    out_.append(value);
  }
  // As it is, without its length.
  void bytes(std::string_view value) { out_.append(value); }
  std::size_t size() const { return out_.size(); }
  void fixed(const void* bytes, std::size_t size) {
    out_.append(static_cast<const char*>(bytes), size);
  }

 private:
  std::string out_;
};

// Reads what ByteWriter wrote. Past the end and out of bounds it gives the least that may be,
// and remembers that it failed.
class ByteReader {
 public:
  // Years 1970 to 9999, as parse_time reads them: differences of two times never overflow.
  static constexpr std::int64_t kTimeMsMax = 253'402'300'799'999;

  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  void refuse() { failed_ = true; }  // what was read cannot be

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      const bool beyond_64_bits = shift == 63 && byte > 1;
      const bool needless = shift > 0 && byte == 0;
      if (beyond_64_bits || needless) break;
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    failed_ = true;
    return 0;
  }
  template <class Number>
  Number between(Number least, Number most) {
    const std::uint64_t value = number();
    if (value >= least && value <= most) return static_cast<Number>(value);
    failed_ = true;
    return least;
  }
  template <class Number>
  Number as() {
    return between<Number>(0, std::numeric_limits<Number>::max());
  }
  template <class Enum>
  Enum choice(Enum last) {
    using Number = std::underlying_type_t<Enum>;
    return static_cast<Enum>(between<Number>(0, static_cast<Number>(last)));
  }
  bool flag() { return between<std::uint8_t>(0, 1) == 1; }

  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  std::int64_t signed_between(std::int64_t least, std::int64_t most) {
    const std::int64_t value = signed_number();
    if (value >= least && value <= most) return value;
    failed_ = true;
    return least;
  }
  Time time() { return from_ms(signed_between(0, kTimeMsMax)); }
  // A time told by how long after `begin` it was.
  Time time_after(Time begin) {
    return begin + Duration{signed_between(0, kTimeMsMax - to_ms(begin))};
  }
  std::string text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) {
      failed_ = true;
      return {};
    }
    std::string value(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return value;
  }
  void fixed(void* bytes, std::size_t size) {
    if (size > rest_.size()) {
      failed_ = true;
      return;
    }
    std::memcpy(bytes, rest_.data(), size);
    rest_.remove_prefix(size);
  }
  // How many entries follow: no more than there is room for, each being `bytes_min` at least.
  std::uint64_t count(std::size_t bytes_min = 1) {
    const std::uint64_t value = number();
    if (value <= rest_.size() / bytes_min) return value;
    failed_ = true;
    return 0;
  }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace galena
