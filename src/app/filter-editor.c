/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/filter-editor.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "app/accessible.h"
#include "app/condition-row.h"
#include "app/param-field.h"
#include "app/text-label.h"

struct _PatronFilterEditor
{
  GtkWidget           parent;
  PatronTable        *table;        /* owned */
  gboolean            wide;
  PatronConditions   *conditions;   /* owned: what the rows show */
  PatronParamContext *context;      /* owned: of the formula */
  PatronParam         param;        /* declares the formula */
  gboolean            as_formula;
  gboolean            refreshing;

  /* Borrowed children. */
  GtkWidget *rows;                  /* a box: the group of all conditions */
  GtkWidget *formula;               /* PatronParamField */
  GtkWidget *tools, *add, *add_group, *mode;
  GtkWidget *problem;
};

G_DEFINE_FINAL_TYPE (PatronFilterEditor, patron_filter_editor, GTK_TYPE_WIDGET)

static guint changed;

static GtkWidget *build_group (PatronFilterEditor *self, PatronConditions *conditions, PatronConditions *parent);
static void show_rows (PatronFilterEditor *self);

/* ---- text -------------------------------------------------------------------------------------------------- */

/* Without what is still incomplete, and without groups that are empty then. */
static PatronConditions *
complete_ones (const PatronConditions *conditions)
{
  PatronConditions *complete = patron_conditions_copy (conditions);
  for (guint i = complete->items->len; i > 0; i--)
    {
      PatronCondition *item = complete->items->pdata[i - 1];
      if (item->group != NULL)
        {
          PatronConditions *group = complete_ones (item->group);
          patron_conditions_free (item->group);
          item->group = group;
        }
      if (item->group != NULL ? item->group->items->len == 0 : !patron_condition_is_complete (item))
        g_ptr_array_remove_index (complete->items, i - 1);
    }
  return complete;
}

static void
show_problem (PatronFilterEditor *self, const char *problem)
{
  gtk_label_set_label (GTK_LABEL (self->problem), problem != NULL ? problem : "");
  gtk_widget_set_visible (self->problem, problem != NULL);
}

char *
patron_filter_editor_dup_text (PatronFilterEditor *self)
{
  g_return_val_if_fail (PATRON_IS_FILTER_EDITOR (self), NULL);
  if (self->as_formula)
    return patron_param_field_dup_text (PATRON_PARAM_FIELD (self->formula));
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronConditions) complete = complete_ones (self->conditions);
  char *text = complete->items->len > 0 ? patron_conditions_to_text (complete, self->table, NULL, &error) : g_strdup ("");
  show_problem (self, text == NULL ? error->message : NULL);
  return text != NULL ? text : g_strdup ("");
}

static void
emit_changed (PatronFilterEditor *self)
{
  if (!self->refreshing)
    g_signal_emit (self, changed, 0);
}

/* ---- rows -------------------------------------------------------------------------------------------------- */

static PatronConditions *
conditions_of (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "conditions");
}

/* The row goes before what it shows. */
static void
on_row_removed (PatronFilterEditor *self, PatronConditionRow *row)
{
  PatronCondition *condition = patron_condition_row_get_condition (row);
  GtkWidget *group = gtk_widget_get_parent (GTK_WIDGET (row));
  PatronConditions *conditions = conditions_of (group);
  gtk_box_remove (GTK_BOX (group), GTK_WIDGET (row));
  g_ptr_array_remove (conditions->items, condition);
  show_rows (self);
  emit_changed (self);
}

static GtkWidget *
make_row (PatronFilterEditor *self, PatronCondition *condition)
{
  GtkWidget *row = patron_condition_row_new (self->table, condition, self->wide);
  g_signal_connect_object (row, "changed", G_CALLBACK (emit_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "remove", G_CALLBACK (on_row_removed), self, G_CONNECT_SWAPPED);
  return row;
}

static void
add_condition (PatronFilterEditor *self, PatronConditions *conditions, const char *column)
{
  PatronColumn *data = patron_table_find (self->table, column);
  PatronType type = data != NULL ? patron_column_get_type (data) : PATRON_TYPE_TEXT;
  patron_conditions_add (conditions, column, patron_condition_operators (type)[0], NULL);
  show_rows (self);
  emit_changed (self);
}

/* To the button's group, or to all when it belongs to none. */
static void
on_add (PatronFilterEditor *self, GtkWidget *button)
{
  PatronConditions *group = conditions_of (button);
  if (patron_table_n_columns (self->table) > 0)
    add_condition (self, group != NULL ? group : self->conditions, patron_column_get_name (patron_table_column (self->table, 0)));
}

static void
on_add_group (PatronFilterEditor *self)
{
  PatronConditions *group = patron_conditions_add_group (self->conditions, !self->conditions->any);
  if (patron_table_n_columns (self->table) > 0)
    add_condition (self, group, patron_column_get_name (patron_table_column (self->table, 0)));
}

static void
on_remove_group (PatronFilterEditor *self, GtkWidget *button)
{
  PatronConditions *group = conditions_of (button), *parent = g_object_get_data (G_OBJECT (button), "parent");
  for (guint i = 0; i < parent->items->len; i++)
    if (((PatronCondition *) parent->items->pdata[i])->group == group)
      {
        /* The rows go before what they show. */
        gtk_widget_unparent (self->rows);
        self->rows = NULL;
        g_ptr_array_remove_index (parent->items, i);
        break;
      }
  show_rows (self);
  emit_changed (self);
}

static void
on_any_chosen (GtkDropDown *choice, GParamSpec *pspec, PatronFilterEditor *self)
{
  conditions_of (GTK_WIDGET (choice))->any = gtk_drop_down_get_selected (choice) == 1;
  emit_changed (self);
}

static GtkWidget *
make_button (PatronFilterEditor *self, const char *label, PatronConditions *conditions, GCallback callback)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = adw_button_content_new ();
  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), "list-add-symbolic");
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), label);
  gtk_button_set_child (GTK_BUTTON (button), content);
  g_object_set_data (G_OBJECT (button), "conditions", conditions);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

