#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# run-tests.sh FOLDER [meson options]: configures, builds and tests; the last line is "N passed, N failed".
cd "$(dirname "$0")/.." || exit 1
folder=$1
shift
if [ ! -d "$folder" ]; then
  meson setup "$folder" "$@" || exit 1
fi
ninja -C "$folder" || exit 1
meson test -C "$folder" --print-errorlogs --no-rebuild
status=$?
# One line of JSON for each test program; a program that speaks TAP counts once for each of its tests.
python3 - "$folder/meson-logs/testlog.junit.xml" "$folder/meson-logs/testlog.json" <<'P'
import json
import sys
import xml.etree.ElementTree as tree
passed = failed = skipped = 0
for suite in tree.parse(sys.argv[1]).getroot().iter('testsuite'):
    for case in suite.iter('testcase'):
        if case.find('failure') is not None or case.find('error') is not None:
            failed += 1
        elif case.find('skipped') is not None:
            skipped += 1
        else:
            passed += 1
# A program that ends before its time has no failed case, but has failed all the same.
broken = sum(json.loads(line)['result'] in ('FAIL', 'ERROR', 'TIMEOUT', 'INTERRUPT') for line in open(sys.argv[2]))
failed = max(failed, broken)
if skipped:
    print(f'{skipped} skipped')
print(f'{passed} passed, {failed} failed')
sys.exit(failed > 0 or passed == 0)
P
counted=$?
[ $status -eq 0 ] && [ $counted -eq 0 ]
