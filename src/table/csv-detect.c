/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE   /* memmem() */
#include "table/csv-detect.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/memory.h"
#include "table/csv-baskets.h"

/* Enough to judge by, little enough to try many dialects in a few milliseconds. */
#define SAMPLE_BYTES ((gsize) 48 << 10)
#define SAMPLE_RECORDS 250
#define MAX_PREAMBLE 100

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

/* ---- judging a dialect ------------------------------------------------------------------------------------- */

typedef struct
{
  guint  mode;           /* the most frequent number of fields */
  guint  n_mode;         /* records that have it */
  double score;
} Verdict;

static guint
fields_of (const PatronCsvRecords *records, gsize r)
{
  return records->first[r + 1] - records->first[r];
}

/* The most frequent number of fields; the larger of equals. */
static guint
mode_of (const PatronCsvRecords *records, guint *n_mode)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  guint best = 0, n_best = 0;
  for (gsize r = 0; r < records->n_records; r++)
    {
      gpointer key = GUINT_TO_POINTER (fields_of (records, r));
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
  if (!patron_csv_split (dialect, text, length, SAMPLE_RECORDS, 0, whole, records, NULL, NULL))
    patron_csv_split (dialect, text, length, SAMPLE_RECORDS, PATRON_CSV_LINES, whole, records, NULL, NULL);
  if (records->n_records == 0)
    return verdict;
  verdict.mode = mode_of (records, &verdict.n_mode);
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
      if (*quote == '\0')
        break;
    }
  *dialect = kept;
  return best;
}

