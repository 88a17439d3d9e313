/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "table/dict.h"

G_BEGIN_DECLS

/* The distinct strings one worker meets in one column, in order of first appearance, and their merging into one dictionary whose order is that of
 * first appearance in the file: the same at any number of threads. */
/* A text of up to PATRON_INTERN_SHORT bytes is its entry itself; a longer one is kept among the bytes. */
typedef struct
{
  guint64 key;          /* the first 8 bytes, byte 0 lowest; of a longer text its offset */
  guint32 tag;          /* the next 3 bytes and the length on top; of a longer text PATRON_INTERN_LONG and bits of the length */
  guint32 row;          /* where it first appeared */
} PatronInternEntry;

#define PATRON_INTERN_SHORT 11
#define PATRON_INTERN_LONG 0xff000000u

/* A place in the table. */
typedef struct
{
  guint32 check;         /* the upper half of the hash */
  guint32 code;          /* + 1; 0: the place is empty */
} PatronInternSlot;

typedef struct
{
  PatronInternSlot  *slots;
  gsize              n_slots;    /* a power of two */
  PatronInternEntry *entries;
  gsize              n, size;
  char              *bytes;      /* of each longer text: hash and length, 8 bytes each, the text and NUL */
  gsize              n_bytes, bytes_size;
  gsize              longest;
  gboolean           changed;    /* some bytes were not UTF-8, or NUL, and have been replaced */
  guint32            changed_row;
} PatronIntern;

#define PATRON_INTERN_BATCH 32

void     patron_intern_clear    (PatronIntern *intern);
/* The code of the string, -1 with error. Rows come in ascending order. */
gint32   patron_intern_add      (PatronIntern *intern, const char *text, gsize length, guint32 row, GError **error);
/* The same for n ≤ PATRON_INTERN_BATCH texts, each followed by PATRON_PLAIN_PADDING readable bytes: what the search will touch is asked for in time. */
gboolean patron_intern_add_many (PatronIntern *intern, const char *const *texts, const guint32 *lengths, const guint32 *rows, gsize n, gint32 *codes,
                                 GError **error);
/* The bytes of a text, without NUL when it is short; room is for those. */
const char *patron_intern_text (const PatronIntern *intern, const PatronInternEntry *entry, char room[12], gsize *length);
guint64  patron_intern_hash     (const PatronIntern *intern, const PatronInternEntry *entry);
gboolean patron_intern_same     (const PatronIntern *a, const PatronInternEntry *x, const PatronIntern *b, const PatronInternEntry *y);

/* maps[w][code of worker w] = code in the result. Each map is patron_try_alloc()'ed. Workers without entries may be all zero; no two entries of
 * all have the same row, but a worker alone may have such. run may be NULL. */
PatronDict *patron_intern_merge (PatronIntern *workers, int n_workers, gint32 **maps, PatronRun *run, GError **error);

G_END_DECLS
