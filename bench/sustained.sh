#!/usr/bin/env bash
# Single events over HTTP for five minutes: rate and latency, against a server of the same stack
# that only parses, before and after, and the disk's own sync. BENCH_SUSTAINED sets the seconds.
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
echo -n "galena, $seconds s: "
wrk -t1 -c256 -d"${seconds}s" -s bench/track.lua http://127.0.0.1:18471 -- "$key" |
  grep 'requests/s'
grep -E 'VmRSS|VmHWM' "/proc/$server/status" | tr -s '\t ' ' '
du -ah --max-depth=1 "$work/data" | sed "s#$work/##"
floor
disk
