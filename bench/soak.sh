#!/usr/bin/env bash
# Intake at half of the peak for a long time (MINUTES, 30), of as many people as a company has
# (PEOPLE, 250000: about a hundred events each in half an hour): every ten seconds the rate, the latency,
# memory, WAL, database and snapshots; at the end whether they stayed as they were, by the medians of
# the second and the last quarter. Events stay in memory, so what is to stay is the process' own
# memory beside its records and columns (galena doctor) and how much each event adds.
set -euo pipefail
minutes=${MINUTES:-30}
flat_max=1.5
. bench/start

start_servers
address=http://127.0.0.1:18471

peak=$(for _ in 1 2 3; do
  wrk -t1 -c256 -d"${BENCH_SECONDS:-10}s" -s bench/track.lua $address -- "$key" |
    awk '/requests\/s/ {print $2}'
done | median)
rate=$((peak / 2))
echo "peak $peak requests/s, so $rate/s for $minutes minutes"

figure() { tr -d '\r' <"$work/doctor" | awk -F, -v name="$1" '$1 == name {print $2}'; }

: >"$work/client"
build/intake_client --port 18471 --key "$key" --rate "$rate" --connections 256 \
  --people "${PEOPLE:-250000}" --seconds "$((minutes * 60))" --every 10 >"$work/client" &
client=$!
pids+=("$client")

columns='%8s %10s %8s %8s %8s %10s %10s %10s %8s %10s %10s\n'
# shellcheck disable=SC2059
printf "$columns" seconds requests/s p50-ms p99-ms not-2xx events memory-MB beside-MB wal-MB \
  database-MB snapshots-MB | tee "$work/samples"
seen=0
while kill -0 "$client" 2>/dev/null; do
  sleep 0.5
  lines=$(wc -l <"$work/client")
  if [ "$lines" -le "$seen" ]; then continue; fi
  seen=$lines
  build/galena doctor --data "$work/data" --format csv >"$work/doctor"
  # shellcheck disable=SC2046,SC2059
  printf "$columns" $((seen * 10)) $(tail -n 1 "$work/client" | awk '{print $2, $4, $7, $11}') \
    $(figure ws_1.events) \
    $(awk -v all="$(figure memory.anonymous_bytes)" -v records="$(figure ws_1.memory.records_bytes)" \
      -v columns="$(figure ws_1.memory.columns_bytes)" -v wal="$(figure database.wal_bytes)" \
      -v database="$(figure database.bytes)" -v snapshots="$(figure ws_1.disk.snapshot_bytes)" \
      'BEGIN {printf "%.1f %.1f %.1f %.1f %.1f", all / 1e6, (all - records - columns) / 1e6, wal / 1e6,
        database / 1e6, snapshots / 1e6}') | tee -a "$work/samples"
done

# quarter COLUMN NUMBER: its median.
samples=$(($(wc -l <"$work/samples") - 1))
quarter() {
  awk -v column="$1" -v from=$((samples * ($2 - 1) / 4 + 1)) -v to=$((samples * $2 / 4)) \
    'NR > 1 && NR - 1 >= from && NR - 1 <= to {print $column}' "$work/samples" | median
}
verdict() { # NAME COLUMN
  awk -v name="$1" -v then="$(quarter "$2" 2)" -v last="$(quarter "$2" 4)" -v max="$flat_max" 'BEGIN {
    ratio = then > 0 ? last / then : 1
    printf "%s: %s in the second quarter, %s in the last: x %.2f, %s\n", name, then, last, ratio,
      ratio <= max ? "flat" : "NOT flat"
  }'
}
[ "$samples" -ge 8 ] || { echo "too short to say more"; exit 0; }
verdict "p50, ms" 3
verdict "p99, ms" 4
verdict "memory beside records and columns, MB" 8
verdict "WAL, MB" 9
awk -v events="$(quarter 6 2)" -v later="$(quarter 6 4)" -v memory="$(quarter 7 2)" \
  -v more="$(quarter 7 4)" -v file="$(quarter 10 2)" -v grown="$(quarter 10 4)" 'BEGIN {
    printf "an event adds %.0f bytes of memory and %.0f of the database\n",
      (more - memory) * 1e6 / (later - events), (grown - file) * 1e6 / (later - events)
  }'
