/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-fields.h"

#include <glib/gi18n-lib.h>

#include "app/column-values.h"
#include "app/job.h"
#include "app/pair-line.h"
#include "app/text-label.h"
#include "base/names.h"

/* Values of a column that are offered, the most frequent ones. */
#define MAX_VALUES 200
/* Of the lines that are in sight at once, in pixels. */
#define MAX_HEIGHT 320

/* What the pairs are, which follows from what else the operation asks for. */
typedef enum
{
  PAIRS_VALUES,     /* a column: its values, and what they become */
  PAIRS_COLUMNS,    /* another table: columns here and there */
  PAIRS_SETTINGS,   /* several columns: a word about each */
  PAIRS_NAMES,      /* nothing: columns and their new names */
} PairsKind;

/* Pairs, a line each. */
struct _PatronPairsField
{
  PatronParamField parent;
  PairsKind        kind;
  PatronTable     *other;      /* owned: of the columns on the right; NULL: any text */
  PatronJob       *job;        /* owned: reads the values */
  gboolean         refreshing;

  /* Borrowed children. */
  GtkWidget *scrolled;         /* of the lines; not in sight without any */
  GtkWidget *lines;
  GtkWidget *add;
  GtkWidget *fill;
  GtkWidget *note;
};

G_DEFINE_FINAL_TYPE (PatronPairsField, patron_pairs_field, PATRON_TYPE_PARAM_FIELD)

static PairsKind
find_kind (PatronPairsField *self)
{
  PatronParamContext *context = patron_param_field_get_context (PATRON_PARAM_FIELD (self));
  if (patron_param_context_find (context, PATRON_HOLDS_TABLE) != NULL)
    return PAIRS_COLUMNS;
  if (patron_param_context_find (context, PATRON_HOLDS_COLUMNS) != NULL)
    return PAIRS_SETTINGS;
  return patron_param_context_find (context, PATRON_HOLDS_COLUMN) != NULL ? PAIRS_VALUES : PAIRS_NAMES;
}

/* ---- lines ------------------------------------------------------------------------------------------------- */

static const struct { const char *from, *to; } side_names[] = {
  [PAIRS_VALUES] = { N_("Old value"), N_("New value") },
  [PAIRS_NAMES] = { N_("Column"), N_("New name") },
  [PAIRS_COLUMNS] = { N_("Column here"), N_("Column there") },
  [PAIRS_SETTINGS] = { N_("Column"), N_("Setting") },
};

static PatronPairLine *
first_line (PatronPairsField *self)
{
  return PATRON_PAIR_LINE (gtk_widget_get_first_child (self->lines));
}

static PatronPairLine *
next_line (PatronPairLine *line)
{
  return PATRON_PAIR_LINE (gtk_widget_get_next_sibling (GTK_WIDGET (line)));
}

static void
on_edited (PatronPairsField *self)
{
  if (!self->refreshing)
    patron_param_field_edited (PATRON_PARAM_FIELD (self));
}

/* A row of a list gets the height that it needs at least: of the lines, all that are in sight at once. */
static void
update_lines (PatronPairsField *self)
{
  int height;
  gtk_widget_measure (self->lines, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (self->scrolled), MIN (height, MAX_HEIGHT));
  gtk_widget_set_visible (self->scrolled, gtk_widget_get_first_child (self->lines) != NULL);
}

static void
on_remove (PatronPairLine *line, PatronPairsField *self)
{
  gtk_box_remove (GTK_BOX (self->lines), GTK_WIDGET (line));
  update_lines (self);
  gtk_widget_grab_focus (self->add);
  on_edited (self);
}

static PatronPairLine *
add_line (PatronPairsField *self, const char *from, const char *to)
{
  PatronTable *here = patron_param_field_get_context (PATRON_PARAM_FIELD (self))->table;
  PatronPairSide left = { self->kind != PAIRS_VALUES ? here : NULL, _(side_names[self->kind].from) };
  PatronPairSide right = { self->other, _(side_names[self->kind].to) };
  PatronPairLine *line = PATRON_PAIR_LINE (patron_pair_line_new (&left, from, &right, to));
  g_signal_connect_object (line, "edited", G_CALLBACK (on_edited), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (line, "remove", G_CALLBACK (on_remove), self, 0);
  gtk_box_append (GTK_BOX (self->lines), GTK_WIDGET (line));
  update_lines (self);
  return line;
}

static void
on_add (PatronPairsField *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (add_line (self, "", "")));
}

