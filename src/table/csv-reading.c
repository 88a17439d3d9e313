/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-reading.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "table/csv-baskets.h"
#include "table/csv-columns.h"

/* Two passes. The first cuts the text into stretches that begin with a record and counts their records; the second parses the stretches in
 * parallel, each value straight into its place in the column. */

#define STRETCH ((gsize) 512 << 10)
#define TYPE_RECORDS 1000
#define MAX_ROWS ((gsize) G_MAXINT32)
#define MAX_COLUMNS 100000

typedef struct
{
  guint64 offset;
  gsize   length;
  gsize   row;            /* of its first record */
  gsize   n_records;
} Stretch;

typedef struct
{
  gsize   n_short, n_long;                 /* records with too few or too many fields */
  gsize   short_row, long_row;             /* the first of them */
  guint   widest;                          /* fields up to the last that is not empty */
  gsize   n_repaired, repaired_row;
} Irregular;

typedef struct
{
  PatronCsvReading    *reading;
  PatronCsvDialect     dialect;
  gboolean             plain;              /* the plain splitter does it */
  GArray              *stretches;          /* of Stretch */
  gsize                n_rows;
  int                  n_workers;
  PatronCsvScratch    *scratch;            /* one for each worker */
  guint8              *workers;            /* which worker read a stretch */
  Irregular           *irregular;          /* one for each stretch */
  PatronMissingTokens  missing;
  PatronTypeContext    context;
  GArray              *sinks;              /* of PatronCsvSink, the columns of this pass */
  PatronTypeStats     *stats;              /* worker-major, sinks->len each: when types are being found out */
  GPtrArray           *columns;            /* finished, by source; NULL: not yet */
} State;

static void
take_scratch_error (State *state, GError **error)
{
  for (int w = 0; w < state->n_workers; w++)
    if (state->scratch[w].error != NULL)
      {
        if (error != NULL && *error == NULL)
          *error = g_steal_pointer (&state->scratch[w].error);
        g_clear_error (&state->scratch[w].error);
      }
}

/* Line of an offset, counted from 1. */
static guint64
line_at (PatronTextSource *source, guint64 offset)
{
  guint64 line = 1;
  char *buffer = NULL;
  gsize size = 0;
  char last = '\0';
  for (guint64 at = 0; at < offset;)
    {
      gsize n = MIN (offset - at, (guint64) 1 << 20);
      const char *text = patron_text_source_read (source, at, n, &buffer, &size, NULL);
      if (text == NULL)
        break;
      for (gsize i = 0; i < n; i++)
        {
          line += text[i] == '\r' || (text[i] == '\n' && last != '\r');
          last = text[i];
        }
      at += n;
    }
  patron_free (buffer);
  return line;
}

/* ---- first pass -------------------------------------------------------------------------------------------- */

typedef struct
{
  State         *state;
  PatronCsvScan *scans;
  guint64        data, size;
} Scan;

static void
scan_stretch (gsize begin, gsize end, int worker, gpointer user)
{
  Scan *scan = user;
  State *state = scan->state;
  PatronCsvScratch *scratch = &state->scratch[worker];
  for (gsize k = begin; k < end && scratch->error == NULL; k++)
    {
      guint64 offset = scan->data + k * STRETCH;
      gsize length = MIN (scan->size - offset, STRETCH);
      /* With the two bytes before, which belong to the stretch before it or to the header. */
      gsize lead = MIN (offset, 2);
      const char *text = patron_text_source_read (state->reading->source, offset - lead, length + lead, &scratch->buffer, &scratch->buffer_size, &scratch->error);
      if (text == NULL)
        return;
      char newline = state->dialect.eol == PATRON_CSV_EOL_CR ? '\r' : '\n';
      char before[2] = { newline, newline };
      if (k > 0)
        memcpy (before, text + lead - 2, 2);
      patron_csv_scan (&state->dialect, text + lead, length, before, &scan->scans[k]);
    }
}

