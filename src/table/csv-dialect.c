/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE   /* memmem() */
#include "table/csv-detect-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  guint  mode;           /* the most frequent number of fields */
  guint  n_mode;         /* records that have it */
  double score;
} Verdict;

guint
patron_csv_mode_of (const PatronCsvRecords *records, guint *n_mode)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  guint best = 0, n_best = 0;
  for (gsize r = 0; r < records->n_records; r++)
    {
      gpointer key = GUINT_TO_POINTER (patron_csv_fields_of (records, r));
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) + 1;
      g_hash_table_insert (counts, key, GUINT_TO_POINTER (n));
      if (n > n_best || (n == n_best && GPOINTER_TO_UINT (key) > best))
        {
          n_best = n;
          best = GPOINTER_TO_UINT (key);
        }
    }
  *n_mode = n_best;
  return best;
}

/* 1 for a value of a type, less for text the more it looks like the work of a wrong delimiter. */
static double
cell_sense (const char *text, const PatronCsvField *field)
{
  const char *p = text + field->start;
  gsize n = field->length;
  while (n > 0 && *p == ' ')
    p++, n--;
  while (n > 0 && p[n - 1] == ' ')
    n--;
  if (n == 0)
    return 0.9;
  if (field->quoted)
    return 1;
  if (n > 200)
    return 0.5;
  PatronNumber number;
  if (g_ascii_isdigit (p[0]) || strchr ("+-.($", p[0]) != NULL)
    for (int i = 0; i < PATRON_N_NUMBER_FORMS; i++)
      if (patron_parse_decorated (p, n, patron_number_forms[i], &number))
        return 1;
  PatronDateValue date;
  gint64 duration;
  if (patron_classify_date (p, n, &date) != 0 || patron_parse_duration (p, n, &duration))
    return 1;
  double sense = 0.9;
  guint marks = 0;
  for (gsize i = 0; i < n; i++)
    marks += strchr (",;\t|\"", p[i]) != NULL;
  if (marks > 0)
    sense = marks > 2 ? 0.3 : 0.5;
  if (*p == '\'' && p[n - 1] == '\'' && n > 1)
    sense = 0.4;
  return sense;
}

static Verdict
judge (const PatronCsvDialect *dialect, const char *text, gsize length, gboolean whole, PatronCsvRecords *records)
{
  Verdict verdict = { 0 };
  if (!patron_csv_split (dialect, text, length, PATRON_CSV_SAMPLE_RECORDS, 0, whole, records, NULL, NULL))
    patron_csv_split (dialect, text, length, PATRON_CSV_SAMPLE_RECORDS, PATRON_CSV_LINES, whole, records, NULL, NULL);
  if (records->n_records == 0)
    return verdict;
  verdict.mode = patron_csv_mode_of (records, &verdict.n_mode);
  double sense = 0;
  gsize cells = 0;
  for (gsize i = 0; i < records->n_fields && cells < 2000; i++, cells++)
    sense += cell_sense (text, &records->fields[i]);
  sense /= MAX (cells, 1);
  double share = (double) verdict.n_mode / records->n_records;
  double pattern = share * share * (verdict.mode - 1.0 + 1e-3) / verdict.mode;
  verdict.score = pattern * sense * sense;
  return verdict;
}

typedef struct
{
  const char *bytes;
  const char *label;
  double      prior;
} Delimiter;

static const Delimiter delimiters[] = {
  { ",", N_("comma"), 1 }, { ";", N_("semicolon"), 1 }, { "\t", N_("tab"), 1 }, { "|", N_("vertical bar"), 1 }, { "||", N_("two vertical bars"), 1 }, { "\t\t", N_("two tabs"), 1 },
  { "::", N_("two colons"), 1 }, { ":", N_("colon"), 0.5 }, { "~", N_("tilde"), 0.8 }, { "^", N_("caret"), 0.8 }, { "\x01", N_("control character"), 1 },
  { "\x1f", N_("control character"), 1 }, { ", ", N_("comma and space"), 1.01 },
};

static gboolean
contains (const char *text, gsize length, const char *bytes)
{
  return memmem (text, length, bytes, strlen (bytes)) != NULL;
}

/* A quote right after a delimiter or a line's beginning, and one right before. */
static gboolean
encloses (const char *text, gsize length, const char *delimiter, char quote)
{
  gboolean opens = FALSE, closes = FALSE;
  char d = delimiter[0];
  for (gsize i = 0; i < length; i++)
    if (text[i] == quote)
      {
        opens |= i == 0 || text[i - 1] == '\n' || text[i - 1] == '\r' || text[i - 1] == d;
        closes |= i + 1 == length || text[i + 1] == '\n' || text[i + 1] == '\r' || text[i + 1] == d;
      }
  return opens && closes;
}

