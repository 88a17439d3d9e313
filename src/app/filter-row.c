/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/filter-row.h"

#include <glib/gi18n-lib.h>

#include "app/text-label.h"
#include "base/text.h"

struct _PatronFilterRow
{
  AdwActionRow parent;
  GtkWidget   *entry;   /* borrowed child */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronFilterRow, patron_filter_row, ADW_TYPE_ACTION_ROW)

static void
show_example (PatronFilterRow *self)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _("A condition such as amount > 0 and country = \"France\"; empty for all rows."));
}

static void
on_changed (PatronFilterRow *self)
{
  gtk_widget_remove_css_class (self->entry, "error");
  gtk_widget_remove_css_class (GTK_WIDGET (self), "refused");
  if (patron_filter_row_get_text (self) == NULL)
    show_example (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

const char *
patron_filter_row_get_text (PatronFilterRow *self)
{
  g_return_val_if_fail (PATRON_IS_FILTER_ROW (self), NULL);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  return text[strspn (text, " \t")] != '\0' ? text : NULL;
}

void
patron_filter_row_set_text (PatronFilterRow *self, const char *text)
{
  g_return_if_fail (PATRON_IS_FILTER_ROW (self));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text != NULL ? text : "");
}

void
patron_filter_row_show (PatronFilterRow *self, const char *problem, gsize n_kept, gsize n_rows)
{
  g_return_if_fail (PATRON_IS_FILTER_ROW (self));
  if (patron_filter_row_get_text (self) == NULL)
    return;
  if (problem != NULL)
    {
      gtk_widget_add_css_class (self->entry, "error");
      gtk_widget_add_css_class (GTK_WIDGET (self), "refused");
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self), problem);
      return;
    }
  g_autoptr (PatronText) text = patron_text (N_("Keeps {kept} of {rows} rows."), "kept", PATRON_COUNT (n_kept), "rows", PATRON_COUNT (n_rows), NULL);
  g_autofree char *count = patron_text_render (text);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), count);
}

GtkWidget *
patron_filter_row_new (void)
{
  return g_object_new (PATRON_TYPE_FILTER_ROW, NULL);
}

static void
patron_filter_row_class_init (PatronFilterRowClass *class)
{
  signals[CHANGED] = g_signal_new ("changed", PATRON_TYPE_FILTER_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_filter_row_init (PatronFilterRow *self)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (self), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Only _rows where"));
  self->entry = gtk_entry_new ();
  gtk_entry_set_icon_from_icon_name (GTK_ENTRY (self->entry), GTK_ENTRY_ICON_PRIMARY, "edit-find-symbolic");
  gtk_entry_set_activates_default (GTK_ENTRY (self->entry), TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 30);
  gtk_widget_set_valign (self->entry, GTK_ALIGN_CENTER);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->entry);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->entry);
  show_example (self);
}
