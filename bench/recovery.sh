#!/usr/bin/env bash
# A start with many leads: from the snapshot, and from the log alone; and the memory of each.
# BENCH_LEADS says how many leads (100000; docs/benchmarks.md is of 1000000, which takes a quarter of
# an hour, 15 GB of disk and 8 GB of memory); BENCH_DIR keeps the data for the next time.
set -euo pipefail
leads=${BENCH_LEADS:-100000}
directory=${BENCH_DIR:-$(mktemp -d "$PWD/build/bench-work.XXXXXX")}
mkdir -p "$directory"
[ -n "${BENCH_DIR:-}" ] || trap 'rm -rf "$directory"' EXIT
if [ ! -e "$directory/data/galena.db" ]; then
  build/scale_data --leads "$leads" --data "$directory/data"
fi
build/recovery_bench "$directory/data"
