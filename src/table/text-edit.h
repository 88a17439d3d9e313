/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Small changes to a text, in Unicode: lengths and positions count characters. All take valid UTF-8 and return a new string (g_free). */

char *patron_text_trim           (const char *text);                               /* blanks at the ends, also full-width and no-break ones */
char *patron_text_squeeze        (const char *text);                               /* trimmed, and runs of blanks become one plain blank */
char *patron_text_proper         (const char *text);                               /* Each Word Begins With A Capital */
/* from: the first character, counted from 1, or from the end when negative (-1 is the last). */
char *patron_text_substring      (const char *text, gint64 from, gint64 count);
char *patron_text_right          (const char *text, gint64 count);
/* To at least width characters, with fill (one character or more, repeated and cut). */
char *patron_text_pad            (const char *text, gint64 width, const char *fill, gboolean left);
/* The k-th part between delimiters, from 1, or from the end when negative; NULL when there are fewer. */
char *patron_text_split_part     (const char *text, const char *delimiter, gint64 k);
char *patron_text_replace        (const char *text, const char *from, const char *to);   /* from is not empty */
char *patron_text_half_width     (const char *text);                               /* full-width ASCII and blanks become plain */
char *patron_text_no_accents     (const char *text);                               /* é → e; letters that are no letter with a mark stay */
char *patron_text_no_punctuation (const char *text);

/* Whether the whole text reads as true or false: true/false, yes/no, t/f, y/n, on/off, 1/0, 是/否, 真/假 in any case. -1: neither. */
int   patron_text_to_boolean     (const char *text);

/* A pattern as people write them (Perl's syntax), with limits, so that one that backtracks without end fails instead of stopping the
 * program. NULL with error when it cannot be understood. */
GRegex *patron_regex_new (const char *pattern, gboolean ignore_case, GError **error);

G_END_DECLS
