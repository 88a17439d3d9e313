/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/grid-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/text.h"

typedef struct
{
  GdkRGBA text, dim, line, header, accent, selection, missing;
} Colours;

static GdkRGBA
look_up (GtkStyleContext *context, const char *name, const char *fallback)
{
  GdkRGBA colour;
  if (!gtk_style_context_lookup_color (context, name, &colour))
    gdk_rgba_parse (&colour, fallback);
  return colour;
}

static GdkRGBA
faded (GdkRGBA colour, float alpha)
{
  colour.alpha *= alpha;
  return colour;
}

static Colours
get_colours (GtkWidget *widget)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  Colours colours;
  gtk_style_context_get_color (context, &colours.text);
  colours.dim = faded (colours.text, 0.55f);
  colours.line = faded (colours.text, 0.08f);
  colours.header = look_up (context, "headerbar_bg_color", "#ebebeb");
  colours.accent = look_up (context, "accent_bg_color", "#1a7f4e");
  colours.selection = faded (colours.accent, 0.18f);
  colours.missing = look_up (context, "warning_bg_color", "#e5a50a");
  return colours;
}

void
patron_grid_forget_layouts (PatronGrid *self)
{
  if (self->layouts != NULL)
    {
      g_hash_table_remove_all (self->layouts);
      g_hash_table_remove_all (self->old_layouts);
    }
}

static void
fill (GtkSnapshot *snapshot, const GdkRGBA *colour, double x, double y, double width, double height)
{
  if (width > 0 && height > 0)
    gtk_snapshot_append_color (snapshot, colour, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height));
}

static void
draw_layout (GtkSnapshot *snapshot, PangoLayout *layout, const GdkRGBA *colour, double x, double y)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

/* ---- cells ------------------------------------------------------------------------------------------------- */

static void
fit_layout (PangoLayout *layout, int available)
{
  int width;
  pango_layout_get_pixel_size (layout, &width, NULL);
  if (width <= available)
    return;
  pango_layout_set_width (layout, MAX (1, available) * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
}

static gboolean
on_next_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer unused)
{
  PATRON_GRID (widget)->more_frames = 0;
  gtk_widget_queue_draw (widget);
  return G_SOURCE_REMOVE;
}

/* A page of new cells takes longer than a frame may: scrolling stays smooth when the rest of them comes with the next one. */
static gboolean
has_time (PatronGrid *self)
{
  if (self->frame_layouts++ < PATRON_GRID_LEAST_LAYOUTS || g_get_monotonic_time () < self->frame_end)
    return TRUE;
  if (self->more_frames == 0)
    self->more_frames = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_next_frame, NULL, NULL);
  return FALSE;
}

/* Before a frame is drawn: what it shows is young again. */
static void
age_layouts (PatronGrid *self)
{
  if (g_hash_table_size (self->layouts) > PATRON_GRID_MOST_LAYOUTS && g_hash_table_size (self->old_layouts) == 0)
    {
      GHashTable *empty = self->old_layouts;
      self->old_layouts = self->layouts;
      self->layouts = empty;
    }
}

/* After it: to free thousands of layouts takes longer than a frame may, so old ones go as fast as new ones come. */
static void
drop_old_layouts (PatronGrid *self)
{
  GHashTableIter iter;
  g_hash_table_iter_init (&iter, self->old_layouts);
  for (guint i = 0; i < self->frame_layouts + PATRON_GRID_LEAST_LAYOUTS && g_hash_table_iter_next (&iter, NULL, NULL); i++)
    g_hash_table_iter_remove (&iter);
}

static PangoLayout *
find_layout (PatronGrid *self, const gint64 *key)
{
  PangoLayout *layout = g_hash_table_lookup (self->layouts, key);
  gpointer old_key;
  if (layout == NULL && g_hash_table_steal_extended (self->old_layouts, key, &old_key, (gpointer *) &layout))
    g_hash_table_insert (self->layouts, old_key, layout);
  return layout;
}

