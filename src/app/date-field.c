/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-fields.h"

#include <glib/gi18n-lib.h>

#include "app/date-entry.h"

struct _PatronDateField
{
  PatronParamField parent;
  GtkWidget       *entry;   /* borrowed child */
};

G_DEFINE_FINAL_TYPE (PatronDateField, patron_date_field, PATRON_TYPE_PARAM_FIELD)

static void
build (PatronParamField *field)
{
  PatronDateField *self = PATRON_DATE_FIELD (field);
  GtkWidget *box = patron_date_entry_new (_(patron_param_field_get_param (field)->label), &self->entry);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (patron_param_field_edited), self, G_CONNECT_SWAPPED);
  gtk_widget_set_halign (box, GTK_ALIGN_START);
  gtk_widget_set_parent (box, GTK_WIDGET (self));
}

static char *
dup_text (PatronParamField *field)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (PATRON_DATE_FIELD (field)->entry))));
}

static void
set_text (PatronParamField *field, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (PATRON_DATE_FIELD (field)->entry), text);
}

static void
show_problem (PatronParamField *field, const char *problem)
{
  GtkWidget *entry = PATRON_DATE_FIELD (field)->entry;
  if (problem != NULL)
    gtk_widget_add_css_class (entry, "error");
  else
    gtk_widget_remove_css_class (entry, "error");
}

static void
patron_date_field_class_init (PatronDateFieldClass *class)
{
  PatronParamFieldClass *field_class = PATRON_PARAM_FIELD_CLASS (class);
  field_class->build = build;
  field_class->dup_text = dup_text;
  field_class->set_text = set_text;
  field_class->show_problem = show_problem;
}

static void
patron_date_field_init (PatronDateField *self)
{
}
