/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/disguised.h"

#include <math.h>
#include <string.h>

#define SAMPLE ((gsize) 65536)
#define LONGEST 24

static const char *const words[] = {
  "n/a", "na", "n.a.", "#n/a", "<na>", "nan", "null", "(null)", "#null!", "nil", "none", "no data", "nodata", "not available", "not applicable", "not known", "unknown", "unspecified",
  "undefined", "missing", "tbd", "tba", "k.a.", "keine angabe", "s/o", "-", "--", "---", ".", "..", "...", "?", "??", "???", "*", "#value!", "#ref!", "#div/0!", "#name?", "0000-00-00",
  "0000-00-00 00:00:00", "00/00/0000", "00.00.0000", "1900-01-00", "未知", "无", "空", "不详", "缺失", "暂无", "无数据", "没有", "未填写", "未填", "不明", "保密", "—", "——", "／", "－",
};

/* Whether a word begins so; the words are held in lower case. */
static gboolean
begins_word (char first)
{
  static guint8 begins[256];
  static gsize done;
  if (g_once_init_enter (&done))
    {
      for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        begins[(guchar) words[i][0]] = begins[(guchar) g_ascii_toupper (words[i][0])] = TRUE;
      g_once_init_leave (&done, 1);
    }
  return begins[(guchar) first];
}

gboolean
patron_text_is_disguised_missing (const char *text, gsize length)
{
  while (length > 0 && (*text == ' ' || *text == '\t'))
    text++, length--;
  while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
    length--;
  if (length == 0 || length > LONGEST || !begins_word (*text))
    return length == 0;
  char lower[LONGEST + 1];
  for (gsize i = 0; i < length; i++)
    lower[i] = g_ascii_tolower (text[i]);
  lower[length] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i][0] == lower[0] && strcmp (words[i], lower) == 0)
      return TRUE;
  return FALSE;
}

void
patron_disguised_free (PatronDisguised *disguised)
{
  g_free (disguised->column);
  g_free (disguised->value);
  g_free (disguised);
}

static void
add (GPtrArray *found, PatronColumn *column, char *value, gsize n)
{
  PatronDisguised *one = g_new (PatronDisguised, 1);
  *one = (PatronDisguised) { g_strdup (patron_column_get_name (column)), value, n };
  g_ptr_array_add (found, one);
}

static gboolean
find_texts (PatronColumn *column, GPtrArray *found, GError **error)
{
  PatronDict *dict = patron_column_dict (column, error);
  if (dict == NULL)
    return FALSE;
  g_autoptr (GArray) codes = g_array_new (FALSE, FALSE, sizeof (gint32));
  for (gsize i = 0; i < patron_dict_size (dict); i++)
    if (patron_dict_length (dict, i) > 0 && patron_text_is_disguised_missing (patron_dict_get (dict, i), patron_dict_length (dict, i)))
      {
        const gint32 code = (gint32) i;
        g_array_append_val (codes, code);
      }
  /* Where everything is such a word, it is what the column is about. */
  if (codes->len == 0 || codes->len == patron_dict_size (dict))
    return TRUE;
  const gint32 *values = patron_column_codes (column, error);
  if (values == NULL)
    return FALSE;
  const gsize n = patron_column_get_length (column);
  for (guint k = 0; k < codes->len; k++)
    {
      const gint32 code = g_array_index (codes, gint32, k);
      gsize count = 0;
      for (gsize r = 0; r < n; r++)
        count += values[r] == code;
      if (count > 0)
        add (found, column, g_strdup (patron_dict_get (dict, code)), count);
    }
  return TRUE;
}

/* The two smallest and the two largest distinct values of some. */
typedef struct
{
  double low, next_low, high, next_high;
  gsize  n;
} Ends;

static inline void
add_value (Ends *ends, double value)
{
  ends->n += !isnan (value);
  /* Most values, and those that are missing. */
  if (!(value < ends->next_low || value > ends->next_high))
    return;
  if (value < ends->low)
    {
      ends->next_low = ends->low;
      ends->low = value;
    }
  else if (value > ends->low && value < ends->next_low)
    ends->next_low = value;
  if (value > ends->high)
    {
      ends->next_high = ends->high;
      ends->high = value;
    }
  else if (value < ends->high && value > ends->next_high)
    ends->next_high = value;
}

