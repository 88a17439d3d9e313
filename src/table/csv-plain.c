/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-split.h"

#include <string.h>

#include "base/memory.h"
#include "base/simd.h"
#include "table/csv-mask.h"

/* The splitter for orderly files: the separators' places are read from masks of 64 bytes at a time, and become fields without a look at the text. */

/* Room for this many more fields, and as many records. */
static gboolean
reserve (PatronCsvRecords *records, gsize n, GError **error)
{
  if (records->n_fields + n > records->fields_size)
    {
      gsize size = MAX (records->fields_size * 2, records->n_fields + n);
      PatronCsvField *fields = patron_try_realloc (records->fields, records->n_fields, size, sizeof *fields, "fields", error);
      if (fields == NULL)
        return FALSE;
      records->fields = fields;
      records->fields_size = size;
    }
  if (records->n_records + n + 1 > records->records_size)
    {
      gsize size = MAX (records->records_size * 2, records->n_records + n + 1);
      guint32 *first = patron_try_realloc (records->first, records->n_records + 1, size, sizeof *first, "records", error);
      if (first == NULL)
        return FALSE;
      records->first = first;
      records->records_size = size;
    }
  return TRUE;
}

static inline PatronCsvField
make_field (const char *text, gsize start, gsize end, char quote)
{
  const gsize length = end - start;
  const guint quoted = (quote != '\0') & (text[start] == quote) & (length >= 2);
  return (PatronCsvField) { .start = start + quoted, .length = length - 2 * quoted, .quoted = quoted, .escaped = quoted };
}

/* Pieces so short that the places of their separators stay in the fastest cache, and that room need not be looked after within them. */
#define PIECE ((gsize) 4096)

/* What the splitter carries from one piece of the text to the next. */
typedef struct
{
  gsize    start;         /* of the field at hand */
  guint64  inside;        /* all ones: the piece begins inside quotes */
  guint64  quote;         /* the last byte was a quote; quote_2: the one before it was */
  guint64  quote_2;
  guint64  cr;
  gboolean fresh;         /* at the beginning of a record */
  guint    stride;        /* fields of the last record, 0: none yet */
} Place;

/* The separators of a piece. */
typedef struct
{
  gsize   n, n_lines, n_quoted;
  guint64 any_cr;
  guint32 at[PIECE + PATRON_CSV_LIST_PADDING];     /* offsets in the text */
  guint32 quoted[PIECE];                           /* those after a quote, by number */
} Separators;

/* Numbers of the separators among closes, which are some of those of a block. */
static inline gsize
list_quoted (guint64 closes, guint64 separators, gsize n_before, guint32 *quoted)
{
  gsize n = 0;
  for (; closes != 0; closes &= closes - 1)
    quoted[n++] = n_before + __builtin_popcountll (separators & ((closes & -closes) - 1));
  return n;
}

/* Leaves in bits the separators outside quotes. */
static PATRON_SIMD void
find_separators (const PatronCsvMasks *masks, gsize n_blocks, Place *place, guint64 *bits, Separators *found)
{
  guint64 inside_carry = place->inside, quote_1 = place->quote, quote_2 = place->quote_2, cr_1 = place->cr, any_cr = 0;
  gsize n = 0, n_lines = 0, n_quoted = 0;
  for (gsize b = 0; b < n_blocks; b++)
    {
      const PatronCsvMasks m = masks[b];
      const guint64 inside = inside_carry ^ patron_prefix_xor (m.quote);
      const guint64 lines = m.newline & ~inside, separators = lines | (m.delimiter & ~inside);
      const guint64 after_quote = m.quote << 1 | quote_1, after_quote_cr = (m.quote << 2 | quote_1 << 1 | quote_2) & (m.cr << 1 | cr_1);
      n_quoted += list_quoted (separators & (after_quote | after_quote_cr), separators, n, found->quoted + n_quoted);
      n_lines += __builtin_popcountll (lines);
      n += __builtin_popcountll (separators);
      any_cr |= m.cr | cr_1;
      bits[b] = separators;
      inside_carry = (guint64) ((gint64) inside >> 63);
      quote_1 = m.quote >> 63;
      quote_2 = m.quote >> 62 & 1;
      cr_1 = m.cr >> 63;
    }
  place->inside = inside_carry;
  place->quote = quote_1;
  place->quote_2 = quote_2;
  place->cr = cr_1;
  found->n = n;
  found->n_lines = n_lines;
  found->n_quoted = n_quoted;
  found->any_cr = any_cr;
}

/* The fields that end at the separators, any number to a record. */
static void
add_any (const PatronCsvDialect *dialect, const char *text, const Separators *found, Place *place, PatronCsvRecords *records)
{
  const char newline = dialect->eol == PATRON_CSV_EOL_CR ? '\r' : '\n', quote = dialect->quote;
  const gboolean lf = newline == '\n', keep_empty = dialect->keep_empty_lines;
  PatronCsvField *out = records->fields + records->n_fields;
  guint32 *first = records->first + records->n_records;
  gsize start = place->start;
  gboolean fresh = place->fresh;
  for (gsize i = 0; i < found->n; i++)
    {
      gsize stop = found->at[i];
      if (text[stop] != newline)
        {
          *out++ = make_field (text, start, stop, quote);
          start = stop + 1;
          fresh = FALSE;
          continue;
        }
      stop -= lf && stop > start && text[stop - 1] == '\r';
      *out = make_field (text, start, stop, quote);
      start = found->at[i] + 1;
      /* An empty line is no record, except in files of one column. */
      const gboolean counts = !fresh || out->length > 0 || out->quoted || keep_empty;
      out += counts;
      first += counts;
      *first = out - records->fields;
      place->stride = counts && first - records->first > 0 ? first[0] - first[-1] : place->stride;
      fresh = TRUE;
    }
  records->n_fields = out - records->fields;
  records->n_records = first - records->first;
  place->start = start;
  place->fresh = fresh;
}

