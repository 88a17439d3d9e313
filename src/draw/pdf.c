/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/pdf-private.h"

#include "base/error.h"
#include "draw/document-private.h"
#include "draw/file.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <math.h>

static const struct
{
  double   size, before, after;
  gboolean bold, dim;
} roles[] = {
  [PATRON_TYPE_DOCUMENT_TITLE] = { 24, 0, 6, TRUE, FALSE },
  [PATRON_TYPE_HEADING_1] = { 17, 0, 6, TRUE, FALSE },
  [PATRON_TYPE_HEADING_2] = { 13, 14, 4, TRUE, FALSE },
  [PATRON_TYPE_HEADING_3] = { 10.5, 12, 2, TRUE, FALSE },
  [PATRON_TYPE_LEAD] = { 12, 2, 8, FALSE, FALSE },
  [PATRON_TYPE_BODY] = { 9.5, 0, 6, FALSE, FALSE },
  [PATRON_TYPE_CAPTION] = { 8.5, 0, 5, FALSE, TRUE },
  [PATRON_TYPE_CODE] = { 7.5, 0, 4, FALSE, FALSE },
};

PangoLayout *
patron_pages_type (PatronPages *pages, const char *text, double size, gboolean bold, double wrap)
{
  return patron_type_layout_new (pages->context, text, PATRON_FONT, size, bold, wrap);
}

/* ---- pages --------------------------------------------------------------------------------------------------------------- */

static void
set_metadata (cairo_surface_t *surface, const char *title, const char *author, gint64 date)
{
  g_autoptr(GDateTime) created = g_date_time_new_from_unix_utc (date / G_USEC_PER_SEC);
  g_autofree char *stamp = created != NULL ? g_date_time_format (created, "%Y-%m-%dT%H:%M:%SZ") : NULL;
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Patron " PATRON_VERSION);
  if (author != NULL)
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_AUTHOR, author);
  if (stamp != NULL)
    {
      /* Also makes the same document the same bytes. */
      cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, stamp);
      cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_MOD_DATE, stamp);
    }
}

static PatronPages *
pages_new (cairo_surface_t *surface, const char *title, GArray *target_pages, guint n_pages)
{
  PatronPages *pages = g_new0 (PatronPages, 1);
  pages->surface = surface;
  pages->cr = cairo_create (pages->surface);
  pages->context = patron_type_context_new ();
  pages->theme = &patron_theme_light;
  pages->title = g_strdup (title);
  pages->n_pages = n_pages;
  pages->target_pages = target_pages;
  pages->page = 1;
  pages->y = PATRON_PAGE_TOP;
  pages->empty = TRUE;
  pages->max_rows = 100;
  return pages;
}

PatronPages *
patron_pages_new (GByteArray *out, const char *title, const char *author, gint64 date, GArray *target_pages, guint n_pages)
{
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (patron_file_append, out, PATRON_PAGE_WIDTH, PATRON_PAGE_HEIGHT);
  set_metadata (surface, title, author, date);
  return pages_new (surface, title, target_pages, n_pages);
}

static cairo_surface_t *
sheet_new (void)
{
  const cairo_rectangle_t extents = { 0, 0, PATRON_PAGE_WIDTH, PATRON_PAGE_HEIGHT };
  return cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, &extents);
}

PatronPages *
patron_pages_new_sheets (GPtrArray *sheets, const char *title, GArray *target_pages, guint n_pages)
{
  PatronPages *pages = pages_new (sheet_new (), title, target_pages, n_pages);
  pages->sheets = sheets;
  return pages;
}

static void
turn_page (PatronPages *pages)
{
  if (pages->sheets == NULL)
    {
      cairo_show_page (pages->cr);
      return;
    }
  cairo_destroy (pages->cr);
  g_ptr_array_add (pages->sheets, pages->surface);
  pages->surface = sheet_new ();
  pages->cr = cairo_create (pages->surface);
}

