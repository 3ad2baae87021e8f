#!/usr/bin/env bash
# All tests: Rust (unit, property, loop), builtins in JavaScript, programs with expected output.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
echo '== Rust'
cargo test --release --workspace --quiet || failed=1
echo '== JavaScript and programs'
python3 tests/run.py --runtime "$(scripts/binary.sh)" || failed=1
echo '== Malformed input'
python3 tests/robustness/malformed.py --runtime "$(scripts/binary.sh)" --count 500 --seconds 90 || failed=1
exit "$failed"
