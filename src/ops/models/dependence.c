/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/dependence.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/order.h"
#include "base/parallel.h"

#define GRID 21
#define MAX_CURVES 6

/* One curve: grid points of a source, the codes that stand for each, and the mean predictions there. */
typedef struct
{
  const PatronDependence *page;
  guint       source;
  gsize       column;            /* of the matrix */
  gboolean    categorical;
  guint       n;                 /* grid points, ≤ GRID */
  double      value[GRID];       /* numbers: the value; categories: the level */
  guint8     *codes;             /* n */
  double     *mean;              /* n × outputs */
} Curve;

/* Distinct quantiles of the column's values, the ends included. */
static void
number_grid (Curve *d)
{
  const PatronDependence *page = d->page;
  const double *column = patron_matrix_column (page->x, d->column);
  gsize m = MIN (page->n, 5000), present = 0;
  g_autofree double *values = g_new (double, m);
  for (gsize i = 0; i < m; i++)
    if (!isnan (column[page->rows[i * page->n / m]]))
      values[present++] = column[page->rows[i * page->n / m]];
  patron_sort_doubles (values, present);
  for (guint g = 0; g < GRID && present > 0; g++)
    {
      double value = values[(gsize) g * (present - 1) / (GRID - 1)];
      if (d->n == 0 || value > d->value[d->n - 1])
        d->value[d->n++] = value;
    }
  d->codes = g_new (guint8, MAX (d->n, 1));
  for (guint g = 0; g < d->n; g++)
    d->codes[g] = patron_bins_code (d->page->bins, d->column, d->value[g]);
}

/* The levels of a category, most frequent first; a code is a level's place in the design. */
static void
level_grid (Curve *d)
{
  d->n = MIN (patron_design_source (d->page->design, d->source)->n_levels, GRID);
  d->codes = g_new (guint8, MAX (d->n, 1));
  for (guint g = 0; g < d->n; g++)
    {
      d->value[g] = g;
      d->codes[g] = patron_bins_code (d->page->bins, d->column, g);
    }
}

static void
curve_point (gsize begin, gsize end, int worker, gpointer data)
{
  Curve *d = data;
  for (gsize g = begin; g < end; g++)
    d->page->mean (d->page->data, d->column, d->codes[g], d->mean + g * d->page->n_outputs);
}

static gboolean
curve_init (Curve *d, const PatronDependence *page, guint source, GError **error)
{
  *d = (Curve) { .page = page, .source = source };
  guint p = patron_design_n_columns (page->design);
  while (d->column < p && patron_design_column (page->design, d->column)->source != source)
    d->column++;
  if (d->column == p)
    return TRUE;
  d->categorical = patron_design_is_categorical (page->design, d->column);
  if (d->categorical)
    level_grid (d);
  else
    number_grid (d);
  d->mean = g_new0 (double, MAX (d->n, 1) * page->n_outputs);
  return patron_parallel_for (page->run, d->n, 1, curve_point, d) || patron_run_check (page->run, error);
}

static double
point (const Curve *d, guint g)
{
  return d->mean[g * d->page->n_outputs + d->page->positive];
}

/* In words: where the curve is lowest and highest, and whether it goes one way. */
static PatronText *
number_caption (const Curve *d)
{
  const PatronDependence *page = d->page;
  double up = 0, down = 0;
  PatronFormat format = page->classes ? PATRON_FORMAT_PERCENT : PATRON_FORMAT_NUMBER;
  PatronType type = patron_design_source (page->design, d->source)->type;
  PatronFormat value_format = type == PATRON_TYPE_DATE ? PATRON_FORMAT_DATE : PATRON_FORMAT_NUMBER;
  const char *name = patron_design_source (page->design, d->source)->name;
  for (guint g = 1; g < d->n; g++)
    if (point (d, g) > point (d, g - 1))
      up += point (d, g) - point (d, g - 1);
    else
      down += point (d, g - 1) - point (d, g);
  const char *msgid = up > 4 * down   ? N_("The larger “{column}”, the larger the mean prediction: {y0} at {x0}, {y1} at {x1}.")
                      : down > 4 * up ? N_("The larger “{column}”, the smaller the mean prediction: {y0} at {x0}, {y1} at {x1}.")
                                      : N_("The mean prediction goes up and down with “{column}”: {y0} at {x0}, {y1} at {x1}.");
  return patron_text (msgid, "column", PATRON_STRING (name), "y0", format, point (d, 0), "x0", value_format, d->value[0], "y1", format,
                      point (d, d->n - 1), "x1", value_format, d->value[d->n - 1], NULL);
}

