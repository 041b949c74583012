#include "workspace/snapshot.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>
#include <limits>

#include "domain/mail_domain.hpp"
#include "workspace/random_history.hpp"
#include "base/bytes.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

// Uses all that a version has: whatever was read, nothing in it may lead astray.
void use(const Version& version) {
  for (LeadOrdinal i = 0; i < version.lead_count(); ++i) {
    const Lead& lead = version.lead(i);
    RC_ASSERT(!version.lead(survivor(version, i)).merged_into);
    standing_of(version, lead, version.log_time());
    next_change(version, lead);
  }
  for (PersonOrdinal i = 0; i < version.person_count(); ++i) {
    RC_ASSERT(version.find_person(version.person(i).key) == i);
    RC_ASSERT(version.person(i).lead < version.lead_count());
  }
  const std::string again = encode_snapshot(version);
  const auto twice = decode_snapshot(again);
  RC_ASSERT(twice.has_value());
  RC_ASSERT(encode_snapshot(*twice) == again);
}

// And goes on from it.
void go_on(Version version) {
  if (version.playbook() == nullptr) return;
  Workspace workspace(std::move(version));
  const Time now = workspace.now().log_time();
  for (int device = 0; device < 6; ++device) {
    for (const Input& input :
         {Input(track(fmt::format(R"("anonymousId":"a{0}","userId":"u{0}")", device), "Own 1")),
          Input(identify_as(fmt::format(R"("anonymousId":"a{0}","userId":"new{0}")", device),
                            R"("email":"p1@x.example")"))}) {
      const auto changes = decide(workspace.now(), input, now);
      RC_ASSERT(changes.has_value());
      workspace.apply(*changes);
    }
  }
  dump(workspace);
}

// An Error, or a version that is sound.
void expect_error_or_sound(const std::string& bytes) {
  auto version = decode_snapshot(bytes);
  if (!version) {
    RC_ASSERT(version.error().code == ErrorCode::internal);
    return;
  }
  use(*version);
  go_on(std::move(*version));
}

TEST(Snapshot, of_an_empty_workspace_comes_back) {
  const std::string bytes = dump(Workspace());
  const auto version = decode_snapshot(bytes);
  ASSERT_TRUE(version.has_value());
  EXPECT_EQ(version->playbook(), nullptr);
  EXPECT_EQ(encode_snapshot(*version), bytes);
}

TEST(Snapshot, cut_anywhere_is_an_error) {
  Workspace workspace;
  const auto take = [&](const Input& input) {
    const auto changes = decide(workspace.now(), input, kTestTime);
    ASSERT_TRUE(changes.has_value());
    workspace.apply(*changes);
  };
  Playbook playbook = standard_playbook();
  playbook.rules.resize(1);
  take(playbook_input(playbook));
  take(track(R"("anonymousId":"phone","messageId":"m1")", "Own"));
  take(identify_as(R"("userId":"ann","anonymousId":"phone")", R"("title":"CEO","employees":20)"));
  take(AdjustmentInput{0, Points::whole(-3), "call", "user 1", "key"});
  const std::string bytes = dump(workspace);
  ASSERT_TRUE(decode_snapshot(bytes).has_value());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto version = decode_snapshot(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(version.has_value()) << size;
    ASSERT_EQ(version.error().code, ErrorCode::internal) << size;
  }
  EXPECT_FALSE(decode_snapshot(bytes + '\0').has_value());
}

RC_GTEST_PROP(SnapshotProperty, what_was_written_is_read, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(0, 150));
  const std::string bytes = dump(history.workspace);
  const auto version = decode_snapshot(bytes);
  RC_ASSERT(version.has_value());
  RC_ASSERT(encode_snapshot(*version) == bytes);
  use(*version);
  for (std::size_t at = 0; at < history.inputs.size(); ++at) {
    const std::string identity = identity_of(history.inputs[at]);
    if (!identity.empty()) RC_ASSERT(version->find_taken_in(identity) == at + 1);
  }
}

