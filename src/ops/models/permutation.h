/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/report.h"
#include "table/design.h"

G_BEGIN_DECLS

/* Permutation importance (Breiman, Machine Learning 45, 2001, section 10): what a model's score loses when the values of a column are shuffled among the
 * rows. For models on binned columns; all columns that come from one source of the design are shuffled together. */
#define PATRON_IMPORTANCE_REPEATS 5

typedef struct
{
  guint  source;
  double mean, sd;       /* of the loss, over the shuffles; 0 when it cannot be measured */
  double share;          /* of all that the columns gained while the model was fitted */
} PatronImportance;

/* Borrowed. */
typedef struct
{
  const PatronDesign *design;
  const double       *gains;         /* of the design's p columns, ≥ 0 */
  gsize               p;
  const guint8       *codes;         /* n_all rows of stride */
  gsize               n_all, stride;
  gsize               n;             /* rows that take part: patron_permutation_row() */
  guint64             seed;
  /* The score on n rows of codes, which differ from what the rows are in columns of the source alone. Called from several threads. */
  double            (*score) (gconstpointer data, const guint8 *codes, guint source, int worker);
  gconstpointer       data;
} PatronPermutation;

/* The rows that take part are evenly spread over all. */
static inline gsize
patron_permutation_row (const PatronPermutation *permutation, gsize r)
{
  return r * permutation->n_all / permutation->n;
}

/* importance: one for each source, written, most important first. whole: the score unshuffled. Bitwise the same at any number of threads. */
gboolean patron_permutation_measure (const PatronPermutation *permutation, double whole, PatronImportance *importance, PatronRun *run, GError **error);

/* The chart "importance" of the first columns. label: msgid of the score. */
void     patron_importance_add_chart (PatronReport *report, const PatronDesign *design, const PatronImportance *importance, guint n, const char *label,
                                      double whole);

G_END_DECLS
