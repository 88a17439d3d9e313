/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-intern.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/memory.h"
#include "table/parse-plain.h"

/* With fewer distinct values the tables stay in the caches. */
#define FAR 4096

void
patron_intern_clear (PatronIntern *intern)
{
  patron_free (intern->slots);
  patron_free (intern->entries);
  patron_free (intern->bytes);
  memset (intern, 0, sizeof *intern);
}

typedef struct
{
  guint64 hash, key;
  guint32 tag;
} Key;

/* Multiplication to 128 bits and folding spreads every bit (as in wyhash; Wang Yi et al. 2020). */
static inline guint64
mix (guint64 a, guint64 b)
{
  const unsigned __int128 product = (unsigned __int128) (a ^ G_GUINT64_CONSTANT (0xa0761d6478bd642f)) * (b ^ G_GUINT64_CONSTANT (0xe7037ed1a0b428db));
  return (guint64) product ^ (guint64) (product >> 64);
}

/* The words that cover 12 … 32 bytes, some bytes twice. */
typedef struct
{
  guint64 words[4];
} Cover;

static inline Cover
cover (const char *text, gsize length)
{
  const gsize second = MIN (8, length - 8), third = length > 16 ? length - 16 : 0;
  return (Cover) { { patron_load_8 (text), patron_load_8 (text + second), patron_load_8 (text + third), patron_load_8 (text + length - 8) } };
}

static inline Key
long_key (const char *text, gsize length)
{
  Key key = { .tag = PATRON_INTERN_LONG | (guint32) (length & 0xffffff) };
  if (length <= 32)
    {
      const Cover c = cover (text, length);
      key.hash = mix (mix (c.words[0], c.words[1]) + length, mix (c.words[2], c.words[3]));
    }
  else
    key.hash = XXH3_64bits (text, length);
  return key;
}

#define BYTES(n) ((n) >= 8 ? ~G_GUINT64_CONSTANT (0) : (G_GUINT64_CONSTANT (1) << 8 * (n)) - 1)

/* The text must be followed by padding. */
static inline Key
key_of_padded (const char *text, gsize length)
{
  static const guint64 low[] = { BYTES (0), BYTES (1), BYTES (2), BYTES (3), BYTES (4), BYTES (5), BYTES (6), BYTES (7), BYTES (8), BYTES (8), BYTES (8), BYTES (8) };
  static const guint32 high[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, BYTES (1), BYTES (2), BYTES (3) };
  if (length > PATRON_INTERN_SHORT)
    return long_key (text, length);
  Key key = { .key = patron_load_8 (text) & low[length] };
  key.tag = ((guint32) patron_load_8 (text + 8) & high[length]) | (guint32) length << 24;
  key.hash = mix (key.key, key.tag);
  return key;
}

static Key
key_of (const char *text, gsize length)
{
  char padded[PATRON_PLAIN_PADDING] = { 0 };
  if (length > PATRON_INTERN_SHORT)
    return long_key (text, length);
  memcpy (padded, text, length);
  return key_of_padded (padded, length);
}

/* What is kept of a longer text. */
#define LONG_HEAD 16

static inline const char *
long_text (const PatronIntern *intern, const PatronInternEntry *entry, guint64 *hash, guint64 *length)
{
  const char *at = intern->bytes + entry->key;
  memcpy (hash, at, 8);
  memcpy (length, at + 8, 8);
  return at + LONG_HEAD;
}

const char *
patron_intern_text (const PatronIntern *intern, const PatronInternEntry *entry, char room[12], gsize *length)
{
  if (entry->tag >= PATRON_INTERN_LONG)
    {
      guint64 hash, long_length;
      const char *text = long_text (intern, entry, &hash, &long_length);
      *length = long_length;
      return text;
    }
  const guint64 key = GUINT64_TO_LE (entry->key);
  const guint32 tag = GUINT32_TO_LE (entry->tag);
  memcpy (room, &key, 8);
  memcpy (room + 8, &tag, 4);
  *length = entry->tag >> 24;
  return room;
}

guint64
patron_intern_hash (const PatronIntern *intern, const PatronInternEntry *entry)
{
  guint64 hash, length;
  if (entry->tag < PATRON_INTERN_LONG)
    return mix (entry->key, entry->tag);
  long_text (intern, entry, &hash, &length);
  return hash;
}

