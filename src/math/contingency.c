/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/contingency.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/random.h"
#include "math/distributions.h"
#include "math/metrics.h"
#include "math/noncentral.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  double *row, *column;
  double  n;
  guint   n_rows, n_columns;     /* with a count */
} Margins;

static Margins
margins_new (const double *counts, guint rows, guint columns)
{
  Margins m = { g_new0 (double, rows + 1), g_new0 (double, columns + 1), 0, 0, 0 };
  for (guint r = 0; r < rows; r++)
    for (guint c = 0; c < columns; c++)
      {
        m.row[r] += counts[r * columns + c];
        m.column[c] += counts[r * columns + c];
        m.n += counts[r * columns + c];
      }
  for (guint r = 0; r < rows; r++)
    m.n_rows += m.row[r] > 0;
  for (guint c = 0; c < columns; c++)
    m.n_columns += m.column[c] > 0;
  return m;
}

static void
margins_clear (Margins *m)
{
  g_free (m->row);
  g_free (m->column);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Margins, margins_clear)

void
patron_contingency (const double *counts, guint rows, guint columns, PatronContingency *result)
{
  g_auto(Margins) m = margins_new (counts, rows, columns);
  double small = 0, cells = 0;
  *result = (PatronContingency) { m.n, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
  if (m.n_rows < 2 || m.n_columns < 2)
    return;
  result->chi_squared = 0;
  result->least_expected = INFINITY;
  for (guint r = 0; r < rows; r++)
    for (guint c = 0; c < columns; c++)
      {
        double expected = m.row[r] * m.column[c] / m.n, d = counts[r * columns + c] - expected;
        if (expected <= 0)
          continue;
        result->chi_squared += d * d / expected;
        result->least_expected = MIN (result->least_expected, expected);
        small += expected < 5;
        cells++;
      }
  double least = MIN (m.n_rows, m.n_columns) - 1.0, low, high;
  result->df = (m.n_rows - 1.0) * (m.n_columns - 1.0);
  result->p = patron_chi_squared_survival (result->chi_squared, result->df);
  result->share_small = small / cells;
  result->v = sqrt (result->chi_squared / (m.n * least));
  patron_noncentral_chi_squared_interval (result->chi_squared, result->df, &low, &high);
  result->v_low = MIN (1, sqrt (low / (m.n * least)));
  result->v_high = MIN (1, sqrt (high / (m.n * least)));
  double phi = MAX (0, result->chi_squared / m.n - result->df / (m.n - 1));
  double r = m.n_rows - (m.n_rows - 1.0) * (m.n_rows - 1.0) / (m.n - 1), c = m.n_columns - (m.n_columns - 1.0) * (m.n_columns - 1.0) / (m.n - 1);
  result->v_corrected = MIN (r, c) > 1 ? sqrt (phi / (MIN (r, c) - 1)) : NAN;
}

void
patron_contingency_cells (const double *counts, guint rows, guint columns, double *expected, double *residuals)
{
  g_auto(Margins) m = margins_new (counts, rows, columns);
  for (guint r = 0; r < rows; r++)
    for (guint c = 0; c < columns; c++)
      {
        double e = m.n > 0 ? m.row[r] * m.column[c] / m.n : 0, spread = sqrt (e * (1 - m.row[r] / m.n) * (1 - m.column[c] / m.n));
        if (expected != NULL)
          expected[r * columns + c] = e;
        if (residuals != NULL)
          residuals[r * columns + c] = spread > 0 ? (counts[r * columns + c] - e) / spread : NAN;
      }
}

static double
log_factorial (double x)
{
  return lgamma (x + 1);
}

double
patron_fisher_2x2 (const double counts[4])
{
  double row = counts[0] + counts[1], column = counts[0] + counts[2], n = row + counts[2] + counts[3];
  double from = MAX (0, row + column - n), to = MIN (row, column), p = 0;
  double fixed = log_factorial (row) + log_factorial (n - row) + log_factorial (column) + log_factorial (n - column) - log_factorial (n);
  double observed = 0, all = 0;
  for (int pass = 0; pass < 2; pass++)
    for (double a = pass == 0 ? counts[0] : from; a <= (pass == 0 ? counts[0] : to); a++)
      {
        double chance = exp (fixed - log_factorial (a) - log_factorial (row - a) - log_factorial (column - a) - log_factorial (n - row - column + a));
        if (pass == 0)
          observed = chance;
        else
          {
            all += chance;
            p += chance <= observed * (1 + 1e-7) ? chance : 0;
          }
      }
  return all > 0 ? MIN (1, p / all) : NAN;
}

/* ---- random tables ---------------------------------------------------------------------------------------- */

enum { STRETCH = 64 };

typedef struct
{
  guint    rows, columns, n_draws;
  gsize    n;
  guint64  seed;
  const guint32 *row_ends;       /* of the rows, in the order of cases */
  const guint32 *labels;         /* n: the column of each case */
  guint32 *shuffled;             /* workers × n */
  double  *logs;                 /* n + 1: log k! */
  double   observed;
  guint   *unlikely;             /* of each stretch of draws */
} Draws;

/* Σ log cell!: the larger, the less likely the table is, the margins being what they are. */
static double
shuffle_table (const Draws *d, guint32 *labels, guint32 *cells, guint draw)
{
  PatronRandom random;
  double sum = 0;
  guint32 at = 0;
  memcpy (labels, d->labels, d->n * sizeof *labels);
  patron_random_init (&random, d->seed, draw);
  patron_random_shuffle (&random, labels, d->n);
  for (guint r = 0; r < d->rows; r++)
    {
      memset (cells, 0, d->columns * sizeof *cells);
      for (; at < d->row_ends[r]; at++)
        cells[labels[at]]++;
      for (guint c = 0; c < d->columns; c++)
        sum += d->logs[cells[c]];
    }
  return sum;
}

static void
draw_tables (gsize begin, gsize end, int worker, gpointer data)
{
  Draws *d = data;
  g_autofree guint32 *cells = g_new (guint32, d->columns + 1);
  for (gsize draw = begin; draw < end; draw++)
    d->unlikely[begin / STRETCH] += shuffle_table (d, d->shuffled + (gsize) worker * d->n, cells, (guint) draw) >= d->observed - 1e-7;
}

double
patron_fisher_sampled (const double *counts, guint rows, guint columns, guint n_draws, guint64 seed, PatronRun *run, GError **error)
{
  g_auto(Margins) m = margins_new (counts, rows, columns);
  gsize n = (gsize) m.n, stretches = (n_draws + STRETCH - 1) / STRETCH, at = 0;
  if (m.n_rows < 2 || m.n_columns < 2)
    return NAN;
  gsize workers = (gsize) patron_parallel_workers (run);
  guint32 *labels = patron_try_alloc (n * (workers + 1), sizeof *labels, _("the exact test"), error);
  double *logs = labels != NULL ? patron_try_alloc (n + 1, sizeof *logs, _("the exact test"), error) : NULL;
  g_autofree guint32 *ends = g_new (guint32, rows + 1);
  g_autofree guint *unlikely = g_new0 (guint, stretches + 1);
  double p = NAN, observed = 0, found = 0;
  if (logs != NULL)
    {
      for (gsize i = 0; i <= n; i++)
        logs[i] = log_factorial ((double) i);
      for (guint r = 0; r < rows; r++)
        {
          for (guint c = 0; c < columns; c++)
            {
              gsize count = (gsize) counts[r * columns + c];
              observed += logs[count];
              for (gsize i = 0; i < count; i++)
                labels[at++] = c;
            }
          ends[r] = (guint32) at;
        }
      Draws d = { rows, columns, n_draws, n, seed, ends, labels, labels + n, logs, observed, unlikely };
      if (patron_parallel_for (run, n_draws, STRETCH, draw_tables, &d))
        {
          for (gsize s = 0; s < stretches; s++)
            found += unlikely[s];
          p = (1 + found) / (1 + (double) n_draws);
        }
      else
        patron_run_check (run, error);
    }
  patron_free (labels);
  patron_free (logs);
  return p;
}

/* ---- two rates -------------------------------------------------------------------------------------------- */

void
patron_two_rates (const double counts[4], PatronTwoRates *t)
{
  double n[2] = { counts[0] + counts[1], counts[2] + counts[3] }, z = PATRON_Z_95;
  for (int i = 0; i < 2; i++)
    {
      t->rate[i] = n[i] > 0 ? counts[2 * i] / n[i] : NAN;
      patron_wilson_interval (counts[2 * i], n[i], &t->rate_low[i], &t->rate_high[i]);
    }
  const double *p = t->rate, *l = t->rate_low, *h = t->rate_high;
  t->difference = p[0] - p[1];
  t->difference_low = t->difference - sqrt ((p[0] - l[0]) * (p[0] - l[0]) + (h[1] - p[1]) * (h[1] - p[1]));
  t->difference_high = t->difference + sqrt ((h[0] - p[0]) * (h[0] - p[0]) + (p[1] - l[1]) * (p[1] - l[1]));
  t->ratio = t->ratio_low = t->ratio_high = NAN;
  if (counts[0] > 0 && counts[2] > 0)
    {
      double error = sqrt (1 / counts[0] - 1 / n[0] + 1 / counts[2] - 1 / n[1]);
      t->ratio = p[0] / p[1];
      t->ratio_low = t->ratio * exp (-z * error);
      t->ratio_high = t->ratio * exp (z * error);
    }
  double half = counts[0] > 0 && counts[1] > 0 && counts[2] > 0 && counts[3] > 0 ? 0 : 0.5;
  double a = counts[0] + half, b = counts[1] + half, c = counts[2] + half, d = counts[3] + half, error = sqrt (1 / a + 1 / b + 1 / c + 1 / d);
  t->odds = a * d / (b * c);
  t->odds_low = t->odds * exp (-z * error);
  t->odds_high = t->odds * exp (z * error);
}
