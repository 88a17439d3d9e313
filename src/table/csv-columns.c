/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-columns-private.h"

#include <string.h>

#include "base/memory.h"
#include "table/csv-key.h"

/* While reading: a field in quotes that is empty (CODE_QUOTED) or the missing token t (CODE_QUOTED - 1 - t); becomes a text or missing when the whole
 * column is known. */
#define CODE_QUOTED ((gint32) -2)
#define MAX_QUOTED 64

/* At most this many distinct values of moderate length make categories. */
#define MAX_CATEGORIES 256
#define MAX_CATEGORY_LENGTH 80

gboolean
patron_csv_sink_init (PatronCsvSink *sink, guint source, const PatronColumnPlan *plan, gsize n_rows, int n_workers, GError **error)
{
  memset (sink, 0, sizeof *sink);
  sink->source = source;
  sink->plan = *plan;
  sink->values = patron_try_alloc_values (n_rows, patron_type_size (plan->type), "column", error);
  if (sink->values == NULL)
    return FALSE;
  if (plan->type == PATRON_TYPE_TEXT || plan->type == PATRON_TYPE_CATEGORY)
    {
      sink->interns = g_new0 (PatronIntern, n_workers);
      sink->bare = g_new0 (guint8, n_workers);
      sink->quoted = g_new0 (guint64, n_workers);
    }
  return TRUE;
}

void
patron_csv_sink_clear (PatronCsvSink *sink, int n_workers)
{
  for (int w = 0; sink->interns != NULL && w < n_workers; w++)
    patron_intern_clear (&sink->interns[w]);
  for (int w = 0; sink->maps != NULL && w < n_workers; w++)
    patron_free (sink->maps[w]);
  g_free (sink->maps);
  g_clear_pointer (&sink->dict, patron_dict_unref);
  g_free (sink->interns);
  g_free (sink->bare);
  g_free (sink->quoted);
  patron_free (sink->values);
  memset (sink, 0, sizeof *sink);
}

/* A field's bytes, unescaped into scratch when need be. */
static inline const char *
field_bytes (const PatronCsvDialect *dialect, const char *text, PatronCsvField field, PatronCsvScratch *scratch, gsize *length)
{
  const char *bytes = text + field.start;
  *length = field.length;
  if (!field.escaped || memchr (bytes, dialect->escape != '\0' ? dialect->escape : dialect->quote, field.length) == NULL)
    return bytes;
  if (scratch->scratch_size < field.length + PATRON_PLAIN_PADDING)
    {
      gsize size = field.length + field.length / 2 + 256;
      char *larger = patron_try_realloc (scratch->scratch, scratch->scratch_size, size, 1, "field", &scratch->error);
      if (larger == NULL)
        return NULL;
      scratch->scratch = larger;
      scratch->scratch_size = size;
    }
  *length = patron_csv_unescape (dialect, bytes, field.length, scratch->scratch);
  return scratch->scratch;
}

gboolean
patron_csv_is_missing (const PatronMissingTokens *missing, const char *text, gsize length, gboolean tokens)
{
  while (length > 0 && patron_csv_is_blank (*text))
    text++, length--;
  while (length > 0 && patron_csv_is_blank (text[length - 1]))
    length--;
  const int token = length > 0 ? patron_missing_tokens_find (missing, text, length) : -1;
  return length == 0 || (token >= 0 && (tokens || token < missing->n_own));
}

/* Texts waiting to be looked up together. Those from scratch memory cannot wait. */
typedef struct
{
  const char *texts[PATRON_INTERN_BATCH];
  guint32     lengths[PATRON_INTERN_BATCH];
  guint32     rows[PATRON_INTERN_BATCH];
  gsize       n;
} TextBatch;

static gboolean
flush_texts (PatronIntern *intern, TextBatch *batch, gint32 *codes, GError **error)
{
  gint32 found[PATRON_INTERN_BATCH];
  if (!patron_intern_add_many (intern, batch->texts, batch->lengths, batch->rows, batch->n, found, error))
    return FALSE;
  for (gsize i = 0; i < batch->n; i++)
    codes[batch->rows[i]] = found[i];
  batch->n = 0;
  return TRUE;
}

