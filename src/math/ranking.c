/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/ranking.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"
#include "base/memory.h"
#include "math/radix-sort.h"

/* Keys of the scores, ascending when sorted, each with whether its row is positive. */
typedef struct
{
  guint64 *keys, *key_scratch;
  guint32 *positive, *positive_scratch;
} Scored;

static void
scored_clear (Scored *scored)
{
  patron_free (scored->keys);
  patron_free (scored->positive);
}

static gboolean
scored_init (Scored *scored, gsize n, const double *y, double positive, const double *score, GError **error)
{
  *scored = (Scored) { 0 };
  const char *purpose = _("the order of the scores");
  if ((scored->keys = patron_try_alloc (n, 2 * sizeof (guint64), purpose, error)) == NULL
      || (scored->positive = patron_try_alloc (n, 2 * sizeof (guint32), purpose, error)) == NULL)
    return FALSE;
  scored->key_scratch = scored->keys + n;
  scored->positive_scratch = scored->positive + n;
  for (gsize i = 0; i < n; i++)
    {
      if (isnan (score[i]))
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                       _("Prediction %zu is not a number, so the predictions cannot be ordered."), i + 1);
          return FALSE;
        }
      scored->keys[i] = patron_key_from_double (score[i] + 0.0);   /* -0 as 0 */
      scored->positive[i] = y[i] == positive;
    }
  patron_radix_sort_pairs (scored->keys, scored->positive, scored->key_scratch, scored->positive_scratch, n);
  return TRUE;
}

static gboolean
ranking_alloc (PatronRanking *ranking, gsize n_steps, GError **error)
{
  const char *purpose = _("the order of the scores");
  return (ranking->threshold = patron_try_alloc (n_steps, sizeof (double), purpose, error)) != NULL
         && (ranking->true_positive = patron_try_alloc (n_steps, sizeof (gsize), purpose, error)) != NULL
         && (ranking->false_positive = patron_try_alloc (n_steps, sizeof (gsize), purpose, error)) != NULL;
}

PatronRanking *
patron_ranking_new (gsize n, const double *y, double positive, const double *score, GError **error)
{
  Scored rows;
  g_autoptr (PatronRanking) ranking = g_new0 (PatronRanking, 1);
  gboolean fine = scored_init (&rows, n, y, positive, score, error);
  gsize n_steps = 0;
  for (gsize i = 0; fine && i < n; i++)
    n_steps += i + 1 == n || rows.keys[i] != rows.keys[i + 1];
  fine = fine && ranking_alloc (ranking, n_steps, error);
  for (gsize i = n; fine && i-- > 0;)
    {
      ranking->n_positive += rows.positive[i];
      ranking->n_negative += !rows.positive[i];
      if (i > 0 && rows.keys[i] == rows.keys[i - 1])
        continue;
      ranking->threshold[ranking->n_steps] = patron_double_from_key (rows.keys[i]);
      ranking->true_positive[ranking->n_steps] = ranking->n_positive;
      ranking->false_positive[ranking->n_steps] = ranking->n_negative;
      ranking->n_steps++;
    }
  scored_clear (&rows);
  return fine ? g_steal_pointer (&ranking) : NULL;
}

void
patron_ranking_free (PatronRanking *ranking)
{
  if (ranking == NULL)
    return;
  patron_free (ranking->threshold);
  patron_free (ranking->true_positive);
  patron_free (ranking->false_positive);
  g_free (ranking);
}

double
patron_ranking_auc (const PatronRanking *r)
{
  double area = 0, tp = 0, fp = 0;
  for (gsize s = 0; s < r->n_steps; s++)
    {
      area += (r->false_positive[s] - fp) * (r->true_positive[s] + tp) / 2;
      tp = r->true_positive[s];
      fp = r->false_positive[s];
    }
  return r->n_positive > 0 && r->n_negative > 0 ? area / ((double) r->n_positive * r->n_negative) : NAN;
}

double
patron_ranking_auc_variance (const PatronRanking *r)
{
  double m = r->n_positive, n = r->n_negative;
  if (r->n_positive < 2 || r->n_negative < 2)
    return NAN;
  double auc = patron_ranking_auc (r), positives = 0, negatives = 0, tp = 0, fp = 0;
  for (gsize s = 0; s < r->n_steps; s++)
    {
      double dtp = r->true_positive[s] - tp, dfp = r->false_positive[s] - fp;
      double beaten = (n - fp - dfp / 2) / n - auc;   /* share of negatives that a positive of this score beats */
      double beating = (tp + dtp / 2) / m - auc;      /* share of positives that beat a negative of this score */
      positives += dtp * beaten * beaten;
      negatives += dfp * beating * beating;
      tp += dtp;
      fp += dfp;
    }
  return positives / (m - 1) / m + negatives / (n - 1) / n;
}

double
patron_ranking_average_precision (const PatronRanking *r)
{
  double sum = 0, tp = 0;
  for (gsize s = 0; s < r->n_steps; s++)
    {
      double found = r->true_positive[s];
      sum += (found - tp) * (found / (found + r->false_positive[s]));
      tp = found;
    }
  return r->n_positive > 0 ? sum / r->n_positive : NAN;
}

double
patron_ranking_ks (const PatronRanking *r, double *threshold)
{
  double best = -1;
  if (r->n_positive == 0 || r->n_negative == 0)
    return NAN;
  for (gsize s = 0; s < r->n_steps; s++)
    {
      double distance = fabs ((double) r->true_positive[s] / r->n_positive - (double) r->false_positive[s] / r->n_negative);
      if (distance <= best)
        continue;
      best = distance;
      if (threshold != NULL)
        *threshold = r->threshold[s];
    }
  return best;
}

void
patron_ranking_gains (const PatronRanking *r, guint n_groups, PatronGain *gains)
{
  double total = (double) r->n_positive + r->n_negative, before = 0, found = 0, border_found = 0;
  gsize s = 0;
  for (guint g = 0; g < n_groups; g++)
    {
      double border = total * (g + 1) / n_groups;
      while (s < r->n_steps && (double) r->true_positive[s] + r->false_positive[s] <= border)
        {
          before = (double) r->true_positive[s] + r->false_positive[s];
          found = r->true_positive[s];
          s++;
        }
      double here = found;
      if (s < r->n_steps && border > before)
        here += (border - before) * (r->true_positive[s] - found) / ((double) r->true_positive[s] + r->false_positive[s] - before);
      gains[g].n = total / n_groups;
      gains[g].positives = here - border_found;
      gains[g].rate = gains[g].positives / gains[g].n;
      gains[g].lift = r->n_positive > 0 ? gains[g].rate * total / r->n_positive : NAN;
      gains[g].captured = r->n_positive > 0 ? here / r->n_positive : NAN;
      border_found = here;
    }
}

gsize
patron_ranking_thin (const PatronRanking *r, gsize max_points, gsize *steps)
{
  gsize n = 0, total = r->n_positive + r->n_negative;
  double next = 0;
  for (gsize s = 0; s < r->n_steps; s++)
    {
      gsize rows = r->true_positive[s] + r->false_positive[s];
      if (s > 0 && s + 1 < r->n_steps && (rows < next || n + 1 >= max_points))
        continue;
      steps[n++] = s;
      next = rows + (double) total / MAX (max_points - 1, 1);
      if (n == max_points)
        break;
    }
  return n;
}
