// Random criteria over random people at random times: against the words (naive_criteria.hpp), as
// text and JSON, and what time alone does to them.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/criteria_json.hpp"
#include "domain/criteria_text.hpp"
#include "domain/naive_criteria.hpp"
#include "domain/plain_state.hpp"

namespace galena::domain {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using Kind = Expression::Kind;

// Around a change of the clocks in Berlin (29 March 2026, 01:00 UTC) and the end of a quarter.
const Time kBegin = *parse_time("2026-03-27T00:00:00Z");
constexpr hours kHorizon{24 * 8};

const KindTable& kinds() {
  static const auto table = [] {
    KindCode code = 0;
    return KindTable().with("Cat Petted", code);
  }();
  return *table;
}

// Moments that often lie on the edges of days and windows, and beside them.
Time random_moment() {
  const auto step = *rc::gen::element<Duration>(minutes{30}, hours{1}, hours{12}, hours{24});
  const auto steps = *rc::gen::inRange<std::int64_t>(0, kHorizon / step + 1);
  return kBegin + step * steps + Duration{*rc::gen::element(-1, 0, 0, 1)};
}

std::string random_name() {
  return *rc::gen::element<std::string>("Page Viewed", "Pricing Viewed", "White Paper Downloaded",
                                        "cat petted", "Demo Requested", "Never Seen");
}

Moment random_written_moment() {
  return {*rc::gen::element<std::string>("2026-03-28", "2026-03-29", "2026-03-30", "2026-04-01",
                                         "2026-03-29T02:00:00+01:00", "2026-03-30T12:00:00Z")};
}

Duration random_length() {
  return *rc::gen::element<Duration>(minutes{30}, hours{1}, hours{24}, days{2}, days{7});
}

Window random_window() {
  Window window{.kind = static_cast<Window::Kind>(*rc::gen::inRange(0, 7)), .from = {}, .to = {}};
  const bool from = window.kind == Window::Kind::since || window.kind == Window::Kind::between;
  const bool to = window.kind == Window::Kind::before || window.kind == Window::Kind::between;
  if (window.kind == Window::Kind::last) window.length = random_length();
  if (from) window.from = random_written_moment();
  if (to) window.to = random_written_moment();
  if (window.kind == Window::Kind::present || window.kind == Window::Kind::previous) {
    window.calendar = static_cast<Calendar>(*rc::gen::inRange(0, 5));
  }
  return window;
}

std::string random_property() {
  return *rc::gen::element<std::string>("amount", "plan", "cart.total", "not", "Größe \"XL\"",
                                        "never_told");
}

const PropertySlots& slots() {
  static const PropertySlots all{
      {"Größe \"XL\"", 0}, {"amount", 1}, {"cart.total", 2}, {"not", 3}, {"plan", 4}};
  return all;
}

PropertyValue random_told() {
  return *rc::gen::element<PropertyValue>("pro", "basic plan", "99.5", "true", 99.5, 0.01, 100.0,
                                          -3.0, 1200.25, true, false);
}

Constant random_property_constant() {
  return *rc::gen::element<Constant>(Constant{std::string("PRO")}, Constant{std::string("plan")},
                                     Constant{std::string("99.5")}, Constant{99.5}, Constant{100.0},
                                     Constant{-3.0}, Constant{true}, Constant{false});
}

Operand property_operand() {
  Operand made{.kind = Operand::Kind::property, .event = {}, .window = {}};
  made.property = random_property();
  return made;
}

Expression random_condition(int depth) {
  const int dice = depth == 0 ? *rc::gen::inRange(3, 8) : *rc::gen::inRange(0, 8);
  Expression made{.kind = Kind::comparison, .children = {}, .operand = {}};
  if (dice < 3) {
    made.kind = dice == 0 ? Kind::all : dice == 1 ? Kind::any : Kind::negation;
    for (int left = dice == 2 ? 1 : 2; left > 0; --left) {
      made.children.push_back(random_condition(depth - 1));
    }
    return made;
  }
  made.operand = property_operand();
  if (dice == 3) made.kind = Kind::existence;
  if (dice == 4) made.kind = Kind::truth;
  if (dice == 5) {
    made.kind = Kind::membership;
    made.negated = *rc::gen::arbitrary<bool>();
    for (int left = *rc::gen::inRange(1, 3); left > 0; --left) {
      made.constants.push_back(random_property_constant());
    }
  }
  if (dice > 5) {
    do {
      made.op = static_cast<Expression::Operator>(*rc::gen::inRange(0, 9));
      made.constants = {random_property_constant()};
    } while (!fault_of(made).empty());
  }
  return made;
}

std::vector<Expression> random_where() {
  if (*rc::gen::arbitrary<bool>()) return {};
  return {random_condition(*rc::gen::inRange(0, 3))};
}

Operand random_operand() {
  if (*rc::gen::arbitrary<bool>()) {
    return {.attribute = *rc::gen::element(Attribute::company_employees, Attribute::title_seniority,
                                           Attribute::city, Attribute::country, Attribute::market,
                                           Attribute::score, Attribute::stage, Attribute::last_seen,
                                           Attribute::created_at, Attribute::unsubscribed,
                                           Attribute::email_free_mail, Attribute::company_industry),
            .event = {},
            .window = {}};
  }
  Operand made{
      .kind = *rc::gen::element(Operand::Kind::count, Operand::Kind::share, Operand::Kind::sum,
                                Operand::Kind::first, Operand::Kind::last),
      .event = random_name(),
      .window = random_window()};
  made.where = random_where();
  if (made.kind == Operand::Kind::sum) made.property = random_property();
  if (made.kind == Operand::Kind::share) {
    made.of = random_name();
    made.of_where = random_where();
  }
  return made;
}

Constant random_constant(ValueType type) {
  switch (type) {
    case ValueType::text:
      return *rc::gen::element<std::string>("vp", "Berlin", "BERLIN", "ber", "lin", "Germany",
                                            "b2b", "lead", "health care", "say \"hi\" \\ bye");
    case ValueType::number:
      if (*rc::gen::inRange(0, 8) == 0) return Threshold{};
      return *rc::gen::element<double>(0, 1, 2, 3, 50, 200, -1, 0.5, 1e21, 99.51, 199);
    case ValueType::truth:
      return *rc::gen::arbitrary<bool>();
    case ValueType::any:
      return random_property_constant();
    case ValueType::moment:
      break;
  }
  return random_written_moment();
}

Expression random_comparison() {
  Expression made{.kind = Kind::comparison, .children = {}, .operand = random_operand()};
  const ValueType type = type_of(made.operand);
  do {
    made.op = static_cast<Expression::Operator>(*rc::gen::inRange(0, 9));
  } while (!operator_fault(made).empty());
  made.constants = {random_constant(type)};
  const bool ordered = made.op >= Expression::Operator::less;
  if (type == ValueType::moment && ordered && *rc::gen::arbitrary<bool>()) {
    made.constants = {Ago{random_length()}};
  }
  return made;
}

Expression random_leaf() {
  switch (*rc::gen::inRange(0, 8)) {
    case 7: {
      Expression made{.kind = Kind::segment};
      made.segment = *rc::gen::element<std::string>("Reads \"much\"", "New", "Gone");
      return made;
    }
    case 0:
      return {.kind = Kind::existence, .children = {}, .operand = random_operand()};
    case 1:
      return {.kind = Kind::truth,
              .children = {},
              .operand = {.attribute = Attribute::unsubscribed, .event = {}, .window = {}}};
    case 2: {
      Expression made{.kind = Kind::membership, .children = {}, .operand = random_operand()};
      if (type_of(made.operand) == ValueType::truth) made.operand.attribute = Attribute::city;
      const ValueType type = type_of(made.operand);
      made.negated = *rc::gen::arbitrary<bool>();
      if (type == ValueType::text && *rc::gen::arbitrary<bool>()) {
        made.list = "icp.target_industries";
        return made;
      }
      for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
        made.constants.push_back(random_constant(type));
      }
      return made;
    }
    case 3: {
      Expression made{.kind = Kind::sequence, .children = {}};
      for (int i = *rc::gen::inRange(2, 4); i > 0; --i) {
        Step step{.event = random_name(), .within = {}, .where = random_where()};
        if (!made.steps.empty() && *rc::gen::arbitrary<bool>()) step.within = random_length();
        made.steps.push_back(std::move(step));
      }
      made.window = random_window();
      return made;
    }
    default:
      return random_comparison();
  }
}

