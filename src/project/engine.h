/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/project.h"

G_BEGIN_DECLS

/* The engine: run this recipe → report, or an error. The command line calls it, tests call it, the application calls it through
 * a job. Nothing else computes. Synchronous; call it from a worker. */
typedef struct
{
  PatronRecipe *recipe;      /* completed: guessed roles and automatic choices filled in */
  guint32       guessed;     /* bit set of roles that were guessed */
  PatronReport *report;
  PatronTable  *result;      /* per-row or per-customer result, or NULL */
  GBytes       *model;       /* saved model (project/model.h), or NULL */
} PatronOutcome;

void patron_outcome_free (PatronOutcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronOutcome, patron_outcome_free)

/* A recipe without [run] prepares: the result is the prepared table.
 * table: the source if the caller holds it already, else NULL and recipe->file or recipe->table (of project) says. */
PatronOutcome *patron_engine_run (const PatronRecipe *recipe, PatronProject *project, PatronTable *table, PatronRun *run, GError **error);

/* What one prepare step did. */
typedef struct
{
  PatronStep   *step;             /* a copy */
  gsize         rows_before, rows_after;
  guint         columns_before, columns_after;
  PatronReport *report;           /* notes and evidence of the step */
  char         *learnt;           /* NULL unless it learns */
} PatronStepOutcome;

void patron_step_outcome_free (PatronStepOutcome *outcome);

/* Applies the steps (of PatronStep*; those switched off are passed over) to table, each learning from all rows. find_table as in PatronPrepareInput, may be
 * NULL. *outcomes (optional): of PatronStepOutcome*, one for each step that was applied, also on failure: then those before the one that failed. */
PatronTable *patron_engine_prepare_table (PatronTable *table, GPtrArray *steps,
                                          PatronTable *(*find_table) (gpointer data, const char *name, PatronRun *run, GError **error), gpointer data,
                                          PatronRun *run, GPtrArray **outcomes, GError **error);
/* "Step 3, “Filter”: …" in front of what went wrong with the step, in a caller who knows it alone; a cancellation stays as it is. */
void         patron_engine_name_step     (const PatronStep *step, guint number, GError **error);
/* find_table for the tables of a project (data: PatronProject*, may be NULL), and files by their path. */
PatronTable *patron_engine_find_table (gpointer data, const char *name, PatronRun *run, GError **error);
/* The step in one line, in words. */
PatronText  *patron_step_sentence (const PatronStep *step);

/* Everything that can be known before running: ranges, roles, types, the operation's own check. NULL when fine, else the sentence. */
char *patron_engine_check (const PatronRecipe *recipe, PatronTable *table);

/* Scores table with a saved model, after the model's prepare steps (project: where they find other tables, may be NULL): one row for each row of the table, with its id columns. notes: PatronText* about renamed, missing or new things. */
PatronTable *patron_engine_score (GBytes *model, PatronProject *project, PatronTable *table, PatronRun *run, GPtrArray **notes, GError **error);

G_END_DECLS
