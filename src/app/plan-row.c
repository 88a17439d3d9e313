/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plan-row.h"

#include <glib/gi18n-lib.h>

#include "app/text-label.h"

struct _PatronPlanRow
{
  AdwExpanderRow   parent;
  PatronPlanEntry *entry;    /* borrowed */
  GtkWidget       *check;    /* borrowed child */
};

enum { CHANGED, MOVE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronPlanRow, patron_plan_row, ADW_TYPE_EXPANDER_ROW)

static void
on_toggled (PatronPlanRow *self)
{
  self->entry->on = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->check));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_block_toggled (GtkCheckButton *check, PatronPlanRow *self)
{
  guint block = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (check), "block"));
  patron_plan_entry_hide (self->entry, block, !gtk_check_button_get_active (check));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_up (PatronPlanRow *self)
{
  g_signal_emit (self, signals[MOVE], 0, -1);
}

static void
on_down (PatronPlanRow *self)
{
  g_signal_emit (self, signals[MOVE], 0, 1);
}

static GtkWidget *
order_row_new (PatronPlanRow *self)
{
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Place in the report"));
  GtkWidget *up = gtk_button_new_with_label (_("Up"));
  GtkWidget *down = gtk_button_new_with_label (_("Down"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), up);
  gtk_box_append (GTK_BOX (box), down);
  gtk_widget_set_tooltip_text (up, _("Move up (Alt+Up)"));
  gtk_widget_set_tooltip_text (down, _("Move down (Alt+Down)"));
  g_signal_connect_object (up, "clicked", G_CALLBACK (on_up), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (down, "clicked", G_CALLBACK (on_down), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), box);
  return row;
}

static void
on_move_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, signals[MOVE], 0, g_variant_get_int32 (parameter));
}

/* What a block is called in the list; NULL for those that are not chosen by themselves. */
static char *
block_name (const PatronBlock *block)
{
  switch (block->kind)
    {
    case PATRON_BLOCK_TABLE:
      return patron_text_render (block->table->title);
    case PATRON_BLOCK_CHART:
      return patron_text_render (block->chart->title);
    case PATRON_BLOCK_HEADING:
    case PATRON_BLOCK_TEXT:
    default:
      return patron_text_render (block->text);
    }
}

static const char *
block_kind (const PatronBlock *block)
{
  switch (block->kind)
    {
    case PATRON_BLOCK_TABLE:
      return _("Table");
    case PATRON_BLOCK_CHART:
      return _("Chart");
    case PATRON_BLOCK_HEADING:
      return _("Heading");
    case PATRON_BLOCK_TEXT:
    default:
      return _("Text");
    }
}

static void
add_block (PatronPlanRow *self, const PatronBlock *block, guint index)
{
  g_autofree char *name = block_name (block);
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name[0] != '\0' ? name : block_kind (block));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), block_kind (block));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  GtkWidget *check = gtk_check_button_new ();
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), !patron_plan_entry_hides (self->entry, index));
  g_object_set_data (G_OBJECT (check), "block", GUINT_TO_POINTER (index));
  g_signal_connect_object (check, "toggled", G_CALLBACK (on_block_toggled), self, 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
}

GtkWidget *
patron_plan_row_new (PatronPlanEntry *entry, const PatronReport *report)
{
  PatronPlanRow *self = g_object_new (PATRON_TYPE_PLAN_ROW, NULL);
  self->entry = entry;
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), entry->name);
  if (report->source != NULL)
    adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), report->source);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->check), entry->on);
  patron_widget_set_name (self->check, entry->name);
  g_signal_connect_object (self->check, "toggled", G_CALLBACK (on_toggled), self, G_CONNECT_SWAPPED);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), order_row_new (self));
  for (guint i = 0; i < report->blocks->len; i++)
    add_block (self, report->blocks->pdata[i], i);
  return GTK_WIDGET (self);
}

PatronPlanEntry *
patron_plan_row_get_entry (PatronPlanRow *self)
{
  g_return_val_if_fail (PATRON_IS_PLAN_ROW (self), NULL);
  return self->entry;
}

static void
patron_plan_row_class_init (PatronPlanRowClass *class)
{
  signals[CHANGED] = g_signal_new ("changed", PATRON_TYPE_PLAN_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MOVE] = g_signal_new ("move", PATRON_TYPE_PLAN_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  gtk_widget_class_install_action (widget_class, "plan.move", "i", on_move_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Up, GDK_ALT_MASK, "plan.move", "i", -1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Down, GDK_ALT_MASK, "plan.move", "i", 1);
}

static void
patron_plan_row_init (PatronPlanRow *self)
{
  self->check = gtk_check_button_new ();
  gtk_widget_set_valign (self->check, GTK_ALIGN_CENTER);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (self), self->check);
}
