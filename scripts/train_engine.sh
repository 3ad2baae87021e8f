#!/usr/bin/env bash
# Makes the profile that the engine is compiled with: crates/engine/profile/<version>.profdata.gz. Once per version of the engine.
#
# Compiles an engine that counts, links anode with it, runs the project's own tests and benchmarks, the TypeScript compiler on a
# project (scripts/demo.sh) and HTTP servers under load, and merges the counts. Takes about half an hour on two cores.
# What is never run here is compiled for size: a run has to be broad, and long where programs are hot.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
setting() { sed -n "s|^$1 = \"\(.*\)\"\$|\1|p" .cargo/config.toml; }
CC=$(setting CC) CXX=$(setting CXX) LIBCLANG_PATH=$(setting LIBCLANG_PATH)
export CC CXX LIBCLANG_PATH
llvm=$("$CC" -print-prog-name=llvm-profdata)
cache=${ANODE_CACHE:-$HOME/.cache/anode}
version=$(sed -n 's/^mozjs = "=\(.*\)"$/\1/p' crates/engine/Cargo.toml)
work=$cache/engine-training
archive=$work/libmozjs.tar.gz
mkdir -p "$work"
[ -f "$archive" ] || scripts/engine.sh "$archive" "-fprofile-generate $(scripts/engine.sh --profile-flags)"

export CARGO_TARGET_DIR=$work/target
ANODE_PROFILE_RUNTIME=$("$CC" -print-file-name=libclang_rt.profile-x86_64.a)
export ANODE_PROFILE_RUNTIME
unset ANODE_DEV_BUILTINS ANODE_CODE_CACHE NODE_OPTIONS
build() { LLVM_PROFILE_FILE=/dev/null cargo build --release -p anode --features training --config "env.MOZJS_ARCHIVE='$archive'"; }
build
LLVM_PROFILE_FILE=/dev/null "$CARGO_TARGET_DIR/release/anode" --build-code-cache="$work/code_cache.bin"
ANODE_CODE_CACHE=$work/code_cache.bin build
anode=$CARGO_TARGET_DIR/release/anode

rm -rf "$work/counts" && mkdir "$work/counts"
export LLVM_PROFILE_FILE=$work/counts/%2m.profraw
for _ in $(seq 300); do "$anode" bench/empty.js; "$anode" bench/modules.js; done >/dev/null
for program in bench/*.js; do for _ in 1 2 3; do "$anode" "$program" >/dev/null; done; done
ANODE=$anode scripts/demo.sh
python3 tests/run.py --runtime "$anode" || true
for _ in 1 2 3; do "$anode" scripts/training/serve.js; done
"$llvm" merge --sparse -o "$work/engine.profdata" "$work"/counts/*.profraw
mkdir -p crates/engine/profile
gzip -9nc "$work/engine.profdata" >"crates/engine/profile/$version.profdata.gz"
ls -l "crates/engine/profile/$version.profdata.gz"
