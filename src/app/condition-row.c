/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/condition-row.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/column-drop-down.h"
#include "app/column-values.h"
#include "app/date-entry.h"
#include "app/job.h"
#include "app/text-label.h"
#include "app/value-picker.h"

struct _PatronConditionRow
{
  GtkWidget        parent;
  PatronTable     *table;       /* owned */
  PatronCondition *condition;   /* borrowed */
  PatronJob       *job;         /* owned: finds the column's range */
  gboolean         filling;

  /* Borrowed children. */
  GtkWidget *columns, *operators;
  GtkWidget *values;            /* a box */
  GtkWidget *chips;             /* of a list of values, NULL for others */
  GtkWidget *range;
};

enum { CHANGED, REMOVE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronConditionRow, patron_condition_row, GTK_TYPE_WIDGET)

static void build_values (PatronConditionRow *self);

static PatronColumn *
column_of (PatronConditionRow *self)
{
  return patron_table_find (self->table, self->condition->column);
}

gboolean
patron_condition_is_complete (const PatronCondition *condition)
{
  guint wanted = patron_condition_operator_values (condition->op);
  if (wanted == G_MAXUINT)
    return condition->values->len > 0;
  for (guint i = 0; i < wanted; i++)
    if (i >= condition->values->len || *(const char *) condition->values->pdata[i] == '\0')
      return FALSE;
  return TRUE;
}

static void
emit_changed (PatronConditionRow *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- values ------------------------------------------------------------------------------------------------ */

static void
set_value (PatronConditionRow *self, guint i, const char *text)
{
  while (self->condition->values->len <= i)
    g_ptr_array_add (self->condition->values, g_strdup (""));
  g_free (self->condition->values->pdata[i]);
  self->condition->values->pdata[i] = g_strdup (text);
  emit_changed (self);
}

static const char *
get_value (PatronConditionRow *self, guint i)
{
  return i < self->condition->values->len ? self->condition->values->pdata[i] : "";
}

static void
on_entry_changed (GtkEditable *entry, PatronConditionRow *self)
{
  set_value (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (entry), "value")), gtk_editable_get_text (entry));
}

static void
on_value_picked (PatronValuePicker *picker, const char *value, gboolean chosen, GtkEditable *entry)
{
  gtk_editable_set_text (entry, value);
}

static void
add_entry (PatronConditionRow *self, PatronColumn *column, guint i)
{
  PatronType type = patron_column_get_type (column);
  const char *name = i == 0 ? _("Value") : _("Second value");
  GtkWidget *entry = NULL;
  GtkWidget *box = type == PATRON_TYPE_DATE ? patron_date_entry_new (name, &entry) : NULL;
  if (box == NULL)
    {
      box = entry = gtk_entry_new ();
      patron_widget_set_name (entry, name);
      gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
      gtk_entry_set_placeholder_text (GTK_ENTRY (entry), type == PATRON_TYPE_TIME ? _("2024-12-31 17:00") : name);
      gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
      gtk_widget_set_hexpand (entry, TRUE);
    }
  gtk_editable_set_text (GTK_EDITABLE (entry), get_value (self, i));
  g_object_set_data (G_OBJECT (entry), "value", GUINT_TO_POINTER (i));
  g_signal_connect_object (entry, "changed", G_CALLBACK (on_entry_changed), self, 0);
  gtk_box_append (GTK_BOX (self->values), box);
  if (!patron_column_has_dict (column))
    return;
  GtkWidget *picker = patron_value_picker_new (column, FALSE, NULL);
  g_signal_connect_object (picker, "picked", G_CALLBACK (on_value_picked), entry, 0);
  gtk_box_append (GTK_BOX (self->values), picker);
}

/* ---- lists of values --------------------------------------------------------------------------------------- */

static void show_chips (PatronConditionRow *self);

static void
on_chip_removed (GtkWidget *button, PatronConditionRow *self)
{
  guint i;
  if (g_ptr_array_find_with_equal_func (self->condition->values, g_object_get_data (G_OBJECT (button), "value"), g_str_equal, &i))
    g_ptr_array_remove_index (self->condition->values, i);
  show_chips (self);
  emit_changed (self);
}

static void
show_chips (PatronConditionRow *self)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->chips)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (self->chips), child);
  for (guint i = 0; i < self->condition->values->len; i++)
    {
      const char *value = self->condition->values->pdata[i];
      GtkWidget *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
      gtk_widget_add_css_class (chip, "chip");
      GtkWidget *label = patron_label_new_short (value, NULL);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
      g_autofree char *remove = g_strdup_printf (_("Take out “%s”"), value);
      GtkWidget *button = patron_icon_button_new ("window-close-symbolic", remove);
      gtk_widget_add_css_class (button, "circular");
      g_object_set_data_full (G_OBJECT (button), "value", g_strdup (value), g_free);
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_chip_removed), self, 0);
      gtk_box_append (GTK_BOX (chip), label);
      gtk_box_append (GTK_BOX (chip), button);
      gtk_flow_box_append (GTK_FLOW_BOX (self->chips), chip);
      gtk_widget_set_focusable (gtk_widget_get_parent (chip), FALSE);
    }
  gtk_widget_set_visible (self->chips, self->condition->values->len > 0);
}

