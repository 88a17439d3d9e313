/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/dict.h"

#include "base/memory.h"

#include <string.h>

struct _PatronDict
{
  gatomicrefcount references;
  gsize           n;
  guint64        *offsets;    /* n + 1 */
  char           *bytes;
};

PatronDict *
patron_dict_new_take (guint64 *offsets, gsize n, char *bytes)
{
  PatronDict *dict = g_new (PatronDict, 1);
  g_atomic_ref_count_init (&dict->references);
  dict->n = n;
  dict->offsets = offsets;
  dict->bytes = bytes;
  return dict;
}

PatronDict *
patron_dict_new (const char *const *strings, gsize n)
{
  PatronDictBuilder *builder = patron_dict_builder_new ();
  for (gsize i = 0; i < n; i++)
    patron_dict_builder_add (builder, strings[i], -1);
  return patron_dict_builder_finish (builder);
}

PatronDict *
patron_dict_ref (PatronDict *dict)
{
  g_atomic_ref_count_inc (&dict->references);
  return dict;
}

void
patron_dict_unref (PatronDict *dict)
{
  if (!g_atomic_ref_count_dec (&dict->references))
    return;
  patron_free (dict->offsets);
  patron_free (dict->bytes);
  g_free (dict);
}

gsize
patron_dict_size (const PatronDict *dict)
{
  return dict->n;
}

const char *
patron_dict_get (const PatronDict *dict, gint32 code)
{
  return code >= 0 && (gsize) code < dict->n ? dict->bytes + dict->offsets[code] : "";
}

gsize
patron_dict_length (const PatronDict *dict, gint32 code)
{
  return code >= 0 && (gsize) code < dict->n ? dict->offsets[code + 1] - dict->offsets[code] - 1 : 0;
}

gint32
patron_dict_find (const PatronDict *dict, const char *string)
{
  gsize length = strlen (string);
  for (gsize i = 0; i < dict->n; i++)
    if (patron_dict_length (dict, i) == length && memcmp (dict->bytes + dict->offsets[i], string, length) == 0)
      return (gint32) i;
  return -1;
}

const guint64 *
patron_dict_offsets (const PatronDict *dict)
{
  return dict->offsets;
}

const char *
patron_dict_bytes (const PatronDict *dict)
{
  return dict->bytes;
}

/* ---- builder: open addressing, linear probing, at most half full ---------------------------------------------------- */

struct _PatronDictBuilder
{
  gsize    n, capacity;          /* strings */
  guint64 *offsets;              /* capacity + 1 */
  char    *bytes;
  gsize    n_bytes, byte_capacity;
  gint32  *slots;                /* n_slots, -1: free */
  guint32 *hashes;               /* of string i */
  gsize    n_slots;              /* power of two */
};

#define PURPOSE "dictionary"

/* Without its first blocks a builder takes no string, and its dictionary cannot be made. */
static gboolean
is_whole (const PatronDictBuilder *builder)
{
  return builder->offsets != NULL && builder->hashes != NULL && builder->bytes != NULL && builder->slots != NULL;
}

PatronDictBuilder *
patron_dict_builder_new (void)
{
  PatronDictBuilder *builder = g_new0 (PatronDictBuilder, 1);
  builder->capacity = 16;
  builder->offsets = patron_try_alloc0 (builder->capacity + 1, sizeof *builder->offsets, PURPOSE, NULL);
  builder->hashes = patron_try_alloc (builder->capacity, sizeof *builder->hashes, PURPOSE, NULL);
  builder->byte_capacity = 256;
  builder->bytes = patron_try_alloc (builder->byte_capacity, 1, PURPOSE, NULL);
  builder->n_slots = 64;
  builder->slots = patron_try_alloc (builder->n_slots, sizeof *builder->slots, PURPOSE, NULL);
  if (is_whole (builder))
    memset (builder->slots, 0xff, builder->n_slots * sizeof *builder->slots);
  return builder;
}

void
patron_dict_builder_free (PatronDictBuilder *builder)
{
  patron_free (builder->offsets);
  patron_free (builder->hashes);
  patron_free (builder->bytes);
  patron_free (builder->slots);
  g_free (builder);
}

gsize
patron_dict_builder_size (const PatronDictBuilder *builder)
{
  return builder->n;
}

