// A deed of a case as the request body that a tracking client would send.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "domain/message.hpp"

namespace galena::cases {

// Who acts: a user id or an address, a device, or both.
struct Actor {
  std::string user;
  std::string address;
  std::string device;

  bool operator==(const Actor&) const = default;
};

// "ann", "ann on laptop", "ann@acme.com on laptop", "device laptop".
Actor read_actor(std::string_view text);

struct Request {
  domain::MessageType type{};
  domain::Source source = domain::Source::server;
  std::string body;
};

// "page /pricing", "Email Opened (email_id = m1, source = browser)".
Request request_of(const Actor& actor, std::string_view deed);

// "2026-01-15 10:00". Throws std::runtime_error for anything else.
Time read_time(std::string_view text);

}  // namespace galena::cases
