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
  gint32 *logs;       /* p: whether a logarithm is taken first: */
  double *floors;     /* p: of max (x, floor) where this is above 0; where it is 0, of 1 + x, and of -(1 - x) below 0 */
  double *centres;    /* p */
  double *scales;     /* p */
} PatronTransform;

typedef enum { PATRON_LOG_AUTOMATIC, PATRON_LOG_NEVER, PATRON_LOG_ALWAYS } PatronLogChoice;

/* A column of positive values is seen by its plain logarithm, so that the unit (cents or euros) does not matter; one with zeros by log (1 + x).
 * Automatic logarithms: a column with no negative value and skewness above 1 whose logarithm is less skewed, and only when a scale is chosen (none
 * means the numbers as they are). Always: every column of numbers with no negative value. */
gboolean patron_transform_learn (PatronTransform *transform, const PatronDesign *design, const PatronMatrix *x, PatronScale scale, PatronLogChoice logs,
                                 PatronRun *run, GError **error);
/* x: of the same columns. Returns n × p values, patron_free(). */
double  *patron_transform_apply (const PatronTransform *transform, const PatronMatrix *x, PatronRun *run, GError **error);
void     patron_transform_visit (PatronTransform *transform, PatronVisitor *visitor);
void     patron_transform_clear (PatronTransform *transform);

G_END_DECLS
