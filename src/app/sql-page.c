/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sql-page.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "app/grid.h"
#include "app/page.h"
#include "app/sql-editor.h"
#include "app/text-label.h"
#include "base/text.h"
#include "project/sql.h"

/* Rows that are shown; what is kept as a table is complete. */
#define MAX_SHOWN  100000
#define MAX_RECENT 20
/* Of the list of them, in pixels; beyond it scrolls. */
#define MAX_RECENT_HEIGHT 360
/* Of the project: the statement as it stands, and those that were run, newest first, each ended by a NUL's stand-in. */
#define SETTING_TEXT   "sql-text"
#define SETTING_RECENT "sql-recent"
#define SEPARATOR      "\x1e"

struct _PatronSqlPage
{
  GtkWidget       parent_instance;
  GtkWidget      *paned;
  GtkDropDown    *tables;
  GtkListBox     *columns;
  GtkScrolledWindow *editor_window;
  GtkWidget      *run_button, *cancel_button, *keep_button, *chart_button;
  GtkMenuButton  *recent_button;
  GtkLabel       *status, *error;
  GtkStack       *results;
  AdwBin         *grid_bin;
  GtkSourceView  *editor;
  PatronDocument *document;     /* owned */
  PatronJob      *job;          /* owned, while a statement runs */
  char           *shown;        /* the statement whose rows are shown */
  gboolean        names_stale;  /* tables have changed since the page was in sight */
};

enum { CHART, N_SIGNALS };
static guint signals[N_SIGNALS];

static void patron_sql_page_page_init (PatronPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PatronSqlPage, patron_sql_page, GTK_TYPE_WIDGET, G_IMPLEMENT_INTERFACE (PATRON_TYPE_PAGE, patron_sql_page_page_init))

static PatronProject *
get_project (PatronSqlPage *self)
{
  return patron_document_get_project (self->document);
}

/* ---- running ------------------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronProject   *project;
  char            *text;
  char            *keep_as;      /* store the rows under this name; NULL: show them */
  gboolean         then_chart;
  PatronSqlResult *result;
  int              position;
  gint64           id;
} Query;

static void
query_free (gpointer data)
{
  Query *query = data;
  patron_project_unref (query->project);
  g_free (query->text);
  g_free (query->keep_as);
  g_clear_pointer (&query->result, patron_sql_result_free);
  g_free (query);
}

static gboolean
query_work (PatronRun *run, gpointer data, GError **error)
{
  Query *query = data;
  const PatronSqlLimits shown = { .max_rows = MAX_SHOWN };
  query->position = -1;
  patron_run_push (run, N_("Running the statement"), query->keep_as != NULL ? 0.7 : 1);
  query->result = patron_sql_run (query->project, query->text, query->keep_as != NULL ? NULL : &shown, run, &query->position, error);
  patron_run_pop (run);
  if (query->result == NULL || query->keep_as == NULL)
    return query->result != NULL;
  patron_run_push (run, N_("Storing"), 0.3);
  g_autoptr (PatronTable) named = patron_table_rename (query->result->table, query->keep_as);
  query->id = patron_project_add_table_as (query->project, named, PATRON_ADD_QUERY, query->text, run, error);
  patron_run_pop (run);
  return query->id != 0;
}

static void
update_state (PatronSqlPage *self)
{
  gboolean running = self->job != NULL;
  gtk_widget_set_visible (self->run_button, !running);
  gtk_widget_set_visible (self->cancel_button, running);
  gtk_widget_set_sensitive (self->keep_button, !running && self->shown != NULL);
  gtk_widget_set_sensitive (self->chart_button, !running && self->shown != NULL);
  patron_page_commands_changed (PATRON_PAGE (self));
}

static void
say_rows (PatronSqlPage *self, const PatronSqlResult *result)
{
  gsize n = patron_table_n_rows (result->table);
  double seconds = MAX (round (result->seconds * 100) / 100, 0.01);
  g_autoptr (PatronText) text = result->truncated
    ? patron_text (N_("The first {rows} rows, in {seconds} s; there are more"), "rows", PATRON_COUNT (n), "seconds", PATRON_NUMBER (seconds), NULL)
    : patron_text (N_("{rows} {rows|row|rows}, in {seconds} s"), "rows", PATRON_COUNT (n), "seconds", PATRON_NUMBER (seconds), NULL);
  g_autofree char *words = patron_text_render (text);
  gtk_label_set_label (self->status, words);
}

