#include "crash_disk.hpp"

#include <algorithm>

namespace galena::store {
namespace {

constexpr std::size_t kSectorBytes = 512;

void put(std::string& content, const CrashDisk::Operation& operation) {
  const auto offset = static_cast<std::size_t>(operation.offset);
  if (operation.is_truncation) {
    content.resize(offset);
    return;
  }
  content.resize(std::max(content.size(), offset + operation.bytes.size()));
  content.replace(offset, operation.bytes.size(), operation.bytes);
}

bool toss(std::mt19937& random) {
  return (random() & 1) != 0;
}

// Some sectors of the write get to the disk, some do not.
void put_torn(std::string& content, const CrashDisk::Operation& operation, std::mt19937& random) {
  if (operation.is_truncation) {
    if (toss(random)) put(content, operation);
    return;
  }
  for (std::size_t at = 0; at < operation.bytes.size();) {
    const auto offset = static_cast<std::size_t>(operation.offset) + at;
    const std::size_t size =
        std::min(kSectorBytes - offset % kSectorBytes, operation.bytes.size() - at);
    if (toss(random)) {
      put(content,
          {.offset = static_cast<std::int64_t>(offset), .bytes = operation.bytes.substr(at, size)});
    }
    at += size;
  }
}

void settle(CrashDisk::Inode& inode, Survivors survivors, std::mt19937& random) {
  const std::size_t kept = random() % (inode.pending.size() + 1);
  for (std::size_t i = 0; i < inode.pending.size(); ++i) {
    const bool whole = survivors == Survivors::all ||
                       (survivors == Survivors::prefix && i < kept) ||
                       (survivors == Survivors::random && toss(random));
    if (whole) put(inode.durable, inode.pending[i]);
    if (survivors == Survivors::torn) put_torn(inode.durable, inode.pending[i], random);
  }
  inode.current = inode.durable;
  inode.pending.clear();
}

}  // namespace

void CrashDisk::inject(Fault fault, std::uint64_t nth) {
  const std::scoped_lock lock(mutex);
  fault_ = fault;
  fault_at_ = count(fault) + nth;
  fault_was_hit_ = false;
}

std::vector<std::string> CrashDisk::contents() {
  const std::scoped_lock lock(mutex);
  std::vector<std::string> all;
  for (const Names* names : {&names_, &durable_names_}) {
    for (const auto& [name, inode] : *names) {
      all.push_back(inode->current);
      if (inode->durable != inode->current) all.push_back(inode->durable);
    }
  }
  return all;
}

bool CrashDisk::hits(Fault fault) {
  const std::uint64_t number = ++counts_[static_cast<std::size_t>(fault)];
  if (fault != fault_ || number != fault_at_) return false;
  fault_was_hit_ = true;
  return true;
}

void CrashDisk::settle_names(Survivors survivors, std::mt19937& random) {
  Names settled = durable_names_;
  const auto survives = [&] {
    return survivors == Survivors::all || (survivors != Survivors::none && toss(random));
  };
  for (const auto& [name, inode] : names_) {
    if (!durable_names_.contains(name) && survives()) settled[name] = inode;
  }
  for (const auto& [name, inode] : durable_names_) {
    const auto now = names_.find(name);
    if (now == names_.end() && survives()) settled.erase(name);
    if (now != names_.end() && now->second != inode && survives()) settled[name] = now->second;
  }
  names_ = durable_names_ = settled;
}

void CrashDisk::reboot(Survivors survivors, std::uint64_t seed) {
  const std::scoped_lock lock(mutex);
  std::mt19937 random(seed);
  settle_names(survivors, random);
  for (auto& [name, inode] : names_) {
    settle(*inode, survivors, random);
    // Locks and shared memory were the program's.
    auto fresh = std::make_shared<Inode>();
    fresh->durable = fresh->current = inode->durable;
    durable_names_[name] = inode = fresh;
  }
  is_dead_ = false;
  fault_at_ = 0;
}

std::uint64_t CrashDisk::syncs_of(std::string_view name_end) {
  const std::scoped_lock lock(mutex);
  std::uint64_t sum = 0;
  for (const auto& [name, inode] : names_) {
    if (name.ends_with(name_end)) sum += inode->syncs;
  }
  return sum;
}

std::size_t CrashDisk::unsynced_of(std::string_view name_end) {
  const std::scoped_lock lock(mutex);
  std::size_t sum = 0;
  for (const auto& [name, inode] : names_) {
    if (name.ends_with(name_end)) sum += inode->pending.size();
  }
  return sum;
}

CrashDisk::InodePtr CrashDisk::find(const std::string& name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : found->second;
}

CrashDisk::InodePtr CrashDisk::find_or_make(const std::string& name) {
  InodePtr& inode = names_[name];
  if (!inode) inode = std::make_shared<Inode>();
  return inode;
}

void CrashDisk::remove(const std::string& name, bool sync_names) {
  names_.erase(name);
  if (sync_names) durable_names_ = names_;
}

Outcome CrashDisk::change(Inode& inode, Operation operation) {
  if (is_dead_) return Outcome::dead;
  is_dead_ = hits(Fault::crash);
  // The one in the middle of which the power went is as unsure as the ones before it.
  put(inode.current, operation);
  inode.pending.push_back(std::move(operation));
  return is_dead_ ? Outcome::dead : Outcome::done;
}

Outcome CrashDisk::write(Inode& inode, std::int64_t offset, std::string_view bytes) {
  if (!hits(Fault::full)) return change(inode, {.offset = offset, .bytes = std::string(bytes)});
  // There was room for a part of it.
  change(inode, {.offset = offset, .bytes = std::string(bytes.substr(0, bytes.size() / 2))});
  return Outcome::full;
}

Outcome CrashDisk::truncate(Inode& inode, std::int64_t size) {
  return change(inode, {.offset = size, .bytes = {}, .is_truncation = true});
}

Outcome CrashDisk::sync(Inode& inode, bool sync_names) {
  if (is_dead_) return Outcome::dead;
  is_dead_ = hits(Fault::crash);
  if (is_dead_) return Outcome::dead;
  if (hits(Fault::sync_error)) return Outcome::sync_error;
  inode.durable = inode.current;
  inode.pending.clear();
  ++inode.syncs;
  if (sync_names) durable_names_ = names_;
  return Outcome::done;
}

}  // namespace galena::store
