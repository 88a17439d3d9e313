/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/gram.h"
#include "table/design.h"

G_BEGIN_DECLS

/* How methods that measure distances see a column: skewed amounts by their logarithm, then all numbers on one scale. Learnt on the training rows
 * and kept with the model. Yes-or-no columns stay 0 and 1. */
typedef struct
{
  gsize   p;
  gint32 *logs;       /* p: 1 where sign (x) · log (1 + |x|) is taken first */
  double *centres;    /* p */
  double *scales;     /* p */
} PatronTransform;

typedef enum { PATRON_LOG_AUTOMATIC, PATRON_LOG_NEVER, PATRON_LOG_ALWAYS } PatronLogChoice;

/* Automatic logarithms: a column with no negative value and skewness above 1 whose logarithm is less skewed, and only when a scale is chosen (none
 * means the numbers as they are). Always: every column of numbers with no negative value. */
gboolean patron_transform_learn (PatronTransform *transform, const PatronDesign *design, const PatronMatrix *x, PatronScale scale, PatronLogChoice logs,
                                 PatronRun *run, GError **error);
/* x: of the same columns. Returns n × p values, patron_free(). */
double  *patron_transform_apply (const PatronTransform *transform, const PatronMatrix *x, PatronRun *run, GError **error);
void     patron_transform_visit (PatronTransform *transform, PatronVisitor *visitor);
void     patron_transform_clear (PatronTransform *transform);

G_END_DECLS
