/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/block-view.h"

#include <glib/gi18n-lib.h>

#include "app/chart-view.h"
#include "app/table-view.h"
#include "app/text-label.h"

static GtkWidget *
menu_button_new (GtkWidget *target, const char *prefix, const char *title)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  gboolean chart = g_str_equal (prefix, "chart");
  g_autofree char *copy = g_strdup_printf ("%s.copy", prefix);
  g_autofree char *copy_data = g_strdup_printf ("%s.%s", prefix, chart ? "copy-data" : "copy-all");
  g_autofree char *save = g_strdup_printf ("%s.save", prefix);
  g_menu_append (menu, chart ? _("_Copy Picture") : _("_Copy"), copy);
  g_menu_append (menu, chart ? _("Copy _Data") : _("Copy _Whole Table"), copy_data);
  g_menu_append (menu, _("_Save…"), save);
  GtkWidget *button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  g_autofree char *name = g_strdup_printf (_("Copy or save “%s”"), title);
  gtk_widget_set_tooltip_text (button, name);
  patron_widget_set_name (button, name);
  return button;
}

/* The menu's actions are installed on the view itself, which is not an ancestor of the button: forward them. */
static void
forward (GtkWidget *frame, const char *action, GVariant *parameter)
{
  gtk_widget_activate_action_variant (g_object_get_data (G_OBJECT (frame), "view"), action, parameter);
}

static void
on_forwarded (GSimpleAction *action, GVariant *parameter, GtkWidget *frame)
{
  const char *prefix = g_object_get_data (G_OBJECT (frame), "prefix");
  g_autofree char *name = g_strdup_printf ("%s.%s", prefix, g_action_get_name (G_ACTION (action)));
  forward (frame, name, parameter);
}

static void
forward_actions (GtkWidget *frame, GtkWidget *view, const char *prefix)
{
  static const char *const names[] = { "copy", "copy-all", "copy-data", "save" };
  g_object_set_data (G_OBJECT (frame), "view", view);
  g_object_set_data (G_OBJECT (frame), "prefix", (gpointer) prefix);
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new (names[i], NULL);
      g_signal_connect_object (action, "activate", G_CALLBACK (on_forwarded), frame, 0);
      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  gtk_widget_insert_action_group (frame, prefix, G_ACTION_GROUP (group));
}

/* Title, menu and how to read it, above the view. prefix: of the view's actions, static. */
static GtkWidget *
framed (GtkWidget *view, const char *prefix, const PatronText *title, const PatronText *caption)
{
  GtkWidget *frame = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (frame, "card");
  gtk_widget_add_css_class (frame, "block");
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), patron_label_new_text (title, "heading"));
  gtk_box_append (GTK_BOX (words), patron_label_new_text (caption, "caption dim-label"));
  gtk_box_append (GTK_BOX (head), words);
  g_autofree char *name = patron_text_render (title);
  gtk_box_append (GTK_BOX (head), menu_button_new (view, prefix, name));
  gtk_box_append (GTK_BOX (frame), head);
  gtk_widget_set_vexpand (view, g_str_equal (prefix, "chart"));
  gtk_box_append (GTK_BOX (frame), view);
  forward_actions (frame, view, prefix);
  return frame;
}

GtkWidget *
patron_block_view_new (const PatronBlock *block)
{
  switch (block->kind)
    {
    case PATRON_BLOCK_HEADING:
      return patron_label_new_text (block->text, "title-2 section");
    case PATRON_BLOCK_TABLE:
      return framed (patron_report_table_view_new (block->table), "table", block->table->title, block->table->caption);
    case PATRON_BLOCK_CHART:
      return framed (patron_chart_view_new (block->chart), "chart", block->chart->title, block->chart->caption);
    case PATRON_BLOCK_TEXT:
    default:
      {
        GtkWidget *label = patron_label_new_text (block->text, "body");
        gtk_label_set_selectable (GTK_LABEL (label), TRUE);
        return label;
      }
    }
}

static GtkWidget *
grid_new (void)
{
  GtkWidget *grid = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (grid), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (grid), TRUE);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (grid), 1);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (grid), 2);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (grid), 18);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (grid), 18);
  return grid;
}

static void
append_to_grid (GtkWidget *grid, GtkWidget *child)
{
  gtk_flow_box_append (GTK_FLOW_BOX (grid), child);
  /* The chart inside has the focus, not the cell around it. */
  gtk_widget_set_focusable (gtk_widget_get_parent (child), FALSE);
}

/* How many charts follow one another from block i on. */
static guint
charts_from (const GPtrArray *blocks, guint i)
{
  guint n = 0;
  while (i + n < blocks->len && ((const PatronBlock *) blocks->pdata[i + n])->kind == PATRON_BLOCK_CHART)
    n++;
  return n;
}

static void
append_charts (GtkWidget *box, const GPtrArray *blocks, guint i, guint n)
{
  GtkWidget *grid = n > 1 ? grid_new () : NULL;
  if (grid != NULL)
    gtk_box_append (GTK_BOX (box), grid);
  for (guint k = 0; k < n; k++)
    {
      GtkWidget *view = patron_block_view_new (blocks->pdata[i + k]);
      /* The odd one out has the row to itself. */
      if (grid != NULL && (n % 2 == 0 || k + 1 < n))
        append_to_grid (grid, view);
      else
        gtk_box_append (GTK_BOX (box), view);
    }
}

GtkWidget *
patron_blocks_new (const GPtrArray *blocks)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  gboolean first = TRUE;
  for (guint i = 0; i < blocks->len;)
    {
      guint n = charts_from (blocks, i);
      if (n > 0 && first)
        n = 1;
      first = first && n == 0;
      if (n > 0)
        append_charts (box, blocks, i, n);
      else
        gtk_box_append (GTK_BOX (box), patron_block_view_new (blocks->pdata[i]));
      i += MAX (n, 1);
    }
  return box;
}
