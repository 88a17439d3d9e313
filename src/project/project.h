/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/recipe.h"
#include "report/report.h"

G_BEGIN_DECLS

/* One SQLite file with tables, recipes, runs, models and reports. Opening reads the catalogue only; column values stay in the file
 * until asked for. Thread-safe: any thread may read and write; writes are one short transaction for each call. */
typedef struct _PatronProject PatronProject;

/* Creates or opens. An existing file that is not a project (PATRON_ERROR_INPUT), is of a newer version (INPUT), or is damaged (DAMAGED) is
 * refused in one sentence. Where it cannot be written (another Patron has it open, read-only file or folder: PATRON_ERROR_STORAGE) it can still
 * be opened with read_only; such a project refuses every change. One of an older format is then a converted copy, as it was when it was opened. */
PatronProject *patron_project_create (const char *path, GError **error);    /* fails when the file exists */
PatronProject *patron_project_open   (const char *path, gboolean read_only, GError **error);
/* A new project in a private file that disappears on close unless saved with patron_project_save_as(). After a crash it is still
 * there: list_recoverable() returns the paths (char*) of untitled projects with contents that nobody has open; opening one of them makes it the
 * untitled project again, patron_project_discard() deletes it. */
PatronProject *patron_project_new_untitled (GError **error);
GPtrArray     *patron_project_list_recoverable (void);
void           patron_project_discard (const char *path);
PatronProject *patron_project_ref    (PatronProject *project);
void           patron_project_unref  (PatronProject *project);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronProject, patron_project_unref)

const char *patron_project_get_path    (PatronProject *project);
gboolean    patron_project_is_untitled (PatronProject *project);
gboolean    patron_project_is_read_only (PatronProject *project);
/* A consistent copy beside, then renamed over path; the project goes on in the new file. Of a damaged project only what is sound is saved, as by
 * patron_project_salvage(), and it goes on where it was. */
gboolean    patron_project_save_as     (PatronProject *project, const char *path, GError **error);
/* Counts up with every change; compare to know whether lists must be read again. */
guint64     patron_project_get_serial  (PatronProject *project);

typedef struct
{
  gint64  id;
  char   *name;
  gint64  n_rows;
  gint64  n_columns;
  gint64  bytes;             /* stored */
  gint64  created;           /* microseconds since 1970, UTC */
  char   *provenance;        /* how it came to be: recipe text or file and reader settings; may be NULL */
  gint64  version;           /* 0: as it was imported; else the id of its current version, made by prepare steps */
  gint64  version_created;   /* of the current version */
  char   *steps;             /* recipe text with the [prepare N] groups of the current version, or NULL */
} PatronTableInfo;

typedef struct
{
  gint64  id;
  char   *name;              /* user's, or the operation's title */
  char   *op;
  char   *table;             /* name of its source table */
  gint64  created;
  gint64  result_table;      /* id or 0 */
  gint64  model;             /* id or 0 */
  gint64  table_id;          /* id of its source table, or 0 when that is not known */
  gint64  table_version;     /* version of it that the run saw */
  gboolean table_changed;    /* the source table is in another version now, or removed */
} PatronRunInfo;

typedef struct
{
  gint64  id;
  char   *name;
  char   *op;
  gint64  created;
  gint64  bytes;
} PatronModelInfo;

void patron_table_info_free (PatronTableInfo *info);
void patron_run_info_free   (PatronRunInfo *info);
void patron_model_info_free (PatronModelInfo *info);

/* Lists, oldest first; GPtrArray with free functions. Live entries only. */
GPtrArray *patron_project_list_tables (PatronProject *project, GError **error);
GPtrArray *patron_project_list_runs   (PatronProject *project, GError **error);
GPtrArray *patron_project_list_models (PatronProject *project, GError **error);

/* Stores the table under its name (made unique by " 2", " 3" …); returns its id or 0. What fits into one batch is encoded before the transaction. */
gint64       patron_project_add_table  (PatronProject *project, PatronTable *table, const char *provenance, PatronRun *run, GError **error);
/* The same, saying what the history calls it; add_table() imports when there is a provenance, and adds else. */
typedef enum { PATRON_ADD_IMPORT, PATRON_ADD_TABLE, PATRON_ADD_QUERY, PATRON_ADD_ROWS } PatronAddKind;
gint64       patron_project_add_table_as (PatronProject *project, PatronTable *table, PatronAddKind kind, const char *provenance, PatronRun *run, GError **error);
PatronTable *patron_project_get_table  (PatronProject *project, gint64 id, GError **error);         /* lazy columns */
PatronTable *patron_project_find_table (PatronProject *project, const char *name, GError **error);
gboolean     patron_project_rename_table (PatronProject *project, gint64 id, const char *name, GError **error);

/* A table is an immutable base, as it was imported, and a list of prepare steps; its current version is their result. The table keeps its id and
 * its name: get_table() and find_table() give the current version.
 *
 * Makes result the current version, as one step of the history. steps: recipe text with the [prepare N] groups that lead from the base to it,
 * kept as it is. Columns of result that were read from this project share their stored values. result NULL and steps NULL: back to the base.
 * label says what the user did ("Keep rows where amount > 0"), rendered in the language in force when it is shown. */
