/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/tree-grow.h"

G_BEGIN_DECLS

/* The best cut of a node: histograms of a few columns at a time, then every border between two bins that occur. Used by tree-grow.c alone. */
typedef struct
{
  gboolean found;
  guint16  feature;
  guint8   code;
  gboolean has_missing;     /* values are missing at this node, and … */
  gboolean missing_left;    /* … they serve better on the left */
  double   score;           /* of the two children together: Σ S²/W, larger is better; less the node's own it is the decrease */
} PatronSplit;

typedef struct _PatronSplitter PatronSplitter;
PatronSplitter *patron_splitter_new  (const PatronTreeSpec *spec, GError **error);   /* borrows spec */
void            patron_splitter_free (PatronSplitter *splitter);

/* What a node holds: n_classes weights (or weight and sum of w·y) in total; *score its own score; *pure when nothing is left to tell apart. */
void patron_splitter_node (PatronSplitter *splitter, const PatronTreeItem *items, gsize n, double *total, double *score, gboolean *pure);

/* Updates *best by the cuts of column features[0 … n_features-1]; total as filled by patron_splitter_node(). */
void patron_splitter_search (PatronSplitter *splitter, const PatronTreeItem *items, gsize n, const double *total, const guint16 *features,
                             guint n_features, PatronSplit *best);

/* Columns whose histograms are built in one pass over the rows. */
#define PATRON_SPLITTER_BLOCK 8

G_END_DECLS
