/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/customer-history.h"

#include "base/memory.h"
#include "base/order.h"
#include "base/parallel.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum
{
  PERIOD = 30,            /* days of a step of the trend */
  MAX_PERIODS = 12,
};

/* The features that do not depend on the windows, in the order of the columns. */
typedef enum
{
  FIRST_DATE, LAST_DATE, RECENCY, TENURE, ORDERS, LINES, ACTIVE_DAYS, GAP_MEAN, GAP_MEDIAN, GAP_SD, RECENCY_GAP, WEEKEND_SHARE, WEEKDAY, MONTH, RETURN_SHARE,
  SPEND, MEAN_ORDER, MEDIAN_ORDER, MAX_ORDER, SPEND_SLOPE, DISCOUNT_SHARE, DISCOUNT_MEAN, N_FIXED,
} Fixed;

enum { NEEDS_NOTHING, NEEDS_AMOUNTS, NEEDS_DISCOUNTS };

static const struct { const char *name; const char *meaning; PatronType type; int needs; } fixed[N_FIXED] = {
  [FIRST_DATE] = { "first_date", N_("Day of the first purchase"), PATRON_TYPE_DATE, NEEDS_NOTHING },
  [LAST_DATE] = { "last_date", N_("Day of the last purchase"), PATRON_TYPE_DATE, NEEDS_NOTHING },
  [RECENCY] = { "recency_days", N_("Days since the last purchase"), PATRON_TYPE_INTEGER, NEEDS_NOTHING },
  [TENURE] = { "tenure_days", N_("Days since the first purchase"), PATRON_TYPE_INTEGER, NEEDS_NOTHING },
  [ORDERS] = { "orders", N_("Orders"), PATRON_TYPE_INTEGER, NEEDS_NOTHING },
  [LINES] = { "lines", N_("Order lines, returns included"), PATRON_TYPE_INTEGER, NEEDS_NOTHING },
  [ACTIVE_DAYS] = { "active_days", N_("Days with a purchase"), PATRON_TYPE_INTEGER, NEEDS_NOTHING },
  [GAP_MEAN] = { "gap_mean", N_("Mean days from one day with a purchase to the next"), PATRON_TYPE_NUMBER, NEEDS_NOTHING },
  [GAP_MEDIAN] = { "gap_median", N_("Median days from one day with a purchase to the next"), PATRON_TYPE_NUMBER, NEEDS_NOTHING },
  [GAP_SD] = { "gap_sd", N_("Standard deviation of the days from one day with a purchase to the next"), PATRON_TYPE_NUMBER, NEEDS_NOTHING },
  [RECENCY_GAP] = { "recency_to_gap", N_("Days since the last purchase as a multiple of the mean gap: above 1, a purchase is overdue"), PATRON_TYPE_NUMBER, NEEDS_NOTHING },
  [WEEKEND_SHARE] = { "weekend_share", N_("Share of days with a purchase that are Saturdays or Sundays"), PATRON_TYPE_NUMBER, NEEDS_NOTHING },
  [WEEKDAY] = { "weekday", N_("Most frequent weekday of purchases, 1 (Monday) to 7"), PATRON_TYPE_INTEGER, NEEDS_NOTHING },
  [MONTH] = { "month", N_("Most frequent month of purchases, 1 to 12"), PATRON_TYPE_INTEGER, NEEDS_NOTHING },
  [RETURN_SHARE] = { "return_share", N_("Share of order lines that are returns"), PATRON_TYPE_NUMBER, NEEDS_NOTHING },
  [SPEND] = { "spend", N_("Amount in all, less returns"), PATRON_TYPE_NUMBER, NEEDS_AMOUNTS },
  [MEAN_ORDER] = { "order_mean", N_("Mean amount of an order"), PATRON_TYPE_NUMBER, NEEDS_AMOUNTS },
  [MEDIAN_ORDER] = { "order_median", N_("Median amount of an order"), PATRON_TYPE_NUMBER, NEEDS_AMOUNTS },
  [MAX_ORDER] = { "order_max", N_("Largest amount of an order"), PATRON_TYPE_NUMBER, NEEDS_AMOUNTS },
  [SPEND_SLOPE] = { "spend_slope", N_("Change of the amount from one 30-day period to the next, as a line through the last twelve"), PATRON_TYPE_NUMBER, NEEDS_AMOUNTS },
  [DISCOUNT_SHARE] = { "discount_share", N_("Share of order lines with a discount"), PATRON_TYPE_NUMBER, NEEDS_DISCOUNTS },
  [DISCOUNT_MEAN] = { "discount_mean", N_("Mean discount of an order line"), PATRON_TYPE_NUMBER, NEEDS_DISCOUNTS },
};

