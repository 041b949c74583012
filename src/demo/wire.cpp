#include "demo/wire.hpp"

#include <fmt/format.h>

#include <array>

#include "demo/random.hpp"

namespace galena::demo {
namespace {

constexpr std::string_view kSite = "https://www.nordlicht-it.example";

enum class Sender : std::uint8_t { browser, mailer, crm };

struct Form {
  StepKind kind;
  std::string_view type;
  std::string_view event;
  Sender sender;
};

// By StepKind.
constexpr std::array<Form, 21> kForms{{
    {StepKind::page, "page", "", Sender::browser},
    {StepKind::identify, "identify", "", Sender::browser},
    {StepKind::form, "track", "Form Submitted", Sender::browser},
    {StepKind::white_paper, "track", "White Paper Downloaded", Sender::browser},
    {StepKind::webinar_registered, "track", "Webinar Registered", Sender::browser},
    {StepKind::webinar_attended, "track", "Webinar Attended", Sender::crm},
    {StepKind::demo, "track", "Demo Requested", Sender::browser},
    {StepKind::contact_sales, "track", "Contact Sales Requested", Sender::browser},
    {StepKind::meeting, "track", "Meeting Booked", Sender::crm},
    {StepKind::imported, "identify", "", Sender::crm},
    {StepKind::enriched, "identify", "", Sender::crm},
    {StepKind::mail_sent, "track", "Email Sent", Sender::mailer},
    {StepKind::mail_delivered, "track", "Email Delivered", Sender::mailer},
    {StepKind::mail_opened, "track", "Email Opened", Sender::mailer},
    {StepKind::mail_clicked, "track", "Email Link Clicked", Sender::mailer},
    {StepKind::mail_bounced, "track", "Email Bounced", Sender::mailer},
    {StepKind::unsubscribed, "track", "Unsubscribed", Sender::mailer},
    {StepKind::accepted, "track", "Sales Accepted", Sender::crm},
    {StepKind::opportunity, "track", "Opportunity Created", Sender::crm},
    {StepKind::won, "track", "Opportunity Won", Sender::crm},
    {StepKind::lost, "track", "Opportunity Lost", Sender::crm},
}};

const Form& form_of(StepKind kind) {
  const Form& form = kForms[static_cast<std::size_t>(kind)];
  GALENA_ASSERT(form.kind == kind);
  return form;
}

// Writes JSON. Texts go in as they are: the tables hold no quotes, backslashes or control letters.
class Json {
 public:
  Json& text(std::string_view key, std::string_view value) {
    name(key);
    fmt::format_to(std::back_inserter(text_), "\"{}\"", value);
    return *this;
  }
  Json& text_if_any(std::string_view key, std::string_view value) {
    return value.empty() ? *this : text(key, value);
  }
  Json& number(std::string_view key, std::int64_t value) {
    name(key);
    fmt::format_to(std::back_inserter(text_), "{}", value);
    return *this;
  }
  Json& open(std::string_view key) {
    name(key);
    text_ += '{';
    return *this;
  }
  Json& close() {
    text_ += '}';
    return *this;
  }
  std::string take() { return std::move(text_) + "}"; }

 private:
  void name(std::string_view key) {
    if (text_.back() != '{') text_ += ',';
    fmt::format_to(std::back_inserter(text_), "\"{}\":", key);
  }

  std::string text_ = "{";
};

class Writer {
 public:
  Writer(std::uint64_t seed, const Person& person, std::span<const Step> steps, std::size_t index)
      : seed_(seed), person_(person), steps_(steps), index_(index), step_(steps[index]) {}

  DemoMessage write() {
    const Form& form = form_of(step_.kind);
    const bool browser = form.sender == Sender::browser;
    json_.text("type", form.type).text("messageId", message_id());
    if (browser) {
      json_.text("anonymousId", anonymous_id());
    } else {
      json_.text("userId", user_id());
    }
    json_.text_if_any("event", form.event).text("timestamp", format_time(step_.at));
    write_body();
    if (browser) {
      write_browser_context();
    } else {
      write_server_context(form.sender);
    }
    return {browser, person_.number, step_.at, json_.take()};
  }

