/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/database-dialog.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/job.h"
#include "app/keyring.h"
#include "app/settings.h"
#include "table/reader.h"

struct _PatronDatabaseDialog
{
  AdwWindow      parent_instance;

  /* template children, borrowed */
  GtkStack      *stack;
  GtkButton     *back_button, *connect_button, *preview_button;
  GtkWidget     *spinner;
  GtkLabel      *failure;
  AdwEntryRow   *host_row, *port_row, *database_row, *user_row;
  AdwPasswordEntryRow *password_row;
  GtkSwitch     *keep_switch;
  GtkSearchEntry *search;
  GtkListBox    *tables;
  GtkTextView   *query_view;
  AdwExpanderRow *query_row;

  char          *address;       /* owned: of the server that answered */
  PatronJob     *job;           /* owned: the one that connects now */
};

G_DEFINE_FINAL_TYPE (PatronDatabaseDialog, patron_database_dialog, ADW_TYPE_WINDOW)

enum { CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- connecting ---------------------------------------------------------------------------------------------- */

typedef struct
{
  char      *address, *password;
  gboolean   keep;
  GPtrArray *parts;       /* out: of PatronPart* */
  gboolean   not_kept;    /* out: there is no keyring */
} Connecting;

static void
connecting_free (gpointer data)
{
  Connecting *work = data;
  g_free (work->address);
  patron_keyring_free (work->password);
  g_clear_pointer (&work->parts, g_ptr_array_unref);
  g_free (work);
}

static gboolean
connect_work (PatronRun *run, gpointer data, GError **error)
{
  Connecting *work = data;
  if (*work->password != '\0')
    patron_keyring_hold (work->address, work->password);
  g_autoptr (PatronSource) source = patron_source_open (work->address, NULL, run, error);
  work->parts = source != NULL ? patron_source_list (source, error) : NULL;
  if (work->parts == NULL && *work->password != '\0')
    patron_keyring_hold (work->address, NULL);
  if (work->parts != NULL && work->keep && *work->password != '\0')
    work->not_kept = !patron_keyring_store (work->address, work->password, NULL);
  return work->parts != NULL;
}

/* postgresql://user@host:port/database; what is left empty is left to the server's own rules. */
static char *
make_address (PatronDatabaseDialog *self)
{
  const char *host = gtk_editable_get_text (GTK_EDITABLE (self->host_row)), *user = gtk_editable_get_text (GTK_EDITABLE (self->user_row));
  const char *database = gtk_editable_get_text (GTK_EDITABLE (self->database_row)), *port = gtk_editable_get_text (GTK_EDITABLE (self->port_row));
  g_autofree char *path = g_uri_escape_string (database, NULL, TRUE), *escaped = *user != '\0' ? g_uri_escape_string (user, NULL, TRUE) : NULL;
  g_autofree char *absolute = g_strconcat ("/", path, NULL);
  guint64 number = 0;
  g_ascii_string_to_unsigned (port, 10, 1, 65535, &number, NULL);
  return g_uri_join_with_user (G_URI_FLAGS_ENCODED, "postgresql", escaped, NULL, NULL, *host != '\0' ? host : "localhost", number > 0 ? (int) number : -1, absolute, NULL, NULL);
}

static void
show_failure (PatronDatabaseDialog *self, const char *sentence)
{
  gtk_label_set_label (self->failure, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->failure), sentence != NULL);
}

static void
set_busy (PatronDatabaseDialog *self, gboolean busy)
{
  gtk_widget_set_visible (self->spinner, busy);
  g_object_set (self->spinner, "spinning", busy, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->connect_button), !busy && *gtk_editable_get_text (GTK_EDITABLE (self->database_row)) != '\0');
}

/* ---- tables -------------------------------------------------------------------------------------------------- */

