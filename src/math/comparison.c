/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/comparison.h"

#include "base/memory.h"
#include "base/order.h"
#include "base/random.h"
#include "math/adjust.h"
#include "math/distributions.h"
#include "math/noncentral.h"
#include "math/statistics.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const PatronTest no_test = { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };

/* ---- samples ---------------------------------------------------------------------------------------------- */

static double
polynomial (const double *coefficients, int n, double x)
{
  double value = 0;
  for (int i = n; i-- > 0;)
    value = value * x + coefficients[i];
  return value;
}

/* The weights of the differences between opposite order statistics: a[0] for the largest less the smallest. */
static void
shapiro_weights (double *a, gsize n)
{
  static const double c1[] = { 0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056 },
    c2[] = { 0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633 };
  gsize half = n / 2;
  double sum = 0, root = 1 / sqrt ((double) n);
  if (n == 3)
    {
      a[0] = M_SQRT1_2;
      return;
    }
  for (gsize i = 0; i < half; i++)
    {
      a[i] = -patron_normal_quantile (((double) i + 1 - 0.375) / ((double) n + 0.25));
      sum += 2 * a[i] * a[i];
    }
  double m1 = a[0], m2 = half > 1 ? a[1] : 0, first = polynomial (c1, 6, root) + m1 / sqrt (sum), factor;
  gsize done = 1;
  if (n > 5)
    {
      double second = polynomial (c2, 6, root) + m2 / sqrt (sum);
      factor = sqrt ((sum - 2 * m1 * m1 - 2 * m2 * m2) / (1 - 2 * first * first - 2 * second * second));
      a[1] = second;
      done = 2;
    }
  else
    factor = sqrt ((sum - 2 * m1 * m1) / (1 - 2 * first * first));
  a[0] = first;
  for (gsize i = done; i < half; i++)
    a[i] /= factor;
}

void
patron_shapiro_wilk (const double *sorted, gsize n, double *w, double *p)
{
  static const double c3[] = { 0.544, -0.39978, 0.025054, -6.714e-4 }, c4[] = { 1.3822, -0.77857, 0.062767, -0.0020322 };
  static const double c5[] = { -1.5861, -0.31082, -0.083751, 0.0038915 }, c6[] = { -0.4803, -0.082676, 0.0030302 };
  *w = *p = NAN;
  if (n < 3 || n > PATRON_SHAPIRO_MOST || !(sorted[n - 1] > sorted[0]))
    return;
  g_autofree double *a = g_new (double, n / 2 + 1);
  shapiro_weights (a, n);
  double mean = patron_sum (sorted, n) / (double) n, squares = 0, sum = 0;
  for (gsize i = 0; i < n; i++)
    squares += (sorted[i] - mean) * (sorted[i] - mean);
  for (gsize i = 0; i < n / 2; i++)
    sum += a[i] * (sorted[n - 1 - i] - sorted[i]);
  *w = MIN (1, sum * sum / squares);
  double y = log (1 - *w), count = (double) n, centre, spread;
  if (n == 3)
    {
      *p = MAX (0, 6 / G_PI * (asin (sqrt (*w)) - asin (sqrt (0.75))));
      return;
    }
  if (n <= 11)
    {
      double gamma = -2.273 + 0.459 * count;
      if (y >= gamma)
        {
          *p = 0;
          return;
        }
      y = -log (gamma - y);
      centre = polynomial (c3, 4, count);
      spread = exp (polynomial (c4, 4, count));
    }
  else
    {
      centre = polynomial (c5, 4, log (count));
      spread = exp (polynomial (c6, 3, log (count)));
    }
  *p = patron_normal_survival ((y - centre) / spread);
}

