/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/manifest.h"
#include "project/project.h"
#include "project/schema.h"

G_BEGIN_DECLS

struct _PatronProject
{
  gatomicrefcount references;
  const char     *path;          /* interned; under pool_lock */
  gboolean        untitled;
  gboolean        read_only;
  char           *token;         /* of our lease */
  gint64          serial;        /* atomic */

  GMutex          write_lock;    /* held for a whole write transaction */
  PatronDatabase *writer;        /* NULL when read-only */
  gint            writing;       /* atomic: a transaction of ours is open, readers wait for it however long it takes */
  gint            damaged;       /* atomic: something in the file is not as it was written; from then on it is only read */

  GMutex          damages_lock;
  GPtrArray      *damages;       /* of char*, sentences; NULL: what is damaged is an error, not left out */

  GMutex          pool_lock;
  GCond           pool_changed;
  GQueue          idle;          /* of PatronDatabase*, readers nobody uses */
  guint           n_readers;     /* idle or in use */
  gboolean        switching;     /* the file is being exchanged: nobody gets a reader */

  GMutex          shared_lock;
  GHashTable     *dictionaries;  /* id → PatronProjectDictionary*, those that columns in memory refer to */
  GHashTable     *series;        /* id → number of columns in memory that refer to it */

  GMutex          cache_lock;
  GHashTable     *cache;         /* CacheKey → CacheEntry: decoded chunks, for reading single rows */
  GQueue          cache_order;   /* most recent first */
  gsize           cache_bytes;
};

/* A connection to read with, for a short time; at most four at once. NULL with error when the file is gone. */
PatronDatabase *patron_project_acquire (PatronProject *project, GError **error);
void            patron_project_release (PatronProject *project, PatronDatabase *database);

/* A write transaction: the connection, or NULL with error. end() seals the catalogue and commits when done is TRUE, else rolls back; returns
 * whether it was committed. lock() and unlock() around begin() let several transactions be one step for other threads. */
PatronDatabase *patron_project_begin (PatronProject *project, GError **error);
gboolean        patron_project_end   (PatronProject *project, gboolean done, GError **error);

/* history.c, all within a transaction. A new step after the current one, which it replaces as such. text: what was done, or NULL: the phrase that
 * belongs to the kind, made of subject and detail. */
gint64   patron_history_add    (PatronDatabase *database, const char *kind, const char *subject, const char *detail, const PatronText *text,
                                GError **error);
/* Changes one thing and remembers how it was. what: see history.c. */
gboolean patron_history_change (PatronDatabase *database, gint64 step, const char *what, const char *target, const char *after, GError **error);
gboolean patron_history_change_id (PatronDatabase *database, gint64 step, const char *what, gint64 target, const char *after, GError **error);

/* tables.c. Encodes before it begins the transaction and leaves that open: the new table's id, not yet live, or 0; after a
 * 0 no transaction is open. begun: the transaction, if the caller has opened it already. */
gint64   patron_project_store_table (PatronProject *project, PatronTable *table, const char *provenance, PatronRun *run, GError **error);
/* The same for the contents of a version of the table `name`. */
gint64   patron_project_store_contents (PatronProject *project, PatronTable *table, const char *name, PatronRun *run, GError **error);
/* A name that no live entry of the catalogue has. */
char    *patron_project_unique_name (PatronDatabase *database, PatronCatalogue catalogue, const char *name, GError **error);
/* Nothing in memory refers to these ids. */
gboolean patron_project_series_in_use (PatronProject *project, gint64 id);

/* The table whose values are those of the row `contents` of the catalogue of tables, under the name of the row `id`. */
PatronTable *patron_project_read_table (PatronProject *project, PatronDatabase *database, gint64 id, gint64 contents, GError **error);

/* versions.c. Fills in what the current version of a live table changes about it. */
gboolean patron_version_fill_info   (PatronDatabase *database, PatronTableInfo *info, GError **error);
/* What a run was made from, as its recipe says. The first within a transaction. */
gboolean patron_version_keep_origin (PatronDatabase *database, gint64 run, const char *recipe, GError **error);
gboolean patron_version_fill_origin (PatronDatabase *database, PatronRunInfo *info, GError **error);

/* series.c: columns whose values stay in the file. Everything is copied; name and table are for messages. */
PatronColumn *patron_project_series_column (PatronProject *project, gint64 series, gint64 dictionary, PatronType type, gsize n,
                                            const char *name, const char *table);
/* The series behind a column, when it is one of this project; else 0. */
gint64        patron_project_series_of     (PatronProject *project, const PatronColumn *column);
/* The stored dictionary that this one was read from; else 0. */
gint64        patron_project_dictionary_of (PatronProject *project, const PatronDict *dict);
/* Both need their row of the catalogue, checked. */
gboolean patron_series_manifest     (PatronDatabase *database, gint64 id, PatronManifest *manifest, GError **error);
gboolean patron_dictionary_manifest (PatronDatabase *database, gint64 id, PatronManifest *lengths, PatronManifest *bytes, GError **error);
/* The strings, checked to be valid UTF-8. */
PatronDict *patron_dictionary_read  (PatronDatabase *database, gint64 id, GError **error);
void     patron_project_cache_clear (PatronProject *project);

/* project.c, salvage.c: a project of which what is damaged is left out and noted. */
PatronProject *patron_project_open_tolerant (const char *path, GError **error);
void           patron_project_note_damage   (PatronProject *project, const char *what);
/* The project is to leave no file behind. */
void           patron_project_delete_file   (PatronProject *project);

/* lease.c: who has the project open for writing. */
gboolean patron_lease_take    (PatronDatabase *database, const char *token, GError **error);
void     patron_lease_release (PatronDatabase *database, const char *token);
/* Whether someone alive holds it. */
gboolean patron_lease_is_held (PatronDatabase *database, gint64 *pid);

G_END_DECLS
