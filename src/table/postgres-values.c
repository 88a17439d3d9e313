/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/postgres-values.h"

#include <string.h>

#include "table/parse-number.h"
#include "table/write-value.h"

/* Days and microseconds from 1970-01-01 to 2000-01-01, where PostgreSQL counts from. */
#define EPOCH_DAYS 10957
#define EPOCH_MICROSECONDS (EPOCH_DAYS * G_GINT64_CONSTANT (86400000000))

/* The signs of a numeric (numeric.c): the values without digits. */
#define NUMERIC_NEGATIVE 0x4000
#define NUMERIC_SPECIAL 0xc000

PatronPostgresKind
patron_postgres_kind (guint oid, gboolean *cast)
{
  static const struct { guint oid; PatronPostgresKind kind; } kinds[] = {
    { 16, PATRON_POSTGRES_BOOL }, { 21, PATRON_POSTGRES_INT2 }, { 23, PATRON_POSTGRES_INT4 }, { 20, PATRON_POSTGRES_INT8 }, { 700, PATRON_POSTGRES_FLOAT4 },
    { 701, PATRON_POSTGRES_FLOAT8 }, { 1700, PATRON_POSTGRES_NUMERIC }, { 1082, PATRON_POSTGRES_DATE }, { 1114, PATRON_POSTGRES_TIMESTAMP },
    { 1184, PATRON_POSTGRES_TIMESTAMP_ZONE }, { 1083, PATRON_POSTGRES_CLOCK }, { 1186, PATRON_POSTGRES_INTERVAL },
    { 25, PATRON_POSTGRES_TEXT }, { 1043, PATRON_POSTGRES_TEXT }, { 19, PATRON_POSTGRES_TEXT },
  };
  *cast = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].oid == oid)
      return kinds[i].kind;
  *cast = TRUE;
  return PATRON_POSTGRES_TEXT;
}

PatronType
patron_postgres_type (PatronPostgresKind kind)
{
  switch (kind)
    {
    case PATRON_POSTGRES_BOOL:
      return PATRON_TYPE_BOOLEAN;
    case PATRON_POSTGRES_INT2:
    case PATRON_POSTGRES_INT4:
    case PATRON_POSTGRES_INT8:
      return PATRON_TYPE_INTEGER;
    case PATRON_POSTGRES_FLOAT4:
    case PATRON_POSTGRES_FLOAT8:
      return PATRON_TYPE_NUMBER;
    case PATRON_POSTGRES_DATE:
      return PATRON_TYPE_DATE;
    case PATRON_POSTGRES_TIMESTAMP:
    case PATRON_POSTGRES_TIMESTAMP_ZONE:
      return PATRON_TYPE_TIME;
    case PATRON_POSTGRES_CLOCK:
      return PATRON_TYPE_DURATION;
    default:
      return PATRON_N_TYPES;
    }
}

static guint16
read16 (const char *bytes)
{
  guint16 value;
  memcpy (&value, bytes, sizeof value);
  return GUINT16_FROM_BE (value);
}

static guint32
read32 (const char *bytes)
{
  guint32 value;
  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_BE (value);
}

static guint64
read64 (const char *bytes)
{
  guint64 value;
  memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_BE (value);
}

/* ndigits, weight, sign, dscale, then digits to the base of 10,000; written out and read again, which rounds once. */
static gboolean
set_numeric (const char *bytes, gsize n, PatronMixed *column, gsize row)
{
  if (n < 8)
    return FALSE;
  int n_digits = read16 (bytes), weight = (gint16) read16 (bytes + 2), sign = read16 (bytes + 4);
  if (n != 8 + 2 * (gsize) n_digits)
    return FALSE;
  if ((sign & NUMERIC_SPECIAL) == NUMERIC_SPECIAL)
    return TRUE;
  g_autoptr (GString) text = g_string_new (sign == NUMERIC_NEGATIVE ? "-" : "");
  if (n_digits == 0)
    g_string_append_c (text, '0');
  gboolean whole = TRUE;
  for (int i = 0; i < n_digits; i++)
    {
      guint digit = read16 (bytes + 8 + 2 * i);
      whole &= weight - i >= 0 || digit == 0;
      g_string_append_printf (text, "%04u", digit);
    }
  gint64 exponent = 4 * ((gint64) weight + 1 - n_digits);
  double number;
  gint64 integer;
  if (n_digits > 0 && whole && exponent >= 0 && exponent < 19)
    {
      g_autoptr (GString) full = g_string_new (text->str);
      for (gint64 i = 0; i < exponent; i++)
        g_string_append_c (full, '0');
      const char *digits = full->str + (sign == NUMERIC_NEGATIVE);
      digits += strspn (digits, "0");
      g_autofree char *plain = g_strconcat (sign == NUMERIC_NEGATIVE ? "-" : "", *digits != '\0' ? digits : "0", NULL);
      if (patron_parse_int64 (plain, strlen (plain), &integer))
        {
          patron_mixed_set_integer (column, row, integer);
          return TRUE;
        }
    }
  g_string_append_printf (text, "e%" G_GINT64_FORMAT, n_digits > 0 ? exponent : 0);
  if (!patron_parse_double (text->str, text->len, &number))
    return FALSE;
  patron_mixed_set_number (column, row, number);
  return TRUE;
}

