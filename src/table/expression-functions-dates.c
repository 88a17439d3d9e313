/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-functions.h"

#include "table/parse-date.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Functions of dates and times. None looks at the clock: the same formula gives the same values every day. */

static gboolean
expect_moment (GPtrArray *arguments, guint i, PatronFault *fault)
{
  return patron_node_to_moment ((PatronNode **) &g_ptr_array_index (arguments, i), fault);
}

static gboolean
read_unit (const PatronNode *node, PatronDateUnit *unit, PatronFault *fault)
{
  if (!patron_expect_literal_text (node, fault))
    return FALSE;
  if (patron_date_unit_from_text (node->text, unit))
    return TRUE;
  patron_fault_set (
      fault, node->position,
      _("Expected \"days\", \"weeks\", \"months\", \"quarters\", \"years\", \"hours\", \"minutes\" or \"seconds\" at position %u, but found “%s”."),
      node->position, node->text);
  return FALSE;
}

static PatronNode *
date_part (guint position, PatronNode *date, PatronDatePart part)
{
  PatronNode *node = patron_node_new_unary (PATRON_NODE_DATE_PART, PATRON_TYPE_INTEGER, position, patron_node_to_date (date));
  node->part = part;
  return node;
}

static PatronNode *
make_date_part (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  return expect_moment (arguments, 0, fault) ? date_part (position, patron_argument_take (arguments, 0), variant) : NULL;
}

static PatronNode *
make_is_weekend (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (!expect_moment (arguments, 0, fault))
    return NULL;
  PatronNode *weekday = date_part (position, patron_argument_take (arguments, 0), PATRON_WEEKDAY);
  return patron_node_compare (PATRON_GE, position, weekday, patron_node_integer (6, position), fault);
}

static PatronNode *
make_clock_part (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (!expect_moment (arguments, 0, fault))
    return NULL;
  if (patron_argument (arguments, 0)->type != PATRON_TYPE_TIME)
    {
      patron_fault_set (fault, patron_argument (arguments, 0)->position,
                        _("Expected a date with a time of day at position %u, but this is a date alone."), patron_argument (arguments, 0)->position);
      return NULL;
    }
  PatronNode *node = patron_node_new_unary (PATRON_NODE_CLOCK_PART, PATRON_TYPE_INTEGER, position, patron_argument_take (arguments, 0));
  node->part = variant;
  return node;
}

static PatronNode *
date_of_parts (guint position, GPtrArray *arguments, PatronFault *fault)
{
  g_autoptr (PatronNode) node = patron_node_new (PATRON_NODE_MAKE_DATE, PATRON_TYPE_DATE, position);
  for (guint i = 0; i < 3; i++)
    {
      if (!patron_node_expect_number (patron_argument (arguments, i), fault))
        return NULL;
      patron_node_add (node, patron_node_to_number (patron_argument_take (arguments, i)));
    }
  return g_steal_pointer (&node);
}

/* date (text, "dmy"), time (text, "dmy"): by a rule of reading. */
static PatronNode *
moment_by_rule (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  PatronDateRule rule;
  const PatronNode *wanted = patron_argument (arguments, 1);
  if (!patron_node_expect_text (patron_argument (arguments, 0), fault) || !patron_expect_literal_text (wanted, fault))
    return NULL;
  if (!patron_date_rule_from_text (wanted->text, &rule))
    {
      patron_fault_set (fault, wanted->position,
                        _("Expected how the dates are written, such as \"dmy\", \"mdy\" or \"ymd\", at position %u, but found “%s”."),
                        wanted->position, wanted->text);
      return NULL;
    }
  PatronNode *node = patron_node_text (variant, position, patron_argument_take (arguments, 0), wanted->text, fault);
  if (node != NULL)
    node->from = rule;
  return node;
}

/* date ("2011-02-28"), date (text column), date (text, "dmy"), date (time), date (year, month, day) */
static PatronNode *
make_date (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  const PatronNode *first = patron_argument (arguments, 0);
  if (arguments->len == 3)
    return date_of_parts (position, arguments, fault);
  if (arguments->len == 2)
    return moment_by_rule (position, arguments, PATRON_TEXT_DATE, fault);
  if (patron_type_is_text (first->type) && first->kind != PATRON_NODE_LITERAL)
    return patron_node_text (PATRON_TEXT_DATE, position, patron_argument_take (arguments, 0), NULL, fault);
  return expect_moment (arguments, 0, fault) ? patron_node_to_date (patron_argument_take (arguments, 0)) : NULL;
}

