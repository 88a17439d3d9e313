/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-reading-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/memory.h"
#include "table/csv-baskets.h"

/* Two passes. The first cuts the text into stretches that begin with a record and counts their records; the second parses the stretches in
 * parallel, each value straight into its place in the column. */

#define TYPE_RECORDS 1000
#define MAX_COLUMNS 100000

/* The first error a worker met becomes the reading's. */
static void
take_scratch_error (PatronCsvState *state, GError **error)
{
  for (int w = 0; w < state->n_workers; w++)
    if (state->scratch[w].error != NULL)
      {
        if (error != NULL && *error == NULL)
          *error = g_steal_pointer (&state->scratch[w].error);
        g_clear_error (&state->scratch[w].error);
      }
}

gboolean
patron_csv_run_workers (PatronCsvState *state, gsize n, PatronParallelBody body, gpointer data, GError **error)
{
  GError *failure = NULL;
  patron_parallel_for (state->reading->run, n, 1, body, data);
  take_scratch_error (state, &failure);
  if (failure == NULL && state->reading->run != NULL)
    patron_run_check (state->reading->run, &failure);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

typedef struct
{
  const PatronCsvState *state;
  const char           *text;
  PatronTypeStats      *stats;      /* one for each column */
} Study;

static void
study_columns (gsize begin, gsize end, int worker, gpointer data)
{
  const Study *study = data;
  for (gsize c = begin; c < end; c++)
    patron_csv_add_stats (study->state, &study->state->scratch[0].records, study->text, 0, c, &study->stats[c]);
}

/* Types of the first records, to guess by. */
static gboolean
study_head (PatronCsvState *state, PatronTypeStats *stats, guint n, GError **error)
{
  const PatronCsvReading *reading = state->reading;
  gsize head_end = MIN (reading->head_length, state->end), length = head_end - MIN (reading->shape->data, head_end);
  gboolean whole = reading->head_length >= state->end && (state->end < patron_text_source_size (reading->source) || !patron_text_source_is_head (reading->source));
  PatronCsvScratch *scratch = &state->scratch[0];
  const char *text = reading->head + head_end - length;
  GError *ignored = NULL;
  if (!patron_csv_split (&state->dialect, text, length, TYPE_RECORDS, n, whole, &scratch->records, NULL, &ignored))
    {
      g_clear_error (&ignored);     /* the reading itself will say it, with the line */
      return TRUE;
    }
  Study study = { state, text, stats };
  return patron_csv_run_workers (state, n, study_columns, &study, error);
}

/* Values are never lost to a plan that does not fit. */
static gboolean
parse_as_text (PatronCsvState *state, const char **names, GArray *sources, GError **error)
{
  const PatronColumnPlan text = { .type = PATRON_TYPE_TEXT, .given = TRUE, .kept = TRUE };
  g_autoptr (GArray) failed = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < sources->len; i++)
    if (!patron_csv_add_sink (state, g_array_index (sources, guint, i), &text, error))
      return FALSE;
  return patron_csv_parse_sinks (state, names, failed, error);
}

/* Studies every value of the columns in sources, then reads them by what was found. */
static gboolean
study_and_parse (PatronCsvState *state, const char **names, GArray *sources, GError **error)
{
  PatronColumnPlan none = { .type = PATRON_TYPE_BOOLEAN };
  guint n = sources->len;
  for (guint i = 0; i < n; i++)
    {
      PatronCsvSink sink = { .source = g_array_index (sources, guint, i), .plan = none };
      g_array_append_val (state->sinks, sink);
    }
  state->stats = g_new (PatronTypeStats, (gsize) state->n_workers * n);
  for (gsize i = 0; i < (gsize) state->n_workers * n; i++)
    patron_type_stats_init (&state->stats[i]);
  gboolean fine = patron_csv_study_sinks (state, error);
  patron_csv_clear_sinks (state);
  for (guint i = 0; fine && i < n; i++)
    {
      for (int w = 1; w < state->n_workers; w++)
        patron_type_stats_merge (&state->stats[i], &state->stats[w * n + i]);
      guint source = g_array_index (sources, guint, i);
      PatronColumnPlan plan;
      if (patron_csv_plan_for (state, &state->stats[i], names[source], &plan))
        fine = patron_csv_add_sink (state, source, &plan, error);
    }
  g_clear_pointer (&state->stats, g_free);
  g_autoptr (GArray) failed = g_array_new (FALSE, FALSE, sizeof (guint));
  if (!fine || !patron_csv_parse_sinks (state, names, failed, error))
    return FALSE;
  if (failed->len == 0)
    return TRUE;
  g_warning ("%s: column %u is not as it was studied; it is read as text", state->reading->file, g_array_index (failed, guint, 0) + 1);
  return parse_as_text (state, names, failed, error);
}

