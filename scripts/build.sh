#!/usr/bin/env bash
# Builds the binary in two links: the second embeds the bytecode that the first one made of the builtins.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(cargo metadata --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
unset ANODE_DEV_BUILTINS ANODE_CODE_CACHE NODE_OPTIONS
cargo build --release -p anode
cache=$target/release/code_cache.bin
"$target/release/anode" --build-code-cache="$cache.new"
# An unchanged cache keeps its time stamp, and cargo has nothing to do.
if cmp -s "$cache.new" "$cache"; then rm "$cache.new"; else mv "$cache.new" "$cache"; fi
ANODE_CODE_CACHE=$cache cargo build --release -p anode
mkdir -p "$target/bin"
cp -f "$target/release/anode" "$target/bin/anode.new"
mv -f "$target/bin/anode.new" "$target/bin/anode"
echo "$target/bin/anode"
