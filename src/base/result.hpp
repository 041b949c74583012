// How expected failures travel: a value or an Error, never an exception.
// Operational failures (disk, network) are exceptions, caught once per request or job;
// programmer errors are GALENA_ASSERT, which stays on in release builds.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace galena {

// What kind of failure it is. Only server/problem.cpp turns these into HTTP status codes.
enum class ErrorCode {
  invalid,       // the input is wrong; `field` names the place
  unauthorized,  // nobody is signed in, or the key is unknown
  forbidden,     // signed in, but not allowed
  not_found,
  gone,          // it was there and has been erased
  conflict,      // the state does not allow it now (taken, already running)
  too_large,     // beyond a stated limit
  too_many,      // rate limited; may be tried again later
  unsupported,   // a media type that is not served
  wrong_method,  // the address is served, but not with this method
  key_reused,    // the idempotency key came with another request before
  unavailable,   // cannot be done now (disk full, shutting down); nothing was changed
  internal,      // our fault
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;  // a sentence a user can act on
  std::string field;    // JSON Pointer ("/batch/3/userId"), or "line 12", or empty
};

template <class T = void>
using Result = tl::expected<T, Error>;

// Makes the error branch short: return fail(ErrorCode::invalid, "must be a number", "/points");
inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string field = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(field)});
}

// Stops the process with the expression and place. For what cannot happen unless we are wrong.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);
#define GALENA_ASSERT(expression) \
  ((expression) ? (void)0 : ::galena::assertion_failed(#expression, __FILE__, __LINE__))

}  // namespace galena
