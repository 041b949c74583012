#!/usr/bin/env bash
# A playbook that asks for a property nobody asked for before, with a million events in the log:
# how long the change takes, and what it does to events that come in meanwhile.
set -euo pipefail
. bench/start

start_servers
api_key=$(secret api_key)
address=http://127.0.0.1:18471

events() { # SECONDS
  wrk -t1 -c64 -d"$1s" -s bench/track.lua $address -- "$key" | grep 'requests/s'
}
apply() { # FILE: seconds
  curl -sf -o /dev/null -w '%{time_total} s\n' -X PUT --data-binary "@$1" \
    -H "Authorization: Bearer $api_key" -H 'Content-Type: application/toml' \
    $address/api/v1/playbook
}

echo -n "before, a million events: "
wrk -t1 -c64 -d"${BENCH_FILL:-45}s" -s bench/track.lua $address -- "$key" | grep 'requests/s'
build/galena playbook export --data "$work/data" >"$work/playbook.toml"
cp "$work/playbook.toml" "$work/first.toml"
printf '\n[[segment]]\nname = "Plain"\nwhen = "count(\\"Demo Requested\\") >= 3"\n' >>"$work/first.toml"
cp "$work/first.toml" "$work/second.toml"
printf '\n[[segment]]\nname = "Pro"\nwhen = "count(\\"Demo Requested\\" where plan = \\"pro\\") >= 3"\n' \
  >>"$work/second.toml"
echo -n "a segment without properties: " && apply "$work/first.toml"
sleep 5
events 12 >"$work/meanwhile" &
sleep 3
echo -n "a segment that asks for one: " && apply "$work/second.toml"
wait $!
echo "events meanwhile: $(cat "$work/meanwhile")"
echo "events afterwards: $(events 12)"
