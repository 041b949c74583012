#include "workspace/column_filter.hpp"

#include <algorithm>

#include "workspace/column_part.hpp"

namespace galena::workspace {

using namespace domain;
using Node = Criterion::Node;

namespace {

using Cost = ColumnPart::Cost;

class Always final : public ColumnPart {
 public:
  explicit Always(bool holds) : ColumnPart(Cost::bits), holds_(holds) {}
  void narrow(const AskedBlock&, BlockRows& rows) const override {
    if (!holds_) rows = {};
  }

 private:
  bool holds_;
};

// The cheaper ones first: they may leave fewer leads to the others.
std::vector<ColumnPartPtr> in_order_of_cost(std::vector<ColumnPartPtr> parts) {
  std::ranges::stable_sort(parts, {}, [](const ColumnPartPtr& part) { return part->cost(); });
  return parts;
}

Cost cost_of_all(const std::vector<ColumnPartPtr>& parts) {
  Cost cost = Cost::bits;
  for (const ColumnPartPtr& part : parts) cost = std::max(cost, part->cost());
  return cost;
}

class All final : public ColumnPart {
 public:
  explicit All(std::vector<ColumnPartPtr> parts)
      : ColumnPart(cost_of_all(parts)), parts_(in_order_of_cost(std::move(parts))) {}
  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    for (const ColumnPartPtr& part : parts_) part->narrow(block, rows);
  }

 private:
  std::vector<ColumnPartPtr> parts_;
};

class Any final : public ColumnPart {
 public:
  explicit Any(std::vector<ColumnPartPtr> parts)
      : ColumnPart(cost_of_all(parts)), parts_(in_order_of_cost(std::move(parts))) {}
  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    BlockRows left = rows;
    for (const ColumnPartPtr& part : parts_) {
      BlockRows held = left;
      part->narrow(block, held);
      for (std::size_t word = 0; word < left.size(); ++word) left[word] &= ~held[word];
    }
    for (std::size_t word = 0; word < left.size(); ++word) rows[word] &= ~left[word];
  }

 private:
  std::vector<ColumnPartPtr> parts_;
};

class Not final : public ColumnPart {
 public:
  explicit Not(ColumnPartPtr part) : ColumnPart(part->cost()), part_(std::move(part)) {}
  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    BlockRows held = rows;
    part_->narrow(block, held);
    for (std::size_t word = 0; word < rows.size(); ++word) rows[word] &= ~held[word];
  }

 private:
  ColumnPartPtr part_;
};

class InSegment final : public ColumnPart {
 public:
  InSegment(const std::vector<RowSet>& segments, SegmentCode code)
      : ColumnPart(Cost::bits), segments_(segments), code_(code) {}
  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    if (code_ >= segments_.size()) {
      rows = {};
      return;
    }
    const BlockRows& members = segments_[code_].block(block.number);
    for (std::size_t word = 0; word < rows.size(); ++word) rows[word] &= members[word];
  }

 private:
  const std::vector<RowSet>& segments_;
  SegmentCode code_;
};

// Whether a text is there at all.
class HasText final : public ColumnPart {
 public:
  explicit HasText(const TextColumn& column) : ColumnPart(Cost::column), codes_(column.codes) {}
  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    keep_all(block, rows, [&](std::uint32_t row) { return codes_[row] != kNoText; });
  }

 private:
  const std::vector<TextCode>& codes_;
};

