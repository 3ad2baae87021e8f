#!/usr/bin/env bash
# CPU per request of HTTP servers, from the process's own accounting, on one connection pool of wrk; peak memory beside it.
#   bench/http.sh RUNTIME...
set -euo pipefail
cd "$(dirname "$0")/http"
command -v wrk >/dev/null || { echo 'bench: wrk is not installed: no HTTP figures'; exit 0; }
ticks=$(getconf CLK_TCK)
measure() { # runtime program [script]
  local port=$((20000 + RANDOM % 20000)) before after
  "$1" "$2" "$port" >/dev/null 2>&1 &
  local pid=$!
  sleep 0.5
  wrk -t1 -c50 -d1 ${3:+-s "$3"} "http://127.0.0.1:$port/" >/dev/null
  before=$(awk '{print $14 + $15}' "/proc/$pid/stat")
  local requests
  requests=$(wrk -t1 -c50 -d4 ${3:+-s "$3"} "http://127.0.0.1:$port/" | sed -n 's/^ *\([0-9]*\) requests in.*/\1/p')
  after=$(awk '{print $14 + $15}' "/proc/$pid/stat")
  local peak
  peak=$(awk '/VmHWM/ {print $2 / 1024}' "/proc/$pid/status")
  kill -9 "$pid"
  wait "$pid" 2>/dev/null || true
  awk -v name="$(basename "$(dirname "$1")")/$(basename "$1") $2" -v used=$((after - before)) -v ticks="$ticks" -v requests="$requests" -v peak="$peak" \
    'BEGIN { printf "%-28s %8.0f requests/s %6.1f us CPU per request %6.0f MiB\n", name, requests / 4, used * 1e6 / ticks / requests, peak }'
}
for round in 1 2; do
  for runtime in "$@"; do
    measure "$runtime" hello.js
    measure "$runtime" json.js json.lua
  done
done
