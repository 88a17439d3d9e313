/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"

G_BEGIN_DECLS

/* Ascending, stable, parallel sort of n keys, of which only the lowest `bits` bits are used, with a row number carried along with each.
 * Least significant digit first, in blocks of a fixed size, so that the result does not depend on the number of threads. Keys already
 * in order cost one look. Takes 12 bytes a row of scratch space. */
gboolean patron_radix_sort_rows (guint64 *keys, guint32 *rows, gsize n, guint bits, PatronRun *run, GError **error);

G_END_DECLS
