/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/missing-values.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/memory.h"
#include "table/column-derive.h"
#include "table/csv-options.h"
#include "table/text-column.h"

/* Those of a list that name no column, one after the other. */
static char *
words_of (const char *list)
{
  g_auto (GStrv) values = NULL;
  g_auto (GStrv) entries = patron_csv_split_list (list, &values);
  GString *words = g_string_new (NULL);
  for (guint i = 0; entries[i] != NULL; i++)
    if (*values[i] == '\0' && *entries[i] != '\0')
      {
        g_autofree char *entry = patron_csv_escape (entries[i]);
        g_string_append_printf (words, "%s%s", words->len > 0 ? "," : "", entry);
      }
  return g_string_free (words, FALSE);
}

char *
patron_missing_complete (const char *entries, const char *usual)
{
  g_autofree char *words = words_of (entries);
  return *words != '\0' || *entries == '\0' || *usual == '\0' ? g_strdup (entries) : g_strconcat (entries, ",", usual, NULL);
}

gboolean
patron_missing_words_given (const char *entries, const char *usual)
{
  g_autofree char *given = words_of (entries), *known = words_of (usual);
  return strcmp (given, known) != 0;
}

/* ---- texts --------------------------------------------------------------------------------------------------- */

/* The codes after the words are gone, in a dictionary without them; *n: rows that held one. */
static PatronColumn *
without_words (PatronColumn *column, PatronDict *dict, const PatronMissingTokens *words, PatronRun *run, gsize *n, GError **error)
{
  const gsize n_texts = patron_dict_size (dict);
  const char *name = patron_column_get_name (column);
  guint64 *counts = patron_column_count_codes (column, run, error);
  gint32 *codes = counts != NULL ? patron_try_alloc (n_texts, sizeof *codes, name, error) : NULL;
  if (codes == NULL)
    {
      patron_free (counts);
      return NULL;
    }
  g_autoptr (PatronDictBuilder) builder = patron_dict_builder_new ();
  for (gsize i = 0; i < n_texts; i++)
    {
      const gboolean word = patron_missing_tokens_match (words, patron_dict_get (dict, i), patron_dict_length (dict, i));
      codes[i] = word ? PATRON_CODE_MISSING : patron_dict_builder_add (builder, patron_dict_get (dict, i), patron_dict_length (dict, i));
      *n += word ? counts[i] : 0;
    }
  patron_free (counts);
  PatronDict *kept = *n > 0 ? patron_dict_builder_finish (g_steal_pointer (&builder)) : NULL;
  if (kept == NULL)
    {
      patron_free (codes);
      return patron_column_ref (column);
    }
  return patron_column_look_up (column, name, patron_column_get_type (column), kept, codes, run, error);
}

/* As what all of its texts are. */
static PatronColumn *
settle_texts (PatronColumn *texts, GPtrArray *notes, GError **error)
{
  PatronMissingTokens none;
  PatronColumnPlan plan;
  gsize n_refused = 0;
  PatronColumn *typed = NULL;
  patron_missing_tokens_init (&none, "", NULL);
  if (patron_text_column_plan (texts, &none, &plan, error))
    typed = patron_text_column_parse (texts, &plan, &none, &n_refused, error);
  patron_missing_tokens_clear (&none);
  if (typed == NULL || n_refused > 0 || patron_column_has_dict (typed))
    {
      const gboolean failed = typed == NULL;
      g_clear_pointer (&typed, patron_column_unref);
      return failed ? NULL : patron_column_ref (texts);
    }
  g_ptr_array_add (notes, patron_text (N_("{column}: the other values are all of type {type}, and the column is read so."), "column",
                                       PATRON_STRING (patron_column_get_name (texts)), "type", PATRON_MSGID (patron_type_label (patron_column_get_type (typed))), NULL));
  return typed;
}

/* ---- other values -------------------------------------------------------------------------------------------- */

/* Values as a column holds them, to be missing. */
typedef struct
{
  PatronType type;
  guint      n;
  union { double number; gint64 integer; gint32 days; guint8 truth; } values[];
} Codes;

/* The words as values of the column's type; those that are none are left out. */
static Codes *
parse_codes (PatronColumn *column, const PatronMissingTokens *words)
{
  const PatronType type = patron_column_get_type (column);
  const guint n_words = g_strv_length (words->tokens);
  Codes *codes = g_malloc0 (sizeof *codes + n_words * sizeof codes->values[0]);
  codes->type = type;
  for (guint i = 0; i < n_words; i++)
    {
      PatronMissingTokens none;
      PatronColumnPlan plan;
      PatronColumnBuilder *builder = patron_column_builder_new ("value", PATRON_TYPE_TEXT);
      patron_column_builder_append_text (builder, words->tokens[i]);
      g_autoptr (PatronColumn) text = patron_column_builder_finish (builder);
      g_autoptr (PatronColumn) value = NULL;
      patron_missing_tokens_init (&none, "", NULL);
      if (patron_text_column_given (text, type, NULL, &plan, NULL))
        value = patron_text_column_parse (text, &plan, &none, NULL, NULL);
      patron_missing_tokens_clear (&none);
      if (value != NULL && !patron_column_is_missing (value, 0) && patron_column_read (value, 0, 1, &codes->values[codes->n], NULL))
        codes->n++;
    }
  return codes;
}

