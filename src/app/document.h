/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/item.h"
#include "app/job.h"
#include "app/table-steps.h"
#include "project/engine.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *text;    /* expression */
} PatronNamedFilter;

/* A project, as the interface sees it: lists that keep themselves current, undo and redo, and jobs that read, run and save. Main thread only.
 *
 * Properties (read-only): title, untitled, read-only, can-undo, can-redo, undo-label, redo-label.
 * Signals:
 *   changed ()                     the lists or the settings are not what they were
 *   job-started (PatronJob)        for the job bar
 *   table-imported (gint64 id)     a job has added a table
 *   run-finished (gint64 run)      a job has added a run
 *   problem (const GError)         something that was not a job failed; the window shows it */
#define PATRON_TYPE_DOCUMENT (patron_document_get_type ())
G_DECLARE_FINAL_TYPE (PatronDocument, patron_document, PATRON, DOCUMENT, GObject)

PatronDocument *patron_document_new         (PatronProject *project);            /* takes its own reference */
PatronProject  *patron_document_get_project (PatronDocument *document);          /* borrowed */
/* "Untitled project", or the file's name without its ending. */
const char     *patron_document_get_title   (PatronDocument *document);

/* Lists of PatronItem, oldest first, borrowed. An item stays the same object as long as it lives in the project. */
GListModel     *patron_document_get_tables  (PatronDocument *document);
GListModel     *patron_document_get_runs    (PatronDocument *document);
GListModel     *patron_document_get_models  (PatronDocument *document);
PatronItem     *patron_document_find_table  (PatronDocument *document, const char *name);   /* borrowed or NULL */
PatronItem     *patron_document_find_table_id (PatronDocument *document, gint64 id);        /* borrowed or NULL */
PatronItem     *patron_document_find_run    (PatronDocument *document, gint64 id);          /* borrowed or NULL */

/* The table of an item, lazy columns; a new reference. Opened tables are kept while anyone holds them, so asking again is free. */
PatronTable    *patron_document_open_table  (PatronDocument *document, const char *name, GError **error);

/* What the user has said the columns of a table are for, in every analysis (kept in the project). Never NULL; owned by the caller. Hand
 * it to patron_roles_complete() as what is given. */
PatronRoles    *patron_document_dup_roles   (PatronDocument *document, const char *table);
/* PATRON_N_ROLES: no role. */
void            patron_document_set_role    (PatronDocument *document, const char *table, const char *column, PatronRole role);
/* All of them, in one step of history. */
void            patron_document_set_roles   (PatronDocument *document, const char *table, const PatronRoles *roles);

/* Filters of a table that have names (kept in the project), of PatronNamedFilter*; owned by the caller. text NULL: forgets the name. */
GPtrArray      *patron_document_dup_filters (PatronDocument *document, const char *table);
void            patron_document_set_filter  (PatronDocument *document, const char *table, const char *name, const char *text);

/* The prepare steps of a table, of PatronTableStep*; owned by the caller. NULL with error. */
GPtrArray      *patron_document_dup_steps   (PatronDocument *document, const char *table, GError **error);
/* The table as it was before its steps; a new reference. */
PatronTable    *patron_document_open_base   (PatronDocument *document, const char *table, GError **error);
/* The table gets these steps, as one step of history that the label names; only those that differ from the present ones are applied. ready: what the last of
 * them makes, with its outcome, if the caller has worked it out from the present table already; else NULL. A job as below. */
PatronJob      *patron_document_set_steps   (PatronDocument *document, const char *table, const GPtrArray *steps, const PatronText *label,
                                             PatronTable *ready, const PatronStepOutcome *outcome);

/* Jobs. Each is announced by job-started and kept until finished; the return value is borrowed.
 * A run stores itself in the project and emits run-finished. table: the source if the caller holds it, else NULL. */
PatronJob      *patron_document_run         (PatronDocument *document, const PatronRecipe *recipe, PatronTable *table);
/* options: reader settings as patron_read_file() takes them, or NULL. */
PatronJob      *patron_document_import_file (PatronDocument *document, const char *path, const char *const *options);
PatronJob      *patron_document_save_as     (PatronDocument *document, const char *path);
/* Any other work of the interface on this project, for instance exporting a report. */
PatronJob      *patron_document_start_job   (PatronDocument *document, const char *title, PatronJobLane lane,
                                             PatronJobFunc func, gpointer data, GDestroyNotify destroy);
guint           patron_document_n_active_jobs (PatronDocument *document);

/* One step of history each; FALSE when it failed, and problem was emitted. */
gboolean        patron_document_rename      (PatronDocument *document, PatronItem *item, const char *name);
gboolean        patron_document_remove      (PatronDocument *document, PatronItem *item);
gboolean        patron_document_undo        (PatronDocument *document);
gboolean        patron_document_redo        (PatronDocument *document);
/* The project as it was after this step of its history; 0: empty. */
gboolean        patron_document_go_to       (PatronDocument *document, gint64 step);

/* After changing the project directly (settings, for instance): lists are read again if its serial has moved. */
void            patron_document_refresh     (PatronDocument *document);

G_END_DECLS
