/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers written plainly: an optional sign, digits, '.' and digits, an exponent. Nothing around them, whatever the locale. */

/* The double nearest to text[0 … length-1] (ties to even), as strtod() in the C locale gives it. FALSE when the bytes are not wholly such
 * a number. "inf", "infinity" in any case and with a sign are understood; "nan" is not: it is a missing value.
 * Method: D. Lemire, "Number parsing at a gigabyte per second", Software: Practice and Experience 51(8), 2021. */
gboolean patron_parse_double (const char *text, gsize length, double *value);

/* At most 18 digits, so that nothing can overflow; more are refused. */
gboolean patron_parse_int64 (const char *text, gsize length, gint64 *value);

/* mantissa · 10^exponent rounded to nearest, for any mantissa. */
double patron_decimal_to_double (guint64 mantissa, gint64 exponent);

/* The 128 leading bits of 10^exponent (-292 … 324), rounded up. */
void patron_power_of_ten_above (int exponent, guint64 *high, guint64 *low);

/* How numbers are written in a column. */
typedef struct
{
  char decimal;         /* '.' or ',' */
  char grouping;        /* between groups of three digits: '.', ',', '\'' or ' ' (also the no-break spaces); '\0': none */
} PatronNumberForm;

/* What patron_parse_decorated() found around the digits. */
typedef struct
{
  double   value;
  guint    currency;    /* 1 + index into patron_currency_signs, 0 for none */
  gboolean percent;
  gboolean grouped;     /* there was a grouping mark */
  gboolean marked;      /* there was a decimal mark or an exponent's sign: surely a number, not a code */
  gboolean code_like;   /* leading zeros, or over 18 digits: would lose something as a number */
  gboolean exponent_like; /* 12E5: a number or a code */
  gboolean integer;     /* no decimal mark and no exponent */
  gboolean zero_fraction; /* at most 15 digits followed by ".0" */
} PatronNumber;

extern const char *const patron_currency_signs[];   /* NULL-terminated */

/* As people write them: "1,234.50", "1 234,5", "$1.50", "12 %", "(1.50)", "-€3". Blanks at the ends are ignored. Grouping must be every three digits. */
gboolean patron_parse_decorated (const char *text, gsize length, PatronNumberForm form, PatronNumber *number);

G_END_DECLS