// A text: decided once for every one that there is.
class OfText final : public ColumnPart {
 public:
  OfText(const Node& node, const TextColumn& column)
      : ColumnPart(Cost::column), codes_(column.codes), holds_(column.texts.end()) {
    if (const auto codes = codes_wanted(node, column.texts)) {
      for (const TextCode code : *codes) holds_[code] = true;
      return;
    }
    for (TextCode code = 1; code < column.texts.end(); ++code) {
      holds_[code] = column.texts.is_held(code) && holds_for_text(node, column.texts.text(code));
    }
  }
  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    keep_all(block, rows, [&](std::uint32_t row) { return holds_[codes_[row]]; });
  }

 private:
  // Where only some texts may hold, and they are known: without a look at the others.
  static std::optional<std::vector<TextCode>> codes_wanted(const Node& node,
                                                           const TextDictionary& texts) {
    const Expression& source = *node.source;
    const bool equal =
        source.kind == Expression::Kind::comparison && source.op == Expression::Operator::equal;
    const bool among = source.kind == Expression::Kind::membership && !source.negated;
    if (!equal && !among) return std::nullopt;
    std::vector<TextCode> codes;
    const auto add = [&](const std::string& text) {
      if (const auto code = texts.find(text)) codes.push_back(*code);
    };
    if (equal) add(node.text);
    if (among) std::ranges::for_each(node.texts, add);
    return codes;
  }

  const std::vector<TextCode>& codes_;
  std::vector<std::uint8_t> holds_;  // by code
};

// A text where nearly everybody has another: decided for those who are asked about, so that all
// cores do it.
class OfOwnText final : public ColumnPart {
 public:
  OfOwnText(const Node& node, const TextColumn& column)
      : ColumnPart(Cost::events), node_(node), column_(column) {}
  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    keep_each(block, rows, [&](std::uint32_t row) {
      const TextCode code = column_.codes[row];
      return code != kNoText && holds_for_text(node_, column_.texts.text(code));
    });
  }

 private:
  const Node& node_;
  const TextColumn& column_;
};

ColumnPartPtr of_text(const Node& node, const TextColumn& column, std::uint32_t rows) {
  const Expression& source = *node.source;
  if (source.kind == Expression::Kind::existence) return std::make_unique<HasText>(column);
  const bool looked_up =
      source.kind == Expression::Kind::membership || source.op == Expression::Operator::equal;
  // Beneath that so few are decided at once.
  const bool few = column.texts.end() < kBlockRows || column.texts.end() < rows / 4;
  if (looked_up || few) return std::make_unique<OfText>(node, column);
  return std::make_unique<OfOwnText>(node, column);
}

// A truth, which may be unknown.
class OfTruth final : public ColumnPart {
 public:
  OfTruth(const Node& node, const std::vector<std::uint16_t>& flags, std::uint16_t flag,
          std::uint16_t known)
      : ColumnPart(Cost::column),
        flags_(flags),
        flag_(flag),
        known_(known),
        if_true_(holds_for(node, true, {})),
        if_false_(holds_for(node, false, {})) {}
  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    keep_all(block, rows, [&](std::uint32_t row) {
      const bool known = (flags_[row] & known_) == known_;
      return known && ((flags_[row] & flag_) != 0 ? if_true_ : if_false_);
    });
  }

 private:
  const std::vector<std::uint16_t>& flags_;
  std::uint16_t flag_, known_;
  bool if_true_, if_false_;
};

// A number that `number_at(row)` gives; it is there if `known(row)`.
template <class Known, class NumberAt>
class OfNumber final : public ColumnPart {
 public:
  OfNumber(const Node& node, Known known, NumberAt number_at)
      : ColumnPart(Cost::column), node_(node), known_(known), number_at_(number_at) {}
  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    const Expression& source = *node_.source;
    if (source.kind != Expression::Kind::comparison) {
      return keep_each(block, rows, [&](std::uint32_t row) {
        return known_(row) && holds_for(node_, number_at_(row), {});
      });
    }
    const auto keep = [&](auto in_order) {
      keep_all(block, rows, [&](std::uint32_t row) {
        return static_cast<bool>(static_cast<int>(known_(row)) &
                                 static_cast<int>(in_order(number_at_(row), node_.number)));
      });
    };
    switch (source.op) {
      case Expression::Operator::equal:
        return keep(std::equal_to<double>());
      case Expression::Operator::unequal:
        return keep(std::not_equal_to<double>());
      case Expression::Operator::less:
        return keep(std::less<double>());
      case Expression::Operator::at_most:
        return keep(std::less_equal<double>());
      case Expression::Operator::greater:
        return keep(std::greater<double>());
      default:
        return keep(std::greater_equal<double>());
    }
  }

 private:
  const Node& node_;
  Known known_;
  NumberAt number_at_;
};

