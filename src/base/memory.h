/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The one allocator for anything whose size comes from data or from a file. Refuses what would exceed 70 % of
 * the memory now available (malloc itself would succeed and the machine would stall later), and fails
 * with PATRON_ERROR_MEMORY naming the size and the purpose instead of aborting.
 *
 * The block is aligned to 64 bytes and freed with patron_free(). A request for 0 elements returns a valid block. */
gpointer patron_try_alloc   (gsize n, gsize element_size, const char *purpose, GError **error);
gpointer patron_try_alloc0  (gsize n, gsize element_size, const char *purpose, GError **error);
/* Grows or shrinks; on failure the old block stays valid and NULL is returned. */
gpointer patron_try_realloc (gpointer block, gsize old_n, gsize n, gsize element_size, const char *purpose, GError **error);
void     patron_free        (gpointer block);

/* The same for the values of columns and what grows with them, which may be larger than memory: where a block would exceed half of the budget,
 * together with the others, it lies in a file without a name in the user's cache folder, which the kernel reads and writes as the values are used;
 * of such files no more stays in memory than the budget has room for. Small blocks never do. Fails, as above, when the disk has no room either. */
gpointer patron_try_alloc_values   (gsize n, gsize element_size, const char *purpose, GError **error);
gpointer patron_try_alloc0_values  (gsize n, gsize element_size, const char *purpose, GError **error);
gpointer patron_try_realloc_values (gpointer block, gsize old_n, gsize n, gsize element_size, const char *purpose, GError **error);
/* The values are complete, or not needed for now: memory that only mirrors a file is given back. Any block. */
void     patron_memory_settle    (gpointer block);
/* Bytes of memory that work on data larger than it should take: PATRON_MEMORY of the environment ("600M", "4G"), else half of what the machine, or
 * the control group that the process is in, has. */
gsize    patron_memory_budget    (void);

/* Bytes the machine, or the control group, can still give (MemAvailable), G_MAXSIZE when unknown. */
gsize patron_memory_available (void);
/* High-water mark of this process in bytes. */
gsize patron_memory_peak (void);

/* Tests: the nth next allocation fails (0 switches off). */
void patron_memory_fail_after (int n);

G_END_DECLS
