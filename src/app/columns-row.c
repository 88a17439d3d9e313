/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/columns-row.h"

#include <glib/gi18n-lib.h>

#include "app/column-choice.h"
#include "app/text-label.h"

/* Of a row of the list, in pixels, and how many are shown before it scrolls. */
#define ROW_HEIGHT 36
#define N_SHOWN 7

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
  GtkFilter *filter;
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

/* ---- the list ---------------------------------------------------------------------------------------------- */

static void
update_item (GtkListItem *item)
{
  PatronColumnChoice *choice = gtk_list_item_get_item (item);
  GtkWidget *check = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *note = gtk_widget_get_last_child (gtk_list_item_get_child (item));
  const char *taken = patron_column_choice_get_taken (choice);
  gtk_widget_set_sensitive (check, taken == NULL);
  gtk_label_set_label (GTK_LABEL (note), taken != NULL ? taken : _(patron_type_label (patron_column_choice_get_value_type (choice))));
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *name = patron_label_new_short (NULL, NULL);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), gtk_image_new ());
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), patron_label_new_short (NULL, "dim-label caption"));
  gtk_list_item_set_child (item, box);
  gtk_list_item_set_activatable (item, TRUE);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  PatronColumnChoice *choice = gtk_list_item_get_item (item);
  GtkWidget *check = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *icon = gtk_widget_get_next_sibling (check);
  GtkWidget *name = gtk_widget_get_next_sibling (icon);
  GBinding *binding = g_object_bind_property (choice, "chosen", check, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_object_set_data (G_OBJECT (item), "binding", binding);
  patron_widget_set_name (check, patron_column_choice_get_name (choice));
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), patron_type_icon (patron_column_choice_get_value_type (choice)));
  gtk_label_set_label (GTK_LABEL (name), patron_column_choice_get_name (choice));
  g_signal_connect_object (choice, "notify::taken", G_CALLBACK (update_item), item, G_CONNECT_SWAPPED);
  update_item (item);
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GBinding *binding = g_object_steal_data (G_OBJECT (item), "binding");
  if (binding != NULL)
    g_binding_unbind (binding);
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), update_item, item);
}

static void
on_activate (GtkListView *list, guint position)
{
  g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (list)), position);
  if (patron_column_choice_get_taken (choice) == NULL)
    patron_column_choice_set_chosen (choice, !patron_column_choice_get_chosen (choice));
}

static void
on_search_changed (PatronColumnsRow *self, GtkSearchEntry *entry)
{
  gtk_string_filter_set_search (GTK_STRING_FILTER (self->filter), gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
on_all (PatronColumnsRow *self)
{
  patron_columns_row_choose_all (self, TRUE);
}

static void
on_none (PatronColumnsRow *self)
{
  patron_columns_row_choose_all (self, FALSE);
}

static GtkWidget *
build_tools (PatronColumnsRow *self)
{
  GtkWidget *tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *search = gtk_search_entry_new ();
  gtk_widget_set_hexpand (search, TRUE);
  g_object_set (search, "placeholder-text", _("Search columns"), NULL);
  patron_widget_set_name (search, _("Search columns"));
  g_signal_connect_object (search, "search-changed", G_CALLBACK (on_search_changed), self, G_CONNECT_SWAPPED);
  GtkWidget *all = gtk_button_new_with_mnemonic (_("_All"));
  GtkWidget *none = gtk_button_new_with_mnemonic (_("_None"));
  gtk_widget_set_tooltip_text (all, _("Tick every column that the search shows"));
  gtk_widget_set_tooltip_text (none, _("Untick every column that the search shows"));
  g_signal_connect_object (all, "clicked", G_CALLBACK (on_all), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (none, "clicked", G_CALLBACK (on_none), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (tools), search);
  gtk_box_append (GTK_BOX (tools), all);
  gtk_box_append (GTK_BOX (tools), none);
  return tools;
}

static GtkWidget *
build_list (PatronColumnsRow *self)
{
  GtkExpression *name = gtk_property_expression_new (PATRON_TYPE_COLUMN_CHOICE, NULL, "name");
  self->filter = GTK_FILTER (gtk_string_filter_new (name));
  GtkFilterListModel *shown = gtk_filter_list_model_new (g_object_ref (self->choices), self->filter);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), NULL);
  GtkWidget *list = gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (shown))), factory);
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (list), TRUE);
  gtk_widget_add_css_class (list, "columns");
  patron_widget_set_name (list, _(patron_role_label (self->spec->role)));
  g_signal_connect (list, "activate", G_CALLBACK (on_activate), NULL);

  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  /* A list asks for next to no height by itself. */
  guint n_shown = CLAMP (g_list_model_get_n_items (self->choices), 1, N_SHOWN);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), ROW_HEIGHT * n_shown);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), list);
  return scrolled;
}

static void
build (PatronColumnsRow *self, PatronTable *table)
{
  const char *help = self->spec->help != NULL ? self->spec->help : patron_role_help (self->spec->role);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _(patron_role_label (self->spec->role)));
  if (help != NULL)
    adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), _(help));
  self->choices = G_LIST_MODEL (patron_column_choices (table, self->spec->accepts));
  for (guint i = 0; i < g_list_model_get_n_items (self->choices); i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (self->choices, i);
      g_signal_connect_object (choice, "notify::chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
    }

  self->count = patron_label_new_short (NULL, "dim-label numeric");
  self->tag = patron_tag_new (_("guessed"));
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), self->tag);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), self->count);

  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (box, "row-content");
  gtk_box_append (GTK_BOX (box), build_tools (self));
  gtk_box_append (GTK_BOX (box), build_list (self));
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
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
  self->refreshing = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (self->choices); i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (self->choices, i);
      if (patron_column_choice_get_taken (choice) == NULL && gtk_filter_match (self->filter, choice))
        patron_column_choice_set_chosen (choice, chosen);
    }
  self->refreshing = FALSE;
  emit_changed (self);
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