/* Borrowed; NULL for a cell that is empty or not there yet. */
static PangoLayout *
cell_layout (PatronGrid *self, gsize row, guint column)
{
  gint64 key = (gint64) row << 24 | column;
  PangoLayout *layout = find_layout (self, &key);
  if (layout != NULL)
    return layout;
  char text[256];
  PatronCellState state = patron_grid_cache_text (self->cache, row, column, text, sizeof text);
  if (state != PATRON_CELL_VALUE || !has_time (self))
    return NULL;
  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  fit_layout (layout, self->columns[column].width - 2 * PATRON_GRID_PADDING);
  g_hash_table_insert (self->layouts, g_memdup2 (&key, sizeof key), layout);
  return layout;
}

static void
draw_cells_of_column (PatronGrid *self, GtkSnapshot *snapshot, const Colours *colours, guint column, gsize first, gsize n, double y0)
{
  int x = patron_grid_column_x (self, column), width = self->columns[column].width;
  gboolean right = patron_grid_sorts_numbers (self, column);
  for (gsize i = 0; i < n; i++)
    {
      PangoLayout *layout = cell_layout (self, first + i, column);
      double y = y0 + (double) i * self->row_height;
      if (layout == NULL)
        {
          /* Missing, or on its way: a short dash that is not mistaken for text. */
          double left = right ? x + width - PATRON_GRID_PADDING - 10 : x + PATRON_GRID_PADDING;
          fill (snapshot, &colours->line, left, y + self->row_height / 2.0, 10, 2);
          continue;
        }
      int text_width = 0;
      if (right)
        pango_layout_get_pixel_size (layout, &text_width, NULL);
      draw_layout (snapshot, layout, &colours->text, right ? x + width - PATRON_GRID_PADDING - text_width : x + PATRON_GRID_PADDING, y + 4);
    }
}

static void
draw_selection (PatronGrid *self, GtkSnapshot *snapshot, const Colours *colours, gsize first, gsize n, double y0)
{
  gsize row0, row1;
  guint column0, column1;
  patron_grid_selection (self, &row0, &row1, &column0, &column1);
  int x0 = patron_grid_column_x (self, column0), x1 = patron_grid_column_x (self, column1) + self->columns[column1].width;
  if ((row0 != row1 || column0 != column1) && row1 >= first && row0 < first + n)
    {
      gsize top = MAX (row0, first), bottom = MIN (row1, first + n - 1);
      fill (snapshot, &colours->selection, x0, y0 + (double) (top - first) * self->row_height, x1 - x0,
            (double) (bottom - top + 1) * self->row_height);
    }
  if (self->row < first || self->row >= first + n)
    return;
  const GdkRGBA *colour = gtk_widget_has_focus (GTK_WIDGET (self)) ? &colours->accent : &colours->dim;
  double x = patron_grid_column_x (self, self->column), y = y0 + (double) (self->row - first) * self->row_height;
  double width = self->columns[self->column].width, height = self->row_height;
  fill (snapshot, colour, x, y, width, 2);
  fill (snapshot, colour, x, y + height - 2, width, 2);
  fill (snapshot, colour, x, y, 2, height);
  fill (snapshot, colour, x + width - 2, y, 2, height);
}

static void
draw_marks (PatronGrid *self, GtkSnapshot *snapshot, const Colours *colours, guint first, guint n, double height)
{
  GdkRGBA colour = faded (colours->accent, 0.10f);
  for (guint i = first; i < first + n; i++)
    if (self->columns[i].marked)
      fill (snapshot, &colour, patron_grid_column_x (self, i), self->header_height, self->columns[i].width, height);
}

static void
draw_row_lines (PatronGrid *self, GtkSnapshot *snapshot, const Colours *colours, gsize n, double y0, double right)
{
  for (gsize i = 1; i <= n; i++)
    fill (snapshot, &colours->line, 0, y0 + (double) i * self->row_height - 1, right, 1);
}

