/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/table-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/column-panel.h"
#include "app/page.h"
#include "app/questions.h"
#include "app/row-order.h"
#include "base/memory.h"
#include "ops/registry.h"

struct _PatronTablePage
{
  GtkWidget           parent_instance;

  /* template children, borrowed */
  GtkWidget          *box;
  GtkLabel           *title, *subtitle;
  GtkSpinner         *spinner;
  GtkToggleButton    *filter_button;
  GtkMenuButton      *ask_button, *source_button;
  GtkRevealer        *filter_revealer;
  GtkEntry           *filter_entry;
  GtkWidget          *filter_clear;
  GtkLabel           *filter_message;
  AdwFlap            *flap;
  GtkScrolledWindow  *scrolled;
  PatronColumnPanel  *panel;
  PatronGrid         *grid;
  GtkWidget          *menu;             /* popover of a header, or NULL */

  PatronDocument     *document;         /* owned */
  PatronTable        *table;            /* owned */
  PatronRoles        *roles;            /* owned: said by the user or guessed */
  guint32             guessed;
  PatronColumnProfile **profiles;       /* of each column, owned, NULL: not made yet */
  guint8             *profile_failed;
  guint               first_shown, n_shown;
  PatronJob          *profile_job;      /* owned: at most one column at a time */
  PatronJob          *order_job;        /* owned */
  PatronRowOrder      order;            /* what is asked for; filter owned */
};

static void patron_table_page_page_init (PatronPageInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (PatronTablePage, patron_table_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PATRON_TYPE_PAGE, patron_table_page_page_init))

static guint analyse;

/* ---- profiles: one column after the other, those in view first --------------------------------------------- */

typedef struct
{
  PatronColumn        *column;
  guint                index;
  PatronColumnProfile *profile;   /* out */
} ProfileWork;

static void
profile_work_free (gpointer data)
{
  ProfileWork *work = data;
  patron_column_unref (work->column);
  patron_column_profile_free (work->profile);
  g_free (work);
}

static gboolean
make_profile (PatronRun *run, gpointer data, GError **error)
{
  ProfileWork *work = data;
  work->profile = patron_column_profile_new (work->column, run, error);
  return work->profile != NULL;
}

static void
show_column (PatronTablePage *self)
{
  guint index = patron_grid_get_column (self->grid);
  if (index >= patron_table_n_columns (self->table))
    return;
  PatronColumn *column = patron_table_column (self->table, index);
  PatronRole role = patron_roles_of (self->roles, patron_column_get_name (column));
  gboolean guessed = role < PATRON_N_ROLES && (self->guessed & (1u << role)) != 0;
  patron_column_panel_show (self->panel, column, self->profiles[index], role, guessed);
}

static gboolean
wants_profile (PatronTablePage *self, guint column)
{
  return column < patron_table_n_columns (self->table) && self->profiles[column] == NULL && !self->profile_failed[column];
}

/* The column under the cursor, then those in view, from the left. */
static int
next_to_profile (PatronTablePage *self)
{
  guint cursor = patron_grid_get_column (self->grid);
  if (wants_profile (self, cursor))
    return (int) cursor;
  for (guint i = 0; i < self->n_shown; i++)
    if (wants_profile (self, self->first_shown + i))
      return (int) (self->first_shown + i);
  return -1;
}

static void profile_next (PatronTablePage *self);

static void
on_profiled (PatronJob *job, PatronTablePage *self)
{
  ProfileWork *work = patron_job_get_data (job);
  self->profiles[work->index] = g_steal_pointer (&work->profile);
  self->profile_failed[work->index] = self->profiles[work->index] == NULL;
  patron_grid_set_profile (self->grid, work->index, self->profiles[work->index]);
  if (work->index == patron_grid_get_column (self->grid))
    show_column (self);
  g_clear_object (&self->profile_job);
  profile_next (self);
}

static void
profile_next (PatronTablePage *self)
{
  int column = self->profile_job == NULL ? next_to_profile (self) : -1;
  if (column < 0)
    return;
  ProfileWork *work = g_new0 (ProfileWork, 1);
  work->column = patron_column_ref (patron_table_column (self->table, (guint) column));
  work->index = (guint) column;
  self->profile_job = patron_job_start (_("Look at a column"), PATRON_JOB_QUICK, 0, make_profile, work, profile_work_free);
  g_signal_connect (self->profile_job, "finished", G_CALLBACK (on_profiled), self);
}

static void
on_columns_shown (PatronTablePage *self, guint first, guint n)
{
  self->first_shown = first;
  self->n_shown = n;
  profile_next (self);
}