static void
set_day (gint32 days, PatronMixed *column, gsize row)
{
  if (days != G_MAXINT32 && days != G_MININT32)
    patron_mixed_set_date (column, row, days + EPOCH_DAYS);
}

static void
set_moment (gint64 microseconds, PatronMixed *column, gsize row)
{
  if (microseconds != G_MAXINT64 && microseconds != G_MININT64)
    patron_mixed_set_time (column, row, microseconds + EPOCH_MICROSECONDS);
}

/* Microseconds, days and months. A day is 24 hours here, but months differ. */
static void
set_interval (const char *bytes, PatronMixed *column, gsize row)
{
  const gint64 microseconds = (gint64) read64 (bytes);
  const gint32 days = (gint32) read32 (bytes + 8), months = (gint32) read32 (bytes + 12);
  gint64 sum;
  if (months == 0 && !__builtin_add_overflow (microseconds, days * G_GINT64_CONSTANT (86400000000), &sum))
    {
      patron_mixed_set_duration (column, row, sum);
      return;
    }
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, "%d months", months);
  if (days != 0)
    g_string_append_printf (text, " %d days", days);
  if (microseconds != 0)
    {
      char clock[40];
      *patron_write_duration (microseconds, clock) = '\0';
      g_string_append_printf (text, " %s", clock);
    }
  patron_mixed_set_text (column, row, text->str, text->len);
}

gboolean
patron_postgres_set (PatronPostgresKind kind, const char *bytes, gsize n, PatronMixed *column, gsize row)
{
  static const gsize sizes[] = {
    [PATRON_POSTGRES_BOOL] = 1, [PATRON_POSTGRES_INT2] = 2, [PATRON_POSTGRES_INT4] = 4, [PATRON_POSTGRES_INT8] = 8, [PATRON_POSTGRES_FLOAT4] = 4,
    [PATRON_POSTGRES_FLOAT8] = 8, [PATRON_POSTGRES_DATE] = 4, [PATRON_POSTGRES_TIMESTAMP] = 8, [PATRON_POSTGRES_TIMESTAMP_ZONE] = 8, [PATRON_POSTGRES_CLOCK] = 8,
    [PATRON_POSTGRES_INTERVAL] = 16,
  };
  if (kind < G_N_ELEMENTS (sizes) && sizes[kind] != 0 && sizes[kind] != n)
    return FALSE;
  union { guint32 bits; float value; } single;
  union { guint64 bits; double value; } number;
  switch (kind)
    {
    case PATRON_POSTGRES_BOOL:
      patron_mixed_set_boolean (column, row, *bytes != 0);
      return TRUE;
    case PATRON_POSTGRES_INT2:
      patron_mixed_set_integer (column, row, (gint16) read16 (bytes));
      return TRUE;
    case PATRON_POSTGRES_INT4:
      patron_mixed_set_integer (column, row, (gint32) read32 (bytes));
      return TRUE;
    case PATRON_POSTGRES_INT8:
      patron_mixed_set_integer (column, row, (gint64) read64 (bytes));
      return TRUE;
    case PATRON_POSTGRES_FLOAT4:
      single.bits = read32 (bytes);
      patron_mixed_set_number (column, row, single.value);
      return TRUE;
    case PATRON_POSTGRES_FLOAT8:
      number.bits = read64 (bytes);
      patron_mixed_set_number (column, row, number.value);
      return TRUE;
    case PATRON_POSTGRES_NUMERIC:
      return set_numeric (bytes, n, column, row);
    case PATRON_POSTGRES_DATE:
      set_day ((gint32) read32 (bytes), column, row);
      return TRUE;
    case PATRON_POSTGRES_TIMESTAMP:
    case PATRON_POSTGRES_TIMESTAMP_ZONE:
      set_moment ((gint64) read64 (bytes), column, row);
      return TRUE;
    case PATRON_POSTGRES_CLOCK:
      patron_mixed_set_duration (column, row, (gint64) read64 (bytes));
      return TRUE;
    case PATRON_POSTGRES_INTERVAL:
      set_interval (bytes, column, row);
      return TRUE;
    default:
      patron_mixed_set_text (column, row, bytes, n);
      return TRUE;
    }
}
