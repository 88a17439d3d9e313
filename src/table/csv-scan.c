/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-split.h"

#include <string.h>

#include "base/memory.h"
#include "base/simd.h"
#include "table/csv-mask.h"

gboolean
patron_csv_dialect_is_plain (const PatronCsvDialect *dialect)
{
  return strlen (dialect->delimiter) <= 1 && !dialect->blanks && dialect->escape == '\0'
         && dialect->eol != PATRON_CSV_EOL_MIXED && dialect->comment[0] == '\0';
}

static PATRON_SIMD void
scan_text (const PatronCsvDialect *dialect, const char *text, gsize length, const char before[2], PatronCsvScan *scan)
{
  memset (scan, 0, sizeof *scan);
  scan->first_record[0] = scan->first_record[1] = G_MAXSIZE;
  const char newline = dialect->eol == PATRON_CSV_EOL_CR ? '\r' : '\n';
  const char delimiter = dialect->delimiter[0] != '\0' ? dialect->delimiter[0] : newline;
  const gboolean quotes = dialect->quote != '\0', lf = newline == '\n';
  guint64 inside_carry = 0;                             /* all ones while inside, under the case "begins outside" */
  guint64 nl_1 = before[1] == newline, nl_2 = before[0] == newline;     /* of the last byte, of the one before it */
  guint64 cr_1 = before[1] == '\r';
  guint64 separator_1 = before[1] == newline || before[1] == delimiter, quote_1 = before[1] == dialect->quote && quotes;
  for (gsize at = 0; at < length; at += 64)
    {
      char tail[64];
      const char *block = text + at;
      gsize n = MIN (length - at, 64);
      if (n < 64)
        {
          memset (tail, 0, sizeof tail);
          memcpy (tail, block, n);
          block = tail;
        }
      guint64 valid = n < 64 ? (1ull << n) - 1 : ~0ull;
      guint64 nl = patron_mask (block, newline), delim = patron_mask (block, delimiter);
      guint64 quote = quotes ? patron_mask (block, dialect->quote) & valid : 0;
      guint64 cr = lf ? patron_mask (block, '\r') : 0;
      guint64 inside = inside_carry;
      if (quote != 0)
        {
          inside ^= patron_prefix_xor (quote);
          guint64 separators = nl | delim;
          guint64 after_separator = separators << 1 | separator_1, after_quote = quote << 1 | quote_1;
          char next = at + 64 < length ? text[at + 64] : text[length];
          guint64 next_ok = (guint64) (next == newline || next == '\r' || next == delimiter || next == dialect->quote || next == '\0') << 63;
          guint64 before_ok = (separators | cr | quote) >> 1 | next_ok;
          if (n < 64)
            before_ok |= 1ull << (n - 1);
          guint64 opens = quote & inside, closes = quote & ~inside;
          scan->stray[0] |= (opens & ~(after_separator | after_quote)) != 0 || (closes & ~before_ok) != 0;
          scan->stray[1] |= (closes & ~(after_separator | after_quote)) != 0 || (opens & ~before_ok) != 0;
        }
      guint64 empty = 0;
      if (!dialect->keep_empty_lines)
        {
          guint64 after_nl = nl << 1 | nl_1;
          empty = nl & after_nl;
          if (lf)   /* LF after CR after LF */
            empty |= nl & (cr << 1 | cr_1) & (nl << 2 | nl_1 << 1 | nl_2);
        }
      for (int c = 0; c < 2; c++)
        {
          guint64 ends = nl & (c == 0 ? ~inside : inside);
          if (nl == 0)
            continue;
          scan->quoted_eol[c] |= (nl & valid & (c == 0 ? inside : ~inside)) != 0;
          scan->n_records[c] += __builtin_popcountll (ends & ~empty);
          if (scan->first_record[c] == G_MAXSIZE && ends != 0)
            {
              int bit = __builtin_ctzll (ends);
              scan->first_record[c] = at + bit + 1;
              scan->first_counts[c] = !(empty >> bit & 1);
            }
        }
      if (cr != 0)
        {
          guint64 next_lf = (guint64) (at + 64 < length ? text[at + 64] == '\n' : TRUE) << 63;
          if (n < 64)
            next_lf |= 1ull << (n - 1);
          guint64 lone = cr & valid & ~(nl >> 1 | next_lf);
          scan->lone_cr[0] |= (lone & ~inside) != 0;
          scan->lone_cr[1] |= (lone & inside) != 0;
        }
      inside_carry = inside >> 63 ? ~0ull : 0;
      nl_1 = nl >> 63, nl_2 = nl >> 62 & 1;
      cr_1 = cr >> 63;
      separator_1 = (nl | delim) >> 63;
      quote_1 = quote >> 63;
      scan->odd ^= __builtin_popcountll (quote) & 1;
    }
}

