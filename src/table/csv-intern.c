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

#define MAX_SHORT 11
#define LONG_TAG 0xff000000u

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

static inline Key
key_of_words (guint64 low, guint64 high, gsize length)
{
  Key key = { .key = low, .tag = (guint32) high | (guint32) length << 24 };
  key.hash = mix (low, key.tag);
  return key;
}

static inline Key
long_key (const char *text, gsize length)
{
  Key key = { .key = XXH3_64bits (text, length) };
  key.hash = key.key;
  key.tag = LONG_TAG | (guint32) (length & 0xffffff);
  return key;
}

/* The text must be followed by padding. */
static inline Key
key_of_padded (const char *text, gsize length)
{
  if (length > MAX_SHORT)
    return long_key (text, length);
  guint64 low = patron_load_8 (text), high = 0;
  if (length < 8)
    low &= (G_GUINT64_CONSTANT (1) << 8 * length) - 1;
  else
    high = patron_load_8 (text + 8) & ((G_GUINT64_CONSTANT (1) << 8 * (length - 8)) - 1);
  return key_of_words (low, high, length);
}

static Key
key_of (const char *text, gsize length)
{
  char padded[PATRON_PLAIN_PADDING] = { 0 };
  if (length > MAX_SHORT)
    return long_key (text, length);
  memcpy (padded, text, length);
  return key_of_padded (padded, length);
}

static inline guint64
hash_of_slot (const PatronInternSlot *slot)
{
  return slot->tag >= LONG_TAG ? slot->key : mix (slot->key, slot->tag);
}

/* Small tables are kept half empty; large ones fill up to seven eighths, which four places to a cache line make bearable. */
static inline gboolean
is_full (const PatronIntern *intern)
{
  return intern->n_slots < 65536 ? intern->n * 2 >= intern->n_slots : intern->n >= intern->n_slots / 8 * 7;
}

static gboolean
grow_slots (PatronIntern *intern, GError **error)
{
  gsize n_slots = MAX (intern->n_slots * 2, 256);
  PatronInternSlot *slots = patron_try_alloc0 (n_slots, sizeof *slots, "distinct values", error);
  if (slots == NULL)
    return FALSE;
  for (gsize i = 0; i < intern->n_slots; i++)
    {
      const PatronInternSlot *slot = &intern->slots[i];
      if (slot->code == 0)
        continue;
      gsize at = hash_of_slot (slot) & (n_slots - 1);
      while (slots[at].code != 0)
        at = (at + 1) & (n_slots - 1);
      slots[at] = *slot;
    }
  patron_free (intern->slots);
  intern->slots = slots;
  intern->n_slots = n_slots;
  return TRUE;
}

static gboolean
append (PatronIntern *intern, const char *text, gsize length, guint32 row, GError **error)
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
  if (intern->n_bytes + length + 1 > intern->bytes_size)
    {
      gsize size = MAX (intern->bytes_size * 2, intern->n_bytes + length + 1024);
      char *bytes = patron_try_realloc (intern->bytes, intern->bytes_size, size, 1, "distinct values", error);
      if (bytes == NULL)
        return FALSE;
      intern->bytes = bytes;
      intern->bytes_size = size;
    }
  intern->entries[intern->n++] = (PatronInternEntry) { .offset = intern->n_bytes, .length = length, .row = row };
  memcpy (intern->bytes + intern->n_bytes, text, length);
  intern->bytes[intern->n_bytes + length] = '\0';
  intern->n_bytes += length + 1;
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

/* Most texts are short: compared by overlapping words, without a call. */
static inline gboolean
same_bytes (const char *a, const char *b, gsize n)
{
  guint64 x, y, u, v;
  if (n > 16)
    return memcmp (a, b, n) == 0;
  if (n >= 8)
    {
      memcpy (&x, a, 8);
      memcpy (&y, b, 8);
      memcpy (&u, a + n - 8, 8);
      memcpy (&v, b + n - 8, 8);
      return ((x ^ y) | (u ^ v)) == 0;
    }
  if (n >= 4)
    {
      guint32 p, q, r, s;
      memcpy (&p, a, 4);
      memcpy (&q, b, 4);
      memcpy (&r, a + n - 4, 4);
      memcpy (&s, b + n - 4, 4);
      return ((p ^ q) | (r ^ s)) == 0;
    }
  for (gsize i = 0; i < n; i++)
    if (a[i] != b[i])
      return FALSE;
  return TRUE;
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
  if (!append (intern, text, length, row, error))
    return -1;
  intern->slots[at] = (PatronInternSlot) { .key = key->key, .tag = key->tag, .code = intern->n };
  return intern->n - 1;
}

