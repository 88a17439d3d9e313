/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A date as 2011-02-28, typed or chosen from a calendar. It is a GtkBox with an entry and a button; the entry is a GtkEntry.
 * name: for assistive technology. */
GtkWidget *patron_date_entry_new       (const char *name, GtkWidget **entry);

G_END_DECLS
