/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/table-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/accessible.h"
#include "app/prepare-groups.h"
#include "app/text-label.h"
#include "base/names.h"

static void close_editor (PatronTablePage *self);

gboolean
patron_table_page_can_change (PatronTablePage *self)
{
  return self->id != 0 && self->steps != NULL && self->steps_job == NULL
         && !patron_project_is_read_only (patron_document_get_project (self->document));
}

/* ---- applying ---------------------------------------------------------------------------------------------- */

static void
set_busy (PatronTablePage *self, gboolean busy)
{
  patron_steps_pane_set_busy (self->steps_pane, busy || !patron_table_page_can_change (self));
  if (self->editor != NULL)
    gtk_widget_set_sensitive (GTK_WIDGET (self->editor), !busy);
}

/* A failed job is told by the window; the settings stay open to be mended. */
static void
on_applied (PatronJob *job, PatronTablePage *self)
{
  gboolean done = patron_job_get_state (job) == PATRON_JOB_DONE;
  g_clear_object (&self->steps_job);
  set_busy (self, FALSE);
  if (!done)
    return;
  gboolean filtered = self->keeping && self->order.filter != NULL, sorted = self->keeping && !filtered;
  close_editor (self);
  if (filtered)
    patron_table_page_filter (self, NULL);
  else if (sorted)
    patron_table_page_sort (self, -1, FALSE);
}

static void
set_steps (PatronTablePage *self, const GPtrArray *steps, const PatronText *label, PatronTable *ready, const PatronStepOutcome *outcome)
{
  if (!patron_table_page_can_change (self))
    return;
  PatronJob *job = patron_document_set_steps (self->document, patron_table_get_name (self->table), steps, label, ready, outcome);
  if (job == NULL)
    return;
  self->steps_job = g_object_ref (job);
  set_busy (self, TRUE);
  g_signal_connect (self->steps_job, "finished", G_CALLBACK (on_applied), self);
}

static void
on_change (PatronTablePage *self, const GPtrArray *steps, const PatronText *label)
{
  set_steps (self, steps, label, NULL, NULL);
}

static void
on_apply (PatronTablePage *self)
{
  PatronStepPreview *preview = patron_step_editor_get_preview (self->editor);
  gboolean whole = patron_step_preview_is_whole (preview) && self->adding && self->edited == self->steps->len;
  g_autoptr (GPtrArray) steps = patron_table_steps_copy (self->steps);
  PatronStep *step = patron_step_editor_dup_step (self->editor);
  g_autoptr (PatronText) sentence = patron_step_sentence (step);
  if (self->adding)
    g_ptr_array_insert (steps, (gint) self->edited, patron_table_step_new (step));
  else
    {
      patron_table_step_free (steps->pdata[self->edited]);
      steps->pdata[self->edited] = patron_table_step_new (step);
    }
  set_steps (self, steps, sentence, whole ? patron_step_preview_get_table (preview) : NULL,
             whole ? patron_step_preview_get_outcome (preview) : NULL);
}

/* ---- preview ----------------------------------------------------------------------------------------------- */

/* Columns that the step made or changed: of other names, or not the very column of the input where the rows are still the same. */
static gboolean
is_changed (PatronTable *input, PatronColumn *column, PatronRowsEffect rows)
{
  PatronColumn *before = patron_table_find (input, patron_column_get_name (column));
  if (before == NULL || patron_column_get_type (before) != patron_column_get_type (column))
    return TRUE;
  return rows == PATRON_ROWS_KEPT && before != column;
}

static void
show_preview_table (PatronTablePage *self, PatronTable *table, gboolean whole)
{
  const PatronOp *op = patron_step_editor_get_op (self->editor);
  PatronTable *input = patron_step_editor_get_input (self->editor);
  PatronGrid *former = PATRON_GRID (gtk_scrolled_window_get_child (self->preview_scrolled));
  PatronGrid *grid = PATRON_GRID (patron_grid_new (table));
  int first = -1;
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    {
      /* Of the first rows every column is a copy: there, only names and types tell. */
      gboolean changed = is_changed (input, patron_table_column (table, i), whole ? op->prepare->rows : PATRON_ROWS_NEW);
      patron_grid_set_marked (grid, i, changed);
      if (changed && first < 0)
        first = (int) i;
    }
  guint column = first >= 0 ? (guint) first : former != NULL ? patron_grid_get_column (former) : 0;
  gsize row = former != NULL ? patron_grid_get_row (former) : 0;
  gtk_scrolled_window_set_child (self->preview_scrolled, GTK_WIDGET (grid));
  patron_grid_move (grid, row, column, FALSE);
}

