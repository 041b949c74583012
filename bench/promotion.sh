#!/usr/bin/env bash
# Intake while a playbook is promoted that rescores everyone: single events come in at a steady pace
# (BENCH_RATE, 1000 a second) and then as fast as they are answered, in rest and from the command
# `playbook apply` until everybody is right. Rounds in turn, the changed playbook and the first one
# again; medians count. BENCH_LEADS says how many leads (100000), BENCH_ROUNDS how many rounds (5).
set -euo pipefail
rounds=${BENCH_ROUNDS:-5}
rate=${BENCH_RATE:-1000}
. bench/start

start_with_leads
build/galena playbook export --data "$work/data" >"$work/first.toml"
await_quiet

apply() { # FILE: prints the seconds
  local begun=$EPOCHREALTIME
  build/galena playbook apply "$1" --data "$work/data" >/dev/null
  awk -v begun="$begun" -v ended="$EPOCHREALTIME" 'BEGIN {printf "%.2f\n", ended - begun}'
}

applied=0
promote() { # NAME RATE
  local round file
  start_client "$2"
  for ((round = 1; round <= rounds; ++round)); do
    sleep 2
    interval >/dev/null
    sleep 5
    interval >>"$work/$1-idle"
    file=bench/scale/changed.toml
    if ((applied++ % 2 == 1)); then file=$work/first.toml; fi
    apply "$file" >>"$work/$1-seconds"
    interval >>"$work/$1-busy"
  done
  stop_client
}

echo "${BENCH_LEADS:-100000} leads, $rounds rounds; busy: while a playbook is promoted"
for pace in "$rate" 0; do
  name=pace-$pace
  promote "$name" "$pace"
  if [ "$pace" = 0 ]; then echo "as fast as answered, 64 connections"; else echo "$pace a second"; fi
  compare "$name"
  echo "  everyone right after $(median <"$work/$name-seconds") s" \
    "(each round: $(tr '\n' ' ' <"$work/$name-seconds"))"
done
