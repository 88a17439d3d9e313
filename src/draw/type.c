/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/type.h"

#include <string.h>

PangoContext *
patron_type_context_new (void)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  cairo_font_options_t *options = cairo_font_options_create ();
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  cairo_font_options_destroy (options);
  pango_context_set_round_glyph_positions (context, FALSE);
  return context;
}

/* Han characters alone do not say whose they are: in an interface in another language they are taken as Chinese unless kana
 * stand beside them. */
const char *
patron_type_language (const char *text)
{
  const char *language = g_get_language_names ()[0];
  gboolean han = FALSE;
  if (g_str_has_prefix (language, "zh"))
    return strstr (language, "TW") != NULL || strstr (language, "HK") != NULL ? "zh-tw" : "zh-cn";
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (c < 0x2e80)
        continue;
      if (c >= 0x3040 && c <= 0x30ff)
        return "ja";
      han = han || (c >= 0x3400 && c <= 0x9fff) || (c >= 0x20000 && c <= 0x3ffff);
    }
  return han ? "zh-cn" : "en";
}

PangoLayout *
patron_type_layout_new (PangoContext *context, const char *text, const char *font, double size, gboolean bold, double wrap)
{
  PangoLayout *layout = pango_layout_new (context);
  PangoFontDescription *description = pango_font_description_new ();
  pango_font_description_set_family (description, font);
  pango_font_description_set_absolute_size (description, MAX (1, size) * PANGO_SCALE);
  if (bold)
    pango_font_description_set_weight (description, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, description);
  pango_font_description_free (description);

  PangoAttrList *attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_language_new (pango_language_from_string (patron_type_language (text))));
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_text (layout, text, -1);
  if (wrap > 0)
    {
      pango_layout_set_width (layout, (int) (wrap * PANGO_SCALE));
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
    }
  return layout;
}

void
patron_type_measure (PangoLayout *layout, double *width, double *height)
{
  int w, h;
  pango_layout_get_size (layout, &w, &h);
  *width = (double) w / PANGO_SCALE;
  *height = (double) h / PANGO_SCALE;
}

void
patron_type_show (cairo_t *cr, PangoLayout *layout, double x, double y)
{
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
  cairo_new_path (cr);
}

void
patron_colour_set (cairo_t *cr, const PatronColour *colour, double alpha)
{
  cairo_set_source_rgba (cr, colour->red, colour->green, colour->blue, alpha);
}
