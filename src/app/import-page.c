/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/import-page.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/grid.h"
#include "app/import-missing.h"
#include "app/import-settings.h"
#include "app/page.h"
#include "app/text-label.h"
#include "ops/registry.h"

/* As many as show whether values are customary codes. */
#define PREVIEW_ROWS 5000

struct _PatronImportPage
{
  GtkWidget            parent_instance;

  /* template children, borrowed */
  GtkWidget           *box;
  GtkLabel            *title, *subtitle;
  GtkWidget           *import_button;
  GtkStack            *stack;
  GtkScrolledWindow   *scrolled;
  AdwStatusPage       *failure;
  AdwPreferencesGroup *column_group, *layout_group;
  AdwExpanderRow      *more_group, *reasons;
  AdwComboRow         *type_row, *role_row;
  GtkSwitch           *include;
  PatronImportMissing *missing;
  PatronGrid          *grid;
  GtkWidget           *menu;             /* popover of a header, or NULL */
  GPtrArray           *reason_rows;      /* borrowed */

  char                *path;
  PatronImportSettings *settings;        /* owned */
  const PatronReader  *reader;           /* of the last preview */
  GHashTable          *options;          /* key → value, what is not found out */
  GHashTable          *types;            /* column → type id */
  GHashTable          *left_out;         /* column names */
  GHashTable          *roles;            /* column → PatronRole + 1, said by the user; PATRON_N_ROLES: none */
  PatronRoles         *guessed;          /* owned, or NULL */
  PatronTable         *preview;          /* owned, or NULL */
  PatronTable         *spelled;          /* owned: its cells as texts; NULL: the values are all there is */
  PatronJob           *job;              /* owned: the one that reads now */
  gboolean             filling;          /* rows are being set, not chosen from */
};

static void patron_import_page_page_init (PatronPageInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (PatronImportPage, patron_import_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PATRON_TYPE_PAGE, patron_import_page_page_init))

enum { IMPORT, CANCEL, N_SIGNALS };
static guint signals[N_SIGNALS];

static void show_headers (PatronImportPage *self);
static void show_column (PatronImportPage *self);
static void read_again (PatronImportPage *self);
static char **dup_options (PatronImportPage *self, gboolean leave_out);

/* ---- roles ------------------------------------------------------------------------------------------------- */

/* What operations would see in the first rows by themselves. */
static void
guess_roles (PatronImportPage *self)
{
  g_clear_pointer (&self->guessed, patron_roles_free);
  self->guessed = patron_roles_new ();
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    {
      guint32 guessed = 0;
      if ((*op)->roles == NULL || (*op)->question == NULL)
        continue;
      g_autoptr (PatronRoles) complete = patron_roles_complete (*op, self->preview, self->guessed, &guessed);
      for (int role = 0; role < PATRON_N_ROLES; role++)
        {
          const char *column = patron_roles_first (complete, role);
          if ((guessed & (1u << role)) != 0 && role != PATRON_ROLE_FEATURE && role != PATRON_ROLE_GROUP && role != PATRON_ROLE_TARGET
              && column != NULL && patron_roles_of (self->guessed, column) == PATRON_N_ROLES)
            patron_roles_add (self->guessed, role, column);
        }
    }
}

static PatronRole
role_of (PatronImportPage *self, const char *column)
{
  gpointer said;
  if (g_hash_table_lookup_extended (self->roles, column, NULL, &said))
    return (PatronRole) (GPOINTER_TO_UINT (said) - 1);
  PatronRole role = patron_roles_of (self->guessed, column);
  /* Said of another column, it is no guess for this one. */
  GHashTableIter iter;
  gpointer other;
  g_hash_table_iter_init (&iter, self->roles);
  while (g_hash_table_iter_next (&iter, NULL, &other))
    if (GPOINTER_TO_UINT (other) - 1 == role)
      return PATRON_N_ROLES;
  return role;
}

void
patron_import_page_set_role (PatronImportPage *self, const char *column, PatronRole role)
{
  g_return_if_fail (PATRON_IS_IMPORT_PAGE (self));
  GHashTableIter iter;
  gpointer said;
  g_hash_table_iter_init (&iter, self->roles);
  while (role < PATRON_N_ROLES && g_hash_table_iter_next (&iter, NULL, &said))
    if (GPOINTER_TO_UINT (said) - 1 == role)
      g_hash_table_iter_remove (&iter);
  g_hash_table_replace (self->roles, g_strdup (column), GUINT_TO_POINTER (role + 1));
  show_headers (self);
  show_column (self);
}

