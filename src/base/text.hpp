// Text as people and machines send it: comparison form, trimming, UTF-8, hashing, hex and ids.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace galena {

// NFKC, full case folding, blanks trimmed and runs of them made one: the form in which strings
// are compared everywhere ("  ＡCME  GmbH" and "acme gmbh" are the same). Broken UTF-8 becomes
// U+FFFD.
std::string comparison_form(std::string_view text);

// Without leading and trailing ASCII white space.
std::string_view trimmed(std::string_view text);

// True if every byte is one of ASCII.
bool is_ascii(std::string_view text);

// True for well-formed UTF-8 (no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

// At most `bytes` of `text`, cut at a character's edge, never inside one.
std::string_view cut_utf8(std::string_view text, std::size_t bytes);

// A fast 64-bit hash, the same on every machine and in every version (it may be stored).
std::uint64_t stable_hash(std::string_view text);

// 128 bits of BLAKE2b: for sets in which a collision would lose an event.
using Fingerprint = std::array<std::uint64_t, 2>;
Fingerprint fingerprint(std::string_view text);
// The same under a secret of 32 bytes: who has not the secret cannot find the text by trying.
Fingerprint keyed_fingerprint(std::string_view secret, std::string_view text);

// 32 hex digits and back; nothing when `text` is none.
std::string print_text(const Fingerprint& print);
std::optional<Fingerprint> read_print(std::string_view text);

std::string to_hex(std::string_view bytes);
// Back; false when `text` is none.
bool from_hex(std::string_view text, std::string& bytes);

// Standard base64, padding optional; false when `text` is none.
bool from_base64(std::string_view text, std::string& bytes);

// The value of a hexadecimal digit, or -1.
int hex_digit(char c);

// Puts the bytes that %XX stand for; false when a "%" is not followed by two hex digits.
bool percent_decode(std::string_view text, std::string& decoded);

}  // namespace galena