/* A backslash before a quote that does not end its field. */
static gboolean
uses_backslash (const char *text, gsize length, const char *delimiter, char quote)
{
  for (gsize i = 0; i + 2 < length; i++)
    if (text[i] == '\\' && text[i + 1] == quote && text[i + 2] != '\n' && text[i + 2] != '\r' && text[i + 2] != delimiter[0] && text[i + 2] != quote)
      return TRUE;
  return FALSE;
}

/* Each record is one field, and that in quotation marks: there is nothing to look for inside. */
static gboolean
is_quoted_throughout (const PatronCsvRecords *records, Verdict verdict)
{
  if (verdict.mode != 1 || verdict.n_mode != records->n_records)
    return FALSE;
  for (gsize i = 0; i < records->n_fields; i++)
    if (!records->fields[i].quoted)
      return FALSE;
  return TRUE;
}

/* The quoting to go with a delimiter, tried in turn; the best verdict. */
static Verdict
judge_delimiter (PatronCsvDialect *dialect, const char *text, gsize length, gboolean whole, const PatronCsvOptions *options, PatronCsvRecords *records)
{
  char given[12] = "";
  gboolean quote_given = patron_csv_option_bytes (options->quote, given, sizeof given);
  dialect->quote_certain = quote_given;
  char quote_bytes[3] = { quote_given ? given[0] : '"', 0, 0 };
  if (!quote_given && encloses (text, length, dialect->delimiter, '\''))
    quote_bytes[1] = '\'';
  char escape[12] = "";
  gboolean escape_given = patron_csv_option_bytes (options->escape, escape, sizeof escape);
  Verdict best = { .score = -1 };
  PatronCsvDialect kept = *dialect;
  for (const char *quote = quote_bytes; quote == quote_bytes || *quote != '\0'; quote++)
    {
      PatronCsvDialect tried = *dialect;
      tried.quote = *quote;
      tried.escape = escape_given ? (escape[0] == '"' || escape[0] == '\'' ? '\0' : escape[0]) : '\0';
      if (!escape_given && *quote != '\0' && uses_backslash (text, length, dialect->delimiter, *quote))
        tried.escape = '\\';
      Verdict verdict = judge (&tried, text, length, whole, records);
      if (verdict.score > best.score * (quote == quote_bytes ? 1 : 1.001))
        {
          best = verdict;
          kept = tried;
        }
      if (*quote == '\0' || is_quoted_throughout (records, verdict))
        break;
    }
  *dialect = kept;
  return best;
}

/* Blanks: every line has the same number of words. */
static Verdict
judge_blanks (PatronCsvDialect *dialect, const char *text, gsize length, gboolean whole, const PatronCsvOptions *options, PatronCsvRecords *records)
{
  dialect->blanks = TRUE;
  g_strlcpy (dialect->delimiter, " ", sizeof dialect->delimiter);
  Verdict verdict = judge_delimiter (dialect, text, length, whole, options, records);
  if (records->n_records == 0 || verdict.n_mode < 2 || verdict.n_mode * 10 < records->n_records * 8)
    verdict.score = 0;
  verdict.score *= 0.6;
  return verdict;
}

gboolean
patron_csv_is_typed (const char *text, const PatronCsvField *field)
{
  PatronMissingTokens none = { 0 };
  PatronTypeStats stats;
  patron_type_stats_init (&stats);
  patron_type_stats_add (&stats, text + field->start, field->length, 0, &none);
  if (stats.n_values == 0)
    return FALSE;
  for (int i = 0; i < PATRON_N_GUESSES; i++)
    if (stats.misfits[i].n == 0)
      return TRUE;
  return FALSE;
}

/* The byte never stands alone. */
static gboolean
always_doubled (const char *text, gsize length, char byte)
{
  for (gsize i = 0; i < length; i++)
    if (text[i] == byte)
      {
        if (i + 1 >= length || text[i + 1] != byte)
          return FALSE;
        i++;
      }
  return TRUE;
}

/* Whether the first record, of as many fields as most, has a name right after each delimiter: no one writes "i,j" for one column. */
static gboolean
names_stand_apart (const PatronCsvRecords *records, const char *text, guint mode)
{
  if (patron_csv_fields_of (records, 0) != mode)
    return FALSE;
  for (guint f = 0; f < mode; f++)
    {
      const PatronCsvField *field = &records->fields[records->first[0] + f];
      if (field->length == 0 || text[field->start] == ' ' || patron_csv_is_typed (text, field))
        return FALSE;
    }
  return TRUE;
}