static void
on_cursor_moved (PatronTablePage *self)
{
  show_column (self);
  profile_next (self);
}

/* ---- filter and sort --------------------------------------------------------------------------------------- */

typedef struct
{
  PatronTable   *table;
  PatronRowOrder order;
  guint32       *rows;    /* out */
  gsize          n;
} OrderWork;

static void
order_work_free (gpointer data)
{
  OrderWork *work = data;
  patron_table_unref (work->table);
  g_free (work->order.filter);
  patron_free (work->rows);
  g_free (work);
}

static gboolean
make_order (PatronRun *run, gpointer data, GError **error)
{
  OrderWork *work = data;
  GError *problem = NULL;
  work->rows = patron_row_order_compute (work->table, &work->order, &work->n, run, &problem);
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

static void
update_subtitle (PatronTablePage *self)
{
  gsize all = patron_table_n_rows (self->table), shown = patron_grid_n_rows (self->grid);
  g_autofree char *rows = patron_format_number (PATRON_FORMAT_COUNT, (double) all);
  g_autofree char *columns = patron_format_number (PATRON_FORMAT_COUNT, patron_table_n_columns (self->table));
  g_autofree char *kept = patron_format_number (PATRON_FORMAT_COUNT, (double) shown);
  g_autofree char *text = NULL;
  if (self->order.filter != NULL || shown != all)
    {
      g_autofree char *share = patron_format_number (PATRON_FORMAT_PERCENT, all > 0 ? (double) shown / (double) all : 0);
      text = g_strdup_printf (_("%s of %s rows (%s), %s columns"), kept, rows, share, columns);
    }
  else
    text = g_strdup_printf (_("%s rows, %s columns"), rows, columns);
  gtk_label_set_label (self->subtitle, text);
}

static void
show_filter_message (PatronTablePage *self, const char *message)
{
  gtk_label_set_label (self->filter_message, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->filter_message), message != NULL);
  if (message != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->filter_entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->filter_entry), "error");
}

static void
on_ordered (PatronJob *job, PatronTablePage *self)
{
  OrderWork *work = patron_job_get_data (job);
  gtk_spinner_stop (self->spinner);
  if (patron_job_get_state (job) == PATRON_JOB_DONE)
    {
      patron_grid_set_order (self->grid, g_steal_pointer (&work->rows), work->n);
      patron_grid_set_sorted (self->grid, work->order.column, work->order.descending);
      show_filter_message (self, NULL);
    }
  else
    {
      /* What is shown stays as it was; a sort without the filter may still be asked for. */
      show_filter_message (self, patron_job_get_error (job)->message);
      g_clear_pointer (&self->order.filter, g_free);
    }
  gtk_widget_set_sensitive (self->filter_clear, self->order.filter != NULL || patron_grid_n_rows (self->grid) != patron_table_n_rows (self->table));
  g_clear_object (&self->order_job);
  update_subtitle (self);
}

static void
forget_job (PatronJob **job, gpointer self)
{
  if (*job == NULL)
    return;
  g_signal_handlers_disconnect_by_data (*job, self);
  patron_job_cancel (*job);
  g_clear_object (job);
}

static void
update_order (PatronTablePage *self)
{
  forget_job (&self->order_job, self);
  OrderWork *work = g_new0 (OrderWork, 1);
  work->table = patron_table_ref (self->table);
  work->order = self->order;
  work->order.filter = g_strdup (self->order.filter);
  gtk_spinner_start (self->spinner);
  self->order_job = patron_job_start (_("Filter and sort"), PATRON_JOB_QUICK, 0, make_order, work, order_work_free);
  g_signal_connect (self->order_job, "finished", G_CALLBACK (on_ordered), self);
}

void
patron_table_page_filter (PatronTablePage *self, const char *expression)
{
  g_return_if_fail (PATRON_IS_TABLE_PAGE (self));
  g_autofree char *text = g_strstrip (g_strdup (expression != NULL ? expression : ""));
  g_free (self->order.filter);
  self->order.filter = *text != '\0' ? g_steal_pointer (&text) : NULL;
  update_order (self);
}

void
patron_table_page_sort (PatronTablePage *self, int column, gboolean descending)
{
  g_return_if_fail (PATRON_IS_TABLE_PAGE (self));
  self->order.column = column;
  self->order.descending = descending;
  update_order (self);
}

static void
on_filter_activated (PatronTablePage *self)
{
  patron_table_page_filter (self, gtk_editable_get_text (GTK_EDITABLE (self->filter_entry)));
}

static void
on_filter_edited (PatronTablePage *self)
{
  show_filter_message (self, NULL);
}

