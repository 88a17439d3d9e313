/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/value-picker.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/column-values.h"
#include "app/job.h"
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
  char            *word;        /* owned: searched for, folded */
  gboolean         filling;

  /* Borrowed children. */
  GtkWidget  *button;
  GtkListBox *list;
  GtkWidget  *note;
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

static gboolean
matches (GtkListBoxRow *row, gpointer data)
{
  PatronValuePicker *self = data;
  if (self->word == NULL)
    return TRUE;
  g_autofree char *folded = g_utf8_casefold (row_value (row), -1);
  return strstr (folded, self->word) != NULL;
}

static void
on_toggled (GtkCheckButton *check, PatronValuePicker *self)
{
  GtkListBoxRow *row = GTK_LIST_BOX_ROW (gtk_widget_get_ancestor (GTK_WIDGET (check), GTK_TYPE_LIST_BOX_ROW));
  if (!self->filling)
    g_signal_emit (self, picked, 0, row_value (row), gtk_check_button_get_active (check));
}

static void
on_row_activated (PatronValuePicker *self, GtkListBoxRow *row)
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
  GtkWidget *row = gtk_list_box_row_new ();
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
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  patron_widget_set_name (row, value->text);
  g_object_set_data_full (G_OBJECT (row), "value", g_strdup (value->text), g_free);
  gtk_list_box_append (self->list, row);
}

static void
show_checks (PatronValuePicker *self)
{
  self->filling = TRUE;
  for (int i = 0; self->list != NULL && gtk_list_box_get_row_at_index (self->list, i) != NULL; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);
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
  gtk_label_set_label (GTK_LABEL (self->note), note != NULL ? note : "");
  gtk_widget_set_visible (self->note, note != NULL);
  show_checks (self);
  g_clear_object (&self->job);
}

/* Return takes the first that is found. */
static void
on_search_activated (PatronValuePicker *self)
{
  for (int i = 0; gtk_list_box_get_row_at_index (self->list, i) != NULL; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);
      if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
        {
          on_row_activated (self, row);
          return;
        }
    }
}

/* ---- popover ----------------------------------------------------------------------------------------------- */

static void
on_search_changed (PatronValuePicker *self, GtkSearchEntry *entry)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  g_free (self->word);
  self->word = *text != '\0' ? g_utf8_casefold (text, -1) : NULL;
  gtk_list_box_invalidate_filter (self->list);
}

static void
create_popover (GtkMenuButton *button, gpointer data)
{
  PatronValuePicker *self = data;
  if (self->list != NULL)
    return;
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_list_box_set_filter_func (self->list, matches, self, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "completion");
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (on_row_activated), self, G_CONNECT_SWAPPED);
  GtkWidget *search = gtk_search_entry_new ();
  g_object_set (search, "placeholder-text", _("Search values"), NULL);
  patron_widget_set_name (search, _("Search values"));
  g_signal_connect_object (search, "search-changed", G_CALLBACK (on_search_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (search, "activate", G_CALLBACK (on_search_activated), self, G_CONNECT_SWAPPED);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (scrolled, 280, 260);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  self->note = patron_label_new (_("Reading the values…"), "caption dim-label");
  gtk_label_set_max_width_chars (GTK_LABEL (self->note), 36);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (box), search);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), self->note);
  GtkWidget *popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), box);
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
  g_clear_pointer (&self->word, g_free);
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
