#!/usr/bin/env bash
# How fast CSV is read on one core, and rows become messages. BENCH_MEGABYTES sets how much.
set -euo pipefail
build/csv_bench "${BENCH_MEGABYTES:-100}"
