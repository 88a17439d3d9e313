/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/trees.h"

#include <math.h>

#include "base/memory.h"

void
patron_trees_clear (PatronTrees *trees)
{
  patron_free (trees->roots);
  patron_free (trees->nodes);
  patron_free (trees->values);
  *trees = (PatronTrees) { 0 };
}

static gsize
tree_end (const PatronTrees *trees, gsize tree)
{
  return tree + 1 < trees->n_trees ? trees->roots[tree + 1] : trees->n_nodes;
}

/* Every child lies after its parent and inside its tree, every column and value exists. */
static gboolean
trees_are_sound (const PatronTrees *trees, gsize p)
{
  if (trees->n_outputs == 0 || trees->n_trees == 0 || trees->n_values % trees->n_outputs != 0 || trees->roots[0] != 0)
    return FALSE;
  for (gsize t = 0; t < trees->n_trees; t++)
    {
      gsize end = tree_end (trees, t);
      if (trees->roots[t] >= end || end > trees->n_nodes)
        return FALSE;
      for (gsize i = trees->roots[t]; i < end; i++)
        {
          const PatronTreeNode *node = &trees->nodes[i];
          if (node->feature == PATRON_TREE_LEAF ? node->left >= trees->n_values / trees->n_outputs
                                                : node->feature >= p || node->left <= i || (gsize) node->left + 1 >= end || node->missing_left > 1)
            return FALSE;
        }
    }
  for (gsize i = 0; i < trees->n_values; i++)
    if (!isfinite (trees->values[i]))
      return FALSE;
  return TRUE;
}

void
patron_trees_visit (PatronTrees *trees, gsize p, PatronVisitor *visitor)
{
  gboolean fine = patron_visit_size (visitor, "outputs", &trees->n_outputs)
                  && patron_visit_array (visitor, "roots", (gpointer *) &trees->roots, &trees->n_trees, sizeof (guint32))
                  && patron_visit_array (visitor, "nodes", (gpointer *) &trees->nodes, &trees->n_nodes, sizeof (PatronTreeNode))
                  && patron_visit_array (visitor, "values", (gpointer *) &trees->values, &trees->n_values, sizeof (double));
  if (fine && !trees_are_sound (trees, p))
    patron_visitor_fail (visitor, "trees");
}

/* Tree by tree over all rows, so that a tree stays in the cache. */
void
patron_trees_add (const PatronTrees *trees, gsize first, gsize count, const guint8 *codes, gsize stride, gsize n, double *sum)
{
  for (gsize t = first; t < first + count; t++)
    for (gsize i = 0; i < n; i++)
      {
        const double *value = patron_tree_walk (trees, t, codes + i * stride);
        for (gsize c = 0; c < trees->n_outputs; c++)
          sum[i * trees->n_outputs + c] += value[c];
      }
}

guint
patron_tree_depth (const PatronTrees *trees, gsize tree)
{
  gsize begin = trees->roots[tree], end = tree_end (trees, tree);
  g_autofree guint *depth = g_new0 (guint, end - begin);
  guint deepest = 0;
  for (gsize i = begin; i < end; i++)
    {
      deepest = MAX (deepest, depth[i - begin]);
      if (trees->nodes[i].feature != PATRON_TREE_LEAF)
        depth[trees->nodes[i].left - begin] = depth[trees->nodes[i].left + 1 - begin] = depth[i - begin] + 1;
    }
  return deepest;
}

gsize
patron_tree_n_leaves (const PatronTrees *trees, gsize tree)
{
  return (tree_end (trees, tree) - trees->roots[tree] + 1) / 2;
}
