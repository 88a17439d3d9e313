/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/op.h"
#include "base/text.h"
#include "table/csv-options.h"
#include "table/table.h"

G_BEGIN_DECLS

/* Anything to a table: files, folders and databases. What kind it is, is found from the content, then from the name.
 *
 * A place is the path of a file or folder, or the address of a database ("postgresql://host/name"). Settings come by key, as on the command line
 * ("delimiter", "sheet", "header" …; see the readers' parameters): a NULL-terminated strv of alternating keys and values, or NULL; what is not set is
 * detected. The key "reader" names the reader where the choice is not to be left to recognition. */

/* ---- the source, opened: what the import page works with ----------------------------------------------------------------------------- */

/* Its beginning or its table of contents is known, nothing is imported yet: opening again whenever a setting changes is meant. Not thread-safe, but may
 * move between threads. */
typedef struct _PatronSource PatronSource;

/* One of the things inside a source: a sheet, a table, a file of a folder. */
typedef struct
{
  char       *name;                        /* as the reader's `part` setting takes it */
  const char *kind;                        /* msgid: "sheet", "hidden sheet", "table", "view", "file" */
  double      n_rows, n_columns, n_bytes;  /* NaN: not known without reading it */
} PatronPart;

PatronSource       *patron_source_open (const char *place, const char *const *keys_values, PatronRun *run, GError **error);
void                patron_source_free (PatronSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronSource, patron_source_free)

const PatronReader *patron_source_get_reader (const PatronSource *source);
/* Of PatronPart*, owned by the caller; empty when the source is one table and nothing can be chosen. NULL with error. */
GPtrArray          *patron_source_list (PatronSource *source, GError **error);
/* What was found for a setting that was left to detection, in the words of the setting ("semicolon", the name of the sheet); NULL when there is nothing
 * to say. Owned by the caller. Complete only after a preview. */
char               *patron_source_detected (PatronSource *source, const char *key);
/* The first rows as they would be read, at most max_rows. *notes (optional): of PatronText, owned by the caller: what was decided and why, what was
 * met on the way. run may be NULL. */
PatronTable        *patron_source_preview (PatronSource *source, gsize max_rows, PatronRun *run, GPtrArray **notes, GError **error);
/* All of it. */
PatronTable        *patron_source_read (PatronSource *source, PatronRun *run, GPtrArray **notes, GError **error);

/* Of PatronDisguised* (table/disguised.h), owned by the caller: values of a table that the source gave that may stand for missing ones. None is taken for
 * missing unless the setting missing-values lists it: the entry is the name and the value, each by patron_csv_escape(), with "=" between. */
GPtrArray          *patron_source_find_disguised (const PatronSource *source, PatronTable *table, GError **error);

/* Open and read in one; the notes also say what may stand for missing values. */
PatronTable *patron_read_file (const char *place, const char *const *keys_values, PatronRun *run, GPtrArray **notes /* of PatronText*, transfer full, optional */, GError **error);

gboolean patron_place_is_address (const char *place);
/* As it may be stored and shown: without the password that an address may hold. Owned by the caller. */
char    *patron_place_public     (const char *place);
/* A short name for people: the file's, the folder's or the database's. Owned by the caller. */
char    *patron_place_title      (const char *place);

/* ---- readers ------------------------------------------------------------------------------------------------------------------------- */

/* What a reader sees of a place before it opens it. Borrowed. */
typedef struct
{
  const char   *name;         /* as given */
  gboolean      is_address;
  gboolean      is_folder;
  const char   *ending;       /* of the name, lower case, without the dot and without .gz or .zst; "" for none */
  const guint8 *head;         /* the first bytes of a file, as they are stored */
  gsize         n_head;
  gint64        size;         /* of a file, in bytes */
} PatronPlace;

/* Readers that are not sure answer with little: the surest is taken. */
enum { PATRON_RECOGNISED_NOT = 0, PATRON_RECOGNISED_FALLBACK = 10, PATRON_RECOGNISED_NAME = 40, PATRON_RECOGNISED_LIKELY = 60, PATRON_RECOGNISED_SURELY = 100 };

