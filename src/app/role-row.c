/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/role-row.h"

#include <glib/gi18n-lib.h>

#include "app/column-drop-down.h"
#include "app/text-label.h"

struct _PatronRoleRow
{
  AdwActionRow parent;

  const PatronRoleSpec *spec;      /* static */
  gboolean              guessed;
  gboolean              refreshing;

  /* Borrowed children. */
  GtkWidget *columns;
  GtkWidget *tag;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronRoleRow, patron_role_row, ADW_TYPE_ACTION_ROW)

static const char *
none_label (const PatronRoleSpec *spec)
{
  /* Every operation that needs an amount takes quantity times price instead. */
  if (spec->role == PATRON_ROLE_AMOUNT)
    return _("Quantity × price");
  return spec->flags & PATRON_ROLE_REQUIRED ? _("Choose a column…") : _("None");
}

static void
update_tag (PatronRoleRow *self)
{
  gtk_widget_set_visible (self->tag, self->guessed && patron_role_row_get_column (self) != NULL);
}

static void
on_selected (PatronRoleRow *self)
{
  if (self->refreshing)
    return;
  self->guessed = FALSE;
  update_tag (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
build (PatronRoleRow *self, PatronTable *table)
{
  const char *label = _(patron_role_label (self->spec->role));
  const char *help = self->spec->help != NULL ? self->spec->help : patron_role_help (self->spec->role);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), label);
  if (help != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _(help));

  self->tag = patron_tag_new (_("guessed"));
  gtk_widget_set_tooltip_text (self->tag, _("Chosen from the column’s name, type and values. Choose another if it is wrong."));
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->tag);
  self->columns = patron_column_drop_down_new (table, self->spec->accepts, none_label (self->spec));
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->columns);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->columns);
  update_tag (self);
  g_signal_connect_object (self->columns, "notify::selected", G_CALLBACK (on_selected), self, G_CONNECT_SWAPPED);
}

const PatronRoleSpec *
patron_role_row_get_spec (PatronRoleRow *self)
{
  g_return_val_if_fail (PATRON_IS_ROLE_ROW (self), NULL);
  return self->spec;
}

const char *
patron_role_row_get_column (PatronRoleRow *self)
{
  g_return_val_if_fail (PATRON_IS_ROLE_ROW (self), NULL);
  return patron_column_drop_down_get (GTK_DROP_DOWN (self->columns));
}

gboolean
patron_role_row_get_guessed (PatronRoleRow *self)
{
  g_return_val_if_fail (PATRON_IS_ROLE_ROW (self), FALSE);
  return self->guessed;
}

void
patron_role_row_set_column (PatronRoleRow *self, const char *column, gboolean guessed)
{
  g_return_if_fail (PATRON_IS_ROLE_ROW (self));
  self->refreshing = TRUE;
  patron_column_drop_down_set (GTK_DROP_DOWN (self->columns), column);
  self->refreshing = FALSE;
  self->guessed = guessed;
  update_tag (self);
}

GtkWidget *
patron_role_row_new (const PatronRoleSpec *spec, PatronTable *table)
{
  PatronRoleRow *self = g_object_new (PATRON_TYPE_ROLE_ROW, NULL);
  self->spec = spec;
  build (self, table);
  return GTK_WIDGET (self);
}

static void
patron_role_row_class_init (PatronRoleRowClass *class)
{
  signals[CHANGED] = g_signal_new ("changed", PATRON_TYPE_ROLE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_role_row_init (PatronRoleRow *self)
{
}