/* "Rows that meet all of:", shown where there is something to join. */
static GtkWidget *
make_head (PatronFilterEditor *self, PatronConditions *conditions, PatronConditions *parent)
{
  const char *const choices[] = { _("All of these"), _("Any of these"), NULL };
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *any = gtk_drop_down_new_from_strings (choices);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (any), conditions->any);
  g_object_set_data (G_OBJECT (any), "conditions", conditions);
  patron_widget_set_name (any, _("How the conditions are joined"));
  g_signal_connect_object (any, "notify::selected", G_CALLBACK (on_any_chosen), self, 0);
  gtk_box_append (GTK_BOX (head), any);
  gtk_widget_set_visible (head, conditions->items->len > 1 || parent != NULL);
  if (parent == NULL)
    return head;
  GtkWidget *remove = patron_icon_button_new ("window-close-symbolic", _("Take out this group"));
  g_object_set_data (G_OBJECT (remove), "conditions", conditions);
  g_object_set_data (G_OBJECT (remove), "parent", parent);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (on_remove_group), self, G_CONNECT_SWAPPED);
  gtk_widget_set_halign (remove, GTK_ALIGN_END);
  gtk_widget_set_hexpand (remove, TRUE);
  gtk_box_append (GTK_BOX (head), remove);
  return head;
}

static GtkWidget *
build_group (PatronFilterEditor *self, PatronConditions *conditions, PatronConditions *parent)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  g_object_set_data (G_OBJECT (box), "conditions", conditions);
  if (parent != NULL)
    gtk_widget_add_css_class (box, "subcard");
  gtk_box_append (GTK_BOX (box), make_head (self, conditions, parent));
  for (guint i = 0; i < conditions->items->len; i++)
    {
      PatronCondition *item = conditions->items->pdata[i];
      gtk_box_append (GTK_BOX (box), item->group != NULL ? build_group (self, item->group, conditions) : make_row (self, item));
    }
  if (parent != NULL)
    {
      GtkWidget *add = make_button (self, _("Condition"), conditions, G_CALLBACK (on_add));
      gtk_widget_set_halign (add, GTK_ALIGN_START);
      gtk_box_append (GTK_BOX (box), add);
    }
  return box;
}

static void
show_rows (PatronFilterEditor *self)
{
  if (self->rows != NULL)
    gtk_widget_unparent (self->rows);
  self->rows = build_group (self, self->conditions, NULL);
  gtk_widget_insert_after (self->rows, GTK_WIDGET (self), NULL);
  patron_accessible_tidy (self->rows);
  gtk_widget_set_visible (self->rows, !self->as_formula && self->conditions->items->len > 0);
  gtk_widget_set_visible (self->add_group, !self->as_formula && self->conditions->items->len > 0);
}

/* ---- mode -------------------------------------------------------------------------------------------------- */

static void
show_mode (PatronFilterEditor *self, gboolean can_be_rows)
{
  gboolean any = self->conditions->items->len > 0;
  gtk_widget_set_visible (self->rows, !self->as_formula && any);
  gtk_widget_set_visible (self->add, !self->as_formula);
  gtk_widget_set_visible (self->add_group, !self->as_formula && any);
  gtk_widget_set_visible (self->formula, self->as_formula);
  gtk_button_set_label (GTK_BUTTON (self->mode), self->as_formula ? _("As Conditions") : _("As a Formula"));
  gtk_widget_set_sensitive (self->mode, can_be_rows);
  gtk_widget_set_tooltip_text (self->mode, can_be_rows ? NULL : _("This formula says more than conditions can"));
}

static PatronConditions *
parse (PatronFilterEditor *self, const char *text)
{
  return *text != '\0' ? patron_conditions_from_text (text, self->table, NULL) : patron_conditions_new (FALSE);
}

static void
take_conditions (PatronFilterEditor *self, PatronConditions *conditions)
{
  if (self->rows != NULL)
    gtk_widget_unparent (self->rows);
  self->rows = NULL;
  patron_conditions_free (self->conditions);
  self->conditions = conditions;
  show_rows (self);
}

