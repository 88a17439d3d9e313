/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/filter-chips.h"

#include <glib/gi18n-lib.h>

#include "app/row-order.h"
#include "app/text-label.h"
#include "base/memory.h"

struct _PatronFilterChips
{
  GtkWidget       parent;
  PatronDocument *document;   /* owned */
  PatronTable    *table;      /* owned */
  GPtrArray      *filters;    /* owned, of PatronNamedFilter* */
  char           *text;       /* owned: in use; never NULL */
  PatronJob      *job;        /* owned: counts the rows */

  /* Borrowed children. */
  GtkWidget *chips;
  GtkWidget *save, *name;
};

G_DEFINE_FINAL_TYPE (PatronFilterChips, patron_filter_chips, GTK_TYPE_WIDGET)

static guint chosen;

/* ---- counts ------------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronTable *table;
  GPtrArray   *filters;   /* of PatronNamedFilter* */
  gsize       *counts;    /* out: G_MAXSIZE where the filter does not fit the table */
} CountWork;

static void
count_work_free (gpointer data)
{
  CountWork *work = data;
  patron_table_unref (work->table);
  g_ptr_array_unref (work->filters);
  g_free (work->counts);
  g_free (work);
}

static gboolean
count_rows (PatronRun *run, gpointer data, GError **error)
{
  CountWork *work = data;
  for (guint i = 0; i < work->filters->len; i++)
    {
      const PatronNamedFilter *filter = work->filters->pdata[i];
      g_autoptr (GError) problem = NULL;
      PatronRowOrder order = { .filter = filter->text, .column = -1 };
      gsize n = 0;
      if (!patron_run_check (run, error))
        return FALSE;
      guint32 *rows = patron_row_order_compute (work->table, &order, &n, run, &problem);
      patron_free (rows);
      work->counts[i] = problem == NULL ? n : G_MAXSIZE;
    }
  return TRUE;
}

static void
on_counted (PatronJob *job, PatronFilterChips *self)
{
  CountWork *work = patron_job_get_data (job);
  GtkWidget *child = gtk_widget_get_first_child (self->chips);
  for (guint i = 0; patron_job_get_state (job) == PATRON_JOB_DONE && i < work->filters->len && child != NULL; i++)
    {
      GtkWidget *label = g_object_get_data (G_OBJECT (child), "count");
      g_autofree char *count = work->counts[i] != G_MAXSIZE ? patron_format_number (PATRON_FORMAT_COUNT, (double) work->counts[i]) : g_strdup ("–");
      gtk_label_set_label (GTK_LABEL (label), count);
      gtk_widget_set_tooltip_text (label, work->counts[i] != G_MAXSIZE ? _("Rows that meet it") : _("It does not fit this table any more"));
      child = gtk_widget_get_next_sibling (child);
    }
  g_clear_object (&self->job);
}

static void
start_counting (PatronFilterChips *self)
{
  patron_job_forget (&self->job, self);
  if (self->filters->len == 0)
    return;
  CountWork *work = g_new0 (CountWork, 1);
  work->table = patron_table_ref (self->table);
  work->filters = g_ptr_array_ref (self->filters);
  work->counts = g_new0 (gsize, self->filters->len);
  self->job = patron_job_start (_("Count the rows"), PATRON_JOB_QUICK, 0, count_rows, work, count_work_free);
  g_signal_connect (self->job, "finished", G_CALLBACK (on_counted), self);
}

/* ---- chips ------------------------------------------------------------------------------------------------- */

static void
on_chip_clicked (GtkButton *button, PatronFilterChips *self)
{
  const PatronNamedFilter *filter = g_object_get_data (G_OBJECT (button), "filter");
  g_autofree char *text = g_strdup (filter->text);
  g_signal_emit (self, chosen, 0, text);
}

static void
on_chip_removed (GtkButton *button, PatronFilterChips *self)
{
  const PatronNamedFilter *filter = g_object_get_data (G_OBJECT (button), "filter");
  g_autofree char *name = g_strdup (filter->name);
  patron_document_set_filter (self->document, patron_table_get_name (self->table), name, NULL);
}

static GtkWidget *
make_chip (PatronFilterChips *self, const PatronNamedFilter *filter)
{
  GtkWidget *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_widget_add_css_class (chip, "chip");
  GtkWidget *button = gtk_button_new_with_label (filter->name);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "chip-name");
  gtk_widget_set_tooltip_text (button, filter->text);
  g_object_set_data (G_OBJECT (button), "filter", (gpointer) filter);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_chip_clicked), self, 0);
  GtkWidget *count = patron_label_new_short ("…", "dim-label numeric");
  g_object_set_data (G_OBJECT (chip), "count", count);
  g_object_set_data (G_OBJECT (chip), "filter", (gpointer) filter);
  g_autofree char *remove_name = g_strdup_printf (_("Forget the filter “%s”"), filter->name);
  GtkWidget *remove = patron_icon_button_new ("window-close-symbolic", remove_name);
  gtk_widget_add_css_class (remove, "circular");
  g_object_set_data (G_OBJECT (remove), "filter", (gpointer) filter);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (on_chip_removed), self, 0);
  gtk_box_append (GTK_BOX (chip), button);
  gtk_box_append (GTK_BOX (chip), count);
  gtk_box_append (GTK_BOX (chip), remove);
  return chip;
}

