#!/usr/bin/env bash
# What it costs to be of a company, by its size, and to find all companies after a start.
set -euo pipefail
build/accounts_bench
