/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/table-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/cell-view.h"
#include "app/save-dialog.h"
#include "app/table-copy.h"
#include "app/text-label.h"
#include "table/reader.h"

/* Longer tables scroll inside, in pixels. */
#define TABLE_HEIGHT 400
/* Texts up to this many characters are shown whole; longer ones have a tooltip. */
#define TEXT_WIDTH 28

/* ---- a row -------------------------------------------------------------------------------------------------- */

#define PATRON_TYPE_REPORT_ROW (patron_report_row_get_type ())
G_DECLARE_FINAL_TYPE (PatronReportRow, patron_report_row, PATRON, REPORT_ROW, GObject)

struct _PatronReportRow
{
  GObject parent;
  guint   index;     /* of the row in the table */
};

G_DEFINE_FINAL_TYPE (PatronReportRow, patron_report_row, G_TYPE_OBJECT)

static void
patron_report_row_class_init (PatronReportRowClass *class)
{
}

static void
patron_report_row_init (PatronReportRow *self)
{
}

/* ---- the view ----------------------------------------------------------------------------------------------- */

struct _PatronReportTableView
{
  GtkWidget parent;

  const PatronReportTable *table;       /* borrowed */
  double                  *largest;     /* owned: largest absolute number of each column */
  int                     *widths;      /* owned: characters of the longest text of each column, at most TEXT_WIDTH */
  GListStore              *rows;        /* owned, of PatronReportRow in the table's order */

  /* Children. */
  GtkWidget *scrolled;
  GtkWidget *columns;
  GtkWidget *menu;
};

G_DEFINE_FINAL_TYPE (PatronReportTableView, patron_report_table_view, GTK_TYPE_WIDGET)

static const PatronReportColumn *
column_of (PatronReportTableView *self, guint j)
{
  return &g_array_index (self->table->columns, PatronReportColumn, j);
}

static gboolean
is_number (PatronReportTableView *self, guint j)
{
  PatronFormat format = column_of (self, j)->format;
  return format != PATRON_FORMAT_TEXT && format != PATRON_FORMAT_MSGID;
}

static PatronReportRow *
row_at (PatronReportTableView *self, guint position)
{
  g_autoptr (PatronReportRow) row = g_list_model_get_item (G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (self->columns))), position);
  return row;   /* the list holds it */
}

/* ---- cells -------------------------------------------------------------------------------------------------- */

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item, PatronReportTableView *self)
{
  guint j = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "column"));
  gtk_list_item_set_child (item, patron_cell_view_new (is_number (self, j), self->widths[j]));
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item, PatronReportTableView *self)
{
  guint j = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "column"));
  PatronReportRow *row = gtk_list_item_get_item (item);
  const PatronCell *cell = patron_report_table_cell (self->table, row->index, j);
  g_autofree char *text = patron_cell_render (cell);
  double share = NAN;
  if (column_of (self, j)->bar && cell->text == NULL && self->largest[j] > 0)
    share = cell->number / self->largest[j];
  patron_cell_view_show (PATRON_CELL_VIEW (gtk_list_item_get_child (item)), text, share);
  gtk_widget_set_tooltip_text (gtk_list_item_get_child (item), g_utf8_strlen (text, -1) > TEXT_WIDTH ? text : NULL);
}

/* ---- order -------------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronReportTableView *view;     /* borrowed: owns the column that owns this */
  guint                  column;
} Order;

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer data)
{
  const Order *order = data;
  const PatronCell *x = patron_report_table_cell (order->view->table, ((PatronReportRow *) a)->index, order->column);
  const PatronCell *y = patron_report_table_cell (order->view->table, ((PatronReportRow *) b)->index, order->column);
  if (x->text == NULL && y->text == NULL)
    {
      if (isnan (x->number) || isnan (y->number))
        return isnan (x->number) - isnan (y->number);
      return (x->number > y->number) - (x->number < y->number);
    }
  g_autofree char *left = patron_cell_render (x);
  g_autofree char *right = patron_cell_render (y);
  return g_utf8_collate (left, right);
}

/* Texts take the space that is left; without any, the last column does, or the view would show it as overshoot. */
static gboolean
takes_space (PatronReportTableView *self, guint j)
{
  guint n_texts = 0;
  for (guint k = 0; k < self->table->columns->len; k++)
    n_texts += !is_number (self, k);
  return n_texts > 0 ? !is_number (self, j) : j + 1 == self->table->columns->len;
}

