/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/engine-private.h"

#include <glib/gi18n-lib.h>

static void
add_step_row (PatronReportTable *table, guint number, const PatronStepOutcome *outcome)
{
  patron_report_table_add_row (table);
  patron_report_table_add_number (table, number);
  patron_report_table_add_text (table, patron_step_sentence (outcome->step));
  patron_report_table_add_number (table, outcome->rows_before);
  patron_report_table_add_number (table, outcome->rows_after);
  patron_report_table_add_number (table, outcome->columns_before);
  patron_report_table_add_number (table, outcome->columns_after);
}

static void
add_steps_table (PatronReport *report, GPtrArray *outcomes)
{
  PatronReportTable *table = patron_report_add_table (report, "steps", patron_text (N_("What each step did"), NULL));
  patron_report_table_add_column (table, "number", patron_text (N_("Step"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "step", patron_text (N_("What it does"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "rows_before", patron_text (N_("Rows before"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "rows_after", patron_text (N_("Rows after"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "columns_before", patron_text (N_("Columns before"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "columns_after", patron_text (N_("Columns after"), NULL), PATRON_FORMAT_COUNT);
  for (guint i = 0; i < outcomes->len; i++)
    add_step_row (table, i + 1, outcomes->pdata[i]);
}

static void
move_all (GPtrArray *to, GPtrArray *from)
{
  while (from->len > 0)
    g_ptr_array_add (to, g_ptr_array_steal_index (from, 0));
}

void
patron_engine_report_dropped (PatronReport *report, const PatronStepOutcome *outcome)
{
  if (outcome->step->op->prepare->rows == PATRON_ROWS_SELECTED && outcome->rows_after < outcome->rows_before)
    patron_report_add_dropped (report, patron_text (N_("removed by step “{step}”"), "step", PATRON_MSGID (outcome->step->op->title), NULL),
                               outcome->rows_before - outcome->rows_after);
}

/* The evidence of one step, under its sentence when there are several steps. */
static void
move_evidence (PatronReport *report, const PatronStepOutcome *outcome, gboolean alone)
{
  if (!alone && outcome->report->blocks->len > 0)
    patron_report_add_heading (report, patron_step_sentence (outcome->step));
  if (alone)
    move_all (report->figures, outcome->report->figures);
  move_all (report->blocks, outcome->report->blocks);
  move_all (report->notes, outcome->report->notes);
  patron_engine_report_dropped (report, outcome);
}

void
patron_engine_report_steps (PatronReport *report, GPtrArray *outcomes, gsize rows_after, guint columns_before, guint columns_after)
{
  gboolean alone = outcomes->len == 1;
  const PatronStepOutcome *only = alone ? outcomes->pdata[0] : NULL;
  g_free (report->op);
  report->op = g_strdup (alone ? only->step->op->id : "prepare");
  patron_report_set_title (report, alone ? patron_step_sentence (only->step) : patron_text (N_("Prepared table"), NULL));
  patron_report_set_headline (report, only != NULL && only->report->headline != NULL
    ? patron_text_copy (only->report->headline)
    : patron_text (N_("{before} rows became {after}; {columns} columns became {wide}."), "before", PATRON_COUNT (report->rows_read), "after",
                   PATRON_COUNT (rows_after), "columns", PATRON_COUNT (columns_before), "wide", PATRON_COUNT (columns_after), NULL));
  patron_report_add_figure (report, "rows_before", patron_text (N_("Rows before"), NULL), PATRON_FORMAT_COUNT, report->rows_read)->headline = TRUE;
  patron_report_add_figure (report, "rows_after", patron_text (N_("Rows after"), NULL), PATRON_FORMAT_COUNT, rows_after)->headline = TRUE;
  patron_report_add_figure (report, "columns_before", patron_text (N_("Columns before"), NULL), PATRON_FORMAT_COUNT, columns_before)->headline = TRUE;
  patron_report_add_figure (report, "columns_after", patron_text (N_("Columns after"), NULL), PATRON_FORMAT_COUNT, columns_after)->headline = TRUE;
  if (!alone)
    add_steps_table (report, outcomes);
  for (guint i = 0; i < outcomes->len; i++)
    move_evidence (report, outcomes->pdata[i], alone);
}

void
patron_engine_keep_steps (const PatronEngine *engine, PatronModel *model)
{
  model->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_step_free);
  g_autoptr (GPtrArray) learnt = g_ptr_array_new ();
  for (guint i = 0; i < engine->recipe->prepare->len; i++)
    {
      const PatronStep *step = engine->recipe->prepare->pdata[i];
      if (!step->off)
        g_ptr_array_add (model->steps, patron_step_copy (step));
    }
  for (guint i = 0; i < model->steps->len; i++)
    {
      const char *text = i < engine->learnt->len ? engine->learnt->pdata[i] : NULL;
      g_ptr_array_add (learnt, g_strdup (text != NULL ? text : ""));
    }
  g_ptr_array_add (learnt, NULL);
  model->learnt = (char **) g_ptr_array_steal (learnt, NULL);
  model->source_columns = g_strdupv (engine->source_columns);
}
