/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-bar.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define APPEAR_AFTER_MS 250

/* ---- one job ----------------------------------------------------------------------------------------------- */

typedef struct
{
  GtkWidget *row;            /* borrowed: in the bar's box */
  GtkLabel  *label, *left;
  GtkProgressBar *progress;
  GtkWidget *stop;
  PatronJob *job;            /* owned */
  guint      appear;         /* source until it is shown */
} Entry;

struct _PatronJobBar
{
  GtkWidget  parent_instance;
  GtkWidget *revealer, *box;
  GPtrArray *entries;        /* of Entry* */
};

G_DEFINE_FINAL_TYPE (PatronJobBar, patron_job_bar, GTK_TYPE_WIDGET)

static void
entry_free (gpointer data)
{
  Entry *entry = data;
  g_clear_handle_id (&entry->appear, g_source_remove);
  g_clear_object (&entry->job);
  g_free (entry);
}

/* "62% · 8 s left": an estimate, so in whole seconds or minutes. */
static char *
describe_left (PatronJob *job)
{
  int percent = (int) (patron_job_get_fraction (job) * 100);
  double seconds = patron_job_get_seconds_left (job);
  if (percent <= 0)
    return g_strdup ("");
  if (isnan (seconds))
    return g_strdup_printf (C_("progress", "%d%%"), percent);
  if (seconds < 90)
    return g_strdup_printf (C_("progress", "%d%% · %d s left"), percent, MAX (1, (int) ceil (seconds)));
  return g_strdup_printf (C_("progress", "%d%% · %d min left"), percent, (int) ceil (seconds / 60));
}

static void
entry_update (PatronJob *job, GParamSpec *pspec, Entry *entry)
{
  g_autofree char *left = describe_left (job);
  gtk_label_set_label (entry->label, patron_job_get_label (job));
  gtk_label_set_label (entry->left, left);
  if (patron_job_get_fraction (job) > 0)
    gtk_progress_bar_set_fraction (entry->progress, patron_job_get_fraction (job));
  else
    gtk_progress_bar_pulse (entry->progress);
  gtk_widget_set_visible (entry->stop, patron_job_get_can_stop (job) && patron_job_get_state (job) == PATRON_JOB_RUNNING);
}

static GtkWidget *
make_label (const char *text, const char *style, float xalign)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static void
on_stop (Entry *entry)
{
  gtk_widget_set_sensitive (entry->stop, FALSE);
  patron_job_stop (entry->job);
}

static GtkWidget *
make_button (const char *text, const char *tooltip, GCallback clicked, gpointer data)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (text);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (button, "clicked", clicked, data);
  return button;
}

static Entry *
entry_new (PatronJob *job)
{
  Entry *entry = g_new0 (Entry, 1);
  entry->job = g_object_ref (job);
  entry->row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_set_visible (entry->row, FALSE);

  GtkWidget *title = make_label (patron_job_get_title (job), "heading", 0);
  entry->label = GTK_LABEL (make_label ("", "dim-label", 0));
  gtk_widget_set_hexpand (GTK_WIDGET (entry->label), TRUE);
  entry->progress = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_widget_set_size_request (GTK_WIDGET (entry->progress), 200, -1);
  gtk_widget_set_valign (GTK_WIDGET (entry->progress), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, patron_job_get_title (job), -1);
  entry->left = GTK_LABEL (make_label ("", "numeric", 0));
  gtk_label_set_width_chars (entry->left, 16);
  entry->stop = make_button (_("Stop (_keep best)"), _("End early with the best result found so far"), G_CALLBACK (on_stop), entry);
  GtkWidget *cancel = make_button (_("_Cancel"), _("End and keep nothing (Esc)"), G_CALLBACK (patron_job_cancel), job);

  GtkWidget *parts[] = { title, GTK_WIDGET (entry->label), GTK_WIDGET (entry->progress), GTK_WIDGET (entry->left), entry->stop, cancel };
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    gtk_box_append (GTK_BOX (entry->row), parts[i]);
  return entry;
}

/* ---- the bar ----------------------------------------------------------------------------------------------- */

static void
update_revealed (PatronJobBar *self)
{
  gboolean any = FALSE;
  for (guint i = 0; i < self->entries->len; i++)
    any |= gtk_widget_get_visible (((Entry *) self->entries->pdata[i])->row);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), any);
}

static gboolean
on_appear (gpointer data)
{
  Entry *entry = data;
  entry->appear = 0;
  gtk_widget_set_visible (entry->row, TRUE);
  entry_update (entry->job, NULL, entry);
  update_revealed (PATRON_JOB_BAR (gtk_widget_get_ancestor (entry->row, PATRON_TYPE_JOB_BAR)));
  return G_SOURCE_REMOVE;
}

static void
on_finished (PatronJob *job, PatronJobBar *self)
{
  g_signal_handlers_disconnect_by_data (job, self);
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];
      if (entry->job != job)
        continue;
      g_signal_handlers_disconnect_by_data (job, entry);
      gtk_box_remove (GTK_BOX (self->box), entry->row);
      g_ptr_array_remove_index (self->entries, i);
      break;
    }
  update_revealed (self);
}

void
patron_job_bar_add (PatronJobBar *self, PatronJob *job)
{
  g_return_if_fail (PATRON_IS_JOB_BAR (self));
  Entry *entry = entry_new (job);
  g_ptr_array_add (self->entries, entry);
  gtk_box_append (GTK_BOX (self->box), entry->row);
  entry->appear = g_timeout_add (APPEAR_AFTER_MS, on_appear, entry);
  g_signal_connect (job, "notify", G_CALLBACK (entry_update), entry);
  g_signal_connect (job, "finished", G_CALLBACK (on_finished), self);
}

PatronJob *
patron_job_bar_newest (PatronJobBar *self)
{
  for (guint i = self->entries->len; i > 0; i--)
    {
      Entry *entry = self->entries->pdata[i - 1];
      if (patron_job_is_active (entry->job))
        return entry->job;
    }
  return NULL;
}

static void
patron_job_bar_dispose (GObject *object)
{
  PatronJobBar *self = PATRON_JOB_BAR (object);
  if (self->entries != NULL)
    for (guint i = 0; i < self->entries->len; i++)
      {
        Entry *entry = self->entries->pdata[i];
        g_signal_handlers_disconnect_by_data (entry->job, entry);
        g_signal_handlers_disconnect_by_data (entry->job, self);
      }
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->revealer, gtk_widget_unparent);
  G_OBJECT_CLASS (patron_job_bar_parent_class)->dispose (object);
}

static void
patron_job_bar_class_init (PatronJobBarClass *class)
{
  G_OBJECT_CLASS (class)->dispose = patron_job_bar_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "jobbar");
}

static void
patron_job_bar_init (PatronJobBar *self)
{
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_type (GTK_REVEALER (self->revealer), GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
  gtk_widget_set_parent (self->revealer, GTK_WIDGET (self));
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (self->box, "jobs");
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), self->box);
}
