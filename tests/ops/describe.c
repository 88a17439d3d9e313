/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/correlation.h"
#include "ops/analyses/describe-report.h"
#include "ops/analyses/duplicate-rows.h"
#include "ops/analyses/profile.h"

#include "base/init.h"
#include "ops/registry.h"
#include "report/report.h"
#include "table/roles.h"

#include <math.h>
#include <string.h>

/* 500 rows from a generator that both sides can run; the expected figures come from pandas 1.5, SciPy 1.10 and statsmodels 0.13:
 *
 *   state = 99; def rnd (n): state = (state * 1103515245 + 12345) % 2147483648; return (state >> 8) % n
 *   a = rnd (1000) / 10; b = 2 * a + rnd (400) / 10; c = rnd (7); d = (rnd (100) + 1) ** 3 / 1000
 *   if rnd (10) == 0: b = nan
 *   if rnd (20) == 0: d = nan
 *   g = "xyz"[rnd (3)]; k = -999 if rnd (50) == 0 else 20 + rnd (60)
 *   df.mean, std, quantile, skew, kurt; df.corr (method=…)
 */
enum { ROWS = 500 };

static guint32 state;

static guint
draw (guint n)
{
  state = (state * 1103515245u + 12345u) & 0x7fffffff;
  return (state >> 8) % n;
}

static PatronTable *
make_table (void)
{
  static const char *const names[] = { "a", "b", "c", "d", "g", "k" };
  static const PatronType types[] = { PATRON_TYPE_NUMBER, PATRON_TYPE_NUMBER, PATRON_TYPE_INTEGER, PATRON_TYPE_NUMBER, PATRON_TYPE_CATEGORY, PATRON_TYPE_INTEGER };
  PatronColumnBuilder *builders[6];
  for (guint c = 0; c < 6; c++)
    builders[c] = patron_column_builder_new (names[c], types[c]);
  state = 99;
  for (guint i = 0; i < ROWS; i++)
    {
      double a = draw (1000) / 10.0;
      double b = 2 * a + draw (400) / 10.0;
      guint c = draw (7);
      double d = draw (100) + 1;
      d = d * d * d / 1000;
      if (draw (10) == 0)
        b = NAN;
      if (draw (20) == 0)
        d = NAN;
      const char g[2] = { "xyz"[draw (3)], '\0' };
      gint k = draw (50) == 0 ? -999 : 20 + (gint) draw (60);
      patron_column_builder_append_number (builders[0], a);
      if (isnan (b))
        patron_column_builder_append_missing (builders[1]);
      else
        patron_column_builder_append_number (builders[1], b);
      patron_column_builder_append_int64 (builders[2], c);
      if (isnan (d))
        patron_column_builder_append_missing (builders[3]);
      else
        patron_column_builder_append_number (builders[3], d);
      patron_column_builder_append_text (builders[4], g);
      patron_column_builder_append_int64 (builders[5], k);
    }
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint c = 0; c < 6; c++)
    g_ptr_array_add (columns, patron_column_builder_finish (builders[c]));
  return patron_table_new_take ("numbers", columns);
}

#define assert_close(value, expected) g_assert_cmpfloat_with_epsilon (value, expected, 1e-10 * MAX (1, fabs (expected)))

