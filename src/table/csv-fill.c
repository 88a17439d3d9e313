/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-reading-private.h"

#include <glib/gi18n-lib.h>

static void
count_irregular (const PatronCsvRecords *records, gsize row, guint n_columns, PatronCsvIrregular *irregular)
{
  for (gsize r = 0; r < records->n_records; r++)
    {
      guint n = records->first[r + 1] - records->first[r];
      if (G_LIKELY (n == n_columns))
        continue;
      if (n < n_columns)
        {
          if (irregular->n_short++ == 0)
            irregular->short_row = row + r;
          continue;
        }
      /* Empty fields past the last column are only delimiters too many. */
      while (n > n_columns && records->fields[records->first[r] + n - 1].length == 0)
        n--;
      if (n > n_columns && irregular->n_long++ == 0)
        irregular->long_row = row + r;
      irregular->widest = MAX (irregular->widest, n);
    }
}

/* Column by column over so few rows that their text and fields stay in the fastest cache. */
#define ROWS_AT_ONCE 128

/* How many fields each of n records from first on has; 0 when they differ or have fewer than needed. */
static guint
stride_of (const PatronCsvRecords *records, gsize first, gsize n, guint needed)
{
  const guint32 *at = records->first + first;
  const guint stride = at[1] - at[0];
  gboolean same = stride >= needed;
  for (gsize r = 1; r < n; r++)
    same &= at[r + 1] - at[r] == stride;
  return same ? stride : 0;
}

static gboolean
fill_sinks (PatronCsvState *state, const PatronCsvStretch *stretch, const char *text, int worker)
{
  PatronCsvScratch *scratch = &state->scratch[worker];
  guint needed = 0;
  for (guint c = 0; c < state->sinks->len; c++)
    needed = MAX (needed, g_array_index (state->sinks, PatronCsvSink, c).source + 1);
  for (gsize first = 0; first < scratch->records.n_records; first += ROWS_AT_ONCE)
    {
      const gsize n = MIN (ROWS_AT_ONCE, scratch->records.n_records - first);
      const PatronCsvRows rows = { first, n, stretch->row + first, stride_of (&scratch->records, first, n, needed) };
      for (guint c = 0; c < state->sinks->len; c++)
        {
          PatronCsvSink *sink = &g_array_index (state->sinks, PatronCsvSink, c);
          if (!patron_csv_sink_fill (sink, &state->dialect, patron_csv_missing_of (state, sink->source), text, scratch, &rows, worker))
            return FALSE;
        }
    }
  return TRUE;
}

static void
fill_stretches (gsize begin, gsize end, int worker, gpointer user)
{
  PatronCsvState *state = user;
  PatronCsvScratch *scratch = &state->scratch[worker];
  for (gsize k = begin; k < end && scratch->error == NULL; k++)
    {
      const PatronCsvStretch *stretch = &g_array_index (state->stretches, PatronCsvStretch, k);
      state->workers[k] = worker;
      const char *text = patron_csv_split_stretch (state, stretch, scratch);
      if (text == NULL)
        return;
      if (state->irregular != NULL)
        {
          PatronCsvIrregular *irregular = &state->irregular[k];
          count_irregular (&scratch->records, stretch->row, state->reading->shape->n_columns, irregular);
          irregular->n_repaired = scratch->records.n_repaired;
          irregular->repaired_row = stretch->row + scratch->records.repaired;
        }
      if (!fill_sinks (state, stretch, text, worker))
        return;
      if (worker == 0 && state->reading->run != NULL)
        patron_run_progress (state->reading->run, 0.3 + 0.6 * k / state->stretches->len);
    }
}

void
patron_csv_add_stats (const PatronCsvState *state, const PatronCsvRecords *records, const char *text, gsize row, guint source, PatronTypeStats *stats)
{
  const PatronMissingTokens *missing = patron_csv_missing_of (state, source);
  for (gsize r = 0; r < records->n_records; r++)
    {
      guint32 at = records->first[r] + source;
      if (at >= records->first[r + 1])
        {
          stats->n_missing++;
          continue;
        }
      PatronCsvField field = records->fields[at];
      patron_type_stats_add (stats, text + field.start, field.length, row + r, missing);
    }
}

static void
study_stretches (gsize begin, gsize end, int worker, gpointer user)
{
  PatronCsvState *state = user;
  PatronCsvScratch *scratch = &state->scratch[worker];
  for (gsize k = begin; k < end && scratch->error == NULL; k++)
    {
      const PatronCsvStretch *stretch = &g_array_index (state->stretches, PatronCsvStretch, k);
      const char *text = patron_csv_split_stretch (state, stretch, scratch);
      if (text == NULL)
        return;
      for (guint c = 0; c < state->sinks->len; c++)
        {
          guint source = g_array_index (state->sinks, PatronCsvSink, c).source;
          patron_csv_add_stats (state, &scratch->records, text, stretch->row, source, &state->stats[worker * state->sinks->len + c]);
        }
    }
}

gboolean
patron_csv_study_sinks (PatronCsvState *state, GError **error)
{
  return patron_csv_run_workers (state, state->stretches->len, study_stretches, state, error);
}

void
patron_csv_clear_sinks (PatronCsvState *state)
{
  for (guint c = 0; c < state->sinks->len; c++)
    patron_csv_sink_clear (&g_array_index (state->sinks, PatronCsvSink, c), state->n_workers);
  g_array_set_size (state->sinks, 0);
}

