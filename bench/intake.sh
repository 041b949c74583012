#!/usr/bin/env bash
# Intake over HTTP: single events against a server of the same stack that only parses, batches of
# 100 against SQLite alone. Three rounds in turn; quote medians. BENCH_SECONDS sets each run's length.
set -euo pipefail
seconds=${BENCH_SECONDS:-10}
. bench/start

build/engine_bench "$work/engine" "${BENCH_BATCHES:-2000}"

start_servers

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
