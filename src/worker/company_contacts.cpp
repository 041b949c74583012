#include "worker/company_contacts.hpp"

#include "domain/company_name.hpp"
#include "domain/identity.hpp"

namespace galena::worker {

using namespace domain;

std::optional<std::string> CompanyContacts::of(std::string_view company) {
  if (!contacts_) find_all();
  const auto found = contacts_->find(parse_company_name(company).form);
  if (found == contacts_->end()) return std::nullopt;
  return found->second.key;
}

void CompanyContacts::find_all() {
  contacts_.emplace();
  const workspace::VersionPtr state = engine_.read(workspace_);
  if (!state) return;
  state->each_slice([&](const workspace::Version& slice, LeadOrdinal begin, LeadOrdinal end) {
    for (LeadOrdinal i = begin; i < end; ++i) {
      const Lead& lead = slice.lead(i);
      if (lead.visitor || lead.merged_into || !(*lead.record)[Field::company_name].known())
        continue;
      const IdentityKey& key = slice.person(person_named(slice, i)).key;
      if (!names_a_person(key.kind) || key.text.empty()) continue;
      const std::int64_t score = lead.standing.score().micro;
      const std::string form = parse_company_name((*lead.record)[Field::company_name].value).form;
      const auto [known, is_new] = contacts_->try_emplace(form, Contact{key.text, score});
      if (!is_new && score > known->second.score) known->second = {key.text, score};
    }
  });
}

}  // namespace galena::worker
