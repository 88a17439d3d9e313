/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values on the rows of make_rows (): statsmodels 0.13.5 with A = add_constant (x): Logit (y, A).fit (method='newton', tol=1e-14), the same
 * with cov_type='HC0', GLM (y, A, Binomial (), freq_weights=w).fit (tol=1e-14), MNLogit (z, A).fit (method='newton', tol=1e-14);
 * of the intercepts alone: Σ n log (n / N). Penalised:
 * scikit-learn 1.2.1, LogisticRegression (C=1/ridge, solver='newton-cholesky', tol=1e-14) on StandardScaler ().fit (x, sample_weight=w), coefficients
 * brought back by its scale_ and mean_. */
#include "math/logistic.h"

#include "base/init.h"
#include "base/memory.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

#define assert_near(found, expected, tolerance) g_assert_cmpfloat (fabs ((found) - (expected)), <=, (tolerance) * fabs ((double) (expected)))

#define N 240

static double rows[7][N], churn[N], segment[N], weights[N];
static const double *const columns[] = { rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], rows[6] };
static const PatronColumns x = { N, 4, columns };

static double
unit (guint64 *s)
{
  *s = (*s * 1103515245 + 12345) & 0x7fffffff;
  return (double) *s / 2147483648.0;
}

/* Four columns; y of two classes, z of three; weights 1, 2, 3. Columns 4 … 6 are for those who spoil things: a constant, a sum of two others, y
 * itself where column 3 is 1. */
static void
make_rows (void)
{
  guint64 s = 77;

  for (gsize i = 0; i < N; i++)
    {
      const double a = 100 + 20 * unit (&s), b = 5 * unit (&s), c = unit (&s) + 0.02 * a, d = i % 3 == 0;
      churn[i] = unit (&s) < 1 / (1 + exp (-(-7 + 0.06 * a - 0.4 * b + 1.2 * d)));
      const double v = unit (&s) + 0.1 * b + 0.3 * d;
      segment[i] = v < 0.45 ? 0 : v < 0.9 ? 1 : 2;
      weights[i] = 1 + floor (3 * unit (&s));
      rows[0][i] = a;
      rows[1][i] = b;
      rows[2][i] = c;
      rows[3][i] = d;
      rows[4][i] = 1e6;
      rows[5][i] = a - 2 * b + 3;
      rows[6][i] = churn[i] * d;
    }
}

static PatronLogistic *
fit_threads (const PatronColumns *on, const double *y, guint n_classes, const double *w, double ridge, int threads)
{
  const PatronLogisticOptions options = { .n_classes = n_classes, .ridge = ridge, .tolerance = 1e-10, .max_iterations = 100 };
  g_autoptr (PatronRun) run = patron_run_new (1, threads);
  g_autoptr (GError) error = NULL;
  PatronLogistic *fit = patron_logistic_fit (on, y, w, &options, run, &error);
  g_assert_no_error (error);
  return fit;
}

static PatronLogistic *
fit_rows (const PatronColumns *on, const double *y, guint n_classes, const double *w, double ridge)
{
  return fit_threads (on, y, n_classes, w, ridge, 2);
}

static double *
covariance (const PatronLogistic *fit, const PatronColumns *on, const double *y, const double *w, gboolean robust)
{
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (GError) error = NULL;
  double *v = patron_logistic_covariance (fit, on, y, w, robust, run, &error);
  g_assert_no_error (error);
  return v;
}

static void
assert_errors (const PatronLogistic *fit, const double *y, const double *w, gboolean robust, const double *golden)
{
  const gsize side = fit->n_equations * (fit->p + 1);
  double *v = covariance (fit, &x, y, w, robust);

  for (gsize j = 0; j < side; j++)
    assert_near (sqrt (v[j * side + j]), golden[j], 1e-9);
  patron_free (v);
}

