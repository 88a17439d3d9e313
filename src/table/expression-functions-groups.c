/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-functions.h"

#include <glib/gi18n-lib.h>

/* Functions of the rows of a group: sum (amount) over (customer). What follows “over” is attached by the parser. Without it all rows are one
 * group. */

enum { MAX_ROWS = 100000, MAX_ROLLING = 10000, MAX_TILES = 1000 };

/* What a function takes and makes of it. */
typedef enum { MAKES_SAME, MAKES_SUM, MAKES_NUMBER, MAKES_INTEGER, MAKES_BOOLEAN } Makes;
typedef enum { TAKES_ANY, TAKES_NUMBER, TAKES_ORDERED, TAKES_BOOLEAN } Takes;

static const struct { Takes takes; Makes makes; } kinds[] = {
  [PATRON_WINDOW_COUNT] = { TAKES_ANY, MAKES_INTEGER }, [PATRON_WINDOW_COUNT_ROWS] = { TAKES_ANY, MAKES_INTEGER },
  [PATRON_WINDOW_COUNT_DISTINCT] = { TAKES_ANY, MAKES_INTEGER }, [PATRON_WINDOW_SUM] = { TAKES_NUMBER, MAKES_SUM },
  [PATRON_WINDOW_MEAN] = { TAKES_NUMBER, MAKES_NUMBER }, [PATRON_WINDOW_SD] = { TAKES_NUMBER, MAKES_NUMBER },
  [PATRON_WINDOW_VARIANCE] = { TAKES_NUMBER, MAKES_NUMBER }, [PATRON_WINDOW_MIN] = { TAKES_ORDERED, MAKES_SAME },
  [PATRON_WINDOW_MAX] = { TAKES_ORDERED, MAKES_SAME }, [PATRON_WINDOW_MEDIAN] = { TAKES_NUMBER, MAKES_NUMBER },
  [PATRON_WINDOW_QUANTILE] = { TAKES_NUMBER, MAKES_NUMBER }, [PATRON_WINDOW_MODE] = { TAKES_ANY, MAKES_SAME },
  [PATRON_WINDOW_FIRST] = { TAKES_ANY, MAKES_SAME }, [PATRON_WINDOW_LAST] = { TAKES_ANY, MAKES_SAME },
  [PATRON_WINDOW_ANY] = { TAKES_BOOLEAN, MAKES_BOOLEAN }, [PATRON_WINDOW_ALL] = { TAKES_BOOLEAN, MAKES_BOOLEAN },
  [PATRON_WINDOW_SHARE] = { TAKES_NUMBER, MAKES_NUMBER }, [PATRON_WINDOW_Z_SCORE] = { TAKES_NUMBER, MAKES_NUMBER },
  [PATRON_WINDOW_ROW_NUMBER] = { TAKES_ANY, MAKES_INTEGER }, [PATRON_WINDOW_RANK] = { TAKES_ANY, MAKES_INTEGER },
  [PATRON_WINDOW_DENSE_RANK] = { TAKES_ANY, MAKES_INTEGER }, [PATRON_WINDOW_PERCENT_RANK] = { TAKES_ANY, MAKES_NUMBER },
  [PATRON_WINDOW_NTILE] = { TAKES_ANY, MAKES_INTEGER }, [PATRON_WINDOW_LAG] = { TAKES_ANY, MAKES_SAME },
  [PATRON_WINDOW_LEAD] = { TAKES_ANY, MAKES_SAME }, [PATRON_WINDOW_DIFF] = { TAKES_NUMBER, MAKES_SUM },
  [PATRON_WINDOW_CUMSUM] = { TAKES_NUMBER, MAKES_SUM }, [PATRON_WINDOW_CUMMIN] = { TAKES_ORDERED, MAKES_SAME },
  [PATRON_WINDOW_CUMMAX] = { TAKES_ORDERED, MAKES_SAME }, [PATRON_WINDOW_ROLLING_SUM] = { TAKES_NUMBER, MAKES_NUMBER },
  [PATRON_WINDOW_ROLLING_MEAN] = { TAKES_NUMBER, MAKES_NUMBER }, [PATRON_WINDOW_ROLLING_MIN] = { TAKES_NUMBER, MAKES_NUMBER },
  [PATRON_WINDOW_ROLLING_MAX] = { TAKES_NUMBER, MAKES_NUMBER }, [PATRON_WINDOW_FILL_FORWARD] = { TAKES_ANY, MAKES_SAME },
  [PATRON_WINDOW_FILL_BACKWARD] = { TAKES_ANY, MAKES_SAME },
};

