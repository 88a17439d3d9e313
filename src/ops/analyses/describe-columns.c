/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/describe-report.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Shares above which a finding is worth a line. */
#define MANY_MISSING 0.05
#define MANY_OUTLIERS 0.05
#define ONE_VALUE 0.95
#define SKEWED 2.0
#define EXTREME 20.0      /* quartile distances outside the quartiles */
#define FEW 0.2           /* share of values of an odd kind */

PatronFormat
patron_profile_format (const PatronProfile *p, double *factor)
{
  *factor = p->type == PATRON_TYPE_TIME ? 1e6 : 1;
  switch (p->type)
    {
    case PATRON_TYPE_DATE:
      return PATRON_FORMAT_DATE;
    case PATRON_TYPE_TIME:
      return PATRON_FORMAT_TIME;
    case PATRON_TYPE_DURATION:
      return PATRON_FORMAT_SECONDS;
    case PATRON_TYPE_BOOLEAN:
      return PATRON_FORMAT_PERCENT;
    default:
      return PATRON_FORMAT_NUMBER;
    }
}

PatronText *
patron_profile_value_text (const PatronProfile *p, const PatronFrequency *value)
{
  if (value->code >= 0)
    {
      PatronDict *dict = patron_column_dict (p->column, NULL);
      const char *text = dict != NULL ? patron_dict_get (dict, value->code) : "";
      if (g_utf8_strlen (text, -1) <= 60)
        return patron_text_plain (*text != '\0' ? text : "“”");
      g_autofree char *head = g_utf8_substring (text, 0, 58), *shortened = g_strconcat (head, "…", NULL);
      return patron_text_plain (shortened);
    }
  if (p->type == PATRON_TYPE_BOOLEAN)
    return patron_text (value->value != 0 ? N_("true") : N_("false"), NULL);
  char buffer[40];
  if (p->type == PATRON_TYPE_DATE)
    patron_date_format ((gint32) value->value, buffer);
  else if (p->type == PATRON_TYPE_TIME)
    patron_time_format ((gint64) (value->value * 1e6), buffer);
  else
    patron_double_format (value->value, buffer);
  return patron_text_plain (buffer);
}

static double
share (gsize part, gsize of)
{
  return of > 0 ? (double) part / (double) of : NAN;
}

static void
add_column_row (const PatronProfile *p, PatronReportTable *table)
{
  double factor;
  PatronFormat format = patron_profile_format (p, &factor);
  gboolean ordered = patron_profile_is_ordered (p), date = p->type == PATRON_TYPE_DATE || p->type == PATRON_TYPE_TIME, text = !ordered;
  patron_report_table_add_row (table);
  patron_report_table_add_string (table, patron_column_get_name (p->column));
  patron_report_table_add_text (table, patron_text (patron_type_label (p->type), NULL));
  patron_report_table_add_number (table, (double) p->n_values);
  patron_report_table_add_number (table, (double) p->n_missing);
  patron_report_table_add_number (table, share (p->n_missing, p->n));
  patron_report_table_add_number (table, (double) p->n_distinct);
  if (p->n_top > 0 && p->top[0].count > 1)
    patron_report_table_add_text (table, patron_profile_value_text (p, &p->top[0]));
  else
    patron_report_table_add_string (table, "");
  patron_report_table_add_number (table, p->n_top > 0 && p->top[0].count > 1 ? share (p->top[0].count, p->n_values) : NAN);
  patron_report_table_add_formatted (table, format, text ? NAN : p->mean * factor);
  patron_report_table_add_formatted (table, PATRON_FORMAT_NUMBER, date ? NAN : p->sd);
  const double order[] = { p->min, p->q1, p->median, p->q3, p->max };
  PatronFormat order_format = p->type == PATRON_TYPE_BOOLEAN ? PATRON_FORMAT_NUMBER : format;
  for (guint k = 0; k < G_N_ELEMENTS (order); k++)
    patron_report_table_add_formatted (table, order_format, order[k] * factor);
  patron_report_table_add_number (table, date ? NAN : p->skewness);
  patron_report_table_add_number (table, date ? NAN : p->kurtosis);
  patron_report_table_add_number (table, text || date ? NAN : (double) p->n_outliers);
}

/* ---- spread ------------------------------------------------------------------------------------------------ */