static void
add_column (PatronReportTableView *self, guint j)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_object_set_data (G_OBJECT (factory), "column", GUINT_TO_POINTER (j));
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, 0);
  g_autofree char *title = patron_text_render (column_of (self, j)->label);
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (title, factory);
  Order *order = g_new (Order, 1);
  order->view = self;
  order->column = j;
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_rows, order, g_free));
  gtk_column_view_column_set_sorter (column, sorter);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_expand (column, takes_space (self, j));
  gtk_column_view_append_column (GTK_COLUMN_VIEW (self->columns), column);
}

/* The titles of numbers stand over the numbers. */
static void
align_titles (PatronReportTableView *self)
{
  GtkWidget *title = gtk_widget_get_first_child (gtk_widget_get_first_child (self->columns));
  for (guint j = 0; title != NULL && j < self->table->columns->len; j++, title = gtk_widget_get_next_sibling (title))
    {
      GtkWidget *box = gtk_widget_get_first_child (title);
      if (box != NULL && is_number (self, j))
        gtk_widget_set_halign (box, GTK_ALIGN_END);
    }
}

static void
measure_cells (PatronReportTableView *self)
{
  self->largest = g_new0 (double, self->table->columns->len);
  self->widths = g_new0 (int, self->table->columns->len);
  for (guint j = 0; j < self->table->columns->len; j++)
    for (guint i = 0; i < self->table->rows->len; i++)
      {
        const PatronCell *cell = patron_report_table_cell (self->table, i, j);
        if (cell->text == NULL && isfinite (cell->number))
          self->largest[j] = MAX (self->largest[j], fabs (cell->number));
        g_autofree char *text = cell->text != NULL ? patron_cell_render (cell) : NULL;
        if (text != NULL)
          self->widths[j] = CLAMP ((int) g_utf8_strlen (text, -1), self->widths[j], TEXT_WIDTH);
      }
}

/* ---- copying and saving ------------------------------------------------------------------------------------- */

char *
patron_report_table_view_cell (PatronReportTableView *self, guint row, guint column)
{
  g_return_val_if_fail (PATRON_IS_REPORT_TABLE_VIEW (self), NULL);
  return patron_cell_render (patron_report_table_cell (self->table, row_at (self, row)->index, column));
}

guint
patron_report_table_view_n_rows (PatronReportTableView *self)
{
  g_return_val_if_fail (PATRON_IS_REPORT_TABLE_VIEW (self), 0);
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (self->columns))));
}

static void
append_field (GString *text, guint j, char *field /* taken */)
{
  g_strdelimit (field, "\t\r\n", ' ');
  g_string_append_printf (text, "%s%s", j > 0 ? "\t" : "", field);
  g_free (field);
}

char *
patron_report_table_view_text (PatronReportTableView *self, gboolean selected_only)
{
  g_return_val_if_fail (PATRON_IS_REPORT_TABLE_VIEW (self), NULL);
  GtkSelectionModel *model = gtk_column_view_get_model (GTK_COLUMN_VIEW (self->columns));
  g_autoptr (GtkBitset) selection = gtk_selection_model_get_selection (model);
  gboolean all = !selected_only || gtk_bitset_is_empty (selection);
  guint n_columns = self->table->columns->len;
  GString *text = g_string_new (NULL);
  for (guint j = 0; j < n_columns; j++)
    append_field (text, j, patron_text_render (column_of (self, j)->label));
  g_string_append_c (text, '\n');
  for (guint i = 0; i < patron_report_table_view_n_rows (self); i++)
    {
      if (!all && !gtk_bitset_contains (selection, i))
        continue;
      for (guint j = 0; j < n_columns; j++)
        append_field (text, j, patron_report_table_view_cell (self, i, j));
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static void
copy (PatronReportTableView *self, gboolean selected_only)
{
  g_autofree char *text = patron_report_table_view_text (self, selected_only);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
on_copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  copy (PATRON_REPORT_TABLE_VIEW (widget), TRUE);
}

static void
on_copy_all (GtkWidget *widget, const char *action, GVariant *parameter)
{
  copy (PATRON_REPORT_TABLE_VIEW (widget), FALSE);
}

static gboolean
write_table (const char *path, gpointer data, PatronRun *run, GError **error)
{
  return patron_write_file (data, path, NULL, run, error);
}

static void
on_save (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const PatronFileKind kinds[] = { { "csv", N_("Text, comma-separated") }, { "xlsx", N_("Excel workbook") }, { NULL, NULL } };
  PatronReportTableView *self = PATRON_REPORT_TABLE_VIEW (widget);
  g_autofree char *title = patron_text_render (self->table->title);
  PatronTable *table = patron_report_table_to_table (self->table, self->table->id);
  patron_save_dialog (widget, _("Save Table"), title[0] != '\0' ? title : self->table->id, kinds, write_table, table,
                      (GDestroyNotify) patron_table_unref);
}

/* ---- menu --------------------------------------------------------------------------------------------------- */

static void
popup (PatronReportTableView *self, double x, double y)
{
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, PatronReportTableView *self)
{
  popup (self, x, y);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
on_menu (GtkWidget *widget, const char *action, GVariant *parameter)
{
  popup (PATRON_REPORT_TABLE_VIEW (widget), gtk_widget_get_width (widget) / 2.0, 24);
}

static void
build_menu (PatronReportTableView *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_menu_append (menu, _("_Copy"), "table.copy");
  g_menu_append (menu, _("Copy _Whole Table"), "table.copy-all");
  g_menu_append (menu, _("_Save…"), "table.save");
  self->menu = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  GtkGesture *click = gtk_gesture_click_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_pressed), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/* ---- construction ------------------------------------------------------------------------------------------- */

void
patron_report_table_view_sort (PatronReportTableView *self, guint column, gboolean descending)
{
  g_return_if_fail (PATRON_IS_REPORT_TABLE_VIEW (self));
  g_autoptr (GtkColumnViewColumn) chosen = g_list_model_get_item (gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->columns)), column);
  gtk_column_view_sort_by_column (GTK_COLUMN_VIEW (self->columns), chosen, descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

static void
fill (PatronReportTableView *self)
{
  for (guint i = 0; i < self->table->rows->len; i++)
    {
      g_autoptr (PatronReportRow) row = g_object_new (PATRON_TYPE_REPORT_ROW, NULL);
      row->index = i;
      g_list_store_append (self->rows, row);
    }
  GtkSorter *sorter = gtk_column_view_get_sorter (GTK_COLUMN_VIEW (self->columns));
  GtkSortListModel *sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->rows)), g_object_ref (sorter));
  g_autoptr (GtkSelectionModel) selection = GTK_SELECTION_MODEL (gtk_multi_selection_new (G_LIST_MODEL (sorted)));
  gtk_column_view_set_model (GTK_COLUMN_VIEW (self->columns), selection);
}