PatronRoles *
patron_import_page_dup_roles (PatronImportPage *self)
{
  g_return_val_if_fail (PATRON_IS_IMPORT_PAGE (self), NULL);
  PatronRoles *roles = patron_roles_new ();
  GHashTableIter iter;
  gpointer column, said;
  g_hash_table_iter_init (&iter, self->roles);
  while (g_hash_table_iter_next (&iter, &column, &said))
    if (GPOINTER_TO_UINT (said) - 1 < PATRON_N_ROLES)
      patron_roles_add (roles, GPOINTER_TO_UINT (said) - 1, column);
  return roles;
}

/* ---- the column under the cursor --------------------------------------------------------------------------- */

static const PatronType column_types[] = {
  PATRON_TYPE_NUMBER, PATRON_TYPE_INTEGER, PATRON_TYPE_CATEGORY, PATRON_TYPE_TEXT,
  PATRON_TYPE_DATE, PATRON_TYPE_TIME, PATRON_TYPE_BOOLEAN, PATRON_TYPE_DURATION,
};

static const PatronRole column_roles[] = {
  PATRON_N_ROLES, PATRON_ROLE_CUSTOMER, PATRON_ROLE_ITEM, PATRON_ROLE_DATE, PATRON_ROLE_AMOUNT, PATRON_ROLE_QUANTITY, PATRON_ROLE_PRICE,
  PATRON_ROLE_BASKET, PATRON_ROLE_TARGET, PATRON_ROLE_ID, PATRON_ROLE_TEXT, PATRON_ROLE_GROUP, PATRON_ROLE_WEIGHT, PATRON_ROLE_IGNORE,
};

static const char *
role_label (PatronRole role)
{
  return role < PATRON_N_ROLES ? _(patron_role_label (role)) : _("No role");
}

static PatronColumn *
current_column (PatronImportPage *self)
{
  guint index = self->grid != NULL ? patron_grid_get_column (self->grid) : 0;
  return self->preview != NULL && index < patron_table_n_columns (self->preview) ? patron_table_column (self->preview, index) : NULL;
}

static void
show_headers (PatronImportPage *self)
{
  for (guint i = 0; self->preview != NULL && i < patron_table_n_columns (self->preview); i++)
    {
      const char *name = patron_column_get_name (patron_table_column (self->preview, i));
      PatronRole role = role_of (self, name);
      patron_grid_set_role (self->grid, i, role < PATRON_N_ROLES ? _(patron_role_label (role)) : NULL);
      patron_grid_set_left_out (self->grid, i, g_hash_table_contains (self->left_out, name));
    }
}

/* The type, and how many of the values in sight it would not take. */
static char *
dup_type_label (PatronImportPage *self, PatronColumn *column, PatronType type)
{
  PatronColumn *spelled = self->spelled != NULL ? patron_table_find (self->spelled, patron_column_get_name (column)) : NULL;
  gsize n = 0, all = 0;
  if (!patron_column_count_misfits (spelled != NULL ? spelled : column, type, &n, &all, NULL) || n == 0)
    return g_strdup (_(patron_type_label (type)));
  /* Short: the list of a row shows some 25 characters. */
  g_autoptr (PatronText) text = patron_text (n == all ? N_("{type} · none fits") : N_("{type} · {n} {n|fails|fail}"), "type", PATRON_MSGID (patron_type_label (type)),
                                             "n", PATRON_COUNT (n), NULL);
  return patron_text_render (text);
}

static void
fill_types (PatronImportPage *self, PatronColumn *column)
{
  const char *given = g_hash_table_lookup (self->types, patron_column_get_name (column));
  g_autofree char *found = g_strdup_printf (_("Found: %s"), _(patron_type_label (patron_column_get_type (column))));
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;
  gtk_string_list_append (names, given == NULL ? found : _("Find out"));
  for (guint i = 0; i < G_N_ELEMENTS (column_types); i++)
    {
      gtk_string_list_take (names, dup_type_label (self, column, column_types[i]));
      if (g_strcmp0 (given, patron_type_id (column_types[i])) == 0)
        selected = i + 1;
    }
  adw_combo_row_set_model (self->type_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->type_row, selected);
}

