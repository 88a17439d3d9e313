/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/profile-private.h"

#include <math.h>
#include <string.h>

#include "table/disguised.h"

/* From here on a column without repeats may be an identifier; with fewer rows that is no surprise. */
#define FEW_ROWS 20
#define ID_SHARE 0.98
#define LONG_TEXT 40.0

gsize
patron_count_characters (const char *text, gsize bytes)
{
  gsize n = 0;
  for (gsize i = 0; i < bytes; i++)
    n += ((guint8) text[i] & 0xc0) != 0x80;
  return n;
}

void
patron_profile_find_number_suspects (PatronProfile *p, const guint64 *keys, const double *sorted)
{
  gsize n = p->n_values, low = 1, high = 1;
  if (p->type == PATRON_TYPE_BOOLEAN || p->n_distinct < 4)
    return;
  while (low < n && keys[low] == keys[0])
    low++;
  while (high < n && keys[n - 1 - high] == keys[n - 1])
    high++;
  if (low < n && patron_value_is_disguised_missing (p->type, sorted[0], sorted[low]))
    patron_frequency_offer (p->suspects, &p->n_suspects, PATRON_PROFILE_SUSPECTS, (PatronFrequency) { .value = sorted[0], .code = -1, .count = low });
  if (high < n && patron_value_is_disguised_missing (p->type, sorted[n - 1], sorted[n - 1 - high]))
    patron_frequency_offer (p->suspects, &p->n_suspects, PATRON_PROFILE_SUSPECTS, (PatronFrequency) { .value = sorted[n - 1], .code = -1, .count = high });
}

gboolean
patron_name_says_id (const char *name)
{
  static const char *const endings[] = { "id", "_no", " no", "number", "_nr", "code", "uuid", "guid", "key" };
  static const char *const parts[] = { "编号", "编码", "代码", "单号", "工号", "卡号", "会员号", "订单号" };
  gsize length = strlen (name);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (strstr (name, parts[i]) != NULL)
      return TRUE;
  /* "paid" ends in "id" but "PaidID", "user_id" and "id" say it: a capital or nothing must come before. */
  if (g_str_has_suffix (name, "ID") || g_str_has_suffix (name, "Id") || g_ascii_strcasecmp (name, "id") == 0 || g_str_has_suffix (name, "No"))
    return TRUE;
  g_autofree char *lower = g_ascii_strdown (name, length);
  if (g_str_has_suffix (lower, "_id") || g_str_has_suffix (lower, " id") || g_str_has_suffix (lower, "-id"))
    return TRUE;
  for (guint i = 1; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;
  return FALSE;
}

void
patron_profile_judge (PatronProfile *p)
{
  p->constant = p->n_distinct <= 1;
  gboolean unique = p->n_values >= FEW_ROWS && (double) p->n_distinct >= ID_SHARE * (double) p->n_values;
  switch (p->type)
    {
    case PATRON_TYPE_INTEGER:
      p->id_like = unique || (!p->constant && patron_name_says_id (patron_column_get_name (p->column)));
      break;
    case PATRON_TYPE_NUMBER:
      p->id_like = !p->constant && patron_name_says_id (patron_column_get_name (p->column));
      break;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      p->id_like = unique && p->mean_length < LONG_TEXT;
      break;
    default:
      p->id_like = FALSE;
    }
}
