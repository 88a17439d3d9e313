/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/analyses/correlation.h"
#include "report/report.h"

G_BEGIN_DECLS

typedef enum { PATRON_ASSOCIATE_PEARSON, PATRON_ASSOCIATE_SPEARMAN, PATRON_ASSOCIATE_KENDALL, PATRON_ASSOCIATE_INFORMATION } PatronAssociateMethod;
typedef enum { PATRON_ASSOCIATE_BH, PATRON_ASSOCIATE_HOLM, PATRON_ASSOCIATE_UNCORRECTED } PatronAssociateCorrection;

typedef struct
{
  int  method;
  bool categories, partial;
  int  correction, pairs, charts;
} PatronAssociateParams;

typedef enum { PATRON_MEASURE_PEARSON, PATRON_MEASURE_SPEARMAN, PATRON_MEASURE_KENDALL, PATRON_MEASURE_PARTIAL, PATRON_MEASURE_RATIO,
               PATRON_MEASURE_CRAMER, PATRON_MEASURE_INFORMATION,
               PATRON_N_ASSOCIATIONS } PatronAssociation;

typedef struct
{
  guint  a, b;              /* columns, a < b */
  PatronAssociation measure;
  double value;             /* -1 … 1 between numbers, else 0 … 1; NaN: a column does not vary, or there are too few rows */
  double low, high;         /* 95 % interval; NaN without */
  double n, p, adjusted;    /* p NaN: no test */
} PatronAssociated;

typedef struct
{
  const PatronAssociateParams *params;
  PatronTable       *table;         /* borrowed, as the columns are */
  PatronColumn     **columns;       /* n_columns: numbers first, then categories */
  guint              n_numbers, n_columns, n_left_out;
  gsize              n_rows, n_sampled;   /* n_sampled: rows that information is estimated from, 0 when not */
  PatronAssociated  *pairs;         /* n_pairs, by column */
  guint              n_pairs;
} PatronAssociations;

/* All pairs. FALSE with error. */
gboolean patron_associations_find   (PatronAssociations *self, PatronRun *run, GError **error);
gboolean patron_associations_report (const PatronAssociations *self, PatronRun *run, PatronReport *report, GError **error);
/* Correlation of two numbers when all the other numbers are held equal, over the rows where all of them are there. r: p × p, written; *n: those rows.
   */
gboolean patron_correlation_partial (PatronColumn *const *columns, guint p, double *r, gsize *n, PatronRun *run, GError **error);

G_END_DECLS
