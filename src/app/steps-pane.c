/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/steps-pane.h"

#include <glib/gi18n-lib.h>

#include "app/accessible.h"
#include "app/prepare-groups.h"
#include "app/text-label.h"

struct _PatronStepsPane
{
  GtkWidget   parent;
  GPtrArray  *steps;     /* owned, of PatronTableStep* */
  gboolean    busy;

  /* Borrowed children. */
  GtkListBox *list;
  GtkWidget  *add;
  GtkWidget  *empty;
};

enum { ADD, EDIT, CHANGE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronStepsPane, patron_steps_pane, GTK_TYPE_WIDGET)

/* ---- changes ----------------------------------------------------------------------------------------------- */

static void
emit_change (PatronStepsPane *self, GPtrArray *steps /* taken */, PatronText *label /* taken */)
{
  g_signal_emit (self, signals[CHANGE], 0, steps, label);
  g_ptr_array_unref (steps);
  patron_text_free (label);
}

static PatronText *
label_of (const PatronTableStep *step, const char *msgid)
{
  g_autoptr (PatronText) sentence = patron_step_sentence (step->step);
  g_autofree char *words = patron_text_render (sentence);
  return patron_text (msgid, "step", PATRON_STRING (words), NULL);
}

static void
toggle (PatronStepsPane *self, guint position)
{
  GPtrArray *steps = patron_table_steps_copy (self->steps);
  PatronTableStep *step = steps->pdata[position];
  step->step->off = !step->step->off;
  emit_change (self, steps, label_of (step, step->step->off ? N_("Switch off: {step}") : N_("Switch on: {step}")));
}

static void
take_out (PatronStepsPane *self, guint position)
{
  GPtrArray *steps = patron_table_steps_copy (self->steps);
  PatronText *label = label_of (steps->pdata[position], N_("Remove the step: {step}"));
  g_ptr_array_remove_index (steps, position);
  emit_change (self, steps, label);
}

static void
move (PatronStepsPane *self, guint from, int by)
{
  guint to = (guint) ((int) from + by);
  if (to >= self->steps->len)
    return;
  GPtrArray *steps = patron_table_steps_copy (self->steps);
  gpointer step = g_ptr_array_steal_index (steps, from);
  g_ptr_array_insert (steps, (gint) to, step);
  emit_change (self, steps, label_of (step, by < 0 ? N_("Move up: {step}") : N_("Move down: {step}")));
}

static gboolean
position_of (GtkWidget *widget, guint *position)
{
  GtkWidget *row = GTK_IS_LIST_BOX_ROW (widget) ? widget : gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW);
  int index = row != NULL ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) : 0;
  *position = (guint) MAX (0, index - 1);
  return index > 0;   /* the first row is the file */
}

/* Actions of the row that has the focus or the menu: "steps.NAME" with its position. */
static void
on_action (GSimpleAction *action, GVariant *parameter, PatronStepsPane *self)
{
  const char *name = g_action_get_name (G_ACTION (action));
  guint position = (guint) g_variant_get_int32 (parameter);
  if (self->busy || position >= self->steps->len)
    return;
  if (g_str_equal (name, "edit"))
    g_signal_emit (self, signals[EDIT], 0, position);
  else if (g_str_equal (name, "toggle"))
    toggle (self, position);
  else if (g_str_equal (name, "remove"))
    take_out (self, position);
  else if (g_str_equal (name, "insert"))
    g_signal_emit (self, signals[ADD], 0, position + 1);
  else
    move (self, position, g_str_equal (name, "up") ? -1 : 1);
}