static void
add_stretch (State *state, guint64 offset, guint64 end, gsize n_records)
{
  Stretch stretch = { .offset = offset, .length = end - offset, .row = state->n_rows, .n_records = n_records };
  g_array_append_val (state->stretches, stretch);
  state->n_rows += n_records;
}

/* Whether the text ends in a record that no line end closes. */
static gboolean
has_tail (State *state, guint64 data, guint64 size, GError **error)
{
  if (size == data)
    return FALSE;
  PatronCsvScratch *scratch = &state->scratch[0];
  gsize n = MIN (size - data, 2);
  const char *text = patron_text_source_read (state->reading->source, size - n, n, &scratch->buffer, &scratch->buffer_size, error);
  if (text == NULL)
    return FALSE;
  char last = text[n - 1], before = n == 2 ? text[0] : '\n';
  if (state->dialect.eol == PATRON_CSV_EOL_CR)
    return last != '\r';
  return last != '\n' && !(last == '\r' && before == '\n');
}

/* From what each stretch holds under both assumptions to what it holds. FALSE (no error): the quoting is not orderly, the plain splitter cannot. */
static gboolean
lay_stretches (State *state, const PatronCsvScan *scans, gsize n, guint64 data, guint64 size, gboolean tail)
{
  int inside = 0;
  guint64 begin = data;
  gsize records = 0;
  for (gsize k = 0; k < n; k++)
    {
      const PatronCsvScan *scan = &scans[k];
      if (scan->stray[inside] || scan->lone_cr[inside] || scan->quoted_eol[inside])
        return FALSE;
      if (k > 0 && scan->first_record[inside] != G_MAXSIZE)
        {
          guint64 at = data + k * STRETCH + scan->first_record[inside];
          records += scan->first_counts[inside];
          if (at < size)
            {
              add_stretch (state, begin, at, records);
              begin = at;
              records = 0;
            }
          records += scan->n_records[inside] - scan->first_counts[inside];
        }
      else
        records += scan->n_records[inside];
      inside ^= scan->odd;
    }
  if (inside)
    return FALSE;
  if (begin < size)
    add_stretch (state, begin, size, records + tail);
  return TRUE;
}

static gboolean
find_plain_stretches (State *state, gboolean *fine, GError **error)
{
  PatronTextSource *source = state->reading->source;
  guint64 data = state->reading->shape->data, size = patron_text_source_size (source);
  gsize n = size > data ? (size - data + STRETCH - 1) / STRETCH : 0;
  g_autofree PatronCsvScan *scans = g_new0 (PatronCsvScan, n + 1);
  Scan scan = { state, scans, data, size };
  GError *failure = NULL;
  gboolean tail = has_tail (state, data, size, &failure);
  if (failure == NULL)
    patron_parallel_for (state->reading->run, n, 1, scan_stretch, &scan);
  take_scratch_error (state, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (state->reading->run != NULL && !patron_run_check (state->reading->run, error))
    return FALSE;
  *fine = lay_stretches (state, scans, n, data, size, tail);
  if (!*fine)
    {
      g_array_set_size (state->stretches, 0);
      state->n_rows = 0;
    }
  return TRUE;
}

static void
report_unclosed (State *state, guint64 offset, GError **error)
{
  g_clear_error (error);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
               _("“%s”, line %" PRIu64 ": the quotation mark %c that opens there is never closed; expected a closing one before the end of the file."), state->reading->file,
               line_at (state->reading->source, offset), state->dialect.quote);
}

