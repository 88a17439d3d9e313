/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/mixed.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "table/csv-detect.h"
#include "table/text-column.h"
#include "table/write-value.h"

enum { MISSING, NUMBER, INTEGER, BOOLEAN, DATE, TIME, DURATION, TEXT, N_KINDS };

/* Integers up to here are doubles without loss. */
#define MAX_EXACT 9007199254740992.0

struct _PatronMixed
{
  gint64            *bits;       /* n: the value, a double's bits, or a text's code */
  guint8            *kinds;      /* n */
  gsize              n, size;
  gsize              counts[N_KINDS];
  gboolean           fraction;   /* some number is not an integer, or too large for one */
  PatronDictBuilder *texts;      /* NULL: none yet */
  gboolean           failed;     /* memory ran out */
};

PatronMixed *
patron_mixed_new (void)
{
  return g_new0 (PatronMixed, 1);
}

void
patron_mixed_free (PatronMixed *mixed)
{
  patron_free (mixed->bits);
  patron_free (mixed->kinds);
  g_clear_pointer (&mixed->texts, patron_dict_builder_free);
  g_free (mixed);
}

gboolean
patron_mixed_check (const PatronMixed *mixed, GError **error)
{
  if (mixed->failed)
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory to hold the table."));
  return !mixed->failed;
}

gsize
patron_mixed_n_rows (const PatronMixed *mixed)
{
  return mixed->n;
}

/* ---- setting ------------------------------------------------------------------------------------------------- */

static gboolean
grow (PatronMixed *mixed, gsize n)
{
  gsize size = MAX (n, MAX (mixed->size + mixed->size / 2, 64));
  gint64 *bits = mixed->failed ? NULL : patron_try_realloc_values (mixed->bits, mixed->n, size, sizeof *bits, "column", NULL);
  if (bits != NULL)
    mixed->bits = bits;
  guint8 *kinds = bits != NULL ? patron_try_realloc_values (mixed->kinds, mixed->n, size, 1, "column", NULL) : NULL;
  if (kinds == NULL)
    {
      mixed->failed = TRUE;
      return FALSE;
    }
  mixed->kinds = kinds;
  mixed->size = size;
  return TRUE;
}

static inline void
set (PatronMixed *mixed, gsize row, guint8 kind, gint64 bits)
{
  if (row < mixed->n || (row >= mixed->size && !grow (mixed, row + 1)))
    return;
  if (row > mixed->n)
    memset (mixed->kinds + mixed->n, MISSING, row - mixed->n);
  mixed->kinds[row] = kind;
  mixed->bits[row] = bits;
  mixed->n = row + 1;
  mixed->counts[kind]++;
}

void
patron_mixed_set_number (PatronMixed *mixed, gsize row, double value)
{
  gint64 bits;
  if (isnan (value))
    return;
  memcpy (&bits, &value, sizeof bits);
  mixed->fraction |= !(fabs (value) <= MAX_EXACT) || value != rint (value);
  set (mixed, row, NUMBER, bits);
}

void
patron_mixed_set_integer (PatronMixed *mixed, gsize row, gint64 value)
{
  if (value != PATRON_INTEGER_MISSING)
    set (mixed, row, INTEGER, value);
}

void
patron_mixed_set_boolean (PatronMixed *mixed, gsize row, gboolean value)
{
  set (mixed, row, BOOLEAN, value != FALSE);
}

void
patron_mixed_set_date (PatronMixed *mixed, gsize row, gint32 days)
{
  set (mixed, row, DATE, days);
}

void
patron_mixed_set_time (PatronMixed *mixed, gsize row, gint64 microseconds)
{
  set (mixed, row, TIME, microseconds);
}

void
patron_mixed_set_duration (PatronMixed *mixed, gsize row, gint64 microseconds)
{
  set (mixed, row, DURATION, microseconds);
}