static void
test_profiles (void)
{
  static const struct { const char *name; gsize missing, distinct; double mean, sd, min, q1, median, q3, max, skewness, kurtosis; gsize outliers; } expected[] = {
    { "a", 0, 384, 49.0384, 28.3869166962359, 0, 25.45, 47.65, 73.725, 99.8, 0.0236125880618774, -1.17979314169987, 0 },
    { "b", 57, 418, 119.442212189616, 58.4015379886441, 0.6, 70.85, 118.1, 168.1, 237.3, 0.00609423544167011, -1.09216197503848, 0 },
    { "c", 0, 7, 3.05, 2.02279098444043, 0, 1, 3, 5, 6, -0.0771420856926156, -1.26052077993927, 0 },
    { "d", 26, 99, 271.514335443038, 289.972047721202, 0.001, 21.952, 140.608, 456.533, 1000, 0.909018772889944, -0.435269648327635, 0 },
    { "k", 0, 61, 37.55, 105.746831085235, -999, 32, 47, 64, 79, -9.46529014138401, 90.6082996216391, 5 },
  };
  g_autoptr(PatronTable) table = make_table ();
  g_autoptr(PatronRun) run = patron_run_new (42, 2);
  const PatronProfileOptions options = { .fence = 1.5, .max_bins = 40, .n_histograms = 10 };
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      PatronColumn *column = patron_table_find (table, expected[i].name);
      g_autoptr(GError) error = NULL;
      PatronProfile *p = patron_profiles_new (&column, 1, &options, run, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (p->n_missing, ==, expected[i].missing);
      g_assert_cmpuint (p->n_distinct, ==, expected[i].distinct);
      assert_close (p->mean, expected[i].mean);
      assert_close (p->sd, expected[i].sd);
      assert_close (p->min, expected[i].min);
      assert_close (p->q1, expected[i].q1);
      assert_close (p->median, expected[i].median);
      assert_close (p->q3, expected[i].q3);
      assert_close (p->max, expected[i].max);
      assert_close (p->skewness, expected[i].skewness);
      assert_close (p->kurtosis, expected[i].kurtosis);
      g_assert_cmpuint (p->n_outliers, ==, expected[i].outliers);
      double binned = (double) (p->bins_below + p->bins_above);
      for (guint b = 0; b < p->n_bins; b++)
        binned += p->counts[b];
      g_assert_cmpfloat (binned, ==, (double) p->n_values);
      g_assert_cmpuint (p->n_suspects, ==, g_str_equal (expected[i].name, "k") ? 1 : 0);
      if (p->n_suspects > 0)
        {
          g_assert_cmpfloat (p->suspects[0].value, ==, -999);
          g_assert_cmpuint (p->suspects[0].count, ==, 5);
        }
      if (g_str_equal (expected[i].name, "c"))
        {
          g_assert_cmpuint (p->top[0].count, ==, 78);
          g_assert_cmpfloat (p->top[0].value, ==, 0);
          g_assert_cmpfloat (p->top[1].value, ==, 4);
          g_assert_cmpuint (p->top[2].count, ==, 77);
        }
      patron_profiles_free (p, 1);
    }
}

static const struct { const char *a, *b; double pearson, spearman; } correlations[] = {
  { "a", "b", 0.981012408551384, 0.981740145772 },
  { "a", "c", -0.0276466892301852, -0.028388126610926 },
  { "a", "d", -0.0483679707090739, -0.0429660069415486 },
  { "a", "k", -0.00334636611121488, 0.00738793714460556 },
  { "b", "c", -0.00464048557268733, -0.00918416690460424 },
  { "b", "d", -0.0635443134418861, -0.0472441861865445 },
  { "b", "k", 0.00310422879266398, 0.00538644122587267 },
  { "c", "d", 0.0148083059230776, 0.0440093727023285 },
  { "c", "k", 0.060365119644079, 0.124026445334042 },
  { "d", "k", 0.0651749770860275, -0.0169951856933538 },
};

static void
test_correlations (void)
{
  static const char *const names[] = { "a", "b", "c", "d", "k" };
  g_autoptr(PatronTable) table = make_table ();
  g_autoptr(PatronRun) run = patron_run_new (42, 2);
  PatronColumn *columns[5];
  const double centres[5] = { 49, 119, 3, 270, 37 }, scales[5] = { 28, 58, 2, 290, 105 };
  for (guint c = 0; c < 5; c++)
    columns[c] = patron_table_find (table, names[c]);
  g_autoptr(PatronCorrelation) pearson = patron_correlation_pearson (columns, centres, scales, 5, run, NULL);
  g_autoptr(PatronCorrelation) spearman = patron_correlation_spearman (columns, 5, run, NULL);
  for (guint i = 0, k = 0; i < 5; i++)
    for (guint j = i + 1; j < 5; j++, k++)
      {
        g_assert_cmpfloat_with_epsilon (pearson->r[i * 5 + j], correlations[k].pearson, 1e-12);
        g_assert_cmpfloat_with_epsilon (spearman->r[j * 5 + i], correlations[k].spearman, 1e-12);
        g_assert_cmpuint (pearson->n[i * 5 + j], ==, spearman->n[i * 5 + j]);
      }
  g_assert_cmpuint (pearson->n[1], ==, 443);
  g_assert_cmpfloat (pearson->r[6], ==, 1);
}

static void
test_inference (void)
{
  double low, high;
  patron_correlation_interval (-0.0276466892301852, 500, FALSE, &low, &high);
  g_assert_cmpfloat_with_epsilon (low, -0.115058334692539, 1e-12);
  g_assert_cmpfloat_with_epsilon (high, 0.0601898198711648, 1e-12);
  g_assert_cmpfloat_with_epsilon (patron_correlation_p (-0.0276466892301852, 500), 0.537386845982362, 1e-12);
}

