/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include "base/random.h"
#include "ops/registry.h"
#include "table/design.h"

/* Customers who leave: short contracts (category), high price, short tenure; noise; some prices missing. */
#define N 600
static const char *const answers[] = { "No", "Yes", NULL };

typedef struct
{
  PatronTable   *table;
  PatronRoles   *roles;
  PatronDesign  *design;
  PatronMatrix  *x;
  double         churn[N], spend[N];
  guint32        rows[N];
  PatronFitInput fit;
  gpointer       params;
  const PatronOp *op;
} Fixture;

static inline PatronTable *
make_table (double *churn, double *spend)
{
  static const char *const contracts[] = { "month", "year", "two years" };
  PatronColumnBuilder *contract = patron_column_builder_new ("contract", PATRON_TYPE_CATEGORY);
  PatronColumnBuilder *price = patron_column_builder_new ("price", PATRON_TYPE_NUMBER);
  PatronColumnBuilder *tenure = patron_column_builder_new ("tenure", PATRON_TYPE_INTEGER);
  PatronColumnBuilder *noise = patron_column_builder_new ("noise", PATRON_TYPE_NUMBER);
  PatronRandom random;
  patron_random_init (&random, 5, 0);
  for (guint i = 0; i < N; i++)
    {
      gsize c = patron_random_below (&random, 3), months = patron_random_below (&random, 72);
      double p = 20 + 80 * patron_random_unit (&random), z = 2.0 - 1.6 * c + 0.03 * (p - 60) - 0.05 * months;
      churn[i] = patron_random_unit (&random) < 1 / (1 + exp (-z));
      spend[i] = p * (1 + 0.2 * c) + 3 * patron_random_normal (&random);
      patron_column_builder_append_text (contract, contracts[c]);
      if (i % 17 == 0)
        patron_column_builder_append_missing (price);
      else
        patron_column_builder_append_number (price, p);
      patron_column_builder_append_number (tenure, months);
      patron_column_builder_append_number (noise, patron_random_normal (&random));
    }
  g_autoptr (PatronColumn) a = patron_column_builder_finish (contract), b = patron_column_builder_finish (price);
  g_autoptr (PatronColumn) c = patron_column_builder_finish (tenure), d = patron_column_builder_finish (noise);
  PatronColumn *columns[] = { a, b, c, d };
  return patron_table_new ("customers", columns, 4, N);
}

static inline void
set_up (Fixture *f, const char *op, PatronTask task)
{
  static const char *const features[] = { "contract", "price", "tenure", "noise", NULL };
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  f->op = patron_ops_find (op);
  PatronDesignOptions options = { f->op->model->missing, f->op->model->encoding, PATRON_SCALE_NONE };
  PatronDesignNotes notes;
  f->table = make_table (f->churn, f->spend);
  f->roles = patron_roles_new ();
  patron_roles_add (f->roles, PATRON_ROLE_TARGET, "churn");
  f->design = patron_design_fit (f->table, features, &options, NULL, N, run, NULL);
  f->x = patron_design_apply (f->design, f->table, NULL, N, &notes, run, NULL);
  f->params = patron_op_new_params (f->op);
  for (guint i = 0; i < N; i++)
    f->rows[i] = i;
  gboolean classes = task == PATRON_TASK_CLASSIFICATION;
  f->fit = (PatronFitInput) { .task = task, .design = f->design, .x = f->x, .y = classes ? f->churn : f->spend,
                              .n_classes = classes ? 2 : 0, .class_names = classes ? answers : NULL };
}

static inline void
tear_down (Fixture *f)
{
  g_free (f->params);
  patron_matrix_free (f->x);
  patron_design_free (f->design);
  patron_roles_free (f->roles);
  patron_table_unref (f->table);
}

static inline void
set (Fixture *f, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;
  patron_param_parse (patron_params_find (f->op->params, name), value, f->params, &error);
  g_assert_no_error (error);
}

static inline gpointer
grow (Fixture *f, int threads, guint64 seed)
{
  g_autoptr (PatronRun) run = patron_run_new (seed, threads);
  g_autoptr (GError) error = NULL;
  gpointer model = f->op->model->fit (&f->fit, f->params, run, &error);
  g_assert_no_error (error);
  return model;
}

static inline void
destroy (Fixture *f, gpointer model)
{
  f->op->model->clear (model);
  g_free (model);
}

static inline double *
predict (Fixture *f, gconstpointer model, int threads)
{
  g_autoptr (PatronRun) run = patron_run_new (1, threads);
  double *out = g_new0 (double, 2 * N);
  g_assert_true (f->op->model->predict (model, f->x, out, run, NULL));
  return out;
}