static void
add_spread_row (const PatronProfile *p, gboolean tested, PatronReportTable *table)
{
  double factor;
  PatronFormat format = patron_profile_format (p, &factor);
  patron_report_table_add_row (table);
  patron_report_table_add_string (table, patron_column_get_name (p->column));
  patron_report_table_add_formatted (table, format, p->mean_low * factor);
  patron_report_table_add_formatted (table, format, p->mean_high * factor);
  for (guint k = 0; k < PATRON_PROFILE_TAILS; k++)
    patron_report_table_add_formatted (table, format, p->tails[k] * factor);
  patron_report_table_add_number (table, share (p->n_zero, p->n_values));
  patron_report_table_add_number (table, share (p->n_negative, p->n_values));
  if (!tested)
    return;
  patron_report_table_add_number (table, p->w);
  patron_report_table_add_number (table, p->normal_p);
}

static gboolean
has_spread (const PatronProfile *p)
{
  return patron_profile_is_numeric (p) && p->type != PATRON_TYPE_BOOLEAN && p->n_values > 0 && !p->id_like;
}

/* What the first table has no room for: the ends of the distribution, and whether it is normal. */
static void
add_spread (const PatronDescription *d, PatronReport *report)
{
  static const struct { const char *id, *label; PatronFormat format; } columns[] = {
    { "column", N_("Column"), PATRON_FORMAT_TEXT }, { "mean_low", N_("Mean from"), PATRON_FORMAT_NUMBER }, { "mean_high", N_("to"), PATRON_FORMAT_NUMBER },
    { "p01", N_("1%"), PATRON_FORMAT_NUMBER }, { "p05", N_("5%"), PATRON_FORMAT_NUMBER }, { "p10", N_("10%"), PATRON_FORMAT_NUMBER },
    { "p90", N_("90%"), PATRON_FORMAT_NUMBER }, { "p95", N_("95%"), PATRON_FORMAT_NUMBER }, { "p99", N_("99%"), PATRON_FORMAT_NUMBER },
    { "zero_share", N_("Zeros"), PATRON_FORMAT_PERCENT }, { "negative_share", N_("Below 0"), PATRON_FORMAT_PERCENT },
    { "w", N_("Shapiro–Wilk W"), PATRON_FORMAT_NUMBER }, { "normal_p", N_("p (normal)"), PATRON_FORMAT_P_VALUE },
  };
  guint n = 0;
  gboolean tested = FALSE;
  for (guint i = 0; i < d->n_profiles; i++)
    if (has_spread (&d->profiles[i]))
      {
        n++;
        tested |= !isnan (d->profiles[i].w);
      }
  if (n == 0)
    return;
  PatronReportTable *table = patron_report_add_table (report, "spread", patron_text (N_("How the numbers spread"), NULL));
  for (guint c = 0; c < G_N_ELEMENTS (columns) - (tested ? 0 : 2); c++)
    patron_report_table_add_column (table, columns[c].id, patron_text (columns[c].label, NULL), columns[c].format);
  for (guint i = 0; i < d->n_profiles; i++)
    if (has_spread (&d->profiles[i]))
      add_spread_row (&d->profiles[i], tested, table);
  patron_report_table_set_caption (table, !tested ? patron_text (N_("“Mean from … to” is its 95% interval. 5% of the values lie below the one under “5%”."), NULL) : patron_text (
    N_("“Mean from … to” is its 95% interval. 5% of the values lie below the one under “5%”. A small “p (normal)” says that the values are not normal; it is given for 3 to 5,000 values, beyond that look at the histogram."), NULL));
}

