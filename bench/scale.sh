#!/usr/bin/env bash
# All leads at once: rescoring, segments, lists and searches over columns, and the same asked of
# DuckDB. BENCH_LEADS says how many leads (100000; docs/benchmarks.md is of 1000000, which takes half
# an hour, 20 GB of disk and 10 GB of memory); BENCH_DIR keeps the data for the next time.
set -euo pipefail
. "$(dirname "$0")/../script/env"

leads=${BENCH_LEADS:-100000}
directory=${BENCH_DIR:-$(mktemp -d)}
mkdir -p "$directory"
directory=$(realpath "$directory")
[ -n "${BENCH_DIR:-}" ] || trap 'rm -rf "$directory"' EXIT
if [ ! -e "$directory/csv/model.json" ]; then
  rm -rf "$directory/data" "$directory/csv"
  build/scale_data --leads "$leads" --data "$directory/data" --export "$directory/csv"
fi
build/columns_bench "$directory/data" bench/scale/changed.toml
(cd bench/scale && npm ci --silent --no-audit --no-fund && node duckdb.mjs "$directory/csv")
