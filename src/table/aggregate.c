/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/aggregate-private.h"

#include "base/memory.h"
#include "table/column-scan.h"
#include "table/key-values.h"
#include "table/take-rows.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { MAX_BLOCKS = 32 };

/* ---- what is shared ------------------------------------------------------------------------------------------------ */

static void
grouped_column_free (gpointer data)
{
  PatronGroupedColumn *grouped = data;
  patron_free (grouped->sums);
  patron_free (grouped->ns);
  patron_free (grouped->m2);
  patron_free (grouped->m3);
  patron_free (grouped->m4);
  patron_free (grouped->values);
  patron_free (grouped->starts);
  if (grouped->pairs != NULL)
    patron_groups_free (grouped->pairs);
  patron_column_unref (grouped->column);
  g_free (grouped);
}

PatronGroupedColumn *
patron_grouped_column (PatronAggregating *work, PatronColumn *column)
{
  for (guint i = 0; i < work->columns->len; i++)
    {
      PatronGroupedColumn *known = work->columns->pdata[i];
      if (known->column == column)
        return known;
    }
  PatronGroupedColumn *grouped = g_new0 (PatronGroupedColumn, 1);
  grouped->column = patron_column_ref (column);
  g_ptr_array_add (work->columns, grouped);
  return grouped;
}

/* As many blocks as keep putting them together cheaper than walking over the rows. */
static void
plan_blocks (PatronAggregating *work)
{
  gsize n = work->groups->n_rows, groups = MAX (work->groups->n_groups, 1);
  gsize wanted = CLAMP (n / (4 * groups), 1, MAX_BLOCKS);
  gsize rows = MAX ((n + wanted - 1) / wanted, 1);
  work->block = (rows + PATRON_CHUNK_ROWS - 1) / PATRON_CHUNK_ROWS * PATRON_CHUNK_ROWS;
  work->n_blocks = (guint) MAX ((n + work->block - 1) / work->block, 1);
}

/* ---- results ------------------------------------------------------------------------------------------------------- */

/* Takes values: doubles, as patron_column_read_doubles() gives those of type. */
static PatronColumn *
column_of_doubles (const char *name, PatronType type, double *values, gsize n, GError **error)
{
  if (values == NULL || type == PATRON_TYPE_NUMBER)
    return values != NULL ? patron_column_new_take (name, type, n, values, NULL) : NULL;
  gpointer out = patron_try_alloc_values (n, patron_type_size (type), name, error);
  gint64 *wide = out;
  gint32 *days = out;
  double unit = type == PATRON_TYPE_TIME || type == PATRON_TYPE_DURATION ? 1e6 : 1;
  for (gsize g = 0; out != NULL && g < n; g++)
    {
      gboolean missing = !(fabs (values[g] * unit) < (type == PATRON_TYPE_DATE ? 2147483647.0 : 9.2e18));
      if (type == PATRON_TYPE_DATE)
        days[g] = missing ? PATRON_DATE_MISSING : (gint32) floor (values[g] + 0.5);
      else
        wide[g] = missing ? PATRON_INTEGER_MISSING : (gint64) floor (values[g] * unit + 0.5);
    }
  patron_free (values);
  return out != NULL ? patron_column_new_take (name, type, n, out, NULL) : NULL;
}

static PatronColumn *
column_of_counts (const char *name, const guint32 *counts, gsize n, GError **error)
{
  gint64 *values = patron_try_alloc_values (n, sizeof *values, name, error);
  for (gsize g = 0; values != NULL && g < n; g++)
    values[g] = counts[g];
  return values != NULL ? patron_column_new_take (name, PATRON_TYPE_INTEGER, n, values, NULL) : NULL;
}

/* Takes rows. */
static PatronColumn *
column_of_rows (PatronAggregating *work, const char *name, PatronColumn *column, guint32 *rows, GError **error)
{
  PatronColumn *taken = rows != NULL ? patron_column_take_or_missing (column, name, rows, work->groups->n_groups, work->run, error) : NULL;
  patron_free (rows);
  return taken;
}

/* Means, medians and quantiles of dates are dates; whole numbers and true/false become numbers. */
static PatronType
type_of_middle (PatronColumn *column)
{
  PatronType type = patron_column_get_type (column);
  return type == PATRON_TYPE_DATE || type == PATRON_TYPE_TIME || type == PATRON_TYPE_DURATION ? type : PATRON_TYPE_NUMBER;
}