/* Whether the field is nothing, or in quotes what may be nothing: *code is then what stands for it. */
static inline gboolean
stands_for_nothing (const PatronCsvSink *sink, const PatronMissingTokens *missing, const char *bytes, gsize length, gboolean quoted, gint32 *code, guint64 *seen)
{
  if (sink->plan.kept)
    return FALSE;
  /* Without branches: what a value begins with is hard to foresee. */
  const gboolean may_be_token = missing->first[(guchar) *bytes] & ((length <= missing->longest) | patron_csv_is_blank (bytes[length - 1]));
  if (!(patron_csv_is_blank (*bytes) | may_be_token) || !patron_csv_is_missing (missing, bytes, length, !sink->plan.keep_na))
    return FALSE;
  int token = quoted ? patron_missing_tokens_find (missing, bytes, length) : -1;
  gboolean kept = token >= 0 && token + 1 < MAX_QUOTED;
  *code = kept ? CODE_QUOTED - 1 - token : PATRON_CODE_MISSING;
  *seen |= kept ? (guint64) 1 << (token + 1) : 0;
  return TRUE;
}

static gboolean
fill_texts (PatronCsvSink *sink, const PatronCsvDialect *dialect, const PatronMissingTokens *missing, const char *text, PatronCsvScratch *scratch,
            const PatronCsvRows *rows, int worker)
{
  PatronIntern *intern = &sink->interns[worker];
  gint32 *codes = sink->values;
  const guint source = sink->source;
  guint8 bare = 0;
  guint64 quoted = 0;
  const gboolean near = intern->n < PATRON_INTERN_FAR;
  TextBatch batch = { .n = 0 };
  for (gsize r = 0; r < rows->n; r++)
    {
      const PatronCsvField field = patron_csv_field_at (&scratch->records, rows, r, source);
      const gsize row = rows->row + r;
      bare |= !field.quoted;
      if (field.length == 0)
        {
          const gboolean kept = field.quoted && !sink->plan.kept && !sink->alone;
          codes[row] = kept ? CODE_QUOTED : PATRON_CODE_MISSING;
          quoted |= kept;
          continue;
        }
      gsize length;
      const char *bytes = field_bytes (dialect, text, field, scratch, &length);
      if (bytes == NULL)
        return FALSE;
      if (stands_for_nothing (sink, missing, bytes, length, field.quoted, &codes[row], &quoted))
        continue;
      /* What is not known yet waits, so that texts become known in the order of their rows. */
      if (near && bytes != scratch->scratch && (codes[row] = patron_intern_find (intern, bytes, length)) >= 0)
        continue;
      batch.texts[batch.n] = bytes;
      batch.lengths[batch.n] = length;
      batch.rows[batch.n++] = row;
      if ((batch.n == PATRON_INTERN_BATCH || bytes == scratch->scratch) && !flush_texts (intern, &batch, codes, &scratch->error))
        return FALSE;
    }
  sink->bare[worker] |= bare;
  sink->quoted[worker] |= quoted;
  return flush_texts (intern, &batch, codes, &scratch->error);
}

gboolean
patron_csv_sink_fill (PatronCsvSink *sink, const PatronCsvDialect *dialect, const PatronMissingTokens *missing, const char *text, PatronCsvScratch *scratch,
                      const PatronCsvRows *rows, int worker)
{
  static const PatronMissingTokens none = { 0 };
  if (g_atomic_int_get (&sink->failed))
    return TRUE;
  if (sink->plan.kept)
    missing = &none;
  if (sink->interns != NULL)
    return fill_texts (sink, dialect, missing, text, scratch, rows, worker);
  patron_csv_fill_values (sink, missing, text, &scratch->records, rows);
  return TRUE;
}

/* Distinct values few and short enough to be groups. */
static gboolean
is_category (const PatronDict *dict, gsize n_values, gsize longest)
{
  gsize n = patron_dict_size (dict);
  return n > 0 && n <= MAX_CATEGORIES && longest <= MAX_CATEGORY_LENGTH && (n * 2 <= n_values || (n <= 2 && n_values >= 3));
}

