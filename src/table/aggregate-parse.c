/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/aggregate.h"

#include "base/nearest.h"
#include "table/parse-date.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum
{
  NUMBERS = PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN,
  MIDDLES = NUMBERS | PATRON_ACCEPT_DATE,
};

static const PatronAggregateInfo infos[PATRON_N_AGGREGATES] = {
  [PATRON_AGGREGATE_COUNT] = { "count", N_("Number of rows, or of values that are there"), PATRON_ACCEPT_ANY, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_MISSING] = { "missing", N_("Number of missing values"), PATRON_ACCEPT_ANY, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_DEFINED] = { "defined", N_("Part of the rows with a value"), PATRON_ACCEPT_ANY, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_DISTINCT] = { "distinct", N_("Number of different values"), PATRON_ACCEPT_ANY, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_SUM] = { "sum", N_("Sum"), NUMBERS, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_SHARE] = { "share", N_("Sum as a part of the total"), NUMBERS, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_MEAN] = { "mean", N_("Mean"), MIDDLES, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_WEIGHTED_MEAN] = { "weighted_mean", N_("Mean weighted by another column"), NUMBERS, PATRON_ARGUMENT_WEIGHTS },
  [PATRON_AGGREGATE_GEOMETRIC_MEAN] = { "geometric_mean", N_("Geometric mean"), NUMBERS, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_PRODUCT] = { "product", N_("Product"), NUMBERS, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_MEDIAN] = { "median", N_("Median"), MIDDLES, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_QUANTILE] = { "quantile", N_("Quantile"), MIDDLES, PATRON_ARGUMENT_P },
  [PATRON_AGGREGATE_IQR] = { "iqr", N_("Distance between the quartiles"), MIDDLES, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_MAD] = { "mad", N_("Median distance from the median"), MIDDLES, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_MIN] = { "min", N_("Smallest or first"), PATRON_ACCEPT_ANY, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_MAX] = { "max", N_("Largest or last"), PATRON_ACCEPT_ANY, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_RANGE] = { "range", N_("Largest less smallest"), MIDDLES, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_VARIANCE] = { "variance", N_("Variance"), NUMBERS, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_SD] = { "sd", N_("Standard deviation"), NUMBERS, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_SE] = { "se", N_("Standard error of the mean"), NUMBERS, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_SKEWNESS] = { "skewness", N_("Skewness"), NUMBERS, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_KURTOSIS] = { "kurtosis", N_("Excess kurtosis"), NUMBERS, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_FIRST] = { "first", N_("First value, by a date if one is given"), PATRON_ACCEPT_ANY, PATRON_ARGUMENT_ORDER },
  [PATRON_AGGREGATE_LAST] = { "last", N_("Last value, by a date if one is given"), PATRON_ACCEPT_ANY, PATRON_ARGUMENT_ORDER },
  [PATRON_AGGREGATE_MODE] = { "mode", N_("Most frequent value"), PATRON_ACCEPT_ANY, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_ANY] = { "any", N_("Whether one is true"), PATRON_ACCEPT_BOOLEAN, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_ALL] = { "all", N_("Whether all are true"), PATRON_ACCEPT_BOOLEAN, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_LIST] = { "list", N_("Different values, joined"), PATRON_ACCEPT_ANY, PATRON_ARGUMENT_NONE },
  [PATRON_AGGREGATE_DAYS_SINCE] = { "days_since", N_("Days since the last date"), PATRON_ACCEPT_DATE, PATRON_ARGUMENT_DATE },
};

/* Other names people use. */
static const struct { const char *id; PatronAggregateKind kind; } others[] = {
  { "n", PATRON_AGGREGATE_COUNT }, { "count_distinct", PATRON_AGGREGATE_DISTINCT }, { "distinct_count", PATRON_AGGREGATE_DISTINCT },
  { "avg", PATRON_AGGREGATE_MEAN }, { "average", PATRON_AGGREGATE_MEAN }, { "std", PATRON_AGGREGATE_SD }, { "stddev", PATRON_AGGREGATE_SD },
  { "standard_deviation", PATRON_AGGREGATE_SD }, { "var", PATRON_AGGREGATE_VARIANCE }, { "standard_error", PATRON_AGGREGATE_SE },
  { "minimum", PATRON_AGGREGATE_MIN }, { "maximum", PATRON_AGGREGATE_MAX }, { "span", PATRON_AGGREGATE_RANGE }, { "percentile", PATRON_AGGREGATE_QUANTILE },
  { "first_date", PATRON_AGGREGATE_MIN }, { "last_date", PATRON_AGGREGATE_MAX }, { "join", PATRON_AGGREGATE_LIST },
};