/* The forgiving splitter goes through the whole text once to find where records begin. */
static gboolean
find_stretches (State *state, GError **error)
{
  PatronTextSource *source = state->reading->source;
  const char *text = patron_text_source_whole (source, error);
  if (text == NULL)
    return FALSE;
  guint64 size = patron_text_source_size (source);
  gboolean whole = !patron_text_source_is_head (source);
  PatronCsvRecords *records = &state->scratch[0].records;
  for (guint64 at = state->reading->shape->data; at < size;)
    {
      if (state->reading->run != NULL)
        {
          if (!patron_run_check (state->reading->run, error))
            return FALSE;
          patron_run_progress (state->reading->run, 0.3 * at / size);
        }
      gsize consumed = 0, window = MIN (size - at, (guint64) G_MAXUINT32);
      gboolean last = at + window == size;
      GError *problem = NULL;
      if (!patron_csv_split (&state->dialect, text + at, window, MIN (4096, state->reading->max_rows - state->n_rows), state->reading->shape->n_columns, last && whole, records, &consumed, &problem))
        {
          if (g_error_matches (problem, PATRON_ERROR, PATRON_ERROR_INPUT))
            report_unclosed (state, at + consumed, &problem);
          g_propagate_error (error, problem);
          return FALSE;
        }
      if (consumed == 0)
        break;
      if (records->n_records > 0)
        add_stretch (state, at, at + consumed, records->n_records);
      at += consumed;
      if (state->n_rows >= state->reading->max_rows)
        break;
    }
  return TRUE;
}

static gboolean
first_pass (State *state, GError **error)
{
  gboolean fine = FALSE;
  PatronTextSource *source = state->reading->source;
  state->plain = patron_csv_dialect_is_plain (&state->dialect) && !patron_text_source_is_head (source);
  if (state->plain && !find_plain_stretches (state, &fine, error))
    return FALSE;
  if (!fine)
    {
      state->plain = FALSE;
      if (!find_stretches (state, error))
        return FALSE;
    }
  if (state->n_rows > MAX_ROWS)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” has %zu rows; expected no more than 2,147,483,647."), state->reading->file, state->n_rows);
      return FALSE;
    }
  return TRUE;
}

/* ---- second pass ------------------------------------------------------------------------------------------- */

static void
count_irregular (const PatronCsvRecords *records, gsize row, guint n_columns, Irregular *irregular)
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

