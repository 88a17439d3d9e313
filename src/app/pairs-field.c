/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-fields.h"

#include <glib/gi18n-lib.h>

#include "app/column-values.h"
#include "app/job.h"
#include "app/text-label.h"
#include "base/names.h"

/* Values of a column that are offered, the most frequent ones. */
#define MAX_VALUES 200

/* Old and new values, a line each. */
struct _PatronPairsField
{
  PatronParamField parent;
  PatronJob       *job;        /* owned: reads the values */
  gboolean         refreshing;

  /* Borrowed children. */
  GtkWidget *lines;            /* a box of lines */
  GtkWidget *fill;
  GtkWidget *note;
};

G_DEFINE_FINAL_TYPE (PatronPairsField, patron_pairs_field, PATRON_TYPE_PARAM_FIELD)

/* ---- lines ------------------------------------------------------------------------------------------------- */

static GtkWidget *
line_entry (GtkWidget *line, gboolean new)
{
  return g_object_get_data (G_OBJECT (line), new ? "new" : "old");
}

static const char *
line_text (GtkWidget *line, gboolean new)
{
  return gtk_editable_get_text (GTK_EDITABLE (line_entry (line, new)));
}

static void
on_edited (PatronPairsField *self)
{
  if (!self->refreshing)
    patron_param_field_edited (PATRON_PARAM_FIELD (self));
}

static void
on_remove (GtkButton *button, PatronPairsField *self)
{
  gtk_box_remove (GTK_BOX (self->lines), gtk_widget_get_parent (GTK_WIDGET (button)));
  on_edited (self);
}

static GtkWidget *
make_entry (PatronPairsField *self, const char *text, const char *name)
{
  GtkWidget *entry = gtk_entry_new ();
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), name);
  patron_widget_set_name (entry, name);
  g_signal_connect_object (entry, "changed", G_CALLBACK (on_edited), self, G_CONNECT_SWAPPED);
  return entry;
}

static GtkWidget *
add_line (PatronPairsField *self, const char *from, const char *to, gsize n)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *old = make_entry (self, from, _("Old value"));
  GtkWidget *new = make_entry (self, to, _("New value"));
  g_object_set_data (G_OBJECT (line), "old", old);
  g_object_set_data (G_OBJECT (line), "new", new);
  if (n > 0)
    {
      g_autofree char *count = patron_format_number (PATRON_FORMAT_COUNT, (double) n);
      g_autofree char *rows = g_strdup_printf (_("%s rows"), count);
      gtk_widget_set_tooltip_text (old, rows);
    }
  GtkWidget *remove = patron_icon_button_new ("window-close-symbolic", _("Take out this line"));
  g_signal_connect_object (remove, "clicked", G_CALLBACK (on_remove), self, 0);
  gtk_box_append (GTK_BOX (line), old);
  gtk_box_append (GTK_BOX (line), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_box_append (GTK_BOX (line), new);
  gtk_box_append (GTK_BOX (line), remove);
  gtk_box_append (GTK_BOX (self->lines), line);
  return line;
}

static void
on_add (PatronPairsField *self)
{
  GtkWidget *line = add_line (self, "", "", 0);
  gtk_widget_grab_focus (line_entry (line, FALSE));
}

static gboolean
has_line (PatronPairsField *self, const char *from)
{
  for (GtkWidget *line = gtk_widget_get_first_child (self->lines); line != NULL; line = gtk_widget_get_next_sibling (line))
    if (g_str_equal (line_text (line, FALSE), from))
      return TRUE;
  return FALSE;
}

/* ---- the column's values ----------------------------------------------------------------------------------- */

static void
show_note (PatronPairsField *self, const PatronColumnValues *values)
{
  gboolean more = values != NULL && values->n_distinct > values->values->len;
  gtk_widget_set_visible (self->note, more);
  if (!more)
    return;
  g_autoptr (PatronText) text = patron_text (N_("The {n} most frequent of {all} values are listed."), "n", PATRON_COUNT (values->values->len),
                                             "all", PATRON_COUNT (values->n_distinct), NULL);
  g_autofree char *sentence = patron_text_render (text);
  gtk_label_set_label (GTK_LABEL (self->note), sentence);
}

/* An old value with nothing beside it means nothing yet: it is a line to fill in. */
static void
on_listed (PatronJob *job, PatronPairsField *self)
{
  const PatronColumnValues *values = patron_column_values_listed (job);
  self->refreshing = TRUE;
  for (guint i = 0; values != NULL && i < values->values->len; i++)
    {
      const PatronColumnValue *value = values->values->pdata[i];
      if (!has_line (self, value->text))
        add_line (self, value->text, value->text, value->n);
    }
  self->refreshing = FALSE;
  show_note (self, values);
  gtk_widget_set_sensitive (self->fill, TRUE);
  g_clear_object (&self->job);
}

