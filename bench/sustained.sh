#!/usr/bin/env bash
# Single events over HTTP for five minutes: rate and latency, against a server of the same stack
# that only parses, before and after, and the disk's own sync. In pieces of 15 seconds, one right
# after the other, so that a machine that is slow for a minute is seen as that: each piece's p99 is
# set against its own p50, and the medians count. BENCH_SUSTAINED sets the seconds.
set -euo pipefail
seconds=${BENCH_SUSTAINED:-300}
. bench/start

start_servers

floor() {
  echo -n "parse only, 20 s: "
  wrk -t1 -c256 -d20s -s bench/track.lua http://127.0.0.1:18472 | grep 'requests/s'
}
disk() { build/engine_bench "$work/disk" 0 | grep 'bare'; }

disk
floor
for ((done = 0; done < seconds; done += 15)); do
  wrk -t1 -c256 -d15s -s bench/track.lua http://127.0.0.1:18471 -- "$key" | grep 'requests/s'
done | tee "$work/pieces"
echo "galena, $seconds s, medians of the pieces: requests/s $(awk '{print $2}' "$work/pieces" | median)" \
  "p50 $(awk '{print $4}' "$work/pieces" | median) ms p99 $(awk '{print $7}' "$work/pieces" | median) ms" \
  "p99/p50 $(awk '{print $7 / $4}' "$work/pieces" | median)"
grep -E 'VmRSS|VmHWM' "/proc/$server/status" | tr -s '\t ' ' '
du -ah --max-depth=1 "$work/data" | sed "s#$work/##"
floor
disk
