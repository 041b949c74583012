// The listener and the clients over real sockets.
#include "server/http.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

#include "server/http_test_kit.hpp"

namespace galena::server {
namespace {

using namespace test;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Replies kept for later, by whichever thread wants to give them.
class Shelf {
 public:
  void put(Reply reply) {
    const std::lock_guard lock(mutex_);
    replies_.push_back(std::move(reply));
    changed_.notify_all();
  }
  // Waits until there are `count`, and takes them.
  std::vector<Reply> take(std::size_t count) {
    std::unique_lock lock(mutex_);
    GALENA_ASSERT(changed_.wait_for(lock, 20s, [&] { return replies_.size() >= count; }));
    return std::exchange(replies_, {});
  }
  Handler handler() {
    return [this](const Request&, Reply reply) { put(std::move(reply)); };
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Reply> replies_;
};

struct TemporaryFolder {
  TemporaryFolder() {
    std::string name = std::filesystem::temp_directory_path() / "galena-http-XXXXXX";
    GALENA_ASSERT(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

// ---- the ordinary way --------------------------------------------------------------------------

TEST(Listener, AnswersACall) {
  const auto listener = serve(on_free_port(), echo);
  const Response response = call_tcp("127.0.0.1", listener->port(), "POST", "/a%20b?c=d", "body",
                                     {{"Content-Type", "text/plain"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "POST /a b c=d body");
  EXPECT_EQ(response.content_type, "text/plain");
}

TEST(Listener, TellsWhoCalls) {
  const auto listener = serve(on_free_port(), [](const Request& request, const Reply& reply) {
    reply(text(request.peer + (request.local ? " local" : " remote")));
  });
  EXPECT_EQ(call_tcp("127.0.0.1", listener->port(), "GET", "/", "", {}).body, "127.0.0.1 remote");
}

TEST(Listener, SendsNosniffAndDateAndNoVersion) {
  const auto listener = serve(on_free_port(), echo);
  RawSocket socket = RawSocket::tcp(listener->port());
  socket.send(post("/", ""));
  const std::string answer = socket.read_answer();
  EXPECT_TRUE(answer.contains("\r\nX-Content-Type-Options: nosniff\r\n"));
  EXPECT_TRUE(answer.contains("\r\nDate: "));
  EXPECT_FALSE(answer.contains("Server:"));
}

TEST(Listener, KeepsAConnection) {
  const auto listener = serve(on_free_port(), echo);
  RawSocket socket = RawSocket::tcp(listener->port());
  for (int i = 0; i < 3; ++i) {
    socket.send(post("/" + std::to_string(i), "x"));
    EXPECT_EQ(body_of(socket.read_answer()), "POST /" + std::to_string(i) + "  x");
  }
}

TEST(Listener, AnswersPipelinedRequestsInOrder) {
  // The first answer comes last of all, from another thread; the others are held back for it.
  std::vector<std::thread> threads;
  const auto listener = serve(on_free_port(), [&](const Request& request, Reply reply) {
    if (request.path != "/0") return echo(request, reply);
    threads.emplace_back([reply = std::move(reply)] {
      std::this_thread::sleep_for(100ms);
      reply(text("slow"));
    });
  });
  RawSocket socket = RawSocket::tcp(listener->port());
  socket.send(post("/0", "a") + "\r\n" + post("/1", "b") + post("/2", std::string(50'000, 'c')));
  EXPECT_EQ(body_of(socket.read_answer()), "slow");
  EXPECT_EQ(body_of(socket.read_answer()), "POST /1  b");
  EXPECT_EQ(body_of(socket.read_answer()).size(), 9 + 50'000u);
  for (std::thread& thread : threads) thread.join();
}

TEST(Listener, TakesARequestByteByByte) {
  const auto listener = serve(on_free_port(), echo);
  RawSocket socket = RawSocket::tcp(listener->port());
  for (const char byte : post("/slow", "body")) {
    socket.send({&byte, 1});
    std::this_thread::sleep_for(200us);
  }
  EXPECT_EQ(body_of(socket.read_answer()), "POST /slow  body");
}

TEST(Listener, AnswersHeadWithoutBody) {
  const auto listener = serve(on_free_port(), echo);
  RawSocket socket = RawSocket::tcp(listener->port());
  socket.send("HEAD /x HTTP/1.1\r\nHost: t\r\n\r\nGET /y HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_TRUE(socket.read_answer(false).contains("\r\nContent-Length: 9\r\n"));
  EXPECT_EQ(body_of(socket.read_answer()), "GET /y  ");
  EXPECT_EQ(call_tcp("127.0.0.1", listener->port(), "HEAD", "/", "", {}).body, "");
}

TEST(Listener, ServesOldClientsAndThoseThatClose) {
  const auto listener = serve(on_free_port(), echo);
  RawSocket old = RawSocket::tcp(listener->port());
  old.send("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.read_to_end().ends_with("\r\nConnection: close\r\n\r\nGET /a  "));
  RawSocket asking = RawSocket::tcp(listener->port());
  for (int i = 0; i < 2; ++i) {
    asking.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_TRUE(asking.read_answer().contains("\r\nConnection: keep-alive\r\n"));
  }
  RawSocket closing = RawSocket::tcp(listener->port());
  closing.send(post("/a", "", "Connection: close\r\n"));
  EXPECT_TRUE(closing.read_to_end().ends_with("POST /a  "));
}

TEST(Listener, SendsEmbeddedBytes) {
  static const std::string file(3'000'000, 'f');
  const auto listener = serve(on_free_port(), [](const Request&, const Reply& reply) {
    Response response = text("not this");
    response.static_body = file;
    reply(std::move(response));
  });
  EXPECT_EQ(call_tcp("127.0.0.1", listener->port(), "GET", "/", "", {}).body, file);
}

TEST(Listener, ServesManyConnectionsAtOnce) {
  const auto listener = serve(on_free_port(), echo);
  std::vector<RawSocket> sockets;
  for (int i = 0; i < 300; ++i) sockets.push_back(RawSocket::tcp(listener->port()));
  for (int round = 0; round < 3; ++round) {
    for (RawSocket& socket : sockets) socket.send(post("/many", "x"));
    for (RawSocket& socket : sockets) EXPECT_EQ(status_of(socket.read_answer()), 200);
  }
}

TEST(Listener, TurnsAwayWhatIsTooMany) {
  ListenOptions options = on_free_port();
  options.connections_max = 2;
  const auto listener = serve(options, echo);
  RawSocket first = RawSocket::tcp(listener->port());
  first.send(post("/", ""));
  EXPECT_EQ(status_of(first.read_answer()), 200);
  {
    RawSocket second = RawSocket::tcp(listener->port());
    second.send(post("/", ""));
    EXPECT_EQ(status_of(second.read_answer()), 200);
    RawSocket third = RawSocket::tcp(listener->port());
    third.send(post("/", ""));
    const std::string answer = third.read_to_end();
    EXPECT_EQ(status_of(answer), 503);
    EXPECT_TRUE(answer.contains("application/problem+json"));
    EXPECT_TRUE(answer.ends_with("}"));
  }
  int status = 503;
  for (int tries = 0; tries < 100 && status == 503; ++tries) {
    std::this_thread::sleep_for(10ms);
    status = call_tcp("127.0.0.1", listener->port(), "GET", "/", "", {}).status;
  }
  EXPECT_EQ(status, 200);
}

// ---- bodies ------------------------------------------------------------------------------------

TEST(Bodies, Chunked) {
  const auto listener = serve(on_free_port(), echo);
  RawSocket socket = RawSocket::tcp(listener->port());
  const std::string head = "POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  socket.send(head + "5\r\nhel");
  std::this_thread::sleep_for(20ms);
  socket.send("lo\r\n6\r\n world\r\n0\r\n");
  std::this_thread::sleep_for(20ms);
  socket.send("\r\n" + post("/next", ""));
  EXPECT_EQ(body_of(socket.read_answer()), "POST /c  hello world");
  EXPECT_EQ(body_of(socket.read_answer()), "POST /next  ");
  socket.send(head + "zz\r\n");
  EXPECT_EQ(status_of(socket.read_to_end()), 400);
}

TEST(Bodies, Compressed) {
  const auto listener = serve(on_free_port(), echo);
  const auto call = [&](const std::string& body, const char* coding) {
    return call_tcp(
        "127.0.0.1", listener->port(), "POST", "/", body,
        {{"Content-Encoding", coding}, {"Content-Type", "application/x-www-form-urlencoded"}});
  };
  EXPECT_EQ(call(packed("{}"), "gzip").body, "POST /  {}");
  EXPECT_EQ(call(packed("{}"), "identity").body, "POST /  {}");
  EXPECT_EQ(call(packed("{}", 15), "deflate").body, "POST /  {}");
  EXPECT_EQ(call("{}", "gzip").status, 400);
  const Response unknown = call("{}", "zstd");
  EXPECT_EQ(unknown.status, 415);
  EXPECT_EQ(unknown.content_type, "application/problem+json");
}

TEST(Bodies, ACompressionBombIsRefused) {
  const auto listener = serve(on_free_port(), echo);
  const std::string bomb = packed(std::string(20'000'000, '\0'));
  ASSERT_LT(bomb.size(), 100'000u);
  const Response response =
      call_tcp("127.0.0.1", listener->port(), "POST", "/", bomb, {{"Content-Encoding", "gzip"}});
  EXPECT_EQ(response.status, 413);
}

TEST(Bodies, TheLimitIsAskedForEachPath) {
  std::atomic<int> asked = 0;
  const auto listener = listen(on_free_port(), echo, [&](Method method, std::string_view path) {
    ++asked;
    return method == Method::put && path == "/a b" ? BodyBound(10) : BodyBound(5, 400);
  });
  const auto status = [&](const char* method, const char* target) {
    return call_tcp("127.0.0.1", listener->port(), method, target, "1234567", {}).status;
  };
  EXPECT_EQ(status("PUT", "/a%20b?x"), 200);
  EXPECT_EQ(status("POST", "/a%20b"), 400);
  EXPECT_EQ(status("PUT", "/b"), 400);
  EXPECT_EQ(asked, 3);
}

TEST(Bodies, ALargeBodySeesTheRefusal) {
  const auto listener = serve(on_free_port(), echo, 1000);
  const std::string large(5'000'000, 'x');
  // A client that sends everything before it looks for an answer.
  RawSocket patient = RawSocket::tcp(listener->port());
  EXPECT_TRUE(patient.send(post("/", large)));
  const std::string answer = patient.read_answer();
  EXPECT_EQ(status_of(answer), 413);
  EXPECT_TRUE(answer.contains("\r\nConnection: close\r\n"));
  EXPECT_TRUE(answer.ends_with("}"));
  // The same in chunks.
  RawSocket chunked = RawSocket::tcp(listener->port());
  std::string bytes = "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 5000; ++i) bytes += "3e7\r\n" + std::string(999, 'x') + "\r\n";
  EXPECT_TRUE(chunked.send(bytes + "0\r\n\r\n"));
  EXPECT_EQ(status_of(chunked.read_answer()), 413);
  // And our own client.
  EXPECT_EQ(call_tcp("127.0.0.1", listener->port(), "POST", "/", large, {}).status, 413);
}

TEST(Bodies, ALengthBeyondTheLimitIsRefusedBeforeTheBody) {
  const auto listener = serve(on_free_port(), echo, 1000);
  RawSocket socket = RawSocket::tcp(listener->port());
  socket.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_EQ(status_of(socket.read_to_end(2000)), 413);
}

TEST(Bodies, ContinueIsSaidOnlyWhenTheBodyIsWanted) {
  const auto listener = serve(on_free_port(), echo, 1000);
  RawSocket wanted = RawSocket::tcp(listener->port());
  wanted.send("POST /w HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(wanted.read_answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  wanted.send("body");
  EXPECT_EQ(body_of(wanted.read_answer()), "POST /w  body");
  RawSocket refused = RawSocket::tcp(listener->port());
  refused.send(
      "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 4000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(status_of(refused.read_to_end()), 413);
}

// ---- malformed input ---------------------------------------------------------------------------

TEST(Malformed, IsAnsweredAndEndsTheConnection) {
  const auto listener = serve(on_free_port(), [](const Request&, const Reply& reply) {
    ADD_FAILURE() << "a malformed request reached the handler";
    reply({});
  });
  const std::pair<const char*, int> cases[] = {
      {"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
       "0\r\n\r\nG",
       400},
      {"POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n"
       "0\r\n\r\nG",
       400},
      {"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400},
      {"GET / HTTP/1.1\r\nHost: t\r\nA: b\r\n c\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: t\r\nA\x01: b\r\n\r\n", 400},
      {"GET / HTTP/1.1\nHost: t\n\n", 400},
      {"GET relative HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {"GET /%4 HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/3.0\r\nHost: t\r\n\r\n", 505},
      {"\x16\x03\x01\x02\x01\x01\x03\x03\r\n\r\n", 400},
  };
  for (const auto& [bytes, status] : cases) {
    RawSocket socket = RawSocket::tcp(listener->port());
    // What stands behind must not be taken for a second request.
    socket.send(std::string(bytes) + "GET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n");
    const std::string answer = socket.read_to_end(3000);
    EXPECT_EQ(status_of(answer), status) << bytes;
    EXPECT_TRUE(answer.contains("\r\nContent-Type: application/problem+json\r\n")) << answer;
    EXPECT_TRUE(answer.contains(R"({"type":"about:blank","title":")")) << answer;
    EXPECT_TRUE(answer.ends_with("}")) << answer;
    EXPECT_EQ(answer.find("\nHTTP/1.1"), std::string::npos) << answer;
  }
}

TEST(Malformed, AHeadThatNeverEndsIsTooLarge) {
  const auto listener = serve(on_free_port(), echo);
  for (const std::string& piece : {std::string(40'000, 'x'), "A: b\r\n" + std::string(5000, 'y')}) {
    RawSocket socket = RawSocket::tcp(listener->port());
    socket.send("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 10; ++i) socket.send(piece);
    EXPECT_EQ(status_of(socket.read_answer()), 431);
  }
}

TEST(Malformed, AClientThatGoesHalfwayHarmsNobody) {
  const auto listener = serve(on_free_port(), echo);
  for (const char* bytes :
       {"", "GET", "GET / HTTP/1.1\r\nHost: t\r\n",
        "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nhalf",
        "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n"}) {
    RawSocket socket = RawSocket::tcp(listener->port());
    socket.send(bytes);
    socket.end_sending();
    EXPECT_EQ(socket.read_to_end(), "") << bytes;
  }
  EXPECT_EQ(call_tcp("127.0.0.1", listener->port(), "GET", "/", "", {}).status, 200);
}

// ---- replies -----------------------------------------------------------------------------------

TEST(Replies, MayComeLateFromAnotherThread) {
  Shelf shelf;
  const auto listener = serve(on_free_port(), shelf.handler());
  RawSocket socket = RawSocket::tcp(listener->port());
  for (int i = 0; i < 3; ++i) {
    socket.send(post("/", ""));
    shelf.take(1).front()(text("late"));
    EXPECT_EQ(body_of(socket.read_answer()), "late");
  }
}

TEST(Replies, ABurstFromOneThread) {
  constexpr std::size_t count = 256;
  Shelf shelf;
  const auto listener = serve(on_free_port(), shelf.handler());
  std::vector<RawSocket> sockets;
  for (std::size_t i = 0; i < count; ++i) sockets.push_back(RawSocket::tcp(listener->port()));
  for (int round = 0; round < 4; ++round) {
    for (RawSocket& socket : sockets) socket.send(post("/", "x"));
    for (const Reply& reply : shelf.take(count)) reply(text("done"));
    for (RawSocket& socket : sockets) EXPECT_EQ(body_of(socket.read_answer()), "done");
  }
}

TEST(Replies, CountOnce) {
  const auto listener = serve(on_free_port(), [](const Request&, const Reply& reply) {
    const Reply copy = reply;
    copy(text("first"));
    reply(text("second"));
    std::thread([reply] { reply(text("third")); }).join();
  });
  RawSocket socket = RawSocket::tcp(listener->port());
  for (int i = 0; i < 2; ++i) {
    socket.send(post("/", ""));
    EXPECT_EQ(body_of(socket.read_answer()), "first");
  }
}

TEST(Replies, ThatAreDroppedAnswer500) {
  Shelf shelf;
  const auto listener = serve(on_free_port(), [&](const Request& request, Reply reply) {
    if (request.path == "/late") shelf.put(std::move(reply));
  });
  RawSocket socket = RawSocket::tcp(listener->port());
  socket.send(post("/now", ""));
  EXPECT_EQ(status_of(socket.read_answer()), 500);
  socket.send(post("/late", ""));
  shelf.take(1).clear();
  EXPECT_EQ(status_of(socket.read_answer()), 500);
}

TEST(Replies, AHandlerThatThrowsAnswers500) {
  const auto listener = serve(on_free_port(), [](const Request& request, const Reply& reply) {
    if (request.path == "/after") reply(text("answered"));
    if (request.path == "/odd") throw 7;
    throw std::runtime_error("the handler of a test fails, as it should");
  });
  RawSocket socket = RawSocket::tcp(listener->port());
  for (const char* path : {"/before", "/odd"}) {
    socket.send(post(path, ""));
    const std::string answer = socket.read_answer();
    EXPECT_EQ(status_of(answer), 500);
    EXPECT_FALSE(answer.contains("as it should"));
  }
  socket.send(post("/after", ""));
  EXPECT_EQ(body_of(socket.read_answer()), "answered");
}

// ---- time-outs ---------------------------------------------------------------------------------

TEST(TimeOuts, SlowHeadsBodiesAndSilence) {
  ListenOptions options = on_free_port();
  options.header_timeout_s = options.body_timeout_s = options.idle_timeout_s = 1;
  const auto listener = serve(options, echo);
  const auto begin = Clock::now();
  RawSocket head = RawSocket::tcp(listener->port());
  RawSocket body = RawSocket::tcp(listener->port());
  RawSocket chunks = RawSocket::tcp(listener->port());
  RawSocket silent = RawSocket::tcp(listener->port());
  RawSocket idle = RawSocket::tcp(listener->port());
  head.send("GET / HTTP/1.1\r\n");
  body.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n");
  chunks.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
  idle.send(post("/", ""));
  EXPECT_EQ(status_of(idle.read_answer()), 200);
  // A trickle does not keep them alive.
  for (int i = 0; i < 6; ++i) {
    std::this_thread::sleep_for(100ms);
    head.send("A: b\r\n");
    body.send("x");
    chunks.send("1\r\nx\r\n");
  }
  EXPECT_EQ(status_of(head.read_to_end(3000)), 408);
  EXPECT_EQ(status_of(body.read_to_end(3000)), 408);
  EXPECT_EQ(status_of(chunks.read_to_end(3000)), 408);
  EXPECT_EQ(silent.read_to_end(3000), "");
  EXPECT_EQ(idle.read_to_end(3000), "");
  EXPECT_LT(Clock::now() - begin, 4s);
}

TEST(TimeOuts, AHandlerThatNeverAnswers) {
  ListenOptions options = on_free_port();
  options.reply_timeout_s = 1;
  Shelf shelf;
  const auto listener = serve(options, [&](const Request& request, Reply reply) {
    if (request.path != "/never") return echo(request, reply);
    shelf.put(std::move(reply));
  });
  RawSocket socket = RawSocket::tcp(listener->port());
  socket.send(post("/never", ""));
  EXPECT_EQ(status_of(socket.read_answer()), 503);
  // Too late: it must not be taken for the answer to the next request.
  shelf.take(1).front()(text("too late"));
  std::this_thread::sleep_for(20ms);
  socket.send(post("/next", ""));
  EXPECT_EQ(body_of(socket.read_answer()), "POST /next  ");
}

TEST(TimeOuts, AClientThatDoesNotRead) {
  ListenOptions options = on_free_port();
  options.write_timeout_s = 1;
  options.connections_max = 1;
  const auto listener = serve(options, [](const Request&, const Reply& reply) {
    reply(text(std::string(50'000'000, 'x')));
  });
  RawSocket socket = RawSocket::tcp(listener->port());
  socket.send(post("/", ""));
  int status = 503;
  for (int tries = 0; tries < 40 && status == 503; ++tries) {
    std::this_thread::sleep_for(100ms);
    status = call_tcp("127.0.0.1", listener->port(), "GET", "/", "", {}).status;
  }
  EXPECT_EQ(status, 200);
}

TEST(TimeOuts, OfTheClient) {
  Shelf shelf;
  const auto listener = serve(on_free_port(), shelf.handler());
  EXPECT_THROW(call_tcp("127.0.0.1", listener->port(), "GET", "/", "", {}, 1s), std::system_error);
  shelf.take(1);
}

// ---- stopping ----------------------------------------------------------------------------------

TEST(Stop, LetsAReplyUnderWayFinish) {
  Shelf shelf;
  auto listener = serve(on_free_port(), shelf.handler());
  RawSocket idle = RawSocket::tcp(listener->port());
  RawSocket waiting = RawSocket::tcp(listener->port());
  waiting.send(post("/", ""));
  std::vector<Reply> replies = shelf.take(1);
  std::thread answerer([&] {
    std::this_thread::sleep_for(300ms);
    replies.front()(text("in time"));
  });
  const auto begin = Clock::now();
  const std::uint16_t port = listener->port();
  listener.reset();
  EXPECT_GT(Clock::now() - begin, 200ms);
  EXPECT_LT(Clock::now() - begin, 2s);
  answerer.join();
  const std::string answer = waiting.read_to_end();
  EXPECT_TRUE(answer.ends_with("\r\nConnection: close\r\n\r\nin time")) << answer;
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_THROW(call_tcp("127.0.0.1", port, "GET", "/", "", {}), std::system_error);
}

TEST(Stop, GivesUpAReplyThatDoesNotCome) {
  Shelf shelf;
  ListenOptions options = on_free_port();
  options.stop_timeout_s = 1;
  auto listener = serve(options, shelf.handler());
  RawSocket waiting = RawSocket::tcp(listener->port());
  waiting.send(post("/", ""));
  std::vector<Reply> replies = shelf.take(1);
  const auto begin = Clock::now();
  listener.reset();
  EXPECT_GT(Clock::now() - begin, 900ms);
  EXPECT_LT(Clock::now() - begin, 3s);
  EXPECT_FALSE(waiting.read_to_end().contains("200"));
  // Nobody is there any more to take the answer, and that must not matter.
  replies.front()(text("far too late"));
}

TEST(Stop, WhileRequestsPourIn) {
  for (int round = 0; round < 5; ++round) {
    auto listener = serve(on_free_port(), echo);
    const std::uint16_t port = listener->port();
    std::atomic<bool> stop = false;
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&] {
        while (!stop) {
          try {
            EXPECT_EQ(call_tcp("127.0.0.1", port, "POST", "/", "x", {}, 5s).status, 200);
          } catch (const std::system_error&) {
            return;  // the listener has gone
          }
        }
      });
    }
    std::this_thread::sleep_for(30ms);
    listener.reset();
    stop = true;
    for (std::thread& caller : callers) caller.join();
  }
}

// ---- sockets -----------------------------------------------------------------------------------

TEST(UnixSocket, ServesItsOwnerOnly) {
  const TemporaryFolder folder;
  ListenOptions options = on_free_port();
  options.unix_socket = folder.path / "galena.sock";
  auto listener = serve(options, [](const Request& request, const Reply& reply) {
    reply(text(request.peer + (request.local ? " local " : " remote ") + request.body));
  });
  EXPECT_EQ(call_unix(options.unix_socket, "POST", "/x", "body", {}).body, "local local body");
  struct stat status {};
  ASSERT_EQ(::stat(options.unix_socket.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  RawSocket socket = RawSocket::local(options.unix_socket);
  for (int i = 0; i < 2; ++i) {
    socket.send(post("/", "raw"));
    EXPECT_EQ(body_of(socket.read_answer()), "local local raw");
  }
  listener.reset();
  EXPECT_FALSE(std::filesystem::exists(options.unix_socket));
  EXPECT_THROW(call_unix(options.unix_socket, "GET", "/", "", {}), std::system_error);
}

TEST(UnixSocket, ReplacesADeadOneAndSparesALivingOne) {
  const TemporaryFolder folder;
  ListenOptions options = on_free_port();
  options.unix_socket = folder.path / "galena.sock";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, options.unix_socket.c_str(), sizeof address.sun_path - 1);
  const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(dead);
  const auto listener = serve(options, echo);
  EXPECT_EQ(call_unix(options.unix_socket, "GET", "/", "", {}).status, 200);
  EXPECT_THROW(serve(options, echo), std::system_error);
  EXPECT_EQ(call_unix(options.unix_socket, "GET", "/", "", {}).status, 200);
}

TEST(Listener, ThrowsWhenTheAddressIsTaken) {
  ListenOptions options = on_free_port();
  const auto listener = serve(options, echo);
  options.port = listener->port();
  EXPECT_THROW(serve(options, echo), std::system_error);
  options.address = "no such address";
  EXPECT_THROW(serve(options, echo), std::system_error);
}

TEST(Client, ThrowsWhenNobodyAnswers) {
  std::uint16_t port = 0;
  { port = serve(on_free_port(), echo)->port(); }
  EXPECT_THROW(call_tcp("127.0.0.1", port, "GET", "/", "", {}), std::system_error);
  EXPECT_THROW(call_unix("/nonexistent/socket", "GET", "/", "", {}), std::system_error);
}

}  // namespace
}  // namespace galena::server