void
patron_sample_init (PatronSample *s, const double *sorted, gsize n)
{
  PatronMoments moments = PATRON_MOMENTS_INIT;
  *s = (PatronSample) { .values = sorted, .n = n, .mean = NAN, .mean_low = NAN, .mean_high = NAN, .min = NAN, .q1 = NAN, .median = NAN, .q3 = NAN,
                        .max = NAN };
  patron_moments_add_array (&moments, sorted, n);
  s->variance = patron_moments_variance (&moments);
  s->sd = patron_moments_sd (&moments);
  patron_shapiro_wilk (sorted, n, &s->w, &s->normal_p);
  if (n == 0)
    return;
  s->mean = moments.mean;
  s->min = sorted[0];
  s->max = sorted[n - 1];
  s->q1 = patron_quantile_sorted (sorted, n, 0.25);
  s->median = patron_quantile_sorted (sorted, n, 0.5);
  s->q3 = patron_quantile_sorted (sorted, n, 0.75);
  if (n > 1)
    {
      double half = patron_t_quantile (0.975, (double) n - 1) * s->sd / sqrt ((double) n);
      s->mean_low = s->mean - half;
      s->mean_high = s->mean + half;
    }
}

/* ---- spread ----------------------------------------------------------------------------------------------- */

PatronTest
patron_test_spread (const PatronSample *groups, guint k, GError **error)
{
  PatronTest test = no_test;
  double total = 0, n = 0, within = 0, between = 0;
  g_autofree double *means = g_new0 (double, k + 1);
  for (guint g = 0; g < k; g++)
    {
      for (gsize i = 0; i < groups[g].n; i++)
        means[g] += fabs (groups[g].values[i] - groups[g].median);
      total += means[g];
      n += (double) groups[g].n;
      means[g] /= MAX (1, (double) groups[g].n);
    }
  for (guint g = 0; g < k; g++)
    {
      double d = means[g] - total / n;
      between += (double) groups[g].n * d * d;
      for (gsize i = 0; i < groups[g].n; i++)
        {
          double e = fabs (groups[g].values[i] - groups[g].median) - means[g];
          within += e * e;
        }
    }
  test.df1 = k - 1.0;
  test.df2 = n - k;
  if (k >= 2 && test.df2 > 0 && within > 0)
    {
      test.statistic = between / test.df1 / (within / test.df2);
      test.p = patron_f_survival (test.statistic, test.df1, test.df2);
    }
  return test;
}

/* ---- two groups ------------------------------------------------------------------------------------------- */

static void
set_hedges_g (PatronTest *test, const PatronSample *a, const PatronSample *b)
{
  double n = (double) a->n, m = (double) b->n, df = n + m - 2;
  double pooled = sqrt (((n - 1) * a->variance + (m - 1) * b->variance) / df), root = sqrt (1 / n + 1 / m);
  double correction = exp (lgamma (df / 2) - lgamma ((df - 1) / 2)) / sqrt (df / 2), low, high;
  if (!(pooled > 0) || df < 2)
    return;
  double d = (a->mean - b->mean) / pooled;
  patron_noncentral_t_interval (d / root, df, &low, &high);
  test->effect = correction * d;
  test->low = correction * low * root;
  test->high = correction * high * root;
}

static PatronTest
t_test (const PatronSample *a, const PatronSample *b, double error, double df)
{
  PatronTest test = no_test;
  if (a->n < 2 || b->n < 2 || !(error > 0))
    return test;
  test.difference = a->mean - b->mean;
  test.statistic = test.difference / error;
  test.df1 = df;
  test.p = patron_t_two_sided (test.statistic, df);
  double half = patron_t_quantile (0.975, df) * error;
  test.difference_low = test.difference - half;
  test.difference_high = test.difference + half;
  set_hedges_g (&test, a, b);
  return test;
}

PatronTest
patron_test_student (const PatronSample *a, const PatronSample *b)
{
  double n = (double) a->n, m = (double) b->n, df = n + m - 2;
  double pooled = ((n - 1) * a->variance + (m - 1) * b->variance) / df;
  return t_test (a, b, sqrt (pooled * (1 / n + 1 / m)), df);
}