/* Large means, few digits of spread: a single-pass sum of squares would lose everything. */
static void
test_far_from_zero (void)
{
  PatronColumnBuilder *x = patron_column_builder_new ("x", PATRON_TYPE_NUMBER), *y = patron_column_builder_new ("y", PATRON_TYPE_NUMBER);
  for (guint i = 0; i < 1000; i++)
    {
      patron_column_builder_append_number (x, 1e9 + i % 10);
      patron_column_builder_append_number (y, -1e9 - (double) (i % 10));
    }
  g_autoptr(PatronColumn) a = patron_column_builder_finish (x), b = patron_column_builder_finish (y);
  PatronColumn *columns[] = { a, b };
  const PatronProfileOptions options = { .fence = 1.5, .max_bins = 10 };
  PatronProfile *p = patron_profiles_new (columns, 2, &options, NULL, NULL);
  g_assert_cmpfloat_with_epsilon (p[0].sd, sqrt (8.25 * 1000 / 999), 1e-9);
  const double centres[] = { p[0].mean, p[1].mean }, scales[] = { p[0].sd, p[1].sd };
  g_autoptr(PatronCorrelation) c = patron_correlation_pearson (columns, centres, scales, 2, NULL, NULL);
  g_assert_cmpfloat_with_epsilon (c->r[1], -1, 1e-12);
  patron_profiles_free (p, 2);
}

static PatronReport *
describe (PatronTable *table, const char *group, const char *param, const char *value)
{
  const PatronOp *op = patron_ops_find ("describe");
  g_autofree gpointer params = patron_op_new_params (op);
  g_autoptr(PatronRoles) roles = patron_roles_new ();
  g_autoptr(PatronRun) run = patron_run_new (42, 2);
  g_autoptr(GError) error = NULL;
  if (group != NULL)
    patron_roles_add (roles, PATRON_ROLE_GROUP, group);
  if (param != NULL)
    g_assert_true (patron_param_parse (patron_params_find (op->params, param), value, params, &error));
  PatronReport *report = patron_report_new ("describe");
  PatronInput input = { table, roles };
  g_assert_true (op->analysis->run (&input, params, run, report, NULL, &error));
  g_assert_no_error (error);
  return report;
}

static void
test_groups (void)
{
  /* t intervals of the mean of d in x, z, y (most rows first), and η² */
  static const double expected[3][4] = {
    { 256.376164634146, 213.301102149993, 299.4512271183, 121.6215 },
    { 281.812063291139, 234.406918205087, 329.217208377191, 132.651 },
    { 277.143407894737, 230.661203212677, 323.625612576797, 153.1705 },
  };
  g_autoptr(PatronTable) table = make_table ();
  g_autoptr(PatronReport) report = describe (table, "g", NULL, NULL);
  const PatronReportTable *by_group = patron_report_find_table (report, "by-group");
  g_assert_nonnull (by_group);
  guint seen = 0;
  for (guint row = 0; row < by_group->rows->len; row++)
    {
      g_autofree char *column = patron_cell_render (patron_report_table_cell (by_group, row, 0));
      if (!g_str_equal (column, "d"))
        continue;
      assert_close (patron_report_table_cell (by_group, row, 4)->number, expected[seen][0]);
      assert_close (patron_report_table_cell (by_group, row, 5)->number, expected[seen][1]);
      assert_close (patron_report_table_cell (by_group, row, 6)->number, expected[seen][2]);
      assert_close (patron_report_table_cell (by_group, row, 10)->number, expected[seen][3]);
      seen++;
    }
  g_assert_cmpuint (seen, ==, 3);
  guint boxes = 0;
  for (guint i = 0; i < report->blocks->len; i++)
    {
      const PatronBlock *block = report->blocks->pdata[i];
      boxes += block->kind == PATRON_BLOCK_CHART && block->chart->kind == PATRON_CHART_BOX;
    }
  g_assert_cmpuint (boxes, ==, 4);
}

static void
test_report (void)
{
  g_autoptr(PatronTable) table = make_table ();
  g_autoptr(PatronReport) report = describe (table, NULL, NULL, NULL);
  g_assert_cmpuint (patron_report_find_table (report, "columns")->rows->len, ==, 6);
  g_assert_nonnull (patron_report_find_chart (report, "histogram-a"));
  g_assert_nonnull (patron_report_find_chart (report, "values-g"));
  const PatronReportTable *pairs = patron_report_find_table (report, "correlation");
  g_assert_cmpfloat_with_epsilon (patron_report_table_cell (pairs, 0, 2)->number, 0.981012408551384, 1e-12);
  g_assert_cmpuint (pairs->rows->len, ==, 10);
  g_autofree char *headline = patron_text_render (report->headline);
  g_assert_nonnull (strstr (headline, "“a” and “b”"));

  g_autoptr(PatronReport) ranks = describe (table, NULL, "correlation", "spearman");
  g_assert_cmpfloat_with_epsilon (patron_report_table_cell (patron_report_find_table (ranks, "correlation"), 0, 2)->number, 0.981740145772, 1e-12);
  g_autoptr(PatronReport) without = describe (table, NULL, "correlation", "none");
  g_assert_null (patron_report_find_chart (without, "correlation"));
}