/* Distances between values: days of dates, durations of times. */
static PatronType
type_of_distance (PatronColumn *column)
{
  PatronType type = patron_column_get_type (column);
  return type == PATRON_TYPE_TIME || type == PATRON_TYPE_DURATION ? PATRON_TYPE_DURATION : PATRON_TYPE_NUMBER;
}

/* ---- counts, sums, means --------------------------------------------------------------------------------------------- */

static PatronColumn *
count_values (PatronAggregating *work, const PatronAggregate *aggregate, GError **error)
{
  const PatronGroups *groups = work->groups;
  if (aggregate->column == NULL)
    return column_of_counts (aggregate->name, groups->counts, groups->n_groups, error);
  PatronGroupedColumn *grouped = patron_grouped_column (work, aggregate->column);
  if (!patron_grouped_totals (work, grouped, error))
    return NULL;
  if (aggregate->kind == PATRON_AGGREGATE_COUNT)
    return column_of_counts (aggregate->name, grouped->ns, groups->n_groups, error);
  gboolean part = aggregate->kind == PATRON_AGGREGATE_DEFINED;
  double *values = patron_try_alloc_values (groups->n_groups, sizeof *values, aggregate->name, error);
  for (gsize g = 0; values != NULL && g < groups->n_groups; g++)
    values[g] = part ? grouped->ns[g] / (double) groups->counts[g] : groups->counts[g] - (double) grouped->ns[g];
  return column_of_doubles (aggregate->name, part ? PATRON_TYPE_NUMBER : PATRON_TYPE_INTEGER, values, groups->n_groups, error);
}

/* Whole numbers have whole sums as long as doubles hold them. */
static PatronType
type_of_sums (PatronColumn *column, const double *sums, gsize n)
{
  PatronType type = patron_column_get_type (column);
  if (type == PATRON_TYPE_DURATION)
    return type;
  if (type != PATRON_TYPE_INTEGER && type != PATRON_TYPE_BOOLEAN)
    return PATRON_TYPE_NUMBER;
  for (gsize g = 0; g < n; g++)
    if (fabs (sums[g]) > 9007199254740992.0)
      return PATRON_TYPE_NUMBER;
  return PATRON_TYPE_INTEGER;
}

static PatronColumn *
add_values (PatronAggregating *work, const PatronAggregate *aggregate, GError **error)
{
  gsize n = work->groups->n_groups;
  PatronGroupedColumn *grouped = patron_grouped_column (work, aggregate->column);
  double *values = patron_grouped_totals (work, grouped, error) ? patron_try_alloc_values (n, sizeof *values, aggregate->name, error) : NULL;
  double all = 0;
  for (gsize g = 0; g < n && values != NULL; g++)
    all += grouped->sums[g];
  PatronType type = PATRON_TYPE_NUMBER;
  for (gsize g = 0; g < n && values != NULL; g++)
    values[g] = aggregate->kind == PATRON_AGGREGATE_SUM ? grouped->sums[g]
                : aggregate->kind == PATRON_AGGREGATE_SHARE ? grouped->sums[g] / all : grouped->sums[g] / grouped->ns[g];
  if (values != NULL && aggregate->kind == PATRON_AGGREGATE_SUM)
    type = type_of_sums (aggregate->column, values, n);
  else if (aggregate->kind == PATRON_AGGREGATE_MEAN)
    type = type_of_middle (aggregate->column);
  return column_of_doubles (aggregate->name, type, values, n, error);
}

static PatronColumn *
multiply_values (PatronAggregating *work, const PatronAggregate *aggregate, GError **error)
{
  PatronGroupedColumn *grouped = patron_grouped_column (work, aggregate->column);
  double *values = patron_grouped_totals (work, grouped, error) ? patron_grouped_products (work, grouped, error) : NULL;
  return column_of_doubles (aggregate->name, PATRON_TYPE_NUMBER, values, work->groups->n_groups, error);
}

/* ---- means of other columns ------------------------------------------------------------------------------------------- */

typedef struct
{
  double *values, *weights;     /* n_rows */
} Weighing;

static void
copy_values (const double *values, gsize start, gsize n, int worker, gpointer data)
{
  const Weighing *weighing = data;
  memcpy (weighing->values + start, values, n * sizeof *values);
}

