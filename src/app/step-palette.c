/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/step-palette.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/prepare-groups.h"
#include "app/text-label.h"

struct _PatronStepPalette
{
  GtkWidget  parent;
  GPtrArray *groups;     /* owned, of PatronPrepareGroup* */
  char      *query;      /* owned: searched for, folded */
  char     **words;      /* owned: of it */

  /* Borrowed children. */
  GtkWidget  *search;
  GtkListBox *list;
};

enum { CHOSEN, CANCELLED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronStepPalette, patron_step_palette, GTK_TYPE_WIDGET)

static const PatronOp *
row_op (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "op");
}

static const PatronPrepareGroup *
row_group (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "group");
}

/* Its place among all rows while nothing is searched for. */
static int
row_place (GtkListBoxRow *row)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "place"));
}

/* ---- search ------------------------------------------------------------------------------------------------ */

/* Every word stands somewhere in the title, the summary or the group. */
static gboolean
matches (GtkListBoxRow *row, gpointer data)
{
  PatronStepPalette *self = data;
  const PatronOp *op = row_op (row);
  g_autofree char *all = g_strjoin (" ", _(op->title), _(op->summary), _(row_group (row)->title), op->id, NULL);
  g_autofree char *folded = g_utf8_casefold (all, -1);
  for (char **word = self->words; word != NULL && *word != NULL; word++)
    if (strstr (folded, *word) == NULL)
      return FALSE;
  return TRUE;
}

/* How well a row answers the search: by its whole title, the beginning of it, words in it, or only by what it does. */
static int
match_rank (PatronStepPalette *self, GtkListBoxRow *row)
{
  g_autofree char *title = g_utf8_casefold (_(row_op (row)->title), -1);
  if (g_str_equal (title, self->query))
    return 0;
  if (g_str_has_prefix (title, self->query))
    return 1;
  for (char **word = self->words; *word != NULL; word++)
    if (strstr (title, *word) == NULL)
      return 3;
  return 2;
}

static gboolean
is_searching (PatronStepPalette *self)
{
  return self->query != NULL && *self->query != '\0';
}

/* The best answers come first; without a search, the order of the groups. */
static int
compare_rows (GtkListBoxRow *a, GtkListBoxRow *b, gpointer data)
{
  PatronStepPalette *self = data;
  int by_rank = is_searching (self) ? match_rank (self, a) - match_rank (self, b) : 0;
  return by_rank != 0 ? by_rank : row_place (a) - row_place (b);
}

static void
on_search_changed (PatronStepPalette *self)
{
  g_strfreev (self->words);
  g_free (self->query);
  self->query = g_strstrip (g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1));
  self->words = g_strsplit (self->query, " ", -1);
  gtk_list_box_invalidate_filter (self->list);
  gtk_list_box_invalidate_sort (self->list);
  gtk_list_box_invalidate_headers (self->list);
}

static void
choose (PatronStepPalette *self, GtkListBoxRow *row)
{
  g_signal_emit (self, signals[CHOSEN], 0, row_op (row));
}

/* Return takes the first that is found. The entry tells of changes a moment late; what stands in it counts. */
static void
on_search_activated (PatronStepPalette *self)
{
  GtkListBoxRow *row;
  on_search_changed (self);
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
      {
        choose (self, row);
        return;
      }
}

static void
on_search_stopped (PatronStepPalette *self)
{
  g_signal_emit (self, signals[CANCELLED], 0);
}

/* ---- rows -------------------------------------------------------------------------------------------------- */

