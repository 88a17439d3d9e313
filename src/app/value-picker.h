/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "table/table.h"

G_BEGIN_DECLS

/* A button that opens the values of a column, the most frequent first and each with its count, with a search. They are read when it is first opened.
 *
 * Signal "picked" (const char *value, gboolean chosen): chosen is FALSE when a value that was ticked is not any more. */
#define PATRON_TYPE_VALUE_PICKER (patron_value_picker_get_type ())
G_DECLARE_FINAL_TYPE (PatronValuePicker, patron_value_picker, PATRON, VALUE_PICKER, GtkWidget)

/* several: values are ticked, and the list stays open. label: of the button; NULL: an arrow. */
GtkWidget *patron_value_picker_new        (PatronColumn *column, gboolean several, const char *label);
/* Which values are ticked: of char*, borrowed until the next call. */
void       patron_value_picker_set_chosen (PatronValuePicker *self, const GPtrArray *values);

G_END_DECLS