static gboolean
has_line (PatronPairsField *self, const char *from)
{
  for (PatronPairLine *line = first_line (self); line != NULL; line = next_line (line))
    if (g_str_equal (patron_pair_line_from (line), from))
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

static void
note_rows (PatronPairLine *line, gsize n)
{
  g_autofree char *count = patron_format_number (PATRON_FORMAT_COUNT, (double) n);
  g_autofree char *rows = g_strdup_printf (_("%s rows"), count);
  patron_pair_line_set_note (line, rows);
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
        note_rows (add_line (self, value->text, value->text), value->n);
    }
  self->refreshing = FALSE;
  show_note (self, values);
  gtk_widget_set_sensitive (self->fill, TRUE);
  g_clear_object (&self->job);
}

static void
list_column_values (PatronPairsField *self)
{
  PatronColumn *column = patron_param_context_column (patron_param_field_get_context (PATRON_PARAM_FIELD (self)));
  if (column == NULL || self->job != NULL)
    return;
  gtk_widget_set_sensitive (self->fill, FALSE);
  self->job = patron_column_values_start (column, MAX_VALUES);
  g_signal_connect (self->job, "finished", G_CALLBACK (on_listed), self);
}

/* ---- columns ----------------------------------------------------------------------------------------------- */

/* Every column as it is called now, to be changed; or those that both tables have. */
static void
list_columns (PatronPairsField *self)
{
  PatronTable *here = patron_param_field_get_context (PATRON_PARAM_FIELD (self))->table;
  self->refreshing = TRUE;
  for (guint i = 0; i < patron_table_n_columns (here); i++)
    {
      const char *name = patron_column_get_name (patron_table_column (here, i));
      gboolean wanted = self->kind == PAIRS_NAMES || (self->other != NULL && patron_table_find (self->other, name) != NULL);
      if (wanted && !has_line (self, name))
        add_line (self, name, name);
    }
  self->refreshing = FALSE;
  on_edited (self);
}

static void
on_fill (PatronPairsField *self)
{
  if (self->kind == PAIRS_VALUES)
    list_column_values (self);
  else
    list_columns (self);
}

static guint
n_common_columns (PatronPairsField *self)
{
  PatronTable *here = patron_param_field_get_context (PATRON_PARAM_FIELD (self))->table;
  guint n = 0;
  for (guint i = 0; self->other != NULL && i < patron_table_n_columns (self->other); i++)
    n += patron_table_find (here, patron_column_get_name (patron_table_column (self->other, i))) != NULL;
  return n;
}

/* Whether it is another table than before. */
static gboolean
find_other (PatronPairsField *self)
{
  PatronTable *other = patron_param_context_other (patron_param_field_get_context (PATRON_PARAM_FIELD (self)));
  if (other == self->other)
    return FALSE;
  g_clear_pointer (&self->other, patron_table_unref);
  self->other = other != NULL ? patron_table_ref (other) : NULL;
  return TRUE;
}

/* ---- field ------------------------------------------------------------------------------------------------- */

static char *dup_text (PatronParamField *field);
static void  set_text (PatronParamField *field, const char *text);

static char *
fill_label (PatronPairsField *self, gboolean *useful)
{
  PatronColumn *column = patron_param_context_column (patron_param_field_get_context (PATRON_PARAM_FIELD (self)));
  switch (self->kind)
    {
    case PAIRS_VALUES:
      *useful = column != NULL && self->job == NULL;
      return column != NULL ? g_strdup_printf (_("List the Values of “%s”"), patron_column_get_name (column)) : g_strdup (_("List Its Values"));
    case PAIRS_COLUMNS:
      *useful = n_common_columns (self) > 0;
      return g_strdup (_("List Equal Names"));
    default:
      *useful = TRUE;
      return g_strdup (_("List All Columns"));
    }
}

