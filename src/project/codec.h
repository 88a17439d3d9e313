/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/column.h"

G_BEGIN_DECLS

/* How up to PATRON_CHUNK_ROWS values of a column, or a piece of a byte stream, become the bytes of one chunk of a project file and
 * come back bit for bit.
 *
 *   header    24 bytes, see codec.c
 *   payload   width × n bytes: offsets from the chunk's minimum in 0, 1, 2 or 4 bytes (0 means missing), or the values themselves;
 *             bytes of equal significance together when that helps; zstd level 1 unless that saves less than an eighth, when unpacking costs
 *             more time than reading the rest
 *
 * Whole numbers are divided by a common step (a day, a second …), doubles that are exact decimals are held as scaled integers: both
 * only when every value of the chunk is verified to come back bit for bit. */

typedef enum
{
  PATRON_ELEMENT_DOUBLE,
  PATRON_ELEMENT_INT64,
  PATRON_ELEMENT_INT32,    /* dates: missing is PATRON_DATE_MISSING */
  PATRON_ELEMENT_CODE,     /* dictionary codes: missing is PATRON_CODE_MISSING */
  PATRON_ELEMENT_UINT8,    /* booleans */
  PATRON_ELEMENT_BYTES,    /* a stream; nothing is missing */
  PATRON_N_ELEMENTS,
} PatronElement;

/* Most bytes of a stream in one chunk. */
#define PATRON_CHUNK_BYTES (1u << 20)

PatronElement patron_element_of_type (PatronType type);
gsize         patron_element_size    (PatronElement element);
/* n values that are missing. */
void          patron_element_set_missing (PatronElement element, gsize n, gpointer out);

/* What encoding learns on its way; kept in the manifest beside the chunk's id. */
typedef struct
{
  guint64 sum;          /* XXH3-64 of the encoded bytes */
  guint32 n;
  guint32 n_missing;
  guint64 min, max;     /* of the values that are not missing: double bits, or gint64; both 0 when all are missing, and for bytes */
  guint32 size;         /* encoded bytes */
  guint32 reserved;
} PatronChunkStat;

/* values: n elements, 1 ≤ n ≤ PATRON_CHUNK_ROWS (bytes: PATRON_CHUNK_BYTES). Returns the encoded bytes (g_free), their
 * number in stat->size. NULL only when memory is short. Thread-safe. */
guint8 *patron_chunk_encode (PatronElement element, gconstpointer values, gsize n, PatronChunkStat *stat);

/* Back into out, n elements. Trusts nothing: FALSE for any bytes that encode() cannot have written for n elements of this kind. limit: for
 * codes, the number of strings in the dictionary; a code beyond it is refused. Thread-safe. */
gboolean patron_chunk_decode (PatronElement element, const guint8 *bytes, gsize size, gsize n, gsize limit, gpointer out);

guint64 patron_chunk_sum (const guint8 *bytes, gsize size);

G_END_DECLS
