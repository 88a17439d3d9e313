/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-window.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <math.h>
#include <string.h>

/* The functions of groups. Missing values are passed over: the sum of a group is the sum of what is known, and missing when nothing is. */

typedef struct
{
  PatronNode         *node;
  PatronType          type;      /* of the value */
  gconstpointer       value;
  const PatronWindowRows *groups;
  PatronRun          *run;
} Work;

gboolean
patron_value_is_missing (PatronType type, gconstpointer values, gsize i)
{
  if (type == PATRON_TYPE_NUMBER)
    return isnan (((const double *) values)[i]);
  if (patron_type_is_integer (type))
    return ((const gint64 *) values)[i] == PATRON_INTEGER_MISSING;
  return type == PATRON_TYPE_BOOLEAN ? ((const guint8 *) values)[i] == PATRON_BOOLEAN_MISSING : ((const gint32 *) values)[i] == PATRON_CODE_MISSING;
}

void
patron_value_set_missing (PatronType type, gpointer values, gsize i)
{
  if (type == PATRON_TYPE_NUMBER)
    ((double *) values)[i] = NAN;
  else if (patron_type_is_integer (type))
    ((gint64 *) values)[i] = PATRON_INTEGER_MISSING;
  else if (type == PATRON_TYPE_BOOLEAN)
    ((guint8 *) values)[i] = PATRON_BOOLEAN_MISSING;
  else
    ((gint32 *) values)[i] = PATRON_CODE_MISSING;
}

static void
copy_value (PatronType type, gpointer to, gsize i, gconstpointer from, gsize j)
{
  gsize size = patron_node_value_size (type);
  memcpy ((char *) to + i * size, (const char *) from + j * size, size);
}

/* Numbers and whole numbers in order; the same types on both sides. */
static int
compare_values (PatronType type, gconstpointer values, gsize i, gsize j)
{
  if (type == PATRON_TYPE_NUMBER)
    {
      double x = ((const double *) values)[i], y = ((const double *) values)[j];
      return (x > y) - (x < y);
    }
  gint64 x = ((const gint64 *) values)[i], y = ((const gint64 *) values)[j];
  return (x > y) - (x < y);
}

/* ---- sums by group, in the order of the rows --------------------------------------------------------------------- */

/* A running sum and what its roundings lost (A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM
 * 54, 1974). */
typedef struct
{
  double  sum, lost, squares, mean;
  gint64  integer;
  gsize   n;
  gboolean overflow;
} Total;

static void
add_to (double *sum, double *lost, double x)
{
  double next = *sum + x;
  *lost += fabs (*sum) >= fabs (x) ? (*sum - next) + x : (x - next) + *sum;
  *sum = next;
}

static double
total_of (const Total *total)
{
  return isfinite (total->lost) ? total->sum + total->lost : total->sum;
}

static double
number_at (const Work *work, gsize i)
{
  return work->type == PATRON_TYPE_NUMBER ? ((const double *) work->value)[i] : (double) ((const gint64 *) work->value)[i];
}

static void
add_up (const Work *work, Total *totals)
{
  const PatronWindowRows *groups = work->groups;
  gboolean whole = work->type != PATRON_TYPE_NUMBER;
  for (gsize i = 0; i < groups->n; i++)
    {
      Total *total = totals + groups->group[i];
      if (patron_value_is_missing (work->type, work->value, i))
        continue;
      total->n++;
      add_to (&total->sum, &total->lost, number_at (work, i));
      if (whole && __builtin_add_overflow (total->integer, ((const gint64 *) work->value)[i], &total->integer))
        total->overflow = TRUE;
    }
}

/* Squares of the distances from the mean, in a second pass. */
static void
add_squares (const Work *work, Total *totals)
{
  const PatronWindowRows *groups = work->groups;
  for (gsize g = 0; g < groups->n_groups; g++)
    totals[g].mean = totals[g].n > 0 ? total_of (totals + g) / (double) totals[g].n : NAN;
  for (gsize i = 0; i < groups->n; i++)
    if (!patron_value_is_missing (work->type, work->value, i))
      {
        double distance = number_at (work, i) - totals[groups->group[i]].mean;
        totals[groups->group[i]].squares += distance * distance;
      }
}

