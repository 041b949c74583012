#include "workspace/footprint.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include "domain/decide.hpp"
#include "workspace/random_history.hpp"

namespace galena::workspace {
namespace {

using namespace domain;

void take(Workspace& workspace, const Input& input) {
  auto changes = decide(workspace.now(), input, kTestTime);
  ASSERT_TRUE(changes.has_value());
  workspace.apply(*changes);
}

Workspace with_leads(int leads, int events) {
  Workspace workspace;
  take(workspace, playbook_input(standard_playbook()));
  for (int i = 0; i < leads; ++i) {
    const std::string user = fmt::format(R"("userId":"user-{:05}")", i);
    take(workspace, identify_as(user,
                                fmt::format(R"("email":"p{:05}@company-{:05}.example","title":"VP)"
                                            R"( Engineering of everything","country":"DE")",
                                            i, i),
                                Source::server));
    for (int k = 0; k < events; ++k) take(workspace, track(user, "Demo Requested"));
  }
  workspace.publish();
  return workspace;
}

TEST(Footprint, of_nothing_is_nothing) {
  const Footprint footprint = footprint_of(Workspace().now());
  EXPECT_EQ(footprint.events, 0u);
  EXPECT_EQ(footprint.records_bytes, 0u);
}

TEST(Footprint, counts_each_event_and_grows_with_what_there_is) {
  const Footprint few = footprint_of(with_leads(10, 3).now());
  const Footprint many = footprint_of(with_leads(10, 300).now());
  EXPECT_EQ(few.events, 10u * 4);
  EXPECT_EQ(many.events, 10u * 301);
  EXPECT_GE(many.records_bytes, few.records_bytes + 10u * 297 * sizeof(Event));
}

// Measured are 2,000 of each kind.
TEST(Footprint, of_alike_leads_is_the_same_for_each) {
  const Footprint some = footprint_of(with_leads(1'000, 2).now());
  const Footprint more = footprint_of(with_leads(10'000, 2).now());
  EXPECT_NEAR(double(more.records_bytes), 10.0 * double(some.records_bytes),
              0.5 * double(some.records_bytes));
}

// Not to the byte: of what the allocator gave since, most is accounted for, and no more than that.
TEST(Footprint, is_near_what_the_allocator_says) {
  if (mallinfo2().uordblks == 0) GTEST_SKIP() << "another allocator";
  const auto before = mallinfo2().uordblks + mallinfo2().hblkhd;
  const Workspace workspace = with_leads(5'000, 20);
  const double taken = double(mallinfo2().uordblks + mallinfo2().hblkhd - before);
  const double said = double(footprint_of(workspace.now()).records_bytes);
  EXPECT_GE(said, 0.7 * taken);
  EXPECT_LE(said, 1.1 * taken);
}

}  // namespace
}  // namespace galena::workspace
