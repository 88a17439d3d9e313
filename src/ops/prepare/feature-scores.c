/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/feature-scores.h"

#include "base/memory.h"
#include "base/order.h"
#include "base/parallel.h"
#include "base/random.h"
#include "math/adjust.h"
#include "math/relevance.h"
#include "math/statistics.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { MOST_CLASSES = 1000, INFORMATION_ROWS = 5000 };

/* ---- alone ----------------------------------------------------------------------------------------------------- */

/* Values ascending and present only: the longest run and how many runs. */
static void
count_runs (const double *sorted, gsize n, gsize *longest, gsize *distinct)
{
  *longest = *distinct = 0;
  for (gsize i = 0; i < n;)
    {
      gsize j = i;
      while (j < n && sorted[j] == sorted[i])
        j++;
      *longest = MAX (*longest, j - i);
      (*distinct)++;
      i = j;
    }
}

static gboolean
describe (const PatronPrepareInput *input, PatronFeatureScore *score, PatronRun *run, GError **error)
{
  gsize n = patron_prepare_n_rows (input), present = 0, longest, distinct;
  double *values = patron_prepare_gather (input, score->column, run, error);
  if (values == NULL)
    return FALSE;
  gboolean coded = patron_column_has_dict (score->column);
  for (gsize i = 0; i < n; i++)
    if (!isnan (values[i]) && (!coded || values[i] >= 0))
      values[present++] = values[i];
  patron_sort_doubles (values, present);
  count_runs (values, present, &longest, &distinct);
  score->dense = present > 0 && values[present - 1] - values[0] < 10.0 * present;
  patron_free (values);
  score->missing = n > 0 ? 1 - (double) present / n : 1;
  score->top = present > 0 ? (double) longest / present : 1;
  score->distinct = present > 0 ? (double) distinct / present : 0;
  return TRUE;
}

