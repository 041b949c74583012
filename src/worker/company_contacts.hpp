// Whom of a company a deal is put down to that names only the company: the best lead there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/engine.hpp"

namespace galena::worker {

class CompanyContacts {
 public:
  CompanyContacts(const engine::Engine& engine, store::WorkspaceId workspace)
      : engine_(engine), workspace_(workspace) {}

  // The user id or address of that lead, by the company's name (whatever its legal form and case).
  // All leads are gone through when it is first asked, and again for who came in since only by
  // another object.
  std::optional<std::string> of(std::string_view company);

 private:
  struct Contact {
    std::string key;
    std::int64_t score = 0;
  };
  void find_all();

  const engine::Engine& engine_;
  const store::WorkspaceId workspace_;
  std::optional<std::unordered_map<std::string, Contact>> contacts_;  // by the name's form
};

}  // namespace galena::worker