/* Records of a stretch into the worker's scratch. NULL: scratch->error says why. */
static const char *
split_stretch (State *state, const Stretch *stretch, PatronCsvScratch *scratch)
{
  PatronTextSource *source = state->reading->source;
  const char *text = patron_text_source_read (source, stretch->offset, stretch->length, &scratch->buffer, &scratch->buffer_size, &scratch->error);
  if (text == NULL)
    return NULL;
  gboolean fine;
  if (state->plain)
    fine = patron_csv_split_plain (&state->dialect, text, stretch->length, &scratch->records, &scratch->error);
  else
    fine = patron_csv_split (&state->dialect, text, stretch->length, G_MAXSIZE, state->reading->shape->n_columns, TRUE, &scratch->records, NULL, &scratch->error);
  if (fine && scratch->records.n_records != stretch->n_records)
    {
      g_set_error (&scratch->error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” changed while it was being read; read it again when it is complete."), state->reading->file);
      fine = FALSE;
    }
  return fine ? text : NULL;
}

static void
fill_stretches (gsize begin, gsize end, int worker, gpointer user)
{
  State *state = user;
  PatronCsvScratch *scratch = &state->scratch[worker];
  for (gsize k = begin; k < end && scratch->error == NULL; k++)
    {
      const Stretch *stretch = &g_array_index (state->stretches, Stretch, k);
      state->workers[k] = worker;
      const char *text = split_stretch (state, stretch, scratch);
      if (text == NULL)
        return;
      if (state->irregular != NULL)
        {
          Irregular *irregular = &state->irregular[k];
          count_irregular (&scratch->records, stretch->row, state->reading->shape->n_columns, irregular);
          irregular->n_repaired = scratch->records.n_repaired;
          irregular->repaired_row = stretch->row + scratch->records.repaired;
        }
      for (guint c = 0; c < state->sinks->len; c++)
        {
          PatronCsvSink *sink = &g_array_index (state->sinks, PatronCsvSink, c);
          if (!patron_csv_sink_fill (sink, &state->dialect, &state->missing, text, scratch, stretch->row, worker))
            return;
        }
      if (worker == 0 && state->reading->run != NULL)
        patron_run_progress (state->reading->run, 0.3 + 0.6 * k / state->stretches->len);
    }
}

static void
add_stats (const State *state, const PatronCsvRecords *records, const char *text, gsize row, guint source, PatronTypeStats *stats, PatronCsvScratch *scratch)
{
  for (gsize r = 0; r < records->n_records; r++)
    {
      guint32 at = records->first[r] + source;
      if (at >= records->first[r + 1])
        {
          stats->n_missing++;
          continue;
        }
      PatronCsvField field = records->fields[at];
      patron_type_stats_add (stats, text + field.start, field.length, row + r, &state->missing);
    }
}

static void
study_stretches (gsize begin, gsize end, int worker, gpointer user)
{
  State *state = user;
  PatronCsvScratch *scratch = &state->scratch[worker];
  for (gsize k = begin; k < end && scratch->error == NULL; k++)
    {
      const Stretch *stretch = &g_array_index (state->stretches, Stretch, k);
      const char *text = split_stretch (state, stretch, scratch);
      if (text == NULL)
        return;
      for (guint c = 0; c < state->sinks->len; c++)
        add_stats (state, &scratch->records, text, stretch->row, g_array_index (state->sinks, PatronCsvSink, c).source, &state->stats[worker * state->sinks->len + c], scratch);
    }
}

static gboolean
over_stretches (State *state, PatronParallelBody body, GError **error)
{
  GError *failure = NULL;
  patron_parallel_for (state->reading->run, state->stretches->len, 1, body, state);
  take_scratch_error (state, &failure);
  if (failure == NULL && state->reading->run != NULL)
    patron_run_check (state->reading->run, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  return TRUE;
}

static void
clear_sinks (State *state)
{
  for (guint c = 0; c < state->sinks->len; c++)
    patron_csv_sink_clear (&g_array_index (state->sinks, PatronCsvSink, c), state->n_workers);
  g_array_set_size (state->sinks, 0);
}

static gboolean
add_sink (State *state, guint source, const PatronColumnPlan *plan, GError **error)
{
  PatronCsvSink sink;
  if (!patron_csv_sink_init (&sink, source, plan, state->n_rows, state->n_workers, error))
    return FALSE;
  g_array_append_val (state->sinks, sink);
  return TRUE;
}

/* ---- from sinks to columns --------------------------------------------------------------------------------- */

typedef struct
{
  State         *state;
  const gsize   *rows;
  const char   **names;
  gboolean      *changed;
  guint32       *changed_row;
} Finish;

static void
finish_columns (gsize begin, gsize end, int worker, gpointer user)
{
  Finish *finish = user;
  State *state = finish->state;
  for (gsize c = begin; c < end; c++)
    {
      PatronCsvSink *sink = &g_array_index (state->sinks, PatronCsvSink, c);
      if (sink->failed || state->scratch[worker].error != NULL)
        continue;
      state->columns->pdata[sink->source] = patron_csv_sink_finish (sink, finish->names[sink->source], state->n_rows, finish->rows, state->workers, state->stretches->len,
                                                                    state->n_workers, &finish->changed[sink->source], &finish->changed_row[sink->source],
                                                                    &state->scratch[worker].error);
    }
}

static void
say (State *state, PatronText *text)
{
  if (text != NULL)
    g_ptr_array_add (state->reading->notes, text);
}

static void
say_changes (State *state, guint source, const char *name, gboolean changed, guint32 row)
{
  if (changed)
    say (state, patron_text (N_("{column}: bytes that are not text were replaced by �, first in row {row}."), "column", PATRON_STRING (name), "row",
                             PATRON_COUNT (row + 1.0), NULL));
}

/* Fills the sinks and turns those that held into columns; leaves the sources of the others in *failed. */
static gboolean
parse_sinks (State *state, const char **names, GArray *failed, GError **error)
{
  if (!over_stretches (state, fill_stretches, error))
    return FALSE;
  gsize n = state->stretches->len;
  g_autofree gsize *rows = g_new0 (gsize, n + 1);
  for (gsize k = 0; k < n; k++)
    rows[k] = g_array_index (state->stretches, Stretch, k).row;
  rows[n] = state->n_rows;
  g_autofree gboolean *changed = g_new0 (gboolean, state->columns->len);
  g_autofree guint32 *changed_row = g_new0 (guint32, state->columns->len);
  Finish finish = { state, rows, names, changed, changed_row };
  GError *failure = NULL;
  patron_parallel_for (state->reading->run, state->sinks->len, 1, finish_columns, &finish);
  take_scratch_error (state, &failure);
  if (failure == NULL && state->reading->run != NULL)
    patron_run_check (state->reading->run, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
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
        say (state, patron_text (N_("{column}: {n} {n|value does|values do} not fit the type asked for and {n|is|are} missing."), "column",
                                 PATRON_STRING (names[sink->source]), "n", PATRON_COUNT (sink->n_refused), NULL));
    }
  clear_sinks (state);
  return TRUE;
}

/* ---- plans ------------------------------------------------------------------------------------------------- */

/* Types of the first records, to guess by. */
static gboolean
study_head (State *state, PatronTypeStats *stats, guint n, GError **error)
{
  const PatronCsvReading *reading = state->reading;
  gsize length = reading->head_length - MIN (reading->shape->data, reading->head_length);
  gboolean whole = reading->head_length >= patron_text_source_size (reading->source) && !patron_text_source_is_head (reading->source);
  PatronCsvScratch *scratch = &state->scratch[0];
  const char *text = reading->head + reading->head_length - length;
  GError *ignored = NULL;
  if (!patron_csv_split (&state->dialect, text, length, TYPE_RECORDS, n, whole, &scratch->records, NULL, &ignored))
    {
      g_clear_error (&ignored);     /* the reading itself will say it, with the line */
      return TRUE;
    }
  for (guint c = 0; c < n; c++)
    add_stats (state, &scratch->records, text, 0, c, &stats[c], scratch);
  return TRUE;
}

/* Columns that can be read one way only tell what the file prefers. */
static void
learn_context (State *state, const PatronTypeStats *stats, guint n)
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

/* Refuses column types that name no column or no type. */
static gboolean
check_given_types (const PatronCsvOptions *options, const char *const *names, GError **error)
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

/* Whether the column is read at all, and how. */
static gboolean
plan_for (State *state, const PatronTypeStats *stats, const char *name, guint index, gboolean final, PatronColumnPlan *plan)
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
  if (final)
    say (state, note);
  else
    patron_text_free (note);
  return TRUE;
}

/* ---- the whole --------------------------------------------------------------------------------------------- */

/* Studies every value of the columns in sources, then reads them by what was found. */
static gboolean
study_and_parse (State *state, const char **names, GArray *sources, GError **error)
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
  gboolean fine = over_stretches (state, study_stretches, error);
  clear_sinks (state);
  for (guint i = 0; fine && i < n; i++)
    {
      for (int w = 1; w < state->n_workers; w++)
        patron_type_stats_merge (&state->stats[i], &state->stats[w * n + i]);
      guint source = g_array_index (sources, guint, i);
      PatronColumnPlan plan;
      if (plan_for (state, &state->stats[i], names[source], source, TRUE, &plan))
        fine = add_sink (state, source, &plan, error);
    }
  g_clear_pointer (&state->stats, g_free);
  g_autoptr (GArray) failed = g_array_new (FALSE, FALSE, sizeof (guint));
  if (!fine || !parse_sinks (state, names, failed, error))
    return FALSE;
  g_return_val_if_fail (failed->len == 0, FALSE);
  return TRUE;
}

