/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/recipe.h"
#include "table/design.h"

G_BEGIN_DECLS

/* A fitted model with everything needed to score another table: the operation and its parameters, how columns become numbers, what the
 * outputs mean. */
typedef struct
{
  const PatronOp *op;
  gpointer        params;
  PatronTask      task;
  PatronDesign   *design;
  gpointer        state;          /* op->model->state_size bytes or what fit() returned */
  char           *target;         /* NULL for grouping and maps */
  char          **class_names;    /* NULL unless classification */
  char          **id_columns;     /* columns that name the rows: kept in score files; never NULL */
  GPtrArray      *steps;          /* of PatronStep*: prepare steps between the table as it was read and the design; NULL: none */
  char          **learnt;         /* a text for each step, "" for those that do not learn; NULL with steps */
  char          **source_columns; /* names of the columns before the steps; NULL in models of former versions */
} PatronModel;

void         patron_model_free (PatronModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronModel, patron_model_free)

guint        patron_model_n_outputs (const PatronModel *model);

GBytes      *patron_model_save (PatronModel *model, GError **error);
PatronModel *patron_model_load (GBytes *bytes, GError **error);   /* trusts nothing */

/* The columns that the outputs make for people: predicted class and a probability for each class, value, or group. out: n × outputs. rows: which
 * rows of the table they are, NULL for all. Appends to columns (of PatronColumn*). */
gboolean     patron_model_append_outputs (const PatronModel *model, const double *out, gsize n, GPtrArray *columns, GError **error);

G_END_DECLS
