/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/op.h"
#include "base/order.h"

extern const PatronOp patron_op_time_split;

typedef struct
{
  double test_share;
} Params;

static const PatronParam params[] = {
  PATRON_PARAM_DOUBLE (Params, test_share, .label = N_("Test share"),
                       .help = N_("Part of the rows, the latest by date, that is only used to test. Rows of the same day stay together."),
                       .def = 0.2, .min = 0.001, .max = 0.999, .low = 0.1, .high = 0.5, .step = 0.05),
  PATRON_PARAM_END
};

static const PatronRoleSpec roles[] = {
  { .role = PATRON_ROLE_DATE, .accepts = PATRON_ACCEPT_DATE, .flags = PATRON_ROLE_REQUIRED,
    .help = N_("The date by which the later rows are told from the earlier ones.") },
  { .role = PATRON_N_ROLES }
};

static guint
n_splits (gconstpointer values)
{
  return 1;
}

/* The day from which rows are tested: the border between unequal days that leaves a share of the rows nearest to the one asked for. NaN
 * when all days are equal. sorted: n days, ascending. */
static double
border_day (const double *sorted, gsize n, double share)
{
  double wanted = n * (1 - share), best = INFINITY, day = NAN;
  for (gsize i = 1; i < n; i++)
    if (floor (sorted[i]) != floor (sorted[i - 1]) && fabs (i - wanted) < best)
      {
        best = fabs (i - wanted);
        day = floor (sorted[i]);
      }
  return day;
}

/* Rows without a date are neither before nor after: they stay in training. */
static gboolean
split (gconstpointer values, guint index, gsize n, const double *strata, const double *dates, guint64 seed, guint8 *test, GError **error)
{
  const Params *p = values;
  if (dates == NULL)
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                           _("A test on later rows needs a date column; name one with the role “date”, or choose another measure."));
      return FALSE;
    }
  double *sorted = patron_try_alloc (n, sizeof (double), _("the split into training and test rows"), error);
  if (sorted == NULL)
    return FALSE;
  gsize n_dated = 0;
  for (gsize i = 0; i < n; i++)
    if (!isnan (dates[i]))
      sorted[n_dated++] = dates[i];
  patron_sort_doubles (sorted, n_dated);
  double day = border_day (sorted, n_dated, p->test_share);
  patron_free (sorted);
  if (isnan (day))
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                           _("All rows have the same date, so no later rows can be set aside; a test on later rows needs at least 2 days."));
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    test[i] = dates[i] >= day;
  return TRUE;
}

static const PatronMeasure measure = { .n_splits = n_splits, .split = split };

const PatronOp patron_op_time_split = {
  .id = "time-split",
  .kind = PATRON_OP_MEASURE,
  .title = N_("Test on later rows"),
  .question = N_("Would the model have been right about what came later?"),
  .summary = N_("Trains on the earlier rows and tests on the latest ones, by the date column."),
  .help = N_("The honest test when the model is to be used on the future: it never sees anything later than the rows it is tested on. The test "
             "begins with a whole day, so the share may differ a little from the one asked for."),
  .params = params,
  .params_size = sizeof (Params),
  .roles = roles,
  .measure = &measure,
};
