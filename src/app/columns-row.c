/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/columns-row.h"

#include <glib/gi18n-lib.h>

#include "app/column-checks.h"
#include "app/text-label.h"

struct _PatronColumnsRow
{
  AdwExpanderRow parent;

  const PatronRoleSpec *spec;      /* static */
  GListModel           *choices;   /* owned, of PatronColumnChoice */
  gboolean              guessed;
  gboolean              refreshing;

  /* Borrowed children. */
  GtkWidget *tag;
  GtkWidget *count;
  GtkWidget *checks;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronColumnsRow, patron_columns_row, ADW_TYPE_EXPANDER_ROW)

static gboolean
is_used (PatronColumnChoice *choice)
{
  return patron_column_choice_get_chosen (choice) && patron_column_choice_get_taken (choice) == NULL;
}

static void
update_count (PatronColumnsRow *self)
{
  guint n = g_list_model_get_n_items (self->choices), used = 0, free = 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (self->choices, i);
      free += patron_column_choice_get_taken (choice) == NULL;
      used += is_used (choice);
    }
  /* Translators: how many columns of how many are chosen, "12 of 20". */
  g_autofree char *text = g_strdup_printf (_("%u of %u"), used, free);
  gtk_label_set_label (GTK_LABEL (self->count), text);
  gtk_widget_set_visible (self->tag, self->guessed && used > 0);
}

static void
emit_changed (PatronColumnsRow *self)
{
  self->guessed = FALSE;
  update_count (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_chosen (PatronColumnsRow *self)
{
  if (!self->refreshing)
    emit_changed (self);
}

/* ---- building ---------------------------------------------------------------------------------------------- */

static void
build (PatronColumnsRow *self, PatronTable *table)
{
  const char *help = self->spec->help != NULL ? self->spec->help : patron_role_help (self->spec->role);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _(patron_role_label (self->spec->role)));
  if (help != NULL)
    adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), _(help));
  self->choices = G_LIST_MODEL (patron_column_choices (table, self->spec->accepts));

  self->count = patron_label_new_short (NULL, "dim-label numeric");
  self->tag = patron_tag_new (_("guessed"));
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), self->tag);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), self->count);

  self->checks = patron_column_checks_new (self->choices, _(patron_role_label (self->spec->role)));
  gtk_widget_add_css_class (self->checks, "row-content");
  g_signal_connect_object (self->checks, "changed", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), self->checks);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  update_count (self);
}

/* ---- public ------------------------------------------------------------------------------------------------ */

const PatronRoleSpec *
patron_columns_row_get_spec (PatronColumnsRow *self)
{
  g_return_val_if_fail (PATRON_IS_COLUMNS_ROW (self), NULL);
  return self->spec;
}

void
patron_columns_row_add_to (PatronColumnsRow *self, PatronRoles *roles)
{
  g_return_if_fail (PATRON_IS_COLUMNS_ROW (self));
  for (guint i = 0; i < g_list_model_get_n_items (self->choices); i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (self->choices, i);
      const char *name = patron_column_choice_get_name (choice);
      if (is_used (choice) && patron_roles_of (roles, name) == PATRON_N_ROLES)
        patron_roles_add (roles, self->spec->role, name);
    }
}

void
patron_columns_row_set_columns (PatronColumnsRow *self, const char *const *columns, gboolean guessed)
{
  g_return_if_fail (PATRON_IS_COLUMNS_ROW (self));
  self->refreshing = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (self->choices); i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (self->choices, i);
      patron_column_choice_set_chosen (choice, g_strv_contains (columns, patron_column_choice_get_name (choice)));
    }
  self->refreshing = FALSE;
  self->guessed = guessed;
  update_count (self);
}

void
patron_columns_row_set_others (PatronColumnsRow *self, const PatronRoles *roles)
{
  g_return_if_fail (PATRON_IS_COLUMNS_ROW (self));
  self->refreshing = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (self->choices); i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (self->choices, i);
      PatronRole role = patron_roles_of (roles, patron_column_choice_get_name (choice));
      gboolean other = role != PATRON_N_ROLES && role != self->spec->role;
      patron_column_choice_set_taken (choice, other ? _(patron_role_label (role)) : NULL);
    }
  self->refreshing = FALSE;
  update_count (self);
}

void
patron_columns_row_choose_all (PatronColumnsRow *self, gboolean chosen)
{
  g_return_if_fail (PATRON_IS_COLUMNS_ROW (self));
  patron_column_checks_choose (PATRON_COLUMN_CHECKS (self->checks), PATRON_ACCEPT_ANY, chosen);
}

GtkWidget *
patron_columns_row_new (const PatronRoleSpec *spec, PatronTable *table)
{
  PatronColumnsRow *self = g_object_new (PATRON_TYPE_COLUMNS_ROW, NULL);
  self->spec = spec;
  build (self, table);
  return GTK_WIDGET (self);
}

static void
patron_columns_row_dispose (GObject *object)
{
  g_clear_object (&PATRON_COLUMNS_ROW (object)->choices);
  G_OBJECT_CLASS (patron_columns_row_parent_class)->dispose (object);
}

static void
patron_columns_row_class_init (PatronColumnsRowClass *class)
{
  G_OBJECT_CLASS (class)->dispose = patron_columns_row_dispose;
  signals[CHANGED] = g_signal_new ("changed", PATRON_TYPE_COLUMNS_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_columns_row_init (PatronColumnsRow *self)
{
}
