#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# run.sh PATRON STEPS FILE...: a journey through the window. The program that PATRON_GUI_DRIVER names is called as
# DRIVER STEPS -- PATRON FILE... in a new working folder. Exit status 77 (skipped) where it names none.
if [ -z "$PATRON_GUI_DRIVER" ]; then
  echo "SKIPPED: set PATRON_GUI_DRIVER to a program that runs steps files to walk through the window."
  exit 77
fi
patron=$(realpath "$1") steps=$(realpath "$2")
shift 2
for file; do
  set -- "$@" "$(realpath "$file")"
  shift
done
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder" || exit 1
"$PATRON_GUI_DRIVER" "$steps" -- "$patron" "$@" || exit 1
case $steps in *report*) ;; *) exit 0 ;; esac
if [ "$(head -c 5 report.pdf)" != "%PDF-" ]; then
  echo "report.pdf is not a PDF document"
  exit 1
fi