PatronTest
patron_test_welch (const PatronSample *a, const PatronSample *b)
{
  double n = (double) a->n, m = (double) b->n, va = a->variance / n, vb = b->variance / m, v = va + vb;
  return t_test (a, b, sqrt (v), v * v / (va * va / (n - 1) + vb * vb / (m - 1)));
}

/* ---- ranks ------------------------------------------------------------------------------------------------ */

/* Sums of the average ranks of each group among all values, from 1; *ties: Σ t³ - t over values that occur t times. */
static void
rank_sums (const PatronSample *groups, guint k, double *sums, double *ties)
{
  g_autofree gsize *at = g_new0 (gsize, k + 1), *equal = g_new0 (gsize, k + 1);
  double before = 0;
  *ties = 0;
  memset (sums, 0, k * sizeof *sums);
  for (;;)
    {
      double least = INFINITY, n_equal = 0;
      gboolean any = FALSE;
      for (guint g = 0; g < k; g++)
        if (at[g] < groups[g].n)
          {
            least = MIN (least, groups[g].values[at[g]]);
            any = TRUE;
          }
      if (!any)
        return;
      for (guint g = 0; g < k; g++)
        {
          gsize from = at[g];
          while (at[g] < groups[g].n && groups[g].values[at[g]] == least)
            at[g]++;
          equal[g] = at[g] - from;
          n_equal += (double) equal[g];
        }
      for (guint g = 0; g < k; g++)
        sums[g] += (double) equal[g] * (before + (n_equal + 1) / 2);
      before += n_equal;
      *ties += n_equal * n_equal * n_equal - n_equal;
    }
}

/* P(U ≤ u) for n and m values without ties: the number of ways to reach each sum (Mann and Whitney's recursion, summed up in one array). */
static double
exact_u_cdf (gsize u, gsize n, gsize m)
{
  gsize most = n * m;
  g_autofree double *ways = g_new0 (double, most + 1);
  double all = 0, below = 0;
  ways[0] = 1;
  /* The generating function of U is Π (1 - x^(m+i)) / (1 - x^i), i = 1 … n. */
  for (gsize i = 1; i <= n; i++)
    {
      for (gsize s = most + 1; s-- > m + i;)
        ways[s] -= ways[s - m - i];
      for (gsize s = i; s <= most; s++)
        ways[s] += ways[s - i];
    }
  for (gsize s = 0; s <= most; s++)
    {
      all += ways[s];
      below += s <= u ? ways[s] : 0;
    }
  return below / all;
}

PatronTest
patron_test_mann_whitney (const PatronSample *a, const PatronSample *b, GError **error)
{
  PatronTest test = no_test;
  const PatronSample both[2] = { *a, *b };
  double sums[2], ties, n = (double) a->n, m = (double) b->n, all = n + m;
  if (a->n == 0 || b->n == 0)
    return test;
  rank_sums (both, 2, sums, &ties);
  double u = sums[0] - n * (n + 1) / 2;
  test.statistic = u;
  test.effect = 2 * u / (n * m) - 1;
  double reach = patron_normal_quantile (0.975) * sqrt ((all + 1) / (3 * n * m));
  test.low = tanh (atanh (CLAMP (test.effect, -1 + 1e-15, 1 - 1e-15)) - reach);
  test.high = tanh (atanh (CLAMP (test.effect, -1 + 1e-15, 1 - 1e-15)) + reach);
  if (ties == 0 && a->n < 50 && b->n < 50)
    {
      double lesser = MIN (u, n * m - u);
      test.p = MIN (1, 2 * exact_u_cdf ((gsize) lesser, a->n, b->n));
      return test;
    }
  double sd = sqrt (n * m / 12 * (all + 1 - ties / (all * (all - 1)))), z = u - n * m / 2;
  if (sd > 0)
    test.p = 2 * patron_normal_survival (MAX (0, fabs (z) - 0.5) / sd);
  return test;
}

