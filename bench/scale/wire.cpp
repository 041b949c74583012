#include "wire.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>

#include "base/result.hpp"

namespace galena::scale {
namespace {

enum class Sender : std::uint8_t { browser, system };

struct Form {
  DeedKind kind;
  std::string_view event;  // empty: an identify or a page
  Sender sender;
};

// By DeedKind.
constexpr std::array<Form, kDeedKinds> kForms{{
    {DeedKind::identify, "", Sender::browser},
    {DeedKind::second_device, "", Sender::browser},
    {DeedKind::second_address, "", Sender::system},
    {DeedKind::new_title, "", Sender::system},
    {DeedKind::page, "", Sender::browser},
    {DeedKind::form, "Form Submitted", Sender::browser},
    {DeedKind::white_paper, "White Paper Downloaded", Sender::browser},
    {DeedKind::webinar_registered, "Webinar Registered", Sender::browser},
    {DeedKind::webinar_attended, "Webinar Attended", Sender::system},
    {DeedKind::demo, "Demo Requested", Sender::browser},
    {DeedKind::contact_sales, "Contact Sales Requested", Sender::browser},
    {DeedKind::quote, "Quote Requested", Sender::browser},
    {DeedKind::trial, "Trial Started", Sender::browser},
    {DeedKind::video, "Video Watched", Sender::browser},
    {DeedKind::plan_compared, "Plan Compared", Sender::browser},
    {DeedKind::mail_sent, "Email Sent", Sender::system},
    {DeedKind::mail_delivered, "Email Delivered", Sender::system},
    {DeedKind::mail_opened, "Email Opened", Sender::system},
    {DeedKind::mail_clicked, "Email Link Clicked", Sender::system},
    {DeedKind::mail_bounced, "Email Bounced", Sender::system},
    {DeedKind::unsubscribed, "Unsubscribed", Sender::system},
    {DeedKind::meeting, "Meeting Booked", Sender::system},
    {DeedKind::accepted, "Sales Accepted", Sender::system},
    {DeedKind::opportunity, "Opportunity Created", Sender::system},
    {DeedKind::won, "Opportunity Won", Sender::system},
    {DeedKind::lost, "Opportunity Lost", Sender::system},
    {DeedKind::order, "Order Completed", Sender::system},
    {DeedKind::feature, "Feature Used", Sender::browser},
    {DeedKind::report, "Report Exported", Sender::browser},
    {DeedKind::invitation, "Colleague Invited", Sender::browser},
    {DeedKind::ticket, "Support Ticket Opened", Sender::browser},
}};

constexpr std::array<std::string_view, kPages> kPaths{
    "/pricing",
    "/pricing/enterprise",
    "/",
    "/product",
    "/product/integrations",
    "/product/security",
    "/product/reports",
    "/customers",
    "/customers/moving-a-plant-to-the-cloud",
    "/customers/a-service-desk-in-ten-days",
    "/blog",
    "/blog/nis2-for-mid-sized-firms",
    "/blog/what-an-outage-costs",
    "/blog/zero-trust-for-plants",
    "/blog/ten-questions-to-a-provider",
    "/white-papers",
    "/webinars",
    "/docs",
    "/docs/getting-started",
    "/docs/api",
    "/careers",
    "/contact",
    "/about",
    "/partners",
};

// Writes one message. Texts go in as they are: they hold no quotes, backslashes, control letters.
class Writer {
 public:
  Writer(const Crowd& crowd, const Deed& deed, std::string& json)
      : crowd_(crowd), deed_(deed), form_(kForms[static_cast<std::size_t>(deed.kind)]), to_(json) {
    GALENA_ASSERT(form_.kind == deed.kind);
  }

  void write() {
    const bool page = deed_.kind == DeedKind::page;
    const std::string_view type = page ? "page" : form_.event.empty() ? "identify" : "track";
    const std::uint64_t place = std::uint64_t{deed_.lead} << 16 | deed_.index;
    put(R"({{"type":"{}","messageId":"{:016x}","timestamp":"{}")", type,
        seed_of(crowd_.seed, Dice::message, place), format_time(deed_.happened()));
    if (!form_.event.empty()) text("event", form_.event);
    write_ids();
    if (type == "identify") {
      write_traits();
    } else {
      to_ += R"(,"properties":{)";
      write_properties();
      to_ += '}';
    }
    to_ += '}';
  }

 private:
  template <class... Parts>
  void put(fmt::format_string<Parts...> text, Parts&&... parts) {
    fmt::format_to(std::back_inserter(to_), text, std::forward<Parts>(parts)...);
  }

  void text(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    put(R"({}"{}":"{}")", to_.back() == '{' ? "" : ",", key, value);
  }

  // What a device sends comes under the device. Systems know people by user id, else by address.
  void write_ids() {
    const bool says_who = deed_.kind == DeedKind::identify || deed_.kind == DeedKind::second_device;
    const bool by_device = form_.sender == Sender::browser;
    const bool by_user = (says_who || !by_device) && has_user_id(crowd_, deed_.lead);
    if (by_user) text("userId", fmt::format("crm-{}", 100'000 + deed_.lead));
    if (!by_device && by_user) return;
    text("anonymousId", device_id(crowd_, deed_.lead, deed_.device));
    if (by_device) return;
    to_ += R"(,"context":{"traits":{)";
    text("email", make_person(crowd_, deed_.lead).email);
    to_ += "}}";
  }

  void write_traits() {
    const Person person = make_person(crowd_, deed_.lead);
    to_ += R"(,"traits":{)";
    switch (deed_.kind) {
      case DeedKind::identify:
        write_all(person);
        break;
      case DeedKind::second_address:
        text("email", person.email);
        break;
      case DeedKind::new_title:
        text("title", next_title(crowd_, deed_.lead));
        break;
      default:
        text("email", person.first_email());
    }
    to_ += '}';
  }

  void write_all(const Person& person) {
    text("email", person.first_email());
    text("firstName", person.first_name);
    text("lastName", person.last_name);
    text("title", person.title);
    text("phone", person.phone);
    text("country", person.country);
    text("region", person.region);
    text("city", person.city);
    const Firm& firm = person.firm;
    if (firm.name.empty()) return;
    to_ += R"(,"company":{)";
    text("name", firm.name);
    text("id", firm.id);
    text("domain", firm.domain);
    text("industry", firm.industry);
    if (firm.employees > 0) put(R"(,"employees":{})", firm.employees);
    to_ += '}';
  }

  void write_properties() {
    switch (deed_.kind) {
      case DeedKind::page:
        text("path", kPaths[deed_.detail]);
        put(R"(,"url":"https://www.nordlicht-it.example{}")", kPaths[deed_.detail]);
        return;
      case DeedKind::opportunity:
      case DeedKind::won:
      case DeedKind::lost:
      case DeedKind::order:
        put(R"("amount":{},"currency":"EUR")", 5'000 + deed_.lead % 900 * 100);
        return;
      case DeedKind::mail_sent:
      case DeedKind::mail_delivered:
      case DeedKind::mail_opened:
      case DeedKind::mail_clicked:
      case DeedKind::mail_bounced:
      case DeedKind::unsubscribed:
        put(R"("email_id":"m{}-{}")", int{deed_.detail}, deed_.lead);
        return;
      default:
        put(R"("which":"w{}")", int{deed_.detail});
    }
  }

  const Crowd& crowd_;
  const Deed& deed_;
  const Form& form_;
  std::string& to_;
};

}  // namespace

void append_message(const Crowd& crowd, const Deed& deed, std::string& json) {
  Writer(crowd, deed, json).write();
}

}  // namespace galena::scale
