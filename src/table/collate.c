/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/collate.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "table/radix-rows.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/ustring.h>

enum { BLOCK = 4096 };

/* ---- the rules ---------------------------------------------------------------------------------------------- */

/* NULL when ICU has no rules at all: bytes decide then. */
static UCollator *
open_rules (void)
{
  g_autofree char *locale = g_strdup (setlocale (LC_COLLATE, NULL));
  char *end = locale != NULL ? strpbrk (locale, ".@") : NULL;
  if (end != NULL)
    *end = '\0';
  gboolean none = locale == NULL || strcmp (locale, "C") == 0 || strcmp (locale, "POSIX") == 0;
  UErrorCode status = U_ZERO_ERROR;
  UCollator *rules = ucol_open (none ? "root" : locale, &status);
  int32_t length = 0;
  if (U_SUCCESS (status))
    ucol_getRules (rules, &length);
  if (U_SUCCESS (status) && length > 0)
    return rules;
  /* A language without rules of its own: those of Chinese say nothing of other scripts but that they come last, which is undone. */
  UErrorCode chinese_status = U_ZERO_ERROR;
  UCollator *chinese = ucol_open ("zh@collation=pinyin", &chinese_status);
  const int32_t usual[] = { UCOL_REORDER_CODE_NONE };
  if (U_SUCCESS (chinese_status))
    ucol_setReorderCodes (chinese, usual, 1, &chinese_status);
  if (U_FAILURE (chinese_status))
    {
      if (chinese != NULL)
        ucol_close (chinese);
      return U_SUCCESS (status) ? rules : NULL;
    }
  if (rules != NULL)
    ucol_close (rules);
  return chinese;
}

/* ---- sort keys ---------------------------------------------------------------------------------------------- */

/* The sort keys of BLOCK strings, one after the other. */
typedef struct
{
  GByteArray *bytes;
  guint32     start[BLOCK];
} KeyBlock;

typedef struct
{
  PatronDict *dict;
  UCollator  *rules;
  KeyBlock   *blocks;
  guint64    *prefixes;     /* the first eight bytes of each key, as a number */
} Keys;

/* The key of one string (without its closing zero) appended to bytes. What ICU cannot take stays as it is. */
static void
append_key (const UCollator *rules, const char *string, gsize length, GArray *wide, GByteArray *bytes)
{
  UErrorCode status = U_ZERO_ERROR;
  int32_t wide_length = 0;
  if (rules == NULL || length > G_MAXINT32 / 8)
    {
      g_byte_array_append (bytes, (const guint8 *) string, (guint) length);
      return;
    }
  if (wide->len < length + 1)
    g_array_set_size (wide, (guint) length + 1);
  u_strFromUTF8WithSub ((UChar *) (gpointer) wide->data, (int32_t) wide->len, &wide_length, string, (int32_t) length, 0xfffd, NULL, &status);
  guint before = bytes->len, room = (guint) length * 4 + 16;
  g_byte_array_set_size (bytes, before + room);
  int32_t needed = ucol_getSortKey (rules, (const UChar *) (gpointer) wide->data, wide_length, bytes->data + before, (int32_t) room);
  if (needed > (int32_t) room)
    {
      g_byte_array_set_size (bytes, before + (guint) needed);
      needed = ucol_getSortKey (rules, (const UChar *) (gpointer) wide->data, wide_length, bytes->data + before, needed);
    }
  g_byte_array_set_size (bytes, before + (guint) MAX (needed - 1, 0));
}

static guint64
prefix_of (const guint8 *key, gsize length)
{
  guint64 prefix = 0;
  memcpy (&prefix, key, MIN (length, sizeof prefix));
  return GUINT64_FROM_BE (prefix);
}

