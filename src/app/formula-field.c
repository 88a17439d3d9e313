/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-fields.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/cells.h"
#include "app/formula-help.h"
#include "app/formula-words.h"
#include "app/text-label.h"
#include "table/expression.h"

/* Typing rests this long before the formula is tried, in milliseconds, on the first so many rows. */
#define DELAY 250
#define TRIED_ROWS 200
#define SHOWN_VALUES 4

/* A formula over the columns: what is wrong is underlined, what is right shows its type and first values; names are completed while typing. */
struct _PatronFormulaField
{
  PatronParamField parent;
  guint            source;
  PatronJob       *job;          /* owned */
  PatronFormulaWords *words;     /* owned: completes names */

  /* Borrowed children. */
  GtkTextView   *view;
  GtkTextBuffer *buffer;
  GtkTextTag    *wrong;
  GtkWidget     *outcome;
};

G_DEFINE_FINAL_TYPE (PatronFormulaField, patron_formula_field, PATRON_TYPE_PARAM_FIELD)

/* ---- trying ------------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronTable *table;
  char        *text;
  char        *outcome;     /* out */
  PatronSpan   span;        /* out: of the mistake */
  gboolean     located;     /* out: it has one */
  gboolean     wrong;       /* out */
} Trial;

static void
trial_free (gpointer data)
{
  Trial *trial = data;
  patron_table_unref (trial->table);
  g_free (trial->text);
  g_free (trial->outcome);
  g_free (trial);
}

/* The type, and where a row's value does not depend on rows that were not tried, the first values. */
static char *
describe (PatronColumn *column, gboolean values)
{
  gsize n = values ? MIN (SHOWN_VALUES, patron_column_get_length (column)) : 0;
  g_autoptr (PatronCells) cells = patron_cells_read (column, NULL, 0, n, NULL);
  GString *text = g_string_new (_(patron_type_label (patron_column_get_type (column))));
  for (gsize i = 0; cells != NULL && i < n; i++)
    {
      char value[64];
      gboolean there = patron_cells_format (cells, i, 2, value, sizeof value);
      g_string_append_printf (text, "%s%s", i == 0 ? ": " : ", ", there ? value : _("missing"));
    }
  if (n > 0 && n < patron_column_get_length (column))
    g_string_append (text, " …");
  return g_string_free (text, FALSE);
}

static gboolean
try_formula (PatronRun *run, gpointer data, GError **error)
{
  Trial *trial = data;
  g_autoptr (GError) problem = NULL;
  guint32 rows[TRIED_ROWS];
  gsize all = patron_table_n_rows (trial->table), n = MIN (TRIED_ROWS, all);
  for (guint32 i = 0; i < n; i++)
    rows[i] = i;
  g_autoptr (PatronTable) head = patron_table_take_rows (trial->table, rows, n, run, error);
  if (head == NULL)
    return FALSE;
  g_autoptr (PatronExpression) expression = patron_expression_parse_span (trial->text, head, &trial->span, &problem);
  g_autoptr (PatronColumn) column = expression != NULL ? patron_expression_compute (expression, "formula", run, &problem) : NULL;
  trial->wrong = column == NULL;
  trial->located = expression == NULL;
  trial->outcome = column != NULL ? describe (column, n == all || !patron_expression_needs_all_rows (expression)) : g_strdup (problem->message);
  return TRUE;
}

/* At the end of the formula, its last character. */
static void
underline (PatronFormulaField *self, PatronSpan span)
{
  GtkTextIter start, end;
  gtk_text_buffer_get_iter_at_offset (self->buffer, &start, (int) span.start);
  gtk_text_buffer_get_iter_at_offset (self->buffer, &end, (int) (span.start + span.length));
  if (gtk_text_iter_equal (&start, &end))
    gtk_text_iter_backward_char (&start);
  gtk_text_buffer_apply_tag (self->buffer, self->wrong, &start, &end);
}

static void
clear_mark (PatronFormulaField *self)
{
  GtkTextIter start, end;
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_remove_tag (self->buffer, self->wrong, &start, &end);
}

static void
show_outcome (PatronFormulaField *self, const char *text, gboolean wrong)
{
  gtk_label_set_label (GTK_LABEL (self->outcome), text);
  gtk_widget_set_visible (self->outcome, *text != '\0');
  if (wrong)
    gtk_widget_add_css_class (self->outcome, "error");
  else
    gtk_widget_remove_css_class (self->outcome, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
on_tried (PatronJob *job, PatronFormulaField *self)
{
  Trial *trial = patron_job_get_data (job);
  if (patron_job_get_state (job) == PATRON_JOB_DONE)
    {
      show_outcome (self, trial->outcome, trial->wrong);
      if (trial->located)
        underline (self, trial->span);
    }
  g_clear_object (&self->job);
}

static void
forget_trial (PatronFormulaField *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  patron_job_forget (&self->job, self);
}

static char *
dup_text (PatronParamField *field)
{
  GtkTextIter start, end;
  PatronFormulaField *self = PATRON_FORMULA_FIELD (field);
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE));
}

