#!/usr/bin/env bash
# A real program on real input: the TypeScript compiler checks and emits a small project, and the result runs.
set -euo pipefail
cd "$(dirname "$0")/.."
anode=${ANODE:-$(scripts/binary.sh)}
work=${ANODE_CACHE:-$HOME/.cache/anode}/demo
mkdir -p "$work/src"
cd "$work"
if [ ! -f node_modules/typescript/lib/tsc.js ]; then
  echo 'demo: fetching typescript@5.9.3 from the npm registry'
  if command -v npm >/dev/null; then
    [ -f package.json ] || echo '{"private":true}' >package.json
    npm install --no-audit --no-fund --silent typescript@5.9.3
  else
    echo 'demo: npm is not installed; running the program without TypeScript'
    "$anode" -e 'console.log("Hello from anode", process.version, "with", Object.keys(process.versions).join(", "))'
    exit 0
  fi
fi
cat >src/shapes.ts <<'TS'
export interface Shape { readonly name: string; area(): number }
export class Circle implements Shape {
  readonly name = 'circle';
  constructor(private readonly radius: number) {}
  area(): number { return Math.PI * this.radius ** 2 }
}
export class Square implements Shape {
  readonly name = 'square';
  constructor(private readonly side: number) {}
  area(): number { return this.side ** 2 }
}
TS
cat >src/main.ts <<'TS'
import { Circle, Square, type Shape } from './shapes';
const shapes: Shape[] = [new Circle(2), new Square(3)];
for (const shape of shapes) console.log(`${shape.name}: ${shape.area().toFixed(2)}`);
TS
echo 'demo: anode node_modules/typescript/lib/tsc.js --strict --outDir out src/main.ts'
"$anode" node_modules/typescript/lib/tsc.js --strict --target es2022 --module commonjs --outDir out src/main.ts
echo 'demo: anode out/main.js'
"$anode" out/main.js
