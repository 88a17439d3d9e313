/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/tree-grow.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "math/tree-split.h"

/* Rows begin … begin+n-1 of the items still have to become the subtree at node. */
typedef struct
{
  gsize   begin, n;
  guint32 node;
  guint   depth;
} Task;

struct _PatronTreeGrower
{
  PatronTreeSpec  spec;
  PatronSplitter *splitter;
  PatronTreeItem *right;        /* n: the items on their way to the right child */
  guint16        *features;     /* p: a permutation; its front is what a node has drawn */
  double         *total;        /* of the node at hand */
  GArray         *tasks;        /* of Task */
};

PatronTreeGrower *
patron_tree_grower_new (const PatronTreeSpec *spec, gsize n, GError **error)
{
  PatronTreeGrower *grower = g_new0 (PatronTreeGrower, 1);
  const char *purpose = _("growing the trees");
  grower->spec = *spec;
  grower->tasks = g_array_new (FALSE, FALSE, sizeof (Task));
  grower->splitter = patron_splitter_new (&grower->spec, error);
  if (grower->splitter != NULL)
    grower->right = patron_try_alloc (n, sizeof (PatronTreeItem), purpose, error);
  if (grower->right != NULL)
    grower->features = patron_try_alloc (spec->p, sizeof (guint16), purpose, error);
  if (grower->features != NULL)
    grower->total = patron_try_alloc (MAX (spec->n_classes, 2), sizeof (double), purpose, error);
  if (grower->total != NULL)
    return grower;
  patron_tree_grower_free (grower);
  return NULL;
}

void
patron_tree_grower_free (PatronTreeGrower *grower)
{
  if (grower == NULL)
    return;
  g_array_unref (grower->tasks);
  patron_splitter_free (grower->splitter);
  patron_free (grower->right);
  patron_free (grower->features);
  patron_free (grower->total);
  g_free (grower);
}

void
patron_tree_clear (PatronTree *tree)
{
  patron_free (tree->nodes);
  patron_free (tree->values);
  patron_free (tree->importance);
  *tree = (PatronTree) { 0 };
}

/* ---- storage ---------------------------------------------------------------------------------------------- */

static gboolean
grow_block (gpointer *block, gsize *held, gsize needed, gsize size, GError **error)
{
  if (needed <= *held)
    return TRUE;
  gsize wanted = MAX (2 * *held, MAX (needed, 256));
  gpointer larger = patron_try_realloc (*block, *held, wanted, size, _("the nodes of the trees"), error);
  if (larger == NULL)
    return FALSE;
  *block = larger;
  *held = wanted;
  return TRUE;
}

static gboolean
add_nodes (PatronTree *tree, gsize n, GError **error)
{
  if (!grow_block ((gpointer *) &tree->nodes, &tree->nodes_held, tree->n_nodes + n, sizeof (PatronTreeNode), error))
    return FALSE;
  tree->n_nodes += n;
  return TRUE;
}

/* A leaf of what the node holds. Pure leaves of a class share the values at the front. */
static gboolean
make_leaf (const PatronTreeSpec *spec, PatronTree *tree, guint32 node, const double *total, guint class, gboolean pure, GError **error)
{
  guint k = MAX (spec->n_classes, 1);
  PatronTreeNode leaf = { .feature = PATRON_TREE_LEAF, .left = class };
  if (spec->n_classes == 0 || !pure)
    {
      leaf.left = tree->n_values;
      if (!grow_block ((gpointer *) &tree->values, &tree->values_held, (tree->n_values + 1) * k, sizeof (double), error))
        return FALSE;
      double *value = tree->values + tree->n_values++ * k, sum = 0;
      for (guint c = 0; c < spec->n_classes; c++)
        sum += total[c];
      for (guint c = 0; c < spec->n_classes; c++)
        value[c] = total[c] / sum;
      if (spec->n_classes == 0)
        value[0] = total[1] / total[0];
    }
  tree->nodes[node] = leaf;
  return TRUE;
}

static gboolean
begin_tree (const PatronTreeSpec *spec, PatronTree *tree, GError **error)
{
  guint k = spec->n_classes;
  tree->importance = patron_try_alloc0 (spec->p, sizeof (double), _("the nodes of the trees"), error);
  if (tree->importance == NULL || !grow_block ((gpointer *) &tree->values, &tree->values_held, (gsize) k * k, sizeof (double), error))
    return FALSE;
  for (guint i = 0; i < k * k; i++)
    tree->values[i] = i / k == i % k;
  tree->n_values = k;
  return add_nodes (tree, 1, error);
}

/* ---- one node --------------------------------------------------------------------------------------------- */

/* Draws columns without replacement until max_features were looked at and one could be cut, or there are no more. */
static void
find_split (PatronTreeGrower *grower, const PatronTreeItem *items, gsize n, PatronRandom *random, PatronSplit *best)
{
  gsize p = grower->spec.p, drawn = 0, max = grower->spec.max_features;
  while (drawn < p && (drawn < max || !best->found))
    {
      guint block = drawn < max ? MIN (PATRON_SPLITTER_BLOCK, max - drawn) : 1;
      for (guint f = 0; f < block; f++)
        {
          gsize at = drawn + f, other = at + patron_random_below (random, p - at);
          guint16 swap = grower->features[at];
          grower->features[at] = grower->features[other];
          grower->features[other] = swap;
        }
      patron_splitter_search (grower->splitter, items, n, grower->total, grower->features + drawn, block, best);
      drawn += block;
    }
}

