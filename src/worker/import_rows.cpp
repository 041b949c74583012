#include "worker/import_rows.hpp"

#include <fmt/format.h>

#include "base/csv.hpp"
#include "base/csv_writer.hpp"
#include "domain/import_row.hpp"
#include "domain/import_settings.hpp"
#include "worker/company_contacts.hpp"

namespace galena::worker {
namespace {

using namespace domain;

constexpr std::size_t kSampleBytes = 64 << 10;

// The file's beginning; nothing if it is not there.
std::optional<std::string> beginning_of(const ImportStep& step) {
  std::string beginning;
  const bool is_there = step.store().import_files().read(
      step.row().workspace, step.row().id, store::ImportFile::given, [&](std::string_view piece) {
        beginning += piece;
        return beginning.size() < kSampleBytes;
      });
  if (!is_there) return std::nullopt;
  return beginning;
}

// `cells` as one line of CSV.
std::string cells_text(CsvCells cells) {
  CsvWriter writer({.newline = CsvNewline::lf});
  writer.row(cells);
  std::string text = writer.take();
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

// An item of a batch: the message with its id.
std::string with_id(std::string_view text, const std::string& id) {
  return fmt::format(R"({{"messageId":"{}",{})", id, text.substr(1));
}

class Rows {
 public:
  Rows(ImportStep& step, const ImportView& view, std::uint64_t after_line,
       const std::function<bool(FileRow&&)>& visit)
      : step_(step),
        reader_(view.mapping),
        contacts_(step.engine(), step.row().workspace),
        after_line_(after_line),
        visit_(visit),
        csv_(view.dialect, {.header = {},
                            .row = [this](std::uint64_t line, CsvCells cells) { row(line, cells); },
                            .fault = [this](const CsvFault& fault) { refuse(fault); }}) {}

  // False if nothing more is wanted.
  bool feed(std::string_view piece) {
    bytes_read_ += piece.size();
    csv_.feed(piece);
    return wanted_;
  }
  void finish() {
    if (wanted_) csv_.finish();
  }

 private:
  void row(std::uint64_t line, CsvCells cells) {
    if (!wanted_ || line <= after_line_) return;
    FileRow row{.line = line, .bytes_read = bytes_read_, .messages = {}, .error = {}, .cells = {}};
    auto read = reader_.read(cells);
    if (read && read->messages.empty()) return;  // blank
    if (read) {
      add_messages(*read, row);
    } else {
      row.error = read.error();
    }
    if (row.error) row.cells = cells_text(cells);
    wanted_ = visit_(std::move(row));
  }

  void add_messages(domain::ImportedRow& read, FileRow& row) {
    for (std::size_t part = 0; part < read.messages.size(); ++part) {
      ImportMessage& message = read.messages[part];
      if (!message.company.empty()) {
        const auto contact = contacts_.of(message.company);
        if (!contact) {
          row.error = Error{ErrorCode::invalid,
                            "names no contact, and nobody of this company is known", ""};
          return;
        }
        message.text = with_user(message.text, *contact);
      }
      row.messages.push_back(with_id(message.text, import_row_id(step_.row().id, row.line, part)));
    }
  }

  void refuse(const CsvFault& fault) {
    if (!wanted_ || fault.line <= after_line_) return;
    wanted_ = visit_({.line = fault.line,
                      .bytes_read = bytes_read_,
                      .messages = {},
                      .error = Error{ErrorCode::invalid, fault.message, ""},
                      .cells = {}});
  }

  ImportStep& step_;
  const ImportRowReader reader_;
  CompanyContacts contacts_;
  const std::uint64_t after_line_;
  const std::function<bool(FileRow&&)>& visit_;
  CsvReader csv_;
  std::uint64_t bytes_read_ = 0;
  bool wanted_ = true;
};

}  // namespace

Result<> each_import_row(ImportStep& step, std::uint64_t after_line,
                         const std::function<bool(FileRow&&)>& visit) {
  const auto settings = read_import_settings(step.row().settings);
  if (!settings) return tl::unexpected(settings.error());
  const auto beginning = beginning_of(step);
  const auto is_gone = [] {
    return fail(ErrorCode::not_found,
                "the file is not here any more (it goes when a person is erased); give it again");
  };
  if (!beginning) return is_gone();
  const bool is_all = beginning->size() >= step.row().bytes;
  const auto view =
      look_at_import(*beginning, is_all ? CsvSample::whole_file : CsvSample::beginning, *settings,
                     [](std::string_view) { return std::string(); });
  if (!view) return tl::unexpected(view.error());
  Rows rows(step, *view, after_line, visit);
  const bool is_there = step.store().import_files().read(
      step.row().workspace, step.row().id, store::ImportFile::given,
      [&](std::string_view piece) { return rows.feed(piece); });
  if (!is_there) return is_gone();
  rows.finish();
  return {};
}

void RowChunk::add(FileRow&& row) {
  rows.push_back(
      {row.line, messages, row.messages.size(), std::move(row.error), std::move(row.cells)});
  for (const std::string& message : row.messages) {
    if (messages++ > 0) batch += ',';
    batch += message;
  }
  bytes_read = row.bytes_read;
}

bool RowChunk::is_full() const {
  constexpr std::size_t kRows = 20;
  constexpr std::size_t kMessages = MessageLimits::kBatchMessages - 100;
  constexpr std::size_t kBytes = MessageLimits::kBatchBytes - 2 * MessageLimits::kCallBytes;
  return rows.size() >= kRows || messages >= kMessages || batch.size() >= kBytes;
}

std::vector<Input> RowChunk::inputs(const ImportStep& step) {
  input_of.assign(messages, kRefused);
  if (messages == 0) return {};
  const std::string body = fmt::format(
      R"({{"context":{{"import":{{"id":"imp_{}"}}}},"batch":[{}]}})", step.row().id, batch);
  auto read = read_request(body, std::nullopt,
                           {.source = Source::import, .arrived = step.engine().clock().now()});
  GALENA_ASSERT(read.has_value());  // made by us, within the limits
  std::vector<const Error*> refused(messages, nullptr);
  for (const RefusedMessage& each : read->refused) refused.at(each.index) = &each.error;
  std::vector<Input> inputs;
  auto next = read->inputs.begin();
  for (Row& row : rows) {
    for (std::size_t i = row.first; i < row.first + row.count; ++i) {
      if (refused[i] != nullptr) row.error = Error{refused[i]->code, refused[i]->message, ""};
    }
    for (std::size_t i = row.first; i < row.first + row.count; ++i) {
      if (refused[i] != nullptr) continue;
      // Of a row all or nothing.
      if (!row.error) {
        input_of[i] = inputs.size();
        inputs.emplace_back(std::move(*next));
      }
      ++next;
    }
  }
  return inputs;
}

std::string rejected_line(const RowChunk::Row& row) {
  GALENA_ASSERT(row.error.has_value());
  const std::string line = fmt::format("{}", row.line);
  const std::array<std::string_view, 3> cells{line, row.error->field, row.error->message};
  std::string text = cells_text(cells);
  if (!row.cells.empty()) text.append(",").append(row.cells);
  return text + "\n";
}

}  // namespace galena::worker
