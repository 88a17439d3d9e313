/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-detect-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Where the table ends: before the notes and totals at the foot of the file, or where another table begins. Records are judged against the first ones of
 * the table; a record that could be an ordinary one is never taken away. */

/* More lines than these at the end are not notes. */
#define MAX_NOTES 30

typedef struct
{
  const char             *text;
  const PatronCsvRecords *records;
  const PatronCsvShape   *shape;
  gsize                   first;          /* record of the first values */
  gboolean                first_typed;    /* nearly all values of the first column are numbers, dates and so on */
} Table;

static gsize
start_of (const Table *t, gsize r)
{
  const PatronCsvField *field = &t->records->fields[t->records->first[r]];
  return field->start - field->quoted;
}

/* A line with nothing on it, or with nothing but delimiters, stands before record r. */
static gboolean
follows_gap (const Table *t, gsize r)
{
  if (r > t->first && patron_csv_filled_fields (t->text, t->records, r - 1) == 0)
    return TRUE;
  guint lf = 0, cr = 0;
  for (gsize p = start_of (t, r); p > 0 && strchr ("\r\n \t", t->text[p - 1]) != NULL; p--)
    {
      lf += t->text[p - 1] == '\n';
      cr += t->text[p - 1] == '\r';
    }
  return MAX (lf, cr) > 1;
}

/* The field without blanks and a colon at the end, in lower case. */
static char *
plain_word (const Table *t, const PatronCsvField *field)
{
  g_autofree char *copy = g_strndup (t->text + field->start, MIN (field->length, 200));
  g_autofree char *valid = g_utf8_make_valid (copy, -1);
  char *word = g_utf8_strdown (valid, -1);
  g_strstrip (word);
  if (g_str_has_suffix (word, ":"))
    word[strlen (word) - 1] = '\0';
  return word;
}

static const PatronCsvField *
first_filled (const Table *t, gsize r)
{
  for (guint32 f = t->records->first[r]; f < t->records->first[r + 1]; f++)
    if (!patron_csv_is_empty_field (t->text, &t->records->fields[f]))
      return &t->records->fields[f];
  return NULL;
}

static gboolean
is_total (const Table *t, gsize r)
{
  static const char *const words[] = { "total", "totals", "grand total", "sum", "overall total", "total general", "summe", "gesamt", "somme", "合计", "总计", "共计", "合計", "總計", NULL };
  const PatronCsvField *field = first_filled (t, r);
  if (field == NULL || patron_csv_typed_fields (t->text, t->records, r) == 0)
    return FALSE;
  g_autofree char *word = plain_word (t, field);
  return g_strv_contains (words, word);
}

/* How a note begins. */
static gboolean
opens_note (const Table *t, const PatronCsvField *field)
{
  static const char *const openings[] = { "source", "note", "notes", "footnote", "generated", "exported", "created by", "copyright", "©", "*", "quelle", "anmerkung", "fuente", "来源",
                                          "数据来源", "资料来源", "注：", "注:", "备注", "说明", "end of", "report", "data as of", "last updated", "page ", "(c) " };
  g_autofree char *word = plain_word (t, field);
  for (guint i = 0; i < G_N_ELEMENTS (openings); i++)
    if (g_str_has_prefix (word, openings[i]))
      return TRUE;
  return FALSE;
}

/* One text in the first field and nothing else, which is not what the first field of this table holds. */
static gboolean
is_note (const Table *t, gsize r)
{
  const guint filled = patron_csv_filled_fields (t->text, t->records, r);
  if (filled == 0)
    return TRUE;
  const PatronCsvField *field = &t->records->fields[t->records->first[r]];
  if (patron_csv_is_empty_field (t->text, field) || patron_csv_is_typed (t->text, field))
    return FALSE;
  if (filled == 1)
    return t->shape->n_columns >= 2 && (opens_note (t, field) || (t->shape->n_columns >= 3 && (t->first_typed || follows_gap (t, r))));
  /* A sentence that commas cut. */
  return patron_csv_fields_of (t->records, r) < t->shape->n_columns && opens_note (t, field) && follows_gap (t, r);
}

static gboolean
same_text (const char *text, const PatronCsvField *a, const char *name)
{
  g_autofree char *word = g_strndup (text + a->start, a->length);
  return strcmp (g_strstrip (word), name) == 0;
}

/* The row of names again, perhaps with some more or fewer at its end. */
static gboolean
repeats_names (const Table *t, gsize r)
{
  const guint n = patron_csv_fields_of (t->records, r), compared = MIN (n, t->shape->n_columns);
  if (t->shape->n_header == 0 || compared < 2 || n + 2 < t->shape->n_columns)
    return FALSE;
  for (guint c = 0; c < compared; c++)
    if (!same_text (t->text, &t->records->fields[t->records->first[r] + c], t->shape->names[c]))
      return FALSE;
  return TRUE;
}

/* After a gap, at least two records of another width that is the same for them, the first of names. */
static gboolean
begins_other (const Table *t, gsize r)
{
  const guint n = patron_csv_fields_of (t->records, r);
  if (n == t->shape->n_columns || n < 2 || r + 1 >= t->records->n_records || !follows_gap (t, r))
    return FALSE;
  return patron_csv_fields_of (t->records, r + 1) == n && patron_csv_typed_fields (t->text, t->records, r) == 0 && patron_csv_filled_fields (t->text, t->records, r) == n
         && (patron_csv_typed_fields (t->text, t->records, r + 1) > 0 || t->shape->n_header > 0);
}