static PatronNode *
make_time (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  const PatronNode *first = patron_argument (arguments, 0);
  if (arguments->len == 2)
    return moment_by_rule (position, arguments, PATRON_TEXT_TIME, fault);
  if (patron_type_is_text (first->type) && first->kind != PATRON_NODE_LITERAL)
    return patron_node_text (PATRON_TEXT_TIME, position, patron_argument_take (arguments, 0), NULL, fault);
  return expect_moment (arguments, 0, fault) ? patron_node_to_time (patron_argument_take (arguments, 0)) : NULL;
}

static PatronNode *
make_duration (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (patron_argument (arguments, 0)->type == PATRON_TYPE_DURATION)
    return patron_argument_take (arguments, 0);
  return patron_node_text (PATRON_TEXT_DURATION, position, patron_argument_take (arguments, 0), NULL, fault);
}

static PatronNode *
date_diff (guint position, GPtrArray *arguments, PatronDateUnit unit, PatronFault *fault)
{
  if (!expect_moment (arguments, 0, fault) || !expect_moment (arguments, 1, fault))
    return NULL;
  PatronNode *from = patron_argument_take (arguments, 0), *to = patron_argument_take (arguments, 1);
  if (unit < PATRON_UNIT_DAY || from->type == PATRON_TYPE_TIME || to->type == PATRON_TYPE_TIME)
    {
      from = patron_node_to_time (from);
      to = patron_node_to_time (to);
    }
  PatronNode *node = patron_node_new_binary (PATRON_NODE_DATE_DIFF, PATRON_TYPE_INTEGER, position, from, to);
  node->unit = unit;
  return node;
}

static PatronNode *
make_date_diff (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  PatronDateUnit unit;
  return read_unit (patron_argument (arguments, 2), &unit, fault) ? date_diff (position, arguments, unit, fault) : NULL;
}

/* age (birthday, as of): whole years. */
static PatronNode *
make_age (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  for (guint i = 0; i < 2; i++)
    {
      if (!expect_moment (arguments, i, fault))
        return NULL;
      g_ptr_array_index (arguments, i) = patron_node_to_date (patron_argument_take (arguments, i));
    }
  return date_diff (position, arguments, PATRON_UNIT_YEAR, fault);
}

/* Days from the first to the second, whatever the time of day. */
static PatronNode *
make_days_between (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (!expect_moment (arguments, 0, fault) || !expect_moment (arguments, 1, fault))
    return NULL;
  PatronNode *from = patron_node_to_date (patron_argument_take (arguments, 0));
  return patron_node_new_binary (PATRON_NODE_SUBTRACT, PATRON_TYPE_INTEGER, position, patron_node_to_date (patron_argument_take (arguments, 1)),
                                 from);
}

/* date_add (date, n, "months") */
static PatronNode *
make_date_add (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  PatronDateUnit unit;
  if (!expect_moment (arguments, 0, fault) || !patron_node_expect_number (patron_argument (arguments, 1), fault)
      || !read_unit (patron_argument (arguments, 2), &unit, fault))
    return NULL;
  PatronNode *moment = patron_argument_take (arguments, 0), *count = patron_argument_take (arguments, 1);
  if (unit < PATRON_UNIT_DAY)
    moment = patron_node_to_time (moment);
  if (count->any_type)
    patron_node_adopt_type (count, PATRON_TYPE_INTEGER);
  if (count->type == PATRON_TYPE_NUMBER)
    count = patron_node_new_unary (PATRON_NODE_TO_INTEGER, PATRON_TYPE_INTEGER, count->position, count);
  PatronNode *node = patron_node_new_binary (PATRON_NODE_DATE_ADD, moment->type, position, moment, count);
  node->unit = unit;
  return node;
}

/* start_of (date, "month"), end_of (date, "month"): dates, except that hours and less begin at a time. */
static PatronNode *
make_edge (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  PatronDateUnit unit;
  if (!expect_moment (arguments, 0, fault) || !read_unit (patron_argument (arguments, 1), &unit, fault))
    return NULL;
  PatronNode *moment = patron_argument_take (arguments, 0);
  gboolean clock = unit < PATRON_UNIT_DAY && variant == PATRON_NODE_DATE_START && moment->type == PATRON_TYPE_TIME;
  if (!clock)
    moment = patron_node_to_date (moment);
  PatronNode *node = patron_node_new_unary (variant, moment->type, position, moment);
  node->unit = MAX (unit, clock ? PATRON_UNIT_SECOND : PATRON_UNIT_DAY);
  return node;
}

static PatronNode *
make_today (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  patron_fault_set (fault, position,
                    _("The day of today (position %u) would give another result tomorrow; write the date instead, such as date (\"2011-02-28\")."),
                    position);
  return NULL;
}

