#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Golden cases in the product's own language. Speaks TAP.

Each folder here is a case:

  recipe         what to run (a recipe file); its source is input.csv beside it
  input.csv      the data
  expected.json  what must come out:
    "source"     where the numbers come from: the program that made them, independent of Patron
    "figures"    {"name": value} or {"name": [value, tolerance]} (relative; default 1e-8)
    "tables"     {"id": {"key": "column", "rows": {"key value": {"column": value or [value, tolerance]}}}}
    "rows"       {"read": n, "used": n}
    "status"     exit status if not 0, with
    "error"      words that the one sentence on standard error must hold
  OTHER.csv      optional: other tables that the recipe names
  expected.csv   optional: the table the run writes (--to), compared cell by cell, numbers to 12 digits
"""
import csv
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def differs(expected, found):
    value, tolerance = expected if isinstance(expected, list) else (expected, 1e-8)
    if isinstance(value, str) or value is None:
        return found != value
    if not isinstance(found, (int, float)):
        return True
    return not math.isclose(found, value, rel_tol=tolerance, abs_tol=tolerance * 1e-3)


def faults_of(expected, found):
    for name, value in expected.get('figures', {}).items():
        if differs(value, found['figures'].get(name)):
            yield f'figure {name}: expected {value}, found {found["figures"].get(name)}'
    for name, value in expected.get('rows', {}).items():
        if found['rows'][name] != value:
            yield f'rows {name}: expected {value}, found {found["rows"][name]}'
    tables = {table['id']: table for table in found['tables']}
    for name, wanted in expected.get('tables', {}).items():
        if name not in tables:
            yield f'no table {name}'
            continue
        columns = [column['id'] if isinstance(column, dict) else column for column in tables[name]['columns']]
        key = columns.index(wanted['key'])
        rows = {str(row[key]): dict(zip(columns, row)) for row in tables[name]['rows']}
        for row, cells in wanted['rows'].items():
            for column, value in cells.items():
                cell = rows.get(row, {}).get(column)
                if differs(value, cell):
                    yield f'table {name}, row {row}, column {column}: expected {value}, found {cell}'


def read_table(path):
    with open(path, encoding='utf-8', newline='') as file:
        return list(csv.reader(file))


def same_cell(expected, found):
    try:
        return math.isclose(float(expected), float(found), rel_tol=1e-12, abs_tol=1e-12)
    except ValueError:
        return expected == found


def table_faults(expected, found):
    if len(expected) != len(found) or expected[0] != found[0]:
        yield f'expected {len(expected) - 1} rows of {expected[0]}, found {len(found) - 1} of {found[0]}'
        return
    for number, (wanted, row) in enumerate(zip(expected[1:], found[1:]), 1):
        for name, a, b in zip(expected[0], wanted, row):
            if not same_cell(a, b):
                yield f'row {number}, column {name}: expected {a!r}, found {b!r}'


def run(cli, folder, expected):
    table = os.path.join(folder, 'expected.csv')
    others = [name for name in os.listdir(folder) if name not in ('recipe', 'input.csv', 'expected.json', 'expected.csv')]
    with tempfile.TemporaryDirectory() as scratch:
        for name in others:
            shutil.copy(os.path.join(folder, name), scratch)
        written = os.path.join(scratch, 'written.csv')
        to = ['--to', written] if os.path.exists(table) else []
        result = subprocess.run([cli, 'run', os.path.join(folder, 'recipe'), os.path.join(folder, 'input.csv'), '--json', *to],
                                capture_output=True, text=True, cwd=scratch, timeout=100)
        if to and result.returncode == 0:
            yield from table_faults(read_table(table), read_table(written))
            os.remove(written)
        left = sorted(set(os.listdir(scratch)) - set(others))
        if left:
            yield f'left files behind: {left}'
    status = expected.get('status', 0)
    if result.returncode != status:
        yield f'exit status {result.returncode}, expected {status}: {result.stderr.strip()}'
        return
    if status != 0:
        if len(result.stderr.strip().split('\n')) != 1:
            yield f'not one sentence: {result.stderr}'
        for words in expected.get('error', []):
            if words not in result.stderr:
                yield f'error lacks “{words}”: {result.stderr.strip()}'
        return
    yield from faults_of(expected, json.loads(result.stdout))


def main():
    cli = os.path.abspath(sys.argv[1])
    cases = sorted(name for name in os.listdir(HERE) if os.path.exists(os.path.join(HERE, name, 'expected.json')))
    print(f'1..{len(cases)}')
    failed = False
    for number, name in enumerate(cases, 1):
        folder = os.path.join(HERE, name)
        with open(os.path.join(folder, 'expected.json'), encoding='utf-8') as file:
            expected = json.load(file)
        faults = list(run(cli, folder, expected))
        for fault in faults:
            print(f'# {fault}')
        print(f'{"not ok" if faults else "ok"} {number} {name}')
        failed = failed or bool(faults)
    sys.exit(1 if failed else 0)


main()
