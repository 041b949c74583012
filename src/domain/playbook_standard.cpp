// The standard playbook, as the text a marketer would write. REQUIREMENTS SCO is the source of
// every number here.
#include "domain/playbook.hpp"

namespace galena::domain {
namespace {

constexpr std::string_view kStandard = R"toml(
[workspace]
market = "b2b"

[icp]
target_industries = []
adjacent_industries = []
target_regions = []

[scoring]
threshold = 50

# --- fit: who they are ---
[[scoring.rule]]
name = "C-level"
when = 'title.seniority = "c_level"'
points = 20

[[scoring.rule]]
name = "VP"
when = 'title.seniority = "vp"'
points = 15

[[scoring.rule]]
name = "Director"
when = 'title.seniority = "director"'
points = 10

[[scoring.rule]]
name = "Manager"
when = 'title.seniority = "manager"'
points = 5

[[scoring.rule]]
name = "Company of 200 or more"
when = 'company.employees >= 200'
points = 15

[[scoring.rule]]
name = "Company of 50 to 199"
when = 'company.employees >= 50 and company.employees < 200'
points = 10

[[scoring.rule]]
name = "Company of 10 to 49"
when = 'company.employees >= 10 and company.employees < 50'
points = 5

[[scoring.rule]]
name = "Target industry"
when = 'company.industry in icp.target_industries'
points = 10

[[scoring.rule]]
name = "Adjacent industry"
when = 'company.industry in icp.adjacent_industries)toml"
                                       R"toml( and not company.industry in icp.target_industries'
points = 5

[[scoring.rule]]
name = "Target region"
when = 'country in icp.target_regions or region in icp.target_regions'
points = 10

[[scoring.rule]]
name = "Personal address"
when = 'market = "b2b" and email.free_mail'
points = -10

[[scoring.rule]]
name = "Student or retired"
when = 'title.seniority in ("student", "retired")'
points = -20

# --- interest: what they do ---
[[scoring.rule]]
name = "Demo request"
on = "Demo Requested"
points = 25
cap = 25

[[scoring.rule]]
name = "Pricing page visit"
on = "Pricing Viewed"
points = 15
cap = 45

[[scoring.rule]]
name = "Webinar attendance"
on = "Webinar Attended"
points = 10
cap = 30

[[scoring.rule]]
name = "Several visits in 24 hours"
on = "Page Viewed"
sessions = 2
within = "24h"
once_per = "24h"
points = 10
cap = 20

[[scoring.rule]]
name = "White paper download"
on = "White Paper Downloaded"
points = 5
cap = 25

[[scoring.rule]]
name = "Email click"
on = "Email Link Clicked"
once_per = "message"
points = 3
cap = 15

[[scoring.rule]]
name = "Email open"
on = "Email Opened"
once_per = "message"
points = 1
cap = 10

[[scoring.rule]]
name = "Unsubscribed"
on = "Unsubscribed"
points = -30
cap = 30

# --- lifecycle "classic" ---
[[lifecycle.stage]]
name = "contact"

[[lifecycle.stage]]
name = "lead"
when = 'shown_interest'

[[lifecycle.stage]]
name = "mql"
when = 'own_action and score >= threshold'

[[lifecycle.stage]]
name = "sal"
on = "Sales Accepted"

[[lifecycle.stage]]
name = "sql"
by_person = true

[[lifecycle.stage]]
name = "opportunity"
on = "Opportunity Created"

[[lifecycle.stage]]
name = "customer"
on = "Opportunity Won"

[[lifecycle.stage]]
name = "recycled"
by_person = true

[[lifecycle.stage]]
name = "disqualified"
by_person = true

# --- the two definitions of an MQL, side by side ---
[[segment]]
name = "MQL by score"
when = 'own_action and score >= threshold'

[[segment]]
name = "MQL by rule"
when = 'count("White Paper Downloaded") >= 3 and count("Pricing Viewed") >= 2)toml"
                                       R"toml( and share("Email Opened", "Email Delivered") >= 0.6'
)toml";

}  // namespace

const Playbook& standard_playbook() {
  static const Playbook* playbook = [] {
    auto read = read_playbook(kStandard, Playbook{});
    GALENA_ASSERT(read.has_value());
    return new Playbook(std::move(*read));
  }();
  return *playbook;
}

}  // namespace galena::domain
