/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-fields.h"

#include <glib/gi18n-lib.h>

#include "app/column-drop-down.h"
#include "app/text-label.h"

/* One column of the table; its name in a line of text while the table is not known. */
struct _PatronColumnField
{
  PatronParamField parent;
  PatronTable     *table;     /* owned: whose columns are listed; NULL: not known */
  GtkWidget       *columns;   /* borrowed child, with a table */
  GtkWidget       *line;      /* borrowed child, without one */
  char            *unknown;   /* owned: a name that the table does not have, kept until another is chosen */
};

G_DEFINE_FINAL_TYPE (PatronColumnField, patron_column_field, PATRON_TYPE_PARAM_FIELD)

static void
on_selected (PatronColumnField *self)
{
  if (patron_column_drop_down_get (GTK_DROP_DOWN (self->columns)) != NULL)
    g_clear_pointer (&self->unknown, g_free);
  patron_param_field_edited (PATRON_PARAM_FIELD (self));
}

/* What choosing none means. */
static const char *
none_text (const PatronParam *param)
{
  if (!param->optional)
    return _("Choose a column…");
  return param->holds == PATRON_HOLDS_OTHER_COLUMN ? _("The same name as here") : _("None");
}

static void
build_list (PatronColumnField *self, const PatronParam *param)
{
  guint accepts = param->accepts != 0 ? param->accepts : PATRON_ACCEPT_ANY;
  self->columns = patron_column_drop_down_new (self->table, accepts, none_text (param));
  gtk_widget_set_halign (self->columns, GTK_ALIGN_START);
  g_signal_connect_object (self->columns, "notify::selected", G_CALLBACK (on_selected), self, G_CONNECT_SWAPPED);
}

static void
build_line (PatronColumnField *self)
{
  self->line = gtk_entry_new ();
  g_signal_connect_object (self->line, "changed", G_CALLBACK (patron_param_field_edited), self, G_CONNECT_SWAPPED);
}

static void
build (PatronParamField *field)
{
  PatronColumnField *self = PATRON_COLUMN_FIELD (field);
  const PatronParam *param = patron_param_field_get_param (field);
  PatronTable *table = patron_param_field_get_table (field);
  g_clear_pointer (&self->columns, gtk_widget_unparent);
  g_clear_pointer (&self->line, gtk_widget_unparent);
  g_clear_pointer (&self->table, patron_table_unref);
  self->table = table != NULL ? patron_table_ref (table) : NULL;
  if (table != NULL)
    build_list (self, param);
  else
    build_line (self);
  GtkWidget *child = table != NULL ? self->columns : self->line;
  patron_widget_set_name (child, _(param->label));
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static char *
dup_text (PatronParamField *field)
{
  PatronColumnField *self = PATRON_COLUMN_FIELD (field);
  if (self->line != NULL)
    return g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->line)));
  const char *name = patron_column_drop_down_get (GTK_DROP_DOWN (self->columns));
  return g_strdup (name != NULL ? name : self->unknown != NULL ? self->unknown : "");
}

static void
set_text (PatronParamField *field, const char *text)
{
  PatronColumnField *self = PATRON_COLUMN_FIELD (field);
  if (self->line != NULL)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->line), text);
      return;
    }
  gboolean found = patron_column_drop_down_set (GTK_DROP_DOWN (self->columns), *text != '\0' ? text : NULL);
  g_free (self->unknown);
  self->unknown = found || *text == '\0' ? NULL : g_strdup (text);
}

static void
others_changed (PatronParamField *field)
{
  if (patron_param_field_get_table (field) == PATRON_COLUMN_FIELD (field)->table)
    return;
  g_autofree char *text = dup_text (field);
  build (field);
  patron_param_field_set_text (field, text);
}

static void
patron_column_field_finalize (GObject *object)
{
  PatronColumnField *self = PATRON_COLUMN_FIELD (object);
  g_clear_pointer (&self->table, patron_table_unref);
  g_free (self->unknown);
  G_OBJECT_CLASS (patron_column_field_parent_class)->finalize (object);
}

static void
patron_column_field_class_init (PatronColumnFieldClass *class)
{
  PatronParamFieldClass *field_class = PATRON_PARAM_FIELD_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = patron_column_field_finalize;
  field_class->build = build;
  field_class->dup_text = dup_text;
  field_class->set_text = set_text;
  field_class->others_changed = others_changed;
}

static void
patron_column_field_init (PatronColumnField *self)
{
}
