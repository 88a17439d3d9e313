/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the bytes that separate fields stand, a bit for a byte, 64 at a time. */

typedef struct
{
  guint64 newline, delimiter, quote, cr;
} PatronCsvMasks;

/* The bytes looked for; '\0': none such. */
typedef struct
{
  char newline, delimiter, quote, cr;
} PatronCsvMarks;

/* Bit i of masks[b] is set where text[64 b + i] is the mark; bits from length on are 0. There is room for (length + 63) / 64 masks. */
void  patron_csv_find_marks (const PatronCsvMarks *marks, const char *text, gsize length, PatronCsvMasks *masks);

/* More than the bits that are set may be written. */
#define PATRON_CSV_LIST_PADDING ((gsize) 64)

/* base + 64 b + i for every bit i of masks[b], ascending, to at, which has room for PATRON_CSV_LIST_PADDING more; returns how many. */
gsize patron_csv_list_bits  (const guint64 *masks, gsize n_masks, guint32 base, guint32 *at);

/* Bit i is the parity of bits 0 … i. */
static inline guint64
patron_prefix_xor (guint64 x)
{
  x ^= x << 1;
  x ^= x << 2;
  x ^= x << 4;
  x ^= x << 8;
  x ^= x << 16;
  x ^= x << 32;
  return x;
}

G_END_DECLS
