/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/aggregate-private.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "table/column-scan.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* A running sum and what rounding has taken from it (D. Knuth, The Art of Computer Programming 2, 4.2.2: TwoSum). */
typedef struct
{
  double sum, lost;
  gint64 n;
} Total;

static inline void
total_add (Total *total, double value)
{
  double sum = total->sum + value, part = sum - total->sum;
  total->lost += (total->sum - (sum - part)) + (value - part);
  total->sum = sum;
}

static inline double
total_value (const Total *total)
{
  return isfinite (total->sum) ? total->sum + total->lost : total->sum;
}

typedef struct
{
  const guint32 *ids;
  gsize          block;
  gsize          n_groups;
  Total         *totals;     /* n_groups of each block */
} Totalling;

static void
add_totals (const double *values, gsize start, gsize n, int worker, gpointer data)
{
  const Totalling *totalling = data;
  const guint32 *ids = totalling->ids + start;
  Total *totals = totalling->totals + start / totalling->block * totalling->n_groups;
  for (gsize i = 0; i < n; i++)
    if (values[i] == values[i])
      {
        Total *total = &totals[ids[i]];
        total_add (total, values[i]);
        total->n++;
      }
}

gboolean
patron_grouped_totals (PatronAggregating *work, PatronGroupedColumn *grouped, GError **error)
{
  gsize n = work->groups->n_groups;
  if (grouped->sums != NULL)
    return TRUE;
  Totalling totalling = { .ids = work->groups->ids, .block = work->block, .n_groups = n };
  totalling.totals = patron_try_alloc0_values (n * work->n_blocks, sizeof *totalling.totals, _("adding up groups"), error);
  double *sums = totalling.totals != NULL ? patron_try_alloc_values (n, sizeof *sums, _("adding up groups"), error) : NULL;
  guint32 *ns = sums != NULL ? patron_try_alloc_values (n, sizeof *ns, _("adding up groups"), error) : NULL;
  gboolean done = ns != NULL && patron_column_scan_doubles (grouped->column, work->block, add_totals, &totalling, work->run, error);
  for (gsize g = 0; done && g < n; g++)
    {
      Total total = totalling.totals[g];
      for (guint b = 1; b < work->n_blocks; b++)
        {
          const Total *more = &totalling.totals[b * n + g];
          total_add (&total, more->sum);
          total.lost += more->lost;
          total.n += more->n;
        }
      sums[g] = total_value (&total);
      ns[g] = (guint32) total.n;
    }
  patron_free (totalling.totals);
  grouped->sums = done ? sums : NULL;
  grouped->ns = done ? ns : NULL;
  if (!done)
    {
      patron_free (sums);
      patron_free (ns);
    }
  return done;
}

/* ---- moments -------------------------------------------------------------------------------------------------- */

typedef struct
{
  double d1, d2, d3, d4;     /* sums of powers of the distances from the mean */
} Powers;

typedef struct
{
  const guint32 *ids;
  const double  *means;
  gsize          block, n_groups;
  gboolean       all;
  Powers        *powers;
} Moments;

static void
add_powers (const double *values, gsize start, gsize n, int worker, gpointer data)
{
  const Moments *moments = data;
  const guint32 *ids = moments->ids + start;
  Powers *powers = moments->powers + start / moments->block * moments->n_groups;
  for (gsize i = 0; i < n; i++)
    {
      double d = values[i] - moments->means[ids[i]];
      if (d != d)
        continue;
      Powers *power = &powers[ids[i]];
      power->d1 += d;
      power->d2 += d * d;
      if (moments->all)
        {
          power->d3 += d * d * d;
          power->d4 += d * d * d * d;
        }
    }
}

static void
merge_powers (Powers *into, const Powers *more)
{
  into->d1 += more->d1;
  into->d2 += more->d2;
  into->d3 += more->d3;
  into->d4 += more->d4;
}

