/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/group-statistics.h"

#include "base/memory.h"
#include "base/order.h"
#include "base/parallel.h"
#include "math/distributions.h"
#include "math/statistics.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  PatronGroupStatistics *s;
  PatronColumn *const   *columns;
  gsize    n;
  gsize   *start;        /* n_groups + 1: the rows of each group */
  guint32 *rows;         /* by group */
  GError  *error;
} Work;

/* The most frequent levels. place: for each level its group, -1 for the others. */
static gboolean
choose_groups (PatronGroupStatistics *s, const PatronLevels *groups, guint most, gint32 *place, GError **error)
{
  gsize *counts = patron_try_alloc0 (groups->n_levels, sizeof *counts, _("the groups"), error);
  if (counts == NULL)
    return FALSE;
  for (gsize i = 0; i < groups->n; i++)
    {
      if (groups->codes[i] >= 0)
        counts[groups->codes[i]]++;
      else
        s->n_missing_rows++;
    }
  for (guint32 level = 0; level < groups->n_levels; level++)
    place[level] = -1;
  while (s->n_groups < MIN (most, groups->n_levels))
    {
      guint32 largest = 0;
      for (guint32 level = 1; level < groups->n_levels; level++)
        if (counts[level] > counts[largest])
          largest = level;
      place[largest] = s->n_groups;
      s->levels[s->n_groups] = largest;
      s->rows[s->n_groups++] = counts[largest];
      counts[largest] = 0;
    }
  for (guint32 level = 0; level < groups->n_levels; level++)
    {
      s->n_other_groups += counts[level] > 0;
      s->n_other_rows += counts[level];
    }
  patron_free (counts);
  return TRUE;
}

/* values: those of one group, without missing; reordered. */
static void
describe_group (PatronGroupCell *cell, double *values, gsize n)
{
  PatronMoments moments = PATRON_MOMENTS_INIT;
  cell->n = n;
  cell->mean = cell->low = cell->high = cell->sd = cell->min = cell->q1 = cell->median = cell->q3 = cell->max = NAN;
  if (n == 0)
    return;
  patron_moments_add_array (&moments, values, n);
  cell->mean = moments.mean;
  cell->min = moments.min;
  cell->max = moments.max;
  cell->q1 = patron_quantile (values, n, 0.25);
  cell->median = patron_quantile (values, n, 0.5);
  cell->q3 = patron_quantile (values, n, 0.75);
  if (n > 1)
    {
      cell->sd = patron_moments_sd (&moments);
      double half = patron_t_quantile (0.975, (double) (n - 1)) * cell->sd / sqrt ((double) n);
      cell->low = cell->mean - half;
      cell->high = cell->mean + half;
    }
}

static double
eta_squared (const PatronGroupCell *cells, guint n_groups)
{
  double n = 0, sum = 0, between = 0, within = 0;
  for (guint g = 0; g < n_groups; g++)
    if (cells[g].n > 0)
      {
        n += (double) cells[g].n;
        sum += (double) cells[g].n * cells[g].mean;
      }
  for (guint g = 0; g < n_groups; g++)
    if (cells[g].n > 0)
      {
        double d = cells[g].mean - sum / n;
        between += (double) cells[g].n * d * d;
        within += cells[g].n > 1 ? (double) (cells[g].n - 1) * cells[g].sd * cells[g].sd : 0;
      }
  return between + within > 0 ? between / (between + within) : NAN;
}

static gboolean
describe_column (Work *work, gsize c, GError **error)
{
  PatronGroupStatistics *s = work->s;
  double *values = patron_read_all (work->columns[c], error);
  double *group = values == NULL ? NULL : patron_try_alloc (work->n, sizeof *group, _("the groups"), error);
  for (guint g = 0; group != NULL && g < s->n_groups; g++)
    {
      PatronGroupCell *cell = &s->cells[c * s->n_groups + g];
      gsize n = 0;
      for (gsize i = work->start[g]; i < work->start[g + 1]; i++)
        {
          group[n] = values[work->rows[i]];
          n += !isnan (group[n]);
        }
      describe_group (cell, group, n);
      cell->n_missing = work->start[g + 1] - work->start[g] - n;
    }
  if (group != NULL)
    s->eta_squared[c] = eta_squared (s->cells + c * s->n_groups, s->n_groups);
  gboolean ok = group != NULL;
  patron_free (values);
  patron_free (group);
  return ok;
}

static void
describe_columns (gsize begin, gsize end, int worker, gpointer data)
{
  Work *work = data;
  for (gsize c = begin; c < end; c++)
    {
      GError *error = NULL;
      if (!describe_column (work, c, &error))
        patron_error_keep (&work->error, error);
    }
}

/* Rows by group, ascending within each. */
static gboolean
sort_rows (Work *work, const PatronLevels *groups, const gint32 *place, GError **error)
{
  const PatronGroupStatistics *s = work->s;
  work->start = g_new0 (gsize, s->n_groups + 2);
  work->rows = patron_try_alloc (groups->n, sizeof *work->rows, _("the groups"), error);
  if (work->rows == NULL)
    return FALSE;
  for (guint g = 0; g < s->n_groups; g++)
    work->start[g + 1] = work->start[g] + s->rows[g];
  g_autofree gsize *next = g_memdup2 (work->start, (s->n_groups + 1) * sizeof *next);
  for (gsize i = 0; i < groups->n; i++)
    {
      gint32 g = groups->codes[i] >= 0 ? place[groups->codes[i]] : -1;
      if (g >= 0)
        work->rows[next[g]++] = i;
    }
  return TRUE;
}

PatronGroupStatistics *
patron_group_statistics_new (PatronColumn *const *columns, guint n_columns, const PatronLevels *groups, guint most, PatronRun *run, GError **error)
{
  g_autoptr(PatronGroupStatistics) s = g_new0 (PatronGroupStatistics, 1);
  Work work = { .s = s, .columns = columns, .n = groups->n };
  s->n_columns = n_columns;
  s->levels = g_new0 (guint32, most + 1);
  s->rows = g_new0 (gsize, most + 1);
  gint32 *place = patron_try_alloc (groups->n_levels, sizeof *place, _("the groups"), error);
  gboolean ok = place != NULL && choose_groups (s, groups, most, place, error) && sort_rows (&work, groups, place, error);
  if (ok)
    {
      s->cells = g_new0 (PatronGroupCell, (gsize) n_columns * s->n_groups + 1);
      s->eta_squared = g_new0 (double, n_columns + 1);
      ok = patron_parallel_for (run, n_columns, 1, describe_columns, &work) || patron_run_check (run, error);
    }
  if (ok && work.error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&work.error));
      ok = FALSE;
    }
  g_clear_error (&work.error);
  patron_free (place);
  patron_free (work.rows);
  g_free (work.start);
  return ok ? g_steal_pointer (&s) : NULL;
}

void
patron_group_statistics_free (PatronGroupStatistics *s)
{
  if (s == NULL)
    return;
  g_free (s->levels);
  g_free (s->rows);
  g_free (s->cells);
  g_free (s->eta_squared);
  g_free (s);
}
