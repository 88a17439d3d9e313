/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/prepare/columns.h"
#include "ops/prepare/learnt.h"

G_BEGIN_DECLS

/* Parts of the step that fills missing values: putting values in, and where they come from. Numbers stand for values of any type without a
 * dictionary, in the units of patron_column_read_doubles() (days, seconds); texts for those with one. */

/* A list of values to fill with. One of the arrays is set, by the type of the column. */
typedef struct
{
  gsize   n;
  double *numbers;     /* n, NaN: leave missing */
  char  **texts;       /* n, NULL: leave missing; NULL-terminated at n */
} PatronFills;

void patron_fills_clear (PatronFills *fills);

typedef struct
{
  gsize n_missing, n_filled;
} PatronFillCount;

/* The column with its missing values filled: row i by fill which[i] (-1: none), or by fill 0 when which is NULL. Whole types take rounded numbers. */
PatronColumn *patron_fill_from_list (PatronColumn *column, const gint32 *which, const PatronFills *fills, PatronFillCount *count, PatronRun *run,
                                     GError **error);
/* Missing values become the value of row source[i] (-1: none). */
PatronColumn *patron_fill_from_rows (PatronColumn *column, const gint32 *source, PatronFillCount *count, PatronRun *run, GError **error);
/* "… is missing": whether the value was missing. */
PatronColumn *patron_fill_indicator (PatronColumn *column, const char *name, PatronRun *run, GError **error);
/* One per row: 1 where the value is missing. */
guint8       *patron_fill_missing   (PatronColumn *column, gsize *n_missing, PatronRun *run, GError **error);

/* ---- a value of the column: fill-values.c ------------------------------------------------------------------------ */

typedef enum { PATRON_FILL_MEAN, PATRON_FILL_MEDIAN, PATRON_FILL_MODE } PatronFillStatistic;

/* text as a value of the column's type. */
gboolean patron_fill_constant (PatronColumn *column, const char *text, PatronFills *fills, GError **error);
/* What the column is filled with, overall and in each group (of the columns named in groups, may be empty), under the column's name. Columns with a
 * dictionary and booleans take the most frequent value whatever the statistic; ties go to the smallest. */
gboolean patron_fill_learn_values (PatronLearnt *learnt, const PatronPrepareInput *input, PatronColumn *column, char **groups,
                                   PatronFillStatistic statistic, PatronRun *run, GError **error);
/* Fills from what was learnt: the group's value, else the overall one. *n_groups: groups learnt. */
PatronColumn *patron_fill_apply_values (const PatronLearnt *learnt, PatronTable *table, PatronColumn *column, char **groups, PatronFillCount *count,
                                        gsize *n_groups, PatronRun *run, GError **error);

/* ---- neighbours in an order: fill-order.c ------------------------------------------------------------------------ */

typedef enum { PATRON_FILL_PREVIOUS, PATRON_FILL_NEXT, PATRON_FILL_LINE } PatronFillDirection;

/* Rows in order within their groups. */
typedef struct
{
  gsize    n;
  guint32 *rows;       /* n: by group, then by place, then as they are */
  guint32 *group;      /* n: of rows[k] */
  double  *place;      /* n: of rows[k]; NaN (last) where the order is missing */
} PatronFillOrder;

/* order: the column that orders, or NULL for the rows as they are. */
gboolean      patron_fill_order_init  (PatronFillOrder *self, PatronTable *table, PatronColumn *order, char **groups, PatronRun *run, GError **error);
void          patron_fill_order_clear (PatronFillOrder *self);
/* LINE: numbers on the straight line between the neighbours, by place; other types take the previous value. */
PatronColumn *patron_fill_by_order (const PatronFillOrder *self, PatronColumn *column, PatronFillDirection direction, PatronFillCount *count,
                                    PatronRun *run, GError **error);

/* ---- a model: fill-model.c --------------------------------------------------------------------------------------- */

/* A random forest that predicts the column from others, learnt from rows where it is known (at most 20,000 of them). */
gboolean patron_fill_learn_model (PatronLearnt *learnt, const PatronPrepareInput *input, PatronColumn *column, char **predictors, PatronRun *run,
                                  GError **error);
PatronColumn *patron_fill_apply_model (const PatronLearnt *learnt, PatronTable *table, PatronColumn *column, PatronFillCount *count, PatronRun *run,
                                       GError **error);

/* Every row's combination of values in the columns named, numbered from 0 without gaps; missing is a value. n values, *n_groups of them. */
guint32      *patron_fill_groups      (PatronTable *table, char **columns, guint *n_groups, PatronRun *run, GError **error);

G_END_DECLS
