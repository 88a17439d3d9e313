/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench WORKLOAD FOLDER THREADS [SEED]: does the work of one workload once, on files in a plain binary format, and prints one JSON line: seconds of the fit
 * only (loading excluded), memory above what was resident before it, and the quality reached. compare.py runs it beside other programs.
 *
 * A .mat file: 8 bytes of magic, two 32-bit words (1 double, 2 float, 3 int32, 4 int64, 5 byte; 1 vector, 2 matrix), two 64-bit words (rows,
 * columns), 32 bytes of zero, then the values, row-major, little endian. */
#include "bench.h"

#include "base/init.h"
#include "base/memory.h"
#include "math/kmeans.h"
#include "math/ranking.h"
#include "ops/analyses/item-similarity.h"
#include "ops/analyses/correlate-private.h"
#include "ops/registry.h"
#include "project/engine.h"
#include "table/design.h"
#include "table/reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

void
bench_give_up (const char *what, const GError *error)
{
  fprintf (stderr, "bench: %s: %s\n", what, error != NULL ? error->message : "failed");
  exit (1);
}

/* ---- files -------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  GMappedFile *file;
  const char  *values;
  guint32      type;
  gsize        rows, columns;
} Mat;

static Mat
open_mat (Bench *bench, const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.mat", bench->folder, name);
  g_autoptr (GError) error = NULL;
  Mat mat = { .file = g_mapped_file_new (path, FALSE, &error) };
  if (mat.file == NULL || g_mapped_file_get_length (mat.file) < 64)
    bench_give_up (path, error);
  const char *bytes = g_mapped_file_get_contents (mat.file);
  memcpy (&mat.type, bytes + 8, 4);
  memcpy (&mat.rows, bytes + 16, 8);
  memcpy (&mat.columns, bytes + 24, 8);
  mat.values = bytes + 64;
  return mat;
}

static double
mat_at (const Mat *mat, gsize i, gsize j)
{
  gsize at = i * mat->columns + j;
  switch (mat->type)
    {
    case 1:
      return ((const double *) (gconstpointer) mat->values)[at];
    case 2:
      return ((const float *) (gconstpointer) mat->values)[at];
    case 3:
      return ((const gint32 *) (gconstpointer) mat->values)[at];
    case 4:
      return (double) ((const gint64 *) (gconstpointer) mat->values)[at];
    default:
      return ((const guint8 *) mat->values)[at];
    }
}

/* Rows first … first + n - 1 of X as a table x0, x1, … and, if given, y as a number or category column. */
static PatronTable *
mat_table (Bench *bench, const char *x_name, const char *y_name, gboolean classes, gsize first, gsize n)
{
  Mat x = open_mat (bench, x_name);
  GPtrArray *columns = g_ptr_array_new ();
  for (gsize j = 0; j < x.columns; j++)
    {
      double *values = patron_try_alloc (n, sizeof *values, "x", NULL);
      for (gsize i = 0; i < n; i++)
        values[i] = mat_at (&x, first + i, j);
      g_autofree char *name = g_strdup_printf ("x%d", (int) j);
      g_ptr_array_add (columns, patron_column_new_take (name, PATRON_TYPE_NUMBER, n, values, NULL));
    }
  g_mapped_file_unref (x.file);
  if (y_name != NULL)
    {
      Mat y = open_mat (bench, y_name);
      PatronColumnBuilder *builder = patron_column_builder_new ("y", classes ? PATRON_TYPE_CATEGORY : PATRON_TYPE_NUMBER);
      for (gsize i = 0; i < n; i++)
        {
          char text[32];
          double value = mat_at (&y, first + i, 0);
          patron_double_format (value, text);
          if (classes)
            patron_column_builder_append_text (builder, text);
          else
            patron_column_builder_append_number (builder, value);
        }
      g_ptr_array_add (columns, patron_column_builder_finish (builder));
      g_mapped_file_unref (y.file);
    }
  return patron_table_new_take (x_name, columns);
}

/* ---- measuring ------------------------------------------------------------------------------------------------------------ */

static gsize
resident_bytes (void)
{
  gsize size = 0, resident = 0;
  FILE *file = fopen ("/proc/self/statm", "r");
  if (file == NULL || fscanf (file, "%zu %zu", &size, &resident) != 2)
    resident = 0;
  if (file != NULL)
    fclose (file);
  return resident * 4096;
}