gboolean
patron_feature_describe (const PatronPrepareInput *input, PatronFeatureScore *scores, guint n, PatronRun *run, GError **error)
{
  for (guint k = 0; k < n; k++)
    {
      scores[k].is_class = patron_column_has_dict (scores[k].column) || patron_column_get_type (scores[k].column) == PATRON_TYPE_BOOLEAN;
      scores[k].statistic = scores[k].p = scores[k].p_adjusted = scores[k].effect = scores[k].information = scores[k].chance = scores[k].importance
          = NAN;
      if (!describe (input, &scores[k], run, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- against the target ------------------------------------------------------------------------------------------ */

/* A column of the rows to learn from, as numbers or class indices. */
typedef struct
{
  double  *values;      /* NaN: missing */
  guint    n_classes;   /* 0: numbers */
} Vector;

static gboolean
read_vector (Vector *vector, const PatronPrepareInput *input, PatronColumn *column, gboolean is_class, PatronRun *run, GError **error)
{
  *vector = (Vector) { .values = NULL };
  if (!is_class)
    return (vector->values = patron_prepare_gather (input, column, run, error)) != NULL;
  PatronClasses classes;
  if (!patron_classes_init (&classes, input, column, G_MAXINT, run, error))
    return FALSE;
  gsize n = patron_prepare_n_rows (input);
  vector->values = patron_try_alloc (n, sizeof *vector->values, patron_column_get_name (column), error);
  vector->n_classes = MIN (classes.n_classes, MOST_CLASSES);
  for (gsize i = 0; vector->values != NULL && i < n; i++)   /* rare classes beyond the most are one */
    vector->values[i] = classes.codes[i] < 0 ? (double) NAN : MIN (classes.codes[i], MOST_CLASSES - 1);
  patron_classes_clear (&classes);
  return vector->values != NULL;
}

/* The test that suits the types. x, y: n rows without missing. */
static PatronRelevance
test (const double *x, guint kx, const double *y, guint ky, gsize n)
{
  if (kx > 0 && ky > 0)
    return patron_relevance_classes (x, kx, y, ky, n);
  if (kx > 0)
    return patron_relevance_anova (y, x, n, kx);
  return ky > 0 ? patron_relevance_anova (x, y, n, ky) : patron_relevance_correlation (x, y, n);
}

static double
information (const double *x, guint kx, const double *y, guint ky, gsize n, guint64 seed, PatronRun *run, GError **error)
{
  if (kx > 0 && ky > 0)
    return patron_information_classes (x, kx, y, ky, n, error);
  if (kx > 0)
    return patron_information_mixed (y, x, kx, n, seed, run, error);
  return ky > 0 ? patron_information_mixed (x, y, ky, n, seed, run, error) : patron_information_numbers (x, y, n, seed, run, error);
}

typedef struct
{
  const PatronPrepareInput *input;
  PatronFeatureScore *scores;
  Vector     target;
  PatronRun *run;
  GError    *error;
} Relevance;

/* Information before and after shuffling the target. x, y: n, thinned and y shuffled in place. */
static gboolean
measure_information (Relevance *self, guint k, double *x, guint kx, double *y, guint ky, gsize n, GError **error)
{
  guint64 seed = patron_run_get_seed (self->run);
  PatronFeatureScore *score = &self->scores[k];
  PatronRandom random;
  patron_random_init (&random, seed, 0x66656174 + (guint64) k);
  if (n > INFORMATION_ROWS)
    {
      g_autofree guint32 *chosen = g_new (guint32, INFORMATION_ROWS);
      patron_random_sample (&random, n, INFORMATION_ROWS, chosen);
      for (gsize i = 0; i < INFORMATION_ROWS; i++)   /* ascending: nothing is overwritten before it is read */
        {
          x[i] = x[chosen[i]];
          y[i] = y[chosen[i]];
        }
      n = INFORMATION_ROWS;
    }
  score->information = information (x, kx, y, ky, n, seed, self->run, error);
  score->chance = 0;
  score->beaten = 0;
  for (int s = 0; s < PATRON_FEATURE_SHUFFLES && !isnan (score->information); s++)
    {
      for (gsize i = n; i > 1; i--)
        {
          gsize j = patron_random_below (&random, i);
          double swap = y[i - 1];
          y[i - 1] = y[j];
          y[j] = swap;
        }
      double chance = information (x, kx, y, ky, n, seed, self->run, error);
      if (isnan (chance))
        return FALSE;
      score->chance = MAX (score->chance, chance);
      score->beaten += chance >= score->information;
    }
  return !isnan (score->information);
}

static gboolean
relate (Relevance *self, guint k, GError **error)
{
  PatronFeatureScore *score = &self->scores[k];
  if (score->reason != PATRON_REASON_KEPT)
    return TRUE;
  gsize n = patron_prepare_n_rows (self->input), m = 0;
  Vector vector;
  if (!read_vector (&vector, self->input, score->column, score->is_class, self->run, error))
    return FALSE;
  double *y = patron_try_alloc (n, sizeof *y, _("the target"), error), *x = vector.values;
  gboolean ok = y != NULL;
  for (gsize i = 0; ok && i < n; i++)
    if (isfinite (x[i]) && isfinite (self->target.values[i]))
      {
        x[m] = x[i];
        y[m++] = self->target.values[i];
      }
  if (ok && m > 0)
    {
      PatronRelevance result = test (x, vector.n_classes, y, self->target.n_classes, m);
      score->statistic = result.statistic;
      score->p = score->p_adjusted = result.p;
      score->effect = result.effect;
      ok = measure_information (self, k, x, vector.n_classes, y, self->target.n_classes, m, error);
    }
  patron_free (x);
  patron_free (y);
  return ok;
}

static void
relate_range (gsize begin, gsize end, int worker, gpointer data)
{
  Relevance *self = data;
  for (gsize k = begin; k < end; k++)
    {
      GError *error = NULL;
      if (!relate (self, (guint) k, &error))
        patron_error_keep (&self->error, error);
    }
}

gboolean
patron_feature_relevance (const PatronPrepareInput *input, PatronFeatureScore *scores, guint n, PatronColumn *target, PatronRun *run, GError **error)
{
  Relevance self = { .input = input, .scores = scores, .run = run };
  gboolean is_class = patron_column_has_dict (target) || patron_column_get_type (target) == PATRON_TYPE_BOOLEAN;
  if (!read_vector (&self.target, input, target, is_class, run, error))
    return FALSE;
  patron_parallel_for (run, n, 1, relate_range, &self);
  patron_free (self.target.values);
  if (self.error != NULL)
    {
      g_propagate_error (error, self.error);
      return FALSE;
    }
  g_autofree double *p = g_new (double, MAX (n, 1));
  for (guint k = 0; k < n; k++)
    p[k] = scores[k].p;
  patron_adjust_bh (p, n);
  for (guint k = 0; k < n; k++)
    scores[k].p_adjusted = p[k];
  return patron_run_check (run, error);
}

/* ---- with one another -------------------------------------------------------------------------------------------- */

/* Centred, of length 1, missing as 0; NULL when it does not vary. */
static double *
standardised (const PatronPrepareInput *input, PatronColumn *column, PatronRun *run, GError **error)
{
  gsize n = patron_prepare_n_rows (input);
  double *x = patron_prepare_gather (input, column, run, error);
  PatronMoments moments = PATRON_MOMENTS_INIT;
  if (x == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    patron_moments_add (&moments, isfinite (x[i]) ? x[i] : (double) NAN);
  double scale = moments.m2 > 0 ? sqrt (moments.m2) : INFINITY;
  for (gsize i = 0; i < n; i++)
    x[i] = isfinite (x[i]) ? (x[i] - moments.mean) / scale : (double) NAN;
  return x;
}

/* Pearson's r over the rows where both are there. */
static double
correlation (const double *x, const double *y, gsize n)
{
  double sx = 0, sy = 0, xx = 0, yy = 0, xy = 0, m = 0;
  for (gsize i = 0; i < n; i++)
    if (!isnan (x[i]) && !isnan (y[i]))
      {
        sx += x[i];
        sy += y[i];
        xx += x[i] * x[i];
        yy += y[i] * y[i];
        xy += x[i] * y[i];
        m += 1;
      }
  double vx = xx - sx * sx / m, vy = yy - sy * sy / m;
  return m >= 3 && vx > 0 && vy > 0 ? (xy - sx * sy / m) / sqrt (vx * vy) : 0;
}

gboolean
patron_feature_correlated (const PatronPrepareInput *input, PatronFeatureScore *scores, const guint *order, guint n, double most, PatronRun *run,
                           GError **error)
{
  gsize n_rows = patron_prepare_n_rows (input);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (patron_free);
  g_autoptr (GArray) which = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint k = 0; k < n; k++)
    {
      PatronFeatureScore *score = &scores[order[k]];
      if (score->reason != PATRON_REASON_KEPT || score->is_class)
        continue;
      double *x = standardised (input, score->column, run, error);
      if (x == NULL)
        return FALSE;
      for (guint j = 0; j < kept->len && score->reason == PATRON_REASON_KEPT; j++)
        {
          double r = correlation (x, kept->pdata[j], n_rows);
          if (fabs (r) > most)
            {
              score->reason = PATRON_REASON_CORRELATED;
              score->like = g_array_index (which, guint, j);
              score->correlation = r;
            }
        }
      if (score->reason == PATRON_REASON_KEPT)
        {
          g_ptr_array_add (kept, x);
          g_array_append_val (which, order[k]);
        }
      else
        patron_free (x);
      if (!patron_run_check (run, error))
        return FALSE;
    }
  return TRUE;
}
