/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/least-squares.h"
#include "report/report.h"
#include "table/design.h"

G_BEGIN_DECLS

typedef struct
{
  bool   intercept;
  bool   robust;
  double confidence;
} PatronLinearParams;

typedef struct
{
  double *coefficients;      /* p + 1, the intercept first */
  gsize   n_coefficients;
  double  sigma;             /* residual standard error */
  /* What inference needs beside the rows; not kept with a saved model. */
  PatronLeastSquares *fit;
} PatronLinearModel;

/* Everything the report says, computed before a word of it is written. Arrays of n rows with patron_free(). */
typedef struct
{
  const PatronLeastSquares *fit;
  gsize   df;                       /* residual degrees of freedom */
  double  sigma2;
  double *covariance;               /* (p + 1)², by the parameters classical or HC3 */
  double *fitted, *residuals, *leverage;
  double  r2, adjusted_r2, f, f_p, aic, bic, durbin_watson;
  double  breusch_pagan, breusch_pagan_p;   /* NaN without intercept */
  double  reset, reset_p;                   /* likewise */
} PatronLinearInference;

gboolean patron_linear_inference_compute (PatronLinearInference *inference, const PatronLeastSquares *fit, const PatronColumns *x, const double *y,
                                          gboolean robust, PatronRun *run, GError **error);
void     patron_linear_inference_clear   (PatronLinearInference *inference);

/* Pointers to the columns of a matrix; g_free. */
const double **patron_matrix_pointers (const PatronMatrix *x);

gboolean patron_linear_explain (gconstpointer state, const PatronExplainInput *input, gconstpointer params, PatronRun *run, PatronReport *report,
                                GError **error);
/* Residual, Q–Q and leverage charts. */
void     patron_linear_charts  (const PatronLinearInference *inference, guint64 seed, const char *target, PatronReport *report);

G_END_DECLS
