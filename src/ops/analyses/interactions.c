/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/interactions.h"

#include "base/memory.h"
#include "math/radix-sort.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Distinct (customer, item) pairs with their summed quantities, by customer. */
typedef struct
{
  gsize    n;
  guint64 *keys;     /* customer << 32 | item */
  double  *sums;
} Pairs;

static void
pairs_clear (Pairs *pairs)
{
  patron_free (pairs->keys);
  patron_free (pairs->sums);
}

static inline gboolean
line_counts (const PatronLines *lines, gsize i)
{
  return lines->customers[i] >= 0 && lines->items[i] >= 0 && (lines->use == NULL || lines->use[i])
         && (lines->quantities == NULL || !isnan (lines->quantities[i]));
}

/* Sums equal neighbours of the sorted keys; keeps those above 0. */
static void
merge_pairs (const PatronLines *lines, const guint32 *order, gsize n, Pairs *pairs)
{
  gsize kept = 0;
  for (gsize i = 0; i < n;)
    {
      guint64 key = pairs->keys[i];
      double sum = 0;
      for (; i < n && pairs->keys[i] == key; i++)
        sum += lines->quantities != NULL ? lines->quantities[order[i]] : 1;
      if (sum > 0)
        {
          pairs->keys[kept] = key;
          pairs->sums[kept++] = sum;
        }
    }
  pairs->n = kept;
}

static gboolean
collect_pairs (const PatronLines *lines, Pairs *pairs, PatronRun *run, GError **error)
{
  gsize n = 0;
  const char *purpose = _("the table of customers and items");
  pairs->keys = patron_try_alloc (lines->n, sizeof *pairs->keys, purpose, error);
  pairs->sums = pairs->keys == NULL ? NULL : patron_try_alloc (lines->n, sizeof *pairs->sums, purpose, error);
  guint32 *order = pairs->sums == NULL ? NULL : patron_try_alloc (2 * lines->n, sizeof *order, purpose, error);
  guint64 *scratch = order == NULL ? NULL : patron_try_alloc (lines->n, sizeof *scratch, purpose, error);
  if (scratch != NULL)
    {
      for (gsize i = 0; i < lines->n; i++)
        if (line_counts (lines, i))
          {
            pairs->keys[n] = (guint64) (guint32) lines->customers[i] << 32 | (guint32) lines->items[i];
            order[n++] = i;
          }
      patron_radix_sort_pairs (pairs->keys, order, scratch, order + lines->n, n);
      merge_pairs (lines, order, n, pairs);
    }
  gboolean ok = scratch != NULL && (run == NULL || patron_run_check (run, error));
  patron_free (order);
  patron_free (scratch);
  return ok;
}

/* Numbers the items with enough customers by popularity. */
static gboolean
rank_items (PatronInteractions *m, const PatronLines *lines, const Pairs *pairs, GError **error)
{
  const char *purpose = _("the table of customers and items");
  guint32 n = lines->n_items, kept = 0;
  m->n_levels = n;
  m->item_of_level = patron_try_alloc (n, sizeof *m->item_of_level, purpose, error);
  m->levels = m->item_of_level == NULL ? NULL : patron_try_alloc (n, sizeof *m->levels, purpose, error);
  guint32 *customers = m->levels == NULL ? NULL : patron_try_alloc0 (2 * (gsize) n, sizeof *customers, purpose, error);
  m->n_bought = customers == NULL ? NULL : patron_try_alloc0 (m->n_customers, sizeof *m->n_bought, purpose, error);
  guint64 *keys = m->n_bought == NULL ? NULL : patron_try_alloc (2 * (gsize) n, sizeof *keys, purpose, error);
  if (keys != NULL)
    {
      for (gsize i = 0; i < pairs->n; i++)
        {
          customers[pairs->keys[i] & G_MAXUINT32]++;
          m->n_bought[pairs->keys[i] >> 32]++;
        }
      for (guint32 level = 0; level < n; level++)
        {
          m->item_of_level[level] = -1;
          if (customers[level] >= (guint32) MAX (1, lines->min_customers))
            {
              keys[kept] = ~(guint64) customers[level];   /* most customers first; the sort is stable, so ties stay by level */
              m->levels[kept++] = level;
            }
          else
            m->n_cold_items += customers[level] > 0;
        }
      patron_radix_sort_pairs (keys, m->levels, keys + n, customers + n, kept);
      for (guint32 item = 0; item < kept; item++)
        m->item_of_level[m->levels[item]] = item;
    }
  m->n_items = kept;
  patron_free (customers);
  gboolean ok = keys != NULL;
  patron_free (keys);
  return ok;
}