/* typedef struct _PatronReader PatronReader; in base/op.h: the operation of the same id says what it is to people. */
struct _PatronReader
{
  const char        *id;
  const PatronParam *params;
  gsize              params_size;
  const char        *part;        /* key of the setting that chooses among the parts, NULL: there are none */
  bool               own_types;   /* keeps to the settings of columns itself; for the others patron_source does */
  bool               sure_types;  /* the source has declared what is text: it stays so where all of it are numbers */

  int          (*recognise) (const PatronPlace *place);
  /* A new state, or NULL with error. params stay valid as long as it lives. */
  gpointer     (*open)      (const PatronPlace *place, gconstpointer params, PatronRun *run, GError **error);
  void         (*close)     (gpointer state);
  /* NULL for one table. Fills parts (of PatronPart*). */
  gboolean     (*list)      (gpointer state, GPtrArray *parts, GError **error);
  char        *(*detected)  (gpointer state, const char *key);      /* may be NULL */
  /* max_rows: G_MAXSIZE for all. notes: of PatronText*, to be added to; may hold some already. */
  PatronTable *(*read)      (gpointer state, gsize max_rows, PatronRun *run, GPtrArray *notes, GError **error);
};

/* Every reader, NULL-terminated. */
const PatronReader *const *patron_readers    (void);
/* The one that would read the place; settings as above. NULL with error. */
const PatronReader        *patron_reader_for (const char *place, const char *const *keys_values, GError **error);

/* An empty list of PatronPart*; all of another's in it; one more in it. */
GPtrArray *patron_parts_new (void);
void patron_parts_copy (GPtrArray *parts, const GPtrArray *other);
void patron_parts_add (GPtrArray *parts, const char *name, const char *kind, double n_rows, double n_columns, double n_bytes);

/* Which of the parts a setting means: by name, or by number from 1; an unknown one is an error that lists what there is. what: msgid, "sheet". */
gboolean patron_parts_find (const GPtrArray *parts, const char *wanted, const char *what, const char *place, guint *index, GError **error);

/* The columns and types that a user has chosen (lists as table/csv-options.h describes them; "" for no wish), applied to a table that was read: every
 * value that does not fit its type is missing, and counted in notes. */
PatronTable *patron_apply_column_settings (PatronTable *table, const char *read_columns, const char *skip_columns, const char *column_types,
                                           GPtrArray *notes, GError **error);

/* How many values of a column, as it stands or as a column of texts, would be no values of the type, and so missing: in *n, of *n_values. The usual words
 * for missing count as neither. */
gboolean patron_column_count_misfits (PatronColumn *column, PatronType type, gsize *n, gsize *n_values, GError **error);

/* The fields and settings that every reader has. */
#define PATRON_READER_COLUMN_FIELDS          \
  char column_types[PATRON_CSV_LIST_SIZE];   \
  char read_columns[PATRON_CSV_LIST_SIZE];   \
  char skip_columns[PATRON_CSV_LIST_SIZE];   \
  char missing_values[4096];
/* usual: the words that are taken for missing without being asked for. */
#define PATRON_READER_COLUMN_PARAMS(Type, usual)                                                                                             \
  PATRON_PARAM_TEXT (Type, column_types, .label = N_("Column types"), .def_text = "", .advanced = true,                                      \
                     .help = N_("Types of columns, as name=type with commas between: number, integer, boolean, category, text, date, time, " \
                                "duration, or skip to leave the column out. Columns not named are found out.")),                            \
  PATRON_PARAM_TEXT (Type, read_columns, .label = N_("Columns to read"), .def_text = "", .advanced = true,                                   \
                     .help = N_("Names of the columns to read, with commas between. Leave empty for all.")),                                 \
  PATRON_PARAM_TEXT (Type, skip_columns, .label = N_("Columns to leave out"), .def_text = "", .advanced = true,                              \
                     .help = N_("Names of columns that are not read, with commas between.")),                                                \
  PATRON_PARAM_TEXT (Type, missing_values, .label = N_("Missing values"), .def_text = usual, .advanced = true,                               \
                     .help = N_("What stands for a missing value besides an empty one, with commas between; name=value for one column "      \
                                "alone, as in age=999."))

/* ---- writing ------------------------------------------------------------------------------------------------------------------------- */

/* Table to a file; format from the ending: csv tsv xlsx jsonl sqlite. Written beside and renamed, so a failure leaves nothing behind. */
gboolean patron_write_file (PatronTable *table, const char *path, const char *const *keys_values, PatronRun *run, GError **error);

G_END_DECLS