// One byte or several, changed, put in, left out or exchanged; mostly behind the playbook.
RC_GTEST_PROP(SnapshotProperty, damage_is_an_error_or_a_sound_version, ()) {
  RandomHistory history;
  history.take_some(*rc::gen::inRange(0, 60));
  const std::string bytes = dump(history.workspace);
  const std::size_t records = bytes.rfind("[[lifecycle.stage]]");
  for (int round = 0; round < 60; ++round) {
    std::string damaged = bytes;
    for (int more = *rc::gen::element(1, 1, 1, 2, 5); more > 0 && !damaged.empty(); --more) {
      const auto begin = *rc::gen::inRange(0, 8) == 0 ? 0 : std::min(records, damaged.size() - 1);
      const auto at = *rc::gen::inRange<std::size_t>(begin, damaged.size());
      const auto byte = *rc::gen::element<char>(0, 1, 2, '\x7f', '\x80', '\xff',
                                                static_cast<char>(*rc::gen::inRange(0, 256)));
      switch (*rc::gen::inRange(0, 8)) {
        case 0:
          damaged.insert(at, 1, byte);
          break;
        case 1:
          damaged.erase(at, 1);
          break;
        case 2:
          damaged.resize(at);
          break;
        case 3:
          damaged.insert(at, 9, '\xff');  // a number of almost 64 bits
          break;
        default:
          damaged[at] = byte;
      }
    }
    expect_error_or_sound(damaged);
  }
}

// --- one fault at a time ---

// Three persons in two leads, of which one has become part of the other; each number can be
// changed.
struct Crafted {
  std::uint64_t lists = lists_fingerprint();
  std::uint64_t format = 7, reader = 3, position = 9, rescore = 0, playbook_version = 2;
  std::int64_t log_time = 1'000'000;
  std::string toml = [] {
    Playbook playbook = standard_playbook();
    playbook.segments = {{"now", "unsubscribed"}};
    playbook.event_properties = {"plan", "amount"};
    return write_playbook(playbook);
  }();
  std::uint64_t segment_name_count = 2;
  std::string segment_name = "now";
  std::string secret = std::string(32, 's');
  std::uint64_t suppressed_count = 2, lifted = 1, erasure_count = 2, erased_1 = 4, erased_2 = 9;
  char suppressed_1 = 'a', suppressed_2 = 'b';
  std::uint64_t value_count = 2, text_kind = 0, number_kind = 1, telling_count = 3, plan_count = 0;
  std::string told_text = "pro";
  double told_number = 99.5;
  std::uint64_t told_at = 3, code_1 = 0, later = 2, code_2 = 1, last = 4, code_3 = 0;
  std::uint64_t name_count = 1, person_count = 3, lead_count = 2, identity_count = 2;
  std::uint64_t key_kind = 2, lead_of_first = 1, shared_since = 9;
  std::string last_key = "c";
  std::uint64_t nobody = 0, began = 1;
  std::uint64_t sighting_count = 1, seen_at = 4, sighting_kind = 0, seen = 3, other_seen = 4;
  std::uint64_t fact_count = 1, field = 11, source = 3, fact_position = 9, fact_implied = 1;
  std::uint64_t told_of_count = 2, account_kind = 1, telling_position = 2;
  std::string account_2 = "globex";
  std::uint64_t event_count = 2, kind = 64, counted = 1, position_1 = 3, position_2 = 9;
  std::int64_t at = 500, known_after = 20, value = 5;
  std::uint64_t persons_of_second = 3, first_person = 0, last_person = 2;
  std::uint64_t stage_count = 1, model = 2, stage_position = 1;
  std::uint64_t first_into = 2, second_into = 0;
  std::uint64_t taken_1 = 2, taken_2 = 9;
  // The second lead went out of the segment "before" and is in "now"; the first went out of it.
  std::uint64_t in_count = 1, in_position = 5, in_segment = 1, is_in = 1, first_entered = 0;
  std::uint64_t change_count = 2, left_position = 4, left_segment = 0, left_entered = 0;

  static void write_change(ByteWriter& out, std::uint64_t position, std::uint64_t segment,
                           std::uint64_t entered) {
    out.signed_number(500);
    out.number(position);
    out.number(segment);
    out.number(entered);
  }
  void write_segments(ByteWriter& out, bool first) const {
    if (first) {
      out.number(first_entered);
      if (first_entered == 1) write_change(out, 5, 1, 1);
      out.number(1);
      return write_change(out, 5, 1, first_entered);
    }
    out.number(in_count);
    write_change(out, in_position, in_segment, is_in);
    out.number(change_count);
    write_change(out, left_position, left_segment, left_entered);
    write_change(out, in_position, in_segment, is_in);
  }