static void
assert_values (const double *found, const double *golden, gsize n)
{
  for (gsize j = 0; j < n; j++)
    assert_near (found[j], golden[j], 1e-9);
}

static void
test_binary (void)
{
  static const double golden[] = { -8.935810477991641, 0.09141037222218214, -0.31926287367610195, -0.6216759377673384, 1.225511950157133 };
  static const double errors[] = { 3.010665495341611, 0.030457178687362557, 0.10746025555704512, 0.5450268760001027, 0.3101247544493865 };
  static const double robust[] = { 3.210686886177708, 0.030425858442377447, 0.11259059352295045, 0.5137166965369462, 0.3093495692756074 };
  g_autoptr (PatronLogistic) fit = fit_rows (&x, churn, 2, NULL, 0);

  assert_values (fit->coefficients, golden, 5);
  assert_errors (fit, churn, NULL, FALSE, errors);
  assert_errors (fit, churn, NULL, TRUE, robust);
  assert_near (fit->log_likelihood, -130.8591525216086, 1e-13);
  assert_near (fit->null_log_likelihood, -147.44483572464728, 1e-13);
  g_assert_true (fit->converged);
  g_assert_cmpint (fit->separation, ==, PATRON_SEPARATION_NONE);
}

/* The same with the other class as the reference: all signs turn. */
static void
test_reference (void)
{
  const PatronLogisticOptions options = { .n_classes = 2, .reference = 1, .tolerance = 1e-10, .max_iterations = 100 };
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (PatronLogistic) fit = patron_logistic_fit (&x, churn, NULL, &options, run, NULL);

  g_assert_cmpuint (fit->classes[0], ==, 0);
  assert_near (fit->coefficients[1], -0.09141037222218214, 1e-9);
}

static void
test_weights (void)
{
  static const double golden[] = { -10.0536968547046, 0.10917082952085008, -0.37711105445743964, -0.9191562335543817, 1.232566037601508 };
  static const double errors[] = { 2.205711328107978, 0.02197713881322785, 0.07866350331279459, 0.4067526633297941, 0.22718325751335913 };
  g_autoptr (PatronLogistic) fit = fit_rows (&x, churn, 2, weights, 0);

  assert_values (fit->coefficients, golden, 5);
  assert_errors (fit, churn, weights, FALSE, errors);
  assert_near (fit->log_likelihood, -248.3106299872078, 1e-13);
  g_assert_cmpfloat (fit->weight, ==, 476);
}

static void
test_multinomial (void)
{
  static const double golden[] = {
    1.2163990506766813, -0.011567944331169379, 0.679133601057718, -0.074449972591829, 1.296010454672747, 4.308854038117507,
    -0.059675128509667795, 1.1994128510478257, 0.10690542638252508, 2.817681385712586
  };
  static const double errors[] = {
    4.452849263563413, 0.04395045204977786, 0.199641890763555, 0.7870015595168364, 0.6817271000915427, 4.725039858357407,
    0.047059946570376494, 0.2140139998488191, 0.8434227604513087, 0.6962347117703038
  };
  g_autoptr (PatronLogistic) fit = fit_rows (&x, segment, 3, NULL, 0);

  assert_values (fit->coefficients, golden, 10);
  assert_errors (fit, segment, NULL, FALSE, errors);
  assert_near (fit->log_likelihood, -194.91789151568616, 1e-13);
  assert_near (fit->null_log_likelihood, -233.45770262775233, 1e-13);
}

static void
test_penalty (void)
{
  static const double one[] = { -8.657683406179762, 0.08762790021949637, -0.30948179592785546, -0.5731773561844566, 1.1938160231085202 };
  static const double ten[] = { -6.968581260720912, 0.06535431994173062, -0.2477883403707871, -0.3083406996942596, 0.9862366200663988 };
  static const double weighted[] = { -8.625103008878817, 0.08930825755769088, -0.3252281545222221, -0.6518620317601568, 1.0715244251001776 };
  g_autoptr (PatronLogistic) a = fit_rows (&x, churn, 2, NULL, 1);
  g_autoptr (PatronLogistic) b = fit_rows (&x, churn, 2, NULL, 10);
  g_autoptr (PatronLogistic) c = fit_rows (&x, churn, 2, weights, 10);

  assert_values (a->coefficients, one, 5);
  assert_values (b->coefficients, ten, 5);
  assert_values (c->coefficients, weighted, 5);
}