static void
fill_roles (PatronImportPage *self, const char *column)
{
  guint selected = 0;
  for (guint i = 0; i < G_N_ELEMENTS (column_roles); i++)
    if (column_roles[i] == role_of (self, column))
      selected = i;
  adw_combo_row_set_selected (self->role_row, selected);
  gboolean guessed = selected > 0 && !g_hash_table_contains (self->roles, column);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->role_row), guessed ? _("Guessed from the name; change it if it is wrong") : "");
}

static void
show_column (PatronImportPage *self)
{
  PatronColumn *column = current_column (self);
  gtk_widget_set_visible (GTK_WIDGET (self->column_group), column != NULL);
  if (column == NULL)
    return;
  const char *name = patron_column_get_name (column);
  g_autofree char *title = g_strdup_printf (_("Column “%s”"), name);
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  gboolean left_out = g_hash_table_contains (self->left_out, name);
  self->filling = TRUE;
  adw_preferences_group_set_title (self->column_group, escaped);
  fill_types (self, column);
  fill_roles (self, name);
  gtk_switch_set_active (self->include, !left_out);
  gtk_widget_set_sensitive (GTK_WIDGET (self->type_row), !left_out);
  gtk_widget_set_sensitive (GTK_WIDGET (self->role_row), !left_out);
  self->filling = FALSE;
}

static void
on_type_selected (PatronImportPage *self)
{
  PatronColumn *column = current_column (self);
  guint selected = adw_combo_row_get_selected (self->type_row);
  if (self->filling || column == NULL || selected > G_N_ELEMENTS (column_types))
    return;
  patron_import_page_set_column (self, patron_column_get_name (column), selected > 0 ? patron_type_id (column_types[selected - 1]) : NULL);
}

static void
on_role_selected (PatronImportPage *self)
{
  PatronColumn *column = current_column (self);
  guint selected = adw_combo_row_get_selected (self->role_row);
  if (!self->filling && column != NULL && selected < G_N_ELEMENTS (column_roles))
    patron_import_page_set_role (self, patron_column_get_name (column), column_roles[selected]);
}

static void
on_include_switched (PatronImportPage *self)
{
  PatronColumn *column = current_column (self);
  if (self->filling || column == NULL)
    return;
  const char *name = patron_column_get_name (column);
  patron_import_page_set_column (self, name, gtk_switch_get_active (self->include) ? g_hash_table_lookup (self->types, name) : "skip");
}

/* ---- the header's menu: the same by right click or the menu key --------------------------------------------- */

static void
choose_type_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PatronImportPage *self = PATRON_IMPORT_PAGE (widget);
  PatronColumn *column = current_column (self);
  const char *type = g_variant_get_string (parameter, NULL);
  if (column != NULL)
    patron_import_page_set_column (self, patron_column_get_name (column), *type != '\0' ? type : NULL);
}

static void
choose_role_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PatronImportPage *self = PATRON_IMPORT_PAGE (widget);
  PatronColumn *column = current_column (self);
  if (column != NULL)
    patron_import_page_set_role (self, patron_column_get_name (column), (PatronRole) g_variant_get_int32 (parameter));
}

static void
include_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PatronImportPage *self = PATRON_IMPORT_PAGE (widget);
  gtk_switch_set_active (self->include, !gtk_switch_get_active (self->include));
}

static GMenuModel *
make_menu (PatronImportPage *self)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) types = g_menu_new ();
  g_autoptr (GMenu) roles = g_menu_new ();
  g_autoptr (GMenu) end = g_menu_new ();
  g_menu_append (types, _("Find Out"), "import.type::");
  for (guint i = 0; i < G_N_ELEMENTS (column_types); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_(patron_type_label (column_types[i])), NULL);
      g_menu_item_set_action_and_target (item, "import.type", "s", patron_type_id (column_types[i]));
      g_menu_append_item (types, item);
    }
  for (guint i = 0; i < G_N_ELEMENTS (column_roles); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (role_label (column_roles[i]), NULL);
      g_menu_item_set_action_and_target (item, "import.role", "i", (int) column_roles[i]);
      g_menu_append_item (roles, item);
    }
  g_menu_append_submenu (menu, _("_Type"), G_MENU_MODEL (types));
  g_menu_append_submenu (menu, _("_What It Is For"), G_MENU_MODEL (roles));
  g_menu_append (end, gtk_switch_get_active (self->include) ? _("_Leave It Out") : _("_Bring It Back"), "import.include");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (end));
  return G_MENU_MODEL (menu);
}