static char *
preview_text (PatronStepPreview *preview)
{
  const PatronStepOutcome *outcome = patron_step_preview_get_outcome (preview);
  if (patron_step_preview_get_error (preview) != NULL)
    return g_strdup (_("No preview: the step cannot be applied like this"));
  if (outcome == NULL)
    return g_strdup (patron_step_preview_is_busy (preview) ? _("Working out a preview…")
                                                           : _("A preview appears here once the settings are complete"));
  const char *msgid = patron_step_preview_is_whole (preview)
                        ? N_("Preview: {a} → {b} rows, {c} → {d} columns")
                        : N_("Preview of the first {a} rows: {a} → {b} rows, {c} → {d} columns");
  g_autoptr (PatronText) text = patron_text (msgid, "a", PATRON_COUNT (outcome->rows_before), "b", PATRON_COUNT (outcome->rows_after),
                                             "c", PATRON_COUNT (outcome->columns_before), "d", PATRON_COUNT (outcome->columns_after), NULL);
  return patron_text_render (text);
}

static void
on_preview (PatronTablePage *self)
{
  PatronStepPreview *preview = patron_step_editor_get_preview (self->editor);
  PatronTable *table = patron_step_preview_get_table (preview);
  gboolean busy = patron_step_preview_is_busy (preview);
  g_autofree char *text = preview_text (preview);
  gtk_label_set_label (self->preview_label, text);
  gtk_spinner_set_spinning (GTK_SPINNER (self->preview_spinner), busy);
  gtk_widget_set_visible (self->preview_spinner, busy);
  if (table == NULL)
    {
      gtk_stack_set_visible_child (self->content, GTK_WIDGET (self->scrolled));
      self->previewed = 0;
      return;
    }
  if (self->previewed != patron_step_preview_get_serial (preview))
    {
      self->previewed = patron_step_preview_get_serial (preview);
      show_preview_table (self, table, patron_step_preview_is_whole (preview));
    }
  gtk_stack_set_visible_child (self->content, GTK_WIDGET (self->preview_scrolled));
}

/* ---- the editor -------------------------------------------------------------------------------------------- */

static void
show_side (PatronTablePage *self, GtkWidget *child)
{
  gtk_stack_set_visible_child (self->side, child);
  adw_flap_set_reveal_flap (self->flap, TRUE);
}

static void
close_editor (PatronTablePage *self)
{
  patron_job_forget (&self->input_job, self);
  self->keeping = FALSE;
  if (self->editor != NULL)
    {
      GtkWidget *editor = GTK_WIDGET (self->editor);
      self->editor = NULL;
      gtk_stack_set_visible_child (self->side, GTK_WIDGET (self->steps_pane));
      gtk_stack_remove (self->side, editor);
    }
  gtk_stack_set_visible_child (self->content, GTK_WIDGET (self->scrolled));
  gtk_scrolled_window_set_child (self->preview_scrolled, NULL);
  gtk_widget_set_visible (self->preview_bar, FALSE);
}

static void
on_cancel (PatronTablePage *self)
{
  close_editor (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->steps_pane));
}

static void
open_editor (PatronTablePage *self, PatronTable *input, const PatronStep *step)
{
  close_editor (self);
  self->previewed = 0;
  self->editor = PATRON_STEP_EDITOR (patron_step_editor_new (self->document, input, step, self->adding));
  g_signal_connect_object (self->editor, "preview", G_CALLBACK (on_preview), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->editor, "apply", G_CALLBACK (on_apply), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->editor, "cancel", G_CALLBACK (on_cancel), self, G_CONNECT_SWAPPED);
  gtk_stack_add_child (self->side, GTK_WIDGET (self->editor));
  show_side (self, GTK_WIDGET (self->editor));
  gtk_widget_set_visible (self->preview_bar, TRUE);
  on_preview (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->editor));
}

/* ---- what an early step sees ------------------------------------------------------------------------------- */

typedef struct
{
  PatronProject *project;
  PatronTable   *base;
  GPtrArray     *steps;     /* of PatronTableStep* */
  guint          n;         /* of them come before */
  PatronStep    *step;      /* to edit */
  PatronTable   *input;     /* out */
} InputWork;