gint32
patron_mixed_intern (PatronMixed *mixed, const char *text, gssize length)
{
  if (mixed->failed)
    return -1;
  if (mixed->texts == NULL)
    mixed->texts = patron_dict_builder_new ();
  gsize n = length >= 0 ? strnlen (text, length) : strlen (text);
  g_autofree char *valid = g_utf8_validate (text, n, NULL) ? NULL : g_utf8_make_valid (text, n);
  gint32 code = valid != NULL ? patron_dict_builder_add (mixed->texts, valid, -1) : patron_dict_builder_add (mixed->texts, text, n);
  mixed->failed = code < 0;
  return code;
}

void
patron_mixed_set_code (PatronMixed *mixed, gsize row, gint32 code)
{
  if (code >= 0)
    set (mixed, row, TEXT, code);
}

void
patron_mixed_set_text (PatronMixed *mixed, gsize row, const char *text, gssize length)
{
  patron_mixed_set_code (mixed, row, patron_mixed_intern (mixed, text, length));
}

/* ---- the type ------------------------------------------------------------------------------------------------ */

static PatronType
settle_type (const PatronMixed *mixed)
{
  guint present = 0;
  for (guint kind = NUMBER; kind < N_KINDS; kind++)
    present |= (mixed->counts[kind] > 0) << kind;
  switch (present)
    {
    case 1 << INTEGER:
      return PATRON_TYPE_INTEGER;
    case 1 << NUMBER:
    case 1 << NUMBER | 1 << INTEGER:
      return mixed->fraction ? PATRON_TYPE_NUMBER : PATRON_TYPE_INTEGER;
    case 1 << BOOLEAN:
      return PATRON_TYPE_BOOLEAN;
    case 1 << DATE:
      return PATRON_TYPE_DATE;
    case 1 << TIME:
    case 1 << TIME | 1 << DATE:
      return PATRON_TYPE_TIME;
    case 1 << DURATION:
      return PATRON_TYPE_DURATION;
    default:
      return PATRON_TYPE_TEXT;
    }
}

static double
number_of (const PatronMixed *mixed, gsize row)
{
  double value;
  if (mixed->kinds[row] == INTEGER)
    return (double) mixed->bits[row];
  memcpy (&value, &mixed->bits[row], sizeof value);
  return value;
}

/* A value that is not a text, as one. */
static gsize
format_value (const PatronMixed *mixed, gsize row, char *buffer, gsize size)
{
  gint64 bits = mixed->bits[row];
  switch (mixed->kinds[row])
    {
    case NUMBER:
      return patron_double_format (number_of (mixed, row), buffer);
    case INTEGER:
      return g_snprintf (buffer, size, "%" G_GINT64_FORMAT, bits);
    case BOOLEAN:
      return g_strlcpy (buffer, bits ? "true" : "false", size);
    case DATE:
      return patron_date_format ((gint32) bits, buffer);
    case TIME:
      return patron_time_format (bits, buffer);
    default:
      return patron_write_duration (bits, buffer) - buffer;
    }
}

/* ---- finishing ----------------------------------------------------------------------------------------------- */

static gint64
microseconds_of (const PatronMixed *mixed, gsize row)
{
  return mixed->kinds[row] == DATE ? mixed->bits[row] * G_GINT64_CONSTANT (86400000000) : mixed->bits[row];
}

static PatronColumn *
finish_values (const PatronMixed *mixed, const char *name, PatronType type, gsize n_rows, GError **error)
{
  char *values = patron_try_alloc_values (n_rows, patron_type_size (type), "column", error);
  for (gsize r = 0; values != NULL && r < n_rows; r++)
    {
      gboolean present = r < mixed->n && mixed->kinds[r] != MISSING;
      switch (type)
        {
        case PATRON_TYPE_NUMBER:
          ((double *) values)[r] = present ? number_of (mixed, r) : (double) NAN;
          break;
        case PATRON_TYPE_INTEGER:
          ((gint64 *) values)[r] = !present ? PATRON_INTEGER_MISSING : mixed->kinds[r] == NUMBER ? (gint64) number_of (mixed, r) : mixed->bits[r];
          break;
        case PATRON_TYPE_BOOLEAN:
          ((guint8 *) values)[r] = present ? (guint8) mixed->bits[r] : PATRON_BOOLEAN_MISSING;
          break;
        case PATRON_TYPE_DATE:
          ((gint32 *) values)[r] = present ? (gint32) mixed->bits[r] : PATRON_DATE_MISSING;
          break;
        default:
          ((gint64 *) values)[r] = present ? microseconds_of (mixed, r) : PATRON_INTEGER_MISSING;
        }
    }
  return values != NULL ? patron_column_new_take (name, type, n_rows, values, NULL) : NULL;
}

