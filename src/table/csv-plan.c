/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-reading-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "table/missing-values.h"

void
patron_csv_learn_context (PatronCsvState *state, const PatronTypeStats *stats, guint n)
{
  PatronTypeContext *context = &state->context;
  const PatronCsvOptions *options = state->reading->options;
  char mark[12];
  if (patron_csv_option_bytes (options->decimal, mark, sizeof mark))
    {
      context->decimal = mark[0];
      context->decimal_given = TRUE;
    }
  if (patron_csv_option_bytes (options->thousands, mark, sizeof mark) && mark[0] != '\0')
    context->grouping = mark[0];
  if (options->date_format[0] != '\0' && patron_date_rule_from_text (options->date_format, &context->rule))
    context->rule_known = context->rule_given = TRUE;
  guint points = 0, commas = 0;
  for (guint c = 0; c < n; c++)
    {
      const PatronTypeStats *s = &stats[c];
      if (s->n_values == 0)
        continue;
      gboolean point = s->misfits[0].n == 0 || s->misfits[1].n == 0 || s->misfits[2].n == 0, comma = s->misfits[3].n == 0 || s->misfits[4].n == 0;
      points += point && !comma;
      commas += comma && !point;
      gboolean dmy = s->misfits[PATRON_GUESS_DATE + PATRON_DATE_DMY].n == 0, mdy = s->misfits[PATRON_GUESS_DATE + PATRON_DATE_MDY].n == 0;
      if (dmy != mdy && !context->rule_known)
        {
          context->rule_known = TRUE;
          context->rule = dmy ? PATRON_DATE_DMY : PATRON_DATE_MDY;
        }
    }
  if (!context->decimal_given)
    context->decimal = commas > points || (commas == points && state->dialect.delimiter[0] == ';') ? ',' : '.';
}

/* What the user asked for one column. */
typedef struct
{
  gboolean   skipped, typed;
  PatronType type;
} Wish;

static Wish *
wish_for (GHashTable *wishes, const char *name)
{
  Wish *wish = g_hash_table_lookup (wishes, name);
  if (wish == NULL)
    {
      wish = g_new0 (Wish, 1);
      g_hash_table_insert (wishes, g_strdup (name), wish);
    }
  return wish;
}

static gboolean
is_column (GHashTable *columns, const char *setting, const char *name, GError **error)
{
  if (g_hash_table_contains (columns, name))
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("%s name a column “%s”, which the file does not have."), setting, name);
  return FALSE;
}

static gboolean
wish_type (Wish *wish, const char *word, GError **error)
{
  g_autofree char *id = g_ascii_strdown (word, -1);
  if (strcmp (id, "skip") == 0)
    wish->skipped = TRUE;
  else if (patron_type_from_id (id, &wish->type))
    wish->typed = TRUE;
  else if (*id != '\0' && strcmp (id, "auto") != 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                   _("“%s” is not a type of column; expected number, integer, boolean, category, text, date, time, duration or skip."), id);
      return FALSE;
    }
  return TRUE;
}