static void
show_error (PatronSqlPage *self, const char *message)
{
  gtk_label_set_label (self->error, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), message != NULL);
}

static void
show_rows (PatronSqlPage *self, Query *query)
{
  say_rows (self, query->result);
  GtkWidget *grid = patron_grid_new (query->result->table);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), grid);
  adw_bin_set_child (self->grid_bin, scrolled);
  gtk_stack_set_visible_child_name (self->results, "rows");
  g_free (self->shown);
  self->shown = g_strdup (query->text);
}

static void
on_finished (PatronJob *job, PatronSqlPage *self)
{
  Query *query = patron_job_get_data (job);
  const GError *error = patron_job_get_error (job);
  if (self->job == job)
    g_clear_object (&self->job);
  if (patron_job_get_state (job) == PATRON_JOB_FAILED)
    {
      show_error (self, error->message);
      patron_sql_editor_set_error (self->editor, query->position);
      gtk_label_set_label (self->status, "");
    }
  else if (patron_job_get_state (job) == PATRON_JOB_CANCELLED)
    gtk_label_set_label (self->status, _("Cancelled"));
  else if (query->keep_as == NULL)
    show_rows (self, query);
  else
    {
      patron_document_refresh (self->document);
      PatronItem *item = patron_document_find_table_id (self->document, query->id);
      g_autofree char *said = g_strdup_printf (_("Kept as “%s”"), item != NULL ? patron_item_get_name (item) : query->keep_as);
      gtk_label_set_label (self->status, said);
      if (query->then_chart && item != NULL)
        g_signal_emit (self, signals[CHART], 0, patron_item_get_name (item));
    }
  update_state (self);
}

static void
start (PatronSqlPage *self, const char *text, const char *keep_as, gboolean then_chart)
{
  Query *query = g_new0 (Query, 1);
  query->project = patron_project_ref (get_project (self));
  query->text = g_strdup (text);
  query->keep_as = g_strdup (keep_as);
  query->then_chart = then_chart;
  show_error (self, NULL);
  patron_sql_editor_set_error (self->editor, -1);
  gtk_label_set_label (self->status, _("Running…"));
  PatronJob *job = patron_document_start_job (self->document, _("SQL statement"), PATRON_JOB_EXCLUSIVE, query_work, query, query_free);
  self->job = g_object_ref (job);
  patron_job_set_quiet (job, TRUE);
  g_signal_connect_object (job, "finished", G_CALLBACK (on_finished), self, 0);
  update_state (self);
}

/* ---- statements that were run --------------------------------------------------------------------------------------- */

static char **
recent (PatronSqlPage *self)
{
  g_autofree char *all = patron_project_get_setting (get_project (self), SETTING_RECENT);
  return g_strsplit (all != NULL ? all : "", SEPARATOR, MAX_RECENT);
}

static void
remember (PatronSqlPage *self, const char *text)
{
  g_auto (GStrv) former = recent (self);
  g_autoptr (GString) all = g_string_new (text);
  guint n = 1;
  for (char **other = former; *other != NULL && n < MAX_RECENT; other++)
    if (**other != '\0' && strcmp (*other, text) != 0)
      {
        g_string_append_printf (all, "%s%s", SEPARATOR, *other);
        n++;
      }
  patron_project_keep_setting (get_project (self), SETTING_RECENT, all->str, NULL);
  patron_project_keep_setting (get_project (self), SETTING_TEXT, text, NULL);
}

static void
on_recent_chosen (GtkListBox *list, GtkListBoxRow *row, PatronSqlPage *self)
{
  patron_sql_editor_set_text (self->editor, g_object_get_data (G_OBJECT (row), "text"));
  gtk_menu_button_popdown (self->recent_button);
  gtk_widget_grab_focus (GTK_WIDGET (self->editor));
}

static void
fill_recent (GtkMenuButton *button, gpointer data)
{
  PatronSqlPage *self = data;
  GtkWidget *list = gtk_list_box_new ();
  g_auto (GStrv) texts = recent (self);
  for (char **text = texts; *text != NULL; text++)
    {
      if (**text == '\0')
        continue;
      GtkWidget *label = gtk_label_new (*text);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_lines (GTK_LABEL (label), 2);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_width_chars (GTK_LABEL (label), 40);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 50);
      gtk_widget_add_css_class (label, "monospace");
      GtkWidget *row = gtk_list_box_row_new ();
      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
      patron_widget_set_name (row, *text);
      g_object_set_data_full (G_OBJECT (row), "text", g_strdup (*text), g_free);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
  GtkWidget *none = gtk_label_new (_("No statement has been run yet"));
  gtk_widget_add_css_class (none, "dim-label");
  gtk_list_box_set_placeholder (GTK_LIST_BOX (list), none);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Recent statements"), -1);
  g_signal_connect (list, "row-activated", G_CALLBACK (on_recent_chosen), self);
  GtkWidget *scrolled = gtk_scrolled_window_new (), *popover = gtk_popover_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), MAX_RECENT_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), list);
  gtk_popover_set_child (GTK_POPOVER (popover), scrolled);
  gtk_menu_button_set_popover (button, popover);
}

