/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-detect-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "table/csv-baskets.h"

#define SAMPLE_BYTES ((gsize) 48 << 10)

void
patron_csv_shape_clear (PatronCsvShape *shape)
{
  g_strfreev (shape->names);
  g_clear_pointer (&shape->reasons, g_ptr_array_unref);
  memset (shape, 0, sizeof *shape);
}

static PatronCsvEol
detect_eol (const char *text, gsize length)
{
  gsize lf = 0, lone_cr = 0;
  for (gsize i = 0; i < length; i++)
    {
      lf += text[i] == '\n';
      lone_cr += text[i] == '\r' && i + 1 < length && text[i + 1] != '\n';
    }
  if (lf == 0 && (lone_cr > 0 || (length > 0 && text[length - 1] == '\r')))
    return PATRON_CSV_EOL_CR;
  return lone_cr > 0 ? PATRON_CSV_EOL_MIXED : PATRON_CSV_EOL_LF;
}

static PatronCsvEol
choose_eol (const PatronCsvOptions *options, const char *text, gsize length)
{
  switch (options->line_end)
    {
    case PATRON_CSV_LINE_END_LF:
    case PATRON_CSV_LINE_END_CRLF:
      return PATRON_CSV_EOL_LF;
    case PATRON_CSV_LINE_END_CR:
      return PATRON_CSV_EOL_CR;
    case PATRON_CSV_LINE_END_ANY:
      return PATRON_CSV_EOL_MIXED;
    default:
      return detect_eol (text, length);
    }
}

static gboolean
apply_delimiter_option (PatronCsvDialect *dialect, const PatronCsvOptions *options)
{
  if (g_ascii_strcasecmp (options->delimiter, "blanks") == 0 || g_ascii_strcasecmp (options->delimiter, "whitespace") == 0)
    {
      dialect->blanks = TRUE;
      g_strlcpy (dialect->delimiter, " ", sizeof dialect->delimiter);
      return TRUE;
    }
  return patron_csv_option_bytes (options->delimiter, dialect->delimiter, sizeof dialect->delimiter);
}

/* Offset of record r: after the line before it. */
static gsize
record_offset (const char *text, const PatronCsvDialect *dialect, gsize length, gsize r, guint n_columns, gboolean whole)
{
  PatronCsvRecords records = { 0 };
  gsize consumed = 0;
  if (r > 0)
    if (!patron_csv_split (dialect, text, length, r, n_columns, whole, &records, &consumed, NULL))
      patron_csv_split (dialect, text, length, r, PATRON_CSV_LINES, whole, &records, &consumed, NULL);
  patron_csv_records_clear (&records);
  return consumed;
}

static void
detect_baskets (PatronCsvShape *shape, const char *text, gsize length, gboolean whole, gboolean delimiter_known, const PatronCsvOptions *options)
{
  if (options->layout == PATRON_CSV_LAYOUT_TABLE || (options->layout == PATRON_CSV_LAYOUT_AUTO && options->header > PATRON_CSV_HEADER_NO))
    return;
  PatronCsvDialect dialect = shape->dialect;
  gboolean seen = patron_csv_look_for_baskets (text, length, whole, delimiter_known, &dialect);
  if (!seen && options->layout != PATRON_CSV_LAYOUT_BASKETS)
    return;
  shape->dialect = dialect;
  shape->baskets = TRUE;
  if (options->layout == PATRON_CSV_LAYOUT_AUTO)
    {
      g_ptr_array_set_size (shape->reasons, 0);
      patron_csv_add_reason (shape, patron_text (N_("Each line is read as a basket: lines have different numbers of items, and the items come back in other lines."), NULL));
    }
}

/* Enough bytes for some whole lines, however long they are. */
static gsize
sample_length (const char *text, gsize length)
{
  gsize n = MIN (length, SAMPLE_BYTES);
  guint lines = 0;
  for (gsize i = 0; i < n && lines < 4; i++)
    lines += text[i] == '\n' || text[i] == '\r';
  while (n < length && lines < 4)
    {
      lines += text[n] == '\n' || text[n] == '\r';
      n++;
    }
  return n;
}

