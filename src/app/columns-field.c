/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-fields.h"

#include <glib/gi18n-lib.h>

#include "app/column-checks.h"
#include "app/text-label.h"
#include "base/names.h"

/* Chips beyond these are counted, not shown. */
#define MAX_CHIPS 24

/* Several columns: chips in the order they were chosen in, and a list to tick behind a button; their names in a line of text while the table is not
 * known. */
struct _PatronColumnsField
{
  PatronParamField parent;
  PatronTable     *table;      /* owned: whose columns are listed; NULL: not known */
  GListModel      *choices;    /* owned, of PatronColumnChoice */
  GPtrArray       *names;      /* owned, of char*: chosen, in order; also those that the table does not have */
  gboolean         refreshing;

  /* Borrowed children. */
  GtkWidget *chips;
  GtkWidget *add;
  GtkWidget *line;
};

G_DEFINE_FINAL_TYPE (PatronColumnsField, patron_columns_field, PATRON_TYPE_PARAM_FIELD)

static void show_chips (PatronColumnsField *self);

static PatronColumnChoice *
find_choice (PatronColumnsField *self, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->choices); i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (self->choices, i);
      if (g_str_equal (patron_column_choice_get_name (choice), name))
        return choice;   /* the list holds it */
    }
  return NULL;
}

static gboolean
is_named (PatronColumnsField *self, const char *name)
{
  return g_ptr_array_find_with_equal_func (self->names, name, g_str_equal, NULL);
}

/* ---- chips ------------------------------------------------------------------------------------------------- */

static void
on_remove (GtkButton *button, PatronColumnsField *self)
{
  g_autofree char *name = g_strdup (g_object_get_data (G_OBJECT (button), "column"));
  PatronColumnChoice *choice = find_choice (self, name);
  guint i;
  if (g_ptr_array_find_with_equal_func (self->names, name, g_str_equal, &i))
    g_ptr_array_remove_index (self->names, i);
  self->refreshing = TRUE;
  if (choice != NULL)
    patron_column_choice_set_chosen (choice, FALSE);
  self->refreshing = FALSE;
  gtk_widget_grab_focus (self->add);
  show_chips (self);
  patron_param_field_edited (PATRON_PARAM_FIELD (self));
}

static GtkWidget *
make_chip (PatronColumnsField *self, const char *name)
{
  PatronColumnChoice *choice = find_choice (self, name);
  GtkWidget *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_widget_add_css_class (chip, "chip");
  if (choice == NULL)
    gtk_widget_add_css_class (chip, "unknown");
  gtk_box_append (GTK_BOX (chip), gtk_image_new_from_icon_name (choice != NULL ? patron_type_icon (patron_column_choice_get_value_type (choice))
                                                                               : "dialog-warning-symbolic"));
  GtkWidget *label = patron_label_new_short (name, NULL);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  gtk_widget_set_tooltip_text (label, choice != NULL ? name : _("The table has no such column"));
  gtk_box_append (GTK_BOX (chip), label);
  g_autofree char *remove = g_strdup_printf (_("Take out “%s”"), name);
  GtkWidget *button = patron_icon_button_new ("window-close-symbolic", remove);
  gtk_widget_add_css_class (button, "circular");
  g_object_set_data_full (G_OBJECT (button), "column", g_strdup (name), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_remove), self, 0);
  gtk_box_append (GTK_BOX (chip), button);
  return chip;
}

static void
append_chip (PatronColumnsField *self, GtkWidget *chip)
{
  GtkWidget *child = gtk_flow_box_child_new ();
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), chip);
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_append (GTK_FLOW_BOX (self->chips), child);
}

static void
show_chips (PatronColumnsField *self)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->chips)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (self->chips), child);
  for (guint i = 0; i < MIN (self->names->len, MAX_CHIPS); i++)
    append_chip (self, make_chip (self, self->names->pdata[i]));
  if (self->names->len > MAX_CHIPS)
    {
      g_autofree char *more = g_strdup_printf (_("and %u more"), self->names->len - MAX_CHIPS);
      append_chip (self, patron_label_new_short (more, "dim-label"));
    }
  gtk_widget_set_visible (self->chips, self->names->len > 0 && self->table != NULL);
  g_autofree char *label = g_strdup_printf (_("%u of %u columns"), self->names->len, g_list_model_get_n_items (self->choices));
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->add), self->names->len > 0 ? label : _("Choose columns…"));
}

/* What was ticked goes behind what was ticked before. */
static void
on_ticked (PatronColumnsField *self)
{
  if (self->refreshing)
    return;
  for (guint i = 0; i < g_list_model_get_n_items (self->choices); i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (self->choices, i);
      const char *name = patron_column_choice_get_name (choice);
      guint at;
      gboolean named = g_ptr_array_find_with_equal_func (self->names, name, g_str_equal, &at);
      if (named && !patron_column_choice_get_chosen (choice))
        g_ptr_array_remove_index (self->names, at);
      else if (!named && patron_column_choice_get_chosen (choice))
        g_ptr_array_add (self->names, g_strdup (name));
    }
  show_chips (self);
  patron_param_field_edited (PATRON_PARAM_FIELD (self));
}

