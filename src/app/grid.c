/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/grid-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A quarter of what a frame has at 60 a second: what is laid out has to be drawn, and what was laid out before to be freed. */
#define FRAME_BUDGET 4000

static void patron_grid_scrollable_init (GtkScrollableInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (PatronGrid, patron_grid, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, patron_grid_scrollable_init))

enum { PROP_HADJUSTMENT = 1, PROP_VADJUSTMENT, PROP_HSCROLL_POLICY, PROP_VSCROLL_POLICY };
enum { CURSOR_MOVED, COLUMNS_SHOWN, HEADER_MENU, SORT_ASKED, RENAME_ASKED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- geometry ---------------------------------------------------------------------------------------------- */

gsize
patron_grid_n_rows (PatronGrid *self)
{
  return patron_grid_cache_n_rows (self->cache);
}

double
patron_grid_scroll (PatronGrid *self, GtkOrientation orientation)
{
  GtkAdjustment *adjustment = self->adjustments[orientation];
  return adjustment != NULL ? floor (gtk_adjustment_get_value (adjustment)) : 0;
}

gsize
patron_grid_first_row (PatronGrid *self)
{
  return (gsize) (patron_grid_scroll (self, GTK_ORIENTATION_VERTICAL) / self->row_height);
}

int
patron_grid_column_x (PatronGrid *self, guint column)
{
  return self->gutter + self->offsets[column] - (int) patron_grid_scroll (self, GTK_ORIENTATION_HORIZONTAL);
}

/* Last column that begins at or before the distance from the first. */
static guint
column_at_offset (PatronGrid *self, double offset)
{
  guint low = 0, high = self->n_columns > 0 ? self->n_columns - 1 : 0;
  while (low < high)
    {
      guint middle = (low + high + 1) / 2;
      if (self->offsets[middle] <= offset)
        low = middle;
      else
        high = middle - 1;
    }
  return low;
}

guint
patron_grid_column_at (PatronGrid *self, double x)
{
  return column_at_offset (self, MAX (0, x - self->gutter) + patron_grid_scroll (self, GTK_ORIENTATION_HORIZONTAL));
}

gsize
patron_grid_row_at (PatronGrid *self, double y)
{
  double offset = y - self->header_height + patron_grid_scroll (self, GTK_ORIENTATION_VERTICAL);
  gsize n = patron_grid_n_rows (self);
  return n == 0 || offset < 0 ? 0 : MIN ((gsize) (offset / self->row_height), n - 1);
}

void
patron_grid_columns_in_view (PatronGrid *self, guint *first, guint *n)
{
  double left = patron_grid_scroll (self, GTK_ORIENTATION_HORIZONTAL);
  double right = left + gtk_widget_get_width (GTK_WIDGET (self)) - self->gutter;
  *first = column_at_offset (self, left);
  *n = self->n_columns == 0 ? 0 : column_at_offset (self, MAX (left, right - 1)) - *first + 1;
}

gboolean
patron_grid_sorts_numbers (PatronGrid *self, guint column)
{
  PatronType type = patron_column_get_type (patron_table_column (self->table, column));
  return type == PATRON_TYPE_NUMBER || type == PATRON_TYPE_INTEGER || type == PATRON_TYPE_DURATION;
}

static void
update_offsets (PatronGrid *self)
{
  self->offsets[0] = 0;
  for (guint i = 0; i < self->n_columns; i++)
    self->offsets[i + 1] = self->offsets[i] + self->columns[i].width;
}

static int
text_width (PatronGrid *self, const char *text)
{
  int width;
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

/* The name, bold, beside its icon and the mark of a sorted column; below it its type. */
static int
name_width (PatronGrid *self, guint column)
{
  int width;
  PatronColumn *data = patron_table_column (self->table, column);
  g_autoptr (PangoLayout) layout = patron_grid_bold_layout (self, patron_column_get_name (data));
  pango_layout_get_pixel_size (layout, &width, NULL);
  width += 20 + PATRON_GRID_MENU_MARK + (self->sorted == (int) column ? 16 : 0);
  return MAX (width, text_width (self, _(patron_type_label (patron_column_get_type (data)))));
}

int
patron_grid_fitting_width (PatronGrid *self, guint column)
{
  int width = name_width (self, column);
  gsize first = patron_grid_first_row (self), n = patron_grid_n_rows (self);
  for (gsize row = first; row < MIN (n, first + 40); row++)
    {
      char text[256];
      if (patron_grid_cache_text (self->cache, row, column, text, sizeof text) == PATRON_CELL_VALUE)
        width = MAX (width, text_width (self, text));
    }
  return width + 2 * PATRON_GRID_PADDING + 2;
}

/* A first guess from names and types alone: no value is read for it. */
static int
guess_width (PatronGrid *self, guint column)
{
  PatronColumn *data = patron_table_column (self->table, column);
  static const int characters[PATRON_N_TYPES] = {
    [PATRON_TYPE_NUMBER] = 10, [PATRON_TYPE_INTEGER] = 8, [PATRON_TYPE_BOOLEAN] = 6, [PATRON_TYPE_CATEGORY] = 14,
    [PATRON_TYPE_TEXT] = 26, [PATRON_TYPE_DATE] = 10, [PATRON_TYPE_TIME] = 17, [PATRON_TYPE_DURATION] = 10,
  };
  int digit = text_width (self, "0");
  int values = characters[patron_column_get_type (data)] * digit;
  return CLAMP (MAX (name_width (self, column), values) + 2 * PATRON_GRID_PADDING + 2, 90, 260);
}

static void
measure_all (PatronGrid *self)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), "Åg国");
  char digits[32];
  pango_layout_get_pixel_size (layout, NULL, &self->line_height);
  self->row_height = self->line_height + 8;
  self->header_height = 2 * self->line_height + (self->has_profiles ? 46 : 18);
  g_snprintf (digits, sizeof digits, "%zu", MAX (999, patron_table_n_rows (self->table)));
  self->gutter = text_width (self, digits) + 2 * PATRON_GRID_PADDING;
  patron_grid_forget_layouts (self);
}

