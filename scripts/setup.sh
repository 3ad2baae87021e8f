#!/usr/bin/env bash
# Installs what is missing (compiler, Rust), provides the engine, and writes .cargo/config.toml.
#
# The engine, SpiderMonkey, is one static library of the crate mozjs_sys. Where its release page is reachable it is downloaded;
# otherwise it is compiled from the crate, once (about 10 minutes on two cores), and kept as an archive that every later
# build links. Keeping it apart from cargo's own target directory is what saves the next 10 minutes: a changed feature of any
# shared dependency would make cargo compile it anew.
#
#   ANODE_CACHE           where the archive and cargo's target directory live (default ~/.cache/anode)
#   ANODE_ENGINE=source   do not try to download
set -euo pipefail
cd "$(dirname "$0")/.."

cache=${ANODE_CACHE:-$HOME/.cache/anode}
say() { printf 'setup: %s\n' "$*" >&2; }

# ---- system packages -------------------------------------------------------------------------------------------------
root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else say "needs root for: $*"; return 1; fi; }

newest_clang() {
  for version in 22 21 20 19 18 17 16; do
    if command -v "clang++-$version" >/dev/null && [ -d "/usr/lib/llvm-$version/lib" ]; then echo "$version"; return; fi
  done
}

install_debian() {
  local packages=(m4 make python3 pkg-config git curl ca-certificates)
  local missing=()
  for package in "${packages[@]}"; do dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package"); done
  if [ -z "$(newest_clang)" ] || ! ls /usr/lib/llvm-*/lib/libclang.so* >/dev/null 2>&1; then
    root apt-get update -qq
    for version in 19 18 17 16; do
      if apt-cache show "clang-$version" >/dev/null 2>&1; then
        missing+=("clang-$version" "libclang-$version-dev" "llvm-$version" "lld-$version")
        break
      fi
    done
  fi
  if [ ${#missing[@]} -gt 0 ]; then
    say "installing ${missing[*]}"
    root apt-get update -qq
    root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
  fi
}

case "$(uname -s)" in
  Linux) if command -v apt-get >/dev/null; then install_debian; fi ;;
  Darwin) if ! xcode-select -p >/dev/null 2>&1; then say 'install the Xcode command line tools first: xcode-select --install'; exit 1; fi ;;
esac

if ! command -v cargo >/dev/null && [ -f "$HOME/.cargo/env" ]; then . "$HOME/.cargo/env"; fi
if ! command -v cargo >/dev/null; then
  say 'installing Rust by rustup'
  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal -c clippy -c rustfmt
  . "$HOME/.cargo/env"
fi

# ---- compilers for the engine ----------------------------------------------------------------------------------------
version=$(newest_clang || true)
if [ -n "${version:-}" ]; then
  cc=clang-$version cxx=clang++-$version libclang=/usr/lib/llvm-$version/lib
else
  cc=${CC:-clang} cxx=${CXX:-clang++} libclang=${LIBCLANG_PATH:-}
fi
export CC=$cc CXX=$cxx
[ -n "$libclang" ] && export LIBCLANG_PATH=$libclang

# ---- the engine's archive --------------------------------------------------------------------------------------------
# A profile of what the engine runs when programs run on it (scripts/train_engine.sh) tells the compiler what to inline.
# A compiler older than the profile's cannot read it.
engine_version=$(sed -n 's/^mozjs = "=\(.*\)"$/\1/p' crates/engine/Cargo.toml)
target=$(rustc -vV | sed -n 's/^host: //p')
packed=crates/engine/profile/$engine_version.profdata.gz
directory=$cache/engine/$engine_version
compiled=$directory/plain/libmozjs-$target.tar.gz prebuilt=$directory/prebuilt/libmozjs-$target.tar.gz flags=
if [ -f "$packed" ] && [ "${version:-0}" -ge 19 ] && [ "$target" = x86_64-unknown-linux-gnu ]; then
  trained=$directory/trained-$(cksum <"$packed" | tr ' ' -)
  mkdir -p "$trained"
  gzip -dc "$packed" >"$trained/engine.profdata"
  compiled=$trained/libmozjs-$target.tar.gz
  flags="-fprofile-use=$trained/engine.profdata $(scripts/engine.sh --profile-flags)"
fi
if [ -f "$compiled" ]; then
  archive=$compiled
elif [ "${ANODE_ENGINE:-}" != source ] && { [ -f "$prebuilt" ] || scripts/engine.sh --prebuilt "$prebuilt"; }; then
  archive=$prebuilt
  [ -z "$flags" ] || say 'engine: ANODE_ENGINE=source compiles it with its profile (10 minutes): promises take half the time then'
else
  scripts/engine.sh "$compiled" "$flags"
  archive=$compiled
fi
say "engine: $archive"

# ---- cargo ------------------------------------------------------------------------------------------------------------
mkdir -p .cargo
config=$(
  printf '# Written by scripts/setup.sh.\n[build]\ntarget-dir = "%s"\n\n[env]\nCC = "%s"\nCXX = "%s"\n' "$cache/target" "$cc" "$cxx"
  [ -n "$libclang" ] && printf 'LIBCLANG_PATH = "%s"\n' "$libclang"
  # A dynamic C++ library costs a millisecond of symbol look-ups at every start.
  [ "$(uname -s)" = Linux ] && printf 'CXXSTDLIB = "static:-bundle=stdc++"\n'
  printf 'MOZJS_ARCHIVE = "%s"\n' "$archive"
  # AWS-LC's second source of entropy, the jitter of the processor, costs the first random number 33 ms.
  printf 'AWS_LC_SYS_NO_JITTER_ENTROPY = "1"\n'
  # What node:sqlite has beside the crate's own choice.
  printf 'LIBSQLITE3_FLAGS = "%s"\n' "-DSQLITE_ENABLE_SESSION -DSQLITE_ENABLE_PREUPDATE_HOOK -DSQLITE_ENABLE_RBU -DSQLITE_ENABLE_GEOPOLY -DSQLITE_ENABLE_MATH_FUNCTIONS -DSQLITE_ENABLE_PERCENTILE"
)
# An unchanged file keeps its time stamp.
[ -f .cargo/config.toml ] && [ "$(cat .cargo/config.toml)" = "$config" ] || printf '%s\n' "$config" >.cargo/config.toml
