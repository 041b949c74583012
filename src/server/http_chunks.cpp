#include <algorithm>

#include "base/text.hpp"
#include "server/http_wire.hpp"

namespace galena::server {
namespace {

constexpr std::size_t ignored_bytes_max = 16 * 1024;
constexpr Refusal malformed{400, "The chunks of the body are not well-formed."};

}  // namespace

std::size_t ChunkedBody::put(std::string_view bytes, Refusal& refusal) {
  std::size_t used = 0;
  while (used < bytes.size() && state_ != State::done) {
    if (state_ != State::data) {
      refusal = step(bytes[used++]);
      if (refusal) return used;
      continue;
    }
    const std::size_t piece = std::min<std::uint64_t>(bytes.size() - used, chunk_left_);
    body_.append(bytes.substr(used, piece));
    used += piece;
    chunk_left_ -= piece;
    if (chunk_left_ == 0) state_ = State::data_return;
  }
  return used;
}

Refusal ChunkedBody::step(char byte) {
  const auto expect = [&](char expected, State next) {
    state_ = next;
    return byte == expected ? Refusal{} : malformed;
  };
  switch (state_) {
    case State::size:
      return step_size(byte);
    case State::extension:
      return step_ignored(byte, State::size_end);
    case State::size_end:
      return expect('\n', chunk_left_ > 0 ? State::data : State::trailer);
    case State::data_return:
      return expect('\r', State::data_feed);
    case State::data_feed:
      size_digits_ = 0;
      return expect('\n', State::size);
    case State::trailer:
      if (byte == '\r') return expect('\r', State::last_feed);
      if (byte == ' ' || byte == '\t' || byte == ':') return malformed;
      state_ = State::trailer_line;
      return step_ignored(byte, State::trailer_feed);
    case State::trailer_line:
      return step_ignored(byte, State::trailer_feed);
    case State::trailer_feed:
      return expect('\n', State::trailer);
    case State::last_feed:
      return expect('\n', State::done);
    case State::data:
    case State::done:
      break;
  }
  return malformed;
}

Refusal ChunkedBody::step_size(char byte) {
  const int digit = hex_digit(byte);
  if (digit >= 0) {
    // Fifteen digits are more than any limit and cannot overflow.
    if (++size_digits_ > 15) return malformed;
    chunk_left_ = chunk_left_ * 16 + static_cast<std::uint64_t>(digit);
    return {};
  }
  if (size_digits_ == 0) return malformed;
  if (chunk_left_ > limit_ - body_.size()) {
    return {413, "The body is larger than this address takes."};
  }
  if (byte == '\r') {
    state_ = State::size_end;
    return {};
  }
  if (byte != ';') return malformed;
  state_ = State::extension;
  return {};
}

Refusal ChunkedBody::step_ignored(char byte, State at_return) {
  if (byte == '\r') {
    state_ = at_return;
    return {};
  }
  if (is_control(byte) || ++ignored_bytes_ > ignored_bytes_max) return malformed;
  return {};
}

}  // namespace galena::server
