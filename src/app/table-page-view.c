/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/table-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/text-label.h"
#include "base/memory.h"

/* Work that is over sooner than this, in milliseconds, is not announced. */
#define BAR_DELAY 350
/* Conditions rest this long before rows are looked for. */
#define FILTER_DELAY 250

/* ---- worker ------------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronTable   *table;
  PatronRowOrder order;
  guint32       *rows;    /* out */
  gsize          n;
} OrderWork;

static void
order_work_free (gpointer data)
{
  OrderWork *work = data;
  patron_table_unref (work->table);
  g_free (work->order.filter);
  patron_free (work->rows);
  g_free (work);
}

static gboolean
make_order (PatronRun *run, gpointer data, GError **error)
{
  OrderWork *work = data;
  GError *problem = NULL;
  work->rows = patron_row_order_compute (work->table, &work->order, &work->n, run, &problem);
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

/* ---- what is shown ----------------------------------------------------------------------------------------- */

static void
take_order (PatronRowOrder *to, const PatronRowOrder *from)
{
  char *filter = g_strdup (from->filter);
  g_free (to->filter);
  *to = *from;
  to->filter = filter;
}

static gboolean
is_plain (const PatronRowOrder *order)
{
  return order->filter == NULL && order->column < 0;
}

void
patron_table_page_update_subtitle (PatronTablePage *self)
{
  gsize all = patron_table_n_rows (self->table), shown = patron_grid_n_rows (self->grid);
  g_autofree char *rows = patron_format_number (PATRON_FORMAT_COUNT, (double) all);
  g_autofree char *columns = patron_format_number (PATRON_FORMAT_COUNT, patron_table_n_columns (self->table));
  g_autofree char *kept = patron_format_number (PATRON_FORMAT_COUNT, (double) shown);
  g_autofree char *text = NULL;
  if (self->shown.filter != NULL || shown != all)
    {
      g_autofree char *share = patron_format_number (PATRON_FORMAT_PERCENT, all > 0 ? (double) shown / (double) all : 0);
      text = g_strdup_printf (_("%s of %s rows (%s), %s columns"), kept, rows, share, columns);
    }
  else
    text = g_strdup_printf (_("%s rows, %s columns"), rows, columns);
  gtk_label_set_label (self->subtitle, text);
}

static void
show_filter_message (PatronTablePage *self, const char *message)
{
  gtk_label_set_label (self->filter_message, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->filter_message), message != NULL);
}

static GtkWidget *
make_chip (const char *icon, const char *text, const char *action, const char *remove)
{
  GtkWidget *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class (chip, "chip");
  GtkWidget *label = patron_label_new_short (text, NULL);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 48);
  gtk_widget_set_tooltip_text (label, text);
  GtkWidget *button = patron_icon_button_new ("window-close-symbolic", remove);
  gtk_widget_add_css_class (button, "circular");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_box_append (GTK_BOX (chip), gtk_image_new_from_icon_name (icon));
  gtk_box_append (GTK_BOX (chip), label);
  gtk_box_append (GTK_BOX (chip), button);
  return chip;
}

/* How the rows shown differ from the table's own, each part with a way to take it back. */
static void
show_chips (PatronTablePage *self)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->view_chips)) != NULL)
    gtk_box_remove (GTK_BOX (self->view_chips), child);
  if (self->shown.filter != NULL)
    gtk_box_append (GTK_BOX (self->view_chips),
                    make_chip ("patron-step-select-symbolic", self->shown.filter, "table.unfilter", _("Show all rows")));
  if (self->shown.column >= 0)
    {
      const char *name = patron_column_get_name (patron_table_column (self->table, (guint) self->shown.column));
      g_autofree char *text = g_strdup_printf (self->shown.descending ? _("%s, largest first") : _("%s, smallest first"), name);
      gtk_box_append (GTK_BOX (self->view_chips),
                      make_chip (self->shown.descending ? "view-sort-descending-symbolic" : "view-sort-ascending-symbolic", text, "table.unsort",
                                 _("Original order")));
    }
  gtk_widget_set_visible (self->view_bar, !is_plain (&self->shown));
}

