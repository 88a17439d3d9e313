#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Lists the files with translatable strings in POTFILES and merges them into the translations.
set -e
cd "$(dirname "$0")/.."
grep -rlE '(^|[^A-Za-z0-9_])(_|N_|C_|NC_|ngettext|g_dngettext) ?\("|translatable="yes"' src ui --include='*.c' --include='*.h' --include='*.ui' | grep -vE '(param|text)\.h$' > po/POTFILES.new
ls data/*.desktop.in data/*.metainfo.xml.in 2>/dev/null >> po/POTFILES.new || true
LC_ALL=C sort -u po/POTFILES.new > po/POTFILES
rm po/POTFILES.new
xgettext --files-from=po/POTFILES --output=po/patron.pot --package-name=patron --from-code=UTF-8 --add-comments=Translators \
  --keyword=_ --keyword=Q_:1g --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 --keyword=ngettext:1,2 --keyword=g_dngettext:2,3 --keyword=patron_text:1 \
  --flag=N_:1:no-c-format --flag=patron_text:1:no-c-format
for language in $(cat po/LINGUAS); do
  [ -f "po/$language.po" ] || msginit --no-translator --input=po/patron.pot --locale="$language.UTF-8" --output-file="po/$language.po"
  msgmerge --quiet --update --backup=none --no-fuzzy-matching "po/$language.po" po/patron.pot
  msgfmt --check --statistics -o /dev/null "po/$language.po"
done
rm po/patron.pot
