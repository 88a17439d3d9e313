/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "table/table.h"

G_BEGIN_DECLS

/* A filter, as rows of conditions joined by all or any, groups of them, or as a formula where rows cannot say it.
 *
 * Signal "changed" (): the text is another, by the user. */
#define PATRON_TYPE_FILTER_EDITOR (patron_filter_editor_get_type ())
G_DECLARE_FINAL_TYPE (PatronFilterEditor, patron_filter_editor, PATRON, FILTER_EDITOR, GtkWidget)

/* name: for assistive technology. wide: conditions have room for one line each. */
GtkWidget *patron_filter_editor_new       (PatronTable *table, const char *name, gboolean wide);
/* The expression, "" for none; conditions that are still incomplete are left out. Owned by the caller. */
char      *patron_filter_editor_dup_text  (PatronFilterEditor *self);
void       patron_filter_editor_set_text  (PatronFilterEditor *self, const char *text);   /* without "changed" */
/* Another row for a column, ready to be filled in: the focus goes to its value. */
void       patron_filter_editor_add       (PatronFilterEditor *self, const char *column);

G_END_DECLS
