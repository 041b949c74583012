// The line that a new user pastes into a terminal: who somebody is, and one thing that they did.
export function curlLine(origin: string, writeKey: string): string {
  const batch = [
    {
      type: "identify",
      userId: "ada",
      traits: {
        email: "ada@lovelace.example",
        firstName: "Ada",
        lastName: "Lovelace",
        title: "VP Marketing",
      },
    },
    { type: "track", userId: "ada", event: "Demo Requested" },
  ];
  return [
    `curl -u ${writeKey}: ${origin}/v1/batch`,
    `  -H 'Content-Type: application/json'`,
    `  -d '${JSON.stringify({ batch })}'`,
  ].join(" \\\n");
}
