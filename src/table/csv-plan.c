/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-reading-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

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

/* "name=type" in the setting, or the type at its position when no names are given. */
static gboolean
given_type (const PatronCsvOptions *options, const char *name, guint index, PatronType *type, gboolean *skip)
{
  if (options->column_types[0] == '\0')
    return FALSE;
  g_auto (GStrv) parts = g_strsplit (options->column_types, ",", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *mark = strrchr (parts[i], '=');
      const char *word = parts[i];
      if (mark != NULL)
        {
          *mark = '\0';
          if (strcmp (g_strstrip (parts[i]), name) != 0)
            continue;
          word = mark + 1;
        }
      else if (i != index)
        continue;
      g_autofree char *id = g_strstrip (g_ascii_strdown (word, -1));
      *skip = strcmp (id, "skip") == 0;
      return *skip || patron_type_from_id (id, type);
    }
  return FALSE;
}

gboolean
patron_csv_check_given_types (const PatronCsvOptions *options, const char *const *names, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (options->column_types, ",", -1);
  for (guint i = 0; parts[i] != NULL && options->column_types[0] != '\0'; i++)
    {
      char *mark = strrchr (parts[i], '=');
      const char *word = mark != NULL ? mark + 1 : parts[i];
      if (mark != NULL)
        {
          *mark = '\0';
          if (!g_strv_contains (names, g_strstrip (parts[i])))
            {
              g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Column types name a column “%s”, which the file does not have."), parts[i]);
              return FALSE;
            }
        }
      g_autofree char *id = g_strstrip (g_ascii_strdown (word, -1));
      PatronType type;
      if (*id != '\0' && strcmp (id, "skip") != 0 && strcmp (id, "auto") != 0 && !patron_type_from_id (id, &type))
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                       _("“%s” is not a type of column; expected number, integer, boolean, category, text, date, time, duration or skip."), id);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
patron_csv_plan_for (PatronCsvState *state, const PatronTypeStats *stats, const char *name, guint index, PatronColumnPlan *plan)
{
  PatronType type;
  gboolean skip = FALSE;
  if (given_type (state->reading->options, name, index, &type, &skip))
    {
      if (!skip)
        patron_plan_given (stats, type, &state->context, plan);
      return !skip;
    }
  PatronText *note = NULL;
  patron_plan_column (stats, name, &state->context, plan, &note);
  patron_csv_say (state, note);
  return TRUE;
}