static inline gboolean
same_long (const char *a, const char *b, gsize length)
{
  if (length > 32)
    return memcmp (a, b, length) == 0;
  const Cover x = cover (a, length), y = cover (b, length);
  guint64 differs = 0;
  for (int k = 0; k < 4; k++)
    differs |= x.words[k] ^ y.words[k];
  return differs == 0;
}

gboolean
patron_intern_same (const PatronIntern *a, const PatronInternEntry *x, const PatronIntern *b, const PatronInternEntry *y)
{
  if (x->tag != y->tag)
    return FALSE;
  if (x->tag < PATRON_INTERN_LONG)
    return x->key == y->key;
  guint64 hash, length, other_hash, other_length;
  const char *text = long_text (a, x, &hash, &length), *other = long_text (b, y, &other_hash, &other_length);
  return hash == other_hash && length == other_length && same_long (text, other, length);
}

/* Few distinct values are many times looked up: a nearly empty table finds most of them at once. */
static inline gboolean
is_full (const PatronIntern *intern)
{
  return intern->n >= (intern->n_slots < 16384 ? intern->n_slots / 8 : intern->n_slots / 2);
}

static gboolean
grow_slots (PatronIntern *intern, GError **error)
{
  gsize n_slots = MAX (intern->n_slots * 2, 1024);
  PatronInternSlot *slots = patron_try_alloc0 (n_slots, sizeof *slots, "distinct values", error);
  if (slots == NULL)
    return FALSE;
  for (gsize i = 0; i < intern->n; i++)
    {
      const guint64 hash = patron_intern_hash (intern, &intern->entries[i]);
      gsize at = hash & (n_slots - 1);
      while (slots[at].code != 0)
        at = (at + 1) & (n_slots - 1);
      slots[at] = (PatronInternSlot) { .check = hash >> 32, .code = i + 1 };
    }
  patron_free (intern->slots);
  intern->slots = slots;
  intern->n_slots = n_slots;
  return TRUE;
}

/* A longer text among the bytes. */
static gboolean
append_long (PatronIntern *intern, const char *text, gsize length, guint64 hash, GError **error)
{
  const gsize needed = LONG_HEAD + length + 1;
  const guint64 stored = length;
  if (intern->n_bytes + needed > intern->bytes_size)
    {
      gsize size = MAX (intern->bytes_size * 2, intern->n_bytes + needed + 1024);
      char *bytes = patron_try_realloc (intern->bytes, intern->bytes_size, size, 1, "distinct values", error);
      if (bytes == NULL)
        return FALSE;
      intern->bytes = bytes;
      intern->bytes_size = size;
    }
  char *at = intern->bytes + intern->n_bytes;
  memcpy (at, &hash, 8);
  memcpy (at + 8, &stored, 8);
  memcpy (at + LONG_HEAD, text, length);
  at[LONG_HEAD + length] = '\0';
  intern->n_bytes += needed;
  return TRUE;
}

static gboolean
append (PatronIntern *intern, const char *text, gsize length, const Key *key, guint32 row, GError **error)
{
  if (intern->n == intern->size)
    {
      gsize size = MAX (intern->size * 2, 64);
      PatronInternEntry *entries = patron_try_realloc (intern->entries, intern->size, size, sizeof *entries, "distinct values", error);
      if (entries == NULL)
        return FALSE;
      intern->entries = entries;
      intern->size = size;
    }
  PatronInternEntry entry = { .key = key->key, .tag = key->tag, .row = row };
  if (length > PATRON_INTERN_SHORT)
    {
      entry.key = intern->n_bytes;
      if (!append_long (intern, text, length, key->hash, error))
        return FALSE;
    }
  intern->entries[intern->n++] = entry;
  intern->longest = MAX (intern->longest, length);
  return TRUE;
}

static inline gboolean
is_ascii (const char *text, gsize length)
{
  guchar any = 0, zero = 0;
  for (gsize i = 0; i < length; i++)
    {
      any |= (guchar) text[i];
      zero |= text[i] == 0;
    }
  return any < 0x80 && !zero;
}