static gboolean
is_number_code (double value)
{
  static const double codes[] = { 99, 999, 9999, 99999, 999999, 9999999, 99999999, 888, 8888, 1e9 - 1 };
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (fabs (value) == codes[i])
      return TRUE;
  return value == -1 || value == -9;
}

/* Days that programs and people put where no date is known: 1900-01-01, 1899-12-30, 1899-12-31, 1970-01-01, 2099-12-31, 2999-12-31, 9999-12-31, 0001-01-01. */
static gboolean
is_day_code (double days)
{
  static const double codes[] = { -25567, -25569, -25568, 0, 47481, 376199, 2932896, -719162 };
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (days == codes[i])
      return TRUE;
  return FALSE;
}

gboolean
patron_value_is_disguised_missing (PatronType type, double value, double neighbour)
{
  const double day = type == PATRON_TYPE_TIME ? 86400 : 1;
  if (!isfinite (neighbour) || type == PATRON_TYPE_BOOLEAN || type == PATRON_TYPE_DURATION)
    return FALSE;
  if (type == PATRON_TYPE_DATE || type == PATRON_TYPE_TIME)
    return is_day_code (value / day) && fabs (value - neighbour) > 10 * 365.0 * day;
  if (!is_number_code (value))
    return FALSE;
  return value > 0 ? neighbour <= value / 2 : neighbour >= 0 || (value <= -99 && neighbour >= value / 2);
}

/* Whether values that may be a code were seen among enough others to judge by: ten, and four that differ. */
static gboolean
are_enough (const Ends *ends)
{
  return ends->n >= 10 && ends->next_low < ends->next_high;
}

static gboolean
count_value (PatronColumn *column, double value, GPtrArray *found, GError **error)
{
  const gsize n = patron_column_get_length (column);
  g_autofree double *part = g_new (double, 4096);
  gsize count = 0, row = 0;
  for (gsize r = 0; r < n; r += 4096)
    {
      const gsize m = MIN (n - r, 4096);
      if (!patron_column_read_doubles (column, r, m, part, error))
        return FALSE;
      for (gsize i = 0; i < m; i++)
        if (part[i] == value)
          {
            row = r + i;
            count++;
          }
    }
  if (count >= 2)
    add (found, column, patron_column_format (column, row), count);
  return TRUE;
}

static gboolean
find_numbers (PatronColumn *column, GPtrArray *found, GError **error)
{
  const gsize n = patron_column_get_length (column), blocks = (n + 1023) / 1024, step = MAX (1, blocks / (SAMPLE / 1024));
  const PatronType type = patron_column_get_type (column);
  g_autofree double *part = g_new (double, 1024);
  Ends ends = { INFINITY, INFINITY, -INFINITY, -INFINITY, 0 };
  for (gsize b = 0; b < blocks; b += step)
    {
      const gsize m = MIN (n - b * 1024, 1024);
      if (!patron_column_read_doubles (column, b * 1024, m, part, error))
        return FALSE;
      for (gsize i = 0; i < m; i++)
        add_value (&ends, part[i]);
    }
  if (!are_enough (&ends))
    return TRUE;
  if (patron_value_is_disguised_missing (type, ends.low, ends.next_low) && !count_value (column, ends.low, found, error))
    return FALSE;
  return !patron_value_is_disguised_missing (type, ends.high, ends.next_high) || count_value (column, ends.high, found, error);
}

GPtrArray *
patron_column_find_disguised (PatronColumn *column, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_disguised_free);
  gboolean fine = TRUE;
  switch (patron_column_get_type (column))
    {
    case PATRON_TYPE_TEXT:
    case PATRON_TYPE_CATEGORY:
      fine = find_texts (column, found, error);
      break;
    case PATRON_TYPE_BOOLEAN:
    case PATRON_TYPE_DURATION:
      break;
    default:
      fine = find_numbers (column, found, error);
    }
  return fine ? g_steal_pointer (&found) : NULL;
}