  void write_event(ByteWriter& out, std::uint64_t at_position) const {
    out.signed_number(at);
    out.signed_number(known_after);
    out.number(at_position);
    out.number(kind);
    out.number(counted);
    out.number(0);
    out.signed_number(value);
  }
  void write_fact(ByteWriter& out, std::uint64_t known_since) const {
    out.number(source);
    out.signed_number(at);
    out.signed_number(at);
    out.number(known_since);
    out.text("Berlin");
    out.number(fact_implied);
  }
  void write_told_of(ByteWriter& out) const {
    for (const std::string_view text : {"acme", "globex"}) {
      out.number(account_kind);
      out.text(text == "globex" ? account_2 : text);
      out.number(1);
      out.number(7);  // employees
      write_fact(out, telling_position);
    }
  }
  void write_persons(ByteWriter& out) const {
    out.number(person_count);
    for (int i = 0; i < 3; ++i) {
      out.number(i == 0 ? key_kind : 2);
      out.text(i == 0 ? "a" : i == 1 ? "b" : last_key);
      out.number(i == 0 ? lead_of_first : 1);
      out.number(i == 0 ? shared_since : 0);
      out.number(i == 0 ? nobody : 0);
      out.number(i == 0 ? began : 0);
      out.number(i == 0 ? fact_count : 0);
      if (i == 0) {
        out.number(field);
        write_fact(out, fact_position);
      }
      out.number(i == 0 ? told_of_count : 0);
      if (i == 0) write_told_of(out);
      out.number(i == 0 ? event_count : 0);
      if (i == 0) {
        write_event(out, position_1);
        write_event(out, position_2);
      }
    }
  }
  void write_suppressions(ByteWriter& out) const {
    out.text(secret);
    out.number(suppressed_count);
    for (const char first : {suppressed_1, suppressed_2}) {
      const std::string print(16, first);
      out.fixed(print.data(), print.size());
      out.number(lifted);
      out.signed_number(at);
    }
    out.number(erasure_count);
    for (const std::uint64_t erased : {erased_1, erased_2}) {
      out.number(erased);
      out.number(0);
      out.signed_number(at);
    }
  }
  // Amounts: "pro" twice and a number, of three events; plans: nothing.
  void write_properties(ByteWriter& out) const {
    out.number(value_count);
    out.number(text_kind);
    out.text(told_text);
    out.number(number_kind);
    out.fixed(&told_number, sizeof(told_number));
    out.number(telling_count);
    for (const std::uint64_t number : {told_at, code_1, later, code_2, last, code_3}) {
      out.number(number);
    }
    out.number(plan_count);
    out.number(0);
  }
  // The first person remembers it, the second does not.
  void write_sightings(ByteWriter& out) const {
    out.number(sighting_count);
    for (const std::uint64_t number :
         {seen_at, sighting_kind, seen, std::uint64_t{0}, other_seen}) {
      out.number(number);
    }
    out.number(0);
  }
  void write_leads(ByteWriter& out) const {
    out.number(lead_count);
    for (int i = 0; i < 2; ++i) {
      out.number(i == 0 ? 1 : persons_of_second);
      if (i == 1) {
        out.number(1);
        out.number(last_person);
      }
      out.number(i == 0 ? 0 : first_person);
      out.number(stage_count);
      out.text("known");
      out.signed_number(at);
      out.signed_number(7);
      out.number(model);
      out.number(stage_position);
      out.number(i == 0 ? first_into : second_into);
      out.signed_number(at);
      write_segments(out, i == 0);
    }
  }
  std::string bytes() const {
    ByteWriter out;
    for (const std::uint64_t number : {format, reader, lists, position}) out.number(number);
    out.signed_number(log_time);
    out.number(rescore);
    out.number(playbook_version);
    out.text(toml);
    out.number(segment_name_count);
    out.text("before");
    out.text(segment_name);
    out.number(name_count);
    out.text("Own");
    write_suppressions(out);
    write_properties(out);
    write_sightings(out);
    write_persons(out);
    write_leads(out);
    out.number(identity_count);
    for (const std::uint64_t taken : {taken_1, taken_2}) {
      out.fixed("0123456789abcdef", 16);
      out.number(taken);
    }
    return out.take();
  }
};

using Fault = std::function<void(Crafted&)>;

