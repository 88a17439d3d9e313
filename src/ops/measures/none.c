/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "base/op.h"

extern const PatronOp patron_op_none;

static guint
n_splits (gconstpointer values)
{
  return 0;
}

static gboolean
split (gconstpointer values, guint index, gsize n, const double *strata, const double *dates, guint64 seed, guint8 *test, GError **error)
{
  for (gsize i = 0; i < n; i++)
    test[i] = FALSE;
  return TRUE;
}

static const PatronMeasure measure = { .n_splits = n_splits, .split = split };

const PatronOp patron_op_none = {
  .id = "none",
  .kind = PATRON_OP_MEASURE,
  .title = N_("No test"),
  .question = N_("What does the model look like when it is trained on every row?"),
  .summary = N_("Trains on all rows and tests on none, so nothing is known about new rows."),
  .help = N_("Quickest. For a model whose quality was measured before, or whose coefficients are what matters. The result has no "
             "figures of quality, because figures from the training rows flatter every model."),
  .params_size = 0,
  .measure = &measure,
};
