#!/usr/bin/env bash
# A million timers while none is due, when some move, and when all come due.
set -euo pipefail
build/timers_bench
