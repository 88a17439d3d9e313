/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"

G_BEGIN_DECLS

/* Tables of counts: counts[r * columns + c], rows × columns, whole numbers ≥ 0. Rows and columns without a count do not count. */
typedef struct
{
  double n;
  double chi_squared, df, p;             /* Pearson's; NaN when only one row or column is left */
  double least_expected;                 /* the smallest expected count */
  double share_small;                    /* share of the cells whose expected count is below 5 */
  double v, v_low, v_high;               /* Cramér's V and its 95 % interval by the noncentral chi-squared */
  double v_corrected;                    /* W. Bergsma, J. Korean Stat. Soc. 42, 2013 */
} PatronContingency;
void   patron_contingency (const double *counts, guint rows, guint columns, PatronContingency *result);

/* Expected counts and adjusted residuals (S. Haberman, Biometrics 29, 1973), rows × columns each; either may be NULL. */
void   patron_contingency_cells (const double *counts, guint rows, guint columns, double *expected, double *residuals);

/* Fisher's exact test of a 2 × 2 table, two-sided: all tables at most as likely as this one. */
double patron_fisher_2x2 (const double counts[4]);
/* The same for any table by n_draws random tables with the same margins; (1 + as unlikely) / (1 + n_draws). NaN with error. */
double patron_fisher_sampled (const double *counts, guint rows, guint columns, guint n_draws, guint64 seed, PatronRun *run, GError **error);

/* A 2 × 2 table, counts { a b; c d }: the first column over its row. 95 % intervals. */
typedef struct
{
  double rate[2], rate_low[2], rate_high[2];             /* Wilson */
  double difference, difference_low, difference_high;    /* first row less second: R. Newcombe, Statist. Med. 17, 1998, method 10 */
  double ratio, ratio_low, ratio_high;                   /* of the rates: D. Katz et al., Biometrics 34, 1978 */
  /* ratio of the odds: B. Woolf, Ann. Hum. Genet. 19, 1955; ½ is added to every cell if one is 0 */
  double odds, odds_low, odds_high;
} PatronTwoRates;
void   patron_two_rates (const double counts[4], PatronTwoRates *result);

G_END_DECLS