static GtkWidget *
make_row (const PatronPrepareGroup *group, const PatronOp *op, int place)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *image = gtk_image_new_from_icon_name (group->icon);
  gtk_widget_set_valign (image, GTK_ALIGN_START);
  gtk_widget_add_css_class (image, "step-icon");
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_box_append (GTK_BOX (words), patron_label_new (_(op->title), NULL));
  gtk_box_append (GTK_BOX (words), patron_label_new (_(op->summary), "caption dim-label"));
  gtk_box_append (GTK_BOX (line), image);
  gtk_box_append (GTK_BOX (line), words);
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_widget_add_css_class (row, "step");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  patron_widget_set_name (row, _(op->title));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(op->summary), -1);
  g_object_set_data (G_OBJECT (row), "op", (gpointer) op);
  g_object_set_data (G_OBJECT (row), "group", (gpointer) group);
  g_object_set_data (G_OBJECT (row), "place", GINT_TO_POINTER (place));
  return row;
}

static void
update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  const PatronPrepareGroup *group = row_group (row);
  gboolean first = !is_searching (data) && (before == NULL || row_group (before) != group);
  if (!first)
    gtk_list_box_row_set_header (row, NULL);
  else if (gtk_list_box_row_get_header (row) == NULL)
    gtk_list_box_row_set_header (row, patron_label_new_short (_(group->title), "heading step-group"));
}

/* ---- widget ------------------------------------------------------------------------------------------------ */

void
patron_step_palette_start (PatronStepPalette *self)
{
  g_return_if_fail (PATRON_IS_STEP_PALETTE (self));
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_grab_focus (self->search);
}

static void
patron_step_palette_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (patron_step_palette_parent_class)->dispose (object);
}

static void
patron_step_palette_finalize (GObject *object)
{
  PatronStepPalette *self = PATRON_STEP_PALETTE (object);
  g_ptr_array_unref (self->groups);
  g_strfreev (self->words);
  g_free (self->query);
  G_OBJECT_CLASS (patron_step_palette_parent_class)->finalize (object);
}

static void
patron_step_palette_class_init (PatronStepPaletteClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GType type = G_TYPE_FROM_CLASS (class);
  object_class->dispose = patron_step_palette_dispose;
  object_class->finalize = patron_step_palette_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[CANCELLED] = g_signal_new ("cancelled", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
}

static GtkWidget *
make_head (PatronStepPalette *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class (head, "step-head");
  GtkWidget *back = patron_icon_button_new ("go-previous-symbolic", _("Back to the steps"));
  g_signal_connect_object (back, "clicked", G_CALLBACK (on_search_stopped), self, G_CONNECT_SWAPPED);
  self->search = gtk_search_entry_new ();
  gtk_widget_set_hexpand (self->search, TRUE);
  g_object_set (self->search, "placeholder-text", _("What should be done?"), NULL);
  patron_widget_set_name (self->search, _("Search for a step"));
  g_signal_connect_object (self->search, "search-changed", G_CALLBACK (on_search_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "activate", G_CALLBACK (on_search_activated), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "stop-search", G_CALLBACK (on_search_stopped), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (head), back);
  gtk_box_append (GTK_BOX (head), self->search);
  return head;
}

static void
patron_step_palette_init (PatronStepPalette *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
  self->groups = patron_prepare_groups_new ();
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "steps");
  patron_widget_set_name (self->list, _("What a step can do"));
  int place = 0;
  for (guint i = 0; i < self->groups->len; i++)
    {
      const PatronPrepareGroup *group = self->groups->pdata[i];
      for (guint j = 0; j < group->ops->len; j++)
        gtk_list_box_append (self->list, make_row (group, group->ops->pdata[j], place++));
    }
  gtk_list_box_set_header_func (self->list, update_header, self, NULL);
  gtk_list_box_set_sort_func (self->list, compare_rows, self, NULL);
  gtk_list_box_set_filter_func (self->list, matches, self, NULL);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (choose), self, G_CONNECT_SWAPPED);
  GtkWidget *nothing = patron_label_new (_("No step does that. Try another word."), "dim-label panel");
  gtk_list_box_set_placeholder (self->list, nothing);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_set_parent (make_head (self), GTK_WIDGET (self));
  gtk_widget_set_parent (scrolled, GTK_WIDGET (self));
}
