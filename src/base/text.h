/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A sentence as data: a msgid with named places and the values for them. Reports hold sentences this way, so that the
 * same stored report reads in Chinese or in English, with each locale's numbers, years later.
 *
 *   patron_text (N_("{customers} customers spent {money}, {share} of it in the last year."),
 *                "customers", PATRON_COUNT (n), "money", PATRON_MONEY (sum), "share", PATRON_PERCENT (f), NULL);
 *
 * "{n|order|orders}" stands for one of the two words, by the count n, in languages that need it: "{n} {n|order|orders}". Translators
 * drop it. A place that no value is given for stays as it is. Strings that are not UTF-8 are made so. */
typedef struct _PatronText PatronText;

typedef enum
{
  PATRON_FORMAT_TEXT,      /* a string from the data, never translated */
  PATRON_FORMAT_MSGID,     /* a string of ours, translated when drawn */
  PATRON_FORMAT_COUNT,     /* 1,234 */
  PATRON_FORMAT_NUMBER,    /* four significant digits, grouped: 12.35, 1,234,567, 0.001235 */
  PATRON_FORMAT_EXACT,     /* as many digits as needed, no grouping: years, codes, parameters */
  PATRON_FORMAT_PERCENT,   /* 0.1234 → 12.3%; with a space where the language puts one */
  PATRON_FORMAT_MONEY,     /* two decimals below 1,000, none above, grouped */
  PATRON_FORMAT_DATE,      /* days since 1970-01-01 → 2011-02-28 */
  PATRON_FORMAT_TIME,      /* microseconds since 1970-01-01 → 2011-02-28 17:04 */
  PATRON_FORMAT_P_VALUE,   /* 0.043, < 0.001 */
  PATRON_FORMAT_SECONDS,   /* 0.35 s, 2 min 5 s */
  PATRON_FORMAT_BYTES,     /* 1.2 GB */
} PatronFormat;

#define PATRON_COUNT(v)   PATRON_FORMAT_COUNT, (double) (v)
#define PATRON_NUMBER(v)  PATRON_FORMAT_NUMBER, (double) (v)
#define PATRON_EXACT(v)   PATRON_FORMAT_EXACT, (double) (v)
#define PATRON_PERCENT(v) PATRON_FORMAT_PERCENT, (double) (v)
#define PATRON_MONEY(v)   PATRON_FORMAT_MONEY, (double) (v)
#define PATRON_DATE(v)    PATRON_FORMAT_DATE, (double) (v)
#define PATRON_TIME(v)    PATRON_FORMAT_TIME, (double) (v)
#define PATRON_P_VALUE(v) PATRON_FORMAT_P_VALUE, (double) (v)
#define PATRON_SECONDS(v) PATRON_FORMAT_SECONDS, (double) (v)
#define PATRON_BYTES(v)   PATRON_FORMAT_BYTES, (double) (v)
#define PATRON_STRING(s)  PATRON_FORMAT_TEXT, (const char *) (s)
#define PATRON_MSGID(s)   PATRON_FORMAT_MSGID, (const char *) (s)

PatronText *patron_text       (const char *msgid, ...) G_GNUC_NULL_TERMINATED;
PatronText *patron_text_plain (const char *string);            /* data: not translated */
PatronText *patron_text_copy  (const PatronText *text);
void        patron_text_free  (PatronText *text);
gboolean    patron_text_equal (const PatronText *a, const PatronText *b);   /* NULL equals NULL only */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronText, patron_text_free)

/* In the language in force now. Owned by the caller; "" for NULL. */
char *patron_text_render (const PatronText *text);

/* Parts, for storing and comparing. */
const char  *patron_text_get_msgid (const PatronText *text);
gboolean     patron_text_is_plain  (const PatronText *text);
guint        patron_text_n_args    (const PatronText *text);
const char  *patron_text_arg_name  (const PatronText *text, guint i);
PatronFormat patron_text_arg_format (const PatronText *text, guint i);
double       patron_text_arg_number (const PatronText *text, guint i);
const char  *patron_text_arg_string (const PatronText *text, guint i);
/* Rebuilding from storage: starts with a msgid, then one call for each argument. */
PatronText  *patron_text_begin      (const char *msgid, gboolean plain);
void         patron_text_add_number (PatronText *text, const char *name, PatronFormat format, double value);
void         patron_text_add_string (PatronText *text, const char *name, PatronFormat format, const char *value);

/* One value in the locale's form: its decimal sign, digits grouped in threes by its separator (a comma where it has none). "–" for
 * not-a-number. TEXT and MSGID count as NUMBER. Owned by the caller. */
char *patron_format_number (PatronFormat format, double value);

const char  *patron_format_id   (PatronFormat format);            /* "count", "percent" … for storage */
PatronFormat patron_format_from_id (const char *id);              /* PATRON_FORMAT_NUMBER when unknown */

G_END_DECLS
