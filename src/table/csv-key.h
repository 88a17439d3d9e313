/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/csv-intern.h"

#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "table/parse-plain.h"

G_BEGIN_DECLS

/* What the files that look texts up share. */

/* With fewer distinct values the tables stay in the caches. */
#define PATRON_INTERN_FAR 4096

typedef struct
{
  guint64 hash, key;
  guint32 tag;
} PatronInternKey;

/* Multiplication to 128 bits and folding spreads every bit (as in wyhash; Wang Yi et al. 2020). */
static inline guint64
patron_intern_mix (guint64 a, guint64 b)
{
  const unsigned __int128 product = (unsigned __int128) (a ^ G_GUINT64_CONSTANT (0xa0761d6478bd642f)) * (b ^ G_GUINT64_CONSTANT (0xe7037ed1a0b428db));
  return (guint64) product ^ (guint64) (product >> 64);
}

/* The words that cover 12 … 32 bytes, some bytes twice. */
typedef struct
{
  guint64 words[4];
} PatronInternCover;

static inline PatronInternCover
patron_intern_cover (const char *text, gsize length)
{
  const gsize second = MIN (8, length - 8), third = length > 16 ? length - 16 : 0;
  return (PatronInternCover) { { patron_load_8 (text), patron_load_8 (text + second), patron_load_8 (text + third),
                                 patron_load_8 (text + length - 8) } };
}

static inline PatronInternKey
patron_intern_long_key (const char *text, gsize length)
{
  PatronInternKey key = { .tag = PATRON_INTERN_LONG | (guint32) (length & 0xffffff) };
  if (length <= 32)
    {
      const PatronInternCover c = patron_intern_cover (text, length);
      key.hash = patron_intern_mix (patron_intern_mix (c.words[0], c.words[1]) + length, patron_intern_mix (c.words[2], c.words[3]));
    }
  else
    key.hash = XXH3_64bits (text, length);
  return key;
}

/* The text must be followed by padding. */
static inline PatronInternKey
patron_intern_padded_key (const char *text, gsize length)
{
  /* What belongs to a text of 0 … 11 bytes; looked up, for lengths are hard to foresee. */
#define ALL G_MAXUINT64
  static const guint64 low[] = { 0, ALL >> 56, ALL >> 48, ALL >> 40, ALL >> 32, ALL >> 24, ALL >> 16, ALL >> 8, ALL, ALL, ALL, ALL };
#undef ALL
  static const guint32 high[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xffff, 0xffffff };
  if (length > PATRON_INTERN_SHORT)
    return patron_intern_long_key (text, length);
  PatronInternKey key = { .key = patron_load_8 (text) & low[length] };
  key.tag = ((guint32) patron_load_8 (text + 8) & high[length]) | (guint32) length << 24;
  key.hash = patron_intern_mix (key.key, key.tag);
  return key;
}

/* What is kept of a longer text. */
#define PATRON_INTERN_LONG_HEAD ((gsize) 16)

static inline const char *
patron_intern_long_text (const PatronIntern *intern, const PatronInternEntry *entry, guint64 *hash, guint64 *length)
{
  const char *at = intern->bytes + entry->key;
  memcpy (hash, at, 8);
  memcpy (length, at + 8, 8);
  return at + PATRON_INTERN_LONG_HEAD;
}

static inline gboolean
patron_intern_same_long (const char *a, const char *b, gsize length)
{
  if (length > 32)
    return memcmp (a, b, length) == 0;
  const PatronInternCover x = patron_intern_cover (a, length), y = patron_intern_cover (b, length);
  guint64 differs = 0;
  for (int k = 0; k < 4; k++)
    differs |= x.words[k] ^ y.words[k];
  return differs == 0;
}

static inline gboolean
patron_intern_is_entry (const PatronIntern *intern, const PatronInternEntry *entry, const PatronInternKey *key, const char *text, gsize length)
{
  if (entry->tag != key->tag)
    return FALSE;
  if (length <= PATRON_INTERN_SHORT)
    return entry->key == key->key;
  guint64 hash, long_length;
  const char *other = patron_intern_long_text (intern, entry, &hash, &long_length);
  return long_length == length && patron_intern_same_long (other, text, length);
}

/* The code of a text that is known, else -1; followed by PATRON_PLAIN_PADDING readable bytes. */
static inline gint32
patron_intern_find (const PatronIntern *intern, const char *text, gsize length)
{
  if (intern->n == 0)
    return -1;
  const PatronInternKey key = patron_intern_padded_key (text, length);
  const gsize mask = intern->n_slots - 1;
  const guint32 check = key.hash >> 32;
  for (gsize at = key.hash & mask; intern->slots[at].code != 0; at = (at + 1) & mask)
    {
      const PatronInternSlot slot = intern->slots[at];
      if (slot.check == check && patron_intern_is_entry (intern, &intern->entries[slot.code - 1], &key, text, length))
        return slot.code - 1;
    }
  return -1;
}

G_END_DECLS