/* Whether every record that ends in the piece has as many fields as the last one. */
static gboolean
is_even (const PatronCsvDialect *dialect, const char *text, const Separators *found, const Place *place, const PatronCsvRecords *records)
{
  const char newline = dialect->eol == PATRON_CSV_EOL_CR ? '\r' : '\n';
  if (place->stride < 2)
    return FALSE;
  const gsize begun = records->n_fields - records->first[records->n_records];
  gsize n = 0;
  for (gsize i = place->stride - 1 - begun; i < found->n; i += place->stride, n++)
    if (text[found->at[i]] != newline)
      return FALSE;
  return n == found->n_lines;
}

static PATRON_SIMD void
fields_between (const guint32 *at, gsize n, guint32 start, PatronCsvField *fields)
{
  /* A field's words, so that the loop is one over wide registers. */
  struct { guint32 start, rest; } *out = (gpointer) fields;
  G_STATIC_ASSERT (sizeof *out == sizeof *fields);
  const int shift = G_BYTE_ORDER == G_LITTLE_ENDIAN ? 0 : 2;
  if (n == 0)
    return;
  out[0].start = start;
  out[0].rest = (at[0] - start) << shift;
  for (gsize i = 1; i < n; i++)
    {
      out[i].start = at[i - 1] + 1;
      out[i].rest = (at[i] - at[i - 1] - 1) << shift;
    }
}

/* The same for records that is_even() found even. */
static void
add_even (const PatronCsvDialect *dialect, const char *text, const Separators *found, Place *place, PatronCsvRecords *records)
{
  PatronCsvField *fields = records->fields + records->n_fields;
  const guint stride = place->stride;
  fields_between (found->at, found->n, place->start, fields);
  gsize last = records->first[records->n_records] + stride;
  for (gsize r = 0; r < found->n_lines; r++, last += stride)
    {
      records->first[++records->n_records] = last;
      PatronCsvField *field = &records->fields[last - 1];
      field->length -= found->any_cr != 0 && dialect->eol != PATRON_CSV_EOL_CR && field->length > 0 && text[field->start + field->length - 1] == '\r';
    }
  for (gsize k = 0; k < found->n_quoted; k++)
    {
      PatronCsvField *field = &fields[found->quoted[k]];
      *field = make_field (text, field->start, field->start + field->length, dialect->quote);
    }
  records->n_fields += found->n;
  if (found->n > 0)
    {
      place->start = found->at[found->n - 1] + 1;
      place->fresh = text[place->start - 1] == (dialect->eol == PATRON_CSV_EOL_CR ? '\r' : '\n');
    }
}

gboolean
patron_csv_split_plain (const PatronCsvDialect *dialect, const char *text, gsize length, PatronCsvRecords *records, GError **error)
{
  const char newline = dialect->eol == PATRON_CSV_EOL_CR ? '\r' : '\n';
  const char delimiter = dialect->delimiter[0] != '\0' ? dialect->delimiter[0] : newline;
  const PatronCsvMarks marks = { newline, delimiter, dialect->quote, newline == '\n' ? '\r' : '\0' };
  records->n_fields = records->n_records = records->n_repaired = 0;
  if (!reserve (records, PIECE + 2, error))
    return FALSE;
  records->first[0] = 0;
  Place place = { .fresh = TRUE };
  for (gsize begin = 0; begin < length; begin += PIECE)
    {
      const gsize n = MIN (PIECE, length - begin), n_blocks = (n + 63) / 64;
      PatronCsvMasks masks[PIECE / 64];
      guint64 bits[PIECE / 64];
      Separators found;
      if (!reserve (records, PIECE + 2, error))
        return FALSE;
      patron_csv_find_marks (&marks, text + begin, n, masks);
      find_separators (masks, n_blocks, &place, bits, &found);
      patron_csv_list_bits (bits, n_blocks, begin, found.at);
      (is_even (dialect, text, &found, &place, records) ? add_even : add_any) (dialect, text, &found, &place, records);
    }
  /* A last line that nothing ends. */
  gsize stop = length - (dialect->eol != PATRON_CSV_EOL_CR && length > place.start && text[length - 1] == '\r');
  if (!place.fresh || stop > place.start)
    {
      records->fields[records->n_fields++] = make_field (text, place.start, stop, dialect->quote);
      records->first[++records->n_records] = records->n_fields;
    }
  return TRUE;
}

void
patron_csv_records_clear (PatronCsvRecords *records)
{
  patron_free (records->fields);
  patron_free (records->first);
  memset (records, 0, sizeof *records);
}
