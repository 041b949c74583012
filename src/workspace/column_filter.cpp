#include "workspace/column_filter.hpp"

#include "domain/criteria_node.hpp"

namespace galena::workspace {

using namespace domain;
using Node = Criterion::Node;

// A part of a criterion made ready for these columns.
class ColumnFilter::Part {
 public:
  virtual ~Part() = default;
  virtual void narrow(std::uint32_t block, BlockRows& rows) const = 0;
};

namespace {

using Part = ColumnFilter::Part;
using PartPtr = std::unique_ptr<const Part>;

PartPtr part_of(const Node& node, const ColumnSubject& subject);

// Leaves those rows for which `holds(row)`; cheap enough to be asked of all, whoever is meant.
template <class Holds>
void keep_all(std::uint32_t block, BlockRows& rows, Holds holds) {
  const std::uint32_t first = block * kBlockRows;
  for (std::uint32_t word = 0; word < rows.size(); ++word) {
    if (rows[word] == 0) continue;
    std::uint64_t held = 0;
    for (std::uint32_t bit = 0; bit < 64; ++bit) {
      held |= static_cast<std::uint64_t>(holds(first + word * 64 + bit)) << bit;
    }
    rows[word] &= held;
  }
}

// The same where asking costs something.
template <class Holds>
void keep_each(std::uint32_t block, BlockRows& rows, Holds holds) {
  const std::uint32_t first = block * kBlockRows;
  each_row(rows, [&](std::uint32_t row) {
    if (!holds(first + row)) rows[row / 64] &= ~(std::uint64_t{1} << row % 64);
  });
}

class Always final : public Part {
 public:
  explicit Always(bool holds) : holds_(holds) {}
  void narrow(std::uint32_t, BlockRows& rows) const override {
    if (!holds_) rows = {};
  }

 private:
  bool holds_;
};

class All final : public Part {
 public:
  explicit All(std::vector<PartPtr> parts) : parts_(std::move(parts)) {}
  void narrow(std::uint32_t block, BlockRows& rows) const override {
    for (const PartPtr& part : parts_) part->narrow(block, rows);
  }

 private:
  std::vector<PartPtr> parts_;
};

class Any final : public Part {
 public:
  explicit Any(std::vector<PartPtr> parts) : parts_(std::move(parts)) {}
  void narrow(std::uint32_t block, BlockRows& rows) const override {
    BlockRows left = rows;
    for (const PartPtr& part : parts_) {
      BlockRows held = left;
      part->narrow(block, held);
      for (std::size_t word = 0; word < left.size(); ++word) left[word] &= ~held[word];
    }
    for (std::size_t word = 0; word < left.size(); ++word) rows[word] &= ~left[word];
  }

 private:
  std::vector<PartPtr> parts_;
};

class Not final : public Part {
 public:
  explicit Not(PartPtr part) : part_(std::move(part)) {}
  void narrow(std::uint32_t block, BlockRows& rows) const override {
    BlockRows held = rows;
    part_->narrow(block, held);
    for (std::size_t word = 0; word < rows.size(); ++word) rows[word] &= ~held[word];
  }

 private:
  PartPtr part_;
};

class InSegment final : public Part {
 public:
  InSegment(const std::vector<RowSet>& segments, SegmentCode code)
      : segments_(segments), code_(code) {}
  void narrow(std::uint32_t block, BlockRows& rows) const override {
    if (code_ >= segments_.size()) {
      rows = {};
      return;
    }
    const BlockRows& members = segments_[code_].block(block);
    for (std::size_t word = 0; word < rows.size(); ++word) rows[word] &= members[word];
  }