static gboolean
on_key (PatronStepsPane *self, guint key, guint code, GdkModifierType modifiers)
{
  guint position;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  if (self->busy || focus == NULL || !GTK_IS_LIST_BOX_ROW (focus) || !position_of (focus, &position))
    return GDK_EVENT_PROPAGATE;
  gboolean alt = (modifiers & GDK_ALT_MASK) != 0;
  if (key == GDK_KEY_Delete || key == GDK_KEY_KP_Delete)
    take_out (self, position);
  else if (alt && (key == GDK_KEY_Up || key == GDK_KEY_Down))
    move (self, position, key == GDK_KEY_Up ? -1 : 1);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

/* ---- rows -------------------------------------------------------------------------------------------------- */

static char *
size_text (gsize rows, guint columns)
{
  g_autoptr (PatronText) text = patron_text (N_("{rows} {rows|row|rows} · {columns} {columns|column|columns}"), "rows", PATRON_COUNT (rows),
                                             "columns", PATRON_COUNT (columns), NULL);
  return patron_text_render (text);
}

/* What the step did; what it left alone is not told. */
static char *
counts_text (const PatronTableStep *step)
{
  if (step->step->off)
    return g_strdup (_("Switched off"));
  if (!step->counted)
    return NULL;
  gboolean rows = step->rows_before != step->rows_after, columns = step->columns_before != step->columns_after;
  const char *msgid = rows && columns ? N_("{a} → {b} rows · {c} → {d} columns")
                      : rows          ? N_("{a} → {b} rows")
                      : columns       ? N_("{b} rows · {c} → {d} columns")
                                      : N_("{b} rows, {d} columns as before");
  g_autoptr (PatronText) text = patron_text (msgid, "a", PATRON_COUNT (step->rows_before), "b", PATRON_COUNT (step->rows_after),
                                             "c", PATRON_COUNT (step->columns_before), "d", PATRON_COUNT (step->columns_after), NULL);
  return patron_text_render (text);
}

static void
add_item (GMenu *menu, const char *label, const char *action, guint position)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);
  g_menu_item_set_action_and_target (item, action, "i", (int) position);
  g_menu_append_item (menu, item);
}

static GtkWidget *
make_menu (PatronStepsPane *self, guint position, const char *sentence)
{
  const PatronTableStep *step = self->steps->pdata[position];
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) edit = g_menu_new ();
  g_autoptr (GMenu) order = g_menu_new ();
  g_autoptr (GMenu) end = g_menu_new ();
  add_item (edit, _("_Edit…"), "steps.edit", position);
  add_item (edit, step->step->off ? _("Switch _On") : _("Switch _Off"), "steps.toggle", position);
  add_item (edit, _("_Insert a Step After…"), "steps.insert", position);
  if (position > 0)
    add_item (order, _("Move _Up"), "steps.up", position);
  if (position + 1 < self->steps->len)
    add_item (order, _("Move _Down"), "steps.down", position);
  add_item (end, _("_Remove"), "steps.remove", position);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (edit));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (order));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (end));
  GtkWidget *button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  g_autofree char *name = g_strdup_printf (_("What to do with “%s”"), sentence);
  gtk_widget_set_tooltip_text (button, _("Edit, switch off, move or remove"));
  patron_widget_set_name (button, name);
  return button;
}

static GtkWidget *
make_row (const char *icon, const char *title, const char *caption, GtkWidget *end)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *image = gtk_image_new_from_icon_name (icon);
  gtk_widget_set_valign (image, GTK_ALIGN_START);
  gtk_widget_add_css_class (image, "step-icon");
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  GtkWidget *label = patron_label_new (title, NULL);
  gtk_label_set_lines (GTK_LABEL (label), 3);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, title);
  gtk_box_append (GTK_BOX (words), label);
  if (caption != NULL)
    gtk_box_append (GTK_BOX (words), patron_label_new (caption, "caption dim-label numeric"));
  gtk_box_append (GTK_BOX (line), image);
  gtk_box_append (GTK_BOX (line), words);
  if (end != NULL)
    gtk_box_append (GTK_BOX (line), end);
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_widget_add_css_class (row, "step");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  patron_widget_set_name (row, title);
  return row;
}

