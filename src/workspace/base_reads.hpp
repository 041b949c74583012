// What a version had to read from its base. Kept for as long as the version lives, so that what it
// gave references to stays; a copy of the version begins without. Safe to use from any thread.
#pragma once

#include <mutex>
#include <unordered_map>
#include <vector>

#include "domain/lead.hpp"

namespace galena::workspace {

class BaseReads {
 public:
  BaseReads() = default;
  BaseReads(const BaseReads&) {}
  BaseReads& operator=(const BaseReads&) {
    forget();
    return *this;
  }

  template <class Read>
  const domain::Person& person(domain::PersonOrdinal ordinal, Read read) const {
    return find(persons_, ordinal, read);
  }
  template <class Read>
  const domain::Lead& lead(domain::LeadOrdinal ordinal, Read read) const {
    return find(leads_, ordinal, read);
  }

  // The next who asks for the lead reads it again; references to what was read stay.
  void renew_lead(domain::LeadOrdinal ordinal) {
    const std::lock_guard lock(mutex_);
    if (auto known = leads_.extract(ordinal)) renewed_.push_back(std::move(known.mapped()));
  }

  // Nobody may have a reference to any of them any more.
  void forget() {
    const std::lock_guard lock(mutex_);
    persons_.clear();
    leads_.clear();
    renewed_.clear();
  }

 private:
  template <class Record>
  using Records = std::unordered_map<std::uint32_t, std::shared_ptr<const Record>>;

  // Read without the lock: reading a lead asks for its persons. Of two who read the same at once
  // one is kept.
  template <class Record, class Read>
  const Record& find(Records<Record>& records, std::uint32_t ordinal, Read read) const {
    {
      const std::lock_guard lock(mutex_);
      const auto found = records.find(ordinal);
      if (found != records.end()) return *found->second;
    }
    std::shared_ptr<const Record> record = read();
    const std::lock_guard lock(mutex_);
    return *records.try_emplace(ordinal, std::move(record)).first->second;
  }

  mutable std::mutex mutex_;
  mutable Records<domain::Person> persons_;
  mutable Records<domain::Lead> leads_;
  std::vector<domain::LeadPtr> renewed_;
};

}  // namespace galena::workspace
