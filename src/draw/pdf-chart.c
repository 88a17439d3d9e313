/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/pdf-private.h"

#include "draw/chart.h"

#include <math.h>

#define LABEL_SIZE 8.5
#define NARROW_LABEL_SIZE 7.0
#define TITLE_SIZE 10.5
#define NARROW_TITLE_SIZE 9.5
#define CAPTION_SIZE 8.5
#define NARROW_CAPTION_SIZE 7.5
/* Between two charts beside each other, and around a row of them. */
#define GUTTER 18.0
#define ABOVE 12.0
#define BELOW 8.0
/* The most marks and labels that stay legible on half the width of a page. */
#define NARROW_BARS 12
#define NARROW_CELLS 6
#define NARROW_GROUPS 8

/* As tall as what it shows needs: bars side by side down the page grow with their number. */
static double
chart_height (const PatronChart *chart, double width, gboolean narrow)
{
  if (chart->panels->len > 0)
    return CLAMP (70 + 120.0 * ceil (chart->panels->len / 3.0), 190, 560);
  gboolean sideways = patron_chart_is_sideways (chart);
  if (sideways)
    return CLAMP ((narrow ? 44 : 60) + (narrow ? 15.0 : 17.0) * MAX (1, chart->y.categories->len) * (chart->stacked ? 1 : MAX (1, chart->series->len * 0.85)),
                  narrow ? 80 : 120, 560);
  if (chart->kind == PATRON_CHART_HEAT_MAP)
    return CLAMP (70 + 22.0 * (double) chart->n_y, 140, 560);
  return width * (narrow ? 0.62 : 0.4);   /* three to a page */
}

gboolean
patron_chart_fits_narrow (const PatronChart *chart)
{
  const PatronAxis *categories = chart->horizontal ? &chart->y : &chart->x;
  if (chart->panels->len > 2)
    return FALSE;
  switch (chart->kind)
    {
    case PATRON_CHART_HISTOGRAM:
    case PATRON_CHART_LINE:
    case PATRON_CHART_SCATTER:
      return chart->series->len <= NARROW_GROUPS;
    case PATRON_CHART_BAR:
      return categories->categories->len * MAX (1, chart->stacked ? 1 : chart->series->len) <= NARROW_BARS;
    case PATRON_CHART_BOX:
    case PATRON_CHART_VIOLIN:
      return categories->categories->len <= NARROW_GROUPS;
    case PATRON_CHART_HEAT_MAP:
    case PATRON_CHART_MOSAIC:
    default:
      return chart->n_x <= NARROW_CELLS;
    }
}

/* One chart with its words, set at a width. */
typedef struct
{
  const PatronChart *chart;
  PangoLayout       *title, *caption;   /* NULL: none */
  double             title_height, caption_height, height;
} Plate;

static PangoLayout *
set_words (PatronPages *pages, const PatronText *words, double size, gboolean bold, double width, double *height)
{
  g_autofree char *text = patron_text_render (words);
  double measured;
  *height = 0;
  if (*text == '\0')
    return NULL;
  PangoLayout *layout = patron_pages_type (pages, text, size, bold, width);
  pango_layout_set_line_spacing (layout, bold ? 1.1f : 1.25f);
  patron_type_measure (layout, &measured, height);
  *height += bold ? 2 : 5;
  return layout;
}

static void
plate_init (Plate *plate, PatronPages *pages, const PatronChart *chart, double width, gboolean narrow)
{
  plate->chart = chart;
  plate->title = set_words (pages, chart->title, narrow ? NARROW_TITLE_SIZE : TITLE_SIZE, TRUE, width, &plate->title_height);
  plate->caption = set_words (pages, chart->caption, narrow ? NARROW_CAPTION_SIZE : CAPTION_SIZE, FALSE, width, &plate->caption_height);
  plate->height = chart_height (chart, width, narrow);
}

static void
show_words (PatronPages *pages, PangoLayout *layout, const PatronColour *colour, double x, double y)
{
  if (layout == NULL)
    return;
  patron_colour_set (pages->cr, colour, 1);
  patron_type_show (pages->cr, layout, x, y);
}

/* The pictures of a row start at one height, their words hang from the top. */
static void
plate_draw (const Plate *plate, PatronPages *pages, double x, double width, double words_height, gboolean narrow)
{
  PatronChartStyle style;
  patron_chart_style_init (&style);
  style.size = narrow ? NARROW_LABEL_SIZE : LABEL_SIZE;
  show_words (pages, plate->title, &pages->theme->text, x, pages->y);
  show_words (pages, plate->caption, &pages->theme->dim, x, pages->y + plate->title_height);
  cairo_save (pages->cr);
  cairo_translate (pages->cr, x, pages->y + words_height);
  patron_chart_draw (plate->chart, pages->cr, width, plate->height, &style);
  cairo_restore (pages->cr);
}

void
patron_pages_charts (PatronPages *pages, const PatronChart *const *charts, guint n, gboolean narrow)
{
  double width = narrow ? (patron_pages_width (pages) - GUTTER) / 2 : patron_pages_width (pages), words = 0, height = 0;
  Plate plates[2];
  n = MIN (n, G_N_ELEMENTS (plates));
  for (guint i = 0; i < n; i++)
    {
      plate_init (&plates[i], pages, charts[i], width, narrow);
      words = MAX (words, plates[i].title_height + plates[i].caption_height);
      height = MAX (height, plates[i].height);
    }
  patron_pages_space (pages, ABOVE);
  patron_pages_need (pages, words + height);
  for (guint i = 0; i < n; i++)
    {
      plate_draw (&plates[i], pages, PATRON_PAGE_MARGIN + i * (width + GUTTER), width, words, narrow);
      g_clear_object (&plates[i].title);
      g_clear_object (&plates[i].caption);
    }
  pages->y += words + height + BELOW;
  pages->empty = FALSE;
}
