/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"

G_BEGIN_DECLS

/* Loops over the cores, on the one shared pool. BLAS has one thread for the whole life of the process
 * (patron_parallel_init() sees to it): call it from inside these loops, on blocks.
 *
 * body is called for disjoint ranges that cover 0 … n-1; each range is [k·grain, min (n, (k+1)·grain)), whatever the
 * number of threads. For a result that does not depend on the thread count, write per element or per block
 * (begin / grain), never accumulate per worker in floating point. worker is 0 … threads-1 and never runs two bodies at
 * once: use it to index scratch space. Nested calls run serially in the calling worker.
 *
 * Returns FALSE when the run was cancelled (some ranges were then skipped); run may be NULL. */
typedef void (*PatronParallelBody) (gsize begin, gsize end, int worker, gpointer data);

gboolean patron_parallel_for (PatronRun *run, gsize n, gsize grain, PatronParallelBody body, gpointer data);

/* Of bodies that may fail: *kept, NULL at first, becomes the first error; those after it are freed. Takes error, which may be NULL. Whoever looks before
 * the loop has ended does so by g_atomic_pointer_get(). */
void patron_error_keep (GError **kept, GError *error);

/* The number of workers that patron_parallel_for() will use for this run: size scratch arrays by it. */
int patron_parallel_workers (PatronRun *run);

void patron_parallel_init (void);   /* idempotent; called by patron_init() */

G_END_DECLS
