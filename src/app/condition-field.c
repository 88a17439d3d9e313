/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-fields.h"

#include <glib/gi18n-lib.h>

#include "app/filter-editor.h"

/* A formula that is a condition: as rows of conditions, or as it is. */
struct _PatronConditionField
{
  PatronParamField parent;
  GtkWidget       *editor;   /* borrowed child */
};

G_DEFINE_FINAL_TYPE (PatronConditionField, patron_condition_field, PATRON_TYPE_PARAM_FIELD)

static void
build (PatronParamField *field)
{
  PatronConditionField *self = PATRON_CONDITION_FIELD (field);
  self->editor = patron_filter_editor_new (patron_param_field_get_context (field)->table, _(patron_param_field_get_param (field)->label), FALSE);
  g_signal_connect_object (self->editor, "changed", G_CALLBACK (patron_param_field_edited), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (self->editor, GTK_WIDGET (self));
}

static char *
dup_text (PatronParamField *field)
{
  return patron_filter_editor_dup_text (PATRON_FILTER_EDITOR (PATRON_CONDITION_FIELD (field)->editor));
}

static void
set_text (PatronParamField *field, const char *text)
{
  patron_filter_editor_set_text (PATRON_FILTER_EDITOR (PATRON_CONDITION_FIELD (field)->editor), text);
}

static void
patron_condition_field_class_init (PatronConditionFieldClass *class)
{
  PatronParamFieldClass *field_class = PATRON_PARAM_FIELD_CLASS (class);
  field_class->build = build;
  field_class->dup_text = dup_text;
  field_class->set_text = set_text;
}

static void
patron_condition_field_init (PatronConditionField *self)
{
}
