/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/table-page-private.h"

#include <glib/gi18n-lib.h>

#include "ops/registry.h"

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

void
patron_table_page_show_column (PatronTablePage *self)
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
    patron_table_page_show_column (self);
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
  patron_table_page_show_column (self);
  profile_next (self);
}

/* ---- roles ------------------------------------------------------------------------------------------------- */

/* Every role that some operation would see in the table by itself; what the user has said goes first. */
void
patron_table_page_guess_roles (PatronTablePage *self)
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

/* ---- life -------------------------------------------------------------------------------------------------- */

void
patron_table_page_columns_init (PatronTablePage *self)
{
  guint n = MAX (1, patron_table_n_columns (self->table));
  self->profiles = g_new0 (PatronColumnProfile *, n);
  self->profile_failed = g_new0 (guint8, n);
  self->first_shown = self->n_shown = 0;
  g_signal_connect_swapped (self->grid, "columns-shown", G_CALLBACK (on_columns_shown), self);
  g_signal_connect_swapped (self->grid, "cursor-moved", G_CALLBACK (on_cursor_moved), self);
}

/* The grid borrows the profiles: it goes first. */
void
patron_table_page_columns_clear (PatronTablePage *self)
{
  patron_job_forget (&self->profile_job, self);
  for (guint i = 0; self->profiles != NULL && i < patron_table_n_columns (self->table); i++)
    patron_column_profile_free (self->profiles[i]);
  g_clear_pointer (&self->profiles, g_free);
  g_clear_pointer (&self->profile_failed, g_free);
}

void
patron_table_page_columns_class_init (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_callback (class, on_role_chosen);
}
