#!/usr/bin/env bash
# BENCH_WORKSPACES small workspaces (2,000) on one node: asleep, waking, and all awake; then what
# `galena serve` takes for them, and for nothing.
set -euo pipefail
work=$(mktemp -d "${BENCH_DIRECTORY:-$PWD/build}/bench-work.XXXXXX")
trap 'rm -rf "$work"' EXIT

# How long until it answers, and what it takes in memory some seconds later.
serve() {
  local begin end server url=
  begin=$(date +%s%N)
  build/galena serve --data "$1" --listen 127.0.0.1:0 >"$work/said" &
  server=$!
  until [ -n "$url" ]; do
    sleep 0.002
    url=$(sed -n 's/^Galena .* on //p' "$work/said")
  done
  curl -sf "$url/livez" >"$work/answer"
  end=$(date +%s%N)
  sleep "$2"
  echo "galena serve, $3: answers after $(((end - begin) / 1000000)) ms;" \
    "$(awk '/RssAnon/ {a = $2} /VmRSS/ {r = $2} END {printf "%.1f MB resident, %.1f of it its own", r / 1024, a / 1024}' "/proc/$server/status")"
  kill "$server"
  wait "$server"
}

serve "$work/nothing" 5 "no data"
serve "$work/nothing" 5 "no workspace"
build/workspaces_bench make "$work/data" "${BENCH_WORKSPACES:-2000}"
echo "database $(du -m "$work/data/galena.db" | cut -f1) MB, snapshots $(du -m "$work/data/snapshots" | cut -f1) MB"
build/workspaces_bench asleep "$work/data"
build/workspaces_bench awake "$work/data"
serve "$work/data" "${BENCH_SECONDS:-120}" "all asleep, the reports being written"
serve "$work/data" 20 "all asleep"