/* A gap, a title alone on its line and then a row of names. */
static gsize
begins_with_title (const Table *t, gsize r)
{
  gsize next = r;
  while (next < t->records->n_records && next < r + 3 && patron_csv_filled_fields (t->text, t->records, next) <= 1)
    next++;
  if (next == r || next + 1 >= t->records->n_records || t->shape->n_columns < 2 || !follows_gap (t, r))
    return 0;
  const guint n = patron_csv_fields_of (t->records, next);
  const gboolean names = n >= 2 && patron_csv_typed_fields (t->text, t->records, next) == 0 && patron_csv_filled_fields (t->text, t->records, next) == n
                         && patron_csv_fields_of (t->records, next + 1) == n && patron_csv_typed_fields (t->text, t->records, next + 1) > 0;
  return names && !patron_csv_is_typed (t->text, &t->records->fields[t->records->first[r]]) ? next : 0;
}

/* The record where another table begins; *names: its row of names. 0 for none. */
static gsize
find_other (const Table *t, gsize *names)
{
  for (gsize r = t->first + 1; r < t->records->n_records; r++)
    {
      gsize after;
      *names = r;
      if (repeats_names (t, r) || begins_other (t, r))
        return r;
      if ((after = begins_with_title (t, r)) > 0)
        {
          *names = after;
          return r;
        }
    }
  return 0;
}

guint
patron_csv_count_lines (const char *text, gsize length)
{
  guint n = 0;
  for (gsize i = 0; i < length; i++)
    n += text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n');
  return n;
}

static gboolean
is_first_typed (const Table *t)
{
  guint n = 0, typed = 0;
  for (gsize r = t->first; r < t->records->n_records && n < 200; r++)
    {
      const PatronCsvField *field = &t->records->fields[t->records->first[r]];
      if (patron_csv_is_empty_field (t->text, field))
        continue;
      n++;
      typed += patron_csv_is_typed (t->text, field);
    }
  /* A few of the values may be what is looked for. */
  return n > 0 && typed * 10 >= n * 7 && typed + MAX_NOTES >= n;
}

/* The first of the notes that the file ends with; all are before stop. */
static gsize
find_notes (const Table *t, gsize stop, gboolean *total)
{
  gsize r = stop, last = stop;
  while (r > t->first + 1 && stop - r < MAX_NOTES && is_note (t, r - 1))
    {
      r--;
      if (patron_csv_filled_fields (t->text, t->records, r) > 0)
        last = r;
    }
  /* Rows of nothing but delimiters belong to the notes only before one. */
  r = last;
  gsize before = r;
  while (before > t->first + 1 && patron_csv_filled_fields (t->text, t->records, before - 1) == 0)
    before--;
  if (before > t->first + 1 && is_total (t, before - 1))
    {
      gboolean only = TRUE;
      for (gsize i = t->first; i < before - 1 && only; i++)
        only = !is_total (t, i);
      if (only)
        {
          *total = TRUE;
          return before - 1;
        }
    }
  return r < stop ? before : stop;
}

static PatronText *
say_other (const Table *t, gsize names, guint lines_before)
{
  const guint n = patron_csv_fields_of (t->records, names);
  if (lines_before == G_MAXUINT)
    return patron_text (N_("Another table of {columns} columns follows; only the first table is read."), "columns", PATRON_COUNT (n), NULL);
  const guint line = lines_before + patron_csv_count_lines (t->text, start_of (t, names)) + 1;
  return patron_text (N_("Another table of {columns} columns begins in line {line}; only the first table is read. To read the other, skip {skip} lines."), "columns",
                      PATRON_COUNT (n), "line", PATRON_COUNT (line), "skip", PATRON_COUNT (line - 1), NULL);
}

gsize
patron_csv_find_end (PatronCsvShape *shape, const char *text, const PatronCsvRecords *records, guint lines_before, gboolean whole)
{
  const gsize first = 0;
  Table t = { .text = text, .records = records, .shape = shape, .first = first };
  if (shape->n_columns < 2 || records->n_records < first + 2)
    return G_MAXSIZE;
  t.first_typed = is_first_typed (&t);
  gsize names = 0, other = find_other (&t, &names), stop = other > 0 ? other : records->n_records;
  gboolean total = FALSE;
  gsize end = other > 0 || whole ? find_notes (&t, stop, &total) : stop;
  if (other > 0)
    patron_csv_add_reason (shape, say_other (&t, names, lines_before));
  if (end < stop)
    {
      g_autofree char *copy = g_strndup (text + start_of (&t, end), MIN (strcspn (text + start_of (&t, end), "\r\n"), 80));
      g_autofree char *line = g_utf8_make_valid (copy, -1);
      patron_csv_add_reason (shape, patron_text (total ? N_("{n} {n|line|lines} with totals or notes at the end {n|does|do} not belong to the table and {n|was|were} left out: “{line}”.")
                                                       : N_("{n} {n|line|lines} with notes at the end {n|does|do} not belong to the table and {n|was|were} left out: “{line}”."),
                                                 "n", PATRON_COUNT (stop - end), "line", PATRON_STRING (line), NULL));
    }
  return end < records->n_records ? start_of (&t, end) : G_MAXSIZE;
}
