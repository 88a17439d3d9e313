/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/describe-report.h"

#include "ops/analyses/name-order.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { FEW_DISTINCT = 50 };
#define SHOWN_SHARE 0.1   /* of the values, for a chart of the most frequent */

static void
add_histogram (const PatronProfile *p, PatronReport *report)
{
  const char *name = patron_column_get_name (p->column);
  g_autofree char *id = g_strconcat ("histogram-", name, NULL);
  double factor;
  PatronFormat format = patron_profile_format (p, &factor);
  gboolean date = p->type == PATRON_TYPE_DATE || p->type == PATRON_TYPE_TIME;
  /* The axis counts days, whatever the column does. */
  double scale = p->type == PATRON_TYPE_TIME ? 1.0 / 86400 : 1;
  g_autofree double *edges = g_new (double, p->n_bins + 1);
  for (guint b = 0; b <= p->n_bins; b++)
    edges[b] = p->edges[b] * scale;
  PatronChart *chart = patron_chart_new (id, PATRON_CHART_HISTOGRAM, patron_text_plain (name));
  patron_axis_set (&chart->x, date ? PATRON_AXIS_DATE : PATRON_AXIS_LINEAR, date ? PATRON_FORMAT_DATE : p->type == PATRON_TYPE_BOOLEAN ? PATRON_FORMAT_NUMBER : format,
                   patron_text_plain (name));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_COUNT, patron_text (N_("Rows"), NULL));
  chart->y.zero = TRUE;
  patron_chart_add_series (chart, patron_text (N_("Rows"), NULL), PATRON_SERIES_BARS, p->n_bins, edges, p->counts);
  gsize beyond = p->bins_below + p->bins_above;
  if (beyond > 0)
    patron_chart_set_caption (chart, patron_text (
      N_("Half of the values lie between {q1} and {q3}. {beyond} {beyond|value|values} far from the others {beyond|is|are} not drawn; the column runs from {min} to {max}."),
      "q1", format, p->q1 * factor, "q3", format, p->q3 * factor, "beyond", PATRON_COUNT (beyond), "min", format, p->min * factor, "max", format, p->max * factor, NULL));
  else
    patron_chart_set_caption (chart, patron_text (
      N_("Half of the values lie between {q1} and {q3}, the middle one is {median}."),
      "q1", format, p->q1 * factor, "q3", format, p->q3 * factor, "median", format, p->median * factor, NULL));
  patron_report_add_chart (report, chart);
}

/* The most frequent first; names with an order of their own keep it where all are shown. order: n indices. */
static void
order_values (const PatronProfile *p, guint n, guint *order)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree double *rank = g_new (double, n + 1);
  for (guint k = 0; k < n; k++)
    {
      g_autoptr(PatronText) text = patron_profile_value_text (p, &p->top[k]);
      g_ptr_array_add (names, patron_text_render (text));
      order[k] = k;
    }
  if (p->n_distinct > n || !patron_names_rank ((const char *const *) names->pdata, n, rank))
    return;
  for (guint k = 1; k < n; k++)
    for (guint at = k; at > 0 && rank[order[at]] < rank[order[at - 1]]; at--)
      {
        guint moved = order[at];
        order[at] = order[at - 1];
        order[at - 1] = moved;
      }
}

static PatronText *
describe_values (const PatronProfile *p, guint n, double shown)
{
  if (p->n_distinct > n)
    return patron_text (N_("The {n} most frequent of {distinct} values; together {share} of the rows."), "n", PATRON_COUNT (n), "distinct",
                        PATRON_COUNT (p->n_distinct), "share", PATRON_PERCENT (shown), NULL);
  g_autoptr(PatronText) value = patron_profile_value_text (p, &p->top[0]);
  g_autofree char *top = patron_text_render (value);
  return patron_text (N_("“{top}” is the most frequent: {n} of {all} rows ({share})."), "top", PATRON_STRING (top), "n", PATRON_COUNT (p->top[0].count),
                      "all", PATRON_COUNT (p->n_values), "share", PATRON_PERCENT ((double) p->top[0].count / (double) p->n_values), NULL);
}