static void
on_picked (PatronConditionRow *self, const char *value, gboolean chosen)
{
  guint i;
  gboolean there = g_ptr_array_find_with_equal_func (self->condition->values, value, g_str_equal, &i);
  if (chosen == there)
    return;
  if (chosen)
    g_ptr_array_add (self->condition->values, g_strdup (value));
  else
    g_ptr_array_remove_index (self->condition->values, i);
  show_chips (self);
  emit_changed (self);
}

/* A value that the list does not show can be typed. */
static void
on_typed (GtkEntry *entry, PatronConditionRow *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
  if (*text != '\0')
    on_picked (self, text, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
}

static void
add_list (PatronConditionRow *self, PatronColumn *column)
{
  self->chips = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->chips), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->chips), 12);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->chips), 6);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->chips), 6);
  gtk_widget_set_hexpand (self->chips, TRUE);
  gtk_widget_set_valign (self->chips, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->chips, "chips");
  GtkWidget *picker = patron_value_picker_new (column, TRUE, _("Values"));
  patron_value_picker_set_chosen (PATRON_VALUE_PICKER (picker), self->condition->values);
  g_signal_connect_object (picker, "picked", G_CALLBACK (on_picked), self, G_CONNECT_SWAPPED);
  GtkWidget *entry = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 10);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Add a value"));
  patron_widget_set_name (entry, _("Add a value"));
  gtk_widget_set_valign (entry, GTK_ALIGN_CENTER);
  g_signal_connect_object (entry, "activate", G_CALLBACK (on_typed), self, 0);
  gtk_box_append (GTK_BOX (self->values), picker);
  gtk_box_append (GTK_BOX (self->values), entry);
  gtk_box_append (GTK_BOX (self->values), self->chips);
  show_chips (self);
}

/* ---- range ------------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronColumn *column;
  double        low, high;   /* out */
} RangeWork;

static void
range_work_free (gpointer data)
{
  RangeWork *work = data;
  patron_column_unref (work->column);
  g_free (work);
}

static gboolean
find_range (PatronRun *run, gpointer data, GError **error)
{
  RangeWork *work = data;
  return patron_column_range (work->column, &work->low, &work->high, run, error);
}

static char *
format_value (PatronType type, double value)
{
  PatronFormat format = type == PATRON_TYPE_DATE ? PATRON_FORMAT_DATE : type == PATRON_TYPE_TIME ? PATRON_FORMAT_TIME
                        : type == PATRON_TYPE_DURATION ? PATRON_FORMAT_SECONDS : PATRON_FORMAT_NUMBER;
  return patron_format_number (format, type == PATRON_TYPE_TIME ? value * 1e6 : value);
}

static void
on_range_found (PatronJob *job, PatronConditionRow *self)
{
  RangeWork *work = patron_job_get_data (job);
  if (patron_job_get_state (job) == PATRON_JOB_DONE && !isnan (work->low))
    {
      PatronType type = patron_column_get_type (work->column);
      g_autofree char *low = format_value (type, work->low);
      g_autofree char *high = format_value (type, work->high);
      /* Translators: the smallest and the greatest value of a column. */
      g_autofree char *text = g_strdup_printf (_("from %s to %s"), low, high);
      gtk_label_set_label (GTK_LABEL (self->range), text);
      gtk_widget_set_visible (self->range, TRUE);
    }
  g_clear_object (&self->job);
}

static void
add_range (PatronConditionRow *self, PatronColumn *column)
{
  self->range = patron_label_new_short (NULL, "caption dim-label numeric");
  gtk_widget_set_visible (self->range, FALSE);
  gtk_box_append (GTK_BOX (self->values), self->range);
  RangeWork *work = g_new0 (RangeWork, 1);
  work->column = patron_column_ref (column);
  self->job = patron_job_start (_("Find the range"), PATRON_JOB_QUICK, 0, find_range, work, range_work_free);
  g_signal_connect (self->job, "finished", G_CALLBACK (on_range_found), self);
}

static void
build_values (PatronConditionRow *self)
{
  GtkWidget *child;
  PatronColumn *column = column_of (self);
  guint n = patron_condition_operator_values (self->condition->op);
  patron_job_forget (&self->job, self);
  while ((child = gtk_widget_get_first_child (self->values)) != NULL)
    gtk_box_remove (GTK_BOX (self->values), child);
  self->chips = self->range = NULL;
  gtk_widget_set_visible (self->values, column != NULL && n > 0);
  if (column == NULL || n == 0)
    return;
  if (n == G_MAXUINT)
    {
      add_list (self, column);
      return;
    }
  add_entry (self, column, 0);
  if (n == 2)
    {
      gtk_box_append (GTK_BOX (self->values), patron_label_new_short (_("and"), "dim-label"));
      add_entry (self, column, 1);
    }
  if (!patron_column_has_dict (column) && patron_column_get_type (column) != PATRON_TYPE_BOOLEAN)
    add_range (self, column);
}