static void
input_work_free (gpointer data)
{
  InputWork *work = data;
  patron_project_unref (work->project);
  patron_table_unref (work->base);
  g_ptr_array_unref (work->steps);
  patron_step_free (work->step);
  g_clear_pointer (&work->input, patron_table_unref);
  g_free (work);
}

static gboolean
make_input (PatronRun *run, gpointer data, GError **error)
{
  InputWork *work = data;
  g_autoptr (GPtrArray) plain = patron_table_steps_plain (work->steps, 0, work->n);
  work->input = patron_engine_prepare_table (work->base, plain, patron_engine_find_table, work->project, run, NULL, error);
  return work->input != NULL;
}

static void
on_input_made (PatronJob *job, PatronTablePage *self)
{
  InputWork *work = patron_job_get_data (job);
  g_autoptr (PatronJob) held = g_steal_pointer (&self->input_job);
  if (work->input != NULL)
    open_editor (self, work->input, work->step);
  else if (patron_job_get_state (job) == PATRON_JOB_FAILED)
    g_signal_emit_by_name (self->document, "problem", patron_job_get_error (job));
}

/* The step at self->edited. */
static void
edit (PatronTablePage *self, const PatronStep *step)
{
  if (self->edited == self->steps->len)
    {
      open_editor (self, self->table, step);
      return;
    }
  GError *error = NULL;
  PatronTable *base = patron_document_open_base (self->document, patron_table_get_name (self->table), &error);
  if (base == NULL)
    {
      g_signal_emit_by_name (self->document, "problem", error);
      g_error_free (error);
      return;
    }
  close_editor (self);
  InputWork *work = g_new0 (InputWork, 1);
  work->project = patron_project_ref (patron_document_get_project (self->document));
  work->base = base;
  work->steps = patron_table_steps_copy (self->steps);
  work->n = self->edited;
  work->step = patron_step_copy (step);
  PatronJob *job = patron_document_start_job (self->document, _("Apply the steps before it"), PATRON_JOB_QUICK, make_input, work, input_work_free);
  self->input_job = g_object_ref (job);
  g_signal_connect (self->input_job, "finished", G_CALLBACK (on_input_made), self);
}

static void
on_edit (PatronTablePage *self, guint position)
{
  if (!patron_table_page_can_change (self) || position >= self->steps->len)
    return;
  self->adding = FALSE;
  self->edited = position;
  edit (self, ((PatronTableStep *) self->steps->pdata[position])->step);
}

/* ---- new steps --------------------------------------------------------------------------------------------- */

static void
on_add (PatronTablePage *self, guint position)
{
  self->add_at = position;
  show_side (self, GTK_WIDGET (self->palette));
  patron_step_palette_start (self->palette);
}

static void
on_palette_cancelled (PatronTablePage *self)
{
  gtk_stack_set_visible_child (self->side, GTK_WIDGET (self->steps_pane));
}

static void
begin (PatronTablePage *self, const PatronOp *op, guint position, const char *const *texts)
{
  if (!patron_table_page_can_change (self))
    return;
  g_autoptr (PatronStep) step = patron_step_new (op);
  for (const char *const *text = texts; text != NULL && text[0] != NULL; text += 2)
    {
      const PatronParam *param = patron_params_find (op->params, text[0]);
      if (param != NULL)
        patron_param_parse (param, text[1], step->params, NULL);
    }
  self->adding = TRUE;
  self->edited = MIN (position, self->steps->len);
  edit (self, step);
}

static void
on_chosen (PatronTablePage *self, gpointer op)
{
  begin (self, op, self->add_at, NULL);
}

void
patron_table_page_begin_step (PatronTablePage *self, const char *id, const char *const *texts)
{
  const PatronOp *op = patron_prepare_find (id);
  if (op != NULL && self->steps != NULL)
    begin (self, op, self->steps->len, texts);
}

