/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/logistic.h"
#include "report/report.h"
#include "table/design.h"

G_BEGIN_DECLS

enum { PATRON_LOGISTIC_WEIGHT_NONE, PATRON_LOGISTIC_WEIGHT_BALANCED };

typedef struct
{
  double penalty;            /* NaN: automatic */
  int    class_weight;
  bool   robust;
  double confidence;
  char   reference[256];     /* name of a class, or empty */
  int    max_iterations;
  double tolerance;
} PatronLogisticParams;

typedef struct
{
  int     n_classes, reference;
  guint  *classes;           /* n_equations: the class of each */
  gsize   n_equations;
  double *coefficients;      /* n_equations × (p + 1) */
  gsize   n_coefficients;
  double  penalty;           /* in force */
  /* For explaining; not kept with a saved model. */
  PatronLogistic *fit;       /* the coefficients' */
  PatronLogistic *separated; /* the fit without penalty that found the classes separated, when another followed; else NULL */
} PatronLogisticModel;

void patron_logistic_model_clear (PatronLogisticModel *state);

/* The rows that count: those with a weight above 0, and their weights with those of the classes. */
typedef struct
{
  PatronColumns  x;
  const double  *y, *weights;   /* weights may be NULL: all one */
  const double **columns;
  double        *own;           /* what was copied, or NULL */
} PatronLogisticRows;

gboolean patron_logistic_rows_init  (PatronLogisticRows *rows, const PatronFitInput *input, const PatronLogisticParams *params, GError **error);
void     patron_logistic_rows_clear (PatronLogisticRows *rows);

/* A new state; the operation's fit(). */
PatronLogisticModel *patron_logistic_model_fit (const PatronFitInput *input, const PatronLogisticRows *rows, const PatronLogisticParams *params,
                                                PatronRun *run, GError **error);

/* One coefficient of a column in one equation. */
typedef struct
{
  guint  equation;
  gsize  column;             /* of the matrix; G_MAXSIZE: the intercept */
  double estimate, se, z, p, p_adjusted;
  double low, high;          /* of the odds ratio */
  double strength;           /* to order by: |z|, or without errors |log odds ratio| of one standard deviation */
  double effect;             /* on the probability of the equation's class, on average; two classes */
  double vif;
} PatronLogisticTerm;

/* A row that moves the estimates. */
typedef struct
{
  gsize  row;                        /* of the rows fitted */
  double probability, leverage, cook;
} PatronLogisticInfluence;

/* Everything the report says, computed before a word of it is written. */
typedef struct
{
  const PatronLogistic *fit;
  const PatronLogistic *separated;   /* the fit that found the classes separated, or NULL */
  gboolean  likelihood;              /* the likelihood is that of the rows: no penalty, no weights that make classes equal */
  gboolean  errors;                  /* there are standard errors */
  gboolean  robust;                  /* … robust ones */
  GArray   *terms;                   /* of PatronLogisticTerm: equation by equation, the intercept first; what is left out has none */
  double    deviance, null_deviance;
  double    lr, lr_p;
  gsize     df;                      /* coefficients beside the intercepts */
  double    mcfadden, nagelkerke, aic, bic;
  double    condition;
  GArray   *influential;             /* of PatronLogisticInfluence: the most influential rows, at most ten */
  GPtrArray *curves;                 /* of PatronLogisticCurve*: columns whose effect bends, the clearest first */
} PatronLogisticInference;

/* Score test of the square of a column: does log-odds go with it in a straight line? Two classes. */
typedef struct
{
  gsize  column;
  double statistic, p;               /* p adjusted over the columns tested */
} PatronLogisticCurve;

gboolean patron_logistic_inference_compute (PatronLogisticInference *inference, const PatronLogisticModel *state, const PatronLogisticRows *rows,
                                            const PatronLogisticParams *params, PatronRun *run, GError **error);
void     patron_logistic_inference_clear   (PatronLogisticInference *inference);

gboolean patron_logistic_explain (gconstpointer state, const PatronExplainInput *input, gconstpointer params, PatronRun *run, PatronReport *report,
                                  GError **error);

typedef struct
{
  const PatronLogisticInference *inference;
  const PatronLogisticParams    *params;
  const PatronDesign            *design;
  const char *const             *class_names;
  const char                    *target;
  PatronReport                  *report;
} PatronLogisticPage;

/* How many units one step of a column is, to compare inputs: 1 for a level of a category or a yes, of numbers the standard deviation. */
double patron_logistic_step (const PatronLogisticPage *page, gsize column);
/* Odds ratios of the first columns; order: terms by strength. */
void patron_logistic_odds_chart (const PatronLogisticPage *page, const GPtrArray *order);
/* Why coefficients may be missing or misleading, and what to do. */
void patron_logistic_notes      (const PatronLogisticPage *page);

G_END_DECLS