/* ---- column and operator ----------------------------------------------------------------------------------- */

static const PatronConditionOperator *
operators_of (PatronConditionRow *self)
{
  PatronColumn *column = column_of (self);
  return patron_condition_operators (column != NULL ? patron_column_get_type (column) : PATRON_TYPE_TEXT);
}

static void
fill_operators (PatronConditionRow *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  PatronColumn *column = column_of (self);
  PatronType type = column != NULL ? patron_column_get_type (column) : PATRON_TYPE_TEXT;
  const PatronConditionOperator *operators = operators_of (self);
  guint selected = G_MAXUINT;
  for (guint i = 0; operators[i] != PATRON_N_CONDITION_OPERATORS; i++)
    {
      gtk_string_list_append (labels, _(patron_condition_operator_label (operators[i], type)));
      if (operators[i] == self->condition->op)
        selected = i;
    }
  if (selected == G_MAXUINT)
    self->condition->op = operators[selected = 0];
  self->filling = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->operators), G_LIST_MODEL (labels));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->operators), selected);
  self->filling = FALSE;
}

static void
on_column_chosen (PatronConditionRow *self)
{
  const char *name = patron_column_drop_down_get (GTK_DROP_DOWN (self->columns));
  if (self->filling || name == NULL)
    return;
  g_free (self->condition->column);
  self->condition->column = g_strdup (name);
  g_ptr_array_set_size (self->condition->values, 0);
  fill_operators (self);
  build_values (self);
  emit_changed (self);
}

static void
on_operator_chosen (PatronConditionRow *self)
{
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->operators));
  if (self->filling || selected == GTK_INVALID_LIST_POSITION)
    return;
  self->condition->op = operators_of (self)[selected];
  build_values (self);
  emit_changed (self);
}

static void
on_remove (PatronConditionRow *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

/* ---- widget ------------------------------------------------------------------------------------------------ */

static void
build (PatronConditionRow *self, gboolean wide)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->columns = patron_column_drop_down_new (self->table, PATRON_ACCEPT_ANY, column_of (self) == NULL ? _("Choose a column…") : NULL);
  patron_column_drop_down_set (GTK_DROP_DOWN (self->columns), self->condition->column);
  patron_widget_set_name (self->columns, _("Column"));
  self->operators = gtk_drop_down_new (NULL, NULL);
  gtk_widget_set_valign (self->operators, GTK_ALIGN_CENTER);
  patron_drop_down_ellipsize (GTK_DROP_DOWN (self->operators));
  patron_widget_set_name (self->operators, _("What it should be"));
  self->values = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *remove = patron_icon_button_new ("window-close-symbolic", _("Take out this condition"));
  g_signal_connect_object (remove, "clicked", G_CALLBACK (on_remove), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (line), self->columns);
  gtk_box_append (GTK_BOX (line), self->operators);
  gtk_widget_set_hexpand (self->values, wide);
  gtk_widget_set_hexpand (self->operators, !wide);
  if (wide)
    gtk_box_append (GTK_BOX (line), self->values);
  gtk_box_append (GTK_BOX (line), remove);
  gtk_widget_set_parent (line, GTK_WIDGET (self));
  if (!wide)
    gtk_widget_set_parent (self->values, GTK_WIDGET (self));
  fill_operators (self);
  build_values (self);
  g_signal_connect_object (self->columns, "notify::selected", G_CALLBACK (on_column_chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->operators, "notify::selected", G_CALLBACK (on_operator_chosen), self, G_CONNECT_SWAPPED);
}

PatronCondition *
patron_condition_row_get_condition (PatronConditionRow *self)
{
  return self->condition;
}

void
patron_condition_row_focus_value (PatronConditionRow *self)
{
  g_return_if_fail (PATRON_IS_CONDITION_ROW (self));
  patron_widget_focus_child (self->values);
}

GtkWidget *
patron_condition_row_new (PatronTable *table, PatronCondition *condition, gboolean wide)
{
  PatronConditionRow *self = g_object_new (PATRON_TYPE_CONDITION_ROW, NULL);
  self->table = patron_table_ref (table);
  self->condition = condition;
  build (self, wide);
  return GTK_WIDGET (self);
}

static void
patron_condition_row_dispose (GObject *object)
{
  PatronConditionRow *self = PATRON_CONDITION_ROW (object);
  GtkWidget *child;
  patron_job_forget (&self->job, self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->table, patron_table_unref);
  G_OBJECT_CLASS (patron_condition_row_parent_class)->dispose (object);
}

static void
patron_condition_row_class_init (PatronConditionRowClass *class)
{
  GType type = G_TYPE_FROM_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_condition_row_dispose;
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVE] = g_signal_new ("remove", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
}

static void
patron_condition_row_init (PatronConditionRow *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
}