const PatronFunctionEntry patron_functions_dates[] = {
  { "year", 1, 1, make_date_part, PATRON_YEAR, PATRON_FUNCTIONS_DATES, "year (date)", N_("The year.") },
  { "quarter", 1, 1, make_date_part, PATRON_QUARTER, PATRON_FUNCTIONS_DATES, "quarter (date)", N_("The quarter, 1 to 4.") },
  { "month", 1, 1, make_date_part, PATRON_MONTH, PATRON_FUNCTIONS_DATES, "month (date)", N_("The month, 1 to 12.") },
  { "week", 1, 1, make_date_part, PATRON_ISO_WEEK, PATRON_FUNCTIONS_DATES, "week (date)",
    N_("The week by ISO 8601, 1 to 53; its year is iso_year (date).") },
  { "iso_year", 1, 1, make_date_part, PATRON_ISO_YEAR, PATRON_FUNCTIONS_DATES, "iso_year (date)", N_("The year that the ISO week belongs to.") },
  { "weekday", 1, 1, make_date_part, PATRON_WEEKDAY, PATRON_FUNCTIONS_DATES, "weekday (date)", N_("The day of the week: 1 is Monday, 7 Sunday.") },
  { "is_weekend", 1, 1, make_is_weekend, 0, PATRON_FUNCTIONS_DATES, "is_weekend (date)", N_("Whether it is a Saturday or Sunday.") },
  { "day", 1, 1, make_date_part, PATRON_DAY, PATRON_FUNCTIONS_DATES, "day (date)", N_("The day of the month.") },
  { "day_of_year", 1, 1, make_date_part, PATRON_DAY_OF_YEAR, PATRON_FUNCTIONS_DATES, "day_of_year (date)", N_("The day of the year, 1 to 366.") },
  { "days_in_month", 1, 1, make_date_part, PATRON_DAYS_IN_MONTH, PATRON_FUNCTIONS_DATES, "days_in_month (date)",
    N_("How many days the month has.") },
  { "hour", 1, 1, make_clock_part, PATRON_HOUR, PATRON_FUNCTIONS_DATES, "hour (time)", N_("The hour, 0 to 23.") },
  { "minute", 1, 1, make_clock_part, PATRON_MINUTE, PATRON_FUNCTIONS_DATES, "minute (time)", N_("The minute, 0 to 59.") },
  { "second", 1, 1, make_clock_part, PATRON_SECOND, PATRON_FUNCTIONS_DATES, "second (time)", N_("The second, 0 to 59.") },
  { "date_add", 3, 3, make_date_add, 0, PATRON_FUNCTIONS_DATES, "date_add (date, n, \"months\")",
    N_("So many days, weeks, months, quarters, years, hours, minutes or seconds later; earlier with a negative number.") },
  { "date_diff", 3, 3, make_date_diff, 0, PATRON_FUNCTIONS_DATES, "date_diff (from, to, \"months\")",
    N_("How many whole days, weeks, months, quarters, years, hours, minutes or seconds have passed.") },
  { "days_between", 2, 2, make_days_between, 0, PATRON_FUNCTIONS_DATES, "days_between (from, to)",
    N_("Days from the first date to the second, whatever the time of day.") },
  { "age", 2, 2, make_age, 0, PATRON_FUNCTIONS_DATES, "age (birthday, as_of)", N_("Whole years from the birthday to the date given.") },
  { "start_of", 2, 2, make_edge, PATRON_NODE_DATE_START, PATRON_FUNCTIONS_DATES, "start_of (date, \"month\")",
    N_("The first day of the week (a Monday), month, quarter or year.") },
  { "end_of", 2, 2, make_edge, PATRON_NODE_DATE_END, PATRON_FUNCTIONS_DATES, "end_of (date, \"month\")",
    N_("The last day of the week, month, quarter or year.") },
  { "today", 0, PATRON_MANY_ARGUMENTS, make_today, 0, PATRON_FUNCTIONS_DATES, NULL, NULL },
  { "now", 0, PATRON_MANY_ARGUMENTS, make_today, 0, PATRON_FUNCTIONS_DATES, NULL, NULL },
  { "date", 1, 3, make_date, 0, PATRON_FUNCTIONS_CONVERSION, "date (x, \"dmy\")",
    N_("A text as a date, in the order given; of a time, its day. date (year, month, day) makes a date of numbers.") },
  { "time", 1, 2, make_time, 0, PATRON_FUNCTIONS_CONVERSION, "time (x, \"dmy\")", N_("A text as a date with time of day.") },
  { "duration", 1, 1, make_duration, 0, PATRON_FUNCTIONS_CONVERSION, "duration (text)",
    N_("A text such as “1:30:00” or “2 days 04:00” as a length of time.") },
  { NULL },
};
