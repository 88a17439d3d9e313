/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/random.h"
#include "math/trees.h"

G_BEGIN_DECLS

/* Growing one tree (Breiman et al., "Classification and Regression Trees", 1984) on binned rows: at each node the best of all cuts of some
 * randomly drawn columns, found from histograms. Missing values form a bin of their own and go to the side where they serve best. */
typedef enum
{
  PATRON_SPLIT_GINI,
  PATRON_SPLIT_ENTROPY,
  PATRON_SPLIT_VARIANCE,     /* regression */
} PatronSplitCriterion;

typedef struct
{
  const PatronBins    *bins;
  const PatronCodes   *codes;          /* all rows, by bins */
  gsize                p;
  PatronSplitCriterion criterion;
  guint                n_classes;      /* 0 for regression */
  guint                max_depth;      /* G_MAXUINT: no limit; 0: a single leaf */
  gsize                min_split;      /* a node with fewer rows is a leaf */
  gsize                min_leaf;       /* no child may have fewer rows */
  guint                max_features;   /* columns drawn at a node, 1 … p; more are drawn only while none can be cut */
} PatronTreeSpec;

/* A row as the tree sees it. A row drawn several times is one item with a larger weight. */
typedef struct
{
  guint32 row;             /* of codes */
  float   weight;          /* > 0 */
  union
  {
    guint32 class;
    double  y;             /* better centred: sums then keep more digits */
  };
} PatronTreeItem;

typedef struct
{
  gsize           n_nodes, nodes_held;
  PatronTreeNode *nodes;          /* the root first; .left of a leaf counts values */
  gsize           n_values, values_held;
  double         *values;         /* classification: the first n_classes values are the pure classes */
  double         *importance;     /* p: decrease of the criterion, summed over the cuts of a column */
} PatronTree;

void patron_tree_clear (PatronTree *tree);

/* Working memory of one thread, for trees of one spec and at most n items. */
typedef struct _PatronTreeGrower PatronTreeGrower;
PatronTreeGrower *patron_tree_grower_new  (const PatronTreeSpec *spec, gsize n, GError **error);   /* copies spec */
void              patron_tree_grower_free (PatronTreeGrower *grower);

/* items: n ≥ 1, reordered. tree: zeroed, filled. FALSE with error when cancelled or short of memory (tree is then cleared). */
gboolean patron_tree_grow  (PatronTreeGrower *grower, PatronTreeItem *items, gsize n, PatronRandom *random, PatronTree *tree, PatronRun *run,
                            GError **error);

/* Joins trees into one array. FALSE with error when they are too large to be numbered or memory is short. */
gboolean patron_trees_join (PatronTrees *all, const PatronTree *trees, gsize n_trees, gsize n_outputs, GError **error);

G_END_DECLS
