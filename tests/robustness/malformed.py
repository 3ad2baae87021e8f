#!/usr/bin/env python3
"""Malformed scripts, package.json files and command lines: whatever they are, the runtime ends with an exit code of its own,
never by a signal and never with a panic.

    tests/robustness/malformed.py --runtime PATH [--count 10000] [--seconds 600] [--jobs 2]

The seed is fixed, so a case is known by its number: `--case N` runs one and prints it. Most scripts run many to a process, by
`vm.Script`; every tenth in a process of its own.
"""
import argparse, concurrent.futures, json, os, random, subprocess, sys, tempfile, time

SEEDS = [
    "const a = { b: [1, 2, { c: 'd' }] };\nfor (const [k, v] of Object.entries(a)) console.log(k, v);\n",
    "class A extends Map { #p = 1; static s = 2; get x() { return this.#p; } async *g() { yield* [1]; } }\nnew A().x;\n",
    "import fs, { readFileSync as r } from 'node:fs';\nexport default function f() { return import.meta.url; }\nexport * from './x.mjs';\n",
    "async function f() { await null; for await (const x of [1]) { try { throw x } catch { } finally { } } }\nf();\n",
    "var re = /(?<y>\\d{4})-(?<m>[a-z]+)/giu, t = `a${1 + `b${2}`}c`; label: while (true) { break label; }\n",
    "'use strict'; switch (typeof x) { case 'y': default: delete Object.prototype; }\nnew Function('a', 'return a')(1);\n",
    "module.exports = require('./package.json'); let [a = 1, ...b] = [], { c: { d } = {}, ...e } = {};\n",
    "#!/usr/bin/env node\nwith (Math) { x = 0x1f + 0b11 + 0o7 + 1_000n ** 2n; }\n//# sourceMappingURL=data:application/json;base64,e30=\n",
    "type T = { a: number }; enum E { A }\ninterface I { x(): void }\nconst x: T = <T>{ a: 1 } as T;\n",
]
PACKAGES = [
    '{"name":"x","type":"module","main":"./main.js","exports":{".":{"import":"./a.mjs","require":"./a.cjs"},"./*":"./lib/*.js"}}',
    '{"imports":{"#a":"./a.js","#b/*":{"node":"./b/*.js","default":null}},"exports":["./a.js",null,{"x":["./b"]}]}',
    '{"type":"commonjs","scripts":{"test":"true"},"main":["x"],"exports":false,"__proto__":{"a":1}}',
]
TOKENS = ['{', '}', '(', ')', '[', ']', '`', '${', "'", '"', '/', '*', '=>', '...', '?.', '??', 'await', 'yield', 'import', 'export', 'class',
          'super', 'new.target', '#x', '\\u', '\0', '\u2028', '\ud800', '/*', '//', '<!--', '@', '\n', ';', ',', '=', '0x', '1n', '.5e', 'async',
          'function', 'static', 'get', 'using', 'let', '**', '>>>', 'in', 'of', 'for', 'eval', 'arguments', 'with', '\ufeff', 'this', '{}{}{}', '(' * 200]
FLAGS = ['--check', '--eval', '-e', '-p', '--print', '--import', '--require', '-r', '--input-type', '--input-type=module', '--input-type=bogus',
         '--env-file', '--env-file=', '--run', '--conditions', '-C', '--experimental-loader', '--stack-trace-limit', '--stack-trace-limit=-1',
         '--max-old-space-size=64', '--stack-size=100', '--title', '--trace-warnings', '--no-warnings', '--no-', '--', '-', '---', '--=', '-=', '-xyz',
         '--enable-source-maps', '--disable-proto=throw', '--disable-proto=x', '--unhandled-rejections=x', '--unhandled-rejections=strict',
         '--experimental-vm-modules', '--trace-event-categories', '--experimental-config-file', '--test-name-pattern=(', '--icu-data-dir',
         '--dns-result-order=x', '--secure-heap=1', '--redirect-warnings', '--preserve-symlinks', '--entry-url', '--permission', '--allow-fs-read',
         '--experimental-default-type=module', '--frozen-intrinsics', '--no-experimental-detect-module', '--v8-options', '--watch-path']

def mutate(rng, text):
    text = list(text)
    for _ in range(rng.randint(1, 6)):
        at = rng.randint(0, len(text))
        kind = rng.randint(0, 5)
        if kind == 0:
            del text[at:at + rng.randint(1, 12)]
        elif kind == 1:
            text[at:at] = rng.choice(TOKENS)
        elif kind == 2 and text:
            other = rng.randrange(len(text))
            text[at:at] = text[other:other + rng.randint(1, 20)]
        elif kind == 3 and at < len(text):
            text[at] = chr(rng.choice([rng.randint(0, 127), rng.randint(0, 0xffff)]))
        elif kind == 4:
            del text[at:]
        else:
            text[at:at] = ' '.join(rng.choice(TOKENS) for _ in range(rng.randint(1, 4)))
    return ''.join(text)

def encode(text, rng):
    data = text.encode('utf-8', 'surrogatepass')
    if rng.random() < 0.1 and data:
        at = rng.randrange(len(data))
        data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1:]
    return data

def script(rng):
    return mutate(rng, rng.choice(SEEDS) + (rng.choice(SEEDS) if rng.random() < 0.3 else ''))