static void
draw_footer (PatronPages *pages)
{
  g_autofree char *number = g_strdup_printf ("%u / %u", pages->page, MAX (pages->n_pages, pages->page));
  g_autoptr(PangoLayout) left = patron_pages_type (pages, pages->title, 8, FALSE, 0);
  g_autoptr(PangoLayout) right = patron_pages_type (pages, number, 8, FALSE, 0);
  double width, height, y = PATRON_PAGE_HEIGHT - 40;
  patron_type_measure (right, &width, &height);
  pango_layout_set_width (left, (int) ((patron_pages_width (pages) - width - 20) * PANGO_SCALE));
  pango_layout_set_ellipsize (left, PANGO_ELLIPSIZE_END);
  patron_colour_set (pages->cr, &pages->theme->dim, 1);
  patron_type_show (pages->cr, right, PATRON_PAGE_WIDTH - PATRON_PAGE_MARGIN - width, y);
  if (pages->page > 1)
    patron_type_show (pages->cr, left, PATRON_PAGE_MARGIN, y);
}

int
patron_pages_finish (PatronPages *pages, GError **error)
{
  draw_footer (pages);
  turn_page (pages);
  cairo_status_t status = cairo_status (pages->cr);
  int n_pages = (int) pages->page;
  cairo_destroy (pages->cr);
  cairo_surface_finish (pages->surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (pages->surface);
  cairo_surface_destroy (pages->surface);
  g_object_unref (pages->context);
  g_free (pages->title);
  g_free (pages);
  if (status == CAIRO_STATUS_SUCCESS)
    return n_pages;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("The report could not be drawn: %s."), cairo_status_to_string (status));
  return -1;
}

void
patron_pages_set_compact (PatronPages *pages)
{
  pages->compact = TRUE;
  pages->max_rows = 40;
}

double
patron_pages_width (const PatronPages *pages)
{
  return PATRON_PAGE_WIDTH - 2 * PATRON_PAGE_MARGIN;
}

double
patron_pages_left (const PatronPages *pages)
{
  return PATRON_PAGE_BOTTOM - pages->y;
}

void
patron_pages_break (PatronPages *pages)
{
  if (pages->empty)
    return;
  draw_footer (pages);
  turn_page (pages);
  pages->page++;
  pages->y = PATRON_PAGE_TOP;
  pages->empty = TRUE;
}

void
patron_pages_space (PatronPages *pages, double height)
{
  if (!pages->empty)
    pages->y += height;
}

void
patron_pages_need (PatronPages *pages, double height)
{
  if (patron_pages_left (pages) < height)
    patron_pages_break (pages);
}

void
patron_pages_rule (PatronPages *pages)
{
  cairo_set_line_width (pages->cr, 0.5);
  cairo_move_to (pages->cr, PATRON_PAGE_MARGIN, pages->y);
  cairo_line_to (pages->cr, PATRON_PAGE_WIDTH - PATRON_PAGE_MARGIN, pages->y);
  patron_colour_set (pages->cr, &pages->theme->axis, 1);
  cairo_stroke (pages->cr);
  pages->y += 8;
  pages->empty = FALSE;
}

/* ---- text ---------------------------------------------------------------------------------------------------------------- */