/* Dictionaries hold UTF-8 without NUL. */
static gint32
add_repaired (PatronIntern *intern, const char *text, gsize length, guint32 row, GError **error)
{
  GString *clean = g_string_sized_new (length + 8);
  for (const char *p = text, *end = text + length; p < end;)
    {
      const char *bad;
      if (g_utf8_validate (p, end - p, &bad))
        bad = end;
      g_string_append_len (clean, p, bad - p);
      if (bad < end)
        {
          g_string_append (clean, "\xef\xbf\xbd");
          bad++;
        }
      p = bad;
    }
  if (!intern->changed)
    intern->changed_row = row;
  intern->changed = TRUE;
  gint32 code = patron_intern_add (intern, clean->str, clean->len, row, error);
  g_string_free (clean, TRUE);
  return code;
}

static gint32
add_new (PatronIntern *intern, const char *text, gsize length, const Key *key, gsize at, guint32 row, GError **error)
{
  if (!is_ascii (text, length) && !g_utf8_validate (text, length, NULL))
    return add_repaired (intern, text, length, row, error);
  if (intern->n >= G_MAXINT32)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("A column has more than 2,147,483,647 distinct texts; expected fewer."));
      return -1;
    }
  if (!append (intern, text, length, key, row, error))
    return -1;
  intern->slots[at] = (PatronInternSlot) { .check = key->hash >> 32, .code = intern->n };
  return intern->n - 1;
}

static inline gboolean
is_entry (const PatronIntern *intern, const PatronInternEntry *entry, const Key *key, const char *text, gsize length)
{
  if (entry->tag != key->tag)
    return FALSE;
  if (length <= PATRON_INTERN_SHORT)
    return entry->key == key->key;
  guint64 hash, long_length;
  const char *other = long_text (intern, entry, &hash, &long_length);
  return long_length == length && same_long (other, text, length);
}

static inline gint32
add_key (PatronIntern *intern, const char *text, gsize length, const Key *key, guint32 row, GError **error)
{
  if (G_UNLIKELY (is_full (intern)) && !grow_slots (intern, error))
    return -1;
  const gsize mask = intern->n_slots - 1;
  const guint32 check = key->hash >> 32;
  gsize at = key->hash & mask;
  for (; intern->slots[at].code != 0; at = (at + 1) & mask)
    {
      const PatronInternSlot slot = intern->slots[at];
      if (slot.check == check && is_entry (intern, &intern->entries[slot.code - 1], key, text, length))
        return slot.code - 1;
    }
  return add_new (intern, text, length, key, at, row, error);
}

gint32
patron_intern_add (PatronIntern *intern, const char *text, gsize length, guint32 row, GError **error)
{
  const Key key = key_of (text, length);
  return add_key (intern, text, length, &key, row, error);
}

/* What the search for each key will touch, from far memory. */
static void
prefetch (const PatronIntern *intern, const Key *keys, gsize n)
{
  const gsize mask = intern->n_slots - 1;
  gboolean any_long = FALSE;
  for (gsize i = 0; i < n; i++)
    {
      __builtin_prefetch (&intern->slots[keys[i].hash & mask]);
      any_long |= keys[i].tag >= PATRON_INTERN_LONG;
    }
  for (gsize i = 0; i < n; i++)
    {
      const guint32 code = intern->slots[keys[i].hash & mask].code;
      if (code != 0)
        __builtin_prefetch (&intern->entries[code - 1]);
    }
  for (gsize i = 0; any_long && i < n; i++)
    {
      const guint32 code = intern->slots[keys[i].hash & mask].code;
      if (code != 0 && intern->entries[code - 1].tag >= PATRON_INTERN_LONG)
        __builtin_prefetch (intern->bytes + intern->entries[code - 1].key);
    }
}

gboolean
patron_intern_add_many (PatronIntern *intern, const char *const *texts, const guint32 *lengths, const guint32 *rows, gsize n, gint32 *codes, GError **error)
{
  Key keys[PATRON_INTERN_BATCH];
  for (gsize i = 0; i < n; i++)
    keys[i] = key_of_padded (texts[i], lengths[i]);
  if (intern->n >= FAR)
    prefetch (intern, keys, n);
  for (gsize i = 0; i < n; i++)
    if ((codes[i] = add_key (intern, texts[i], lengths[i], &keys[i], rows[i], error)) < 0)
      return FALSE;
  return TRUE;
}
