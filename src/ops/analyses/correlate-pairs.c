/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/correlate-private.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/random.h"
#include "math/contingency.h"
#include "math/distributions.h"
#include "math/gram.h"
#include "math/kendall.h"
#include "math/noncentral.h"
#include "math/relevance.h"
#include "math/statistics.h"
#include "ops/analyses/levels.h"

#include <glib/gi18n-lib.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { GLANCES = 16, GLANCE = 256, STREAM = 83 };

/* ---- numbers with numbers --------------------------------------------------------------------------------- */

/* Rough means and deviations from a few stretches of rows: they keep the sums from cancelling, nothing more. */
static gboolean
glance (PatronColumn *column, double *centre, double *scale, GError **error)
{
  gsize n = patron_column_get_length (column);
  double values[GLANCE];
  PatronMoments moments = PATRON_MOMENTS_INIT;
  for (gsize k = 0; k < GLANCES && n > 0; k++)
    {
      gsize from = n / GLANCES * k, count = MIN ((gsize) GLANCE, n - from);
      if (!patron_column_read_doubles (column, from, count, values, error))
        return FALSE;
      patron_moments_add_array (&moments, values, count);
    }
  double sd = patron_moments_sd (&moments);
  *centre = moments.n > 0 ? moments.mean : 0;
  *scale = sd > 0 ? sd : 1;
  return TRUE;
}

static PatronCorrelation *
number_matrix (PatronAssociations *self, PatronRun *run, GError **error)
{
  guint p = self->n_numbers;
  if (self->params->method == PATRON_ASSOCIATE_SPEARMAN)
    return patron_correlation_spearman (self->columns, p, run, error);
  g_autofree double *centres = g_new (double, p + 1), *scales = g_new (double, p + 1);
  for (guint j = 0; j < p; j++)
    if (!glance (self->columns[j], &centres[j], &scales[j], error))
      return NULL;
  return patron_correlation_pearson (self->columns, centres, scales, p, run, error);
}

static PatronAssociated *
pair_at (PatronAssociations *self, guint a, guint b)
{
  return &self->pairs[(gsize) a * self->n_columns - (gsize) a * (a + 1) / 2 + (b - a - 1)];
}

static gboolean
correlate_numbers (PatronAssociations *self, PatronRun *run, GError **error)
{
  guint p = self->n_numbers;
  g_autoptr(PatronCorrelation) c = number_matrix (self, run, error);
  gboolean ranks = self->params->method == PATRON_ASSOCIATE_SPEARMAN;
  if (c == NULL)
    return FALSE;
  for (guint i = 0; i < p; i++)
    for (guint j = i + 1; j < p; j++)
      {
        PatronAssociated *pair = pair_at (self, i, j);
        pair->measure = ranks ? PATRON_MEASURE_SPEARMAN : PATRON_MEASURE_PEARSON;
        pair->value = c->r[(gsize) i * p + j];
        pair->n = c->n[(gsize) i * p + j];
        pair->p = patron_correlation_p (pair->value, pair->n);
        patron_correlation_interval (pair->value, pair->n, ranks, &pair->low, &pair->high);
      }
  return TRUE;
}

