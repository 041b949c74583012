// The criteria language, the same in rules, stages and (later) segments, routing and journeys:
//     title.seniority in ("vp", "c_level") and company.employees >= 200 and not email.free_mail
// Two-valued: a comparison with a missing value is false, `not` negates, `exists(x)` tests. Texts
// are compared in their comparison form (case, width and blanks do not matter).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/lead.hpp"
#include "domain/value.hpp"

namespace galena::domain {

// Lists and numbers of the playbook that criteria may name ("icp.target_industries", "threshold").
struct CriteriaNames {
  std::vector<std::string> target_industries;
  std::vector<std::string> adjacent_industries;
  std::vector<std::string> target_regions;
  double threshold = 50;
  bool b2b = true;
};

// What a criterion is asked about.
struct Subject {
  const Record& record;
  const Standing* standing = nullptr;  // null where the score is not known yet
  std::string_view stage;
};

// THE TABLE OF ATTRIBUTES that a criterion may name.
enum class Attribute : std::uint8_t {
  email,
  email_domain,
  email_free_mail,
  email_disposable,
  email_role,
  first_name,
  last_name,
  phone,
  title,
  title_seniority,
  title_department,
  company_name,
  company_domain,
  company_employees,
  company_industry,
  country,
  region,
  city,
  market,
  stage,
  score,
  fit,
  interest,
  own_action,
  shown_interest,
  unsubscribed,
  threshold,
};

// A compiled criterion. Immutable; copying shares.
class Criterion {
 public:
  // Reads the text. Errors name the column: `field` is "column 17".
  static Result<Criterion> parse(std::string_view text, const CriteriaNames& names);

  bool holds(const Subject& subject) const;

  // The attributes it reads.
  const std::vector<Attribute>& attributes() const { return attributes_; }
  const std::string& text() const { return text_; }
  // True if it reads the score, the stage or events: it may not decide points.
  bool reads_standing() const;

  struct Node;  // the syntax tree, in criteria.cpp

 private:
  std::string text_;
  std::shared_ptr<const Node> root_;
  std::vector<Attribute> attributes_;
};

// The field behind an attribute, if it is one that somebody told (so it has a source and a time).
std::optional<Field> field_behind(Attribute attribute);
std::string_view attribute_name(Attribute attribute);

}  // namespace galena::domain
