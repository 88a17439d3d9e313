/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/permutation.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/random.h"

#define CHART_BARS 15

enum { STREAM_SHUFFLE = 0x53687566 };   /* above every tree's stream */

typedef struct
{
  const PatronPermutation *permutation;
  guint8                  *codes;    /* workers × n × stride */
  guint32                 *order;    /* workers × n */
  double                  *scores;   /* sources × PATRON_IMPORTANCE_REPEATS */
} Shuffles;

/* One shuffle of one source. */
static void
shuffle_source (gsize begin, gsize end, int worker, gpointer data)
{
  Shuffles *s = data;
  const PatronPermutation *p = s->permutation;
  gsize stride = p->stride;
  guint8 *codes = s->codes + (gsize) worker * p->n * stride;
  guint32 *order = s->order + (gsize) worker * p->n;
  for (gsize unit = begin; unit < end; unit++)
    {
      guint source = unit / PATRON_IMPORTANCE_REPEATS;
      PatronRandom random;
      patron_random_init (&random, p->seed, ((guint64) STREAM_SHUFFLE << 32) + unit);
      for (gsize r = 0; r < p->n; r++)
        {
          order[r] = r;
          memcpy (codes + r * stride, p->codes + patron_permutation_row (p, r) * stride, stride);
        }
      patron_random_shuffle (&random, order, p->n);
      for (gsize j = 0; j < p->p; j++)
        if (patron_design_column (p->design, j)->source == source)
          for (gsize r = 0; r < p->n; r++)
            codes[r * stride + j] = p->codes[patron_permutation_row (p, order[r]) * stride + j];
      s->scores[unit] = p->score (p->data, codes, source, worker);
    }
}

static int
compare_importance (const void *a, const void *b)
{
  const PatronImportance *x = a, *y = b;
  if (x->mean != y->mean)
    return x->mean < y->mean ? 1 : -1;
  if (x->share != y->share)
    return x->share < y->share ? 1 : -1;
  return (x->source > y->source) - (x->source < y->source);
}

static void
summarise (const PatronPermutation *p, const double *scores, double whole, PatronImportance *importance)
{
  guint n_sources = patron_design_n_sources (p->design);
  double all = 0;
  for (gsize j = 0; j < p->p; j++)
    all += p->gains[j];
  for (guint source = 0; source < n_sources; source++, scores += PATRON_IMPORTANCE_REPEATS)
    {
      double sum = 0, square = 0, gain = 0;
      for (guint i = 0; i < PATRON_IMPORTANCE_REPEATS; i++)
        sum += whole - scores[i];
      double mean = sum / PATRON_IMPORTANCE_REPEATS;
      for (guint i = 0; i < PATRON_IMPORTANCE_REPEATS; i++)
        square += (whole - scores[i] - mean) * (whole - scores[i] - mean);
      for (gsize j = 0; j < p->p; j++)
        if (patron_design_column (p->design, j)->source == source)
          gain += p->gains[j];
      importance[source] = (PatronImportance) { source, isfinite (mean) ? mean : 0,
                                                isfinite (square) ? sqrt (square / (PATRON_IMPORTANCE_REPEATS - 1)) : 0, all > 0 ? gain / all : 0 };
    }
  qsort (importance, n_sources, sizeof *importance, compare_importance);
}

gboolean
patron_permutation_measure (const PatronPermutation *permutation, double whole, PatronImportance *importance, PatronRun *run, GError **error)
{
  gsize units = (gsize) patron_design_n_sources (permutation->design) * PATRON_IMPORTANCE_REPEATS, workers = patron_parallel_workers (run);
  const char *purpose = _("the importance of the columns");
  Shuffles s = { .permutation = permutation };
  gboolean fine = (s.codes = patron_try_alloc (workers * permutation->n, permutation->stride, purpose, error)) != NULL
                  && (s.order = patron_try_alloc (workers * permutation->n, sizeof (guint32), purpose, error)) != NULL
                  && (s.scores = patron_try_alloc (units, sizeof (double), purpose, error)) != NULL;
  if (fine && !patron_parallel_for (run, units, 1, shuffle_source, &s))
    fine = patron_run_check (run, error);
  if (fine)
    summarise (permutation, s.scores, whole, importance);
  patron_free (s.codes);
  patron_free (s.order);
  patron_free (s.scores);
  return fine;
}

void
patron_importance_add_chart (PatronReport *report, const PatronDesign *design, const PatronImportance *importance, guint n, const char *label, double whole)
{
  double value[CHART_BARS], low[CHART_BARS], high[CHART_BARS], at[CHART_BARS];
  PatronChart *chart = patron_chart_new ("importance", PATRON_CHART_BAR, patron_text (N_("What the prediction depends on"), NULL));
  n = MIN (n, CHART_BARS);
  chart->horizontal = TRUE;
  patron_axis_set (&chart->y, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER,
                   patron_text (N_("{score} lost when the column is shuffled"), "score", PATRON_MSGID (label), NULL));
  chart->x.zero = TRUE;
  for (guint i = 0; i < n; i++)
    {
      at[i] = i;
      value[i] = importance[i].mean;
      low[i] = value[i] - importance[i].sd;
      high[i] = value[i] + importance[i].sd;
      patron_axis_add_name (&chart->y, patron_design_source (design, importance[i].source)->name);
    }
  PatronSeries *series = patron_chart_add_series (chart, patron_text (N_("Importance"), NULL), PATRON_SERIES_BARS, n, at, value);
  patron_series_set_interval (series, low, high);
  if (n > 0)
    patron_chart_set_caption (chart, patron_text (N_("Shuffling “{column}” takes {loss} off {score} {whole}. The whisker is one "
                                                     "standard deviation over "
                                                     "{repeats} shuffles."),
                                                  "column", PATRON_STRING (patron_design_source (design, importance[0].source)->name), "loss",
                                                  PATRON_NUMBER (value[0]), "score", PATRON_MSGID (label), "whole", PATRON_NUMBER (whole), "repeats",
                                                  PATRON_COUNT (PATRON_IMPORTANCE_REPEATS), NULL));
  patron_report_add_chart (report, chart);
}
