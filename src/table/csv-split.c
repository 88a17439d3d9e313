/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-split.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/memory.h"

/* The splitter for everything the plain one cannot read. Forgiving: a quote inside quotes closes only before a delimiter or a line end, a quote
 * in the middle of a field is a character. */

typedef struct
{
  const PatronCsvDialect *dialect;
  const char             *text;
  gsize                   length;
  gsize                   delimiter_length;
  gboolean                line_only;     /* quotes end with the line */
  PatronCsvRecords       *records;
  gsize                   unclosed;      /* where the quote opened that was never closed, else G_MAXSIZE */
  gboolean                many_lines;    /* the last record has a quoted line end */
} Splitter;

static inline gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

/* Bytes of the line end at p, 0 for none. */
static inline gsize
eol_at (const Splitter *s, gsize p)
{
  char c = s->text[p];
  if (c == '\n')
    return s->dialect->eol == PATRON_CSV_EOL_CR ? 0 : 1;
  if (c != '\r')
    return 0;
  if (p + 1 < s->length && s->text[p + 1] == '\n')
    return 2;
  return s->dialect->eol == PATRON_CSV_EOL_LF ? (p + 1 == s->length) : 1;
}

static inline gsize
delimiter_at (const Splitter *s, gsize p)
{
  gsize n = s->delimiter_length;
  if (s->dialect->blanks)
    return is_blank (s->text[p]);
  if (n == 0 || s->text[p] != s->dialect->delimiter[0])
    return 0;
  return n == 1 || (p + n <= s->length && memcmp (s->text + p, s->dialect->delimiter, n) == 0) ? n : 0;
}

static inline gboolean
ends_field (const Splitter *s, gsize p)
{
  return p >= s->length || delimiter_at (s, p) > 0 || eol_at (s, p) > 0;
}

static gboolean
add (Splitter *s, gsize start, gsize end, gboolean quoted, gboolean escaped, GError **error)
{
  PatronCsvRecords *records = s->records;
  if (records->n_fields == records->fields_size)
    {
      gsize size = MAX (records->fields_size * 2, 256);
      PatronCsvField *fields = patron_try_realloc (records->fields, records->fields_size, size, sizeof *fields, "fields", error);
      if (fields == NULL)
        return FALSE;
      records->fields = fields;
      records->fields_size = size;
    }
  if (end - start >= 1u << 30)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("A field is over 1 GB long; expected a shorter one."));
      return FALSE;
    }
  records->fields[records->n_fields++] = (PatronCsvField) { .start = start, .length = end - start, .quoted = quoted, .escaped = escaped };
  return TRUE;
}

static gboolean
close_record (Splitter *s, GError **error)
{
  PatronCsvRecords *records = s->records;
  if (records->n_records + 2 > records->records_size)
    {
      gsize size = MAX (records->records_size * 2, 64);
      guint32 *first = patron_try_realloc (records->first, records->records_size, size, sizeof *first, "records", error);
      if (first == NULL)
        return FALSE;
      records->first = first;
      records->records_size = size;
    }
  records->first[++records->n_records] = records->n_fields;
  return TRUE;
}

static gsize
skip_blanks (const Splitter *s, gsize p)
{
  while (p < s->length && is_blank (s->text[p]) && (s->dialect->blanks || delimiter_at (s, p) == 0))
    p++;
  return p;
}

