/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/describe-report.h"

#include "base/memory.h"
#include "math/ranking.h"
#include "ops/analyses/plot-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { MAX_LEVELS = 200, CUTS = 50, SHOWN = 15, FEW = 20 };

/* The target as numbers: a category is 1 for one of its values, 0 for the others. */
typedef struct
{
  gsize    n;
  double  *y;         /* NaN: missing */
  gboolean classes;
} Target;

static gboolean
target_init (Target *t, PatronDescription *d, PatronColumn *column, PatronRun *run, GError **error)
{
  g_autoptr(PatronLevels) levels = patron_levels_new (column, run, error);
  if (levels == NULL)
    return FALSE;
  guint accept = patron_type_accept (patron_column_get_type (column));
  t->n = levels->n;
  t->classes = !(accept & PATRON_ACCEPT_NUMERIC) || levels->n_levels == 2;
  t->y = t->classes ? patron_try_alloc (t->n, sizeof *t->y, _("the target"), error) : patron_read_all (column, error);
  if (t->y == NULL)
    return FALSE;
  if (!t->classes)
    return TRUE;
  g_autofree gsize *counts = g_new0 (gsize, levels->n_levels + 1);
  guint32 best = 0;
  for (gsize i = 0; i < t->n; i++)
    if (levels->codes[i] >= 0)
      counts[levels->codes[i]]++;
  /* Of two the rarer one is the outcome; of more the most frequent is told from the rest. */
  for (guint32 k = 1; k < levels->n_levels; k++)
    if (levels->n_levels == 2 ? counts[k] < counts[best] : counts[k] > counts[best])
      best = k;
  for (gsize i = 0; i < t->n; i++)
    t->y[i] = levels->codes[i] < 0 ? NAN : levels->codes[i] == (gint32) best;
  if (levels->n_levels > 0)
    d->positive = patron_levels_name (levels, best);
  return TRUE;
}

/* The mean of the target in each group of the column, from the even rows; groups without any get the mean of all. Missing is a group of its own. */
static double *
learn (const Target *t, const PatronFactor *factor)
{
  double *mean = g_new0 (double, factor->n + 2), sum = 0, all = 0;
  g_autofree double *count = g_new0 (double, factor->n + 2);
  for (gsize i = 0; i < t->n; i += 2)
    if (!isnan (t->y[i]))
      {
        mean[factor->codes[i] + 1] += t->y[i];
        count[factor->codes[i] + 1]++;
        sum += t->y[i];
        all++;
      }
  for (guint k = 0; k <= factor->n; k++)
    mean[k] = count[k] > 0 ? mean[k] / count[k] : all > 0 ? sum / all : 0;
  return mean;
}

static double
r_squared (const double *y, const double *guess, gsize n)
{
  double mean = 0, left = 0, all = 0;
  for (gsize i = 0; i < n; i++)
    mean += y[i] / (double) n;
  for (gsize i = 0; i < n; i++)
    {
      left += (y[i] - guess[i]) * (y[i] - guess[i]);
      all += (y[i] - mean) * (y[i] - mean);
    }
  return all > 0 ? MAX (0, 1 - left / all) : NAN;
}

static gboolean
try_column (const Target *t, PatronColumn *column, double *strength, PatronRun *run, GError **error)
{
  PatronFactor factor;
  gboolean ok = patron_factor_init (&factor, column, MAX_LEVELS, CUTS, TRUE, run, error);
  double *y = ok ? patron_try_alloc (t->n + 2, sizeof *y, _("the target"), error) : NULL, *guess = y != NULL ? y + t->n / 2 + 1 : NULL;
  gsize n = 0;
  if (y != NULL)
    {
      g_autofree double *mean = learn (t, &factor);
      for (gsize i = 1; i < t->n; i += 2)
        if (!isnan (t->y[i]))
          {
            y[n] = t->y[i];
            guess[n++] = mean[factor.codes[i] + 1];
          }
      if (n >= FEW && t->classes)
        {
          g_autoptr(PatronRanking) ranking = patron_ranking_new (n, y, 1, guess, error);
          ok = ranking != NULL;
          *strength = ok ? patron_ranking_auc (ranking) : NAN;
        }
      else if (n >= FEW)
        *strength = r_squared (y, guess, n);
    }
  ok = ok && y != NULL;
  patron_free (y);
  patron_factor_clear (&factor);
  return ok;
}