/* Numbers of the table's own rows, so that a sorted or filtered row can be found again. */
static void
draw_row_numbers (PatronGrid *self, GtkSnapshot *snapshot, const Colours *colours, gsize first, gsize n, double y0)
{
  const guint32 *order = patron_grid_get_order (self);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  for (gsize i = 0; i < n; i++)
    {
      char text[32];
      int width;
      g_snprintf (text, sizeof text, "%zu", (order != NULL ? order[first + i] : first + i) + 1);
      pango_layout_set_text (layout, text, -1);
      pango_layout_get_pixel_size (layout, &width, NULL);
      draw_layout (snapshot, layout, &colours->dim, self->gutter - PATRON_GRID_PADDING - width, y0 + (double) i * self->row_height + 4);
    }
}

/* ---- headers ----------------------------------------------------------------------------------------------- */

static GdkPaintable *
type_icon (PatronGrid *self, PatronType type)
{
  static const char *const names[PATRON_N_TYPES] = {
    [PATRON_TYPE_NUMBER] = "number", [PATRON_TYPE_INTEGER] = "number", [PATRON_TYPE_BOOLEAN] = "boolean", [PATRON_TYPE_CATEGORY] = "category",
    [PATRON_TYPE_TEXT] = "text", [PATRON_TYPE_DATE] = "date", [PATRON_TYPE_TIME] = "date", [PATRON_TYPE_DURATION] = "duration",
  };
  if (self->icons[type] == NULL)
    {
      g_autofree char *name = g_strconcat ("patron-type-", names[type], "-symbolic", NULL);
      GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
      self->icons[type] = GDK_PAINTABLE (gtk_icon_theme_lookup_icon (theme, name, NULL, 16, gtk_widget_get_scale_factor (GTK_WIDGET (self)),
                                                                     GTK_TEXT_DIR_NONE, GTK_ICON_LOOKUP_FORCE_SYMBOLIC));
    }
  return self->icons[type];
}

static void
draw_icon (PatronGrid *self, GtkSnapshot *snapshot, PatronType type, const GdkRGBA *colour, double x, double y)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (type_icon (self, type)), snapshot, 14, 14, colour, 1);
  gtk_snapshot_restore (snapshot);
}

static void
draw_histogram (GtkSnapshot *snapshot, const Colours *colours, const PatronColumnProfile *profile, double x, double y, double width, double height)
{
  gsize most = 0;
  for (guint i = 0; i < profile->n_bins; i++)
    most = MAX (most, profile->bins[i]);
  if (most == 0)
    return;
  GdkRGBA colour = faded (colours->accent, 0.7f);
  double step = MIN (width / profile->n_bins, 18);
  double gap = step > 5 ? 1 : 0;
  for (guint i = 0; i < profile->n_bins; i++)
    {
      double bar = profile->bins[i] == 0 ? 0 : MAX (1, round (height * (double) profile->bins[i] / (double) most));
      double left = floor (x + i * step), right = floor (x + (i + 1) * step) - gap;
      fill (snapshot, &colour, left, y + height - bar, right - left, bar);
    }
}

/* A line as long as the column is wide: the part that is missing stands out. */
static void
draw_missing_bar (GtkSnapshot *snapshot, const Colours *colours, const PatronColumnProfile *profile, double x, double y, double width)
{
  double share = profile->n > 0 ? (double) profile->n_missing / (double) profile->n : 0;
  double missing = profile->n_missing > 0 ? MAX (2, width * share) : 0;
  fill (snapshot, &colours->line, x, y, width - missing, 3);
  fill (snapshot, &colours->missing, x + width - missing, y, missing, 3);
}

