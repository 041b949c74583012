// Made-up leads for the development server: always the same ones, ranked.
const firstNames = "Grace Omar Lena Kwame Ines Yuki Tom Priya Sven Amara Luca Noor".split(" ");
const lastNames = "Moreno Haddad Fischer Mensah Duarte Tanaka Baker Raman Lindqvist Okafor".split(
  " ",
);
const titles = [
  "VP Marketing",
  "Head of Growth",
  "CTO",
  "Marketing Manager",
  "Sr. Director, Demand Generation & Field Events",
  "Student",
  null,
];
const companies = [
  ["Northwind", 300, "software"],
  ["Fabrikam", 45, "manufacturing"],
  ["Bluebird Logistics International Holding", 1200, "logistics"],
  ["Tiny Studio", 8, "design"],
  [null, null, null],
];
const countries = ["GB", "DE", "US", "JP", null];
const now = Date.now();
const hour = 3_600_000;
export const ago = (hours) => new Date(now - hours * hour).toISOString().replace(/\.\d+/, "");

const fitGrade = (fit) => (fit >= 40 ? "A" : fit >= 25 ? "B" : fit >= 10 ? "C" : "D");
const interestLevel = (points) => (points >= 40 ? 1 : points >= 20 ? 2 : points >= 5 ? 3 : 4);

function person(index) {
  const visitor = index % 9 === 8;
  const score = Math.round(125 * Math.exp(-index / 160) - 12 + (index % 7));
  const fit = Math.min(45, Math.max(-20, Math.round(score * (0.35 + (index % 4) * 0.1))));
  const interest = score - fit;
  const [company, employees, industry] = companies[index % companies.length];
  const first = firstNames[index % firstNames.length];
  const last = lastNames[(index * 3) % lastNames.length];
  const domain = company && `${company.toLowerCase().split(" ")[0]}.example`;
  const stage =
    score >= 90
      ? "opportunity"
      : score >= 50
        ? "mql"
        : score >= 15
          ? "lead"
          : score < -8
            ? "disqualified"
            : "contact";
  return {
    id: `lead_${index + 1}`,
    email: visitor ? null : `${first}.${last}${index}@${domain ?? "mail.example"}`.toLowerCase(),
    first_name: visitor ? null : first,
    last_name: visitor ? null : last,
    name: visitor || index % 17 === 16 ? null : `${first} ${last}`,
    title: visitor ? null : titles[index % titles.length],
    seniority: visitor
      ? null
      : ["vp", "director", "c_level", "manager", "director", "student", null][index % 7],
    department: visitor ? null : ["marketing", "marketing", "engineering", null][index % 4],
    phone: index % 3 === 0 && !visitor ? "+44 20 7946 0018" : null,
    company: visitor
      ? { name: null, domain: null, employees: null, industry: null }
      : { name: company, domain, employees, industry },
    country: countries[index % countries.length],
    score,
    fit,
    interest,
    grade: fitGrade(fit) + interestLevel(interest),
    fit_grade: fitGrade(fit),
    interest_level: interestLevel(interest),
    temperature: score > 60 ? "hot" : score > 5 ? "warm" : "cold",
    stage,
    below_threshold: stage === "lead" && index % 11 === 0,
    owner: null,
    created_at: ago(24 * 40 + index),
    first_seen_at: ago(24 * 45 + index ** 1.25),
    last_seen_at: ago(0.2 + index ** 1.25),
    visitor,
  };
}

export const people = Array.from({ length: 1284 }, (_, index) => person(index)).sort(
  (a, b) => b.score - a.score,
);

const line = (rule, group, points, hours, event, more = {}) => ({
  rule,
  group,
  points,
  at: ago(hours),
  event_id: event && `evt_${Math.round(hours * 7)}`,
  event,
  model_version: 3,
  note: null,
  author: null,
  kind: "rule",
  ...more,
});