static void
mark_chips (PatronFilterChips *self)
{
  for (GtkWidget *chip = gtk_widget_get_first_child (self->chips); chip != NULL; chip = gtk_widget_get_next_sibling (chip))
    {
      const PatronNamedFilter *filter = g_object_get_data (G_OBJECT (chip), "filter");
      if (g_str_equal (filter->text, self->text))
        gtk_widget_add_css_class (chip, "active");
      else
        gtk_widget_remove_css_class (chip, "active");
    }
  gtk_widget_set_visible (self->save, *self->text != '\0' && patron_filter_chips_get_name (self) == NULL);
}

static gboolean
same_filters (const GPtrArray *a, const GPtrArray *b)
{
  gboolean same = a->len == b->len;
  for (guint i = 0; same && i < a->len; i++)
    {
      const PatronNamedFilter *first = a->pdata[i], *second = b->pdata[i];
      same = g_str_equal (first->name, second->name) && g_str_equal (first->text, second->text);
    }
  return same;
}

static void
show_filters (PatronFilterChips *self)
{
  GtkWidget *child;
  GPtrArray *filters = patron_document_dup_filters (self->document, patron_table_get_name (self->table));
  if (self->filters != NULL && same_filters (self->filters, filters))
    {
      g_ptr_array_unref (filters);
      return;
    }
  while ((child = gtk_widget_get_first_child (self->chips)) != NULL)
    gtk_box_remove (GTK_BOX (self->chips), child);
  g_clear_pointer (&self->filters, g_ptr_array_unref);
  self->filters = filters;
  for (guint i = 0; i < filters->len; i++)
    gtk_box_append (GTK_BOX (self->chips), make_chip (self, filters->pdata[i]));
  gtk_widget_set_visible (self->chips, filters->len > 0);
  mark_chips (self);
  start_counting (self);
}

/* ---- naming ------------------------------------------------------------------------------------------------ */

static void
on_named (PatronFilterChips *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));
  if (*name == '\0')
    return;
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->save));
  gtk_editable_set_text (GTK_EDITABLE (self->name), "");
  patron_document_set_filter (self->document, patron_table_get_name (self->table), name, self->text);
}

static GtkWidget *
make_save (PatronFilterChips *self)
{
  self->name = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->name), _("Paying customers"));
  patron_widget_set_name (self->name, _("Name of the filter"));
  g_signal_connect_object (self->name, "activate", G_CALLBACK (on_named), self, G_CONNECT_SWAPPED);
  GtkWidget *save = gtk_button_new_with_mnemonic (_("_Save"));
  gtk_widget_add_css_class (save, "suggested-action");
  g_signal_connect_object (save, "clicked", G_CALLBACK (on_named), self, G_CONNECT_SWAPPED);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (box), self->name);
  gtk_box_append (GTK_BOX (box), save);
  GtkWidget *popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  GtkWidget *button = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _("Name This Filter"));
  patron_widget_set_name (button, _("Name This Filter"));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_set_tooltip_text (button, _("Keeps the filter with the table, for this page and for every question"));
  gtk_widget_add_css_class (button, "flat");
  return button;
}

/* ---- public ------------------------------------------------------------------------------------------------ */

void
patron_filter_chips_set_text (PatronFilterChips *self, const char *text)
{
  g_return_if_fail (PATRON_IS_FILTER_CHIPS (self));
  g_free (self->text);
  self->text = g_strdup (text != NULL ? text : "");
  mark_chips (self);
}

const char *
patron_filter_chips_get_name (PatronFilterChips *self)
{
  g_return_val_if_fail (PATRON_IS_FILTER_CHIPS (self), NULL);
  for (guint i = 0; *self->text != '\0' && i < self->filters->len; i++)
    {
      const PatronNamedFilter *filter = self->filters->pdata[i];
      if (g_str_equal (filter->text, self->text))
        return filter->name;
    }
  return NULL;
}

GtkWidget *
patron_filter_chips_new (PatronDocument *document, PatronTable *table)
{
  PatronFilterChips *self = g_object_new (PATRON_TYPE_FILTER_CHIPS, NULL);
  self->document = g_object_ref (document);
  self->table = patron_table_ref (table);
  show_filters (self);
  g_signal_connect_object (document, "changed", G_CALLBACK (show_filters), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

static void
patron_filter_chips_dispose (GObject *object)
{
  PatronFilterChips *self = PATRON_FILTER_CHIPS (object);
  GtkWidget *child;
  patron_job_forget (&self->job, self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->document);
  g_clear_pointer (&self->table, patron_table_unref);
  g_clear_pointer (&self->filters, g_ptr_array_unref);
  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (patron_filter_chips_parent_class)->dispose (object);
}

static void
patron_filter_chips_class_init (PatronFilterChipsClass *class)
{
  G_OBJECT_CLASS (class)->dispose = patron_filter_chips_dispose;
  chosen = g_signal_new ("chosen", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
}

static void
patron_filter_chips_init (PatronFilterChips *self)
{
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self))), 6);
  self->text = g_strdup ("");
  self->chips = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->save = make_save (self);
  gtk_widget_set_parent (self->chips, GTK_WIDGET (self));
  gtk_widget_set_parent (self->save, GTK_WIDGET (self));
}
