/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/memory.h"
#include "table/csv-detect.h"
#include "table/csv-reading.h"
#include "table/missing-values.h"

struct _PatronCsv
{
  char             *path;
  PatronCsvOptions  options;
  PatronTextSource *head;
  PatronCsvShape    shape;
  gboolean          tail_seen;
  char              decimal, thousands;    /* of the last reading, as its date_format */
  const char       *date_format;
};

void
patron_csv_free (PatronCsv *csv)
{
  if (csv == NULL)
    return;
  patron_csv_shape_clear (&csv->shape);
  patron_text_source_free (csv->head);
  g_free (csv->path);
  g_free (csv);
}

/* The beginning of the text, in memory. */
static const char *
head_text (PatronCsv *csv, gsize *length, GError **error)
{
  return patron_text_source_head (csv->head, length, error);
}

static gboolean
refuse_empty (PatronCsv *csv, const char *text, gsize length, GError **error)
{
  for (gsize i = 0; i < length; i++)
    if (strchr (" \t\r\n", text[i]) == NULL || text[i] == '\0')
      return TRUE;
  g_autofree char *name = g_path_get_basename (csv->path);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is empty; expected a table with at least a row of names."), name);
  return FALSE;
}

PatronCsv *
patron_csv_open (const char *path, const PatronCsvOptions *options, GError **error)
{
  g_autoptr (PatronCsv) csv = g_new0 (PatronCsv, 1);
  csv->path = g_strdup (path);
  csv->options = *options;
  g_autofree char *missing = patron_missing_complete (options->missing_values, patron_params_find (patron_csv_params, "missing-values")->def_text);
  g_strlcpy (csv->options.missing_values, missing, sizeof csv->options.missing_values);
  csv->head = patron_text_source_open (path, options->encoding, TRUE, NULL, error);
  if (csv->head == NULL)
    return NULL;
  gsize length;
  const char *text = head_text (csv, &length, error);
  if (text == NULL || !refuse_empty (csv, text, length, error))
    return NULL;
  gboolean whole = !patron_text_source_is_head (csv->head) && length == patron_text_source_size (csv->head);
  if (!patron_csv_detect_shape (text, length, whole, &csv->options, &csv->shape, error))
    return NULL;
  const PatronText *encoding = patron_text_source_reason (csv->head);
  if (encoding != NULL)
    g_ptr_array_insert (csv->shape.reasons, 0, patron_text_copy (encoding));
  return g_steal_pointer (&csv);
}

void
patron_csv_get_detected (const PatronCsv *csv, PatronCsvDetected *detected)
{
  const PatronCsvDialect *dialect = &csv->shape.dialect;
  memset (detected, 0, sizeof *detected);
  g_strlcpy (detected->delimiter, dialect->blanks ? "blanks" : dialect->delimiter, sizeof detected->delimiter);
  detected->quote[0] = dialect->quote;
  detected->escape[0] = dialect->escape;
  g_strlcpy (detected->encoding, patron_text_source_encoding (csv->head), sizeof detected->encoding);
  g_strlcpy (detected->comment, dialect->comment, sizeof detected->comment);
  detected->decimal[0] = csv->decimal;
  detected->thousands[0] = csv->thousands;
  detected->date_format = csv->date_format;
  detected->n_skipped = csv->shape.n_skipped;
  detected->n_header = csv->shape.n_header;
  detected->n_columns = csv->shape.n_columns;
  detected->packing = patron_text_source_packing (csv->head);
}

static char *
table_name (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  static const char *const endings[] = { ".gz", ".zst", ".csv", ".tsv", ".txt", ".tab", ".dat", NULL };
  for (guint i = 0; endings[i] != NULL; i++)
    if (g_str_has_suffix (base, endings[i]) && strlen (base) > strlen (endings[i]))
      base[strlen (base) - strlen (endings[i])] = '\0';
  return g_utf8_make_valid (base, -1);
}

static PatronTable *
read_source (PatronCsv *csv, PatronTextSource *source, gsize max_rows, PatronRun *run, GPtrArray **notes, GError **error)
{
  g_autoptr (GPtrArray) said = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_text_free);
  for (guint i = 0; i < csv->shape.reasons->len; i++)
    g_ptr_array_add (said, patron_text_copy (csv->shape.reasons->pdata[i]));
  gsize head_length;
  const char *head = head_text (csv, &head_length, error);
  if (head == NULL)
    return NULL;
  g_autofree char *base = g_path_get_basename (csv->path);
  g_autofree char *name = table_name (csv->path);
  PatronCsvReading reading = { .file = base, .table = name, .options = &csv->options, .shape = &csv->shape, .source = source, .head = head, .head_length = head_length,
                               .max_rows = max_rows, .run = run, .notes = said };
  g_autoptr (PatronTable) table = patron_csv_reading_perform (&reading, error);
  if (table == NULL)
    return NULL;
  csv->decimal = reading.decimal;
  csv->thousands = reading.thousands;
  csv->date_format = reading.date_format;
  if (notes != NULL)
    *notes = g_steal_pointer (&said);
  return g_steal_pointer (&table);
}

PatronTable *
patron_csv_preview (PatronCsv *csv, gsize max_rows, GPtrArray **notes, GError **error)
{
  gsize length;
  const char *text = head_text (csv, &length, error);
  if (text == NULL)
    return NULL;
  g_autoptr (PatronTextSource) source = patron_text_source_new_head (text, length, length < patron_text_source_size (csv->head) || patron_text_source_is_head (csv->head), error);
  if (source == NULL)
    return NULL;
  return read_source (csv, source, max_rows, NULL, notes, error);
}

#define TAIL ((guint64) 1 << 18)

/* The end of a file that is longer than its beginning. */
static gboolean
look_at_tail (PatronCsv *csv, PatronTextSource *source, GError **error)
{
  const guint64 size = patron_text_source_size (source), wanted = csv->options.footer > 0 ? 4 * TAIL : TAIL;
  gsize head;
  if (head_text (csv, &head, error) == NULL)
    return FALSE;
  if (csv->tail_seen || size <= head || size <= csv->shape.data)
    return TRUE;
  csv->tail_seen = TRUE;
  const guint64 at = MAX (csv->shape.data, size - MIN (size, wanted));
  char *buffer = NULL;
  gsize buffer_size = 0;
  const char *text = patron_text_source_read (source, at, size - at, &buffer, &buffer_size, error);
  g_autofree char *tail = text != NULL ? g_strndup (text, size - at) : NULL;
  gboolean fine = tail != NULL && patron_csv_detect_footer (&csv->shape, tail, size - at, at, &csv->options, error);
  patron_free (buffer);
  return fine;
}

PatronTable *
patron_csv_read (PatronCsv *csv, PatronRun *run, GPtrArray **notes, GError **error)
{
  g_autoptr (PatronTextSource) source = patron_text_source_open (csv->path, patron_text_source_encoding (csv->head), FALSE, run, error);
  if (source == NULL || !look_at_tail (csv, source, error))
    return NULL;
  PatronTable *table = read_source (csv, source, G_MAXSIZE, run, notes, error);
  if (table != NULL && !patron_text_source_check (source, error))
    {
      patron_table_unref (table);
      if (notes != NULL)
        g_clear_pointer (notes, g_ptr_array_unref);
      return NULL;
    }
  return table;
}
