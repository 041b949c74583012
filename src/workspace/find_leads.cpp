#include "workspace/find_leads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <mutex>

#include "base/text.hpp"
#include "domain/latin_form.hpp"
#include "domain/lifecycle.hpp"

namespace galena::workspace {

using namespace domain;

namespace {

constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();

// Numbers in the order of unsigned ones; none of them is kLast.
std::uint64_t rank_of_number(std::int64_t number, bool descending) {
  const std::uint64_t rank = static_cast<std::uint64_t>(number) ^ std::uint64_t{1} << 63;
  return descending ? ~rank : rank;
}

// Ranks of texts are ASCII letters, so the highest bit is free.
std::uint64_t rank_of_letters(std::uint64_t letters, bool descending) {
  return descending ? (kLast >> 1) - letters : letters;
}

struct Candidate {
  std::uint64_t rank = 0;
  LeadOrdinal lead = 0;
};

// The order of a list over columns.
class Sorting {
 public:
  Sorting(const LeadTable::Look& look, const LeadOrder& order) : look_(look), order_(order) {
    const LeadColumns& columns = look.columns();
    text_ = order.attribute ? columns.text(*order.attribute) : columns.text(Attribute::first_name);
    if (!order.attribute) last_name_ = columns.text(Attribute::last_name);
    if (order.attribute == Attribute::stage) rank_stages();
    if (order.attribute == Attribute::title_seniority) rank_seniorities();
  }

  // Calls `use` with a function that gives the rank of a row: a loop over it is made for each kind.
  template <class Use>
  void with_rank(Use use) const {
    const LeadColumns& columns = look_.columns();
    const bool descending = order_.descending;
    const auto number = [&](const std::vector<std::int64_t>& cells) {
      use([&cells, descending](std::uint32_t row) {
        return cells[row] == LeadColumns::kNoNumber ? kLast
                                                    : rank_of_number(cells[row], descending);
      });
    };
    if (!ranks_.empty()) {
      return use([this](std::uint32_t row) { return ranks_[text_->codes[row]]; });
    }
    if (text_ != nullptr) return use([this](std::uint32_t row) { return rank_of_text(row); });
    switch (*order_.attribute) {
      case Attribute::fit:
        return number(columns.scores.fit);
      case Attribute::interest:
        return number(columns.scores.interest);
      case Attribute::company_employees:
        return number(columns.employees);
      case Attribute::created_at:
        return number(columns.created_at);
      case Attribute::first_seen:
        return number(columns.first_seen);
      case Attribute::last_seen:
        return number(columns.last_seen);
      default:
        return use([&columns, descending](std::uint32_t row) {
          return rank_of_number(columns.scores.score(row), descending);
        });
    }
  }

  bool before(const Candidate& a, const Candidate& b) const {
    if (a.rank != b.rank) return a.rank < b.rank;
    if (ties_by_text() && a.lead != b.lead) {
      const int tie = compare(a.lead, b.lead);
      if (tie != 0) return tie < 0;
    }
    return a.lead > b.lead;
  }
  bool is_behind(const Candidate& candidate, const LeadPlace& place) const {
    if (candidate.rank != place.rank) return candidate.rank > place.rank;
    if (ties_by_text()) {
      const int tie =
          compare(text_of(candidate.lead), text2_of(candidate.lead), place.text, place.text2);
      if (tie != 0) return tie > 0;
    }
    return candidate.lead < place.lead;
  }
  LeadPlace place_of(const Candidate& candidate) const {
    LeadPlace place{.rank = candidate.rank, .text = {}, .text2 = {}, .lead = candidate.lead};
    if (ties_by_text()) {
      place.text = text_of(candidate.lead);
      place.text2 = text2_of(candidate.lead);
    }
    return place;
  }

 private:
  bool ties_by_text() const { return text_ != nullptr && ranks_.empty(); }

  // The column that somebody is sorted by: of a name the first there is.
  const TextColumn& column_of(std::uint32_t row) const {
    const bool nameless = last_name_ != nullptr && text_->codes[row] == kNoText;
    return nameless ? *last_name_ : *text_;
  }
  std::uint64_t rank_of_text(std::uint32_t row) const {
    const TextColumn& column = column_of(row);
    const TextCode code = column.codes[row];
    if (code == kNoText) return kLast;
    return rank_of_letters(column.texts.rank(code), order_.descending);
  }
  std::string_view text_of(std::uint32_t row) const { return column_of(row).at(row); }
  std::string_view text2_of(std::uint32_t row) const {
    return last_name_ == nullptr ? std::string_view() : last_name_->at(row);
  }
  // Most of those who come together are called the same: no look at the letters then.
  int compare(std::uint32_t a, std::uint32_t b) const {
    const TextColumn &of_a = column_of(a), &of_b = column_of(b);
    const bool same = &of_a == &of_b && of_a.codes[a] == of_a.codes[b];
    const bool same2 = last_name_ == nullptr || last_name_->codes[a] == last_name_->codes[b];
    if (same && same2) return 0;
    return compare(text_of(a), text2_of(a), text_of(b), text2_of(b));
  }
  int compare(std::string_view a, std::string_view a2, std::string_view b,
              std::string_view b2) const {
    int tie = compare_in_alphabet(a, b);
    if (tie == 0) tie = compare_in_alphabet(a2, b2);
    return order_.descending ? -tie : tie;
  }