/* From the byte after the opening quote to the one after the closing, or G_MAXSIZE when nothing closes it (or its line). */
static gsize
scan_quoted (Splitter *s, gsize p, gsize *end, gboolean *escaped)
{
  const char quote = s->dialect->quote, escape = s->dialect->escape;
  for (; p < s->length; p++)
    {
      char c = s->text[p];
      if (escape != '\0' && c == escape && p + 1 < s->length)
        {
          *escaped = TRUE;
          p++;
        }
      else if (c == quote)
        {
          gsize after = skip_blanks (s, p + 1);
          if (s->text[p + 1 < s->length ? p + 1 : p] == quote && p + 1 < s->length && escape == '\0')
            {
              *escaped = TRUE;
              p++;
            }
          else if (ends_field (s, p + 1) || (!s->dialect->blanks && ends_field (s, after)))
            {
              *end = p;
              return s->dialect->blanks ? p + 1 : after;
            }
          else
            *escaped = TRUE;
        }
      else if (c == '\n' || c == '\r')
        {
          if (eol_at (s, p) > 0 || c == '\n')
            {
              if (s->line_only)
                return G_MAXSIZE;
              s->many_lines = TRUE;
            }
        }
    }
  return G_MAXSIZE;
}

/* One field at p; returns where its delimiter, its line end or the text's end is; G_MAXSIZE with error. */
static gsize
split_field (Splitter *s, gsize p, GError **error)
{
  const PatronCsvDialect *dialect = s->dialect;
  gsize open = p;
  if (dialect->quote != '\0')
    {
      open = skip_blanks (s, p);
      if (open < s->length && s->text[open] == dialect->quote)
        {
          gsize end = 0;
          gboolean escaped = FALSE;
          gsize next = scan_quoted (s, open + 1, &end, &escaped);
          if (next != G_MAXSIZE)
            return add (s, open + 1, end, TRUE, escaped, error) ? next : G_MAXSIZE;
          if (!s->line_only && s->unclosed == G_MAXSIZE)
            s->unclosed = open;
        }
    }
  gsize start = p;
  gboolean escaped = FALSE;
  while (!ends_field (s, p))
    {
      if (dialect->escape != '\0' && s->text[p] == dialect->escape && p + 1 < s->length && eol_at (s, p + 1) == 0)
        {
          escaped = TRUE;
          p++;
        }
      p++;
    }
  return add (s, start, MIN (p, s->length), FALSE, escaped, error) ? MIN (p, s->length) : G_MAXSIZE;
}

/* Fixed columns: widths[] count characters, not bytes. */
static gsize
split_fixed (Splitter *s, gsize p, GError **error)
{
  gsize end = p;
  while (end < s->length && eol_at (s, end) == 0)
    end++;
  guint column = 0;
  for (const guint *stop = s->dialect->widths; *stop != 0; stop++)
    {
      gsize start = p;
      for (; column < *stop && p < end; column++)
        for (p++; p < end && (s->text[p] & 0xc0) == 0x80;)
          p++;
      gsize from = start, to = stop[1] == 0 ? end : p;
      while (from < to && is_blank (s->text[from]))
        from++;
      while (to > from && is_blank (s->text[to - 1]))
        to--;
      if (!add (s, from, to, FALSE, FALSE, error))
        return G_MAXSIZE;
    }
  return end;
}

/* The fields of the record at p; returns where its line end or the text's end is; G_MAXSIZE with error. */
static gsize
split_record (Splitter *s, gsize p, GError **error)
{
  s->many_lines = FALSE;
  if (s->dialect->widths[0] != 0)
    return split_fixed (s, p, error);
  for (;;)
    {
      p = split_field (s, p, error);
      if (p == G_MAXSIZE || p >= s->length || eol_at (s, p) > 0)
        return p;
      p += delimiter_at (s, p);
      if (s->dialect->blanks)
        {
          p = skip_blanks (s, p);
          if (p >= s->length || eol_at (s, p) > 0)
            return p;
        }
    }
}

static gboolean
is_comment (const Splitter *s, gsize p)
{
  gsize n = strlen (s->dialect->comment);
  if (n == 0)
    return FALSE;
  while (p < s->length && is_blank (s->text[p]) && s->text[p] != s->dialect->comment[0])
    p++;
  return p + n <= s->length && memcmp (s->text + p, s->dialect->comment, n) == 0;
}

static gsize
line_end (const Splitter *s, gsize p)
{
  while (p < s->length && eol_at (s, p) == 0)
    p++;
  return p;
}

