#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh FOLDER [WORKLOAD ...]: what "make bench" does.
here=$(dirname "$0")
folder=$1
shift
exec python3 "$here/compare.py" "$folder/tests/bench/bench" "$@"
