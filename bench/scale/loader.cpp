#include "loader.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <span>
#include <stdexcept>

#include "domain/playbook.hpp"
#include "server/app.hpp"
#include "store/store.hpp"
#include "wire.hpp"

namespace galena::scale {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kMessagesPerRequest = 1'000;
constexpr std::size_t kRequestsPerCommit = 100;
constexpr std::size_t kProgressEvery = 1'000'000;

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

class Loader {
 public:
  explicit Loader(const LoadOptions& options)
      : options_(options),
        clock_(options.span.begin() - std::chrono::hours{24}),
        store_(opened(options.directory)),
        engine_(*store_, clock_,
                {.threads = 0,
                 .mailbox_inputs_max = 2 * kMessagesPerRequest * kRequestsPerCommit,
                 .batch_inputs_max = kMessagesPerRequest * kRequestsPerCommit,
                 .snapshot_every = kProgressEvery}) {}

  void run() {
    make_workspace();
    const auto start = Steady::now();
    const auto deeds = all_deeds(options_.crowd, options_.span);
    fmt::print("{} deeds drawn and put in order in {:.1f} s\n", deeds.size(), seconds_since(start));
    take_in(deeds);
    apply_playbook();
    const auto finish_start = Steady::now();
    engine_.look(1);  // so that the columns are in the snapshot
    engine_.finish();
    fmt::print("snapshot written in {:.1f} s\n", seconds_since(finish_start));
  }

 private:
  static std::unique_ptr<store::Store> opened(const std::string& directory) {
    auto store = store::open_sqlite({.directory = directory});
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
  }

  // As galena init does it: with an owner, who cannot sign in because nobody knows the password,
  // and the first keys.
  void make_workspace() {
    server::App app(engine_, *store_, {.data_directory = options_.directory});
    server::Request request;
    request.method = server::Method::post;
    request.method_text = "POST";
    request.path = "/local/init";
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = R"({"email":"bench@example.com","password":"a password of the bench"})";
    request.local = true;
    request.peer = "local";
    const server::Response made = app.call(std::move(request));
    if (made.status != 201) throw std::runtime_error(made.body);
    std::ofstream(options_.directory + "/keys.json") << made.body << '\n';
  }

  void take_in(std::span<const Deed> deeds) {
    const auto start = Steady::now();
    std::size_t shown = 0;
    for (std::size_t at = 0; at < deeds.size();) {
      for (std::size_t i = 0; i < kRequestsPerCommit && at < deeds.size(); ++i) {
        const auto request = deeds.subspan(at, std::min(kMessagesPerRequest, deeds.size() - at));
        send(request);
        at += request.size();
      }
      while (engine_.step()) {
      }
      if (at - shown < kProgressEvery) continue;
      shown = at;
      engine_.look_after();
      fmt::print(stderr, "{} events, {:.0f} s\n", at, seconds_since(start));
    }
    const double took = seconds_since(start);
    fmt::print("{} events of {} leads taken in in {:.1f} s: {:.0f} rows/s\n", deeds.size(),
               options_.crowd.leads, took, double(deeds.size()) / took);
  }

  void send(std::span<const Deed> deeds) {
    body_ = R"({"batch":[)";
    for (const Deed& deed : deeds) {
      if (body_.back() == '}') body_ += ',';
      append_message(options_.crowd, deed, body_);
    }
    body_ += "]}";
    clock_.move_to(deeds.back().arrived());
    auto batch = domain::read_request(
        body_, std::nullopt, {.source = domain::Source::server, .key = 1, .arrived = clock_.now()});
    if (!batch || !batch->refused.empty()) throw std::runtime_error("a message was refused");
    for (std::size_t i = 0; i < deeds.size(); ++i) batch->inputs[i].arrived = deeds[i].arrived();
    submit({std::make_move_iterator(batch->inputs.begin()),
            std::make_move_iterator(batch->inputs.end())});
  }

  void submit(std::vector<domain::Input> inputs) {
    engine_.submit(1, std::move(inputs), [](const Result<engine::Receipts>& receipts) {
      if (!receipts) throw std::runtime_error(receipts.error().message);
      for (const auto& receipt : *receipts) {
        if (!receipt) throw std::runtime_error(receipt.error().message);
        if (receipt->duplicate) throw std::runtime_error("a message came twice");
      }
    });
  }

  void apply_playbook() {
    const auto start = Steady::now();
    clock_.move_to(options_.span.until);
    const auto playbook =
        domain::read_playbook(options_.playbook, engine_.read(1)->playbook()->source);
    if (!playbook) {
      throw std::runtime_error(playbook.error().field + ": " + playbook.error().message);
    }
    submit({domain::PlaybookInput{domain::write_playbook(*playbook), "setup", ""}});
    while (engine_.step()) {
    }
    fmt::print("playbook applied to {} leads in {:.1f} s\n", engine_.read(1)->lead_count(),
               seconds_since(start));
  }

  const LoadOptions& options_;
  BenchClock clock_;
  std::unique_ptr<store::Store> store_;
  engine::Engine engine_;
  std::string body_;
};

}  // namespace

void load(const LoadOptions& options) {
  Loader(options).run();
}

}  // namespace galena::scale