/* "name=type", or the type at its position when no name is given. */
static gboolean
wish_types (GHashTable *wishes, const char *list, const char *const *names, GHashTable *columns, GError **error)
{
  g_auto (GStrv) types = NULL;
  g_auto (GStrv) entries = patron_csv_split_list (list, &types);
  const guint n_names = g_strv_length ((char **) names);
  for (guint i = 0; entries[i] != NULL; i++)
    {
      const gboolean named = *types[i] != '\0';
      if (named && !is_column (columns, _("Column types"), entries[i], error))
        return FALSE;
      Wish nobody = { 0 };
      Wish *wish = named ? wish_for (wishes, entries[i]) : i < n_names ? wish_for (wishes, names[i]) : &nobody;
      if (!wish_type (wish, named ? types[i] : entries[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
wish_columns (GHashTable *wishes, const PatronCsvOptions *options, const char *const *names, GHashTable *columns, GError **error)
{
  g_auto (GStrv) read = patron_csv_split_list (options->read_columns, NULL), skipped = patron_csv_split_list (options->skip_columns, NULL);
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; read[i] != NULL; i++)
    {
      if (!is_column (columns, _("Read columns"), read[i], error))
        return FALSE;
      g_hash_table_add (wanted, read[i]);
    }
  for (guint i = 0; names[i] != NULL && read[0] != NULL; i++)
    wish_for (wishes, names[i])->skipped = !g_hash_table_contains (wanted, names[i]);
  for (guint i = 0; skipped[i] != NULL; i++)
    {
      if (!is_column (columns, _("Leave out columns"), skipped[i], error))
        return FALSE;
      wish_for (wishes, skipped[i])->skipped = TRUE;
    }
  return TRUE;
}

/* Missing values of single columns. */
static gboolean
wish_missing (PatronCsvState *state, const char *list, GHashTable *columns, GError **error)
{
  g_auto (GStrv) values = NULL;
  g_auto (GStrv) entries = patron_csv_split_list (list, &values);
  for (guint i = 0; entries[i] != NULL; i++)
    {
      if (*values[i] == '\0')
        continue;
      if (!is_column (columns, _("Missing values"), entries[i], error))
        return FALSE;
      guint source = GPOINTER_TO_UINT (g_hash_table_lookup (columns, entries[i]));
      if (state->column_missing == NULL)
        state->column_missing = g_new0 (PatronMissingTokens *, state->reading->shape->n_columns);
      if (state->column_missing[source] != NULL)
        continue;
      state->column_missing[source] = g_new (PatronMissingTokens, 1);
      patron_missing_tokens_init (state->column_missing[source], list, entries[i]);
    }
  return TRUE;
}

gboolean
patron_csv_take_wishes (PatronCsvState *state, GError **error)
{
  const PatronCsvOptions *options = state->reading->options;
  const char *const *names = (const char *const *) state->reading->shape->names;
  state->wishes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  state->context.missing_given = patron_missing_words_given (options->missing_values, patron_params_find (patron_csv_params, "missing-values")->def_text);
  g_autoptr (GHashTable) columns = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; names[i] != NULL; i++)
    g_hash_table_insert (columns, (gpointer) names[i], GUINT_TO_POINTER (i));
  return wish_columns (state->wishes, options, names, columns, error) && wish_types (state->wishes, options->column_types, names, columns, error)
         && wish_missing (state, options->missing_values, columns, error);
}

/* Where words for missing are no values of the column's type. */
static void
say_words (PatronCsvState *state, const PatronTypeStats *stats, const char *name, const PatronColumnPlan *plan)
{
  if (stats->n_tokens == 0 || plan->keep_na)
    return;
  patron_csv_say (state, patron_text (state->context.sample ? N_("{column}: {n} of the first {all} cells {n|holds|hold} a word for “missing” and {n|is|are} read so.")
                                                            : N_("{column}: {n} {n|cell holds|cells hold} a word for “missing” and {n|is|are} read so."),
                                      "column", PATRON_STRING (name), "n", PATRON_COUNT (stats->n_tokens), "all", PATRON_COUNT (stats->n_values + stats->n_missing), NULL));
}

/* What a column shows of how numbers and dates are written in the file; the first that does counts. */
static void
remember_forms (PatronCsvReading *reading, const PatronTypeStats *stats, const PatronColumnPlan *plan)
{
  const gboolean number = plan->type == PATRON_TYPE_NUMBER || plan->type == PATRON_TYPE_INTEGER;
  if (reading->decimal == '\0' && plan->type == PATRON_TYPE_NUMBER)
    reading->decimal = plan->form.decimal;
  if (reading->thousands == '\0' && number && stats->n_grouped > 0)
    reading->thousands = plan->form.grouping;
  if (reading->date_format == NULL && (plan->type == PATRON_TYPE_DATE || plan->type == PATRON_TYPE_TIME))
    reading->date_format = patron_date_rule_id (plan->rule);
}

gboolean
patron_csv_plan_for (PatronCsvState *state, const PatronTypeStats *stats, const char *name, PatronColumnPlan *plan)
{
  const Wish *wish = g_hash_table_lookup (state->wishes, name);
  if (wish != NULL && wish->skipped)
    return FALSE;
  if (wish != NULL && wish->typed)
    {
      patron_plan_given (stats, wish->type, &state->context, plan);
      return TRUE;
    }
  if (state->reading->options->cells == PATRON_CSV_CELLS_KEPT)
    {
      *plan = (PatronColumnPlan) { .type = PATRON_TYPE_TEXT, .given = TRUE, .kept = TRUE };
      return TRUE;
    }
  PatronText *note = NULL;
  patron_plan_column (stats, name, &state->context, plan, &note);
  patron_csv_say (state, note);
  say_words (state, stats, name, plan);
  remember_forms (state->reading, stats, plan);
  return TRUE;
}

gboolean
patron_csv_is_skipped (const PatronCsvState *state, const char *name)
{
  const Wish *wish = g_hash_table_lookup (state->wishes, name);
  return wish != NULL && wish->skipped;
}