static void
weigh_values (const double *weights, gsize start, gsize n, int worker, gpointer data)
{
  const Weighing *weighing = data;
  for (gsize i = start; i < start + n; i++)
    {
      double weight = weights[i - start];
      weighing->weights[i] = isnan (weighing->values[i]) ? (double) NAN : weight;
      weighing->values[i] *= weight;
    }
}

/* log of each value; a negative one spoils its group by +∞, which no logarithm of a number is. */
static void
take_logarithms (const double *values, gsize start, gsize n, int worker, gpointer data)
{
  const Weighing *weighing = data;
  for (gsize i = 0; i < n; i++)
    weighing->values[start + i] = values[i] < 0 ? (double) INFINITY : log (values[i]);
}

static PatronGroupedColumn *
grouped_of_doubles (PatronAggregating *work, double *values, GError **error)
{
  PatronColumn *column = patron_column_new_take ("", PATRON_TYPE_NUMBER, work->groups->n_rows, values, NULL);
  PatronGroupedColumn *grouped = patron_grouped_column (work, column);
  patron_column_unref (column);
  return patron_grouped_totals (work, grouped, error) ? grouped : NULL;
}

static PatronColumn *
weighted_mean (PatronAggregating *work, const PatronAggregate *aggregate, GError **error)
{
  gsize n_rows = work->groups->n_rows, n = work->groups->n_groups;
  Weighing weighing = { .values = patron_try_alloc_values (n_rows, sizeof (double), aggregate->name, error) };
  weighing.weights = weighing.values != NULL ? patron_try_alloc_values (n_rows, sizeof (double), aggregate->name, error) : NULL;
  if (weighing.weights == NULL
      || !patron_column_scan_doubles (aggregate->column, PATRON_CHUNK_ROWS, copy_values, &weighing, work->run, error)
      || !patron_column_scan_doubles (aggregate->by, PATRON_CHUNK_ROWS, weigh_values, &weighing, work->run, error))
    {
      patron_free (weighing.values);
      patron_free (weighing.weights);
      return NULL;
    }
  PatronGroupedColumn *products = grouped_of_doubles (work, weighing.values, error), *weights = grouped_of_doubles (work, weighing.weights, error);
  double *values = products != NULL && weights != NULL ? patron_try_alloc_values (n, sizeof *values, aggregate->name, error) : NULL;
  for (gsize g = 0; values != NULL && g < n; g++)
    values[g] = weights->sums[g] > 0 || weights->sums[g] < 0 ? products->sums[g] / weights->sums[g] : (double) NAN;
  return column_of_doubles (aggregate->name, PATRON_TYPE_NUMBER, values, n, error);
}

static PatronColumn *
geometric_mean (PatronAggregating *work, const PatronAggregate *aggregate, GError **error)
{
  gsize n = work->groups->n_groups;
  Weighing weighing = { .values = patron_try_alloc_values (work->groups->n_rows, sizeof (double), aggregate->name, error) };
  if (weighing.values == NULL || !patron_column_scan_doubles (aggregate->column, PATRON_CHUNK_ROWS, take_logarithms, &weighing, work->run, error))
    {
      patron_free (weighing.values);
      return NULL;
    }
  PatronGroupedColumn *logs = grouped_of_doubles (work, weighing.values, error);
  double *values = logs != NULL ? patron_try_alloc_values (n, sizeof *values, aggregate->name, error) : NULL;
  for (gsize g = 0; values != NULL && g < n; g++)
    values[g] = logs->sums[g] < INFINITY ? exp (logs->sums[g] / logs->ns[g]) : (double) NAN;
  return column_of_doubles (aggregate->name, PATRON_TYPE_NUMBER, values, n, error);
}

/* ---- spread and shape --------------------------------------------------------------------------------------------------- */

static double
moment_value (const PatronGroupedColumn *grouped, gsize g, PatronAggregateKind kind)
{
  double n = grouped->ns[g], m2 = grouped->m2[g], variance = n > 1 ? m2 / (n - 1) : (double) NAN;
  switch (kind)
    {
    case PATRON_AGGREGATE_VARIANCE:
      return variance;
    case PATRON_AGGREGATE_SD:
      return sqrt (variance);
    case PATRON_AGGREGATE_SE:
      return sqrt (variance / n);
    case PATRON_AGGREGATE_SKEWNESS:
      return m2 > 0 ? sqrt (n) * grouped->m3[g] / pow (m2, 1.5) : (double) NAN;
    default:
      return m2 > 0 ? n * grouped->m4[g] / (m2 * m2) - 3 : (double) NAN;
    }
}