/* ---- buttons -------------------------------------------------------------------------------------------------------- */

static void
on_run (PatronSqlPage *self)
{
  g_autofree char *text = g_strstrip (patron_sql_editor_dup_text (self->editor));
  if (self->job != NULL)
    return;
  if (*text == '\0')
    {
      show_error (self, _("There is no statement yet; write one, such as SELECT * FROM a table."));
      gtk_widget_grab_focus (GTK_WIDGET (self->editor));
      return;
    }
  remember (self, text);
  start (self, text, NULL, FALSE);
}

static void
on_cancel (PatronSqlPage *self)
{
  if (self->job != NULL)
    patron_job_cancel (self->job);
}

static void
on_keep (PatronSqlPage *self)
{
  if (self->job == NULL && self->shown != NULL)
    start (self, self->shown, _("SQL result"), FALSE);
}

static void
on_chart (PatronSqlPage *self)
{
  if (self->job == NULL && self->shown != NULL)
    start (self, self->shown, _("SQL result"), TRUE);
}

/* ---- names ---------------------------------------------------------------------------------------------------------- */

static const char *
chosen_table (PatronSqlPage *self)
{
  GtkStringObject *item = gtk_drop_down_get_selected_item (self->tables);
  return item != NULL ? gtk_string_object_get_string (item) : NULL;
}

static void
insert_name (PatronSqlPage *self, const char *name)
{
  g_autofree char *quoted = patron_sql_quote (name);
  patron_sql_editor_insert (self->editor, quoted);
  gtk_widget_grab_focus (GTK_WIDGET (self->editor));
}

static void
on_column_activated (PatronSqlPage *self, GtkListBoxRow *row)
{
  insert_name (self, g_object_get_data (G_OBJECT (row), "name"));
}

static void
on_insert_table (PatronSqlPage *self)
{
  if (chosen_table (self) != NULL)
    insert_name (self, chosen_table (self));
}

static void
add_column_row (PatronSqlPage *self, PatronColumn *column)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *name = gtk_label_new (patron_column_get_name (column));
  GtkWidget *type = gtk_label_new (_(patron_type_label (patron_column_get_type (column))));
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (type, "dim-label");
  gtk_widget_add_css_class (type, "caption");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), type);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  patron_widget_set_name (row, patron_column_get_name (column));
  g_object_set_data_full (G_OBJECT (row), "name", g_strdup (patron_column_get_name (column)), g_free);
  gtk_list_box_append (self->columns, row);
}

static void
show_columns (PatronSqlPage *self)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->columns))) != NULL)
    gtk_list_box_remove (self->columns, child);
  const char *name = chosen_table (self);
  g_autoptr (PatronTable) table = name != NULL ? patron_document_open_table (self->document, name, NULL) : NULL;
  for (guint i = 0; table != NULL && i < patron_table_n_columns (table); i++)
    add_column_row (self, patron_table_column (table, i));
}

/* The list of tables, keeping the one chosen. */
static void
update_names (PatronSqlPage *self)
{
  GListModel *tables = patron_document_get_tables (self->document);
  g_autofree char *former = g_strdup (chosen_table (self));
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint chosen = 0;
  for (guint i = 0; i < g_list_model_get_n_items (tables); i++)
    {
      g_autoptr (PatronItem) item = g_list_model_get_item (tables, i);
      gtk_string_list_append (names, patron_item_get_name (item));
      if (g_strcmp0 (former, patron_item_get_name (item)) == 0)
        chosen = i;
    }
  gtk_drop_down_set_model (self->tables, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->tables, chosen);
  show_columns (self);
  patron_sql_editor_set_names (self->editor, get_project (self));
}

