/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-columns.h"

#include <string.h>

#include "base/memory.h"

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
  sink->values = patron_try_alloc (n_rows, patron_type_size (plan->type), "column", error);
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
  if (scratch->scratch_size < field.length)
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

static inline gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

static gboolean
is_missing (const PatronMissingTokens *missing, const char *text, gsize length, gboolean tokens)
{
  while (length > 0 && is_blank (*text))
    text++, length--;
  while (length > 0 && is_blank (text[length - 1]))
    length--;
  return length == 0 || (tokens && patron_missing_tokens_match (missing, text, length));
}

/* The value cannot be read by the plan: TRUE to go on with a missing value. */
static gboolean
refuse (PatronCsvSink *sink, const PatronMissingTokens *missing, const char *text, gsize length)
{
  if (is_missing (missing, text, length, TRUE))
    return TRUE;
  if (sink->plan.given)
    {
      g_atomic_int_inc (&sink->n_refused);
      return TRUE;
    }
  g_atomic_int_set (&sink->failed, 1);
  return FALSE;
}

/* Up to 18 digits after an optional sign, nothing else. */
static inline gboolean
plain_integer (const char *p, gsize length, gint64 *value)
{
  gboolean negative = length > 0 && *p == '-';
  p += negative;
  length -= negative;
  if (length == 0 || length > 18 || (*p == '0' && length > 1))
    return FALSE;
  gint64 sum = 0;
  for (gsize i = 0; i < length; i++)
    {
      guint digit = (guint) (guchar) p[i] - '0';
      if (digit > 9)
        return FALSE;
      sum = sum * 10 + digit;
    }
  *value = negative ? -sum : sum;
  return TRUE;
}

/* A sign of another unit than the column's makes it another kind of number. */
static inline gboolean
fits_unit (const PatronColumnPlan *plan, const PatronNumber *number)
{
  return plan->given || ((number->currency == 0 || number->currency == plan->currency) && number->percent == plan->percent);
}

static gboolean
decorated_integer (const PatronCsvSink *sink, const char *text, gsize length, gint64 *value)
{
  PatronNumber number;
  if (!patron_parse_decorated (text, length, sink->plan.form, &number) || !(number.integer || number.zero_fraction || sink->plan.given)
      || !fits_unit (&sink->plan, &number) || (number.code_like && !sink->plan.given) || !(fabs (number.value) < 9.2e18))
    return FALSE;
  /* Over 2^53 the double has lost digits: read those alone. */
  char digits[32];
  gsize n = 0;
  if (fabs (number.value) < 9007199254740992.0)
    {
      *value = (gint64) number.value;
      return *value == number.value || !sink->plan.given;
    }
  for (gsize i = 0; i < length && n < sizeof digits; i++)
    if (text[i] == sink->plan.form.decimal)
      break;
    else if (g_ascii_isdigit (text[i]))
      digits[n++] = text[i];
  if (!patron_parse_int64 (digits, n, value))
    return FALSE;
  if (number.value < 0)
    *value = -*value;
  return TRUE;
}

/* Digits and one point, few enough that the quotient is exact: most numbers. */
static inline gboolean
plain_decimal (const char *p, gsize length, double *value)
{
  static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
  gboolean negative = length > 0 && *p == '-';
  p += negative;
  length -= negative;
  if (length == 0 || length > 16)
    return FALSE;
  guint64 sum = 0;
  gsize i = 0;
  for (; i < length; i++)
    {
      guint digit = (guint) (guchar) p[i] - '0';
      if (digit > 9)
        break;
      sum = sum * 10 + digit;
    }
  gsize fraction = 0;
  if (i < length)
    {
      if (p[i] != '.' || length == 1)
        return FALSE;
      fraction = length - i - 1;
      for (i++; i < length; i++)
        {
          guint digit = (guint) (guchar) p[i] - '0';
          if (digit > 9)
            return FALSE;
          sum = sum * 10 + digit;
        }
    }
  if (sum > 1ull << 53)
    return FALSE;
  double result = (double) sum / powers[fraction];
  *value = negative ? -result : result;
  return TRUE;
}