static PatronColumn *
moments (PatronAggregating *work, const PatronAggregate *aggregate, GError **error)
{
  gsize n = work->groups->n_groups;
  gboolean all = aggregate->kind == PATRON_AGGREGATE_SKEWNESS || aggregate->kind == PATRON_AGGREGATE_KURTOSIS;
  PatronGroupedColumn *grouped = patron_grouped_column (work, aggregate->column);
  double *values = patron_grouped_moments (work, grouped, all, error) ? patron_try_alloc_values (n, sizeof *values, aggregate->name, error) : NULL;
  for (gsize g = 0; values != NULL && g < n; g++)
    values[g] = moment_value (grouped, g, aggregate->kind);
  return column_of_doubles (aggregate->name, PATRON_TYPE_NUMBER, values, n, error);
}

static PatronColumn *
quantiles (PatronAggregating *work, const PatronAggregate *aggregate, GError **error)
{
  gboolean middle = aggregate->kind == PATRON_AGGREGATE_MEDIAN || aggregate->kind == PATRON_AGGREGATE_QUANTILE;
  PatronSpread spread = middle ? PATRON_SPREAD_QUANTILE : aggregate->kind == PATRON_AGGREGATE_IQR ? PATRON_SPREAD_IQR : PATRON_SPREAD_MAD;
  double *values = patron_grouped_spread (work, patron_grouped_column (work, aggregate->column), spread,
                                          aggregate->kind == PATRON_AGGREGATE_QUANTILE ? aggregate->argument : 0.5, error);
  PatronType type = middle ? type_of_middle (aggregate->column) : type_of_distance (aggregate->column);
  return column_of_doubles (aggregate->name, type, values, work->groups->n_groups, error);
}

/* ---- values that are in a row --------------------------------------------------------------------------------------------- */

static PatronColumn *
extreme (PatronAggregating *work, const PatronAggregate *aggregate, gboolean largest, GError **error)
{
  guint32 *rows = patron_grouped_extreme_rows (work, aggregate->column, NULL, largest, FALSE, error);
  return column_of_rows (work, aggregate->name, aggregate->column, rows, error);
}

static PatronColumn *
range (PatronAggregating *work, const PatronAggregate *aggregate, GError **error)
{
  gsize n = work->groups->n_groups;
  g_autoptr (PatronColumn) high = extreme (work, aggregate, TRUE, error), low = high != NULL ? extreme (work, aggregate, FALSE, error) : NULL;
  double *values = low != NULL ? patron_try_alloc_values (n, sizeof *values, aggregate->name, error) : NULL;
  double *lows = values != NULL ? patron_try_alloc_values (n, sizeof *lows, aggregate->name, error) : NULL;
  gboolean done = lows != NULL && patron_column_read_doubles (high, 0, n, values, error) && patron_column_read_doubles (low, 0, n, lows, error);
  for (gsize g = 0; done && g < n; g++)
    values[g] -= lows[g];
  patron_free (lows);
  if (!done)
    g_clear_pointer (&values, patron_free);
  return column_of_doubles (aggregate->name, type_of_distance (aggregate->column), values, n, error);
}

static PatronColumn *
end_value (PatronAggregating *work, const PatronAggregate *aggregate, GError **error)
{
  gboolean last = aggregate->kind == PATRON_AGGREGATE_LAST;
  guint32 *rows = aggregate->by != NULL ? patron_grouped_extreme_rows (work, aggregate->column, aggregate->by, last, last, error)
                                        : patron_grouped_end_rows (work, aggregate->column, last, error);
  return column_of_rows (work, aggregate->name, aggregate->column, rows, error);
}

static double
latest_day (PatronColumn *column, PatronRun *run, GError **error)
{
  PatronKeyRange found;
  if (!patron_column_key_range (column, &found, run, error) || found.low > found.high)
    return (double) NAN;
  if (patron_column_get_type (column) == PATRON_TYPE_DATE)
    return (double) (gint64) found.high - 2147483648.0;
  return floor ((double) (gint64) ((found.high + 1) ^ (G_GUINT64_CONSTANT (1) << 63)) / 86400e6);
}