/* The mean is rounded: what is left of the first power, e·n, corrects the others (T. Chan, G. Golub, R. LeVeque, The American Statistician 37(3), 1983). */
static void
set_moments (PatronGroupedColumn *grouped, gsize g, const Powers *power, gboolean all)
{
  double n = grouped->ns[g], e = n > 0 ? power->d1 / n : 0;
  grouped->m2[g] = MAX (power->d2 - n * e * e, 0);
  if (all)
    {
      grouped->m3[g] = power->d3 - 3 * e * power->d2 + 2 * n * e * e * e;
      grouped->m4[g] = power->d4 - 4 * e * power->d3 + 6 * e * e * power->d2 - 3 * n * e * e * e * e;
    }
}

static double *
means_of (const PatronGroupedColumn *grouped, gsize n, GError **error)
{
  double *means = patron_try_alloc_values (n, sizeof *means, _("adding up groups"), error);
  for (gsize g = 0; means != NULL && g < n; g++)
    means[g] = grouped->sums[g] / grouped->ns[g];
  return means;
}

gboolean
patron_grouped_moments (PatronAggregating *work, PatronGroupedColumn *grouped, gboolean all, GError **error)
{
  gsize n = work->groups->n_groups;
  if (grouped->m2 != NULL && (!all || grouped->m3 != NULL))
    return TRUE;
  if (!patron_grouped_totals (work, grouped, error))
    return FALSE;
  const char *purpose = _("adding up groups");
  double *means = means_of (grouped, n, error);
  Moments moments = { .ids = work->groups->ids, .means = means, .block = work->block, .n_groups = n, .all = all };
  moments.powers = means != NULL ? patron_try_alloc0_values (n * work->n_blocks, sizeof *moments.powers, purpose, error) : NULL;
  gboolean done = moments.powers != NULL;
  if (done && grouped->m2 == NULL)
    done = (grouped->m2 = patron_try_alloc_values (n, sizeof (double), purpose, error)) != NULL;
  if (done && all)
    done = (grouped->m3 = patron_try_alloc_values (n, sizeof (double), purpose, error)) != NULL
           && (grouped->m4 = patron_try_alloc_values (n, sizeof (double), purpose, error)) != NULL;
  done = done && patron_column_scan_doubles (grouped->column, work->block, add_powers, &moments, work->run, error);
  for (gsize g = 0; done && g < n; g++)
    {
      Powers power = moments.powers[g];
      for (guint b = 1; b < work->n_blocks; b++)
        merge_powers (&power, &moments.powers[b * n + g]);
      set_moments (grouped, g, &power, all);
    }
  patron_free (moments.powers);
  patron_free (means);
  return done;
}

/* ---- products ------------------------------------------------------------------------------------------------- */

typedef struct
{
  const guint32 *ids;
  gsize          block, n_groups;
  double        *products;
} Multiplying;

static void
multiply (const double *values, gsize start, gsize n, int worker, gpointer data)
{
  const Multiplying *multiplying = data;
  const guint32 *ids = multiplying->ids + start;
  double *products = multiplying->products + start / multiplying->block * multiplying->n_groups;
  for (gsize i = 0; i < n; i++)
    if (values[i] == values[i])
      products[ids[i]] *= values[i];
}

double *
patron_grouped_products (PatronAggregating *work, PatronGroupedColumn *grouped, GError **error)
{
  gsize n = work->groups->n_groups;
  Multiplying multiplying = { .ids = work->groups->ids, .block = work->block, .n_groups = n };
  double *products = multiplying.products = patron_try_alloc_values (n * work->n_blocks, sizeof *products, _("adding up groups"), error);
  for (gsize i = 0; products != NULL && i < n * work->n_blocks; i++)
    products[i] = 1;
  if (products == NULL || !patron_column_scan_doubles (grouped->column, work->block, multiply, &multiplying, work->run, error))
    {
      patron_free (products);
      return NULL;
    }
  for (gsize g = 0; g < n; g++)
    {
      for (guint b = 1; b < work->n_blocks; b++)
        products[g] *= products[b * n + g];
      if (grouped->ns[g] == 0)
        products[g] = (double) NAN;
    }
  return products;
}
