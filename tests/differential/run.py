#!/usr/bin/env python3
"""Runs each program of this folder under two runtimes and shows where their outputs differ.

    tests/differential/run.py --runtime PATH --node PATH [--only messages] [--show 20]

A difference that is known and stays (the engines have different syntax, say) is a line of known.txt: the text of the line that
the program prints up to its result, as it is shown here.
"""
import argparse, itertools, os, subprocess, sys

ROOT = os.path.dirname(os.path.abspath(__file__))

def output(runtime, path):
    done = subprocess.run([runtime, '--no-warnings', path], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=300)
    if done.returncode != 0:
        sys.stderr.write(f'{runtime} {path}: exit code {done.returncode}\n{done.stderr.decode("utf-8", "replace")[-2000:]}\n')
    return done.stdout.decode('utf-8', 'replace').split('\n')

def blocks(lines):
    """Lines below a '--- title' belong together."""
    if not any(line.startswith('--- ') for line in lines):
        return [line for line in lines if line]
    result = []
    for line in lines:
        if line.startswith('--- ') or not result:
            result.append(line)
        else:
            result[-1] += '\n' + line
    return result

def titles(lines):
    return [line.split('\n')[0].split('  ->  ')[0] for line in lines]

def pairs(ours, theirs):
    """Lines with the same title, if titles tell lines apart; else lines with the same number. None: the other has no such line."""
    mine, node = dict(zip(titles(ours), ours)), dict(zip(titles(theirs), theirs))
    if len(mine) == len(ours) and len(node) == len(theirs):
        return [(mine.get(title), node.get(title)) for title in [*node, *(title for title in mine if title not in node)]]
    return itertools.zip_longest(ours, theirs)

def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--runtime', required=True)
    options.add_argument('--node', required=True)
    options.add_argument('--only', default='')
    options.add_argument('--show', type=int, default=1000000)
    options = options.parse_args()
    known_file = os.path.join(ROOT, 'known.txt')
    known = set(open(known_file, encoding='utf-8').read().split('\n')) if os.path.exists(known_file) else set()
    total = 0
    for name in sorted(os.listdir(ROOT)):
        if not name.endswith('.js') or options.only not in name:
            continue
        path = os.path.join(ROOT, name)
        ours, theirs = blocks(output(options.runtime, path)), blocks(output(options.node, path))
        different = 0
        for mine, node in pairs(ours, theirs):
            if mine == node or titles([node or mine])[0] in known:
                continue
            different += 1
            if different <= options.show:
                print(f'ours: {mine}\nnode: {node}\n')
        print(f'{name}: {len(theirs)} compared, {different} differ')
        total += different
    sys.exit(1 if total else 0)

main()
