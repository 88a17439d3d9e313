#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of the house that a compiler cannot check. Speaks TAP.

  layers     a file includes only from its own folder or from one further down the list below
  licence    every source file names its licence in the first line
  potfiles   every file with translatable strings is in po/POTFILES, and every file there exists
  registry   every operation's file is named by ops/registry.def
  gtk        only app/ includes GTK
"""
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
LAYERS = ['base', 'table', 'report', 'math', 'ops', 'draw', 'project', 'cli', 'app']
# The two front ends do not know each other.
PEERS = {('app', 'cli'), ('cli', 'app')}
MARK = re.compile(r'(?<![A-Za-z0-9_])(?:_|N_|C_|NC_|ngettext|g_dngettext)\s*\(\s*"|translatable="yes"')


def files(*folders, endings=('.c', '.h', '.py', '.ui', '.def', '.css')):
    for folder in folders:
        for path, _, names in sorted(os.walk(os.path.join(ROOT, folder))):
            for name in sorted(names):
                if name.endswith(endings) or name == 'meson.build':
                    yield os.path.relpath(os.path.join(path, name), ROOT)


def text(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as file:
        return file.read()


def layers():
    for path in files('src', endings=('.c', '.h')):
        parts = path.split(os.sep)
        if len(parts) < 3:
            continue
        own = parts[1]
        if own not in LAYERS:
            yield f'{path}: folder {own} is not in the list of layers'
            continue
        for included in re.findall(r'^#include "([a-z]+)/[^"]*"', text(path), re.M):
            if included not in LAYERS:
                yield f'{path}: includes from unknown folder {included}'
            elif LAYERS.index(included) > LAYERS.index(own) or (own, included) in PEERS:
                yield f'{path}: {own} must not include from {included}'
        for bare in re.findall(r'^#include "([^/"]+)"', text(path), re.M):
            if bare != 'config.h':
                yield f'{path}: include "{bare}" lacks its folder'


def gtk():
    for path in files('src', endings=('.c', '.h')):
        if not path.startswith(os.path.join('src', 'app')) and path != os.path.join('src', 'main-app.c') and re.search(r'#include <(gtk|gdk|gsk|adwaita)', text(path)):
            yield f'{path}: includes GTK outside app/'


def licence():
    for path in files('src', 'tests', 'data', 'ui', endings=('.c', '.h', '.py', '.def')):
        first = text(path).split('\n')[:2]
        if not any('SPDX-License-Identifier: GPL-3.0-or-later' in line for line in first):
            yield f'{path}: no SPDX line at the top'


def potfiles():
    listed = [line for line in text('po/POTFILES').split('\n') if line and not line.startswith('#')]
    for path in listed:
        if not os.path.exists(os.path.join(ROOT, path)):
            yield f'po/POTFILES: {path} does not exist'
    if listed != sorted(listed):
        yield 'po/POTFILES: not sorted'
    for path in files('src', 'ui', endings=('.c', '.h', '.ui')):
        if MARK.search(text(path)) and path not in listed and not path.endswith('param.h') and not path.endswith('text.h'):
            yield f'{path}: has translatable strings but is not in po/POTFILES'


def registry():
    named = {f'{folder}/{name.replace("_", "-")}.c' for folder, name in re.findall(r'^PATRON_OPERATION \(([a-z]+), ([a-z_0-9]+)\)', text('src/ops/registry.def'), re.M)}
    found = {os.path.relpath(path, os.path.join('src', 'ops')) for path in files('src/ops', endings=('.c',)) if re.search(r'^const PatronOp patron_op_', text(path), re.M)}
    # The template is there to be copied.
    for path in sorted(found - named - {'template.c'}):
        yield f'src/ops/{path}: not in src/ops/registry.def'
    for path in sorted(named - found):
        yield f'src/ops/registry.def: no operation in src/ops/{path}'


def sentences():
    """GLib's macros for sizes end a sentence for whoever collects it for translation; %zu and PRI… do not."""
    cut = re.compile(r'(?:\b_|\bN_|ngettext) ?\((?:[^()";]|"(?:[^"\\]|\\.)*")*G_G(?:SIZE|SSIZE|INT64|UINT64|OFFSET)_?FORMAT')
    for path in files('src', endings=('.c', '.h')):
        for match in cut.finditer(text(path)):
            line = text(path)[:match.start()].count('\n') + 1
            yield f'{path}:{line}: a translatable sentence is cut by a GLib format macro; use %zu or PRI…'


def ids():
    """What recipes and the command line call an operation never changes, so it must be right from the start."""
    for path in files('src/ops', endings=('.c',)):
        for name in re.findall(r'^  \.id = "([^"]*)"', text(path), re.M):
            if not re.fullmatch(r'[a-z][a-z0-9]*(-[a-z0-9]+)*', name):
                yield f'{path}: the id “{name}” is not of small letters, digits and dashes'


CHECKS = [layers, gtk, licence, potfiles, registry, sentences, ids]
print(f'1..{len(CHECKS)}')
failed = False
for number, check in enumerate(CHECKS, 1):
    faults = list(check())
    for fault in faults:
        print(f'# {fault}')
    print(f'{"not ok" if faults else "ok"} {number} {check.__name__}')
    failed = failed or bool(faults)
sys.exit(1 if failed else 0)
