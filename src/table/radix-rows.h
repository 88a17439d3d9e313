/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"

G_BEGIN_DECLS

/* Ascending, stable, parallel sort of n keys, of which only the lowest `bits` bits are used, with a row number carried along with each.
 * Least significant digit first, in blocks of a fixed size, so that the result does not depend on the number of threads. Keys already
 * in order cost one look. Takes 12 bytes a row of scratch space. */
gboolean patron_radix_sort_rows (guint64 *keys, guint32 *rows, gsize n, guint bits, PatronRun *run, GError **error);

/* The same moved into 2^bits (bits ≤ 11) stretches by the bits from shift on, stably: stretch b is at starts[b] … starts[b + 1] - 1 of keys_to, and rows_to
 * says which element of keys each was. */
gboolean patron_radix_partition (const guint64 *keys, gsize n, guint shift, guint bits, guint64 *keys_to, guint32 *rows_to, guint32 *starts,
                                 PatronRun *run, GError **error);

G_END_DECLS
