// What caused something, in a few words, from the input at its log position.
#pragma once

#include <string>

#include "server/log_rows.hpp"

namespace galena::server {

std::string cause_words(const ShownRow& row);

}  // namespace galena::server
