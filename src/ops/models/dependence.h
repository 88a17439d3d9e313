/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/bins.h"
#include "report/report.h"
#include "table/design.h"

G_BEGIN_DECLS

/* Partial dependence (Friedman, Annals of Statistics 29, 2001): the mean prediction over some rows when one column has a given value in all of them.
 * For models on binned columns. Borrowed. */
typedef struct
{
  PatronReport       *report;
  PatronRun          *run;
  const PatronDesign *design;
  const PatronBins   *bins;
  const PatronMatrix *x;
  const guint32      *rows;          /* n rows of x from whose values the points are taken */
  gsize               n;
  gboolean            classes;
  guint               n_outputs;
  guint               positive;      /* the output that is told about when there are at most two */
  const char *const  *class_names;
  /* Writes n_outputs means. Called from several threads. */
  void              (*mean) (gconstpointer data, gsize column, guint8 code, double *mean);
  gconstpointer       data;
} PatronDependence;

/* Adds the chart "dependence-1", -2 … for a source column of the design that takes more than one value, and counts it in *shown. */
gboolean patron_dependence_add (const PatronDependence *dependence, guint source, guint *shown, GError **error);

G_END_DECLS