template <class Known, class NumberAt>
ColumnPartPtr of_number(const Node& node, Known known, NumberAt number_at) {
  return std::make_unique<OfNumber<Known, NumberAt>>(node, known, number_at);
}

// A moment compared with another: those in a span of time, or those that are not.
class OfMoment final : public ColumnPart {
 public:
  OfMoment(const Node& node, const std::vector<std::int64_t>& moments, Time now)
      : ColumnPart(Cost::column), moments_(moments) {
    const Time ago = node.ago ? now - *node.ago : Time{};
    const Node::Span wanted = node.ago ? Node::Span{ago, ago + Duration{1}} : node.moment;
    using Operator = Expression::Operator;
    const Operator op = node.source->op;
    // Before a moment is not from it on, up to it is not behind it.
    outside_ = op == Operator::unequal || op == Operator::less || op == Operator::at_most;
    const bool behind = op == Operator::greater || op == Operator::at_most;
    from_ms_ = to_ms(behind ? wanted.to : wanted.from);
    const bool of_that_moment = op == Operator::equal || op == Operator::unequal;
    if (of_that_moment) to_ms_ = to_ms(wanted.to);
  }
  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    keep_all(block, rows, [&](std::uint32_t row) {
      const std::int64_t ms = moments_[row];
      const bool inside =
          static_cast<bool>(static_cast<int>(ms >= from_ms_) & static_cast<int>(ms < to_ms_));
      return static_cast<bool>(static_cast<int>(ms != LeadColumns::kNoNumber) &
                               static_cast<int>(inside != outside_));
    });
  }

 private:
  const std::vector<std::int64_t>& moments_;
  std::int64_t from_ms_ = 0;
  std::int64_t to_ms_ = std::numeric_limits<std::int64_t>::max();
  bool outside_ = false;
};

// Whatever else is asked of a moment.
class AskedOfMoment final : public ColumnPart {
 public:
  AskedOfMoment(const Node& node, const std::vector<std::int64_t>& moments, Time now)
      : ColumnPart(Cost::events), node_(node), moments_(moments), now_(now) {}
  void narrow(const AskedBlock& block, BlockRows& rows) const override {
    keep_each(block, rows, [&](std::uint32_t row) {
      const std::int64_t ms = moments_[row];
      if (ms == LeadColumns::kNoNumber) return holds_for(node_, Value{}, now_);
      return holds_for(node_, from_ms(ms), now_);
    });
  }

 private:
  const Node& node_;
  const std::vector<std::int64_t>& moments_;
  Time now_;
};

ColumnPartPtr of_moment(const Node& node, const std::vector<std::int64_t>& moments, Time now) {
  if (node.source->kind == Expression::Kind::comparison) {
    return std::make_unique<OfMoment>(node, moments, now);
  }
  return std::make_unique<AskedOfMoment>(node, moments, now);
}

// Where nobody has such an attribute.
ColumnPartPtr of_nothing(const Node& node) {
  return std::make_unique<Always>(holds_for(node, Value{}, {}));
}

ColumnPartPtr of_score(const Node& node, const ColumnSubject& subject) {
  const auto always = [](std::uint32_t) { return true; };
  const ScoreColumns& scores = subject.scores;
  switch (node.source->operand.attribute) {
    case Attribute::fit:
      return of_number(node, always,
                       [&scores](std::uint32_t row) { return Points{scores.fit[row]}.value(); });
    case Attribute::interest:
      return of_number(node, always, [&scores](std::uint32_t row) {
        return Points{scores.interest[row]}.value();
      });
    default:
      return of_number(node, always,
                       [&scores](std::uint32_t row) { return Points{scores.score(row)}.value(); });
  }
}

ColumnPartPtr of_flag(const Node& node, const LeadColumns& columns, std::uint16_t flag,
                      std::uint16_t known = 0) {
  return std::make_unique<OfTruth>(node, columns.flags, flag, known);
}

