// Unmodified tracking clients, told no more than another host, against the real server.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import RudderAnalytics from "@rudderstack/rudder-sdk-node";
import { Analytics as Segment } from "@segment/analytics-node";
import { launch, serveSite } from "./browser.mjs";
import { Galena, waitFor } from "./harness.mjs";

const require = createRequire(import.meta.url);
process.env.NO_PROXY = "127.0.0.1,localhost";

let server, browser;
before(async () => {
  server = await Galena.start();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

const traits = {
  email: "Grace.Moreno@northwind.example",
  firstName: "Grace",
  lastName: "Moreno",
  title: "VP Marketing",
  company: { name: "Northwind", employees: 300 },
};

// Who became of these traits, a pricing visit and a demo request.
async function assertGrace(ws, source) {
  const lead = await ws.lead("grace.moreno@northwind.example");
  assert.deepEqual([lead.name, lead.title], ["Grace Moreno", "VP Marketing"]);
  assert.deepEqual([lead.company.name, lead.company.employees], ["Northwind", 300]);
  assert.deepEqual([lead.seniority, lead.department], ["vp", "marketing"]);
  assert.deepEqual([lead.score, lead.fit, lead.interest, lead.grade], [70, 30, 40, "B1"]);
  assert.deepEqual([lead.stage, lead.temperature], ["mql", "hot"]);
  const timeline = await ws.timeline(lead.id);
  for (const entry of timeline) assert.equal(entry.source, source);
  assert.equal((await ws.score(lead.id)).score, 70);
  assert.equal((await ws.everybody()).length, 1, "the visitor has become the lead");
  return timeline;
}

// Event time is the client's own, but for the moment that the way took.
function assertRecent(timeline) {
  for (const entry of timeline) {
    const age_ms = Date.parse(entry.received_at) - Date.parse(entry.at);
    assert.ok(age_ms >= 0 && age_ms < 60_000, `${entry.event} is ${age_ms} ms old`);
  }
}

test("@segment/analytics-node", async () => {
  const ws = await server.newWorkspace();
  const errors = [];
  const client = new Segment({ writeKey: ws.keys.write_key, host: server.url, flushAt: 3 });
  client.on("error", (error) => errors.push(error));
  client.page({ anonymousId: "device-1", properties: { path: "/pricing" } });
  client.track({ anonymousId: "device-1", event: "Video Played", properties: { second: 3 } });
  client.identify({ userId: "grace", anonymousId: "device-1", traits });
  client.track({ userId: "grace", event: "Demo Requested", messageId: "the-demo" });
  client.track({ userId: "grace", event: "Demo Requested", messageId: "the-demo" });
  client.group({ userId: "grace", groupId: "northwind", traits: { name: "Northwind" } });
  client.screen({ userId: "grace", name: "Home" });
  const timestamp = new Date(Date.now() - 3 * 86_400_000);
  client.track({ userId: "grace", event: "White Paper Seen", timestamp });
  await client.closeAndFlush({ timeout: 30_000 });
  assert.deepEqual(errors, []);
  const timeline = await assertGrace(ws, "server");
  const events = timeline.map((entry) => entry.event).sort();
  assert.deepEqual(events, [
    ...["Demo Requested", "Grouped", "Identified", "Pricing Viewed"],
    ...["Screen Viewed", "Video Played", "White Paper Seen"],
  ]);
  const old = timeline.find((entry) => entry.event === "White Paper Seen");
  assert.ok(Math.abs(Date.parse(old.at) - timestamp) < 60_000, "it happened three days ago");
  assertRecent(timeline.filter((entry) => entry !== old));
});

test("@rudderstack/rudder-sdk-node", async () => {
  const ws = await server.newWorkspace();
  const client = new RudderAnalytics(ws.keys.write_key, { dataPlaneUrl: server.url, flushAt: 20 });
  client.page({ anonymousId: "device-1", name: "Prices", properties: { path: "/pricing" } });
  client.identify({ userId: "grace", anonymousId: "device-1", traits });
  client.track({ userId: "grace", event: "Demo Requested" });
  client.group({ userId: "grace", groupId: "northwind", traits: { name: "Northwind" } });
  client.alias({ userId: "grace", previousId: "grace-before" });
  await new Promise((done, failed) =>
    client.flush((error) => (error ? failed(error) : done())),
  );
  const timeline = await assertGrace(ws, "server");
  const events = timeline.map((entry) => entry.event).sort();
  assert.deepEqual(events, [
    ...["Aliased", "Demo Requested", "Grouped", "Identified", "Pricing Viewed"],
  ]);
  assertRecent(timeline);
});

// What a site does with each library. `load` gives the page's head; `act` calls in the page.
const segment_load = (ws) => `<script src="/library/index.js"></script><script>
  window.tracker = window.AnalyticsNext.AnalyticsBrowser.load({
    writeKey: "${ws.keys.browser_key}",
    cdnURL: "${server.url}",
  });
  window.tracker.page("Acme");
</script>`;
const rudder_load = (ws) => `<script type="module">
  import { RudderAnalytics } from "/library/index.mjs";
  window.tracker = new RudderAnalytics();
  window.tracker.load("${ws.keys.browser_key}", "${server.url}", { configUrl: "${server.url}" });
  window.tracker.page("Acme");
</script>`;

const package_url = (path) => new URL(`node_modules/${path}/`, import.meta.url);
const libraries = [
  ["@segment/analytics-next", package_url("@segment/analytics-next/dist/umd"), segment_load],
  [
    "@rudderstack/analytics-js",
    package_url("@rudderstack/analytics-js/dist/npm/modern/bundled/esm"),
    rudder_load,
  ],
];

for (const [name, library, load] of libraries) {
  test(`${name} in Chromium: a visitor becomes a lead with all of the past`, async () => {
    browser ??= await launch();
    const ws = await server.newWorkspace();
    const site = await serveSite({ library, script: load(ws) });
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      const complaints = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      page.on("request", (request) => {
        const { origin, protocol } = new URL(request.url());
        const known = [site.url, server.url].includes(origin) || protocol === "data:";
        if (!known) complaints.push(`a request to ${request.url()}`);
      });
      const events = async () => {
        const [visitor] = await ws.everybody();
        return visitor ? ws.timeline(visitor.id) : [];
      };
      const has = (count) => waitFor(`${count} events`, async () => {
        const found = await events();
        return found.length >= count && found;
      }).catch((error) => {
        throw new Error(`${error.message}; the page says: ${complaints.join("\n")}`);
      });

      await page.goto(`${site.url}/blog?utm_source=newsletter&utm_medium=email`);
      await has(1);
      await page.goto(`${site.url}/pricing`);
      await has(2);
      assert.deepEqual(await ws.leads(), [], "a visitor is nobody's lead yet");
      const [visitor] = await ws.everybody();
      assert.deepEqual([visitor.visitor, visitor.email, visitor.score], [true, null, 15]);

      await page.evaluate((told) => window.tracker.identify("grace", told), traits);
      await has(3);
      await page.evaluate(() => window.tracker.track("Demo Requested", { product: "Analytics" }));
      await has(4);

      const timeline = await assertGrace(ws, "browser");
      assertRecent(timeline);
      assert.deepEqual(
        timeline.map((entry) => entry.event),
        ["Demo Requested", "Identified", "Pricing Viewed", "Page Viewed"],
      );
      const first = timeline.at(-1);
      assert.equal(first.context.campaign.source, "newsletter");
      assert.match(first.context.userAgent, /Chrome/);
      assert.equal(first.context.page.path, "/blog");
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
      await site.close();
    }
  });
}