static void
add_bars (const PatronProfile *p, guint n_top, PatronReport *report)
{
  const char *name = patron_column_get_name (p->column);
  g_autofree char *id = g_strconcat ("values-", name, NULL);
  PatronChart *chart = patron_chart_new (id, PATRON_CHART_BAR, patron_text_plain (name));
  double shares[PATRON_PROFILE_TOP], shown = 0;
  guint n = MIN (p->n_top, MAX (n_top, 2)), order[PATRON_PROFILE_TOP];
  order_values (p, n, order);
  chart->horizontal = TRUE;
  chart->value_labels = TRUE;
  patron_axis_set (&chart->y, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_PERCENT, patron_text (N_("Share of rows with a value"), NULL));
  chart->x.zero = TRUE;
  for (guint k = 0; k < n; k++)
    {
      const PatronFrequency *value = &p->top[order[k]];
      shares[k] = (double) value->count / (double) p->n_values;
      shown += shares[k];
      patron_axis_add_category (&chart->y, patron_profile_value_text (p, value));
    }
  patron_chart_add_series (chart, patron_text (N_("Rows"), NULL), PATRON_SERIES_BARS, n, NULL, shares);
  patron_chart_set_caption (chart, describe_values (p, n, shown));
  patron_report_add_chart (report, chart);
}

/* Bars of a hundredth each would say nothing. */
static gboolean
shows_much (const PatronProfile *p, guint n_top)
{
  gsize shown = 0;
  for (guint k = 0; k < MIN (p->n_top, MAX (n_top, 2)); k++)
    shown += p->top[k].count;
  return p->top[0].count > 1 && (double) shown >= SHOWN_SHARE * (double) p->n_values;
}

void
patron_description_add_charts (const PatronDescription *d, PatronReport *report)
{
  guint drawn = 0;
  for (guint i = 0; i < d->n_profiles && drawn < d->n_charts; i++)
    {
      const PatronProfile *p = &d->profiles[i];
      if (p->n_values == 0 || p->constant || p->id_like)
        continue;
      if (patron_profile_is_ordered (p) && p->type != PATRON_TYPE_BOOLEAN && !(p->type == PATRON_TYPE_INTEGER && p->n_distinct == 2))
        {
          if (p->n_bins == 0)
            continue;
          add_histogram (p, report);
        }
      else if (shows_much (p, d->n_top))
        add_bars (p, d->n_top, report);
      else
        continue;
      drawn++;
    }
}

void
patron_description_add_top_values (const PatronDescription *d, PatronReport *report)
{
  PatronReportTable *table = NULL;
  for (guint i = 0; i < d->n_profiles; i++)
    {
      const PatronProfile *p = &d->profiles[i];
      gboolean listed = !patron_profile_is_ordered (p) || p->type == PATRON_TYPE_BOOLEAN || p->n_distinct <= FEW_DISTINCT;
      if (!listed || p->n_top == 0 || p->top[0].count < 2 || p->constant)
        continue;
      if (table == NULL)
        {
          table = patron_report_add_table (report, "top-values", patron_text (N_("Most frequent values"), NULL));
          patron_report_table_add_column (table, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
          patron_report_table_add_column (table, "value", patron_text (N_("Value"), NULL), PATRON_FORMAT_TEXT);
          patron_report_table_add_column (table, "count", patron_text (N_("Rows"), NULL), PATRON_FORMAT_COUNT);
          patron_report_table_add_column (table, "share", patron_text (N_("% of values"), NULL), PATRON_FORMAT_PERCENT)->bar = TRUE;
        }
      for (guint k = 0; k < MIN (p->n_top, d->n_top); k++)
        {
          patron_report_table_add_row (table);
          patron_report_table_add_string (table, patron_column_get_name (p->column));
          patron_report_table_add_text (table, patron_profile_value_text (p, &p->top[k]));
          patron_report_table_add_number (table, (double) p->top[k].count);
          patron_report_table_add_number (table, (double) p->top[k].count / (double) p->n_values);
        }
    }
  if (table != NULL)
    patron_report_table_set_caption (table, patron_text (N_("Texts, categories, and numbers with at most {n} different values."), "n", PATRON_COUNT (FEW_DISTINCT), NULL));
}