/* The first records; a second time with the number of fields known, so that broken quotation marks can be mended. */
static void
split_sample (const PatronCsvDialect *dialect, const char *text, gsize length, gsize sample, gboolean whole, PatronCsvRecords *records, guint *mode, guint *n_mode)
{
  gboolean sample_whole = whole && sample == length;
  gboolean fine = patron_csv_split (dialect, text, sample, PATRON_CSV_SAMPLE_RECORDS, 0, sample_whole, records, NULL, NULL);
  if (fine && records->n_records == 0 && length > sample)     /* the first record is longer than the sample */
    {
      sample = length;
      sample_whole = whole;
      fine = patron_csv_split (dialect, text, sample, PATRON_CSV_SAMPLE_RECORDS, 0, sample_whole, records, NULL, NULL);
    }
  if (!fine)
    patron_csv_split (dialect, text, sample, PATRON_CSV_SAMPLE_RECORDS, PATRON_CSV_LINES, sample_whole, records, NULL, NULL);
  *mode = records->n_records > 0 ? patron_csv_mode_of (records, n_mode) : 0;
  if (!patron_csv_split (dialect, text, sample, PATRON_CSV_SAMPLE_RECORDS, *mode, sample_whole, records, NULL, NULL))
    patron_csv_split (dialect, text, sample, PATRON_CSV_SAMPLE_RECORDS, PATRON_CSV_LINES, sample_whole, records, NULL, NULL);
}

/* Records from the table's beginning on, as they will be read; the quick way where the text is orderly. */
static gboolean
split_body (const PatronCsvShape *shape, const char *text, gsize length, gboolean whole, PatronCsvRecords *records)
{
  const PatronCsvDialect *dialect = &shape->dialect;
  const char newline = dialect->eol == PATRON_CSV_EOL_CR ? '\r' : '\n', before[2] = { newline, newline };
  PatronCsvScan scan = { .odd = TRUE };
  if (patron_csv_dialect_is_plain (dialect))
    patron_csv_scan (dialect, text, length, before, TRUE, &scan);
  if (!scan.odd && !scan.stray[0] && !scan.lone_cr[0] && !scan.quoted_eol[0])
    return patron_csv_split_plain (dialect, text, length, records, NULL);
  return patron_csv_split (dialect, text, length, G_MAXSIZE, shape->n_columns, whole, records, NULL, NULL)
         || patron_csv_split (dialect, text, length, G_MAXSIZE, PATRON_CSV_LINES, whole, records, NULL, NULL);
}

/* Offset of the nth line from the end. */
static gsize
last_lines (const char *text, gsize length, guint n)
{
  gsize p = length;
  while (p > 0 && (text[p - 1] == '\n' || text[p - 1] == '\r'))      /* empty lines at the very end do not count */
    p--;
  for (; n > 0 && p > 0; n--)
    {
      while (p > 0 && text[p - 1] != '\n' && text[p - 1] != '\r')
        p--;
      if (n > 1 && p > 0)
        p -= p > 1 && text[p - 1] == '\n' && text[p - 2] == '\r' ? 2 : 1;
    }
  return p;
}

/* Up to the line end of the last line that is not empty: in a file of one column the others are no rows. */
static gsize
without_empty_lines (const char *text, gsize length)
{
  gsize p = length;
  while (p > 0 && strchr ("\r\n \t", text[p - 1]) != NULL && text[p - 1] != '\0')
    p--;
  p += strcspn (text + p, "\r\n");
  p += text[p] == '\r' && text[p + 1] == '\n' ? 2 : 1;
  return MIN (p, length);
}

static void
detect_end (PatronCsvShape *shape, const char *head, gsize head_length, gboolean whole, const PatronCsvOptions *options)
{
  const char *text = head + shape->data;
  const gsize length = head_length - shape->data;
  if (options->footer != PATRON_AUTO_INT)
    {
      if (whole && options->footer > 0)
        shape->end = shape->data + last_lines (text, length, options->footer);
      return;
    }
  if (shape->n_columns == 1 && whole)
    shape->end = shape->data + without_empty_lines (text, length);
  if (shape->n_columns < 2 || shape->dialect.blanks)
    return;
  PatronCsvRecords records = { 0 };
  if (split_body (shape, text, length, whole, &records))
    {
      gsize end = patron_csv_find_end (shape, text, &records, patron_csv_count_lines (head, shape->data), whole);
      if (end != G_MAXSIZE)
        shape->end = shape->data + end;
    }
  patron_csv_records_clear (&records);
}

