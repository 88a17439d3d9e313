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
  gboolean                strict;        /* a quote inside quotes that is neither doubled nor closing is a failure */
  gboolean                single;        /* quotes inside quotes are not doubled: one before a delimiter closes */
  PatronCsvRecords       *records;
  gsize                   unclosed;      /* where the quote opened that was never closed, else G_MAXSIZE */
  gboolean                many_lines;    /* the last record has a quoted line end */
  gboolean                stray;         /* the last record has a quotation mark where none belongs */
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
          if (s->text[p + 1 < s->length ? p + 1 : p] == quote && p + 1 < s->length && escape == '\0' && !s->single)
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
            {
              if (s->strict)
                return G_MAXSIZE;
              *escaped = TRUE;
              s->stray = TRUE;
            }
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

/* The fields of the record at p; returns where its line end or the text's end is; G_MAXSIZE with error. */
static gsize
split_record (Splitter *s, gsize p, GError **error)
{
  s->many_lines = s->stray = FALSE;
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

/* A search may try this many readings of one line. */
#define MAX_TRIES 4000
/* Wider records are not searched: the search goes as deep as they are wide. */
#define MAX_SEARCHED 2000

/* Ways to read a field that begins with a quotation mark, in the order tried. */
enum { READ_STRICTLY, READ_FORGIVINGLY, READ_UNDOUBLED, READ_AS_CHARACTER };

/* Reads the line at p as exactly n fields: a field that begins with a quotation mark is quoted if that is in order, else quoted with marks inside, else
 * the mark is a character; the first combination that gives n fields. Returns its end, G_MAXSIZE when there is none (or error). */
static gsize
search_line (Splitter *s, gsize p, guint n, int *tries, GError **error)
{
  const PatronCsvDialect *dialect = s->dialect;
  gsize open = skip_blanks (s, p);
  gboolean quoted = open < s->length && dialect->quote != '\0' && s->text[open] == dialect->quote;
  gsize before = s->records->n_fields;
  for (int reading = quoted ? READ_STRICTLY : READ_AS_CHARACTER; reading <= READ_AS_CHARACTER; reading++)
    {
      gsize end = 0, next = G_MAXSIZE;
      gboolean escaped = FALSE;
      if (--*tries < 0)
        return G_MAXSIZE;
      s->strict = reading == READ_STRICTLY;
      s->single = reading == READ_UNDOUBLED;
      if (reading < READ_AS_CHARACTER)
        next = scan_quoted (s, open + 1, &end, &escaped);
      else
        for (next = p; !ends_field (s, next);)
          next++;
      s->strict = s->single = FALSE;
      if (next == G_MAXSIZE)
        continue;
      next = MIN (next, s->length);
      if (!(reading < READ_AS_CHARACTER ? add (s, open + 1, end, TRUE, escaped, error) : add (s, p, next, FALSE, FALSE, error)))
        return G_MAXSIZE;
      gboolean last = next >= s->length || eol_at (s, next) > 0;
      if (last && n == 1)
        return next;
      if (!last && n > 1)
        {
          gsize stop = search_line (s, next + delimiter_at (s, next), n - 1, tries, error);
          if (stop != G_MAXSIZE || (error != NULL && *error != NULL))
            return stop;
        }
      s->records->n_fields = before;
    }
  return G_MAXSIZE;
}

/* Whether every line from p to stop can be read as n fields by itself: then a quotation mark that joins them is only a character. */
static gboolean
lines_stand_alone (Splitter *s, gsize p, gsize stop, guint n)
{
  gsize before = s->records->n_fields;
  gboolean alone = TRUE;
  while (alone && p < stop)
    {
      int tries = MAX_TRIES;
      gsize end = search_line (s, p, n, &tries, NULL);
      s->records->n_fields = before;
      alone = end != G_MAXSIZE;
      p = alone && end < s->length ? end + eol_at (s, end) : s->length;
    }
  return alone;
}

/* A line that cannot be read as n fields, but those that its quotation mark swallowed can: it is a record by itself, short or long. */
static gsize
keep_line (Splitter *s, Splitter *line, gsize p, gsize stop, guint n, gsize first, GError **error)
{
  PatronCsvRecords *records = s->records;
  const gsize end = line_end (s, p), n_fields = records->n_fields;
  const gsize next = end < s->length ? end + eol_at (s, end) : end;
  if (next >= stop || !lines_stand_alone (line, next, stop, n))
    return stop;
  records->n_fields = first;
  const gsize line_stop = split_record (line, p, error);
  if (line_stop == G_MAXSIZE)
    {
      records->n_fields = n_fields;
      return line_stop;
    }
  s->unclosed = G_MAXSIZE;
  if (records->n_repaired++ == 0)
    records->repaired = records->n_records;
  return line_stop;
}

/* Reads the record at p again when its quotation marks do not make sense and a reading of its first line does. */
static gsize
repair (Splitter *s, gsize p, gsize stop, guint n_columns, GError **error)
{
  PatronCsvRecords *records = s->records;
  gsize first = records->first[records->n_records], got = records->n_fields - first;
  gboolean unclosed = s->unclosed != G_MAXSIZE, many_lines = s->many_lines;
  if (n_columns < 2 || n_columns > MAX_SEARCHED || s->dialect->blanks || s->dialect->escape != '\0' || (!unclosed && !many_lines && !s->stray))
    return stop;
  Splitter line = *s;
  line.line_only = TRUE;
  /* Two fields between commas prove little: prose has commas. */
  gboolean doubtful = many_lines && !s->dialect->quote_certain && (n_columns > 2 || s->dialect->delimiter[0] == '\t');
  if (got == n_columns && !unclosed && !(doubtful && lines_stand_alone (&line, p, stop, n_columns)))
    return stop;
  gsize before = records->n_fields;
  int tries = MAX_TRIES;
  gsize line_stop = search_line (&line, p, n_columns, &tries, error);
  if (line_stop == G_MAXSIZE)
    {
      records->n_fields = before;
      if (error != NULL && *error != NULL)
        return G_MAXSIZE;
      return many_lines && s->stray && got != n_columns ? keep_line (s, &line, p, stop, n_columns, first, error) : stop;
    }
  memmove (records->fields + first, records->fields + before, n_columns * sizeof *records->fields);
  records->n_fields = first + n_columns;
  s->unclosed = G_MAXSIZE;
  if (records->n_repaired++ == 0)
    records->repaired = records->n_records;
  return line_stop;
}

gboolean
patron_csv_split (const PatronCsvDialect *dialect, const char *text, gsize length, gsize max_records, guint n_columns, gboolean whole,
                  PatronCsvRecords *records, gsize *consumed, GError **error)
{
  Splitter s = { .dialect = dialect, .text = text, .length = length, .delimiter_length = strlen (dialect->delimiter), .records = records,
                 .unclosed = G_MAXSIZE, .line_only = n_columns == PATRON_CSV_LINES };
  records->n_fields = records->n_repaired = 0;
  records->n_records = (gsize) -1;
  if (!close_record (&s, error))   /* first[0] */
    return FALSE;
  gsize p = 0;
  while (p < length && records->n_records < max_records)
    {
      if (is_comment (&s, p))
        {
          gsize stop = line_end (&s, p);
          p = stop < length ? stop + eol_at (&s, stop) : stop;
          continue;
        }
      gsize content = dialect->blanks ? skip_blanks (&s, p) : p;
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
      gsize stop = split_record (&s, p, error);
      if (stop != G_MAXSIZE && !s.line_only)
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
      if (i + 1 < length)
        {
          char next = text[i + 1];
          /* An escape before anything that needs none is a character: 8\'9, C:\data. */
          if (escape != '\0' ? text[i] == escape && (next == quote || next == escape || next == dialect->delimiter[0]) : text[i] == quote && next == quote)
            i++;
        }
      out[n++] = text[i];
    }
  return n;
}
