#!/usr/bin/env bash
# Proposals of duplicates among a hundred thousand made-up records. BENCH_RECORDS sets how many.
set -euo pipefail
build/match_bench "${BENCH_RECORDS:-100000}"
