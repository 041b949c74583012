#include "workspace/lead_table.hpp"

#include <algorithm>

#include "domain/decide.hpp"
#include "workspace/column_score.hpp"

namespace galena::workspace {

using namespace domain;

bool LeadTable::is_fresh(const Version& version, Time now) const {
  return version_ != nullptr && version_->last_position() >= version.last_position() &&
         to_ms(now) < scores_until_;
}

LeadTable::Look LeadTable::look(const VersionPtr& version, Time now) {
  Look look;
  {
    const std::lock_guard turn(turn_);
    look.lock_ = std::shared_lock(mutex_);
    if (!is_fresh(*version, now)) {
      look.lock_.unlock();
      follow_alone(version, now);
      look.lock_.lock();
    }
  }
  look.version_ = std::make_shared<const Version>(*version_);
  look.columns_ = columns_.get();
  look.now_ = std::max(now, scores_at_);
  return look;
}

std::optional<LeadTable::Look> LeadTable::look_if_any(const VersionPtr& version, Time now) {
  {
    const std::shared_lock lock(mutex_);
    if (columns_ == nullptr) return std::nullopt;
  }
  return look(version, now);
}

void LeadTable::follow(const VersionPtr& version, Time now) {
  const std::lock_guard turn(turn_);
  follow_alone(version, now);
}

// Whose turn it is: nobody else changes it, but some may still look.
void LeadTable::follow_alone(const VersionPtr& version, Time now) {
  const std::unique_lock lock(mutex_);
  if (columns_ == nullptr) columns_ = std::make_unique<LeadColumns>();
  if (version_ == nullptr || version->last_position() >= version_->last_position()) {
    const Version own(*version);
    if (followed_ != version) columns_->follow(own, version_.get());
    followed_ = version;
    version_ = std::make_shared<const Version>(own);
  }
  scores_at_ = std::max({now, scores_at_, version_->log_time()});
  refresh_scores(scores_at_);
}

// Where they have faded since, or a playbook came. A few are taken from the records; for many the
// model is laid out over the columns.
void LeadTable::refresh_scores(Time now) {
  constexpr std::uint64_t kFew = 2000;
  LeadColumns& columns = *columns_;
  const std::int64_t now_ms = to_ms(now);
  RowSet stale;
  std::uint64_t count = 0;
  scores_until_ = std::numeric_limits<std::int64_t>::max();
  for (std::uint32_t row = 0; row < columns.rows(); ++row) {
    if ((columns.flags[row] & kListed) == 0) continue;
    if (columns.scores.valid_until[row] > now_ms) {
      scores_until_ = std::min(scores_until_, columns.scores.valid_until[row]);
      continue;
    }
    stale.set(row, true);
    ++count;
  }
  if (count == 0 || version_->playbook() == nullptr) return;
  if (count <= kFew) {
    refresh_few(stale, now);
  } else {
    const ColumnSubject subject{columns, columns.scores, columns.segments,
                                PropertyView(version_->properties()), now};
    score_blocks(ColumnScorer(version_->playbook()->model, subject), stale, columns.blocks(),
                 columns.scores);
  }
  for (std::uint32_t block = 0; block < columns.blocks(); ++block) {
    each_row(stale.block(block), [&](std::uint32_t row) {
      scores_until_ = std::min(scores_until_, columns.scores.valid_until[block * kBlockRows + row]);
    });
  }
}

void LeadTable::begin(const VersionPtr& version, std::unique_ptr<LeadColumns> columns) {
  const std::lock_guard turn(turn_);
  const std::unique_lock lock(mutex_);
  GALENA_ASSERT(columns->rows() == version->lead_count());
  followed_ = version;
  version_ = std::make_shared<const Version>(*version);
  columns_ = std::move(columns);
  scores_until_ = 0;
}

void LeadTable::refresh_few(const RowSet& stale, Time now) {
  for (std::uint32_t block = 0; block < columns_->blocks(); ++block) {
    each_row(stale.block(block), [&](std::uint32_t row) {
      const LeadOrdinal lead = block * kBlockRows + row;
      const Standing standing = standing_of(*version_, version_->lead(lead), now);
      columns_->scores.fit[lead] = standing.fit.micro;
      columns_->scores.interest[lead] = standing.interest.micro;
      columns_->scores.valid_until[lead] = to_ms(standing.valid_until);
    });
  }
}

void LeadTable::forget() {
  const std::lock_guard turn(turn_);
  const std::unique_lock lock(mutex_);
  if (version_ == nullptr) return;
  followed_ = nullptr;
  version_ = nullptr;
  scores_at_ = {};
  columns_ = nullptr;
  scores_until_ = 0;
}

std::size_t LeadTable::memory() const {
  const std::shared_lock lock(mutex_);
  return columns_ == nullptr ? 0 : columns_->memory();
}

}  // namespace galena::workspace