static double
number_of_total (PatronWindow window, const Total *total, double x)
{
  double variance = total->n > 1 ? total->squares / ((double) total->n - 1) : NAN;
  switch (window)
    {
    case PATRON_WINDOW_SUM:
      return total->n > 0 ? total_of (total) : NAN;
    case PATRON_WINDOW_MEAN:
      return total->n > 0 ? total_of (total) / (double) total->n : NAN;
    case PATRON_WINDOW_VARIANCE:
      return variance;
    case PATRON_WINDOW_SD:
      return sqrt (variance);
    case PATRON_WINDOW_SHARE:
      return total_of (total) != 0 ? x / total_of (total) : NAN;
    default:
      return variance > 0 ? (x - total->mean) / sqrt (variance) : NAN;
    }
}

static gboolean
compute_totals (const Work *work, GError **error)
{
  PatronNode *node = work->node;
  const PatronWindowRows *groups = work->groups;
  Total *totals = patron_try_alloc0_values (groups->n_groups, sizeof *totals, "the groups", error);
  if (totals == NULL)
    return FALSE;
  add_up (work, totals);
  if (node->window == PATRON_WINDOW_SD || node->window == PATRON_WINDOW_VARIANCE || node->window == PATRON_WINDOW_Z_SCORE)
    add_squares (work, totals);
  for (gsize i = 0; i < groups->n; i++)
    {
      const Total *total = totals + groups->group[i];
      if (node->type == PATRON_TYPE_NUMBER)
        ((double *) node->values)[i] = number_of_total (node->window, total, number_at (work, i));
      else
        ((gint64 *) node->values)[i] = total->n > 0 && !total->overflow ? total->integer : PATRON_INTEGER_MISSING;
    }
  patron_free (totals);
  return TRUE;
}

static gboolean
compute_counts (const Work *work, GError **error)
{
  const PatronWindowRows *groups = work->groups;
  gint64 *values = work->node->values;
  gint64 *counts = patron_try_alloc0_values (groups->n_groups, sizeof *counts, "the groups", error);
  if (counts == NULL)
    return FALSE;
  for (gsize i = 0; i < groups->n; i++)
    counts[groups->group[i]] += work->value == NULL || !patron_value_is_missing (work->type, work->value, i);
  for (gsize i = 0; i < groups->n; i++)
    values[i] = counts[groups->group[i]];
  patron_free (counts);
  return TRUE;
}

/* min, max, any, all: the row that decides, of each group. */
static gboolean
compute_extremes (const Work *work, GError **error)
{
  const PatronWindowRows *groups = work->groups;
  PatronNode *node = work->node;
  gboolean lowest = node->window == PATRON_WINDOW_MIN || node->window == PATRON_WINDOW_ALL, boolean = work->type == PATRON_TYPE_BOOLEAN;
  gsize *best = patron_try_alloc_values (groups->n_groups, sizeof *best, "the groups", error);
  if (best == NULL)
    return FALSE;
  for (gsize g = 0; g < groups->n_groups; g++)
    best[g] = G_MAXSIZE;
  for (gsize i = 0; i < groups->n; i++)
    {
      gsize *at = best + groups->group[i];
      if (patron_value_is_missing (work->type, work->value, i))
        continue;
      if (*at == G_MAXSIZE)
        *at = i;
      else
        {
          int order =
              boolean ? ((const guint8 *) work->value)[i] - ((const guint8 *) work->value)[*at] : compare_values (work->type, work->value, i, *at);
          if (lowest ? order < 0 : order > 0)
            *at = i;
        }
    }
  for (gsize i = 0; i < groups->n; i++)
    if (best[groups->group[i]] == G_MAXSIZE)
      patron_value_set_missing (node->type, node->values, i);
    else
      copy_value (node->type, node->values, i, work->value, best[groups->group[i]]);
  patron_free (best);
  return TRUE;
}

/* ---- in order: each group by itself; rows[begin … end-1] are its rows ------------------------------------------------ */

typedef void (*GroupBody) (const Work *work, gsize begin, gsize end);

