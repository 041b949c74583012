// `galena demo`: a workspace of a made-up company, filled through the front door like any other.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "cli/ask.hpp"
#include "demo/company.hpp"
#include "server/secret.hpp"

namespace galena::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kEmail = "demo@nordlicht.example";

// Sends messages in batches, in their order, each kind of source with its own key.
class Sender {
 public:
  Sender(Session& session, const json::object& keys) : session_(session), keys_(keys) {}

  void send(const demo::DemoMessage& message) {
    if (message.browser != browser_ || body_.size() > kBytesMax) flush();
    browser_ = message.browser;
    body_ += body_.empty() ? R"({"batch":[)" : ",";
    body_ += message.json;
    ++sent_;
  }

  void flush() {
    if (body_.empty() || !error_.empty()) return;
    body_ += "]}";
    const auto& key = keys_.at(browser_ ? "browser_key" : "write_key").as_string();
    const auto answer = session_.call("POST", "/v1/batch", body_, "application/json",
                                      {{"Authorization", "Bearer " + std::string(key)}});
    // A demo message that is refused is a mistake of ours, not of whoever runs this.
    if (answer.status != 200 || answer.body.find("refused") != std::string::npos) {
      error_ = fmt::format("the demo's messages were refused: {}", answer.body.substr(0, 500));
    }
    body_.clear();
  }

  const std::string& error() const { return error_; }
  std::size_t sent() const { return sent_; }

 private:
  static constexpr std::size_t kBytesMax = 200'000;

  Session& session_;
  const json::object& keys_;
  std::string body_;
  bool browser_ = false;
  std::string error_;
  std::size_t sent_ = 0;
};

bool write_private(const std::string& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return false;
  const bool written = ::write(descriptor, text.data(), text.size()) == ssize_t(text.size());
  return ::close(descriptor) == 0 && written;
}

}  // namespace

int run_demo(const Common& common, std::uint64_t seed) {
  if (std::filesystem::exists(common.data + "/galena.db")) {
    return failed(
        fmt::format("{} has data already; the demo wants a directory of its own", common.data));
  }
  auto session = Session::open(common.data, true);
  if (!session) return failed(session.error().message);
  const std::string password = server::make_secret("").substr(0, 20);
  const auto made =
      ask(*session, common, "POST", "/local/init",
          json::serialize(json::object{
              {"email", kEmail}, {"password", password}, {"name", "Nordlicht IT (demo)"}}));
  if (!made) return failed(made.error().message);
  const auto applied =
      ask(*session, common, "PUT", "/api/v1/playbook", demo::demo_playbook(), "application/toml");
  if (!applied) return failed(applied.error().message);

  Sender sender(*session, made->as_object());
  demo::generate({.seed = seed, .now = system_clock().now()},
                 [&](const demo::DemoMessage& message) { sender.send(message); });
  sender.flush();
  if (!sender.error().empty()) return failed(sender.error());

  const std::string sign_in =
      fmt::format("Sign in with {} and the password {}\n", kEmail, password);
  if (!write_private(common.data + "/demo-sign-in.txt", sign_in)) {
    return failed("demo-sign-in.txt could not be written");
  }
  json::object shown = made->as_object();
  shown["password"] = password;
  shown["messages"] = sender.sent();
  print_object(common.format, shown);
  return 0;
}

}  // namespace galena::cli