static guint
report_irregular (State *state)
{
  Irregular all = { 0 };
  const guint n_columns = state->reading->shape->n_columns;
  for (guint k = 0; k < state->stretches->len; k++)
    {
      const Irregular *one = &state->irregular[k];
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
    say (state, patron_text (N_("{n} {n|row has|rows have} fewer than {columns} fields, first row {row}; what is not there is missing."), "n", PATRON_COUNT (all.n_short),
                             "columns", PATRON_COUNT (n_columns), "row", PATRON_COUNT (all.short_row + 1), NULL));
  if (all.n_long > 0)
    say (state, patron_text (N_("{n} {n|row has|rows have} more than {columns} fields, first row {row}; the surplus is kept in further columns."), "n", PATRON_COUNT (all.n_long),
                             "columns", PATRON_COUNT (n_columns), "row", PATRON_COUNT (all.long_row + 1), NULL));
  if (all.n_repaired > 0)
    say (state, patron_text (N_("In {n} {n|row|rows} a quotation mark was never closed and was read as an ordinary character, first in row {row}."), "n",
                             PATRON_COUNT (all.n_repaired), "row", PATRON_COUNT (all.repaired_row + 1), NULL));
  return all.widest;
}

/* Columns beyond the header's, for records that are longer. */
static gboolean
parse_surplus (State *state, guint widest, GPtrArray *names, GHashTable *taken, GError **error)
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
parse_columns (State *state, GPtrArray *names, GHashTable *taken, GError **error)
{
  guint n = state->reading->shape->n_columns;
  g_autofree PatronTypeStats *stats = g_new (PatronTypeStats, n);
  for (guint c = 0; c < n; c++)
    patron_type_stats_init (&stats[c]);
  if (!study_head (state, stats, n, error))
    return FALSE;
  learn_context (state, stats, n);
  state->context.sample = state->n_rows > TYPE_RECORDS;
  g_autoptr (GArray) failed = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint c = 0; c < n; c++)
    {
      PatronColumnPlan plan;
      /* Nothing to guess by at the beginning: every value must be looked at. */
      if (stats[c].n_values == 0 && stats[c].n_missing < state->n_rows && state->n_rows < state->reading->max_rows)
        {
          g_array_append_val (failed, c);
          continue;
        }
      if (plan_for (state, &stats[c], names->pdata[c], c, TRUE, &plan) && !add_sink (state, c, &plan, error))
        return FALSE;
    }
  state->context.sample = FALSE;
  state->irregular = g_new0 (Irregular, state->stretches->len);
  if (!parse_sinks (state, (const char **) names->pdata, failed, error))
    return FALSE;
  guint widest = report_irregular (state);
  g_clear_pointer (&state->irregular, g_free);
  if (failed->len > 0 && !study_and_parse (state, (const char **) names->pdata, failed, error))
    return FALSE;
  return parse_surplus (state, widest, names, taken, error);
}

