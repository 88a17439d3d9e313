/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/sql-private.h"

#include "base/hash.h"
#include "base/memory.h"
#include "base/simd.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define DAY_US G_GINT64_CONSTANT (86400000000)

/* ---- strings in order --------------------------------------------------------------------------------------- */

static int
compare_strings (gconstpointer a, gconstpointer b, gpointer dict)
{
  return strcmp (patron_dict_get (dict, *(const gint32 *) a), patron_dict_get (dict, *(const gint32 *) b));
}

/* The order of bytes: SQL's BINARY collation. */
gboolean
patron_sql_column_rank (PatronSqlColumn *column, GError **error)
{
  if (column->ranks != NULL)
    return TRUE;
  column->dict = patron_column_dict (column->column, error);
  gsize n = column->dict != NULL ? patron_dict_size (column->dict) : 0;
  gint32 *by_rank = column->dict != NULL ? patron_try_alloc_values (n, sizeof *by_rank, column->name, error) : NULL;
  gint32 *ranks = by_rank != NULL ? patron_try_alloc_values (n, sizeof *ranks, column->name, error) : NULL;
  if (ranks == NULL)
    {
      patron_free (by_rank);
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    by_rank[i] = (gint32) i;
  g_qsort_with_data (by_rank, (gint) n, sizeof *by_rank, compare_strings, column->dict);
  for (gsize i = 0; i < n; i++)
    ranks[by_rank[i]] = (gint32) i;
  column->by_rank = by_rank;
  column->ranks = ranks;
  return TRUE;
}

/* Strings before this one; *found: it is there itself. */
static gint64
find_rank (const PatronSqlColumn *column, const char *string, gsize length, gboolean *found)
{
  gint64 low = 0, high = (gint64) patron_dict_size (column->dict);
  *found = FALSE;
  while (low < high)
    {
      gint64 middle = (low + high) / 2;
      const char *there = patron_dict_get (column->dict, column->by_rank[middle]);
      gsize there_length = patron_dict_length (column->dict, column->by_rank[middle]);
      int order = memcmp (there, string, MIN (length, there_length));
      if (order == 0)
        order = (there_length > length) - (there_length < length);
      if (order == 0)
        {
          *found = TRUE;
          return middle;
        }
      if (order < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* ---- intervals ---------------------------------------------------------------------------------------------- */

PatronSqlInterval
patron_sql_interval (const PatronSqlColumn *column, guint index)
{
  return (PatronSqlInterval) { .column = index, .number = column->type == PATRON_TYPE_NUMBER, .low = -INFINITY, .high = INFINITY,
                               .first = G_MININT64 + 1, .last = G_MAXINT64 };
}

gboolean
patron_sql_interval_is_empty (const PatronSqlInterval *interval)
{
  return interval->number ? interval->low > interval->high : interval->first > interval->last;
}

static void
clear (PatronSqlInterval *interval)
{
  interval->low = INFINITY;
  interval->high = -INFINITY;
  interval->first = 1;
  interval->last = 0;
}

static void
narrow_number (PatronSqlInterval *interval, int op, double value)
{
  if (op == SQLITE_INDEX_CONSTRAINT_EQ || op == SQLITE_INDEX_CONSTRAINT_GE || op == SQLITE_INDEX_CONSTRAINT_GT)
    interval->low = MAX (interval->low, op == SQLITE_INDEX_CONSTRAINT_GT ? nextafter (value, INFINITY) : value);
  if (op == SQLITE_INDEX_CONSTRAINT_EQ || op == SQLITE_INDEX_CONSTRAINT_LE || op == SQLITE_INDEX_CONSTRAINT_LT)
    interval->high = MIN (interval->high, op == SQLITE_INDEX_CONSTRAINT_LT ? nextafter (value, -INFINITY) : value);
  if ((op == SQLITE_INDEX_CONSTRAINT_GT && value == INFINITY) || (op == SQLITE_INDEX_CONSTRAINT_LT && value == -INFINITY))
    clear (interval);
}

static void
narrow_integer (PatronSqlInterval *interval, int op, gint64 value)
{
  if ((op == SQLITE_INDEX_CONSTRAINT_GT && value == G_MAXINT64) || (op == SQLITE_INDEX_CONSTRAINT_LT && value == G_MININT64))
    {
      clear (interval);
      return;
    }
  if (op == SQLITE_INDEX_CONSTRAINT_EQ || op == SQLITE_INDEX_CONSTRAINT_GE || op == SQLITE_INDEX_CONSTRAINT_GT)
    interval->first = MAX (interval->first, op == SQLITE_INDEX_CONSTRAINT_GT ? value + 1 : value);
  if (op == SQLITE_INDEX_CONSTRAINT_EQ || op == SQLITE_INDEX_CONSTRAINT_LE || op == SQLITE_INDEX_CONSTRAINT_LT)
    interval->last = MIN (interval->last, op == SQLITE_INDEX_CONSTRAINT_LT ? value - 1 : value);
}

/* A whole-number column beside a number. */
static void
narrow_integer_by_number (PatronSqlInterval *interval, int op, double value)
{
  gboolean lower = op == SQLITE_INDEX_CONSTRAINT_GE || op == SQLITE_INDEX_CONSTRAINT_GT;
  double whole = floor (value);
  if (fabs (value) >= 0x1p62)
    {
      /* Near the ends of the range: only that side matters, and SQLite looks again. */
      if (op == SQLITE_INDEX_CONSTRAINT_EQ && (value >= 0x1p63 || value < -0x1p63))
        clear (interval);
      return;
    }
  if (whole == value)
    narrow_integer (interval, op, (gint64) whole);
  else if (op == SQLITE_INDEX_CONSTRAINT_EQ)
    clear (interval);
  else
    narrow_integer (interval, lower ? SQLITE_INDEX_CONSTRAINT_GE : SQLITE_INDEX_CONSTRAINT_LE, (gint64) whole + lower);
}

/* To the letter: then their order as texts is that of time, for the years 0 to 9999. */
gboolean
patron_sql_parse_moment (const char *text, gsize length, gint64 *microseconds, gboolean *is_date)
{
  static const char pattern[] = "0000-00-00 00:00:00.000000";
  int part[7] = { 0 };
  if (length != 10 && length != 19 && length != 26)
    return FALSE;
  for (gsize i = 0, p = 0; i < length; i++)
    if (pattern[i] != '0')
      {
        if (text[i] != pattern[i])
          return FALSE;
        p++;
      }
    else if (!g_ascii_isdigit (text[i]))
      return FALSE;
    else
      part[p] = part[p] * 10 + (text[i] - '0');
  if (!patron_date_valid (part[0], part[1], part[2]) || part[3] > 23 || part[4] > 59 || part[5] > 59)
    return FALSE;
  *is_date = length == 10;
  *microseconds = patron_date_from_ymd (part[0], part[1], part[2]) * DAY_US + ((part[3] * 60 + part[4]) * 60 + part[5]) * (gint64) G_USEC_PER_SEC + part[6];
  return TRUE;
}

/* Whether all dates of the column have years of four digits, so that texts order as they do. */
static gboolean
has_plain_years (const PatronSqlColumn *column)
{
  gint64 unit = column->type == PATRON_TYPE_DATE ? 1 : DAY_US;
  gint64 first = patron_date_from_ymd (0, 1, 1) * unit, last = (patron_date_from_ymd (9999, 12, 31) + 1) * unit - 1;
  PatronRange range;
  return patron_column_get_range (column->column, 0, patron_column_get_length (column->column), &range)
         && (range.all_missing || (range.min.integer >= first && range.max.integer <= last));
}

static void
narrow_moment (PatronSqlInterval *interval, const PatronSqlColumn *column, int op, const char *text, gsize length)
{
  gint64 microseconds;
  gboolean is_date;
  if (!patron_sql_parse_moment (text, length, &microseconds, &is_date) || !has_plain_years (column))
    return;
  if (column->type == PATRON_TYPE_DATE)
    {
      gint64 days = microseconds / DAY_US - (microseconds % DAY_US < 0);
      if (is_date)
        narrow_integer (interval, op, days);
      else if (op == SQLITE_INDEX_CONSTRAINT_EQ)
        clear (interval);
      else if (op == SQLITE_INDEX_CONSTRAINT_LT || op == SQLITE_INDEX_CONSTRAINT_LE)
        narrow_integer (interval, SQLITE_INDEX_CONSTRAINT_LE, days);
      else   /* the bare date is the shorter text, and so comes before its own hours */
        narrow_integer (interval, SQLITE_INDEX_CONSTRAINT_GT, days);
    }
  else if (is_date && op == SQLITE_INDEX_CONSTRAINT_EQ)
    clear (interval);
  else if (is_date)
    narrow_integer (interval, op == SQLITE_INDEX_CONSTRAINT_GT ? SQLITE_INDEX_CONSTRAINT_GE : op == SQLITE_INDEX_CONSTRAINT_LE ? SQLITE_INDEX_CONSTRAINT_LT : op,
                    microseconds);
  else   /* a fraction of a second makes the text longer: after the whole second, as it should be */
    narrow_integer (interval, op, microseconds);
}

static gboolean
narrow_text (PatronSqlInterval *interval, PatronSqlColumn *column, int op, const char *text, gsize length, GError **error)
{
  gboolean found;
  if (!patron_sql_column_rank (column, error))
    return FALSE;
  gint64 rank = find_rank (column, text, length, &found);
  if (found)
    narrow_integer (interval, op, rank);
  else if (op == SQLITE_INDEX_CONSTRAINT_EQ)
    clear (interval);
  else if (op == SQLITE_INDEX_CONSTRAINT_GE || op == SQLITE_INDEX_CONSTRAINT_GT)
    narrow_integer (interval, SQLITE_INDEX_CONSTRAINT_GE, rank);
  else
    narrow_integer (interval, SQLITE_INDEX_CONSTRAINT_LT, rank);
  return TRUE;
}

gboolean
patron_sql_interval_narrow (PatronSqlInterval *interval, PatronSqlColumn *column, int op, sqlite3_value *value, GError **error)
{
  int kind = sqlite3_value_type (value);
  const char *text = kind == SQLITE_TEXT ? (const char *) sqlite3_value_text (value) : NULL;
  if (kind == SQLITE_NULL)
    {
      clear (interval);
      return TRUE;
    }
  switch (column->type)
    {
    case PATRON_TYPE_NUMBER:
      /* A whole number that no double equals is left to SQLite. */
      if (kind == SQLITE_FLOAT || (kind == SQLITE_INTEGER && ABS (sqlite3_value_int64 (value)) < G_GINT64_CONSTANT (1) << 53))
        narrow_number (interval, op, sqlite3_value_double (value));
      return TRUE;
    case PATRON_TYPE_INTEGER:
    case PATRON_TYPE_BOOLEAN:
      if (kind == SQLITE_INTEGER)
        narrow_integer (interval, op, sqlite3_value_int64 (value));
      else if (kind == SQLITE_FLOAT)
        narrow_integer_by_number (interval, op, sqlite3_value_double (value));
      return TRUE;
    case PATRON_TYPE_DATE:
    case PATRON_TYPE_TIME:
      if (text != NULL)
        narrow_moment (interval, column, op, text, sqlite3_value_bytes (value));
      return TRUE;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      return text == NULL || narrow_text (interval, column, op, text, sqlite3_value_bytes (value), error);
    case PATRON_TYPE_DURATION:
    case PATRON_N_TYPES:
    default:
      return TRUE;
    }
}

gboolean
patron_sql_interval_meets (const PatronSqlInterval *interval, const PatronSqlColumn *column, gsize start, gsize n)
{
  PatronRange range;
  if (patron_type_accept (column->type) == PATRON_ACCEPT_TEXT || patron_type_accept (column->type) == PATRON_ACCEPT_CATEGORY
      || !patron_column_get_range (column->column, start, n, &range))
    return TRUE;
  if (range.all_missing)
    return FALSE;
  return interval->number ? range.min.number <= interval->high && range.max.number >= interval->low
                          : range.min.integer <= interval->last && range.max.integer >= interval->first;
}

/* ---- rows --------------------------------------------------------------------------------------------------- */

PATRON_SIMD static void
apply_numbers (double low, double high, const double *restrict values, gsize n, guint8 *restrict keep)
{
  for (gsize i = 0; i < n; i++)
    keep[i] &= (values[i] >= low) & (values[i] <= high);
}

PATRON_SIMD static void
apply_integers (gint64 first, gint64 last, const gint64 *restrict values, gsize n, guint8 *restrict keep)
{
  for (gsize i = 0; i < n; i++)
    keep[i] &= (values[i] >= first) & (values[i] <= last);
}

PATRON_SIMD static void
apply_narrow (gint32 first, gint32 last, const gint32 *restrict values, gsize n, guint8 *restrict keep)
{
  for (gsize i = 0; i < n; i++)
    keep[i] &= (values[i] >= first) & (values[i] <= last);
}

static void
apply_bytes (gint64 first, gint64 last, const guint8 *restrict values, gsize n, guint8 *restrict keep)
{
  for (gsize i = 0; i < n; i++)
    keep[i] &= values[i] != PATRON_BOOLEAN_MISSING && values[i] >= first && values[i] <= last;
}

static void
apply_ranks (gint64 first, gint64 last, const gint32 *ranks, const gint32 *restrict codes, gsize n, guint8 *restrict keep)
{
  for (gsize i = 0; i < n; i++)
    keep[i] &= codes[i] >= 0 && ranks[codes[i]] >= first && ranks[codes[i]] <= last;
}

void
patron_sql_interval_apply (const PatronSqlInterval *interval, const PatronSqlColumn *column, gconstpointer values, gsize n, guint8 *keep)
{
  switch (column->type)
    {
    case PATRON_TYPE_NUMBER:
      apply_numbers (interval->low, interval->high, values, n, keep);
      break;
    case PATRON_TYPE_INTEGER:
    case PATRON_TYPE_TIME:
      apply_integers (interval->first, interval->last, values, n, keep);
      break;
    case PATRON_TYPE_DATE:
      apply_narrow ((gint32) CLAMP (interval->first, G_MININT32 + 1, G_MAXINT32), (gint32) CLAMP (interval->last, G_MININT32 + 1, G_MAXINT32), values, n, keep);
      break;
    case PATRON_TYPE_BOOLEAN:
      apply_bytes (interval->first, interval->last, values, n, keep);
      break;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      if (column->ranks != NULL)
        apply_ranks (interval->first, interval->last, column->ranks, values, n, keep);
      break;
    default:
      break;
    }
}

/* ---- looking up --------------------------------------------------------------------------------------------- */

/* The value of a row as bits that are equal exactly when SQL says that the values are; FALSE: missing. */
static inline gboolean
get_bits (const PatronSqlColumn *column, gconstpointer values, gsize row, guint64 *bits)
{
  switch (column->type)
    {
    case PATRON_TYPE_NUMBER:
      {
        double value = ((const double *) values)[row] + 0.0;   /* -0 + 0 is 0 */
        memcpy (bits, &value, sizeof value);
        return value == value;
      }
    case PATRON_TYPE_INTEGER:
    case PATRON_TYPE_TIME:
    case PATRON_TYPE_DURATION:
      *bits = (guint64) ((const gint64 *) values)[row];
      return ((const gint64 *) values)[row] != PATRON_INTEGER_MISSING;
    case PATRON_TYPE_BOOLEAN:
      *bits = ((const guint8 *) values)[row];
      return *bits != PATRON_BOOLEAN_MISSING;
    case PATRON_TYPE_DATE:
      *bits = (guint64) (gint64) ((const gint32 *) values)[row];
      return ((const gint32 *) values)[row] != PATRON_DATE_MISSING;
    default:
      *bits = (guint64) (gint64) ((const gint32 *) values)[row];
      return ((const gint32 *) values)[row] >= 0;
    }
}

/* From the last row to the first, so that chains run in the order of the rows. */
gboolean
patron_sql_column_chain (PatronSqlColumn *column, GError **error)
{
  if (column->heads != NULL)
    return TRUE;
  gsize n = patron_column_get_length (column->column), size = 1024;
  gconstpointer values = patron_column_values (column->column, error);
  while (size < n)
    size *= 2;
  guint32 *heads = values != NULL || n == 0 ? patron_try_alloc0 (size, sizeof *heads, column->name, error) : NULL;
  guint32 *nexts = heads != NULL ? patron_try_alloc_values (n + 1, sizeof *nexts, column->name, error) : NULL;
  if (nexts == NULL)
    {
      patron_free (heads);
      return FALSE;
    }
  column->mask = size - 1;
  for (gsize i = n; i-- > 0; )
    {
      guint64 bits;
      if (!get_bits (column, values, i, &bits))
        continue;
      guint32 *head = &heads[patron_hash_bits (bits) & column->mask];
      nexts[i + 1] = *head;
      *head = (guint32) i + 1;
    }
  column->heads = heads;
  column->nexts = nexts;
  return TRUE;
}

guint32
patron_sql_column_first (const PatronSqlColumn *column, const PatronSqlInterval *interval)
{
  guint64 bits;
  double number = interval->low + 0.0;
  if (interval->number)
    memcpy (&bits, &number, sizeof bits);
  else if (patron_column_has_dict (column->column))
    bits = (guint64) (gint64) column->by_rank[interval->first];
  else
    bits = (guint64) interval->first;
  return column->heads[patron_hash_bits (bits) & column->mask];
}