static gboolean
count_later (PatronColumn *column, PatronColumn *date, gsize *n_later, GError **error)
{
  gsize n = patron_column_get_length (column);
  double *own = patron_read_days (column, error), *row = own != NULL ? patron_read_days (date, error) : NULL;
  for (gsize i = 0; row != NULL && i < n; i++)
    *n_later += floor (own[i]) > floor (row[i]);
  gboolean ok = row != NULL;
  patron_free (own);
  patron_free (row);
  return ok;
}

static int
compare_tellers (gconstpointer a, gconstpointer b)
{
  const PatronTeller *x = a, *y = b;
  double vx = isnan (x->strength) ? -1 : x->strength, vy = isnan (y->strength) ? -1 : y->strength;
  return vx > vy ? -1 : vx < vy ? 1 : (int) x->profile - (int) y->profile;
}

gboolean
patron_description_find_tellers (PatronDescription *d, PatronColumn *target, PatronColumn *date, PatronTeller **tellers, PatronRun *run,
                                 GError **error)
{
  Target t = { 0 };
  gboolean ok = target == NULL || target_init (&t, d, target, run, error);
  *tellers = g_new0 (PatronTeller, d->n_profiles + 1);
  for (guint i = 0; ok && i < d->n_profiles; i++)
    {
      const PatronProfile *p = &d->profiles[i];
      gboolean is_date = p->type == PATRON_TYPE_DATE || p->type == PATRON_TYPE_TIME;
      PatronTeller *teller = &(*tellers)[d->n_tellers];
      if (p->column == target || p->column == date || p->constant)
        continue;
      *teller = (PatronTeller) { i, NAN, 0 };
      if (date != NULL && is_date)
        ok = count_later (p->column, date, &teller->n_later, error);
      if (ok && target != NULL && !p->id_like)
        ok = try_column (&t, p->column, &teller->strength, run, error);
      d->n_tellers += teller->n_later > 0 || !isnan (teller->strength);
      ok = ok && patron_run_check (run, error);
    }
  qsort (*tellers, d->n_tellers, sizeof **tellers, compare_tellers);
  d->tellers = *tellers;
  d->classes = t.classes;
  d->target_column = target != NULL ? patron_column_get_name (target) : NULL;
  d->date_column = date != NULL ? patron_column_get_name (date) : NULL;
  patron_free (t.y);
  return ok;
}

/* The columns that tell most, as bars; the line is where it is too good to be true. */
void
patron_description_add_target (const PatronDescription *d, PatronReport *report)
{
  guint n = 0;
  double value[SHOWN];
  if (d->target_column == NULL)
    return;
  PatronChart *chart = patron_chart_new ("target", PATRON_CHART_BAR,
                                         patron_text (N_("What tells {target}, one column at a time"), "target", PATRON_STRING (d->target_column),
                                                      NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (d->classes ? N_("Area under the ROC curve") : N_("R²"), NULL));
  chart->horizontal = TRUE;
  chart->value_labels = TRUE;
  chart->x.max = 1;
  for (guint k = 0; k < d->n_tellers && n < SHOWN; k++)
    if (!isnan (d->tellers[k].strength))
      {
        patron_axis_add_name (&chart->y, patron_column_get_name (d->profiles[d->tellers[k].profile].column));
        value[n++] = d->tellers[k].strength;
      }
  if (n == 0)
    {
      patron_chart_free (chart);
      return;
    }
  patron_chart_add_series (chart, NULL, PATRON_SERIES_BARS, n, NULL, value);
  if (d->classes)
    patron_chart_set_caption (chart, patron_text (N_("How well each column alone tells “{value}” from the rest: 0.5 is a coin, 1 never errs. Above "
                                                     "{limit} it is too good to be true. Learnt on every other row, measured on the rest."),
                                                  "value", PATRON_STRING (d->positive), "limit", PATRON_NUMBER (PATRON_LEAK_AUC), NULL));
  else
    patron_chart_set_caption (chart, patron_text (N_("The share of its variance that each column alone explains. Above {limit} it is too good to be "
                                                     "true. Learnt on every other row, measured on the rest."),
                                                  "limit", PATRON_NUMBER (PATRON_LEAK_R2), NULL));
  patron_report_add_heading (report, patron_text (N_("What tells {target}"), "target", PATRON_STRING (d->target_column), NULL));
  patron_report_add_chart (report, chart);
}
