/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/boosting.h"

#include <math.h>
#include <string.h>

#include "base/init.h"
#include "base/memory.h"
#include "base/random.h"

/* ---- by hand ----------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronBins     bins;
  PatronBoosting boosting;
  double        *predicted;    /* n × classes */
} Fitted;

static void
fit_with (Fitted *f, const PatronBoostingSpec *spec, const PatronMatrix *x, const double *y, const double *weights, int threads)
{
  g_autoptr (PatronRun) run = patron_run_new (1, threads);
  g_autoptr (GError) error = NULL;
  g_assert_true (patron_bins_fit (&f->bins, x, run, NULL));
  patron_boosting_fit (&f->boosting, spec, &f->bins, x, y, weights, run, &error);
  g_assert_no_error (error);
  gsize stride = patron_codes_stride (x->p), k = MAX (spec->n_classes, 1);
  g_autofree guint8 *codes = g_malloc0 (x->n * stride);
  g_autofree double *scores = g_new (double, x->n * k);
  f->predicted = g_new (double, x->n * k);
  patron_bins_apply_rows (&f->bins, x, 0, x->n, stride, codes);
  patron_boosting_score (&f->boosting, codes, stride, x->n, scores);
  patron_boosting_link (spec->loss, spec->n_classes, x->n, scores, f->predicted);
}

static void
clear (Fitted *f)
{
  patron_bins_clear (&f->bins);
  patron_boosting_clear (&f->boosting);
  g_free (f->predicted);
}

/* One cut, squared error, learning rate 1, λ = 1. x = 1 2 3 4, y = 1 2 6 7: the mean is 4, so g = s - y = 3 2 -2 -3 and h = 1.
 * Cuts: after 1: ½ (9/2 + 9/4); after 2: ½ (25/3 + 25/3) = 25/3, the best; G = 0. Leaves: -5/3 and 5/3. */
static void
test_squared_by_hand (void)
{
  static const double values[4] = { 1, 2, 3, 4 }, y[4] = { 1, 2, 6, 7 };
  const PatronMatrix x = { .n = 4, .p = 1, .values = (double *) values };
  const PatronBoostingSpec spec = { .loss = PATRON_LOSS_SQUARED, .max_rounds = 1, .learning_rate = 1, .max_leaves = 2, .max_depth = G_MAXUINT,
                                    .min_rows = 1, .l2 = 1, .row_share = 1, .column_share = 1 };
  Fitted f = { 0 };
  fit_with (&f, &spec, &x, y, NULL, 1);
  g_assert_cmpfloat_with_epsilon (f.boosting.importance[0], 25.0 / 3, 1e-8);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (f.predicted[i], i < 2 ? 4 - 5.0 / 3 : 4 + 5.0 / 3, 1e-8);
  /* Mean squared error before: (9 + 4 + 4 + 9) / 4. */
  g_assert_cmpfloat_with_epsilon (f.boosting.training[0], 6.5, 1e-12);
  g_assert_true (isnan (f.boosting.validation[0]));
  clear (&f);
}

/* Two classes, half of each, so p = ½ and g = ½ - y, h = ¼. x = 1 2 3 4 5 6, y = 0 0 0 1 1 1, λ = ½: the cut in the middle has G = ±3/2 and H = ¾
 * on its sides and gains ½ (2 × (9/4) / (5/4)) = 9/5; leaves: ∓ (3/2) / (5/4) = ∓ 6/5, a probability of 1 / (1 + e^1.2) on the left. */
static void
test_classes_by_hand (void)
{
  static const double values[6] = { 1, 2, 3, 4, 5, 6 }, y[6] = { 0, 0, 0, 1, 1, 1 };
  const PatronMatrix x = { .n = 6, .p = 1, .values = (double *) values };
  const PatronBoostingSpec spec = { .loss = PATRON_LOSS_CLASSES, .n_classes = 2, .max_rounds = 1, .learning_rate = 1, .max_leaves = 2,
                                    .max_depth = G_MAXUINT, .min_rows = 1, .l2 = 0.5, .row_share = 1, .column_share = 1 };
  Fitted f = { 0 };
  fit_with (&f, &spec, &x, y, NULL, 1);
  g_assert_cmpfloat_with_epsilon (f.boosting.importance[0], 1.8, 1e-8);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpfloat_with_epsilon (f.predicted[6 + i], 1 / (1 + exp (i < 3 ? 1.2 : -1.2)), 1e-8);
  g_assert_cmpfloat_with_epsilon (f.boosting.training[0], G_LN2, 1e-12);
  g_assert_cmpfloat_with_epsilon (f.boosting.training[1], log1p (exp (-1.2)), 1e-8);
  clear (&f);
}

