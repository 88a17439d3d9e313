/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-reading-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "base/memory.h"

#define STRETCH ((gsize) 256 << 10)
#define MAX_ROWS ((gsize) G_MAXINT32)

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

typedef struct
{
  PatronCsvState         *state;
  PatronCsvScan *scans;
  guint64        data, size;
} Scan;

static void
scan_stretch (gsize begin, gsize end, int worker, gpointer user)
{
  Scan *scan = user;
  PatronCsvState *state = scan->state;
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
      patron_csv_scan (&state->dialect, text + lead, length, before, offset + length >= scan->size, &scan->scans[k]);
    }
}

static void
add_stretch (PatronCsvState *state, guint64 offset, guint64 end, gsize n_records)
{
  PatronCsvStretch stretch = { .offset = offset, .length = end - offset, .row = state->n_rows, .n_records = n_records };
  g_array_append_val (state->stretches, stretch);
  state->n_rows += n_records;
}

/* Whether the text ends in a record that no line end closes. */
static gboolean
has_tail (PatronCsvState *state, guint64 data, guint64 size, gboolean *tail, GError **error)
{
  *tail = FALSE;
  if (size == data)
    return TRUE;
  PatronCsvScratch *scratch = &state->scratch[0];
  gsize n = MIN (size - data, 2);
  const char *text = patron_text_source_read (state->reading->source, size - n, n, &scratch->buffer, &scratch->buffer_size, error);
  if (text == NULL)
    return FALSE;
  char last = text[n - 1], before = n == 2 ? text[0] : '\n';
  *tail = state->dialect.eol == PATRON_CSV_EOL_CR ? last != '\r' : last != '\n' && !(last == '\r' && before == '\n');
  return TRUE;
}

/* From what each stretch holds under both assumptions to what it holds. FALSE (no error): the quoting is not orderly, the plain splitter cannot. */
static gboolean
lay_stretches (PatronCsvState *state, const PatronCsvScan *scans, gsize n, guint64 data, guint64 size, gboolean tail)
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
find_plain_stretches (PatronCsvState *state, gboolean *fine, GError **error)
{
  guint64 data = state->reading->shape->data, size = state->end;
  gsize n = size > data ? (size - data + STRETCH - 1) / STRETCH : 0;
  g_autofree PatronCsvScan *scans = g_new0 (PatronCsvScan, n + 1);
  Scan scan = { state, scans, data, size };
  gboolean tail;
  if (!has_tail (state, data, size, &tail, error) || !patron_csv_run_workers (state, n, scan_stretch, &scan, error))
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
report_unclosed (PatronCsvState *state, guint64 offset, GError **error)
{
  g_clear_error (error);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
               _("“%s”, line %" PRIu64 ": the quotation mark %c that opens there is never closed; expected a closing one before the end of the file."), state->reading->file,
               line_at (state->reading->source, offset), state->dialect.quote);
}

/* The forgiving splitter goes through the whole text once to find where records begin. */
static gboolean
find_records (PatronCsvState *state, GError **error)
{
  PatronTextSource *source = state->reading->source;
  const char *text = patron_text_source_whole (source, error);
  if (text == NULL)
    return FALSE;
  guint64 size = state->end;
  gboolean whole = !patron_text_source_is_head (source) || size < patron_text_source_size (source);
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

gboolean
patron_csv_find_stretches (PatronCsvState *state, GError **error)
{
  gboolean fine = FALSE;
  PatronTextSource *source = state->reading->source;
  state->plain = patron_csv_dialect_is_plain (&state->dialect) && !patron_text_source_is_head (source);
  if (state->plain && !find_plain_stretches (state, &fine, error))
    return FALSE;
  if (!fine)
    {
      state->plain = FALSE;
      if (!find_records (state, error))
        return FALSE;
    }
  if (state->n_rows > MAX_ROWS)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” has %zu rows; expected no more than 2,147,483,647."), state->reading->file, state->n_rows);
      return FALSE;
    }
  return TRUE;
}

const char *
patron_csv_split_stretch (PatronCsvState *state, const PatronCsvStretch *stretch, PatronCsvScratch *scratch)
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
