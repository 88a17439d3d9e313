/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/boosting-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"

#define BLOCK_ROWS 16384            /* rows parted at a time */
#define FEW_CODES 30000             /* rows × columns of a node that one thread is done with sooner than two */
#define MAX_PARTS 64                /* in which the rows of a node are counted */
#define HISTOGRAM_BYTES 512000000   /* of the histograms held at once; others are counted anew when needed */

struct _PatronBooster
{
  PatronBoostingSpec         spec;
  const PatronBins          *bins;
  const PatronBoostingCodes *all;
  PatronBoostingCodes        chosen;      /* when not all columns are */
  const PatronBoostingCodes *codes;       /* of the tree at hand */
  guint8                    *turned;      /* all, column after column */
  PatronBoostingUnits        units;
  guint32                   *rows;        /* n + PATRON_ROWS_AHEAD: those of each leaf together, ascending */
  guint32                   *parted;      /* n */
  gsize                     *n_left;      /* blocks */
  guint64                   *packed;      /* n */
  gsize                      n_parts;     /* at most */
  PatronBoostingSum         *scratch;     /* parts × part_size: all zero between calls */
  gsize                      part_size;   /* groups × 8 × 256 */
  gsize                      histogram_size;   /* sums in a histogram */
  int                        n_slots;
  PatronBoostingSum         *slots;       /* n_slots × histogram_size */
  gboolean                  *slot_used;
  PatronBoostingCut         *found;       /* groups × 2 */
  PatronBoostingLeaf        *leaves;      /* max_leaves */
  gsize                      n_leaves;
  PatronTreeNode            *nodes;       /* 2 max_leaves - 1 */
  gsize                      n_nodes;
};

PatronBooster *
patron_booster_new (const PatronBoostingSpec *spec, const PatronBins *bins, const PatronBoostingCodes *codes, PatronRun *run, GError **error)
{
  PatronBooster *b = g_new0 (PatronBooster, 1);
  const char *purpose = _("growing the trees");
  gsize n = codes->n, blocks = (n + BLOCK_ROWS - 1) / BLOCK_ROWS, max_leaves = CLAMP (n, 1, spec->max_leaves);
  gsize columns = MAX ((gsize) ceil (spec->column_share * codes->p), 1);
  b->spec = *spec;
  b->spec.max_leaves = max_leaves;
  b->bins = bins;
  b->all = b->codes = codes;
  b->histogram_size = codes->start[codes->p];
  b->part_size = codes->n_groups * PATRON_GROUP * 256;
  b->n_parts = MIN (patron_parallel_workers (run), MAX_PARTS);
  b->n_slots = (int) CLAMP (HISTOGRAM_BYTES / (b->histogram_size * sizeof (PatronBoostingSum)), 3, max_leaves + 1);
  gboolean fine = (b->rows = patron_try_alloc0 (n + PATRON_ROWS_AHEAD, sizeof (guint32), purpose, error)) != NULL
                  && (b->parted = patron_try_alloc0 (n, sizeof (guint32), purpose, error)) != NULL
                  && (b->n_left = patron_try_alloc (blocks + 1, sizeof (gsize), purpose, error)) != NULL
                  && (b->packed = patron_try_alloc0 (n, sizeof (guint64), purpose, error)) != NULL
                  && (b->scratch = patron_try_alloc0 (b->n_parts * b->part_size, sizeof (PatronBoostingSum), purpose, error)) != NULL
                  && (b->slots = patron_try_alloc (b->n_slots * b->histogram_size, sizeof (PatronBoostingSum), purpose, error)) != NULL
                  && (b->slot_used = patron_try_alloc0 (b->n_slots, sizeof (gboolean), purpose, error)) != NULL
                  && (b->found = patron_try_alloc (codes->n_groups * 2, sizeof (PatronBoostingCut), purpose, error)) != NULL
                  && (b->leaves = patron_try_alloc (max_leaves, sizeof (PatronBoostingLeaf), purpose, error)) != NULL
                  && (b->nodes = patron_try_alloc (2 * max_leaves, sizeof (PatronTreeNode), purpose, error)) != NULL
                  && (columns >= codes->p || patron_boosting_codes_room (&b->chosen, codes, columns, error))
                  && (b->turned = patron_boosting_codes_turn (codes, run, error)) != NULL;
  if (fine)
    return b;
  patron_booster_free (b);
  return NULL;
}