static void
add_reason (PatronCsvShape *shape, PatronText *reason)
{
  g_ptr_array_add (shape->reasons, reason);
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

/* A number, a date, a truth value: hardly the name of a column. */
static gboolean
is_typed (const char *text, const PatronCsvField *field)
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

/* Whether every line but the first is one number, date or time as a whole. */
static gboolean
values_stand_alone (const char *text, gsize length)
{
  gsize p = strcspn (text, "\r\n");
  guint n = 0;
  for (p += strspn (text + p, "\r\n"); p < length;)
    {
      gsize line = strcspn (text + p, "\r\n");
      if (p + line >= length && n > 0 && text[length] != '\0')     /* cut off */
        break;
      PatronCsvField field = { .start = p, .length = MIN (line, length - p) };
      if (line > 60 || !is_typed (text, &field))
        return FALSE;
      n++;
      p += line;
      p += strspn (text + p, "\r\n");
    }
  return n > 0;
}

static void
detect_delimiter (PatronCsvShape *shape, const char *text, gsize length, gboolean whole, const PatronCsvOptions *options)
{
  PatronCsvRecords records = { 0 };
  PatronCsvDialect base = shape->dialect, best_dialect = base;
  Verdict best = { .score = 0 };
  const Delimiter *chosen = NULL;
  gsize n_judged = 0;
  for (guint i = 0; i < G_N_ELEMENTS (delimiters); i++)
    {
      if (!contains (text, length, delimiters[i].bytes))
        continue;
      PatronCsvDialect dialect = base;
      g_strlcpy (dialect.delimiter, delimiters[i].bytes, sizeof dialect.delimiter);
      Verdict verdict = judge_delimiter (&dialect, text, length, whole, options, &records);
      verdict.score *= delimiters[i].prior;
      if (delimiters[i].bytes[0] == delimiters[i].bytes[1])
        verdict.score *= always_doubled (text, length, delimiters[i].bytes[0]) ? 1.5 : 0;
      if (verdict.mode > 1 && verdict.score > best.score)
        {
          best = verdict;
          best_dialect = dialect;
          chosen = &delimiters[i];
          n_judged = records.n_records;
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
  if (best.score <= 0 || (best.n_mode < n_judged && values_stand_alone (text, length)))
    {
      PatronCsvDialect dialect = base;
      chosen = NULL;
      dialect.delimiter[0] = '\0';
      best = judge_delimiter (&dialect, text, length, whole, options, &records);
      best_dialect = dialect;
    }
  shape->dialect = best_dialect;
  if (best_dialect.blanks)
    add_reason (shape, patron_text (N_("Fields are separated by blanks: {n} of the first lines have {fields} words each."), "n", PATRON_COUNT (best.n_mode), "fields",
                                    PATRON_COUNT (best.mode), NULL));
  else if (chosen != NULL)
    add_reason (shape, patron_text (N_("The delimiter is the {delimiter}: {n} of the first lines have {fields} fields each."), "delimiter", PATRON_MSGID (chosen->label),
                                    "n", PATRON_COUNT (best.n_mode), "fields", PATRON_COUNT (best.mode), NULL));
  patron_csv_records_clear (&records);
}

/* ---- where the table begins -------------------------------------------------------------------------------- */

/* "sep=;" as spreadsheets write it; a YAML block between lines of ---. Returns the offset after it. */
static gsize
skip_marks (const char *text, gsize length, PatronCsvDialect *dialect, guint *n_skipped, gboolean *delimiter_known)
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

static gsize
skip_lines (const char *text, gsize length, guint n)
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

static void
detect_comment (PatronCsvShape *shape, const char *text, gsize length)
{
  guint n_lines = 0, n_hash = 0, n_other_shape = 0;
  char d = shape->dialect.delimiter[0];
  guint usual = 0;
  for (int pass = 0; pass < 2; pass++)
    {
      gsize p = 0;
      for (guint i = 0; p < length && i < SAMPLE_RECORDS; i++)
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
  add_reason (shape, patron_text (N_("Lines that begin with “#” are comments and left out."), NULL));
}

static gboolean
is_empty_field (const char *text, const PatronCsvField *field)
{
  for (gsize i = 0; i < field->length; i++)
    if (text[field->start + i] != ' ' && text[field->start + i] != '\t')
      return FALSE;
  return TRUE;
}

static guint
filled_fields (const char *text, const PatronCsvRecords *records, gsize r)
{
  guint n = 0;
  for (guint32 f = records->first[r]; f < records->first[r + 1]; f++)
    n += !is_empty_field (text, &records->fields[f]);
  return n;
}

static guint
typed_fields (const char *text, const PatronCsvRecords *records, gsize r)
{
  guint n = 0;
  for (guint32 f = records->first[r]; f < records->first[r + 1]; f++)
    n += is_typed (text, &records->fields[f]);
  return n;
}

/* Records of which only one field is filled are titles when an empty record or a whole row of names follows. */
static gsize
skip_titles (const char *text, const PatronCsvRecords *records, gsize r, guint columns)
{
  gsize after = r;
  while (after < MIN (records->n_records, MAX_PREAMBLE) && filled_fields (text, records, after) == 1)
    after++;
  if (after == r || after == records->n_records || columns < 3)
    return r;
  gboolean gap = FALSE;
  for (; after < records->n_records && filled_fields (text, records, after) == 0; after++)
    gap = TRUE;
  if (after == records->n_records)
    return r;
  gboolean names = typed_fields (text, records, after) == 0 && filled_fields (text, records, after) * 2 >= columns;
  return gap || names ? after : r;
}

/* The first record of the table: those before it have fewer fields than the table. */
static gsize
first_record (const char *text, const PatronCsvRecords *records, guint columns)
{
  gsize r = 0;
  while (r < records->n_records && filled_fields (text, records, r) == 0 && records->n_records > 1 && columns > 1)
    r++;
  if (columns < 2)
    return r;
  r = skip_titles (text, records, r, columns);
  gsize start = r;
  for (; r < records->n_records && r < MAX_PREAMBLE; r++)
    if (fields_of (records, r) >= columns)
      break;
  if (r == start || r == records->n_records || r == MAX_PREAMBLE)
    return start;
  /* A header may be shorter than its records: one line of several names right before values. */
  if (r == start + 1 && fields_of (records, start) * 2 >= columns && fields_of (records, start) > 1 && typed_fields (text, records, start) == 0
      && (typed_fields (text, records, r) > 0 || filled_fields (text, records, r) == 0))
    return start;
  return r;
}

static gboolean
same_bytes (const char *text, const PatronCsvField *a, const PatronCsvField *b)
{
  return a->length == b->length && memcmp (text + a->start, text + b->start, a->length) == 0;
}

static gboolean
has_digit (const char *text, const PatronCsvField *field)
{
  for (gsize i = 0; i < field->length; i++)
    if (g_ascii_isdigit (text[field->start + i]))
      return TRUE;
  return FALSE;
}

/* Whether record r names the columns of those after it. */
static gboolean
is_header (const char *text, const PatronCsvRecords *records, gsize r, const PatronMissingTokens *missing, PatronText **reason)
{
  guint n = fields_of (records, r), filled = filled_fields (text, records, r);
  if (filled == 0)
    return FALSE;
  int votes = 0;
  gsize last = MIN (records->n_records, r + 60);
  guint n_typed_names = 0, decided = G_MAXUINT;
  for (guint c = 0; c < n; c++)
    {
      const PatronCsvField *name = &records->fields[records->first[r] + c];
      if (is_empty_field (text, name))
        continue;
      gboolean typed_name = is_typed (text, name), repeated = FALSE;
      guint n_texts = 0, n_digits = 0, n_long = 0;
      n_typed_names += typed_name;
      PatronTypeStats stats;
      patron_type_stats_init (&stats);
      for (gsize i = r + 1; i < last; i++)
        if (c < fields_of (records, i))
          {
            const PatronCsvField *field = &records->fields[records->first[i] + c];
            patron_type_stats_add (&stats, text + field->start, field->length, i, missing);
            repeated |= field->length > 0 && same_bytes (text, field, name);
            n_texts += field->length > 0;
            n_digits += has_digit (text, field);
            n_long += field->length > 40;
          }
      gboolean typed = FALSE;
      for (int g = 0; g < PATRON_N_GUESSES; g++)
        typed |= stats.n_values > 0 && stats.misfits[g].n * 5 <= stats.n_values;
      if (typed && !typed_name)
        {
          votes += 2;
          decided = MIN (decided, c);
        }
      else if (typed_name)
        votes -= 2;
      else if (repeated)
        votes -= 1;
      else if (n_texts >= 3 && ((!has_digit (text, name) && n_digits * 5 >= n_texts * 4) || (name->length < 30 && n_long * 5 >= n_texts * 4)))
        votes += 1;
    }
  if (votes > 0 && decided != G_MAXUINT)
    *reason = patron_text (N_("The first row holds names: in column {column} it is text above values of another kind."), "column", PATRON_COUNT (decided + 1), NULL);
  if (votes != 0)
    return votes > 0;
  /* All text and nothing to tell by: several columns have names more often than not; a list does not. */
  return n_typed_names == 0 && (n > 1 || records->n_records == r + 1);
}

/* Rows of names below record r: text in every column whose values further down are typed, of which there are several. */
static guint
further_headers (const char *text, const PatronCsvRecords *records, gsize r)
{
  guint n = 0;
  while (n < 2)
    {
      gsize row = r + n + 1, below = MIN (records->n_records, row + 40);
      guint n_typed = 0, n_named = 0;
      if (row + 3 > records->n_records)
        return n;
      for (guint c = 0; c < fields_of (records, row); c++)
        {
          guint typed = 0, all = 0;
          for (gsize i = row + 3 < below ? row + 2 : row + 1; i < below; i++)
            if (c < fields_of (records, i) && !is_empty_field (text, &records->fields[records->first[i] + c]))
              {
                all++;
                typed += is_typed (text, &records->fields[records->first[i] + c]);
              }
          if (all == 0 || typed * 10 < all * 9)
            continue;
          const PatronCsvField *cell = &records->fields[records->first[row] + c];
          n_typed++;
          n_named += !is_empty_field (text, cell) && !is_typed (text, cell);
        }
      if (n_typed < 2 || n_named < n_typed)
        return n;
      n++;
    }
  return n;
}

/* ---- names ------------------------------------------------------------------------------------------------- */

char *
patron_csv_column_name (const char *wanted, guint index, GHashTable *taken)
{
  g_autofree char *clean = g_utf8_make_valid (wanted, -1);
  for (char *p = clean; *p != '\0'; p++)
    if ((guchar) *p < ' ')
      *p = ' ';
  g_strstrip (clean);
  const char *base = *clean != '\0' ? clean : "column";
  char *name = *clean != '\0' ? g_strdup (clean) : g_strdup_printf ("column %u", index + 1);
  for (guint i = 2; g_hash_table_contains (taken, name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s %u", base, i);
    }
  g_hash_table_add (taken, g_strdup (name));
  return name;
}

/* The names in record r and the n_header - 1 after it, joined. */
static void
take_names (PatronCsvShape *shape, const char *text, const PatronCsvRecords *records, gsize r)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint n_duplicate = 0, n_empty = 0;
  for (guint c = 0; c < shape->n_columns; c++)
    {
      g_autoptr (GString) name = g_string_new (NULL);
      for (gsize i = r; i < r + shape->n_header && i < records->n_records; i++)
        if (c < fields_of (records, i))
          {
            const PatronCsvField *field = &records->fields[records->first[i] + c];
            g_autofree char *part = g_malloc (field->length + 1);
            gsize n = field->length;
            if (field->escaped)
              n = patron_csv_unescape (&shape->dialect, text + field->start, field->length, part);
            else
              memcpy (part, text + field->start, n);
            part[n] = '\0';
            if (name->len > 0 && n > 0)
              g_string_append_c (name, ' ');
            g_string_append (name, g_strstrip (part));
          }
      if (name->len == 0)
        n_empty++;
      else if (g_hash_table_contains (taken, name->str))
        n_duplicate++;
      g_ptr_array_add (names, patron_csv_column_name (name->str, c, taken));
    }
  g_ptr_array_add (names, NULL);
  shape->names = (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
  if (n_duplicate > 0)
    add_reason (shape, patron_text (N_("{n} {n|column name occurs|column names occur} more than once and {n|was|were} numbered."), "n", PATRON_COUNT (n_duplicate), NULL));
  if (n_empty > 0 && shape->n_header > 0)
    add_reason (shape, patron_text (N_("{n} {n|column has|columns have} no name and {n|was|were} named by {n|its|their} position."), "n", PATRON_COUNT (n_empty), NULL));
}

/* ---- all together ------------------------------------------------------------------------------------------ */

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

static void
detect_header (PatronCsvShape *shape, const char *text, const PatronCsvRecords *records, gsize start, const PatronCsvOptions *options)
{
  PatronText *reason = NULL;
  switch (options->header)
    {
    case PATRON_CSV_HEADER_NO:
      shape->n_header = 0;
      break;
    case PATRON_CSV_HEADER_YES:
    case PATRON_CSV_HEADER_2:
    case PATRON_CSV_HEADER_3:
      shape->n_header = options->header - PATRON_CSV_HEADER_YES + 1;
      break;
    default:
      {
        PatronMissingTokens missing;
        patron_missing_tokens_init (&missing, options->missing);
        shape->n_header = start < records->n_records && is_header (text, records, start, &missing, &reason);
        patron_missing_tokens_clear (&missing);
      }
      if (shape->n_header > 0)
        shape->n_header += further_headers (text, records, start);
      if (shape->n_header > 1)
        add_reason (shape, patron_text (N_("The first {n} rows are names: values of other kinds begin below them."), "n", PATRON_COUNT (shape->n_header), NULL));
      if (shape->n_header == 0 && records->n_records > start)
        reason = patron_text (N_("There is no row of names: the first row is like those after it."), NULL);
      if (reason != NULL)
        add_reason (shape, reason);
    }
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
      add_reason (shape, patron_text (N_("Each line is read as a basket: lines have different numbers of items, and the items come back in other lines."), NULL));
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
  gboolean fine = patron_csv_split (dialect, text, sample, SAMPLE_RECORDS, 0, sample_whole, records, NULL, NULL);
  if (fine && records->n_records == 0 && length > sample)     /* the first record is longer than the sample */
    {
      sample = length;
      sample_whole = whole;
      fine = patron_csv_split (dialect, text, sample, SAMPLE_RECORDS, 0, sample_whole, records, NULL, NULL);
    }
  if (!fine)
    patron_csv_split (dialect, text, sample, SAMPLE_RECORDS, PATRON_CSV_LINES, sample_whole, records, NULL, NULL);
  *mode = records->n_records > 0 ? mode_of (records, n_mode) : 0;
  if (!patron_csv_split (dialect, text, sample, SAMPLE_RECORDS, *mode, sample_whole, records, NULL, NULL))
    patron_csv_split (dialect, text, sample, SAMPLE_RECORDS, PATRON_CSV_LINES, sample_whole, records, NULL, NULL);
}

gboolean
patron_csv_detect_shape (const char *text, gsize length, gboolean whole, const PatronCsvOptions *options, PatronCsvShape *shape, GError **error)
{
  memset (shape, 0, sizeof *shape);
  shape->reasons = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_text_free);
  PatronCsvDialect *dialect = &shape->dialect;
  dialect->quote = '"';
  gboolean known = FALSE;
  gsize base = 0;
  if (options->skip != PATRON_AUTO_INT)
    {
      base = skip_lines (text, length, options->skip);
      shape->n_skipped = options->skip;
    }
  else
    base = skip_marks (text, length, dialect, &shape->n_skipped, &known);
  known |= apply_delimiter_option (dialect, options);
  const char *body = text + base;
  gsize n = length - base;
  gsize sample = sample_length (body, n);
  gboolean sample_whole = whole && sample == n;
  dialect->eol = detect_eol (body, n);
  char comment[8];
  gboolean comment_given = patron_csv_option_bytes (options->comment, comment, sizeof comment);
  if (comment_given)
    g_strlcpy (dialect->comment, comment, sizeof dialect->comment);

  PatronCsvRecords records = { 0 };
  if (known)
    judge_delimiter (dialect, body, sample, sample_whole, options, &records);
  else
    detect_delimiter (shape, body, sample, sample_whole, options);
  detect_baskets (shape, body, sample, sample_whole, known, options);
  if (shape->baskets)
    {
      shape->n_columns = 2;
      shape->names = g_strsplit ("basket,item", ",", -1);
      shape->n_header = options->header == PATRON_CSV_HEADER_YES;
      shape->data = base + (shape->n_header > 0 ? skip_lines (body, n, 1) : 0);
      patron_csv_records_clear (&records);
      return TRUE;
    }
  if (!comment_given && !dialect->blanks)
    detect_comment (shape, body, sample);
  guint n_mode = 0, mode = 0;
  split_sample (dialect, body, n, sample, whole, &records, &mode, &n_mode);
  gsize start = options->skip == PATRON_AUTO_INT ? first_record (body, &records, mode) : 0;
  if (start < records.n_records && n_mode * 2 <= records.n_records)
    mode = MAX (mode, fields_of (&records, start));
  detect_header (shape, body, &records, start, options);
  shape->n_columns = mode;
  for (gsize r = start; r < MIN (start + MAX (shape->n_header, 1), records.n_records); r++)
    shape->n_columns = MAX (shape->n_columns, fields_of (&records, r));
  if (shape->n_columns <= 1)
    dialect->keep_empty_lines = shape->n_columns == 1 && !dialect->blanks;
  if (start > 0)
    {
      shape->n_skipped += start;
      add_reason (shape, patron_text (N_("{n} {n|line|lines} before the table {n|was|were} skipped."), "n", PATRON_COUNT (start), NULL));
    }
  take_names (shape, body, &records, start);
  shape->data = base + record_offset (body, dialect, n, start + shape->n_header, mode, whole);
  patron_csv_records_clear (&records);
  return TRUE;
}