/* The value that the function is of, brought to the type it is computed in; NULL with fault. */
static PatronNode *
take_value (GPtrArray *arguments, PatronWindow window, PatronFault *fault)
{
  PatronNode *value = patron_argument (arguments, 0);
  if (value->any_type)
    {
      patron_fault_set (fault, value->position, _("The value at position %u is always missing."), value->position);
      return NULL;
    }
  Takes takes = kinds[window].takes;
  if (takes == TAKES_BOOLEAN && !patron_node_expect_boolean (value, fault))
    return NULL;
  if (takes == TAKES_ORDERED && !patron_type_is_integer (value->type) && !patron_node_expect_number (value, fault))
    return NULL;
  if (takes == TAKES_NUMBER)
    {
      /* A share of yes: the mean of true (1) and false (0). */
      if (value->type == PATRON_TYPE_BOOLEAN)
        value = g_ptr_array_index (arguments, 0)
          = patron_node_new_unary (PATRON_NODE_BOOLEAN_TO_INTEGER, PATRON_TYPE_INTEGER, value->position, patron_argument_take (arguments, 0));
      if (!(value->type == PATRON_TYPE_DURATION && kinds[window].makes == MAKES_SUM) && !patron_node_expect_number (value, fault))
        return NULL;
    }
  value = patron_argument_take (arguments, 0);
  return takes == TAKES_NUMBER && kinds[window].makes == MAKES_NUMBER ? patron_node_to_number (value) : value;
}

static PatronType
type_of (PatronWindow window, const PatronNode *value)
{
  switch (kinds[window].makes)
    {
    case MAKES_NUMBER:
      return PATRON_TYPE_NUMBER;
    case MAKES_INTEGER:
      return PATRON_TYPE_INTEGER;
    case MAKES_BOOLEAN:
      return PATRON_TYPE_BOOLEAN;
    default:
      return value->type;
    }
}

PatronNode *
patron_make_window (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  PatronNode *value = NULL;
  if (variant == PATRON_WINDOW_COUNT && arguments->len == 0)
    variant = PATRON_WINDOW_COUNT_ROWS;
  if (arguments->len > 0 && (value = take_value (arguments, variant, fault)) == NULL)
    return NULL;
  PatronNode *node = patron_node_new (PATRON_NODE_WINDOW, type_of (variant, value), position);
  node->window = variant;
  node->from = 1;
  if (value != NULL)
    {
      patron_node_add (node, value);
      node->n_arguments = 1;
    }
  return node;
}

/* With a number of rows, or of parts, written out as the second argument. */
static PatronNode *
make_counted (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  gint64 most = variant == PATRON_WINDOW_NTILE ? MAX_TILES : variant >= PATRON_WINDOW_ROLLING_SUM ? MAX_ROLLING : MAX_ROWS;
  gint64 count = 1;
  if (arguments->len > 1)
    {
      if (!patron_expect_literal_integer (patron_argument (arguments, 1), 1, most, fault))
        return NULL;
      count = patron_argument (arguments, 1)->literal.integer;
      g_ptr_array_set_size (arguments, 1);
    }
  PatronNode *node = patron_make_window (position, arguments, variant, fault);
  if (node != NULL)
    node->from = count;
  return node;
}

/* quantile (x, 0.9) */
static PatronNode *
make_quantile (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  const PatronNode *share = patron_argument (arguments, 1);
  double p = share->kind != PATRON_NODE_LITERAL ? -1 : share->type == PATRON_TYPE_NUMBER ? share->literal.number
             : share->type == PATRON_TYPE_INTEGER ? (double) share->literal.integer : -1;
  if (!(p >= 0 && p <= 1))
    {
      patron_fault_set (fault, share->position, _("Expected a share from 0 to 1 written out at position %u."), share->position);
      return NULL;
    }
  g_ptr_array_set_size (arguments, 1);
  PatronNode *node = patron_make_window (position, arguments, variant, fault);
  if (node != NULL)
    node->literal.number = p;
  return node;
}