/* ---- field ------------------------------------------------------------------------------------------------- */

/* Lists the columns of the table there is now. */
static void
list_columns (PatronColumnsField *self)
{
  const PatronParam *param = patron_param_field_get_param (PATRON_PARAM_FIELD (self));
  PatronTable *table = patron_param_field_get_table (PATRON_PARAM_FIELD (self));
  g_clear_pointer (&self->table, patron_table_unref);
  self->table = table != NULL ? patron_table_ref (table) : NULL;
  g_clear_object (&self->choices);
  self->choices = table != NULL ? G_LIST_MODEL (patron_column_choices (table, param->accepts != 0 ? param->accepts : PATRON_ACCEPT_ANY))
                                : G_LIST_MODEL (g_list_store_new (PATRON_TYPE_COLUMN_CHOICE));
  GtkWidget *checks = patron_column_checks_new (self->choices, _(param->label));
  gtk_widget_set_size_request (checks, 320, -1);
  g_signal_connect_object (checks, "changed", G_CALLBACK (on_ticked), self, G_CONNECT_SWAPPED);
  GtkWidget *popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), checks);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->add), popover);
  gtk_widget_set_visible (self->add, table != NULL);
  gtk_widget_set_visible (self->line, table == NULL);
}

static void
build (PatronParamField *field)
{
  PatronColumnsField *self = PATRON_COLUMNS_FIELD (field);
  const PatronParam *param = patron_param_field_get_param (field);
  self->chips = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->chips), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->chips), 12);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->chips), 6);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->chips), 6);
  gtk_widget_add_css_class (self->chips, "chips");
  self->add = gtk_menu_button_new ();
  gtk_menu_button_set_always_show_arrow (GTK_MENU_BUTTON (self->add), TRUE);
  gtk_widget_set_halign (self->add, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->add), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(param->label), -1);
  self->line = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->line), _("Names of columns, separated by semicolons"));
  patron_widget_set_name (self->line, _(param->label));
  g_signal_connect_object (self->line, "changed", G_CALLBACK (patron_param_field_edited), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (self->chips, GTK_WIDGET (self));
  gtk_widget_set_parent (self->add, GTK_WIDGET (self));
  gtk_widget_set_parent (self->line, GTK_WIDGET (self));
  list_columns (self);
  show_chips (self);
}

static char *
dup_text (PatronParamField *field)
{
  PatronColumnsField *self = PATRON_COLUMNS_FIELD (field);
  if (self->table == NULL)
    return g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->line)));
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < self->names->len; i++)
    g_ptr_array_add (names, self->names->pdata[i]);
  g_ptr_array_add (names, NULL);
  return patron_names_join ((const char *const *) names->pdata);
}

static void
set_text (PatronParamField *field, const char *text)
{
  PatronColumnsField *self = PATRON_COLUMNS_FIELD (field);
  g_auto (GStrv) names = patron_names_split (text);
  gtk_editable_set_text (GTK_EDITABLE (self->line), self->table == NULL ? text : "");
  g_ptr_array_set_size (self->names, 0);
  for (char **name = names; *name != NULL; name++)
    if (!is_named (self, *name))
      g_ptr_array_add (self->names, g_strdup (*name));
  self->refreshing = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (self->choices); i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (self->choices, i);
      patron_column_choice_set_chosen (choice, is_named (self, patron_column_choice_get_name (choice)));
    }
  self->refreshing = FALSE;
  show_chips (self);
}

static void
others_changed (PatronParamField *field)
{
  PatronColumnsField *self = PATRON_COLUMNS_FIELD (field);
  if (patron_param_field_get_table (field) == self->table)
    return;
  g_autofree char *text = dup_text (field);
  list_columns (self);
  patron_param_field_set_text (field, text);
}

static void
patron_columns_field_finalize (GObject *object)
{
  PatronColumnsField *self = PATRON_COLUMNS_FIELD (object);
  g_clear_pointer (&self->table, patron_table_unref);
  g_clear_object (&self->choices);
  g_ptr_array_unref (self->names);
  G_OBJECT_CLASS (patron_columns_field_parent_class)->finalize (object);
}

static void
patron_columns_field_class_init (PatronColumnsFieldClass *class)
{
  PatronParamFieldClass *field_class = PATRON_PARAM_FIELD_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = patron_columns_field_finalize;
  field_class->build = build;
  field_class->dup_text = dup_text;
  field_class->set_text = set_text;
  field_class->others_changed = others_changed;
}

static void
patron_columns_field_init (PatronColumnsField *self)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
}