/* Columns beyond the header's, for records that are longer. */
static gboolean
parse_surplus (PatronCsvState *state, guint widest, GPtrArray *names, GHashTable *taken, GError **error)
{
  if (widest <= state->reading->shape->n_columns)
    return TRUE;
  if (widest > MAX_COLUMNS)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” has a row of %u fields; expected no more than %u."), state->reading->file, widest, MAX_COLUMNS);
      return FALSE;
    }
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint c = state->reading->shape->n_columns; c < widest; c++)
    {
      g_ptr_array_add (names, patron_csv_column_name ("", c, taken));
      g_ptr_array_add (state->columns, NULL);
      g_array_append_val (sources, c);
    }
  return study_and_parse (state, (const char **) names->pdata, sources, error);
}

static gboolean
parse_columns (PatronCsvState *state, GPtrArray *names, GHashTable *taken, GError **error)
{
  guint n = state->reading->shape->n_columns;
  g_autofree PatronTypeStats *stats = g_new (PatronTypeStats, n);
  for (guint c = 0; c < n; c++)
    patron_type_stats_init (&stats[c]);
  if (!study_head (state, stats, n, error))
    return FALSE;
  patron_csv_learn_context (state, stats, n);
  state->context.sample = state->n_rows > TYPE_RECORDS;
  g_autoptr (GArray) failed = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint c = 0; c < n; c++)
    {
      PatronColumnPlan plan;
      if (patron_csv_is_skipped (state, names->pdata[c]))
        continue;
      /* Nothing to guess by at the beginning: every value must be looked at. */
      if (state->reading->options->cells == PATRON_CSV_CELLS_TYPED && stats[c].n_values == 0 && stats[c].n_missing < state->n_rows && state->n_rows < state->reading->max_rows)
        {
          g_array_append_val (failed, c);
          continue;
        }
      if (patron_csv_plan_for (state, &stats[c], names->pdata[c], &plan) && !patron_csv_add_sink (state, c, &plan, error))
        return FALSE;
    }
  state->context.sample = FALSE;
  state->irregular = g_new0 (PatronCsvIrregular, state->stretches->len);
  if (!patron_csv_parse_sinks (state, (const char **) names->pdata, failed, error))
    return FALSE;
  guint widest = patron_csv_report_irregular (state);
  g_clear_pointer (&state->irregular, g_free);
  if (failed->len > 0 && !study_and_parse (state, (const char **) names->pdata, failed, error))
    return FALSE;
  return parse_surplus (state, widest, names, taken, error);
}

static PatronTable *
make_table (PatronCsvState *state)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint c = 0; c < state->columns->len; c++)
    if (state->columns->pdata[c] != NULL)
      g_ptr_array_add (columns, state->columns->pdata[c]);
  g_ptr_array_set_size (state->columns, 0);
  return patron_table_new_take (state->reading->table, columns);
}