def execute(options, arguments, folder, stdin=b''):
    env = {'PATH': '/usr/bin:/bin', 'HOME': folder, 'TMPDIR': folder}
    try:
        done = subprocess.run([options.runtime, *arguments], cwd=folder, env=env, input=stdin, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=20)
    except subprocess.TimeoutExpired:
        # A mutated loop may well be endless.
        return None
    except ValueError:
        return None
    text = (done.stdout + done.stderr).decode('utf-8', 'replace')
    if done.returncode < 0 or done.returncode in (101, 134, 139) or 'panicked at' in text or 'internal error in a' in text:
        return f'exit code {done.returncode}\n{text[-1500:]}'
    return None

BATCH = r"""
const vm = require('vm');
process.on('uncaughtException', () => {});
process.on('unhandledRejection', () => {});
const quiet = { log() {}, error() {}, warn() {} };
for (const source of JSON.parse(require('fs').readFileSync(0, 'utf8'))) {
  try {
    const script = new vm.Script(source, { filename: 'case.js' });
    script.runInNewContext({ console: quiet, require: () => ({}), module: {} }, { timeout: 100 });
  } catch (error) {
    try { String(error && error.stack); } catch { /* a getter of the case's own */ }
  }
  try { vm.compileFunction(source, ['a']); } catch { /* expected */ }
  try { require('module').stripTypeScriptTypes(source); } catch { /* expected */ }
  try { JSON.parse(source); } catch { /* expected */ }
  try { new RegExp(source.slice(0, 60), 'u'); } catch { /* expected */ }
}
"""

def run_case(options, number):
    rng = random.Random(0xa0de + number)
    kind = number % 10
    with tempfile.TemporaryDirectory() as folder:
        def write(name, data):
            with open(os.path.join(folder, name), 'wb') as file:
                file.write(data)
        if kind < 6:
            # One case of a batch; the batch runs with the first number of its hundred.
            return None
        if kind == 6:
            name = rng.choice(['main.js', 'main.mjs', 'main.cjs', 'main', 'main.ts', 'main.mts', 'main.json', 'main.wasm', 'main.node', 'main.x'])
            write(name, encode(script(rng), rng))
            problem = execute(options, [name], folder)
        elif kind in (7, 8):
            write('package.json', encode(mutate(rng, rng.choice(PACKAGES)), rng))
            for name in ('a.mjs', 'a.cjs', 'a.js', 'main.js'):
                write(name, b'1;')
            write('index.mjs', b"import('x').catch(() => {}); import('#a').catch(() => {}); import('#b/c').catch(() => {}); import('x/y').catch(() => {});")
            write('index.cjs', b"for (const id of ['x', '#a', '#b/c', 'x/y', '.', './main.js']) try { require(id); } catch {}")
            problem = execute(options, [rng.choice(['index.mjs', 'index.cjs', 'main.js', '.'])], folder)
        else:
            write('main.js', b'1;')
            arguments = []
            for _ in range(rng.randint(1, 5)):
                flag = rng.choice(FLAGS)
                arguments.append(mutate(rng, flag) if rng.random() < 0.3 else flag)
                if rng.random() < 0.3:
                    arguments.append(rng.choice(['main.js', '1', '', 'x', '-1', 'module', './main.js', '{', '%s', 'é', '9' * 30]))
            arguments = [text.replace('\0', '').encode('utf-8', 'surrogatepass').decode('utf-8', 'replace') for text in arguments]
            problem = execute(options, arguments, folder, b'1;')
            if problem:
                problem = f'{arguments}\n{problem}'
        return problem

def run_batch(options, numbers):
    sources = []
    for number in numbers:
        rng = random.Random(0xa0de + number)
        sources.append(script(rng))
    with tempfile.TemporaryDirectory() as folder:
        # Lone surrogates survive as escapes.
        return execute(options, ['-e', BATCH], folder, json.dumps(sources).encode())

def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--runtime', required=True)
    options.add_argument('--count', type=int, default=10000)
    options.add_argument('--seconds', type=int, default=600)
    options.add_argument('--jobs', type=int, default=2)
    options.add_argument('--case', type=int)
    options = options.parse_args()
    options.runtime = os.path.abspath(options.runtime)
    if options.case is not None:
        rng = random.Random(0xa0de + options.case)
        print(repr(script(rng)))
        print(run_batch(options, [options.case]) if options.case % 10 < 6 else run_case(options, options.case))
        return
    end = time.monotonic() + options.seconds
    def hundred(first):
        if time.monotonic() > end:
            return 0, []
        numbers = range(first, min(first + 100, options.count))
        problems = []
        batch = [number for number in numbers if number % 10 < 6]
        problem = run_batch(options, batch)
        if problem:
            problems.append((f'one of {batch[0]} to {batch[-1]}', problem))
        for number in numbers:
            problem = run_case(options, number)
            if problem:
                problems.append((number, problem))
        return len(numbers), problems
    ran = failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for count, problems in pool.map(hundred, range(0, options.count, 100)):
            ran += count
            for number, problem in problems:
                failed += 1
                print(f'FAIL case {number}: {problem}')
    print(f'{ran} cases, {failed} failed')
    sys.exit(1 if failed else 0)

main()
