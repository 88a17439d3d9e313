/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/plot-private.h"

#include "base/memory.h"
#include "base/order.h"
#include "ops/analyses/levels.h"
#include "ops/analyses/name-order.h"
#include "report/layout.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static void
text_free (gpointer text)
{
  patron_text_free (text);
}

gboolean
patron_plot_is_date (PatronColumn *column)
{
  PatronType type = patron_column_get_type (column);
  return type == PATRON_TYPE_DATE || type == PATRON_TYPE_TIME;
}

static gboolean
is_ordered (PatronColumn *column)
{
  return patron_type_accept (patron_column_get_type (column)) & (PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_DATE);
}

typedef struct
{
  guint32 level;
  double  key;
} Ranked;

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;
  return x->key != y->key ? (x->key < y->key ? -1 : 1) : x->level < y->level ? -1 : x->level > y->level;
}

/* By the order that the names themselves have. FALSE without one. */
static gboolean
rank_names (const PatronLevels *levels, Ranked *ranked)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree double *rank = g_new (double, levels->n_levels + 1);
  for (guint32 k = 0; k < levels->n_levels; k++)
    g_ptr_array_add (names, patron_levels_name (levels, k));
  if (!patron_names_rank ((const char *const *) names->pdata, levels->n_levels, rank))
    return FALSE;
  for (guint32 k = 0; k < levels->n_levels; k++)
    ranked[k].key = rank[k];
  return TRUE;
}

/* The levels in the order of their groups: by value when they have an order, or by name when the names have one and all are shown, else the most
 * frequent first. */
static Ranked *
rank_levels (const PatronLevels *levels, const double *values, guint most, gboolean *ordered)
{
  Ranked *ranked = g_new (Ranked, levels->n_levels + 1);
  for (guint32 k = 0; k < levels->n_levels; k++)
    ranked[k] = (Ranked) { k, values != NULL ? values[levels->first_row[k]] : 0 };
  *ordered = values != NULL || (levels->n_levels <= most && rank_names (levels, ranked));
  for (gsize i = 0; !*ordered && i < levels->n; i++)
    if (levels->codes[i] >= 0)
      ranked[levels->codes[i]].key--;
  qsort (ranked, levels->n_levels, sizeof *ranked, compare_ranked);
  return ranked;
}

static void
use_levels (PatronFactor *factor, const PatronLevels *levels, const double *values, guint most)
{
  g_autofree Ranked *ranked = rank_levels (levels, values, most, &factor->ordered);
  g_autofree gint32 *group = g_new (gint32, levels->n_levels + 1);
  guint kept = levels->n_levels > most ? most - 1 : levels->n_levels;
  for (guint32 k = 0; k < levels->n_levels; k++)
    {
      group[ranked[k].level] = (gint32) MIN (k, kept);
      if (k < kept)
        {
          g_autofree char *name = patron_levels_name (levels, ranked[k].level);
          g_ptr_array_add (factor->names, patron_text_plain (name));
        }
    }
  if (kept < levels->n_levels)
    {
      factor->n_others = levels->n_levels - kept;
      g_ptr_array_add (factor->names, patron_text (N_("{n} others"), "n", PATRON_COUNT (factor->n_others), NULL));
    }
  for (gsize i = 0; i < levels->n; i++)
    factor->codes[i] = levels->codes[i] >= 0 ? group[levels->codes[i]] : -1;
}

static PatronText *
range_name (PatronColumn *column, double low, double high)
{
  if (patron_plot_is_date (column))
    return patron_text (N_("{low} – {high}"), "low", PATRON_DATE (floor (low)), "high", PATRON_DATE (floor (high)), NULL);
  return patron_text (N_("{low} – {high}"), "low", PATRON_NUMBER (low), "high", PATRON_NUMBER (high), NULL);
}

