/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/transform.h"

#include "base/memory.h"
#include "base/order.h"
#include "base/parallel.h"
#include "math/statistics.h"
#include "table/column.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* New rows may hold what training rows did not: nothing is below the floor, and below 0 the curve goes on as its mirror image. */
static inline double
safe_log (double x, double floor)
{
  if (floor > 0)
    return log (MAX (x, floor));
  return x < 0 ? -log1p (-x) : log1p (x);
}

/* ---- learning ----------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronTransform    *transform;
  const PatronDesign *design;
  const PatronMatrix *x;
  PatronScale         scale;
  PatronLogChoice     logs;
  double             *scratch;    /* for each worker, n values; only for quantiles */
  int                 infinite;   /* atomic: a column with an infinite value, + 1 */
} LearnWork;

static PatronMoments
log_moments (const double *values, gsize n, double floor)
{
  PatronMoments moments = PATRON_MOMENTS_INIT;
  double block[512];

  for (gsize i = 0; i < n; i += G_N_ELEMENTS (block))
    {
      const gsize m = MIN (G_N_ELEMENTS (block), n - i);
      for (gsize h = 0; h < m; h++)
        block[h] = safe_log (values[i + h], floor);
      patron_moments_add_array (&moments, block, m);
    }
  return moments;
}

static gboolean
wants_log (const LearnWork *work, const PatronMoments *plain, const PatronMoments *logged)
{
  if (plain->min < 0 || !(plain->max > plain->min) || work->logs == PATRON_LOG_NEVER)
    return FALSE;
  if (work->logs == PATRON_LOG_ALWAYS)
    return TRUE;
  const double skewness = patron_moments_skewness (plain);
  return work->scale != PATRON_SCALE_NONE && skewness > 1 && fabs (patron_moments_skewness (logged)) < skewness;
}

static void
set_scale (const LearnWork *work, gsize j, const PatronMoments *moments, double *scratch)
{
  PatronTransform *transform = work->transform;
  const gsize n = work->x->n;

  if (work->scale == PATRON_SCALE_STANDARD)
    {
      transform->centres[j] = moments->mean;
      transform->scales[j] = sqrt (moments->m2 / (double) moments->n);
    }
  else if (work->scale == PATRON_SCALE_MINMAX)
    {
      transform->centres[j] = moments->min;
      transform->scales[j] = moments->max - moments->min;
    }
  else if (work->scale == PATRON_SCALE_ROBUST)
    {
      memcpy (scratch, patron_matrix_column (work->x, j), n * sizeof *scratch);
      for (gsize i = 0; transform->logs[j] && i < n; i++)
        scratch[i] = safe_log (scratch[i], transform->floors[j]);
      transform->centres[j] = patron_quantile (scratch, n, 0.5);
      transform->scales[j] = patron_quantile (scratch, n, 0.75) - patron_quantile (scratch, n, 0.25);
    }
  /* A column that does not vary (by rounding perhaps) is left at its distance from the centre, which is 0. */
  if (!(transform->scales[j] > 1e-14 * fabs (transform->centres[j])))
    transform->scales[j] = 1;
}

static void
learn_columns (gsize begin, gsize end, int worker, gpointer data)
{
  LearnWork *work = data;
  const gsize n = work->x->n;

  for (gsize j = begin; j < end; j++)
    {
      const PatronDesignColumn *column = patron_design_column (work->design, (guint) j);
      const PatronType type = patron_design_source (work->design, column->source)->type;
      const double *values = patron_matrix_column (work->x, j);
      PatronMoments plain = PATRON_MOMENTS_INIT;

      work->transform->scales[j] = 1;
      patron_moments_add_array (&plain, values, n);
      if (!isfinite (plain.m2))
        g_atomic_int_set (&work->infinite, (int) j + 1);
      if (column->level >= 0 || type == PATRON_TYPE_BOOLEAN || !isfinite (plain.m2))
        continue;
      const PatronMoments logged = work->logs != PATRON_LOG_NEVER && plain.min >= 0 ? log_moments (values, n, plain.min) : plain;
      work->transform->logs[j] = wants_log (work, &plain, &logged);
      work->transform->floors[j] = work->transform->logs[j] ? plain.min : 0;
      set_scale (work, j, work->transform->logs[j] ? &logged : &plain, work->scratch != NULL ? work->scratch + (gsize) worker * n : NULL);
    }
}