/* What repeats others is left out; the others are as without it. */
static void
test_aliased (void)
{
  const PatronColumns wide = { N, 6, columns };
  g_autoptr (PatronLogistic) fit = fit_rows (&wide, churn, 2, NULL, 0);
  double *v = covariance (fit, &wide, churn, NULL, FALSE);

  g_assert_true (fit->aliased[4] && fit->aliased[5]);
  for (gsize j = 0; j < 4; j++)
    g_assert_false (fit->aliased[j]);
  assert_near (fit->coefficients[1], 0.09141037222218214, 1e-9);
  g_assert_cmpfloat (fit->coefficients[5], ==, 0);
  g_assert_cmpfloat (fit->coefficients[6], ==, 0);
  assert_near (sqrt (v[7 + 1]), 0.030457178687362557, 1e-9);
  g_assert_cmpfloat (v[6 * 7 + 6], ==, 0);
  patron_free (v);
}

/* Column 6 is 1 only where churn is 1: its coefficient has no end, the others do. */
static void
test_quasi_separation (void)
{
  const double *const some[] = { rows[0], rows[1], rows[6] };
  const PatronColumns with = { N, 3, some };
  g_autoptr (PatronLogistic) fit = fit_rows (&with, churn, 2, NULL, 0);

  g_assert_cmpint (fit->separation, ==, PATRON_SEPARATION_QUASI);
  g_assert_true (fit->separating[2]);
  g_assert_false (fit->separating[0] || fit->separating[1]);
  g_autoptr (PatronLogistic) penalised = fit_rows (&with, churn, 2, NULL, 1);
  g_assert_cmpint (penalised->separation, ==, PATRON_SEPARATION_NONE);
  g_assert_true (penalised->converged);
  g_assert_cmpfloat (fabs (penalised->coefficients[3]), <, 10);
}

/* A penalty on that column alone. Golden: Newton's method in numpy on columns less mean () over std (), ridge 1 on the third, at convergence. */
static void
test_partial_penalty (void)
{
  static const double golden[] = { -7.7728693289224315, 0.06403379587545392, -0.34402505314104365, 5.4972115545438145 };
  static const gboolean which[] = { FALSE, FALSE, TRUE };
  const double *const some[] = { rows[0], rows[1], rows[6] };
  const PatronColumns with = { N, 3, some };
  const PatronLogisticOptions options = { .n_classes = 2, .ridge = 1, .penalised = which, .tolerance = 1e-10, .max_iterations = 100 };
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (PatronLogistic) fit = patron_logistic_fit (&with, churn, NULL, &options, run, NULL);

  g_assert_cmpint (fit->separation, ==, PATRON_SEPARATION_NONE);
  assert_values (fit->coefficients, golden, 4);
  double three[N];
  for (gsize i = 0; i < N; i++)
    three[i] = rows[6][i] > 0 ? 2 : churn[i];
  g_autoptr (PatronLogistic) free_of_it = fit_rows (&with, three, 3, NULL, 0);
  const PatronLogisticOptions of_three = { .n_classes = 3, .ridge = 1, .penalised = which, .tolerance = 1e-10, .max_iterations = 100 };
  g_autoptr (PatronLogistic) multi = patron_logistic_fit (&with, three, NULL, &of_three, run, NULL);
  g_assert_cmpint (free_of_it->separation, ==, PATRON_SEPARATION_QUASI);
  g_assert_cmpint (multi->separation, ==, PATRON_SEPARATION_NONE);
  double *v = covariance (fit, &with, churn, NULL, FALSE);
  assert_near (sqrt (v[4 + 1]), 0.033728962621041324, 1e-9);
  assert_near (sqrt (v[2 * 4 + 2]), 0.13461520493237242, 1e-9);
  patron_free (v);
}

