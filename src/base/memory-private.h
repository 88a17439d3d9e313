/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/memory.h"

G_BEGIN_DECLS

/* Requests below this size are not weighed against the memory available: reading /proc costs more than they do. */
#define PATRON_WEIGH_FROM ((gsize) 16 << 20)

/* Whether a test wants the allocation that is being made to fail. */
gboolean patron_memory_injected_failure (void);
/* Sets the error of an allocation that cannot be had; always NULL. */
gpointer patron_memory_refuse           (gsize n, gsize element_size, const char *purpose, GError **error);

/* What the public functions of both kinds of blocks do with what alloc gives: zeros in it, or the contents of block moved there. */
typedef gpointer (*PatronAllocator) (gsize n, gsize element_size, const char *purpose, GError **error);
gpointer patron_memory_zeroed           (PatronAllocator alloc, gsize n, gsize element_size, const char *purpose, GError **error);
gpointer patron_memory_moved            (PatronAllocator alloc, gpointer block, gsize old_n, gsize n, gsize element_size, const char *purpose, GError **error);

/* memory-values.c. Frees a block that lies in a file, and forgets one of values that does not: FALSE when it is still to be freed. */
gboolean patron_values_release          (gpointer block);

G_END_DECLS