/* Whether the row at place i of the order equals the one before it there. */
static gboolean
is_tied (const Work *work, gsize i)
{
  const guint32 *rows = work->groups->rows;
  return work->groups->ties[rows[i]] == work->groups->ties[rows[i - 1]];
}

static gboolean
is_missing (const Work *work, gsize i)
{
  return patron_value_is_missing (work->type, work->value, i);
}

/* Where the missing values begin, which are last in the order of values. */
static gsize
end_of_known (const Work *work, gsize begin, gsize end)
{
  const guint32 *rows = work->groups->rows;
  if (work->value == NULL)
    return end;
  while (end > begin && is_missing (work, rows[end - 1]))
    end--;
  return end;
}

/* By linear interpolation between order statistics (R. Hyndman and Y. Fan, 1996, type 7). */
static void
group_quantile (const Work *work, gsize begin, gsize end)
{
  const guint32 *rows = work->groups->rows;
  double p = work->node->window == PATRON_WINDOW_MEDIAN ? 0.5 : work->node->literal.number, result = NAN;
  gsize n = end_of_known (work, begin, end) - begin;
  if (n > 0)
    {
      double place = p * ((double) n - 1);
      gsize low = MIN ((gsize) place, n - 1), high = MIN (low + 1, n - 1);
      double a = number_at (work, rows[begin + low]), b = number_at (work, rows[begin + high]), part = place - (double) low;
      result = part > 0 ? a + part * (b - a) : a;
    }
  for (gsize i = begin; i < end; i++)
    ((double *) work->node->values)[rows[i]] = result;
}

static void
group_distinct (const Work *work, gsize begin, gsize end)
{
  const guint32 *rows = work->groups->rows;
  gsize known = end_of_known (work, begin, end), n = 0;
  for (gsize i = begin; i < known; i++)
    n += i == begin || !is_tied (work, i);
  for (gsize i = begin; i < end; i++)
    ((gint64 *) work->node->values)[rows[i]] = (gint64) n;
}

static void
group_mode (const Work *work, gsize begin, gsize end)
{
  const guint32 *rows = work->groups->rows;
  gsize known = end_of_known (work, begin, end), best = 0, run = 0, at = G_MAXSIZE;
  for (gsize i = begin; i < known; i++)
    {
      run = i > begin && is_tied (work, i) ? run + 1 : 1;
      if (run > best)
        {
          best = run;
          at = rows[i];
        }
    }
  for (gsize i = begin; i < end; i++)
    if (at == G_MAXSIZE)
      patron_value_set_missing (work->node->type, work->node->values, rows[i]);
    else
      copy_value (work->node->type, work->node->values, rows[i], work->value, at);
}

static void
group_edge (const Work *work, gsize begin, gsize end)
{
  const guint32 *rows = work->groups->rows;
  gboolean first = work->node->window == PATRON_WINDOW_FIRST;
  gsize at = G_MAXSIZE;
  for (gsize k = begin; at == G_MAXSIZE && k < end; k++)
    {
      gsize row = rows[first ? k : end - 1 - (k - begin)];
      if (!is_missing (work, row))
        at = row;
    }
  for (gsize i = begin; i < end; i++)
    if (at == G_MAXSIZE)
      patron_value_set_missing (work->node->type, work->node->values, rows[i]);
    else
      copy_value (work->node->type, work->node->values, rows[i], work->value, at);
}

static void
group_row_number (const Work *work, gsize begin, gsize end)
{
  for (gsize i = begin; i < end; i++)
    ((gint64 *) work->node->values)[work->groups->rows[i]] = (gint64) (i - begin + 1);
}

