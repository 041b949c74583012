#!/usr/bin/env bash
# Intake over HTTP: single events against a server of the same stack that only parses, batches of
# 100 against SQLite alone. Three rounds in turn; quote medians. BENCH_SECONDS sets each run's length.
set -euo pipefail
seconds=${BENCH_SECONDS:-10}
work=$(mktemp -d "${BENCH_DIRECTORY:-$PWD/build}/bench-intake.XXXXXX")
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT

build/engine_bench "$work/engine" "${BENCH_BATCHES:-2000}"

echo "a password of the bench" | build/galena init --data "$work/data" --email bench@example.com \
  --password-stdin --format json >"$work/keys.json"
key=$(grep -o '"write_key":"[^"]*"' "$work/keys.json" | cut -d'"' -f4)
build/galena serve --data "$work/data" --listen 127.0.0.1:18471 >/dev/null &
pids+=($!)
build/http_floor 18472 >/dev/null &
pids+=($!)
sleep 2

for round in 1 2 3; do
  echo "round $round, single events, 256 connections, $seconds s each"
  echo -n "  parse only: "
  wrk -t1 -c256 -d"${seconds}s" -s bench/track.lua http://127.0.0.1:18472 | grep 'requests/s'
  echo -n "  galena:     "
  wrk -t1 -c256 -d"${seconds}s" -s bench/track.lua http://127.0.0.1:18471 -- "$key" |
    grep 'requests/s'
  echo -n "  batches of 100, 8 connections: "
  wrk -t1 -c8 -d"${seconds}s" -s bench/batch.lua http://127.0.0.1:18471 -- "$key" | grep 'events/s'
done
