/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: scikit-learn 1.2.1 on the rows of make_rows (), KMeans (k, init=X[:k], n_init=1, tol=1e-4, algorithm="lloyd"), silhouette_score,
 * silhouette_samples, calinski_harabasz_score, davies_bouldin_score; the best of 50 starts for the restarts. */
#include "math/kmeans.h"

#include "base/init.h"
#include "base/memory.h"
#include "math/cluster-quality.h"

#include <math.h>
#include <string.h>

#define assert_near(found, expected, tolerance) g_assert_cmpfloat (fabs ((found) - (expected)), <=, (tolerance) * fabs (expected))

#define N 240
static double values[3][N];
static const double *const columns[] = { values[0], values[1], values[2] };
static const PatronColumns rows = { N, 3, columns };

/* Three overlapping groups around 1000, from a linear congruential generator that any language can repeat. */
static void
make_rows (void)
{
  guint64 s = 12345;

  for (int i = 0; i < N; i++)
    for (int j = 0; j < 3; j++)
      {
        const int c = i % 3;
        double u[2];
        for (int h = 0; h < 2; h++)
          {
            s = (s * 1103515245 + 12345) & 0x7fffffff;
            u[h] = (double) s / 2147483648.0;
          }
        values[j][i] = 1000 + (j == 0 ? c * 4 : j == 1 ? (c == 1) * 3 : 0) + 4 * (u[0] + u[1] - 1);
      }
}

static void
first_rows (double *centres, gsize k)
{
  for (gsize c = 0; c < k; c++)
    for (gsize j = 0; j < 3; j++)
      centres[c * 3 + j] = values[j][c];
}

static void
check_lloyd (gsize k, double inertia, int n_iter, const gsize *sizes, double first, double silhouette, double calinski, double davies)
{
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (PatronKMeans) kmeans = patron_kmeans_new (&rows, run, NULL);
  PatronKMeansResult result;
  double initial[15], each[N], mean = 0;
  gsize found[5] = { 0 };

  first_rows (initial, k);
  g_assert_true (patron_kmeans_lloyd (kmeans, initial, k, 300, 1e-4, &result, run, NULL));
  assert_near (result.inertia, inertia, 1e-12);
  g_assert_cmpint (result.n_iter, ==, n_iter);
  g_assert_true (result.converged);
  assert_near (result.centres[0], first, 1e-13);
  for (gsize i = 0; i < N; i++)
    found[result.labels[i]]++;
  for (gsize c = 0; c < k; c++)
    g_assert_cmpuint (found[c], ==, sizes[c]);

  g_assert_true (patron_silhouette (&rows, result.labels, k, each, run, NULL));
  for (gsize i = 0; i < N; i++)
    mean += each[i] / N;
  assert_near (mean, silhouette, 1e-10);
  assert_near (patron_calinski_harabasz (&rows, result.labels, k), calinski, 1e-10);
  assert_near (patron_davies_bouldin (&rows, result.labels, k), davies, 1e-10);
  patron_kmeans_result_clear (&result);
}

static void
test_lloyd (void)
{
  check_lloyd (3, 1735.5757744378716, 5, (gsize[]) { 72, 87, 81 }, 999.7141353460029, 0.3686712542319777, 215.29288001560752, 0.9769724459583248);
  check_lloyd (5, 1397.5671976023807, 11, (gsize[]) { 37, 54, 72, 38, 39 }, 999.3668973269192, 0.24787371314451162, 146.76213455590346, 1.3797223310080526);
}

static void
test_restarts (void)
{
  static const double best[] = { 1735.500734981751, 1360.2789359192695 };

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (PatronRun) run = patron_run_new (1, 2);
      g_autoptr (PatronKMeans) kmeans = patron_kmeans_new (&rows, run, NULL);
      PatronKMeansResult result;
      g_assert_true (patron_kmeans_fit (kmeans, i == 0 ? 3 : 5, 10, 300, 1e-4, 42, 0, &result, run, NULL));
      g_assert_cmpfloat (result.inertia, <, best[i] * 1.001);
      patron_kmeans_result_clear (&result);
    }
}