/* Of all threads, user and system. */
static double
processor_seconds (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1e-6 * (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

void
bench_start (Bench *bench)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");      /* the high-water mark starts anew */
  if (file != NULL)
    {
      fputs ("5", file);
      fclose (file);
    }
  bench->resident = resident_bytes ();
  bench->processor = processor_seconds ();
  bench->start = g_get_monotonic_time ();
}

void
bench_finish (Bench *bench, const char *workload, const char *quality)
{
  double seconds = (g_get_monotonic_time () - bench->start) / 1e6;
  gsize peak = patron_memory_peak ();
  printf ("{\"workload\": \"%s\", \"peer\": \"patron\", \"seconds_median\": %.5f, \"seconds_cpu\": %.5f, \"memory_mb\": %.1f, \"quality\": {%s}}\n", workload, seconds, processor_seconds () - bench->processor,
          peak > bench->resident ? (peak - bench->resident) / 1048576.0 : 0, quality);
}

/* ---- workloads -------------------------------------------------------------------------------------------------------------- */

static void
bench_csv (Bench *bench)
{
  g_autofree char *path = g_build_filename (bench->folder, "mixed.csv", NULL);
  g_autoptr (GError) error = NULL;
  bench_start (bench);
  g_autoptr (PatronTable) table = patron_read_file (path, NULL, bench->run, NULL, &error);
  if (table == NULL)
    bench_give_up (path, error);
  g_autofree char *quality = g_strdup_printf ("\"rows\": %zu, \"cols\": %u", patron_table_n_rows (table), patron_table_n_columns (table));
  bench_finish (bench, "csv", quality);
}

typedef struct
{
  const PatronOp *op;
  gpointer        params, state;
  PatronDesign   *design;
  PatronMatrix   *x;
  double         *y;
} Fit;

static Fit
prepare_fit (Bench *bench, const char *op, PatronTable *table, gsize n_features)
{
  g_autoptr (GError) error = NULL;
  Fit fit = { .op = patron_ops_require (op, &error) };
  if (fit.op == NULL)
    bench_give_up (op, error);
  fit.params = patron_op_new_params (fit.op);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (gsize j = 0; j < n_features; j++)
    g_ptr_array_add (names, (gpointer) patron_column_get_name (patron_table_column (table, j)));
  g_ptr_array_add (names, NULL);
  const PatronDesignOptions options = { fit.op->model->missing, fit.op->model->encoding, fit.op->model->scale ? PATRON_SCALE_STANDARD : PATRON_SCALE_NONE };
  fit.design = patron_design_fit (table, (const char *const *) names->pdata, &options, NULL, 0, bench->run, &error);
  fit.x = fit.design != NULL ? patron_design_apply (fit.design, table, NULL, 0, NULL, bench->run, &error) : NULL;
  if (fit.x == NULL)
    bench_give_up (op, error);
  return fit;
}

static void
run_fit (Bench *bench, Fit *fit, PatronFitInput *input)
{
  g_autoptr (GError) error = NULL;
  input->design = fit->design;
  input->x = fit->x;
  bench_start (bench);
  fit->state = fit->op->model->fit (input, fit->params, bench->run, &error);
  if (fit->state == NULL)
    bench_give_up (fit->op->id, error);
}

static void
bench_linreg (Bench *bench)
{
  g_autoptr (PatronTable) table = mat_table (bench, "lin_X", "lin_y", FALSE, 0, 1000000);
  Fit fit = prepare_fit (bench, "linear-regression", table, 50);
  PatronFitInput input = { .task = PATRON_TASK_REGRESSION, .y = patron_column_doubles (patron_table_find (table, "y"), NULL) };
  run_fit (bench, &fit, &input);
  double seconds = (g_get_monotonic_time () - bench->start) / 1e6;
  /* Coefficients by prediction: at the origin and at the first unit vector. */
  PatronMatrix *points = patron_matrix_new (2, fit.x->p, NULL);
  memset (points->values, 0, 2 * fit.x->p * sizeof (double));
  points->values[1] = 1;
  double out[2] = { 0, 0 };
  fit.op->model->predict (fit.state, points, out, bench->run, NULL);
  g_autofree char *quality = g_strdup_printf ("\"intercept\": %.6f, \"coef1\": %.6f", out[0], out[1] - out[0]);
  bench->start = g_get_monotonic_time () - (gint64) (seconds * 1e6);
  bench_finish (bench, "linreg", quality);
}

/* Of the classes of a table's y: their names, most frequent first, and each row's index. */
static guint
read_classes (PatronTable *table, const char **names, double *y)
{
  PatronColumn *column = patron_table_find (table, "y");
  PatronDict *classes = patron_column_dict (column, NULL);
  guint k = patron_dict_size (classes);
  patron_column_read_doubles (column, 0, patron_table_n_rows (table), y, NULL);
  for (guint c = 0; c < k; c++)
    names[c] = patron_dict_get (classes, (gint32) c);
  return k;
}

static void
bench_logreg (Bench *bench)
{
  gsize n = 200000, n_test = 20000;
  g_autoptr (PatronTable) train = mat_table (bench, "log_X", "log_y", TRUE, 0, n);
  g_autoptr (PatronTable) test = mat_table (bench, "log_X", "log_y", TRUE, n, n_test);
  Fit fit = prepare_fit (bench, "logistic-regression", train, 50);
  g_autofree double *y = g_new (double, n);
  g_autofree double *out = g_new (double, n * 2);
  const char *names[64] = { NULL };
  PatronFitInput input = { .task = PATRON_TASK_CLASSIFICATION, .y = y, .n_classes = read_classes (train, names, y), .class_names = names };
  run_fit (bench, &fit, &input);
  double seconds = (g_get_monotonic_time () - bench->start) / 1e6, loss = 0;
  g_autoptr (GError) error = NULL;
  if (!fit.op->model->predict (fit.state, fit.x, out, bench->run, &error))
    bench_give_up ("logreg", error);
  for (gsize i = 0; i < n; i++)
    loss -= log (out[(gsize) y[i] * n + i]) / (double) n;
  PatronMatrix *x = patron_design_apply (fit.design, test, NULL, 0, NULL, bench->run, &error);
  if (x == NULL || !fit.op->model->predict (fit.state, x, out, bench->run, &error))
    bench_give_up ("logreg", error);
  gsize right = 0;
  for (gsize i = 0; i < n_test; i++)
    {
      g_autofree char *truth = patron_column_format (patron_table_find (test, "y"), i);
      right += strcmp (truth, names[out[n_test + i] > out[i]]) == 0;
    }
  g_autofree char *quality = g_strdup_printf ("\"test_acc\": %.5f, \"train_logloss\": %.5f", right / (double) n_test, loss);
  bench->start = g_get_monotonic_time () - (gint64) (seconds * 1e6);
  bench_finish (bench, "logreg", quality);
}

/* Fits a classifier on the first n rows of X and y and predicts the n_test after them. settings: "key=value" in lines, or NULL. */
static void
bench_classifier (Bench *bench, const char *workload, const char *op, const char *settings, const char *x_name, const char *y_name, gsize n, gsize n_test)
{
  g_autoptr (PatronTable) train = mat_table (bench, x_name, y_name, TRUE, 0, n);
  g_autoptr (PatronTable) test = mat_table (bench, x_name, y_name, TRUE, n, n_test);
  Fit fit = prepare_fit (bench, op, train, 30);
  g_auto (GStrv) lines = g_strsplit (settings, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (lines[i], "=", 2);
      g_autoptr (GError) error = NULL;
      if (parts[0] != NULL && !patron_param_parse (patron_params_find (fit.op->params, parts[0]), parts[1], fit.params, &error))
        bench_give_up (workload, error);
    }
  double *y = g_new (double, n), *truth = g_new (double, n_test);
  const char *names[64] = { NULL };
  guint k = read_classes (train, names, y);
  PatronFitInput input = { .task = PATRON_TASK_CLASSIFICATION, .y = y, .n_classes = k, .class_names = names };
  run_fit (bench, &fit, &input);
  double seconds = (g_get_monotonic_time () - bench->start) / 1e6;
  g_autoptr (GError) error = NULL;
  PatronMatrix *x = patron_design_apply (fit.design, test, NULL, 0, NULL, bench->run, &error);
  double *out = g_new (double, n_test * k);
  if (x == NULL || !fit.op->model->predict (fit.state, x, out, bench->run, &error))
    bench_give_up (workload, error);
  gsize right = 0;
  for (gsize i = 0; i < n_test; i++)
    {
      guint best = 0;
      for (guint c = 1; c < k; c++)
        if (out[c * n_test + i] > out[best * n_test + i])
          best = c;
      g_autofree char *name = patron_column_format (patron_table_find (test, "y"), i);
      right += strcmp (name, names[best]) == 0;
      truth[i] = k > 1 && strcmp (name, names[1]) == 0;
    }
  g_autoptr (PatronRanking) ranking = k == 2 ? patron_ranking_new (n_test, truth, 1, out + n_test, NULL) : NULL;
  g_autofree char *auc = ranking != NULL ? g_strdup_printf (", \"test_auc\": %.5f", patron_ranking_auc (ranking)) : g_strdup ("");
  g_autofree char *quality = g_strdup_printf ("\"test_acc\": %.5f%s", right / (double) n_test, auc);
  bench->start = g_get_monotonic_time () - (gint64) (seconds * 1e6);
  bench_finish (bench, workload, quality);
}

static void
bench_forest (Bench *bench)
{
  bench_classifier (bench, "forest", "random-forest", "", "cls_X", "cls_y", 100000, 20000);
}

static void
bench_gbm (Bench *bench)
{
  bench_classifier (bench, "gbm", "gradient-boosting", "n_estimators=200\nmax_leaf_nodes=31\nlearning_rate=0.1\nn_iter_no_change=0", "gbm_X", "gbm_y",
                    200000, 20000);
}

static void
bench_kmeans (Bench *bench, gsize k)
{
  g_autofree char *name = g_strdup_printf ("km_init%d", (int) k), *workload = g_strdup_printf ("kmeans%d", (int) k);
  Mat x = open_mat (bench, "km_X"), centres = open_mat (bench, name);
  double *values = g_new (double, x.rows * x.columns), *initial = g_new (double, k * x.columns);
  for (gsize i = 0; i < x.rows; i++)
    for (gsize j = 0; j < x.columns; j++)
      values[j * x.rows + i] = mat_at (&x, i, j);
  for (gsize c = 0; c < k; c++)
    for (gsize j = 0; j < x.columns; j++)
      initial[c * x.columns + j] = mat_at (&centres, c, j);
  g_mapped_file_unref (x.file);
  const double **at = g_new (const double *, x.columns);
  for (gsize j = 0; j < x.columns; j++)
    at[j] = values + j * x.rows;
  const PatronColumns columns = { .n = x.rows, .p = x.columns, .columns = at };
  g_autoptr (GError) error = NULL;
  PatronKMeansResult result;
  bench_start (bench);
  g_autoptr (PatronKMeans) kmeans = patron_kmeans_new (&columns, bench->run, &error);
  if (kmeans == NULL || !patron_kmeans_lloyd (kmeans, initial, k, 300, 1e-4, &result, bench->run, &error))
    bench_give_up (workload, error);
  g_autofree char *quality = g_strdup_printf ("\"inertia\": %.6g, \"n_iter\": %d", result.inertia, result.n_iter);
  bench_finish (bench, workload, quality);
}

/* Similarities, top 50 neighbours, ten offers for every customer. */
static void
bench_itemknn (Bench *bench)
{
  Mat users = open_mat (bench, "rat_u"), items = open_mat (bench, "rat_i"), ratings = open_mat (bench, "rat_r"), held = open_mat (bench, "rat_test");
  gsize n = users.rows;
  gint32 *u = g_new (gint32, n), *i = g_new (gint32, n);
  double *w = g_new (double, n);
  guint32 n_users = 0, n_items = 0;
  for (gsize at = 0; at < n; at++)
    {
      u[at] = (gint32) mat_at (&users, at, 0);
      i[at] = (gint32) mat_at (&items, at, 0);
      w[at] = mat_at (&ratings, at, 0);
      n_users = MAX (n_users, (guint32) u[at] + 1);
      n_items = MAX (n_items, (guint32) i[at] + 1);
    }
  const PatronLines lines = { .n = n, .customers = u, .items = i, .quantities = w, .n_customers = n_users, .n_items = n_items,
                              .weighting = PATRON_WEIGHT_QUANTITY, .min_customers = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronInteractions) interactions = patron_interactions_new (&lines, bench->run, &error);
  if (interactions == NULL)
    bench_give_up ("itemknn", error);
  gsize hits = 0;
  PatronOffer offers[10];
  PatronOfferSpace space;
  bench_start (bench);
  g_autoptr (PatronNeighbours) neighbours = patron_neighbours_new (interactions, 50, 0, bench->run, &error);
  if (neighbours == NULL || !patron_offer_space_init (&space, interactions->n_items, &error))
    bench_give_up ("itemknn", error);
  for (gsize t = 0; t < held.rows; t++)
    {
      guint found = patron_find_offers (interactions, neighbours, (guint32) mat_at (&held, t, 0), 10, TRUE, FALSE, &space, offers);
      for (guint o = 0; o < found; o++)
        hits += interactions->levels[offers[o].item] == (guint32) mat_at (&held, t, 1);
    }
  double sum = 0;
  for (gsize s = 0; s < neighbours->n; s++)
    sum += neighbours->similarities[s];
  g_autofree char *quality = g_strdup_printf ("\"hit10\": %.5f, \"sim_sum\": %.1f", hits / (double) held.rows, sum);
  bench_finish (bench, "itemknn", quality);
}

/* The whole profile of the mixed file, as the window shows it; correlation of its number columns. */
static void
bench_describe (Bench *bench)
{
  g_autofree char *path = g_build_filename (bench->folder, "mixed.csv", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = patron_read_file (path, NULL, bench->run, NULL, &error);
  g_autoptr (PatronRecipe) recipe = patron_recipe_new ();
  const PatronOp *op = patron_ops_require ("describe", &error);
  if (table == NULL || op == NULL)
    bench_give_up ("describe", error);
  recipe->table = g_strdup ("mixed");
  recipe->run = patron_step_new (op);
  bench_start (bench);
  g_autoptr (PatronOutcome) outcome = patron_engine_run (recipe, NULL, table, bench->run, &error);
  if (outcome == NULL)
    bench_give_up ("describe", error);
  g_autofree char *quality = g_strdup_printf ("\"cols\": %u", patron_table_n_columns (table));
  bench_finish (bench, "describe", quality);
}

/* Pearson's correlation of every pair of the mixed file's ten number columns, each over its own rows, with intervals and p values. */
static void
bench_correlation (Bench *bench)
{
  static const char *const names[] = { "age", "qty", "price", "discount", "amount", "score", "x1", "x2", "x3", "big" };
  g_autofree char *path = g_build_filename (bench->folder, "mixed.csv", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = patron_read_file (path, NULL, bench->run, NULL, &error);
  PatronColumn *columns[G_N_ELEMENTS (names)];
  PatronAssociateParams params = { .method = PATRON_ASSOCIATE_PEARSON };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (table == NULL || (columns[i] = patron_table_require (table, names[i], &error)) == NULL)
      bench_give_up ("corr", error);
  PatronAssociations all = { .params = &params, .table = table, .columns = columns, .n_numbers = G_N_ELEMENTS (names), .n_columns = G_N_ELEMENTS (names),
                             .n_rows = patron_table_n_rows (table) };
  bench_start (bench);
  if (!patron_associations_find (&all, bench->run, &error))
    bench_give_up ("corr", error);
  double sum = G_N_ELEMENTS (names);
  for (guint k = 0; k < all.n_pairs; k++)
    sum += 2 * fabs (all.pairs[k].value);
  g_free (all.pairs);
  g_autofree char *quality = g_strdup_printf ("\"check\": %.6f", sum);
  bench_finish (bench, "corr", quality);
}

int
main (int argc, char **argv)
{
  if (argc != 4 && argc != 5)
    {
      fprintf (stderr, "usage: bench csv|linreg|logreg|forest|gbm|kmeans8|kmeans50|itemknn|describe|corr|groupby|groupmany|sort|sorttext|join FOLDER THREADS [SEED]\n");
      return 2;
    }
  patron_init ();
  Bench bench = { .folder = argv[2], .run = patron_run_new (argc > 4 ? strtoull (argv[4], NULL, 10) : 42, atoi (argv[3])) };
  if (strcmp (argv[1], "csv") == 0)
    bench_csv (&bench);
  else if (strcmp (argv[1], "linreg") == 0)
    bench_linreg (&bench);
  else if (strcmp (argv[1], "logreg") == 0)
    bench_logreg (&bench);
  else if (strcmp (argv[1], "forest") == 0)
    bench_forest (&bench);
  else if (strcmp (argv[1], "gbm") == 0)
    bench_gbm (&bench);
  else if (strcmp (argv[1], "kmeans8") == 0)
    bench_kmeans (&bench, 8);
  else if (strcmp (argv[1], "kmeans50") == 0)
    bench_kmeans (&bench, 50);
  else if (strcmp (argv[1], "itemknn") == 0)
    bench_itemknn (&bench);
  else if (strcmp (argv[1], "describe") == 0)
    bench_describe (&bench);
  else if (strcmp (argv[1], "corr") == 0)
    bench_correlation (&bench);
  else if (strcmp (argv[1], "groupby") == 0)
    bench_groupby (&bench);
  else if (strcmp (argv[1], "groupmany") == 0)
    bench_group_many (&bench);
  else if (strcmp (argv[1], "sort") == 0)
    bench_sort (&bench);
  else if (strcmp (argv[1], "sorttext") == 0)
    bench_sort_text (&bench);
  else if (strcmp (argv[1], "join") == 0)
    bench_join (&bench);
  else
    bench_give_up (argv[1], NULL);
  return 0;
}
