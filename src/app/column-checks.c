/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/column-checks.h"

#include <glib/gi18n-lib.h>

#include "app/text-label.h"

/* Of a row of the list, in pixels, and how many are shown before it scrolls. */
#define ROW_HEIGHT 36
#define N_SHOWN 7

struct _PatronColumnChecks
{
  GtkWidget   parent;
  GListModel *choices;    /* owned */
  gboolean    batch;      /* several are being ticked at once */
  GtkFilter  *filter;     /* borrowed */
};

G_DEFINE_FINAL_TYPE (PatronColumnChecks, patron_column_checks, GTK_TYPE_WIDGET)

static guint changed;

static void
on_chosen (PatronColumnChecks *self)
{
  if (!self->batch)
    g_signal_emit (self, changed, 0);
}

void
patron_column_checks_choose (PatronColumnChecks *self, guint accepts, gboolean chosen)
{
  g_return_if_fail (PATRON_IS_COLUMN_CHECKS (self));
  self->batch = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (self->choices); i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (self->choices, i);
      guint accept = patron_type_accept (patron_column_choice_get_value_type (choice));
      if (patron_column_choice_get_taken (choice) == NULL && (accept & accepts) != 0 && gtk_filter_match (self->filter, choice))
        patron_column_choice_set_chosen (choice, chosen);
    }
  self->batch = FALSE;
  g_signal_emit (self, changed, 0);
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

static GtkWidget *
build_list (PatronColumnChecks *self, const char *name)
{
  GtkExpression *text = gtk_property_expression_new (PATRON_TYPE_COLUMN_CHOICE, NULL, "name");
  self->filter = GTK_FILTER (gtk_string_filter_new (text));
  GtkFilterListModel *shown = gtk_filter_list_model_new (g_object_ref (self->choices), self->filter);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), NULL);
  GtkWidget *list = gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (shown))), factory);
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (list), TRUE);
  gtk_widget_add_css_class (list, "columns");
  patron_widget_set_name (list, name);
  g_signal_connect (list, "activate", G_CALLBACK (on_activate), NULL);

  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  /* A list asks for next to no height by itself. */
  guint n_shown = CLAMP (g_list_model_get_n_items (self->choices), 1, N_SHOWN);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), (int) (ROW_HEIGHT * n_shown));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), list);
  return scrolled;
}

/* ---- search, all, none ------------------------------------------------------------------------------------- */

static void
on_search_changed (PatronColumnChecks *self, GtkSearchEntry *entry)
{
  gtk_string_filter_set_search (GTK_STRING_FILTER (self->filter), gtk_editable_get_text (GTK_EDITABLE (entry)));
}

/* Return ticks the first that is found, ready for the next word. */
static void
on_search_activated (PatronColumnChecks *self, GtkSearchEntry *entry)
{
  on_search_changed (self, entry);   /* the entry tells of changes a moment late */
  if (*gtk_editable_get_text (GTK_EDITABLE (entry)) == '\0')
    return;
  for (guint i = 0; i < g_list_model_get_n_items (self->choices); i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (self->choices, i);
      if (patron_column_choice_get_taken (choice) != NULL || !gtk_filter_match (self->filter, choice))
        continue;
      patron_column_choice_set_chosen (choice, !patron_column_choice_get_chosen (choice));
      gtk_editable_select_region (GTK_EDITABLE (entry), 0, -1);
      return;
    }
}

/* Escape empties the search, and closes the list when it is empty. */
static void
on_search_stopped (PatronColumnChecks *self, GtkSearchEntry *entry)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);
  if (*gtk_editable_get_text (GTK_EDITABLE (entry)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (entry), "");
  else if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
on_all (PatronColumnChecks *self)
{
  patron_column_checks_choose (self, PATRON_ACCEPT_ANY, TRUE);
}

static void
on_none (PatronColumnChecks *self)
{
  patron_column_checks_choose (self, PATRON_ACCEPT_ANY, FALSE);
}

static const struct { guint accept; const char *label; } kinds[] = {
  { PATRON_ACCEPT_NUMERIC, N_("Numbers") }, { PATRON_ACCEPT_CATEGORY, N_("Categories") }, { PATRON_ACCEPT_TEXT, N_("Texts") },
  { PATRON_ACCEPT_DATE, N_("Dates") },      { PATRON_ACCEPT_BOOLEAN, N_("True or false") },
};

static guint
kinds_present (PatronColumnChecks *self)
{
  guint present = 0;
  for (guint i = 0; i < g_list_model_get_n_items (self->choices); i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (self->choices, i);
      present |= patron_type_accept (patron_column_choice_get_value_type (choice));
    }
  return present;
}

static void
on_kind (GtkButton *button, PatronColumnChecks *self)
{
  patron_column_checks_choose (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "accept")), TRUE);
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_POPOVER);
  gtk_popover_popdown (GTK_POPOVER (popover));
}

