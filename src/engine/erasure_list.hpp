// The list of what was erased, as it is kept beside the database (ADR 0010): keyed hashes, and
// their secret. It outlives a database that is put back to an older state.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "domain/suppressions.hpp"
#include "store/store.hpp"

namespace galena::engine {

// Two that know the same have the same.
std::string print_of(const domain::Suppressions& known);

class ErasureList {
 public:
  // An empty text is an empty list. Throws std::runtime_error when it is damaged.
  static ErasureList read(std::string_view text);
  std::string text() const;

  // What the workspace knows joins the list; of what both know the later holds. A workspace is told
  // by its number and when it was made.
  void add(const store::WorkspaceRow& workspace, const domain::Suppressions& known);
  void add(const ErasureList& other);

  // What the list knows of the workspace; empty if nothing.
  domain::Suppressions of(const store::WorkspaceRow& workspace) const;

 private:
  struct Name {
    store::WorkspaceId id = 0;
    Time created_at{};

    auto operator<=>(const Name&) const = default;
  };
  void add(const Name& name, const domain::Suppressions& known);

  std::map<Name, domain::Suppressions> workspaces_;
};

}  // namespace galena::engine
