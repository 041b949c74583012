// THE SUBCOMMAND TABLE: one line for what each command is called, takes and runs.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <map>

#include "cli/commands.hpp"
#include "server/version.hpp"
#include "store/store.hpp"

namespace {

using namespace galena::cli;

struct Arguments {
  Common common;
  ServeOptions serve;
  std::string email, name, id, other, stage, segment, account, filter, search, sort, file,
      kind = "server", reason;
  std::string erasures;
  bool yes = false;
  bool password_stdin = false, visitors = false, no_migrate = false, segments = false,
       count = false, changes = false;
  int limit = 50, points = 0;
  DemoSize demo;
  ImportOptions import;
  std::string step;
};

class Commands {
 public:
  explicit Commands(CLI::App& app) : app_(app) {}

  CLI::App* add(CLI::App& parent, const std::string& name, const std::string& what,
                std::function<int()> run) {
    CLI::App* command = parent.add_subcommand(name, what);
    command->fallthrough();
    command->callback([this, run = std::move(run)] { exit_code_ = run(); });
    return command;
  }
  CLI::App* add(const std::string& name, const std::string& what, std::function<int()> run) {
    return add(app_, name, what, std::move(run));
  }
  CLI::App* group(const std::string& name, const std::string& what) {
    CLI::App* command = app_.add_subcommand(name, what);
    command->fallthrough();
    command->require_subcommand(1);
    return command;
  }
  int exit_code() const { return exit_code_; }