gboolean
patron_csv_add_sink (PatronCsvState *state, guint source, const PatronColumnPlan *plan, GError **error)
{
  PatronCsvSink sink;
  if (!patron_csv_sink_init (&sink, source, plan, state->n_rows, state->n_workers, error))
    return FALSE;
  sink.alone = state->reading->shape->n_columns == 1;
  g_array_append_val (state->sinks, sink);
  return TRUE;
}

typedef struct
{
  PatronCsvState *state;
  const gsize    *rows;
  const char    **names;
  gboolean       *changed;
  guint32        *changed_row;
} Finish;

static void
finish_columns (gsize begin, gsize end, int worker, gpointer user)
{
  Finish *finish = user;
  PatronCsvState *state = finish->state;
  for (gsize c = begin; c < end; c++)
    {
      PatronCsvSink *sink = &g_array_index (state->sinks, PatronCsvSink, c);
      if (sink->failed || state->scratch[worker].error != NULL)
        continue;
      GError **error = &state->scratch[worker].error;
      PatronColumn *column = patron_csv_sink_finish (sink, patron_csv_missing_of (state, sink->source), finish->names[sink->source], state->n_rows, finish->rows,
                                                     state->workers, state->stretches->len, state->n_workers, &finish->changed[sink->source],
                                                     &finish->changed_row[sink->source], error);
      if (column != NULL && sink->plan.kept)
        {
          PatronColumn *plain = patron_csv_write_numbers_plainly (state, column, error);
          patron_column_unref (column);
          column = plain;
        }
      state->columns->pdata[sink->source] = column;
    }
}

static void
say_changes (PatronCsvState *state, guint source, const char *name, gboolean changed, guint32 row)
{
  if (changed)
    patron_csv_say (state, patron_text (N_("{column}: bytes that are not text were replaced by �, first in row {row}."), "column",
                                        PATRON_STRING (name), "row", PATRON_COUNT (row + 1.0), NULL));
}

gboolean
patron_csv_parse_sinks (PatronCsvState *state, const char **names, GArray *failed, GError **error)
{
  if (!patron_csv_run_workers (state, state->stretches->len, fill_stretches, state, error))
    return FALSE;
  gsize n = state->stretches->len;
  g_autofree gsize *rows = g_new0 (gsize, n + 1);
  for (gsize k = 0; k < n; k++)
    rows[k] = g_array_index (state->stretches, PatronCsvStretch, k).row;
  rows[n] = state->n_rows;
  for (guint c = 0; c < state->sinks->len; c++)
    {
      PatronCsvSink *sink = &g_array_index (state->sinks, PatronCsvSink, c);
      if (!sink->failed && patron_csv_sink_is_large (sink, state->n_workers) && !patron_csv_sink_merge (sink, state->n_workers, state->reading->run, error))
        return FALSE;
    }
  g_autofree gboolean *changed = g_new0 (gboolean, state->columns->len);
  g_autofree guint32 *changed_row = g_new0 (guint32, state->columns->len);
  Finish finish = { state, rows, names, changed, changed_row };
  if (!patron_csv_run_workers (state, state->sinks->len, finish_columns, &finish, error))
    return FALSE;
  for (guint c = 0; c < state->sinks->len; c++)
    {
      PatronCsvSink *sink = &g_array_index (state->sinks, PatronCsvSink, c);
      if (sink->failed)
        {
          g_array_append_val (failed, sink->source);
          continue;
        }
      say_changes (state, sink->source, names[sink->source], changed[sink->source], changed_row[sink->source]);
      if (sink->n_refused > 0)
        patron_csv_say (state, patron_text (N_("{column}: {n} {n|value does|values do} not fit the type asked for and {n|is|are} missing."), "column",
                                 PATRON_STRING (names[sink->source]), "n", PATRON_COUNT (sink->n_refused), NULL));
    }
  patron_csv_clear_sinks (state);
  return TRUE;
}

guint
patron_csv_report_irregular (PatronCsvState *state)
{
  PatronCsvIrregular all = { 0 };
  const guint n_columns = state->reading->shape->n_columns;
  for (guint k = 0; k < state->stretches->len; k++)
    {
      const PatronCsvIrregular *one = &state->irregular[k];
      if (one->n_short > 0 && all.n_short == 0)
        all.short_row = one->short_row;
      if (one->n_long > 0 && all.n_long == 0)
        all.long_row = one->long_row;
      if (one->n_repaired > 0 && all.n_repaired == 0)
        all.repaired_row = one->repaired_row;
      all.n_short += one->n_short;
      all.n_long += one->n_long;
      all.n_repaired += one->n_repaired;
      all.widest = MAX (all.widest, one->widest);
    }
  if (all.n_short > 0)
    patron_csv_say (state, patron_text (N_("{n} {n|row has|rows have} fewer than {columns} fields, first row {row}; what is not there is missing."), "n", PATRON_COUNT (all.n_short),
                             "columns", PATRON_COUNT (n_columns), "row", PATRON_COUNT (all.short_row + 1), NULL));
  if (all.n_long > 0)
    patron_csv_say (state, patron_text (N_("{n} {n|row has|rows have} more than {columns} fields, first row {row}; the surplus is kept in further columns."), "n", PATRON_COUNT (all.n_long),
                             "columns", PATRON_COUNT (n_columns), "row", PATRON_COUNT (all.long_row + 1), NULL));
  if (all.n_repaired > 0)
    patron_csv_say (state, patron_text (N_("In {n} {n|row|rows} a quotation mark was never closed and was read as an ordinary character, first in row {row}."), "n",
                             PATRON_COUNT (all.n_repaired), "row", PATRON_COUNT (all.repaired_row + 1), NULL));
  return all.widest;
}
