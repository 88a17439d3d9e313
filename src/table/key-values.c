/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/key-values.h"

#include "base/simd.h"
#include "table/column-scan.h"

#include <string.h>

#define TOP_BIT (G_GUINT64_CONSTANT (1) << 63)

/* ---- one block of values ------------------------------------------------------------------------------------ */

PATRON_SIMD static void
keys_of_doubles (const double *restrict values, gsize n, guint64 *restrict keys)
{
  for (gsize i = 0; i < n; i++)
    {
      double value = values[i] + 0.0;      /* -0 becomes 0 */
      guint64 bits;
      memcpy (&bits, &value, sizeof bits);
      guint64 key = bits ^ ((guint64) ((gint64) bits >> 63) | TOP_BIT);
      keys[i] = value != value ? PATRON_KEY_MISSING : key;
    }
}

PATRON_SIMD static void
keys_of_int64s (const gint64 *restrict values, gsize n, guint64 *restrict keys)
{
  /* The missing value is the smallest: one less than 0 is the largest key. */
  for (gsize i = 0; i < n; i++)
    keys[i] = ((guint64) values[i] ^ TOP_BIT) - 1;
}

PATRON_SIMD static void
keys_of_int32s (const gint32 *restrict values, gsize n, guint64 *restrict keys)
{
  for (gsize i = 0; i < n; i++)
    keys[i] = values[i] == G_MININT32 ? PATRON_KEY_MISSING : (guint64) ((gint64) values[i] + G_GINT64_CONSTANT (0x80000000));
}

PATRON_SIMD static void
keys_of_codes (const gint32 *restrict values, gsize n, guint64 *restrict keys)
{
  for (gsize i = 0; i < n; i++)
    keys[i] = (guint64) (gint64) (values[i] < 0 ? -1 : values[i]);
}

PATRON_SIMD static void
keys_of_bytes (const guint8 *restrict values, gsize n, guint64 *restrict keys)
{
  for (gsize i = 0; i < n; i++)
    keys[i] = values[i] == PATRON_BOOLEAN_MISSING ? PATRON_KEY_MISSING : values[i];
}

void
patron_keys_from_values (PatronType type, gconstpointer values, gsize n, guint64 *keys)
{
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      keys_of_doubles (values, n, keys);
      break;
    case PATRON_TYPE_INTEGER:
    case PATRON_TYPE_TIME:
    case PATRON_TYPE_DURATION:
      keys_of_int64s (values, n, keys);
      break;
    case PATRON_TYPE_DATE:
      keys_of_int32s (values, n, keys);
      break;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      keys_of_codes (values, n, keys);
      break;
    case PATRON_TYPE_BOOLEAN:
      keys_of_bytes (values, n, keys);
      break;
    case PATRON_N_TYPES:
      break;
    }
}

/* ---- ranges ------------------------------------------------------------------------------------------------- */

enum { STRETCH = 4096 };

PATRON_SIMD static void
widen_range (const guint64 *restrict keys, gsize n, PatronKeyRange *range)
{
  guint64 low = range->low, high = range->high;
  guint64 missing = 0;
  for (gsize i = 0; i < n; i++)
    {
      guint64 key = keys[i], upper = key == PATRON_KEY_MISSING ? 0 : key;
      missing |= key == PATRON_KEY_MISSING;
      low = key < low ? key : low;                    /* a missing one is never smaller */
      high = upper > high ? upper : high;
    }
  range->low = low;
  range->high = high;
  range->missing = range->missing || missing != 0;
}

typedef struct
{
  PatronType      type;
  PatronKeyRange *ranges;      /* one a chunk */
} Ranging;

static void
range_of_chunk (gconstpointer values, gsize start, gsize n, int worker, gpointer data)
{
  Ranging *ranging = data;
  guint64 keys[STRETCH];
  gsize size = patron_type_size (ranging->type);
  PatronKeyRange range = { .low = G_MAXUINT64, .high = 0 };
  for (gsize i = 0; i < n; i += STRETCH)
    {
      gsize part = MIN (STRETCH, n - i);
      patron_keys_from_values (ranging->type, (const char *) values + i * size, part, keys);
      widen_range (keys, part, &range);
    }
  ranging->ranges[start / PATRON_CHUNK_ROWS] = range;
}

gboolean
patron_column_key_range (PatronColumn *column, PatronKeyRange *range, PatronRun *run, GError **error)
{
  gsize n_chunks = patron_column_get_length (column) / PATRON_CHUNK_ROWS + 1;
  g_autofree PatronKeyRange *ranges = g_new (PatronKeyRange, n_chunks);
  *range = (PatronKeyRange) { .low = G_MAXUINT64, .high = 0 };
  for (gsize c = 0; c < n_chunks; c++)
    ranges[c] = *range;
  Ranging ranging = { patron_column_get_type (column), ranges };
  if (!patron_column_scan (column, PATRON_CHUNK_ROWS, range_of_chunk, &ranging, run, error))
    return FALSE;
  for (gsize c = 0; c < n_chunks; c++)
    {
      range->low = MIN (range->low, ranges[c].low);
      range->high = MAX (range->high, ranges[c].high);
      range->missing = range->missing || ranges[c].missing;
    }
  return TRUE;
}