static void
others_changed (PatronParamField *field)
{
  PatronPairsField *self = PATRON_PAIRS_FIELD (field);
  gboolean useful;
  if (self->kind == PAIRS_COLUMNS && find_other (self))
    {
      g_autofree char *text = dup_text (field);
      set_text (field, text);
    }
  g_autofree char *label = fill_label (self, &useful);
  gtk_widget_set_sensitive (self->fill, useful);
  gtk_widget_set_visible (self->fill, self->kind != PAIRS_SETTINGS);
  gtk_button_set_label (GTK_BUTTON (self->fill), label);
  GtkWidget *child = gtk_button_get_child (GTK_BUTTON (self->fill));
  gtk_label_set_ellipsize (GTK_LABEL (child), PANGO_ELLIPSIZE_MIDDLE);
}

static void
build (PatronParamField *field)
{
  PatronPairsField *self = PATRON_PAIRS_FIELD (field);
  self->kind = find_kind (self);
  self->lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (self->scrolled), MAX_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->lines);
  GtkWidget *tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->add = gtk_button_new_with_mnemonic (_("_Add a Line"));
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (on_add), self, G_CONNECT_SWAPPED);
  self->fill = gtk_button_new_with_label ("");
  g_signal_connect_object (self->fill, "clicked", G_CALLBACK (on_fill), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (tools), self->add);
  gtk_box_append (GTK_BOX (tools), self->fill);
  self->note = patron_label_new (NULL, "caption dim-label");
  gtk_widget_set_visible (self->note, FALSE);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
  gtk_widget_set_parent (self->note, GTK_WIDGET (self));
  gtk_widget_set_parent (tools, GTK_WIDGET (self));
  g_signal_connect_object (self->lines, "map", G_CALLBACK (update_lines), self, G_CONNECT_SWAPPED);   /* with the styles of its window */
  update_lines (self);
  others_changed (field);
}

/* Lines that say nothing yet, or change nothing, are left out. */
static gboolean
counts (PatronPairsField *self, PatronPairLine *line)
{
  gboolean from = *patron_pair_line_from (line) != '\0', to = *patron_pair_line_to (line) != '\0';
  gboolean same = g_str_equal (patron_pair_line_from (line), patron_pair_line_to (line));
  switch (self->kind)
    {
    case PAIRS_NAMES:
      return from && to && !same;
    case PAIRS_COLUMNS:
    case PAIRS_SETTINGS:
      return from && to;
    default:
      return !same;
    }
}

static char *
dup_text (PatronParamField *field)
{
  PatronPairsField *self = PATRON_PAIRS_FIELD (field);
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_pair_free);
  for (PatronPairLine *line = first_line (self); line != NULL; line = next_line (line))
    {
      if (!counts (self, line))
        continue;
      PatronPair *pair = g_new0 (PatronPair, 1);
      pair->from = g_strdup (patron_pair_line_from (line));
      pair->to = g_strdup (patron_pair_line_to (line));
      g_ptr_array_add (pairs, pair);
    }
  return patron_pairs_join (pairs);
}

static void
set_text (PatronParamField *field, const char *text)
{
  PatronPairsField *self = PATRON_PAIRS_FIELD (field);
  GtkWidget *child;
  g_autoptr (GPtrArray) pairs = self->kind == PAIRS_COLUMNS ? patron_name_pairs_split (text) : patron_pairs_split (text, NULL);
  self->refreshing = TRUE;
  while ((child = gtk_widget_get_first_child (self->lines)) != NULL)
    gtk_box_remove (GTK_BOX (self->lines), child);
  for (guint i = 0; pairs != NULL && i < pairs->len; i++)
    {
      const PatronPair *pair = pairs->pdata[i];
      add_line (self, pair->from, pair->to);
    }
  update_lines (self);
  self->refreshing = FALSE;
}

static void
patron_pairs_field_dispose (GObject *object)
{
  PatronPairsField *self = PATRON_PAIRS_FIELD (object);
  patron_job_forget (&self->job, self);
  g_clear_pointer (&self->other, patron_table_unref);
  G_OBJECT_CLASS (patron_pairs_field_parent_class)->dispose (object);
}

static void
patron_pairs_field_class_init (PatronPairsFieldClass *class)
{
  PatronParamFieldClass *field_class = PATRON_PARAM_FIELD_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_pairs_field_dispose;
  field_class->build = build;
  field_class->dup_text = dup_text;
  field_class->set_text = set_text;
  field_class->others_changed = others_changed;
}

static void
patron_pairs_field_init (PatronPairsField *self)
{
}
