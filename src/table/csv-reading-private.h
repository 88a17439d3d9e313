/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/parallel.h"
#include "table/csv-columns.h"
#include "table/csv-reading.h"

G_BEGIN_DECLS

/* What the files that perform a reading share. */

typedef struct
{
  guint64 offset;
  gsize   length;
  gsize   row;            /* of its first record */
  gsize   n_records;
} PatronCsvStretch;

typedef struct
{
  gsize   n_short, n_long;                 /* records with too few or too many fields */
  gsize   short_row, long_row;             /* the first of them */
  guint   widest;                          /* fields up to the last that is not empty */
  gsize   n_repaired, repaired_row;
} PatronCsvIrregular;

typedef struct
{
  PatronCsvReading    *reading;
  PatronCsvDialect     dialect;
  guint64              end;                /* offset after the last record */
  gboolean             plain;              /* the plain splitter does it */
  GArray              *stretches;          /* of PatronCsvStretch */
  gsize                n_rows;
  int                  n_workers;
  PatronCsvScratch    *scratch;            /* one for each worker */
  guint8              *workers;            /* which worker read a stretch */
  PatronCsvIrregular  *irregular;          /* one for each stretch */
  PatronMissingTokens  missing;
  PatronMissingTokens **column_missing;    /* by source, NULL: missing; the array NULL when no column has its own */
  GHashTable          *wishes;             /* what was asked for columns, by name */
  PatronTypeContext    context;
  GArray              *sinks;              /* of PatronCsvSink, the columns of this pass */
  PatronTypeStats     *stats;              /* worker-major, sinks->len each: when types are being found out */
  GPtrArray           *columns;            /* finished, by source; NULL: not yet */
} PatronCsvState;

static inline void
patron_csv_say (PatronCsvState *state, PatronText *text)
{
  if (text != NULL)
    g_ptr_array_add (state->reading->notes, text);
}

/* What stands for nothing in the field source. */
static inline const PatronMissingTokens *
patron_csv_missing_of (const PatronCsvState *state, guint source)
{
  if (state->column_missing == NULL || source >= state->reading->shape->n_columns || state->column_missing[source] == NULL)
    return &state->missing;
  return state->column_missing[source];
}

/* body for 0 … n-1, one at a time; FALSE when a worker met an error or the run was cancelled. */
gboolean    patron_csv_run_workers        (PatronCsvState *state, gsize n, PatronParallelBody body, gpointer data, GError **error);

/* ---- csv-stretches.c: the first pass ---- */

/* Cuts the text into stretches that begin with a record and counts their records. */
gboolean    patron_csv_find_stretches     (PatronCsvState *state, GError **error);
/* Records of a stretch into the worker's scratch. NULL: scratch->error says why. */
const char *patron_csv_split_stretch      (PatronCsvState *state, const PatronCsvStretch *stretch, PatronCsvScratch *scratch);

/* ---- csv-plan.c: how each column is read ---- */

/* What the settings ask for single columns. FALSE: they name no column or no type. */
gboolean    patron_csv_take_wishes        (PatronCsvState *state, GError **error);
/* Columns that can be read one way only tell what the file prefers. */
void        patron_csv_learn_context      (PatronCsvState *state, const PatronTypeStats *stats, guint n);
/* Whether the column is read at all, and how. */
gboolean    patron_csv_plan_for           (PatronCsvState *state, const PatronTypeStats *stats, const char *name, PatronColumnPlan *plan);
gboolean    patron_csv_is_skipped         (const PatronCsvState *state, const char *name);

/* ---- csv-kept.c: cells as they stand ---- */

/* A column of texts, with numbers that have a decimal comma or marks between thousands written plainly when all of it are numbers; a new reference. */
PatronColumn *patron_csv_write_numbers_plainly (const PatronCsvState *state, PatronColumn *column, GError **error);

/* ---- csv-fill.c: the second pass ---- */

gboolean    patron_csv_add_sink           (PatronCsvState *state, guint source, const PatronColumnPlan *plan, GError **error);
void        patron_csv_clear_sinks        (PatronCsvState *state);
/* Fills the sinks and turns those that held into columns; leaves the sources of the others in *failed. */
gboolean    patron_csv_parse_sinks        (PatronCsvState *state, const char **names, GArray *failed, GError **error);
/* Every value of the sinks' sources into state->stats. */
gboolean    patron_csv_study_sinks        (PatronCsvState *state, GError **error);
/* The records' values in field source into stats. */
void        patron_csv_add_stats          (const PatronCsvState *state, const PatronCsvRecords *records, const char *text, gsize row, guint source,
                                           PatronTypeStats *stats);
/* Notes on the records that are not like the others; returns the number of fields of the widest. */
guint       patron_csv_report_irregular   (PatronCsvState *state);

G_END_DECLS