static gboolean
on_rested (gpointer data)
{
  PatronFormulaField *self = data;
  PatronTable *table = patron_param_field_get_context (PATRON_PARAM_FIELD (self))->table;
  GtkTextIter start, end;
  self->source = 0;
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  Trial *trial = g_new0 (Trial, 1);
  trial->table = patron_table_ref (table);
  /* As it stands, so that positions are those of the field. */
  trial->text = gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
  self->job = patron_job_start (_("Try the formula"), PATRON_JOB_QUICK, 0, try_formula, trial, trial_free);
  g_signal_connect (self->job, "finished", G_CALLBACK (on_tried), self);
  return G_SOURCE_REMOVE;
}

static void
on_buffer_changed (PatronFormulaField *self)
{
  g_autofree char *text = dup_text (PATRON_PARAM_FIELD (self));
  forget_trial (self);
  clear_mark (self);
  if (*text == '\0')
    show_outcome (self, "", FALSE);
  else if (patron_param_field_get_context (PATRON_PARAM_FIELD (self))->table != NULL)
    self->source = g_timeout_add (DELAY, on_rested, self);
  patron_param_field_edited (PATRON_PARAM_FIELD (self));
}

/* ---- building ---------------------------------------------------------------------------------------------- */

static void
on_insert (PatronFormulaField *self, const char *text)
{
  gtk_text_buffer_delete_selection (self->buffer, FALSE, TRUE);
  gtk_text_buffer_insert_at_cursor (self->buffer, text, -1);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  /* Inside the parentheses of a function. */
  if (g_str_has_suffix (text, "()"))
    {
      GtkTextIter cursor;
      gtk_text_buffer_get_iter_at_mark (self->buffer, &cursor, gtk_text_buffer_get_insert (self->buffer));
      gtk_text_iter_backward_char (&cursor);
      gtk_text_buffer_place_cursor (self->buffer, &cursor);
    }
}

/* Return ends the form, as in any other field; Shift+Return begins a line. */
static gboolean
on_key (PatronFormulaField *self, guint key, guint code, GdkModifierType modifiers)
{
  if (patron_formula_words_key (self->words, key))
    return GDK_EVENT_STOP;
  gboolean enter = key == GDK_KEY_Return || key == GDK_KEY_KP_Enter;
  if (enter && (modifiers & GDK_SHIFT_MASK) == 0)
    {
      gtk_widget_activate_default (GTK_WIDGET (self));
      return GDK_EVENT_STOP;
    }
  return GDK_EVENT_PROPAGATE;
}

static GtkWidget *
build_view (PatronFormulaField *self, PatronTable *table)
{
  self->view = GTK_TEXT_VIEW (gtk_text_view_new ());
  self->buffer = gtk_text_view_get_buffer (self->view);
  self->wrong = gtk_text_buffer_create_tag (self->buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
  gtk_text_view_set_monospace (self->view, TRUE);
  gtk_text_view_set_wrap_mode (self->view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (self->view, FALSE);
  patron_widget_set_name (self->view, _(patron_param_field_get_param (PATRON_PARAM_FIELD (self))->label));
  GtkEventController *keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->view), keys);
  self->words = patron_formula_words_new (self->view, table);
  g_signal_connect_object (self->buffer, "changed", G_CALLBACK (on_buffer_changed), self, G_CONNECT_SWAPPED);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), 62);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 200);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->view));
  gtk_widget_add_css_class (scrolled, "text-field");
  return scrolled;
}

static void
build (PatronParamField *field)
{
  PatronFormulaField *self = PATRON_FORMULA_FIELD (field);
  PatronTable *table = patron_param_field_get_context (field)->table;
  GtkWidget *view = build_view (self, table);
  self->outcome = patron_label_new (NULL, "caption numeric");
  gtk_label_set_selectable (GTK_LABEL (self->outcome), FALSE);
  gtk_widget_set_visible (self->outcome, FALSE);
  GtkWidget *help = patron_formula_help_new (table);
  gtk_widget_set_halign (help, GTK_ALIGN_START);
  g_signal_connect_object (help, "insert", G_CALLBACK (on_insert), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (view, GTK_WIDGET (self));
  gtk_widget_set_parent (self->outcome, GTK_WIDGET (self));
  gtk_widget_set_parent (help, GTK_WIDGET (self));
}

static void
set_text (PatronParamField *field, const char *text)
{
  PatronFormulaField *self = PATRON_FORMULA_FIELD (field);
  g_autofree char *old = dup_text (field);
  if (!g_str_equal (old, text))
    gtk_text_buffer_set_text (self->buffer, text, -1);
}

static void
patron_formula_field_dispose (GObject *object)
{
  PatronFormulaField *self = PATRON_FORMULA_FIELD (object);
  forget_trial (self);
  g_clear_object (&self->words);
  G_OBJECT_CLASS (patron_formula_field_parent_class)->dispose (object);
}

static gboolean
patron_formula_field_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (PATRON_FORMULA_FIELD (widget)->view));
}

static void
patron_formula_field_class_init (PatronFormulaFieldClass *class)
{
  PatronParamFieldClass *field_class = PATRON_PARAM_FIELD_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_formula_field_dispose;
  GTK_WIDGET_CLASS (class)->grab_focus = patron_formula_field_grab_focus;
  field_class->build = build;
  field_class->dup_text = dup_text;
  field_class->set_text = set_text;
}

static void
patron_formula_field_init (PatronFormulaField *self)
{
}