/* Reads the record at p again with quotes that end with their line, when that gives the number of fields wanted. */
static gsize
repair (Splitter *s, gsize p, gsize stop, guint n_columns, GError **error)
{
  PatronCsvRecords *records = s->records;
  gsize first = records->first[records->n_records], got = records->n_fields - first;
  if (n_columns == 0 || (got == n_columns && s->unclosed == G_MAXSIZE) || (!s->many_lines && s->unclosed == G_MAXSIZE))
    return stop;
  Splitter line = *s;
  line.line_only = TRUE;
  gsize fields_before = records->n_fields;
  gsize line_stop = split_record (&line, p, error);
  if (line_stop == G_MAXSIZE)
    return G_MAXSIZE;
  gsize again = records->n_fields - fields_before;
  if (again != n_columns)
    {
      records->n_fields = fields_before;
      return stop;
    }
  memmove (records->fields + first, records->fields + fields_before, again * sizeof *records->fields);
  records->n_fields = first + again;
  s->unclosed = G_MAXSIZE;
  if (records->n_repaired++ == 0)
    records->repaired_at = p;
  return line_stop;
}

gboolean
patron_csv_split (const PatronCsvDialect *dialect, const char *text, gsize length, gsize max_records, guint n_columns, gboolean whole,
                  PatronCsvRecords *records, gsize *consumed, GError **error)
{
  Splitter s = { .dialect = dialect, .text = text, .length = length, .delimiter_length = strlen (dialect->delimiter), .records = records,
                 .unclosed = G_MAXSIZE };
  records->n_fields = records->n_repaired = 0;
  records->n_records = (gsize) -1;
  if (!close_record (&s, error))   /* first[0] */
    return FALSE;
  gsize p = 0;
  while (p < length && records->n_records < max_records)
    {
      gsize eol = eol_at (&s, p);
      if (is_comment (&s, p))
        {
          gsize stop = line_end (&s, p);
          p = stop < length ? stop + eol_at (&s, stop) : stop;
          continue;
        }
      gsize content = dialect->blanks || dialect->widths[0] != 0 ? skip_blanks (&s, p) : p;
      if (content >= length || eol_at (&s, content) > 0)
        if (!dialect->keep_empty_lines || content >= length)
          {
            if (content >= length)
              {
                p = length;
                break;
              }
            p = content + eol_at (&s, content);
            continue;
          }
      if (dialect->blanks)
        p = content;
      (void) eol;
      gsize stop = split_record (&s, p, error);
      if (stop != G_MAXSIZE && whole)
        stop = repair (&s, p, stop, n_columns, error);
      if (stop == G_MAXSIZE)
        return FALSE;
      if (!whole && (stop >= length || s.unclosed != G_MAXSIZE))
        {
          records->n_fields = records->first[records->n_records];
          break;
        }
      if (s.unclosed != G_MAXSIZE)
        {
          if (consumed != NULL)
            *consumed = s.unclosed;
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("A quotation mark is never closed."));
          return FALSE;
        }
      if (!close_record (&s, error))
        return FALSE;
      p = stop < length ? stop + eol_at (&s, stop) : length;
    }
  if (consumed != NULL)
    *consumed = p;
  return TRUE;
}

gsize
patron_csv_unescape (const PatronCsvDialect *dialect, const char *text, gsize length, char *out)
{
  const char quote = dialect->quote, escape = dialect->escape;
  gsize n = 0;
  for (gsize i = 0; i < length; i++)
    {
      if (escape != '\0' && text[i] == escape && i + 1 < length)
        {
          char next = text[++i];
          out[n++] = next == 'n' ? '\n' : next == 't' ? '\t' : next == 'r' ? '\r' : next;
          continue;
        }
      if (escape == '\0' && text[i] == quote && i + 1 < length && text[i + 1] == quote)
        i++;
      out[n++] = text[i];
    }
  return n;
}