const PatronAggregateInfo *
patron_aggregate_info (PatronAggregateKind kind)
{
  return &infos[kind];
}

void
patron_aggregate_free (PatronAggregate *aggregate)
{
  if (aggregate->column != NULL)
    patron_column_unref (aggregate->column);
  if (aggregate->by != NULL)
    patron_column_unref (aggregate->by);
  g_free (aggregate->name);
  g_free (aggregate);
}

/* ---- pieces of text ---------------------------------------------------------------------------------------------------- */

/* Parts between separators outside square brackets, blanks at the ends removed. */
static GPtrArray *
split_outside (const char *text, const char *separators)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  const char *start = text;
  gboolean bracket = FALSE;
  for (const char *at = text;; at++)
    {
      bracket = *at == '[' ? TRUE : *at == ']' ? FALSE : bracket;
      if (*at != '\0' && (bracket || strchr (separators, *at) == NULL))
        continue;
      g_ptr_array_add (parts, g_strstrip (g_strndup (start, (gsize) (at - start))));
      start = at + 1;
      if (*at == '\0')
        return parts;
    }
}

static char *
bare_name (const char *text)
{
  gsize length = strlen (text);
  gboolean wrapped = length >= 2 && ((text[0] == '[' && text[length - 1] == ']') || (text[0] == '"' && text[length - 1] == '"'));
  return wrapped ? g_strndup (text + 1, length - 2) : g_strdup (text);
}

/* "… WORD rest": the part after the last WORD that stands alone outside brackets is cut off and returned. */
static char *
cut_after_word (char *text, const char *word)
{
  gsize length = strlen (word);
  char *found = NULL;
  gboolean bracket = FALSE;
  for (char *at = text; *at != '\0'; at++)
    {
      bracket = *at == '[' ? TRUE : *at == ']' ? FALSE : bracket;
      if (!bracket && at > text && (g_ascii_isspace (at[-1]) || at[-1] == ')' || at[-1] == ']') && g_ascii_strncasecmp (at, word, length) == 0
          && (g_ascii_isspace (at[length]) || at[length] == '['))
        found = at;
    }
  if (found == NULL)
    return NULL;
  char *rest = g_strstrip (g_strdup (found + length));
  *found = '\0';
  g_strchomp (text);
  return rest;
}

static gboolean
find_kind (const char *id, PatronAggregateKind *kind, GError **error)
{
  const char *ids[PATRON_N_AGGREGATES + 1] = { NULL };
  for (guint k = 0; k < PATRON_N_AGGREGATES; k++)
    {
      ids[k] = infos[k].id;
      if (g_ascii_strcasecmp (id, infos[k].id) == 0)
        {
          *kind = k;
          return TRUE;
        }
    }
  for (guint k = 0; k < G_N_ELEMENTS (others); k++)
    if (g_ascii_strcasecmp (id, others[k].id) == 0)
      {
        *kind = others[k].kind;
        return TRUE;
      }
  const char *nearest = patron_nearest (id, ids);
  g_autofree char *all = g_strjoinv (", ", (char **) ids);
  if (nearest != NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no summary “%s”; did you mean “%s”?"), id, nearest);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no summary “%s”; there are %s."), id, all);
  return FALSE;
}

/* ---- one summary ---------------------------------------------------------------------------------------------------------- */

static PatronColumn *
require_column (PatronTable *table, const char *text, guint accepts, const char *summary, GError **error)
{
  g_autofree char *name = bare_name (text);
  PatronColumn *column = patron_table_require (table, name, error);
  if (column == NULL)
    return NULL;
  PatronType type = patron_column_get_type (column);
  if ((accepts & patron_type_accept (type)) != 0)
    return patron_column_ref (column);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("%s: column “%s” is of type %s, which has no “%s”."), summary, name, _(patron_type_label (type)),
               summary);
  return NULL;
}

