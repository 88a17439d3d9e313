/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/column-drop-down.h"

#include <glib/gi18n-lib.h>

#include "app/text-label.h"

/* From this many columns on, the list can be searched. */
#define SEARCH_FROM 12
/* Names up to this many characters are shown whole. */
#define NAME_WIDTH 18

static char *
search_text (PatronColumnChoice *choice)
{
  return g_strdup (patron_column_choice_get_name (choice) != NULL ? patron_column_choice_get_name (choice) : "");
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = patron_label_new_short (NULL, NULL);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 28);
  gtk_box_append (GTK_BOX (box), gtk_image_new ());
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_item_set_child (item, box);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item, const char *none)
{
  PatronColumnChoice *choice = gtk_list_item_get_item (item);
  GtkWidget *icon = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *label = gtk_widget_get_next_sibling (icon);
  const char *name = patron_column_choice_get_name (choice);
  const char *text = name != NULL ? name : none;
  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_label_set_width_chars (GTK_LABEL (label), MIN (g_utf8_strlen (text, -1), NAME_WIDTH));
  gtk_widget_set_visible (icon, name != NULL);
  if (name != NULL)
    {
      PatronType type = patron_column_choice_get_value_type (choice);
      gtk_image_set_from_icon_name (GTK_IMAGE (icon), patron_type_icon (type));
      gtk_widget_set_tooltip_text (icon, _(patron_type_label (type)));
      gtk_widget_remove_css_class (label, "dim-label");
    }
  else
    gtk_widget_add_css_class (label, "dim-label");
}

static void
free_none (gpointer data, GClosure *closure)
{
  g_free (data);
}

GtkWidget *
patron_column_drop_down_new (PatronTable *table, guint accepts, const char *none)
{
  GListStore *choices = patron_column_choices (table, accepts);
  if (none != NULL)
    {
      g_autoptr (PatronColumnChoice) nothing = patron_column_choice_new (NULL, PATRON_TYPE_TEXT);
      g_list_store_insert (choices, 0, nothing);
    }
  guint n = g_list_model_get_n_items (G_LIST_MODEL (choices));
  GtkExpression *text = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (search_text), NULL, NULL);
  GtkWidget *columns = gtk_drop_down_new (G_LIST_MODEL (choices), text);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (columns), n > SEARCH_FROM);
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect_data (factory, "bind", G_CALLBACK (on_bind), g_strdup (none), free_none, 0);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (columns), factory);
  gtk_widget_set_valign (columns, GTK_ALIGN_CENTER);
  return columns;
}

const char *
patron_column_drop_down_get (GtkDropDown *columns)
{
  PatronColumnChoice *choice = gtk_drop_down_get_selected_item (columns);
  return choice != NULL ? patron_column_choice_get_name (choice) : NULL;
}

gboolean
patron_column_drop_down_set (GtkDropDown *columns, const char *name)
{
  GListModel *choices = gtk_drop_down_get_model (columns);
  guint n = g_list_model_get_n_items (choices);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (choices, i);
      if (g_strcmp0 (patron_column_choice_get_name (choice), name) != 0)
        continue;
      gtk_drop_down_set_selected (columns, i);
      return TRUE;
    }
  gtk_drop_down_set_selected (columns, n > 0 ? 0 : GTK_INVALID_LIST_POSITION);
  return FALSE;
}
