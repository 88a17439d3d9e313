/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/text-label.h"

void
patron_widget_add_classes (GtkWidget *widget, const char *classes)
{
  if (classes == NULL)
    return;
  g_auto (GStrv) names = g_strsplit (classes, " ", -1);
  for (gsize i = 0; names[i] != NULL; i++)
    gtk_widget_add_css_class (widget, names[i]);
}

static void
on_setup_string (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = patron_label_new_short (NULL, NULL);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
on_bind_string (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  enum { WIDTH = 12 };
  GtkLabel *label = GTK_LABEL (gtk_list_item_get_child (item));
  const char *text = gtk_string_object_get_string (gtk_list_item_get_item (item));
  gtk_label_set_label (label, text);
  gtk_label_set_width_chars (label, (int) MIN (g_utf8_strlen (text, -1), WIDTH));
}

void
patron_drop_down_ellipsize (GtkDropDown *choices)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup_string), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind_string), NULL);
  gtk_drop_down_set_factory (choices, factory);
}

gboolean
patron_widget_focus_child (GtkWidget *widget)
{
  /* In the order of the tree, not with gtk_widget_child_focus(): that sorts by where the children are, which nobody knows before they are laid out. */
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child) && gtk_widget_get_sensitive (child)
        && ((gtk_widget_get_focusable (child) && gtk_widget_grab_focus (child)) || patron_widget_focus_child (child)))
      return TRUE;
  return FALSE;
}

void
patron_widget_set_name (gpointer widget, const char *accessible_name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, accessible_name, -1);
}

GtkWidget *
patron_label_new (const char *text, const char *classes)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  patron_widget_add_classes (label, classes);
  return label;
}

GtkWidget *
patron_label_new_text (const PatronText *text, const char *classes)
{
  g_autofree char *rendered = patron_text_render (text);
  GtkWidget *label = patron_label_new (rendered, classes);
  gtk_widget_set_visible (label, rendered[0] != '\0');
  return label;
}

GtkWidget *
patron_label_new_short (const char *text, const char *classes)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  patron_widget_add_classes (label, classes);
  return label;
}

GtkWidget *
patron_tag_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_widget_add_css_class (label, "tag");
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  return label;
}

GtkWidget *
patron_icon_button_new (const char *icon, const char *tooltip)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, tooltip);
  patron_widget_set_name (button, tooltip);
  return button;
}

GtkWidget *
patron_told_row_new (GtkWidget *icon, GtkWidget *label)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class (box, "row-content");
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  return row;
}

GtkWidget *
patron_widget_popup_menu (GtkWidget *parent, GMenuModel *menu, GtkWidget *over, double x, double y)
{
  GtkWidget *popover = gtk_popover_menu_new_from_model (menu);
  gtk_widget_set_parent (popover, parent);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_widget_translate_coordinates (over, parent, x, y, &x, &y);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (popover));
  return popover;
}