/* Missing values go where they serve best, and follow a cut of their own when nothing else tells. */
static void
test_missing_side (void)
{
  static const double values[8] = { 1, 2, 3, NAN, 5, 6, 7, NAN }, low[8] = { 1, 1, 1, 1, 0, 0, 0, 1 }, high[8] = { 0, 0, 0, 1, 1, 1, 1, 1 },
                      alone[8] = { 0, 0, 0, 1, 0, 0, 0, 1 };
  static const double *const truths[] = { low, high, alone };
  const PatronMatrix x = { .n = 8, .p = 1, .values = (double *) values };
  const PatronBoostingSpec spec = { .loss = PATRON_LOSS_SQUARED, .max_rounds = 1, .learning_rate = 1, .max_leaves = 2, .max_depth = G_MAXUINT,
                                    .min_rows = 1, .row_share = 1, .column_share = 1 };
  for (guint t = 0; t < G_N_ELEMENTS (truths); t++)
    {
      Fitted f = { 0 };
      fit_with (&f, &spec, &x, truths[t], NULL, 1);
      for (guint i = 0; i < 8; i++)
        g_assert_cmpfloat_with_epsilon (f.predicted[i], truths[t][i], 1e-8);
      clear (&f);
    }
}

/* ---- against scikit-learn ---------------------------------------------------------------------------------- */

/* scikit-learn 1.2.1, HistGradientBoostingRegressor and -Classifier (max_iter=10, learning_rate=0.3, max_leaf_nodes=6, min_samples_leaf=4,
 * l2_regularization=0.5, early_stopping=False; loss='squared_error', 'absolute_error' or 'poisson'), on the rows made below; every fourth
 * prediction, of classes the probability of class 1. Its gradients are single precision. */
#define N 60

typedef struct
{
  double x[3 * N], number[N], count[N], two[N], three[N], weights[N];
} Made;

static int
compare_doubles (const void *a, const void *b)
{
  return (*(const double *) a > *(const double *) b) - (*(const double *) a < *(const double *) b);
}

static void
make (Made *m)
{
  double sorted[N];
  for (guint i = 0; i < N; i++)
    {
      double *x1 = &m->x[i], *x2 = &m->x[N + i], *x3 = &m->x[2 * N + i];
      *x1 = i * 37 % N;
      *x2 = i * 17 % 23;
      *x3 = i % 7 == 0 ? NAN : i * i % 19;
      m->number[i] = (*x1 > 30 ? 5 : 1) + 0.25 * *x2 + (isnan (*x3) ? 3 : 0.1 * *x3) + i * 29 % 13 / 13.0;
      m->count[i] = floor (m->number[i]);
      m->weights[i] = 1 + i % 3;
      sorted[i] = m->number[i];
    }
  qsort (sorted, N, sizeof (double), compare_doubles);
  for (guint i = 0; i < N; i++)
    {
      m->two[i] = m->number[i] > (sorted[N / 2 - 1] + sorted[N / 2]) / 2;
      if (i % 11 == 0)
        m->two[i] = 1 - m->two[i];
      m->three[i] = (m->number[i] >= 4) + (m->number[i] >= 7.5);
      if (i % 13 == 0)
        m->three[i] = fmod (m->three[i] + 1, 3);
    }
}

static void
check_against (PatronBoostingLoss loss, guint n_classes, const double *y, const double *weights, const double *expected)
{
  Made m;
  make (&m);
  const PatronMatrix x = { .n = N, .p = 3, .values = m.x };
  const PatronBoostingSpec spec = { .loss = loss, .n_classes = n_classes, .max_rounds = 10, .learning_rate = 0.3, .max_leaves = 6,
                                    .max_depth = G_MAXUINT, .min_rows = 4, .min_hessian = 1e-3, .l2 = 0.5, .row_share = 1, .column_share = 1 };
  Fitted f = { 0 };
  fit_with (&f, &spec, &x, y, weights, 2);
  for (guint i = 0; i < N; i += 4)
    g_assert_cmpfloat_with_epsilon (f.predicted[(n_classes > 0 ? N : 0) + i], expected[i / 4], 3e-6 * MAX (1, expected[i / 4]));
  clear (&f);
}