static void
test_complete_separation (void)
{
  const double *const some[] = { rows[0], rows[1] };
  const PatronColumns with = { N, 2, some };
  double y[N], three[N];

  for (gsize i = 0; i < N; i++)
    {
      y[i] = rows[1][i] > 2.5;
      three[i] = floor (rows[1][i] * 0.59999);
    }
  g_autoptr (PatronLogistic) fit = fit_rows (&with, y, 2, NULL, 0);
  g_assert_cmpint (fit->separation, ==, PATRON_SEPARATION_COMPLETE);
  g_assert_true (fit->separating[1]);
  g_autoptr (PatronLogistic) multi = fit_rows (&with, three, 3, NULL, 0);
  g_assert_cmpint (multi->separation, ==, PATRON_SEPARATION_COMPLETE);
}

/* A few rows that lie far out and a rare class look like separation and are not. */
static void
test_not_separated (void)
{
  double far[N], rare[N];
  const double *const some[] = { far, rows[1] };
  const PatronColumns with = { N, 2, some };

  for (gsize i = 0; i < N; i++)
    {
      far[i] = i % 60 == 7 ? 1e6 * (1 + (double) i) : rows[0][i];
      rare[i] = i % 80 == 3;
    }
  g_autoptr (PatronLogistic) a = fit_rows (&with, churn, 2, NULL, 0);
  g_autoptr (PatronLogistic) b = fit_rows (&x, rare, 2, NULL, 0);
  g_assert_cmpint (b->separation, ==, PATRON_SEPARATION_NONE);
  g_assert_true (a->converged && b->converged);
}

/* statsmodels 0.13.5: GLM (y, A, Binomial ()).score_test (params, exog_extra=square) of the squares of two columns about their means. What the
 * fit has already says nothing. */
static void
test_score (void)
{
  double squares[2][N], found[3];
  const double *const some[] = { squares[0], squares[1], rows[5] };
  const PatronColumns more = { N, 3, some };
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (PatronLogistic) fit = fit_rows (&x, churn, 2, NULL, 0);

  for (gsize j = 0; j < 2; j++)
    for (gsize i = 0; i < N; i++)
      squares[j][i] = (rows[j][i] - fit->means[j]) * (rows[j][i] - fit->means[j]);
  g_assert_true (patron_logistic_score_tests (fit, &x, churn, NULL, &more, found, run, NULL));
  assert_near (found[0], 6.22580508702225, 1e-7);
  assert_near (found[1], 6.045721769461289, 1e-7);
  g_assert_true (isnan (found[2]));
}

/* statsmodels 0.13.5: GLM (y, A, Binomial ()).fit (tol=1e-14).get_influence (): hat_matrix_diag and cooks_distance[0] of rows 0, 7 and 100. */
static void
test_influence (void)
{
  static const gsize at[] = { 0, 7, 100 };
  static const double golden[][2] = {
    { 0.0176630638629902, 0.0022853085871555982 }, { 0.011907128638928944, 0.007302923187962865 }, { 0.012974172592150902, 0.00011729704830761492 }
  };
  double p[2 * N], leverage[N], cook[N], sum = 0;
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (PatronLogistic) fit = fit_rows (&x, churn, 2, NULL, 0);

  g_assert_true (patron_logistic_predict (&x, 2, 0, 1, fit->classes, fit->coefficients, p, run, NULL));
  g_assert_true (patron_logistic_influence (fit, &x, churn, p + N, leverage, cook, run, NULL));
  for (gsize i = 0; i < 3; i++)
    {
      assert_near (leverage[at[i]], golden[i][0], 1e-8);
      assert_near (cook[at[i]], golden[i][1], 1e-8);
    }
  for (gsize i = 0; i < N; i++)
    sum += leverage[i];
  assert_near (sum, 5, 1e-10);
}