/* Whether every line, or every line but the first, is one number, date or time as a whole. */
static gboolean
values_stand_alone (const char *text, gsize length, gboolean first)
{
  gsize p = first ? 0 : strcspn (text, "\r\n");
  guint n = 0;
  for (p += strspn (text + p, "\r\n"); p < length;)
    {
      gsize line = strcspn (text + p, "\r\n");
      if (p + line >= length && n > 0 && text[length] != '\0')     /* cut off */
        break;
      PatronCsvField field = { .start = p, .length = MIN (line, length - p) };
      if (line > 60 || !patron_csv_is_typed (text, &field))
        return FALSE;
      n++;
      p += line;
      p += strspn (text + p, "\r\n");
    }
  return n > 0;
}

/* Some lines begin with "#" and some do not. */
static gboolean
has_hash_lines (const char *text, gsize length)
{
  gboolean hash = FALSE, other = FALSE;
  for (gsize p = 0; p < length;)
    {
      const gsize blanks = strspn (text + p, " \t");
      hash |= text[p + blanks] == '#';
      other |= strchr ("#\r\n", text[p + blanks]) == NULL;
      p += strcspn (text + p, "\r\n");
      p += MAX (strspn (text + p, "\r\n"), (gsize) 1);
    }
  return hash && other;
}

static void
detect_delimiter (PatronCsvShape *shape, const char *text, gsize length, gboolean whole, const PatronCsvOptions *options)
{
  PatronCsvRecords records = { 0 };
  PatronCsvDialect base = shape->dialect, best_dialect = base;
  /* Lines that may be comments do not vote; whether they are is settled afterwards. */
  const gboolean hash = base.comment[0] == '\0' && g_ascii_strcasecmp (options->comment, "none") != 0 && has_hash_lines (text, length);
  if (hash)
    g_strlcpy (base.comment, "#", sizeof base.comment);
  Verdict best = { .score = 0 };
  const Delimiter *chosen = NULL;
  gsize n_judged = 0;
  gboolean apart = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (delimiters); i++)
    {
      if (!contains (text, length, delimiters[i].bytes))
        continue;
      PatronCsvDialect dialect = base;
      g_strlcpy (dialect.delimiter, delimiters[i].bytes, sizeof dialect.delimiter);
      Verdict verdict = judge_delimiter (&dialect, text, length, whole, options, &records);
      verdict.score *= delimiters[i].prior;
      if (delimiters[i].bytes[0] == delimiters[i].bytes[1])
        verdict.score *= always_doubled (text, length, delimiters[i].bytes[0]) && (records.n_records > 1 || verdict.mode > 2) ? 1.5 : 0;
      if (verdict.mode > 1 && verdict.score > best.score)
        {
          best = verdict;
          best_dialect = dialect;
          chosen = &delimiters[i];
          n_judged = records.n_records;
          apart = names_stand_apart (&records, text, verdict.mode);
        }
    }
  if (contains (text, length, " "))
    {
      PatronCsvDialect dialect = base;
      Verdict verdict = judge_blanks (&dialect, text, length, whole, options, &records);
      if (verdict.mode > 1 && verdict.score > best.score)
        {
          best = verdict;
          best_dialect = dialect;
          chosen = NULL;
        }
    }
  const gboolean colon = chosen != NULL && strcmp (chosen->bytes, ":") == 0;
  if (best.score <= 0 || (best.n_mode < n_judged && !apart && values_stand_alone (text, length, FALSE)) || (colon && values_stand_alone (text, length, TRUE)))
    {
      PatronCsvDialect dialect = base;
      chosen = NULL;
      dialect.delimiter[0] = '\0';
      best = judge_delimiter (&dialect, text, length, whole, options, &records);
      best_dialect = dialect;
    }
  shape->dialect = best_dialect;
  if (hash)
    shape->dialect.comment[0] = '\0';
  if (best_dialect.blanks)
    patron_csv_add_reason (shape, patron_text (N_("Fields are separated by blanks: {n} of the first lines have {fields} words each."), "n", PATRON_COUNT (best.n_mode), "fields",
                                    PATRON_COUNT (best.mode), NULL));
  else if (chosen != NULL)
    patron_csv_add_reason (shape, patron_text (N_("The delimiter is the {delimiter}: {n} of the first lines have {fields} fields each."), "delimiter", PATRON_MSGID (chosen->label),
                                    "n", PATRON_COUNT (best.n_mode), "fields", PATRON_COUNT (best.mode), NULL));
  patron_csv_records_clear (&records);
}

void
patron_csv_detect_dialect (PatronCsvShape *shape, const char *text, gsize length, gboolean whole, gboolean delimiter_known, const PatronCsvOptions *options)
{
  if (!delimiter_known)
    {
      detect_delimiter (shape, text, length, whole, options);
      return;
    }
  PatronCsvRecords records = { 0 };
  judge_delimiter (&shape->dialect, text, length, whole, options, &records);
  patron_csv_records_clear (&records);
}