static void
on_filter_cleared (PatronTablePage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
  patron_table_page_filter (self, NULL);
}

static void
on_sort_asked (PatronTablePage *self, guint column, gboolean descending)
{
  patron_table_page_sort (self, (int) column, descending);
}

static void
sort_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (widget);
  const char *how = g_variant_get_string (parameter, NULL);
  gboolean none = g_str_equal (how, "none");
  patron_table_page_sort (self, none ? -1 : (int) patron_grid_get_column (self->grid), g_str_equal (how, "descending"));
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  patron_grid_copy (PATRON_TABLE_PAGE (widget)->grid);
}

static void
on_header_menu (PatronTablePage *self, guint column, double x, double y)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_menu_append (menu, _("Sort _Ascending"), "table.sort::ascending");
  g_menu_append (menu, _("Sort _Descending"), "table.sort::descending");
  g_menu_append (menu, _("_Original Order"), "table.sort::none");
  g_menu_append (menu, _("_Copy"), "table.copy");
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  self->menu = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_translate_coordinates (GTK_WIDGET (self->grid), GTK_WIDGET (self), x, y, &x, &y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* ---- roles ------------------------------------------------------------------------------------------------- */

/* Every role that some operation would see in the table by itself; what the user has said goes first. */
static void
guess_roles (PatronTablePage *self)
{
  const char *name = patron_table_get_name (self->table);
  g_clear_pointer (&self->roles, patron_roles_free);
  self->roles = patron_document_dup_roles (self->document, name);
  self->guessed = 0;
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    {
      guint32 guessed = 0;
      if ((*op)->roles == NULL || (*op)->question == NULL)
        continue;
      g_autoptr (PatronRoles) complete = patron_roles_complete (*op, self->table, self->roles, &guessed);
      for (int role = 0; role < PATRON_N_ROLES; role++)
        {
          const char *column = patron_roles_first (complete, role);
          if ((guessed & (1u << role)) == 0 || role == PATRON_ROLE_FEATURE || role == PATRON_ROLE_GROUP || role == PATRON_ROLE_TARGET
              || column == NULL || patron_roles_of (self->roles, column) != PATRON_N_ROLES)
            continue;
          patron_roles_add (self->roles, role, column);
          self->guessed |= 1u << role;
        }
    }
  for (guint i = 0; i < patron_table_n_columns (self->table); i++)
    {
      PatronRole role = patron_roles_of (self->roles, patron_column_get_name (patron_table_column (self->table, i)));
      patron_grid_set_role (self->grid, i, role < PATRON_N_ROLES ? _(patron_role_label (role)) : NULL);
    }
}

static void
on_role_chosen (PatronTablePage *self, int role)
{
  guint column = patron_grid_get_column (self->grid);
  const char *name = patron_column_get_name (patron_table_column (self->table, column));
  patron_document_set_role (self->document, patron_table_get_name (self->table), name, role);
}

static void
on_document_changed (PatronTablePage *self)
{
  if (patron_document_find_table (self->document, patron_table_get_name (self->table)) == NULL)
    return;
  guess_roles (self);
  show_column (self);
}

/* ---- how it was read --------------------------------------------------------------------------------------- */

static void
add_note (GtkBox *box, const char *text)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 60);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_box_append (box, label);
}

/* What the reader noted about the file, from the table's provenance; no button where there is nothing to tell. */
static void
show_provenance (PatronTablePage *self)
{
  PatronItem *item = patron_document_find_table (self->document, patron_table_get_name (self->table));
  const char *text = item != NULL ? patron_item_get_source (item) : NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  if (text == NULL || !g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, NULL))
    return;
  g_autofree char *path = g_key_file_get_string (file, "source", "file", NULL);
  g_auto (GStrv) keys = g_key_file_get_keys (file, "notes", NULL, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  gtk_widget_add_css_class (box, "panel");
  if (path != NULL)
    add_note (GTK_BOX (box), path);
  for (char **key = keys; key != NULL && *key != NULL; key++)
    {
      g_autofree char *note = g_key_file_get_string (file, "notes", *key, NULL);
      add_note (GTK_BOX (box), note);
    }
  GtkWidget *popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (self->source_button, popover);
  gtk_widget_set_visible (GTK_WIDGET (self->source_button), path != NULL);
}

/* ---- questions --------------------------------------------------------------------------------------------- */

static void
ask_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (widget);
  const PatronOp *op = patron_ops_find (g_variant_get_string (parameter, NULL));
  if (op != NULL)
    g_signal_emit (self, analyse, 0, op, patron_table_get_name (self->table));
}