 private:
  // The second half alone tells all messages of a seed apart, since it is scrambled one to one.
  std::string message_id() const {
    const std::uint64_t place = person_.number << 20 | index_;
    return fmt::format("demo-{:016x}-{:016x}", seed_of(seed_, Draw::message, place),
                       scrambled(place + 1));
  }

  std::string anonymous_id() const {
    const std::uint64_t device = person_.number << 1 | step_.device;
    return fmt::format("{:016x}{:016x}", seed_of(seed_, Draw::device, device),
                       scrambled(device + 1));
  }

  std::string user_id() const { return fmt::format("nordlicht-{}", 100'000 + person_.number); }

  void write_body() {
    switch (step_.kind) {
      case StepKind::page:
        return write_page("properties");
      case StepKind::identify:
        json_.open("traits");
        // A device that comes through a link in a mail tells no more than whose it is.
        if (step_.origin == kNewsletter) {
          json_.text("email", person_.email).close();
        } else {
          write_form_fields();
        }
        return;
      case StepKind::imported:
        return write_list_row();
      case StepKind::enriched:
        return write_firm();
      default:
        break;
    }
    json_.open("properties");
    write_properties();
    json_.close();
  }

  const Page& page() const { return pages()[step_.detail]; }

  // The page one was on before, or the site one came from.
  std::string referrer() const {
    if (step_.origin != kInSession) return std::string(origins()[step_.origin].referrer);
    for (std::size_t before = index_; before-- > 0;) {
      if (steps_[before].kind != StepKind::page) continue;
      return fmt::format("{}{}", kSite, pages()[steps_[before].detail].path);
    }
    return {};
  }

  std::string query() const {
    if (step_.origin == kInSession) return {};
    const Origin& origin = origins()[step_.origin];
    if (origin.campaign.empty()) return {};
    return fmt::format("?utm_source={}&utm_medium={}&utm_campaign={}", origin.source, origin.medium,
                       origin.campaign);
  }

  void write_page(std::string_view key) {
    json_.open(key).text("path", page().path).text("title", page().title);
    json_.text("url", fmt::format("{}{}{}", kSite, page().path, query()));
    json_.text("search", query()).text("referrer", referrer()).close();
  }

  void write_form_fields() {
    const Company& company = person_.company;
    json_.text("email", person_.email).text("firstName", person_.first_name);
    json_.text("lastName", person_.last_name).text("title", person_.title);
    json_.text_if_any("phone", person_.phone).text("country", company.country->code);
    if (person_.rank == Rank::student || person_.rank == Rank::retired) {
      json_.close();
      return;
    }
    json_.open("company").text("name", company.name);
    // Nobody can look up a firm behind a private address, so the form asks for its size.
    if (person_.free_mail) json_.text("companySize", size_choice());
    json_.close().close();
  }

  std::string_view size_choice() const {
    const int employees = person_.company.employees;
    if (employees < 10) return "1-9";
    if (employees < 50) return "10-49";
    if (employees < 200) return "50-199";
    return employees < 1000 ? "200-999" : "1000+";
  }

  void write_company() {
    const Company& company = person_.company;
    json_.open("company").text("name", company.name).text("domain", company.domain);
    json_.number("employees", company.employees).text("industry", company.industry->name);
    json_.close();
  }

  void write_list_row() {
    json_.open("traits").text("email", person_.email).text("first_name", person_.first_name);
    json_.text("last_name", person_.last_name).text("title", person_.title);
    json_.text_if_any("phone", person_.phone).text("country", person_.company.country->code);
    write_company();
    json_.close();
  }

  void write_firm() {
    json_.open("traits").text("email", person_.email);
    if (person_.rank != Rank::student && person_.rank != Rank::retired) write_company();
    json_.close();
  }

  void write_properties() {
    switch (step_.kind) {
      case StepKind::form:
        json_.text("form", form_name()).text("email", person_.email);
        return;
      case StepKind::white_paper:
        json_.text("title", white_papers()[step_.detail]);
        return;
      case StepKind::webinar_registered:
      case StepKind::webinar_attended:
        json_.text("title", webinars()[step_.detail % webinars().size()]);
        json_.text("starts_at", format_time(webinar_at(step_.detail)));
        return;
      case StepKind::opportunity:
      case StepKind::won:
      case StepKind::lost:
        json_.number("amount", amount()).text("currency", "EUR");
        if (step_.kind == StepKind::lost) json_.text("reason", lost_reason());
        return;
      default:
        break;
    }
    if (form_of(step_.kind).sender != Sender::mailer) return;
    json_.text("email_id", fmt::format("newsletter-{}-{}", step_.detail, user_id()));
    json_.text("campaign", fmt::format("newsletter-{}", newsletter_day()));
  }

  std::string newsletter_day() const {
    return format_time(newsletter_at(step_.detail)).substr(0, 10);
  }

  // What the form was for: the step behind it.
  std::string_view form_name() const {
    for (const Step& step : steps_.subspan(index_ + 1)) {
      switch (step.kind) {
        case StepKind::white_paper:
          return "white-paper";
        case StepKind::webinar_registered:
          return "webinar";
        case StepKind::demo:
          return "demo";
        case StepKind::contact_sales:
          return "contact";
        default:
          break;
      }
    }
    return "contact";
  }

  // A year of managed services, by the size of the firm.
  std::int64_t amount() const {
    Random random(seed_of(seed_, Draw::deal, person_.number));
    const std::int64_t by_head = random.between(9, 16) * 10;
    return person_.company.employees * by_head + random.between(12, 30) * 500;
  }

  std::string_view lost_reason() const {
    constexpr std::array<std::string_view, 4> kReasons{"price", "stays with the present provider",
                                                       "no budget this year", "no answer"};
    return kReasons[person_.number % kReasons.size()];
  }

  void write_browser_context() {
    const std::uint64_t device = seed_of(seed_, Draw::device, person_.number << 1 | step_.device);
    const Texts agents = user_agents();
    json_.open("context");
    json_.open("library").text("name", "analytics.js").text("version", "next-1.81.0").close();
    // The last agent is the telephone's.
    json_.text("userAgent",
               step_.device == 1 ? agents.back() : agents[device % (agents.size() - 1)]);
    json_.text("ip", fmt::format("203.0.113.{}", 1 + device / 256 % 254));
    json_.text("locale", person_.company.country->locale);
    json_.text("timezone", person_.company.country->time_zone);
    if (step_.kind == StepKind::page) {
      write_page("page");
      write_campaign();
    }
    json_.close();
  }

  void write_campaign() {
    if (step_.origin == kInSession || origins()[step_.origin].campaign.empty()) return;
    const Origin& origin = origins()[step_.origin];
    json_.open("campaign").text("source", origin.source).text("medium", origin.medium);
    json_.text("name", origin.campaign).close();
  }

  void write_server_context(Sender sender) {
    json_.open("context").open("library");
    json_.text("name", sender == Sender::mailer ? "nordlicht-mailer" : "nordlicht-crm").close();
    json_.open("traits").text("email", person_.email).close().close();
  }

  std::uint64_t seed_;
  const Person& person_;
  std::span<const Step> steps_;
  std::size_t index_;
  const Step& step_;
  Json json_;
};

}  // namespace

DemoMessage message_of(std::uint64_t seed, const Person& person, std::span<const Step> steps,
                       std::size_t index) {
  return Writer(seed, person, steps, index).write();
}

}  // namespace galena::demo