static PatronText *
level_caption (const Curve *d)
{
  const PatronDesignSource *source = patron_design_source (d->page->design, d->source);
  PatronFormat format = d->page->classes ? PATRON_FORMAT_PERCENT : PATRON_FORMAT_NUMBER;
  guint lowest = 0, highest = 0;
  for (guint g = 1; g < d->n; g++)
    {
      if (point (d, g) < point (d, lowest))
        lowest = g;
      if (point (d, g) > point (d, highest))
        highest = g;
    }
  return patron_text (N_("The mean prediction is highest for “{high}”, {y1}, and lowest for “{low}”, {y0}, everything else being as it "
                         "is."), "high",
                      PATRON_STRING (source->levels[highest]), "y1", format, point (d, highest), "low",
                        PATRON_STRING (source->levels[lowest]), "y0",
                      format, point (d, lowest), NULL);
}

static PatronText *
output_label (const PatronDependence *page, guint output)
{
  if (!page->classes)
    return patron_text (N_("Mean prediction"), NULL);
  return patron_text (N_("Mean probability of “{class}”"), "class", PATRON_STRING (page->class_names[output]), NULL);
}

static void
add_chart (const Curve *d, guint rank)
{
  const PatronDependence *page = d->page;
  guint k = page->n_outputs, first = k > 2 ? 0 : page->positive, last = k > 2 ? MIN (k, MAX_CURVES) : page->positive + 1;
  g_autofree char *id = g_strdup_printf ("dependence-%u", rank + 1);
  const PatronDesignSource *source = patron_design_source (page->design, d->source);
  PatronChart *chart = patron_chart_new (id, d->categorical ? PATRON_CHART_BAR : PATRON_CHART_LINE,
                                         patron_text (N_("How the prediction changes with “{column}”"), "column",
                                           PATRON_STRING (source->name), NULL));
  patron_axis_set (&chart->x, d->categorical ? PATRON_AXIS_CATEGORY : source->type == PATRON_TYPE_DATE ? PATRON_AXIS_DATE : PATRON_AXIS_LINEAR,
                   d->categorical ? PATRON_FORMAT_TEXT : source->type == PATRON_TYPE_DATE ? PATRON_FORMAT_DATE : PATRON_FORMAT_NUMBER,
                   patron_text_plain (source->name));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, page->classes ? PATRON_FORMAT_PERCENT : PATRON_FORMAT_NUMBER,
                   k > 2 ? patron_text (N_("Mean probability"), NULL) : output_label (page, page->positive));
  chart->y.zero = page->classes;
  for (guint g = 0; d->categorical && g < d->n; g++)
    patron_axis_add_name (&chart->x, source->levels[g]);
  for (guint c = first; c < last; c++)
    {
      double y[GRID];
      for (guint g = 0; g < d->n; g++)
        y[g] = d->mean[g * k + c];
      patron_chart_add_series (chart, k > 2 ? patron_text_plain (page->class_names[c]) : NULL,
                               d->categorical ? PATRON_SERIES_BARS : PATRON_SERIES_LINE, d->n, d->value, y);
    }
  patron_chart_set_caption (chart, k > 2            ? patron_text (N_("Mean prediction over rows that are changed in this column only."), NULL)
                                   : d->categorical ? level_caption (d)
                                                    : number_caption (d));
  patron_report_add_chart (page->report, chart);
}

gboolean
patron_dependence_add (const PatronDependence *dependence, guint source, guint *shown, GError **error)
{
  Curve d;
  gboolean fine = curve_init (&d, dependence, source, error);
  if (fine && d.n > 1)
    add_chart (&d, (*shown)++);
  g_free (d.codes);
  g_free (d.mean);
  return fine;
}
