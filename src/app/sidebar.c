/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sidebar.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/text.h"

/* A section is a heading with a count over a list; a page of its own has a single row and no heading. */
typedef enum { SECTION_HOME, SECTION_DATA, SECTION_QUESTIONS, SECTION_MODELS, SECTION_REPORT, SECTION_SQL, SECTION_HISTORY, N_SECTIONS } Section;

static const struct
{
  const char *title;       /* msgid */
  const char *icon;
  const char *page;        /* a section that is one page */
  const char *empty;       /* msgid: what stands there when the list is empty */
} sections[N_SECTIONS] = {
  [SECTION_HOME] = { N_("Home"), "patron-home-symbolic", "home", NULL },
  [SECTION_DATA] = { N_("Data"), "patron-table-symbolic", NULL, N_("No file read yet") },
  [SECTION_QUESTIONS] = { N_("Questions"), "patron-question-symbolic", NULL, N_("Nothing asked yet") },
  [SECTION_MODELS] = { N_("Models"), "patron-model-symbolic", NULL, N_("No model trained yet") },
  [SECTION_REPORT] = { N_("Reports"), "patron-report-symbolic", "report", NULL },
  [SECTION_SQL] = { "SQL", "patron-sql-symbolic", "sql", NULL },
  [SECTION_HISTORY] = { N_("History"), "patron-history-symbolic", "history", NULL },
};

struct _PatronSidebar
{
  GtkWidget       parent_instance;
  GtkWidget      *box;                      /* everything */
  GtkSearchEntry *search;
  GtkCustomFilter *filter;                  /* owned: by what is searched */
  GtkListBox     *lists[N_SECTIONS];
  GtkWidget      *headings[N_SECTIONS], *counts[N_SECTIONS], *empties[N_SECTIONS];
  PatronDocument *document;                 /* owned */
  GtkWidget      *menu;                     /* popover of the row that was asked */
};

G_DEFINE_FINAL_TYPE (PatronSidebar, patron_sidebar, GTK_TYPE_WIDGET)

enum { OPEN_PAGE, OPEN_ITEM, RENAME_ITEM, REMOVE_ITEM, RERUN_ITEM, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- rows -------------------------------------------------------------------------------------------------- */

static PatronItem *
row_item (GtkListBoxRow *row)
{
  return row != NULL ? g_object_get_data (G_OBJECT (row), "item") : NULL;
}

/* What an action is about, as its target: an item, or FOCUSED for the one that has the focus. A menu has taken the focus by the time its action
 * is carried out. */
#define FOCUSED G_GINT64_CONSTANT (-1)

static gint64
item_code (PatronItem *item)
{
  return patron_item_get_id (item) * 4 + patron_item_get_kind (item);
}

static PatronItem *
focused_item (PatronSidebar *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *row = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self)) ? gtk_widget_get_ancestor (focus, GTK_TYPE_LIST_BOX_ROW) : NULL;
  return row != NULL ? row_item (GTK_LIST_BOX_ROW (row)) : NULL;
}

static PatronItem *
find_item (PatronSidebar *self, gint64 code)
{
  GListModel *models[] = { patron_document_get_tables (self->document), patron_document_get_runs (self->document),
                           patron_document_get_models (self->document) };
  if (code == FOCUSED)
    return focused_item (self);
  for (guint m = 0; m < G_N_ELEMENTS (models); m++)
    for (guint i = 0; i < g_list_model_get_n_items (models[m]); i++)
      {
        g_autoptr (PatronItem) item = g_list_model_get_item (models[m], i);
        if (item_code (item) == code)
          return item;   /* the list holds it */
      }
  return NULL;
}

static void
add_to_menu (GMenu *menu, const char *label, const char *action, PatronItem *about)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);
  g_menu_item_set_action_and_target (item, action, "x", item_code (about));
  g_menu_append_item (menu, item);
}