/* Inverse of the correlations over complete rows: r_ij = -P_ij / √(P_ii P_jj). */
gboolean
patron_correlation_partial (PatronColumn *const *columns, guint p, double *r, gsize *n, PatronRun *run, GError **error)
{
  gsize rows = p > 0 ? patron_column_get_length (columns[0]) : 0, kept = 0;
  double *block = patron_try_alloc (rows * p, sizeof *block, _("the correlations"), error);
  g_autofree const double **pointers = g_new (const double *, p + 1);
  g_autofree double *gram = g_new (double, (gsize) p * p + 1), *means = g_new (double, p + 1);
  gboolean ok = block != NULL;
  for (guint j = 0; ok && j < p; j++)
    ok = rows == 0 || patron_column_read_doubles (columns[j], 0, rows, block + j * rows, error);
  for (gsize i = 0; ok && i < rows; i++)
    {
      gboolean complete = TRUE;
      for (guint j = 0; j < p; j++)
        complete &= isfinite (block[j * rows + i]);
      for (guint j = 0; j < p && complete; j++)
        block[j * rows + kept] = block[j * rows + i];
      kept += complete;
    }
  for (guint j = 0; j < p; j++)
    pointers[j] = ok ? block + j * rows : NULL;
  for (gsize k = 0; k < (gsize) p * p; k++)
    r[k] = NAN;
  *n = kept;
  const PatronColumns x = { kept, p, pointers };
  if (ok && kept > p && (ok = patron_gram (&x, TRUE, means, gram, run, error)))
    {
      gboolean regular = TRUE;
      for (guint i = 0; i < p; i++)
        regular &= gram[(gsize) i * p + i] > 0;
      for (guint i = 0; i < p && regular; i++)
        for (guint j = 0; j < p; j++)
          r[(gsize) i * p + j] = gram[(gsize) i * p + j] / sqrt (gram[(gsize) i * p + i] * gram[(gsize) j * p + j]);
      regular = regular && LAPACKE_dpotrf (LAPACK_COL_MAJOR, 'U', (int) p, r, (int) p) == 0;
      for (guint i = 0; i < p && regular; i++)   /* a column that the others make up exactly */
        regular = r[(gsize) i * p + i] > 1e-7;
      regular = regular && LAPACKE_dpotri (LAPACK_COL_MAJOR, 'U', (int) p, r, (int) p) == 0;
      g_autofree double *diagonal = g_new (double, p + 1);
      for (guint i = 0; i < p; i++)
        diagonal[i] = r[(gsize) i * p + i];
      for (guint i = 0; i < p; i++)
        for (guint j = i; j < p; j++)
          r[(gsize) i * p + j] = r[(gsize) j * p + i] = regular
            ? (i == j ? 1 : CLAMP (-r[(gsize) j * p + i] / sqrt (diagonal[i] * diagonal[j]), -1, 1)) : NAN;
    }
  patron_free (block);
  return ok;
}

static gboolean
correlate_partially (PatronAssociations *self, PatronRun *run, GError **error)
{
  guint p = self->n_numbers;
  g_autofree double *r = g_new (double, (gsize) p * p + 1);
  gsize n;
  if (!patron_correlation_partial (self->columns, p, r, &n, run, error))
    return FALSE;
  for (guint i = 0; i < p; i++)
    for (guint j = i + 1; j < p; j++)
      {
        PatronAssociated *pair = pair_at (self, i, j);
        double left = (double) n - (p - 2.0);   /* each column held equal costs a row */
        pair->measure = PATRON_MEASURE_PARTIAL;
        pair->value = r[(gsize) i * p + j];
        pair->n = (double) n;
        pair->p = patron_correlation_p (pair->value, left);
        patron_correlation_interval (pair->value, left, FALSE, &pair->low, &pair->high);
      }
  return TRUE;
}

/* ---- the other measures, pair by pair --------------------------------------------------------------------- */

typedef struct
{
  PatronAssociations *self;
  double  **values;      /* n_columns: numbers, or codes of categories as numbers; NaN missing */
  guint    *levels;      /* n_columns: of categories */
  guint32  *sample;      /* rows for information, NULL: all */
  gsize     n;           /* rows looked at */
  guint64   seed;
  PatronRun *run;
  const guint32 *todo;   /* pairs to find */
  GError   *error;
} Work;

/* The rows where both are there. Returns how many; x and y have room for all. */
static gsize
common_rows (const Work *work, const PatronAssociated *pair, double *x, double *y)
{
  const double *a = work->values[pair->a], *b = work->values[pair->b];
  gsize n = 0;
  for (gsize k = 0; k < work->n; k++)
    {
      gsize i = work->sample != NULL ? work->sample[k] : k;
      x[n] = a[i];
      y[n] = b[i];
      n += !isnan (a[i]) && !isnan (b[i]);
    }
  return n;
}