void
patron_description_add_columns (const PatronDescription *d, PatronReport *report)
{
  static const struct { const char *id, *label; PatronFormat format; } columns[] = {
    { "column", N_("Column"), PATRON_FORMAT_TEXT }, { "type", N_("Type"), PATRON_FORMAT_MSGID }, { "count", N_("Values"), PATRON_FORMAT_COUNT },
    { "missing", N_("Missing"), PATRON_FORMAT_COUNT }, { "missing_share", N_("% missing"), PATRON_FORMAT_PERCENT }, { "distinct", N_("Distinct"), PATRON_FORMAT_COUNT },
    { "top", N_("Most frequent"), PATRON_FORMAT_TEXT }, { "top_share", N_("its share"), PATRON_FORMAT_PERCENT },
    { "mean", N_("Mean"), PATRON_FORMAT_NUMBER }, { "sd", N_("SD"), PATRON_FORMAT_NUMBER }, { "min", N_("Minimum"), PATRON_FORMAT_NUMBER },
    { "q1", N_("Quartile 1"), PATRON_FORMAT_NUMBER }, { "median", N_("Median"), PATRON_FORMAT_NUMBER }, { "q3", N_("Quartile 3"), PATRON_FORMAT_NUMBER },
    { "max", N_("Maximum"), PATRON_FORMAT_NUMBER }, { "skewness", N_("Skewness"), PATRON_FORMAT_NUMBER }, { "kurtosis", N_("Kurtosis"), PATRON_FORMAT_NUMBER },
    { "outliers", N_("Outliers"), PATRON_FORMAT_COUNT },
  };
  PatronReportTable *table = patron_report_add_table (report, "columns", patron_text (N_("Columns"), NULL));
  for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
    {
      PatronReportColumn *column = patron_report_table_add_column (table, columns[c].id, patron_text (columns[c].label, NULL), columns[c].format);
      column->bar = g_str_equal (columns[c].id, "missing_share");
    }
  for (guint i = 0; i < d->n_profiles; i++)
    add_column_row (&d->profiles[i], table);
  patron_report_table_set_caption (table, patron_text (
    N_("SD is the standard deviation (n − 1). Skewness 0 is symmetric, kurtosis 0 is as peaked as the normal. Outliers lie more than {fence} times the quartile distance outside the quartiles."),
    "fence", PATRON_NUMBER (d->fence), NULL));
  add_spread (d, report);
}

/* ---- findings --------------------------------------------------------------------------------------------- */

static void
add_finding (PatronReportTable *table, const PatronProfile *p, PatronText *finding, gsize values, const char *advice)
{
  patron_report_table_add_row (table);
  patron_report_table_add_string (table, patron_column_get_name (p->column));
  patron_report_table_add_text (table, finding);
  patron_report_table_add_number (table, (double) values);
  patron_report_table_add_text (table, patron_text (advice, NULL));
}

static void
add_suspects (PatronReportTable *table, const PatronProfile *p)
{
  for (guint s = 0; s < p->n_suspects; s++)
    {
      g_autoptr(PatronText) value = patron_profile_value_text (p, &p->suspects[s]);
      g_autofree char *text = patron_text_render (value);
      add_finding (table, p, patron_text (N_("“{value}” may stand for missing"), "value", PATRON_STRING (text), NULL), p->suspects[s].count,
                   N_("If it means “not known”, declare it as missing; it distorts every statistic."));
    }
}

/* TRUE when there are extremes. */
static gboolean
find_odd_numbers (PatronReportTable *table, const PatronProfile *p)
{
  double reach = EXTREME * (p->q3 - p->q1);
  gboolean extreme = reach > 0 && (p->max > p->q3 + reach || p->min < p->q1 - reach);
  if (extreme)
    add_finding (table, p, patron_text (N_("extremes: from {min} to {max}, but half of the values lie between {q1} and {q3}"),
                                        "min", PATRON_NUMBER (p->min), "max", PATRON_NUMBER (p->max), "q1", PATRON_NUMBER (p->q1), "q3", PATRON_NUMBER (p->q3), NULL),
                 p->n_outliers, N_("Look at these rows: wrong entries, cancellations, or a few very large customers?"));
  if (p->n_negative > 0 && share (p->n_negative, p->n_values) < FEW && p->q1 > 0)
    add_finding (table, p, patron_text (N_("{n} {n|value|values} below 0"), "n", PATRON_COUNT (p->n_negative), NULL), p->n_negative,
                 N_("Returns, cancellations or corrections? Decide whether they belong in your figures."));
  if (p->n_zero > 0 && share (p->n_zero, p->n_values) < FEW && p->n_negative == 0 && p->q1 > 0 && p->type == PATRON_TYPE_NUMBER)
    add_finding (table, p, patron_text (N_("{n} {n|value|values} of 0"), "n", PATRON_COUNT (p->n_zero), NULL), p->n_zero,
                 N_("In a column that is otherwise above 0 this may mean “free” or “not known”."));
  return extreme;
}