/* The first parameter that a column goes into, NULL when none takes one of its type. */
static const PatronParam *
column_param (const PatronOp *op, PatronColumn *column)
{
  for (const PatronParam *p = op->params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    {
      if (p->kind != PATRON_PARAM_KIND_TEXT)
        continue;
      if (p->holds == PATRON_HOLDS_COLUMN || p->holds == PATRON_HOLDS_COLUMNS)
        return p->accepts == 0 || (p->accepts & patron_type_accept (patron_column_get_type (column))) != 0 ? p : NULL;
      if (p->holds == PATRON_HOLDS_PAIRS)
        return p;
    }
  return NULL;
}

static const PatronParam *
pairs_param (const PatronOp *op)
{
  for (const PatronParam *p = op->params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    if (p->kind == PATRON_PARAM_KIND_TEXT && p->holds == PATRON_HOLDS_PAIRS)
      return p;
  return NULL;
}

/* The text that names the column in such a parameter. */
static char *
column_text (const PatronParam *param, const char *name)
{
  if (param->holds == PATRON_HOLDS_COLUMN)
    return g_strdup (name);
  const char *const names[] = { name, NULL };
  if (param->holds == PATRON_HOLDS_COLUMNS)
    return patron_names_join (names);
  g_autoptr (GPtrArray) pairs = g_ptr_array_new ();
  PatronPair pair = { .from = (char *) name, .to = (char *) "" };
  g_ptr_array_add (pairs, &pair);
  return patron_pairs_join (pairs);
}

static void
begin_with_column (PatronTablePage *self, const PatronOp *op, guint index)
{
  PatronColumn *column = patron_table_column (self->table, index);
  const PatronParam *param = column_param (op, column);
  g_autofree char *text = param != NULL ? column_text (param, patron_column_get_name (column)) : NULL;
  const char *const texts[] = { param != NULL ? param->field : NULL, text, NULL };
  begin (self, op, self->steps->len, texts);
}

void
patron_table_page_begin_sort (PatronTablePage *self, guint column, gboolean descending)
{
  const PatronOp *op = patron_prepare_find ("sort");
  if (op == NULL || self->steps == NULL)
    return;
  const PatronParam *param = column_param (op, patron_table_column (self->table, column));
  g_autofree char *text = param != NULL ? column_text (param, patron_column_get_name (patron_table_column (self->table, column))) : NULL;
  const char *const texts[] = { param != NULL ? param->field : NULL, text, "descending", descending ? "true" : "false", NULL };
  begin (self, op, self->steps->len, texts);
}

/* ---- the header's menu ------------------------------------------------------------------------------------- */

static const struct { const char *op, *label; } header_steps[] = {
  { "rename", N_("Re_name…") },
  { "retype", N_("Change _Type…") },
  { "recode", N_("Change _Values…") },
  { "fill", N_("_Fill Missing Values…") },
  { "missing-codes", N_("Values That _Mean Missing…") },
  { "bin", N_("Cut into _Groups…") },
  { "scale", N_("_Scale…") },
  { "date-parts", N_("_Parts of the Date…") },
  { "split-text", N_("S_plit Text…") },
  { "encode", N_("Turn into N_umbers…") },
  { "drop", N_("Leave It O_ut…") },
};

void
patron_table_page_add_step_items (PatronTablePage *self, GMenu *menu)
{
  g_autoptr (GMenu) section = g_menu_new ();
  PatronColumn *column = patron_table_column (self->table, patron_grid_get_column (self->grid));
  for (gsize i = 0; i < G_N_ELEMENTS (header_steps) && patron_table_page_can_change (self); i++)
    {
      const PatronOp *op = patron_prepare_find (header_steps[i].op);
      if (op == NULL || column_param (op, column) == NULL)
        continue;
      g_autoptr (GMenuItem) item = g_menu_item_new (_(header_steps[i].label), NULL);
      g_menu_item_set_action_and_target (item, "table.step", "s", op->id);
      g_menu_append_item (section, item);
    }
  if (g_menu_model_get_n_items (G_MENU_MODEL (section)) > 0)
    g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}

/* ---- another name for a column ----------------------------------------------------------------------------- */

static void
rename_column (PatronTablePage *self, const char *from, const char *to)
{
  const PatronOp *op = patron_prepare_find ("rename");
  const PatronParam *param = op != NULL ? pairs_param (op) : NULL;
  if (param == NULL || *to == '\0' || g_str_equal (from, to) || !patron_table_page_can_change (self))
    return;
  PatronPair pair = { .from = (char *) from, .to = (char *) to };
  g_autoptr (GPtrArray) pairs = g_ptr_array_new ();
  g_ptr_array_add (pairs, &pair);
  g_autofree char *text = patron_pairs_join (pairs);
  g_autoptr (PatronStep) step = patron_step_new (op);
  if (!patron_param_parse (param, text, step->params, NULL))
    return;
  g_autoptr (PatronText) sentence = patron_step_sentence (step);
  g_autoptr (GPtrArray) steps = patron_table_steps_copy (self->steps);
  g_ptr_array_add (steps, patron_table_step_new (g_steal_pointer (&step)));
  set_steps (self, steps, sentence, NULL, NULL);
}

static void
on_name_entered (GtkEntry *entry, PatronTablePage *self)
{
  const char *from = g_object_get_data (G_OBJECT (entry), "from");
  g_autofree char *to = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
  rename_column (self, from, to);
  gtk_popover_popdown (GTK_POPOVER (self->menu));
}

static void
on_rename_asked (PatronTablePage *self, guint column, double x, double y)
{
  const char *name = patron_column_get_name (patron_table_column (self->table, column));
  if (!patron_table_page_can_change (self) || patron_prepare_find ("rename") == NULL)
    return;
  GtkWidget *entry = gtk_entry_new ();
  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 24);
  patron_widget_set_name (entry, _("Name of the column"));
  g_object_set_data_full (G_OBJECT (entry), "from", g_strdup (name), g_free);
  g_signal_connect_object (entry, "activate", G_CALLBACK (on_name_entered), self, 0);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  self->menu = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (self->menu), entry);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  gtk_widget_translate_coordinates (GTK_WIDGET (self->grid), GTK_WIDGET (self), x, y, &x, &y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
  gtk_widget_grab_focus (entry);
}

/* Once the menu that it was chosen in is gone. */
static gboolean
ask_name_later (gpointer data)
{
  PatronTablePage *self = data;
  self->ask_name = 0;
  patron_grid_ask_name (self->grid);
  return G_SOURCE_REMOVE;
}

static void
step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PatronTablePage *self = PATRON_TABLE_PAGE (widget);
  const PatronOp *op = patron_prepare_find (g_variant_get_string (parameter, NULL));
  if (op != NULL && g_str_equal (op->id, "rename"))
    {
      if (self->ask_name == 0)
        self->ask_name = g_idle_add (ask_name_later, self);
    }
  else if (op != NULL && self->steps != NULL)
    begin_with_column (self, op, patron_grid_get_column (self->grid));
}