static void
set_cramer (PatronAssociated *pair, const double *x, guint kx, const double *y, guint ky, gsize n)
{
  g_autofree double *counts = g_new0 (double, (gsize) kx * ky + 1);
  PatronContingency table;
  for (gsize i = 0; i < n; i++)
    counts[(gsize) x[i] * ky + (gsize) y[i]]++;
  patron_contingency (counts, kx, ky, &table);
  pair->measure = PATRON_MEASURE_CRAMER;
  pair->value = table.v_corrected;
  pair->p = table.p;
  pair->low = fmin (table.v_low, pair->value);
  pair->high = table.v_high;
}

/* η: the root of the share of a number's variance between the categories; interval by the noncentral F. */
static void
set_ratio (PatronAssociated *pair, const double *number, const double *category, guint k, gsize n)
{
  PatronRelevance anova = patron_relevance_anova (number, category, n, k);
  double low, high;
  pair->measure = PATRON_MEASURE_RATIO;
  pair->value = sqrt (anova.effect);
  pair->p = anova.p;
  patron_noncentral_f_interval (anova.statistic, anova.df1, anova.df2, &low, &high);
  pair->low = fmin (sqrt (low / (low + (double) n)), pair->value);
  pair->high = fmax (sqrt (high / (high + (double) n)), pair->value);
}

/* Interval by Fisher's z with variance 0.437 / (n - 4): E. Fieller, H. Hartley and E. Pearson, Biometrika 44, 1957. */
static gboolean
set_kendall (PatronAssociated *pair, const double *x, const double *y, gsize n, GError **error)
{
  pair->measure = PATRON_MEASURE_KENDALL;
  if (!patron_kendall (x, y, n, &pair->value, &pair->p, error))
    return FALSE;
  if (n > 4 && fabs (pair->value) < 1)
    {
      double half = patron_normal_quantile (0.975) * sqrt (0.437 / ((double) n - 4));
      pair->low = tanh (atanh (pair->value) - half);
      pair->high = tanh (atanh (pair->value) + half);
    }
  return TRUE;
}

/* On the scale of a correlation: √(1 - exp (-2 I)), which is |r| for normal values (E. Linfoot, Inf. Control 1, 1957). */
static gboolean
set_information (Work *work, PatronAssociated *pair, const double *x, const double *y, gsize n, GError **error)
{
  guint kx = work->levels[pair->a], ky = work->levels[pair->b];
  g_autoptr(GError) own = NULL;
  double information = n < 10 ? NAN
    : kx > 0 && ky > 0 ? patron_information_classes (x, kx, y, ky, n, &own)
    : ky > 0 ? patron_information_mixed (x, y, ky, n, work->seed, work->run, &own)
    : patron_information_numbers (x, y, n, work->seed, work->run, &own);
  if (own != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&own));
      return FALSE;
    }
  pair->measure = PATRON_MEASURE_INFORMATION;
  pair->value = sqrt (-expm1 (-2 * fmax (0, information)));
  return TRUE;
}

static gboolean
find_pair (Work *work, PatronAssociated *pair, GError **error)
{
  double *x = patron_try_alloc (2 * (work->n + 1), sizeof *x, _("the correlations"), error), *y = x + work->n + 1;
  if (x == NULL)
    return FALSE;
  gsize n = common_rows (work, pair, x, y);
  guint kx = work->levels[pair->a], ky = work->levels[pair->b];
  gboolean ok = TRUE;
  pair->n = (double) n;
  if (work->self->params->method == PATRON_ASSOCIATE_INFORMATION)
    ok = set_information (work, pair, x, y, n, error);
  else if (kx > 0 && ky > 0)
    set_cramer (pair, x, kx, y, ky, n);
  else if (ky > 0)   /* numbers come before categories */
    set_ratio (pair, x, y, ky, n);
  else
    ok = set_kendall (pair, x, y, n, error);
  patron_free (x);
  return ok;
}

