#!/usr/bin/env python3
"""Runs the JavaScript tests: each file of builtins/*/tests (exit code 0 passes) and each folder of tests/programs
(main.js or main.mjs with expected.txt: its standard output, and 'exit CODE' in exit.txt if that is not 0).

    tests/run.py --runtime PATH [--only SUBSTRING] [--jobs 2]
"""
import argparse, concurrent.futures, os, subprocess, sys, tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')

def find():
    for builtin in sorted(os.listdir(os.path.join(ROOT, 'builtins'))):
        folder = os.path.join(ROOT, 'builtins', builtin, 'tests')
        if os.path.isdir(folder):
            for name in sorted(os.listdir(folder)):
                if name.endswith(('.js', '.mjs', '.cjs')):
                    yield f'{builtin}/{name}', os.path.join(folder, name), None
    folder = os.path.join(ROOT, 'tests', 'programs')
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        for main in ('main.js', 'main.mjs'):
            path = os.path.join(folder, name, main)
            if os.path.exists(path):
                yield f'programs/{name}', path, os.path.join(folder, name, 'expected.txt')

def run(runtime, name, path, expected):
    env = {k: v for k, v in os.environ.items() if not k.startswith(('NODE_', 'ANODE_'))}
    env.update(NO_COLOR='1', TZ='UTC', LC_ALL='C.UTF-8')
    want_code = 0
    code_file = os.path.join(os.path.dirname(path), 'exit.txt')
    if expected and os.path.exists(code_file):
        want_code = int(open(code_file).read().split()[-1])
    with tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run([runtime, path], cwd=os.path.dirname(path), env=env, stdin=subprocess.DEVNULL,
                                  stdout=out, stderr=subprocess.PIPE, timeout=60)
        except subprocess.TimeoutExpired:
            return name, 'timeout after 60 s'
        out.seek(0)
        text = out.read()
    if done.returncode != want_code:
        tail = done.stderr.decode('utf-8', 'replace').strip().splitlines()[:12]
        return name, f'exit code {done.returncode}\n      ' + '\n      '.join(tail)
    if expected and text != open(expected, 'rb').read():
        return name, 'standard output differs from expected.txt'
    return name, None

def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--runtime', required=True)
    options.add_argument('--only', default='')
    options.add_argument('--jobs', type=int, default=2)
    options = options.parse_args()
    tests = [test for test in find() if options.only in test[0]]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name, problem in pool.map(lambda test: run(options.runtime, *test), tests):
            if problem:
                failed += 1
                print(f'FAIL {name}: {problem}')
    print(f'{len(tests) - failed} passed, {failed} failed')
    sys.exit(1 if failed or not tests else 0)

main()