void
patron_booster_free (PatronBooster *b)
{
  if (b == NULL)
    return;
  patron_boosting_codes_clear (&b->chosen);
  patron_free (b->turned);
  patron_free (b->rows);
  patron_free (b->parted);
  patron_free (b->n_left);
  patron_free (b->packed);
  patron_free (b->scratch);
  patron_free (b->slots);
  patron_free (b->slot_used);
  patron_free (b->found);
  patron_free (b->leaves);
  patron_free (b->nodes);
  g_free (b);
}

guint32 *
patron_booster_rows (PatronBooster *b)
{
  return b->rows;
}

guint64 *
patron_booster_packed (PatronBooster *b)
{
  return b->packed;
}

/* ---- slots for histograms ---------------------------------------------------------------------------------- */

static void
release_slot (PatronBooster *b, PatronBoostingLeaf *leaf)
{
  if (leaf->slot >= 0)
    b->slot_used[leaf->slot] = FALSE;
  leaf->slot = -1;
}

/* A free slot; when there is none, that of the leaf that will be parted last. keep: a leaf that is needed. */
static int
take_slot (PatronBooster *b, const PatronBoostingLeaf *keep)
{
  for (int s = 0; s < b->n_slots; s++)
    if (!b->slot_used[s])
      {
        b->slot_used[s] = TRUE;
        return s;
      }
  PatronBoostingLeaf *least = NULL;
  for (gsize i = 0; i < b->n_leaves; i++)
    if (b->leaves[i].slot >= 0 && &b->leaves[i] != keep && (least == NULL || b->leaves[i].cut.gain < least->cut.gain))
      least = &b->leaves[i];
  int slot = least->slot;
  least->slot = -1;
  return slot;
}

/* ---- histograms -------------------------------------------------------------------------------------------- */

/* Counts a node and looks for its best cut; with a sibling, whose histogram is the parent's less this one, for both. */
typedef struct
{
  PatronBooster      *b;
  PatronBoostingLeaf *leaf, *sibling;    /* sibling: NULL, or its slot holds the parent's histogram */
  gboolean            search, search_sibling;
  gsize               n_parts;           /* of the rows */
} Count;

static void
count_parts (gsize begin, gsize end, int worker, gpointer data)
{
  Count *c = data;
  PatronBooster *b = c->b;
  for (gsize part = begin; part < end; part++)
    {
      gsize from = part * c->leaf->n / c->n_parts, to = (part + 1) * c->leaf->n / c->n_parts;
      patron_boosting_count (b->codes, b->packed, &b->units, b->rows + c->leaf->begin + from, to - from, b->scratch + part * b->part_size);
    }
}

static void
add_up (PatronBoostingSum *to, PatronBoostingSum *from, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      to[i].g += from[i].g;
      to[i].h += from[i].h;
    }
  memset (from, 0, sizeof *from * n);
}

/* Moves a column's histogram to its place, leaving zeros, and takes it off the parent's, which becomes the sibling's. */
static void
place_column (const Count *c, gsize feature)
{
  PatronBooster *b = c->b;
  gsize n = b->codes->n_bins[feature];
  PatronBoostingSum *from = b->scratch + feature * 256, *to = b->slots + c->leaf->slot * b->histogram_size + b->codes->start[feature];
  for (gsize part = 1; part < c->n_parts; part++)
    {
      add_up (from, from + part * b->part_size, n);
      add_up (from + PATRON_BIN_MISSING, from + part * b->part_size + PATRON_BIN_MISSING, 1);
    }
  memcpy (to, from, sizeof *from * n);
  to[n] = from[PATRON_BIN_MISSING];
  memset (from, 0, sizeof *from * n);
  from[PATRON_BIN_MISSING] = (PatronBoostingSum) { 0, 0 };
  if (c->sibling == NULL)
    return;
  PatronBoostingSum *parent = b->slots + c->sibling->slot * b->histogram_size + b->codes->start[feature];
  for (gsize i = 0; i <= n; i++)
    {
      parent[i].g -= to[i].g;
      parent[i].h -= to[i].h;
    }
}

