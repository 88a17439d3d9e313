#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# run-sample.sh FOLDER: opens the sample project in the window; with no display, writes its report and says where.
cd "$(dirname "$0")/.." || exit 1
folder=$1
project=$folder/sample.patron
cp -f "$folder/data/sample/sample.patron" "$project"
if [ -n "$DISPLAY$WAYLAND_DISPLAY" ]; then
  echo "Opening $project"
  exec meson devenv -C "$folder" patron "$PWD/$project"
fi
report=$folder/sample-report.pdf
meson devenv -C "$folder" patron-cli report "$PWD/$project" --to "$PWD/$report" || exit 1
echo "There is no display, so the sample project was analysed without the window."
echo "Its report lies at $PWD/$report"
