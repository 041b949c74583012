// Plays a case through the real core and reports what is not as it says.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "case_file.hpp"
#include "domain/decide.hpp"
#include "request.hpp"
#include "workspace/workspace.hpp"

namespace galena::cases {

class Story {
 public:
  explicit Story(const Case& told) : case_(told), playbook_(domain::standard_playbook()) {}

  // Throws std::runtime_error where the case cannot be understood; everything else is a failure of
  // the running test at the case's line.
  void play();

 private:
  struct LogRow {
    domain::InputKind kind{};
    std::string input;
    std::string outcome;
    Time at{};
  };

  void given(const Step& step);
  void when(const Step& step);
  void then(const Step& step);

  void start();
  void take(domain::Input input);
  void read_again(const workspace::Workspace& workspace, domain::Input& input) const;
  void take_request(const Request& request);
  void apply_playbook();
  void do_deed(const std::string& deed);

  void expect(const Step& step, Time at, const domain::Lead* lead);
  void expect_ledger(const Step& step, Time at, const domain::Lead& lead);
  std::string actual(const std::string& key, Time at, const domain::Lead& lead) const;
  std::string count_of(const std::string& key) const;

  const domain::Lead* lead_of(const Actor& actor) const;
  void fail_at(int line, const std::string& message) const;
  void check_ledgers();
  void check_recall();

  const Case& case_;
  domain::Playbook playbook_;
  std::vector<std::pair<Actor, std::string>> people_;  // given, with their traits
  workspace::Workspace workspace_;
  std::vector<LogRow> log_;
  bool started_ = false;
  Actor actor_{.user = "someone"};
  Time now_{};
  std::optional<Error> refused_;
  int refused_line_ = 0;
};

}  // namespace galena::cases
