// The reports database: DIR/reports.db, tables for whoever speaks SQL (docs/reports-database.md,
// ADR 0016). All of it is derived: it may be deleted at any time, by anybody, and is made anew. So
// nothing here ever holds up the log, and what is damaged, of another version, or of another
// history of the log, is dropped.
//
// One thread writes. Erasures may come from another, and see to it that nothing of an erased person
// is left.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "store/report_rows.hpp"
#include "store/store.hpp"

namespace galena::store {

class Connection;

// A workspace as its log has it now.
struct ReportedLog {
  WorkspaceId id = 0;
  std::string name;
  Time created_at{};
  Position position = 0;
};

// What somebody writes who has seen the workspace as of a position of its log.
struct ReportsTurn {
  std::uint64_t file = 0;  // as open() said
  WorkspaceId workspace = 0;
  Position position = 0;
};

struct ReportsInfo {  // for `galena doctor`
  std::string path;
  std::uint64_t file_bytes = 0;
  std::uint64_t wal_bytes = 0;
  struct Workspace {
    Position position = 0;
    Time written_at{};
  };
  std::map<WorkspaceId, Workspace> workspaces;  // those that are whole
};

class Reports {
 public:
  Reports(std::string file, std::string vfs);
  ~Reports();

  // --- who writes -------------------------------------------------------------------------------
  // All of these throw StoreError(full) when it cannot be done now, and StoreError(io) when the
  // file is damaged: then it is to be dropped.

  // From begin_writing to end_writing somebody brings the tables up to date again and again, so an
  // erasure waits a little for that.
  void begin_writing();
  void end_writing();
  // True while an erasure waits.
  bool is_awaited();

  // The file that is there, opened or made. Its number is another one when it was opened anew.
  struct Opened {
    std::uint64_t file = 0;
    bool is_new = false;  // it was made by this very call, and nothing is in it
  };
  Opened open(std::span<const ReportedLog> logs);

  // Puts the rows in one transaction. False, and nothing is put, if the file is another one by now,
  // or the turn is from before something that is to be forgotten: begin with open() again.
  bool put(const ReportsTurn& turn, std::span<const LeadSlot> leads);
  bool put(const ReportsTurn& turn, std::span<const AccountSlot> accounts);
  // No rows of leads from this number on.
  bool end_leads(const ReportsTurn& turn, LeadNumber first);
  std::vector<std::string> account_ids(WorkspaceId workspace);

  // All rows of the workspace are as of the turn's position, or younger. `told`: say so in the
  // table `projection`, as of this log, written at this time.
  struct Told {
    const ReportedLog& log;
    Time log_time{};
    Time written_at{};
  };
  bool is_as_of(const ReportsTurn& turn, const Told* told);

  // --- erasure (ADR 0010) -----------------------------------------------------------------------
  // On return no row of the workspace is from before the position: who writes has come so far, or
  // the file is gone. Throws StoreError(full).
  void forget(WorkspaceId workspace, Position before);
  // Leaves nothing in the file that is not in a row; the file goes if somebody reads an old moment
  // of it for long, or there is no room. Throws StoreError(full).
  void scrub();
  // Removes the file. The next open() makes another.
  void drop();

  // What is there, also if nobody writes. Empty if there is no file.
  ReportsInfo info() const;

 private:
  bool is_there() const;
  bool is_the_open_one() const;
  void close();
  void remove_files();
  bool open_existing(std::span<const ReportedLog> logs);
  void create();
  void connect();
  bool may_write(const ReportsTurn& turn);
  template <class Body>
  bool write(const ReportsTurn& turn, const Body& body);
  void rewrite_file();

  const std::string file_;
  const std::string vfs_;

  std::mutex mutex_;  // of what follows
  std::condition_variable caught_up_;
  std::unique_ptr<Connection> connection_;
  std::uint64_t inode_ = 0;
  std::uint64_t number_ = 0;
  int writers_ = 0;
  int waiting_ = 0;
  std::map<WorkspaceId, Position> as_of_;   // as whoever writes has said of this file
  std::map<WorkspaceId, Position> oldest_;  // turns from before are refused
};

}  // namespace galena::store