static void
test_scikit_learn (void)
{
  Made m;
  make (&m);
  static const double squared[] = {
    4.36273463, 8.46174058, 11.5750735, 7.93606313, 11.330318, 6.37873807, 10.3353585, 8.15463588, 10.5763587, 5.26394845,
    9.01235822, 5.81463845, 8.28796944, 4.12957029, 10.940578 };
  static const double squared_weighted[] = {
    4.40254888, 8.59929135, 11.7254109, 7.64997817, 11.312797, 6.23673313, 10.4284256, 7.86391621, 10.7172107, 5.36118617,
    8.9557477, 6.05524508, 8.18691032, 4.158699, 10.7420887 };
  static const double absolute[] = {
    5.18250989, 9.00251616, 10.903129, 7.84082616, 10.6837828, 6.07816871, 10.4560307, 7.4595712, 10.4498467, 5.21817195,
    8.92219756, 5.6907466, 8.42521728, 3.88607611, 10.2184731 };
  static const double poisson[] = {
    3.43660685, 7.89863725, 11.1329421, 7.19048639, 10.9161897, 5.92039728, 10.3073973, 7.60746676, 10.0178163, 4.81334334,
    8.11189036, 5.29377489, 8.11189036, 4.00263056, 10.9738341 };
  static const double logistic[] = {
    0.438835969, 0.788987463, 0.92671115, 0.743387244, 0.964059416, 0.0883126114, 0.964059416, 0.810479792, 0.964059416,
    0.0883126114, 0.757776703, 0.524481968, 0.964059416, 0.123953392, 0.964059416 };
  static const double logistic_weighted[] = {
    0.263371581, 0.834147612, 0.944693926, 0.752066027, 0.975850449, 0.0564225189, 0.975850449, 0.683915806, 0.95876575,
    0.039531389, 0.785366177, 0.690036448, 0.972752834, 0.065775996, 0.972752834 };
  static const double softmax[] = {
    0.06745807, 0.0355000753, 0.00630796868, 0.0478127456, 0.00630796868, 0.867740645, 0.00674777136, 0.253987505,
    0.0103847356, 0.957574382, 0.0268759989, 0.90118532, 0.0194132154, 0.235238411, 0.0279322235 };
  check_against (PATRON_LOSS_SQUARED, 0, m.number, NULL, squared);
  check_against (PATRON_LOSS_SQUARED, 0, m.number, m.weights, squared_weighted);
  check_against (PATRON_LOSS_ABSOLUTE, 0, m.number, NULL, absolute);
  check_against (PATRON_LOSS_POISSON, 0, m.count, NULL, poisson);
  check_against (PATRON_LOSS_CLASSES, 2, m.two, NULL, logistic);
  check_against (PATRON_LOSS_CLASSES, 2, m.two, m.weights, logistic_weighted);
  check_against (PATRON_LOSS_CLASSES, 3, m.three, NULL, softmax);
}

/* ---- larger, made-up data ---------------------------------------------------------------------------------- */

#define ROWS 24000
#define COLUMNS 11

static void
make_many (double *x, double *y, gsize n, gboolean classes)
{
  PatronRandom random;
  patron_random_init (&random, 11, 0);
  for (gsize i = 0; i < n; i++)
    {
      for (gsize j = 0; j < COLUMNS; j++)
        x[j * n + i] = j == 3 && i % 9 == 0 ? NAN : j == 4 ? (double) patron_random_below (&random, 3) : patron_random_normal (&random);
      double a = x[i], b = x[n + i], c = x[3 * n + i];
      double score = 2 * sin (2 * a) + a * b + (isnan (c) ? 1 : c > 0.5) + x[4 * n + i];
      y[i] = classes ? patron_random_unit (&random) < 1 / (1 + exp (1.5 - score)) : score + 0.5 * patron_random_normal (&random);
    }
}

static const PatronBoostingSpec usual = { .max_rounds = 12, .learning_rate = 0.2, .max_leaves = 31, .max_depth = G_MAXUINT, .min_rows = 20,
                                          .min_hessian = 1e-3, .l2 = 1, .row_share = 0.7, .column_share = 0.6, .validation_share = 0.1, .patience = 5,
                                          .seed = 3 };