static void
on_header_menu (PatronImportPage *self, guint column, double x, double y)
{
  g_autoptr (GMenuModel) menu = make_menu (self);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  self->menu = patron_widget_popup_menu (GTK_WIDGET (self), menu, GTK_WIDGET (self->grid), x, y);
}

/* ---- showing ----------------------------------------------------------------------------------------------- */

static void
show_reasons (PatronImportPage *self, const GPtrArray *sentences)
{
  for (guint i = 0; i < self->reason_rows->len; i++)
    adw_expander_row_remove (self->reasons, self->reason_rows->pdata[i]);
  g_ptr_array_set_size (self->reason_rows, 0);
  for (guint i = 0; i < sentences->len; i++)
    {
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *escaped = g_markup_escape_text (sentences->pdata[i], -1);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped);
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
      adw_expander_row_add_row (self->reasons, row);
      g_ptr_array_add (self->reason_rows, row);
    }
}

static void
show_preview (PatronImportPage *self, PatronTable *table)
{
  guint column = self->grid != NULL ? patron_grid_get_column (self->grid) : 0;
  g_clear_pointer (&self->preview, patron_table_unref);
  self->preview = patron_table_ref (table);
  self->grid = PATRON_GRID (patron_grid_new (table));
  gtk_scrolled_window_set_child (self->scrolled, GTK_WIDGET (self->grid));
  patron_grid_move (self->grid, 0, column, FALSE);
  g_signal_connect_swapped (self->grid, "cursor-moved", G_CALLBACK (show_column), self);
  g_signal_connect_swapped (self->grid, "header-menu", G_CALLBACK (on_header_menu), self);
  guess_roles (self);
  show_headers (self);
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->scrolled));
}

/* What is known of the place without reading it: a file's size, a database's address; "" for a folder. */
static char *
dup_about (PatronImportPage *self)
{
  GStatBuf status;
  if (patron_place_is_address (self->path))
    return patron_place_public (self->path);
  if (g_stat (self->path, &status) != 0 || !S_ISREG (status.st_mode))
    return g_strdup ("");
  return patron_format_number (PATRON_FORMAT_BYTES, (double) status.st_size);
}

static void
show_subtitle (PatronImportPage *self, gboolean done)
{
  g_autofree char *about = dup_about (self);
  if (!done)
    {
      gtk_label_set_label (self->subtitle, about);
      return;
    }
  g_autofree char *columns = patron_format_number (PATRON_FORMAT_COUNT, patron_table_n_columns (self->preview));
  g_autofree char *text = *about != '\0' ? g_strdup_printf (_("%s · %s columns · the first rows as they will be read"), about, columns)
                                         : g_strdup_printf (_("%s columns · the first rows as they will be read"), columns);
  gtk_label_set_label (self->subtitle, text);
}

static void
on_preview_read (PatronJob *job, PatronImportPage *self)
{
  const PatronImportPreview *work = patron_job_get_data (job);
  gboolean done = patron_job_get_state (job) == PATRON_JOB_DONE;
  if (done)
    {
      g_clear_pointer (&self->spelled, patron_table_unref);
      self->spelled = work->spelled != NULL ? patron_table_ref (work->spelled) : NULL;
      show_preview (self, work->table);
      self->reader = work->reader;
      patron_import_settings_show (self->settings, work, self->options);
      patron_import_missing_show (self->missing, work->disguised, patron_table_n_rows (work->table));
      show_reasons (self, work->sentences);
      show_subtitle (self, TRUE);
      show_column (self);
    }
  else
    {
      if (work->reader != NULL)
        patron_import_settings_show (self->settings, work, self->options);
      g_autofree char *escaped = g_markup_escape_text (patron_job_get_error (job)->message, -1);
      adw_status_page_set_description (self->failure, escaped);
      show_subtitle (self, FALSE);
      gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->failure));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->reasons), done && self->reason_rows->len > 0);
  gtk_widget_set_sensitive (self->import_button, done);
  g_clear_object (&self->job);
  patron_page_commands_changed (PATRON_PAGE (self));
}