PatronTest
patron_test_kruskal_wallis (const PatronSample *groups, guint k, GError **error)
{
  PatronTest test = no_test;
  g_autofree double *sums = g_new (double, k + 1);
  double ties, n = 0, h = 0;
  rank_sums (groups, k, sums, &ties);
  for (guint g = 0; g < k; g++)
    n += (double) groups[g].n;
  for (guint g = 0; g < k; g++)
    h += groups[g].n > 0 ? sums[g] * sums[g] / (double) groups[g].n : 0;
  double correction = 1 - ties / (n * n * n - n);
  if (!(correction > 0))
    return test;
  test.statistic = (12 / (n * (n + 1)) * h - 3 * (n + 1)) / correction;
  test.df1 = k - 1.0;
  test.p = patron_chi_squared_survival (test.statistic, test.df1);
  test.effect = test.statistic / (n - 1);
  return test;
}

gboolean
patron_epsilon_interval (const PatronSample *groups, guint k, guint n_draws, guint64 seed, double *low, double *high, GError **error)
{
  g_autofree PatronSample *drawn = g_memdup2 (groups, k * sizeof *drawn);
  g_autofree double *effects = g_new (double, n_draws + 1);
  gsize n = 0;
  guint found = 0;
  for (guint g = 0; g < k; g++)
    n += groups[g].n;
  double *values = patron_try_alloc (n, sizeof *values, _("the comparison"), error);
  if (values == NULL)
    return FALSE;
  for (guint draw = 0; draw < n_draws; draw++)
    {
      PatronRandom random;
      double *at = values;
      patron_random_init (&random, seed, draw);
      for (guint g = 0; g < k; g++)
        {
          for (gsize i = 0; i < groups[g].n; i++)
            at[i] = groups[g].values[patron_random_below (&random, groups[g].n)];
          patron_sort_doubles (at, groups[g].n);
          drawn[g].values = at;
          at += groups[g].n;
        }
      double effect = patron_test_kruskal_wallis (drawn, k, NULL).effect;
      if (!isnan (effect))
        effects[found++] = effect;
    }
  *low = patron_quantile (effects, found, 0.025);
  *high = patron_quantile (effects, found, 0.975);
  patron_free (values);
  return TRUE;
}

/* ---- more groups ------------------------------------------------------------------------------------------ */

static void
set_omega_squared (PatronTest *test, double n)
{
  double low, high, above = (test->statistic - 1) * test->df1;
  test->effect = MAX (0, above / (above + n));
  patron_noncentral_f_interval (test->statistic, test->df1, test->df2, &low, &high);
  test->low = low / (low + n);
  test->high = high / (high + n);
}

/* Within-group mean square; *n: all values. */
static double
mean_square (const PatronSample *groups, guint k, double *n)
{
  double within = 0;
  *n = 0;
  for (guint g = 0; g < k; g++)
    {
      *n += (double) groups[g].n;
      within += groups[g].n > 1 ? (double) (groups[g].n - 1) * groups[g].variance : 0;
    }
  return within / (*n - k);
}

PatronTest
patron_test_anova (const PatronSample *groups, guint k)
{
  PatronTest test = no_test;
  double n, between = 0, mean = 0, within = mean_square (groups, k, &n);
  for (guint g = 0; g < k; g++)
    mean += (double) groups[g].n * groups[g].mean / n;
  for (guint g = 0; g < k; g++)
    between += (double) groups[g].n * (groups[g].mean - mean) * (groups[g].mean - mean);
  if (k < 2 || n - k < 1 || !(within > 0))
    return test;
  test.df1 = k - 1.0;
  test.df2 = n - k;
  test.statistic = between / test.df1 / within;
  test.p = patron_f_survival (test.statistic, test.df1, test.df2);
  set_omega_squared (&test, n);
  return test;
}

