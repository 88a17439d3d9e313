/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/job.h"
#include "table/table.h"

G_BEGIN_DECLS

typedef struct
{
  char *text;    /* as a reader would read it */
  gsize n;       /* rows */
} PatronColumnValue;

/* The values of a column to choose from, the most frequent first. */
typedef struct
{
  GPtrArray *values;      /* of PatronColumnValue*, without missing ones */
  gsize      n_distinct;  /* at least; there may be more values than are listed */
  gsize      n_missing;
} PatronColumnValues;

/* Reads the column once, by chunks, and lists at most max values. Any thread. NULL with error. */
PatronColumnValues *patron_column_values_list (PatronColumn *column, guint max, PatronRun *run, GError **error);
void                patron_column_values_free (PatronColumnValues *values);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronColumnValues, patron_column_values_free)

/* The same on a worker; the caller owns the job. */
PatronJob                *patron_column_values_start  (PatronColumn *column, guint max);
/* What such a job has listed, once it has finished; NULL: it failed. Belongs to the job. */
const PatronColumnValues *patron_column_values_listed (PatronJob *job);

/* The smallest and greatest value as patron_column_read_doubles() gives them; NaN when there is none. Any thread. */
gboolean            patron_column_range       (PatronColumn *column, double *low, double *high, PatronRun *run, GError **error);

G_END_DECLS
