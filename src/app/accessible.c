/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/accessible.h"

#include "app/text-label.h"

void
patron_accessible_tidy (GtkWidget *root)
{
  if (GTK_IS_BUTTON (root) && gtk_button_get_use_underline (GTK_BUTTON (root)))
    gtk_accessible_reset_property (GTK_ACCESSIBLE (root), GTK_ACCESSIBLE_PROPERTY_LABEL);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    patron_accessible_tidy (child);
}

void
patron_accessible_name_drop_down (AdwSplitButton *button, const char *name)
{
  GtkWidget *part = gtk_widget_get_first_child (GTK_WIDGET (button));
  while (part != NULL && !GTK_IS_MENU_BUTTON (part))
    part = gtk_widget_get_next_sibling (part);
  /* The toggle button inside takes its name from it. */
  if (part != NULL)
    patron_widget_set_name (part, name);
}
