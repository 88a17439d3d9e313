/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-split.h"

#include <string.h>

#include "base/simd.h"
#include "table/csv-mask.h"

gboolean
patron_csv_dialect_is_plain (const PatronCsvDialect *dialect)
{
  return strlen (dialect->delimiter) <= 1 && !dialect->blanks && dialect->escape == '\0'
         && dialect->eol != PATRON_CSV_EOL_MIXED && dialect->comment[0] == '\0';
}

/* What the scan carries from one block of 64 bytes to the next: of the last byte, whether it was a line end, … */
typedef struct
{
  guint64  inside;                 /* all ones while inside quotes, under the case "begins outside" */
  guint64  newline, newline_2;     /* _2: of the byte before it */
  guint64  cr, separator, quote;
  gboolean skip_empty;
} Carry;

/* What comes after a block when the file ends with it; a byte, and be it NUL, is 0 … 255. */
#define NOTHING (-1)

/* Quotes that open or close where they should not. next: the byte after the block, or NOTHING; last: the block's last bit. */
static inline void
find_stray (const PatronCsvMarks *marks, const PatronCsvMasks *m, guint64 inside, const Carry *carry, int next, guint64 last, PatronCsvScan *scan)
{
  const guint64 separators = m->newline | m->delimiter;
  const guint64 after_separator = separators << 1 | carry->separator, after_quote = m->quote << 1 | carry->quote;
  const gboolean next_ok = next == NOTHING || next == '\r' || next == (guchar) marks->newline || next == (guchar) marks->delimiter
                           || next == (guchar) marks->quote;
  const guint64 before_ok = (separators | m->cr | m->quote) >> 1 | (next_ok ? last : 0);
  const guint64 opens = m->quote & inside, closes = m->quote & ~inside;
  scan->stray[0] |= (opens & ~(after_separator | after_quote)) != 0 || (closes & ~before_ok) != 0;
  scan->stray[1] |= (closes & ~(after_separator | after_quote)) != 0 || (opens & ~before_ok) != 0;
}

/* Line ends of lines without a byte: LF after LF, or LF after CR after LF. */
static inline guint64
empty_lines (const PatronCsvMasks *m, const Carry *carry)
{
  const guint64 after_cr = m->cr << 1 | carry->cr;
  return m->newline & ((m->newline << 1 | carry->newline) | (after_cr & (m->newline << 2 | carry->newline << 1 | carry->newline_2)));
}

static inline void
count_records (guint64 ends, guint64 empty, gsize at, int c, PatronCsvScan *scan)
{
  scan->n_records[c] += __builtin_popcountll (ends & ~empty);
  if (scan->first_record[c] == G_MAXSIZE && ends != 0)
    {
      const int bit = __builtin_ctzll (ends);
      scan->first_record[c] = at + bit + 1;
      scan->first_counts[c] = !(empty >> bit & 1);
    }
}

/* The block that begins at; next and last as in find_stray(). */
static inline void
scan_block (const PatronCsvMarks *marks, const PatronCsvMasks *m, gsize at, int next, guint64 last, Carry *carry, PatronCsvScan *scan)
{
  guint64 inside = carry->inside;
  if (m->quote != 0)
    {
      inside ^= patron_prefix_xor (m->quote);
      find_stray (marks, m, inside, carry, next, last, scan);
    }
  const guint64 empty = carry->skip_empty ? empty_lines (m, carry) : 0;
  count_records (m->newline & ~inside, empty, at, 0, scan);
  count_records (m->newline & inside, empty, at, 1, scan);
  scan->quoted_eol[0] |= (m->newline & inside) != 0;
  scan->quoted_eol[1] |= (m->newline & ~inside) != 0;
  if (m->cr != 0)
    {
      const guint64 lone = m->cr & ~(m->newline >> 1 | (next == '\n' || next == NOTHING ? last : 0));
      scan->lone_cr[0] |= (lone & ~inside) != 0;
      scan->lone_cr[1] |= (lone & inside) != 0;
    }
  scan->odd ^= __builtin_popcountll (m->quote) & 1;
  carry->inside = (guint64) ((gint64) inside >> 63);
  carry->newline = m->newline >> 63;
  carry->newline_2 = m->newline >> 62 & 1;
  carry->cr = m->cr >> 63;
  carry->separator = (m->newline | m->delimiter) >> 63;
  carry->quote = m->quote >> 63;
}

/* So much at a time that the masks stay in the fastest cache. */
#define PIECE ((gsize) 4096)

/* next: the byte after the piece, or NOTHING. */
static PATRON_SIMD void
scan_piece (const PatronCsvMarks *marks, const PatronCsvMasks *masks, const char *text, gsize begin, gsize end, int next, Carry *carry, PatronCsvScan *scan)
{
  /* Copies, which need not be in memory while the loop runs. */
  const PatronCsvMarks own = *marks;
  Carry carried = *carry;
  PatronCsvScan found = *scan;
  for (gsize at = begin; at < end; at += 64)
    {
      const gsize n = MIN (end - at, 64);
      scan_block (&own, &masks[(at - begin) / 64], at, at + n < end ? (guchar) text[at + n] : next, G_GUINT64_CONSTANT (1) << (n - 1), &carried, &found);
    }
  *carry = carried;
  *scan = found;
}

void
patron_csv_scan (const PatronCsvDialect *dialect, const char *text, gsize length, const char before[2], gboolean last, PatronCsvScan *scan)
{
  memset (scan, 0, sizeof *scan);
  scan->first_record[0] = scan->first_record[1] = G_MAXSIZE;
  const char newline = dialect->eol == PATRON_CSV_EOL_CR ? '\r' : '\n', delimiter = dialect->delimiter[0] != '\0' ? dialect->delimiter[0] : newline;
  const PatronCsvMarks marks = { newline, delimiter, dialect->quote, newline == '\n' ? '\r' : '\0' };
  Carry carry = { .newline = before[1] == newline, .newline_2 = before[0] == newline, .cr = before[1] == '\r',
                  .separator = before[1] == newline || before[1] == delimiter, .quote = dialect->quote != '\0' && before[1] == dialect->quote,
                  .skip_empty = !dialect->keep_empty_lines };
  for (gsize at = 0; at < length; at += PIECE)
    {
      PatronCsvMasks masks[PIECE / 64];
      const gsize end = MIN (at + PIECE, length);
      patron_csv_find_marks (&marks, text + at, end - at, masks);
      scan_piece (&marks, masks, text, at, end, end < length || !last ? (guchar) text[end] : NOTHING, &carry, scan);
    }
  /* An LF after the CR that ends a line belongs to it. */
  if (newline == '\r' && length > 0 && memchr (text, '\n', length) != NULL)
    scan->lone_cr[0] = scan->lone_cr[1] = TRUE;
}