static PatronTable *
make_table (State *state)
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
read_baskets (State *state, GError **error)
{
  PatronCsvBaskets baskets = { 0 };
  PatronCsvScratch *scratch = &state->scratch[0];
  PatronTable *table = NULL;
  gboolean fine = TRUE;
  for (guint k = 0; fine && k < state->stretches->len; k++)
    {
      const char *text = split_stretch (state, &g_array_index (state->stretches, Stretch, k), scratch);
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
state_clear (State *state)
{
  clear_sinks (state);
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
  for (guint c = 0; c < state->columns->len; c++)
    unref_column (state->columns->pdata[c]);
  g_ptr_array_unref (state->columns);
}

PatronTable *
patron_csv_reading_perform (PatronCsvReading *reading, GError **error)
{
  if (!check_given_types (reading->options, (const char *const *) reading->shape->names, error))
    return NULL;
  State state = { .reading = reading, .dialect = reading->shape->dialect };
  state.n_workers = MAX (1, patron_parallel_workers (reading->run));
  state.scratch = g_new0 (PatronCsvScratch, state.n_workers);
  state.stretches = g_array_new (FALSE, FALSE, sizeof (Stretch));
  state.sinks = g_array_new (FALSE, FALSE, sizeof (PatronCsvSink));
  state.columns = g_ptr_array_new ();
  patron_missing_tokens_init (&state.missing, reading->options->missing);
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
  if (first_pass (&state, error))
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
    say (&state, patron_text (N_("{n} {n|byte|bytes} could not be read as {encoding} and {n|was|were} replaced by �."), "n",
                              PATRON_COUNT (patron_text_source_n_replaced (reading->source)), "encoding", PATRON_STRING (patron_text_source_encoding (reading->source)), NULL));
  state_clear (&state);
  return table;
}
