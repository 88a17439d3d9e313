/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"
#include "base/op.h"
#include "table/dict.h"

G_BEGIN_DECLS

/* How the values are held. Missing is a value of the type itself, so that loops need no second array. */
typedef enum
{
  PATRON_TYPE_NUMBER,     /* double; missing NaN */
  PATRON_TYPE_INTEGER,    /* gint64; missing PATRON_INTEGER_MISSING */
  PATRON_TYPE_BOOLEAN,    /* guint8 0, 1; missing PATRON_BOOLEAN_MISSING */
  PATRON_TYPE_CATEGORY,   /* gint32 code into the dictionary; missing PATRON_CODE_MISSING */
  PATRON_TYPE_TEXT,       /* as CATEGORY; free text or names rather than groups */
  PATRON_TYPE_DATE,       /* gint32 days since 1970-01-01 (proleptic Gregorian); missing PATRON_DATE_MISSING */
  PATRON_TYPE_TIME,       /* gint64 microseconds since 1970-01-01 00:00 on the clock of the data; missing PATRON_INTEGER_MISSING */
  PATRON_TYPE_DURATION,   /* gint64 microseconds; missing PATRON_INTEGER_MISSING */
  PATRON_N_TYPES,
} PatronType;

#define PATRON_INTEGER_MISSING G_MININT64
#define PATRON_BOOLEAN_MISSING ((guint8) 255)
#define PATRON_CODE_MISSING    ((gint32) -1)
#define PATRON_DATE_MISSING    G_MININT32

/* Rows of a chunk, in memory (lazy reading) and in project files. */
#define PATRON_CHUNK_ROWS 65536

gsize       patron_type_size  (PatronType type);     /* bytes of a value */
const char *patron_type_id    (PatronType type);     /* "number", "integer", "boolean", "category", "text", "date", "time", "duration" */
gboolean    patron_type_from_id (const char *id, PatronType *type);
const char *patron_type_label (PatronType type);     /* msgid */
guint       patron_type_accept (PatronType type);    /* PATRON_ACCEPT_ bit */

/* An immutable, named sequence of values; reference counted, shared between tables and threads. */
/* typedef struct _PatronColumn PatronColumn; in base/op.h */

/* Takes values (patron_try_alloc(); n of the type's size) and a reference to dict (NULL unless the type has one). */
PatronColumn *patron_column_new_take (const char *name, PatronType type, gsize n, gpointer values, PatronDict *dict);
PatronColumn *patron_column_ref      (PatronColumn *column);
void          patron_column_unref    (PatronColumn *column);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronColumn, patron_column_unref)

/* What is known about a run of values without reading them. min and max are of those not missing: numbers, or whole numbers, days and
 * microseconds by the type; meaningless when all are missing. */
typedef struct
{
  union { double number; gint64 integer; } min, max;
  gboolean any_missing, all_missing;
} PatronRange;

/* A column whose values are elsewhere (a project file) until asked for. The functions are called from any thread and must be
 * thread-safe. read: rows start … start+n-1 into out. dict: the dictionary, a new reference. range (optional): FALSE when it is not known. */
typedef struct
{
  gboolean    (*read) (gpointer owner, gsize start, gsize n, gpointer out, GError **error);
  PatronDict *(*dict) (gpointer owner, GError **error);
  void        (*free) (gpointer owner);
  gboolean    (*range) (gpointer owner, gsize start, gsize n, PatronRange *range);
} PatronColumnSource;
PatronColumn *patron_column_new_lazy (const char *name, PatronType type, gsize n, const PatronColumnSource *source, gpointer owner);
gboolean      patron_column_is_resident (PatronColumn *column);
/* The owner of a lazy column whose source has this read function, borrowed; NULL for any other column. Lets a store recognise its own. */
gpointer      patron_column_get_owner   (PatronColumn *column, gboolean (*read) (gpointer owner, gsize start, gsize n, gpointer out, GError **error));

const char *patron_column_get_name   (const PatronColumn *column);
PatronType  patron_column_get_type   (const PatronColumn *column);
gsize       patron_column_get_length (const PatronColumn *column);
/* "¥", "kg", "%": shown beside the name and by money formats; NULL for none. */
const char *patron_column_get_unit   (const PatronColumn *column);

