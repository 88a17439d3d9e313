/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/table-page-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/export-dialog.h"
#include "app/page.h"
#include "app/questions.h"
#include "app/text-label.h"
#include "ops/registry.h"

static void patron_table_page_page_init (PatronPageInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (PatronTablePage, patron_table_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PATRON_TYPE_PAGE, patron_table_page_page_init))

static guint analyse;

/* ---- how it was read --------------------------------------------------------------------------------------- */

static void
add_note (GtkBox *box, const char *text)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 60);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_box_append (box, label);
}

/* What the reader noted about the file, from the table's provenance; no button where there is nothing to tell. */
static void
show_provenance (PatronTablePage *self)
{
  PatronItem *item = patron_document_find_table (self->document, patron_table_get_name (self->table));
  const char *text = item != NULL ? patron_item_get_source (item) : NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  if (text == NULL || !g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, NULL))
    return;
  g_autofree char *path = g_key_file_get_string (file, "source", "file", NULL);
  g_auto (GStrv) keys = g_key_file_get_keys (file, "notes", NULL, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  gtk_widget_add_css_class (box, "panel");
  if (path != NULL)
    add_note (GTK_BOX (box), path);
  for (char **key = keys; key != NULL && *key != NULL; key++)
    {
      g_autofree char *note = g_key_file_get_string (file, "notes", *key, NULL);
      add_note (GTK_BOX (box), note);
    }
  GtkWidget *popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (self->source_button, popover);
  gtk_widget_set_visible (GTK_WIDGET (self->source_button), path != NULL);
}

/* ---- questions --------------------------------------------------------------------------------------------- */

static void
ask_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (widget);
  const PatronOp *op = patron_ops_find (g_variant_get_string (parameter, NULL));
  if (op != NULL)
    g_signal_emit (self, analyse, 0, op, patron_table_get_name (self->table));
}

static GMenuModel *
make_ask_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GPtrArray) questions = patron_questions_new ();
  for (guint i = 0; i < questions->len; i++)
    {
      const PatronQuestion *question = questions->pdata[i];
      const PatronOp *op = question->ops->pdata[0];
      g_autoptr (GMenuItem) item = g_menu_item_new (_(question->question), NULL);
      g_menu_item_set_action_and_target (item, "table.ask", "s", op->id);
      g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}

/* ---- the header's menu ------------------------------------------------------------------------------------- */

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  patron_grid_copy (PATRON_TABLE_PAGE (widget)->grid);
}

static GMenuModel *
make_header_menu (PatronTablePage *self)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) view = g_menu_new ();
  g_autoptr (GMenu) end = g_menu_new ();
  g_menu_append (view, _("Sort _Ascending"), "table.sort::ascending");
  g_menu_append (view, _("Sort _Descending"), "table.sort::descending");
  if (self->shown.column >= 0)
    g_menu_append (view, _("_Original Order"), "table.unsort");
  g_menu_append (view, _("Filter _by This Column…"), "table.filter-column");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (view));
  patron_table_page_add_step_items (self, menu);
  g_menu_append (end, _("_Copy"), "table.copy");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (end));
  return G_MENU_MODEL (menu);
}

static void
on_header_menu (PatronTablePage *self, guint column, double x, double y)
{
  g_autoptr (GMenuModel) menu = make_header_menu (self);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  self->menu = patron_widget_popup_menu (GTK_WIDGET (self), menu, GTK_WIDGET (self->grid), x, y);
}

/* ---- the side ---------------------------------------------------------------------------------------------- */

/* Two buttons for one place: the column under the cursor, or the steps. */
static void
update_side_buttons (PatronTablePage *self)
{
  gboolean shown = adw_flap_get_reveal_flap (self->flap);
  gboolean column = gtk_stack_get_visible_child (self->side) == GTK_WIDGET (self->panel);
  self->updating_side = TRUE;
  gtk_toggle_button_set_active (self->column_button, shown && column);
  gtk_toggle_button_set_active (self->steps_button, shown && !column);
  self->updating_side = FALSE;
}

