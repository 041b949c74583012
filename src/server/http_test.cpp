#include "server/http.hpp"
#include <gtest/gtest.h>
using namespace galena::server;
TEST(Http, answers) {
  ListenOptions o;
  o.port = 0;
  auto l = listen(
      o,
      [](Request r, Reply reply) {
        reply({200, "text/plain", r.path + r.body, {}, {}});
      },
      [](Method, std::string_view) { return 1000u; });
  const Response r = call_tcp("127.0.0.1", l->port(), "POST", "/a%20b?c", "body", {});
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.body, "/a bbody");
}