/* rank, dense_rank, percent_rank, ntile. */
static void
group_rank (const Work *work, gsize begin, gsize end)
{
  const guint32 *rows = work->groups->rows;
  gsize known = end_of_known (work, begin, end), n = known - begin, rank = 1, dense = 1;
  gint64 *values = work->node->values;
  gsize parts = (gsize) work->node->from, large = n % parts, length = n / parts;
  for (gsize i = begin; i < end; i++)
    {
      gsize place = i - begin;
      if (i >= known)
        {
          patron_value_set_missing (work->node->type, values, rows[i]);
          continue;
        }
      if (i > begin && !is_tied (work, i))
        {
          rank = place + 1;
          dense++;
        }
      if (work->node->window == PATRON_WINDOW_PERCENT_RANK)
        ((double *) work->node->values)[rows[i]] = n > 1 ? (double) (rank - 1) / (double) (n - 1) : 0;
      else if (work->node->window == PATRON_WINDOW_NTILE)
        /* The first parts have one row more when they do not come out even. */
        values[rows[i]] = (gint64) (place < large * (length + 1) ? place / (length + 1) : large + (place - large * (length + 1)) / length) + 1;
      else
        values[rows[i]] = (gint64) (work->node->window == PATRON_WINDOW_RANK ? rank : dense);
    }
}

static void
group_lag (const Work *work, gsize begin, gsize end)
{
  const guint32 *rows = work->groups->rows;
  gsize distance = (gsize) work->node->from;
  gboolean lead = work->node->window == PATRON_WINDOW_LEAD;
  for (gsize i = begin; i < end; i++)
    if (lead ? i + distance < end : i >= begin + distance)
      copy_value (work->node->type, work->node->values, rows[i], work->value, rows[lead ? i + distance : i - distance]);
    else
      patron_value_set_missing (work->node->type, work->node->values, rows[i]);
}

static void
group_diff (const Work *work, gsize begin, gsize end)
{
  const guint32 *rows = work->groups->rows;
  gsize distance = (gsize) work->node->from;
  for (gsize i = begin; i < end; i++)
    {
      gsize row = rows[i];
      gboolean there = i >= begin + distance && !is_missing (work, row) && !is_missing (work, rows[i - distance]);
      if (!there)
        patron_value_set_missing (work->node->type, work->node->values, row);
      else if (work->type == PATRON_TYPE_NUMBER)
        ((double *) work->node->values)[row] = ((const double *) work->value)[row] - ((const double *) work->value)[rows[i - distance]];
      else if (__builtin_sub_overflow (((const gint64 *) work->value)[row], ((const gint64 *) work->value)[rows[i - distance]],
                                       (gint64 *) work->node->values + row))
        patron_value_set_missing (work->node->type, work->node->values, row);
    }
}

static void
group_cumsum (const Work *work, gsize begin, gsize end)
{
  Total total = { 0 };
  for (gsize i = begin; i < end; i++)
    {
      gsize row = work->groups->rows[i];
      if (is_missing (work, row))
        {
          patron_value_set_missing (work->node->type, work->node->values, row);
          continue;
        }
      if (work->type == PATRON_TYPE_NUMBER)
        {
          add_to (&total.sum, &total.lost, ((const double *) work->value)[row]);
          ((double *) work->node->values)[row] = total_of (&total);
          continue;
        }
      total.overflow |= __builtin_add_overflow (total.integer, ((const gint64 *) work->value)[row], &total.integer);
      ((gint64 *) work->node->values)[row] = total.overflow ? PATRON_INTEGER_MISSING : total.integer;
    }
}

static void
group_cumulative_extreme (const Work *work, gsize begin, gsize end)
{
  gsize best = G_MAXSIZE;
  for (gsize i = begin; i < end; i++)
    {
      gsize row = work->groups->rows[i];
      if (is_missing (work, row))
        {
          patron_value_set_missing (work->node->type, work->node->values, row);
          continue;
        }
      int order = best == G_MAXSIZE ? 0 : compare_values (work->type, work->value, row, best);
      if (best == G_MAXSIZE || (work->node->window == PATRON_WINDOW_CUMMIN ? order < 0 : order > 0))
        best = row;
      copy_value (work->node->type, work->node->values, row, work->value, best);
    }
}