/* The lines of layout from the current place on, over as many pages as they take. */
static void
flow_lines (PatronPages *pages, PangoLayout *layout, double x, const PatronColour *colour)
{
  PangoLayoutIter *iter = pango_layout_get_iter (layout);
  double spacing = MAX (1, (double) pango_layout_get_line_spacing (layout));
  do
    {
      PangoRectangle logical;
      pango_layout_iter_get_line_extents (iter, NULL, &logical);
      double height = (double) logical.height / PANGO_SCALE * spacing;
      double rise = (double) (pango_layout_iter_get_baseline (iter) - logical.y) / PANGO_SCALE;
      patron_pages_need (pages, height);
      patron_colour_set (pages->cr, colour, 1);
      cairo_move_to (pages->cr, x + (double) logical.x / PANGO_SCALE, pages->y + rise);
      pango_cairo_show_layout_line (pages->cr, pango_layout_iter_get_line_readonly (iter));
      cairo_new_path (pages->cr);
      pages->y += height;
      pages->empty = FALSE;
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
}

static PangoLayout *
set_text (PatronPages *pages, PatronTypeRole role, const char *text)
{
  PangoLayout *layout = patron_pages_type (pages, text, roles[role].size, roles[role].bold, patron_pages_width (pages));
  if (role == PATRON_TYPE_CODE)
    {
      PangoFontDescription *font = pango_font_description_from_string ("monospace");
      pango_font_description_set_absolute_size (font, roles[role].size * PANGO_SCALE);
      pango_layout_set_font_description (layout, font);
      pango_font_description_free (font);
    }
  else
    pango_layout_set_line_spacing (layout, role <= PATRON_TYPE_HEADING_3 ? 1.1f : 1.25f);
  return layout;
}

double
patron_pages_text_height (PatronPages *pages, PatronTypeRole role, const char *text)
{
  double width, height;
  g_autoptr(PangoLayout) layout = set_text (pages, role, text);
  patron_type_measure (layout, &width, &height);
  return roles[role].before + height + roles[role].after;
}

void
patron_pages_text (PatronPages *pages, PatronTypeRole role, const char *text, double keep)
{
  if (text == NULL || *text == '\0')
    return;
  double width, height;
  g_autoptr(PangoLayout) layout = set_text (pages, role, text);
  patron_pages_space (pages, roles[role].before);
  patron_type_measure (layout, &width, &height);
  if (keep > 0)
    patron_pages_need (pages, height + roles[role].after + keep);
  flow_lines (pages, layout, PATRON_PAGE_MARGIN, roles[role].dim ? &pages->theme->dim : &pages->theme->text);
  pages->y += roles[role].after;
}

void
patron_pages_fact (PatronPages *pages, const char *label, const char *value)
{
  const double column = 108;
  g_autoptr(PangoLayout) name = patron_pages_type (pages, label, 9, FALSE, column - 10);
  g_autoptr(PangoLayout) text = patron_pages_type (pages, value, 9, FALSE, patron_pages_width (pages) - column);
  double width, height, value_height;
  pango_layout_set_line_spacing (text, 1.2f);
  pango_layout_set_line_spacing (name, 1.2f);
  patron_type_measure (name, &width, &height);
  patron_type_measure (text, &width, &value_height);
  patron_pages_need (pages, MIN (MAX (height, value_height), 100));
  double top = pages->y;
  guint page = pages->page;
  patron_colour_set (pages->cr, &pages->theme->dim, 1);
  patron_type_show (pages->cr, name, PATRON_PAGE_MARGIN, pages->y);
  flow_lines (pages, text, PATRON_PAGE_MARGIN + column, &pages->theme->text);
  if (page == pages->page)
    pages->y = MAX (pages->y, top + height);
  pages->y += 3;
}

/* ---- key figures ------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  PangoLayout *label, *value, *interval, *rival;
} Card;

static double
card_height (Card *card, double *widest)
{
  PangoLayout *parts[] = { card->label, card->value, card->interval, card->rival };
  double total = 0, width, height;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] != NULL)
      {
        patron_type_measure (parts[i], &width, &height);
        *widest = MAX (*widest, width);
        total += height + 1;
      }
  return total;
}

static Card
make_card (PatronPages *pages, const PatronReport *report, const PatronFigure *figure, double width)
{
  g_autofree char *label = patron_text_render (figure->label), *value = patron_format_number (figure->format, figure->value);
  g_autofree char *interval = patron_figure_interval (figure), *rival = patron_figure_rival (report, figure);
  Card card = { .label = patron_pages_type (pages, label, 8, FALSE, width) };
  for (double size = pages->compact ? 13 : 18; size >= 9; size -= 1)
    {
      double text_width, height;
      g_clear_object (&card.value);
      card.value = patron_pages_type (pages, value, size, TRUE, 0);
      patron_type_measure (card.value, &text_width, &height);
      if (text_width <= width)
        break;
    }
  if (interval != NULL)
    card.interval = patron_pages_type (pages, interval, 8, FALSE, width);
  if (rival != NULL)
    card.rival = patron_pages_type (pages, rival, 8, FALSE, width);
  return card;
}

static void
draw_card (PatronPages *pages, const Card *card, double x, double y, double width, double height, double padding)
{
  const PangoLayout *const order[] = { card->label, card->value, card->interval, card->rival };
  double text_width, text_height;
  cairo_new_sub_path (pages->cr);
  for (int corner = 0; corner < 4; corner++)
    cairo_arc (pages->cr, corner == 0 || corner == 3 ? x + 6 : x + width - 6, corner < 2 ? y + 6 : y + height - 6, 6,
               G_PI + corner * G_PI_2, G_PI + (corner + 1) * G_PI_2);
  cairo_close_path (pages->cr);
  patron_colour_set (pages->cr, &pages->theme->empty, 1);
  cairo_fill (pages->cr);
  y += padding;
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (order[i] != NULL)
      {
        PangoLayout *part = (PangoLayout *) order[i];
        patron_colour_set (pages->cr, i == 1 ? &pages->theme->text : &pages->theme->dim, 1);
        patron_type_show (pages->cr, part, x + padding, y);
        patron_type_measure (part, &text_width, &text_height);
        y += text_height + 1;
      }
}

static void
card_clear (gpointer data)
{
  Card *card = data;
  g_clear_object (&card->label);
  g_clear_object (&card->value);
  g_clear_object (&card->interval);
  g_clear_object (&card->rival);
}

void
patron_pages_figures (PatronPages *pages, const PatronReport *report, const GPtrArray *figures)
{
  const double gap = pages->compact ? 5 : 8, padding = pages->compact ? 5 : 9;
  if (figures->len == 0)
    return;
  guint rows = figures->len > 4 ? 2 : 1, columns = (figures->len + rows - 1) / rows;
  double width = (patron_pages_width (pages) - gap * (columns - 1)) / columns;
  /* One or two figures do not stretch over the page. */
  width = MIN (width, patron_pages_width (pages) / 3);
  for (guint row = 0; row < rows; row++)
    {
      g_autoptr(GArray) cards = g_array_new (FALSE, FALSE, sizeof (Card));
      g_array_set_clear_func (cards, card_clear);
      double tallest = 0, widest = 0;
      for (guint i = row * columns; i < MIN (figures->len, (row + 1) * columns); i++)
        {
          Card card = make_card (pages, report, figures->pdata[i], width - 2 * padding);
          tallest = MAX (tallest, card_height (&card, &widest));
          g_array_append_val (cards, card);
        }
      tallest += 2 * padding;
      patron_pages_need (pages, tallest);
      for (guint i = 0; i < cards->len; i++)
        draw_card (pages, &g_array_index (cards, Card, i), PATRON_PAGE_MARGIN + i * (width + gap), pages->y, width, tallest, padding);
      pages->y += tallest + gap;
      pages->empty = FALSE;
    }
}