void expect_refused(const Fault& fault, int number) {
  Crafted crafted;
  fault(crafted);
  const auto version = decode_snapshot(crafted.bytes());
  ASSERT_FALSE(version.has_value()) << "fault " << number;
  EXPECT_EQ(version.error().code, ErrorCode::internal);
}

TEST(Snapshot, without_a_fault_is_read) {
  const std::string bytes = Crafted().bytes();
  const auto version = decode_snapshot(bytes);
  ASSERT_TRUE(version.has_value());
  EXPECT_EQ(encode_snapshot(*version), bytes);
  EXPECT_EQ(survivor(*version, 0), 1u);
  EXPECT_EQ(version->members_of(0), 0u);
  EXPECT_EQ(version->members_of(1), 1u);
}

TEST(Snapshot, a_head_out_of_bounds_is_refused) {
  const Fault faults[] = {
      [](Crafted& it) { it.format = 1; },
      [](Crafted& it) { it.format = 2; },
      [](Crafted& it) { it.format = 3; },
      [](Crafted& it) { it.format = 4; },
      [](Crafted& it) { it.format = 5; },
      [](Crafted& it) { it.format = 6; },
      [](Crafted& it) { it.format = 8; },
      [](Crafted& it) { it.reader = 1; },
      [](Crafted& it) { it.reader = 2; },
      [](Crafted& it) { it.reader = 4; },
      [](Crafted& it) { ++it.lists; },
      [](Crafted& it) { it.position = 8; },  // records are of 9
      [](Crafted& it) { it.position = 1ull << 32; },
      [](Crafted& it) { it.log_time = -1; },
      [](Crafted& it) { it.log_time = INT64_MAX; },
      [](Crafted& it) { it.rescore = 3; },
      [](Crafted& it) { it.rescore = (1ull << 32) + 1; },
      [](Crafted& it) { it.playbook_version = 0; },
      [](Crafted& it) { it.playbook_version = 1; },  // promises were made under 2
      [](Crafted& it) { it.playbook_version = (1ull << 32) + 2; },
      [](Crafted& it) { it.toml = ""; },
      [](Crafted& it) { it.toml = "[[["; },
      [](Crafted& it) { it.name_count = 0; },
      [](Crafted& it) { it.name_count = UINT64_MAX; },
      [](Crafted& it) { it.identity_count = 1ull << 40; },
      [](Crafted& it) { it.identity_count = 1; },
      [](Crafted& it) { it.taken_2 = 2; },
      [](Crafted& it) { it.taken_1 = 0; },
      [](Crafted& it) { it.taken_2 = 10; },
  };
  for (int number = 0; const Fault& fault : faults) expect_refused(fault, number++);
}

