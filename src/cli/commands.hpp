// What the subcommands do. Each gives an exit code: 0 done, 1 failed, 2 wrong usage.
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"

namespace galena::cli {

// What every command may be told.
struct Common {
  std::string data;  // --data, GALENA_DATA, configuration file, "./data"
  Format format = Format::table;
  std::string workspace;  // "ws_2"; empty: the first
};

struct ServeOptions {
  std::string listen = "127.0.0.1:8080";
  int threads = 0;  // 0: as many as cores
  bool migrate = true;
  std::vector<std::string> trusted_proxies;  // ADDRESS[/BITS]
};

int run_serve(const Common& common, const ServeOptions& options);
int run_init(const Common& common, const std::string& email, const std::string& name,
             bool password_stdin);
// How large the made-up company is.
struct DemoSize {
  std::uint64_t seed = 1;
  int people = 240;
  int days = 90;
};
int run_demo(const Common& common, const DemoSize& size);
struct LeadsOptions {
  std::string id;  // this lead alone; else those of the list:
  std::string email, stage, segment, account, filter, search, sort;
  int limit = 50;
  bool visitors = false;
  bool segments = false;  // of the one lead: in which segments it is, and why
  bool count = false;     // how many they are instead of who
};
int run_leads(const Common& common, const LeadsOptions& options);
int run_segments(const Common& common, const std::string& name, bool changes, int limit);
int run_lead_segments(const Common& common, const std::string& id);
int run_mql(const Common& common, int limit);
int run_playbook_pack(const Common& common, const std::string& name);
int run_score(const Common& common, const std::string& id);
int run_adjust(const Common& common, const std::string& id, int points, const std::string& reason);
int run_identities(const Common& common, const std::string& id);
int run_accounts(const Common& common, const std::string& id, int limit);
int run_duplicates(const Common& common, int limit);
int run_merge(const Common& common, const std::string& id, const std::string& other,
              const std::string& reason);
int run_distinct(const Common& common, const std::string& id, const std::string& other,
                 const std::string& reason);
int run_void(const Common& common, const std::string& id, const std::string& reason);
int run_erase(const Common& common, const std::string& id, bool yes);
int run_lead_export(const Common& common, const std::string& id);
int run_readmit(const Common& common, const std::string& key);
struct ImportOptions {
  std::string file;      // "-": stdin
  std::string settings;  // a file with what is to be read otherwise than it is guessed; JSON
  bool dry_run = false;
};
int run_import(const Common& common, const ImportOptions& options);
// `id` empty: lists them. `step`: what to do with the one; empty: shows it.
int run_imports(const Common& common, const std::string& id, const std::string& step);
int run_playbook_export(const Common& common);
int run_playbook_diff(const Common& common, const std::string& file);
int run_playbook_apply(const Common& common, const std::string& file);
int run_key_list(const Common& common);
int run_key_create(const Common& common, const std::string& kind, const std::string& name);
int run_key_revoke(const Common& common, const std::string& id);
int run_user_list(const Common& common);
int run_user_create(const Common& common, const std::string& email, bool password_stdin);
int run_user_password(const Common& common, const std::string& email, bool password_stdin);
int run_doctor(const Common& common);
int run_backup(const Common& common, const std::string& file);
// `erasures`: a list of what was erased, from another data directory; empty: none.
int run_restore(const Common& common, const std::string& file, const std::string& erasures);
int run_migrate(const Common& common);
int run_version(const Common& common);

// How lists of leads are printed.
const std::vector<Column>& lead_columns();

// Says what went wrong on stderr; gives 1.
int failed(const std::string& message);

}  // namespace galena::cli