/* Nodes large enough that rows are counted and parted by several threads. */
static void
test_same_at_any_thread_count (void)
{
  g_autofree double *values = g_new (double, ROWS * COLUMNS), *y = g_new (double, ROWS);
  const PatronMatrix x = { .n = ROWS, .p = COLUMNS, .values = values };
  for (guint classes = 0; classes < 2; classes++)
    {
      PatronBoostingSpec spec = usual;
      spec.loss = classes ? PATRON_LOSS_CLASSES : PATRON_LOSS_SQUARED;
      spec.n_classes = classes ? 2 : 0;
      make_many (values, y, ROWS, classes);
      Fitted one = { 0 }, other = { 0 };
      fit_with (&one, &spec, &x, y, NULL, 1);
      for (int threads = 2; threads <= 5; threads += 3)
        {
          Fitted many = { 0 };
          fit_with (&many, &spec, &x, y, NULL, threads);
          g_assert_cmpmem (many.predicted, ROWS * sizeof (double), one.predicted, ROWS * sizeof (double));
          g_assert_cmpmem (many.boosting.validation, many.boosting.n_curve * sizeof (double), one.boosting.validation,
                           one.boosting.n_curve * sizeof (double));
          g_assert_cmpmem (many.boosting.importance, COLUMNS * sizeof (double), one.boosting.importance, COLUMNS * sizeof (double));
          clear (&many);
        }
      spec.seed = 4;
      fit_with (&other, &spec, &x, y, NULL, 2);
      g_assert_true (memcmp (other.predicted, one.predicted, ROWS * sizeof (double)) != 0);
      clear (&other);
      clear (&one);
    }
}

/* The noise has variance ¼; without joint or curved effects more than 2 would be left. */
static void
test_quality (void)
{
  enum { n = 6000, n_train = 4000 };
  g_autofree double *values = g_new (double, n * COLUMNS), *y = g_new (double, n), *train = g_new (double, n_train * COLUMNS);
  make_many (values, y, n, FALSE);
  for (gsize j = 0; j < COLUMNS; j++)
    memcpy (train + j * n_train, values + j * n, sizeof (double) * n_train);
  const PatronMatrix x = { .n = n_train, .p = COLUMNS, .values = train }, all = { .n = n, .p = COLUMNS, .values = values };
  PatronBoostingSpec spec = usual;
  spec.max_rounds = 500;
  spec.learning_rate = 0.1;
  spec.max_leaves = 15;
  spec.patience = 20;
  Fitted f = { 0 };
  fit_with (&f, &spec, &x, y, NULL, 2);
  g_assert_cmpuint (f.boosting.n_validation, ==, 400);
  g_assert_cmpuint (f.boosting.n_training, ==, 3600);
  gsize stride = patron_codes_stride (COLUMNS);
  g_autofree guint8 *codes = g_malloc0 (n * stride);
  g_autofree double *scores = g_new (double, n);
  patron_bins_apply_rows (&f.bins, &all, 0, n, stride, codes);
  patron_boosting_score (&f.boosting, codes, stride, n, scores);
  double error = 0;
  for (gsize i = n_train; i < n; i++)
    error += (scores[i] - y[i]) * (scores[i] - y[i]) / (n - n_train);
  g_assert_cmpfloat (error, <, 0.5);
  g_assert_cmpfloat (error, >, 0.2);
  /* What matters is found: the first, second, fourth and fifth column. */
  double useful = f.boosting.importance[0] + f.boosting.importance[1] + f.boosting.importance[3] + f.boosting.importance[4], total = 0;
  for (gsize j = 0; j < COLUMNS; j++)
    total += f.boosting.importance[j];
  g_assert_cmpfloat (useful / total, >, 0.8);
  clear (&f);
}

static void
test_early_stopping (void)
{
  enum { n = 2000 };
  g_autofree double *values = g_new (double, n * COLUMNS), *y = g_new (double, n);
  const PatronMatrix x = { .n = n, .p = COLUMNS, .values = values };
  make_many (values, y, n, TRUE);
  PatronBoostingSpec spec = usual;
  spec.loss = PATRON_LOSS_CLASSES;
  spec.n_classes = 2;
  spec.max_rounds = 1000;
  Fitted f = { 0 };
  fit_with (&f, &spec, &x, y, NULL, 2);
  const PatronBoosting *b = &f.boosting;
  g_assert_cmpuint (b->rounds, <, 1000);
  g_assert_cmpuint (b->n_curve, ==, b->rounds + spec.patience + 1);
  g_assert_cmpuint (b->trees.n_trees, ==, b->rounds);
  for (gsize r = 0; r < b->n_curve; r++)
    g_assert_cmpfloat (b->validation[r], >=, b->validation[b->rounds]);
  /* The curve is what the trees kept say about the rows kept aside. */
  double loss = 0;
  for (gsize i = 0; i < n; i++)
    if (b->aside[i])
      loss -= log (f.predicted[(y[i] > 0 ? n : 0) + i]) / b->n_validation;
  g_assert_cmpfloat_with_epsilon (loss, b->validation[b->rounds], 1e-9);
  clear (&f);
  /* A target that nothing tells anything about: no tree is better than none. */
  PatronRandom random;
  patron_random_init (&random, 1, 0);
  for (gsize i = 0; i < n; i++)
    y[i] = patron_random_below (&random, 2);
  spec.learning_rate = 1;
  Fitted noise = { 0 };
  fit_with (&noise, &spec, &x, y, NULL, 1);
  g_assert_cmpuint (noise.boosting.rounds, <=, 2);
  clear (&noise);
}