/* NULL where all columns are of one kind. */
static GtkWidget *
build_kinds (PatronColumnChecks *self)
{
  guint present = kinds_present (self);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  guint n = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if ((present & kinds[i].accept) == 0)
        continue;
      GtkWidget *button = gtk_button_new_with_label (_(kinds[i].label));
      gtk_widget_add_css_class (button, "flat");
      g_object_set_data (G_OBJECT (button), "accept", GUINT_TO_POINTER (kinds[i].accept));
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_kind), self, 0);
      gtk_box_append (GTK_BOX (box), button);
      n++;
    }
  if (n < 2)
    {
      g_object_ref_sink (box);
      g_object_unref (box);
      return NULL;
    }
  GtkWidget *popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  GtkWidget *menu = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (menu), _("By Type"));
  patron_widget_set_name (menu, _("By Type"));
  gtk_widget_set_tooltip_text (menu, _("Tick every column of one type"));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (menu), popover);
  return menu;
}

static GtkWidget *
build_tools (PatronColumnChecks *self)
{
  GtkWidget *tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *search = gtk_search_entry_new ();
  gtk_widget_set_hexpand (search, TRUE);
  g_object_set (search, "placeholder-text", _("Search columns"), NULL);
  patron_widget_set_name (search, _("Search columns"));
  g_signal_connect_object (search, "search-changed", G_CALLBACK (on_search_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (search, "activate", G_CALLBACK (on_search_activated), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (search, "stop-search", G_CALLBACK (on_search_stopped), self, G_CONNECT_SWAPPED);
  GtkWidget *all = gtk_button_new_with_mnemonic (_("_All"));
  GtkWidget *none = gtk_button_new_with_mnemonic (_("_None"));
  gtk_widget_set_tooltip_text (all, _("Tick every column that the search shows"));
  gtk_widget_set_tooltip_text (none, _("Untick every column that the search shows"));
  g_signal_connect_object (all, "clicked", G_CALLBACK (on_all), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (none, "clicked", G_CALLBACK (on_none), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (tools), search);
  gtk_box_append (GTK_BOX (tools), all);
  gtk_box_append (GTK_BOX (tools), none);
  GtkWidget *by_kind = build_kinds (self);
  if (by_kind != NULL)
    gtk_box_append (GTK_BOX (tools), by_kind);
  return tools;
}

GtkWidget *
patron_column_checks_new (GListModel *choices, const char *name)
{
  PatronColumnChecks *self = g_object_new (PATRON_TYPE_COLUMN_CHECKS, NULL);
  self->choices = g_object_ref (choices);
  for (guint i = 0; i < g_list_model_get_n_items (choices); i++)
    {
      g_autoptr (PatronColumnChoice) choice = g_list_model_get_item (choices, i);
      g_signal_connect_object (choice, "notify::chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
    }
  gtk_widget_set_parent (build_tools (self), GTK_WIDGET (self));
  gtk_widget_set_parent (build_list (self, name), GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

static void
patron_column_checks_dispose (GObject *object)
{
  PatronColumnChecks *self = PATRON_COLUMN_CHECKS (object);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->choices);
  G_OBJECT_CLASS (patron_column_checks_parent_class)->dispose (object);
}

static void
patron_column_checks_class_init (PatronColumnChecksClass *class)
{
  G_OBJECT_CLASS (class)->dispose = patron_column_checks_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
  changed = g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_column_checks_init (PatronColumnChecks *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
}
