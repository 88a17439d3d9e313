/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/date-entry.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "app/text-label.h"
#include "table/column.h"

/* The calendar begins at the date in the entry, where there is one. */
static void
on_shown (GtkCalendar *calendar, GtkEntry *entry)
{
  int year, month, day;
  if (sscanf (gtk_editable_get_text (GTK_EDITABLE (entry)), "%d-%d-%d", &year, &month, &day) != 3 || !patron_date_valid (year, month, day)
      || year < 1 || year > 9999)
    return;
  g_autoptr (GDateTime) date = g_date_time_new_utc (year, month, day, 0, 0, 0);
  gtk_calendar_select_day (calendar, date);
}

static void
take_day (GtkCalendar *calendar, GtkEntry *entry)
{
  g_autoptr (GDateTime) date = gtk_calendar_get_date (calendar);
  g_autofree char *text = g_date_time_format (date, "%Y-%m-%d");
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static void
on_done (GtkWidget *button, GtkEntry *entry)
{
  GtkWidget *calendar = gtk_widget_get_first_child (gtk_widget_get_parent (button));
  take_day (GTK_CALENDAR (calendar), entry);
  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER)));
  gtk_widget_grab_focus (GTK_WIDGET (entry));
}

static GtkWidget *
make_calendar (GtkWidget *entry)
{
  GtkWidget *calendar = gtk_calendar_new ();
  g_signal_connect_object (calendar, "map", G_CALLBACK (on_shown), entry, 0);
  GtkWidget *done = gtk_button_new_with_mnemonic (_("_Take This Day"));
  g_signal_connect_object (done, "clicked", G_CALLBACK (on_done), entry, 0);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (box), calendar);
  gtk_box_append (GTK_BOX (box), done);
  return box;
}

GtkWidget *
patron_date_entry_new (const char *name, GtkWidget **entry)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  *entry = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (*entry), 11);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (*entry), 11);
  /* Translators: how a date is written: year, month, day. */
  gtk_entry_set_placeholder_text (GTK_ENTRY (*entry), _("2024-12-31"));
  gtk_entry_set_activates_default (GTK_ENTRY (*entry), TRUE);
  gtk_widget_add_css_class (*entry, "numeric");
  patron_widget_set_name (*entry, name);
  GtkWidget *popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), make_calendar (*entry));
  GtkWidget *button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "x-office-calendar-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_set_tooltip_text (button, _("Choose a day"));
  patron_widget_set_name (button, _("Choose a day"));
  gtk_box_append (GTK_BOX (box), *entry);
  gtk_box_append (GTK_BOX (box), button);
  return box;
}