gboolean     patron_project_set_table_steps (PatronProject *project, gint64 id, PatronTable *result, const char *steps, const PatronText *label,
                                             PatronRun *run, GError **error);
PatronTable *patron_project_get_table_base  (PatronProject *project, gint64 id, GError **error);    /* lazy columns, as get_table() */
/* The recipe text of the current version, "" for the base; NULL with error when there is no such table. */
char        *patron_project_get_table_steps (PatronProject *project, gint64 id, GError **error);
/* A version as it was (PatronTableInfo.version, PatronRunInfo.table_version; 0: the base), also when undone since. */
PatronTable *patron_project_get_table_version (PatronProject *project, gint64 id, gint64 version, GError **error);

/* Which version of the live table `name` this table is, as it was read from the project; -1: none of them. */
gint64       patron_project_find_version (PatronProject *project, const char *name, PatronTable *table);

/* A finished run: recipe, report and, if any, its result table and model bytes, in one transaction. */
gint64        patron_project_add_run    (PatronProject *project, const char *name, const char *recipe, const PatronReport *report,
                                         PatronTable *result, GBytes *model, PatronRun *run, GError **error);
PatronReport *patron_project_get_report (PatronProject *project, gint64 run_id, GError **error);
char         *patron_project_get_recipe (PatronProject *project, gint64 run_id, GError **error);
gboolean      patron_project_rename_run (PatronProject *project, gint64 id, const char *name, GError **error);
GBytes       *patron_project_get_model  (PatronProject *project, gint64 model_id, GError **error);
GBytes       *patron_project_find_model (PatronProject *project, const char *name, GError **error);

/* Removing hides; undo brings back. Every adding, renaming, preparing and removing is one step of the history, kept across restarts. */
gboolean patron_project_remove_table (PatronProject *project, gint64 id, GError **error);
gboolean patron_project_remove_run   (PatronProject *project, gint64 id, GError **error);

gboolean patron_project_can_undo (PatronProject *project);
gboolean patron_project_can_redo (PatronProject *project);
gboolean patron_project_undo     (PatronProject *project, GError **error);
gboolean patron_project_redo     (PatronProject *project, GError **error);
/* What the next undo or redo does, as a translated phrase ("Import “orders”"); NULL when there is none. Owned by the caller. */
char    *patron_project_undo_label (PatronProject *project);
char    *patron_project_redo_label (PatronProject *project);

/* The history is a tree: what is done after an undo is a new branch, and the other one stays. Step 0 is the empty project. */
typedef struct
{
  gint64      id;
  gint64      parent;        /* the step it came after; 0: the empty project */
  gint64      created;       /* microseconds since 1970, UTC */
  gboolean    done;          /* it and all before it are in force: between the empty project and the current step */
  gboolean    current;       /* the last one done; none is when the project is back to empty */
  gboolean    next;          /* the branch last left: what redo at its parent does */
  /* "import", "add-table", "add-query", "add-rows", "rename-table", "remove-table", "prepare-table", "add-run", "rename-run", "remove-run", "setting" */
  char       *kind;
  gint64      table, run;    /* ids of what it concerns, or 0 */
  PatronText *text;
  char       *label;         /* text, rendered now */
} PatronStepInfo;

void       patron_step_info_free     (PatronStepInfo *info);
/* Every step of the history, in the order they were made, so a parent comes before its children. GPtrArray with free function. */
GPtrArray *patron_project_list_steps (PatronProject *project, GError **error);
/* The project as it was after this step (0: empty), in one transaction. Undo and redo are the same for one step. */
gboolean   patron_project_go_to      (PatronProject *project, gint64 step, GError **error);

/* Small settings kept with the project (role choices, report title, page order). NULL when not set. */
char    *patron_project_get_setting (PatronProject *project, const char *key);
gboolean patron_project_set_setting (PatronProject *project, const char *key, const char *value, GError **error);
/* The same without a step of the history, for what nobody would undo (the last statement typed). A key is always set in the same way. */
gboolean patron_project_keep_setting (PatronProject *project, const char *key, const char *value, GError **error);

/* Deletes for good what was removed, and with it the history: afterwards there is nothing to undo. Gives the space back to the disk and overwrites
 * what was there. */
gboolean patron_project_compact (PatronProject *project, GError **error);

/* Every checksum, every reference. TRUE when sound; otherwise the error names the first damage and *damages (optional; of char*) all. */
gboolean patron_project_check (PatronProject *project, GPtrArray **damages, PatronRun *run, GError **error);

/* A damaged project, for reading only: what is not as it was written is left out, and values in a damaged part read as missing. damages (optional;
 * of char*): one sentence for each loss ("rows 1 to 65536 of the column “amount” …"), empty when there is none. NULL when not even its lists can
 * be read. The file is never written. */
PatronProject *patron_project_open_damaged (const char *path, GPtrArray **damages, GError **error);
/* Its tables (current versions), results and models as a new project, which must not exist. The history stays behind. Works for any project. */
gboolean       patron_project_salvage (PatronProject *project, const char *path, PatronRun *run, GError **error);

G_END_DECLS