/* The first node has no total yet: that of any column will do. */
static PatronBoostingSum
total_of (const PatronBoostingSum *histogram, gsize n)
{
  PatronBoostingSum total = { 0, 0 };
  for (gsize i = 0; i < n; i++)
    {
      total.g += histogram[i].g;
      total.h += histogram[i].h;
    }
  return total;
}

static void
search_column (const Count *c, PatronBoostingLeaf *leaf, gsize feature, PatronBoostingCut *best)
{
  PatronBooster *b = c->b;
  const PatronBoostingSum *histogram = b->slots + leaf->slot * b->histogram_size + b->codes->start[feature];
  PatronBoostingSum total = leaf->sum.h != 0 ? leaf->sum : total_of (histogram, b->codes->n_bins[feature] + 1);
  patron_boosting_search (&b->spec, &b->units, b->bins, b->codes, feature, histogram, total, best);
}

static void
finish_groups (gsize begin, gsize end, int worker, gpointer data)
{
  Count *c = data;
  PatronBooster *b = c->b;
  for (gsize group = begin; group < end; group++)
    {
      PatronBoostingCut *found = &b->found[group * 2];
      memset (found, 0, sizeof *found * 2);
      for (gsize feature = group * PATRON_GROUP; feature < MIN ((group + 1) * PATRON_GROUP, b->codes->p); feature++)
        {
          place_column (c, feature);
          if (c->search)
            search_column (c, c->leaf, feature, &found[0]);
          if (c->search_sibling)
            search_column (c, c->sibling, feature, &found[1]);
        }
    }
}

/* Runs body over n ranges of one, on one thread where there is little to do. */
static gboolean
spread (PatronRun *run, gboolean alone, gsize n, PatronParallelBody body, gpointer data)
{
  if (!alone)
    return patron_parallel_for (run, n, 1, body, data);
  body (0, n, 0, data);
  return TRUE;
}

static void
best_of (PatronBooster *b, guint side, PatronBoostingLeaf *leaf)
{
  leaf->cut = (PatronBoostingCut) { 0 };
  for (gsize group = 0; group < b->codes->n_groups; group++)
    if (b->found[group * 2 + side].gain > leaf->cut.gain)
      leaf->cut = b->found[group * 2 + side];
}

static gboolean
may_part (const PatronBooster *b, const PatronBoostingLeaf *leaf)
{
  return leaf->depth < b->spec.max_depth && leaf->n >= 2 * MAX (b->spec.min_rows, 1);
}

/* Fills leaf's slot, finds the cuts. */
static gboolean
count_node (PatronBooster *b, PatronBoostingLeaf *leaf, PatronBoostingLeaf *sibling, PatronRun *run, GError **error)
{
  Count c = { .b = b, .leaf = leaf, .sibling = sibling, .search = may_part (b, leaf), .search_sibling = sibling != NULL && may_part (b, sibling),
              .n_parts = 1 };
  gboolean alone = leaf->n * b->codes->p + b->histogram_size * 2 < FEW_CODES;
  if (leaf->n * b->codes->p > FEW_CODES)
    c.n_parts = b->n_parts;
  if (!spread (run, c.n_parts == 1, c.n_parts, count_parts, &c) || !spread (run, alone, b->codes->n_groups, finish_groups, &c))
    return patron_run_check (run, error);
  if (leaf->sum.h == 0)
    leaf->sum = total_of (b->slots + leaf->slot * b->histogram_size, b->codes->n_bins[0] + 1);
  best_of (b, 0, leaf);
  if (sibling != NULL)
    best_of (b, 1, sibling);
  return TRUE;
}