/* Those of each window. */
typedef enum { WINDOW_ORDERS, WINDOW_SPEND, WINDOW_CHANGE, N_WINDOWED } Windowed;

static const struct { const char *name; const char *meaning; PatronType type; int needs; } windowed[N_WINDOWED] = {
  [WINDOW_ORDERS] = { "orders_%d", N_("Orders in the last {days} days"), PATRON_TYPE_INTEGER, NEEDS_NOTHING },
  [WINDOW_SPEND] = { "spend_%d", N_("Amount in the last {days} days"), PATRON_TYPE_NUMBER, NEEDS_AMOUNTS },
  [WINDOW_CHANGE] = { "spend_change_%d", N_("Amount in the last {days} days less that in the {days} days before"), PATRON_TYPE_NUMBER, NEEDS_AMOUNTS },
};

typedef struct
{
  const PatronHistory *history;
  double              *totals;                    /* amount of each order; NULL without amounts */
  double              *out[N_FIXED];              /* NULL: not wanted */
  double              *windows[PATRON_MAX_WINDOWS][N_WINDOWED];
  int                  out_of_memory;             /* atomic */
} Work;

/* ---- one customer --------------------------------------------------------------------------------------------------------- */

static void
put (Work *work, Fixed feature, guint32 customer, double value)
{
  if (work->out[feature] != NULL)
    work->out[feature][customer] = value;
}

/* 1 is Monday; day 0 was a Thursday. */
static int
weekday_of (gint32 day)
{
  return ((day + 3) % 7 + 7) % 7 + 1;
}

static int
largest_of (const guint *counts, int n)
{
  int best = 0;
  for (int i = 1; i < n; i++)
    if (counts[i] > counts[best])
      best = i;
  return best;
}

/* What days with a purchase say; days: n ≥ 1 different ones, ascending. gaps: room for n. */
static void
describe_days (Work *work, guint32 customer, const gint32 *days, gsize n, double *gaps)
{
  gint32 as_of = work->history->as_of;
  guint weekdays[7] = { 0 }, months[12] = { 0 }, weekend = 0;
  double mean = n > 1 ? (days[n - 1] - days[0]) / (double) (n - 1) : (double) NAN, squares = 0;
  for (gsize i = 0; i < n; i++)
    {
      int year, month, day, weekday = weekday_of (days[i]);
      patron_date_to_ymd (days[i], &year, &month, &day);
      weekdays[weekday - 1]++;
      months[month - 1]++;
      weekend += weekday >= 6;
      if (i == 0)
        continue;
      gaps[i - 1] = days[i] - days[i - 1];
      squares += (gaps[i - 1] - mean) * (gaps[i - 1] - mean);
    }
  double recency = as_of - days[n - 1];
  put (work, FIRST_DATE, customer, days[0]);
  put (work, LAST_DATE, customer, days[n - 1]);
  put (work, RECENCY, customer, recency);
  put (work, TENURE, customer, as_of - days[0]);
  put (work, ACTIVE_DAYS, customer, (double) n);
  put (work, GAP_MEAN, customer, mean);
  put (work, GAP_MEDIAN, customer, patron_quantile (gaps, n - 1, 0.5));
  put (work, GAP_SD, customer, n > 2 ? sqrt (squares / (double) (n - 2)) : (double) NAN);
  put (work, RECENCY_GAP, customer, recency / mean);
  put (work, WEEKEND_SHARE, customer, weekend / (double) n);
  put (work, WEEKDAY, customer, largest_of (weekdays, 7) + 1);
  put (work, MONTH, customer, largest_of (months, 12) + 1);
}

/* totals: n amounts, reordered. */
static void
describe_orders (Work *work, guint32 customer, double *totals, gsize n)
{
  double sum = 0, largest = -INFINITY;
  put (work, ORDERS, customer, (double) n);
  if (work->totals == NULL || n == 0)
    return;
  for (gsize i = 0; i < n; i++)
    {
      sum += totals[i];
      largest = MAX (largest, totals[i]);
    }
  put (work, MEAN_ORDER, customer, sum / (double) n);
  put (work, MAX_ORDER, customer, largest);
  put (work, MEDIAN_ORDER, customer, patron_quantile (totals, n, 0.5));
}

