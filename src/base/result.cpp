#include "base/result.hpp"

#include <cstdio>
#include <cstdlib>

namespace galena {

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "galena: broken invariant: %s (%s:%d)\n", expression, file, line);
  std::abort();
}

}  // namespace galena