static GtkWidget *
make_row (const char *icon, GtkWidget **name, GtkWidget **detail)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *image = gtk_image_new_from_icon_name (icon);
  *name = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (*name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (*name), 0);
  gtk_widget_set_hexpand (*name, TRUE);
  *detail = gtk_label_new (NULL);
  gtk_widget_add_css_class (*detail, "dim-label");
  gtk_widget_add_css_class (*detail, "caption");
  gtk_widget_add_css_class (*detail, "numeric");
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), *name);
  gtk_box_append (GTK_BOX (box), *detail);
  return box;
}

static void
show_menu (PatronSidebar *self, GtkWidget *row, double x, double y)
{
  PatronItem *item = row_item (GTK_LIST_BOX_ROW (row));
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  gtk_widget_grab_focus (row);
  g_autoptr (GMenu) menu = g_menu_new ();
  if (patron_item_get_kind (item) == PATRON_ITEM_RUN)
    add_to_menu (menu, _("Run _Again…"), "sidebar.rerun", item);
  if (patron_item_get_kind (item) != PATRON_ITEM_MODEL)
    {
      add_to_menu (menu, _("Re_name…"), "sidebar.rename", item);
      add_to_menu (menu, _("_Remove"), "sidebar.remove", item);
    }
  if (g_menu_model_get_n_items (G_MENU_MODEL (menu)) == 0)
    return;
  self->menu = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_translate_coordinates (row, GTK_WIDGET (self), x, y, &x, &y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
on_secondary_click (GtkGestureClick *gesture, int n_press, double x, double y, PatronSidebar *self)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu (self, row, x, y);
}

/* Names differ between tables and runs, so the row says both to assistive technology. */
static void
update_accessible_name (PatronItem *item, GParamSpec *pspec, GtkWidget *row)
{
  g_autofree char *label = g_strdup_printf ("%s, %s", patron_item_get_name (item), patron_item_get_detail (item));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* A tooltip only where the row has no room for the whole name. */
static gboolean
on_query_tooltip (GtkWidget *row, int x, int y, gboolean keyboard, GtkTooltip *tooltip, GtkLabel *name)
{
  gtk_tooltip_set_text (tooltip, gtk_label_get_text (name));
  return pango_layout_is_ellipsized (gtk_label_get_layout (name));
}

static GtkWidget *
create_item_row (gpointer object, gpointer data)
{
  PatronSidebar *self = data;
  PatronItem *item = object;
  static const Section section_of[] = { SECTION_DATA, SECTION_QUESTIONS, SECTION_MODELS };
  GtkWidget *name, *detail;
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), make_row (sections[section_of[patron_item_get_kind (item)]].icon, &name, &detail));
  g_object_bind_property (item, "name", name, "label", G_BINDING_SYNC_CREATE);
  gtk_widget_set_has_tooltip (row, TRUE);
  g_signal_connect (row, "query-tooltip", G_CALLBACK (on_query_tooltip), name);
  g_object_bind_property (item, "detail", detail, "label", G_BINDING_SYNC_CREATE);
  g_object_set_data_full (G_OBJECT (row), "item", g_object_ref (item), g_object_unref);
  g_signal_connect_object (item, "notify", G_CALLBACK (update_accessible_name), row, 0);
  update_accessible_name (item, NULL, row);
  GtkGesture *click = gtk_gesture_click_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (on_secondary_click), self);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  return row;
}

/* ---- sections ---------------------------------------------------------------------------------------------- */

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, PatronSidebar *self)
{
  PatronItem *item = row_item (row);
  if (item != NULL)
    g_signal_emit (self, signals[OPEN_ITEM], 0, item);
  else
    g_signal_emit (self, signals[OPEN_PAGE], 0, g_object_get_data (G_OBJECT (row), "page"));
}

static gboolean
matches_search (gpointer object, gpointer data)
{
  PatronSidebar *self = data;
  const char *name = patron_item_get_name (object);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  return *text == '\0' || g_str_match_string (text, name, TRUE)
         || strstr (name, text) != NULL;   /* inside words, as Chinese needs */
}