// A ledger that sums to the lead's score.
export function scoreOf(lead, adjustments) {
  const ledger = [
    line("VP", "fit", 15, 480, "Identified"),
    line("Company of 200 or more", "fit", 15, 480, "Identified"),
    line("Demo request", "interest", 25, 30, "Demo Requested"),
    line("Pricing page visit", "interest", 15, 52, "Pricing Viewed"),
    line("Pricing page visit", "interest", 15, 75, "Pricing Viewed"),
    line("Pricing page visit", "interest", 15, 76, "Pricing Viewed"),
    line("Pricing page visit", "interest", 15, 99, "Pricing Viewed"),
    line("Pricing page visit", "interest", -15, 0, null, { kind: "cap", note: "at most 45" }),
  ];
  const sum = (group) => ledger.reduce((total, l) => total + (l.group === group ? l.points : 0), 0);
  const fitRest = lead.fit - sum("fit");
  if (fitRest)
    ledger.splice(
      2,
      0,
      line(fitRest > 0 ? "Target industry" : "Personal address", "fit", fitRest, 480, "Identified"),
    );
  const interestRest = lead.interest - sum("interest");
  if (interestRest)
    ledger.push(
      line(
        interestRest > 0 ? "White paper download" : "Unsubscribed",
        "interest",
        interestRest,
        12.5,
        "White Paper Downloaded",
      ),
    );
  for (const { points, reason } of adjustments)
    ledger.push(
      line("Manual adjustment", "manual", points, 0, "Score Adjusted", {
        kind: "manual",
        note: reason,
        author: "ada@acme.example",
      }),
    );
  const score = ledger.reduce((total, l) => total + l.points, 0);
  const missing = Math.max(0, 50 - score);
  const action = (what, rule, points) => ({
    action: what,
    rule,
    points,
    reaches_threshold: score + points >= 50,
    score_after: score + points,
    also_needed: lead.last_seen_at ? null : "an action of their own",
  });
  return {
    score,
    fit: lead.fit,
    interest: score - lead.fit,
    grade: lead.grade,
    threshold: 50,
    missing,
    ledger,
    to_threshold:
      missing === 0
        ? []
        : [
            action("Request a demo", "Demo request", 25),
            action("Visit the pricing page", "Pricing page visit", 15),
            action("Attend a webinar", "Webinar attendance", 10),
          ],
  };
}

export function timelineOf(lead) {
  const entry = (number, type, event, more = {}) => ({
    id: `evt_${4000 - number}`,
    message_id: `ajs-next-${lead.id}-${number}`,
    type,
    event,
    at: ago(number * 5.3),
    received_at: ago(number * 5.3 - 0.0002),
    source: "browser",
    bot: false,
    counted: true,
    properties: {},
    context: {},
    note: null,
    ...more,
  });
  const kinds = [
    (n) =>
      entry(n, "page", "Pricing Viewed", {
        properties: { path: "/pricing", title: "Pricing" },
        context: { campaign: { name: "Spring launch", source: "newsletter" } },
      }),
    (n) =>
      entry(n, "track", "Demo Requested", {
        source: "server",
        properties: { product: "Analytics", seats: 40 },
      }),
    (n) =>
      entry(n, "page", "Page Viewed", {
        properties: { path: "/blog/how-we-rank-leads-without-guessing", title: "Blog" },
      }),
    (n) =>
      entry(n, "track", "Email Opened", {
        source: "server",
        bot: true,
        properties: { email_id: "em_291" },
      }),
    (n) =>
      entry(n, "identify", "Identified", { properties: { email: lead.email, title: lead.title } }),
    (n) =>
      entry(n, "track", "Opportunity Won", {
        counted: false,
        properties: { amount: 12000, currency: "EUR" },
      }),
    (n) =>
      entry(n, "adjustment", "Score Adjusted", {
        source: "api",
        note: "Met at the trade fair (+10)",
      }),
  ];
  return Array.from({ length: 120 }, (_, number) => kinds[number % kinds.length](number));
}

export const stagesOf = (lead) => [
  ...(lead.score >= 50
    ? [
        {
          from: "lead",
          to: "mql",
          at: ago(30),
          score: 55,
          model_version: 3,
          reason: "Score reached 55: Demo Requested",
        },
      ]
    : []),
  {
    from: "contact",
    to: "lead",
    at: ago(99),
    score: 30,
    model_version: 3,
    reason: "White Paper Downloaded",
  },
  {
    from: null,
    to: "contact",
    at: lead.created_at,
    score: 30,
    model_version: 2,
    reason: "First seen",
  },
];
