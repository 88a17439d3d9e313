/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/report-page.h"

#include <glib/gi18n-lib.h>

#include "app/accessible.h"
#include "app/page.h"
#include "app/plan-row.h"
#include "app/report-export.h"
#include "app/report-preview.h"
#include "app/text-label.h"

struct _PatronReportPage
{
  GtkWidget parent;

  PatronDocument   *document;   /* owned */
  PatronReportPlan *plan;       /* owned; the rows borrow its entries */
  gboolean          refreshing;

  /* Children. */
  GtkWidget *box;
  GtkWidget *preview;
  GtkWidget *title, *author;
  GtkWidget *runs;
  GtkWidget *export;
};

static void page_init (PatronPageInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PatronReportPage, patron_report_page, GTK_TYPE_WIDGET, G_IMPLEMENT_INTERFACE (PATRON_TYPE_PAGE, page_init))

static PatronProject *
project_of (PatronReportPage *self)
{
  return patron_document_get_project (self->document);
}

static gboolean
has_content (PatronReportPage *self)
{
  for (guint i = 0; i < self->plan->entries->len; i++)
    if (((const PatronPlanEntry *) self->plan->entries->pdata[i])->on)
      return TRUE;
  return FALSE;
}

/* ---- keeping ------------------------------------------------------------------------------------------------- */

static void
show_plan (PatronReportPage *self)
{
  patron_report_preview_show (PATRON_REPORT_PREVIEW (self->preview), self->plan);
  gtk_widget_set_sensitive (self->export, has_content (self));
  patron_page_commands_changed (PATRON_PAGE (self));
}

/* Writes the choices into the project; where that cannot be done (read-only) they hold for this window. */
static void
on_changed (PatronReportPage *self)
{
  if (self->refreshing)
    return;
  self->refreshing = TRUE;
  if (!patron_project_is_read_only (project_of (self)) && patron_report_plan_save (self->plan, project_of (self), NULL))
    patron_document_refresh (self->document);
  self->refreshing = FALSE;
  show_plan (self);
}

static void
on_title_changed (PatronReportPage *self)
{
  g_free (self->plan->title);
  self->plan->title = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->title)));
  on_changed (self);
}

static void
on_author_changed (PatronReportPage *self)
{
  g_free (self->plan->author);
  self->plan->author = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->author)));
  on_changed (self);
}

/* ---- the list of runs ---------------------------------------------------------------------------------------- */

static void fill_runs (PatronReportPage *self);

static gboolean
fill_runs_later (gpointer data)
{
  PatronReportPage *self = PATRON_REPORT_PAGE (data);
  if (self->plan != NULL && self->box != NULL)
    fill_runs (self);
  return G_SOURCE_REMOVE;
}

static void
on_move (PatronReportPage *self, int by, PatronPlanRow *row)
{
  if (!patron_report_plan_move (self->plan, patron_plan_row_get_entry (row)->run, by))
    return;
  on_changed (self);
  /* The row that was clicked goes with the list: not before its click is over. */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, fill_runs_later, g_object_ref (self), g_object_unref);
}

static void
clear_runs (PatronReportPage *self)
{
  GtkWidget *row;
  while ((row = gtk_widget_get_first_child (self->runs)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->runs), row);
}

static void
fill_runs (PatronReportPage *self)
{
  clear_runs (self);
  for (guint i = 0; i < self->plan->entries->len; i++)
    {
      PatronPlanEntry *entry = self->plan->entries->pdata[i];
      g_autoptr (PatronReport) report = patron_project_get_report (project_of (self), entry->run, NULL);
      if (report == NULL)
        continue;
      GtkWidget *row = patron_plan_row_new (entry, report);
      g_signal_connect_object (row, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (row, "move", G_CALLBACK (on_move), self, G_CONNECT_SWAPPED);
      gtk_list_box_append (GTK_LIST_BOX (self->runs), row);
    }
}

/* ---- export -------------------------------------------------------------------------------------------------- */

void
patron_report_page_export (PatronReportPage *self, const char *kind)
{
  g_return_if_fail (PATRON_IS_REPORT_PAGE (self));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GPtrArray) reports = patron_report_plan_reports (self->plan, project_of (self), &results, &error);
  if (reports == NULL)
    {
      g_signal_emit_by_name (self->document, "problem", error);
      return;
    }
  const char *title = self->plan->title[0] != '\0' ? self->plan->title : patron_document_get_title (self->document);
  const PatronReportChoices choices = {
    .title = self->plan->title[0] != '\0' ? self->plan->title : NULL,
    .author = self->plan->author[0] != '\0' ? self->plan->author : NULL,
  };
  patron_report_export_dialog (GTK_WIDGET (self), title, reports, results, &choices, kind);
}

