/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "table/dict.h"

G_BEGIN_DECLS

/* The order in which people look things up: by the rules of the language in force (LC_COLLATE), as ICU knows them. Where these rules say
 * nothing of Chinese, it comes after other scripts and is ordered by pinyin. Strings that the rules hold equal are ordered by their bytes. */

/* ranks[code] = place of string `code` among all of the dictionary's, from 0. patron_free() it. */
guint32 *patron_dict_ranks (PatronDict *dict, PatronRun *run, GError **error);

G_END_DECLS
