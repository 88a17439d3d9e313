/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document-private.h"

/* Filters with names, kept with the project by the table's id, because names change: a variant a(ss) of name and expression, as text. */

static char *
filters_key (PatronDocument *self, const char *table)
{
  PatronItem *item = patron_document_find_table (self, table);
  return item != NULL ? g_strdup_printf ("filters/%" G_GINT64_FORMAT, patron_item_get_id (item)) : NULL;
}

static void
filter_free (gpointer data)
{
  PatronNamedFilter *filter = data;
  g_free (filter->name);
  g_free (filter->text);
  g_free (filter);
}

static void
add_filter (GPtrArray *filters, const char *name, const char *text)
{
  PatronNamedFilter *filter = g_new0 (PatronNamedFilter, 1);
  filter->name = g_strdup (name);
  filter->text = g_strdup (text);
  g_ptr_array_add (filters, filter);
}

GPtrArray *
patron_document_dup_filters (PatronDocument *self, const char *table)
{
  GPtrArray *filters = g_ptr_array_new_with_free_func (filter_free);
  g_autofree char *key = filters_key (self, table);
  g_autofree char *text = key != NULL ? patron_project_get_setting (patron_document_get_project (self), key) : NULL;
  g_autoptr (GVariant) pairs = text != NULL ? g_variant_parse (G_VARIANT_TYPE ("a(ss)"), text, NULL, NULL, NULL) : NULL;
  if (pairs == NULL)
    return filters;
  GVariantIter iter;
  const char *name, *expression;
  g_variant_iter_init (&iter, pairs);
  while (g_variant_iter_next (&iter, "(&s&s)", &name, &expression))
    add_filter (filters, name, expression);
  return filters;
}

void
patron_document_set_filter (PatronDocument *self, const char *table, const char *name, const char *text)
{
  GError *error = NULL;
  g_autofree char *key = filters_key (self, table);
  if (key == NULL)
    return;
  g_autoptr (GPtrArray) filters = patron_document_dup_filters (self, table);
  for (guint i = filters->len; i > 0; i--)
    if (g_str_equal (((PatronNamedFilter *) filters->pdata[i - 1])->name, name))
      g_ptr_array_remove_index (filters, i - 1);
  if (text != NULL)
    add_filter (filters, name, text);
  GVariantBuilder builder;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < filters->len; i++)
    {
      const PatronNamedFilter *filter = filters->pdata[i];
      g_variant_builder_add (&builder, "(ss)", filter->name, filter->text);
    }
  g_autoptr (GVariant) pairs = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_autofree char *value = g_variant_print (pairs, TRUE);
  if (!patron_project_set_setting (patron_document_get_project (self), key, value, &error))
    {
      g_signal_emit_by_name (self, "problem", error);
      g_error_free (error);
    }
  patron_document_refresh (self);
}