/* FNV-1a over 8 bytes at a time, with a final mix. */
static guint32
hash_string (const char *string, gsize length)
{
  guint64 h = G_GUINT64_CONSTANT (0xcbf29ce484222325) ^ length;
  for (; length >= 8; string += 8, length -= 8)
    {
      guint64 word;
      memcpy (&word, string, 8);
      h = (h ^ word) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      h ^= h >> 32;
    }
  guint64 word = 0;
  memcpy (&word, string, length);
  h = (h ^ word) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint32) (h >> 32) ^ (guint32) h;
}

static void
insert_slot (PatronDictBuilder *builder, gint32 code)
{
  gsize mask = builder->n_slots - 1;
  gsize slot = builder->hashes[code] & mask;
  while (builder->slots[slot] >= 0)
    slot = (slot + 1) & mask;
  builder->slots[slot] = code;
}

static gboolean
grow_strings (PatronDictBuilder *builder)
{
  gsize capacity = builder->capacity * 2;
  guint64 *offsets = patron_try_realloc (builder->offsets, builder->n + 1, capacity + 1, sizeof *offsets, PURPOSE, NULL);
  if (offsets == NULL)
    return FALSE;
  builder->offsets = offsets;
  guint32 *hashes = patron_try_realloc (builder->hashes, builder->n, capacity, sizeof *hashes, PURPOSE, NULL);
  if (hashes == NULL)
    return FALSE;
  builder->hashes = hashes;
  builder->capacity = capacity;
  return TRUE;
}

static gboolean
grow_slots (PatronDictBuilder *builder)
{
  gint32 *slots = patron_try_alloc (builder->n_slots * 2, sizeof *slots, PURPOSE, NULL);
  if (slots == NULL)
    return FALSE;
  patron_free (builder->slots);
  builder->slots = slots;
  builder->n_slots *= 2;
  memset (slots, 0xff, builder->n_slots * sizeof *slots);
  for (gsize i = 0; i < builder->n; i++)
    insert_slot (builder, (gint32) i);
  return TRUE;
}

static gboolean
append_bytes (PatronDictBuilder *builder, const char *string, gsize length)
{
  gsize needed = builder->n_bytes + length + 1;
  if (needed > builder->byte_capacity)
    {
      gsize capacity = MAX (needed, builder->byte_capacity * 2);
      char *bytes = patron_try_realloc (builder->bytes, builder->n_bytes, capacity, 1, PURPOSE, NULL);
      if (bytes == NULL)
        return FALSE;
      builder->bytes = bytes;
      builder->byte_capacity = capacity;
    }
  memcpy (builder->bytes + builder->n_bytes, string, length);
  builder->bytes[builder->n_bytes + length] = '\0';
  builder->n_bytes = needed;
  return TRUE;
}

gint32
patron_dict_builder_add (PatronDictBuilder *builder, const char *string, gssize signed_length)
{
  if (!is_whole (builder))
    return -1;
  gsize length = signed_length < 0 ? strlen (string) : (gsize) signed_length;
  guint32 hash = hash_string (string, length);
  gsize mask = builder->n_slots - 1;
  for (gsize slot = hash & mask; builder->slots[slot] >= 0; slot = (slot + 1) & mask)
    {
      gint32 code = builder->slots[slot];
      if (builder->hashes[code] == hash && builder->offsets[code + 1] - builder->offsets[code] - 1 == length
          && memcmp (builder->bytes + builder->offsets[code], string, length) == 0)
        return code;
    }
  if (builder->n >= G_MAXINT32
      || (builder->n == builder->capacity && !grow_strings (builder))
      || ((builder->n + 1) * 2 > builder->n_slots && !grow_slots (builder))
      || !append_bytes (builder, string, length))
    return -1;
  gint32 code = (gint32) builder->n++;
  builder->hashes[code] = hash;
  builder->offsets[code + 1] = builder->n_bytes;
  insert_slot (builder, code);
  return code;
}

PatronDict *
patron_dict_builder_finish (PatronDictBuilder *builder)
{
  PatronDict *dict = is_whole (builder) ? patron_dict_new_take (g_steal_pointer (&builder->offsets), builder->n, g_steal_pointer (&builder->bytes)) : NULL;
  patron_dict_builder_free (builder);
  return dict;
}
