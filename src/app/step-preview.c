/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/step-preview.h"

#include <glib/gi18n-lib.h>

#include "table/expression.h"

/* Settings rest this long before work begins, in milliseconds. */
#define DELAY 200
/* Tables up to this size are worked out at once; of others the first so many rows come first. */
#define HEAD_ROWS 5000

typedef struct
{
  PatronProject     *project;
  PatronTable       *input;
  PatronStep        *step;
  gboolean           whole;
  PatronTable       *table;      /* out */
  PatronStepOutcome *outcome;    /* out */
  gboolean           formula;    /* out: a formula is at fault */
} Work;

struct _PatronStepPreview
{
  GObject            parent;
  PatronDocument    *document;   /* owned */
  PatronTable       *input;      /* owned */
  PatronStep        *step;       /* owned: asked for; NULL: nothing */
  guint              source;
  PatronJob         *job;        /* owned */
  GError            *error;
  PatronTable       *table;      /* owned */
  PatronStepOutcome *outcome;    /* owned */
  gboolean           whole;
  gboolean           formula;
  guint              serial;
};

G_DEFINE_FINAL_TYPE (PatronStepPreview, patron_step_preview, G_TYPE_OBJECT)

static guint changed;

/* ---- worker ------------------------------------------------------------------------------------------------ */

static void
work_free (gpointer data)
{
  Work *work = data;
  patron_project_unref (work->project);
  patron_table_unref (work->input);
  patron_step_free (work->step);
  g_clear_pointer (&work->table, patron_table_unref);
  g_clear_pointer (&work->outcome, patron_step_outcome_free);
  g_free (work);
}

static PatronTable *
take_head (PatronTable *table, PatronRun *run, GError **error)
{
  guint32 rows[HEAD_ROWS];
  for (guint32 i = 0; i < HEAD_ROWS; i++)
    rows[i] = i;
  return patron_table_take_rows (table, rows, HEAD_ROWS, run, error);
}