 private:
  const std::vector<RowSet>& segments_;
  SegmentCode code_;
};

// A text: decided once for every one that there is.
class OfText final : public Part {
 public:
  OfText(const Node& node, const TextColumn& column)
      : codes_(column.codes), holds_(column.texts.end()) {
    if (const auto codes = codes_wanted(node, column.texts)) {
      for (const TextCode code : *codes) holds_[code] = true;
      return;
    }
    for (TextCode code = 1; code < column.texts.end(); ++code) {
      holds_[code] = column.texts.is_held(code) && holds_for_text(node, column.texts.text(code));
    }
  }
  void narrow(std::uint32_t block, BlockRows& rows) const override {
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

// A truth, which may be unknown.
class OfTruth final : public Part {
 public:
  OfTruth(const Node& node, const std::vector<std::uint16_t>& flags, std::uint16_t flag,
          std::uint16_t known)
      : flags_(flags),
        flag_(flag),
        known_(known),
        if_true_(holds_for(node, true, {})),
        if_false_(holds_for(node, false, {})) {}
  void narrow(std::uint32_t block, BlockRows& rows) const override {
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
class OfNumber final : public Part {
 public:
  OfNumber(const Node& node, Known known, NumberAt number_at)
      : node_(node), known_(known), number_at_(number_at) {}
  void narrow(std::uint32_t block, BlockRows& rows) const override {
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
PartPtr of_number(const Node& node, Known known, NumberAt number_at) {
  return std::make_unique<OfNumber<Known, NumberAt>>(node, known, number_at);
}

class OfMoment final : public Part {
 public:
  OfMoment(const Node& node, const std::vector<std::int64_t>& moments, Time now)
      : node_(node), moments_(moments), now_(now) {}
  void narrow(std::uint32_t block, BlockRows& rows) const override {
    keep_each(block, rows, [&](std::uint32_t row) {
      const std::int64_t ms = moments_[row];
      return ms != LeadColumns::kNoNumber && holds_for(node_, from_ms(ms), now_);
    });
  }

 private:
  const Node& node_;
  const std::vector<std::int64_t>& moments_;
  Time now_;
};

// How many events of a name there are in a span of time, or the moment of the first or last.
class OfEvents final : public Part {
 public:
  OfEvents(const Node& node, const ColumnSubject& subject)
      : node_(node), columns_(subject.columns), now_(subject.now), kinds_{node.events.kind} {
    const Node::Span span = span_of(node, now_);
    if (span.from != Time::min()) from_ms_ = to_ms(span.from);
    if (span.to != Time::max()) to_ms_ = to_ms(span.to);
    if (node.events.any_visit) kinds_.push_back(kPricingViewed);
    if (node.source->operand.kind != Operand::Kind::count) return;
    for (std::size_t count = 0; count < holds_.size(); ++count) {
      holds_[count] = holds_for(node, static_cast<double>(count), now_);
    }
  }

  void narrow(std::uint32_t block, BlockRows& rows) const override {
    const bool counts = node_.source->operand.kind == Operand::Kind::count;
    keep_each(block, rows, [&](std::uint32_t row) {
      const auto events = within(columns_.events.run(row).events);
      return counts ? count_holds(events) : holds_for(node_, moment(events), now_);
    });
  }

 private:
  // Those in the span: they are in the order of time.
  std::span<const PackedEvent> within(std::span<const PackedEvent> events) const {
    while (!events.empty() && events.back().ms() >= to_ms_) {
      events = events.first(events.size() - 1);
    }
    if (from_ms_ <= 0 || events.empty() || events.front().ms() >= from_ms_) return events;
    const auto first = std::ranges::lower_bound(events, from_ms_, {}, &PackedEvent::ms);
    return events.subspan(static_cast<std::size_t>(first - events.begin()));
  }

  bool count_holds(std::span<const PackedEvent> events) const {
    std::size_t count = 0;
    for (const KindCode kind : kinds_) {
      for (const PackedEvent& event : events) {
        count += static_cast<std::size_t>(event.kind == kind) &
                 static_cast<std::size_t>(event.counted());
      }
    }
    if (count < holds_.size()) return holds_[count];
    return holds_for(node_, static_cast<double>(count), now_);
  }

  Value moment(std::span<const PackedEvent> events) const {
    const auto is_one = [&](const PackedEvent& event) {
      return event.counted() && std::ranges::find(kinds_, event.kind) != kinds_.end();
    };
    if (node_.source->operand.kind == Operand::Kind::first) {
      const auto first = std::ranges::find_if(events, is_one);
      return first == events.end() ? Value{} : Value{first->at()};
    }
    const auto last = std::find_if(events.rbegin(), events.rend(), is_one);
    return last == events.rend() ? Value{} : Value{last->at()};
  }

  const Node& node_;
  const LeadColumns& columns_;
  Time now_;
  std::vector<KindCode> kinds_;
  std::int64_t from_ms_ = 0;
  std::int64_t to_ms_ = std::numeric_limits<std::int64_t>::max();
  std::array<bool, 64> holds_{};  // of so many
};

// What looks at events in ways of its own: lead by lead.
class Asked final : public Part {
 public:
  Asked(const Node& node, const ColumnSubject& subject) : node_(node), subject_(subject) {}
  void narrow(std::uint32_t block, BlockRows& rows) const override {
    static const Record kNoRecord;  // attributes have columns
    EventIndex index;
    std::vector<Event> events;
    keep_each(block, rows, [&](std::uint32_t row) {
      const EventRun run = subject_.columns.events.run(row);
      events.clear();
      for (std::size_t i = 0; i < run.events.size(); ++i) events.push_back(run.event(i));
      index.assign(events);
      const Subject asked{kNoRecord,    nullptr,      {}, &index,
                          subject_.now, std::nullopt, {}, &subject_.told};
      return domain::holds(node_, asked);
    });
  }

 private:
  const Node& node_;
  const ColumnSubject& subject_;
};

// Where nobody has such an attribute.
PartPtr of_nothing(const Node& node) {
  return std::make_unique<Always>(holds_for(node, Value{}, {}));
}

PartPtr of_score(const Node& node, const ColumnSubject& subject) {
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

PartPtr of_flag(const Node& node, const LeadColumns& columns, std::uint16_t flag,
                std::uint16_t known = 0) {
  return std::make_unique<OfTruth>(node, columns.flags, flag, known);
}

PartPtr of_attribute(const Node& node, const ColumnSubject& subject) {
  const LeadColumns& columns = subject.columns;
  const Attribute attribute = node.source->operand.attribute;
  if (const TextColumn* column = columns.text(attribute)) {
    return std::make_unique<OfText>(node, *column);
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
      return std::make_unique<OfMoment>(node, columns.created_at, subject.now);
    case Attribute::first_seen:
      return std::make_unique<OfMoment>(node, columns.first_seen, subject.now);
    case Attribute::last_seen:
      return std::make_unique<OfMoment>(node, columns.last_seen, subject.now);
    default:
      return of_nothing(node);
  }
}

PartPtr of_leaf(const Node& node, const ColumnSubject& subject) {
  if (node.source->kind == Expression::Kind::sequence) {
    return std::make_unique<Asked>(node, subject);
  }
  if (node.source->kind == Expression::Kind::segment) {
    if (!node.segment) return std::make_unique<Always>(false);
    return std::make_unique<InSegment>(subject.segments, *node.segment);
  }
  const Operand::Kind kind = node.source->operand.kind;
  if (kind == Operand::Kind::attribute) return of_attribute(node, subject);
  const bool in_columns =
      kind == Operand::Kind::count || kind == Operand::Kind::first || kind == Operand::Kind::last;
  const bool named = node.events.kind != kNoKind && node.events.where == nullptr;
  if (in_columns && named) return std::make_unique<OfEvents>(node, subject);
  return std::make_unique<Asked>(node, subject);
}

PartPtr part_of(const Node& node, const ColumnSubject& subject) {
  if (node.always) return std::make_unique<Always>(*node.always);
  std::vector<PartPtr> children;
  for (const Node& child : node.children) children.push_back(part_of(child, subject));
  switch (node.source->kind) {
    case Expression::Kind::all:
      return std::make_unique<All>(std::move(children));
    case Expression::Kind::any:
      return std::make_unique<Any>(std::move(children));
    case Expression::Kind::negation:
      return std::make_unique<Not>(std::move(children.front()));
    default:
      return of_leaf(node, subject);
  }
}

}  // namespace

ColumnFilter::ColumnFilter(const Criterion& criterion, const ColumnSubject& subject)
    : root_(part_of(criterion.node(), subject)) {}
ColumnFilter::~ColumnFilter() = default;
ColumnFilter::ColumnFilter(ColumnFilter&&) noexcept = default;

void ColumnFilter::narrow(std::uint32_t block, BlockRows& rows) const {
  root_->narrow(block, rows);
}

}  // namespace galena::workspace