static void
read_again (PatronImportPage *self)
{
  patron_job_forget (&self->job, self);
  g_auto (GStrv) options = dup_options (self, FALSE);
  self->job = patron_import_preview_start (self->path, (const char *const *) options, PREVIEW_ROWS);
  g_signal_connect (self->job, "finished", G_CALLBACK (on_preview_read), self);
}

/* ---- options ----------------------------------------------------------------------------------------------- */

void
patron_import_page_set_option (PatronImportPage *self, const char *key, const char *value)
{
  g_return_if_fail (PATRON_IS_IMPORT_PAGE (self));
  if (value != NULL && *value != '\0')
    g_hash_table_replace (self->options, g_strdup (key), g_strdup (value));
  else
    g_hash_table_remove (self->options, key);
  read_again (self);
}

void
patron_import_page_set_column (PatronImportPage *self, const char *column, const char *type)
{
  g_return_if_fail (PATRON_IS_IMPORT_PAGE (self));
  gboolean was_out = g_hash_table_contains (self->left_out, column);
  if (g_strcmp0 (type, "skip") == 0)
    {
      /* It stays in the preview, dimmed, to be brought back. */
      g_hash_table_add (self->left_out, g_strdup (column));
      show_headers (self);
      show_column (self);
      return;
    }
  g_hash_table_remove (self->left_out, column);
  gboolean same = g_strcmp0 (g_hash_table_lookup (self->types, column), type) == 0;
  if (type != NULL && !same)
    g_hash_table_replace (self->types, g_strdup (column), g_strdup (type));
  else if (type == NULL)
    g_hash_table_remove (self->types, column);
  show_headers (self);
  /* Not shown at once where it is read again, which shows it: the type may come from the row of types, whose model must stay while it tells. */
  if (!same || !was_out)
    read_again (self);
  else
    show_column (self);
}

static void
add_type (GString *types, const char *column, const char *type)
{
  g_autofree char *escaped = patron_csv_escape (column);
  g_string_append_printf (types, "%s%s=%s", types->len > 0 ? "," : "", escaped, type);
}

/* With the columns left out, or as the preview needs it: with them, so that they can be brought back. */
static char **
dup_options (PatronImportPage *self, gboolean leave_out)
{
  g_autoptr (GPtrArray) strings = g_ptr_array_new ();
  g_autoptr (GString) types = g_string_new (NULL);
  GHashTableIter iter;
  gpointer key, value;
  g_autofree char *entries = patron_import_missing_dup_entries (self->missing);
  g_hash_table_iter_init (&iter, self->options);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      if (*entries != '\0' && g_str_equal (key, "missing-values"))
        continue;
      g_ptr_array_add (strings, g_strdup (key));
      g_ptr_array_add (strings, g_strdup (value));
    }
  if (*entries != '\0')
    {
      const char *given = g_hash_table_lookup (self->options, "missing-values");
      g_ptr_array_add (strings, g_strdup ("missing-values"));
      g_ptr_array_add (strings, given != NULL && *given != '\0' ? g_strconcat (given, ",", entries, NULL) : g_strdup (entries));
    }
  g_hash_table_iter_init (&iter, self->types);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!leave_out || !g_hash_table_contains (self->left_out, key))
      add_type (types, key, value);
  g_hash_table_iter_init (&iter, self->left_out);
  while (leave_out && g_hash_table_iter_next (&iter, &key, NULL))
    add_type (types, key, "skip");
  if (types->len > 0)
    {
      g_ptr_array_add (strings, g_strdup ("column-types"));
      g_ptr_array_add (strings, g_strdup (types->str));
    }
  g_ptr_array_add (strings, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&strings), FALSE);
}

char **
patron_import_page_dup_options (PatronImportPage *self)
{
  g_return_val_if_fail (PATRON_IS_IMPORT_PAGE (self), NULL);
  return dup_options (self, TRUE);
}

const char *
patron_import_page_get_path (PatronImportPage *self)
{
  return self->path;
}

PatronTable *
patron_import_page_get_preview (PatronImportPage *self)
{
  return self->preview;
}

/* ---- page -------------------------------------------------------------------------------------------------- */

static void
on_import_clicked (PatronImportPage *self)
{
  g_signal_emit (self, signals[IMPORT], 0);
}