static PatronColumn *
days_since (PatronAggregating *work, const PatronAggregate *aggregate, GError **error)
{
  gsize n = work->groups->n_groups;
  g_autoptr (PatronColumn) last = extreme (work, aggregate, TRUE, error);
  double *values = last != NULL ? patron_try_alloc_values (n, sizeof *values, aggregate->name, error) : NULL;
  if (values == NULL || !patron_column_read_doubles (last, 0, n, values, error))
    {
      patron_free (values);
      return NULL;
    }
  double unit = patron_column_get_type (last) == PATRON_TYPE_TIME ? 86400 : 1;
  double as_of = isnan (aggregate->argument) ? latest_day (aggregate->column, work->run, error) : aggregate->argument;
  for (gsize g = 0; g < n; g++)
    values[g] = as_of - floor (values[g] / unit);
  return column_of_doubles (aggregate->name, PATRON_TYPE_INTEGER, values, n, error);
}

static PatronColumn *
distinct (PatronAggregating *work, const PatronAggregate *aggregate, GError **error)
{
  guint32 *counts = patron_grouped_distinct (work, patron_grouped_column (work, aggregate->column), error);
  PatronColumn *column = counts != NULL ? column_of_counts (aggregate->name, counts, work->groups->n_groups, error) : NULL;
  patron_free (counts);
  return column;
}

static PatronColumn *
compute (PatronAggregating *work, const PatronAggregate *aggregate, GError **error)
{
  switch (aggregate->kind)
    {
    case PATRON_AGGREGATE_COUNT:
    case PATRON_AGGREGATE_MISSING:
    case PATRON_AGGREGATE_DEFINED:
      return count_values (work, aggregate, error);
    case PATRON_AGGREGATE_DISTINCT:
      return distinct (work, aggregate, error);
    case PATRON_AGGREGATE_SUM:
    case PATRON_AGGREGATE_SHARE:
    case PATRON_AGGREGATE_MEAN:
      return add_values (work, aggregate, error);
    case PATRON_AGGREGATE_WEIGHTED_MEAN:
      return weighted_mean (work, aggregate, error);
    case PATRON_AGGREGATE_GEOMETRIC_MEAN:
      return geometric_mean (work, aggregate, error);
    case PATRON_AGGREGATE_PRODUCT:
      return multiply_values (work, aggregate, error);
    case PATRON_AGGREGATE_MEDIAN:
    case PATRON_AGGREGATE_QUANTILE:
    case PATRON_AGGREGATE_IQR:
    case PATRON_AGGREGATE_MAD:
      return quantiles (work, aggregate, error);
    case PATRON_AGGREGATE_MIN:
    case PATRON_AGGREGATE_ALL:
      return extreme (work, aggregate, FALSE, error);
    case PATRON_AGGREGATE_MAX:
    case PATRON_AGGREGATE_ANY:
      return extreme (work, aggregate, TRUE, error);
    case PATRON_AGGREGATE_RANGE:
      return range (work, aggregate, error);
    case PATRON_AGGREGATE_VARIANCE:
    case PATRON_AGGREGATE_SD:
    case PATRON_AGGREGATE_SE:
    case PATRON_AGGREGATE_SKEWNESS:
    case PATRON_AGGREGATE_KURTOSIS:
      return moments (work, aggregate, error);
    case PATRON_AGGREGATE_FIRST:
    case PATRON_AGGREGATE_LAST:
      return end_value (work, aggregate, error);
    case PATRON_AGGREGATE_MODE:
      return column_of_rows (work, aggregate->name, aggregate->column,
                             patron_grouped_mode_rows (work, patron_grouped_column (work, aggregate->column), error), error);
    case PATRON_AGGREGATE_LIST:
      return patron_grouped_list (work, patron_grouped_column (work, aggregate->column), aggregate->name, error);
    case PATRON_AGGREGATE_DAYS_SINCE:
      return days_since (work, aggregate, error);
    case PATRON_N_AGGREGATES:
      break;
    }
  g_return_val_if_reached (NULL);
}

GPtrArray *
patron_aggregate_groups (const PatronGroups *groups, const PatronAggregate *const *aggregates, guint n, PatronRun *run, GError **error)
{
  PatronAggregating work = { .groups = groups, .run = run };
  plan_blocks (&work);
  work.columns = g_ptr_array_new_with_free_func (grouped_column_free);
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint i = 0; i < n && columns != NULL; i++)
    {
      PatronColumn *column = compute (&work, aggregates[i], error);
      patron_run_progress (run, (i + 1.0) / n);
      if (column != NULL)
        g_ptr_array_add (columns, column);
      else
        g_clear_pointer (&columns, g_ptr_array_unref);
    }
  g_ptr_array_unref (work.columns);
  return columns;
}
