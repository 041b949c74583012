// All leads in columns: what lists, counts and models ask about everybody at once (ADR 0014). Made
// from a version and kept up with later ones, row by row; derived, never stored.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "domain/criteria_values.hpp"
#include "domain/event_run.hpp"
#include "workspace/lead_rows.hpp"
#include "workspace/search_text.hpp"
#include "workspace/text_dictionary.hpp"
#include "workspace/workspace.hpp"

namespace galena::workspace {

// A text of a lead that criteria may name, in the form in which they compare it.
class TextColumn {
 public:
  explicit TextColumn(domain::Attribute of) : attribute(of) {}

  domain::Attribute attribute;
  std::vector<TextCode> codes;  // by lead
  TextDictionary texts;

  std::string_view at(std::uint32_t row) const { return texts.text(codes[row]); }
  void put(std::uint32_t row, const domain::Value& value);
};

// Facts of a lead that are true or not, as bits of LeadColumns::flags.
enum LeadFlag : std::uint16_t {
  kListed = 1,  // domain::is_listed
  kVisitor = 2,
  kHasEmail = 4,
  kFreeMail = 8,
  kDisposableMail = 16,
  kRoleAddress = 32,
  kOwnAction = 64,
  kShownInterest = 128,
  kUnsubscribed = 256,
};

// The events of all leads, those of one in a row.
class EventColumns {
 public:
  void resize(std::uint32_t rows) { places_.resize(rows); }
  // For all events of the state, and some more.
  void make_room(const Version& state);
  void put(std::uint32_t row, std::span<const domain::Event> events);
  domain::EventRun run(std::uint32_t row) const {
    const Place& place = places_[row];
    return {{events_.data() + place.begin, place.count},
            {positions_.data() + place.begin, place.count},
            {extras_.data() + place.extras_begin, place.extras}};
  }
  // Has the newest events of a lead that comes soon at hand: where only some of each are read,
  // waiting for memory would be most of the time.
  void prefetch_after(std::uint32_t row) const {
    constexpr std::uint32_t kAhead = 24;
    constexpr std::size_t kEventsOfALine = 8;
    if (row + kAhead >= places_.size()) return;
    const Place& place = places_[row + kAhead];
    const std::size_t end = std::size_t{place.begin} + place.count;
    __builtin_prefetch(events_.data() + std::max<std::size_t>(end, 1) - 1);
    __builtin_prefetch(events_.data() + std::max(end, kEventsOfALine + 1) - kEventsOfALine - 1);
  }
  std::size_t size() const { return events_.size() - free_; }
  std::size_t memory() const;
  // Those that are somebody's: nothing of what was taken away is written.
  void write(CellWriter& out) const;
  void read(CellReader& in);

 private:
  struct Place {
    std::uint32_t begin = 0;
    std::uint32_t count = 0;
    std::uint32_t extras_begin = 0;
    std::uint32_t extras = 0;
  };
  void compact();

  std::vector<domain::PackedEvent> events_;
  std::vector<std::uint32_t> positions_;
  std::vector<domain::EventExtra> extras_;
  std::vector<Place> places_;
  std::size_t free_ = 0;  // events that are nobody's any more
};

// What a score is, lead by lead.
struct ScoreColumns {
  std::vector<std::int64_t> fit;  // micro-points
  std::vector<std::int64_t> interest;
  std::vector<std::int64_t> valid_until;  // it stays so until then: ms since 1970

  void resize(std::size_t rows) {
    fit.resize(rows);
    interest.resize(rows);
    valid_until.resize(rows);
  }
  std::int64_t score(std::uint32_t row) const { return fit[row] + interest[row]; }
};

class LeadColumns {
 public:
  static constexpr std::int64_t kNoNumber = std::numeric_limits<std::int64_t>::min();

  LeadColumns();

  // Puts the rows of leads of `state` in place: of those that are other than in `before`, from
  // which the rows were made. Null: from nothing. Where the score is not known as of the state's
  // playbook, `scores.valid_until` is 0.
  void follow(const Version& state, const Version* before);

  std::uint32_t rows() const { return rows_; }
  std::uint32_t blocks() const { return (rows_ + kBlockRows - 1) / kBlockRows; }
  // Null if the attribute is no text.
  const TextColumn* text(domain::Attribute attribute) const;
  std::size_t memory() const;
  // As they lie in memory, and back: false if the bytes are none. They belong to the version that
  // they were written beside.
  void write(const CellWriter::Sink& sink) const;
  bool read(std::string_view bytes);

  // By lead; there is room for whole blocks.
  std::vector<std::uint16_t> flags;
  std::vector<std::int64_t> employees;  // kNoNumber: not known; so are moments
  std::vector<std::int64_t> created_at;
  std::vector<std::int64_t> first_seen;
  std::vector<std::int64_t> last_seen;
  std::vector<domain::AccountOrdinal> accounts;
  ScoreColumns scores;
  EventColumns events;
  std::vector<RowSet> segments;  // by code
  SearchText search;

 private:
  void fill(const Version& state);
  void put(const Version& state, const Version* before, domain::LeadOrdinal ordinal);
  bool put_reassessed(const Version& state, const Version& before, domain::LeadOrdinal ordinal);
  void put_texts(const domain::Lead* lead, std::uint32_t row);
  void put_search_text(const Version& state, const domain::Lead& lead, std::uint32_t row);
  void put_standing(const Version& state, const domain::Lead& lead, std::uint32_t row);
  void put_scores(const Version& state, const domain::Standing& standing, std::uint32_t row);
  void put_segments(const domain::Lead* before, const domain::Lead* lead, std::uint32_t row);
  void resize(std::uint32_t rows);

  std::uint32_t rows_ = 0;
  std::vector<TextColumn> texts_;
};

}  // namespace galena::workspace
