#!/usr/bin/env python3
"""Runs the JavaScript tests: each file of builtins/*/tests (exit code 0 passes) and each folder of tests/programs
(main.js or main.mjs with expected.txt: its standard output, and 'exit CODE' in exit.txt if that is not 0).

    tests/run.py --runtime PATH [--only SUBSTRING,...] [--jobs 2] [--gc-stress]

--gc-stress: under forced collection (ANODE_GC_STRESS). Whether a test passes then is of less interest, as some ask how soon
things are collected or finish in time: only a process that was killed by a signal fails.
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

def run(options, name, path, expected):
    env = {k: v for k, v in os.environ.items() if not k.startswith(('NODE_', 'ANODE_'))}
    env.update(NO_COLOR='1', TZ='UTC', LC_ALL='C.UTF-8')
    if options.gc_stress:
        env.update(ANODE_GC_STRESS=str(options.gc_stress))
    want_code = 0
    code_file = os.path.join(os.path.dirname(path), 'exit.txt')
    if expected and os.path.exists(code_file):
        want_code = int(open(code_file).read().split()[-1])
    with tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run([options.runtime, path], cwd=os.path.dirname(path), env=env, stdin=subprocess.DEVNULL,
                                  stdout=out, stderr=subprocess.PIPE, timeout=options.timeout)
        except subprocess.TimeoutExpired:
            return name, None if options.gc_stress else f'timeout after {options.timeout} s'
        out.seek(0)
        text = out.read()
    if options.gc_stress and not crashed(done):
        return name, None
    if done.returncode != want_code:
        tail = done.stderr.decode('utf-8', 'replace').strip().splitlines()[:12]
        return name, f'exit code {done.returncode}\n      ' + '\n      '.join(tail)
    if expected and text != open(expected, 'rb').read():
        return name, 'standard output differs from expected.txt'
    return name, None

def crashed(done):
    """Whether the process, or one that it watched, was killed by a signal, or Rust panicked."""
    text = done.stderr
    return done.returncode < 0 or done.returncode in (132, 134, 135, 136, 139) or any(
        word in text for word in (b'SIGSEGV', b'SIGABRT', b'SIGBUS', b'SIGILL', b'internal error in a native', b'panicked at'))

def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--runtime', required=True)
    options.add_argument('--only', default='')
    options.add_argument('--jobs', type=int, default=2)
    options.add_argument('--gc-stress', type=int, nargs='?', const=101, default=0)
    options.add_argument('--timeout', type=int, default=60)
    options = options.parse_args()
    only = [part for part in options.only.split(',') if part] or ['']
    tests = [test for test in find() if any(part in test[0] for part in only)]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name, problem in pool.map(lambda test: run(options, *test), tests):
            if problem:
                failed += 1
                print(f'FAIL {name}: {problem}')
    print(f'{len(tests) - failed} passed, {failed} failed')
    sys.exit(1 if failed or not tests else 0)

main()