gboolean
patron_transform_learn (PatronTransform *transform, const PatronDesign *design, const PatronMatrix *x, PatronScale scale, PatronLogChoice logs,
                        PatronRun *run, GError **error)
{
  LearnWork work = { .transform = transform, .design = design, .x = x, .scale = scale, .logs = logs };
  gboolean done = FALSE;

  memset (transform, 0, sizeof *transform);
  transform->p = x->p;
  transform->logs = patron_try_alloc0 (x->p, sizeof (gint32), _("the scales of the columns"), error);
  transform->floors = transform->logs == NULL ? NULL : patron_try_alloc0 (x->p, sizeof (double), _("the scales of the columns"), error);
  transform->centres = transform->floors == NULL ? NULL : patron_try_alloc0 (x->p, sizeof (double), _("the scales of the columns"), error);
  transform->scales = transform->centres == NULL ? NULL : patron_try_alloc0 (x->p, sizeof (double), _("the scales of the columns"), error);
  if (transform->scales != NULL && scale == PATRON_SCALE_ROBUST)
    work.scratch = patron_try_alloc ((gsize) patron_parallel_workers (run) * x->n, sizeof (double), _("the scales of the columns"), error);
  if (transform->scales != NULL && (scale != PATRON_SCALE_ROBUST || work.scratch != NULL))
    {
      done = patron_parallel_for (run, x->p, 1, learn_columns, &work) || patron_run_check (run, error);
      if (done && work.infinite != 0)
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("Column “%s” holds numbers that are infinite or too large to square."),
                       patron_design_column (design, (guint) work.infinite - 1)->name);
          done = FALSE;
        }
    }
  patron_free (work.scratch);
  if (!done)
    patron_transform_clear (transform);
  return done;
}

/* ---- applying ----------------------------------------------------------------------------------------------- */

typedef struct
{
  const PatronTransform *transform;
  const PatronMatrix    *x;
  double                *out;
} ApplyWork;

static void
apply_rows (gsize begin, gsize end, int worker, gpointer data)
{
  const ApplyWork *work = data;

  for (gsize j = 0; j < work->x->p; j++)
    {
      const double *from = patron_matrix_column (work->x, j);
      double *to = work->out + j * work->x->n;
      const double centre = work->transform->centres[j], scale = work->transform->scales[j], floor = work->transform->floors[j];
      if (work->transform->logs[j])
        for (gsize i = begin; i < end; i++)
          to[i] = (safe_log (from[i], floor) - centre) / scale;
      else
        for (gsize i = begin; i < end; i++)
          to[i] = (from[i] - centre) / scale;
    }
}

double *
patron_transform_apply (const PatronTransform *transform, const PatronMatrix *x, PatronRun *run, GError **error)
{
  ApplyWork work = { transform, x, patron_try_alloc (x->n * x->p, sizeof (double), _("the rows on one scale"), error) };

  if (work.out == NULL)
    return NULL;
  if (patron_parallel_for (run, x->n, patron_row_grain (x->n), apply_rows, &work))
    return work.out;
  patron_free (work.out);
  patron_run_check (run, error);
  return NULL;
}

void
patron_transform_visit (PatronTransform *transform, PatronVisitor *visitor)
{
  gsize n_logs = transform->p, n_floors = transform->p, n_centres = transform->p, n_scales = transform->p;

  patron_visit_size (visitor, "columns", &transform->p);
  patron_visit_array (visitor, "logs", (gpointer *) &transform->logs, &n_logs, sizeof (gint32));
  patron_visit_array (visitor, "floors", (gpointer *) &transform->floors, &n_floors, sizeof (double));
  patron_visit_array (visitor, "centres", (gpointer *) &transform->centres, &n_centres, sizeof (double));
  patron_visit_array (visitor, "scales", (gpointer *) &transform->scales, &n_scales, sizeof (double));
  if (patron_visitor_is_loading (visitor) && (n_logs != transform->p || n_floors != transform->p || n_centres != transform->p || n_scales != transform->p))
    patron_visitor_fail (visitor, "column scales of unequal number");
}

void
patron_transform_clear (PatronTransform *transform)
{
  g_clear_pointer (&transform->logs, patron_free);
  g_clear_pointer (&transform->floors, patron_free);
  g_clear_pointer (&transform->centres, patron_free);
  g_clear_pointer (&transform->scales, patron_free);
}