static void
hide_bar (PatronTablePage *self)
{
  g_clear_handle_id (&self->order_source, g_source_remove);
  gtk_widget_set_visible (self->order_bar, FALSE);
}

static void
on_ordered (PatronJob *job, PatronTablePage *self)
{
  OrderWork *work = patron_job_get_data (job);
  hide_bar (self);
  if (patron_job_get_state (job) == PATRON_JOB_DONE)
    {
      take_order (&self->shown, &work->order);
      patron_grid_set_order (self->grid, g_steal_pointer (&work->rows), work->n);
      patron_grid_set_sorted (self->grid, work->order.column, work->order.descending);
      show_filter_message (self, NULL);
    }
  else
    {
      /* What is shown stays as it was. */
      take_order (&self->order, &self->shown);
      if (patron_job_get_state (job) == PATRON_JOB_FAILED)
        show_filter_message (self, patron_job_get_error (job)->message);
    }
  g_clear_object (&self->order_job);
  show_chips (self);
  patron_table_page_update_subtitle (self);
}

/* ---- asking ------------------------------------------------------------------------------------------------ */

static gboolean
show_bar (gpointer data)
{
  PatronTablePage *self = data;
  self->order_source = 0;
  gtk_label_set_label (self->order_label, self->order.column >= 0 ? _("Sorting the rows…") : _("Looking through the rows…"));
  gtk_widget_set_visible (self->order_bar, TRUE);
  return G_SOURCE_REMOVE;
}

static void
update_order (PatronTablePage *self)
{
  patron_job_forget (&self->order_job, self);
  hide_bar (self);
  OrderWork *work = g_new0 (OrderWork, 1);
  work->table = patron_table_ref (self->table);
  take_order (&work->order, &self->order);
  self->order_source = g_timeout_add (BAR_DELAY, show_bar, self);
  self->order_job = patron_job_start (_("Filter and sort"), PATRON_JOB_QUICK, 0, make_order, work, order_work_free);
  g_object_bind_property (self->order_job, "fraction", self->order_progress, "fraction", G_BINDING_SYNC_CREATE);
  g_signal_connect (self->order_job, "finished", G_CALLBACK (on_ordered), self);
}

static void
take_filter (PatronTablePage *self, const char *text)
{
  g_free (self->order.filter);
  self->order.filter = *text != '\0' ? g_strdup (text) : NULL;
  update_order (self);
}

void
patron_table_page_filter (PatronTablePage *self, const char *expression)
{
  g_return_if_fail (PATRON_IS_TABLE_PAGE (self));
  g_autofree char *text = g_strstrip (g_strdup (expression != NULL ? expression : ""));
  g_clear_handle_id (&self->filter_source, g_source_remove);
  patron_filter_editor_set_text (self->filter_editor, text);
  patron_filter_chips_set_text (self->filter_chips, text);
  take_filter (self, text);
}

void
patron_table_page_sort (PatronTablePage *self, int column, gboolean descending)
{
  g_return_if_fail (PATRON_IS_TABLE_PAGE (self));
  self->order.column = column;
  self->order.descending = descending;
  update_order (self);
}

void
patron_table_page_view_again (PatronTablePage *self, const char *sorted)
{
  self->order.column = sorted != NULL ? patron_table_index (self->table, sorted) : -1;
  g_clear_pointer (&self->shown.filter, g_free);
  self->shown.column = -1;
  show_chips (self);
  if (!is_plain (&self->order))
    update_order (self);
}

/* ---- what the user does ------------------------------------------------------------------------------------ */

/* Rows follow the conditions as they are changed. */
static gboolean
on_filter_rested (gpointer data)
{
  PatronTablePage *self = data;
  self->filter_source = 0;
  g_autofree char *text = patron_filter_editor_dup_text (self->filter_editor);
  patron_filter_chips_set_text (self->filter_chips, text);
  if (g_strcmp0 (*text != '\0' ? text : NULL, self->order.filter) != 0)
    take_filter (self, text);
  return G_SOURCE_REMOVE;
}

