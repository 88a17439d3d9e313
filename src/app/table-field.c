/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-fields.h"

#include <glib/gi18n-lib.h>

#include "app/text-label.h"

/* Another table of the project, or a file. */
struct _PatronTableField
{
  PatronParamField parent;
  GtkStringList   *names;       /* owned: "choose", the tables, and a file that was chosen */
  GtkFileChooserNative *chooser; /* owned, while it is open */

  /* Borrowed children. */
  GtkWidget *tables;
};

G_DEFINE_FINAL_TYPE (PatronTableField, patron_table_field, PATRON_TYPE_PARAM_FIELD)

static guint
position_of (PatronTableField *self, const char *name)
{
  for (guint i = 1; i < g_list_model_get_n_items (G_LIST_MODEL (self->names)); i++)
    if (g_str_equal (gtk_string_list_get_string (self->names, i), name))
      return i;
  return 0;
}

static void
choose (PatronTableField *self, const char *name)
{
  if (*name != '\0' && position_of (self, name) == 0)
    gtk_string_list_append (self->names, name);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->tables), *name != '\0' ? position_of (self, name) : 0);
}

static void
on_response (PatronTableField *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_clear_object (&self->chooser);
  if (path != NULL)
    choose (self, path);
}

static void
on_file (PatronTableField *self)
{
  if (self->chooser != NULL)
    return;
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  self->chooser = gtk_file_chooser_native_new (_("Choose a File"), window, GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), _("_Cancel"));
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_response), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
build (PatronParamField *field)
{
  PatronTableField *self = PATRON_TABLE_FIELD (field);
  PatronParamContext *context = patron_param_field_get_context (field);
  GListModel *tables = context->document != NULL ? patron_document_get_tables (context->document) : NULL;
  const char *own = context->table != NULL ? patron_table_get_name (context->table) : NULL;
  self->names = gtk_string_list_new (NULL);
  gtk_string_list_append (self->names, patron_param_field_get_param (field)->optional ? _("None") : _("Choose a table…"));
  for (guint i = 0; tables != NULL && i < g_list_model_get_n_items (tables); i++)
    {
      g_autoptr (PatronItem) item = g_list_model_get_item (tables, i);
      if (g_strcmp0 (patron_item_get_name (item), own) != 0)
        gtk_string_list_append (self->names, patron_item_get_name (item));
    }
  self->tables = gtk_drop_down_new (G_LIST_MODEL (g_object_ref (self->names)), NULL);
  gtk_widget_set_hexpand (self->tables, TRUE);
  g_signal_connect_object (self->tables, "notify::selected", G_CALLBACK (patron_param_field_edited), self, G_CONNECT_SWAPPED);
  GtkWidget *file = gtk_button_new_with_mnemonic (_("A _File…"));
  g_signal_connect_object (file, "clicked", G_CALLBACK (on_file), self, G_CONNECT_SWAPPED);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (box), self->tables);
  gtk_box_append (GTK_BOX (box), file);
  gtk_widget_set_parent (box, GTK_WIDGET (self));
}

static char *
dup_text (PatronParamField *field)
{
  PatronTableField *self = PATRON_TABLE_FIELD (field);
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->tables));
  return g_strdup (selected > 0 && selected != GTK_INVALID_LIST_POSITION ? gtk_string_list_get_string (self->names, selected) : "");
}

static void
set_text (PatronParamField *field, const char *text)
{
  choose (PATRON_TABLE_FIELD (field), text);
}

static void
patron_table_field_dispose (GObject *object)
{
  PatronTableField *self = PATRON_TABLE_FIELD (object);
  g_clear_object (&self->chooser);
  g_clear_object (&self->names);
  G_OBJECT_CLASS (patron_table_field_parent_class)->dispose (object);
}

static void
patron_table_field_class_init (PatronTableFieldClass *class)
{
  PatronParamFieldClass *field_class = PATRON_PARAM_FIELD_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_table_field_dispose;
  field_class->build = build;
  field_class->dup_text = dup_text;
  field_class->set_text = set_text;
}

static void
patron_table_field_init (PatronTableField *self)
{
}