PatronTest
patron_test_welch_anova (const PatronSample *groups, guint k)
{
  PatronTest test = no_test;
  double n = 0, weight = 0, mean = 0, between = 0, lack = 0;
  for (guint g = 0; g < k; g++)
    {
      if (groups[g].n < 2 || !(groups[g].variance > 0))
        return test;
      double w = (double) groups[g].n / groups[g].variance;
      n += (double) groups[g].n;
      weight += w;
      mean += w * groups[g].mean;
    }
  mean /= weight;
  for (guint g = 0; g < k; g++)
    {
      double w = (double) groups[g].n / groups[g].variance, rest = 1 - w / weight;
      between += w * (groups[g].mean - mean) * (groups[g].mean - mean);
      lack += rest * rest / ((double) groups[g].n - 1);
    }
  double many = (double) k * k - 1;
  test.df1 = k - 1.0;
  test.df2 = many / (3 * lack);
  test.statistic = between / test.df1 / (1 + 2 * (k - 2.0) / many * lack);
  test.p = patron_f_survival (test.statistic, test.df1, test.df2);
  set_omega_squared (&test, n);
  return test;
}

/* ---- pairs ------------------------------------------------------------------------------------------------ */

static void
range_pair (PatronPairTest *pair, const PatronSample *a, const PatronSample *b, double error, double k, double df, double critical)
{
  pair->difference = a->mean - b->mean;
  if (!(error > 0) || !(df >= 1))
    return;
  pair->statistic = pair->difference / error;
  pair->p = patron_studentized_range_survival (fabs (pair->statistic), k, df);
  double half = (isnan (critical) ? patron_studentized_range_quantile (0.95, k, df) : critical) * error;
  pair->low = pair->difference - half;
  pair->high = pair->difference + half;
}

static void
dunn_pairs (const PatronSample *groups, guint k, PatronPairTest *pairs, guint n_pairs)
{
  g_autofree double *sums = g_new (double, k + 1), *p = g_new (double, n_pairs + 1);
  double ties, n = 0;
  rank_sums (groups, k, sums, &ties);
  for (guint g = 0; g < k; g++)
    n += (double) groups[g].n;
  double variance = n * (n + 1) / 12 - ties / (12 * (n - 1));
  for (guint i = 0; i < n_pairs; i++)
    {
      PatronPairTest *pair = &pairs[i];
      double na = (double) groups[pair->a].n, nb = (double) groups[pair->b].n;
      pair->difference = sums[pair->a] / na - sums[pair->b] / nb;
      pair->statistic = pair->difference / sqrt (variance * (1 / na + 1 / nb));
      p[i] = 2 * patron_normal_survival (fabs (pair->statistic));
    }
  patron_adjust_holm (p, n_pairs);
  for (guint i = 0; i < n_pairs; i++)
    pairs[i].p = p[i];
}

gboolean
patron_test_pairs (const PatronSample *groups, guint k, PatronPairsMethod method, PatronPairTest *pairs, GError **error)
{
  guint n_pairs = 0;
  double n, within = mean_square (groups, k, &n);
  for (guint a = 0; a < k; a++)
    for (guint b = a + 1; b < k; b++)
      pairs[n_pairs++] = (PatronPairTest) { a, b, NAN, NAN, NAN, NAN, NAN };
  double critical = method == PATRON_PAIRS_TUKEY ? patron_studentized_range_quantile (0.95, k, n - k) : NAN;
  for (guint i = 0; i < n_pairs && method != PATRON_PAIRS_DUNN; i++)
    {
      const PatronSample *a = &groups[pairs[i].a], *b = &groups[pairs[i].b];
      double va = a->variance / (double) a->n, vb = b->variance / (double) b->n;
      if (method == PATRON_PAIRS_TUKEY)
        range_pair (&pairs[i], a, b, sqrt (within / 2 * (1 / (double) a->n + 1 / (double) b->n)), k, n - k, critical);
      else
        range_pair (&pairs[i], a, b, sqrt ((va + vb) / 2), k,
                    (va + vb) * (va + vb) / (va * va / ((double) a->n - 1) + vb * vb / ((double) b->n - 1)), NAN);
    }
  if (method == PATRON_PAIRS_DUNN)
    dunn_pairs (groups, k, pairs, n_pairs);
  return TRUE;
}
