/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-detect-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_PREAMBLE 100

gsize
patron_csv_skip_marks (const char *text, gsize length, PatronCsvDialect *dialect, guint *n_skipped, gboolean *delimiter_known)
{
  gsize line = strcspn (text, "\r\n");
  gsize next = line + strspn (text + line, "\r\n");
  if (line >= 5 && line <= 12 && g_ascii_strncasecmp (text, "sep=", 4) == 0)
    {
      g_strlcpy (dialect->delimiter, text + 4, MIN (line - 4 + 1, sizeof dialect->delimiter));
      *delimiter_known = TRUE;
      *n_skipped = 1;
      return next;
    }
  if (line == 3 && memcmp (text, "---", 3) == 0)
    {
      const char *end = strstr (text + 3, "\n---");
      if (end != NULL)
        {
          const char *after = end + 4;
          after += strcspn (after, "\n");
          after += *after == '\n';
          for (const char *p = text; p < after; p++)
            *n_skipped += *p == '\n';
          return after - text;
        }
    }
  return 0;
}

gsize
patron_csv_skip_lines (const char *text, gsize length, guint n)
{
  gsize p = 0;
  for (; n > 0 && p < length; n--)
    {
      p += strcspn (text + p, "\r\n");
      if (text[p] == '\r' && text[p + 1] == '\n')
        p += 2;
      else if (p < length)
        p++;
    }
  return p;
}

void
patron_csv_detect_comment (PatronCsvShape *shape, const char *text, gsize length)
{
  guint n_lines = 0, n_hash = 0, n_other_shape = 0;
  char d = shape->dialect.delimiter[0];
  guint usual = 0;
  for (int pass = 0; pass < 2; pass++)
    {
      gsize p = 0;
      for (guint i = 0; p < length && i < PATRON_CSV_SAMPLE_RECORDS; i++)
        {
          gsize n = strcspn (text + p, "\r\n"), blanks = strspn (text + p, " ");
          guint marks = 0;
          for (gsize k = p; k < p + n; k++)
            marks += text[k] == d;
          gboolean hash = blanks < n && text[p + blanks] == '#';
          if (pass == 0 && !hash)
            usual = MAX (usual, marks);
          if (pass == 1)
            {
              n_lines++;
              n_hash += hash;
              n_other_shape += hash && marks != usual;
            }
          p += n;
          p += strspn (text + p, "\r\n");
        }
    }
  if (n_hash == 0 || n_hash == n_lines || n_other_shape == 0 || n_other_shape * 2 < n_hash)
    return;
  g_strlcpy (shape->dialect.comment, "#", sizeof shape->dialect.comment);
  patron_csv_add_reason (shape, patron_text (N_("Lines that begin with “#” are comments and left out."), NULL));
}

gboolean
patron_csv_is_empty_field (const char *text, const PatronCsvField *field)
{
  for (gsize i = 0; i < field->length; i++)
    if (text[field->start + i] != ' ' && text[field->start + i] != '\t')
      return FALSE;
  return TRUE;
}

guint
patron_csv_filled_fields (const char *text, const PatronCsvRecords *records, gsize r)
{
  guint n = 0;
  for (guint32 f = records->first[r]; f < records->first[r + 1]; f++)
    n += !patron_csv_is_empty_field (text, &records->fields[f]);
  return n;
}

guint
patron_csv_typed_fields (const char *text, const PatronCsvRecords *records, gsize r)
{
  guint n = 0;
  for (guint32 f = records->first[r]; f < records->first[r + 1]; f++)
    n += patron_csv_is_typed (text, &records->fields[f]);
  return n;
}

/* Records of which only one field is filled are titles when an empty record or a whole row of names follows. */
static gsize
skip_titles (const char *text, const PatronCsvRecords *records, gsize r, guint columns)
{
  gsize after = r;
  while (after < MIN (records->n_records, MAX_PREAMBLE) && patron_csv_filled_fields (text, records, after) == 1)
    after++;
  if (after == r || after == records->n_records || columns < 3)
    return r;
  gboolean gap = FALSE;
  for (; after < records->n_records && patron_csv_filled_fields (text, records, after) == 0; after++)
    gap = TRUE;
  if (after == records->n_records)
    return r;
  gboolean names = patron_csv_typed_fields (text, records, after) == 0 && patron_csv_filled_fields (text, records, after) * 2 >= columns;
  return gap || names ? after : r;
}

/* Whether records from…to-1 are a table by themselves and no list of remarks: a row of names over rows with values in the same columns, as many as a
 * table has at least. */
static gboolean
is_small_table (const char *text, const PatronCsvRecords *records, gsize from, gsize to)
{
  const guint n = patron_csv_fields_of (records, from);
  if (to < from + 3 || n < 2 || patron_csv_filled_fields (text, records, from) < n || patron_csv_typed_fields (text, records, from) > 0)
    return FALSE;
  for (guint c = 0; c < n; c++)
    for (gsize r = from + 1; r < to; r++)
      if (!patron_csv_is_typed (text, &records->fields[records->first[r] + c]))
        return FALSE;
  return TRUE;
}

gsize
patron_csv_small_table (const char *text, const PatronCsvRecords *records, gsize start)
{
  for (gsize r = 0; r < start;)
    {
      gsize end = r + 1;
      while (end < start && patron_csv_fields_of (records, end) == patron_csv_fields_of (records, r) && patron_csv_filled_fields (text, records, end) > 0)
        end++;
      if (is_small_table (text, records, r, end))
        return r;
      r = end;
    }
  return start;
}

gsize
patron_csv_first_record (const char *text, const PatronCsvRecords *records, guint columns)
{
  gsize r = 0;
  while (r < records->n_records && patron_csv_filled_fields (text, records, r) == 0 && records->n_records > 1 && columns > 1)
    r++;
  if (columns < 2)
    return r;
  r = skip_titles (text, records, r, columns);
  gsize start = r;
  for (; r < records->n_records && r < MAX_PREAMBLE; r++)
    if (patron_csv_fields_of (records, r) >= columns)
      break;
  if (r == start || r == records->n_records || r == MAX_PREAMBLE)
    return start;
  /* A header may be shorter than its records: one line of several names right before values. */
  if (r == start + 1 && patron_csv_fields_of (records, start) * 2 >= columns && patron_csv_fields_of (records, start) > 1 && patron_csv_typed_fields (text, records, start) == 0
      && (patron_csv_typed_fields (text, records, r) > 0 || patron_csv_filled_fields (text, records, r) == 0))
    return start;
  return r;
}