  template <class RankOf>
  void rank_texts(RankOf rank_of) {
    ranks_.assign(text_->texts.end(), kLast);
    for (TextCode code = 1; code < text_->texts.end(); ++code) {
      const auto rank = static_cast<std::int64_t>(rank_of(text_->texts.text(code)));
      ranks_[code] = rank_of_number(rank, order_.descending);
    }
  }
  // In the order of the lifecycle.
  void rank_stages() {
    const Lifecycle& lifecycle = look_.state().playbook()->lifecycle;
    rank_texts([&](std::string_view stage) { return lifecycle.index_of(stage); });
  }
  // From students up to whoever leads the company.
  void rank_seniorities() {
    rank_texts([](std::string_view text) {
      return static_cast<int>(seniority_from_string(text).value_or(Seniority::unknown));
    });
  }

  const LeadTable::Look& look_;
  LeadOrder order_;
  const TextColumn* text_ = nullptr;
  const TextColumn* last_name_ = nullptr;
  std::vector<std::uint64_t> ranks_;  // by code, where texts are not in the order of the alphabet
};

// The one behind whom nobody is wanted, as far as is known yet.
class Bound {
 public:
  std::uint64_t rank() const { return rank_.load(std::memory_order_relaxed); }
  std::optional<Candidate> last() const {
    const std::lock_guard lock(mutex_);
    return last_;
  }
  void lower_to(const Candidate& candidate, const Sorting& sorting) {
    const std::lock_guard lock(mutex_);
    if (last_ && !sorting.before(candidate, *last_)) return;
    last_ = candidate;
    rank_.store(candidate.rank, std::memory_order_relaxed);
  }

 private:
  mutable std::mutex mutex_;
  std::optional<Candidate> last_;
  std::atomic<std::uint64_t> rank_{kLast};
};

// The first of many, in order. Looks at most of them only once.
class Best {
 public:
  // The bound may be shared by several who look for the first of parts.
  Best(const Sorting& sorting, std::size_t count, Bound& bound)
      : sorting_(sorting), count_(count), bound_(bound), last_(bound.last()) {}

  bool may_be(std::uint64_t rank) const { return rank <= bound_.rank(); }
  void add(const Candidate& candidate) {
    if (last_ && sorting_.before(*last_, candidate)) return;
    found_.push_back(candidate);
    if (found_.size() >= count_ + kMore) cut();
  }
  std::vector<Candidate> take() {
    cut();
    std::ranges::sort(found_, Before{sorting_});
    return std::move(found_);
  }

 private:
  static constexpr std::size_t kMore = 512;

  struct Before {
    const Sorting& sorting;
    bool operator()(const Candidate& a, const Candidate& b) const { return sorting.before(a, b); }
  };

  void cut() {
    if (found_.size() <= count_) return;
    const auto end = found_.begin() + static_cast<std::ptrdiff_t>(count_);
    std::nth_element(found_.begin(), end - 1, found_.end(), Before{sorting_});
    found_.erase(end, found_.end());
    last_ = found_.back();
    bound_.lower_to(*last_, sorting_);
  }