/* Leading zeros, or so many digits that some would be lost. */
static inline gboolean
may_be_code (const char *text, gsize length)
{
  gsize sign = *text == '-';
  return (length > sign + 1 && text[sign] == '0' && text[sign + 1] != '.') || (length > 18 && memchr (text, '.', length) == NULL);
}

static inline gboolean
parse_number (const PatronColumnPlan *plan, const char *text, gsize length, double *value)
{
  if (plan->form.decimal == '.' && !plan->percent && !may_be_code (text, length) && (plain_decimal (text, length, value) || patron_parse_double (text, length, value)))
    return TRUE;
  PatronNumber number;
  if (!patron_parse_decorated (text, length, plan->form, &number))
    return FALSE;
  *value = number.value;
  return fits_unit (plan, &number) && (!number.code_like || plan->given);
}

static inline int
two_digits (const char *p)
{
  guint tens = (guint) (guchar) p[0] - '0', ones = (guint) (guchar) p[1] - '0';
  return tens > 9 || ones > 9 ? -1 : (int) (tens * 10 + ones);
}

/* "2024-01-31": the days, FALSE when it is not quite that. */
static inline gboolean
plain_date (const char *p, gint32 *days)
{
  if (p[4] != '-' || p[7] != '-')
    return FALSE;
  int century = two_digits (p), year = two_digits (p + 2), month = two_digits (p + 5), day = two_digits (p + 8);
  if ((century | year | month | day) < 0 || month < 1 || month > 12 || day < 1 || day > 28)
    return FALSE;
  /* Days from civil, for the years 0 … 9999 (H. Hinnant, "chrono-compatible low-level date algorithms"). */
  int y = century * 100 + year - (month <= 2);
  if (y < 0)
    return FALSE;
  int era = y / 400, of_era = y - era * 400, of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  *days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
  return TRUE;
}

static inline gboolean
parse_days (const PatronColumnPlan *plan, const char *text, gsize length, gint32 *days)
{
  if (length == 10 && plan->rule == PATRON_DATE_YMD && plain_date (text, days))
    return TRUE;
  PatronDateValue value;
  if (!patron_parse_date (text, length, plan->rule, &value) || (value.has_time && !plan->given))
    return FALSE;
  *days = value.days;
  return TRUE;
}

static inline gboolean
parse_time (const PatronColumnPlan *plan, const char *text, gsize length, gint64 *microseconds)
{
  gint32 days;
  if (length == 19 && plan->rule == PATRON_DATE_YMD && (text[10] == ' ' || text[10] == 'T') && text[13] == ':' && text[16] == ':' && plain_date (text, &days))
    {
      int hour = two_digits (text + 11), minute = two_digits (text + 14), second = two_digits (text + 17);
      if ((hour | minute | second) >= 0 && hour < 24 && minute < 60 && second < 60)
        {
          *microseconds = ((gint64) days * 86400 + hour * 3600 + minute * 60 + second) * 1000000;
          return TRUE;
        }
    }
  PatronDateValue value;
  if (!patron_parse_date (text, length, plan->rule, &value))
    return FALSE;
  *microseconds = value.microseconds;
  return TRUE;
}

static gboolean
parse_boolean (const PatronColumnPlan *plan, const char *text, gsize length, guint8 *value)
{
  while (length > 0 && is_blank (*text))
    text++, length--;
  while (length > 0 && is_blank (text[length - 1]))
    length--;
  if (length == 4 && g_ascii_strncasecmp (text, "true", 4) == 0)
    return *value = 1, TRUE;
  if (length == 5 && g_ascii_strncasecmp (text, "false", 5) == 0)
    return *value = 0, TRUE;
  if (!plan->given)
    return FALSE;
  static const char *const yes[] = { "yes", "y", "t", "1", "on", "是", NULL }, *const no[] = { "no", "n", "f", "0", "off", "否", NULL };
  for (guint i = 0; yes[i] != NULL; i++)
    {
      if (length == strlen (yes[i]) && g_ascii_strncasecmp (text, yes[i], length) == 0)
        return *value = 1, TRUE;
      if (length == strlen (no[i]) && g_ascii_strncasecmp (text, no[i], length) == 0)
        return *value = 0, TRUE;
    }
  return FALSE;
}

