#!/usr/bin/env bash
# Intake while many people come in beside it as batches of 100, an identify and a track each: what an
# import of a file would send. Single events come in at a steady pace (BENCH_RATE, 1000 a second), in
# rest and from the first batch to the last. BENCH_PEOPLE says how many people each round (100000),
# BENCH_LEADS how many are there before (100000), BENCH_ROUNDS how many rounds (3).
set -euo pipefail
rounds=${BENCH_ROUNDS:-3}
people=${BENCH_PEOPLE:-100000}
rate=${BENCH_RATE:-1000}
. bench/start

start_with_leads
await_quiet
echo "${BENCH_LEADS:-100000} leads, $rounds rounds of $people people as $((people / 50)) batches;" \
  "busy: while they come in"
for connections in ${BENCH_CONNECTIONS:-1 4}; do
  name=import-$connections
  start_client "$rate"
  for ((round = 1; round <= rounds; ++round)); do
    sleep 2
    interval >/dev/null
    sleep 5
    interval >>"$work/$name-idle"
    build/intake_client --port 18471 --key "$key" --import "$people" \
      --connections "$connections" >>"$work/$name-batches"
    interval >>"$work/$name-busy"
  done
  stop_client
  echo "$rate a second, the batches over $connections connections"
  compare "$name"
  echo "  batches/s $(awk '{print $2}' "$work/$name-batches" | median)" \
    "not 2xx $(awk '{sum += $11} END {print sum}' "$work/$name-batches")"
done
