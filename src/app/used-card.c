/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/used-card.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/figure-card.h"
#include "app/text-label.h"

/* Longer values take several lines. */
#define VALUE_CHARS 64

static GtkWidget *
fact_row (const char *title, const char *value)
{
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  GtkWidget *label = patron_label_new (value, "dim-label numeric");
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
  gtk_label_set_width_chars (GTK_LABEL (label), MIN (g_utf8_strlen (value, -1), VALUE_CHARS));
  gtk_label_set_max_width_chars (GTK_LABEL (label), VALUE_CHARS);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  return row;
}

static void
add_fact (GtkWidget *group, const char *title, char *value /* taken */)
{
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), fact_row (title, value));
  g_free (value);
}

static char *
render (PatronText *text /* taken */)
{
  char *rendered = patron_text_render (text);
  patron_text_free (text);
  return rendered;
}

/* ---- recipe -------------------------------------------------------------------------------------------------- */

static void
on_copy_recipe (GtkWidget *button, const char *recipe)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), recipe);
}

static GtkWidget *
recipe_row_new (const char *recipe)
{
  GtkWidget *expander = adw_expander_row_new ();
  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (expander), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander), _("Rec_ipe"));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (expander), _("The text that makes this result again"));
  GtkWidget *copy = patron_icon_button_new ("edit-copy-symbolic", _("Copy recipe"));
  g_signal_connect_data (copy, "clicked", G_CALLBACK (on_copy_recipe), g_strdup (recipe), (GClosureNotify) (void (*) (void)) g_free, 0);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (expander), copy);

  GtkWidget *text = patron_label_new (recipe, "monospace");
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_add_css_class (text, "row-content");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), text);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), row);
  return expander;
}

/* ---- facts --------------------------------------------------------------------------------------------------- */

static void
add_rows (GtkWidget *group, const PatronReport *report)
{
  add_fact (group, _("Rows read"), patron_format_number (PATRON_FORMAT_COUNT, report->rows_read));
  add_fact (group, _("Rows used"),
            render (patron_text (N_("{used} ({share})"), "used", PATRON_COUNT (report->rows_used), "share",
                                 PATRON_PERCENT (report->rows_read > 0 ? (double) report->rows_used / report->rows_read : NAN), NULL)));
  for (guint i = 0; report->dropped != NULL && i < report->dropped->len; i++)
    {
      const PatronDropped *dropped = report->dropped->pdata[i];
      g_autofree char *reason = patron_text_render (dropped->reason);
      g_autofree char *title = g_strdup_printf (_("Left out: %s"), reason);
      add_fact (group, title, patron_format_number (PATRON_FORMAT_COUNT, dropped->rows));
    }
}

static char *
duration_text (const PatronReport *report)
{
  g_autoptr (PatronText) text = report->fit_s > 0
    ? patron_text (N_("{total} (fitting {fit}, measuring {measure}), {threads} {threads|thread|threads}, {memory} of memory"), "total",
                   PATRON_SECONDS (report->total_s), "fit", PATRON_SECONDS (report->fit_s), "measure", PATRON_SECONDS (report->measure_s),
                   "threads", PATRON_COUNT (report->threads), "memory", PATRON_BYTES (report->peak_memory), NULL)
    : patron_text (N_("{total}, {threads} {threads|thread|threads}, {memory} of memory"), "total", PATRON_SECONDS (report->total_s), "threads",
                   PATRON_COUNT (report->threads), "memory", PATRON_BYTES (report->peak_memory), NULL);
  return patron_text_render (text);
}

static char *
made_text (const PatronReport *report)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (report->created / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *when = local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup ("–");
  /* Translators: a date and time, then the version. */
  return g_strdup_printf (_("%s with Patron %s"), when, report->version != NULL ? report->version : PATRON_VERSION);
}

GtkWidget *
patron_used_card_new (const PatronReport *report)
{
  GtkWidget *group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("What Was Used"));
  add_fact (group, _("Data"), g_strdup (report->source != NULL ? report->source : "–"));
  add_rows (group, report);
  if (!isnan (report->period_first) && !isnan (report->period_last))
    add_fact (group, _("Period"),
              render (patron_text (N_("{first} to {last}"), "first", PATRON_DATE (report->period_first), "last",
                                   PATRON_DATE (report->period_last), NULL)));
  add_fact (group, _("Seed"), g_strdup_printf ("%" G_GUINT64_FORMAT, report->seed));
  add_fact (group, _("Took"), duration_text (report));
  add_fact (group, _("Made"), made_text (report));
  if (report->recipe != NULL)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), recipe_row_new (report->recipe));
  return group;
}

GtkWidget *
patron_more_figures_new (const PatronReport *report)
{
  GtkWidget *group = NULL, *expander = NULL;
  for (guint i = 0; i < report->figures->len; i++)
    {
      const PatronFigure *figure = report->figures->pdata[i];
      if (figure->headline)
        continue;
      if (group == NULL)
        {
          group = adw_preferences_group_new ();
          expander = adw_expander_row_new ();
          adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (expander), TRUE);
          adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander), _("More _Figures"));
          adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), expander);
        }
      g_autofree char *label = patron_text_render (figure->label);
      g_autofree char *value = patron_figure_value_text (figure);
      GtkWidget *row = fact_row (label, value);
      g_autofree char *note = patron_text_render (figure->note);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), note);
      adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), row);
    }
  return group;
}

/* Up to this many notes are shown at once; more are folded, so that they do not hide the answer. */
#define N_OPEN_NOTES 2

static GtkWidget *
note_row_new (const PatronText *text)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-information-symbolic");
  gtk_widget_add_css_class (icon, "accent");
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  return patron_told_row_new (icon, patron_label_new_text (text, NULL));
}

static GtkWidget *
folded_notes_new (const GPtrArray *notes)
{
  GtkWidget *expander = adw_expander_row_new ();
  g_autoptr (PatronText) title = patron_text (N_("{n} {n|note|notes} on the data and the method"), "n", PATRON_COUNT (notes->len), NULL);
  g_autofree char *rendered = patron_text_render (title);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander), rendered);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-information-symbolic");
  gtk_widget_add_css_class (icon, "accent");
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (expander), icon);
  for (guint i = 0; i < notes->len; i++)
    adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), note_row_new (notes->pdata[i]));
  return expander;
}

GtkWidget *
patron_notes_card_new (const PatronReport *report)
{
  if (report->notes == NULL || report->notes->len == 0)
    return NULL;
  GtkWidget *list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  patron_widget_set_name (list, _("Notes"));
  if (report->notes->len > N_OPEN_NOTES)
    gtk_list_box_append (GTK_LIST_BOX (list), folded_notes_new (report->notes));
  else
    for (guint i = 0; i < report->notes->len; i++)
      gtk_list_box_append (GTK_LIST_BOX (list), note_row_new (report->notes->pdata[i]));
  return list;
}