/* ---- contents, outline --------------------------------------------------------------------------------------------------------- */

static char *
target_name (guint target)
{
  return g_strdup_printf ("run-%u", target);
}

void
patron_pages_contents (PatronPages *pages, const char *text, guint target)
{
  g_autofree char *name = target_name (target), *link = g_strdup_printf ("dest='%s'", name);
  g_autoptr(PangoLayout) layout = patron_pages_type (pages, text, 11, TRUE, patron_pages_width (pages) - 40);
  patron_pages_need (pages, 60);
  if (target < pages->target_pages->len)
    {
      g_autofree char *page = g_strdup_printf (_("page %u"), g_array_index (pages->target_pages, guint, target));
      g_autoptr(PangoLayout) number = patron_pages_type (pages, page, 8.5, FALSE, 0);
      double width, height;
      patron_type_measure (number, &width, &height);
      patron_colour_set (pages->cr, &pages->theme->dim, 1);
      patron_type_show (pages->cr, number, PATRON_PAGE_WIDTH - PATRON_PAGE_MARGIN - width, pages->y + 2);
    }
  cairo_tag_begin (pages->cr, CAIRO_TAG_LINK, link);
  flow_lines (pages, layout, PATRON_PAGE_MARGIN, &pages->theme->palette[0]);
  cairo_tag_end (pages->cr, CAIRO_TAG_LINK);
  pages->y += 4;
}

void
patron_pages_target (PatronPages *pages, guint target, const char *text)
{
  g_autofree char *name = target_name (target), *attributes = g_strdup_printf ("name='%s' x=%.1f y=%.1f", name, PATRON_PAGE_MARGIN, pages->y);
  g_autofree char *link = g_strdup_printf ("dest='%s'", name);
  if (pages->target_pages->len <= target)
    g_array_set_size (pages->target_pages, target + 1);
  g_array_index (pages->target_pages, guint, target) = pages->page;
  cairo_tag_begin (pages->cr, CAIRO_TAG_DEST, attributes);
  cairo_tag_end (pages->cr, CAIRO_TAG_DEST);
  if (pages->sheets == NULL)
    cairo_pdf_surface_add_outline (pages->surface, CAIRO_PDF_OUTLINE_ROOT, text, link, CAIRO_PDF_OUTLINE_FLAG_OPEN);
}