/* A class without rows has no equation and probability 0; the probabilities of a row add up to 1. */
static void
test_predict (void)
{
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  double y[N], out[4 * N];

  for (gsize i = 0; i < N; i++)
    y[i] = segment[i] == 0 ? 0 : segment[i] + 1;
  g_autoptr (PatronLogistic) fit = fit_rows (&x, y, 4, NULL, 0);
  g_assert_cmpuint (fit->n_equations, ==, 2);
  g_assert_true (patron_logistic_predict (&x, 4, fit->reference, 2, fit->classes, fit->coefficients, out, run, NULL));
  double sums[4] = { 0 };
  for (gsize i = 0; i < N; i++)
    {
      g_assert_cmpfloat (out[N + i], ==, 0);
      g_assert_cmpfloat (fabs (out[i] + out[2 * N + i] + out[3 * N + i] - 1), <, 1e-14);
      for (gsize c = 0; c < 4; c++)
        sums[c] += out[c * N + i];
    }
  /* The likelihood equations of the intercepts: expected counts are the counts. */
  assert_near (sums[0], 29, 1e-9);
  assert_near (sums[2], 94, 1e-9);
  assert_near (sums[3], 117, 1e-9);
}

/* Large enough to start from a sample and to have several stretches; wide enough for BLAS in the second. */
static void
test_threads (void)
{
  const gsize n = 40000, p = 170;
  double *values = patron_try_alloc (n * p, sizeof (double), "x", NULL), *y = patron_try_alloc (n, sizeof (double), "y", NULL);
  g_autofree const double **pointers = g_new (const double *, p);
  PatronRandom random;

  patron_random_init (&random, 9, 0);
  for (gsize i = 0; i < n * p; i++)
    values[i] = patron_random_normal (&random);
  for (gsize j = 0; j < p; j++)
    pointers[j] = values + j * n;
  for (gsize i = 0; i < n; i++)
    {
      const double eta = values[i] - 0.5 * values[n + i] + patron_random_normal (&random);
      y[i] = eta > 0.4 ? 2 : eta > -0.4;
    }
  for (guint round = 0; round < 2; round++)
    {
      const PatronColumns some = { n, round == 0 ? 9 : p, pointers };
      const guint k = round == 0 ? 3 : 2;
      if (round == 1)
        for (gsize i = 0; i < n; i++)
          y[i] = y[i] > 1;
      g_autoptr (PatronLogistic) one = fit_threads (&some, y, k, NULL, 0, 1);
      g_autoptr (PatronLogistic) two = fit_threads (&some, y, k, NULL, 0, 2);
      g_assert_true (one->converged);
      g_assert_cmpmem (one->coefficients, (k - 1) * (some.p + 1) * sizeof (double), two->coefficients, (k - 1) * (some.p + 1) * sizeof (double));
      g_assert_cmpfloat (one->log_likelihood, ==, two->log_likelihood);
    }
  patron_free (values);
  patron_free (y);
}

