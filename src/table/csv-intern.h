/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "table/dict.h"

G_BEGIN_DECLS

/* The distinct strings one worker meets in one column, in order of first appearance, and their merging into one dictionary whose order is that of
 * first appearance in the file: the same at any number of threads. */
typedef struct
{
  guint64  hash;
  gsize    offset;      /* in bytes */
  guint32  length;
  guint32  row;         /* where it first appeared */
} PatronInternEntry;

typedef struct
{
  guint64           *slots;      /* upper half of the hash, code + 1; 0 empty */
  gsize              n_slots;    /* a power of two */
  PatronInternEntry *entries;
  gsize              n, size;
  char              *bytes;
  gsize              n_bytes, bytes_size;
  gsize              longest;
  gboolean           changed;    /* some bytes were not UTF-8, or NUL, and have been replaced */
  guint32            changed_row;
} PatronIntern;

void   patron_intern_clear (PatronIntern *intern);
/* The code of the string, -1 with error. Rows come in ascending order. */
gint32 patron_intern_add   (PatronIntern *intern, const char *text, gsize length, guint32 row, GError **error);
/* Asks for the memory that adding these texts will touch, so that it is there in time; worth it for a column of many distinct values. hashes: room
 * for n, filled in for patron_intern_add_hashed(). */
void   patron_intern_prepare    (const PatronIntern *intern, const char *const *texts, const guint32 *lengths, gsize n, guint64 *hashes);
gint32 patron_intern_add_hashed (PatronIntern *intern, const char *text, gsize length, guint64 hash, guint32 row, GError **error);
/* maps[w][code of worker w] = code in the result. Each map is patron_try_alloc()'ed. Workers without entries may be all zero. */
PatronDict *patron_intern_merge (PatronIntern *workers, int n_workers, gint32 **maps, GError **error);

G_END_DECLS
