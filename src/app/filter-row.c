/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/filter-row.h"

#include <glib/gi18n-lib.h>

#include "app/filter-chips.h"
#include "app/filter-editor.h"
#include "app/text-label.h"
#include "base/text.h"

struct _PatronFilterRow
{
  AdwActionRow        parent;
  char               *text;     /* owned; NULL: none */

  /* Borrowed children. */
  PatronFilterEditor *editor;
  PatronFilterChips  *chips;    /* NULL without a document */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronFilterRow, patron_filter_row, ADW_TYPE_ACTION_ROW)

static void
show_example (PatronFilterRow *self)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _("All rows, unless conditions are added."));
}

static void
take_text (PatronFilterRow *self)
{
  g_autofree char *text = patron_filter_editor_dup_text (self->editor);
  g_free (self->text);
  self->text = *text != '\0' ? g_steal_pointer (&text) : NULL;
  if (self->chips != NULL)
    patron_filter_chips_set_text (self->chips, self->text);
  gtk_widget_remove_css_class (GTK_WIDGET (self), "refused");
  if (self->text == NULL)
    show_example (self);
}

static void
on_changed (PatronFilterRow *self)
{
  g_autofree char *former = g_strdup (self->text);
  take_text (self);
  if (g_strcmp0 (former, self->text) != 0)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_chosen (PatronFilterRow *self, const char *text)
{
  patron_filter_editor_set_text (self->editor, text);
  on_changed (self);
}

const char *
patron_filter_row_get_text (PatronFilterRow *self)
{
  g_return_val_if_fail (PATRON_IS_FILTER_ROW (self), NULL);
  return self->text;
}

const char *
patron_filter_row_get_name (PatronFilterRow *self)
{
  g_return_val_if_fail (PATRON_IS_FILTER_ROW (self), NULL);
  return self->chips != NULL ? patron_filter_chips_get_name (self->chips) : NULL;
}

void
patron_filter_row_set_text (PatronFilterRow *self, const char *text)
{
  g_return_if_fail (PATRON_IS_FILTER_ROW (self));
  patron_filter_editor_set_text (self->editor, text != NULL ? text : "");
  take_text (self);
}

void
patron_filter_row_show (PatronFilterRow *self, const char *problem, gsize n_kept, gsize n_rows)
{
  g_return_if_fail (PATRON_IS_FILTER_ROW (self));
  if (self->text == NULL)
    return;
  if (problem != NULL)
    {
      gtk_widget_add_css_class (GTK_WIDGET (self), "refused");
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self), problem);
      return;
    }
  g_autoptr (PatronText) text = patron_text (N_("Keeps {kept} of {rows} rows."), "kept", PATRON_COUNT (n_kept), "rows", PATRON_COUNT (n_rows), NULL);
  g_autofree char *count = patron_text_render (text);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), count);
}

/* The row's own line of title and count stays; the conditions stand below it. */
static void
put_below (PatronFilterRow *self, GtkWidget *content)
{
  GtkWidget *line = g_object_ref (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (self)));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), NULL);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), content);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  g_object_unref (line);
}

GtkWidget *
patron_filter_row_new (PatronDocument *document, PatronTable *table)
{
  PatronFilterRow *self = g_object_new (PATRON_TYPE_FILTER_ROW, NULL);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  gtk_widget_add_css_class (content, "field");
  if (document != NULL)
    {
      self->chips = PATRON_FILTER_CHIPS (patron_filter_chips_new (document, table));
      g_signal_connect_object (self->chips, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->chips));
    }
  self->editor = PATRON_FILTER_EDITOR (patron_filter_editor_new (table, _("Condition that rows must meet"), TRUE));
  g_signal_connect_object (self->editor, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->editor));
  put_below (self, content);
  return GTK_WIDGET (self);
}

static void
patron_filter_row_finalize (GObject *object)
{
  g_free (PATRON_FILTER_ROW (object)->text);
  G_OBJECT_CLASS (patron_filter_row_parent_class)->finalize (object);
}

static void
patron_filter_row_class_init (PatronFilterRowClass *class)
{
  G_OBJECT_CLASS (class)->finalize = patron_filter_row_finalize;
  signals[CHANGED] = g_signal_new ("changed", PATRON_TYPE_FILTER_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_filter_row_init (PatronFilterRow *self)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Only rows where"));
  show_example (self);
}
