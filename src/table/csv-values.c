/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-columns-private.h"

#include <math.h>

#include "table/csv-wide.h"
#include "table/parse-plain.h"

/* Numbers, dates, times and truth values from fields into their places. */

/* The value cannot be read by the plan: TRUE to go on with a missing value. */
static gboolean
refuse (PatronCsvSink *sink, const PatronMissingTokens *missing, const char *text, gsize length)
{
  if (patron_csv_is_missing (missing, text, length, TRUE))
    return TRUE;
  if (sink->plan.given)
    {
      g_atomic_int_inc (&sink->n_refused);
      return TRUE;
    }
  g_atomic_int_set (&sink->failed, 1);
  return FALSE;
}

/* A sign of another unit than the column's makes it another kind of number. */
static inline gboolean
fits_unit (const PatronColumnPlan *plan, const PatronNumber *number)
{
  return plan->given || ((number->currency == 0 || number->currency == plan->currency) && number->percent == plan->percent);
}

static gboolean
decorated_integer (const PatronCsvSink *sink, const char *text, gsize length, gint64 *value)
{
  PatronNumber number;
  if (!patron_parse_decorated (text, length, sink->plan.form, &number) || !(number.integer || number.zero_fraction || sink->plan.given)
      || !fits_unit (&sink->plan, &number) || (number.code_like && !sink->plan.given) || !(fabs (number.value) < 9.2e18))
    return FALSE;
  /* Over 2^53 the double has lost digits: read those alone. */
  char digits[32];
  gsize n = 0;
  if (fabs (number.value) < 9007199254740992.0)
    {
      *value = (gint64) number.value;
      return *value == number.value || !sink->plan.given;
    }
  for (gsize i = 0; i < length && n < sizeof digits; i++)
    if (text[i] == sink->plan.form.decimal)
      break;
    else if (g_ascii_isdigit (text[i]))
      digits[n++] = text[i];
  if (!patron_parse_int64 (digits, n, value))
    return FALSE;
  if (number.value < 0)
    *value = -*value;
  return TRUE;
}

/* Leading zeros, or so many digits that some would be lost. */
static inline gboolean
may_be_code (const char *text, gsize length)
{
  gsize sign = *text == '-';
  return (length > sign + 1 && text[sign] == '0' && text[sign + 1] != '.') || (length > 18 && memchr (text, '.', length) == NULL);
}

static gboolean
parse_number (const PatronColumnPlan *plan, const char *text, gsize length, double *value)
{
  guint64 mantissa;
  gsize places;
  gboolean negative;
  if (plan->form.decimal == '.' && !plan->percent && patron_plain_long_decimal (text, length, &mantissa, &places, &negative))
    {
      const double size = patron_decimal_to_double (mantissa, -(gint64) places);
      *value = negative ? -size : size;
      return TRUE;
    }
  if (plan->form.decimal == '.' && !plan->percent && !may_be_code (text, length) && patron_parse_double (text, length, value))
    return TRUE;
  PatronNumber number;
  if (!patron_parse_decorated (text, length, plan->form, &number))
    return FALSE;
  *value = number.value;
  return fits_unit (plan, &number) && (!number.code_like || plan->given);
}

static inline gboolean
parse_days (const PatronColumnPlan *plan, const char *text, gsize length, gint32 *days)
{
  if (length == 10 && plan->rule == PATRON_DATE_YMD && patron_plain_date (text, days))
    return TRUE;
  PatronDateValue value;
  if (!patron_parse_date (text, length, plan->rule, &value) || (value.has_time && !plan->given))
    return FALSE;
  *days = value.days;
  return TRUE;
}

static inline gboolean
parse_time (const PatronColumnPlan *plan, const char *text, gsize length, gint64 *microseconds)
{
  if (length == 19 && plan->rule == PATRON_DATE_YMD && patron_plain_time (text, microseconds))
    return TRUE;
  PatronDateValue value;
  if (!patron_parse_date (text, length, plan->rule, &value))
    return FALSE;
  *microseconds = value.microseconds;
  return TRUE;
}

/* "true" or "false" in any case. */
static inline gboolean
plain_boolean (const char *text, gsize length, guint8 *value)
{
  const guint64 word = patron_load_8 (text) | PATRON_EACH_BYTE (0x20);
  *value = length == 4;
  return (length == 4 && (word & 0xffffffff) == 0x65757274) || (length == 5 && (word & G_GUINT64_CONSTANT (0xffffffffff)) == G_GUINT64_CONSTANT (0x65736c6166));
}

static gboolean
parse_boolean (const PatronColumnPlan *plan, const char *text, gsize length, guint8 *value)
{
  while (length > 0 && patron_csv_is_blank (*text))
    text++, length--;
  while (length > 0 && patron_csv_is_blank (text[length - 1]))
    length--;
  int found = patron_boolean_word (text, length, plan->given);
  *value = found == 1;
  return found >= 0;
}