static void
on_filter_changed (PatronTablePage *self)
{
  show_filter_message (self, NULL);
  g_clear_handle_id (&self->filter_source, g_source_remove);
  self->filter_source = g_timeout_add (FILTER_DELAY, on_filter_rested, self);
}

static void
on_filter_chosen (PatronTablePage *self, const char *text)
{
  patron_table_page_filter (self, text);
}

static void
on_order_cancelled (PatronTablePage *self)
{
  if (self->order_job != NULL)
    patron_job_cancel (self->order_job);
}

static void
on_sort_asked (PatronTablePage *self, guint column, gboolean descending)
{
  patron_table_page_sort (self, (int) column, descending);
}

static void
sort_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (widget);
  const char *how = g_variant_get_string (parameter, NULL);
  patron_table_page_sort (self, (int) patron_grid_get_column (self->grid), g_str_equal (how, "descending"));
}

static void
unsort_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  patron_table_page_sort (PATRON_TABLE_PAGE (widget), -1, FALSE);
}

static void
unfilter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  patron_table_page_filter (PATRON_TABLE_PAGE (widget), NULL);
}

static void
filter_column_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (widget);
  PatronColumn *column = patron_table_column (self->table, patron_grid_get_column (self->grid));
  gtk_revealer_set_reveal_child (self->filter_revealer, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->filter_editor));
  patron_filter_editor_add (self->filter_editor, patron_column_get_name (column));
}

/* The rows as they are shown, for good: a filter step first, so that fewer are sorted. */
static void
keep_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (widget);
  if (self->shown.filter != NULL)
    {
      const char *const begin[] = { "condition", self->shown.filter, NULL };
      patron_table_page_begin_step (self, "filter", begin);
    }
  else if (self->shown.column >= 0)
    patron_table_page_begin_sort (self, (guint) self->shown.column, self->shown.descending);
  self->keeping = self->editor != NULL;
}

/* ---- life -------------------------------------------------------------------------------------------------- */

void
patron_table_page_view_class_init (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_callback (class, on_order_cancelled);
  gtk_widget_class_install_action (class, "table.sort", "s", sort_action);
  gtk_widget_class_install_action (class, "table.unsort", NULL, unsort_action);
  gtk_widget_class_install_action (class, "table.unfilter", NULL, unfilter_action);
  gtk_widget_class_install_action (class, "table.filter-column", NULL, filter_column_action);
  gtk_widget_class_install_action (class, "table.keep", NULL, keep_action);
}

/* Both are of the table as it is now: in another version it may have other columns. */
static void
build_filter (PatronTablePage *self)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->filter_box))) != NULL)
    gtk_box_remove (self->filter_box, child);
  GtkWidget *chips = patron_filter_chips_new (self->document, self->table);
  GtkWidget *editor = patron_filter_editor_new (self->table, _("Condition that rows must meet"), TRUE);
  self->filter_chips = PATRON_FILTER_CHIPS (chips);
  self->filter_editor = PATRON_FILTER_EDITOR (editor);
  patron_filter_editor_set_text (self->filter_editor, self->order.filter != NULL ? self->order.filter : "");
  patron_filter_chips_set_text (self->filter_chips, self->order.filter);
  g_signal_connect_object (chips, "chosen", G_CALLBACK (on_filter_chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (editor, "changed", G_CALLBACK (on_filter_changed), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->filter_box, chips);
  gtk_box_append (self->filter_box, editor);
}

void
patron_table_page_view_init (PatronTablePage *self)
{
  build_filter (self);
  g_signal_connect_swapped (self->grid, "sort-asked", G_CALLBACK (on_sort_asked), self);
}

void
patron_table_page_view_clear (PatronTablePage *self)
{
  g_clear_handle_id (&self->order_source, g_source_remove);
  g_clear_handle_id (&self->filter_source, g_source_remove);
  patron_job_forget (&self->order_job, self);
}