/* ---- scrolling --------------------------------------------------------------------------------------------- */

static void
announce_columns (PatronGrid *self)
{
  guint first, n;
  patron_grid_columns_in_view (self, &first, &n);
  if (first == self->shown_first && n == self->shown_n)
    return;
  self->shown_first = first;
  self->shown_n = n;
  g_signal_emit (self, signals[COLUMNS_SHOWN], 0, first, n);
}

static void
configure (PatronGrid *self, GtkOrientation orientation, double content, double page, double step)
{
  GtkAdjustment *adjustment = self->adjustments[orientation];
  if (adjustment == NULL)
    return;
  double upper = MAX (content, page);
  double value = CLAMP (gtk_adjustment_get_value (adjustment), 0, upper - page);
  gtk_adjustment_configure (adjustment, value, 0, upper, step, MAX (step, page - step), page);
}

static void
update_adjustments (PatronGrid *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  configure (self, GTK_ORIENTATION_HORIZONTAL, self->offsets[self->n_columns] + 24, MAX (0, width - self->gutter), 40);
  configure (self, GTK_ORIENTATION_VERTICAL, (double) patron_grid_n_rows (self) * self->row_height,
             MAX (0, height - self->header_height), self->row_height);
}

static void
on_scrolled (PatronGrid *self)
{
  announce_columns (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
set_adjustment (PatronGrid *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  if (adjustment != NULL && adjustment == self->adjustments[orientation])
    return;
  if (self->adjustments[orientation] != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustments[orientation], self);
  g_clear_object (&self->adjustments[orientation]);
  self->adjustments[orientation] = g_object_ref_sink (adjustment != NULL ? adjustment : gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  g_signal_connect_swapped (self->adjustments[orientation], "value-changed", G_CALLBACK (on_scrolled), self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
scroll_to (GtkAdjustment *adjustment, double begin, double end)
{
  if (adjustment != NULL)
    gtk_adjustment_clamp_page (adjustment, begin, end);
}

static void
show_cursor (PatronGrid *self)
{
  self->cursor_awaited = gtk_widget_get_width (GTK_WIDGET (self)) == 0;
  if (self->n_columns > 0)
    scroll_to (self->adjustments[GTK_ORIENTATION_HORIZONTAL], self->offsets[self->column], self->offsets[self->column + 1]);
  scroll_to (self->adjustments[GTK_ORIENTATION_VERTICAL], (double) self->row * self->row_height, (double) (self->row + 1) * self->row_height);
}

/* ---- state ------------------------------------------------------------------------------------------------- */

void
patron_grid_selection (PatronGrid *self, gsize *row0, gsize *row1, guint *column0, guint *column1)
{
  *row0 = MIN (self->row, self->anchor_row);
  *row1 = MAX (self->row, self->anchor_row);
  *column0 = MIN (self->column, self->anchor_column);
  *column1 = MAX (self->column, self->anchor_column);
}

char *
patron_grid_describe (PatronGrid *self)
{
  g_return_val_if_fail (PATRON_IS_GRID (self), NULL);
  if (self->n_columns == 0 || patron_grid_n_rows (self) == 0)
    return g_strdup (_("Empty table"));
  char text[512];
  PatronCellState state = patron_grid_cache_text (self->cache, self->row, self->column, text, sizeof text);
  const char *name = patron_column_get_name (patron_table_column (self->table, self->column));
  g_autofree char *row = g_strdup_printf ("%zu", self->row + 1);
  return g_strdup_printf (_("%s, row %s: %s"), name, row, state == PATRON_CELL_MISSING ? _("missing") : state == PATRON_CELL_AWAITED ? "…" : text);
}

/* There is no way in this toolkit to publish cells of their own, so the grid speaks for the one under the cursor. */
static void
update_accessible (PatronGrid *self)
{
  g_autofree char *description = patron_grid_describe (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

void
patron_grid_move (PatronGrid *self, gsize row, guint column, gboolean extend)
{
  g_return_if_fail (PATRON_IS_GRID (self));
  gsize n = patron_grid_n_rows (self);
  self->row = n > 0 ? MIN (row, n - 1) : 0;
  self->column = self->n_columns > 0 ? MIN (column, self->n_columns - 1) : 0;
  if (!extend)
    {
      self->anchor_row = self->row;
      self->anchor_column = self->column;
    }
  show_cursor (self);
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[CURSOR_MOVED], 0);
}

void
patron_grid_select_all (PatronGrid *self)
{
  g_return_if_fail (PATRON_IS_GRID (self));
  gsize n = patron_grid_n_rows (self);
  self->anchor_row = n > 0 ? n - 1 : 0;
  self->anchor_column = self->n_columns > 0 ? self->n_columns - 1 : 0;
  self->row = 0;
  self->column = 0;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Columns that have come into view take the width of what is in them, once; after that it is the user's. */
static void
fit_columns_in_view (PatronGrid *self)
{
  guint first, n;
  gboolean any = FALSE;
  patron_grid_columns_in_view (self, &first, &n);
  for (guint column = first; column < first + n; column++)
    {
      char text[256];
      PatronGridColumn *state = &self->columns[column];
      if (state->fitted || patron_grid_n_rows (self) == 0
          || patron_grid_cache_text (self->cache, patron_grid_first_row (self), column, text, sizeof text) == PATRON_CELL_AWAITED)
        continue;
      state->fitted = any = TRUE;
      state->width = CLAMP (patron_grid_fitting_width (self, column), 84, 300);
    }
  if (!any)
    return;
  update_offsets (self);
  patron_grid_forget_layouts (self);
}

void
patron_grid_set_width (PatronGrid *self, guint column, int width)
{
  self->columns[column].fitted = TRUE;
  self->columns[column].width = CLAMP (width, PATRON_GRID_MIN_WIDTH, PATRON_GRID_MAX_WIDTH);
  update_offsets (self);
  patron_grid_forget_layouts (self);
  update_adjustments (self);
  announce_columns (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Where rows of the table stand in an order: G_MAXSIZE where they do not. One pass for both, since there may be ten million. */
static void
find_rows (const guint32 *order, gsize n, gsize a, gsize b, gsize *at_a, gsize *at_b)
{
  *at_a = *at_b = G_MAXSIZE;
  if (order == NULL)
    {
      *at_a = a;
      *at_b = b;
      return;
    }
  for (gsize i = 0; i < n && (*at_a == G_MAXSIZE || *at_b == G_MAXSIZE); i++)
    {
      if (order[i] == a)
        *at_a = i;
      if (order[i] == b)
        *at_b = i;
    }
}

void
patron_grid_set_order (PatronGrid *self, guint32 *order, gsize n)
{
  g_return_if_fail (PATRON_IS_GRID (self));
  const guint32 *former = patron_grid_cache_get_order (self->cache);
  gboolean at_top = self->row == 0 && self->anchor_row == 0;
  gsize n_former = patron_grid_n_rows (self), row = 0, anchor = 0;
  guint anchor_column = self->anchor_column;
  if (!at_top && self->row < n_former && self->anchor_row < n_former)
    find_rows (order, n, former != NULL ? former[self->row] : self->row, former != NULL ? former[self->anchor_row] : self->anchor_row, &row, &anchor);
  patron_grid_cache_set_order (self->cache, order, n);
  patron_grid_forget_layouts (self);
  update_adjustments (self);
  patron_grid_move (self, row != G_MAXSIZE ? row : 0, self->column, FALSE);
  /* A block of several rows is torn apart by another order: only one within a row stays. */
  if (row != G_MAXSIZE && anchor == row)
    self->anchor_column = anchor_column;
}

void
patron_grid_set_left_out (PatronGrid *self, guint column, gboolean left_out)
{
  g_return_if_fail (column < self->n_columns);
  self->columns[column].left_out = left_out;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
patron_grid_set_marked (PatronGrid *self, guint column, gboolean marked)
{
  g_return_if_fail (column < self->n_columns);
  self->columns[column].marked = marked;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const guint32 *
patron_grid_get_order (PatronGrid *self)
{
  return patron_grid_cache_get_order (self->cache);
}

void
patron_grid_set_sorted (PatronGrid *self, int column, gboolean descending)
{
  self->sorted = column;
  self->sorted_descending = descending;
  if (column >= 0)
    patron_grid_set_width (self, (guint) column, MAX (self->columns[column].width, name_width (self, (guint) column) + 2 * PATRON_GRID_PADDING + 2));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
patron_grid_set_role (PatronGrid *self, guint column, const char *role)
{
  g_return_if_fail (column < self->n_columns);
  g_free (self->columns[column].role);
  self->columns[column].role = g_strdup (role);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
patron_grid_set_has_profiles (PatronGrid *self, gboolean has_profiles)
{
  self->has_profiles = has_profiles;
  measure_all (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
patron_grid_set_profile (PatronGrid *self, guint column, const PatronColumnProfile *profile)
{
  g_return_if_fail (column < self->n_columns);
  self->columns[column].profile = profile;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gsize
patron_grid_get_row (PatronGrid *self)
{
  return self->row;
}

guint
patron_grid_get_column (PatronGrid *self)
{
  return self->column;
}

/* ---- object ------------------------------------------------------------------------------------------------ */

static void
patron_grid_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PatronGrid *self = PATRON_GRID (object);
  switch (id)
    {
    case PROP_HADJUSTMENT: set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, g_value_get_object (value)); break;
    case PROP_VADJUSTMENT: set_adjustment (self, GTK_ORIENTATION_VERTICAL, g_value_get_object (value)); break;
    case PROP_HSCROLL_POLICY: self->policies[GTK_ORIENTATION_HORIZONTAL] = g_value_get_enum (value); break;
    case PROP_VSCROLL_POLICY: self->policies[GTK_ORIENTATION_VERTICAL] = g_value_get_enum (value); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
patron_grid_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PatronGrid *self = PATRON_GRID (object);
  switch (id)
    {
    case PROP_HADJUSTMENT: g_value_set_object (value, self->adjustments[GTK_ORIENTATION_HORIZONTAL]); break;
    case PROP_VADJUSTMENT: g_value_set_object (value, self->adjustments[GTK_ORIENTATION_VERTICAL]); break;
    case PROP_HSCROLL_POLICY: g_value_set_enum (value, self->policies[GTK_ORIENTATION_HORIZONTAL]); break;
    case PROP_VSCROLL_POLICY: g_value_set_enum (value, self->policies[GTK_ORIENTATION_VERTICAL]); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* The row numbers and the header stay: scroll bars belong beside and below the rest. */
static gboolean
patron_grid_get_border (GtkScrollable *scrollable, GtkBorder *border)
{
  PatronGrid *self = PATRON_GRID (scrollable);
  *border = (GtkBorder) { .top = self->header_height, .left = self->gutter };
  return TRUE;
}

static void
patron_grid_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                     int *minimum_baseline, int *natural_baseline)
{
  PatronGrid *self = PATRON_GRID (widget);
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 160 : self->header_height + 3 * self->row_height;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 640 : self->header_height + 12 * self->row_height;
}

static void
patron_grid_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PatronGrid *self = PATRON_GRID (widget);
  fit_columns_in_view (self);
  update_adjustments (self);
  if (self->cursor_awaited)
    show_cursor (self);
  announce_columns (self);
}

static void
patron_grid_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  PatronGrid *self = PATRON_GRID (widget);
  GTK_WIDGET_CLASS (patron_grid_parent_class)->css_changed (widget, change);
  if (self->table != NULL)
    measure_all (self);
}

static gboolean
patron_grid_focus (GtkWidget *widget, GtkDirectionType direction)
{
  /* One stop for Tab; the arrows move inside. */
  if (gtk_widget_is_focus (widget) || (direction != GTK_DIR_TAB_FORWARD && direction != GTK_DIR_TAB_BACKWARD))
    return FALSE;
  return gtk_widget_grab_focus (widget);
}

static void
patron_grid_dispose (GObject *object)
{
  PatronGrid *self = PATRON_GRID (object);
  for (int i = 0; i < 2; i++)
    {
      if (self->adjustments[i] != NULL)
        g_signal_handlers_disconnect_by_data (self->adjustments[i], self);
      g_clear_object (&self->adjustments[i]);
    }
  g_clear_pointer (&self->cache, patron_grid_cache_free);
  g_clear_pointer (&self->layouts, g_hash_table_unref);
  g_clear_pointer (&self->old_layouts, g_hash_table_unref);
  for (int i = 0; i < PATRON_N_TYPES; i++)
    g_clear_object (&self->icons[i]);
  G_OBJECT_CLASS (patron_grid_parent_class)->dispose (object);
}

static void
patron_grid_finalize (GObject *object)
{
  PatronGrid *self = PATRON_GRID (object);
  for (guint i = 0; i < self->n_columns; i++)
    g_free (self->columns[i].role);
  g_free (self->columns);
  g_free (self->offsets);
  g_clear_pointer (&self->table, patron_table_unref);
  G_OBJECT_CLASS (patron_grid_parent_class)->finalize (object);
}

static void
patron_grid_class_init (PatronGridClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  GType type = G_TYPE_FROM_CLASS (class);
  object_class->set_property = patron_grid_set_property;
  object_class->get_property = patron_grid_get_property;
  object_class->dispose = patron_grid_dispose;
  object_class->finalize = patron_grid_finalize;
  widget_class->measure = patron_grid_measure;
  widget_class->size_allocate = patron_grid_size_allocate;
  widget_class->snapshot = patron_grid_snapshot;
  widget_class->css_changed = patron_grid_css_changed;
  widget_class->focus = patron_grid_focus;
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  signals[CURSOR_MOVED] = g_signal_new ("cursor-moved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[COLUMNS_SHOWN] = g_signal_new ("columns-shown", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[HEADER_MENU] = g_signal_new ("header-menu", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                       G_TYPE_UINT, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[SORT_ASKED] = g_signal_new ("sort-asked", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BOOLEAN);
  signals[RENAME_ASKED] = g_signal_new ("rename-asked", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                        G_TYPE_UINT, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  gtk_widget_class_set_css_name (widget_class, "datagrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
  patron_grid_input_class_init (widget_class);
}

static void
patron_grid_scrollable_init (GtkScrollableInterface *iface)
{
  iface->get_border = patron_grid_get_border;
}

static void
patron_grid_init (PatronGrid *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  self->frame_budget = FRAME_BUDGET;
  self->layouts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  self->old_layouts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  self->sorted = -1;
  patron_grid_input_init (self);
}

static gboolean
on_cells_ready (gpointer data)
{
  PatronGrid *self = data;
  fit_columns_in_view (self);
  update_adjustments (self);
  announce_columns (self);
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

GtkWidget *
patron_grid_new (PatronTable *table)
{
  PatronGrid *self = g_object_new (PATRON_TYPE_GRID, NULL);
  self->table = patron_table_ref (table);
  self->cache = patron_grid_cache_new (table, on_cells_ready, self);
  self->n_columns = patron_table_n_columns (table);
  self->columns = g_new0 (PatronGridColumn, MAX (1, self->n_columns));
  self->offsets = g_new0 (int, self->n_columns + 1);
  measure_all (self);
  for (guint i = 0; i < self->n_columns; i++)
    self->columns[i].width = guess_width (self, i);
  update_offsets (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, patron_table_get_name (table), -1);
  update_accessible (self);
  return GTK_WIDGET (self);
}
