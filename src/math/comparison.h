/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Do groups of numbers differ? Tests, what they assume, how large the difference is, and which pairs make it. */

/* One group. values: n ascending, no NaN, borrowed; the rest by patron_sample_init(). */
typedef struct
{
  const double *values;
  gsize  n;
  double mean, variance, sd;             /* n - 1 below; NaN for fewer than 2 values */
  double mean_low, mean_high;            /* 95 %, Student's t */
  double min, q1, median, q3, max;
  double w, normal_p;                    /* Shapiro and Wilk's test; NaN outside 3 … 5000 values or when all are equal */
} PatronSample;
void   patron_sample_init (PatronSample *sample, const double *sorted, gsize n);

/* Is it normal? P. Royston, Appl. Statist. 44(4), algorithm AS R94, 1995. sorted: n ascending, 3 ≤ n ≤ 5000; NaN otherwise. */
#define PATRON_SHAPIRO_MOST 5000
void   patron_shapiro_wilk (const double *sorted, gsize n, double *w, double *p);

typedef struct
{
  double statistic, df1, df2, p;         /* NaN where there is none */
  double effect, low, high;              /* 95 % interval, NaN where none is known */
  double difference, difference_low, difference_high;   /* first less second: of means; of ranks: Hodges and Lehmann's shift is not given */
} PatronTest;

/* Equal spread? Brown and Forsythe, JASA 69, 1974: F of the distances from the medians. */
PatronTest patron_test_spread         (const PatronSample *groups, guint k, GError **error);

/* Two groups. Effects: Hedges' g (d corrected for small samples) by the pooled sd, interval by the noncentral t. */
PatronTest patron_test_student        (const PatronSample *a, const PatronSample *b);
PatronTest patron_test_welch          (const PatronSample *a, const PatronSample *b);
/* U of a, exact without ties when both have fewer than 50 values, else the normal approximation corrected for ties and continuity. Effect:
   rank-biserial
 * r = 2 U / (n m) - 1, interval by Fisher's z with variance (n + m + 1) / (3 n m). */
PatronTest patron_test_mann_whitney   (const PatronSample *a, const PatronSample *b, GError **error);

/* k ≥ 2 groups with at least two values each. Effects: ω² = (F - 1) df1 / ((F - 1) df1 + n), interval by the noncentral F; of ranks:
 * ε² = H / (n - 1), without an interval: see patron_epsilon_interval(). */
PatronTest patron_test_anova          (const PatronSample *groups, guint k);
PatronTest patron_test_welch_anova    (const PatronSample *groups, guint k);   /* B. Welch, Biometrika 38, 1951 */
PatronTest patron_test_kruskal_wallis (const PatronSample *groups, guint k, GError **error);
/* 95 % percentile interval of ε² over n_draws draws with replacement within the groups. */
gboolean   patron_epsilon_interval    (const PatronSample *groups, guint k, guint n_draws, guint64 seed, double *low, double *high, GError **error);

/* All pairs of k groups, pair (i, j) with i < j in the order 0-1, 0-2 … 1-2 …: k (k - 1) / 2 of them. p is already corrected. */
typedef enum
{
  PATRON_PAIRS_TUKEY,         /* Tukey and Kramer: equal variances */
  PATRON_PAIRS_GAMES_HOWELL,  /* J. Educ. Stat. 1, 1976: any variances */
  PATRON_PAIRS_DUNN,          /* Technometrics 6, 1964: ranks; p by Holm */
} PatronPairsMethod;
typedef struct
{
  guint  a, b;
  double difference, low, high;   /* of means, simultaneous 95 % interval; DUNN: of mean ranks, no interval */
  double statistic, p;
} PatronPairTest;
gboolean   patron_test_pairs          (const PatronSample *groups, guint k, PatronPairsMethod method, PatronPairTest *pairs, GError **error);

G_END_DECLS