/* The last so many rows anew for each row: no error can build up. */
static void
group_rolling (const Work *work, gsize begin, gsize end)
{
  const double *value = work->value;
  double *values = work->node->values;
  const guint32 *rows = work->groups->rows;
  PatronWindow window = work->node->window;
  for (gsize i = begin; i < end; i++)
    {
      gsize from = i - begin + 1 > (gsize) work->node->from ? i + 1 - (gsize) work->node->from : begin, n = 0;
      double sum = 0, lost = 0, extreme = NAN;
      if (i % 4096 == 0 && work->run != NULL && patron_run_cancelled (work->run))
        return;
      for (gsize k = from; k <= i; k++)
        {
          double x = value[rows[k]];
          if (isnan (x))
            continue;
          n++;
          add_to (&sum, &lost, x);
          if (isnan (extreme) || (window == PATRON_WINDOW_ROLLING_MIN ? x < extreme : x > extreme))
            extreme = x;
        }
      if (isfinite (lost))
        sum += lost;
      values[rows[i]] = n == 0 ? NAN : window == PATRON_WINDOW_ROLLING_SUM ? sum : window == PATRON_WINDOW_ROLLING_MEAN ? sum / (double) n : extreme;
    }
}

static void
group_fill (const Work *work, gsize begin, gsize end)
{
  const guint32 *rows = work->groups->rows;
  gboolean forward = work->node->window == PATRON_WINDOW_FILL_FORWARD;
  gsize known = G_MAXSIZE;
  for (gsize k = begin; k < end; k++)
    {
      gsize row = rows[forward ? k : end - 1 - (k - begin)];
      if (!is_missing (work, row))
        known = row;
      if (known == G_MAXSIZE)
        patron_value_set_missing (work->node->type, work->node->values, row);
      else
        copy_value (work->node->type, work->node->values, row, work->value, known);
    }
}

static GroupBody
body_of (PatronWindow window)
{
  switch (window)
    {
    case PATRON_WINDOW_MEDIAN:
    case PATRON_WINDOW_QUANTILE:
      return group_quantile;
    case PATRON_WINDOW_COUNT_DISTINCT:
      return group_distinct;
    case PATRON_WINDOW_MODE:
      return group_mode;
    case PATRON_WINDOW_FIRST:
    case PATRON_WINDOW_LAST:
      return group_edge;
    case PATRON_WINDOW_ROW_NUMBER:
      return group_row_number;
    case PATRON_WINDOW_LAG:
    case PATRON_WINDOW_LEAD:
      return group_lag;
    case PATRON_WINDOW_DIFF:
      return group_diff;
    case PATRON_WINDOW_CUMSUM:
      return group_cumsum;
    case PATRON_WINDOW_CUMMIN:
    case PATRON_WINDOW_CUMMAX:
      return group_cumulative_extreme;
    case PATRON_WINDOW_FILL_FORWARD:
    case PATRON_WINDOW_FILL_BACKWARD:
      return group_fill;
    case PATRON_WINDOW_RANK:
    case PATRON_WINDOW_DENSE_RANK:
    case PATRON_WINDOW_PERCENT_RANK:
    case PATRON_WINDOW_NTILE:
      return group_rank;
    default:
      return group_rolling;
    }
}

static void
groups_body (gsize begin, gsize end, int worker, gpointer data)
{
  const Work *work = data;
  GroupBody body = body_of (work->node->window);
  for (gsize g = begin; g < end; g++)
    body (work, work->groups->starts[g], work->groups->starts[g + 1]);
}

gboolean
patron_window_compute (PatronNode *node, gconstpointer value, const PatronWindowRows *groups, PatronRun *run, GError **error)
{
  Work work = { node, value != NULL ? patron_node_child (node, 0)->type : PATRON_TYPE_NUMBER, value, groups, run };
  node->values = patron_try_alloc_values (groups->n, patron_node_value_size (node->type), "the formula", error);
  if (node->values == NULL || groups->n == 0)
    return node->values != NULL;
  if (patron_window_needs_rows (node->window))
    {
      gboolean done = patron_parallel_for (run, groups->n_groups, 64, groups_body, &work);
      return (run == NULL || patron_run_check (run, error)) && done;
    }
  switch (node->window)
    {
    case PATRON_WINDOW_COUNT:
    case PATRON_WINDOW_COUNT_ROWS:
      return compute_counts (&work, error);
    case PATRON_WINDOW_MIN:
    case PATRON_WINDOW_MAX:
    case PATRON_WINDOW_ANY:
    case PATRON_WINDOW_ALL:
      return compute_extremes (&work, error);
    default:
      return compute_totals (&work, error);
    }
}
