/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/csv-intern.h"
#include "table/csv-split.h"
#include "table/csv-types.h"

G_BEGIN_DECLS

/* Values of one column on their way from fields to a finished array. */
typedef struct
{
  guint            source;       /* which field of a record */
  PatronColumnPlan plan;
  gpointer         values;       /* rows of the type's size, patron_try_alloc() */
  PatronIntern    *interns;      /* one for each worker, for texts */
  guint8          *bare;         /* for each worker: saw a value without quotes */
  guint64         *quoted;       /* for each worker: bit 0, saw ""; bit t + 1, saw the missing token t in quotes */
  PatronDict      *dict;         /* of texts, once merged; and for each worker its codes in it */
  gint32         **maps;
  gboolean         alone;        /* the file's one column: what is nothing must be in quotes */
  gint             failed;       /* a value did not fit the plan */
  gint             n_refused;    /* given plans: values that did not fit and are missing */
} PatronCsvSink;

/* What reading a stretch needs at hand; one for each worker. */
typedef struct
{
  char            *buffer;       /* of the source */
  gsize            buffer_size;
  char            *scratch;      /* unescaped fields */
  gsize            scratch_size;
  PatronCsvRecords records;
  GError          *error;
} PatronCsvScratch;

gboolean patron_csv_sink_init   (PatronCsvSink *sink, guint source, const PatronColumnPlan *plan, gsize n_rows, int n_workers, GError **error);
void     patron_csv_sink_clear  (PatronCsvSink *sink, int n_workers);

/* Some of the records at hand: n from first on, which become the rows from row on. */
typedef struct
{
  gsize first, n, row;
  guint stride;          /* fields of each of them, when all have so many and no sink asks for one beyond; 0 when they differ */
} PatronCsvRows;

/* Records of scratch, which point into text (followed by PATRON_PLAIN_PADDING readable bytes), into the sink. Sets sink->failed and stops at a value that does not fit. FALSE with
 * scratch->error when memory ran out. */
gboolean patron_csv_sink_fill   (PatronCsvSink *sink, const PatronCsvDialect *dialect, const PatronMissingTokens *missing, const char *text,
                                 PatronCsvScratch *scratch, const PatronCsvRows *rows, int worker);

/* So many distinct texts in all that merging them is work for all processors, not for the one that finishes the column. */
gboolean patron_csv_sink_is_large (const PatronCsvSink *sink, int n_workers);
/* The distinct texts of all workers in one dictionary. */
gboolean patron_csv_sink_merge  (PatronCsvSink *sink, int n_workers, PatronRun *run, GError **error);

/* Texts: which worker read which rows. rows[b] … rows[b+1]-1 were read by workers[b]. Ends in the finished column. What is empty or a missing token in
 * quotes is a text when the column also has values without quotes, else quotes mean nothing and it is missing. */
PatronColumn *patron_csv_sink_finish (PatronCsvSink *sink, const PatronMissingTokens *missing, const char *name, gsize n_rows, const gsize *rows,
                                      const guint8 *workers, gsize n_blocks, int n_workers, gboolean *changed, guint32 *changed_row, GError **error);

G_END_DECLS
