#!/usr/bin/env bash
# Events a second of the engine alone, by how many leads there are. BENCH_SIZES says how many
# (10000 100000 1000000; a million take 4 GB of memory and 2 GB of disk).
set -euo pipefail
directory=$(mktemp -d "${BENCH_DIRECTORY:-$PWD/build}/bench-work.XXXXXX")
trap 'rm -rf "$directory"' EXIT
# shellcheck disable=SC2086
build/flat_bench "$directory" ${BENCH_SIZES:-10000 100000 1000000}