/* All values at once, loaded and kept if they were lazy; NULL with error when that fails. Borrowed. The typed forms also check
 * the type (it is a programmer's error to ask for another). */
gconstpointer  patron_column_values  (PatronColumn *column, GError **error);
const double  *patron_column_doubles (PatronColumn *column, GError **error);    /* NUMBER */
const gint64  *patron_column_int64s  (PatronColumn *column, GError **error);    /* INTEGER, TIME, DURATION */
const gint32  *patron_column_codes   (PatronColumn *column, GError **error);    /* CATEGORY, TEXT */
const gint32  *patron_column_days    (PatronColumn *column, GError **error);    /* DATE */
const guint8  *patron_column_booleans (PatronColumn *column, GError **error);   /* BOOLEAN */
PatronDict    *patron_column_dict    (PatronColumn *column, GError **error);    /* borrowed */
gboolean       patron_column_has_dict (const PatronColumn *column);

/* All values for a while: those in memory if they are; else they are read and, when they are a large part of the budget of memory, not kept:
 * *block (patron_free() it when done; may be NULL) holds them then. NULL with error. */
gconstpointer patron_column_borrow (PatronColumn *column, gpointer *block, GError **error);

/* The values are not needed for now: see patron_memory_settle(). */
void           patron_column_settle (PatronColumn *column);

/* Rows start … start+n-1 as held into out (n values of the type's size), without loading the rest. */
gboolean patron_column_read (PatronColumn *column, gsize start, gsize n, gpointer out, GError **error);
/* The same as doubles: NaN for missing; dates as days, times and durations as seconds, booleans as 0 and 1, codes as they are. */
gboolean patron_column_read_doubles (PatronColumn *column, gsize start, gsize n, double *out, GError **error);
/* Bounds of the values of these rows, where they are known without reading any (a project keeps them for each chunk); they need not be tight. */
gboolean patron_column_get_range (PatronColumn *column, gsize start, gsize n, PatronRange *range);
/* Missing values in the column; counted once. */
gboolean patron_column_count_missing (PatronColumn *column, gsize *n_missing, GError **error);

/* New columns. */
PatronColumn *patron_column_rename    (PatronColumn *column, const char *name);            /* shares the values */
PatronColumn *patron_column_with_unit (PatronColumn *column, const char *unit);            /* shares the values */
PatronColumn *patron_column_retype    (PatronColumn *column, PatronType type);             /* CATEGORY ↔ TEXT, shares the values */
PatronColumn *patron_column_take      (PatronColumn *column, const guint32 *rows, gsize n, GError **error);

/* Building row by row where speed does not matter (tests, small results, JSON). Strings go to append_text; the others to
 * append_number (dates in days, times in microseconds, booleans 0 or 1); append_missing for any. */
typedef struct _PatronColumnBuilder PatronColumnBuilder;
PatronColumnBuilder *patron_column_builder_new (const char *name, PatronType type);
void          patron_column_builder_append_number  (PatronColumnBuilder *builder, double value);
void          patron_column_builder_append_int64   (PatronColumnBuilder *builder, gint64 value);
void          patron_column_builder_append_text    (PatronColumnBuilder *builder, const char *value);   /* NULL: missing */
void          patron_column_builder_append_missing (PatronColumnBuilder *builder);
PatronColumn *patron_column_builder_finish         (PatronColumnBuilder *builder);   /* frees the builder */

/* One value as unlocalised text that a reader would read back ("" for missing): ISO dates, '.' decimals, shortest round trip for
 * doubles. For the grid and for CSV use the buffer form: returns the length written, never more than size - 1. */
char *patron_column_format        (PatronColumn *column, gsize row);
gboolean patron_column_is_missing (PatronColumn *column, gsize row);

/* Calendar. */
gint32   patron_date_from_ymd (int year, int month, int day);                      /* days; no check */
void     patron_date_to_ymd   (gint32 days, int *year, int *month, int *day);
gboolean patron_date_valid    (int year, int month, int day);
/* "2011-02-28" and "2011-02-28 17:04" (seconds and microseconds only if not zero) into buffer of at least 40 bytes; returns length. */
int      patron_date_format   (gint32 days, char *buffer);
int      patron_time_format   (gint64 microseconds, char *buffer);
/* Shortest text that strtod reads back as the same double; buffer of at least 32 bytes; returns length. */
int      patron_double_format (double value, char *buffer);

G_END_DECLS
