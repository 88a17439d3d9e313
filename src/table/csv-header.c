/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-detect-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
same_bytes (const char *text, const PatronCsvField *a, const PatronCsvField *b)
{
  return a->length == b->length && memcmp (text + a->start, text + b->start, a->length) == 0;
}

static gboolean
same_record (const char *text, const PatronCsvRecords *records, gsize a, gsize b)
{
  const guint n = patron_csv_fields_of (records, a);
  gboolean same = n == patron_csv_fields_of (records, b);
  for (guint c = 0; c < n && same; c++)
    same = same_bytes (text, &records->fields[records->first[a] + c], &records->fields[records->first[b] + c]);
  return same;
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
  guint n = patron_csv_fields_of (records, r), filled = patron_csv_filled_fields (text, records, r);
  if (filled == 0)
    return FALSE;
  int votes = 0;
  gsize last = MIN (records->n_records, r + 60);
  guint n_typed_names = 0, decided = G_MAXUINT;
  /* Where the first row is the fullest, one of its texts may come back once among a few values by chance. */
  gboolean chance = FALSE;
  for (gsize i = r + 1; i < last; i++)
    chance |= patron_csv_filled_fields (text, records, i) < filled;
  for (guint c = 0; c < n; c++)
    {
      const PatronCsvField *name = &records->fields[records->first[r] + c];
      if (patron_csv_is_empty_field (text, name))
        continue;
      gboolean typed_name = patron_csv_is_typed (text, name);
      guint n_texts = 0, n_digits = 0, n_long = 0, n_repeated = 0, n_words = 0;
      n_typed_names += typed_name;
      PatronTypeStats stats;
      patron_type_stats_init (&stats);
      for (gsize i = r + 1; i < last; i++)
        if (c < patron_csv_fields_of (records, i))
          {
            const PatronCsvField *field = &records->fields[records->first[i] + c];
            if (!same_record (text, records, r, i))     /* the names again, where another table begins */
              patron_type_stats_add (&stats, text + field->start, field->length, i, missing);
            n_repeated += field->length > 0 && same_bytes (text, field, name);
            n_texts += field->length > 0;
            n_words += field->length > 0 && patron_boolean_word (text + field->start, field->length, TRUE) >= 0;
            n_digits += has_digit (text, field);
            n_long += field->length > 40;
          }
      gboolean typed = FALSE;
      for (int g = 0; g < PATRON_N_GUESSES; g++)
        typed |= stats.n_values > 0 && stats.misfits[g].n * 5 <= stats.n_values;
      typed |= n_texts >= 2 && n_words == n_texts && patron_boolean_word (text + name->start, name->length, TRUE) < 0;
      if (typed && !typed_name)
        {
          votes += 2;
          decided = MIN (decided, c);
        }
      else if (typed_name)
        votes -= 2;
      else if (n_repeated > (chance && n_texts <= 4))
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

/* Dashes may also stand for missing values: a line is drawn under every name, and under one of them at least three characters long. */
gboolean
patron_csv_is_rule (const char *text, const PatronCsvRecords *records, gsize r)
{
  const guint32 first = records->first[r], end = records->first[r + 1];
  gsize longest = 0;
  for (guint32 f = first; f < end; f++)
    {
      const PatronCsvField *field = &records->fields[f];
      g_autofree char *cell = g_strndup (text + field->start, field->length);
      g_strstrip (cell);
      const gsize length = strlen (cell);
      if (field->quoted || strspn (cell, "-=+:") != length || (length == 0 && f > first && f + 1 < end))
        return FALSE;
      longest = MAX (longest, length);
    }
  return longest >= 3;
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
      if (row + 3 > records->n_records || patron_csv_is_rule (text, records, row))
        return n;
      for (guint c = 0; c < patron_csv_fields_of (records, row); c++)
        {
          guint typed = 0, all = 0;
          for (gsize i = row + 3 < below ? row + 2 : row + 1; i < below; i++)
            if (c < patron_csv_fields_of (records, i) && !patron_csv_is_empty_field (text, &records->fields[records->first[i] + c]))
              {
                all++;
                typed += patron_csv_is_typed (text, &records->fields[records->first[i] + c]);
              }
          if (all == 0 || typed * 10 < all * 9)
            continue;
          const PatronCsvField *cell = &records->fields[records->first[row] + c];
          n_typed++;
          n_named += !patron_csv_is_empty_field (text, cell) && !patron_csv_is_typed (text, cell);
        }
      if (n_typed < 2 || n_named < n_typed)
        return n;
      n++;
    }
  return n;
}

void
patron_csv_detect_header (PatronCsvShape *shape, const char *text, const PatronCsvRecords *records, gsize start, const PatronCsvOptions *options)
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
        patron_missing_tokens_init (&missing, options->missing_values, NULL);
        shape->n_header = start < records->n_records && is_header (text, records, start, &missing, &reason);
        patron_missing_tokens_clear (&missing);
      }
      if (shape->n_header > 0)
        shape->n_header += further_headers (text, records, start);
      if (shape->n_header > 1)
        patron_csv_add_reason (shape, patron_text (N_("The first {n} rows are names: values of other kinds begin below them."), "n", PATRON_COUNT (shape->n_header), NULL));
      if (shape->n_header == 0 && records->n_records > start)
        reason = patron_text (N_("There is no row of names: the first row is like those after it."), NULL);
      if (reason != NULL)
        patron_csv_add_reason (shape, reason);
    }
}

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

guint
patron_csv_surplus_name (const char *text, const PatronCsvRecords *records, gsize r, const PatronCsvShape *shape)
{
  if (shape->n_header != 1 || r + 1 >= records->n_records || patron_csv_fields_of (records, r) != shape->n_columns + 1)
    return G_MAXUINT;
  for (gsize i = r + 1; i < records->n_records; i++)
    if (patron_csv_fields_of (records, i) > shape->n_columns)
      return G_MAXUINT;
  for (guint c = 0; c <= shape->n_columns; c++)
    if (patron_csv_is_empty_field (text, &records->fields[records->first[r] + c]))
      return c;
  return G_MAXUINT;
}

void
patron_csv_take_names (PatronCsvShape *shape, const char *text, const PatronCsvRecords *records, gsize r, guint surplus)
{
  if (surplus != G_MAXUINT)
    patron_csv_add_reason (shape, patron_text (N_("The row of names has one field more than the rows below; its empty field {field} was left out."), "field", PATRON_COUNT (surplus + 1), NULL));
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint n_duplicate = 0, n_empty = 0;
  for (guint c = 0; c < shape->n_columns; c++)
    {
      g_autoptr (GString) name = g_string_new (NULL);
      for (gsize i = r; i < r + shape->n_header && i < records->n_records; i++)
        if (c < patron_csv_fields_of (records, i))
          {
            const PatronCsvField *field = &records->fields[records->first[i] + c + (c >= surplus)];
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
    patron_csv_add_reason (shape, patron_text (N_("{n} {n|column name occurs|column names occur} more than once and {n|was|were} numbered."), "n", PATRON_COUNT (n_duplicate), NULL));
  if (n_empty > 0 && shape->n_header > 0)
    patron_csv_add_reason (shape, patron_text (N_("{n} {n|column has|columns have} no name and {n|was|were} named by {n|its|their} position."), "n", PATRON_COUNT (n_empty), NULL));
}