/* The slope of a least-squares line through what was spent in each period since the first line, at most the last MAX_PERIODS; missing for fewer than two. */
static double
slope_of (const double *periods, guint n)
{
  double mean = 0, middle = (n - 1) / 2.0, product = 0, square = 0;
  if (n < 2)
    return (double) NAN;
  for (guint k = 0; k < n; k++)
    mean += periods[k] / n;
  for (guint k = 0; k < n; k++)
    {
      double x = middle - k;         /* period 0 is the latest */
      product += x * (periods[k] - mean);
      square += x * x;
    }
  return product / square;
}

static void
describe_lines (Work *work, guint32 customer, const guint32 *rows, gsize n)
{
  const PatronHistory *history = work->history;
  double spend = 0, discounts = 0, periods[MAX_PERIODS] = { 0 };
  gsize returned = 0, discounted = 0, known = 0;
  for (gsize i = 0; i < n; i++)
    {
      guint32 row = rows[i];
      gint32 age = history->as_of - history->days[row];
      double amount = history->amounts != NULL && !isnan (history->amounts[row]) ? history->amounts[row] : 0;
      returned += history->returned[row];
      spend += amount;
      if (age / PERIOD < MAX_PERIODS)
        periods[age / PERIOD] += amount;
      if (history->discounts != NULL && !isnan (history->discounts[row]))
        {
          known++;
          discounted += history->discounts[row] > 0;
          discounts += history->discounts[row];
        }
    }
  guint n_periods = (guint) MIN ((history->as_of - history->days[rows[0]]) / PERIOD + 1, MAX_PERIODS);
  put (work, LINES, customer, (double) n);
  put (work, RETURN_SHARE, customer, returned / (double) n);
  put (work, SPEND, customer, spend);
  put (work, SPEND_SLOPE, customer, slope_of (periods, n_periods));
  put (work, DISCOUNT_SHARE, customer, known > 0 ? discounted / (double) known : (double) NAN);
  put (work, DISCOUNT_MEAN, customer, known > 0 ? discounts / (double) known : (double) NAN);
}

/* new_order: whether each line is the first of an order. */
static void
describe_windows (Work *work, guint32 customer, const guint32 *rows, const guint8 *new_order, gsize n)
{
  const PatronHistory *history = work->history;
  for (guint w = 0; w < history->n_windows; w++)
    {
      double orders = 0, spend = 0, before = 0;
      int days = history->windows[w];
      for (gsize i = 0; i < n; i++)
        {
          gint32 age = history->as_of - history->days[rows[i]];
          double amount = history->amounts != NULL && !isnan (history->amounts[rows[i]]) ? history->amounts[rows[i]] : 0;
          orders += age < days && new_order[i];
          spend += age < days ? amount : 0;
          before += age >= days && age < 2 * days ? amount : 0;
        }
      work->windows[w][WINDOW_ORDERS][customer] = orders;
      if (work->windows[w][WINDOW_SPEND] != NULL)
        {
          work->windows[w][WINDOW_SPEND][customer] = spend;
          work->windows[w][WINDOW_CHANGE][customer] = spend - before;
        }
    }
}

/* Room for a customer's days, gaps, orders and flags. */
typedef struct
{
  gint32 *days;
  double *numbers;
  guint8 *new_order;
} Room;

/* The first line of an order that is not a return stands for it. seen: by order; 0 at first. */
static void
describe_customer (Work *work, guint32 customer, Room *room, guint8 *seen)
{
  const PatronHistory *history = work->history;
  const guint32 *rows = history->rows + history->offsets[customer];
  gsize n = history->offsets[customer + 1] - history->offsets[customer], n_days = 0, n_orders = 0;
  for (gsize i = 0; i < n; i++)
    {
      guint32 row = rows[i], order = history->orders->ids[row];
      room->new_order[i] = !history->returned[row] && !seen[order];
      if (history->returned[row])
        continue;
      if (n_days == 0 || room->days[n_days - 1] != history->days[row])
        room->days[n_days++] = history->days[row];
      if (!seen[order])
        room->numbers[n_orders++] = work->totals != NULL ? work->totals[order] : 0;
      seen[order] = 1;
    }
  describe_orders (work, customer, room->numbers, n_orders);
  if (n_days > 0)
    describe_days (work, customer, room->days, n_days, room->numbers);
  describe_lines (work, customer, rows, n);
  describe_windows (work, customer, rows, room->new_order, n);
}

/* ---- all customers ---------------------------------------------------------------------------------------------------------- */

typedef struct
{
  Work   *work;
  guint8 *seen;     /* by order; an order is one customer's, so that workers do not meet */
} Describing;

