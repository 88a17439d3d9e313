/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-fields.h"

#include <glib/gi18n-lib.h>

#include "app/text-label.h"

/* Several lines of plain text. */
struct _PatronLinesField
{
  PatronParamField parent;
  GtkTextBuffer   *buffer;   /* borrowed, of the view */
};

G_DEFINE_FINAL_TYPE (PatronLinesField, patron_lines_field, PATRON_TYPE_PARAM_FIELD)

static void
build (PatronParamField *field)
{
  PatronLinesField *self = PATRON_LINES_FIELD (field);
  GtkWidget *view = gtk_text_view_new ();
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  patron_widget_set_name (view, _(patron_param_field_get_param (field)->label));
  self->buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_signal_connect_object (self->buffer, "changed", G_CALLBACK (patron_param_field_edited), self, G_CONNECT_SWAPPED);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), 84);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_widget_add_css_class (scrolled, "text-field");
  gtk_widget_set_parent (scrolled, GTK_WIDGET (self));
}

static char *
dup_text (PatronParamField *field)
{
  GtkTextIter start, end;
  PatronLinesField *self = PATRON_LINES_FIELD (field);
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

static void
set_text (PatronParamField *field, const char *text)
{
  gtk_text_buffer_set_text (PATRON_LINES_FIELD (field)->buffer, text, -1);
}

static void
patron_lines_field_class_init (PatronLinesFieldClass *class)
{
  PatronParamFieldClass *field_class = PATRON_PARAM_FIELD_CLASS (class);
  field_class->build = build;
  field_class->dup_text = dup_text;
  field_class->set_text = set_text;
}

static void
patron_lines_field_init (PatronLinesField *self)
{
}