ColumnPartPtr of_attribute(const Node& node, const ColumnSubject& subject) {
  const LeadColumns& columns = subject.columns;
  const Attribute attribute = node.source->operand.attribute;
  if (const TextColumn* column = columns.text(attribute)) {
    return of_text(node, *column, columns.rows());
  }
  switch (attribute) {
    case Attribute::email_free_mail:
      return of_flag(node, columns, kFreeMail, kHasEmail);
    case Attribute::email_disposable:
      return of_flag(node, columns, kDisposableMail, kHasEmail);
    case Attribute::email_role:
      return of_flag(node, columns, kRoleAddress, kHasEmail);
    case Attribute::own_action:
      return of_flag(node, columns, kOwnAction);
    case Attribute::shown_interest:
      return of_flag(node, columns, kShownInterest);
    case Attribute::unsubscribed:
      return of_flag(node, columns, kUnsubscribed);
    case Attribute::company_employees: {
      const auto& cells = columns.employees;
      return of_number(
          node, [&cells](std::uint32_t row) { return cells[row] != LeadColumns::kNoNumber; },
          [&cells](std::uint32_t row) { return static_cast<double>(cells[row]); });
    }
    case Attribute::score:
    case Attribute::fit:
    case Attribute::interest:
      return of_score(node, subject);
    case Attribute::created_at:
      return of_moment(node, columns.created_at, subject.now);
    case Attribute::first_seen:
      return of_moment(node, columns.first_seen, subject.now);
    case Attribute::last_seen:
      return of_moment(node, columns.last_seen, subject.now);
    default:
      return of_nothing(node);
  }
}

ColumnPartPtr of_leaf(const Node& node, const ColumnSubject& subject, EventCounts* counts) {
  const Expression& source = *node.source;
  if (source.kind == Expression::Kind::segment) {
    if (!node.segment) return std::make_unique<Always>(false);
    return std::make_unique<InSegment>(subject.segments, *node.segment);
  }
  const bool of_who_they_are =
      source.kind != Expression::Kind::sequence && source.operand.kind == Operand::Kind::attribute;
  if (of_who_they_are) return of_attribute(node, subject);
  return event_part(node, subject, counts);
}

ColumnPartPtr part_of(const Node& node, const ColumnSubject& subject, EventCounts* counts) {
  if (node.always) return std::make_unique<Always>(*node.always);
  std::vector<ColumnPartPtr> children;
  for (const Node& child : node.children) children.push_back(part_of(child, subject, counts));
  switch (node.source->kind) {
    case Expression::Kind::all:
      return std::make_unique<All>(std::move(children));
    case Expression::Kind::any:
      return std::make_unique<Any>(std::move(children));
    case Expression::Kind::negation:
      return std::make_unique<Not>(std::move(children.front()));
    default:
      return of_leaf(node, subject, counts);
  }
}

}  // namespace

ColumnFilter::ColumnFilter(const Criterion& criterion, const ColumnSubject& subject)
    : root_(part_of(criterion.node(), subject, nullptr)) {}
ColumnFilter::~ColumnFilter() = default;
ColumnFilter::ColumnFilter(ColumnFilter&&) noexcept = default;

void ColumnFilter::narrow(std::uint32_t block, BlockRows& rows) const {
  root_->narrow({.number = block}, rows);
}

ColumnFilters::ColumnFilters(const ColumnSubject& subject)
    : subject_(subject), counts_(std::make_unique<EventCounts>()) {}
ColumnFilters::~ColumnFilters() = default;

void ColumnFilters::add(const Criterion& criterion) {
  roots_.push_back(part_of(criterion.node(), subject_, counts_.get()));
}

void ColumnFilters::each(std::uint32_t block, const BlockRows& rows, const Take& take) const {
  EventCounts::OfBlock counts;
  counts_->count(subject_.columns.events, block, rows, counts);
  for (std::size_t number = 0; number < roots_.size(); ++number) {
    BlockRows held = rows;
    roots_[number]->narrow({.number = block, .counts = &counts}, held);
    take(number, held);
  }
}

}  // namespace galena::workspace
