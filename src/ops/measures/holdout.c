/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "base/op.h"
#include "ops/measures/folds.h"

extern const PatronOp patron_op_holdout;

typedef struct
{
  double test_share;
} Params;

static const PatronParam params[] = {
  PATRON_PARAM_DOUBLE (Params, test_share, .label = N_("Test share"),
                       .help = N_("Part of the rows that is set aside before training and only used to test. More gives a surer figure, "
                                  "less gives the model more to learn from."),
                       .def = 0.2, .min = 0.001, .max = 0.999, .low = 0.1, .high = 0.5, .step = 0.05),
  PATRON_PARAM_END
};

static guint
n_splits (gconstpointer values)
{
  return 1;
}

static gboolean
split (gconstpointer values, guint index, gsize n, const double *strata, const double *dates, guint64 seed, guint8 *test, GError **error)
{
  const Params *p = values;
  if (n < 2)
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                           _("One row cannot be both trained on and tested on; a hold-out test needs at least 2 rows."));
      return FALSE;
    }
  return patron_draw_share (n, strata, p->test_share, seed, test, error);
}

static const PatronMeasure measure = { .n_splits = n_splits, .split = split };

const PatronOp patron_op_holdout = {
  .id = "holdout",
  .kind = PATRON_OP_MEASURE,
  .title = N_("Hold-out test"),
  .question = N_("How good is the model on rows it has never seen?"),
  .summary = N_("Sets part of the rows aside at random, trains on the rest and tests on the part set aside."),
  .help = N_("The rows are divided at random into a training part and a test part. The model, and every preparation that learns, sees the "
             "training part only. For classes each class gives the same share of its rows.\n\n"
             "Quick, and enough for some thousands of rows. With fewer, cross-validation tests on every row and varies less with the seed."),
  .params = params,
  .params_size = sizeof (Params),
  .measure = &measure,
};
