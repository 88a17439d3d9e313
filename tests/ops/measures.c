/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "ops/measures/folds.h"
#include "ops/registry.h"

#include <math.h>
#include <string.h>

#define N 103

static void
make_strata (double *strata)
{
  for (guint i = 0; i < N; i++)
    strata[i] = i % 10 == 0 ? 2 : i % 3 == 0;
}

static gsize
count_class (const double *strata, const guint8 *test, double class)
{
  gsize n = 0;
  for (guint i = 0; i < N; i++)
    n += test[i] && strata[i] == class;
  return n;
}

static gboolean
run_split (const char *id, guint index, const double *strata, const double *dates, guint64 seed, guint8 *test, GError **error)
{
  const PatronOp *op = patron_ops_find (id);
  g_assert_nonnull (op);
  g_autofree gpointer params = patron_op_new_params (op);
  g_assert_cmpuint (op->measure->n_splits (params), >, index);
  return op->measure->split (params, index, N, strata, dates, seed, test, error);
}

static void
test_holdout (void)
{
  double strata[N];
  guint8 test[N], again[N], other[N];
  guint of_class[3] = { 0, 0, 0 };
  make_strata (strata);
  for (guint i = 0; i < N; i++)
    of_class[(guint) strata[i]]++;
  g_assert_true (run_split ("holdout", 0, strata, NULL, 1, test, NULL));
  g_assert_true (run_split ("holdout", 0, strata, NULL, 1, again, NULL));
  g_assert_true (run_split ("holdout", 0, strata, NULL, 2, other, NULL));
  g_assert_cmpmem (test, N, again, N);
  g_assert_true (memcmp (test, other, N) != 0);
  gsize total = 0;
  for (guint c = 0; c < 3; c++)
    {
      gsize n = count_class (strata, test, c);
      g_assert_cmpfloat (fabs (n - of_class[c] * 21.0 / N), <, 1);
      total += n;
    }
  g_assert_cmpuint (total, ==, 21);   /* ceil (0.2 · 103) */
}

static void
test_cross_validation (void)
{
  double strata[N];
  guint8 test[N];
  guint times[N] = { 0 };
  make_strata (strata);
  gsize smallest = N, largest = 0;
  for (guint f = 0; f < 5; f++)
    {
      gsize n = 0;
      g_assert_true (run_split ("cross-validation", f, strata, NULL, 7, test, NULL));
      for (guint i = 0; i < N; i++)
        {
          times[i] += test[i];
          n += test[i];
        }
      smallest = MIN (smallest, n);
      largest = MAX (largest, n);
      gsize rare = count_class (strata, test, 2);
      g_assert_true (rare == 2 || rare == 3);   /* 11 rows over 5 folds */
    }
  for (guint i = 0; i < N; i++)
    g_assert_cmpuint (times[i], ==, 1);
  g_assert_cmpuint (largest - smallest, <=, 1);
}

static void
test_too_few_rows (void)
{
  const PatronOp *op = patron_ops_find ("cross-validation");
  g_autofree gpointer params = patron_op_new_params (op);
  g_autoptr (GError) error = NULL;
  guint8 test[3];
  g_assert_false (op->measure->split (params, 0, 3, NULL, NULL, 1, test, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
}

static void
test_time_split (void)
{
  double dates[N];
  guint8 test[N];
  g_autoptr (GError) error = NULL;
  /* Day i/2 backwards, so that 83 and 82 rows share a day; the nearest whole-day border to 82.4 rows is at 83 – 84. */
  for (guint i = 0; i < N; i++)
    dates[i] = (N - 1 - i) / 2;
  dates[5] = NAN;
  g_assert_true (run_split ("time-split", 0, NULL, dates, 1, test, NULL));
  double first_tested = INFINITY, last_trained = -INFINITY;
  gsize n = 0;
  for (guint i = 0; i < N; i++)
    {
      n += test[i];
      if (test[i])
        first_tested = MIN (first_tested, dates[i]);
      else if (!isnan (dates[i]))
        last_trained = MAX (last_trained, dates[i]);
    }
  g_assert_cmpfloat (first_tested, >, last_trained);
  g_assert_cmpfloat (fabs (n - 102 * 0.2), <=, 1);
  g_assert_false (test[5]);
  for (guint i = 0; i < N; i++)
    dates[i] = 3.5;
  g_assert_false (run_split ("time-split", 0, NULL, dates, 1, test, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_false (run_split ("time-split", 0, NULL, NULL, 1, test, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
}

static void
test_none (void)
{
  g_assert_cmpuint (patron_ops_find ("none")->measure->n_splits (NULL), ==, 0);
}

static void
test_memory (void)
{
  guint8 test[N];
  g_autoptr (GError) error = NULL;
  patron_memory_fail_after (1);
  g_assert_false (patron_draw_share (N, NULL, 0.2, 1, test, &error));
  patron_memory_fail_after (0);
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/measures/holdout", test_holdout);
  g_test_add_func ("/measures/cross-validation", test_cross_validation);
  g_test_add_func ("/measures/too-few-rows", test_too_few_rows);
  g_test_add_func ("/measures/time-split", test_time_split);
  g_test_add_func ("/measures/none", test_none);
  g_test_add_func ("/measures/memory", test_memory);
  return g_test_run ();
}
