/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-split.h"

#include <string.h>

#include "base/memory.h"
#include "table/csv-mask.h"

gboolean
patron_csv_dialect_is_plain (const PatronCsvDialect *dialect)
{
  return strlen (dialect->delimiter) <= 1 && !dialect->blanks && dialect->escape == '\0'
         && dialect->eol != PATRON_CSV_EOL_MIXED && dialect->comment[0] == '\0';
}

void
patron_csv_scan (const PatronCsvDialect *dialect, const char *text, gsize length, const char before[2], PatronCsvScan *scan)
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

/* Room for 64 more fields and records, which is what one step can add. */
static gboolean
reserve (PatronCsvRecords *records, GError **error)
{
  if (records->n_fields + 65 > records->fields_size)
    {
      gsize size = MAX (records->fields_size * 2, 8192);
      PatronCsvField *fields = patron_try_realloc (records->fields, records->fields_size, size, sizeof *fields, "fields", error);
      if (fields == NULL)
        return FALSE;
      records->fields = fields;
      records->fields_size = size;
    }
  if (records->n_records + 66 > records->records_size)
    {
      gsize size = MAX (records->records_size * 2, 1024);
      guint32 *first = patron_try_realloc (records->first, records->records_size, size, sizeof *first, "records", error);
      if (first == NULL)
        return FALSE;
      records->first = first;
      records->records_size = size;
    }
  return TRUE;
}

static inline void
add_field (PatronCsvRecords *records, const char *text, gsize start, gsize end, char quote)
{
  PatronCsvField field = { .start = start, .length = end - start };
  if (quote != '\0' && end >= start + 2 && text[start] == quote)
    {
      field.start++;
      field.length -= 2;
      field.quoted = field.escaped = 1;
    }
  records->fields[records->n_fields++] = field;
}

static inline void
end_record (PatronCsvRecords *records)
{
  records->first[++records->n_records] = records->n_fields;
}

gboolean
patron_csv_split_plain (const PatronCsvDialect *dialect, const char *text, gsize length, PatronCsvRecords *records, GError **error)
{
  records->n_fields = records->n_records = records->n_repaired = 0;
  if (!reserve (records, error))
    return FALSE;
  records->first[0] = 0;
  const char newline = dialect->eol == PATRON_CSV_EOL_CR ? '\r' : '\n', quote = dialect->quote;
  const char delimiter = dialect->delimiter[0] != '\0' ? dialect->delimiter[0] : newline;
  const gboolean lf = newline == '\n', keep_empty = dialect->keep_empty_lines;
  guint64 inside_carry = 0;
  gsize start = 0;                  /* of the field at hand */
  gboolean fresh = TRUE;            /* at the beginning of a record */
  for (gsize at = 0; at < length; at += 64)
    {
      char tail[64];
      const char *block = text + at;
      if (length - at < 64)
        {
          memset (tail, 0, sizeof tail);
          memcpy (tail, block, length - at);
          block = tail;
        }
      guint64 nl = patron_mask (block, newline), delim = patron_mask (block, delimiter);
      guint64 inside = inside_carry;
      if (quote != '\0')
        inside ^= patron_prefix_xor (patron_mask (block, quote));
      inside_carry = inside >> 63 ? ~0ull : 0;
      guint64 separators = (nl | delim) & ~inside;
      if (separators == 0)
        continue;
      if (!reserve (records, error))
        return FALSE;
      for (; separators != 0; separators &= separators - 1)
        {
          int bit = __builtin_ctzll (separators);
          gsize end = at + bit;
          if (!(nl >> bit & 1))
            {
              add_field (records, text, start, end, quote);
              fresh = FALSE;
            }
          else
            {
              gsize stop = lf && end > start && text[end - 1] == '\r' ? end - 1 : end;
              if (!fresh || stop > start || keep_empty)
                {
                  add_field (records, text, start, stop, quote);
                  end_record (records);
                }
              fresh = TRUE;
            }
          start = end + 1;
        }
    }
  if (start < length || !fresh)
    {
      gsize stop = lf && length > start && text[length - 1] == '\r' ? length - 1 : length;
      if (!fresh || stop > start)
        {
          if (!reserve (records, error))
            return FALSE;
          add_field (records, text, start, stop, quote);
          end_record (records);
        }
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
