/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/chart.h"

#include "base/error.h"
#include "draw/file.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define PNG_SCALE 2.0
#define POINTS_PER_PIXEL 0.75

/* Draws on the surface and finishes it, scaled by scale. */
static cairo_status_t
draw_on (cairo_surface_t *surface, const PatronChart *chart, double width, double height, double scale, const PatronChartStyle *style)
{
  cairo_t *cr = cairo_create (surface);
  cairo_scale (cr, scale, scale);
  patron_chart_draw (chart, cr, width, height, style);
  cairo_status_t status = cairo_status (cr);
  cairo_destroy (cr);
  return status;
}

static cairo_status_t
draw_png (GByteArray *out, const PatronChart *chart, double width, double height, const PatronChartStyle *style)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ceil (width * PNG_SCALE), (int) ceil (height * PNG_SCALE));
  cairo_status_t status = draw_on (surface, chart, width, height, PNG_SCALE, style);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, patron_file_append, out);
  cairo_surface_destroy (surface);
  return status;
}

static cairo_status_t
finish (cairo_surface_t *surface, cairo_status_t status)
{
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status;
}

static cairo_status_t
draw_svg (GByteArray *out, const PatronChart *chart, double width, double height, const PatronChartStyle *style)
{
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream (patron_file_append, out, width, height);
  cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
  return finish (surface, draw_on (surface, chart, width, height, 1, style));
}

static cairo_status_t
draw_pdf (GByteArray *out, const PatronChart *chart, double width, double height, const PatronChartStyle *style)
{
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (patron_file_append, out, width * POINTS_PER_PIXEL, height * POINTS_PER_PIXEL);
  g_autofree char *title = patron_text_render (chart->title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Patron " PATRON_VERSION);
  return finish (surface, draw_on (surface, chart, width, height, POINTS_PER_PIXEL, style));
}

gboolean
patron_chart_write (const PatronChart *chart, const char *path, double width, double height, const PatronChartStyle *style, GError **error)
{
  PatronChartStyle usual;
  patron_chart_style_init (&usual);
  usual.title = TRUE;
  usual.background = TRUE;
  style = style != NULL ? style : &usual;
  width = CLAMP (width, 16, 8000);
  height = CLAMP (height, 16, 8000);

  g_autoptr(GByteArray) out = g_byte_array_new ();
  const char *ending = patron_file_ending (path);
  cairo_status_t status;
  if (g_ascii_strcasecmp (ending, "png") == 0)
    status = draw_png (out, chart, width, height, style);
  else if (g_ascii_strcasecmp (ending, "svg") == 0)
    status = draw_svg (out, chart, width, height, style);
  else if (g_ascii_strcasecmp (ending, "pdf") == 0)
    status = draw_pdf (out, chart, width, height, style);
  else
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("A chart cannot be written to “%s”: the name must end in .png, .svg or .pdf."), path);
      return FALSE;
    }
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("The chart could not be drawn into “%s”: %s."), path, cairo_status_to_string (status));
      return FALSE;
    }
  return patron_file_replace (path, out->data, out->len, error);
}