/* ---- parting a node's rows --------------------------------------------------------------------------------- */

typedef struct
{
  PatronBooster *b;
  gsize          begin, n;
  const guint8  *codes;          /* of the column */
  guint8         goes_left[256];
  gsize          left;           /* rows that go there */
} Part;

static gsize
part_by (const guint32 *restrict rows, gsize n, const guint8 *restrict codes, const guint8 *restrict goes_left, guint32 *restrict parted)
{
  guint32 *left = parted, *right = parted + n - 1;
  for (gsize i = 0; i < n; i++)
    {
      guint32 row = rows[i];
      gsize step = goes_left[codes[row]];
      *left = row;
      *right = row;
      left += step;
      right -= 1 - step;
    }
  return left - parted;
}

/* A block's rows that go left to the front of its place, those that go right to the end of it, the wrong way round. */
static void
part_block (gsize begin, gsize end, int worker, gpointer data)
{
  Part *part = data;
  PatronBooster *b = part->b;
  b->n_left[begin / BLOCK_ROWS] = part_by (b->rows + part->begin + begin, end - begin, part->codes, part->goes_left, b->parted + part->begin + begin);
}

static void
place_block (gsize begin, gsize end, int worker, gpointer data)
{
  Part *part = data;
  gsize block = begin / BLOCK_ROWS, left_before = 0, left = part->b->n_left[block], right = end - begin - left;
  for (gsize i = 0; i < block; i++)
    left_before += part->b->n_left[i];
  guint32 *rows = part->b->rows + part->begin, *from = part->b->parted + part->begin + begin;
  memcpy (rows + left_before, from, sizeof (guint32) * left);
  guint32 *to = rows + part->left + begin - left_before;
  for (gsize i = 0; i < right; i++)
    to[i] = from[end - begin - 1 - i];
}

/* Rows that go left come first, both sides in their old order. */
static gboolean
part_rows (PatronBooster *b, const PatronBoostingLeaf *leaf, gsize *n_left, PatronRun *run, GError **error)
{
  const PatronBoostingCut *cut = &leaf->cut;
  Part part = { .b = b, .begin = leaf->begin, .n = leaf->n, .codes = b->turned + (gsize) b->codes->columns[cut->feature] * b->all->n };
  for (guint code = 0; code < PATRON_BIN_MISSING; code++)
    part.goes_left[code] = code <= cut->code;
  part.goes_left[PATRON_BIN_MISSING] = cut->missing_left;
  gsize blocks = (leaf->n + BLOCK_ROWS - 1) / BLOCK_ROWS;
  if (!patron_parallel_for (run, leaf->n, BLOCK_ROWS, part_block, &part))
    return patron_run_check (run, error);
  for (gsize i = 0; i < blocks; i++)
    part.left += b->n_left[i];
  if (!patron_parallel_for (run, leaf->n, BLOCK_ROWS, place_block, &part))
    return patron_run_check (run, error);
  *n_left = part.left;
  return TRUE;
}

/* ---- the tree ---------------------------------------------------------------------------------------------- */