/* Empty, constant, identifier, disguised missing and date columns are told apart. */
static void
test_kinds (void)
{
  PatronColumnBuilder *builders[] = {
    patron_column_builder_new ("empty", PATRON_TYPE_NUMBER), patron_column_builder_new ("same", PATRON_TYPE_TEXT), patron_column_builder_new ("order_id", PATRON_TYPE_INTEGER),
    patron_column_builder_new ("city", PATRON_TYPE_CATEGORY), patron_column_builder_new ("day", PATRON_TYPE_DATE), patron_column_builder_new ("paid", PATRON_TYPE_BOOLEAN),
  };
  for (guint i = 0; i < 100; i++)
    {
      patron_column_builder_append_missing (builders[0]);
      patron_column_builder_append_text (builders[1], "x");
      patron_column_builder_append_int64 (builders[2], 1000 + 7 * i);
      patron_column_builder_append_text (builders[3], i % 10 == 0 ? "N/A" : i % 3 ? "北京" : "Lyon");
      patron_column_builder_append_number (builders[4], i == 5 ? -25567.0 : 15000.0 + i % 30);
      patron_column_builder_append_number (builders[5], i % 4 == 0);
    }
  PatronColumn *columns[6];
  for (guint c = 0; c < 6; c++)
    columns[c] = patron_column_builder_finish (builders[c]);
  const PatronProfileOptions options = { .fence = 1.5, .max_bins = 10, .n_histograms = 6 };
  PatronProfile *p = patron_profiles_new (columns, 6, &options, NULL, NULL);
  g_assert_cmpuint (p[0].n_missing, ==, 100);
  g_assert_true (isnan (p[0].mean));
  g_assert_true (p[1].constant);
  g_assert_true (p[2].id_like);
  g_assert_false (p[3].id_like);
  g_assert_cmpuint (p[3].n_suspects, ==, 1);
  g_assert_cmpuint (p[3].suspects[0].count, ==, 10);
  g_assert_cmpuint (p[3].max_length, ==, 4);
  g_assert_cmpuint (p[4].n_suspects, ==, 1);
  g_assert_cmpfloat (p[5].mean, ==, 0.25);
  patron_profiles_free (p, 6);

  g_autoptr(PatronTable) table = patron_table_new ("kinds", columns, 6, 100);
  g_autoptr(PatronReport) report = describe (table, "city", NULL, NULL);
  g_assert_cmpfloat (patron_report_find_figure (report, "n_to_check")->value, ==, 5);
  for (guint c = 0; c < 6; c++)
    patron_column_unref (columns[c]);
}

/* Rows 0 … 9 repeat with period 10 in one column; a second column makes some of them differ. */
static void
test_duplicates (void)
{
  PatronColumnBuilder *x = patron_column_builder_new ("x", PATRON_TYPE_NUMBER), *y = patron_column_builder_new ("y", PATRON_TYPE_CATEGORY);
  for (guint i = 0; i < 1000; i++)
    {
      if (i % 10 == 3)
        patron_column_builder_append_missing (x);
      else
        patron_column_builder_append_number (x, i % 10 ? i % 10 : i % 20 ? 0.0 : -0.0);
      patron_column_builder_append_text (y, i < 500 ? "a" : "b");
    }
  PatronColumn *columns[] = { patron_column_builder_finish (x), patron_column_builder_finish (y) };
  g_autoptr(PatronTable) table = patron_table_new ("t", columns, 2, 1000), one = patron_table_new ("t", columns, 1, 1000);
  gsize n;
  g_assert_true (patron_count_duplicate_rows (table, &n, NULL, NULL));
  g_assert_cmpuint (n, ==, 980);
  g_assert_true (patron_count_duplicate_rows (one, &n, NULL, NULL));
  g_assert_cmpuint (n, ==, 990);
  patron_column_unref (columns[0]);
  patron_column_unref (columns[1]);
}