static PatronColumn *
finish_texts (PatronMixed *mixed, const char *name, gsize n_rows, GError **error)
{
  gint32 *codes = patron_try_alloc_values (n_rows, sizeof *codes, "column", error);
  char buffer[64];
  for (gsize r = 0; codes != NULL && r < n_rows; r++)
    {
      guint8 kind = r < mixed->n ? mixed->kinds[r] : MISSING;
      if (kind == MISSING || kind == TEXT)
        codes[r] = kind == TEXT ? (gint32) mixed->bits[r] : PATRON_CODE_MISSING;
      else
        codes[r] = patron_mixed_intern (mixed, buffer, format_value (mixed, r, buffer, sizeof buffer));
    }
  if (codes == NULL || !patron_mixed_check (mixed, error))
    {
      patron_free (codes);
      return NULL;
    }
  PatronDict *dict = patron_dict_builder_finish (mixed->texts != NULL ? g_steal_pointer (&mixed->texts) : patron_dict_builder_new ());
  return patron_column_new_take (name, PATRON_TYPE_TEXT, n_rows, codes, dict);
}

/* A column of texts alone: what they are, as in a text file. */
static PatronColumn *
read_texts (PatronColumn *column, const PatronMixedRules *rules, GPtrArray *notes, GError **error)
{
  PatronMissingTokens none;
  PatronColumnPlan plan;
  patron_missing_tokens_init (&none, "", NULL);
  const PatronMissingTokens *missing = rules->missing != NULL ? rules->missing : &none;
  gsize n_refused = 0;
  PatronColumn *result = NULL;
  if (patron_text_column_plan (column, missing, &plan, error))
    result = patron_text_column_parse (column, &plan, missing, &n_refused, error);
  patron_missing_tokens_clear (&none);
  if (result != NULL && n_refused > 0)
    {
      patron_column_unref (result);
      result = patron_column_ref (column);
    }
  if (result != NULL && !patron_column_has_dict (result))
    g_ptr_array_add (notes, patron_text (N_("{column}: the values are written as text and were read as {type}."), "column",
                                         PATRON_STRING (patron_column_get_name (column)), "type",
                                         PATRON_MSGID (patron_type_label (patron_column_get_type (result))), NULL));
  return result;
}

static PatronColumn *
as_category_if (PatronColumn *column, gsize n_values, GError **error)
{
  PatronDict *dict = patron_column_dict (column, error);
  if (dict == NULL)
    return NULL;
  return patron_texts_are_categories (dict, n_values) ? patron_column_retype (column, PATRON_TYPE_CATEGORY) : patron_column_ref (column);
}

