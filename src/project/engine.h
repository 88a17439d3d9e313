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

/* table: the source if the caller holds it already, else NULL and recipe->file or recipe->table (of project) says. */
PatronOutcome *patron_engine_run (const PatronRecipe *recipe, PatronProject *project, PatronTable *table, PatronRun *run, GError **error);

/* Everything that can be known before running: ranges, roles, types, the operation's own check. NULL when fine, else the sentence. */
char *patron_engine_check (const PatronRecipe *recipe, PatronTable *table);

/* Scores table with a saved model: one row for each row of the table, with its id columns. notes: PatronText* about renamed, missing or new things. */
PatronTable *patron_engine_score (GBytes *model, PatronTable *table, PatronRun *run, GPtrArray **notes, GError **error);

G_END_DECLS
