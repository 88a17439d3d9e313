/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/step-editor.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/accessible.h"
#include "app/block-view.h"
#include "app/help-window.h"
#include "app/param-block.h"
#include "app/prepare-groups.h"
#include "app/text-label.h"

struct _PatronStepEditor
{
  GtkWidget          parent;
  PatronDocument    *document;     /* owned */
  PatronTable       *input;        /* owned */
  PatronStep        *step;         /* owned: the form writes into its params */
  PatronParamBlock  *block;        /* owned */
  PatronStepPreview *preview;      /* owned */
  guint              shown;        /* serial of the result whose findings are on show */

  /* Borrowed children. */
  GtkWidget *form;
  GtkWidget *findings;
  GtkWidget *problem;
  GtkWidget *apply;
};

enum { PREVIEW, APPLY, CANCEL, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronStepEditor, patron_step_editor, GTK_TYPE_WIDGET)

/* ---- what the step finds ----------------------------------------------------------------------------------- */

static void
clear_box (GtkWidget *box)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (box)) != NULL)
    gtk_box_remove (GTK_BOX (box), child);
}

static void
add_figure (GtkWidget *box, const PatronFigure *figure)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = patron_label_new_text (figure->label, "dim-label");
  gtk_widget_set_hexpand (label, TRUE);
  g_autofree char *value = patron_format_number (figure->format, figure->value);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), patron_label_new_short (value, "numeric"));
  if (figure->note != NULL)
    {
      g_autofree char *note = patron_text_render (figure->note);
      gtk_widget_set_tooltip_text (line, note);
    }
  gtk_box_append (GTK_BOX (box), line);
}

static void
show_findings (PatronStepEditor *self)
{
  const PatronStepOutcome *outcome = patron_step_preview_get_outcome (self->preview);
  if (patron_step_preview_get_serial (self->preview) == self->shown)
    return;
  self->shown = patron_step_preview_get_serial (self->preview);
  clear_box (self->findings);
  const PatronReport *report = outcome != NULL ? outcome->report : NULL;
  gboolean any = report != NULL && (report->notes->len > 0 || report->figures->len > 0 || report->blocks->len > 0);
  gtk_widget_set_visible (self->findings, any);
  if (!any)
    return;
  gtk_box_append (GTK_BOX (self->findings), patron_label_new (_("What It Finds"), "heading"));
  for (guint i = 0; i < report->notes->len; i++)
    gtk_box_append (GTK_BOX (self->findings), patron_label_new_text (report->notes->pdata[i], NULL));
  for (guint i = 0; i < report->figures->len; i++)
    add_figure (self->findings, report->figures->pdata[i]);
  /* The widgets borrow from the report, which the preview keeps until it shows another. */
  for (guint i = 0; i < report->blocks->len; i++)
    gtk_box_append (GTK_BOX (self->findings), patron_block_view_new (report->blocks->pdata[i]));
}

static void
show_problem (PatronStepEditor *self, const char *problem)
{
  gtk_label_set_label (GTK_LABEL (self->problem), problem != NULL ? problem : "");
  gtk_widget_set_visible (self->problem, problem != NULL);
}

gboolean
patron_step_editor_can_apply (PatronStepEditor *self)
{
  return patron_param_block_first_problem (self->block) == NULL && patron_step_preview_get_error (self->preview) == NULL;
}

