#include "server/causes.hpp"

#include <fmt/format.h>

namespace galena::server {
namespace {

using domain::InputKind;

std::string event_words(const boost::json::object& input) {
  const std::string_view type = text_in(input, "type");
  if (type == "identify") return "Said who they are";
  if (type == "group") return "Said which company they belong to";
  if (type == "alias") return "Two ids found to be one person";
  if (type == "page") return "Page Viewed";
  if (type == "screen") return "Screen Viewed";
  const boost::json::value* message = input.if_contains("message");
  if (message == nullptr || !message->is_object()) return {};
  return std::string(text_in(message->get_object(), "event"));
}

}  // namespace

std::string cause_words(const ShownRow& row) {
  switch (row.kind) {
    case InputKind::event:
      return event_words(row.input);
    case InputKind::adjustment:
      return fmt::format("Adjusted: {}", text_in(row.input, "reason"));
    case InputKind::playbook:
    case InputKind::rescore:
      return "The playbook changed";
    case InputKind::time:
      return "Time passed";
    default:
      return "Changed by hand";
  }
}

}  // namespace galena::server
