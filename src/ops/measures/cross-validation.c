/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "base/memory.h"
#include "base/op.h"
#include "ops/measures/folds.h"

extern const PatronOp patron_op_cross_validation;

typedef struct
{
  int folds;
} Params;

static const PatronParam params[] = {
  PATRON_PARAM_INT (Params, folds, .label = N_("Folds"),
                    .help = N_("Parts into which the rows are dealt. Each part is tested once by a model trained on all the others, so "
                               "more folds take longer."),
                    .def = 5, .min = 2, .max = 1000, .low = 3, .high = 10),
  PATRON_PARAM_END
};

static guint
n_splits (gconstpointer values)
{
  return ((const Params *) values)->folds;
}

static gboolean
split (gconstpointer values, guint index, gsize n, const double *strata, const double *dates, guint64 seed, guint8 *test, GError **error)
{
  const Params *p = values;
  if (n < (gsize) p->folds)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                   ngettext ("%d folds need at least as many rows, and there is %zu row; choose fewer folds.",
                             "%d folds need at least as many rows, and there are %zu rows; choose fewer folds.", n),
                   p->folds, n);
      return FALSE;
    }
  guint32 *fold = patron_try_alloc (n, sizeof (guint32), _("the split into training and test rows"), error);
  if (fold == NULL)
    return FALSE;
  gboolean dealt = patron_deal_folds (n, strata, p->folds, seed, fold, error);
  for (gsize i = 0; dealt && i < n; i++)
    test[i] = fold[i] == index;
  patron_free (fold);
  return dealt;
}

static const PatronMeasure measure = { .n_splits = n_splits, .split = split };

const PatronOp patron_op_cross_validation = {
  .id = "cross-validation",
  .kind = PATRON_OP_MEASURE,
  .title = N_("Cross-validation"),
  .question = N_("How good is the model on rows it has never seen, and how sure is that?"),
  .summary = N_("Deals the rows into folds; each fold is tested by a model that was trained on all the others."),
  .help = N_("Every row is tested exactly once, by a model that has not seen it. The figures are means over the folds; their standard deviation "
             "shows how much they depend on the rows at hand. For classes each fold holds the classes in the same proportion.\n\n"
             "The model in the result is then trained on all rows. Takes as many times longer as there are folds."),
  .reference = "Stone (1974), Cross-validatory choice and assessment of statistical predictions, J. Royal Stat. Soc. B 36.",
  .params = params,
  .params_size = sizeof (Params),
  .measure = &measure,
};
