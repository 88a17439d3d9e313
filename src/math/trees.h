/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/visit.h"
#include "math/bins.h"

G_BEGIN_DECLS

/* Binary trees over binned columns (math/bins.h), many in one array. Children follow their parent, so a walk from a root always ends. */
#define PATRON_TREE_LEAF 0xffff   /* in .feature */

typedef struct
{
  guint32 left;           /* node index of the left child, the right one is the next; leaf: index of its value */
  guint16 feature;        /* column, or PATRON_TREE_LEAF */
  guint8  code;           /* rows with a code ≤ this go left, others right … */
  guint8  missing_left;   /* … and missing ones left when this is 1 */
} PatronTreeNode;

typedef struct
{
  gsize           n_outputs;  /* length of a leaf's value: the number of classes, or 1 */
  gsize           n_trees;
  guint32        *roots;      /* n_trees: index of the root in nodes; ascending */
  gsize           n_nodes;
  PatronTreeNode *nodes;
  gsize           n_values;   /* of doubles: leaves' values × n_outputs */
  double         *values;     /* value v is values[v * n_outputs] … */
} PatronTrees;

void patron_trees_clear (PatronTrees *trees);
/* p: columns that nodes may name. All indices are checked when loading. */
void patron_trees_visit (PatronTrees *trees, gsize p, PatronVisitor *visitor);

/* The child of an inner node that a row goes to. codes: the row's. */
static inline guint32
patron_tree_step (const PatronTreeNode *node, const guint8 *codes)
{
  guint8 code = codes[node->feature];
  gboolean left = code == PATRON_BIN_MISSING ? node->missing_left : code <= node->code;
  return node->left + !left;
}

/* The leaf's value that a row falls to. codes: the row's, p of them. */
static inline const double *
patron_tree_walk (const PatronTrees *trees, gsize tree, const guint8 *codes)
{
  const PatronTreeNode *node = &trees->nodes[trees->roots[tree]];
  while (node->feature != PATRON_TREE_LEAF)
    node = &trees->nodes[patron_tree_step (node, codes)];
  return trees->values + (gsize) node->left * trees->n_outputs;
}

/* Adds the values that n ≤ 65536 rows get from trees first … first+count-1 to sum: n × n_outputs, row after row. */
void patron_trees_add (const PatronTrees *trees, gsize first, gsize count, const guint8 *codes, gsize stride, gsize n, double *sum);

guint patron_tree_depth    (const PatronTrees *trees, gsize tree);
gsize patron_tree_n_leaves (const PatronTrees *trees, gsize tree);

G_END_DECLS
