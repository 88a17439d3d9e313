/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/calibration.h"

#include <math.h>

#include "math/metrics.h"
#include "math/ranking.h"

static void
close_bin (PatronCalibrationBin *bin, double n, double positives, double sum)
{
  bin->n = n;
  bin->predicted = sum / n;
  bin->observed = positives / n;
  patron_wilson_interval (positives, n, &bin->low, &bin->high);
}

guint
patron_calibration_bins (gsize n, const double *y, double positive, const double *p, guint n_bins, PatronCalibrationBin *bins, GError **error)
{
  g_autoptr (PatronRanking) r = patron_ranking_new (n, y, positive, p, error);
  if (r == NULL)
    return 0;
  /* From the lowest probability up: a group ends at the first border between unequal probabilities at or past its quantile. */
  guint n_made = 0;
  double rows = 0, positives = 0, sum = 0, done = 0;
  for (gsize s = r->n_steps; s-- > 0;)
    {
      double tp = r->true_positive[s] - (s > 0 ? r->true_positive[s - 1] : 0);
      double fp = r->false_positive[s] - (s > 0 ? r->false_positive[s - 1] : 0);
      rows += tp + fp;
      positives += tp;
      sum += r->threshold[s] * (tp + fp);
      done += tp + fp;
      if (s > 0 && (done < (double) n * (n_made + 1) / n_bins || n_made + 1 == n_bins))
        continue;
      close_bin (&bins[n_made++], rows, positives, sum);
      rows = positives = sum = 0;
    }
  return n_made;
}

/* The logit of p, kept within ±log 999. */
static double
safe_logit (double p)
{
  p = CLAMP (p, 0.001, 0.999);
  return log (p / (1 - p));
}

void
patron_calibration_line (gsize n, const double *y, double positive, const double *p, double *intercept, double *slope)
{
  double a = 0, b = 1;
  *intercept = *slope = NAN;
  for (int iteration = 0; iteration < 50; iteration++)
    {
      /* Newton's step: gradient g and information h of the log-likelihood in (a, b). */
      double ga = 0, gb = 0, haa = 0, hab = 0, hbb = 0;
      for (gsize i = 0; i < n; i++)
        {
          double x = safe_logit (p[i]), fitted = 1 / (1 + exp (-(a + b * x))), w = fitted * (1 - fitted);
          double residual = (y[i] == positive) - fitted;
          ga += residual;
          gb += residual * x;
          haa += w;
          hab += w * x;
          hbb += w * x * x;
        }
      double determinant = haa * hbb - hab * hab;
      if (!(determinant > 1e-10 * haa * hbb) || !(haa > 1e-8))
        return;
      double da = (hbb * ga - hab * gb) / determinant, db = (haa * gb - hab * ga) / determinant;
      a += da;
      b += db;
      if (fabs (a) > 1e3 || fabs (b) > 1e3)
        return;
      if (fabs (da) < 1e-12 * (1 + fabs (a)) && fabs (db) < 1e-12 * (1 + fabs (b)))
        {
          *intercept = a;
          *slope = b;
          return;
        }
    }
}
