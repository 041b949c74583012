// What is durable, and the only door to it. One interface by purpose; SQLite behind it, PostgreSQL
// later (the seam: every call names its workspace, and no call spans two). A Store is safe to use
// from several threads; append is called by the commit thread alone.
//
// Failures: StoreError(full) = no room (or, with a stranger at the database, no turn): nothing was
// written, may be tried again. StoreError(io) = the disk lies, the file is damaged, or log and
// memory disagree: the process must stop. Both are exceptions: operational.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace galena::store {

using WorkspaceId = std::uint32_t;  // 1, 2, 3 …; at most 2^23 - 1
using Position = std::uint64_t;     // 1, 2, 3 … within a workspace; fits 32 bits

class StoreError : public std::runtime_error {
 public:
  enum class Kind { full, io };
  StoreError(Kind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

// Takes the bytes of a snapshot, piece by piece; a source gives them to it.
using SnapshotSink = std::function<void(std::string_view piece)>;
using SnapshotSource = std::function<void(const SnapshotSink& sink)>;

// A snapshot that is whole. Its bytes begin at a multiple of eight and stay for as long as somebody
// holds the holder, whatever becomes of the snapshot: they may lie in a file that is mapped into
// memory.
struct Snapshot {
  Position position = 0;
  std::shared_ptr<const void> holder;
  std::string_view bytes;
};

// A row of the log as ADR 0001 describes it. The views live only as long as the call.
struct LogRow {
  WorkspaceId workspace = 0;
  Position position = 0;
  Time received_at{};
  int kind = 0;
  std::string_view input;
  std::string_view outcome;
};

struct RewrittenRow {
  Position position = 0;
  std::string_view input;
};

struct WorkspaceRow {
  WorkspaceId id = 0;
  std::string name;
  Time created_at{};
};

// A workspace that sleeps: its newest snapshot is as of the end of its log (docs/adr/0017).
struct SleeperRow {
  WorkspaceId workspace = 0;
  Position position = 0;  // where its log ends
  Time wakes_at{};        // Time::max(): by itself never
  std::string erased;     // a hash of what it knows of those who were erased, for the engine
  Time log_time{};        // of the last row; not kept, it is read from the log
};

struct UserRow {
  std::int64_t id = 0;
  WorkspaceId workspace = 0;
  std::string email;          // normalised, unique over all workspaces
  std::string password_hash;  // Argon2id, libsodium's string form
  std::string role;           // "owner"
  Time created_at{};
};

// A write key or API key. The secret itself is never stored: `hash` is its SHA-256, `prefix` its
// first 12 characters for lists.
struct KeyRow {
  std::int64_t id = 0;
  WorkspaceId workspace = 0;
  std::string kind;  // "server", "browser" (write keys), "api"
  std::string name;
  std::string prefix;
  std::string hash;  // 64 hex digits
  Time created_at{};
  std::optional<Time> revoked_at;
};

struct SessionRow {
  std::string token_hash;  // SHA-256 of the cookie's token, hex
  std::int64_t user = 0;
  Time created_at{};
  Time expires_at{};
};

// What a write was answered that came with an Idempotency-Key. Nobody's names clash with those of
// another author or workspace.
struct AnswerRow {
  WorkspaceId workspace = 0;
  std::string author;   // who asked: "user 3"
  std::string name;     // their Idempotency-Key
  std::string request;  // SHA-256 of what was asked, hex
  int status = 0;
  std::string body;  // no secrets
  Time answered_at{};
};

// A file that is or was imported (docs/adr/0018).
struct ImportRow {
  std::int64_t id = 0;
  WorkspaceId workspace = 0;
  std::string name;         // the file's, as its owner calls it
  std::string author;       // "user 3"
  std::string state;        // "new", "checking", … ; what they mean is the worker's
  std::uint64_t bytes = 0;  // of the file, as far as it has come
  std::string settings;     // JSON: how it is read, what its columns mean
  std::string progress;     // JSON: how far it is and what came of its rows
  Time created_at{};
  Time changed_at{};
};

class ImportFiles;  // import_files.hpp
class Reports;      // reports.hpp

struct DatabaseInfo {  // for `galena doctor`
  std::string path;
  std::uint64_t file_bytes = 0;
  std::uint64_t wal_bytes = 0;
  std::uint64_t copies_bytes = 0;     // made by itself before migrations
  std::uint64_t disk_free_bytes = 0;  // what is left for Galena where the database is
  std::int64_t schema_version = 0;
  std::string library_version;
};

struct SnapshotsInfo {  // of one workspace, for the same
  std::size_t count = 0;
  std::uint64_t bytes = 0;
  Position position = 0;  // of the newest; 0 if there is none
};

class Store {
 public:
  virtual ~Store() = default;

  // --- the log -------------------------------------------------------------------------------
  // Appends all rows in one durable transaction: on return they survive power loss; on StoreError
  // none of them is there. Rows of one workspace are in position order and go on where its log
  // ends: a position that is taken or leaves a gap is StoreError(io).
  virtual void append(std::span<const LogRow> rows) = 0;
  // Calls `visit` with every row of the workspace after `after`, in order. `visit` false stops.
  virtual void read_log(WorkspaceId workspace, Position after,
                        const std::function<bool(const LogRow&)>& visit) = 0;
  // Rows by position (timeline), any order; positions that are not there are left out.
  virtual void read_rows(WorkspaceId workspace, std::span<const Position> positions,
                         const std::function<void(const LogRow&)>& visit) = 0;
  virtual Position last_position(WorkspaceId workspace) = 0;

  // --- erasure (docs/adr/0010) -----------------------------------------------------------------
  // Puts other inputs into rows that are there, all in one durable transaction. What was there
  // before may still be found in the files until `scrub` has been called.
  virtual void rewrite(WorkspaceId workspace, std::span<const RewrittenRow> rows) = 0;
  // Whether rows have been rewritten since the last scrub; survives a crash.
  virtual bool needs_scrub() = 0;
  // Leaves nothing in the database's files that is not in a row. Holds the writers up for as long
  // as it takes to write the database once. Throws StoreError(full) when it cannot be done now.
  virtual void scrub() = 0;
  // Removes the workspace's snapshots from before the position, every copy of the database that was
  // made by itself before a migration, the files of its imports, and what the reports say of
  // before. The latter may take as long as Reports::forget waits.
  virtual void forget_copies(WorkspaceId workspace, Position before) = 0;
  // A text that is kept beside the database and outlives it; empty if there is none.
  virtual std::string erasure_list() = 0;
  virtual void keep_erasure_list(std::string_view text) = 0;

  // --- snapshots -----------------------------------------------------------------------------
  // Keeps the two newest per workspace. Loading skips a damaged one (checksum) and says so in the
  // log of the process; nothing = start from the log alone.
  virtual void write_snapshot(WorkspaceId workspace, Position position,
                              const SnapshotSource& source) = 0;
  void save_snapshot(WorkspaceId workspace, Position position, std::string_view bytes) {
    write_snapshot(workspace, position, [&](const SnapshotSink& sink) { sink(bytes); });
  }
  virtual std::optional<Snapshot> newest_snapshot(WorkspaceId workspace) = 0;
  virtual SnapshotsInfo snapshots_info(WorkspaceId workspace) = 0;

  // --- the catalogue: workspaces, users, keys, sessions ---------------------------------------
  virtual WorkspaceRow create_workspace(std::string_view name, Time now) = 0;
  virtual std::vector<WorkspaceRow> workspaces() = 0;
  // Put in place of what was kept of the same workspaces, all in one durable transaction.
  virtual void keep_sleepers(std::span<const SleeperRow> rows) = 0;
  // Those whose log still ends where it did when they were kept.
  virtual std::vector<SleeperRow> sleepers() = 0;
  virtual Result<UserRow> create_user(const UserRow& user) = 0;  // conflict: address is taken
  virtual std::optional<UserRow> find_user(std::string_view email) = 0;
  virtual std::optional<UserRow> user(std::int64_t id) = 0;
  virtual std::vector<UserRow> users(WorkspaceId workspace) = 0;
  virtual void set_password(std::int64_t user,
                            std::string_view password_hash) = 0;  // ends sessions
  // The answer that `answer` gives to the key as it was made is kept in the same transaction.
  using AnswerOf = std::function<AnswerRow(const KeyRow& made)>;
  virtual KeyRow create_key(const KeyRow& key, const AnswerOf& answer) = 0;
  KeyRow create_key(const KeyRow& key) { return create_key(key, {}); }
  virtual std::vector<KeyRow> keys() = 0;  // all that are not revoked, of all workspaces
  // If it was there to be revoked, the answer is kept in the same transaction.
  virtual bool revoke_key(WorkspaceId workspace, std::int64_t key, Time now,
                          const std::optional<AnswerRow>& answer) = 0;
  bool revoke_key(WorkspaceId workspace, std::int64_t key, Time now) {
    return revoke_key(workspace, key, now, std::nullopt);
  }
  virtual void create_session(const SessionRow& session) = 0;
  virtual std::optional<SessionRow> session(std::string_view token_hash) = 0;
  virtual void end_session(std::string_view token_hash) = 0;
  // Answers are kept for at least 24 hours. The author's name must not have one yet.
  virtual void keep_answer(const AnswerRow& answer) = 0;
  virtual std::optional<AnswerRow> answer(WorkspaceId workspace, std::string_view author,
                                          std::string_view name) = 0;

  // --- imports -----------------------------------------------------------------------------------
  virtual ImportRow create_import(const ImportRow& row) = 0;
  // Puts state, bytes, settings, progress and time in place of what is kept, if the state that is
  // kept is `from`; else false, and nothing is changed.
  virtual bool move_import(const ImportRow& row, std::string_view from) = 0;
  virtual std::optional<ImportRow> find_import(WorkspaceId workspace, std::int64_t id) = 0;
  // The newest first.
  virtual std::vector<ImportRow> imports(WorkspaceId workspace) = 0;
  // Of all workspaces, the oldest first.
  virtual std::vector<ImportRow> imports_in(std::span<const std::string_view> states) = 0;
  // What the columns of this header (any text that tells it from others) were last taken for.
  virtual void remember_mapping(WorkspaceId workspace, std::string_view header,
                                std::string_view mapping, Time now) = 0;
  virtual std::string remembered_mapping(WorkspaceId workspace, std::string_view header) = 0;
  virtual ImportFiles& import_files() = 0;

  // --- reports: what SQL and BI users read -------------------------------------------------------
  virtual Reports& reports() = 0;

  // --- upkeep ----------------------------------------------------------------------------------
  // A consistent, checked and synced copy while in use. Errors: conflict = the file is there
  // already, unavailable = no room for it, internal = it cannot be made.
  virtual Result<> backup(const std::string& file) = 0;
  virtual DatabaseInfo info() = 0;
};

struct SqliteOptions {
  std::string directory;                      // --data DIR; made if absent (mode 0700)
  bool migrate = true;                        // false: a database of an older version is an Error
  std::string vfs;                            // tests put a crashing one here; empty = SQLite's own
  std::uint64_t wal_bytes_max = 64ull << 20;  // the checkpoint thread's cap
};

// Opens or creates DIR/galena.db, locks the directory against a second process, migrates (after an
// automatic backup), starts the checkpoint thread. Errors: conflict = another process has it, or
// it is of an older Galena and may not be migrated; invalid = made by a newer Galena; unavailable =
// no room; internal = not a Galena database, or it cannot be read.
Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options);

}  // namespace galena::store
