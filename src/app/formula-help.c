/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/formula-help.h"

#include <glib/gi18n-lib.h>

#include "app/column-choice.h"
#include "app/search-list.h"
#include "app/text-label.h"
#include "table/expression.h"

struct _PatronFormulaHelp
{
  GtkWidget    parent;
  PatronTable *table;    /* owned or NULL */

  /* Borrowed children. */
  GtkWidget        *button;
  PatronSearchList *list;     /* NULL until it is first opened */
};

G_DEFINE_FINAL_TYPE (PatronFormulaHelp, patron_formula_help, GTK_TYPE_WIDGET)

static guint insert;

/* ---- rows -------------------------------------------------------------------------------------------------- */

static void
add_row (PatronFormulaHelp *self, const char *group, const char *icon, const char *title, const char *help, char *text /* taken */)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  gtk_box_append (GTK_BOX (words), patron_label_new (title, icon == NULL ? "monospace" : NULL));
  if (help != NULL)
    gtk_box_append (GTK_BOX (words), patron_label_new (help, "caption dim-label"));
  if (icon != NULL)
    gtk_box_append (GTK_BOX (line), gtk_image_new_from_icon_name (icon));
  gtk_box_append (GTK_BOX (line), words);
  g_autofree char *all = g_strjoin (" ", title, help != NULL ? help : "", NULL);
  GtkWidget *row = patron_search_list_add (self->list, line, all);
  patron_widget_set_name (row, title);
  g_object_set_data_full (G_OBJECT (row), "text", text, g_free);
  g_object_set_data (G_OBJECT (row), "group", (gpointer) group);
}

static void
update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  const char *group = g_object_get_data (G_OBJECT (row), "group");
  if (before != NULL && g_object_get_data (G_OBJECT (before), "group") == group)
    gtk_list_box_row_set_header (row, NULL);
  else if (gtk_list_box_row_get_header (row) == NULL)
    gtk_list_box_row_set_header (row, patron_label_new_short (group, "heading step-group"));
}

static void
fill (PatronFormulaHelp *self)
{
  for (guint i = 0; self->table != NULL && i < patron_table_n_columns (self->table); i++)
    {
      PatronColumn *column = patron_table_column (self->table, i);
      const char *name = patron_column_get_name (column);
      add_row (self, _("Columns"), patron_type_icon (patron_column_get_type (column)), name, NULL, patron_expression_quote_name (name));
    }
  guint n;
  const PatronFunction *functions = patron_expression_functions (&n);
  for (guint i = 0; i < n; i++)
    add_row (self, _(patron_function_category_label (functions[i].category)), NULL, functions[i].signature, _(functions[i].help),
             g_strconcat (functions[i].name, "()", NULL));
}

/* ---- popover ----------------------------------------------------------------------------------------------- */

static void
on_chosen (PatronFormulaHelp *self, GtkListBoxRow *row)
{
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->button));
  g_signal_emit (self, insert, 0, g_object_get_data (G_OBJECT (row), "text"));
}

/* Made when first opened: a form may have several formulas. */
static void
create_popover (GtkMenuButton *button, gpointer data)
{
  PatronFormulaHelp *self = data;
  if (self->list != NULL)
    return;
  self->list = PATRON_SEARCH_LIST (patron_search_list_new (_("Search columns and functions"), 360, 320));
  gtk_list_box_set_header_func (patron_search_list_get_box (self->list), update_header, NULL, NULL);
  g_signal_connect_object (self->list, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  fill (self);
  GtkWidget *popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (self->list));
  gtk_menu_button_set_popover (button, popover);
}

/* ---- widget ------------------------------------------------------------------------------------------------ */

GtkWidget *
patron_formula_help_new (PatronTable *table)
{
  PatronFormulaHelp *self = g_object_new (PATRON_TYPE_FORMULA_HELP, NULL);
  self->table = table != NULL ? patron_table_ref (table) : NULL;
  return GTK_WIDGET (self);
}

static void
patron_formula_help_dispose (GObject *object)
{
  PatronFormulaHelp *self = PATRON_FORMULA_HELP (object);
  g_clear_pointer (&self->button, gtk_widget_unparent);
  g_clear_pointer (&self->table, patron_table_unref);
  G_OBJECT_CLASS (patron_formula_help_parent_class)->dispose (object);
}

static void
patron_formula_help_class_init (PatronFormulaHelpClass *class)
{
  G_OBJECT_CLASS (class)->dispose = patron_formula_help_dispose;
  insert = g_signal_new ("insert", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
patron_formula_help_init (PatronFormulaHelp *self)
{
  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->button), _("Columns and Functions"));
  patron_widget_set_name (self->button, _("Columns and Functions"));
  gtk_menu_button_set_always_show_arrow (GTK_MENU_BUTTON (self->button), TRUE);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->button), create_popover, self, NULL);
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
}