static void
draw_role (PatronGrid *self, GtkSnapshot *snapshot, const Colours *colours, const char *role, PangoLayout *layout, double x, double y, int available)
{
  int width, height;
  pango_layout_set_text (layout, role, -1);
  fit_layout (layout, available - 12);
  pango_layout_get_pixel_size (layout, &width, &height);
  GskRoundedRect chip;
  gsk_rounded_rect_init_from_rect (&chip, &GRAPHENE_RECT_INIT ((float) x, (float) y, width + 12, height + 2), height / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &chip);
  fill (snapshot, &colours->accent, x, y, width + 12, height + 2);
  gtk_snapshot_pop (snapshot);
  draw_layout (snapshot, layout, &(GdkRGBA) { 1, 1, 1, 1 }, x + 6, y + 1);
}

static PangoLayout *
small_layout (PatronGrid *self)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  PangoAttrList *attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_scale_new (0.82));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  return layout;
}

PangoLayout *
patron_grid_bold_layout (PatronGrid *self, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  return layout;
}

/* Under the name: the role if it has one, else the type, and what is missing. */
static void
draw_header_note (PatronGrid *self, GtkSnapshot *snapshot, const Colours *colours, guint column, double x, double y, int available)
{
  const PatronGridColumn *header = &self->columns[column];
  g_autoptr (PangoLayout) layout = small_layout (self);
  if (header->role != NULL)
    {
      draw_role (self, snapshot, colours, header->role, layout, x, y, available);
      return;
    }
  PatronColumn *data = patron_table_column (self->table, column);
  const char *unit = patron_column_get_unit (data);
  g_autofree char *text = unit != NULL ? g_strdup_printf ("%s · %s", _(patron_type_label (patron_column_get_type (data))), unit)
                                       : g_strdup (_(patron_type_label (patron_column_get_type (data))));
  pango_layout_set_text (layout, text, -1);
  fit_layout (layout, available);
  draw_layout (snapshot, layout, &colours->dim, x, y + 1);
}

/* A small triangle, from bars: what a click there opens hangs below it. */
static void
draw_menu_mark (GtkSnapshot *snapshot, const GdkRGBA *colour, double x, double y)
{
  for (int i = 0; i < 4; i++)
    fill (snapshot, colour, x + i, y - 1 + i, 8 - 2 * i, 1);
}

/* What lies below hardly shows. */
static void
draw_veil (GtkSnapshot *snapshot, const GdkRGBA *colour, double x, double y, double width, double height)
{
  GdkRGBA veil = faded (*colour, 0.75f);
  fill (snapshot, &veil, x, y, width, height);
}

static void
draw_veils (PatronGrid *self, GtkSnapshot *snapshot, const Colours *colours, guint first, guint n, double height)
{
  for (guint i = first; i < first + n; i++)
    if (self->columns[i].left_out)
      draw_veil (snapshot, &colours->header, patron_grid_column_x (self, i), self->header_height, self->columns[i].width, height);
}

static void
draw_header (PatronGrid *self, GtkSnapshot *snapshot, const Colours *colours, guint column)
{
  const PatronGridColumn *header = &self->columns[column];
  PatronColumn *data = patron_table_column (self->table, column);
  double x = patron_grid_column_x (self, column) + PATRON_GRID_PADDING;
  int available = header->width - 2 * PATRON_GRID_PADDING;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT ((float) (x - PATRON_GRID_PADDING), 0, header->width, self->header_height));
  draw_icon (self, snapshot, patron_column_get_type (data), &colours->dim, x, 6 + (self->line_height - 14) / 2.0);
  gboolean sorted = self->sorted == (int) column;
  g_autoptr (PangoLayout) layout = patron_grid_bold_layout (self, patron_column_get_name (data));
  fit_layout (layout, available - 20 - PATRON_GRID_MENU_MARK - (sorted ? 16 : 0));
  draw_layout (snapshot, layout, &colours->text, x + 20, 6);
  if (sorted)
    {
      pango_layout_set_width (layout, -1);
      pango_layout_set_text (layout, self->sorted_descending ? "▼" : "▲", -1);
      draw_layout (snapshot, layout, &colours->accent, x + available - 12 - PATRON_GRID_MENU_MARK, 6);
    }
  /* Where nobody listens there is no menu. */
  if (g_signal_has_handler_pending (self, g_signal_lookup ("header-menu", PATRON_TYPE_GRID), 0, TRUE))
    draw_menu_mark (snapshot, &colours->dim, x + available - 10, 6 + self->line_height / 2.0);
  draw_header_note (self, snapshot, colours, column, x, 8 + self->line_height, available);
  if (header->profile != NULL && self->has_profiles)
    {
      draw_histogram (snapshot, colours, header->profile, x, 13 + 2 * self->line_height, available, 22);
      draw_missing_bar (snapshot, colours, header->profile, x, self->header_height - 7, available);
    }
  if (header->marked)
    fill (snapshot, &colours->accent, x - PATRON_GRID_PADDING, self->header_height - 3, header->width - 1, 3);
  if (header->left_out)
    draw_veil (snapshot, &colours->header, x - PATRON_GRID_PADDING, 0, header->width, self->header_height);
  fill (snapshot, &colours->line, x - PATRON_GRID_PADDING + header->width - 1, 6, 1, self->header_height - 12);
  gtk_snapshot_pop (snapshot);
}

