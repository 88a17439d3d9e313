/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/search-list.h"

#include <string.h>

#include "app/text-label.h"

/* Of the note, in characters. */
#define NOTE_WIDTH 36

struct _PatronSearchList
{
  GtkWidget   parent;
  char       *word;     /* owned: searched for, folded; NULL: all */

  /* Borrowed children. */
  GtkWidget  *search;
  GtkWidget  *scrolled;
  GtkListBox *box;
  GtkWidget  *note;
};

G_DEFINE_FINAL_TYPE (PatronSearchList, patron_search_list, GTK_TYPE_WIDGET)

static guint chosen;

static gboolean
matches (GtkListBoxRow *row, gpointer data)
{
  PatronSearchList *self = data;
  const char *words = g_object_get_data (G_OBJECT (row), "words");
  return self->word == NULL || strstr (words, self->word) != NULL;
}

static void
on_search_changed (PatronSearchList *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_free (self->word);
  self->word = *text != '\0' ? g_utf8_casefold (text, -1) : NULL;
  gtk_list_box_invalidate_filter (self->box);
}

static void
on_row_activated (PatronSearchList *self, GtkListBoxRow *row)
{
  g_signal_emit (self, chosen, 0, row);
}

/* The entry tells of changes a moment late; what stands in it counts. */
static void
on_search_activated (PatronSearchList *self)
{
  GtkListBoxRow *row;
  on_search_changed (self);
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->box, i)) != NULL; i++)
    if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
      {
        on_row_activated (self, row);
        return;
      }
}

GtkWidget *
patron_search_list_add (PatronSearchList *self, GtkWidget *child, const char *words)
{
  g_return_val_if_fail (PATRON_IS_SEARCH_LIST (self), NULL);
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), child);
  g_object_set_data_full (G_OBJECT (row), "words", g_utf8_casefold (words, -1), g_free);
  gtk_list_box_append (self->box, row);
  return row;
}

GtkListBox *
patron_search_list_get_box (PatronSearchList *self)
{
  g_return_val_if_fail (PATRON_IS_SEARCH_LIST (self), NULL);
  return self->box;
}

void
patron_search_list_set_note (PatronSearchList *self, const char *note)
{
  g_return_if_fail (PATRON_IS_SEARCH_LIST (self));
  gtk_label_set_label (GTK_LABEL (self->note), note != NULL ? note : "");
  gtk_widget_set_visible (self->note, note != NULL);
}

GtkWidget *
patron_search_list_new (const char *placeholder, int width, int height)
{
  PatronSearchList *self = g_object_new (PATRON_TYPE_SEARCH_LIST, NULL);
  g_object_set (self->search, "placeholder-text", placeholder, NULL);
  patron_widget_set_name (self->search, placeholder);
  gtk_widget_set_size_request (self->scrolled, width, height);
  return GTK_WIDGET (self);
}

static void
patron_search_list_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&PATRON_SEARCH_LIST (object)->word, g_free);
  G_OBJECT_CLASS (patron_search_list_parent_class)->dispose (object);
}

static void
patron_search_list_class_init (PatronSearchListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = patron_search_list_dispose;
  chosen = g_signal_new ("chosen", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, GTK_TYPE_LIST_BOX_ROW);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
}

static void
patron_search_list_init (PatronSearchList *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
  self->search = gtk_search_entry_new ();
  g_signal_connect_object (self->search, "search-changed", G_CALLBACK (on_search_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "activate", G_CALLBACK (on_search_activated), self, G_CONNECT_SWAPPED);
  self->box = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->box, GTK_SELECTION_NONE);
  gtk_list_box_set_filter_func (self->box, matches, self, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->box), "completion");
  g_signal_connect_object (self->box, "row-activated", G_CALLBACK (on_row_activated), self, G_CONNECT_SWAPPED);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), GTK_WIDGET (self->box));
  self->note = patron_label_new (NULL, "caption dim-label");
  gtk_label_set_max_width_chars (GTK_LABEL (self->note), NOTE_WIDTH);
  gtk_widget_set_visible (self->note, FALSE);
  gtk_widget_set_parent (self->search, GTK_WIDGET (self));
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
  gtk_widget_set_parent (self->note, GTK_WIDGET (self));
}