static void
add_heading (PatronSidebar *self, Section section, GtkWidget *to)
{
  GtkWidget *heading = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *title = gtk_label_new (_(sections[section].title));
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (title, "heading");
  self->counts[section] = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->counts[section], "dim-label");
  gtk_widget_add_css_class (self->counts[section], "numeric");
  gtk_box_append (GTK_BOX (heading), title);
  gtk_box_append (GTK_BOX (heading), self->counts[section]);
  gtk_widget_add_css_class (heading, "section");
  self->headings[section] = heading;
  gtk_box_append (GTK_BOX (to), heading);
  self->empties[section] = gtk_label_new (_(sections[section].empty));
  gtk_label_set_xalign (GTK_LABEL (self->empties[section]), 0);
  gtk_widget_add_css_class (self->empties[section], "dim-label");
  gtk_widget_add_css_class (self->empties[section], "empty");
  gtk_box_append (GTK_BOX (to), self->empties[section]);
}

static void
add_page_row (PatronSidebar *self, Section section)
{
  GtkWidget *name, *detail;
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), make_row (sections[section].icon, &name, &detail));
  gtk_label_set_label (GTK_LABEL (name), _(sections[section].title));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, _(sections[section].title), -1);
  g_object_set_data (G_OBJECT (row), "page", (gpointer) sections[section].page);
  gtk_list_box_append (self->lists[section], row);
}

static void
add_section (PatronSidebar *self, Section section, GtkWidget *to)
{
  if (sections[section].page == NULL)
    add_heading (self, section, to);
  self->lists[section] = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->lists[section], GTK_SELECTION_SINGLE);
  gtk_widget_add_css_class (GTK_WIDGET (self->lists[section]), "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->lists[section]), GTK_ACCESSIBLE_PROPERTY_LABEL, _(sections[section].title), -1);
  g_signal_connect (self->lists[section], "row-activated", G_CALLBACK (on_row_activated), self);
  gtk_box_append (GTK_BOX (to), GTK_WIDGET (self->lists[section]));
  if (sections[section].page != NULL)
    add_page_row (self, section);
}

static void
update_count (PatronSidebar *self, Section section, GListModel *model)
{
  guint n = g_list_model_get_n_items (model);
  g_autofree char *text = n > 0 ? patron_format_number (PATRON_FORMAT_COUNT, n) : g_strdup ("");
  gtk_label_set_label (GTK_LABEL (self->counts[section]), text);
  gtk_widget_set_visible (self->empties[section], n == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->lists[section]), n > 0);
}

static void
on_changed (PatronSidebar *self)
{
  update_count (self, SECTION_DATA, patron_document_get_tables (self->document));
  update_count (self, SECTION_QUESTIONS, patron_document_get_runs (self->document));
  update_count (self, SECTION_MODELS, patron_document_get_models (self->document));
}