static void
add_step (PatronStepsPane *self, guint position)
{
  const PatronTableStep *step = self->steps->pdata[position];
  g_autoptr (PatronText) text = patron_step_sentence (step->step);
  g_autofree char *sentence = patron_text_render (text);
  g_autofree char *counts = counts_text (step);
  GtkWidget *row = make_row (patron_prepare_icon (step->step->op), sentence, counts, make_menu (self, position, sentence));
  if (step->step->off)
    gtk_widget_add_css_class (row, "off");
  gtk_list_box_append (self->list, row);
}

void
patron_steps_pane_show (PatronStepsPane *self, const GPtrArray *steps, gsize rows, guint columns)
{
  g_return_if_fail (PATRON_IS_STEPS_PANE (self));
  GtkWidget *child;
  GPtrArray *copy = patron_table_steps_copy (steps);
  g_ptr_array_unref (self->steps);
  self->steps = copy;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  g_autofree char *size = size_text (rows, columns);
  GtkWidget *source = make_row ("patron-table-symbolic", _("The table as it was imported"), size, NULL);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (source), FALSE);
  gtk_list_box_append (self->list, source);
  for (guint i = 0; i < self->steps->len; i++)
    add_step (self, i);
  gtk_widget_set_visible (self->empty, self->steps->len == 0);
}

void
patron_steps_pane_set_busy (PatronStepsPane *self, gboolean busy)
{
  g_return_if_fail (PATRON_IS_STEPS_PANE (self));
  self->busy = busy;
  gtk_widget_set_sensitive (self->add, !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->list), !busy);
}

/* ---- widget ------------------------------------------------------------------------------------------------ */

static void
on_add_clicked (PatronStepsPane *self)
{
  g_signal_emit (self, signals[ADD], 0, self->steps->len);
}

static void
on_row_activated (PatronStepsPane *self, GtkListBoxRow *row)
{
  guint position;
  if (position_of (GTK_WIDGET (row), &position) && !self->busy)
    g_signal_emit (self, signals[EDIT], 0, position);
}

static void
install_actions (PatronStepsPane *self)
{
  static const char *const names[] = { "edit", "toggle", "insert", "up", "down", "remove" };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new (names[i], G_VARIANT_TYPE_INT32);
      g_signal_connect_object (action, "activate", G_CALLBACK (on_action), self, 0);
      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  gtk_widget_insert_action_group (GTK_WIDGET (self), "steps", G_ACTION_GROUP (group));
}

static void
patron_steps_pane_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (patron_steps_pane_parent_class)->dispose (object);
}

static void
patron_steps_pane_finalize (GObject *object)
{
  g_ptr_array_unref (PATRON_STEPS_PANE (object)->steps);
  G_OBJECT_CLASS (patron_steps_pane_parent_class)->finalize (object);
}

static void
patron_steps_pane_class_init (PatronStepsPaneClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GType type = G_TYPE_FROM_CLASS (class);
  object_class->dispose = patron_steps_pane_dispose;
  object_class->finalize = patron_steps_pane_finalize;
  signals[ADD] = g_signal_new ("add", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[EDIT] = g_signal_new ("edit", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[CHANGE] = g_signal_new ("change", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_POINTER);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
}

static void
patron_steps_pane_init (PatronStepsPane *self)
{
  self->steps = patron_table_steps_new ();
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "steps");
  patron_widget_set_name (self->list, _("Steps"));
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (on_row_activated), self, G_CONNECT_SWAPPED);
  self->empty = patron_label_new (_("Nothing has been changed yet. Add a step to compute, clean, combine or summarise; each can be edited, "
                                    "switched off or taken back at any time, and the imported table stays as it is."), "dim-label");
  gtk_widget_add_css_class (self->empty, "panel");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (box), self->empty);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_widget_set_vexpand (scrolled, TRUE);
  self->add = gtk_button_new_with_mnemonic (_("Add a _Step…"));
  gtk_widget_add_css_class (self->add, "step-add");
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (on_add_clicked), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (scrolled, GTK_WIDGET (self));
  gtk_widget_set_parent (self->add, GTK_WIDGET (self));
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  install_actions (self);
  patron_accessible_tidy (GTK_WIDGET (self));
}
