#include "engine/erasure_list.hpp"

#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <stdexcept>

namespace galena::engine {
namespace {

namespace json = boost::json;
using domain::Suppressions;

Fingerprint print_at(const json::value& value) {
  const auto print = read_print(value.as_string());
  if (!print) throw std::runtime_error("a fingerprint is damaged");
  return *print;
}

Suppressions read_suppressions(const json::object& object) {
  Suppressions read;
  for (const json::value& half : object.at("secret").as_array()) {
    const Fingerprint bytes = print_at(half);
    read.secret.append(reinterpret_cast<const char*>(bytes.data()), sizeof(bytes));
  }
  if (read.secret.size() != 32) throw std::runtime_error("the secret is damaged");
  for (const json::value& entry : object.at("keys").as_array()) {
    const json::array& parts = entry.as_array();
    read.entries[print_at(parts.at(0))] = {parts.at(1).as_string() == "lifted",
                                           from_ms(parts.at(2).to_number<std::int64_t>())};
  }
  return read;
}

json::object suppressions_json(const Suppressions& known) {
  json::array secret, keys;
  for (std::size_t at = 0; at < known.secret.size(); at += sizeof(Fingerprint)) {
    secret.push_back(
        json::string(to_hex(std::string_view(known.secret).substr(at, sizeof(Fingerprint)))));
  }
  for (const auto& [print, entry] : known.entries) {
    keys.push_back(json::array{json::string(print_text(print)), entry.lifted ? "lifted" : "erased",
                               to_ms(entry.at)});
  }
  return {{"secret", std::move(secret)}, {"keys", std::move(keys)}};
}

}  // namespace

std::string print_of(const Suppressions& known) {
  if (known.entries.empty()) return {};
  return print_text(fingerprint(json::serialize(suppressions_json(known))));
}

ErasureList ErasureList::read(std::string_view text) {
  ErasureList list;
  if (text.empty()) return list;
  try {
    const json::value value = json::parse(text);
    for (const json::value& entry : value.as_object().at("workspaces").as_array()) {
      const json::object& workspace = entry.as_object();
      const Name name{workspace.at("id").to_number<store::WorkspaceId>(),
                      from_ms(workspace.at("created_at").to_number<std::int64_t>())};
      list.workspaces_[name] = read_suppressions(workspace);
    }
  } catch (const std::exception& error) {
    throw std::runtime_error(std::string("the list of erasures is damaged: ") + error.what());
  }
  return list;
}

std::string ErasureList::text() const {
  json::array workspaces;
  for (const auto& [name, known] : workspaces_) {
    json::object workspace = suppressions_json(known);
    workspace["id"] = name.id;
    workspace["created_at"] = to_ms(name.created_at);
    workspaces.push_back(std::move(workspace));
  }
  if (workspaces.empty()) return {};
  return json::serialize(json::object{{"workspaces", std::move(workspaces)}}) + "\n";
}

void ErasureList::add(const Name& name, const Suppressions& known) {
  if (known.entries.empty()) return;
  Suppressions& mine = workspaces_[name];
  if (mine.secret.empty()) mine.secret = known.secret;
  if (mine.secret != known.secret) {
    // Two histories of one workspace that never knew of each other: nothing tells whether a hash of
    // one means the same as one of the other.
    spdlog::error("workspace {}: the list of erasures is of another history; it is not added to",
                  name.id);
    return;
  }
  for (const auto& [print, entry] : known.entries) {
    const auto [place, is_new] = mine.entries.try_emplace(print, entry);
    if (!is_new && place->second.at < entry.at) place->second = entry;
  }
}

void ErasureList::add(const store::WorkspaceRow& workspace, const Suppressions& known) {
  add(Name{workspace.id, workspace.created_at}, known);
}

void ErasureList::add(const ErasureList& other) {
  for (const auto& [name, known] : other.workspaces_) add(name, known);
}

Suppressions ErasureList::of(const store::WorkspaceRow& workspace) const {
  const auto found = workspaces_.find({workspace.id, workspace.created_at});
  return found == workspaces_.end() ? Suppressions{} : found->second;
}

}  // namespace galena::engine