void
patron_table_page_steps_init (PatronTablePage *self)
{
  g_signal_connect_swapped (self->grid, "rename-asked", G_CALLBACK (on_rename_asked), self);
}

/* ---- life -------------------------------------------------------------------------------------------------- */

void
patron_table_page_read_steps (PatronTablePage *self)
{
  GError *error = NULL;
  const char *name = patron_table_get_name (self->table);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  self->steps = patron_document_dup_steps (self->document, name, &error);
  g_autoptr (PatronTable) base = self->steps != NULL ? patron_document_open_base (self->document, name, &error) : NULL;
  if (base == NULL)
    {
      g_signal_emit_by_name (self->document, "problem", error);
      g_clear_error (&error);
    }
  else
    patron_steps_pane_show (self->steps_pane, self->steps, patron_table_n_rows (base), patron_table_n_columns (base));
  guint n = self->steps != NULL ? self->steps->len : 0;
  g_autofree char *label = n > 0 ? g_strdup_printf (_("_Steps (%u)"), n) : g_strdup (_("_Steps"));
  gtk_button_set_label (GTK_BUTTON (self->steps_button), label);
  patron_accessible_tidy (GTK_WIDGET (self->steps_button));
  set_busy (self, self->steps_job != NULL);
  if (self->steps_job == NULL)
    close_editor (self);
}

void
patron_table_page_steps_class_init (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_callback (class, on_change);
  gtk_widget_class_bind_template_callback (class, on_add);
  gtk_widget_class_bind_template_callback (class, on_edit);
  gtk_widget_class_bind_template_callback (class, on_chosen);
  gtk_widget_class_bind_template_callback (class, on_palette_cancelled);
  gtk_widget_class_install_action (class, "table.step", "s", step_action);
}

void
patron_table_page_steps_clear (PatronTablePage *self)
{
  patron_job_forget (&self->input_job, self);
  g_clear_handle_id (&self->ask_name, g_source_remove);
  if (self->steps_job != NULL)
    g_signal_handlers_disconnect_by_data (self->steps_job, self);
  g_clear_object (&self->steps_job);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
}
