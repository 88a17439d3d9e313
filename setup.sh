#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs, through the distribution's packages, what building, running and testing Patron needs and is not there yet.
# Debian 12 or later; elsewhere it says what is missing and lets the build try.
set -e

build='gcc libc6-dev meson ninja-build pkg-config gettext python3
  libgtk-4-dev libadwaita-1-dev libgtksourceview-5-dev libjson-glib-dev libsqlite3-dev libopenblas-dev liblapacke-dev libzstd-dev zlib1g-dev
  libxxhash-dev libicu-dev libxlsxwriter-dev libxml2-dev libarchive-dev libreadstat-dev libpq-dev libsecret-1-dev libglib2.0-dev-bin desktop-file-utils'
run='librsvg2-common adwaita-icon-theme gsettings-desktop-schemas'
# A font with Chinese characters, unless there is one already.
font='fonts-wqy-microhei'
test='xvfb xauth dbus poppler-utils appstream'

needed="$build $run"
[ "$1" = test ] && needed="$needed $test"
if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "setup.sh: this is not a Debian system; install the equivalents of: $needed $font" >&2
  exit 0
fi
if ! command -v fc-list >/dev/null 2>&1 || [ -z "$(fc-list :lang=zh-cn family 2>/dev/null)" ]; then
  needed="$needed $font"
fi

missing=
for package in $needed; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

root=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null 2>&1 || { echo "setup.sh: run as root once, to install:$missing" >&2; exit 1; }
  root=sudo
fi
echo "Installing:$missing"
$root apt-get update -q
# shellcheck disable=SC2086
$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