Expression random_expression(int depth) {
  const int dice = depth == 0 ? 3 : *rc::gen::inRange(0, 5);
  if (dice > 2) return random_leaf();
  Expression made{.kind = dice == 0   ? Kind::all
                          : dice == 1 ? Kind::any
                                      : Kind::negation,
                  .children = {}};
  const int count = made.kind == Kind::negation ? 1 : *rc::gen::inRange(2, 4);
  for (int i = 0; i < count; ++i) made.children.push_back(random_expression(depth - 1));
  return made;
}

struct Scene {
  CriteriaNames names;
  Record record;
  Standing standing;
  std::vector<Event> events;
  std::vector<SegmentCode> segments;
  Time now;
  naive::Told told;
  std::vector<PropertyColumnPtr> columns;  // the same

  void tell(const Event& event) {
    for (const auto& [name, slot] : slots()) {
      if (*rc::gen::inRange(0, 3) != 0) told[{event.position, name}] = random_told();
    }
  }
  void fill_columns() {
    for (const auto& [name, slot] : slots()) {
      auto column = std::make_shared<PlainColumn>();
      for (const auto& [where, value] : told) {
        if (where.second == name) column->put(where.first, value);
      }
      columns.push_back(column);
    }
  }

  naive::World world(Time at) const {
    naive::World made{names, kinds(), {}, told};
    for (const Event& event : events) {
      if (event.at <= at) made.events.push_back(event);
    }
    return made;
  }
};