static void
draw_headers (PatronGrid *self, GtkSnapshot *snapshot, const Colours *colours, guint first, guint n, int width)
{
  GdkRGBA border = faded (colours->text, 0.18f);
  fill (snapshot, &colours->header, 0, 0, width, self->header_height);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (self->gutter, 0, MAX (0, width - self->gutter), self->header_height));
  for (guint i = 0; i < n; i++)
    draw_header (self, snapshot, colours, first + i);
  gtk_snapshot_pop (snapshot);
  fill (snapshot, &border, 0, self->header_height - 1, width, 1);
}

/* ---- the frame --------------------------------------------------------------------------------------------- */

static void
draw_body (PatronGrid *self, GtkSnapshot *snapshot, const Colours *colours, guint first_column, guint n_columns, int width, int height)
{
  gsize first = patron_grid_first_row (self), total = patron_grid_n_rows (self);
  double scroll = patron_grid_scroll (self, GTK_ORIENTATION_VERTICAL);
  double y0 = self->header_height + (double) first * self->row_height - scroll;
  gsize n = first < total ? MIN (total - first, (gsize) ((height - y0) / self->row_height) + 1) : 0;
  if (n == 0 || n_columns == 0)
    return;
  guint last = first_column + n_columns - 1;
  double right = MIN (width, patron_grid_column_x (self, last) + self->columns[last].width);
  int body = MAX (0, height - self->header_height);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, self->header_height, width, body));
  draw_marks (self, snapshot, colours, first_column, n_columns, MIN (body, (double) n * self->row_height));
  draw_row_lines (self, snapshot, colours, n, y0, right);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (self->gutter, self->header_height, MAX (0, width - self->gutter), body));
  for (guint i = 0; i < n_columns; i++)
    draw_cells_of_column (self, snapshot, colours, first_column + i, first, n, y0);
  draw_veils (self, snapshot, colours, first_column, n_columns, MIN (body, (double) n * self->row_height));
  draw_selection (self, snapshot, colours, first, n, y0);
  gtk_snapshot_pop (snapshot);
  draw_row_numbers (self, snapshot, colours, first, n, y0);
  gtk_snapshot_pop (snapshot);
  fill (snapshot, &colours->line, self->gutter - 1, self->header_height, 1, (double) n * self->row_height);
}

void
patron_grid_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PatronGrid *self = PATRON_GRID (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  Colours colours = get_colours (widget);
  guint first, n;
  patron_grid_columns_in_view (self, &first, &n);
  age_layouts (self);
  self->frame_end = g_get_monotonic_time () + self->frame_budget;
  self->frame_layouts = 0;
  draw_body (self, snapshot, &colours, first, n, width, height);
  draw_headers (self, snapshot, &colours, first, n, width);
  drop_old_layouts (self);
  patron_grid_cache_fetch (self->cache);
}
