#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patron beside other programs, on the same files and threads, in one run.

  compare.py BENCH [WORKLOAD ...]

PATRON_BENCH_DATA  the folder with the files (see tests/bench/bench.c for their format)
PATRON_PEERS       a program that runs the others: "PEERS run WORKLOAD --data FOLDER --threads N --reps 1" prints one JSON line a peer
PATRON_ROUNDS      rounds, each running everything once, in turn (3)
PATRON_THREADS     threads (2)

Prints for each program the median seconds of the work itself (loading excluded), memory above what was there before, quality, and the ratio to
Patron of the medians.
"""
import json
import os
import statistics
import subprocess
import sys

WORKLOADS = ['csv', 'linreg', 'logreg', 'forest', 'gbm', 'kmeans8', 'kmeans50', 'itemknn', 'describe', 'corr', 'groupby', 'groupmany', 'sort', 'sorttext', 'join']


def lines_of(command):
    result = subprocess.run(command, capture_output=True, text=True)
    for line in result.stdout.split('\n'):
        if line.startswith('{'):
            yield json.loads(line)
    if result.returncode != 0:
        print(f'  {" ".join(command)}: {(result.stderr.strip().splitlines() or ["failed"])[-1]}', file=sys.stderr)


def measure(bench, data, peers, threads, rounds, workload):
    found = {}
    for _ in range(rounds):
        commands = [[bench, workload, data, threads]]
        if peers:
            commands.append([peers, 'run', workload, '--data', data, '--threads', threads, '--reps', '1'])
        for command in commands:
            for line in lines_of(command):
                if 'seconds_median' in line:
                    found.setdefault(line['peer'], []).append(line)
    return found


def memory(line):
    return line.get('memory_mb', line.get('peak_rss_mb', 0) - line.get('rss_before_mb', 0))


def processor(runs):
    """Seconds of processor time, which other work on the machine does not stretch."""
    known = [line['seconds_cpu'] for line in runs if 'seconds_cpu' in line]
    return f'{statistics.median(known):8.3f} s CPU' if known else ' ' * 14


def main():
    if len(sys.argv) < 2 or 'PATRON_BENCH_DATA' not in os.environ:
        print('make bench needs PATRON_BENCH_DATA, the folder with the files (and PATRON_PEERS to compare with other programs).', file=sys.stderr)
        return 2
    bench, data = sys.argv[1], os.environ['PATRON_BENCH_DATA']
    peers, threads = os.environ.get('PATRON_PEERS'), os.environ.get('PATRON_THREADS', '2')
    rounds = int(os.environ.get('PATRON_ROUNDS', '3'))
    if not peers:
        print('PATRON_PEERS is not set: Patron alone.')
    for workload in sys.argv[2:] or WORKLOADS:
        found = measure(bench, data, peers, threads, rounds, workload)
        own = statistics.median(line['seconds_median'] for line in found['patron']) if 'patron' in found else None
        print(f'\n{workload} ({rounds} rounds, {threads} threads)')
        for name, runs in sorted(found.items(), key=lambda item: statistics.median(line['seconds_median'] for line in item[1])):
            seconds = statistics.median(line['seconds_median'] for line in runs)
            ratio = f'{seconds / own:6.2f} ×' if own else ''
            quality = ', '.join(f'{key} {value}' for key, value in (runs[-1].get('quality') or {}).items() if key != 'note')
            print(f'  {name:24s} {seconds:9.3f} s {ratio} {processor(runs)} {statistics.median(memory(line) for line in runs):8.0f} MB  {quality}')
    return 0


sys.exit(main())