static void
find_pairs (gsize begin, gsize end, int worker, gpointer data)
{
  Work *work = data;
  for (gsize k = begin; k < end; k++)
    {
      GError *error = NULL;
      if (!find_pair (work, &work->self->pairs[work->todo[k]], &error))
        patron_error_keep (&work->error, error);
    }
}

static gboolean
read_columns (Work *work, GError **error)
{
  PatronAssociations *self = work->self;
  for (guint c = 0; c < self->n_columns; c++)
    {
      if (c < self->n_numbers)
        {
          if ((work->values[c] = patron_read_all (self->columns[c], error)) == NULL)
            return FALSE;
          continue;
        }
      g_autoptr(PatronLevels) levels = patron_levels_new (self->columns[c], work->run, error);
      work->values[c] = levels != NULL ? patron_try_alloc (self->n_rows, sizeof (double), _("the correlations"), error) : NULL;
      if (work->values[c] == NULL)
        return FALSE;
      work->levels[c] = levels->n_levels;
      for (gsize i = 0; i < self->n_rows; i++)
        work->values[c][i] = levels->codes[i] >= 0 ? levels->codes[i] : NAN;
    }
  return TRUE;
}

static gboolean
choose_sample (Work *work, GError **error)
{
  PatronAssociations *self = work->self;
  work->n = self->n_rows;
  if (self->params->method != PATRON_ASSOCIATE_INFORMATION || self->n_rows <= PATRON_INFORMATION_ROWS)
    return TRUE;
  PatronRandom random;
  work->n = self->n_sampled = PATRON_INFORMATION_ROWS;
  work->sample = patron_try_alloc (work->n, sizeof *work->sample, _("the correlations"), error);
  if (work->sample == NULL)
    return FALSE;
  patron_random_init (&random, work->seed, STREAM);
  patron_random_sample (&random, self->n_rows, work->n, work->sample);
  return TRUE;
}

static gboolean
find_others (PatronAssociations *self, gboolean numbers_done, PatronRun *run, GError **error)
{
  g_autofree guint32 *todo = g_new (guint32, self->n_pairs + 1);
  guint n_todo = 0;
  for (guint k = 0; k < self->n_pairs; k++)
    if (!(numbers_done && self->pairs[k].b < self->n_numbers))
      todo[n_todo++] = k;
  if (n_todo == 0)
    return TRUE;
  g_autofree double **values = g_new0 (double *, self->n_columns + 1);
  g_autofree guint *levels = g_new0 (guint, self->n_columns + 1);
  Work work = { .self = self, .values = values, .levels = levels, .seed = patron_run_get_seed (run), .run = run, .todo = todo };
  gboolean ok = read_columns (&work, error) && choose_sample (&work, error);
  if (ok && !patron_parallel_for (run, n_todo, 1, find_pairs, &work))
    ok = patron_run_check (run, error);
  if (ok && work.error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&work.error));
      ok = FALSE;
    }
  g_clear_error (&work.error);
  patron_free (work.sample);
  for (guint c = 0; c < self->n_columns; c++)
    patron_free (values[c]);
  return ok;
}

gboolean
patron_associations_find (PatronAssociations *self, PatronRun *run, GError **error)
{
  int method = self->params->method;
  gboolean matrix = method == PATRON_ASSOCIATE_PEARSON || method == PATRON_ASSOCIATE_SPEARMAN;
  self->n_pairs = self->n_columns * (self->n_columns - 1) / 2;
  self->pairs = g_new (PatronAssociated, self->n_pairs + 1);
  for (guint a = 0, k = 0; a < self->n_columns; a++)
    for (guint b = a + 1; b < self->n_columns; b++)
      self->pairs[k++] = (PatronAssociated) { a, b, PATRON_MEASURE_PEARSON, NAN, NAN, NAN, 0, NAN, NAN };
  if (self->n_numbers >= 2 && self->params->partial && matrix && !correlate_partially (self, run, error))
    return FALSE;
  if (self->n_numbers >= 2 && !self->params->partial && matrix && !correlate_numbers (self, run, error))
    return FALSE;
  return find_others (self, matrix, run, error);
}