static void
on_side_toggled (PatronTablePage *self, GtkToggleButton *button)
{
  if (self->updating_side)
    return;
  gboolean steps = button == self->steps_button;
  if (gtk_toggle_button_get_active (button))
    gtk_stack_set_visible_child (self->side, !steps                  ? GTK_WIDGET (self->panel)
                                             : self->editor != NULL ? GTK_WIDGET (self->editor)
                                                                     : GTK_WIDGET (self->steps_pane));
  adw_flap_set_reveal_flap (self->flap, gtk_toggle_button_get_active (button));
  update_side_buttons (self);
}

/* ---- its table --------------------------------------------------------------------------------------------- */

static void
show_table (PatronTablePage *self, PatronTable *table)
{
  self->table = patron_table_ref (table);
  self->grid = PATRON_GRID (patron_grid_new (table));
  patron_grid_set_has_profiles (self->grid, TRUE);
  g_signal_connect_swapped (self->grid, "header-menu", G_CALLBACK (on_header_menu), self);
  patron_table_page_columns_init (self);
  patron_table_page_view_init (self);
  patron_table_page_steps_init (self);
  gtk_scrolled_window_set_child (self->scrolled, GTK_WIDGET (self->grid));
  gtk_label_set_label (self->title, patron_table_get_name (table));
  patron_table_page_update_subtitle (self);
  patron_table_page_guess_roles (self);
  patron_table_page_show_column (self);
}

/* The first column that the former version did not have; -1: none. */
static int
first_new_column (PatronTable *table, PatronTable *former)
{
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    if (patron_table_index (former, patron_column_get_name (patron_table_column (table, i))) < 0)
      return (int) i;
  return -1;
}

/* The same table in another version, or of another name: order and filter stay where they can, and so does the cursor, unless there is a new column to
 * look at. */
static void
take_table (PatronTablePage *self, PatronTable *table)
{
  guint column = patron_grid_get_column (self->grid);
  gsize row = patron_grid_get_row (self->grid);
  g_autofree char *under_cursor = column < patron_table_n_columns (self->table)
                                    ? g_strdup (patron_column_get_name (patron_table_column (self->table, column))) : NULL;
  g_autofree char *sorted = self->order.column >= 0
                              ? g_strdup (patron_column_get_name (patron_table_column (self->table, (guint) self->order.column))) : NULL;
  int found = first_new_column (table, self->table);
  if (found < 0 && under_cursor != NULL)
    found = patron_table_index (table, under_cursor);
  patron_table_page_view_clear (self);
  gtk_scrolled_window_set_child (self->scrolled, NULL);
  patron_table_page_columns_clear (self);
  g_clear_pointer (&self->table, patron_table_unref);
  show_table (self, table);
  patron_grid_move (self->grid, row, found >= 0 ? (guint) found : column, FALSE);
  patron_table_page_view_again (self, sorted);
}

static void
on_document_changed (PatronTablePage *self)
{
  PatronItem *item = patron_document_find_table_id (self->document, self->id);
  if (item == NULL)
    return;
  gboolean same = patron_item_get_version (item) == self->version && g_str_equal (patron_item_get_name (item), patron_table_get_name (self->table));
  if (same)
    {
      patron_table_page_guess_roles (self);
      patron_table_page_show_column (self);
      return;
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = patron_document_open_table (self->document, patron_item_get_name (item), &error);
  if (table == NULL)
    {
      g_signal_emit_by_name (self->document, "problem", error);
      return;
    }
  self->version = patron_item_get_version (item);
  take_table (self, table);
  patron_table_page_read_steps (self);
}

/* ---- page -------------------------------------------------------------------------------------------------- */

static gboolean
page_can (PatronPage *page, PatronCommand command)
{
  return command == PATRON_COMMAND_FIND || (command == PATRON_COMMAND_EXPORT && PATRON_TABLE_PAGE (page)->grid != NULL);
}

static void
page_perform (PatronPage *page, PatronCommand command)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (page);
  if (command == PATRON_COMMAND_EXPORT)
    {
      GtkWidget *dialog = patron_export_dialog_new (GTK_WIDGET (self), self->table, patron_grid_get_order (self->grid), patron_grid_n_rows (self->grid));
      gtk_window_present (GTK_WINDOW (dialog));
      return;
    }
  gtk_revealer_set_reveal_child (self->filter_revealer, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->filter_editor));
}

