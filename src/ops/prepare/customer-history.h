/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/text.h"
#include "table/group-keys.h"

G_BEGIN_DECLS

enum { PATRON_MAX_WINDOWS = 12 };

/* Order lines up to the day the features are made on, in the order of their days, and whose they are. Borrowed. */
typedef struct
{
  gsize               n;              /* lines */
  const gint32       *days;           /* ascending */
  const double       *amounts;        /* NULL: none; NaN counts as nothing */
  const guint8       *returned;       /* the line is a return */
  const double       *discounts;      /* NULL: none */
  const PatronGroups *customers;      /* of the lines */
  const PatronGroups *orders;         /* of the lines: customer and order; order numbers are one customer's */
  const guint32      *offsets;        /* lines of each customer: rows[offsets[c]] …, in the order of the days */
  const guint32      *rows;
  gint32              as_of;
  int                 windows[PATRON_MAX_WINDOWS];
  guint               n_windows;
} PatronHistory;

/* One number about each customer. */
typedef struct
{
  char       *name;       /* of the column */
  PatronText *meaning;
  PatronType  type;       /* NUMBER, INTEGER or DATE */
  double     *values;     /* by customer; patron_free() it */
} PatronHistoryFeature;

void patron_history_feature_free (PatronHistoryFeature *feature);

/* All of them, of PatronHistoryFeature*. What needs amounts or discounts is left out when they are NULL. A customer without a line that is not a return has
 * missing values where purchases are needed. */
GPtrArray *patron_history_features (const PatronHistory *history, PatronRun *run, GError **error);

G_END_DECLS