 private:
  CLI::App& app_;
  int exit_code_ = 0;
};

void add_common(CLI::App& app, Arguments& to) {
  static const std::map<std::string, Format> kFormats{
      {"table", Format::table}, {"json", Format::json}, {"csv", Format::csv}};
  to.common.data = "data";
  app.add_option("--data", to.common.data, "Directory that holds everything")
      ->envname("GALENA_DATA")
      ->capture_default_str();
  app.add_option("--format", to.common.format, "table, json or csv")
      ->transform(CLI::CheckedTransformer(kFormats, CLI::ignore_case).description(""));
  app.add_option("--workspace", to.common.workspace,
                 "Which workspace (ws_1); the first if not given");
}

void add_running(Commands& commands, Arguments& to) {
  auto* serve = commands.add("serve", "Run Galena", [&] {
    to.serve.migrate = !to.no_migrate;
    return run_serve(to.common, to.serve);
  });
  serve->add_option("--listen", to.serve.listen, "ADDRESS:PORT")
      ->envname("GALENA_LISTEN")
      ->capture_default_str();
  serve->add_option("--threads", to.serve.threads, "Network threads; 0 = one for two cores");
  serve
      ->add_option("--trusted-proxy", to.serve.trusted_proxies,
                   "ADDRESS[/BITS] of a proxy whose X-Forwarded-For is believed; may be repeated")
      ->envname("GALENA_TRUSTED_PROXY")
      ->delimiter(',')
      ->allow_extra_args(false);
  serve->add_flag("--no-auto-migrate", to.no_migrate,
                  "Refuse to start on data of an older version");
  auto* init = commands.add("init", "Make a workspace with an owner and its first keys", [&] {
    return run_init(to.common, to.email, to.name, to.password_stdin);
  });
  init->add_option("--email", to.email, "The owner's address")->required();
  init->add_option("--name", to.name, "The company's name");
  init->add_flag("--password-stdin", to.password_stdin, "Read the password from stdin");
  auto* demo = commands.add("demo", "Make a workspace with a made-up company to look at",
                            [&] { return run_demo(to.common, to.demo); });
  demo->add_option("--people", to.demo.people, "Who come by, visitors included")
      ->check(CLI::Range(1, 5'000'000))
      ->capture_default_str();
  demo->add_option("--days", to.demo.days, "Over which they come, up to now")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  demo->add_option("--seed", to.demo.seed, "Another number makes another company");
}

void add_leads(Commands& commands, Arguments& to) {
  auto* leads = commands.add("leads", "List leads, the best first, or show one", [&] {
    return run_leads(to.common, {to.id, to.email, to.stage, to.segment, to.account, to.filter,
                                 to.search, to.sort, to.limit, to.visitors, to.segments, to.count});
  });
  leads->add_option("id", to.id, "Show this lead (lead_12)");
  leads->add_option("--email", to.email, "Who has this address");
  leads->add_option("--stage", to.stage, "In this stage only");
  leads->add_option("--segment", to.segment, "In this segment only");
  leads->add_option("--account", to.account, "Of this company only (acme.com)");
  leads->add_flag("--segments", to.segments,
                  "Of one lead: in which segments it is, and since when");
  leads->add_option(
      "--filter", to.filter,
      "For whom this criterion holds, as score >= 50 and count(\"Pricing Viewed\") > 1");
  leads->add_option("--search", to.search,
                    "With these words in their name, address or company: 'mull acme'");
  leads->add_option("--sort", to.sort, "By name, or by an attribute: company.name, -last_seen");
  leads->add_option("--limit", to.limit, "How many")->check(CLI::Range(1, 200));
  leads->add_flag("--visitors", to.visitors, "Anonymous visitors too");
  leads->add_flag("--count", to.count, "How many they are in all, instead of who");
  commands
      .add("score", "Why a lead has its score, and what would bring it to the threshold",
           [&] { return run_score(to.common, to.id); })
      ->add_option("id", to.id, "The lead (lead_12)")
      ->required();
  auto* adjust = commands.add("adjust", "Add points to a lead by hand",
                              [&] { return run_adjust(to.common, to.id, to.points, to.reason); });
  adjust->add_option("id", to.id, "The lead (lead_12)")->required();
  adjust->add_option("points", to.points, "Points, may be negative")->required();
  adjust->add_option("--reason", to.reason, "Why; stands in the ledger")->required();
}

void add_segments(Commands& commands, Arguments& to) {
  auto* segments = commands.add("segments", "List the segments, or who is in one", [&] {
    return run_segments(to.common, to.id, to.changes, to.limit);
  });
  segments->add_option("name", to.id, "Who is in this segment");
  segments->add_flag("--changes", to.changes, "Who came into it and went, the newest first");
  segments->add_option("--limit", to.limit, "How many")->check(CLI::Range(1, 200));
  commands
      .add("mql", "Leads that are an MQL by score but not by rule, or the other way round",
           [&] { return run_mql(to.common, to.limit); })
      ->add_option("--limit", to.limit, "How many")
      ->check(CLI::Range(1, 200));
}

void add_people(Commands& commands, Arguments& to) {
  auto* accounts = commands.add("accounts", "List companies, the best first, or show one",
                                [&] { return run_accounts(to.common, to.id, to.limit); });
  accounts->add_option("id", to.id, "Show this one (acme.com, or the id of its group)");
  accounts->add_option("--limit", to.limit, "How many")->check(CLI::Range(1, 200));
  commands
      .add("identities", "The addresses, user ids and devices of a lead, and what was said by hand",
           [&] { return run_identities(to.common, to.id); })
      ->add_option("id", to.id, "The lead (lead_12)")
      ->required();
  commands
      .add("duplicates", "Leads that may be one person, with the evidence",
           [&] { return run_duplicates(to.common, to.limit); })
      ->add_option("--limit", to.limit, "How many")
      ->check(CLI::Range(1, 200));
  const auto add_two = [&](const char* name, const char* about, auto run) {
    auto* command = commands.add(name, about,
                                 [&to, run] { return run(to.common, to.id, to.other, to.reason); });
    command->add_option("id", to.id, "A lead (lead_12)")->required();
    command->add_option("other", to.other, "The other lead (lead_7)")->required();
    command->add_option("--reason", to.reason, "Why");
  };
  add_two("merge", "Say that two leads are one person", run_merge);
  add_two("distinct", "Say that two leads are two, however alike", run_distinct);
  auto* undo = commands.add("void",
                            "Take back an event, an adjustment or a merge, as if it had "
                            "never been",
                            [&] { return run_void(to.common, to.id, to.reason); });
  undo->add_option("event", to.id, "The event (evt_120)")->required();
  undo->add_option("--reason", to.reason, "Why");
}

void add_privacy(Commands& commands, Arguments& to) {
  CLI::App* lead = commands.group("lead", "One person");
  commands
      .add(*lead, "export", "Everything that is known of a person, as JSON",
           [&] { return run_lead_export(to.common, to.id); })
      ->add_option("id", to.id, "The lead (lead_12)")
      ->required();
  auto* erase = commands.add("erase", "Erase a person for ever; statistics stay as they are",
                             [&] { return run_erase(to.common, to.id, to.yes); });
  erase->add_option("id", to.id, "The lead (lead_12)")->required();
  erase->add_flag("--yes", to.yes, "Do not ask");
  commands
      .add("readmit", "Take in again who was erased and gave consent anew",
           [&] { return run_readmit(to.common, to.id); })
      ->add_option("key", to.id, "Their address, user id or anonymous id")
      ->required();
}

void add_imports(Commands& commands, Arguments& to) {
  auto* take_in = commands.add("import", "Take in the people, companies or deals of a CSV file",
                               [&] { return run_import(to.common, to.import); });
  take_in->add_option("file", to.import.file, "CSV; - is stdin")->required();
  take_in->add_flag("--dry-run", to.import.dry_run, "Say what would come of it, and keep nothing");
  take_in->add_option("--settings", to.import.settings,
                      "JSON: what the columns mean, how the file is read (docs/import.md)");
  auto* imports = commands.add("imports", "List the imports, or show one and go on with it",
                               [&] { return run_imports(to.common, to.id, to.step); });
  imports->add_option("id", to.id, "imp_3");
  const auto add_step = [&](const char* name, const char* step, const char* what) {
    imports
        ->add_flag_callback(
            name, [&to, step] { to.step = step; }, what)
        ->needs(imports->get_option("id"));
  };
  add_step("--check", "check", "A dry run");
  add_step("--run", "run", "Begin, or go on where it was stopped");
  add_step("--stop", "stop", "Stop it where it is");
  add_step("--undo", "undo", "Take back all that it told");
  add_step("--rejected", "rejected", "The rows that could not be used, with the reasons, as CSV");
}

void add_playbook(Commands& commands, Arguments& to) {
  CLI::App* playbook = commands.group("playbook", "The rules, as text");
  commands.add(*playbook, "export", "Print the live playbook as TOML",
               [&] { return run_playbook_export(to.common); });
  commands
      .add(*playbook, "pack", "Print a part to begin from, or list those there are",
           [&] { return run_playbook_pack(to.common, to.id); })
      ->add_option("name", to.id, "classic, plg, ladder or mql");
  commands
      .add(*playbook, "diff", "What a file would change, and for how many leads",
           [&] { return run_playbook_diff(to.common, to.file); })
      ->add_option("file", to.file, "TOML; - is stdin")
      ->required();
  commands
      .add(*playbook, "apply", "Make a file the live playbook",
           [&] { return run_playbook_apply(to.common, to.file); })
      ->add_option("file", to.file, "TOML; - is stdin")
      ->required();
}

void add_access(Commands& commands, Arguments& to) {
  CLI::App* key = commands.group("key", "Write keys and API keys");
  commands.add(*key, "list", "Keys in use", [&] { return run_key_list(to.common); });
  auto* create = commands.add(*key, "create", "Make a key; it is shown once",
                              [&] { return run_key_create(to.common, to.kind, to.name); });
  create->add_option("--kind", to.kind, "server, browser or api")
      ->check(CLI::IsMember({"server", "browser", "api"}));
  create->add_option("--name", to.name, "What it is for")->required();
  commands.add(*key, "revoke", "End a key", [&] { return run_key_revoke(to.common, to.id); })
      ->add_option("id", to.id, "key_3")
      ->required();
  CLI::App* user = commands.group("user", "Who may sign in");
  commands.add(*user, "list", "Accounts", [&] { return run_user_list(to.common); });
  for (const bool creates : {true, false}) {
    auto* command = commands.add(
        *user, creates ? "create" : "reset-password",
        creates ? "Make an account" : "Set a new password and end all sessions", [&to, creates] {
          return creates ? run_user_create(to.common, to.email, to.password_stdin)
                         : run_user_password(to.common, to.email, to.password_stdin);
        });
    command->add_option("--email", to.email, "The address")->required();
    command->add_flag("--password-stdin", to.password_stdin, "Read the password from stdin");
  }
}

void add_upkeep(Commands& commands, Arguments& to) {
  commands.add("doctor", "What is there, how large, and whether it is well",
               [&] { return run_doctor(to.common); });
  commands
      .add("backup", "Copy everything to one file, while in use",
           [&] { return run_backup(to.common, to.file); })
      ->add_option("file", to.file, "A new file")
      ->required();
  auto* restore = commands.add("restore", "Make a data directory from a backup",
                               [&] { return run_restore(to.common, to.file, to.erasures); });
  restore->add_option("file", to.file, "The backup")->required();
  restore->add_option("--erasures", to.erasures,
                      "erasures.json of the data directory that this replaces: who was erased "
                      "since is erased again (one that is in --data is honoured anyway)");
  commands.add("migrate", "Bring the data to this version's schema",
               [&] { return run_migrate(to.common); });
  commands.add("version", "The version", [&] { return run_version(to.common); });
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Galena: captures signals, knows who they are, and explains every score.", "galena");
  app.set_version_flag("--version", std::string(galena::server::kVersion));
  app.require_subcommand(1);
  const char* config = std::getenv("GALENA_CONFIG");
  app.set_config("--config", config == nullptr ? "" : config,
                 "Configuration file, or GALENA_CONFIG (flags and environment win over it)",
                 config != nullptr);
  add_common(app, arguments);
  Commands commands(app);
  add_running(commands, arguments);
  add_leads(commands, arguments);
  add_segments(commands, arguments);
  add_people(commands, arguments);
  add_privacy(commands, arguments);
  add_imports(commands, arguments);
  add_playbook(commands, arguments);
  add_access(commands, arguments);
  add_upkeep(commands, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {
    return app.exit(done);
  } catch (const CLI::ParseError& wrong) {
    app.exit(wrong);
    return 2;
  } catch (const std::exception& error) {
    return failed(error.what());
  }
  return commands.exit_code();
}