/* A limit is a limit. */
static void
test_limits (void)
{
  enum { n = 3000 };
  g_autofree double *values = g_new (double, n * COLUMNS), *y = g_new (double, n);
  const PatronMatrix x = { .n = n, .p = COLUMNS, .values = values };
  make_many (values, y, n, FALSE);
  PatronBoostingSpec spec = usual;
  spec.validation_share = 0;
  spec.max_depth = 2;
  Fitted f = { 0 };
  fit_with (&f, &spec, &x, y, NULL, 2);
  g_assert_cmpuint (f.boosting.trees.n_trees, ==, spec.max_rounds);
  for (gsize t = 0; t < f.boosting.trees.n_trees; t++)
    g_assert_cmpuint (patron_tree_depth (&f.boosting.trees, t), <=, 2);
  clear (&f);
  spec.max_depth = G_MAXUINT;
  spec.max_leaves = 7;
  spec.min_rows = 200;
  spec.row_share = 1;
  Fitted g = { 0 };
  fit_with (&g, &spec, &x, y, NULL, 2);
  gsize stride = patron_codes_stride (COLUMNS);
  g_autofree guint8 *codes = g_malloc0 (n * stride);
  g_autofree guint *rows = g_new0 (guint, g.boosting.trees.n_values);
  patron_bins_apply_rows (&g.bins, &x, 0, n, stride, codes);
  for (gsize t = 0; t < g.boosting.trees.n_trees; t++)
    {
      g_assert_cmpuint (patron_tree_n_leaves (&g.boosting.trees, t), <=, 7);
      for (gsize i = 0; i < n; i++)
        rows[patron_tree_walk (&g.boosting.trees, t, codes + i * stride) - g.boosting.trees.values]++;
    }
  for (gsize v = 0; v < g.boosting.trees.n_values; v++)
    g_assert_cmpuint (rows[v], >=, 200);
  clear (&g);
}

static void
test_memory (void)
{
  Made m;
  make (&m);
  const PatronMatrix x = { .n = N, .p = 3, .values = m.x };
  PatronBoostingSpec spec = usual;
  spec.loss = PATRON_LOSS_ABSOLUTE;
  spec.min_rows = 2;
  spec.max_rounds = 2;
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  PatronBins bins;
  g_assert_true (patron_bins_fit (&bins, &x, run, NULL));
  for (int nth = 1;; nth++)
    {
      PatronBoosting boosting;
      g_autoptr (GError) error = NULL;
      patron_memory_fail_after (nth);
      gboolean fine = patron_boosting_fit (&boosting, &spec, &bins, &x, m.number, NULL, run, &error);
      patron_memory_fail_after (0);
      if (fine)
        {
          patron_boosting_clear (&boosting);
          g_assert_cmpint (nth, >, 30);
          break;
        }
      g_assert_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY);
    }
  patron_run_cancel (run);
  PatronBoosting boosting;
  g_autoptr (GError) error = NULL;
  g_assert_false (patron_boosting_fit (&boosting, &spec, &bins, &x, m.number, NULL, run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
  patron_bins_clear (&bins);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/boosting/squared-by-hand", test_squared_by_hand);
  g_test_add_func ("/boosting/classes-by-hand", test_classes_by_hand);
  g_test_add_func ("/boosting/missing-side", test_missing_side);
  g_test_add_func ("/boosting/scikit-learn", test_scikit_learn);
  g_test_add_func ("/boosting/same-at-any-thread-count", test_same_at_any_thread_count);
  g_test_add_func ("/boosting/quality", test_quality);
  g_test_add_func ("/boosting/early-stopping", test_early_stopping);
  g_test_add_func ("/boosting/limits", test_limits);
  g_test_add_func ("/boosting/memory", test_memory);
  return g_test_run ();
}