static void
on_cancel_clicked (PatronImportPage *self)
{
  g_signal_emit (self, signals[CANCEL], 0);
}

static gboolean
page_can (PatronPage *page, PatronCommand command)
{
  return command == PATRON_COMMAND_RUN && gtk_widget_get_sensitive (PATRON_IMPORT_PAGE (page)->import_button);
}

static void
page_perform (PatronPage *page, PatronCommand command)
{
  on_import_clicked (PATRON_IMPORT_PAGE (page));
}

static void
patron_import_page_page_init (PatronPageInterface *iface)
{
  iface->can = page_can;
  iface->perform = page_perform;
}

/* Return imports, wherever the focus is. */
static void
patron_import_page_map (GtkWidget *widget)
{
  PatronImportPage *self = PATRON_IMPORT_PAGE (widget);
  GTK_WIDGET_CLASS (patron_import_page_parent_class)->map (widget);
  gtk_window_set_default_widget (GTK_WINDOW (gtk_widget_get_root (widget)), self->import_button);
}

static void
patron_import_page_unmap (GtkWidget *widget)
{
  PatronImportPage *self = PATRON_IMPORT_PAGE (widget);
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
  if (window != NULL && gtk_window_get_default_widget (window) == self->import_button)
    gtk_window_set_default_widget (window, NULL);
  GTK_WIDGET_CLASS (patron_import_page_parent_class)->unmap (widget);
}

static void
patron_import_page_dispose (GObject *object)
{
  PatronImportPage *self = PATRON_IMPORT_PAGE (object);
  patron_job_forget (&self->job, self);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->preview, patron_table_unref);
  g_clear_pointer (&self->spelled, patron_table_unref);
  g_clear_pointer (&self->options, g_hash_table_unref);
  g_clear_pointer (&self->types, g_hash_table_unref);
  g_clear_pointer (&self->left_out, g_hash_table_unref);
  g_clear_pointer (&self->roles, g_hash_table_unref);
  g_clear_pointer (&self->guessed, patron_roles_free);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->reason_rows, g_ptr_array_unref);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (patron_import_page_parent_class)->dispose (object);
}

static void
patron_import_page_class_init (PatronImportPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  GType type = G_TYPE_FROM_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_import_page_dispose;
  widget_class->map = patron_import_page_map;
  widget_class->unmap = patron_import_page_unmap;
  signals[IMPORT] = g_signal_new ("import", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CANCEL] = g_signal_new ("cancel", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  g_type_ensure (PATRON_TYPE_IMPORT_MISSING);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/patron/Patron/import-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, box);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, title);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, import_button);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, failure);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, column_group);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, layout_group);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, more_group);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, reasons);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, type_row);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, role_row);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, missing);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, include);
  gtk_widget_class_bind_template_callback (widget_class, on_import_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_type_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_role_selected);
  gtk_widget_class_bind_template_callback (widget_class, read_again);
  gtk_widget_class_bind_template_callback (widget_class, on_include_switched);
  gtk_widget_class_install_action (widget_class, "import.type", "s", choose_type_action);
  gtk_widget_class_install_action (widget_class, "import.role", "i", choose_role_action);
  gtk_widget_class_install_action (widget_class, "import.include", NULL, include_action);
}

static void
patron_import_page_init (PatronImportPage *self)
{
  self->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->reason_rows = g_ptr_array_new ();
  self->left_out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->roles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_autoptr (GtkStringList) roles = gtk_string_list_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (column_roles); i++)
    gtk_string_list_append (roles, role_label (column_roles[i]));
  self->filling = TRUE;
  adw_combo_row_set_model (self->role_row, G_LIST_MODEL (roles));
  self->filling = FALSE;
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->type_row), _("Beside a type stands how many of the first values do not fit it; they would be missing."));
  self->settings = patron_import_settings_new (self->layout_group, self->more_group);
  g_signal_connect_object (self->settings, "chosen", G_CALLBACK (patron_import_page_set_option), self, G_CONNECT_SWAPPED);
}

GtkWidget *
patron_import_page_new (const char *path)
{
  PatronImportPage *self = g_object_new (PATRON_TYPE_IMPORT_PAGE, NULL);
  g_autofree char *name = patron_place_title (path);
  self->path = g_strdup (path);
  gtk_label_set_label (self->title, name);
  read_again (self);
  return GTK_WIDGET (self);
}
