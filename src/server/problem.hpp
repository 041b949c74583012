// From an Error to HTTP: the only place that knows status codes for failures (RFC 9457).
#pragma once

#include <vector>

#include "base/result.hpp"
#include "server/http.hpp"

namespace galena::server {

int status_of(ErrorCode code);

// application/problem+json; the error's field stands in `errors[].pointer`.
Response problem(const Error& error);
Response problem(const std::vector<Error>& errors);  // several wrong fields; the first decides

}  // namespace galena::server
