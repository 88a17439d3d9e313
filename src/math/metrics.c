/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/metrics.h"

#include <float.h>
#include <math.h>

#include "math/ranking.h"

guint
patron_predicted_class (gsize n, guint k, const double *p, gsize row)
{
  guint best = 0;
  for (guint c = 1; c < k; c++)
    if (p[c * n + row] > p[best * n + row])
      best = c;
  return best;
}

void
patron_confusion (gsize n, guint k, const double *y, const double *p, gsize *counts)
{
  for (gsize i = 0; i < (gsize) k * k; i++)
    counts[i] = 0;
  for (gsize i = 0; i < n; i++)
    counts[(gsize) y[i] * k + patron_predicted_class (n, k, p, i)]++;
}

/* Precision, recall and F of one class; 0 where the denominator is 0. Returns FALSE when the class neither occurs nor is predicted. */
static gboolean
class_rates (guint k, const gsize *counts, guint c, double *precision, double *recall, double *f1)
{
  double hit = counts[c * k + c], truth = 0, predicted = 0;
  for (guint d = 0; d < k; d++)
    {
      truth += counts[c * k + d];
      predicted += counts[d * k + c];
    }
  *precision = predicted > 0 ? hit / predicted : 0;
  *recall = truth > 0 ? hit / truth : 0;
  *f1 = truth + predicted > 0 ? 2 * hit / (truth + predicted) : 0;
  return truth + predicted > 0;
}

/* Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", Comput. Biol. Chem. 28 (2004). */
static double
matthews (gsize n, guint k, const gsize *counts)
{
  double correct = 0, both = 0, truth2 = 0, predicted2 = 0, total = n;
  for (guint c = 0; c < k; c++)
    {
      double truth = 0, predicted = 0;
      for (guint d = 0; d < k; d++)
        {
          truth += counts[c * k + d];
          predicted += counts[d * k + c];
        }
      correct += counts[c * k + c];
      both += truth * predicted;
      truth2 += truth * truth;
      predicted2 += predicted * predicted;
    }
  double denominator = sqrt (total * total - predicted2) * sqrt (total * total - truth2);
  return denominator > 0 ? (correct * total - both) / denominator : 0;
}

static void
confusion_metrics (gsize n, guint k, guint positive, const gsize *counts, PatronClassMetrics *m)
{
  double correct = 0, recalls = 0, precisions = 0, all_recalls = 0, f1s = 0;
  guint present = 0, seen = 0;
  for (guint c = 0; c < k; c++)
    {
      double precision, recall, f1;
      gsize truth = 0;
      for (guint d = 0; d < k; d++)
        truth += counts[c * k + d];
      correct += counts[c * k + c];
      if (!class_rates (k, counts, c, &precision, &recall, &f1))
        continue;
      seen++;
      precisions += precision;
      all_recalls += recall;
      f1s += f1;
      if (truth > 0)
        {
          present++;
          recalls += recall;
        }
    }
  m->accuracy = correct / n;
  m->balanced_accuracy = recalls / present;
  m->precision = precisions / seen;
  m->recall = all_recalls / seen;
  m->f1 = f1s / seen;
  if (k == 2)
    class_rates (k, counts, positive, &m->precision, &m->recall, &m->f1);
  m->mcc = matthews (n, k, counts);
}

static void
probability_metrics (gsize n, guint k, const double *y, const double *p, guint positive, PatronClassMetrics *m)
{
  double loss = 0, brier = 0;
  for (gsize i = 0; i < n; i++)
    {
      guint truth = (guint) y[i];
      double sum = 0, square = 0;
      for (guint c = 0; c < k; c++)
        {
          double d = p[c * n + i] - (c == truth);
          sum += CLAMP (p[c * n + i], DBL_EPSILON, 1 - DBL_EPSILON);
          square += d * d;
        }
      loss -= log (CLAMP (p[truth * n + i], DBL_EPSILON, 1 - DBL_EPSILON) / sum);
      if (k == 2)
        {
          double d = p[positive * n + i] - (truth == positive);
          square = d * d;
        }
      brier += square;
    }
  m->log_loss = loss / n;
  m->brier = brier / n;
}

/* Means over the classes that occur and are not all there is; NaN when there is none. */
static gboolean
order_metrics (gsize n, guint k, const double *y, const double *p, guint positive, PatronClassMetrics *m, GError **error)
{
  guint first = k == 2 ? positive : 0, last = k == 2 ? positive + 1 : k, n_auc = 0, n_precision = 0;
  double auc = 0, precision = 0;
  for (guint c = first; c < last; c++)
    {
      g_autoptr (PatronRanking) ranking = patron_ranking_new (n, y, c, p + c * n, error);
      if (ranking == NULL)
        return FALSE;
      if (ranking->n_positive == 0)
        continue;
      precision += patron_ranking_average_precision (ranking);
      n_precision++;
      if (ranking->n_negative == 0)
        continue;
      auc += patron_ranking_auc (ranking);
      n_auc++;
    }
  m->auc = n_auc > 0 ? auc / n_auc : NAN;
  m->average_precision = n_precision > 0 ? precision / n_precision : NAN;
  return TRUE;
}

gboolean
patron_class_metrics (gsize n, guint k, const double *y, const double *p, guint positive, PatronClassMetrics *metrics, GError **error)
{
  g_autofree gsize *counts = g_new (gsize, (gsize) k * k);
  if (!order_metrics (n, k, y, p, positive, metrics, error))
    return FALSE;
  patron_confusion (n, k, y, p, counts);
  confusion_metrics (n, k, positive, counts, metrics);
  probability_metrics (n, k, y, p, positive, metrics);
  return TRUE;
}

void
patron_regression_metrics (gsize n, const double *y, const double *predicted, PatronRegressionMetrics *metrics)
{
  double mean = 0, square = 0, absolute = 0, relative = 0, total = 0;
  gsize n_relative = 0;
  for (gsize i = 0; i < n; i++)
    mean += y[i];
  mean /= n;
  for (gsize i = 0; i < n; i++)
    {
      double error = y[i] - predicted[i];
      square += error * error;
      absolute += fabs (error);
      if (y[i] != 0)
        {
          relative += fabs (error / y[i]);
          n_relative++;
        }
      total += (y[i] - mean) * (y[i] - mean);
    }
  metrics->mse = square / n;
  metrics->rmse = sqrt (square / n);
  metrics->mae = absolute / n;
  metrics->mape = n_relative > 0 ? relative / n_relative : NAN;
  metrics->r2 = total > 0 ? 1 - square / total : (square > 0 ? 0 : 1);
}

void
patron_wilson_interval (double successes, double n, double *low, double *high)
{
  if (!(n > 0))
    {
      *low = 0;
      *high = 1;
      return;
    }
  double z2 = PATRON_Z_95 * PATRON_Z_95, rate = successes / n;
  double centre = (rate + z2 / (2 * n)) / (1 + z2 / n);
  double half = PATRON_Z_95 / (1 + z2 / n) * sqrt (rate * (1 - rate) / n + z2 / (4 * n * n));
  *low = MAX (centre - half, 0);
  *high = MIN (centre + half, 1);
}
