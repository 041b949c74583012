#include "demo/names.hpp"

namespace galena::demo {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array kGermanFirst{"Annika"sv,  "Bastian"sv, "Carola"sv, "Dietmar"sv, "Elke"sv,
                                  "Florian"sv, "Gesa"sv,    "Henrik"sv, "Ilka"sv,    "Jannis"sv,
                                  "Katrin"sv,  "Lorenz"sv,  "Maren"sv,  "Nils"sv,    "Ottilie"sv,
                                  "Philipp"sv, "Ronja"sv,   "Sönke"sv,  "Tabea"sv,   "Ulrich"sv,
                                  "Verena"sv,  "Wibke"sv,   "Jürgen"sv, "Meike"sv,   "Konrad"sv,
                                  "Birgit"sv,  "Armin"sv,   "Heike"sv,  "Simon"sv};

constexpr std::array kGermanLast{
    "Ahrenfeld"sv,    "Birkenstedt"sv, "Brüggehof"sv,   "Castrup"sv,     "Dornbach"sv,
    "Ebersroth"sv,    "Fahrensteg"sv,  "Gallenkamp"sv,  "Grünewaldt"sv,  "Haselhorn"sv,
    "Immenroth"sv,    "Jägersfeld"sv,  "Kaltenbrink"sv, "Kronsbein"sv,   "Lindhorst"sv,
    "Löwenhagen"sv,   "Marquering"sv,  "Nettelroth"sv,  "Obersteg"sv,    "Pfaffenrath"sv,
    "Quellmann"sv,    "Rabenstein"sv,  "Rothmühl"sv,    "Sandvoss"sv,    "Schönharting"sv,
    "Steinkopff"sv,   "Tiefenbrunn"sv, "Uhlenbrock"sv,  "Vossgätter"sv,  "Weidenfeller"sv,
    "Wiesenthaler"sv, "Zabelmann"sv,   "Zinngraf"sv,    "Hohenlocher"sv, "Eichstädter"sv,
    "Morgensteg"sv,   "Sperlhuber"sv};

constexpr std::array kNordicFirst{"Astrid"sv, "Bjarne"sv, "Ebba"sv,     "Espen"sv,  "Freja"sv,
                                  "Gustav"sv, "Hedda"sv,  "Ingrid"sv,   "Jonas"sv,  "Kirsten"sv,
                                  "Lasse"sv,  "Magnus"sv, "Nora"sv,     "Oskar"sv,  "Pernille"sv,
                                  "Rasmus"sv, "Signe"sv,  "Torbjørn"sv, "Ulrika"sv, "Viggo"sv,
                                  "Åsa"sv,    "Sofie"sv,  "Anders"sv};

constexpr std::array kNordicLast{
    "Almvik"sv,     "Bergholt"sv, "Dalström"sv,  "Ekhagen"sv,    "Fjellstad"sv, "Granlund"sv,
    "Hågeby"sv,     "Isvang"sv,   "Kvistgård"sv, "Lyngmark"sv,   "Moltved"sv,   "Nordahlen"sv,
    "Øvrebråten"sv, "Rosenkær"sv, "Sandhaug"sv,  "Skogvall"sv,   "Tjernholm"sv, "Ulvesund"sv,
    "Vinterdal"sv,  "Åkerholm"sv, "Hesselby"sv,  "Brandsæter"sv, "Storehav"sv};

constexpr std::array kFinnishFirst{"Aino"sv,  "Eero"sv,  "Helmi"sv, "Jukka"sv, "Kaisa"sv, "Lauri"sv,
                                   "Mikko"sv, "Noora"sv, "Petri"sv, "Saara"sv, "Tuomas"sv};

constexpr std::array kFinnishLast{"Aallonmaa"sv,  "Harjupelto"sv, "Järvikoski"sv, "Koivuharju"sv,
                                  "Lehtovaara"sv, "Mäntysalmi"sv, "Niittykari"sv, "Pihlajoki"sv,
                                  "Rantalampi"sv, "Suovanen"sv,   "Tuulikangas"sv};

constexpr std::array kOtherFirst{"Camille"sv, "Daan"sv,   "Ewa"sv,   "Fleur"sv,
                                 "Hugo"sv,    "Jacek"sv,  "Lotte"sv, "Marek"sv,
                                 "Noémie"sv,  "Pieter"sv, "Zofia"sv};

constexpr std::array kOtherLast{"Beaumarais"sv, "Clairvallon"sv, "Dombrowiak"sv, "Groenhuizen"sv,
                                "Kwiatowicz"sv, "Lanterval"sv,   "Meerdonk"sv,   "Rivemont"sv,
                                "Stolarzyk"sv,  "Vliegendorp"sv, "Zandstrook"sv};

constexpr std::array kGermanForms{"GmbH"sv, "GmbH"sv, "GmbH & Co. KG"sv, "AG"sv, "KG"sv};
constexpr std::array kAustrianForms{"GmbH"sv, "GmbH"sv, "AG"sv, "OG"sv};
constexpr std::array kSwissForms{"AG"sv, "AG"sv, "GmbH"sv};
constexpr std::array kSwedishForms{"AB"sv};
constexpr std::array kDanishForms{"A/S"sv, "ApS"sv};
constexpr std::array kNorwegianForms{"AS"sv};
constexpr std::array kFinnishForms{"Oy"sv, "Oyj"sv};
constexpr std::array kOtherForms{"Group"sv, "International"sv};

constexpr std::array<Country, 10> kCountries{{
    {"DE", "de-DE", "Europe/Berlin", kGermanFirst, kGermanLast, kGermanForms, 44, true},
    {"AT", "de-AT", "Europe/Vienna", kGermanFirst, kGermanLast, kAustrianForms, 11, true},
    {"CH", "de-CH", "Europe/Zurich", kGermanFirst, kGermanLast, kSwissForms, 11, true},
    {"SE", "sv-SE", "Europe/Stockholm", kNordicFirst, kNordicLast, kSwedishForms, 9, true},
    {"DK", "da-DK", "Europe/Copenhagen", kNordicFirst, kNordicLast, kDanishForms, 7, true},
    {"NO", "nb-NO", "Europe/Oslo", kNordicFirst, kNordicLast, kNorwegianForms, 5, true},
    {"FI", "fi-FI", "Europe/Helsinki", kFinnishFirst, kFinnishLast, kFinnishForms, 5, true},
    {"NL", "nl-NL", "Europe/Amsterdam", kOtherFirst, kOtherLast, kOtherForms, 3, false},
    {"PL", "pl-PL", "Europe/Warsaw", kOtherFirst, kOtherLast, kOtherForms, 3, false},
    {"FR", "fr-FR", "Europe/Paris", kOtherFirst, kOtherLast, kOtherForms, 2, false},
}};

constexpr std::array kManufacturing{"Maschinenbau"sv, "Metallwerke"sv, "Werkzeugtechnik"sv,
                                    "Industrie"sv, "Pumpen"sv};
constexpr std::array kLogistics{"Logistik"sv, "Spedition"sv, "Transport"sv, "Cargo"sv};
constexpr std::array kHealth{"Kliniken"sv, "Medizintechnik"sv, "Pflege"sv, "Care"sv};
constexpr std::array kProfessional{"Ingenieure"sv, "Steuerberatung"sv, "Consult"sv, "Partner"sv};
constexpr std::array kWholesale{"Großhandel"sv, "Handel"sv, "Trading"sv};
constexpr std::array kConstruction{"Bau"sv, "Hochbau"sv, "Holzbau"sv};
constexpr std::array kFinance{"Finanz"sv, "Versicherungsdienst"sv, "Kapital"sv};
constexpr std::array kRetail{"Mode"sv, "Märkte"sv, "Möbel"sv};
constexpr std::array kHospitality{"Hotels"sv, "Gastronomie"sv};
constexpr std::array kEducation{"Akademie"sv, "Institut"sv};
constexpr std::array kMedia{"Verlag"sv, "Medien"sv, "Studios"sv};

constexpr std::array<Industry, 11> kIndustries{{
    {"Manufacturing", Market::target, kManufacturing, 18},
    {"Logistics", Market::target, kLogistics, 11},
    {"Healthcare", Market::target, kHealth, 8},
    {"Professional Services", Market::target, kProfessional, 8},
    {"Wholesale", Market::adjacent, kWholesale, 9},
    {"Construction", Market::adjacent, kConstruction, 9},
    {"Financial Services", Market::adjacent, kFinance, 7},
    {"Retail", Market::other, kRetail, 10},
    {"Hospitality", Market::other, kHospitality, 8},
    {"Education", Market::other, kEducation, 6},
    {"Media", Market::other, kMedia, 6},
}};

constexpr std::array<Page, 16> kPages{{
    {"/", "Nordlicht IT: managed services for mid-sized firms"},
    {"/pricing", "Plans and prices"},
    {"/contact", "Talk to us"},
    {"/white-papers", "White papers"},
    {"/webinars", "Webinars"},
    {"/careers", "Careers at Nordlicht IT"},
    {"/managed-services", "Managed services"},
    {"/managed-services/service-desk", "Service desk, 24 hours"},
    {"/managed-services/workplace", "The managed workplace"},
    {"/cloud", "Cloud and data centre"},
    {"/security", "Security operations"},
    {"/customers", "Customers"},
    {"/customers/moving-a-plant-to-the-cloud", "Moving a plant to the cloud"},
    {"/blog/nis2-for-mid-sized-firms", "NIS2 for mid-sized firms"},
    {"/blog/what-an-outage-costs", "What an outage costs"},
    {"/about", "About us"},
}};

constexpr std::array<Origin, 8> kOrigins{{
    {"direct", "", "", "", 18},
    {"newsletter", "email", "newsletter", "", 0},
    {"google", "", "", "https://www.google.com/", 30},
    {"google", "cpc", "managed-services-dach", "https://www.google.com/", 16},
    {"linkedin", "paid_social", "it-leaders-nordics", "https://www.linkedin.com/", 14},
    {"linkedin", "social", "", "https://www.linkedin.com/", 9},
    {"bing", "", "", "https://www.bing.com/", 6},
    {"partner", "referral", "hafenwind-alliance", "https://hafenwind.example/partner", 7},
}};

constexpr std::array kCLevel{"CIO"sv,
                             "CTO"sv,
                             "Chief Information Officer"sv,
                             "CEO"sv,
                             "CFO"sv,
                             "Geschäftsführer"sv,
                             "Founder & CEO"sv,
                             "Chief Operating Officer"sv,
                             "Managing Director"sv};
constexpr std::array kVp{"VP IT"sv, "VP Operations"sv, "Vice President Technology"sv,
                         "SVP Digital"sv, "VP Engineering"sv};
constexpr std::array kDirector{"IT Director"sv,        "Director of Infrastructure"sv,
                               "Head of IT"sv,         "Director Information Security"sv,
                               "Head of Operations"sv, "Director Procurement"sv};
constexpr std::array kManager{
    "IT Manager"sv,          "Infrastructure Manager"sv, "Service Manager"sv,  "Project Manager"sv,
    "Procurement Manager"sv, "Operations Manager"sv,     "Security Manager"sv, "Office Manager"sv};
constexpr std::array kStaff{
    "System Administrator"sv,  "Network Engineer"sv, "IT Specialist"sv, "Software Engineer"sv,
    "Security Analyst"sv,      "Consultant"sv,       "Buyer"sv,         "Assistant to the CEO"sv,
    "Database Administrator"sv};
constexpr std::array kStudent{"Student"sv, "Master Student, Computer Science"sv, "Werkstudent IT"sv,
                              "PhD Student"sv};
constexpr std::array kRetired{"Retired CIO"sv, "Retired"sv, "Retired IT Manager"sv};

constexpr std::array kHeads{
    "Aar"sv,     "Birk"sv,      "Brenn"sv,    "Dohlen"sv, "Eichen"sv, "Elm"sv,    "Falken"sv,
    "Fichten"sv, "Glimm"sv,     "Grau"sv,     "Hasel"sv,  "Heide"sv,  "Iller"sv,  "Kiesel"sv,
    "Kranich"sv, "Lerchen"sv,   "Moor"sv,     "Nebel"sv,  "Otter"sv,  "Quell"sv,  "Raben"sv,
    "Reiher"sv,  "Salz"sv,      "Schiefer"sv, "Silber"sv, "Sund"sv,   "Tannen"sv, "Torf"sv,
    "Ulmen"sv,   "Wacholder"sv, "Weiden"sv,   "Zirbel"sv};
constexpr std::array kTails{"bach"sv,  "berg"sv,  "bruck"sv, "dal"sv,  "feld"sv,  "fels"sv,
                            "furt"sv,  "grund"sv, "hagen"sv, "holm"sv, "horst"sv, "hult"sv,
                            "kamp"sv,  "koog"sv,  "lund"sv,  "mark"sv, "ried"sv,  "rode"sv,
                            "stedt"sv, "sund"sv,  "tal"sv,   "vik"sv,  "wall"sv,  "weiler"sv};

constexpr std::array<std::string_view, kFreeMailDomains> kFreeMail{"gmail.com", "googlemail.com",
                                                                   "yahoo.com"};

constexpr std::array kPaperTitles{"NIS2 in ten steps"sv, "What an outage really costs"sv,
                                  "Service desk: build or buy"sv, "Zero trust for plants"sv,
                                  "Moving to the cloud without a big bang"sv};
constexpr std::array kWebinarTitles{"Ransomware drill, live"sv, "Cloud costs under control"sv,
                                    "The first 90 days of outsourcing"sv, "Ask the service desk"sv};

constexpr std::array kUserAgents{
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36"sv,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"sv,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"sv,
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Safari/605.1.15"sv,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.5 Mobile/15E148 Safari/604.1"sv};

}  // namespace

std::span<const Country> countries() {
  return kCountries;
}
std::span<const Industry> industries() {
  return kIndustries;
}
std::span<const Page> pages() {
  return kPages;
}
std::span<const Origin> origins() {
  return kOrigins;
}
Texts firm_heads() {
  return kHeads;
}
Texts firm_tails() {
  return kTails;
}
Texts free_mail_domains() {
  return kFreeMail;
}
Texts white_papers() {
  return kPaperTitles;
}
Texts webinars() {
  return kWebinarTitles;
}
Texts user_agents() {
  return kUserAgents;
}

Texts titles(Rank rank) {
  switch (rank) {
    case Rank::c_level:
      return kCLevel;
    case Rank::vp:
      return kVp;
    case Rank::director:
      return kDirector;
    case Rank::manager:
      return kManager;
    case Rank::staff:
      return kStaff;
    case Rank::student:
      return kStudent;
    case Rank::retired:
      break;
  }
  return kRetired;
}

}  // namespace galena::demo
