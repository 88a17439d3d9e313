/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/prediction-score.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "math/metrics.h"
#include "math/ranking.h"

double
patron_prediction_score (guint n_classes, gsize n, const double *y, const double *p)
{
  gsize right = 0;
  if (n_classes == 0)
    {
      PatronRegressionMetrics metrics;
      patron_regression_metrics (n, y, p, &metrics);
      return metrics.r2;
    }
  if (n_classes == 2)
    {
      g_autoptr (PatronRanking) ranking = patron_ranking_new (n, y, 1, p + n, NULL);
      return ranking != NULL ? patron_ranking_auc (ranking) : NAN;
    }
  for (gsize i = 0; i < n; i++)
    right += patron_predicted_class (n, n_classes, p, i) == (guint) y[i];
  return (double) right / n;
}

const char *
patron_prediction_score_label (guint n_classes)
{
  return n_classes == 0 ? N_("R²") : n_classes == 2 ? N_("AUC") : N_("accuracy");
}