static inline PatronCsvField
field_at (const PatronCsvRecords *records, gsize r, guint c)
{
  guint32 at = records->first[r] + c;
  return at < records->first[r + 1] ? records->fields[at] : (PatronCsvField) { 0 };
}

/* One loop for each type, the parser inlined. parse is an expression over bytes, length and out. */
#define FILL(ctype, missing_value, parse)                                                   \
  {                                                                                         \
    ctype *values = (ctype *) sink->values + row;                                           \
    for (gsize r = 0; r < records->n_records; r++)                                          \
      {                                                                                     \
        PatronCsvField field = field_at (records, r, sink->source);                         \
        const char *bytes = text + field.start;                                             \
        gsize length = field.length;                                                        \
        ctype *out = &values[r];                                                            \
        if (length > 0 && !(missing->values && is_missing (missing, bytes, length, TRUE)) && (parse)) \
          continue;                                                                         \
        *out = (missing_value);                                                             \
        if (length > 0 && !refuse (sink, missing, bytes, length))                           \
          return TRUE;                                                                      \
      }                                                                                     \
    return TRUE;                                                                            \
  }

static gboolean
fill_numbers (PatronCsvSink *sink, const PatronMissingTokens *missing, const char *text, const PatronCsvRecords *records, gsize row)
{
  const PatronColumnPlan *plan = &sink->plan;
  switch (plan->type)
    {
    case PATRON_TYPE_NUMBER:
      FILL (double, (double) NAN, parse_number (plan, bytes, length, out))
    case PATRON_TYPE_INTEGER:
      FILL (gint64, PATRON_INTEGER_MISSING, (!plan->percent && plain_integer (bytes, length, out)) || decorated_integer (sink, bytes, length, out))
    case PATRON_TYPE_BOOLEAN:
      FILL (guint8, PATRON_BOOLEAN_MISSING, parse_boolean (plan, bytes, length, out))
    case PATRON_TYPE_DATE:
      FILL (gint32, PATRON_DATE_MISSING, parse_days (plan, bytes, length, out))
    case PATRON_TYPE_TIME:
      FILL (gint64, PATRON_INTEGER_MISSING, parse_time (plan, bytes, length, out))
    case PATRON_TYPE_DURATION:
      FILL (gint64, PATRON_INTEGER_MISSING, patron_parse_duration (bytes, length, out))
    default:
      g_return_val_if_reached (FALSE);
    }
}

#define TEXT_BATCH 32

/* Texts waiting to be looked up together. Those from scratch memory cannot wait. */
typedef struct
{
  const char *texts[TEXT_BATCH];
  guint32     lengths[TEXT_BATCH];
  guint32     rows[TEXT_BATCH];       /* within the stretch */
  gsize       n;
} TextBatch;

static gboolean
flush_texts (PatronIntern *intern, TextBatch *batch, gint32 *codes, gsize row, GError **error)
{
  guint64 hashes[TEXT_BATCH];
  patron_intern_prepare (intern, batch->texts, batch->lengths, batch->n, hashes);
  for (gsize i = 0; i < batch->n; i++)
    {
      gint32 code = patron_intern_add_hashed (intern, batch->texts[i], batch->lengths[i], hashes[i], row + batch->rows[i], error);
      if (code < 0)
        return FALSE;
      codes[batch->rows[i]] = code;
    }
  batch->n = 0;
  return TRUE;
}

