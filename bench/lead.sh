#!/usr/bin/env bash
# One event for a lead with a long history against one with a short history.
set -euo pipefail
build/lead_bench