Scene random_scene() {
  Scene scene;
  scene.names = {.target_industries = {"Health Care"},
                 .b2b = *rc::gen::arbitrary<bool>(),
                 .zone = *Zone::named(*rc::gen::element<std::string>("Europe/Berlin", "Etc/UTC",
                                                                     "America/Sao_Paulo"))};
  scene.names.properties = slots();
  scene.names.segments = {{"New", 3}, {"Reads \"much\"", 5}};
  scene.segments = *rc::gen::element(std::vector<SegmentCode>{}, std::vector<SegmentCode>{5, 3, 9});
  if (*rc::gen::arbitrary<bool>()) scene.record.employees = *rc::gen::element(1, 50, 200);
  if (*rc::gen::arbitrary<bool>()) scene.record.seniority = Seniority::vp;
  if (*rc::gen::arbitrary<bool>()) {
    scene.record.fields[std::size_t(Field::city)].value = "Berlin";
    scene.record.country = "de";
    scene.record.industry_form = "health care";
  }
  scene.standing.fit = Points::whole(*rc::gen::element(0, 2, 50, 200));
  scene.standing.valid_until = Time::max();
  scene.standing.activity.unsubscribed = *rc::gen::arbitrary<bool>();
  scene.now = random_moment();
  if (*rc::gen::inRange(0, 3) > 0) scene.standing.activity.last_seen = random_moment();
  const auto count = *rc::gen::inRange(0u, 14u);
  for (std::uint32_t position = 1; position <= count; ++position) {
    Event event{.at = random_moment(), .position = position};
    event.kind =
        *rc::gen::element<KindCode>(kPageViewed, kPricingViewed, kScreenViewed,
                                    kWhitePaperDownloaded, kDemoRequested, kFirstFreeKind, kNoKind);
    event.object = *rc::gen::element<std::uint64_t>(0, 0, 1, 2);
    event.counted = *rc::gen::inRange(0, 8) != 0;
    if (event.at <= scene.now) scene.events.push_back(event);
    scene.tell(event);
  }
  scene.fill_columns();
  return scene;
}

