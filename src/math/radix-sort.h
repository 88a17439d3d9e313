/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Ascending sort of 64-bit keys: by counting where they span no more than about n values, else by digits of up to 11 bits of the distance from the
 * smallest, least significant first. scratch: n elements, overwritten; the result is in keys. */
void patron_radix_sort       (guint64 *keys, guint64 *scratch, gsize n);
/* The same by digits, carrying a value along with each key; stable. Digits that are the same in every key are skipped. */
void patron_radix_sort_pairs (guint64 *keys, guint32 *values, guint64 *key_scratch, guint32 *value_scratch, gsize n);

/* Order-preserving maps to keys and back. -0 sorts before 0; NaN must not come in. */
static inline guint64
patron_key_from_double (double value)
{
  guint64 bits;
  memcpy (&bits, &value, sizeof bits);
  return bits ^ ((guint64) ((gint64) bits >> 63) | (G_GUINT64_CONSTANT (1) << 63));
}

static inline double
patron_double_from_key (guint64 key)
{
  guint64 bits = key ^ (((key >> 63) - 1) | (G_GUINT64_CONSTANT (1) << 63));
  double value;
  memcpy (&value, &bits, sizeof value);
  return value;
}

static inline guint64
patron_key_from_int64 (gint64 value)
{
  return (guint64) value ^ (G_GUINT64_CONSTANT (1) << 63);
}

static inline gint64
patron_int64_from_key (guint64 key)
{
  return (gint64) (key ^ (G_GUINT64_CONSTANT (1) << 63));
}

G_END_DECLS