/* "table · 12,345 rows · 8 columns · 1.2 MB", of what is known. */
static char *
part_facts (const PatronPart *part)
{
  g_autoptr (GString) text = g_string_new (_(part->kind));
  const struct { double value; PatronFormat format; const char *words; } facts[] = {
    { part->n_rows, PATRON_FORMAT_COUNT, N_("about %s rows") }, { part->n_columns, PATRON_FORMAT_COUNT, N_("%s columns") }, { part->n_bytes, PATRON_FORMAT_BYTES, "%s" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    if (!isnan (facts[i].value))
      {
        g_autofree char *number = patron_format_number (facts[i].format, facts[i].value);
        g_autoptr (GString) words = g_string_new (i < 2 ? _(facts[i].words) : facts[i].words);
        g_string_replace (words, "%s", number, 1);
        g_string_append_printf (text, " · %s", words->str);
      }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
fill_tables (PatronDatabaseDialog *self, const GPtrArray *parts)
{
  for (GtkWidget *child; (child = gtk_widget_get_first_child (GTK_WIDGET (self->tables))) != NULL;)
    {
      if (!GTK_IS_LIST_BOX_ROW (child))
        break;
      gtk_list_box_remove (self->tables, child);
    }
  for (guint i = 0; i < parts->len; i++)
    {
      const PatronPart *part = parts->pdata[i];
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *title = g_markup_escape_text (part->name, -1), *facts = part_facts (part);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), facts);
      g_object_set_data_full (G_OBJECT (row), "part", g_strdup (part->name), g_free);
      gtk_list_box_append (self->tables, row);
    }
  gtk_list_box_select_row (self->tables, gtk_list_box_get_row_at_index (self->tables, 0));
}

static gboolean
row_matches (GtkListBoxRow *row, gpointer user)
{
  PatronDatabaseDialog *self = user;
  g_autofree char *wanted = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  g_autofree char *name = g_utf8_casefold (g_object_get_data (G_OBJECT (row), "part"), -1);
  return strstr (name, wanted) != NULL;
}

static char *
query_text (PatronDatabaseDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->query_view);
  GtkTextIter start, end;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

static void
update_preview_button (PatronDatabaseDialog *self)
{
  if (gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;
  g_autofree char *query = query_text (self);
  gboolean asking = adw_expander_row_get_expanded (self->query_row) && *query != '\0';
  gtk_widget_set_sensitive (GTK_WIDGET (self->preview_button), asking || gtk_list_box_get_selected_row (self->tables) != NULL);
}

static void
on_preview_clicked (PatronDatabaseDialog *self)
{
  g_autofree char *query = query_text (self);
  gboolean asking = adw_expander_row_get_expanded (self->query_row) && *query != '\0';
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->tables);
  if (!asking && row == NULL)
    return;
  g_signal_emit (self, signals[CHOSEN], 0, self->address, asking ? "query" : "table", asking ? query : (const char *) g_object_get_data (G_OBJECT (row), "part"));
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_row_activated (PatronDatabaseDialog *self)
{
  on_preview_clicked (self);
}

static void
on_search_changed (PatronDatabaseDialog *self)
{
  gtk_list_box_invalidate_filter (self->tables);
}

static void
show_stage (PatronDatabaseDialog *self, gboolean connected)
{
  gtk_stack_set_visible_child_name (self->stack, connected ? "tables" : "connection");
  gtk_widget_set_visible (GTK_WIDGET (self->back_button), connected);
  gtk_widget_set_visible (GTK_WIDGET (self->preview_button), connected);
  gtk_widget_set_visible (GTK_WIDGET (self->connect_button), !connected);
  gtk_window_set_default_widget (GTK_WINDOW (self), GTK_WIDGET (connected ? self->preview_button : self->connect_button));
  gtk_widget_grab_focus (connected ? GTK_WIDGET (self->search) : GTK_WIDGET (self->host_row));
}

static void
on_back_clicked (PatronDatabaseDialog *self)
{
  show_stage (self, FALSE);
}

/* ---- the connection's page ----------------------------------------------------------------------------------- */

static void
remember (const char *address)
{
  GSettings *settings = patron_settings ();
  if (settings != NULL)
    g_settings_set_string (settings, "database-address", address);
}

static void
recall (PatronDatabaseDialog *self)
{
  GSettings *settings = patron_settings ();
  g_autofree char *address = settings != NULL ? g_settings_get_string (settings, "database-address") : NULL;
  g_autoptr (GUri) uri = address != NULL && *address != '\0' ? g_uri_parse (address, G_URI_FLAGS_HAS_PASSWORD, NULL) : NULL;
  if (uri == NULL)
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->host_row), g_uri_get_host (uri) != NULL ? g_uri_get_host (uri) : "");
  gtk_editable_set_text (GTK_EDITABLE (self->user_row), g_uri_get_user (uri) != NULL ? g_uri_get_user (uri) : "");
  const char *path = g_uri_get_path (uri);
  gtk_editable_set_text (GTK_EDITABLE (self->database_row), *path == '/' ? path + 1 : path);
  g_autofree char *port = g_uri_get_port (uri) > 0 ? g_strdup_printf ("%d", g_uri_get_port (uri)) : g_strdup ("");
  gtk_editable_set_text (GTK_EDITABLE (self->port_row), port);
}