/* More coefficients than Newton takes: L-BFGS comes to where the penalised gradient, by Newton on the few columns that are not 0, says. */
static void
test_lbfgs (void)
{
  const gsize wide = PATRON_LOGISTIC_NEWTON + 10;
  g_autofree const double **pointers = g_new (const double *, wide);
  double zero[N];
  const PatronLogisticOptions options = { .n_classes = 2, .ridge = 3, .tolerance = 1e-16, .max_iterations = 1000 };
  g_autoptr (PatronRun) run = patron_run_new (1, 2);

  /* Copies of one column share its coefficient, as if its penalty were the less: ridge / copies. */
  for (gsize i = 0; i < N; i++)
    zero[i] = rows[1][i];
  for (gsize j = 0; j < wide; j++)
    pointers[j] = zero;
  const PatronColumns copies = { N, wide, pointers }, once = { N, 1, pointers };
  g_autoptr (PatronLogistic) many = patron_logistic_fit (&copies, churn, NULL, &options, run, NULL);
  g_autoptr (PatronLogistic) one = fit_rows (&once, churn, 2, NULL, 3.0 / (double) wide);
  double sum = 0;
  for (gsize j = 0; j < wide; j++)
    sum += many->coefficients[j + 1];
  g_assert_false (many->newton);
  g_assert_true (many->converged);
  assert_near (sum, one->coefficients[1], 1e-7);
  assert_near (many->coefficients[0], one->coefficients[0], 1e-7);
}

static void
test_refused (void)
{
  const PatronLogisticOptions options = { .n_classes = 2, .tolerance = 1e-8, .max_iterations = 100 };
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (GError) one_class = NULL, infinite = NULL, cancelled = NULL;
  double same[N] = { 0 }, huge[N];
  const double *const some[] = { huge };
  const PatronColumns with = { N, 1, some };

  g_assert_null (patron_logistic_fit (&x, same, NULL, &options, run, &one_class));
  g_assert_error (one_class, PATRON_ERROR, PATRON_ERROR_INPUT);
  for (gsize i = 0; i < N; i++)
    huge[i] = i == 5 ? (double) INFINITY : 1;
  g_assert_null (patron_logistic_fit (&with, churn, NULL, &options, run, &infinite));
  g_assert_error (infinite, PATRON_ERROR, PATRON_ERROR_INPUT);
  patron_run_cancel (run);
  g_assert_null (patron_logistic_fit (&x, churn, NULL, &options, run, &cancelled));
  g_assert_error (cancelled, PATRON_ERROR, PATRON_ERROR_CANCELLED);
}

/* Every allocation may fail: an error, never a crash. */
static void
test_memory (void)
{
  const PatronLogisticOptions options = { .n_classes = 3, .tolerance = 1e-8, .max_iterations = 100 };
  g_autoptr (PatronRun) run = patron_run_new (1, 2);

  for (int i = 1; i < 100; i++)
    {
      g_autoptr (GError) error = NULL;
      patron_memory_fail_after (i);
      g_autoptr (PatronLogistic) fit = patron_logistic_fit (&x, segment, NULL, &options, run, &error);
      patron_memory_fail_after (0);
      if (fit != NULL)
        return;
      g_assert_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY);
    }
  g_assert_not_reached ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  make_rows ();
  g_test_add_func ("/math/logistic/binary", test_binary);
  g_test_add_func ("/math/logistic/reference", test_reference);
  g_test_add_func ("/math/logistic/weights", test_weights);
  g_test_add_func ("/math/logistic/multinomial", test_multinomial);
  g_test_add_func ("/math/logistic/penalty", test_penalty);
  g_test_add_func ("/math/logistic/aliased", test_aliased);
  g_test_add_func ("/math/logistic/quasi-separation", test_quasi_separation);
  g_test_add_func ("/math/logistic/partial-penalty", test_partial_penalty);
  g_test_add_func ("/math/logistic/complete-separation", test_complete_separation);
  g_test_add_func ("/math/logistic/not-separated", test_not_separated);
  g_test_add_func ("/math/logistic/score", test_score);
  g_test_add_func ("/math/logistic/influence", test_influence);
  g_test_add_func ("/math/logistic/predict", test_predict);
  g_test_add_func ("/math/logistic/threads", test_threads);
  g_test_add_func ("/math/logistic/lbfgs", test_lbfgs);
  g_test_add_func ("/math/logistic/refused", test_refused);
  g_test_add_func ("/math/logistic/memory", test_memory);
  return g_test_run ();
}
