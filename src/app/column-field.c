/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-fields.h"

#include <glib/gi18n-lib.h>

#include "app/column-drop-down.h"
#include "app/text-label.h"

/* One column of the table. */
struct _PatronColumnField
{
  PatronParamField parent;
  GtkWidget       *columns;   /* borrowed child */
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

static void
build (PatronParamField *field)
{
  PatronColumnField *self = PATRON_COLUMN_FIELD (field);
  const PatronParam *param = patron_param_field_get_param (field);
  guint accepts = param->accepts != 0 ? param->accepts : PATRON_ACCEPT_ANY;
  const char *none = param->optional ? _("None") : _("Choose a column…");
  self->columns = patron_column_drop_down_new (patron_param_field_get_context (field)->table, accepts, none);
  patron_widget_set_name (self->columns, _(param->label));
  gtk_widget_set_halign (self->columns, GTK_ALIGN_START);
  gtk_widget_set_parent (self->columns, GTK_WIDGET (self));
  g_signal_connect_object (self->columns, "notify::selected", G_CALLBACK (on_selected), self, G_CONNECT_SWAPPED);
}

static char *
dup_text (PatronParamField *field)
{
  PatronColumnField *self = PATRON_COLUMN_FIELD (field);
  const char *name = patron_column_drop_down_get (GTK_DROP_DOWN (self->columns));
  return g_strdup (name != NULL ? name : self->unknown != NULL ? self->unknown : "");
}

static void
set_text (PatronParamField *field, const char *text)
{
  PatronColumnField *self = PATRON_COLUMN_FIELD (field);
  gboolean found = patron_column_drop_down_set (GTK_DROP_DOWN (self->columns), *text != '\0' ? text : NULL);
  g_free (self->unknown);
  self->unknown = found || *text == '\0' ? NULL : g_strdup (text);
}

static void
patron_column_field_finalize (GObject *object)
{
  g_free (PATRON_COLUMN_FIELD (object)->unknown);
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
}

static void
patron_column_field_init (PatronColumnField *self)
{
}
