#include "server/http_wire.hpp"

#include <gtest/gtest.h>

#include <string>

#include "server/http_body.hpp"
#include "server/http_test_kit.hpp"

namespace galena::server {
namespace {

using test::packed;

TEST(PlainProblem, EscapesItsDetail) {
  const Response problem = plain_problem(404, "no \"x\\y\"\n");
  EXPECT_EQ(problem.content_type, "application/problem+json");
  EXPECT_EQ(problem.body, R"({"type":"about:blank","title":"Not Found","status":404,)"
                          R"("detail":"no \"x\\y\"\u000a"})");
}

TEST(DateLine, IsTheFormOfTheRfc) {
  EXPECT_EQ(date_line(784111777), "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  EXPECT_EQ(date_line(0), "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n");
}

TEST(ScanHead, FindsTheEndWhereverThePiecesAreCut) {
  const std::string head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string bytes = head + "body\n";
  std::size_t from = 0;
  for (std::size_t size = 0; size < head.size(); ++size) {
    const HeadScan scan = scan_head(std::string_view(bytes).substr(0, size), from);
    ASSERT_EQ(scan.state, HeadScan::State::incomplete) << size;
    from = scan.position;
  }
  const HeadScan scan = scan_head(bytes, from);
  EXPECT_EQ(scan.state, HeadScan::State::complete);
  EXPECT_EQ(scan.position, head.size());
}

TEST(ScanHead, RefusesOtherLineEndsAndFolding) {
  for (const char* bytes :
       {"GET / HTTP/1.1\nHost: x\n\n", "\n", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n\tc\r\n\r\n", "GET / HTTP/1.1\r\n\rX"}) {
    EXPECT_EQ(scan_head(bytes, 0).state, HeadScan::State::broken) << bytes;
  }
}

TEST(ParseHead, ReadsAWholeRequest) {
  Head head;
  const Refusal refusal = parse_head(
      "PATCH /a%20b?x=%31&y HTTP/1.1\r\nhOST: h\r\nX-Two:  a  b \r\nX-Two: c\r\n"
      "Content-Length: 12\r\nExpect: 100-continue\r\nConnection: foo, CLOSE\r\n\r\n",
      head);
  ASSERT_FALSE(refusal) << refusal.detail;
  EXPECT_EQ(head.request.method, Method::patch);
  EXPECT_EQ(head.request.method_text, "PATCH");
  EXPECT_EQ(head.request.path, "/a b");
  EXPECT_EQ(head.request.query, "x=%31&y");
  EXPECT_EQ(head.request.header("host"), "h");
  EXPECT_EQ(head.request.header("x-two"), "a  b");
  EXPECT_EQ(head.request.header("absent"), "");
  EXPECT_EQ(head.content_length, 12u);
  EXPECT_TRUE(head.expects_continue);
  EXPECT_FALSE(head.chunked);
  EXPECT_FALSE(head.request.keep_alive);
}

TEST(ParseHead, KeepsOldClientsOnlyIfTheyAsk) {
  Head plain;
  ASSERT_FALSE(parse_head("GET / HTTP/1.0\r\n\r\n", plain));
  EXPECT_FALSE(plain.request.keep_alive);
  Head asking;
  ASSERT_FALSE(parse_head("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", asking));
  EXPECT_TRUE(asking.request.keep_alive);
  Head torn;
  ASSERT_FALSE(parse_head("GET / HTTP/1.0\r\nConnection: close, keep-alive\r\n\r\n", torn));
  EXPECT_FALSE(torn.request.keep_alive);
}

TEST(ParseHead, RefusesWhatProxiesReadDifferently) {
  struct Case {
    const char* lines;
    int status;
  };
  const Case cases[] = {
      {"GET x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET http://h/x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /%0d%0a HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /%ff HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /#part HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {" GET / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"G@T / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /\r\nHost: h\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\nA: b\x01\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\nA\x80: b\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 5\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x5\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: x\r\nContent-Length: 5\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
       "Transfer-Encoding: chunked\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \x0b"
       "chunked\r\n\r\n",
       400},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n", 417},
  };
  for (const Case& bad : cases) {
    Head head;
    EXPECT_EQ(parse_head(bad.lines, head).status, bad.status) << bad.lines;
  }
}

// Feeds pieces of `step` bytes; the status of the refusal, 0 when done, -1 when not done.
int feed_chunks(std::string_view bytes, std::size_t step, std::string& body) {
  ChunkedBody chunks(1000);
  Refusal refusal;
  while (!bytes.empty() && !refusal && !chunks.done()) {
    const std::string_view piece = bytes.substr(0, step);
    bytes.remove_prefix(chunks.put(piece, refusal));
  }
  body = chunks.body();
  if (refusal) return refusal.status;
  return chunks.done() ? 0 : -1;
}

TEST(ChunkedBody, ReadsHoweverThePiecesFall) {
  const std::string_view bytes =
      "5\r\nhello\r\n1;name=\"v\"\r\n \r\n005\r\nworld\r\n0;x\r\nA: b\r\n\r\n";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    std::string body;
    EXPECT_EQ(feed_chunks(bytes, step, body), 0) << step;
    EXPECT_EQ(body, "hello world");
  }
}

TEST(ChunkedBody, TakesNothingBehindTheEnd) {
  ChunkedBody chunks(10);
  Refusal refusal;
  EXPECT_EQ(chunks.put("1\r\nx\r\n0\r\n\r\nGET /", refusal), 11u);
  EXPECT_TRUE(chunks.done());
  EXPECT_EQ(chunks.put("GET /", refusal), 0u);
}

TEST(ChunkedBody, RefusesWhatIsNotChunks) {
  const std::string long_line(20'000, 'x');
  const std::pair<std::string, int> cases[] = {{"x\r\n", 400},
                                               {"\r\n", 400},
                                               {"-1\r\n", 400},
                                               {"0x5\r\n", 400},
                                               {"5\nhello", 400},
                                               {"5\r\nhelloX", 400},
                                               {"5\r\nhello\n", 400},
                                               {"5 \r\n", 400},
                                               {"5;\x01\r\n", 400},
                                               {"0\r\n folded", 400},
                                               {"0\r\n:x\r\n", 400},
                                               {"0\r\nA: b\n\r\n", 400},
                                               {"5\rhello", 400},
                                               {"3e9\r\n", 413},
                                               {"3e8\r\n", -1},
                                               {"7fffffffffffffff\r\n", 400},
                                               {"0\r\n\r", -1},
                                               {"5;" + long_line, 400},
                                               {"0\r\nA: " + long_line, 400}};
  for (const auto& [bytes, status] : cases) {
    std::string body;
    EXPECT_EQ(feed_chunks(bytes, 1, body), status) << bytes.substr(0, 40);
    EXPECT_EQ(feed_chunks(bytes, 100'000, body), status) << bytes.substr(0, 40);
  }
}

TEST(WriteHead, FramesAnAnswer) {
  Response response;
  response.status = 201;
  response.body = "{}";
  response.headers = {{"Location", "/x"}, {"content-length", "99"}, {"Connection", "upgrade"}};
  std::string bytes;
  write_head(response, {true, false, "Date: now\r\n"}, bytes);
  EXPECT_EQ(bytes,
            "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            "X-Content-Type-Options: nosniff\r\nDate: now\r\nLocation: /x\r\n\r\n");
}

TEST(WriteHead, SaysWhatBecomesOfTheConnection) {
  Response response;
  std::string closing;
  write_head(response, {false, true, {}}, closing);
  EXPECT_TRUE(closing.contains("\r\nConnection: close\r\n"));
  std::string kept;
  write_head(response, {true, true, {}}, kept);
  EXPECT_TRUE(kept.contains("\r\nConnection: keep-alive\r\n"));
}

TEST(WriteHead, NoLengthWhereThereIsNoBody) {
  for (const int status : {204, 304}) {
    Response response;
    response.status = status;
    std::string bytes;
    write_head(response, {}, bytes);
    EXPECT_FALSE(bytes.contains("\nContent-")) << bytes;
  }
}

TEST(WriteHead, AnAnswerThatWouldBreakTheFramingBecomesA500) {
  Response split;
  split.headers.push_back({"Location", "/x\r\nSet-Cookie: a=b"});
  Response named;
  named.headers.push_back({"Bad Name", "x"});
  Response typed;
  typed.content_type = "text/html\n";
  Response low;
  low.status = 100;
  for (Response* response : {&split, &named, &typed, &low}) {
    std::string bytes;
    write_head(*response, {}, bytes);
    EXPECT_TRUE(bytes.starts_with("HTTP/1.1 500 ")) << bytes;
    EXPECT_FALSE(bytes.contains("Set-Cookie"));
    EXPECT_TRUE(response->body.contains("\"status\":500"));
  }
}

TEST(Inflate, ReadsGzipZlibAndBareDeflate) {
  const std::string plain(5000, 'a');
  for (const int bits : {31, 15, -15}) {
    std::string unpacked;
    EXPECT_FALSE(inflate(packed(plain, bits), plain.size(), unpacked)) << bits;
    EXPECT_EQ(unpacked, plain);
    EXPECT_EQ(inflate(packed(plain, bits), plain.size() - 1, unpacked).status, 413) << bits;
  }
}

TEST(Inflate, ReadsSeveralMembers) {
  std::string unpacked;
  EXPECT_FALSE(inflate(packed("one ") + packed("") + packed("two"), 100, unpacked));
  EXPECT_EQ(unpacked, "one two");
  EXPECT_EQ(inflate(packed("one ") + packed("two"), 6, unpacked).status, 413);
}

TEST(Inflate, RefusesCutAndBrokenData) {
  const std::string whole = packed("a text that is long enough to be cut somewhere");
  std::string unpacked;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(inflate(whole.substr(0, size), 1000, unpacked).status, 400) << size;
  }
  EXPECT_EQ(inflate(whole + "x", 1000, unpacked).status, 400);
  std::string wrong_sum = whole;
  wrong_sum[whole.size() - 8] = static_cast<char>(wrong_sum[whole.size() - 8] ^ 1);
  EXPECT_EQ(inflate(wrong_sum, 1000, unpacked).status, 400);
}

TEST(DecodeBody, FollowsTheEncodingAndKnowsUnlabelledGzip) {
  const auto decoded = [](std::string_view coding, std::string body) {
    Request request;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    if (!coding.empty()) request.headers.push_back({"content-encoding", std::string(coding)});
    request.body = std::move(body);
    const Refusal refusal = decode_body(request, 100);
    return refusal ? std::to_string(refusal.status) : request.body;
  };
  EXPECT_EQ(decoded("", "plain"), "plain");
  EXPECT_EQ(decoded("identity", "plain"), "plain");
  EXPECT_EQ(decoded("gzip", packed("text")), "text");
  EXPECT_EQ(decoded("X-GZIP", packed("text")), "text");
  EXPECT_EQ(decoded("deflate", packed("text", 15)), "text");
  EXPECT_EQ(decoded("deflate", packed("text", -15)), "text");
  EXPECT_EQ(decoded("", packed("text")), "text");
  EXPECT_EQ(decoded("gzip", ""), "");
  EXPECT_EQ(decoded("gzip", "{\"not\":\"gzip\"}"), "400");
  EXPECT_EQ(decoded("deflate", "\xff\xff\xff"), "400");
  EXPECT_EQ(decoded("br", "x"), "415");
  EXPECT_EQ(decoded("gzip, gzip", packed(packed("x"))), "415");
  EXPECT_EQ(decoded("gzip", packed(std::string(101, 'a'))), "413");
}

}  // namespace
}  // namespace galena::server