/* The same to the last bit with one thread and four, over several stretches of rows. */
static void
test_threads (void)
{
  const gsize n = 20011, p = 5, k = 11;
  g_autofree double *block = g_new (double, n * p);
  const double *pointers[5];
  const PatronColumns x = { n, p, pointers };
  PatronKMeansResult results[2];
  PatronRandom random;

  patron_random_init (&random, 3, 0);
  for (gsize i = 0; i < n * p; i++)
    block[i] = patron_random_normal (&random);
  for (gsize j = 0; j < p; j++)
    pointers[j] = block + j * n;
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (PatronRun) run = patron_run_new (1, i == 0 ? 1 : 4);
      g_autoptr (PatronKMeans) kmeans = patron_kmeans_new (&x, run, NULL);
      g_assert_true (patron_kmeans_fit (kmeans, k, 2, 100, 1e-4, 7, 0, &results[i], run, NULL));
    }
  g_assert_cmpfloat (results[0].inertia, ==, results[1].inertia);
  g_assert_cmpmem (results[0].centres, k * p * sizeof (double), results[1].centres, k * p * sizeof (double));
  g_assert_cmpmem (results[0].labels, n * sizeof (gint32), results[1].labels, n * sizeof (gint32));
  patron_kmeans_result_clear (&results[0]);
  patron_kmeans_result_clear (&results[1]);
}

/* Two starting centres far from every row get none: they take the farthest rows instead. */
static void
test_empty_groups (void)
{
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (PatronKMeans) kmeans = patron_kmeans_new (&rows, run, NULL);
  double initial[15] = { 0 };
  gsize sizes[5] = { 0 };
  PatronKMeansResult result;

  first_rows (initial, 3);
  initial[9] = initial[12] = 1e5;
  g_assert_true (patron_kmeans_lloyd (kmeans, initial, 5, 300, 1e-4, &result, run, NULL));
  for (gsize i = 0; i < N; i++)
    sizes[result.labels[i]]++;
  for (gsize c = 0; c < 5; c++)
    g_assert_cmpuint (sizes[c], >, 0);
  g_assert_cmpfloat (result.inertia, <, 1735.5757744378716);
  patron_kmeans_result_clear (&result);
}

/* Three different rows make three groups at most, at no distance. */
static void
test_duplicates (void)
{
  double block[2][50];
  const double *pointers[] = { block[0], block[1] };
  const PatronColumns x = { 50, 2, pointers };
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  PatronKMeansResult result;

  for (int i = 0; i < 50; i++)
    {
      block[0][i] = i % 3;
      block[1][i] = 7;
    }
  g_autoptr (PatronKMeans) kmeans = patron_kmeans_new (&x, run, NULL);
  g_assert_true (patron_kmeans_fit (kmeans, 6, 3, 100, 1e-4, 1, 0, &result, run, NULL));
  g_assert_cmpuint (result.k, ==, 3);
  g_assert_cmpfloat (result.inertia, <, 1e-20);
  patron_kmeans_result_clear (&result);
}

/* The spread may be anything that squares to a finite number. */
static void
test_scales (void)
{
  static const double scales[] = { 1e-120, 1e-30, 1e30, 1e120 };

  for (gsize s = 0; s < G_N_ELEMENTS (scales); s++)
    {
      double block[N];
      const double *pointers[] = { block };
      const PatronColumns x = { N, 1, pointers };
      const double initial[] = { 0, 10 * scales[s] };
      g_autoptr (PatronRun) run = patron_run_new (1, 1);
      PatronKMeansResult result;
      for (int i = 0; i < N; i++)
        block[i] = (i % 2 * 10 + i / 2 % 2) * scales[s];
      g_autoptr (PatronKMeans) kmeans = patron_kmeans_new (&x, run, NULL);
      g_assert_true (patron_kmeans_lloyd (kmeans, initial, 2, 100, 1e-4, &result, run, NULL));
      assert_near (result.inertia, 60 * scales[s] * scales[s], 1e-10);
      patron_kmeans_result_clear (&result);
    }
}

static void
test_cancelled (void)
{
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (PatronKMeans) kmeans = patron_kmeans_new (&rows, run, NULL);
  g_autoptr (GError) error = NULL;
  PatronKMeansResult result;

  patron_run_cancel (run);
  g_assert_false (patron_kmeans_fit (kmeans, 3, 10, 300, 1e-4, 42, 0, &result, run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
  g_assert_null (result.centres);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  make_rows ();
  g_test_add_func ("/math/kmeans/lloyd", test_lloyd);
  g_test_add_func ("/math/kmeans/restarts", test_restarts);
  g_test_add_func ("/math/kmeans/threads", test_threads);
  g_test_add_func ("/math/kmeans/empty-groups", test_empty_groups);
  g_test_add_func ("/math/kmeans/duplicates", test_duplicates);
  g_test_add_func ("/math/kmeans/scales", test_scales);
  g_test_add_func ("/math/kmeans/cancelled", test_cancelled);
  return g_test_run ();
}
