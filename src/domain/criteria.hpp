// The criteria language, the same in rules, stages, lists and (later) segments, routing, journeys:
//     title.seniority in ("vp", "c_level") and count("Pricing Viewed", last 30 days) >= 2
// Grammar and meaning: criteria_tree.hpp. Here a criterion is made ready and asked about one lead.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "base/zone.hpp"
#include "domain/criteria_tree.hpp"
#include "domain/event_index.hpp"
#include "domain/event_kinds.hpp"
#include "domain/lead.hpp"
#include "domain/properties.hpp"

namespace galena::domain {

// What of the playbook criteria may name.
struct CriteriaNames {
  std::vector<std::string> target_industries;
  std::vector<std::string> adjacent_industries;
  std::vector<std::string> target_regions;
  double threshold = 50;
  bool b2b = true;
  Zone zone = Zone::utc();  // of days and calendar words
  SegmentNames segments = {};
  PropertySlots properties = {};  // of events, that are kept
};

// What a criterion is asked about.
struct Subject {
  const Record& record;
  const Standing* standing = nullptr;  // null where the score is not known yet
  std::string_view stage;
  const EventIndex* events = nullptr;  // null: nobody did anything
  Time now{};                          // no event is later
  std::optional<Time> created_at = {};
  std::span<const SegmentCode> segments = {};  // that the lead is in
  const PropertyView* properties = nullptr;    // of the events; null: they told nothing
};

// Why a criterion holds or not, part by part.
struct Explanation {
  std::string text;  // the part as it is written
  bool holds = false;
  std::string found;  // what its left side is for this lead; "nothing" if it is missing
  std::vector<Explanation> parts;
};

// A compiled criterion. Immutable; copying shares.
class Criterion {
 public:
  // Reads the text. Errors name the column: field "column 17".
  static Result<Criterion> parse(std::string_view text, const CriteriaNames& names,
                                 const KindTable& kinds = KindTable());
  // Of an expression that its reader has checked. An event name that `kinds` does not know has not
  // happened; compile again when it does. A property that `names` does not know was never told.
  Criterion(Expression expression, const CriteriaNames& names, const KindTable& kinds);

  bool holds(const Subject& subject) const;
  Explanation explain(const Subject& subject) const;
  // The next moment after `subject.now` at which it may turn, if nothing comes in: the very moment
  // at which it does, or an earlier one at which to ask again. Nothing: it stays for ever.
  std::optional<Time> next_change(const Subject& subject) const;

  // The attributes it reads.
  const std::vector<Attribute>& attributes() const { return attributes_; }
  const std::vector<std::string>& events() const { return events_; }
  const std::vector<std::string>& segments() const { return segments_; }
  const std::vector<std::string>& properties() const { return properties_; }
  const Expression& expression() const { return *expression_; }
  const std::string& text() const { return text_; }
  // True if it reads the score, the stage, segments or events: it may not decide points.
  bool reads_standing() const;

  struct Node;                                 // what runs (criteria_node.hpp)
  const Node& node() const { return *root_; }  // lasts as long as any copy of the criterion

 private:
  std::string text_;
  std::shared_ptr<const Expression> expression_;
  std::shared_ptr<const Node> root_;
  std::vector<Attribute> attributes_;
  std::vector<std::string> events_;
  std::vector<std::string> segments_;
  std::vector<std::string> properties_;
  bool timed_ = false;  // time alone may turn it
};

// Which events of a name are meant: a condition on their properties, as after `where`. Immutable.
class EventCondition {
 public:
  // Errors name the column.
  static Result<EventCondition> parse(std::string_view text, const CriteriaNames& names);

  bool holds(const Event& event, const PropertyView& properties) const;

 private:
  EventCondition(std::shared_ptr<const Expression> expression,
                 std::shared_ptr<const Criterion::Node> root)
      : expression_(std::move(expression)), root_(std::move(root)) {}

  std::shared_ptr<const Expression> expression_;
  std::shared_ptr<const Criterion::Node> root_;
};

// The field behind an attribute, if it is one that somebody told (so it has a source and a time).
std::optional<Field> field_behind(Attribute attribute);

}  // namespace galena::domain
