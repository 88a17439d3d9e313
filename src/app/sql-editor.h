/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

#include "project/project.h"

G_BEGIN_DECLS

/* A text view for SQL: coloured, completing the words of SQL and the names of the project's tables and columns, following light and dark. */
GtkWidget *patron_sql_editor_new       (void);
/* The names that are completed, read again from the project. */
void       patron_sql_editor_set_names (GtkSourceView *editor, PatronProject *project);
char      *patron_sql_editor_dup_text  (GtkSourceView *editor);
void       patron_sql_editor_set_text  (GtkSourceView *editor, const char *text);
/* At the cursor, in place of what is selected. */
void       patron_sql_editor_insert    (GtkSourceView *editor, const char *text);
/* Underlines the word at a byte of the text; -1: nothing. */
void       patron_sql_editor_set_error (GtkSourceView *editor, int position);

G_END_DECLS
