// Secrets: keys, session tokens, passwords. Only their hashes are ever kept.
#pragma once

#include <string>
#include <string_view>

namespace galena::server {

// 256 random bits after a readable prefix: "gal_server_" + 43 characters of base64url.
std::string make_secret(std::string_view prefix);

// 256 random bits as they are: for what only the program itself uses.
std::string random_bytes();

// SHA-256 in hex: for secrets of full entropy.
std::string secret_hash(std::string_view secret);

// Argon2id (64 MB, two passes) in libsodium's string form. Slow on purpose: never on an I/O thread.
std::string password_hash(std::string_view password);
// An empty hash costs the same time and never matches, so unknown users cannot be told by time.
bool password_matches(const std::string& hash, std::string_view password);

}  // namespace galena::server