static guint
find (PatronReportTable *table, const PatronProfile *p)
{
  guint before = table->rows->len;
  gboolean numeric = patron_profile_is_numeric (p) && p->type != PATRON_TYPE_BOOLEAN;
  if (p->n_values == 0)
    {
      add_finding (table, p, patron_text (N_("empty"), NULL), p->n_missing, N_("Leave it out."));
      return 1;
    }
  if (p->constant)
    add_finding (table, p, patron_text (N_("the same value in every row"), NULL), p->n_values, N_("It tells nothing apart; leave it out."));
  if (p->id_like)
    add_finding (table, p, patron_text (N_("looks like an identifier"), NULL), p->n_distinct, N_("Use it to name rows or customers, not as a feature."));
  add_suspects (table, p);
  if (share (p->n_missing, p->n) > MANY_MISSING)
    add_finding (table, p, patron_text (N_("{share} missing"), "share", PATRON_PERCENT (share (p->n_missing, p->n)), NULL), p->n_missing,
                 N_("Find out why before you fill it in: missing is often a message."));
  if (!p->constant && p->n_top > 0 && share (p->top[0].count, p->n_values) > ONE_VALUE)
    add_finding (table, p, patron_text (N_("one value in {share} of the rows"), "share", PATRON_PERCENT (share (p->top[0].count, p->n_values)), NULL), p->top[0].count,
                 N_("Little is left to tell rows apart; a yes/no column may do."));
  gboolean extreme = numeric && !p->id_like && find_odd_numbers (table, p);
  if (numeric && !p->id_like && fabs (p->skewness) > SKEWED && p->n_negative == 0)
    add_finding (table, p, patron_text (N_("strongly skewed (skewness {skewness})"), "skewness", PATRON_NUMBER (p->skewness), NULL), p->n_values,
                 N_("Look at the median, not the mean; take the logarithm before clustering or regression."));
  else if (numeric && !p->id_like && !extreme && share (p->n_outliers, p->n_values) > MANY_OUTLIERS)
    add_finding (table, p, patron_text (N_("{share} outliers"), "share", PATRON_PERCENT (share (p->n_outliers, p->n_values)), NULL), p->n_outliers,
                 N_("Check the extremes for errors; robust methods or winsorising may help."));
  return table->rows->len > before;
}

/* A column that tells the target nearly by itself, or that was written later, was hardly known beforehand. */
static guint
find_leak (PatronReportTable *table, const PatronDescription *d, guint i)
{
  const PatronProfile *p = &d->profiles[i];
  guint before = table->rows->len;
  for (guint k = 0; k < d->n_tellers; k++)
    {
      const PatronTeller *teller = &d->tellers[k];
      if (teller->profile != i)
        continue;
      if (teller->n_later > 0)
        add_finding (table, p, patron_text (N_("dates after “{date}” in {n} {n|row|rows}"), "date", PATRON_STRING (d->date_column), "n", PATRON_COUNT (teller->n_later), NULL),
                     teller->n_later, N_("Written later than the row: leave it out of predictions, it knows the future."));
      if (teller->strength > (d->classes ? PATRON_LEAK_AUC : PATRON_LEAK_R2))
        add_finding (table, p, patron_text (d->classes ? N_("tells “{target}” nearly alone (AUC {value})") : N_("tells “{target}” nearly alone (R² {value})"),
                                            "target", PATRON_STRING (d->target_column), "value", PATRON_NUMBER (teller->strength), NULL),
                     p->n_values, N_("Was it known before the outcome? If not, it gives the answer away: leave it out."));
    }
  return table->rows->len > before;
}

guint
patron_description_add_findings (const PatronDescription *d, PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "findings", patron_text (N_("What to look at first"), NULL));
  patron_report_table_add_column (table, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "finding", patron_text (N_("Finding"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "values", patron_text (N_("Values"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "advice", patron_text (N_("What it means"), NULL), PATRON_FORMAT_MSGID);
  guint n = 0;
  for (guint i = 0; i < d->n_profiles; i++)
    n += find (table, &d->profiles[i]) | find_leak (table, d, i);
  patron_report_table_set_caption (table, n > 0
    ? patron_text (N_("{n} of {columns} {columns|column|columns} {n|has|have} something to check before an analysis."), "n", PATRON_COUNT (n), "columns", PATRON_COUNT (d->n_profiles), NULL)
    : patron_text (N_("Nothing unusual was found in any column."), NULL));
  return n;
}
