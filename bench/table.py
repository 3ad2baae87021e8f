"""Runs each program several times with each runtime, interleaved, and prints the best of each as one table."""
import os, re, resource, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
RUNTIMES = sys.argv[1:]
ROUNDS = 7
# Programs whose time and memory as a whole count: name, rounds, title.
WHOLE = [('empty.js', ROUNDS * 2, 'start empty.js'), ('modules.js', ROUNDS * 2, 'start modules.js'),
         ('copy.js', 2, '1 GiB through a transform')]


def run(runtime, program):
    """Wall time in ms, peak memory in KiB, standard output."""
    begin = time.perf_counter()
    child = subprocess.Popen([runtime, os.path.join(HERE, program)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = child.stdout.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    elapsed = (time.perf_counter() - begin) * 1000
    return elapsed if status == 0 else None, usage.ru_maxrss, out


def row(name, unit, values):
    base = values[1] if len(values) > 1 else None
    cells = []
    for value in values:
        if value is None:
            cells.append(f'{"fails":>18}')
        else:
            ratio = f'({value / base:.2f})' if base else ''
            cells.append(f'{value:>10.2f} {ratio:>7}')
    print(f'{name:<36}{unit:<6}' + ''.join(cells))


def main():
    print(f'{"":<42}' + ''.join(f'{os.path.basename(os.path.dirname(r)) + "/" + os.path.basename(r):>18}' for r in RUNTIMES))
    for program, rounds, title in WHOLE:
        best = [None] * len(RUNTIMES)
        memory = [None] * len(RUNTIMES)
        for _ in range(rounds):
            for index, runtime in enumerate(RUNTIMES):
                elapsed, peak, _out = run(runtime, program)
                if elapsed is None:
                    continue
                best[index] = min(best[index] or elapsed, elapsed)
                memory[index] = min(memory[index] or peak, peak)
        row(title, 'ms', best)
        row(f'{title}, memory', 'MiB', [m and m / 1024 for m in memory])
    for program in sorted(name for name in os.listdir(HERE) if name.endswith('.js') and name not in [program for program, _, _ in WHOLE]):
        results = {}
        for _ in range(ROUNDS):
            for index, runtime in enumerate(RUNTIMES):
                _elapsed, _peak, out = run(runtime, program)
                for name, value in re.findall(r'^(.+?)\t([\d.]+)$', out, re.M):
                    best = results.setdefault(name, [None] * len(RUNTIMES))
                    best[index] = min(best[index] or float(value), float(value))
        for name, values in results.items():
            row(name, 'ns', values)


main()