static void
on_mode_clicked (PatronFilterEditor *self)
{
  g_autofree char *text = patron_filter_editor_dup_text (self);
  if (self->as_formula)
    {
      PatronConditions *conditions = parse (self, text);
      if (conditions == NULL)
        return;
      take_conditions (self, conditions);
    }
  else
    patron_param_field_set_text (PATRON_PARAM_FIELD (self->formula), text);
  self->as_formula = !self->as_formula;
  show_mode (self, TRUE);
  gtk_widget_grab_focus (self->as_formula ? self->formula : self->add);
}

static void
on_formula_edited (PatronFilterEditor *self)
{
  g_autofree char *text = patron_param_field_dup_text (PATRON_PARAM_FIELD (self->formula));
  g_autoptr (PatronConditions) conditions = parse (self, text);
  show_mode (self, conditions != NULL);
  emit_changed (self);
}

void
patron_filter_editor_set_text (PatronFilterEditor *self, const char *text)
{
  g_return_if_fail (PATRON_IS_FILTER_EDITOR (self));
  g_autofree char *present = patron_filter_editor_dup_text (self);
  if (g_strcmp0 (present, text) == 0)
    return;
  PatronConditions *conditions = parse (self, text);
  gboolean can_be_rows = conditions != NULL;
  self->refreshing = TRUE;
  self->as_formula = conditions == NULL;
  if (conditions != NULL)
    take_conditions (self, conditions);
  else
    patron_param_field_set_text (PATRON_PARAM_FIELD (self->formula), text);
  show_problem (self, NULL);
  show_mode (self, can_be_rows);
  self->refreshing = FALSE;
}

void
patron_filter_editor_add (PatronFilterEditor *self, const char *column)
{
  g_return_if_fail (PATRON_IS_FILTER_EDITOR (self));
  if (self->as_formula)
    return;
  add_condition (self, self->conditions, column);
  patron_condition_row_focus_value (PATRON_CONDITION_ROW (gtk_widget_get_last_child (self->rows)));
}

/* ---- widget ------------------------------------------------------------------------------------------------ */

GtkWidget *
patron_filter_editor_new (PatronTable *table, const char *name, gboolean wide)
{
  PatronFilterEditor *self = g_object_new (PATRON_TYPE_FILTER_EDITOR, NULL);
  self->table = patron_table_ref (table);
  self->wide = wide;
  self->param = (PatronParam) { .kind = PATRON_PARAM_KIND_TEXT, .holds = PATRON_HOLDS_EXPRESSION, .field = "filter", .label = name };
  self->context = patron_param_context_new (table, NULL, NULL, NULL);
  self->formula = patron_param_field_new (&self->param, self->context);
  g_signal_connect_object (self->formula, "edited", G_CALLBACK (on_formula_edited), self, G_CONNECT_SWAPPED);
  self->problem = patron_label_new (NULL, "error caption");
  self->tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->add = make_button (self, _("Condition"), NULL, G_CALLBACK (on_add));
  self->add_group = make_button (self, _("Group"), NULL, G_CALLBACK (on_add_group));
  self->mode = gtk_button_new_with_label ("");
  gtk_widget_set_tooltip_text (self->add, _("Add a condition"));
  gtk_widget_set_tooltip_text (self->add_group, _("Add conditions that are joined among themselves"));
  gtk_widget_set_hexpand (self->mode, TRUE);
  gtk_widget_set_halign (self->mode, GTK_ALIGN_END);
  gtk_widget_add_css_class (self->mode, "flat");
  g_signal_connect_object (self->mode, "clicked", G_CALLBACK (on_mode_clicked), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->tools), self->add);
  gtk_box_append (GTK_BOX (self->tools), self->add_group);
  gtk_box_append (GTK_BOX (self->tools), self->mode);
  gtk_widget_set_parent (self->formula, GTK_WIDGET (self));
  gtk_widget_set_parent (self->problem, GTK_WIDGET (self));
  gtk_widget_set_parent (self->tools, GTK_WIDGET (self));
  show_problem (self, NULL);
  show_rows (self);
  show_mode (self, TRUE);
  patron_accessible_tidy (GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

static gboolean
patron_filter_editor_grab_focus (GtkWidget *widget)
{
  return patron_widget_focus_child (widget);
}

static void
patron_filter_editor_dispose (GObject *object)
{
  PatronFilterEditor *self = PATRON_FILTER_EDITOR (object);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->conditions, patron_conditions_free);
  g_clear_pointer (&self->context, patron_param_context_unref);
  g_clear_pointer (&self->table, patron_table_unref);
  G_OBJECT_CLASS (patron_filter_editor_parent_class)->dispose (object);
}

static void
patron_filter_editor_class_init (PatronFilterEditorClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_filter_editor_dispose;
  widget_class->grab_focus = patron_filter_editor_grab_focus;
  changed = g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
patron_filter_editor_init (PatronFilterEditor *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 9);
  self->conditions = patron_conditions_new (FALSE);
}
