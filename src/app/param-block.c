/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-block.h"

struct _PatronParamBlock
{
  GObject parent;

  gpointer             values;    /* borrowed */
  GPtrArray           *rows;      /* of PatronParamRow*, borrowed from the lists */
  AdwPreferencesGroup *basic;     /* borrowed */
  AdwExpanderRow      *advanced;  /* borrowed, NULL: none */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronParamBlock, patron_param_block, G_TYPE_OBJECT)

static gboolean
is_folded (PatronParamBlock *self, const PatronParam *param)
{
  return param->advanced && self->advanced != NULL;
}

static void
update_relevance (PatronParamBlock *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      PatronParamRow *row = self->rows->pdata[i];
      gtk_widget_set_visible (GTK_WIDGET (row), patron_param_relevant (patron_param_row_get_param (row), self->values));
    }
}

static void
on_row_changed (PatronParamBlock *self, PatronParamRow *changed)
{
  update_relevance (self);
  for (guint i = 0; i < self->rows->len; i++)
    if (self->rows->pdata[i] != changed)
      patron_param_row_others_changed (self->rows->pdata[i]);
  g_signal_emit (self, signals[CHANGED], 0);
}

PatronParamBlock *
patron_param_block_new (const PatronParam *params, gpointer values, AdwPreferencesGroup *basic, AdwExpanderRow *advanced)
{
  return patron_param_block_new_full (params, values, NULL, basic, advanced);
}

PatronParamBlock *
patron_param_block_new_full (const PatronParam *params, gpointer values, PatronParamContext *context,
                             AdwPreferencesGroup *basic, AdwExpanderRow *advanced)
{
  PatronParamBlock *self = g_object_new (PATRON_TYPE_PARAM_BLOCK, NULL);
  self->values = values;
  self->basic = basic;
  self->advanced = advanced;
  for (const PatronParam *param = params; param != NULL && param->kind != PATRON_PARAM_KIND_END; param++)
    {
      GtkWidget *row = patron_param_row_new_full (param, values, context);
      g_signal_connect_object (row, "changed", G_CALLBACK (on_row_changed), self, G_CONNECT_SWAPPED);
      g_ptr_array_add (self->rows, row);
      if (is_folded (self, param))
        adw_expander_row_add_row (advanced, row);
      else
        adw_preferences_group_add (basic, row);
    }
  update_relevance (self);
  return self;
}

void
patron_param_block_clear (PatronParamBlock *self)
{
  g_return_if_fail (PATRON_IS_PARAM_BLOCK (self));
  for (guint i = 0; i < self->rows->len; i++)
    {
      PatronParamRow *row = self->rows->pdata[i];
      if (is_folded (self, patron_param_row_get_param (row)))
        adw_expander_row_remove (self->advanced, GTK_WIDGET (row));
      else
        adw_preferences_group_remove (self->basic, GTK_WIDGET (row));
    }
  g_ptr_array_set_size (self->rows, 0);
}

void
patron_param_block_refresh (PatronParamBlock *self)
{
  g_return_if_fail (PATRON_IS_PARAM_BLOCK (self));
  for (guint i = 0; i < self->rows->len; i++)
    patron_param_row_refresh (self->rows->pdata[i]);
  for (guint i = 0; i < self->rows->len; i++)
    patron_param_row_others_changed (self->rows->pdata[i]);
  update_relevance (self);
}

PatronParamRow *
patron_param_block_first_problem (PatronParamBlock *self)
{
  g_return_val_if_fail (PATRON_IS_PARAM_BLOCK (self), NULL);
  for (guint i = 0; i < self->rows->len; i++)
    {
      PatronParamRow *row = self->rows->pdata[i];
      if (gtk_widget_get_visible (GTK_WIDGET (row)) && patron_param_row_get_problem (row) != NULL)
        return row;
    }
  return NULL;
}

PatronParamRow *
patron_param_block_first (PatronParamBlock *self)
{
  g_return_val_if_fail (PATRON_IS_PARAM_BLOCK (self), NULL);
  for (guint i = 0; i < self->rows->len; i++)
    if (gtk_widget_get_visible (self->rows->pdata[i]))
      return self->rows->pdata[i];
  return NULL;
}

PatronParamRow *
patron_param_block_find (PatronParamBlock *self, const char *name)
{
  g_return_val_if_fail (PATRON_IS_PARAM_BLOCK (self), NULL);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const PatronParam one[] = { *patron_param_row_get_param (self->rows->pdata[i]), PATRON_PARAM_END };
      if (patron_params_find (one, name) != NULL)
        return self->rows->pdata[i];
    }
  return NULL;
}

static void
patron_param_block_finalize (GObject *object)
{
  g_ptr_array_unref (PATRON_PARAM_BLOCK (object)->rows);
  G_OBJECT_CLASS (patron_param_block_parent_class)->finalize (object);
}

static void
patron_param_block_class_init (PatronParamBlockClass *class)
{
  G_OBJECT_CLASS (class)->finalize = patron_param_block_finalize;
  signals[CHANGED] = g_signal_new ("changed", PATRON_TYPE_PARAM_BLOCK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_param_block_init (PatronParamBlock *self)
{
  self->rows = g_ptr_array_new ();
}
