/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/logistic-regression.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { MAX_COLUMNS = 15, MAX_EQUATIONS = 6 };

double
patron_logistic_step (const PatronLogisticPage *page, gsize column)
{
  const PatronDesignColumn *c = patron_design_column (page->design, (guint) column);
  const PatronDesignSource *source = patron_design_source (page->design, c->source);

  return c->level >= 0 || source->type == PATRON_TYPE_BOOLEAN ? 1 : page->inference->fit->scales[column];
}

static void
add_position (const PatronLogisticPage *page, PatronChart *chart, gsize column)
{
  const char *name = patron_design_column (page->design, (guint) column)->name;
  const double step = patron_logistic_step (page, column);

  if (step == 1)
    patron_axis_add_name (&chart->y, name);
  else
    {
      g_autofree char *number = patron_format_number (PATRON_FORMAT_NUMBER, step);
      g_autofree char *label = g_strdup_printf ("%s (+%s)", name, number);
      patron_axis_add_name (&chart->y, label);
    }
}

static const PatronLogisticTerm *
find_term (const PatronLogisticPage *page, guint equation, gsize column)
{
  for (guint i = 0; i < page->inference->terms->len; i++)
    {
      const PatronLogisticTerm *term = &g_array_index (page->inference->terms, PatronLogisticTerm, i);
      if (term->equation == equation && term->column == column)
        return term;
    }
  return NULL;
}

/* The columns of the strongest terms, each once. */
static guint
choose_columns (const GPtrArray *order, gsize *columns)
{
  guint n = 0;

  for (guint i = 0; i < order->len && n < MAX_COLUMNS; i++)
    {
      const gsize column = ((const PatronLogisticTerm *) order->pdata[i])->column;
      guint seen = 0;
      while (seen < n && columns[seen] != column)
        seen++;
      if (seen == n)
        columns[n++] = column;
    }
  return n;
}

/* Dots of one equation; those of several lie a little apart. */
static void
add_equation (const PatronLogisticPage *page, PatronChart *chart, guint equation, guint n_equations, const gsize *columns, guint n)
{
  double at[MAX_COLUMNS], ratio[MAX_COLUMNS], low[MAX_COLUMNS], high[MAX_COLUMNS];
  const PatronLogistic *fit = page->inference->fit;

  for (guint i = 0; i < n; i++)
    {
      const PatronLogisticTerm *term = find_term (page, equation, columns[i]);
      const double step = patron_logistic_step (page, columns[i]);
      at[i] = i + 0.5 * (((double) equation + 0.5) / n_equations - 0.5);
      ratio[i] = exp (step * term->estimate);
      low[i] = pow (term->low, step);
      high[i] = pow (term->high, step);
    }
  PatronSeries *series = patron_chart_add_series (chart, n_equations > 1 ? patron_text_plain (page->class_names[fit->classes[equation]]) : NULL,
                                                  PATRON_SERIES_POINTS, n, at, ratio);
  if (page->inference->errors)
    patron_series_set_interval (series, low, high);
}

static PatronText *
odds_caption (const PatronLogisticPage *page, double first)
{
  const char *reference = page->class_names[page->inference->fit->reference];
  const char *name = page->class_names[page->inference->fit->classes[0]];

  if (page->inference->fit->n_classes > 2)
    return patron_text (N_("Right of 1: the class becomes more likely than {reference}; left: less. Numbers in brackets: the step, one standard "
                           "deviation; levels are compared with the reference level. The first is × {ratio}."), "reference",
                        PATRON_STRING (reference), "ratio", PATRON_NUMBER (first), NULL);
  if (page->inference->errors)
    return patron_text (N_("Right of 1: {class} becomes more likely; left: less. Lines are {level} intervals; one that crosses 1 fits no effect as "
                           "well. Numbers in brackets: the step, one standard deviation. The first is × {ratio}."), "class",
                        PATRON_STRING (name), "level", PATRON_PERCENT (page->params->confidence), "ratio", PATRON_NUMBER (first), NULL);
  return patron_text (N_("Right of 1: {class} becomes more likely; left: less. Numbers in brackets: the step, one standard deviation. The "
                           "first is × {ratio}."), "class", PATRON_STRING (name), "ratio", PATRON_NUMBER (first), NULL);
}

void
patron_logistic_odds_chart (const PatronLogisticPage *page, const GPtrArray *order)
{
  const guint n_equations = MIN (page->inference->fit->n_equations, MAX_EQUATIONS);
  gsize columns[MAX_COLUMNS];
  const guint n = choose_columns (order, columns);

  if (n == 0)
    return;
  const PatronLogisticTerm *first = order->pdata[0];
  PatronChart *chart = patron_chart_new ("odds-ratios", PATRON_CHART_BAR, page->inference->errors
                                         ? patron_text (N_("Odds ratios, the clearest first"), NULL)
                                         : patron_text (N_("Odds ratios, the strongest first"), NULL));
  chart->horizontal = TRUE;
  patron_axis_set (&chart->y, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  patron_axis_set (&chart->x, PATRON_AXIS_LOG, PATRON_FORMAT_NUMBER, patron_text (N_("Odds ratio"), NULL));
  for (guint i = 0; i < n; i++)
    add_position (page, chart, columns[i]);
  patron_chart_add_series (chart, NULL, PATRON_SERIES_REFERENCE, 2, (double[]) { -0.5, n - 0.5 }, (double[]) { 1, 1 });
  for (guint a = 0; a < n_equations; a++)
    add_equation (page, chart, a, n_equations, columns, n);
  patron_chart_set_caption (chart, odds_caption (page, exp (patron_logistic_step (page, first->column) * first->estimate)));
  patron_report_add_chart (page->report, chart);
}