static gboolean
parse_argument (PatronAggregate *aggregate, const char *text, PatronTable *table, GError **error)
{
  const PatronAggregateInfo *info = &infos[aggregate->kind];
  PatronDateValue date;
  char *end = NULL;
  switch (info->argument)
    {
    case PATRON_ARGUMENT_ORDER:
      aggregate->by = require_column (table, text, PATRON_ACCEPT_ANY, info->id, error);
      return aggregate->by != NULL;
    case PATRON_ARGUMENT_WEIGHTS:
      aggregate->by = require_column (table, text, NUMBERS, info->id, error);
      return aggregate->by != NULL;
    case PATRON_ARGUMENT_P:
      aggregate->argument = g_ascii_strtod (text, &end);
      if (*text != '\0' && *end == '\0' && aggregate->argument >= 0 && aggregate->argument <= 1)
        return TRUE;
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("%s: “%s” is not a number from 0 to 1, such as 0.9."), info->id, text);
      return FALSE;
    case PATRON_ARGUMENT_DATE:
      if (patron_parse_date (text, strlen (text), PATRON_DATE_YMD, &date))
        {
          aggregate->argument = date.days;
          return TRUE;
        }
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("%s: “%s” is not a date such as 2024-01-31."), info->id, text);
      return FALSE;
    default:
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("%s: takes one column; “%s” is too much."), info->id, text);
      return FALSE;
    }
}

static gboolean
parse_arguments (PatronAggregate *aggregate, const char *inside, PatronTable *table, GError **error)
{
  const PatronAggregateInfo *info = &infos[aggregate->kind];
  g_autofree char *text = g_strstrip (g_strdup (inside));
  g_autofree char *order = info->argument == PATRON_ARGUMENT_ORDER || info->argument == PATRON_ARGUMENT_WEIGHTS ? cut_after_word (text, "by") : NULL;
  g_autoptr (GPtrArray) parts = split_outside (text, ",");
  if (order != NULL)
    g_ptr_array_add (parts, g_steal_pointer (&order));
  const char *first = parts->pdata[0];
  gboolean needs = info->argument == PATRON_ARGUMENT_WEIGHTS || info->argument == PATRON_ARGUMENT_P;
  if (*first == '\0' && aggregate->kind == PATRON_AGGREGATE_COUNT && parts->len == 1)
    return TRUE;
  if (*first == '\0' || (needs && parts->len < 2) || parts->len > 2)
    {
      const char *wanted = info->argument == PATRON_ARGUMENT_WEIGHTS ? _("a column and a column of weights, as in weighted_mean(price, quantity)")
                           : info->argument == PATRON_ARGUMENT_P ? _("a column and a number from 0 to 1, as in quantile(amount, 0.9)") : _("a column");
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("%s(%s): expected %s."), info->id, inside, wanted);
      return FALSE;
    }
  aggregate->column = require_column (table, first, info->accepts, info->id, error);
  return aggregate->column != NULL && (parts->len == 1 || parse_argument (aggregate, parts->pdata[1], table, error));
}

static char *
default_name (const PatronAggregate *aggregate)
{
  char number[32];
  const char *id = infos[aggregate->kind].id;
  if (aggregate->column == NULL)
    return g_strdup (id);
  if (aggregate->kind != PATRON_AGGREGATE_QUANTILE)
    return g_strdup_printf ("%s_%s", id, patron_column_get_name (aggregate->column));
  patron_double_format (aggregate->argument, number);
  return g_strdup_printf ("%s_%s_%s", id, patron_column_get_name (aggregate->column), number);
}

static PatronAggregate *
parse_one (const char *text, PatronTable *table, GError **error)
{
  g_autofree char *call = g_strdup (text);
  g_autofree char *name = cut_after_word (call, "as");
  char *open = strchr (call, '('), *close = strrchr (call, ')');
  if (open == NULL || close == NULL || close < open || close[1] != '\0')
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” is not a summary; expected something like sum(amount) as revenue."), text);
      return NULL;
    }
  *open = *close = '\0';
  PatronAggregate *aggregate = g_new0 (PatronAggregate, 1);
  aggregate->argument = (double) NAN;
  if (!find_kind (g_strstrip (call), &aggregate->kind, error) || !parse_arguments (aggregate, open + 1, table, error))
    {
      patron_aggregate_free (aggregate);
      return NULL;
    }
  aggregate->name = name != NULL && *name != '\0' ? bare_name (name) : default_name (aggregate);
  return aggregate;
}

GPtrArray *
patron_aggregates_parse (const char *text, PatronTable *table, GError **error)
{
  g_autoptr (GPtrArray) parts = split_outside (text, ";\n");
  g_autoptr (GPtrArray) aggregates = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_aggregate_free);
  for (guint i = 0; i < parts->len; i++)
    {
      if (*(const char *) parts->pdata[i] == '\0')
        continue;
      PatronAggregate *aggregate = parse_one (parts->pdata[i], table, error);
      if (aggregate == NULL)
        return NULL;
      g_ptr_array_add (aggregates, aggregate);
    }
  return g_steal_pointer (&aggregates);
}