static void
describe_customers (gsize begin, gsize end, int worker, gpointer data)
{
  Describing *describing = data;
  const PatronHistory *history = describing->work->history;
  gsize most = 1;
  for (gsize c = begin; c < end; c++)
    most = MAX (most, (gsize) (history->offsets[c + 1] - history->offsets[c]));
  Room room = { .days = patron_try_alloc (most, sizeof (gint32), "customers", NULL), .numbers = patron_try_alloc (most, sizeof (double), "customers", NULL),
                .new_order = patron_try_alloc (most, 1, "customers", NULL) };
  if (room.days == NULL || room.numbers == NULL || room.new_order == NULL)
    g_atomic_int_set (&describing->work->out_of_memory, 1);
  else
    for (gsize c = begin; c < end; c++)
      describe_customer (describing->work, (guint32) c, &room, describing->seen);
  patron_free (room.days);
  patron_free (room.numbers);
  patron_free (room.new_order);
}

void
patron_history_feature_free (PatronHistoryFeature *feature)
{
  g_free (feature->name);
  patron_text_free (feature->meaning);
  patron_free (feature->values);
  g_free (feature);
}

static gboolean
there_is (const PatronHistory *history, int needs)
{
  return needs == NEEDS_NOTHING || (needs == NEEDS_AMOUNTS ? history->amounts != NULL : history->discounts != NULL);
}

/* A new feature, all missing; its values, or NULL without memory. */
static double *
add_feature (GPtrArray *features, char *name, PatronText *meaning, PatronType type, gsize n, GError **error)
{
  PatronHistoryFeature *feature = g_new0 (PatronHistoryFeature, 1);
  feature->name = name;
  feature->meaning = meaning;
  feature->type = type;
  feature->values = patron_try_alloc (n, sizeof *feature->values, _("customer features"), error);
  g_ptr_array_add (features, feature);
  for (gsize c = 0; feature->values != NULL && c < n; c++)
    feature->values[c] = (double) NAN;
  return feature->values;
}

static gboolean
add_features (Work *work, GPtrArray *features, GError **error)
{
  const PatronHistory *history = work->history;
  gsize n = history->customers->n_groups;
  for (guint f = 0; f < N_FIXED; f++)
    if (there_is (history, fixed[f].needs)
        && (work->out[f] = add_feature (features, g_strdup (fixed[f].name), patron_text (fixed[f].meaning, NULL), fixed[f].type, n, error)) == NULL)
      return FALSE;
  for (guint w = 0; w < history->n_windows; w++)
    for (guint f = 0; f < N_WINDOWED; f++)
      {
        if (!there_is (history, windowed[f].needs))
          continue;
        g_autoptr (GString) name = g_string_new (windowed[f].name);
        g_autofree char *days = g_strdup_printf ("%d", history->windows[w]);
        g_string_replace (name, "%d", days, 0);
        work->windows[w][f] = add_feature (features, g_strdup (name->str), patron_text (windowed[f].meaning, "days", PATRON_COUNT (history->windows[w]), NULL),
                                           windowed[f].type, n, error);
        if (work->windows[w][f] == NULL)
          return FALSE;
      }
  return TRUE;
}

static gboolean
total_orders (Work *work, GError **error)
{
  const PatronHistory *history = work->history;
  if (history->amounts == NULL)
    return TRUE;
  work->totals = patron_try_alloc0 (history->orders->n_groups, sizeof *work->totals, _("customer features"), error);
  for (gsize i = 0; work->totals != NULL && i < history->n; i++)
    if (!isnan (history->amounts[i]))
      work->totals[history->orders->ids[i]] += history->amounts[i];
  return work->totals != NULL;
}

GPtrArray *
patron_history_features (const PatronHistory *history, PatronRun *run, GError **error)
{
  Work work = { .history = history };
  g_autoptr (GPtrArray) features = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_history_feature_free);
  guint8 *seen = patron_try_alloc0 (history->orders->n_groups, 1, _("customer features"), error);
  gboolean done = seen != NULL && total_orders (&work, error) && add_features (&work, features, error);
  if (done)
    {
      Describing describing = { &work, seen };
      patron_parallel_for (run, history->customers->n_groups, 256, describe_customers, &describing);
      done = patron_run_check (run, error);
    }
  if (done && work.out_of_memory)
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("Not enough memory for customer features."));
      done = FALSE;
    }
  patron_free (work.totals);
  patron_free (seen);
  return done ? g_steal_pointer (&features) : NULL;
}
