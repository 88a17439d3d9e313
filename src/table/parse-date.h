/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The rules by which a column's dates are read: one for the whole column. */
typedef enum
{
  PATRON_DATE_YMD,        /* 2024-01-31, 2024/1/31, 2024.01.31, 2024年1月31日 */
  PATRON_DATE_DMY,        /* 31/01/2024, 31.1.24 */
  PATRON_DATE_MDY,        /* 01/31/2024 */
  PATRON_DATE_NAMED,      /* 31 Jan 2024, January 31, 2024, Jan-24 is not one */
  PATRON_DATE_COMPACT,    /* 20240131 */
  PATRON_DATE_SHORT_YMD,  /* 24.01.31: two-digit year first */
  PATRON_DATE_N_RULES,
} PatronDateRule;

/* A date and perhaps a time, as written. */
typedef struct
{
  gint64   microseconds;  /* since 1970-01-01 00:00, in UTC when there was a zone */
  gint32   days;          /* the date alone */
  gboolean has_time;
  gboolean has_zone;
} PatronDateValue;

/* A two-digit year is 1969 … 2068. The time may follow a blank or 'T': H:MM, seconds, a fraction, AM or PM, a zone (Z, +02, +02:00). Blanks at
 * the ends are ignored; a weekday in front is. FALSE when the whole is not a date that exists under this rule. */
gboolean patron_parse_date (const char *text, gsize length, PatronDateRule rule, PatronDateValue *value);

/* Bits (1 << rule) of the rules that can read the text; *value is by the first of them. */
guint patron_classify_date (const char *text, gsize length, PatronDateValue *value);

/* H:MM, H:MM:SS, with a fraction, with "N days" in front; ISO 8601 "P1DT2H". Microseconds. */
gboolean patron_parse_duration (const char *text, gsize length, gint64 *microseconds);

const char *patron_date_rule_id    (PatronDateRule rule);   /* "ymd", "dmy", "mdy" … */
/* From an id or from a pattern such as "%d/%m/%Y" or "dd.mm.yyyy": the order of its letters decides. */
gboolean    patron_date_rule_from_text (const char *text, PatronDateRule *rule);
const char *patron_date_rule_label (PatronDateRule rule);   /* msgid: "day/month/year" */

G_END_DECLS