/* SciPy 1.10 and pandas: quantile ([.01, .05, .1, .9, .95, .99]), t.interval (…), shapiro (in single precision there). */
static void
test_spread (void)
{
  static const struct { const char *name; double tails[6], low, high, w, p; } expected[] = {
    { "a", { 0.399, 5.595, 8.89, 88.13, 93.42, 99.5 }, 46.54417307515607, 51.53262692484395, 0.957606315612793, 8.388939543024776e-11 },
    { "b", { 11.008, 28.48, 39.42, 197.24, 209.74, 228.174 }, 113.98888757865122, 124.89553680058127, 0.9689074158668518, 4.3539291283423154e-08 },
    { "d", { 0.00611, 0.45285, 2.197, 753.571, 857.375, 970.299 }, 245.34288751319232, 297.6857833728836, 0.844671368598938, 3.573540203573771e-21 },
  };
  g_autoptr(PatronTable) table = make_table ();
  const PatronProfileOptions options = { .fence = 1.5, .max_bins = 40 };
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      PatronColumn *column = patron_table_find (table, expected[i].name);
      PatronProfile *p = patron_profiles_new (&column, 1, &options, NULL, NULL);
      for (guint k = 0; k < PATRON_PROFILE_TAILS; k++)
        g_assert_cmpfloat_with_epsilon (p->tails[k], expected[i].tails[k], 1e-9 * MAX (1, expected[i].tails[k]));
      assert_close (p->mean_low, expected[i].low);
      assert_close (p->mean_high, expected[i].high);
      g_assert_cmpfloat_with_epsilon (p->w, expected[i].w, 5e-6);
      g_assert_cmpfloat_with_epsilon (log (p->normal_p), log (expected[i].p), 0.05);
      patron_profiles_free (p, 1);
    }
}

/* A copy of the outcome, noise, and a date after the row's. */
static void
test_leak (void)
{
  static const char *const names[] = { "outcome", "noise", "copy", "seen", "paid" };
  static const PatronType types[] = { PATRON_TYPE_BOOLEAN, PATRON_TYPE_NUMBER, PATRON_TYPE_NUMBER, PATRON_TYPE_DATE, PATRON_TYPE_DATE };
  PatronColumnBuilder *builders[5];
  PatronColumn *columns[5];
  for (guint c = 0; c < 5; c++)
    builders[c] = patron_column_builder_new (names[c], types[c]);
  state = 7;
  for (guint i = 0; i < 2000; i++)
    {
      gboolean outcome = draw (4) == 0;
      const double values[] = { outcome, draw (1000), outcome ? 50 + draw (10) : draw (50), 18000 + i % 300, 18000 + i % 300 + (i % 10 == 0 ? 5 : 0) };
      for (guint c = 0; c < 5; c++)
        patron_column_builder_append_number (builders[c], values[c]);
    }
  for (guint c = 0; c < 5; c++)
    columns[c] = patron_column_builder_finish (builders[c]);
  const PatronProfileOptions options = { .fence = 1.5, .max_bins = 40 };
  PatronProfile *profiles = patron_profiles_new (columns, 5, &options, NULL, NULL);
  g_autoptr(PatronRun) run = patron_run_new (42, 2);
  PatronDescription d = { .profiles = profiles, .n_profiles = 5, .n_rows = 2000 };
  g_autofree PatronTeller *tellers = NULL;
  g_assert_true (patron_description_find_tellers (&d, columns[0], columns[3], &tellers, run, NULL));
  g_assert_true (d.classes);
  g_assert_cmpuint (d.tellers[0].profile, ==, 2);
  g_assert_cmpfloat (d.tellers[0].strength, ==, 1);
  for (guint k = 1; k < d.n_tellers; k++)
    {
      g_assert_true (d.tellers[k].strength > 0.4 && d.tellers[k].strength < 0.6);
      g_assert_cmpuint (d.tellers[k].n_later, ==, d.tellers[k].profile == 4 ? 200 : 0);
    }
  g_assert_cmpuint (d.n_tellers, ==, 3);
  g_free (d.positive);
  patron_profiles_free (profiles, 5);
  for (guint c = 0; c < 5; c++)
    patron_column_unref (columns[c]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/describe/profiles", test_profiles);
  g_test_add_func ("/describe/correlations", test_correlations);
  g_test_add_func ("/describe/inference", test_inference);
  g_test_add_func ("/describe/far-from-zero", test_far_from_zero);
  g_test_add_func ("/describe/groups", test_groups);
  g_test_add_func ("/describe/report", test_report);
  g_test_add_func ("/describe/kinds", test_kinds);
  g_test_add_func ("/describe/duplicates", test_duplicates);
  g_test_add_func ("/describe/spread", test_spread);
  g_test_add_func ("/describe/leak", test_leak);
  return g_test_run ();
}
