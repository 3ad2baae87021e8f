#!/usr/bin/env bash
# Runs the fuzz targets of fuzz/, each for a while, with libFuzzer.
#   SECONDS_EACH=20 TARGETS="url http1" scripts/fuzz.sh
# Needs no cargo-fuzz, and the stable compiler: what cargo-fuzz adds is these flags (and a sanitizer: SANITIZER=address; all of
# our own code is safe Rust, so that the default is none). `cargo fuzz run TARGET` works as well.
set -euo pipefail
cd "$(dirname "$0")/.."
each=${SECONDS_EACH:-20}
target_dir=$(cargo metadata --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')
targets=${TARGETS:-$(sed -n '/^\[\[bin\]\]/,/^name/s/^name = "\(.*\)"/\1/p' fuzz/Cargo.toml)}

flags='--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks'
for option in level=4 inline-8bit-counters pc-table trace-compares; do flags+=" -Cllvm-args=-sanitizer-coverage-$option"; done
# Without it no bitcode is left to instrument in the wrong place.
flags+=' -Clink-dead-code'
if [ -n "${SANITIZER:-}" ]; then
  flags+=" -Zsanitizer=$SANITIZER"
  export RUSTC_BOOTSTRAP=1
fi
RUSTFLAGS="$flags" CARGO_TARGET_DIR="$target_dir" \
  cargo build --release --manifest-path fuzz/Cargo.toml --target "$host" --bins

failed=()
for name in $targets; do
  corpus=$target_dir/corpus/$name
  artifacts=$target_dir/artifacts/$name
  mkdir -p "$corpus" "$artifacts"
  seeds=()
  [ -d "fuzz/seeds/$name" ] && seeds=("fuzz/seeds/$name")
  # -timeout: one input that takes longer is a finding. -malloc_limit_mb: so is one that wants more memory at once.
  if "$target_dir/$host/release/$name" "$corpus" "${seeds[@]}" -max_total_time="$each" -timeout=10 -rss_limit_mb=2048 \
    -malloc_limit_mb=512 -max_len=4096 -artifact_prefix="$artifacts/" -print_final_stats=1 >"$target_dir/$name.log" 2>&1; then
    printf '%-20s ok, %s inputs\n' "$name" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$target_dir/$name.log")"
  else
    failed+=("$name")
    printf '%-20s FOUND SOMETHING: %s\n' "$name" "$target_dir/$name.log"
    grep -a -m 3 -E 'panicked|ERROR|assertion' -A 2 "$target_dir/$name.log" || true
  fi
done
# What only programs reach: the fuzzers in JavaScript, where the binary is built. A seed of the day, so that a failure can be repeated.
binary=$(scripts/binary.sh)
if [ -x "$binary" ] && [ -z "${TARGETS:-}" ]; then
  seed=${SEED:-$(date +%Y%m%d)}
  for file in fuzz/js/*.js; do
    name=$(basename "$file" .js)
    [ "$name" = random ] && continue
    if timeout $((each + 60)) "$binary" "$file" "$seed" "$each" >"$target_dir/$name.log" 2>&1; then
      printf '%-20s %s\n' "$name" "$(tail -n 1 "$target_dir/$name.log")"
    else
      failed+=("$name")
      printf '%-20s FOUND SOMETHING with seed %s: %s\n' "$name" "$seed" "$target_dir/$name.log"
    fi
  done
fi

[ ${#failed[@]} -eq 0 ] || { echo "fuzz: ${failed[*]}" >&2; exit 1; }