static const PatronOp *
page_get_op (PatronPage *page)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (page);
  return self->editor != NULL ? patron_step_editor_get_op (self->editor) : NULL;
}

static void
patron_table_page_page_init (PatronPageInterface *iface)
{
  iface->can = page_can;
  iface->perform = page_perform;
  iface->get_op = page_get_op;
}

static void
patron_table_page_dispose (GObject *object)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (object);
  patron_table_page_view_clear (self);
  patron_table_page_steps_clear (self);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  patron_table_page_columns_clear (self);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (patron_table_page_parent_class)->dispose (object);
}

static void
patron_table_page_finalize (GObject *object)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (object);
  g_free (self->order.filter);
  g_free (self->shown.filter);
  g_clear_pointer (&self->roles, patron_roles_free);
  g_clear_pointer (&self->table, patron_table_unref);
  G_OBJECT_CLASS (patron_table_page_parent_class)->finalize (object);
}

static gboolean
patron_table_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (PATRON_TABLE_PAGE (widget)->grid));
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, box);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, title);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, ask_button);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, source_button);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, steps_button);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, column_button);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, filter_revealer);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, filter_box);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, filter_message);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, view_bar);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, view_chips);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, order_bar);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, order_label);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, order_progress);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, flap);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, content);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, side);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, preview_scrolled);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, preview_bar);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, preview_spinner);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, preview_label);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, panel);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, steps_pane);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, palette);
}

static void
patron_table_page_class_init (PatronTablePageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->dispose = patron_table_page_dispose;
  object_class->finalize = patron_table_page_finalize;
  widget_class->grab_focus = patron_table_page_grab_focus;
  analyse = g_signal_new ("analyse", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                          G_TYPE_POINTER, G_TYPE_STRING);
  g_type_ensure (PATRON_TYPE_COLUMN_PANEL);
  g_type_ensure (PATRON_TYPE_STEPS_PANE);
  g_type_ensure (PATRON_TYPE_STEP_PALETTE);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/patron/Patron/table-page.ui");
  bind_children (widget_class);
  patron_table_page_columns_class_init (widget_class);
  patron_table_page_view_class_init (widget_class);
  patron_table_page_steps_class_init (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_side_toggled);
  gtk_widget_class_bind_template_callback (widget_class, update_side_buttons);
  gtk_widget_class_install_action (widget_class, "table.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "table.ask", "s", ask_action);
}

static void
patron_table_page_init (PatronTablePage *self)
{
  self->order.column = self->shown.column = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_autoptr (GMenuModel) menu = make_ask_menu ();
  gtk_menu_button_set_menu_model (self->ask_button, menu);
  update_side_buttons (self);
}

GtkWidget *
patron_table_page_new (PatronDocument *document, PatronTable *table)
{
  PatronTablePage *self = g_object_new (PATRON_TYPE_TABLE_PAGE, NULL);
  PatronItem *item = patron_document_find_table (document, patron_table_get_name (table));
  self->document = g_object_ref (document);
  self->id = item != NULL ? patron_item_get_id (item) : 0;
  self->version = item != NULL ? patron_item_get_version (item) : 0;
  show_table (self, table);
  show_provenance (self);
  patron_table_page_read_steps (self);
  g_signal_connect_object (document, "changed", G_CALLBACK (on_document_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

PatronTable *
patron_table_page_get_table (PatronTablePage *self)
{
  return self->table;
}

PatronGrid *
patron_table_page_get_grid (PatronTablePage *self)
{
  return self->grid;
}