static void
on_fill (PatronPairsField *self)
{
  PatronColumn *column = patron_param_context_column (patron_param_field_get_context (PATRON_PARAM_FIELD (self)));
  if (column == NULL || self->job != NULL)
    return;
  gtk_widget_set_sensitive (self->fill, FALSE);
  self->job = patron_column_values_start (column, MAX_VALUES);
  g_signal_connect (self->job, "finished", G_CALLBACK (on_listed), self);
}

/* ---- field ------------------------------------------------------------------------------------------------- */

static void
others_changed (PatronParamField *field)
{
  PatronPairsField *self = PATRON_PAIRS_FIELD (field);
  PatronColumn *column = patron_param_context_column (patron_param_field_get_context (field));
  gtk_widget_set_sensitive (self->fill, column != NULL && self->job == NULL);
  g_autofree char *label = column != NULL ? g_strdup_printf (_("List the Values of “%s”"), patron_column_get_name (column)) : NULL;
  gtk_button_set_label (GTK_BUTTON (self->fill), label != NULL ? label : _("List the Column’s Values"));
  GtkWidget *child = gtk_button_get_child (GTK_BUTTON (self->fill));
  gtk_label_set_ellipsize (GTK_LABEL (child), PANGO_ELLIPSIZE_MIDDLE);
}

static void
build (PatronParamField *field)
{
  PatronPairsField *self = PATRON_PAIRS_FIELD (field);
  self->lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 320);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->lines);
  GtkWidget *tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *add = gtk_button_new_with_mnemonic (_("_Add a Line"));
  g_signal_connect_object (add, "clicked", G_CALLBACK (on_add), self, G_CONNECT_SWAPPED);
  self->fill = gtk_button_new_with_label ("");
  g_signal_connect_object (self->fill, "clicked", G_CALLBACK (on_fill), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (tools), add);
  gtk_box_append (GTK_BOX (tools), self->fill);
  self->note = patron_label_new (NULL, "caption dim-label");
  gtk_widget_set_visible (self->note, FALSE);
  gtk_widget_set_parent (scrolled, GTK_WIDGET (self));
  gtk_widget_set_parent (self->note, GTK_WIDGET (self));
  gtk_widget_set_parent (tools, GTK_WIDGET (self));
  others_changed (field);
}

/* Lines that change nothing are left out. */
static char *
dup_text (PatronParamField *field)
{
  PatronPairsField *self = PATRON_PAIRS_FIELD (field);
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_pair_free);
  for (GtkWidget *line = gtk_widget_get_first_child (self->lines); line != NULL; line = gtk_widget_get_next_sibling (line))
    {
      if (g_str_equal (line_text (line, FALSE), line_text (line, TRUE)))
        continue;
      PatronPair *pair = g_new0 (PatronPair, 1);
      pair->from = g_strdup (line_text (line, FALSE));
      pair->to = g_strdup (line_text (line, TRUE));
      g_ptr_array_add (pairs, pair);
    }
  return patron_pairs_join (pairs);
}

static void
set_text (PatronParamField *field, const char *text)
{
  PatronPairsField *self = PATRON_PAIRS_FIELD (field);
  GtkWidget *child;
  g_autoptr (GPtrArray) pairs = patron_pairs_split (text, NULL);
  self->refreshing = TRUE;
  while ((child = gtk_widget_get_first_child (self->lines)) != NULL)
    gtk_box_remove (GTK_BOX (self->lines), child);
  for (guint i = 0; pairs != NULL && i < pairs->len; i++)
    {
      const PatronPair *pair = pairs->pdata[i];
      add_line (self, pair->from, pair->to, 0);
    }
  self->refreshing = FALSE;
}

static void
patron_pairs_field_dispose (GObject *object)
{
  patron_job_forget (&PATRON_PAIRS_FIELD (object)->job, object);
  G_OBJECT_CLASS (patron_pairs_field_parent_class)->dispose (object);
}

static void
patron_pairs_field_class_init (PatronPairsFieldClass *class)
{
  PatronParamFieldClass *field_class = PATRON_PARAM_FIELD_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_pairs_field_dispose;
  field_class->tall = TRUE;
  field_class->build = build;
  field_class->dup_text = dup_text;
  field_class->set_text = set_text;
  field_class->others_changed = others_changed;
}

static void
patron_pairs_field_init (PatronPairsField *self)
{
}