/* A step that nobody has told anything yet is not scolded for it. */
static gboolean
is_incomplete (PatronStepEditor *self)
{
  for (const PatronParam *p = self->step->op->params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    if (p->kind == PATRON_PARAM_KIND_TEXT && p->holds != PATRON_HOLDS_TEXT && !p->optional && patron_param_relevant (p, self->step->params)
        && *patron_param_get_text (p, self->step->params) == '\0')
      return TRUE;
  return FALSE;
}

static void
on_preview_changed (PatronStepEditor *self)
{
  const GError *error = patron_step_preview_get_error (self->preview);
  show_findings (self);
  show_problem (self, error != NULL && !patron_step_preview_is_formula_error (self->preview) ? error->message : NULL);
  gtk_widget_set_sensitive (self->apply, patron_step_editor_can_apply (self) && !is_incomplete (self));
  g_signal_emit (self, signals[PREVIEW], 0);
}

static void
on_form_changed (PatronStepEditor *self)
{
  PatronParamRow *problem = patron_param_block_first_problem (self->block);
  patron_step_preview_request (self->preview, problem == NULL && !is_incomplete (self) ? self->step : NULL);
}

/* ---- building ---------------------------------------------------------------------------------------------- */

static gboolean
has_advanced (const PatronOp *op)
{
  for (const PatronParam *p = op->params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    if (p->advanced)
      return TRUE;
  return FALSE;
}

static void
build_form (PatronStepEditor *self)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *advanced = has_advanced (self->step->op) ? adw_expander_row_new () : NULL;
  PatronParamContext *context = patron_param_context_new (self->input, self->document, self->step->op->params, self->step->params);
  if (advanced != NULL)
    {
      adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (advanced), TRUE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (advanced), _("_Advanced"));
    }
  self->block = patron_param_block_new_full (self->step->op->params, self->step->params, context, ADW_PREFERENCES_GROUP (group),
                                             advanced != NULL ? ADW_EXPANDER_ROW (advanced) : NULL);
  patron_param_context_unref (context);
  if (advanced != NULL)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), advanced);
  g_signal_connect_object (self->block, "changed", G_CALLBACK (on_form_changed), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->form), group);
}

static void
on_cancel (PatronStepEditor *self)
{
  g_signal_emit (self, signals[CANCEL], 0);
}

static void
on_apply (PatronStepEditor *self)
{
  if (gtk_widget_get_sensitive (self->apply))
    g_signal_emit (self, signals[APPLY], 0);
}

static void
on_help (PatronStepEditor *self)
{
  patron_help_window_present (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->step->op);
}

static GtkWidget *
build_head (PatronStepEditor *self)
{
  const PatronOp *op = self->step->op;
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class (head, "step-head");
  GtkWidget *back = patron_icon_button_new ("go-previous-symbolic", _("Back to the steps"));
  g_signal_connect_object (back, "clicked", G_CALLBACK (on_cancel), self, G_CONNECT_SWAPPED);
  GtkWidget *title = patron_label_new (_(op->title), "title-4");
  gtk_widget_set_hexpand (title, TRUE);
  GtkWidget *help = patron_icon_button_new ("help-about-symbolic", _("How it works"));
  g_signal_connect_object (help, "clicked", G_CALLBACK (on_help), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (head), back);
  gtk_box_append (GTK_BOX (head), title);
  if (op->help != NULL)
    gtk_box_append (GTK_BOX (head), help);
  return head;
}

static GtkWidget *
build_foot (PatronStepEditor *self, gboolean adding)
{
  GtkWidget *foot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class (foot, "step-foot");
  gtk_box_set_homogeneous (GTK_BOX (foot), TRUE);
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));
  g_signal_connect_object (cancel, "clicked", G_CALLBACK (on_cancel), self, G_CONNECT_SWAPPED);
  self->apply = gtk_button_new_with_mnemonic (adding ? _("_Add Step") : _("_Change Step"));
  gtk_widget_add_css_class (self->apply, "suggested-action");
  gtk_widget_set_sensitive (self->apply, FALSE);
  g_signal_connect_object (self->apply, "clicked", G_CALLBACK (on_apply), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (foot), cancel);
  gtk_box_append (GTK_BOX (foot), self->apply);
  return foot;
}

static void
build (PatronStepEditor *self, gboolean adding)
{
  self->form = gtk_box_new (GTK_ORIENTATION_VERTICAL, 15);
  gtk_widget_add_css_class (self->form, "panel");
  gtk_box_append (GTK_BOX (self->form), patron_label_new (_(self->step->op->summary), "dim-label"));
  build_form (self);
  self->problem = patron_label_new (NULL, "error");
  gtk_widget_set_visible (self->problem, FALSE);
  self->findings = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_set_visible (self->findings, FALSE);
  gtk_box_append (GTK_BOX (self->form), self->problem);
  gtk_box_append (GTK_BOX (self->form), self->findings);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->form);
  /* A list within it keeps its height. */
  gtk_scrollable_set_vscroll_policy (GTK_SCROLLABLE (gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (scrolled))), GTK_SCROLL_NATURAL);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_set_parent (build_head (self), GTK_WIDGET (self));
  gtk_widget_set_parent (scrolled, GTK_WIDGET (self));
  gtk_widget_set_parent (build_foot (self, adding), GTK_WIDGET (self));
}

