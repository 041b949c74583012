#include "domain/playbook_packs.hpp"

#include <array>

namespace galena::domain {
namespace {

constexpr std::string_view kClassic = R"toml(# Lifecycle "classic": marketing hands over to sales.
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
)toml";

constexpr std::string_view kPlg =
    R"toml(# Lifecycle "plg": the product sells. Whoever tries it and uses
# it is qualified by that (PQL), with many points or few. Send the uses of your product as screens,
# or put the event that stands for value into the stage "pql".
[[lifecycle.stage]]
name = "contact"

[[lifecycle.stage]]
name = "lead"
when = 'shown_interest'

[[lifecycle.stage]]
name = "mql"
when = 'own_action and score >= threshold'

[[lifecycle.stage]]
name = "pql"
when = 'count("Trial Started") >= 1 and count("Screen Viewed", last 14 days) >= 5'

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
)toml";

constexpr std::string_view kLadder = R"toml(# Lifecycle "ladder": cold, warm, then one qualification
# after the other. Whoever asks for information (IQL) is not ready for sales yet.
[[lifecycle.stage]]
name = "cold"

[[lifecycle.stage]]
name = "warm"
when = 'own_action'

[[lifecycle.stage]]
name = "iql"
when = 'count("White Paper Downloaded") >= 1 or count("Webinar Registered") >= 1)toml"
                                     R"toml( or count("Form Submitted") >= 1'

[[lifecycle.stage]]
name = "mql"
when = 'own_action and score >= threshold'

[[lifecycle.stage]]
name = "sal"
on = "Sales Accepted"

[[lifecycle.stage]]
name = "sql"
by_person = true
)toml";

constexpr std::string_view kMql =
    R"toml(# The two definitions of an MQL, side by side; galena mql shows
# where they differ. A file with segments replaces all of them, so add these to yours.
[[segment]]
name = "MQL by score"
when = 'own_action and score >= threshold'

[[segment]]
name = "MQL by rule"
when = 'count("White Paper Downloaded") >= 3 and count("Pricing Viewed") >= 2)toml"
    R"toml( and share("Email Opened", "Email Delivered") >= 0.6'
)toml";

constexpr std::array<PlaybookPack, 4> kPacks{{
    {"classic", "contact → lead → mql → sal → sql → opportunity → customer", kClassic},
    {"plg", "the same with pql: qualified by using the product", kPlg},
    {"ladder", "cold → warm → iql → mql → sal → sql", kLadder},
    {"mql", "segments: an MQL by score and by rule, side by side", kMql},
}};

}  // namespace

std::span<const PlaybookPack> playbook_packs() {
  return kPacks;
}

}  // namespace galena::domain