/* The dictionary and the texts seen in quotes (bits of quoted), whose codes go into codes; takes dict. */
static PatronDict *
with_quoted (PatronDict *dict, const PatronMissingTokens *missing, guint64 quoted, gint32 *codes)
{
  gsize n = patron_dict_size (dict);
  g_autofree const char **strings = g_new (const char *, n + MAX_QUOTED);
  for (gsize i = 0; i < n; i++)
    strings[i] = patron_dict_get (dict, i);
  for (int k = 0; k < MAX_QUOTED; k++)
    if (quoted >> k & 1)
      {
        codes[k] = n;
        strings[n++] = k == 0 ? "" : missing->tokens[k - 1];
      }
  PatronDict *longer = patron_dict_new (strings, n);
  patron_dict_unref (dict);
  return longer;
}

/* Distinct texts of all workers. */
#define LARGE 32768

gboolean
patron_csv_sink_is_large (const PatronCsvSink *sink, int n_workers)
{
  gsize n = 0;
  for (int w = 0; sink->interns != NULL && w < n_workers; w++)
    n += sink->interns[w].n;
  return n >= LARGE;
}

gboolean
patron_csv_sink_merge (PatronCsvSink *sink, int n_workers, PatronRun *run, GError **error)
{
  sink->maps = g_new0 (gint32 *, n_workers);
  sink->dict = patron_intern_merge (sink->interns, n_workers, sink->maps, run, error);
  return sink->dict != NULL;
}

PatronColumn *
patron_csv_sink_finish (PatronCsvSink *sink, const PatronMissingTokens *missing, const char *name, gsize n_rows, const gsize *rows, const guint8 *workers,
                        gsize n_blocks, int n_workers, gboolean *changed, guint32 *changed_row, GError **error)
{
  PatronType type = sink->plan.type;
  PatronDict *dict = NULL;
  if (sink->interns != NULL)
    {
      if (sink->dict == NULL && !patron_csv_sink_merge (sink, n_workers, NULL, error))
        return NULL;
      dict = g_steal_pointer (&sink->dict);
      guint8 bare = 0;
      guint64 quoted = 0;
      gsize longest = 0, n_values = 0;
      for (int w = 0; w < n_workers; w++)
        {
          bare |= sink->bare[w];
          quoted |= sink->quoted[w];
          longest = MAX (longest, sink->interns[w].longest);
          if (sink->interns[w].changed && (!*changed || sink->interns[w].changed_row < *changed_row))
            {
              *changed = TRUE;
              *changed_row = sink->interns[w].changed_row;
            }
          patron_intern_clear (&sink->interns[w]);
        }
      gint32 quoted_codes[MAX_QUOTED];
      for (int k = 0; k < MAX_QUOTED; k++)
        quoted_codes[k] = PATRON_CODE_MISSING;
      if (bare && quoted != 0)
        dict = with_quoted (dict, missing, quoted, quoted_codes);
      gint32 *codes = sink->values;
      for (gsize b = 0; b < n_blocks; b++)
        {
          const gint32 *map = sink->maps[workers[b]];
          for (gsize r = rows[b]; r < rows[b + 1]; r++)
            {
              codes[r] = codes[r] >= 0 ? map[codes[r]] : codes[r] <= CODE_QUOTED ? quoted_codes[CODE_QUOTED - codes[r]] : PATRON_CODE_MISSING;
              n_values += codes[r] >= 0;
            }
        }
      if (!sink->plan.given && is_category (dict, n_values, longest))
        type = PATRON_TYPE_CATEGORY;
    }
  patron_memory_settle (sink->values);
  PatronColumn *column = patron_column_new_take (name, type, n_rows, g_steal_pointer (&sink->values), dict);
  if (sink->plan.unit[0] != '\0')
    {
      PatronColumn *with = patron_column_with_unit (column, sink->plan.unit);
      patron_column_unref (column);
      column = with;
    }
  return column;
}
