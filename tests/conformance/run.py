#!/usr/bin/env python3
"""Runs Node's own tests from a checked-out test directory and prints a table by area.

    run.py --tests DIR --runtime PATH [--areas a,b] [--jobs 2] [--names]

DIR is Node's `test/` directory (parallel/, es-module/, common/, fixtures/ ...), kept outside of this tree. A test passes when its
process exits with code 0 in time and did not print Node's whole-file skip line. Areas are the second word of a file's name
(test-AREA-...) or its folder. Tests that need Node's internals (--expose-internals, internalBinding) are left out.
"""
import argparse, collections, concurrent.futures, os, re, signal, subprocess, sys, tempfile

FOLDERS = ['parallel', 'sequential', 'es-module', 'module-hooks', 'async-hooks']
INTERNAL = re.compile(r"--expose[-_]internals|--allow[-_]natives|internalBinding\(|require\('internal/")


def tests(root):
    for folder in FOLDERS:
        path = os.path.join(root, folder)
        for name in sorted(os.listdir(path)) if os.path.isdir(path) else []:
            if not re.match(r'test-.*\.(js|mjs|cjs)$', name):
                continue
            file = os.path.join(path, name)
            source = open(file, encoding='utf-8', errors='replace').read()
            if INTERNAL.search(source):
                continue
            flags = re.findall(r'^// Flags:(.*)$', source, re.M)
            area = folder if folder not in ('parallel', 'sequential') else re.split(r'[-.]', name[5:])[0]
            yield area, file, ' '.join(flags).split()


def run(runtime, root, test):
    area, file, flags = test
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryFile() as out:
        env = dict(os.environ, NODE_TEST_DIR=scratch)
        child = subprocess.Popen([runtime, *flags, file], cwd=os.path.dirname(root.rstrip('/')), env=env, stdin=subprocess.DEVNULL,
                                 stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            code = child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            code = None
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()
        out.seek(0)
        skipped = b'1..0 # Skipped' in out.read(1 << 20)
    return area, file, 'skip' if skipped else 'pass' if code == 0 else 'fail'


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--tests', required=True)
    options.add_argument('--runtime', required=True)
    options.add_argument('--areas', default='')
    options.add_argument('--jobs', type=int, default=2)
    options.add_argument('--names', action='store_true', help='print the names of tests that do not pass')
    options = options.parse_args()
    wanted = {area for area in options.areas.split(',') if area}
    chosen = [test for test in tests(options.tests) if not wanted or test[0] in wanted]
    if not chosen:
        sys.exit('no test found: is --tests Node\'s test directory?')
    table = collections.defaultdict(collections.Counter)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for area, file, outcome in pool.map(lambda test: run(os.path.abspath(options.runtime), options.tests, test), chosen):
            table[area][outcome] += 1
            if options.names and outcome != 'pass':
                print(outcome, os.path.relpath(file, options.tests))
    total = collections.Counter()
    for area in sorted(table):
        total.update(table[area])
        count = table[area]
        print(f"{area:<24}{count['pass']:>5} pass {count['fail']:>5} fail {count['skip']:>5} skip")
    print(f"{total['pass']} passed, {total['fail']} failed, {total['skip']} skipped")


main()
