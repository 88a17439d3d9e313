/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-intern.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/memory.h"
#include "table/csv-key.h"

void
patron_intern_clear (PatronIntern *intern)
{
  patron_free (intern->slots);
  patron_free (intern->entries);
  patron_free (intern->bytes);
  memset (intern, 0, sizeof *intern);
}

static PatronInternKey
key_of (const char *text, gsize length)
{
  char padded[PATRON_PLAIN_PADDING] = { 0 };
  if (length > PATRON_INTERN_SHORT)
    return patron_intern_long_key (text, length);
  memcpy (padded, text, length);
  return patron_intern_padded_key (padded, length);
}

const char *
patron_intern_text (const PatronIntern *intern, const PatronInternEntry *entry, char room[12], gsize *length)
{
  if (entry->tag >= PATRON_INTERN_LONG)
    {
      guint64 hash, long_length;
      const char *text = patron_intern_long_text (intern, entry, &hash, &long_length);
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
    return patron_intern_mix (entry->key, entry->tag);
  patron_intern_long_text (intern, entry, &hash, &length);
  return hash;
}

gboolean
patron_intern_same (const PatronIntern *a, const PatronInternEntry *x, const PatronIntern *b, const PatronInternEntry *y)
{
  if (x->tag != y->tag)
    return FALSE;
  if (x->tag < PATRON_INTERN_LONG)
    return x->key == y->key;
  guint64 hash, length, other_hash, other_length;
  const char *text = patron_intern_long_text (a, x, &hash, &length), *other = patron_intern_long_text (b, y, &other_hash, &other_length);
  return hash == other_hash && length == other_length && patron_intern_same_long (text, other, length);
}

/* Few distinct values are many times looked up: a nearly empty table finds most of them at once. A large one is filled for the memory's sake. */
static inline gboolean
is_full (const PatronIntern *intern)
{
  return intern->n >= (intern->n_slots < 16384 ? intern->n_slots / 8 : intern->n_slots / 4 * 3);
}

static gboolean
grow_slots (PatronIntern *intern, GError **error)
{
  gsize n_slots = MAX (intern->n_slots * 2, 1024);
  PatronInternSlot *slots = patron_try_alloc0_values (n_slots, sizeof *slots, "distinct values", error);
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
  const gsize needed = PATRON_INTERN_LONG_HEAD + length + 1;
  const guint64 stored = length;
  if (intern->n_bytes + needed > intern->bytes_size)
    {
      gsize size = MAX (intern->bytes_size * 2, intern->n_bytes + needed + 1024);
      char *bytes = patron_try_realloc_values (intern->bytes, intern->bytes_size, size, 1, "distinct values", error);
      if (bytes == NULL)
        return FALSE;
      intern->bytes = bytes;
      intern->bytes_size = size;
    }
  char *at = intern->bytes + intern->n_bytes;
  memcpy (at, &hash, 8);
  memcpy (at + 8, &stored, 8);
  memcpy (at + PATRON_INTERN_LONG_HEAD, text, length);
  at[PATRON_INTERN_LONG_HEAD + length] = '\0';
  intern->n_bytes += needed;
  return TRUE;
}

static gboolean
append (PatronIntern *intern, const char *text, gsize length, const PatronInternKey *key, guint32 row, GError **error)
{
  if (intern->n == intern->size)
    {
      gsize size = intern->size < 65536 ? MAX (intern->size * 2, 64) : intern->size / 2 * 3;
      PatronInternEntry *entries = patron_try_realloc_values (intern->entries, intern->size, size, sizeof *entries, "distinct values", error);
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
add_new (PatronIntern *intern, const char *text, gsize length, const PatronInternKey *key, gsize at, guint32 row, GError **error)
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

static inline gint32
add_key (PatronIntern *intern, const char *text, gsize length, const PatronInternKey *key, guint32 row, GError **error)
{
  if (G_UNLIKELY (is_full (intern)) && !grow_slots (intern, error))
    return -1;
  const gsize mask = intern->n_slots - 1;
  const guint32 check = key->hash >> 32;
  gsize at = key->hash & mask;
  for (; intern->slots[at].code != 0; at = (at + 1) & mask)
    {
      const PatronInternSlot slot = intern->slots[at];
      if (slot.check == check && patron_intern_is_entry (intern, &intern->entries[slot.code - 1], key, text, length))
        return slot.code - 1;
    }
  return add_new (intern, text, length, key, at, row, error);
}

gint32
patron_intern_add (PatronIntern *intern, const char *text, gsize length, guint32 row, GError **error)
{
  const PatronInternKey key = key_of (text, length);
  return add_key (intern, text, length, &key, row, error);
}

/* What the search for each key will touch, from far memory. */
static void
prefetch (const PatronIntern *intern, const PatronInternKey *keys, gsize n)
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
  PatronInternKey keys[PATRON_INTERN_BATCH];
  for (gsize i = 0; i < n; i++)
    keys[i] = patron_intern_padded_key (texts[i], lengths[i]);
  if (intern->n >= PATRON_INTERN_FAR)
    prefetch (intern, keys, n);
  for (gsize i = 0; i < n; i++)
    if ((codes[i] = add_key (intern, texts[i], lengths[i], &keys[i], rows[i], error)) < 0)
      return FALSE;
  return TRUE;
}