/* In a column of other values, texts that stand for nothing are missing. TRUE when none but those were there. */
static gboolean
drop_missing_texts (PatronMixed *mixed, const char *name, const PatronMissingTokens *missing, GPtrArray *notes)
{
  if (missing == NULL || mixed->texts == NULL || mixed->counts[TEXT] == 0)
    return FALSE;
  g_autoptr (PatronDict) dict = patron_dict_builder_finish (g_steal_pointer (&mixed->texts));
  gboolean all = TRUE;
  for (gsize i = 0; i < patron_dict_size (dict) && all; i++)
    all = patron_missing_tokens_match (missing, patron_dict_get (dict, i), patron_dict_length (dict, i));
  if (!all)
    {
      mixed->texts = patron_dict_builder_new ();
      for (gsize i = 0; i < patron_dict_size (dict); i++)
        patron_mixed_intern (mixed, patron_dict_get (dict, i), patron_dict_length (dict, i));
      return FALSE;
    }
  for (gsize r = 0; r < mixed->n; r++)
    if (mixed->kinds[r] == TEXT)
      mixed->kinds[r] = MISSING;
  g_ptr_array_add (notes, patron_text (N_("{column}: {n} {n|cell holds|cells hold} a word for “missing” and {n|is|are} read so."), "column", PATRON_STRING (name),
                                       "n", PATRON_COUNT (mixed->counts[TEXT]), NULL));
  mixed->counts[TEXT] = 0;
  return TRUE;
}

static void
say_mixed (const PatronMixed *mixed, const char *name, gsize n_values, GPtrArray *notes)
{
  gsize most = 0;
  for (guint kind = NUMBER; kind < N_KINDS; kind++)
    most = MAX (most, mixed->counts[kind]);
  gsize first = 0;
  guint8 usual = MISSING;
  for (guint kind = NUMBER; kind < N_KINDS; kind++)
    if (mixed->counts[kind] == most)
      usual = kind;
  while (first < mixed->n && (mixed->kinds[first] == MISSING || mixed->kinds[first] == usual))
    first++;
  g_ptr_array_add (notes, patron_text (N_("{column}: values of several types ({n} {n|differs|differ} from the others, first in row {row}) were read as text."), "column",
                                       PATRON_STRING (name), "n", PATRON_COUNT (n_values - most), "row", PATRON_COUNT (first + 1), NULL));
}

static gsize
count_values (const PatronMixed *mixed)
{
  gsize n = 0;
  for (guint kind = NUMBER; kind < N_KINDS; kind++)
    n += mixed->counts[kind];
  return n;
}

static PatronColumn *
finish_as (PatronMixed *mixed, const char *name, gsize n_rows, const PatronMixedRules *rules, GPtrArray *notes, GError **error)
{
  gboolean find_out = rules->type == PATRON_N_TYPES;
  gsize n_values = count_values (mixed);
  if (find_out && mixed->counts[TEXT] > 0 && mixed->counts[TEXT] < n_values && drop_missing_texts (mixed, name, rules->missing, notes))
    n_values = count_values (mixed);
  PatronType type = find_out ? settle_type (mixed) : rules->type;
  if (type != PATRON_TYPE_TEXT && type != PATRON_TYPE_CATEGORY)
    return finish_values (mixed, name, type, n_rows, error);
  gboolean several = mixed->counts[TEXT] < n_values;
  if (several && find_out)
    say_mixed (mixed, name, n_values, notes);
  g_autoptr (PatronColumn) texts = finish_texts (mixed, name, n_rows, error);
  if (texts == NULL || !find_out)
    return texts != NULL ? patron_column_retype (texts, type) : NULL;
  g_autoptr (PatronColumn) read = several || rules->keep_texts || n_values == 0 ? patron_column_ref (texts) : read_texts (texts, rules, notes, error);
  if (read == NULL || !patron_column_has_dict (read))
    return g_steal_pointer (&read);
  return as_category_if (read, n_values, error);
}

PatronColumn *
patron_mixed_finish (PatronMixed *mixed, const char *name, gsize n_rows, const PatronMixedRules *rules, GPtrArray *notes, GError **error)
{
  PatronColumn *column = NULL;
  if (patron_mixed_check (mixed, error))
    column = finish_as (mixed, name, n_rows, rules, notes, error);
  patron_mixed_free (mixed);
  return column;
}

/* ---- names --------------------------------------------------------------------------------------------------- */

char **
patron_column_names_unique (const char *const *names, guint n)
{
  char **unique = g_new0 (char *, n + 1);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < n; i++)
    unique[i] = patron_csv_column_name (names[i] != NULL ? names[i] : "", i, taken);
  return unique;
}
