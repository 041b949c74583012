// `galena demo`: a workspace of a made-up company, filled through the front door like any other.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <deque>
#include <filesystem>
#include <stdexcept>
#include <unordered_map>

#include "cli/ask.hpp"
#include "demo/company.hpp"
#include "server/secret.hpp"

namespace galena::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kEmail = "demo@nordlicht.example";

// Says on stderr how far it is, if that takes long.
class Progress {
 public:
  explicit Progress(const demo::DemoOptions& options) : options_(options) {}

  void tell(std::size_t sent, Time at) {
    const auto now = Steady::now();
    if (now < next_) return;
    next_ = now + kEvery;
    const Duration all = std::chrono::days{options_.days};
    const double part = 1 - std::chrono::duration<double>(options_.now - at) / all;
    fmt::print(stderr, "{} messages, {:.0f} % of the days, {:.0f} messages a second\n", sent,
               100 * part, double(sent) / std::chrono::duration<double>(now - start_).count());
  }

 private:
  using Steady = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kEvery{5};

  const demo::DemoOptions& options_;
  Steady::time_point start_ = Steady::now();
  Steady::time_point next_ = start_ + kEvery;
};

// Sends messages in batches, each kind of source with its own key. Everybody's messages go in their
// order; those of different people may overtake each other, so that a batch is worth a commit
// although browsers and servers take turns. Throws std::runtime_error if one is refused.
class Sender {
 public:
  Sender(Session& session, const json::object& keys, const demo::DemoOptions& options)
      : session_(session), keys_(keys), progress_(options) {}

  void send(const demo::DemoMessage& message) {
    const std::size_t number = batch_of(message);
    std::string& body = open_[number - first_];
    body += body.empty() ? R"({"batch":[)" : ",";
    body += message.json;
    last_of_[message.person] = number;
    ++sent_;
    if (body.size() > kBytesMax) send_up_to(number);
    progress_.tell(sent_, message.at);
  }

  void flush() {
    if (!open_.empty()) send_up_to(first_ + open_.size() - 1);
  }

  std::size_t sent() const { return sent_; }

 private:
  static constexpr std::size_t kBytesMax = 200'000;

  // The first open batch of the message's source that is not before its person's last one.
  std::size_t batch_of(const demo::DemoMessage& message) {
    const auto last = last_of_.find(message.person);
    std::size_t number = last == last_of_.end() ? first_ : std::max(first_, last->second);
    if ((number % 2 == 0) != message.browser) ++number;
    while (number >= first_ + open_.size()) open_.emplace_back();
    return number;
  }

  void send_up_to(std::size_t number) {
    while (first_ <= number && !open_.empty()) {
      post(first_ % 2 == 0, std::move(open_.front()));
      open_.pop_front();
      ++first_;
    }
    std::erase_if(last_of_, [&](const auto& last) { return last.second < first_; });
  }

  void post(bool browser, std::string body) {
    if (body.empty()) return;
    body += "]}";
    const auto& key = keys_.at(browser ? "browser_key" : "write_key").as_string();
    const auto answer = session_.call("POST", "/v1/batch", body, "application/json",
                                      {{"Authorization", "Bearer " + std::string(key)}});
    // A demo message that is refused is a mistake of ours, not of whoever runs this.
    if (answer.status != 200 || answer.body.find("refused") != std::string::npos) {
      throw std::runtime_error("the demo's messages were refused: " + answer.body.substr(0, 500));
    }
  }

  Session& session_;
  const json::object& keys_;
  Progress progress_;
  // Bodies of batches by number from first_ on; those of browsers have even numbers.
  std::deque<std::string> open_;
  std::size_t first_ = 0;
  std::unordered_map<std::uint64_t, std::size_t> last_of_;  // by person, of open batches
  std::size_t sent_ = 0;
};

bool write_private(const std::string& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return false;
  const bool written = ::write(descriptor, text.data(), text.size()) == ssize_t(text.size());
  return ::close(descriptor) == 0 && written;
}

}  // namespace

int run_demo(const Common& common, const DemoSize& size) {
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

  const demo::DemoOptions options{
      .seed = size.seed, .people = size.people, .days = size.days, .now = system_clock().now()};
  Sender sender(*session, made->as_object(), options);
  demo::generate(options, [&](const demo::DemoMessage& message) { sender.send(message); });
  sender.flush();

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