const PatronFunctionEntry patron_functions_groups[] = {
  { "count", 0, 1, patron_make_window, PATRON_WINDOW_COUNT, PATRON_FUNCTIONS_GROUPS, "count () over (customer)",
    N_("How many rows the group has; count (x) counts those where x is not missing.") },
  { "count_distinct", 1, 1, patron_make_window, PATRON_WINDOW_COUNT_DISTINCT, PATRON_FUNCTIONS_GROUPS, "count_distinct (product) over (customer)",
    N_("How many different values the group has.") },
  { "sum", 1, 1, patron_make_window, PATRON_WINDOW_SUM, PATRON_FUNCTIONS_GROUPS, "sum (amount) over (customer)",
    N_("The sum in the group, on each of its rows.") },
  { "mean", 1, 1, patron_make_window, PATRON_WINDOW_MEAN, PATRON_FUNCTIONS_GROUPS, "mean (amount) over (customer)",
    N_("The mean in the group; of true and false, the share of true.") },
  { "avg", 1, 1, patron_make_window, PATRON_WINDOW_MEAN, PATRON_FUNCTIONS_GROUPS, NULL, NULL },
  { "median", 1, 1, patron_make_window, PATRON_WINDOW_MEDIAN, PATRON_FUNCTIONS_GROUPS, "median (amount) over (customer)",
    N_("The median in the group.") },
  { "quantile", 2, 2, make_quantile, PATRON_WINDOW_QUANTILE, PATRON_FUNCTIONS_GROUPS, "quantile (amount, 0.9) over (segment)",
    N_("The value that this share of the group is at or below.") },
  { "sd", 1, 1, patron_make_window, PATRON_WINDOW_SD, PATRON_FUNCTIONS_GROUPS, "sd (amount) over (segment)",
    N_("The standard deviation in the group (of a sample: by n - 1).") },
  { "stdev", 1, 1, patron_make_window, PATRON_WINDOW_SD, PATRON_FUNCTIONS_GROUPS, NULL, NULL },
  { "variance", 1, 1, patron_make_window, PATRON_WINDOW_VARIANCE, PATRON_FUNCTIONS_GROUPS, "variance (amount) over (segment)",
    N_("The variance in the group (by n - 1).") },
  { "mode", 1, 1, patron_make_window, PATRON_WINDOW_MODE, PATRON_FUNCTIONS_GROUPS, "mode (channel) over (customer)",
    N_("The most frequent value; of equally frequent ones, the smallest.") },
  { "first", 1, 1, patron_make_window, PATRON_WINDOW_FIRST, PATRON_FUNCTIONS_GROUPS, "first (channel) over (customer order by date)",
    N_("The first value that is not missing, in the order given.") },
  { "last", 1, 1, patron_make_window, PATRON_WINDOW_LAST, PATRON_FUNCTIONS_GROUPS, "last (channel) over (customer order by date)",
    N_("The last value that is not missing, in the order given.") },
  { "any", 1, 1, patron_make_window, PATRON_WINDOW_ANY, PATRON_FUNCTIONS_GROUPS, "any (returned) over (customer)",
    N_("Whether it is true on any row of the group.") },
  { "all", 1, 1, patron_make_window, PATRON_WINDOW_ALL, PATRON_FUNCTIONS_GROUPS, "all (paid) over (customer)",
    N_("Whether it is true on every row of the group where it is known.") },
  { "share", 1, 1, patron_make_window, PATRON_WINDOW_SHARE, PATRON_FUNCTIONS_GROUPS, "share (amount) over (customer)",
    N_("The row's part of the group's sum, from 0 to 1.") },
  { "z_score", 1, 1, patron_make_window, PATRON_WINDOW_Z_SCORE, PATRON_FUNCTIONS_GROUPS, "z_score (amount) over (segment)",
    N_("How many standard deviations the value is above the group's mean.") },
  { "row_number", 0, 0, patron_make_window, PATRON_WINDOW_ROW_NUMBER, PATRON_FUNCTIONS_ORDER, "row_number () over (customer order by date)",
    N_("1, 2, 3 … in the order given; in the order of the table when none is.") },
  { "rank", 0, 1, patron_make_window, PATRON_WINDOW_RANK, PATRON_FUNCTIONS_ORDER, "rank () over (segment order by amount desc)",
    N_("The place in the order; equal values share the better place. rank (amount) ranks from the smallest.") },
  { "dense_rank", 0, 1, patron_make_window, PATRON_WINDOW_DENSE_RANK, PATRON_FUNCTIONS_ORDER, "dense_rank () over (segment order by amount desc)",
    N_("As rank, but without gaps after equal values.") },
  { "percent_rank", 0, 1, patron_make_window, PATRON_WINDOW_PERCENT_RANK, PATRON_FUNCTIONS_ORDER, "percent_rank (amount) over (segment)",
    N_("The rank from 0 (first) to 1 (last).") },
  { "ntile", 2, 2, make_counted, PATRON_WINDOW_NTILE, PATRON_FUNCTIONS_ORDER, "ntile (amount, 10) over (segment)",
    N_("Which of so many equally large parts the row is in, from the smallest values up.") },
  { "lag", 1, 2, make_counted, PATRON_WINDOW_LAG, PATRON_FUNCTIONS_ORDER, "lag (amount, 1) over (customer order by date)",
    N_("The value so many rows earlier; missing on the first rows of a group.") },
  { "lead", 1, 2, make_counted, PATRON_WINDOW_LEAD, PATRON_FUNCTIONS_ORDER, "lead (amount, 1) over (customer order by date)",
    N_("The value so many rows later; missing on the last rows of a group.") },
  { "diff", 1, 2, make_counted, PATRON_WINDOW_DIFF, PATRON_FUNCTIONS_ORDER, "diff (amount, 1) over (customer order by date)",
    N_("The value less the one so many rows earlier.") },
  { "cumsum", 1, 1, patron_make_window, PATRON_WINDOW_CUMSUM, PATRON_FUNCTIONS_ORDER, "cumsum (amount) over (customer order by date)",
    N_("The sum of all rows up to this one.") },
  { "cummin", 1, 1, patron_make_window, PATRON_WINDOW_CUMMIN, PATRON_FUNCTIONS_ORDER, "cummin (amount) over (customer order by date)",
    N_("The smallest value up to this row.") },
  { "cummax", 1, 1, patron_make_window, PATRON_WINDOW_CUMMAX, PATRON_FUNCTIONS_ORDER, "cummax (amount) over (customer order by date)",
    N_("The largest value up to this row.") },
  { "rolling_sum", 2, 2, make_counted, PATRON_WINDOW_ROLLING_SUM, PATRON_FUNCTIONS_ORDER, "rolling_sum (amount, 7) over (store order by date)",
    N_("The sum of this row and those before it, so many in all; fewer at the start of a group.") },
  { "rolling_mean", 2, 2, make_counted, PATRON_WINDOW_ROLLING_MEAN, PATRON_FUNCTIONS_ORDER, "rolling_mean (amount, 7) over (store order by date)",
    N_("The mean of this row and those before it, so many in all.") },
  { "rolling_min", 2, 2, make_counted, PATRON_WINDOW_ROLLING_MIN, PATRON_FUNCTIONS_ORDER, "rolling_min (amount, 7) over (store order by date)",
    N_("The smallest of this row and those before it, so many in all.") },
  { "rolling_max", 2, 2, make_counted, PATRON_WINDOW_ROLLING_MAX, PATRON_FUNCTIONS_ORDER, "rolling_max (amount, 7) over (store order by date)",
    N_("The largest of this row and those before it, so many in all.") },
  { "fill_forward", 1, 1, patron_make_window, PATRON_WINDOW_FILL_FORWARD, PATRON_FUNCTIONS_ORDER, "fill_forward (price) over (product order by date)",
    N_("The value, or where it is missing the last one before it.") },
  { "fill_backward", 1, 1, patron_make_window, PATRON_WINDOW_FILL_BACKWARD, PATRON_FUNCTIONS_ORDER,
    "fill_backward (price) over (product order by date)", N_("The value, or where it is missing the next one after it.") },
  { NULL },
};