static double
weight_of (PatronWeighting weighting, double sum)
{
  switch (weighting)
    {
    case PATRON_WEIGHT_QUANTITY:
      return sum;
    case PATRON_WEIGHT_LOG:
      return log1p (sum);
    case PATRON_WEIGHT_BINARY:
    default:
      return 1;
    }
}

static gboolean
allocate (PatronInteractions *m, GError **error)
{
  const char *purpose = _("the table of customers and items");
  m->row_start = patron_try_alloc0 ((gsize) m->n_customers + 2, sizeof *m->row_start, purpose, error);
  m->column_start = m->row_start == NULL ? NULL : patron_try_alloc0 ((gsize) m->n_items + 2, sizeof *m->column_start, purpose, error);
  m->row_items = m->column_start == NULL ? NULL : patron_try_alloc (m->n, sizeof *m->row_items, purpose, error);
  m->row_weights = m->row_items == NULL ? NULL : patron_try_alloc (m->n, sizeof *m->row_weights, purpose, error);
  m->column_customers = m->row_weights == NULL ? NULL : patron_try_alloc (m->n, sizeof *m->column_customers, purpose, error);
  m->column_weights = m->column_customers == NULL ? NULL : patron_try_alloc (m->n, sizeof *m->column_weights, purpose, error);
  return m->column_weights != NULL;
}

/* Counting sort by item (customers come in ascending), then by customer (items come in ascending). start[k + 1] serves as the
 * writing position of row k while filling, and ends as the start of row k + 1. */
static void
fill (PatronInteractions *m, const PatronLines *lines, const Pairs *pairs)
{
  for (gsize i = 0; i < pairs->n; i++)
    {
      gint32 item = m->item_of_level[pairs->keys[i] & G_MAXUINT32];
      if (item >= 0)
        {
          m->column_start[item + 2]++;
          m->row_start[(pairs->keys[i] >> 32) + 2]++;
        }
    }
  for (guint32 item = 0; item < m->n_items; item++)
    m->column_start[item + 2] += m->column_start[item + 1];
  for (guint32 customer = 0; customer < m->n_customers; customer++)
    m->row_start[customer + 2] += m->row_start[customer + 1];
  for (gsize i = 0; i < pairs->n; i++)
    {
      gint32 item = m->item_of_level[pairs->keys[i] & G_MAXUINT32];
      if (item < 0)
        continue;
      gsize at = m->column_start[item + 1]++;
      m->column_customers[at] = pairs->keys[i] >> 32;
      m->column_weights[at] = weight_of (lines->weighting, pairs->sums[i]);
    }
  for (guint32 item = 0; item < m->n_items; item++)
    for (gsize i = m->column_start[item]; i < m->column_start[item + 1]; i++)
      {
        gsize at = m->row_start[m->column_customers[i] + 1]++;
        m->row_items[at] = item;
        m->row_weights[at] = m->column_weights[i];
      }
}

PatronInteractions *
patron_interactions_new (const PatronLines *lines, PatronRun *run, GError **error)
{
  g_autoptr(PatronInteractions) m = g_new0 (PatronInteractions, 1);
  Pairs pairs = { 0 };
  m->n_customers = lines->n_customers;
  gboolean ok = collect_pairs (lines, &pairs, run, error) && rank_items (m, lines, &pairs, error);
  if (ok)
    {
      for (gsize i = 0; i < pairs.n; i++)
        m->n += m->item_of_level[pairs.keys[i] & G_MAXUINT32] >= 0;
      ok = allocate (m, error);
    }
  if (ok)
    fill (m, lines, &pairs);
  pairs_clear (&pairs);
  return ok ? g_steal_pointer (&m) : NULL;
}

void
patron_interactions_free (PatronInteractions *m)
{
  if (m == NULL)
    return;
  patron_free (m->row_start);
  patron_free (m->row_items);
  patron_free (m->row_weights);
  patron_free (m->column_start);
  patron_free (m->column_customers);
  patron_free (m->column_weights);
  patron_free (m->levels);
  patron_free (m->n_bought);
  patron_free (m->item_of_level);
  g_free (m);
}
