#!/usr/bin/env bash
# Side by side with node (and bun, where installed), in one run, as ratios to node: below 1 is faster than node.
#   NODE=path BUN=path make bench
set -euo pipefail
cd "$(dirname "$0")"
anode=$(../scripts/binary.sh)
node=${NODE:-$(command -v node || true)}
bun=${BUN:-$(command -v bun || true)}
[ -n "$node" ] || { echo 'bench: node is not installed; say NODE=path' >&2; exit 2; }
python3 table.py "$anode" "$node" ${bun:+"$bun"}
./http.sh "$anode" "$node" ${bun:+"$bun"}
