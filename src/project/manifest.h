/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "project/codec.h"
#include "project/database.h"

G_BEGIN_DECLS

/* A long sequence of values as chunks of the file, and the list of them: ids, sums, counts, smallest and largest value. */
typedef struct
{
  gint64          chunk;     /* id */
  PatronChunkStat stat;
} PatronManifestEntry;

typedef struct
{
  PatronElement        element;
  gsize                n;          /* values */
  guint                n_chunks;
  gsize                rows;       /* values in every chunk but the last */
  PatronManifestEntry *entries;    /* owned */
} PatronManifest;

void     patron_manifest_clear (PatronManifest *manifest);
void     patron_manifest_write (const PatronManifest *manifest, GByteArray *out);
/* Takes one manifest off the front of the bytes. Trusts nothing: FALSE when it is not one of n values of this element (n < 0: any number). */
gboolean patron_manifest_parse (PatronManifest *manifest, PatronElement element, gssize n, const guint8 **bytes, gsize *size);
/* Encoded bytes in all. */
gint64   patron_manifest_bytes (const PatronManifest *manifest);

/* Values on their way into the file. Either values or column; both borrowed. */
typedef struct
{
  PatronManifest manifest;
  gconstpointer  values;
  PatronColumn  *column;
  guint8       **blobs;      /* n_chunks, NULL until encoded and again once inserted */
} PatronPacking;

PatronPacking *patron_packing_new  (PatronElement element, gsize n, gconstpointer values, PatronColumn *column);
void           patron_packing_free (PatronPacking *packing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronPacking, patron_packing_free)

/* Encodes chunk number `chunk`. Thread-safe for different chunks. */
gboolean patron_packing_encode     (PatronPacking *packing, guint chunk, GError **error);
/* All chunks, over the cores. */
gboolean patron_packing_encode_all (PatronPacking *packing, PatronRun *run, GError **error);
/* Inserts the chunks that are encoded and not yet in the file, filling in their ids, and frees the encoded bytes. Within a transaction. */
gboolean patron_packing_insert     (PatronPacking *packing, PatronDatabase *database, GError **error);
/* Whether the chunks listed in manifest hold these very bytes; the ids are then taken over, and chunks inserted before deleted. */
gboolean patron_packing_adopt      (PatronPacking *packing, const PatronManifest *manifest, PatronDatabase *database);

/* Reads chunk number `chunk` into out, checked. limit: see patron_chunk_decode(). FALSE without error when what is there is not what was
 * written, with error when reading failed. */
gboolean patron_manifest_read (const PatronManifest *manifest, guint chunk, PatronDatabase *database, gsize limit, gpointer out, GError **error);

G_END_DECLS
