#!/usr/bin/env bash
# Makes the engine's archive. scripts/setup.sh calls it, with CC, CXX and LIBCLANG_PATH set.
#   scripts/engine.sh --prebuilt ARCHIVE          downloads it from the release page of its crate; fails where that is not reachable
#   scripts/engine.sh ARCHIVE [COMPILER FLAGS]    compiles it
#   scripts/engine.sh --profile-flags             what every compilation with or for a profile needs
set -euo pipefail
cd "$(dirname "$0")/.."

# Names of static functions carry their file's path unless told otherwise, and a profile has to fit on other machines.
profile_flags='-mllvm -static-func-full-module-prefix=false -Wno-profile-instr-out-of-date -Wno-profile-instr-unprofiled'
if [ "$1" = --profile-flags ]; then echo "$profile_flags"; exit; fi

prebuilt=
if [ "$1" = --prebuilt ]; then prebuilt=1; shift; fi
archive=$1 flags=${2:-}
say() { printf 'setup: engine: %s\n' "$*" >&2; }
if [ -n "$prebuilt" ]; then
  curl -fsIL -m 20 -o /dev/null https://github.com/servo/mozjs/releases || exit 1
  say 'trying the prebuilt library of its release page'
fi
version=$(sed -n 's/^mozjs = "=\(.*\)"$/\1/p' crates/engine/Cargo.toml)
work=${ANODE_CACHE:-$HOME/.cache/anode}/engine-build
rm -rf "$work" && mkdir -p "$work/src" "$(dirname "$archive")"
printf '[package]\nname = "engine-build"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies]\nmozjs = "=%s"\n\n[workspace]\n' "$version" >"$work/Cargo.toml"
echo 'fn main() {}' >"$work/src/main.rs"
[ -f Cargo.lock ] && cp Cargo.lock "$work/Cargo.lock"
cd "$work"
export CARGO_TARGET_DIR=$work/target
keep() { # the archive that cargo left, if it did
  local found
  found=$(find target -name 'libmozjs-*.tar.gz' | head -n 1)
  [ -n "$found" ] && cp "$found" "$archive.new" && mv "$archive.new" "$archive" && cd / && rm -rf "$work"
}

if [ -n "$prebuilt" ]; then
  if cargo build --release >build.log 2>&1 && keep; then exit; fi
  say 'no prebuilt library fits this machine'
  exit 1
fi
say "compiling SpiderMonkey from its crate, once; about 10 minutes on two cores${flags:+ (flags: $flags)}"
export MOZJS_FROM_SOURCE=1 MOZJS_CREATE_ARCHIVE=1
[ -n "$flags" ] && export CFLAGS="${CFLAGS:-} $flags" CXXFLAGS="${CXXFLAGS:-} $flags"
cargo build --release >build.log 2>&1 &
build=$! started=$SECONDS
while kill -0 "$build" 2>/dev/null; do
  sleep 20
  objects=$(find target -path '*mozjs_sys*' -name '*.o' 2>/dev/null | wc -l)
  say "$objects objects compiled, $((SECONDS - started)) s"
done
if ! wait "$build" || ! keep; then tail -n 40 build.log >&2; exit 1; fi
