/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/engine.h"
#include "project/model.h"

G_BEGIN_DECLS

/* What one run passes from step to step. */
typedef struct
{
  PatronProject *project;    /* where other tables are found, or NULL */
  PatronRecipe  *recipe;     /* completed as the run goes; borrowed from the outcome */
  PatronTable   *table;      /* owned: after filter, steps and dropped rows */
  PatronTable   *base;       /* owned: the same rows before the first step that learns; NULL unless a model follows such a step */
  GPtrArray     *tail;       /* owned, of PatronStep* (borrowed): the steps from base to table */
  GPtrArray     *learnt;     /* owned, of char* or NULL: what each step that was applied has learnt from all rows used */
  char         **source_columns; /* owned: names of the columns before any step */
  PatronRoles   *roles;      /* owned: the recipe's, and those of columns that exist in this run only */
  PatronReport  *report;     /* borrowed from the outcome */
  PatronRun     *run;
  PatronOutcome *outcome;
} PatronEngine;

/* Source → filter → prepare steps → roles → rows with missing required values dropped → derived amount. */
gboolean patron_engine_prepare (PatronEngine *engine, PatronTable *table, GError **error);

/* The columns that parameters name exist and have an accepted type. */
gboolean patron_engine_check_columns (const PatronStep *step, PatronTable *table, GError **error);
/* One step on input->table. *learnt: given, or NULL and then learnt from input->rows and returned. */
PatronTable *patron_engine_apply_step (const PatronStep *step, const PatronPrepareInput *input, char **learnt, PatronRun *run, PatronReport *report,
                                       GError **error);

/* base with the steps of the tail, learning from the given rows only (NULL: all). learnt (optional): receives the texts, of char*. */
PatronTable *patron_engine_apply_tail (PatronEngine *engine, const guint32 *rows, gsize n_rows, GPtrArray *learnt, GError **error);
/* The columns that a model may learn from in table, which the tail has made for one split. Owned by the caller. */
char       **patron_engine_features   (PatronEngine *engine, PatronTable *table);
/* How many rows a step that selects rows has left out, if any. */
void         patron_engine_report_dropped (PatronReport *report, const PatronStepOutcome *outcome);
/* Fills the report of a recipe without [run]: rows and columns before and after, step by step, and what each step has to say. outcomes: of
 * PatronStepOutcome*; their evidence moves into the report. */
void         patron_engine_report_steps (PatronReport *report, GPtrArray *outcomes, gsize rows_after, guint columns_before, guint columns_after);
/* A recipe without [run]. */
gboolean     patron_engine_only_prepare (PatronEngine *engine, PatronTable *table, GError **error);

/* The steps that were applied, and what they learnt, go with the model. */
void         patron_engine_keep_steps (const PatronEngine *engine, PatronModel *model);

/* Supervised: splits, fits, scores, explains. Unsupervised: fits, explains, labels. */
gboolean patron_engine_predict (PatronEngine *engine, GError **error);
gboolean patron_engine_group   (PatronEngine *engine, GError **error);

/* Rows of a table as a task sees them. */
typedef struct
{
  PatronTask  task;
  gsize       n;
  double     *y;             /* class index or value */
  double     *weights;       /* or NULL */
  char      **class_names;   /* or NULL */
} PatronTarget;

gboolean patron_target_read  (PatronTarget *target, const PatronOp *op, PatronTable *table, const PatronRoles *roles, GError **error);
void     patron_target_clear (PatronTarget *target);

PatronDesignOptions patron_engine_design_options (const PatronOp *op, gconstpointer params);

/* A table with the columns that name the rows, then those of columns (consumed). */
PatronTable *patron_engine_result_table (PatronEngine *engine, const char *name, GPtrArray *columns);

G_END_DECLS
