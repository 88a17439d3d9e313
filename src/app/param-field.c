/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-field.h"

#include "app/accessible.h"
#include "app/param-fields.h"
#include "app/text-label.h"
#include "base/names.h"

/* ---- context ----------------------------------------------------------------------------------------------- */

PatronParamContext *
patron_param_context_new (PatronTable *table, PatronDocument *document, const PatronParam *params, gconstpointer values)
{
  PatronParamContext *context = g_rc_box_new0 (PatronParamContext);
  context->table = table != NULL ? patron_table_ref (table) : NULL;
  context->document = document != NULL ? g_object_ref (document) : NULL;
  context->params = params;
  context->values = values;
  return context;
}

PatronParamContext *
patron_param_context_ref (PatronParamContext *context)
{
  return g_rc_box_acquire (context);
}

static void
context_clear (gpointer data)
{
  PatronParamContext *context = data;
  g_clear_pointer (&context->table, patron_table_unref);
  g_clear_pointer (&context->other, patron_table_unref);
  g_clear_pointer (&context->other_name, g_free);
  g_clear_object (&context->document);
}

void
patron_param_context_unref (PatronParamContext *context)
{
  g_rc_box_release_full (context, context_clear);
}

PatronColumn *
patron_param_context_column (PatronParamContext *context)
{
  for (const PatronParam *param = context->params; context->table != NULL && param != NULL && param->kind != PATRON_PARAM_KIND_END; param++)
    {
      if (param->kind != PATRON_PARAM_KIND_TEXT || (param->holds != PATRON_HOLDS_COLUMN && param->holds != PATRON_HOLDS_COLUMNS))
        continue;
      const char *text = patron_param_get_text (param, context->values);
      g_auto (GStrv) names = param->holds == PATRON_HOLDS_COLUMNS ? patron_names_split (text) : g_strsplit (text, "\n", 1);
      PatronColumn *column = names[0] != NULL ? patron_table_find (context->table, names[0]) : NULL;
      if (column != NULL)
        return column;
    }
  return NULL;
}

const PatronParam *
patron_param_context_find (PatronParamContext *context, PatronHolds holds)
{
  for (const PatronParam *param = context->params; param != NULL && param->kind != PATRON_PARAM_KIND_END; param++)
    if (param->kind == PATRON_PARAM_KIND_TEXT && param->holds == holds)
      return param;
  return NULL;
}

PatronTable *
patron_param_context_other (PatronParamContext *context)
{
  const PatronParam *param = patron_param_context_find (context, PATRON_HOLDS_TABLE);
  const char *name = param != NULL ? patron_param_get_text (param, context->values) : "";
  if (g_strcmp0 (name, context->other_name) == 0)
    return context->other;
  g_free (context->other_name);
  context->other_name = g_strdup (name);
  g_clear_pointer (&context->other, patron_table_unref);
  if (context->document != NULL && patron_document_find_table (context->document, name) != NULL)
    context->other = patron_document_open_table (context->document, name, NULL);
  return context->other;
}

/* ---- the base of all fields -------------------------------------------------------------------------------- */

typedef struct
{
  const PatronParam  *param;      /* static */
  PatronParamContext *context;    /* owned */
  gboolean            setting;    /* the text is being set, not edited */
} PatronParamFieldPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PatronParamField, patron_param_field, GTK_TYPE_WIDGET)

static guint edited;

static PatronParamFieldPrivate *
private_of (PatronParamField *self)
{
  return patron_param_field_get_instance_private (self);
}

GtkWidget *
patron_param_field_new (const PatronParam *param, PatronParamContext *context)
{
  GType type = param->kind == PATRON_PARAM_KIND_TEXT ? patron_param_field_type_for (param, context->table != NULL) : G_TYPE_INVALID;
  if (type == G_TYPE_INVALID)
    return NULL;
  PatronParamField *self = g_object_new (type, NULL);
  PatronParamFieldPrivate *private = private_of (self);
  private->param = param;
  private->context = patron_param_context_ref (context);
  PATRON_PARAM_FIELD_GET_CLASS (self)->build (self);
  patron_accessible_tidy (GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

char *
patron_param_field_dup_text (PatronParamField *self)
{
  return PATRON_PARAM_FIELD_GET_CLASS (self)->dup_text (self);
}

void
patron_param_field_set_text (PatronParamField *self, const char *text)
{
  PatronParamFieldPrivate *private = private_of (self);
  private->setting = TRUE;
  PATRON_PARAM_FIELD_GET_CLASS (self)->set_text (self, text);
  private->setting = FALSE;
}

void
patron_param_field_show_problem (PatronParamField *self, const char *problem)
{
  if (PATRON_PARAM_FIELD_GET_CLASS (self)->show_problem != NULL)
    PATRON_PARAM_FIELD_GET_CLASS (self)->show_problem (self, problem);
}

void
patron_param_field_others_changed (PatronParamField *self)
{
  if (PATRON_PARAM_FIELD_GET_CLASS (self)->others_changed != NULL)
    PATRON_PARAM_FIELD_GET_CLASS (self)->others_changed (self);
}

const PatronParam *
patron_param_field_get_param (PatronParamField *self)
{
  return private_of (self)->param;
}

PatronParamContext *
patron_param_field_get_context (PatronParamField *self)
{
  return private_of (self)->context;
}

PatronTable *
patron_param_field_get_table (PatronParamField *self)
{
  PatronParamFieldPrivate *private = private_of (self);
  PatronHolds holds = private->param->holds;
  gboolean other = holds == PATRON_HOLDS_OTHER_COLUMN || holds == PATRON_HOLDS_OTHER_COLUMNS;
  return other ? patron_param_context_other (private->context) : private->context->table;
}

void
patron_param_field_edited (PatronParamField *self)
{
  if (!private_of (self)->setting)
    g_signal_emit (self, edited, 0);
}

static void
patron_param_field_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&private_of (PATRON_PARAM_FIELD (object))->context, patron_param_context_unref);
  G_OBJECT_CLASS (patron_param_field_parent_class)->dispose (object);
}

static gboolean
patron_param_field_grab_focus (GtkWidget *widget)
{
  return patron_widget_focus_child (widget);
}

static void
patron_param_field_class_init (PatronParamFieldClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_param_field_dispose;
  widget_class->grab_focus = patron_param_field_grab_focus;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  edited = g_signal_new ("edited", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_param_field_init (PatronParamField *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
}