gboolean
patron_csv_detect_footer (PatronCsvShape *shape, const char *tail, gsize length, guint64 at, const PatronCsvOptions *options, GError **error)
{
  if (shape->end != G_MAXUINT64 || shape->baskets)
    return TRUE;
  if (options->footer != PATRON_AUTO_INT)
    {
      const gsize p = last_lines (tail, length, options->footer);
      if (options->footer > 0 && p == 0)
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The last %d lines are too long to leave out; expected no more than a megabyte."), options->footer);
          return FALSE;
        }
      if (options->footer > 0)
        shape->end = at + p;
      return TRUE;
    }
  /* From a line's beginning on; in the middle of quotes nothing will look like a note. */
  gsize line = strcspn (tail, "\r\n");
  line += strspn (tail + line, "\r\n");
  PatronCsvRecords records = { 0 };
  if (line < length && shape->n_columns >= 2 && !shape->dialect.blanks && split_body (shape, tail + line, length - line, TRUE, &records))
    {
      gsize end = patron_csv_find_end (shape, tail + line, &records, G_MAXUINT, TRUE);
      if (end != G_MAXSIZE)
        shape->end = at + line + end;
    }
  patron_csv_records_clear (&records);
  return TRUE;
}

gboolean
patron_csv_detect_shape (const char *text, gsize length, gboolean whole, const PatronCsvOptions *options, PatronCsvShape *shape, GError **error)
{
  memset (shape, 0, sizeof *shape);
  shape->end = G_MAXUINT64;
  shape->reasons = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_text_free);
  PatronCsvDialect *dialect = &shape->dialect;
  dialect->quote = '"';
  gboolean known = FALSE;
  gsize base = 0;
  if (options->skip != PATRON_AUTO_INT)
    {
      base = patron_csv_skip_lines (text, length, options->skip);
      shape->n_skipped = options->skip;
    }
  else
    base = patron_csv_skip_marks (text, length, dialect, &shape->n_skipped, &known);
  known |= apply_delimiter_option (dialect, options);
  const char *body = text + base;
  gsize n = length - base;
  gsize sample = sample_length (body, n);
  gboolean sample_whole = whole && sample == n;
  dialect->eol = choose_eol (options, body, n);
  char comment[8];
  gboolean comment_given = patron_csv_option_bytes (options->comment, comment, sizeof comment);
  if (comment_given)
    g_strlcpy (dialect->comment, comment, sizeof dialect->comment);

  patron_csv_detect_dialect (shape, body, sample, sample_whole, known, options);
  detect_baskets (shape, body, sample, sample_whole, known, options);
  if (shape->baskets)
    {
      shape->n_columns = 2;
      shape->names = g_strsplit ("basket,item", ",", -1);
      shape->n_header = options->header == PATRON_CSV_HEADER_YES;
      shape->data = base + (shape->n_header > 0 ? patron_csv_skip_lines (body, n, 1) : 0);
      return TRUE;
    }
  if (!comment_given && !dialect->blanks)
    patron_csv_detect_comment (shape, body, sample);
  PatronCsvRecords records = { 0 };
  guint n_mode = 0, mode = 0;
  split_sample (dialect, body, n, sample, whole, &records, &mode, &n_mode);
  gsize start = options->skip == PATRON_AUTO_INT ? patron_csv_first_record (body, &records, mode) : 0;
  const gsize small = options->skip == PATRON_AUTO_INT ? patron_csv_small_table (body, &records, start) : start;
  if (small < start)
    {
      start = small;
      mode = patron_csv_fields_of (&records, start);
      n_mode = records.n_records;
    }
  if (start < records.n_records && n_mode * 2 <= records.n_records)
    mode = MAX (mode, patron_csv_fields_of (&records, start));
  patron_csv_detect_header (shape, body, &records, start, options);
  shape->n_columns = mode;
  const guint surplus = patron_csv_surplus_name (body, &records, start, shape);
  for (gsize r = start; r < MIN (start + MAX (shape->n_header, 1), records.n_records) && surplus == G_MAXUINT; r++)
    shape->n_columns = MAX (shape->n_columns, patron_csv_fields_of (&records, r));
  if (shape->n_columns <= 1)
    dialect->keep_empty_lines = shape->n_columns == 1 && !dialect->blanks;
  if (start > 0)
    {
      shape->n_skipped += start;
      patron_csv_add_reason (shape, patron_text (N_("{n} {n|line|lines} before the table {n|was|were} skipped."), "n", PATRON_COUNT (start), NULL));
    }
  patron_csv_take_names (shape, body, &records, start, surplus);
  gsize values = start + shape->n_header;
  if (shape->n_header > 0 && values < records.n_records && patron_csv_is_rule (body, &records, values))
    {
      patron_csv_add_reason (shape, patron_text (N_("The line drawn under the names was left out."), NULL));
      values++;
    }
  shape->data = base + record_offset (body, dialect, n, values, mode, whole);
  patron_csv_records_clear (&records);
  detect_end (shape, text, length, whole, options);
  return TRUE;
}