/* cuts: n_cuts + 1 edges, ascending; a value on an edge belongs above it, the last one below. */
static void
cut (PatronFactor *factor, PatronColumn *column, const double *values, gsize n, const double *edges, guint n_cuts)
{
  for (guint k = 0; k < n_cuts; k++)
    g_ptr_array_add (factor->names, range_name (column, edges[k], edges[k + 1]));
  for (gsize i = 0; i < n; i++)
    {
      gint32 code = -1;
      if (!isnan (values[i]))
        for (code = (gint32) n_cuts - 1; code > 0 && values[i] < edges[code]; code--)
          continue;
      factor->codes[i] = code;
    }
}

static gboolean
cut_values (PatronFactor *factor, PatronColumn *column, const double *values, gsize n, guint n_cuts, gboolean equal_count, GError **error)
{
  double *sorted = patron_try_alloc (n, sizeof *sorted, _("the groups"), error);
  if (sorted == NULL)
    return FALSE;
  gsize m = 0;
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      sorted[m++] = values[i];
  patron_sort_doubles (sorted, m);
  g_autoptr(GArray) round = m > 0 && !equal_count
    ? patron_ticks (patron_plot_is_date (column) ? PATRON_AXIS_DATE : PATRON_AXIS_LINEAR, sorted[0], sorted[m - 1], n_cuts) : NULL;
  g_autofree double *edges = g_new (double, n_cuts + (round != NULL ? round->len : 0) + 4);
  guint kept = 0, n_edges = round != NULL ? round->len : n_cuts + 1;
  /* Round edges may begin above the least value and end below the largest. */
  if (round != NULL && g_array_index (round, double, 0) > sorted[0])
    edges[kept++] = sorted[0];
  for (guint k = 0; m > 0 && k < n_edges; k++)
    {
      double edge = round != NULL ? g_array_index (round, double, k) : patron_quantile_sorted (sorted, m, (double) k / n_cuts);
      if (kept == 0 || edge > edges[kept - 1])
        edges[kept++] = edge;
    }
  if (kept > 0 && sorted[m - 1] > edges[kept - 1])
    edges[kept++] = sorted[m - 1];
  patron_free (sorted);
  if (kept >= 2)
    cut (factor, column, values, n, edges, kept - 1);
  else
    for (gsize i = 0; i < n; i++)
      factor->codes[i] = -1;
  return TRUE;
}

gboolean
patron_factor_init (PatronFactor *factor, PatronColumn *column, guint most, guint n_cuts, gboolean equal_count, PatronRun *run, GError **error)
{
  *factor = (PatronFactor) { .n = 1, .names = g_ptr_array_new_with_free_func (text_free) };
  if (column == NULL)
    return TRUE;
  gsize n = patron_column_get_length (column);
  g_autoptr(PatronLevels) levels = patron_levels_new (column, run, error);
  if (levels == NULL)
    return FALSE;
  factor->codes = patron_try_alloc (n, sizeof *factor->codes, _("the groups"), error);
  if (factor->codes == NULL)
    return FALSE;
  double *values = NULL;
  gboolean ok = TRUE;
  if (is_ordered (column) || patron_column_get_type (column) == PATRON_TYPE_BOOLEAN)
    ok = (values = patron_plot_is_date (column) ? patron_read_days (column, error) : patron_read_all (column, error)) != NULL;
  if (ok && is_ordered (column) && levels->n_levels > most)
    ok = cut_values (factor, column, values, n, n_cuts, equal_count, error);
  else if (ok)
    use_levels (factor, levels, values, most);
  factor->n = MAX (1, factor->names->len);
  patron_free (values);
  return ok;
}

void
patron_factor_reverse (PatronFactor *factor, gsize n)
{
  for (gsize i = 0; factor->codes != NULL && i < n; i++)
    if (factor->codes[i] >= 0)
      factor->codes[i] = (gint32) factor->n - 1 - factor->codes[i];
  for (guint k = 0; k < factor->names->len / 2; k++)
    {
      gpointer name = factor->names->pdata[k];
      factor->names->pdata[k] = factor->names->pdata[factor->names->len - 1 - k];
      factor->names->pdata[factor->names->len - 1 - k] = name;
    }
}

void
patron_factor_clear (PatronFactor *factor)
{
  patron_free (factor->codes);
  g_clear_pointer (&factor->names, g_ptr_array_unref);
  factor->codes = NULL;
}