/* What to begin with: the statement as it was left, or the first rows of the first table. */
static void
set_first_text (PatronSqlPage *self)
{
  g_autofree char *text = patron_project_get_setting (get_project (self), SETTING_TEXT);
  const char *table = chosen_table (self);
  if (text == NULL && table != NULL)
    {
      g_autofree char *quoted = patron_sql_quote (table);
      text = g_strdup_printf ("SELECT *\nFROM %s\nLIMIT 100", quoted);
    }
  patron_sql_editor_set_text (self->editor, text != NULL ? text : "");
}

/* ---- object --------------------------------------------------------------------------------------------------------- */

static gboolean
can (PatronPage *page, PatronCommand command)
{
  return command == PATRON_COMMAND_RUN && PATRON_SQL_PAGE (page)->job == NULL;
}

/* Names are read from the project when somebody looks at them. */
static void
on_document_changed (PatronSqlPage *self)
{
  self->names_stale = !gtk_widget_get_mapped (GTK_WIDGET (self));
  if (!self->names_stale)
    update_names (self);
}

static void
patron_sql_page_map (GtkWidget *widget)
{
  PatronSqlPage *self = PATRON_SQL_PAGE (widget);
  if (self->names_stale)
    update_names (self);
  self->names_stale = FALSE;
  GTK_WIDGET_CLASS (patron_sql_page_parent_class)->map (widget);
}

static void
perform (PatronPage *page, PatronCommand command)
{
  on_run (PATRON_SQL_PAGE (page));
}

static void
patron_sql_page_page_init (PatronPageInterface *iface)
{
  iface->can = can;
  iface->perform = perform;
}

static void
patron_sql_page_dispose (GObject *object)
{
  PatronSqlPage *self = PATRON_SQL_PAGE (object);
  g_clear_pointer (&self->paned, gtk_widget_unparent);
  if (self->job != NULL)
    patron_job_set_quiet (self->job, FALSE);   /* nobody is left here to say why it fails */
  g_clear_object (&self->job);
  g_clear_object (&self->document);
  g_clear_pointer (&self->shown, g_free);
  G_OBJECT_CLASS (patron_sql_page_parent_class)->dispose (object);
}

static void
patron_sql_page_class_init (PatronSqlPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_sql_page_dispose;
  widget_class->map = patron_sql_page_map;
  signals[CHART] = g_signal_new ("chart", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/patron/Patron/sql-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PatronSqlPage, paned);
  gtk_widget_class_bind_template_child (widget_class, PatronSqlPage, tables);
  gtk_widget_class_bind_template_child (widget_class, PatronSqlPage, columns);
  gtk_widget_class_bind_template_child (widget_class, PatronSqlPage, editor_window);
  gtk_widget_class_bind_template_child (widget_class, PatronSqlPage, run_button);
  gtk_widget_class_bind_template_child (widget_class, PatronSqlPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, PatronSqlPage, keep_button);
  gtk_widget_class_bind_template_child (widget_class, PatronSqlPage, chart_button);
  gtk_widget_class_bind_template_child (widget_class, PatronSqlPage, recent_button);
  gtk_widget_class_bind_template_child (widget_class, PatronSqlPage, status);
  gtk_widget_class_bind_template_child (widget_class, PatronSqlPage, error);
  gtk_widget_class_bind_template_child (widget_class, PatronSqlPage, results);
  gtk_widget_class_bind_template_child (widget_class, PatronSqlPage, grid_bin);
  gtk_widget_class_bind_template_callback (widget_class, on_run);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
  gtk_widget_class_bind_template_callback (widget_class, on_keep);
  gtk_widget_class_bind_template_callback (widget_class, on_chart);
  gtk_widget_class_bind_template_callback (widget_class, on_insert_table);
  gtk_widget_class_bind_template_callback (widget_class, on_column_activated);
}

static void
patron_sql_page_init (PatronSqlPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->editor = GTK_SOURCE_VIEW (patron_sql_editor_new ());
  gtk_scrolled_window_set_child (self->editor_window, GTK_WIDGET (self->editor));
  gtk_menu_button_set_create_popup_func (self->recent_button, fill_recent, self, NULL);
}

GtkWidget *
patron_sql_page_new (PatronDocument *document)
{
  PatronSqlPage *self = g_object_new (PATRON_TYPE_SQL_PAGE, NULL);
  self->document = g_object_ref (document);
  update_names (self);
  set_first_text (self);
  update_state (self);
  g_signal_connect_object (document, "changed", G_CALLBACK (on_document_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tables, "notify::selected", G_CALLBACK (show_columns), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