static inline gint32
add_key (PatronIntern *intern, const char *text, gsize length, const Key *key, guint32 row, GError **error)
{
  if (G_UNLIKELY (is_full (intern)) && !grow_slots (intern, error))
    return -1;
  const gsize mask = intern->n_slots - 1;
  gsize at = key->hash & mask;
  for (; intern->slots[at].code != 0; at = (at + 1) & mask)
    {
      const PatronInternSlot *slot = &intern->slots[at];
      if (slot->key != key->key || slot->tag != key->tag)
        continue;
      if (length <= MAX_SHORT)
        return slot->code - 1;
      const PatronInternEntry *entry = &intern->entries[slot->code - 1];
      if (entry->length == length && same_bytes (intern->bytes + entry->offset, text, length))
        return slot->code - 1;
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
      any_long |= keys[i].tag >= LONG_TAG;
    }
  if (!any_long)
    return;
  for (gsize i = 0; i < n; i++)
    {
      const guint32 code = intern->slots[keys[i].hash & mask].code;
      if (code != 0)
        __builtin_prefetch (&intern->entries[code - 1]);
    }
  for (gsize i = 0; i < n; i++)
    {
      const guint32 code = intern->slots[keys[i].hash & mask].code;
      if (code != 0)
        __builtin_prefetch (intern->bytes + intern->entries[code - 1].offset);
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

/* The worker whose next entry appeared first; -1 when all are done. */
static int
next_worker (PatronIntern *workers, int n_workers, const gsize *at)
{
  int best = -1;
  guint32 row = 0;
  for (int w = 0; w < n_workers; w++)
    if (at[w] < workers[w].n && (best < 0 || workers[w].entries[at[w]].row < row))
      {
        best = w;
        row = workers[w].entries[at[w]].row;
      }
  return best;
}

/* The merged entries, as indices into the workers' own. */
typedef struct
{
  guint32 worker, code;
} Source;

static gboolean
merge_entries (PatronIntern *workers, int n_workers, gint32 **maps, Source *sources, guint64 *slots, gsize n_slots, gsize *n, gsize *n_bytes)
{
  g_autofree gsize *at = g_new0 (gsize, n_workers);
  int w;
  while ((w = next_worker (workers, n_workers, at)) >= 0)
    {
      gsize code = at[w]++;
      const PatronInternEntry *entry = &workers[w].entries[code];
      const guint64 hash = key_of (workers[w].bytes + entry->offset, entry->length).hash;
      gsize slot = hash & (n_slots - 1);
      gint32 found = -1;
      for (; slots[slot] != 0; slot = (slot + 1) & (n_slots - 1))
        {
          if ((slots[slot] ^ hash) >> 32 != 0)
            continue;
          const Source *source = &sources[(guint32) slots[slot] - 1];
          const PatronInternEntry *other = &workers[source->worker].entries[source->code];
          if (other->length == entry->length
              && memcmp (workers[source->worker].bytes + other->offset, workers[w].bytes + entry->offset, entry->length) == 0)
            {
              found = (guint32) slots[slot] - 1;
              break;
            }
        }
      if (found < 0)
        {
          sources[*n] = (Source) { w, code };
          found = (*n)++;
          *n_bytes += entry->length + 1;
          slots[slot] = (hash & ~0xffffffffull) | *n;
        }
      maps[w][code] = found;
    }
  return TRUE;
}

PatronDict *
patron_intern_merge (PatronIntern *workers, int n_workers, gint32 **maps, GError **error)
{
  gsize total = 0, n = 0, n_bytes = 0, n_slots = 256;
  for (int w = 0; w < n_workers; w++)
    {
      /* Nothing is looked up any more. */
      g_clear_pointer (&workers[w].slots, patron_free);
      workers[w].n_slots = 0;
      total += workers[w].n;
    }
  while (n_slots < total + total / 4)
    n_slots *= 2;
  for (int w = 0; w < n_workers; w++)
    if ((maps[w] = patron_try_alloc (workers[w].n, sizeof (gint32), "distinct values", error)) == NULL)
      return NULL;
  Source *sources = patron_try_alloc (total, sizeof *sources, "distinct values", error);
  guint64 *slots = sources != NULL ? patron_try_alloc0 (n_slots, sizeof *slots, "distinct values", error) : NULL;
  guint64 *offsets = NULL;
  char *bytes = NULL;
  if (slots != NULL)
    {
      merge_entries (workers, n_workers, maps, sources, slots, n_slots, &n, &n_bytes);
      offsets = patron_try_alloc (n + 1, sizeof *offsets, "distinct values", error);
      bytes = offsets != NULL ? patron_try_alloc (n_bytes, 1, "distinct values", error) : NULL;
    }
  PatronDict *dict = NULL;
  if (bytes != NULL)
    {
      gsize used = 0;
      for (gsize i = 0; i < n; i++)
        {
          const PatronIntern *worker = &workers[sources[i].worker];
          const PatronInternEntry *entry = &worker->entries[sources[i].code];
          offsets[i] = used;
          memcpy (bytes + used, worker->bytes + entry->offset, entry->length + 1);
          used += entry->length + 1;
        }
      offsets[n] = used;
      dict = patron_dict_new_take (offsets, n, bytes);
    }
  else
    patron_free (offsets);
  patron_free (slots);
  patron_free (sources);
  return dict;
}