void
patron_sidebar_set_document (PatronSidebar *self, PatronDocument *document)
{
  g_return_if_fail (PATRON_IS_SIDEBAR (self));
  g_return_if_fail (self->document == NULL);
  self->document = g_object_ref (document);
  GListModel *models[] = { patron_document_get_tables (document), patron_document_get_runs (document), patron_document_get_models (document) };
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    {
      GtkFilterListModel *matches = gtk_filter_list_model_new (g_object_ref (models[i]), g_object_ref (GTK_FILTER (self->filter)));
      gtk_list_box_bind_model (self->lists[SECTION_DATA + i], G_LIST_MODEL (matches), create_item_row, self, NULL);
      g_object_unref (matches);
    }
  g_signal_connect_object (document, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  on_changed (self);
}

/* ---- searching and selecting ------------------------------------------------------------------------------- */

static void
on_search_changed (PatronSidebar *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
on_stop_search (PatronSidebar *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
}

/* Return opens the first match. */
static void
on_search_activated (PatronSidebar *self)
{
  for (int section = SECTION_DATA; section <= SECTION_MODELS; section++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->lists[section], 0);
      if (row != NULL)
        {
          g_signal_emit (self, signals[OPEN_ITEM], 0, row_item (row));
          return;
        }
    }
}

void
patron_sidebar_search (PatronSidebar *self)
{
  g_return_if_fail (PATRON_IS_SIDEBAR (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

void
patron_sidebar_select (PatronSidebar *self, PatronItem *item, const char *page)
{
  g_return_if_fail (PATRON_IS_SIDEBAR (self));
  for (int section = 0; section < N_SECTIONS; section++)
    {
      GtkListBoxRow *row;
      gtk_list_box_unselect_all (self->lists[section]);
      for (int i = 0; (row = gtk_list_box_get_row_at_index (self->lists[section], i)) != NULL; i++)
        if ((item != NULL && row_item (row) == item)
            || (page != NULL && g_strcmp0 (g_object_get_data (G_OBJECT (row), "page"), page) == 0))
          gtk_list_box_select_row (self->lists[section], row);
    }
}

/* ---- actions on a row -------------------------------------------------------------------------------------- */

static void
emit_for_item (GtkWidget *widget, guint signal, GVariant *code)
{
  PatronSidebar *self = PATRON_SIDEBAR (widget);
  PatronItem *item = find_item (self, g_variant_get_int64 (code));
  if (item != NULL && patron_item_get_kind (item) != PATRON_ITEM_MODEL)
    g_signal_emit (self, signals[signal], 0, item);
}

static void
rename_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  emit_for_item (widget, RENAME_ITEM, parameter);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  emit_for_item (widget, REMOVE_ITEM, parameter);
}

static void
rerun_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  emit_for_item (widget, RERUN_ITEM, parameter);
}

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PatronSidebar *self = PATRON_SIDEBAR (widget);
  PatronItem *item = focused_item (self);
  if (item == NULL)
    return;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  GtkWidget *row = gtk_widget_get_ancestor (focus, GTK_TYPE_LIST_BOX_ROW);
  show_menu (self, row, gtk_widget_get_width (row) / 2.0, gtk_widget_get_height (row) / 2.0);
}

/* ---- object ------------------------------------------------------------------------------------------------ */

static void
patron_sidebar_dispose (GObject *object)
{
  PatronSidebar *self = PATRON_SIDEBAR (object);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->filter);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (patron_sidebar_parent_class)->dispose (object);
}

static void
patron_sidebar_class_init (PatronSidebarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  GType type = G_TYPE_FROM_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_sidebar_dispose;
  signals[OPEN_PAGE] = g_signal_new ("open-page", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[OPEN_ITEM] = g_signal_new ("open-item", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, PATRON_TYPE_ITEM);
  signals[RENAME_ITEM] = g_signal_new ("rename-item", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, PATRON_TYPE_ITEM);
  signals[REMOVE_ITEM] = g_signal_new ("remove-item", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, PATRON_TYPE_ITEM);
  signals[RERUN_ITEM] = g_signal_new ("rerun-item", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, PATRON_TYPE_ITEM);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "sidebar");
  gtk_widget_class_install_action (widget_class, "sidebar.rename", "x", rename_action);
  gtk_widget_class_install_action (widget_class, "sidebar.remove", "x", remove_action);
  gtk_widget_class_install_action (widget_class, "sidebar.rerun", "x", rerun_action);
  gtk_widget_class_install_action (widget_class, "sidebar.menu", NULL, menu_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F2, 0, "sidebar.rename", "x", FOCUSED);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "sidebar.remove", "x", FOCUSED);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "sidebar.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "sidebar.menu", NULL);
}

static void
patron_sidebar_init (PatronSidebar *self)
{
  self->filter = gtk_custom_filter_new (matches_search, self, NULL);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->search = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->search, "placeholder-text", _("Search this project"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search this project"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->search), "sidebar-search");
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (on_search_changed), self);
  g_signal_connect_swapped (self->search, "stop-search", G_CALLBACK (on_stop_search), self);
  g_signal_connect_swapped (self->search, "activate", G_CALLBACK (on_search_activated), self);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->search));

  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *foot = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (foot, "foot");
  for (int section = 0; section < N_SECTIONS; section++)
    add_section (self, section, section >= SECTION_REPORT ? foot : content);   /* in reach however long the lists are */
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), content);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (self->box), scrolled);
  gtk_box_append (GTK_BOX (self->box), foot);
}