  const Sorting& sorting_;
  std::size_t count_;
  Bound& bound_;
  std::optional<Candidate> last_;  // as known when it was looked up
  std::vector<Candidate> found_;
};

std::vector<std::string> words_of(std::string_view search) {
  std::vector<std::string> words;
  const std::string form = latin_form(search);
  for (std::size_t at = 0; at < form.size();) {
    const std::size_t end = std::min(form.find(' ', at), form.size());
    if (end > at) words.push_back(form.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

// Whom a query is about, block by block.
class Wanted {
 public:
  Wanted(const LeadTable::Look& look, const LeadQuery& query)
      : columns_(look.columns()), query_(query), subject_(look.subject()) {
    if (query.filter) filter_.emplace(*query.filter, subject_);
    if (query.stage) {
      stage_ = columns_.text(Attribute::stage)->texts.find(comparison_form(*query.stage));
    }
    if (query.address) find_address(look.state());
    if (query.search.empty()) return;
    columns_.search.find(words_of(query.search), found_);
  }

  BlockRows of_block(std::uint32_t block) const {
    BlockRows rows;
    rows.fill(~std::uint64_t{0});
    const std::uint16_t mask = query_.visitors ? kListed : kListed | kVisitor;
    keep(block, rows, [&](std::uint32_t row) { return (columns_.flags[row] & mask) == kListed; });
    if (!query_.search.empty()) narrow(rows, found_.block(block));
    if (query_.segment) {
      static const RowSet kNobody;
      const bool known = *query_.segment < columns_.segments.size();
      narrow(rows, (known ? columns_.segments[*query_.segment] : kNobody).block(block));
    }
    if (query_.stage) keep_text(block, rows, Attribute::stage, stage_, {});
    if (query_.address) keep_text(block, rows, Attribute::email, address_, owner_);
    if (query_.accounts) {
      keep(block, rows, [&](std::uint32_t row) {
        return std::ranges::binary_search(*query_.accounts, columns_.accounts[row]);
      });
    }
    if (filter_) filter_->narrow(block, rows);
    return rows;
  }

 private:
  template <class Holds>
  static void keep(std::uint32_t block, BlockRows& rows, Holds holds) {
    const std::uint32_t first = block * kBlockRows;
    for (std::uint32_t word = 0; word < rows.size(); ++word) {
      std::uint64_t held = 0;
      for (std::uint32_t bit = 0; rows[word] != 0 && bit < 64; ++bit) {
        held |= static_cast<std::uint64_t>(holds(first + word * 64 + bit)) << bit;
      }
      rows[word] &= held;
    }
  }
  static void narrow(BlockRows& rows, const BlockRows& others) {
    for (std::size_t word = 0; word < rows.size(); ++word) rows[word] &= others[word];
  }
  // Those with the text, and one more.
  void keep_text(std::uint32_t block, BlockRows& rows, Attribute attribute,
                 std::optional<TextCode> wanted, std::optional<LeadOrdinal> other) const {
    const auto& codes = columns_.text(attribute)->codes;
    keep(block, rows, [&](std::uint32_t row) { return codes[row] == wanted || row == other; });
  }
  // Whoever told it, and whose key it is.
  void find_address(const Version& state) {
    address_ = columns_.text(Attribute::email)->texts.find(comparison_form(*query_.address));
    const auto person = state.find_person({KeyKind::address, *query_.address});
    if (person) owner_ = survivor(state, state.person(*person).lead);
  }

  const LeadColumns& columns_;
  const LeadQuery& query_;
  ColumnSubject subject_;
  std::optional<ColumnFilter> filter_;
  std::optional<TextCode> stage_;
  std::optional<TextCode> address_;
  std::optional<LeadOrdinal> owner_;
  RowSet found_;
};

template <class Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end == text.data() + text.size() || *end != '.') return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return true;
}

}  // namespace

Result<LeadOrder> LeadOrder::read(std::string_view text) {
  LeadOrder order;
  if (text.starts_with('-')) {
    order.descending = true;
    text.remove_prefix(1);
  }
  if (text == "name") return order;
  order.attribute = attribute_named(text);
  const bool sortable =
      order.attribute && *order.attribute != Attribute::market &&
      type_of(Operand{.attribute = *order.attribute, .event = {}, .window = {}}) !=
          ValueType::truth;
  if (sortable) return order;
  return fail(ErrorCode::invalid,
              "is an attribute of criteria, like score, last_seen or company.name, or name; with"
              " a - before it the other way round");
}

std::string LeadPlace::print() const {
  return fmt::format("{}.{}.{}.{}", rank, lead, to_hex(text), to_hex(text2));
}

std::optional<LeadPlace> LeadPlace::read(std::string_view text) {
  LeadPlace place;
  if (!take_number(text, place.rank) || !take_number(text, place.lead)) return std::nullopt;
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  if (!from_hex(text.substr(0, dot), place.text)) return std::nullopt;
  if (!from_hex(text.substr(dot + 1), place.text2)) return std::nullopt;
  return place;
}

namespace {

// Of a block: how many there are, and the first.
struct Part {
  std::uint64_t total = 0;
  std::vector<Candidate> first;
};

std::vector<Part> parts_of(const Sorting& sorting, const Wanted& wanted, const LeadQuery& query,
                           std::uint32_t blocks) {
  std::vector<Part> parts(blocks);
  Bound bound;
  sorting.with_rank([&](auto rank_of) {
    on_all_cores(blocks, [&](std::uint32_t block) {
      const BlockRows rows = wanted.of_block(block);
      Best best(sorting, query.limit + 1, bound);
      each_row(rows, [&](std::uint32_t row) {
        const LeadOrdinal lead = block * kBlockRows + row;
        const Candidate candidate{rank_of(lead), lead};
        if (!best.may_be(candidate.rank)) return;
        if (query.after && !sorting.is_behind(candidate, *query.after)) return;
        best.add(candidate);
      });
      parts[block] = {count_of(rows), best.take()};
    });
  });
  return parts;
}

}  // namespace

LeadPage find_leads(const LeadTable::Look& look, const LeadQuery& query) {
  const Sorting sorting(look, query.order);
  const Wanted wanted(look, query);
  Bound bound;
  Best best(sorting, query.limit + 1, bound);
  LeadPage page;
  for (const Part& part : parts_of(sorting, wanted, query, look.columns().blocks())) {
    page.total += part.total;
    for (const Candidate& candidate : part.first) best.add(candidate);
  }
  std::vector<Candidate> found = best.take();
  if (found.size() > query.limit) {
    found.resize(query.limit);
    page.next = sorting.place_of(found.back());
  }
  for (const Candidate& candidate : found) page.leads.push_back(candidate.lead);
  return page;
}

}  // namespace galena::workspace