static gboolean
has_wrong_formula (const PatronStep *step, PatronTable *table)
{
  for (const PatronParam *p = step->op->params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    {
      const char *text = p->kind == PATRON_PARAM_KIND_TEXT && p->holds == PATRON_HOLDS_EXPRESSION ? patron_param_get_text (p, step->params) : "";
      g_autoptr (PatronExpression) expression = *text != '\0' ? patron_expression_parse (text, table, NULL) : NULL;
      if (*text != '\0' && expression == NULL)
        return TRUE;
    }
  return FALSE;
}

static gboolean
work_out (PatronRun *run, gpointer data, GError **error)
{
  Work *work = data;
  g_autoptr (PatronTable) input = work->whole ? patron_table_ref (work->input) : take_head (work->input, run, error);
  if (input == NULL)
    return FALSE;
  GPtrArray *outcomes = NULL;
  g_autoptr (GPtrArray) steps = g_ptr_array_new ();
  g_ptr_array_add (steps, work->step);
  work->table = patron_engine_prepare_table (input, steps, patron_engine_find_table, work->project, run, &outcomes, error);
  if (work->table != NULL && outcomes != NULL && outcomes->len > 0)
    work->outcome = g_ptr_array_steal_index (outcomes, 0);
  g_clear_pointer (&outcomes, g_ptr_array_unref);
  work->formula = work->table == NULL && has_wrong_formula (work->step, input);
  return work->table != NULL && work->outcome != NULL;
}

/* ---- main thread ------------------------------------------------------------------------------------------- */

static void start (PatronStepPreview *self, gboolean whole);

static void
forget_job (PatronStepPreview *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  patron_job_forget (&self->job, self);
}

static void
take_result (PatronStepPreview *self, Work *work)
{
  g_clear_error (&self->error);
  g_clear_pointer (&self->table, patron_table_unref);
  g_clear_pointer (&self->outcome, patron_step_outcome_free);
  self->table = g_steal_pointer (&work->table);
  self->outcome = g_steal_pointer (&work->outcome);
  self->serial++;
  self->whole = work->whole;
}

static void
take_error (PatronStepPreview *self, const GError *error)
{
  g_clear_error (&self->error);
  g_clear_pointer (&self->table, patron_table_unref);
  g_clear_pointer (&self->outcome, patron_step_outcome_free);
  self->error = g_error_copy (error);
  self->serial++;
}

/* Whether the first rows will do is for all rows to say: some of them may have what the first lack. */
static void
on_finished (PatronJob *job, PatronStepPreview *self)
{
  Work *work = patron_job_get_data (job);
  gboolean whole = work->whole, done = patron_job_get_state (job) == PATRON_JOB_DONE;
  if (done)
    take_result (self, work);
  else if (whole)
    take_error (self, patron_job_get_error (job));
  self->formula = work->formula;
  g_clear_object (&self->job);
  if (!whole)
    start (self, TRUE);
  g_signal_emit (self, changed, 0);
}

static void
on_progress (PatronStepPreview *self)
{
  g_signal_emit (self, changed, 0);
}

static void
start (PatronStepPreview *self, gboolean whole)
{
  Work *work = g_new0 (Work, 1);
  work->project = patron_project_ref (patron_document_get_project (self->document));
  work->input = patron_table_ref (self->input);
  work->step = patron_step_copy (self->step);
  work->step->off = FALSE;
  work->whole = whole;
  self->job = patron_job_start (_("Preview"), PATRON_JOB_QUICK, 42, work_out, work, work_free);
  g_signal_connect (self->job, "finished", G_CALLBACK (on_finished), self);
  g_signal_connect_object (self->job, "notify::fraction", G_CALLBACK (on_progress), self, G_CONNECT_SWAPPED);
}

static gboolean
on_rested (gpointer data)
{
  PatronStepPreview *self = data;
  self->source = 0;
  start (self, patron_table_n_rows (self->input) <= HEAD_ROWS);
  return G_SOURCE_REMOVE;
}

void
patron_step_preview_request (PatronStepPreview *self, const PatronStep *step)
{
  g_return_if_fail (PATRON_IS_STEP_PREVIEW (self));
  forget_job (self);
  g_clear_pointer (&self->step, patron_step_free);
  g_clear_error (&self->error);
  self->whole = FALSE;
  if (step != NULL)
    {
      self->step = patron_step_copy (step);
      self->source = g_timeout_add (DELAY, on_rested, self);
    }
  g_signal_emit (self, changed, 0);
}

void
patron_step_preview_stop (PatronStepPreview *self)
{
  g_return_if_fail (PATRON_IS_STEP_PREVIEW (self));
  forget_job (self);
}

gboolean
patron_step_preview_is_busy (PatronStepPreview *self)
{
  return self->source != 0 || self->job != NULL;
}

const GError *
patron_step_preview_get_error (PatronStepPreview *self)
{
  return self->error;
}

gboolean
patron_step_preview_is_formula_error (PatronStepPreview *self)
{
  return self->formula;
}

PatronTable *
patron_step_preview_get_table (PatronStepPreview *self)
{
  return self->table;
}

const PatronStepOutcome *
patron_step_preview_get_outcome (PatronStepPreview *self)
{
  return self->outcome;
}

guint
patron_step_preview_get_serial (PatronStepPreview *self)
{
  return self->serial;
}

gboolean
patron_step_preview_is_whole (PatronStepPreview *self)
{
  return self->whole;
}

PatronStepPreview *
patron_step_preview_new (PatronDocument *document, PatronTable *input)
{
  PatronStepPreview *self = g_object_new (PATRON_TYPE_STEP_PREVIEW, NULL);
  self->document = g_object_ref (document);
  self->input = patron_table_ref (input);
  return self;
}

static void
patron_step_preview_dispose (GObject *object)
{
  PatronStepPreview *self = PATRON_STEP_PREVIEW (object);
  forget_job (self);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (patron_step_preview_parent_class)->dispose (object);
}

static void
patron_step_preview_finalize (GObject *object)
{
  PatronStepPreview *self = PATRON_STEP_PREVIEW (object);
  g_clear_pointer (&self->input, patron_table_unref);
  g_clear_pointer (&self->step, patron_step_free);
  g_clear_pointer (&self->table, patron_table_unref);
  g_clear_pointer (&self->outcome, patron_step_outcome_free);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (patron_step_preview_parent_class)->finalize (object);
}

static void
patron_step_preview_class_init (PatronStepPreviewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  object_class->dispose = patron_step_preview_dispose;
  object_class->finalize = patron_step_preview_finalize;
  changed = g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_step_preview_init (PatronStepPreview *self)
{
}