// A scene as it is asked about.
struct Asked {
  explicit Asked(const Scene& asked) : scene(asked), index(asked.events), told(asked.columns) {}

  Subject at(Time now) const {
    return {scene.record, &scene.standing, "lead", &index, now, kBegin, scene.segments, &told};
  }

  const Scene& scene;
  EventIndex index;
  PropertyView told;
};

RC_GTEST_PROP(CriteriaProperty, mean_what_the_words_say, ()) {
  const Scene scene = random_scene();
  const Expression expression = random_expression(3);
  RC_ASSERT(fault_of(expression).empty());
  const Criterion criterion(expression, scene.names, kinds());
  const Asked all(scene);
  const Subject asked = all.at(scene.now);
  RC_ASSERT(criterion.holds(asked) == naive::holds(scene.world(scene.now), expression, asked));
  const Explanation why = criterion.explain(asked);
  RC_ASSERT(why.holds == criterion.holds(asked));
  RC_ASSERT(why.parts.size() == expression.children.size());
}

RC_GTEST_PROP(CriteriaProperty, are_the_same_as_text_and_json, ()) {
  const Expression expression = random_expression(3);
  const std::string text = print_criterion(expression);
  RC_PRE(text.size() <= std::size_t{10'000});
  const auto read = parse_criterion(text);
  if (!read) RC_FAIL(text + ": " + read.error().field + " " + read.error().message);
  RC_ASSERT(*read == expression);
  RC_ASSERT(print_criterion(*read) == text);
  const auto json = criterion_json(expression);
  const auto again = read_criterion_json(json);
  if (!again) RC_FAIL(again.error().field + " " + again.error().message);
  RC_ASSERT(*again == expression);
}

// Following next_change from look to look meets the very moment at which the criterion turns:
// compared with asking at every moment at which anything could change.
RC_GTEST_PROP(CriteriaProperty, turn_at_the_moment_they_say, ()) {
  const Scene scene = random_scene();
  const Expression expression = random_expression(2);
  const Criterion criterion(expression, scene.names, kinds());
  const Asked asked(scene);
  const auto holds = [&](Time at) { return criterion.holds(asked.at(at)); };
  std::vector<Time> moments;
  for (const Event& event : scene.events) {
    for (const Duration length : {Duration{minutes{30}}, Duration{hours{1}}, Duration{hours{24}},
                                  Duration{days{2}}, Duration{days{7}}}) {
      moments.push_back(event.at + length);
      moments.push_back(event.at + length + Duration{1});
    }
  }
  for (const Duration length : {Duration{minutes{30}}, Duration{hours{1}}, Duration{hours{24}},
                                Duration{days{2}}, Duration{days{7}}}) {
    for (const Time at : {kBegin, scene.standing.activity.last_seen.value_or(kBegin)}) {
      moments.push_back(at + length);
      moments.push_back(at + length + Duration{1});
    }
  }
  for (Time day = scene.names.zone.begin_of(Calendar::day, scene.now); day < scene.now + days{800};
       day = scene.names.zone.begin_of(Calendar::day, day, 1)) {
    moments.push_back(day);
  }
  std::ranges::sort(moments);
  std::optional<Time> turned;
  for (const Time moment : moments) {
    if (moment <= scene.now || holds(moment) == holds(scene.now)) continue;
    turned = moment;
    break;
  }
  std::optional<Time> look = scene.now;
  while (look && *look < scene.now + days{800} && holds(*look) == holds(scene.now)) {
    const auto next = criterion.next_change(asked.at(*look));
    RC_ASSERT(!next || *next > *look);
    look = next;
  }
  if (turned) RC_ASSERT(look == turned);
  if (!turned) RC_ASSERT(!look || *look >= scene.now + days{800});
}

}  // namespace
}  // namespace galena::domain
