#include "domain/segments.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace galena::domain {
namespace {

std::string path_of(const SegmentRule& rule) {
  return fmt::format("segment \"{}\"", rule.name);
}

Result<Segments::Segment> compile_segment(const SegmentRule& rule, const CriteriaNames& names,
                                          const KindTable& kinds) {
  auto when = Criterion::parse(rule.when, names, kinds);
  if (!when) {
    return fail(ErrorCode::invalid,
                fmt::format("{} ({}): {}", path_of(rule), when.error().field, when.error().message),
                path_of(rule));
  }
  return Segments::Segment{
      .rule = rule, .when = std::move(*when), .code = names.segments.at(rule.name)};
}

// Puts the segments into the order in which they can be decided.
class Sorter {
 public:
  explicit Sorter(std::vector<Segments::Segment>& segments)
      : segments_(segments), looks_(segments.size(), Look::none) {}

  Result<std::vector<std::size_t>> sorted() {
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (auto visited = visit(i); !visited) return tl::unexpected(visited.error());
    }
    std::ranges::stable_partition(order_, [&](std::size_t i) { return !segments_[i].reads_stage; });
    return std::move(order_);
  }

 private:
  enum class Look : std::uint8_t { none, under_way, done };

  // As deep as segments ask for segments: 200 at most.
  Result<> visit(std::size_t index) {
    if (looks_[index] == Look::done) return {};
    if (looks_[index] == Look::under_way) return circle(index);
    looks_[index] = Look::under_way;
    way_.push_back(index);
    Segments::Segment& segment = segments_[index];
    const auto& attributes = segment.when.attributes();
    segment.reads_stage = std::ranges::find(attributes, Attribute::stage) != attributes.end();
    for (const std::string& name : segment.when.segments()) {
      const std::size_t asked = index_of(name);
      if (auto visited = visit(asked); !visited) return visited;
      segment.reads_stage |= segments_[asked].reads_stage;
    }
    way_.pop_back();
    looks_[index] = Look::done;
    order_.push_back(index);
    return {};
  }

  std::size_t index_of(const std::string& name) const {
    const auto found = std::ranges::find_if(
        segments_, [&](const Segments::Segment& segment) { return segment.rule.name == name; });
    GALENA_ASSERT(found != segments_.end());  // the criterion's reader has looked
    return static_cast<std::size_t>(found - segments_.begin());
  }

  tl::unexpected<Error> circle(std::size_t index) const {
    std::string names;
    for (auto at = std::ranges::find(way_, index); at != way_.end(); ++at) {
      names += fmt::format("\"{}\" → ", segments_[*at].rule.name);
    }
    const SegmentRule& rule = segments_[index].rule;
    return fail(ErrorCode::invalid,
                fmt::format("{}: segments ask for each other in a circle: {}\"{}\"", path_of(rule),
                            names, rule.name),
                path_of(rule));
  }

  std::vector<Segments::Segment>& segments_;
  std::vector<Look> looks_;
  std::vector<std::size_t> way_;
  std::vector<std::size_t> order_;
};

}  // namespace

bool SegmentStory::contains(SegmentCode segment) const {
  return std::ranges::binary_search(current, segment, {}, &SegmentChange::segment);
}

const Segments::Segment* Segments::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(all, [&](const Segment& segment) { return segment.rule.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::optional<SegmentCode> Segments::code_of(std::string_view name) const {
  if (const auto code = codes.find(name); code != codes.end()) return code->second;
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<SegmentCode>(found - names.begin());
}

Result<Segments> compile_segments(const std::vector<SegmentRule>& rules, CriteriaNames names,
                                  const KindTable& kinds, std::vector<std::string> codes) {
  Segments made;
  made.names = std::move(codes);
  for (const SegmentRule& rule : rules) {
    auto code = made.code_of(rule.name);
    if (!code && made.names.size() == Segments::kNamesMax) {
      return fail(ErrorCode::invalid, "there were 60,000 names of segments; use old ones again",
                  path_of(rule));
    }
    if (!code) {
      code = static_cast<SegmentCode>(made.names.size());
      made.names.push_back(rule.name);
    }
    made.codes.emplace(rule.name, *code);
  }
  names.segments = made.codes;
  for (const SegmentRule& rule : rules) {
    auto segment = compile_segment(rule, names, kinds);
    if (!segment) return tl::unexpected(segment.error());
    made.all.push_back(std::move(*segment));
  }
  auto order = Sorter(made.all).sorted();
  if (!order) return tl::unexpected(order.error());
  made.order = std::move(*order);
  return made;
}

void find_members(const Segments& segments, SegmentPhase phase, Subject subject,
                  std::vector<SegmentCode>& members) {
  for (const std::size_t index : segments.order) {
    const Segments::Segment& segment = segments.all[index];
    if (segment.reads_stage != (phase == SegmentPhase::behind_stages)) continue;
    subject.segments = members;
    if (segment.when.holds(subject)) members.push_back(segment.code);
  }
}

void note_change(SegmentStory& story, const SegmentChange& change) {
  const auto place =
      std::ranges::lower_bound(story.current, change.segment, {}, &SegmentChange::segment);
  const bool is_in = place != story.current.end() && place->segment == change.segment;
  if (change.entered && !is_in) story.current.insert(place, change);
  if (!change.entered && is_in) story.current.erase(place);
  if (story.changes.size() == SegmentStory::kChangesMax) {
    story.changes.erase(story.changes.begin());
  }
  story.changes.push_back(change);
}

}  // namespace galena::domain
