/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "base/text.h"

G_BEGIN_DECLS

/* A left-aligned, wrapping label with a space-separated list of style classes (may be NULL). */
GtkWidget *patron_label_new        (const char *text, const char *classes);
/* Shows the sentence in the language in force; hidden when text is NULL. */
GtkWidget *patron_label_new_text   (const PatronText *text, const char *classes);
/* One line, never wrapped. */
GtkWidget *patron_label_new_short  (const char *text, const char *classes);
/* A small rounded tag, as on a column that has a role. */
GtkWidget *patron_tag_new          (const char *text);
/* A flat button that shows an icon only; tooltip is its accessible name as well. */
GtkWidget *patron_icon_button_new  (const char *icon, const char *tooltip);
void       patron_widget_set_name  (gpointer widget, const char *accessible_name);
void       patron_widget_add_classes (GtkWidget *widget, const char *classes);
/* Long entries of a drop-down of strings are cut off with dots rather than making it as wide as they are. */
void       patron_drop_down_ellipsize (GtkDropDown *choices);
/* A row of a list that only tells: an icon beside a label that can be selected. Takes both. */
GtkWidget *patron_told_row_new     (GtkWidget *icon, GtkWidget *label);
/* Opens a menu at x, y of over. Returns the popover, which parent unparents when it is disposed of at the latest. */
GtkWidget *patron_widget_popup_menu (GtkWidget *parent, GMenuModel *menu, GtkWidget *over, double x, double y);
/* Gives the focus to the first child that takes it: for grab_focus() of a widget that only holds others. */
gboolean   patron_widget_focus_child (GtkWidget *widget);

G_END_DECLS
