/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sql-editor.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "project/sql.h"

#define NAMES "patron-sql-names"   /* the buffer whose words are offered */

static GtkSourceBuffer *
get_buffer (GtkSourceView *editor)
{
  return GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (editor)));
}

static void
follow_style (GtkSourceView *editor)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkSourceStyleScheme *scheme = gtk_source_style_scheme_manager_get_scheme (gtk_source_style_scheme_manager_get_default (), dark ? "Adwaita-dark" : "Adwaita");
  gtk_source_buffer_set_style_scheme (get_buffer (editor), scheme);
}

/* The error lasts until the text is changed. */
static void
on_changed (GtkTextBuffer *buffer)
{
  GtkTextIter start, end;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_remove_tag_by_name (buffer, "error", &start, &end);
}

static void
add_completion (GtkSourceView *editor)
{
  GtkSourceCompletionWords *words = gtk_source_completion_words_new (_("Words and names"));
  g_autoptr (GtkTextBuffer) names = gtk_text_buffer_new (NULL);
  gtk_source_completion_words_register (words, names);
  g_object_set (words, "minimum-word-size", 2, NULL);
  gtk_source_completion_add_provider (gtk_source_view_get_completion (editor), GTK_SOURCE_COMPLETION_PROVIDER (words));
  g_object_set_data_full (G_OBJECT (editor), NAMES, g_object_ref (names), g_object_unref);
  g_object_unref (words);
}

GtkWidget *
patron_sql_editor_new (void)
{
  g_autoptr (GtkSourceBuffer) buffer = gtk_source_buffer_new (NULL);
  gtk_source_buffer_set_language (buffer, gtk_source_language_manager_get_language (gtk_source_language_manager_get_default (), "sql"));
  gtk_text_buffer_create_tag (GTK_TEXT_BUFFER (buffer), "error", "underline", PANGO_UNDERLINE_ERROR, NULL);
  g_signal_connect (buffer, "changed", G_CALLBACK (on_changed), NULL);
  GtkWidget *editor = gtk_source_view_new_with_buffer (buffer);
  GtkTextView *view = GTK_TEXT_VIEW (editor);
  gtk_text_view_set_monospace (view, TRUE);
  gtk_text_view_set_wrap_mode (view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (view, FALSE);   /* Tab leaves the editor, as the keyboard needs */
  gtk_text_view_set_top_margin (view, 8);
  gtk_text_view_set_bottom_margin (view, 8);
  gtk_text_view_set_left_margin (view, 10);
  gtk_text_view_set_right_margin (view, 10);
  gtk_accessible_update_property (GTK_ACCESSIBLE (editor), GTK_ACCESSIBLE_PROPERTY_LABEL, _("SQL statement"), -1);
  add_completion (GTK_SOURCE_VIEW (editor));
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (follow_style), editor, G_CONNECT_SWAPPED);
  follow_style (GTK_SOURCE_VIEW (editor));
  return editor;
}

static void
add_names (GString *text, GPtrArray *names)
{
  for (guint i = 0; names != NULL && i < names->len; i++)
    g_string_append_printf (text, "%s\n", (char *) names->pdata[i]);
}

static void
add_words (GString *text, const char *const *words)
{
  for (; *words != NULL; words++)
    g_string_append_printf (text, "%s\n", *words);
}

void
patron_sql_editor_set_names (GtkSourceView *editor, PatronProject *project)
{
  GtkTextBuffer *names = g_object_get_data (G_OBJECT (editor), NAMES);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) tables = patron_project_list_tables (project, NULL);
  g_autoptr (GPtrArray) quoted = patron_sql_list_tables (project, NULL);
  add_words (text, patron_sql_words ());
  add_words (text, patron_sql_functions ());
  add_names (text, quoted);
  for (guint i = 0; tables != NULL && i < tables->len; i++)
    {
      g_autoptr (GPtrArray) columns = patron_sql_list_columns (project, ((PatronTableInfo *) tables->pdata[i])->name, NULL);
      add_names (text, columns);
    }
  gtk_text_buffer_set_text (names, text->str, text->len);
}

char *
patron_sql_editor_dup_text (GtkSourceView *editor)
{
  GtkTextIter start, end;
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (get_buffer (editor));
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

void
patron_sql_editor_set_text (GtkSourceView *editor, const char *text)
{
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (get_buffer (editor)), text, -1);
}

void
patron_sql_editor_insert (GtkSourceView *editor, const char *text)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (get_buffer (editor));
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete_selection (buffer, TRUE, TRUE);
  gtk_text_buffer_insert_at_cursor (buffer, text, -1);
  gtk_text_buffer_end_user_action (buffer);
}

void
patron_sql_editor_set_error (GtkSourceView *editor, int position)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (get_buffer (editor));
  g_autofree char *text = patron_sql_editor_dup_text (editor);
  GtkTextIter start, end;
  on_changed (buffer);
  if (position < 0 || (gsize) position > strlen (text))
    return;
  gtk_text_buffer_get_iter_at_offset (buffer, &start, (int) g_utf8_pointer_to_offset (text, text + position));
  end = start;
  if (!gtk_text_iter_forward_word_end (&end) || gtk_text_iter_get_line (&end) != gtk_text_iter_get_line (&start))
    {
      end = start;
      gtk_text_iter_forward_char (&end);
    }
  gtk_text_buffer_apply_tag_by_name (buffer, "error", &start, &end);
  gtk_text_buffer_place_cursor (buffer, &start);
  gtk_text_view_scroll_to_iter (GTK_TEXT_VIEW (editor), &start, 0.1, FALSE, 0, 0);
}
