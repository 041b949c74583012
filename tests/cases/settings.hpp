// What a case says of the playbook: changes to the standard one.
#pragma once

#include <string_view>

#include "domain/playbook.hpp"

namespace galena::cases {

// "playbook: threshold = 60", "rule Email open: cap = 5", "group Mail: cap = 10", "stage trial: on
// = Trial Started". Throws std::runtime_error for what it does not know.
void change_playbook(std::string_view head, std::string_view body, domain::Playbook& playbook);

}  // namespace galena::cases
