/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/aggregate-private.h"

#include "base/memory.h"
#include "base/order.h"
#include "base/parallel.h"
#include "table/column-scan.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* ---- values by group ------------------------------------------------------------------------------------------ */

typedef struct
{
  const guint32 *ids;
  gsize          block, n_groups;
  guint32       *places;      /* of each block: counts, then where its next value of each group goes */
  double        *values;
} Spreading;

static void
count_values (const double *values, gsize start, gsize n, int worker, gpointer data)
{
  const Spreading *spreading = data;
  const guint32 *ids = spreading->ids + start;
  guint32 *counts = spreading->places + start / spreading->block * spreading->n_groups;
  for (gsize i = 0; i < n; i++)
    counts[ids[i]] += values[i] == values[i];
}

static void
place_values (const double *values, gsize start, gsize n, int worker, gpointer data)
{
  const Spreading *spreading = data;
  const guint32 *ids = spreading->ids + start;
  guint32 *places = spreading->places + start / spreading->block * spreading->n_groups;
  for (gsize i = 0; i < n; i++)
    if (values[i] == values[i])
      spreading->values[places[ids[i]]++] = values[i];
}

/* Counts to places, group by group and within it block by block. */
static void
counts_to_places (Spreading *spreading, guint n_blocks, guint32 *starts, guint32 *ns)
{
  guint32 sum = 0;
  for (gsize g = 0; g < spreading->n_groups; g++)
    {
      starts[g] = sum;
      for (guint b = 0; b < n_blocks; b++)
        {
          guint32 *place = &spreading->places[b * spreading->n_groups + g], count = *place;
          *place = sum;
          sum += count;
        }
      ns[g] = sum - starts[g];
    }
}

gboolean
patron_grouped_values (PatronAggregating *work, PatronGroupedColumn *grouped, GError **error)
{
  gsize n = work->groups->n_groups;
  const char *purpose = _("sorting groups");
  if (grouped->values != NULL)
    return TRUE;
  Spreading spreading = { .ids = work->groups->ids, .block = work->block, .n_groups = n };
  spreading.places = patron_try_alloc0_values (n * work->n_blocks, sizeof (guint32), purpose, error);
  spreading.values = spreading.places != NULL ? patron_try_alloc_values (work->groups->n_rows, sizeof (double), purpose, error) : NULL;
  guint32 *starts = spreading.values != NULL ? patron_try_alloc_values (n, sizeof *starts, purpose, error) : NULL;
  guint32 *ns = starts != NULL ? patron_try_alloc_values (n, sizeof *ns, purpose, error) : NULL;
  gboolean done = ns != NULL && patron_column_scan_doubles (grouped->column, work->block, count_values, &spreading, work->run, error);
  if (done)
    {
      counts_to_places (&spreading, work->n_blocks, starts, ns);
      done = patron_column_scan_doubles (grouped->column, work->block, place_values, &spreading, work->run, error);
    }
  patron_free (spreading.places);
  if (!done)
    {
      patron_free (spreading.values);
      patron_free (starts);
      patron_free (ns);
      return FALSE;
    }
  patron_free (grouped->ns);
  grouped->ns = ns;
  grouped->starts = starts;
  grouped->values = spreading.values;
  return TRUE;
}

/* ---- quantiles ------------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronGroupedColumn *grouped;
  PatronSpread         spread;
  double               p;
  double              *distances;   /* MAD: as grouped->values */
  double              *out;
} Spread;

static double
median_distance (const double *values, double *distances, gsize n, double median)
{
  for (gsize i = 0; i < n; i++)
    distances[i] = fabs (values[i] - median);
  return patron_quantile (distances, n, 0.5);
}

static void
spread_groups (gsize begin, gsize end, int worker, gpointer data)
{
  Spread *spread = data;
  for (gsize g = begin; g < end; g++)
    {
      double *values = spread->grouped->values + spread->grouped->starts[g];
      gsize n = spread->grouped->ns[g];
      if (spread->spread == PATRON_SPREAD_QUANTILE)
        spread->out[g] = patron_quantile (values, n, spread->p);
      else if (spread->spread == PATRON_SPREAD_IQR)
        spread->out[g] = patron_quantile (values, n, 0.75) - patron_quantile (values, n, 0.25);
      else
        spread->out[g] = median_distance (values, spread->distances + spread->grouped->starts[g], n, patron_quantile (values, n, 0.5));
    }
}

double *
patron_grouped_spread (PatronAggregating *work, PatronGroupedColumn *grouped, PatronSpread kind, double p, GError **error)
{
  gsize n = work->groups->n_groups;
  if (!patron_grouped_values (work, grouped, error))
    return NULL;
  Spread spread = { .grouped = grouped, .spread = kind, .p = p };
  spread.out = patron_try_alloc_values (n, sizeof *spread.out, _("sorting groups"), error);
  gboolean done = spread.out != NULL;
  if (done && kind == PATRON_SPREAD_MAD)
    done = (spread.distances = patron_try_alloc_values (work->groups->n_rows, sizeof (double), _("sorting groups"), error)) != NULL;
  /* Units of about as many rows as fit the cache. */
  gsize grain = n == 0 ? 1 : MAX (1, 16384 * n / MAX (work->groups->n_rows, 1));
  if (done)
    {
      patron_parallel_for (work->run, n, grain, spread_groups, &spread);
      done = patron_run_check (work->run, error);
    }
  patron_free (spread.distances);
  if (!done)
    g_clear_pointer (&spread.out, patron_free);
  return spread.out;
}