GtkWidget *
patron_report_table_view_new (const PatronReportTable *table)
{
  PatronReportTableView *self = g_object_new (PATRON_TYPE_REPORT_TABLE_VIEW, NULL);
  self->table = table;
  measure_cells (self);
  for (guint j = 0; j < table->columns->len; j++)
    add_column (self, j);
  fill (self);
  align_titles (self);
  g_autofree char *title = patron_text_render (table->title);
  patron_widget_set_name (self->columns, title[0] != '\0' ? title : table->id);
  return GTK_WIDGET (self);
}

static void
patron_report_table_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PatronReportTableView *self = PATRON_REPORT_TABLE_VIEW (widget);
  gtk_widget_allocate (self->scrolled, width, height, baseline, NULL);
  gtk_popover_present (GTK_POPOVER (self->menu));
}

static void
patron_report_table_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                                  int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (PATRON_REPORT_TABLE_VIEW (widget)->scrolled, orientation, for_size, minimum, natural, minimum_baseline, natural_baseline);
}

static void
patron_report_table_view_dispose (GObject *object)
{
  PatronReportTableView *self = PATRON_REPORT_TABLE_VIEW (object);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_object (&self->rows);
  G_OBJECT_CLASS (patron_report_table_view_parent_class)->dispose (object);
}

static void
patron_report_table_view_finalize (GObject *object)
{
  g_free (PATRON_REPORT_TABLE_VIEW (object)->largest);
  g_free (PATRON_REPORT_TABLE_VIEW (object)->widths);
  G_OBJECT_CLASS (patron_report_table_view_parent_class)->finalize (object);
}

static void
patron_report_table_view_class_init (PatronReportTableViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->dispose = patron_report_table_view_dispose;
  object_class->finalize = patron_report_table_view_finalize;
  widget_class->size_allocate = patron_report_table_view_size_allocate;
  widget_class->measure = patron_report_table_view_measure;
  gtk_widget_class_install_action (widget_class, "table.copy", NULL, on_copy);
  gtk_widget_class_install_action (widget_class, "table.copy-all", NULL, on_copy_all);
  gtk_widget_class_install_action (widget_class, "table.save", NULL, on_save);
  gtk_widget_class_install_action (widget_class, "table.menu", NULL, on_menu);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "table.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "table.save", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "table.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "table.menu", NULL);
}

static void
patron_report_table_view_init (PatronReportTableView *self)
{
  self->rows = g_list_store_new (PATRON_TYPE_REPORT_ROW);
  self->columns = gtk_column_view_new (NULL);
  gtk_widget_add_css_class (self->columns, "data-table");
  gtk_widget_add_css_class (self->columns, "report-table");
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_AUTOMATIC, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (self->scrolled), TABLE_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->columns);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
  build_menu (self);
}
