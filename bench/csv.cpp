// How fast CSV is read, and rows become messages, in time of the processor: csv_bench [MEGABYTES].
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "base/csv.hpp"
#include "base/csv_writer.hpp"
#include "domain/import_row.hpp"

namespace {

using namespace galena;
// Others may use the machine meanwhile; what counts is what this takes of it.
double seconds_of_processor() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::string table_of(std::size_t bytes, bool quoted) {
  std::string text = "Email,First Name,Last Name,Job Title,Company,Phone Number,City,Create Date\n";
  for (std::size_t i = 0; text.size() < bytes; ++i) {
    const std::string number = std::to_string(i);
    const std::string company =
        quoted ? "\"Northwind \"\"" + number + "\"\", LLC\"" : "Northwind " + number;
    text += "ann" + number + "@northwind" + std::to_string(i % 1000) + ".example,Ann,Smith-" +
            number + (quoted ? ",\"VP, Sales\"," : ",VP Sales,") + company +
            ",+45 12 34 56 78,K\xC3\xB8"
            "benhavn,2025-03-04 09:30\n";
  }
  return text;
}

std::string in_utf_16le(const std::string& text) {
  std::string bytes;
  for (const char c : text) {
    bytes.push_back(static_cast<unsigned char>(c) < 0x80 ? c : 'x');
    bytes.push_back('\0');
  }
  return bytes;
}

void read(const char* what, const std::string& bytes, const CsvDialect& dialect) {
  double best = 0;
  std::size_t rows = 0;
  std::size_t cell_bytes = 0;
  for (int i = 0; i < 5; ++i) {
    rows = 0;
    cell_bytes = 0;
    CsvReader reader(dialect, {.row = [&](std::uint64_t, CsvCells cells) {
                       ++rows;
                       for (const std::string_view cell : cells) cell_bytes += cell.size();
                     }});
    const double start = seconds_of_processor();
    reader.feed(bytes);
    reader.finish();
    best =
        std::max(best, static_cast<double>(bytes.size()) / 1e6 / (seconds_of_processor() - start));
  }
  std::printf("%-28s %7.0f MB/s  (%zu rows, %zu bytes in cells)\n", what, best, rows, cell_bytes);
}

void import(const std::string& bytes) {
  std::optional<domain::ImportRowReader> reader;
  std::size_t rows = 0;
  std::size_t message_bytes = 0;
  const auto header = [&](std::uint64_t, CsvCells cells) {
    reader.emplace(domain::suggested_mapping(domain::recognise_layout(cells), cells));
  };
  const auto row = [&](std::uint64_t, CsvCells cells) {
    const auto imported = reader->read(cells);
    if (!imported) return;
    ++rows;
    for (const auto& message : imported->messages) message_bytes += message.text.size();
  };
  CsvReader csv({}, {.header = header, .row = row});
  const double start = seconds_of_processor();
  csv.feed(bytes);
  csv.finish();
  const double taken = seconds_of_processor() - start;
  std::printf("%-28s %7.0f rows/ms (%zu rows, %zu bytes of messages)\n", "rows into messages",
              static_cast<double>(rows) / taken / 1000, rows, message_bytes);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t megabytes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100;
  const std::string plain = table_of(megabytes * 1'000'000, false);
  const std::string quoted = table_of(megabytes * 1'000'000, true);
  read("UTF-8, plain", plain, {});
  read("UTF-8, quotes in each row", quoted, {});
  read("UTF-16", in_utf_16le(plain), {.encoding = TextEncoding::utf_16le});
  read("windows-1252", plain, {.encoding = TextEncoding::windows_1252});
  read("UTF-8, strict, guarded", plain, {.strict = true, .formula_guard = true});
  import(plain);
  return 0;
}