/* One loop for each type, the parser inlined. parse is an expression over bytes, length and out. */
#define FILL(ctype, missing_value, parse)                                                                            \
  {                                                                                                                  \
    ctype *values = (ctype *) sink->values + rows->row;                                                              \
    for (gsize r = 0; r < rows->n; r++)                                                                              \
      {                                                                                                              \
        const PatronCsvField field = patron_csv_field_at (records, rows, r, source);                                 \
        const char *bytes = text + field.start;                                                                      \
        const gsize length = field.length;                                                                           \
        ctype *out = &values[r];                                                                                     \
        if (length > 0 && !(look_first && patron_csv_is_missing (missing, bytes, length, TRUE)) && (parse))          \
          continue;                                                                                                  \
        *out = (missing_value);                                                                                      \
        if (length > 0 && !refuse (sink, missing, bytes, length))                                                    \
          return;                                                                                                    \
      }                                                                                                              \
    return;                                                                                                          \
  }

/* Rows at once into wide registers. */
#define MANY 256

/* Numbers or integers of records that are all alike; those that the wide registers leave, one by one. */
static void
fill_wide (PatronCsvSink *sink, const PatronMissingTokens *missing, const char *text, const PatronCsvField *fields, gsize stride, gsize n, gsize row)
{
  const PatronColumnPlan own = sink->plan, *plan = &own;
  const gboolean integers = own.type == PATRON_TYPE_INTEGER;
  gint64 *whole = (gint64 *) sink->values + row;
  double *numbers = (double *) sink->values + row;
  guint32 left[MANY];
  const gsize n_left = integers ? patron_csv_wide_integers (text, fields, stride, n, whole, left) : patron_csv_wide_decimals (text, fields, stride, n, numbers, left);
  for (gsize k = 0; k < n_left; k++)
    {
      const gsize r = left[k], length = fields[r * stride].length;
      const char *bytes = text + fields[r * stride].start;
      if (length > 0 && (integers ? patron_plain_integer (bytes, length, &whole[r]) || decorated_integer (sink, bytes, length, &whole[r])
                                  : patron_plain_decimal (bytes, length, &numbers[r]) || parse_number (plan, bytes, length, &numbers[r])))
        continue;
      if (integers)
        whole[r] = PATRON_INTEGER_MISSING;
      else
        numbers[r] = (double) NAN;
      if (length > 0 && !refuse (sink, missing, bytes, length))
        return;
    }
}

void
patron_csv_fill_values (PatronCsvSink *sink, const PatronMissingTokens *missing, const char *text, const PatronCsvRecords *records,
                        const PatronCsvRows *rows)
{
  /* Copies, which the compiler knows not to change. */
  const PatronColumnPlan own = sink->plan, *plan = &own;
  const gboolean look_first = missing->values, points = own.form.decimal == '.' && !own.percent, plain = !own.percent;
  const guint source = sink->source;
  const gboolean wide = (own.type == PATRON_TYPE_NUMBER && points) || (own.type == PATRON_TYPE_INTEGER && plain);
  if (wide && rows->stride > 0 && !look_first && patron_csv_has_wide ())
    {
      const PatronCsvField *fields = records->fields + records->first[rows->first] + source;
      for (gsize r = 0; r < rows->n && !g_atomic_int_get (&sink->failed); r += MANY)
        fill_wide (sink, missing, text, fields + r * rows->stride, rows->stride, MIN (MANY, rows->n - r), rows->row + r);
      return;
    }
  switch (own.type)
    {
    case PATRON_TYPE_NUMBER:
      FILL (double, (double) NAN, (points && patron_plain_decimal (bytes, length, out)) || parse_number (plan, bytes, length, out))
    case PATRON_TYPE_INTEGER:
      FILL (gint64, PATRON_INTEGER_MISSING, (plain && patron_plain_integer (bytes, length, out)) || decorated_integer (sink, bytes, length, out))
    case PATRON_TYPE_BOOLEAN:
      FILL (guint8, PATRON_BOOLEAN_MISSING, plain_boolean (bytes, length, out) || parse_boolean (plan, bytes, length, out))
    case PATRON_TYPE_DATE:
      FILL (gint32, PATRON_DATE_MISSING, parse_days (plan, bytes, length, out))
    case PATRON_TYPE_TIME:
      FILL (gint64, PATRON_INTEGER_MISSING, parse_time (plan, bytes, length, out))
    case PATRON_TYPE_DURATION:
      FILL (gint64, PATRON_INTEGER_MISSING, patron_parse_duration (bytes, length, out))
    default:
      g_return_if_reached ();
    }
}

