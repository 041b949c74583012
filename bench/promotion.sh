#!/usr/bin/env bash
# Intake while a playbook is promoted that rescores everyone: single events come in at a steady pace
# (BENCH_RATE, 1000 a second) and at full speed (wrk), in rest and from the command `playbook apply`
# until everybody is right. Rounds in turn, the changed playbook and the first one again; the medians
# count. BENCH_LEADS says how many leads (100000), BENCH_ROUNDS how many rounds (5).
set -euo pipefail
rounds=${BENCH_ROUNDS:-5}
rate=${BENCH_RATE:-1000}
. bench/start

start_with_leads
build/galena playbook export --data "$work/data" >"$work/first.toml"
sleep 5 # the columns are made

apply() { # FILE: prints the seconds
  local begun=$EPOCHREALTIME
  build/galena playbook apply "$1" --data "$work/data" >/dev/null
  awk -v begun="$begun" -v ended="$EPOCHREALTIME" 'BEGIN {printf "%.2f\n", ended - begun}'
}

# Ends an interval of the client $client and gives its line.
interval() {
  local lines
  lines=$(wc -l <"$work/steady")
  kill -USR1 "$client"
  until [ "$(wc -l <"$work/steady")" -gt "$lines" ]; do sleep 0.02; done
  tail -n 1 "$work/steady"
}

playbook_of() { # ROUND
  if (($1 % 2 == 1)); then echo bench/scale/changed.toml; else echo "$work/first.toml"; fi
}

steady() {
  build/intake_client --port 18471 --key "$key" --rate "$rate" --connections 64 >"$work/steady" &
  client=$!
  pids+=($client)
  sleep 2
  interval >/dev/null
  for ((round = 1; round <= rounds; ++round)); do
    sleep 6
    interval >>"$work/steady-idle"
    apply "$(playbook_of "$round")" >>"$work/steady-seconds"
    interval >>"$work/steady-promoted"
    sleep 3
    interval >/dev/null
  done
  kill "$client"
}

# wrk cannot be told when to stop: it runs as long as the promotion took the last time, or longer.
full() {
  for ((round = 1; round <= rounds; ++round)); do
    wrk -t1 -c64 -d6s -s bench/track.lua http://127.0.0.1:18471 -- "$key" |
      grep 'requests/s' >>"$work/full-idle"
    local length=6
    apply "$(playbook_of $((rounds + round)))" >>"$work/full-seconds" &
    local applying=$!
    wrk -t1 -c64 -d"${length}s" -s bench/track.lua http://127.0.0.1:18471 -- "$key" |
      grep 'requests/s' >>"$work/full-promoted"
    wait "$applying"
  done
}

column() { awk -v n="$2" '{print $n}' "$work/$1" | median; }
report() { # NAME, WHAT
  echo "$2, idle:     requests/s $(column "$1-idle" 2)  p50 $(column "$1-idle" 4) ms  p99 $(column "$1-idle" 7) ms"
  echo "$2, promoted: requests/s $(column "$1-promoted" 2)  p50 $(column "$1-promoted" 4) ms  p99 $(column "$1-promoted" 7) ms"
  echo "$2: p99 of each round $(paste "$work/$1-promoted" "$work/$1-idle" |
    awk '{for (i = 1; i <= NF; ++i) if ($i == "p99") v[++n] = $(i + 1); printf "%.1f ", v[n - 1] / v[n]}')x idle"
  echo "$2: everyone right after $(median <"$work/$1-seconds") s (rounds: $(tr '\n' ' ' <"$work/$1-seconds"))"
}

echo "${BENCH_LEADS:-100000} leads"
steady
report steady "at $rate/s"
full
report full "full speed"