void
patron_csv_scan (const PatronCsvDialect *dialect, const char *text, gsize length, const char before[2], PatronCsvScan *scan)
{
  scan_text (dialect, text, length, before, scan);
}

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

/* Without branches: whether a field is quoted is hard to foresee. */
static inline PatronCsvField
make_field (const char *text, gsize start, gsize end, char quote)
{
  const gsize length = end - start;
  const guint quoted = (quote != '\0') & (text[start] == quote) & (length >= 2);
  return (PatronCsvField) { .start = start + quoted, .length = length - 2 * quoted, .quoted = quoted, .escaped = quoted };
}

/* What the plain splitter carries from one piece of the text to the next. */
typedef struct
{
  gsize    start;         /* of the field at hand */
  guint64  inside;        /* all ones: the piece begins inside quotes */
  gboolean fresh;         /* at the beginning of a record */
} Place;

/* Pieces so short that the places of their separators stay in the fastest cache, and that room need not be looked after within them. */
#define PIECE ((gsize) 4096)

/* Offsets of the delimiters and line ends outside quotes in text[begin … end-1]; returns how many. Eight are written at a time, so that hardly any
 * branch depends on how many there are; at has room for 8 more than can be. */
static PATRON_SIMD gsize
find_separators (const PatronCsvDialect *dialect, const char *text, gsize begin, gsize end, guint64 *inside_carry, guint32 *at)
{
  const char newline = dialect->eol == PATRON_CSV_EOL_CR ? '\r' : '\n', quote = dialect->quote;
  const char delimiter = dialect->delimiter[0] != '\0' ? dialect->delimiter[0] : newline;
  guint64 carry = *inside_carry;
  gsize n = 0;
  for (gsize block_at = begin; block_at < end; block_at += 64)
    {
      char tail[64];
      const char *block = text + block_at;
      if (end - block_at < 64)
        {
          memset (tail, 0, sizeof tail);
          memcpy (tail, block, end - block_at);
          block = tail;
        }
      guint64 inside = carry;
      if (quote != '\0')
        inside ^= patron_prefix_xor (patron_mask (block, quote));
      carry = (guint64) ((gint64) inside >> 63);
      guint64 separators = (patron_mask (block, newline) | patron_mask (block, delimiter)) & ~inside;
      const gsize n_here = __builtin_popcountll (separators);
      for (gsize done = 0; done < n_here; done += 8)
        for (gsize k = 0; k < 8; k++)
          {
            at[n + done + k] = block_at + __builtin_ctzll (separators | G_GUINT64_CONSTANT (1) << 63);
            separators &= separators - 1;
          }
      n += n_here;
    }
  *inside_carry = carry;
  return n;
}

/* text[begin … end-1]; there is room for the fields and records it can hold. */
static void
split_piece (const PatronCsvDialect *dialect, const char *text, gsize begin, gsize end, Place *place, PatronCsvRecords *records)
{
  guint32 separators[PIECE + 8];
  const gsize n = find_separators (dialect, text, begin, end, &place->inside, separators);
  const char newline = dialect->eol == PATRON_CSV_EOL_CR ? '\r' : '\n', quote = dialect->quote;
  const gboolean lf = newline == '\n', keep_empty = dialect->keep_empty_lines;
  PatronCsvField *out = records->fields + records->n_fields;
  guint32 *first = records->first + records->n_records;
  gsize start = place->start;
  gboolean fresh = place->fresh;
  for (gsize i = 0; i < n; i++)
    {
      gsize stop = separators[i];
      if (text[stop] != newline)
        {
          *out++ = make_field (text, start, stop, quote);
          start = stop + 1;
          fresh = FALSE;
          continue;
        }
      stop -= lf && stop > start && text[stop - 1] == '\r';
      *out = make_field (text, start, stop, quote);
      start = separators[i] + 1;
      /* An empty line is no record, except in files of one column. */
      const gboolean counts = !fresh || out->length > 0 || out->quoted || keep_empty;
      out += counts;
      first += counts;
      *first = out - records->fields;
      fresh = TRUE;
    }
  records->n_fields = out - records->fields;
  records->n_records = first - records->first;
  place->start = start;
  place->fresh = fresh;
}

gboolean
patron_csv_split_plain (const PatronCsvDialect *dialect, const char *text, gsize length, PatronCsvRecords *records, GError **error)
{
  records->n_fields = records->n_records = records->n_repaired = 0;
  if (!reserve (records, PIECE + 2, error))
    return FALSE;
  records->first[0] = 0;
  Place place = { .fresh = TRUE };
  for (gsize begin = 0; begin < length; begin += PIECE)
    {
      if (!reserve (records, PIECE + 2, error))
        return FALSE;
      split_piece (dialect, text, begin, MIN (begin + PIECE, length), &place, records);
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
