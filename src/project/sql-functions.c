/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/sql-private.h"

#include "base/order.h"

#include <math.h>

/* Statistics that SQLite lacks: median, variance and stddev (of a sample, n - 1). Missing values do not count; of none the result is missing. */

typedef struct
{
  GArray *values;      /* of double, for the median */
  gsize   n;
  double  mean, squares;
} Sample;

static void
step (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  Sample *sample = sqlite3_aggregate_context (context, sizeof *sample);
  int kind = sqlite3_value_numeric_type (arguments[0]);
  if (sample == NULL || (kind != SQLITE_INTEGER && kind != SQLITE_FLOAT))
    return;
  double value = sqlite3_value_double (arguments[0]);
  if (sqlite3_user_data (context) == NULL)
    {
      /* Welford's recurrence. */
      double before = value - sample->mean;
      sample->mean += before / (double) ++sample->n;
      sample->squares += before * (value - sample->mean);
      return;
    }
  if (sample->values == NULL)
    sample->values = g_array_new (FALSE, FALSE, sizeof (double));
  if (sample->values->len < G_MAXINT32 / 16)
    g_array_append_val (sample->values, value);
  else
    sqlite3_result_error_nomem (context);
}

static void
finish_median (sqlite3_context *context)
{
  Sample *sample = sqlite3_aggregate_context (context, 0);
  if (sample == NULL || sample->values == NULL)
    return;
  sqlite3_result_double (context, patron_quantile ((double *) (gpointer) sample->values->data, sample->values->len, 0.5));
  g_clear_pointer (&sample->values, g_array_unref);
}

static void
finish_variance (sqlite3_context *context)
{
  Sample *sample = sqlite3_aggregate_context (context, 0);
  if (sample != NULL && sample->n > 1)
    sqlite3_result_double (context, sample->squares / (double) (sample->n - 1));
}

static void
finish_deviation (sqlite3_context *context)
{
  Sample *sample = sqlite3_aggregate_context (context, 0);
  if (sample != NULL && sample->n > 1)
    sqlite3_result_double (context, sqrt (sample->squares / (double) (sample->n - 1)));
}

void
patron_sql_add_functions (sqlite3 *db)
{
  static char keeps_values;
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  sqlite3_create_function (db, "median", 1, flags, &keeps_values, NULL, step, finish_median);
  sqlite3_create_function (db, "variance", 1, flags, NULL, NULL, step, finish_variance);
  sqlite3_create_function (db, "stddev", 1, flags, NULL, NULL, step, finish_deviation);
}
