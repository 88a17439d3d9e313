/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/item-names.h"

#include "base/memory.h"
#include "math/radix-sort.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Shares that a column of descriptions must reach; see the header. */
#define PURITY 0.9
#define DISTINCT_LOW 0.5
#define DISTINCT_HIGH 3.0

/* The most frequent value of each item. winner: n_levels codes, -1 where there is none. purity: share of rows that have their item's winner. */
static void
find_winners (const guint64 *keys, gsize n, gint32 *winner, double *purity)
{
  gsize agreeing = 0;
  for (gsize i = 0; i < n;)
    {
      guint64 item = keys[i] >> 32;
      gsize best = 0;
      while (i < n && keys[i] >> 32 == item)
        {
          guint64 pair = keys[i];
          gsize from = i;
          while (i < n && keys[i] == pair)
            i++;
          if (i - from > best)
            {
              best = i - from;
              winner[item] = (gint32) (pair & G_MAXUINT32);
            }
        }
      agreeing += best;
    }
  *purity = n > 0 ? (double) agreeing / (double) n : 0;
}

typedef struct
{
  gint32 *winner;
  double  purity;
  guint32 n_named;      /* items with a value */
  guint32 n_distinct;   /* different values among the winners */
  double  length;       /* mean bytes of a value */
} Fit;

static gboolean
fit_column (const PatronLevels *items, PatronColumn *column, Fit *fit, GError **error)
{
  const gint32 *codes = patron_column_codes (column, error);
  PatronDict *dict = codes == NULL ? NULL : patron_column_dict (column, error);
  guint64 *keys = dict == NULL ? NULL : patron_try_alloc (2 * items->n, sizeof *keys, _("matching descriptions to items"), error);
  if (keys == NULL)
    return FALSE;
  gsize n = 0;
  for (gsize i = 0; i < items->n; i++)
    if (items->codes[i] >= 0 && codes[i] >= 0)
      keys[n++] = (guint64) items->codes[i] << 32 | (guint32) codes[i];
  patron_radix_sort (keys, keys + items->n, n);
  fit->winner = patron_try_alloc (items->n_levels, sizeof *fit->winner, _("matching descriptions to items"), error);
  guint8 *seen = fit->winner == NULL ? NULL : patron_try_alloc0 (patron_dict_size (dict), 1, _("matching descriptions to items"), error);
  if (seen != NULL)
    {
      memset (fit->winner, 0xff, items->n_levels * sizeof *fit->winner);
      find_winners (keys, n, fit->winner, &fit->purity);
      for (guint32 level = 0; level < items->n_levels; level++)
        if (fit->winner[level] >= 0)
          {
            fit->n_named++;
            fit->n_distinct += !seen[fit->winner[level]];
            seen[fit->winner[level]] = 1;
            fit->length += (double) patron_dict_length (dict, fit->winner[level]);
          }
      fit->length /= MAX (1, fit->n_named);
    }
  gboolean ok = seen != NULL;
  patron_free (keys);
  patron_free (seen);
  return ok;
}

static double
mean_length (const PatronLevels *items)
{
  double sum = 0;
  guint32 step = MAX (1, items->n_levels / 1000), n = 0;
  for (guint32 level = 0; level < items->n_levels; level += step, n++)
    {
      g_autofree char *name = patron_levels_name (items, level);
      sum += (double) strlen (name);
    }
  return n > 0 ? sum / n : 0;
}

static gboolean
is_free (const PatronRoles *roles, const char *column)
{
  PatronRole role = patron_roles_of (roles, column);
  return role == PATRON_N_ROLES || role == PATRON_ROLE_FEATURE || role == PATRON_ROLE_TEXT || role == PATRON_ROLE_IGNORE;
}

static void
take_names (PatronItemNames *names, PatronColumn *column, const gint32 *winner)
{
  PatronDict *dict = patron_column_dict (column, NULL);
  names->column = g_strdup (patron_column_get_name (column));
  for (guint32 level = 0; level < names->n_levels; level++)
    if (winner[level] >= 0)
      names->names[level] = g_strstrip (g_strdup (patron_dict_get (dict, winner[level])));
}

PatronItemNames *
patron_item_names_new (const PatronLevels *items, PatronTable *table, const PatronRoles *roles, PatronRun *run, GError **error)
{
  g_autoptr(PatronItemNames) names = g_new0 (PatronItemNames, 1);
  names->n_levels = items->n_levels;
  names->names = g_new0 (char *, items->n_levels + 1);
  double shortest = mean_length (items), best_purity = 0;
  PatronColumn *best = NULL;
  gint32 *winner = NULL;
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    {
      PatronColumn *column = patron_table_column (table, c);
      if (!patron_column_has_dict (column) || !is_free (roles, patron_column_get_name (column)))
        continue;
      Fit fit = { 0 };
      if (!fit_column (items, column, &fit, error) || (run != NULL && !patron_run_check (run, error)))
        {
          patron_free (fit.winner);
          patron_free (winner);
          return NULL;
        }
      gboolean fits = fit.purity >= PURITY && fit.n_named * 2 > items->n_levels && fit.length > shortest
                      && fit.n_distinct >= DISTINCT_LOW * fit.n_named && fit.n_distinct <= DISTINCT_HIGH * items->n_levels;
      if (fits && fit.purity > best_purity)
        {
          best_purity = fit.purity;
          best = column;
          patron_free (winner);
          winner = g_steal_pointer (&fit.winner);
        }
      patron_free (fit.winner);
    }
  if (best != NULL)
    take_names (names, best, winner);
  patron_free (winner);
  return g_steal_pointer (&names);
}

void
patron_item_names_free (PatronItemNames *names)
{
  if (names == NULL)
    return;
  for (guint32 level = 0; level < names->n_levels; level++)
    g_free (names->names[level]);
  g_free (names->names);
  g_free (names->column);
  g_free (names);
}

/* ---- services --------------------------------------------------------------------------------------------- */

static gboolean
is_service_text (const char *text)
{
  /* Alone, whatever the case. */
  static const char *const whole[] = { "post", "dot", "manual", "discount", "discounts", "sample", "samples", "delivery", "shipping", "carriage", "postage", "freight", "fee", "fees",
                                       "adjustment", "tip", "tips", "deposit", "surcharge", "voucher", "refund", "test" };
  /* As a word in a text of at most three words. */
  static const char *const words[] = { "postage", "shipping", "carriage", "freight", "charges", "charge", "fee", "fees", "commission", "surcharge" };
  /* Anywhere in a short text. */
  static const char *const parts[] = { "运费", "邮费", "快递费", "手续费", "服务费", "配送费", "包装费", "补差价", "补邮", "折扣", "押金", "运费险" };
  if (text == NULL)
    return FALSE;
  g_autofree char *lower = g_utf8_strdown (text, -1);
  g_strstrip (lower);
  for (guint i = 0; i < G_N_ELEMENTS (whole); i++)
    if (g_str_equal (lower, whole[i]))
      return TRUE;
  if (g_utf8_strlen (lower, -1) <= 8)
    for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
      if (strstr (lower, parts[i]) != NULL)
        return TRUE;
  g_auto(GStrv) tokens = g_strsplit_set (lower, " _-/", -1);
  if (g_strv_length (tokens) > 3)
    return FALSE;
  for (guint t = 0; tokens[t] != NULL; t++)
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
      if (g_str_equal (tokens[t], words[i]))
        return TRUE;
  return FALSE;
}

gboolean
patron_is_service (const char *code, const char *name)
{
  return is_service_text (code) || is_service_text (name);
}