/* Lines as baskets, in order. */
static PatronTable *
read_baskets (PatronCsvState *state, GError **error)
{
  PatronCsvBaskets baskets = { 0 };
  PatronCsvScratch *scratch = &state->scratch[0];
  PatronTable *table = NULL;
  gboolean fine = TRUE;
  for (guint k = 0; fine && k < state->stretches->len; k++)
    {
      const char *text = patron_csv_split_stretch (state, &g_array_index (state->stretches, PatronCsvStretch, k), scratch);
      fine = text != NULL && patron_csv_baskets_add (&baskets, &state->dialect, text, &scratch->records, &scratch->error);
      if (fine && state->reading->run != NULL)
        fine = patron_run_check (state->reading->run, &scratch->error);
    }
  if (fine)
    table = patron_csv_baskets_finish (&baskets, state->reading->table, error);
  else
    take_scratch_error (state, error);
  patron_csv_baskets_clear (&baskets);
  return table;
}

static void
unref_column (gpointer column)
{
  if (column != NULL)
    patron_column_unref (column);
}

static void
state_clear (PatronCsvState *state)
{
  patron_csv_clear_sinks (state);
  g_array_unref (state->sinks);
  g_array_unref (state->stretches);
  for (int w = 0; w < state->n_workers; w++)
    {
      PatronCsvScratch *scratch = &state->scratch[w];
      patron_free (scratch->buffer);
      patron_free (scratch->scratch);
      patron_csv_records_clear (&scratch->records);
      g_clear_error (&scratch->error);
    }
  g_free (state->scratch);
  g_free (state->workers);
  g_free (state->irregular);
  patron_missing_tokens_clear (&state->missing);
  for (guint c = 0; state->column_missing != NULL && c < state->reading->shape->n_columns; c++)
    if (state->column_missing[c] != NULL)
      {
        patron_missing_tokens_clear (state->column_missing[c]);
        g_free (state->column_missing[c]);
      }
  g_free (state->column_missing);
  g_clear_pointer (&state->wishes, g_hash_table_unref);
  for (guint c = 0; c < state->columns->len; c++)
    unref_column (state->columns->pdata[c]);
  g_ptr_array_unref (state->columns);
}

PatronTable *
patron_csv_reading_perform (PatronCsvReading *reading, GError **error)
{
  PatronCsvState state = { .reading = reading, .dialect = reading->shape->dialect };
  state.end = MIN (reading->shape->end, patron_text_source_size (reading->source));
  state.n_workers = MAX (1, patron_parallel_workers (reading->run));
  state.scratch = g_new0 (PatronCsvScratch, state.n_workers);
  state.stretches = g_array_new (FALSE, FALSE, sizeof (PatronCsvStretch));
  state.sinks = g_array_new (FALSE, FALSE, sizeof (PatronCsvSink));
  state.columns = g_ptr_array_new ();
  patron_missing_tokens_init (&state.missing, reading->options->missing_values, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint c = 0; c < reading->shape->n_columns; c++)
    {
      g_ptr_array_add (names, g_strdup (reading->shape->names[c]));
      g_hash_table_add (taken, g_strdup (reading->shape->names[c]));
      g_ptr_array_add (state.columns, NULL);
    }
  PatronTable *table = NULL;
  if (reading->run != NULL)
    patron_run_push (reading->run, N_("Reading"), 1);
  if (patron_csv_take_wishes (&state, error) && patron_csv_find_stretches (&state, error))
    {
      state.workers = g_new0 (guint8, MAX (state.stretches->len, 1));
      if (reading->shape->baskets)
        table = read_baskets (&state, error);
      else if (parse_columns (&state, names, taken, error))
        table = make_table (&state);
    }
  if (reading->run != NULL)
    patron_run_pop (reading->run);
  if (patron_text_source_n_replaced (reading->source) > 0)
    patron_csv_say (&state, patron_text (N_("{n} {n|byte|bytes} could not be read as {encoding} and {n|was|were} replaced by �."), "n",
                              PATRON_COUNT (patron_text_source_n_replaced (reading->source)), "encoding", PATRON_STRING (patron_text_source_encoding (reading->source)), NULL));
  state_clear (&state);
  return table;
}
