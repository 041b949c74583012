// Files to be imported (ADR 0018): given in parts, looked at, tried, imported, taken back. The work
// itself is a job's (worker/imports.hpp); here the table is moved from state to state.
#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/csv_writer.hpp"
#include "base/json.hpp"
#include "domain/import_job.hpp"
#include "domain/import_settings.hpp"
#include "server/handlers.hpp"
#include "server/list_page.hpp"
#include "server/problem.hpp"
#include "server/retries.hpp"
#include "store/import_files.hpp"

namespace galena::server {
namespace {

namespace json = boost::json;
using namespace domain;
using store::ImportFile;
using store::ImportRow;

constexpr std::uint64_t kFileBytesMax = 4ull << 30;
constexpr std::size_t kNameBytes = 200;
constexpr std::size_t kSampleBytes = 64 << 10;
constexpr std::size_t kShownMax = 200;

std::string import_id(std::int64_t id) {
  return fmt::format("imp_{}", id);
}

std::optional<ImportRow> find_import(const Call& call) {
  std::string_view text = call.parameters.front();
  if (!text.starts_with("imp_")) return std::nullopt;
  text.remove_prefix(4);
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return call.services.store.find_import(call.principal.workspace, id);
}

Response no_such_import() {
  return problem({ErrorCode::not_found, "there is no such import", ""});
}

Response moved_meanwhile() {
  return problem({ErrorCode::conflict, "the import has moved on meanwhile; look at it again", ""});
}

json::object figures_json(const ImportFigures& figures) {
  json::object object;
  for (const ImportFigure& figure : import_figures()) {
    object[figure.name] = figures.*figure.value;
  }
  return object;
}

// The file as it is understood; an Error also if it is not there any more.
Result<ImportView> view_of(const Call& call, const ImportRow& row) {
  store::Store& store = call.services.store;
  std::string beginning;
  const bool is_there =
      store.import_files().read(row.workspace, row.id, ImportFile::given, [&](auto piece) {
        beginning += piece;
        return beginning.size() < kSampleBytes;
      });
  if (!is_there) return fail(ErrorCode::gone, "the file is not here any more; give it again");
  const auto settings = read_import_settings(row.settings);
  if (!settings) return tl::unexpected(settings.error());
  const bool is_all = beginning.size() >= row.bytes;
  return look_at_import(
      beginning, is_all ? CsvSample::whole_file : CsvSample::beginning, *settings,
      [&](std::string_view key) { return store.remembered_mapping(row.workspace, key); });
}

json::array columns_json(const ImportView& view) {
  json::array columns;
  for (std::size_t i = 0; i < view.mapping.columns.size(); ++i) {
    const ImportColumn& column = view.mapping.columns[i];
    const ColumnGuess guess =
        i < view.layout.columns.size() ? view.layout.columns[i] : ColumnGuess{};
    const bool as_guessed = guess.target == column.target;
    const bool is_used = column.target != ImportTarget::none;
    columns.push_back(json::object{
        {"header", column.header},
        {"target", is_used ? json::value(to_string(column.target)) : json::value(nullptr)},
        {"property", column.property.empty() ? json::value(nullptr) : json::value(column.property)},
        {"sureness", as_guessed ? guess.sureness : 1.0},
        {"reason", as_guessed           ? guess.reason
                   : view.is_remembered ? "as the last time"
                                        : "as you say"},
        {"sample", view.samples.at(i)}});
  }
  return columns;
}

json::object file_json(const CsvDialect& dialect) {
  const auto sign = [](char c) { return c == 0 ? std::string() : std::string(1, c); };
  return {{"encoding", to_string(dialect.encoding)},
          {"separator", dialect.separator},
          {"quote", sign(dialect.quote)},
          {"escape", sign(dialect.escape)},
          {"comment", dialect.comment},
          {"skip_lines", dialect.skip_lines},
          {"header", dialect.header},
          {"strict", dialect.strict}};
}

// What the list says of one.
json::object import_json(const ImportRow& row) {
  const auto progress = read_import_progress(row.progress);
  const ImportProgress known = progress ? *progress : ImportProgress{};
  return {{"id", import_id(row.id)},
          {"name", row.name},
          {"state", row.state},
          {"author", row.author},
          {"created_at", format_time(row.created_at)},
          {"changed_at", format_time(row.changed_at)},
          {"bytes", row.bytes},
          {"bytes_read", known.bytes_read},
          {"line", known.line},
          {"checked", figures_json(known.checked)},
          {"imported", figures_json(known.imported)},
          {"taken_back", known.taken_back},
          {"left_standing", known.left_standing},
          {"error", known.error.empty() ? json::value(nullptr) : json::value(known.error)}};
}

// And what is asked of the file itself.
json::object whole_json(const Call& call, const ImportRow& row) {
  json::object object = import_json(row);
  const auto view = view_of(call, row);
  object["layout"] = view ? json::value(view->layout.title) : json::value(nullptr);
  object["kind"] = view ? json::value(to_string(view->mapping.kind)) : json::value(nullptr);
  object["remembered"] = view ? view->is_remembered : false;
  object["columns"] = view ? columns_json(*view) : json::array();
  object["file"] = view ? json::value(file_json(view->dialect)) : json::value(nullptr);
  object["mapping"] = view ? json::parse(mapping_text(view->mapping)) : json::value(nullptr);
  object["unreadable"] =
      view || !call.services.store.import_files().has(row.workspace, row.id, ImportFile::given)
          ? json::value(nullptr)
          : json::value(view.error().message);
  return object;
}

Response shown(const Call& call, const ImportRow& row, int status = 200) {
  return {.status = status, .body = json::serialize(whole_json(call, row))};
}

// Puts the import into another state; `change` may change more. The answer shows it.
template <class Change>
Response move(const Call& call, ImportRow row, ImportState to, const Change& change) {
  const std::string from = std::exchange(row.state, std::string(to_string(to)));
  change(row);
  row.changed_at = call.services.engine.clock().now();
  if (!call.services.store.move_import(row, from)) return moved_meanwhile();
  return shown(call, row);
}

Response refuse_step(const ImportRow& row, std::string_view step) {
  return problem({ErrorCode::conflict,
                  fmt::format("this import is {}; it cannot be {} now", row.state, step), ""});
}

bool is_one_of(const ImportRow& row, std::initializer_list<ImportState> states) {
  const auto state = import_state(row.state);
  return state && std::ranges::find(states, *state) != states.end();
}

// Before a step goes over the file: what it was understood as is what holds from now on.
std::optional<Response> settle_mapping(const Call& call, ImportRow& row) {
  const auto view = view_of(call, row);
  if (!view) return problem(view.error());
  auto settings = read_import_settings(row.settings);
  settings->mapping = view->mapping;
  row.settings = import_settings_text(*settings);
  return std::nullopt;
}

std::optional<std::uint64_t> offset_of(const Call& call) {
  const std::string text = call.query("offset");
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return offset;
}

// RFC 7396; a list of columns may be changed by an object of headers and what they mean.
void merge_patch(json::value& to, const json::value& patch) {
  if (!patch.is_object()) {
    to = patch;
    return;
  }
  if (!to.is_object()) to = json::object();
  json::object& object = to.get_object();
  for (const auto& [key, value] : patch.get_object()) {
    if (value.is_null()) {
      object.erase(key);
    } else {
      merge_patch(object[key], value);
    }
  }
}

Result<> change_columns(json::value& mapping, json::object& patch) {
  json::value* changes = patch.if_contains("columns");
  if (changes == nullptr || !changes->is_object()) return {};
  for (const auto& [header, meaning] : changes->get_object()) {
    json::object* found = nullptr;
    for (json::value& column : mapping.as_object().at("columns").as_array()) {
      if (column.at("header").as_string() == std::string_view(header)) found = &column.as_object();
    }
    if (found == nullptr) {
      return fail(ErrorCode::invalid, "the file has no such column",
                  fmt::format("/mapping/columns/{}", std::string_view(header)));
    }
    found->erase("target");
    found->erase("property");
    if (meaning.is_string()) (*found)["target"] = meaning;
    if (!meaning.is_object()) continue;
    for (const auto& [key, value] : meaning.get_object()) (*found)[key] = value;
  }
  patch.erase("columns");
  return {};
}

}  // namespace

Response list_imports(const Call& call) {
  json::array data;
  for (const ImportRow& row : call.services.store.imports(call.principal.workspace)) {
    if (data.size() == kShownMax) break;
    data.push_back(import_json(row));
  }
  return {.body = json::serialize(json::object{{"data", std::move(data)}})};
}

Response create_import(const Call& call) {
  const std::string name = call.query("name");
  if (name.empty() || name.size() > kNameBytes || !is_utf8(name)) {
    return problem(wrong_parameter(
        "name", fmt::format("must be the file's name, of {} bytes at most", kNameBytes)));
  }
  if (call.request.body.empty()) {
    return problem({ErrorCode::invalid, "the file, or its first part, is needed as the body", ""});
  }
  const auto once = write_name(call);
  if (!once) return problem(once.error());
  const auto turn = call.services.auth.take_turn();
  if (auto answered = answered_before(call, *once)) return std::move(*answered);
  store::Store& store = call.services.store;
  const Time now = call.services.engine.clock().now();
  ImportRow row = store.create_import({.workspace = call.principal.workspace,
                                       .name = name,
                                       .author = call.principal.author(),
                                       .state = std::string(to_string(ImportState::fresh)),
                                       .bytes = call.request.body.size(),
                                       .created_at = now});
  store.import_files().write(row.workspace, row.id, ImportFile::given, 0, call.request.body);
  Response response = shown(call, row, 201);
  if (once->given()) store.keep_answer(once->answer(201, response.body, now));
  return response;
}

Response get_import(const Call& call) {
  const auto row = find_import(call);
  return row ? shown(call, *row) : no_such_import();
}

Response put_import_content(const Call& call) {
  const auto row = find_import(call);
  if (!row) return no_such_import();
  const auto offset = offset_of(call);
  if (!offset) return problem(wrong_parameter("offset", "must be how many bytes came before"));
  if (!is_one_of(*row, {ImportState::fresh})) return refuse_step(*row, "given more of the file");
  if (*offset > row->bytes) {
    return problem({ErrorCode::conflict,
                    fmt::format("{} bytes are here; go on with offset={}", row->bytes, row->bytes),
                    ""});
  }
  const std::uint64_t bytes = *offset + call.request.body.size();
  if (bytes > kFileBytesMax) {
    return problem({ErrorCode::too_large, "a file may have 4 GB; divide it", ""});
  }
  call.services.store.import_files().write(row->workspace, row->id, ImportFile::given, *offset,
                                           call.request.body);
  return move(call, *row, ImportState::fresh, [&](ImportRow& moved) { moved.bytes = bytes; });
}

Response change_import(const Call& call) {
  const auto row = find_import(call);
  if (!row) return no_such_import();
  const bool is_open = is_one_of(*row, {ImportState::fresh, ImportState::checked});
  if (!is_open) return refuse_step(*row, "changed");
  auto patch = parse_json(call.request.body);
  if (!patch) return problem(patch.error());
  if (!patch->is_object()) return problem({ErrorCode::invalid, "must be a JSON object", ""});
  json::value settings = json::parse(row->settings.empty() ? "{}" : row->settings);
  if (json::value* mapping = patch->get_object().if_contains("mapping");
      mapping != nullptr && mapping->is_object()) {
    const auto view = view_of(call, *row);
    if (!view) return problem(view.error());
    settings.as_object()["mapping"] = json::parse(mapping_text(view->mapping));
    const auto changed = change_columns(settings.as_object()["mapping"], mapping->get_object());
    if (!changed) return problem(changed.error());
  }
  merge_patch(settings, *patch);
  const auto read = read_import_settings(json::serialize(settings));
  if (!read) return problem(read.error());
  ImportRow changed = *row;
  changed.settings = import_settings_text(*read);
  if (const auto view = view_of(call, changed); !view) return problem(view.error());
  return move(call, *row, ImportState::fresh,
              [&](ImportRow& moved) { moved.settings = changed.settings; });
}

Response check_import(const Call& call) {
  auto row = find_import(call);
  if (!row) return no_such_import();
  if (is_one_of(*row, {ImportState::checking})) return shown(call, *row);
  if (!is_one_of(*row, {ImportState::fresh, ImportState::checked})) {
    return refuse_step(*row, "tried");
  }
  if (auto refused = settle_mapping(call, *row)) return std::move(*refused);
  return move(call, *row, ImportState::checking, [](ImportRow&) {});
}

Response run_import(const Call& call) {
  auto row = find_import(call);
  if (!row) return no_such_import();
  if (is_one_of(*row, {ImportState::running})) return shown(call, *row);
  const bool is_ready = is_one_of(
      *row, {ImportState::fresh, ImportState::checked, ImportState::stopped, ImportState::failed});
  if (!is_ready) return refuse_step(*row, "imported");
  if (auto refused = settle_mapping(call, *row)) return std::move(*refused);
  const auto settings = read_import_settings(row->settings);
  std::vector<std::string> header;
  for (const ImportColumn& column : settings->mapping->columns) header.push_back(column.header);
  call.services.store.remember_mapping(row->workspace, header_key(header),
                                       mapping_text(*settings->mapping),
                                       call.services.engine.clock().now());
  return move(call, *row, ImportState::running, [](ImportRow&) {});
}

Response stop_import(const Call& call) {
  const auto row = find_import(call);
  if (!row) return no_such_import();
  if (is_one_of(*row, {ImportState::stopped, ImportState::fresh})) return shown(call, *row);
  if (!is_one_of(*row, {ImportState::running, ImportState::checking})) {
    return refuse_step(*row, "stopped");
  }
  const bool is_dry = is_one_of(*row, {ImportState::checking});
  return move(call, *row, is_dry ? ImportState::fresh : ImportState::stopped, [](ImportRow&) {});
}

Response undo_import(const Call& call) {
  const auto row = find_import(call);
  if (!row) return no_such_import();
  if (is_one_of(*row, {ImportState::undoing, ImportState::undone})) return shown(call, *row);
  if (!is_one_of(*row, {ImportState::done, ImportState::stopped, ImportState::failed})) {
    return refuse_step(*row, "taken back");
  }
  return move(call, *row, ImportState::undoing, [](ImportRow&) {});
}

Response get_rejected_rows(const Call& call) {
  const auto row = find_import(call);
  if (!row) return no_such_import();
  std::vector<std::string_view> head{"line", "column", "reason"};
  const auto settings = read_import_settings(row->settings);
  if (settings && settings->mapping) {
    for (const ImportColumn& column : settings->mapping->columns) head.push_back(column.header);
  }
  CsvWriter writer({.newline = CsvNewline::lf});
  writer.row(head);
  Response response{.content_type = "text/csv; charset=utf-8", .body = writer.take()};
  call.services.store.import_files().read(row->workspace, row->id, ImportFile::rejected,
                                          [&](std::string_view piece) {
                                            response.body += piece;
                                            return true;
                                          });
  response.headers.push_back(
      {"Content-Disposition",
       fmt::format("attachment; filename=\"{}-rejected.csv\"", import_id(row->id))});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

}  // namespace galena::server