static void
on_connected (PatronJob *job, PatronDatabaseDialog *self)
{
  const Connecting *work = patron_job_get_data (job);
  set_busy (self, FALSE);
  if (patron_job_get_state (job) != PATRON_JOB_DONE)
    show_failure (self, patron_job_get_error (job)->message);
  else
    {
      show_failure (self, work->not_kept ? _("The keyring of the desktop is not available, so the password is kept until Patron is closed.") : NULL);
      g_free (self->address);
      self->address = g_strdup (work->address);
      remember (self->address);
      fill_tables (self, work->parts);
      show_stage (self, TRUE);
      update_preview_button (self);
    }
  g_clear_object (&self->job);
}

static void
on_connect_clicked (PatronDatabaseDialog *self)
{
  patron_job_forget (&self->job, self);
  show_failure (self, NULL);
  Connecting *work = g_new0 (Connecting, 1);
  work->address = make_address (self);
  work->password = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->password_row)));
  work->keep = gtk_switch_get_active (self->keep_switch);
  self->job = patron_job_start (_("Connect to the database"), PATRON_JOB_QUICK, 0, connect_work, work, connecting_free);
  g_signal_connect (self->job, "finished", G_CALLBACK (on_connected), self);
  set_busy (self, TRUE);
}

static void
on_entry_changed (PatronDatabaseDialog *self)
{
  set_busy (self, self->job != NULL);
}

/* ---- the widget ---------------------------------------------------------------------------------------------- */

static void
patron_database_dialog_dispose (GObject *object)
{
  PatronDatabaseDialog *self = PATRON_DATABASE_DIALOG (object);
  patron_job_forget (&self->job, self);
  g_clear_pointer (&self->address, g_free);
  G_OBJECT_CLASS (patron_database_dialog_parent_class)->dispose (object);
}

static void
patron_database_dialog_class_init (PatronDatabaseDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_database_dialog_dispose;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/patron/Patron/database-dialog.ui");
  const struct { const char *name; gsize offset; } children[] = {
    { "stack", G_STRUCT_OFFSET (PatronDatabaseDialog, stack) }, { "back_button", G_STRUCT_OFFSET (PatronDatabaseDialog, back_button) },
    { "connect_button", G_STRUCT_OFFSET (PatronDatabaseDialog, connect_button) }, { "preview_button", G_STRUCT_OFFSET (PatronDatabaseDialog, preview_button) },
    { "spinner", G_STRUCT_OFFSET (PatronDatabaseDialog, spinner) }, { "failure", G_STRUCT_OFFSET (PatronDatabaseDialog, failure) },
    { "host_row", G_STRUCT_OFFSET (PatronDatabaseDialog, host_row) }, { "port_row", G_STRUCT_OFFSET (PatronDatabaseDialog, port_row) },
    { "database_row", G_STRUCT_OFFSET (PatronDatabaseDialog, database_row) }, { "user_row", G_STRUCT_OFFSET (PatronDatabaseDialog, user_row) },
    { "password_row", G_STRUCT_OFFSET (PatronDatabaseDialog, password_row) }, { "keep_switch", G_STRUCT_OFFSET (PatronDatabaseDialog, keep_switch) },
    { "search", G_STRUCT_OFFSET (PatronDatabaseDialog, search) }, { "tables", G_STRUCT_OFFSET (PatronDatabaseDialog, tables) },
    { "query_view", G_STRUCT_OFFSET (PatronDatabaseDialog, query_view) }, { "query_row", G_STRUCT_OFFSET (PatronDatabaseDialog, query_row) },
  };
  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    gtk_widget_class_bind_template_child_full (widget_class, children[i].name, FALSE, children[i].offset);
  gtk_widget_class_bind_template_callback (widget_class, on_connect_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_preview_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_changed);
  gtk_widget_class_bind_template_callback (widget_class, update_preview_button);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
patron_database_dialog_init (PatronDatabaseDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->tables, row_matches, self, NULL);
  g_signal_connect_object (gtk_text_view_get_buffer (self->query_view), "changed", G_CALLBACK (update_preview_button), self, G_CONNECT_SWAPPED);
  recall (self);
  show_stage (self, FALSE);
  set_busy (self, FALSE);
}

GtkWidget *
patron_database_dialog_new (GtkWindow *parent)
{
  return g_object_new (PATRON_TYPE_DATABASE_DIALOG, "transient-for", parent, "modal", parent != NULL, NULL);
}