static void
on_export (GtkWidget *widget, const char *action, GVariant *parameter)
{
  patron_report_page_export (PATRON_REPORT_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static GtkWidget *
export_button_new (void)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_menu_append (menu, _("_PDF Document…"), "report.export::pdf");
  g_menu_append (menu, _("_Web Page…"), "report.export::html");
  g_menu_append (menu, _("_Spreadsheet…"), "report.export::xlsx");
  GtkWidget *button = adw_split_button_new ();
  adw_split_button_set_label (ADW_SPLIT_BUTTON (button), _("_Export PDF…"));
  adw_split_button_set_use_underline (ADW_SPLIT_BUTTON (button), TRUE);
  adw_split_button_set_menu_model (ADW_SPLIT_BUTTON (button), G_MENU_MODEL (menu));
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), "report.export::pdf");
  gtk_widget_add_css_class (button, "suggested-action");
  patron_accessible_name_drop_down (ADW_SPLIT_BUTTON (button), _("Export Report"));
  return button;
}

/* ---- public -------------------------------------------------------------------------------------------------- */

void
patron_report_page_refresh (PatronReportPage *self, gint64 run)
{
  g_return_if_fail (PATRON_IS_REPORT_PAGE (self));
  g_autoptr (GError) error = NULL;
  PatronReportPlan *plan = patron_report_plan_load (project_of (self), &error);
  if (plan == NULL)
    {
      g_signal_emit_by_name (self->document, "problem", error);
      return;
    }
  PatronPlanEntry *entry = run != 0 ? patron_report_plan_find (plan, run) : NULL;
  if (entry != NULL)
    entry->on = TRUE;
  clear_runs (self);
  g_clear_pointer (&self->plan, patron_report_plan_free);
  self->plan = plan;
  self->refreshing = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->title), plan->title);
  gtk_editable_set_text (GTK_EDITABLE (self->author), plan->author);
  self->refreshing = FALSE;
  fill_runs (self);
  show_plan (self);
}

/* A run was added, renamed or removed elsewhere. */
static void
on_document_changed (PatronReportPage *self)
{
  if (!self->refreshing)
    patron_report_page_refresh (self, 0);
}

GtkWidget *
patron_report_page_new (PatronDocument *document)
{
  PatronReportPage *self = g_object_new (PATRON_TYPE_REPORT_PAGE, NULL);
  self->document = g_object_ref (document);
  self->preview = patron_report_preview_new (project_of (self));
  gtk_widget_set_hexpand (self->preview, TRUE);
  gtk_box_prepend (GTK_BOX (self->box), self->preview);
  patron_report_page_refresh (self, 0);
  g_signal_connect_object (document, "changed", G_CALLBACK (on_document_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/* ---- widget -------------------------------------------------------------------------------------------------- */

static gboolean
patron_report_page_can (PatronPage *page, PatronCommand command)
{
  PatronReportPage *self = PATRON_REPORT_PAGE (page);
  return (command == PATRON_COMMAND_EXPORT || command == PATRON_COMMAND_PRINT) && self->plan != NULL && has_content (self);
}

static void
patron_report_page_perform (PatronPage *page, PatronCommand command)
{
  if (command == PATRON_COMMAND_EXPORT || command == PATRON_COMMAND_PRINT)
    patron_report_page_export (PATRON_REPORT_PAGE (page), "pdf");
}

static void
page_init (PatronPageInterface *interface)
{
  interface->can = patron_report_page_can;
  interface->perform = patron_report_page_perform;
}

static void
patron_report_page_dispose (GObject *object)
{
  PatronReportPage *self = PATRON_REPORT_PAGE (object);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (patron_report_page_parent_class)->dispose (object);
}

static void
patron_report_page_finalize (GObject *object)
{
  g_clear_pointer (&PATRON_REPORT_PAGE (object)->plan, patron_report_plan_free);
  G_OBJECT_CLASS (patron_report_page_parent_class)->finalize (object);
}

static void
patron_report_page_class_init (PatronReportPageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->dispose = patron_report_page_dispose;
  object_class->finalize = patron_report_page_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "report.export", "s", on_export);
}

static GtkWidget *
build_options (PatronReportPage *self)
{
  GtkWidget *words = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (words), _("Report"));
  self->title = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->title), _("Title"));
  self->author = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->author), _("Author"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (words), self->title);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (words), self->author);
  g_signal_connect_object (self->title, "changed", G_CALLBACK (on_title_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->author, "changed", G_CALLBACK (on_author_changed), self, G_CONNECT_SWAPPED);

  self->runs = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->runs), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->runs, "boxed-list");
  patron_widget_set_name (self->runs, _("Results in the report"));
  GtkWidget *group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Contents"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _("Open a result to leave out parts of it."));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->runs);

  GtkWidget *options = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  gtk_widget_add_css_class (options, "report-options");
  gtk_box_append (GTK_BOX (options), words);
  gtk_box_append (GTK_BOX (options), group);
  return options;
}

static void
patron_report_page_init (PatronReportPage *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), build_options (self));
  gtk_widget_set_vexpand (scrolled, TRUE);
  self->export = export_button_new ();
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class (bar, "run-bar");
  gtk_widget_set_hexpand (self->export, TRUE);
  gtk_box_append (GTK_BOX (bar), self->export);
  GtkWidget *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_size_request (side, 340, -1);
  gtk_widget_set_hexpand (side, FALSE);
  gtk_widget_set_hexpand_set (side, TRUE);
  gtk_box_append (GTK_BOX (side), scrolled);
  gtk_box_append (GTK_BOX (side), bar);
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_box_append (GTK_BOX (self->box), gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  gtk_box_append (GTK_BOX (self->box), side);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}