/* Moves the rows that go left to the front, both sides in their old order; returns how many. */
static gsize
partition (const PatronTreeGrower *grower, PatronTreeItem *items, gsize n, const PatronSplit *split)
{
  const guint8 *codes = grower->spec.codes->values + split->feature;
  gsize stride = grower->spec.codes->stride, left = 0, right = 0;
  guint8 missing = split->missing_left;
  for (gsize i = 0; i < n; i++)
    {
      PatronTreeItem item = items[i];
      guint8 code = codes[item.row * stride];
      gsize goes_left = code <= split->code || (code == PATRON_BIN_MISSING && missing);
      items[left] = item;
      grower->right[right] = item;
      left += goes_left;
      right += !goes_left;
    }
  memcpy (items + left, grower->right, sizeof (PatronTreeItem) * right);
  return left;
}

static void
push (GArray *tasks, gsize begin, gsize n, guint32 node, guint depth)
{
  Task task = { begin, n, node, depth };
  g_array_append_val (tasks, task);
}

static gboolean
grow_node (PatronTreeGrower *grower, PatronTreeItem *items, const Task *task, PatronRandom *random, PatronTree *tree, GError **error)
{
  const PatronTreeSpec *spec = &grower->spec;
  PatronTreeItem *here = items + task->begin;
  PatronSplit best = { .score = -INFINITY };
  double score;
  gboolean pure;
  patron_splitter_node (grower->splitter, here, task->n, grower->total, &score, &pure);
  if (!pure && task->depth < spec->max_depth && task->n >= spec->min_split && task->n >= 2 * spec->min_leaf)
    find_split (grower, here, task->n, random, &best);
  if (!best.found)
    return make_leaf (spec, tree, task->node, grower->total, spec->n_classes > 0 ? here[0].class : 0, pure, error);
  guint32 left = tree->n_nodes;
  if (!add_nodes (tree, 2, error))
    return FALSE;
  gsize n_left = partition (grower, here, task->n, &best);
  tree->importance[best.feature] += MAX (best.score - score, 0);
  /* Values that are missing only in new rows follow the larger part. */
  tree->nodes[task->node] = (PatronTreeNode) { .left = left, .feature = best.feature, .code = best.code,
                                               .missing_left = best.has_missing ? best.missing_left : n_left * 2 >= task->n };
  push (grower->tasks, task->begin + n_left, task->n - n_left, left + 1, task->depth + 1);
  push (grower->tasks, task->begin, n_left, left, task->depth + 1);
  return TRUE;
}

gboolean
patron_tree_grow (PatronTreeGrower *grower, PatronTreeItem *items, gsize n, PatronRandom *random, PatronTree *tree, PatronRun *run, GError **error)
{
  gboolean fine = begin_tree (&grower->spec, tree, error);
  gsize rows_since_check = 0;
  for (gsize j = 0; j < grower->spec.p; j++)
    grower->features[j] = j;
  g_array_set_size (grower->tasks, 0);
  push (grower->tasks, 0, n, 0, 0);
  while (fine && grower->tasks->len > 0)
    {
      Task task = g_array_index (grower->tasks, Task, grower->tasks->len - 1);
      g_array_set_size (grower->tasks, grower->tasks->len - 1);
      rows_since_check += task.n + 16;
      if (rows_since_check > 20000)
        {
          fine = patron_run_check (run, error);
          rows_since_check = 0;
        }
      fine = fine && grow_node (grower, items, &task, random, tree, error);
    }
  if (!fine)
    patron_tree_clear (tree);
  return fine;
}

/* ---- many trees ------------------------------------------------------------------------------------------- */

static void
copy_tree (PatronTrees *all, const PatronTree *tree, gsize first_node, gsize first_value)
{
  for (gsize i = 0; i < tree->n_nodes; i++)
    {
      PatronTreeNode node = tree->nodes[i];
      node.left += node.feature == PATRON_TREE_LEAF ? first_value : first_node;
      all->nodes[first_node + i] = node;
    }
  memcpy (all->values + first_value * all->n_outputs, tree->values, sizeof (double) * tree->n_values * all->n_outputs);
}

gboolean
patron_trees_join (PatronTrees *all, const PatronTree *trees, gsize n_trees, gsize n_outputs, GError **error)
{
  gsize n_nodes = 0, n_values = 0;
  for (gsize t = 0; t < n_trees; t++)
    {
      n_nodes += trees[t].n_nodes;
      n_values += trees[t].n_values;
    }
  if (n_nodes > G_MAXUINT32 || n_values > G_MAXUINT32)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                   _("The trees have %zu nodes together, more than the %u that one model can hold; grow fewer or shallower trees."),
                   MAX (n_nodes, n_values), G_MAXUINT32);
      return FALSE;
    }
  *all = (PatronTrees) { .n_outputs = n_outputs, .n_trees = n_trees, .n_nodes = n_nodes, .n_values = n_values * n_outputs };
  all->roots = patron_try_alloc (n_trees, sizeof (guint32), _("the nodes of the trees"), error);
  if (all->roots != NULL)
    all->nodes = patron_try_alloc (n_nodes, sizeof (PatronTreeNode), _("the nodes of the trees"), error);
  if (all->nodes != NULL)
    all->values = patron_try_alloc (n_values * n_outputs, sizeof (double), _("the nodes of the trees"), error);
  if (all->values == NULL)
    {
      patron_trees_clear (all);
      return FALSE;
    }
  gsize node = 0, value = 0;
  for (gsize t = 0; t < n_trees; t++)
    {
      all->roots[t] = node;
      copy_tree (all, &trees[t], node, value);
      node += trees[t].n_nodes;
      value += trees[t].n_values;
    }
  return TRUE;
}
