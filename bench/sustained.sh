#!/usr/bin/env bash
# Single events over HTTP for five minutes: rate and latency, against a server of the same stack
# that only parses, before and after, and the disk's own sync. BENCH_SUSTAINED sets the seconds.
set -euo pipefail
seconds=${BENCH_SUSTAINED:-300}
work=$(mktemp -d "${BENCH_DIRECTORY:-$PWD/build}/bench-sustained.XXXXXX")
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT

echo "a password of the bench" | build/galena init --data "$work/data" --email bench@example.com \
  --password-stdin --format json >"$work/keys.json"
key=$(grep -o '"write_key":"[^"]*"' "$work/keys.json" | cut -d'"' -f4)
build/galena serve --data "$work/data" --listen 127.0.0.1:18471 >/dev/null &
server=$!
pids+=($server)
build/http_floor 18472 >/dev/null &
pids+=($!)
sleep 2

floor() {
  echo -n "parse only, 20 s: "
  wrk -t1 -c256 -d20s -s bench/track.lua http://127.0.0.1:18472 | grep 'requests/s'
}
disk() { build/engine_bench "$work/disk" 0 | grep 'bare'; }

disk
floor
echo -n "galena, $seconds s: "
wrk -t1 -c256 -d"${seconds}s" -s bench/track.lua http://127.0.0.1:18471 -- "$key" |
  grep 'requests/s'
grep -E 'VmRSS|VmHWM' "/proc/$server/status" | tr -s '\t ' ' '
ls -l --block-size=MiB "$work/data" | awk 'NF > 5 {print $9, $5}'
floor
disk