static GMenuModel *
make_ask_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GPtrArray) questions = patron_questions_new ();
  for (guint i = 0; i < questions->len; i++)
    {
      const PatronQuestion *question = questions->pdata[i];
      const PatronOp *op = question->ops->pdata[0];
      g_autoptr (GMenuItem) item = g_menu_item_new (_(question->question), NULL);
      g_menu_item_set_action_and_target (item, "table.ask", "s", op->id);
      g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}

/* ---- page -------------------------------------------------------------------------------------------------- */

static gboolean
page_can (PatronPage *page, PatronCommand command)
{
  return command == PATRON_COMMAND_FIND;
}

static void
page_perform (PatronPage *page, PatronCommand command)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (page);
  gtk_revealer_set_reveal_child (self->filter_revealer, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->filter_entry));
}

static void
patron_table_page_page_init (PatronPageInterface *iface)
{
  iface->can = page_can;
  iface->perform = page_perform;
}

static void
patron_table_page_dispose (GObject *object)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (object);
  forget_job (&self->profile_job, self);
  forget_job (&self->order_job, self);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (patron_table_page_parent_class)->dispose (object);
}

static void
patron_table_page_finalize (GObject *object)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (object);
  for (guint i = 0; self->table != NULL && i < patron_table_n_columns (self->table); i++)
    patron_column_profile_free (self->profiles[i]);
  g_free (self->profiles);
  g_free (self->profile_failed);
  g_free (self->order.filter);
  g_clear_pointer (&self->roles, patron_roles_free);
  g_clear_pointer (&self->table, patron_table_unref);
  G_OBJECT_CLASS (patron_table_page_parent_class)->finalize (object);
}

static gboolean
patron_table_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (PATRON_TABLE_PAGE (widget)->grid));
}

static void
patron_table_page_class_init (PatronTablePageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->dispose = patron_table_page_dispose;
  object_class->finalize = patron_table_page_finalize;
  widget_class->grab_focus = patron_table_page_grab_focus;
  analyse = g_signal_new ("analyse", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                          G_TYPE_POINTER, G_TYPE_STRING);
  g_type_ensure (PATRON_TYPE_COLUMN_PANEL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/patron/Patron/table-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, box);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, title);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, spinner);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, ask_button);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, source_button);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, filter_revealer);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, filter_clear);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, filter_message);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, flap);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, PatronTablePage, panel);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_edited);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_cleared);
  gtk_widget_class_bind_template_callback (widget_class, on_role_chosen);
  gtk_widget_class_install_action (widget_class, "table.sort", "s", sort_action);
  gtk_widget_class_install_action (widget_class, "table.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "table.ask", "s", ask_action);
}

static void
patron_table_page_init (PatronTablePage *self)
{
  self->order.column = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_autoptr (GMenuModel) menu = make_ask_menu ();
  gtk_menu_button_set_menu_model (self->ask_button, menu);
}

GtkWidget *
patron_table_page_new (PatronDocument *document, PatronTable *table)
{
  PatronTablePage *self = g_object_new (PATRON_TYPE_TABLE_PAGE, NULL);
  self->document = g_object_ref (document);
  self->table = patron_table_ref (table);
  self->profiles = g_new0 (PatronColumnProfile *, MAX (1, patron_table_n_columns (table)));
  self->profile_failed = g_new0 (guint8, MAX (1, patron_table_n_columns (table)));
  self->grid = PATRON_GRID (patron_grid_new (table));
  patron_grid_set_has_profiles (self->grid, TRUE);
  gtk_scrolled_window_set_child (self->scrolled, GTK_WIDGET (self->grid));
  g_signal_connect_swapped (self->grid, "columns-shown", G_CALLBACK (on_columns_shown), self);
  g_signal_connect_swapped (self->grid, "cursor-moved", G_CALLBACK (on_cursor_moved), self);
  g_signal_connect_swapped (self->grid, "sort-asked", G_CALLBACK (on_sort_asked), self);
  g_signal_connect_swapped (self->grid, "header-menu", G_CALLBACK (on_header_menu), self);
  g_signal_connect_object (document, "changed", G_CALLBACK (on_document_changed), self, G_CONNECT_SWAPPED);
  gtk_label_set_label (self->title, patron_table_get_name (table));
  update_subtitle (self);
  show_provenance (self);
  guess_roles (self);
  show_column (self);
  return GTK_WIDGET (self);
}

PatronTable *
patron_table_page_get_table (PatronTablePage *self)
{
  return self->table;
}

PatronGrid *
patron_table_page_get_grid (PatronTablePage *self)
{
  return self->grid;
}
