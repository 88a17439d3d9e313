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

/* Bytes the machine can still give (MemAvailable), G_MAXSIZE when unknown. */
gsize patron_memory_available (void);
/* High-water mark of this process in bytes. */
gsize patron_memory_peak (void);

/* Tests: the nth next allocation fails (0 switches off). */
void patron_memory_fail_after (int n);

G_END_DECLS