TEST(Snapshot, a_person_out_of_bounds_is_refused) {
  const Fault faults[] = {
      [](Crafted& it) { it.key_kind = 4; },
      [](Crafted& it) { it.key_kind = 256; },
      [](Crafted& it) { it.lead_of_first = 0; },  // its lead has gone into the other
      [](Crafted& it) { it.lead_of_first = 2; },
      [](Crafted& it) { it.lead_of_first = (1ull << 32) + 1; },
      [](Crafted& it) { it.shared_since = 10; },
      [](Crafted& it) { it.last_key = "b"; },
      [](Crafted& it) { it.person_count = 2; },
      [](Crafted& it) { it.person_count = UINT64_MAX; },
      [](Crafted& it) { it.fact_count = 1ull << 50; },
      [](Crafted& it) { it.field = kFieldCount; },
      [](Crafted& it) { it.source = 4; },
      [](Crafted& it) { it.fact_position = 0; },
      [](Crafted& it) { it.fact_position = 10; },
      [](Crafted& it) { it.fact_implied = 2; },
      [](Crafted& it) { it.told_of_count = 1; },
      [](Crafted& it) { it.told_of_count = 1ull << 40; },
      [](Crafted& it) { it.account_kind = 2; },
      [](Crafted& it) { it.account_2 = ""; },
      [](Crafted& it) { it.account_2 = "acme"; },
      [](Crafted& it) { it.telling_position = 10; },
      [](Crafted& it) { it.event_count = 1ull << 50; },
      [](Crafted& it) { it.kind = 65; },
      [](Crafted& it) { it.kind = 65'536 + 64; },
      [](Crafted& it) { it.counted = 4; },
      [](Crafted& it) { it.nobody = 2; },
      [](Crafted& it) { it.began = 3; },  // there are two leads
      [](Crafted& it) { it.position_1 = 0; },
      [](Crafted& it) { it.position_2 = 3; },
      [](Crafted& it) { it.position_2 = 10; },
      [](Crafted& it) { it.at = -1; },
      [](Crafted& it) { it.at = INT64_MAX; },
      [](Crafted& it) { it.known_after = -1; },
      [](Crafted& it) { it.known_after = INT64_MAX; },
      [](Crafted& it) { it.value = INT64_MIN; },
      [](Crafted& it) { it.value = AdjustmentInput::kPointsMax.micro + 1; },
  };
  for (int number = 0; const Fault& fault : faults) expect_refused(fault, number++);
}

TEST(Snapshot, erasures_that_cannot_be_are_refused) {
  const Fault faults[] = {
      [](Crafted& it) { it.secret = ""; },  // of what is suppressed under it
      [](Crafted& it) { it.secret = "short"; },
      [](Crafted& it) { it.suppressed_count = 1ull << 50; },
      [](Crafted& it) { it.suppressed_2 = 'a'; },  // twice
      [](Crafted& it) { it.lifted = 2; },
      [](Crafted& it) { it.erased_1 = 0; },
      [](Crafted& it) { it.erased_2 = 4; },
      [](Crafted& it) { it.erased_2 = 10; },
      [](Crafted& it) { it.last_key = ""; },  // but not erased
      [](Crafted& it) { it.nobody = 2; },  // erased, but has a key
      [](Crafted& it) { it.nobody = 4; },
  };
  for (int number = 0; const Fault& fault : faults) expect_refused(fault, number++);
}

TEST(Snapshot, a_property_out_of_bounds_is_refused) {
  const Fault faults[] = {
      [](Crafted& it) { it.value_count = 1; },
      [](Crafted& it) { it.value_count = 3; },
      [](Crafted& it) { it.value_count = 1ull << 50; },
      [](Crafted& it) { it.text_kind = 3; },
      [](Crafted& it) { it.text_kind = 1; },
      [](Crafted& it) { it.told_text = ""; },
      [](Crafted& it) { it.told_text = std::string(201, 'x'); },
      [](Crafted& it) { it.number_kind = 0; },
      [](Crafted& it) { it.told_number = -0.0; },
      [](Crafted& it) { it.told_number = std::numeric_limits<double>::infinity(); },
      [](Crafted& it) { it.told_number = std::numeric_limits<double>::quiet_NaN(); },
      [](Crafted& it) { it.telling_count = 0; },
      [](Crafted& it) { it.telling_count = 1ull << 50; },
      [](Crafted& it) { it.told_at = 0; },
      [](Crafted& it) { it.later = 0; },
      [](Crafted& it) { it.last = 5; },  // beyond the log
      [](Crafted& it) { it.last = 1ull << 32; },
      [](Crafted& it) { it.code_1 = 1; },  // values stand in the order in which they came
      [](Crafted& it) { it.code_2 = 0; },  // a value that nobody told
      [](Crafted& it) { it.code_3 = 2; },
      [](Crafted& it) { it.plan_count = 1; },
      [](Crafted& it) {  // the playbook asks for one more
        it.toml.replace(it.toml.find("[\"plan\""), 7, "[\"area\", \"plan\"");
      },
  };
  for (int number = 0; const Fault& fault : faults) expect_refused(fault, number++);
}

TEST(Snapshot, what_events_told_is_found_by_position) {
  const auto version = decode_snapshot(Crafted().bytes());
  ASSERT_TRUE(version.has_value());
  const auto columns = version->properties();
  ASSERT_EQ(columns.size(), 2u);
  EXPECT_EQ(*columns[0]->at(3), PropertyValue("pro"));
  EXPECT_EQ(*columns[0]->at(5), PropertyValue(99.5));
  EXPECT_EQ(*columns[0]->at(9), PropertyValue("pro"));
  EXPECT_EQ(columns[0]->at(4), nullptr);
  EXPECT_EQ(columns[0]->at(64), nullptr);
  EXPECT_EQ(columns[1]->at(3), nullptr);
}

TEST(Snapshot, a_sighting_out_of_bounds_is_refused) {
  const Fault faults[] = {
      [](Crafted& it) { it.sighting_count = 0; },
      [](Crafted& it) { it.sighting_count = 1ull << 50; },
      [](Crafted& it) { it.seen_at = 0; },
      [](Crafted& it) { it.seen_at = 10; },
      [](Crafted& it) { it.sighting_kind = 4; },
      [](Crafted& it) { it.seen = 1; },
      [](Crafted& it) { it.other_seen = 8; },  // there are three persons
      [](Crafted& it) { it.other_seen = UINT64_MAX; },
  };
  for (int number = 0; const Fault& fault : faults) expect_refused(fault, number++);
}

TEST(Snapshot, a_lead_out_of_bounds_is_refused) {
  const Fault faults[] = {
      [](Crafted& it) { it.lead_count = 1; },
      [](Crafted& it) { it.lead_count = UINT64_MAX; },
      [](Crafted& it) { it.persons_of_second = 0; },
      [](Crafted& it) { it.persons_of_second = 1ull << 50; },
      [](Crafted& it) { it.last_person = 1; },  // twice, and the third in no lead
      [](Crafted& it) { it.last_person = 3; },
      [](Crafted& it) { it.last_person = UINT64_MAX; },
      [](Crafted& it) { it.stage_count = 0; },
      [](Crafted& it) { it.stage_count = 1ull << 50; },
      [](Crafted& it) { it.model = 3; },
      [](Crafted& it) { it.stage_position = 0; },
      [](Crafted& it) { it.stage_position = 10; },
      [](Crafted& it) { it.first_into = 0; },
      [](Crafted& it) { it.first_into = 1; },  // itself
      [](Crafted& it) { it.first_into = 3; },
      [](Crafted& it) { it.second_into = 1; },  // each into the other
      [](Crafted& it) { it.second_into = 2; },
  };
  for (int number = 0; const Fault& fault : faults) expect_refused(fault, number++);
}

TEST(Snapshot, a_segment_out_of_bounds_is_refused) {
  const Fault faults[] = {
      [](Crafted& it) { it.segment_name_count = UINT64_MAX; },
      [](Crafted& it) { it.segment_name = "another"; },  // and none for the playbook's own
      [](Crafted& it) { it.in_count = 0; },
      [](Crafted& it) { it.in_count = 1ull << 50; },
      [](Crafted& it) { it.in_count = 2; },
      [](Crafted& it) { it.in_segment = 2; },
      [](Crafted& it) { it.in_segment = 65'537; },
      [](Crafted& it) { it.in_position = 10; },
      [](Crafted& it) { it.is_in = 0; },
      [](Crafted& it) { it.is_in = 2; },
      [](Crafted& it) { it.change_count = 1ull << 50; },
      [](Crafted& it) { it.left_position = 0; },
      [](Crafted& it) { it.left_position = 6; },  // they are in log order
      [](Crafted& it) { it.left_segment = 2; },
      [](Crafted& it) { it.left_entered = 1; },   // but it is not in it
      [](Crafted& it) { it.first_entered = 1; },  // a lead that is part of another
  };
  for (int number = 0; const Fault& fault : faults) expect_refused(fault, number++);
}

TEST(Snapshot, every_number_has_one_spelling) {
  const auto failed = [](std::string_view bytes) {
    ByteReader in(bytes);
    in.number();
    return in.failed();
  };
  EXPECT_FALSE(failed(std::string_view("\0", 1)));
  EXPECT_TRUE(failed(std::string_view("\x80\0", 2)));
  EXPECT_TRUE(failed("\x80"));
  EXPECT_FALSE(failed("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
  EXPECT_TRUE(failed("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"));
  EXPECT_TRUE(failed("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x01"));
}

RC_GTEST_PROP(SnapshotProperty, numbers_come_back, (std::uint64_t number, std::int64_t with_sign)) {
  ByteWriter out;
  for (int shift = 0; shift < 64; shift += 9) {
    out.number(number >> shift);
    out.signed_number(with_sign >> shift);
  }
  const std::string bytes = out.take();
  ByteReader in(bytes);
  for (int shift = 0; shift < 64; shift += 9) {
    RC_ASSERT(in.number() == number >> shift);
    RC_ASSERT(in.signed_number() == with_sign >> shift);
  }
  RC_ASSERT(in.at_end() && !in.failed());
}

}  // namespace
}  // namespace galena::workspace
