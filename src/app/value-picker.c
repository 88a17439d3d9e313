/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/value-picker.h"

#include <glib/gi18n-lib.h>

#include "app/column-values.h"
#include "app/job.h"
#include "app/search-list.h"
#include "app/text-label.h"

/* The most frequent values are enough to choose from; others can be typed. */
#define MAX_VALUES 500

struct _PatronValuePicker
{
  GtkWidget        parent;
  PatronColumn    *column;      /* owned */
  gboolean         several;
  const GPtrArray *chosen;      /* borrowed or NULL */
  PatronJob       *job;         /* owned */
  gboolean         filling;

  /* Borrowed children. */
  GtkWidget        *button;
  PatronSearchList *list;       /* NULL until it is first opened */
};

G_DEFINE_FINAL_TYPE (PatronValuePicker, patron_value_picker, GTK_TYPE_WIDGET)

static guint picked;

/* ---- rows -------------------------------------------------------------------------------------------------- */

static const char *
row_value (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "value");
}

static GtkWidget *
row_check (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "check");
}

static void
on_toggled (GtkCheckButton *check, PatronValuePicker *self)
{
  GtkListBoxRow *row = GTK_LIST_BOX_ROW (gtk_widget_get_ancestor (GTK_WIDGET (check), GTK_TYPE_LIST_BOX_ROW));
  if (!self->filling)
    g_signal_emit (self, picked, 0, row_value (row), gtk_check_button_get_active (check));
}

static void
on_chosen (PatronValuePicker *self, GtkListBoxRow *row)
{
  GtkWidget *check = row_check (row);
  if (check != NULL)
    {
      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), !gtk_check_button_get_active (GTK_CHECK_BUTTON (check)));
      return;
    }
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->button));
  g_signal_emit (self, picked, 0, row_value (row), TRUE);
}

static void
add_row (PatronValuePicker *self, const PatronColumnValue *value)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = patron_label_new_short (value->text, NULL);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  g_autofree char *count = patron_format_number (PATRON_FORMAT_COUNT, (double) value->n);
  GtkWidget *row = patron_search_list_add (self->list, line, value->text);
  if (self->several)
    {
      GtkWidget *check = gtk_check_button_new ();
      gtk_widget_set_focusable (check, FALSE);   /* the row is */
      patron_widget_set_name (check, value->text);
      g_signal_connect_object (check, "toggled", G_CALLBACK (on_toggled), self, 0);
      gtk_box_append (GTK_BOX (line), check);
      g_object_set_data (G_OBJECT (row), "check", check);
    }
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), patron_label_new_short (count, "dim-label numeric"));
  patron_widget_set_name (row, value->text);
  g_object_set_data_full (G_OBJECT (row), "value", g_strdup (value->text), g_free);
}

static void
show_checks (PatronValuePicker *self)
{
  GtkListBox *box = self->list != NULL ? patron_search_list_get_box (self->list) : NULL;
  GtkListBoxRow *row;
  self->filling = TRUE;
  for (int i = 0; box != NULL && (row = gtk_list_box_get_row_at_index (box, i)) != NULL; i++)
    {
      gboolean chosen = self->chosen != NULL
                        && g_ptr_array_find_with_equal_func ((GPtrArray *) self->chosen, row_value (row), g_str_equal, NULL);
      if (row_check (row) != NULL)
        gtk_check_button_set_active (GTK_CHECK_BUTTON (row_check (row)), chosen);
    }
  self->filling = FALSE;
}

/* ---- reading ----------------------------------------------------------------------------------------------- */

static void
on_listed (PatronJob *job, PatronValuePicker *self)
{
  const PatronColumnValues *values = patron_column_values_listed (job);
  g_autofree char *note = NULL;
  for (guint i = 0; values != NULL && i < values->values->len; i++)
    add_row (self, values->values->pdata[i]);
  if (values == NULL)
    note = g_strdup (patron_job_get_error (job)->message);
  else if (values->n_distinct > values->values->len)
    {
      g_autoptr (PatronText) text = patron_text (N_("The {n} most frequent of {all} values; others can be typed."),
                                                 "n", PATRON_COUNT (values->values->len), "all", PATRON_COUNT (values->n_distinct), NULL);
      note = patron_text_render (text);
    }
  patron_search_list_set_note (self->list, note);
  show_checks (self);
  g_clear_object (&self->job);
}

/* ---- popover ----------------------------------------------------------------------------------------------- */

static void
create_popover (GtkMenuButton *button, gpointer data)
{
  PatronValuePicker *self = data;
  if (self->list != NULL)
    return;
  self->list = PATRON_SEARCH_LIST (patron_search_list_new (_("Search values"), 280, 260));
  patron_search_list_set_note (self->list, _("Reading the values…"));
  g_signal_connect_object (self->list, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  GtkWidget *popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (self->list));
  gtk_menu_button_set_popover (button, popover);
  self->job = patron_column_values_start (self->column, MAX_VALUES);
  g_signal_connect (self->job, "finished", G_CALLBACK (on_listed), self);
}

/* ---- widget ------------------------------------------------------------------------------------------------ */

void
patron_value_picker_set_chosen (PatronValuePicker *self, const GPtrArray *values)
{
  g_return_if_fail (PATRON_IS_VALUE_PICKER (self));
  self->chosen = values;
  show_checks (self);
}

GtkWidget *
patron_value_picker_new (PatronColumn *column, gboolean several, const char *label)
{
  PatronValuePicker *self = g_object_new (PATRON_TYPE_VALUE_PICKER, NULL);
  self->column = patron_column_ref (column);
  self->several = several;
  if (label != NULL)
    gtk_menu_button_set_label (GTK_MENU_BUTTON (self->button), label);
  g_autofree char *name = g_strdup_printf (_("Values of “%s”"), patron_column_get_name (column));
  gtk_widget_set_tooltip_text (self->button, name);
  patron_widget_set_name (self->button, name);
  return GTK_WIDGET (self);
}

static void
patron_value_picker_dispose (GObject *object)
{
  PatronValuePicker *self = PATRON_VALUE_PICKER (object);
  patron_job_forget (&self->job, self);
  g_clear_pointer (&self->button, gtk_widget_unparent);
  g_clear_pointer (&self->column, patron_column_unref);
  G_OBJECT_CLASS (patron_value_picker_parent_class)->dispose (object);
}

static void
patron_value_picker_class_init (PatronValuePickerClass *class)
{
  G_OBJECT_CLASS (class)->dispose = patron_value_picker_dispose;
  picked = g_signal_new ("picked", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
patron_value_picker_init (PatronValuePicker *self)
{
  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->button), create_popover, self, NULL);
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}
