/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/import-missing.h"

#include <glib/gi18n-lib.h>

#include "app/text-label.h"
#include "table/csv-options.h"
#include "table/disguised.h"

typedef struct
{
  char      *column, *value;   /* owned */
  GtkWidget *row, *check;      /* borrowed */
} Offer;

struct _PatronImportMissing
{
  AdwPreferencesGroup parent;
  GPtrArray          *offers;   /* owned, of Offer* */
};

static guint changed;

G_DEFINE_FINAL_TYPE (PatronImportMissing, patron_import_missing, ADW_TYPE_PREFERENCES_GROUP)

static void
offer_free (gpointer data)
{
  Offer *offer = data;
  g_free (offer->column);
  g_free (offer->value);
  g_free (offer);
}

static gboolean
is_ticked (const Offer *offer)
{
  return gtk_check_button_get_active (GTK_CHECK_BUTTON (offer->check));
}

static gboolean
is_offered (PatronImportMissing *self, const PatronDisguised *found)
{
  for (guint i = 0; i < self->offers->len; i++)
    {
      const Offer *offer = self->offers->pdata[i];
      if (g_str_equal (offer->column, found->column) && g_str_equal (offer->value, found->value))
        return TRUE;
    }
  return FALSE;
}

static void
on_toggled (PatronImportMissing *self)
{
  g_signal_emit (self, changed, 0);
}

static void
add_offer (PatronImportMissing *self, const PatronDisguised *found, gsize n_rows)
{
  Offer *offer = g_new0 (Offer, 1);
  offer->column = g_strdup (found->column);
  offer->value = g_strdup (found->value);
  offer->row = adw_action_row_new ();
  /* Translators: a value, and the column it is found in. */
  g_autofree char *title = g_strdup_printf (_("“%s” in %s"), found->value, found->column);
  g_autoptr (PatronText) text = patron_text (N_("{n} of the first {all} rows"), "n", PATRON_COUNT (found->n), "all", PATRON_COUNT (n_rows), NULL);
  g_autofree char *count = patron_text_render (text);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (offer->row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (offer->row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (offer->row), count);
  offer->check = gtk_check_button_new ();
  gtk_widget_set_valign (offer->check, GTK_ALIGN_CENTER);
  g_signal_connect_object (offer->check, "toggled", G_CALLBACK (on_toggled), self, G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (offer->row), offer->check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (offer->row), offer->check);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), offer->row);
  g_ptr_array_add (self->offers, offer);
}

void
patron_import_missing_show (PatronImportMissing *self, const GPtrArray *found, gsize n_rows)
{
  g_return_if_fail (PATRON_IS_IMPORT_MISSING (self));
  for (guint i = self->offers->len; i > 0; i--)
    {
      Offer *offer = self->offers->pdata[i - 1];
      if (is_ticked (offer))
        continue;
      adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), offer->row);
      g_ptr_array_remove_index (self->offers, i - 1);
    }
  for (guint i = 0; found != NULL && i < found->len; i++)
    if (!is_offered (self, found->pdata[i]))
      add_offer (self, found->pdata[i], n_rows);
  gtk_widget_set_visible (GTK_WIDGET (self), self->offers->len > 0);
}

char *
patron_import_missing_dup_entries (PatronImportMissing *self)
{
  g_return_val_if_fail (PATRON_IS_IMPORT_MISSING (self), NULL);
  GString *entries = g_string_new (NULL);
  for (guint i = 0; i < self->offers->len; i++)
    {
      const Offer *offer = self->offers->pdata[i];
      g_autofree char *column = patron_csv_escape (offer->column);
      g_autofree char *value = patron_csv_escape (offer->value);
      if (is_ticked (offer))
        g_string_append_printf (entries, "%s%s=%s", entries->len > 0 ? "," : "", column, value);
    }
  return g_string_free (entries, FALSE);
}

GtkWidget *
patron_import_missing_new (void)
{
  return g_object_new (PATRON_TYPE_IMPORT_MISSING, NULL);
}

static void
patron_import_missing_finalize (GObject *object)
{
  g_ptr_array_unref (PATRON_IMPORT_MISSING (object)->offers);
  G_OBJECT_CLASS (patron_import_missing_parent_class)->finalize (object);
}

static void
patron_import_missing_class_init (PatronImportMissingClass *class)
{
  G_OBJECT_CLASS (class)->finalize = patron_import_missing_finalize;
  changed = g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_import_missing_init (PatronImportMissing *self)
{
  self->offers = g_ptr_array_new_with_free_func (offer_free);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _("May Stand for Missing"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), _("Tick what is no value in truth; it is then read as missing."));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