static void
make_keys (gsize begin, gsize end, int worker, gpointer data)
{
  Keys *keys = data;
  KeyBlock *block = &keys->blocks[begin / BLOCK];
  UErrorCode status = U_ZERO_ERROR;
  UCollator *rules = keys->rules != NULL ? ucol_clone (keys->rules, &status) : NULL;
  g_autoptr (GArray) wide = g_array_new (FALSE, FALSE, sizeof (UChar));
  block->bytes = g_byte_array_new ();
  for (gsize i = begin; i < end; i++)
    {
      gint32 code = (gint32) i;
      guint32 start = block->start[i - begin] = block->bytes->len;
      append_key (rules, patron_dict_get (keys->dict, code), patron_dict_length (keys->dict, code), wide, block->bytes);
      keys->prefixes[i] = prefix_of (block->bytes->data + start, block->bytes->len - start);
    }
  if (rules != NULL)
    ucol_close (rules);
}

static const guint8 *
key_of (const Keys *keys, guint32 code, gsize *length)
{
  const KeyBlock *block = &keys->blocks[code / BLOCK];
  guint at = code % BLOCK;
  gboolean last = at == BLOCK - 1 || code + 1 == patron_dict_size (keys->dict);
  *length = (last ? block->bytes->len : block->start[at + 1]) - block->start[at];
  return block->bytes->data + block->start[at];
}

static int
compare_keys (gconstpointer a, gconstpointer b, gpointer data)
{
  const Keys *keys = data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;
  gsize x_length, y_length;
  const guint8 *x_key = key_of (keys, x, &x_length), *y_key = key_of (keys, y, &y_length);
  int order = memcmp (x_key, y_key, MIN (x_length, y_length));
  if (order == 0)
    order = x_length < y_length ? -1 : x_length > y_length;
  return order != 0 ? order : strcmp (patron_dict_get (keys->dict, (gint32) x), patron_dict_get (keys->dict, (gint32) y));
}

/* ---- ranks -------------------------------------------------------------------------------------------------- */

/* order is by prefix; what has the same prefix is put in order by the whole key. */
static gboolean
settle_ties (Keys *keys, guint32 *order, gsize n, PatronRun *run, GError **error)
{
  for (gsize i = 0; i < n; )
    {
      gsize j = i + 1;
      while (j < n && keys->prefixes[j] == keys->prefixes[i])
        j++;
      if (j - i > 1)
        {
          if (!patron_run_check (run, error))
            return FALSE;
          g_qsort_with_data (order + i, (gint) (j - i), sizeof *order, compare_keys, keys);
        }
      i = j;
    }
  return TRUE;
}

static gboolean
order_codes (Keys *keys, guint32 *order, gsize n, PatronRun *run, GError **error)
{
  if (!patron_parallel_for (run, n, BLOCK, make_keys, keys))
    return patron_run_check (run, error);
  for (gsize i = 0; i < n; i++)
    order[i] = (guint32) i;
  return patron_radix_sort_rows (keys->prefixes, order, n, 64, run, error) && settle_ties (keys, order, n, run, error);
}

guint32 *
patron_dict_ranks (PatronDict *dict, PatronRun *run, GError **error)
{
  gsize n = patron_dict_size (dict), n_blocks = n / BLOCK + 1;
  Keys keys = { .dict = dict };
  keys.blocks = patron_try_alloc0_values (n_blocks, sizeof *keys.blocks, _("sorting texts"), error);
  keys.prefixes = keys.blocks != NULL ? patron_try_alloc_values (n, sizeof *keys.prefixes, _("sorting texts"), error) : NULL;
  guint32 *order = keys.prefixes != NULL ? patron_try_alloc_values (n, sizeof *order, _("sorting texts"), error) : NULL;
  guint32 *ranks = order != NULL ? patron_try_alloc_values (n, sizeof *ranks, _("sorting texts"), error) : NULL;
  if (ranks != NULL)
    {
      keys.rules = open_rules ();
      if (order_codes (&keys, order, n, run, error))
        for (gsize i = 0; i < n; i++)
          ranks[order[i]] = (guint32) i;
      else
        g_clear_pointer (&ranks, patron_free);
      if (keys.rules != NULL)
        ucol_close (keys.rules);
    }
  for (gsize b = 0; keys.blocks != NULL && b < n_blocks; b++)
    if (keys.blocks[b].bytes != NULL)
      g_byte_array_unref (keys.blocks[b].bytes);
  patron_free (keys.blocks);
  patron_free (keys.prefixes);
  patron_free (order);
  return ranks;
}
