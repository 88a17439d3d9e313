/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/role-row.h"

#include <glib/gi18n-lib.h>

#include "app/column-choice.h"
#include "app/text-label.h"

/* From this many columns on, the list can be searched. */
#define SEARCH_FROM 12

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

/* Names up to this many characters are shown whole. */
#define NAME_WIDTH 18

static const char *
choice_label (PatronRoleRow *self, PatronColumnChoice *choice)
{
  const char *name = patron_column_choice_get_name (choice);
  if (name != NULL)
    return name;
  /* Every operation that needs an amount takes quantity times price instead. */
  if (self->spec->role == PATRON_ROLE_AMOUNT)
    return _("Quantity × price");
  return self->spec->flags & PATRON_ROLE_REQUIRED ? _("Choose a column…") : _("None");
}

static char *
search_text (PatronColumnChoice *choice)
{
  return g_strdup (patron_column_choice_get_name (choice) != NULL ? patron_column_choice_get_name (choice) : "");
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = patron_label_new_short (NULL, NULL);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 28);
  gtk_box_append (GTK_BOX (box), gtk_image_new ());
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_item_set_child (item, box);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item, PatronRoleRow *self)
{
  PatronColumnChoice *choice = gtk_list_item_get_item (item);
  GtkWidget *icon = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *label = gtk_widget_get_next_sibling (icon);
  const char *text = choice_label (self, choice);
  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_label_set_width_chars (GTK_LABEL (label), MIN (g_utf8_strlen (text, -1), NAME_WIDTH));
  gboolean column = patron_column_choice_get_name (choice) != NULL;
  gtk_widget_set_visible (icon, column);
  if (column)
    {
      PatronType type = patron_column_choice_get_value_type (choice);
      gtk_image_set_from_icon_name (GTK_IMAGE (icon), patron_type_icon (type));
      gtk_widget_set_tooltip_text (icon, _(patron_type_label (type)));
      gtk_widget_remove_css_class (label, "dim-label");
    }
  else
    gtk_widget_add_css_class (label, "dim-label");
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

static GtkWidget *
build_columns (PatronRoleRow *self, PatronTable *table)
{
  GListStore *choices = patron_column_choices (table, self->spec->accepts);
  g_autoptr (PatronColumnChoice) none = patron_column_choice_new (NULL, PATRON_TYPE_TEXT);
  g_list_store_insert (choices, 0, none);
  GtkExpression *text = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (search_text), NULL, NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (choices));
  GtkWidget *columns = gtk_drop_down_new (G_LIST_MODEL (choices), text);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (columns), n > SEARCH_FROM);

  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, 0);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (columns), factory);
  gtk_widget_set_valign (columns, GTK_ALIGN_CENTER);
  return columns;
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
  self->columns = build_columns (self, table);
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
  PatronColumnChoice *choice = gtk_drop_down_get_selected_item (GTK_DROP_DOWN (self->columns));
  return choice != NULL ? patron_column_choice_get_name (choice) : NULL;
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
  GListModel *choices = gtk_drop_down_get_model (GTK_DROP_DOWN (self->columns));
  guint found = 0;
  for (guint i = 1; column != NULL && i < g_list_model_get_n_items (choices); i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (choices, i);
      if (g_str_equal (patron_column_choice_get_name (choice), column))
        found = i;
    }
  self->refreshing = TRUE;
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->columns), found);
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