#define DEFINE_DROP(name, ctype, field, missing)                        \
  static void                                                           \
  drop_##name (gconstpointer in, gsize n, gpointer out, gconstpointer data) \
  {                                                                     \
    const Codes *codes = data;                                          \
    const ctype *from = in;                                             \
    ctype *to = out;                                                    \
    for (gsize i = 0; i < n; i++)                                       \
      {                                                                 \
        to[i] = from[i];                                                \
        for (guint k = 0; k < codes->n; k++)                            \
          to[i] = from[i] == codes->values[k].field ? (missing) : to[i]; \
      }                                                                 \
  }

DEFINE_DROP (numbers, double, number, (double) NAN)
DEFINE_DROP (integers, gint64, integer, PATRON_INTEGER_MISSING)
DEFINE_DROP (days, gint32, days, PATRON_DATE_MISSING)
DEFINE_DROP (truths, guint8, truth, PATRON_BOOLEAN_MISSING)

static PatronColumn *
without_codes (PatronColumn *column, const PatronMissingTokens *words, PatronRun *run, gsize *n, GError **error)
{
  static const PatronDeriveBody bodies[PATRON_N_TYPES] = {
    [PATRON_TYPE_NUMBER] = drop_numbers, [PATRON_TYPE_INTEGER] = drop_integers, [PATRON_TYPE_BOOLEAN] = drop_truths,
    [PATRON_TYPE_DATE] = drop_days, [PATRON_TYPE_TIME] = drop_integers, [PATRON_TYPE_DURATION] = drop_integers,
  };
  Codes *codes = parse_codes (column, words);
  const PatronType type = patron_column_get_type (column);
  if (codes->n == 0)
    {
      g_free (codes);
      return patron_column_ref (column);
    }
  g_autoptr (PatronColumn) dropped = patron_column_derive (column, patron_column_get_name (column), type, NULL, bodies[type], codes, g_free, run, error);
  gsize before = 0, after = 0;
  if (dropped == NULL || !patron_column_count_missing (column, &before, error) || !patron_column_count_missing (dropped, &after, error))
    return NULL;
  *n = after - before;
  const char *unit = patron_column_get_unit (column);
  return unit != NULL ? patron_column_with_unit (dropped, unit) : g_steal_pointer (&dropped);
}

/* ---- a table ------------------------------------------------------------------------------------------------- */

static PatronColumn *
without (PatronColumn *column, const PatronMissingTokens *words, gboolean settle, PatronRun *run, GPtrArray *notes, GError **error)
{
  gsize n = 0;
  PatronDict *dict = NULL;
  if (patron_column_has_dict (column) && (dict = patron_column_dict (column, error)) == NULL)
    return NULL;
  g_autoptr (PatronColumn) rest = dict != NULL ? without_words (column, dict, words, run, &n, error) : without_codes (column, words, run, &n, error);
  if (rest == NULL || n == 0)
    return g_steal_pointer (&rest);
  g_ptr_array_add (notes, patron_text (N_("{column}: {n} {n|value stands|values stand} for missing, as asked."), "column", PATRON_STRING (patron_column_get_name (column)),
                                       "n", PATRON_COUNT (n), NULL));
  return dict != NULL && settle ? settle_texts (rest, notes, error) : g_steal_pointer (&rest);
}

static gboolean
require_columns (PatronTable *table, const char *entries, GError **error)
{
  g_auto (GStrv) values = NULL;
  g_auto (GStrv) names = patron_csv_split_list (entries, &values);
  for (guint i = 0; names[i] != NULL; i++)
    if (*values[i] != '\0' && patron_table_require (table, names[i], error) == NULL)
      return FALSE;
  return TRUE;
}

PatronTable *
patron_table_take_missing (PatronTable *table, const char *entries, const char *usual, gboolean settle, PatronRun *run, GPtrArray *notes, GError **error)
{
  g_autoptr (PatronTable) result = patron_table_ref (table);
  if (*entries == '\0' || strcmp (entries, usual) == 0)
    return g_steal_pointer (&result);
  if (!require_columns (table, entries, error))
    return NULL;
  g_autofree char *complete = patron_missing_complete (entries, usual);
  entries = complete;
  const gboolean words_count = patron_missing_words_given (entries, usual);
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    {
      PatronColumn *column = patron_table_column (table, c);
      PatronMissingTokens words;
      patron_missing_tokens_init (&words, entries, patron_column_get_name (column));
      if (!words_count)
        patron_missing_tokens_keep_own (&words);
      g_autoptr (PatronColumn) rest = *words.tokens != NULL ? without (column, &words, settle, run, notes, error) : patron_column_ref (column);
      patron_missing_tokens_clear (&words);
      if (rest == NULL)
        return NULL;
      if (rest == column)
        continue;
      PatronTable *changed = patron_table_with_column (result, rest);
      patron_table_unref (result);
      result = changed;
    }
  return g_steal_pointer (&result);
}