/* ---- public ------------------------------------------------------------------------------------------------ */

GtkWidget *
patron_step_editor_new (PatronDocument *document, PatronTable *input, const PatronStep *step, gboolean adding)
{
  PatronStepEditor *self = g_object_new (PATRON_TYPE_STEP_EDITOR, NULL);
  self->document = g_object_ref (document);
  self->input = patron_table_ref (input);
  self->step = patron_step_copy (step);
  self->preview = patron_step_preview_new (document, input);
  g_signal_connect_object (self->preview, "changed", G_CALLBACK (on_preview_changed), self, G_CONNECT_SWAPPED);
  build (self, adding);
  patron_accessible_tidy (GTK_WIDGET (self));
  on_form_changed (self);
  return GTK_WIDGET (self);
}

PatronStep *
patron_step_editor_dup_step (PatronStepEditor *self)
{
  return patron_step_copy (self->step);
}

const PatronOp *
patron_step_editor_get_op (PatronStepEditor *self)
{
  return self->step->op;
}

PatronTable *
patron_step_editor_get_input (PatronStepEditor *self)
{
  return self->input;
}

PatronStepPreview *
patron_step_editor_get_preview (PatronStepEditor *self)
{
  return self->preview;
}

gboolean
patron_step_editor_enter (PatronStepEditor *self, const char *param, const char *text)
{
  PatronParamRow *row = patron_param_block_find (self->block, param);
  if (row == NULL)
    return FALSE;
  patron_param_row_enter (row, text);
  return patron_param_row_get_problem (row) == NULL;
}

/* ---- widget ------------------------------------------------------------------------------------------------ */

/* Return applies, wherever the focus is. */
static void
patron_step_editor_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (patron_step_editor_parent_class)->map (widget);
  gtk_window_set_default_widget (GTK_WINDOW (gtk_widget_get_root (widget)), PATRON_STEP_EDITOR (widget)->apply);
}

static void
patron_step_editor_unmap (GtkWidget *widget)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
  if (window != NULL && gtk_window_get_default_widget (window) == PATRON_STEP_EDITOR (widget)->apply)
    gtk_window_set_default_widget (window, NULL);
  GTK_WIDGET_CLASS (patron_step_editor_parent_class)->unmap (widget);
}

static gboolean
patron_step_editor_grab_focus (GtkWidget *widget)
{
  PatronParamRow *row = patron_param_block_first (PATRON_STEP_EDITOR (widget)->block);
  return row != NULL ? gtk_widget_grab_focus (patron_param_row_get_control (row)) : gtk_widget_grab_focus (PATRON_STEP_EDITOR (widget)->apply);
}

static gboolean
on_escape (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  on_cancel (PATRON_STEP_EDITOR (widget));
  return TRUE;
}

static void
patron_step_editor_dispose (GObject *object)
{
  PatronStepEditor *self = PATRON_STEP_EDITOR (object);
  GtkWidget *child;
  if (self->preview != NULL)
    patron_step_preview_stop (self->preview);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->block);
  g_clear_object (&self->preview);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (patron_step_editor_parent_class)->dispose (object);
}

static void
patron_step_editor_finalize (GObject *object)
{
  PatronStepEditor *self = PATRON_STEP_EDITOR (object);
  g_clear_pointer (&self->input, patron_table_unref);
  g_clear_pointer (&self->step, patron_step_free);
  G_OBJECT_CLASS (patron_step_editor_parent_class)->finalize (object);
}

static void
patron_step_editor_class_init (PatronStepEditorClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  GType type = G_TYPE_FROM_CLASS (class);
  object_class->dispose = patron_step_editor_dispose;
  object_class->finalize = patron_step_editor_finalize;
  widget_class->map = patron_step_editor_map;
  widget_class->unmap = patron_step_editor_unmap;
  widget_class->grab_focus = patron_step_editor_grab_focus;
  signals[PREVIEW] = g_signal_new ("preview", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[APPLY] = g_signal_new ("apply", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CANCEL] = g_signal_new ("cancel", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, on_escape, NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
patron_step_editor_init (PatronStepEditor *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_size_request (GTK_WIDGET (self), 384, -1);
}