static gboolean
fill_texts (PatronCsvSink *sink, const PatronCsvDialect *dialect, const PatronMissingTokens *missing, const char *text, PatronCsvScratch *scratch, gsize row,
            int worker)
{
  const PatronCsvRecords *records = &scratch->records;
  PatronIntern *intern = &sink->interns[worker];
  gint32 *codes = (gint32 *) sink->values + row;
  guint8 bare = 0;
  guint64 quoted = 0;
  TextBatch batch = { .n = 0 };
  for (gsize r = 0; r < records->n_records; r++)
    {
      PatronCsvField field = field_at (records, r, sink->source);
      bare |= !field.quoted;
      if (field.length == 0)
        {
          codes[r] = field.quoted ? CODE_QUOTED : PATRON_CODE_MISSING;
          quoted |= field.quoted;
          continue;
        }
      gsize length;
      const char *bytes = field_bytes (dialect, text, field, scratch, &length);
      if (bytes == NULL)
        return FALSE;
      if ((is_blank (*bytes) || missing->first[(guchar) *bytes]) && is_missing (missing, bytes, length, !sink->plan.keep_na))
        {
          int token = field.quoted ? patron_missing_tokens_find (missing, bytes, length) : -1;
          gboolean kept = token >= 0 && token + 1 < MAX_QUOTED;
          codes[r] = kept ? CODE_QUOTED - 1 - token : PATRON_CODE_MISSING;
          quoted |= kept ? (guint64) 1 << (token + 1) : 0;
          continue;
        }
      batch.texts[batch.n] = bytes;
      batch.lengths[batch.n] = length;
      batch.rows[batch.n++] = r;
      if ((batch.n == TEXT_BATCH || bytes == scratch->scratch) && !flush_texts (intern, &batch, codes, row, &scratch->error))
        return FALSE;
    }
  sink->bare[worker] |= bare;
  sink->quoted[worker] |= quoted;
  return flush_texts (intern, &batch, codes, row, &scratch->error);
}

gboolean
patron_csv_sink_fill (PatronCsvSink *sink, const PatronCsvDialect *dialect, const PatronMissingTokens *missing, const char *text, PatronCsvScratch *scratch,
                      gsize row, int worker)
{
  if (g_atomic_int_get (&sink->failed))
    return TRUE;
  if (sink->interns != NULL)
    return fill_texts (sink, dialect, missing, text, scratch, row, worker);
  return fill_numbers (sink, missing, text, &scratch->records, row);
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

PatronColumn *
patron_csv_sink_finish (PatronCsvSink *sink, const PatronMissingTokens *missing, const char *name, gsize n_rows, const gsize *rows, const guint8 *workers,
                        gsize n_blocks, int n_workers, gboolean *changed, guint32 *changed_row, GError **error)
{
  PatronType type = sink->plan.type;
  PatronDict *dict = NULL;
  if (sink->interns != NULL)
    {
      g_autofree gint32 **maps = g_new0 (gint32 *, n_workers);
      dict = patron_intern_merge (sink->interns, n_workers, maps, error);
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
      if (dict != NULL && bare && quoted != 0)
        dict = with_quoted (dict, missing, quoted, quoted_codes);
      gint32 *codes = sink->values;
      for (gsize b = 0; dict != NULL && b < n_blocks; b++)
        {
          const gint32 *map = maps[workers[b]];
          for (gsize r = rows[b]; r < rows[b + 1]; r++)
            {
              codes[r] = codes[r] >= 0 ? map[codes[r]] : codes[r] <= CODE_QUOTED ? quoted_codes[CODE_QUOTED - codes[r]] : PATRON_CODE_MISSING;
              n_values += codes[r] >= 0;
            }
        }
      for (int w = 0; w < n_workers; w++)
        patron_free (maps[w]);
      if (dict == NULL)
        return NULL;
      if (!sink->plan.given && is_category (dict, n_values, longest))
        type = PATRON_TYPE_CATEGORY;
    }
  PatronColumn *column = patron_column_new_take (name, type, n_rows, g_steal_pointer (&sink->values), dict);
  if (sink->plan.unit[0] != '\0')
    {
      PatronColumn *with = patron_column_with_unit (column, sink->plan.unit);
      patron_column_unref (column);
      column = with;
    }
  return column;
}