static gboolean
part_leaf (PatronBooster *b, gsize at, double *importance, PatronRun *run, GError **error)
{
  PatronBoostingLeaf *left = &b->leaves[at], *right = &b->leaves[b->n_leaves], parent = *left;
  const PatronBoostingCut *cut = &parent.cut;
  gsize n_left = 0;
  if (!part_rows (b, &parent, &n_left, run, error))
    return FALSE;
  guint32 child = b->n_nodes;
  b->n_nodes += 2;
  guint16 column = b->codes->columns[cut->feature];
  /* Values that are missing only in new rows follow the larger part. */
  b->nodes[parent.node] = (PatronTreeNode) { .left = child, .feature = column, .code = cut->code,
                                             .missing_left = cut->has_missing ? cut->missing_left : n_left * 2 >= parent.n };
  importance[column] += cut->gain;
  *left = (PatronBoostingLeaf) { .begin = parent.begin, .n = n_left, .node = child, .depth = parent.depth + 1, .slot = -1, .sum = cut->left };
  *right = (PatronBoostingLeaf) { .begin = parent.begin + n_left, .n = parent.n - n_left, .node = child + 1, .depth = parent.depth + 1, .slot = -1,
                                  .sum = { parent.sum.g - cut->left.g, parent.sum.h - cut->left.h } };
  b->n_leaves++;
  PatronBoostingLeaf *small = left->n <= right->n ? left : right, *large = small == left ? right : left;
  gboolean wanted = b->n_leaves < b->spec.max_leaves && (may_part (b, small) || may_part (b, large));
  if (!wanted)
    {
      if (parent.slot >= 0)
        b->slot_used[parent.slot] = FALSE;
      return TRUE;
    }
  large->slot = parent.slot;
  small->slot = take_slot (b, large);
  if (large->slot >= 0)
    return count_node (b, small, large, run, error);
  if (!count_node (b, small, NULL, run, error))
    return FALSE;
  large->slot = take_slot (b, small);
  return count_node (b, large, NULL, run, error);
}

static gboolean
write_tree (PatronBooster *b, PatronTree *tree, GError **error)
{
  const char *purpose = _("the nodes of the trees");
  double value_of_unit = b->units.g_unit;
  if ((tree->nodes = patron_try_alloc (b->n_nodes, sizeof (PatronTreeNode), purpose, error)) == NULL
      || (tree->values = patron_try_alloc (b->n_leaves, sizeof (double), purpose, error)) == NULL)
    return FALSE;
  tree->n_nodes = tree->nodes_held = b->n_nodes;
  tree->n_values = tree->values_held = b->n_leaves;
  for (gsize i = 0; i < b->n_leaves; i++)
    {
      const PatronBoostingLeaf *leaf = &b->leaves[i];
      double h = patron_boosting_hessian (leaf->sum, &b->units) + b->spec.l2;
      tree->values[i] = h > 0 ? -(double) leaf->sum.g * value_of_unit / h * b->spec.learning_rate : 0;
      b->nodes[leaf->node] = (PatronTreeNode) { .feature = PATRON_TREE_LEAF, .left = i };
    }
  memcpy (tree->nodes, b->nodes, sizeof (PatronTreeNode) * b->n_nodes);
  return TRUE;
}

gboolean
patron_booster_grow (PatronBooster *b, gsize n, const PatronBoostingUnits *units, const guint32 *columns, PatronTree *tree,
                     const PatronBoostingLeaf **leaves, gsize *n_leaves, PatronRun *run, GError **error)
{
  b->units = *units;
  b->codes = columns != NULL ? &b->chosen : b->all;
  if (columns != NULL && !patron_boosting_codes_select (&b->chosen, b->all, columns, run))
    return patron_run_check (run, error);
  tree->importance = patron_try_alloc0 (b->all->p, sizeof (double), _("the nodes of the trees"), error);
  if (tree->importance == NULL)
    return FALSE;
  memset (b->slot_used, 0, sizeof (gboolean) * b->n_slots);
  b->leaves[0] = (PatronBoostingLeaf) { .n = n, .slot = 0 };
  b->slot_used[0] = TRUE;
  b->n_leaves = b->n_nodes = 1;
  gboolean fine = count_node (b, &b->leaves[0], NULL, run, error);
  while (fine && b->n_leaves < b->spec.max_leaves)
    {
      gsize best = 0;
      for (gsize i = 1; i < b->n_leaves; i++)
        if (b->leaves[i].cut.gain > b->leaves[best].cut.gain)
          best = i;
      if (!(b->leaves[best].cut.gain > 0))
        break;
      fine = part_leaf (b, best, tree->importance, run, error) && patron_run_check (run, error);
    }
  for (gsize i = 0; i < b->n_leaves; i++)
    release_slot (b, &b->leaves[i]);
  fine = fine && write_tree (b, tree, error);
  if (!fine)
    patron_tree_clear (tree);
  *leaves = b->leaves;
  *n_leaves = b->n_leaves;
  return fine;
}
