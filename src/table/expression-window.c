/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-window.h"

#include "base/memory.h"
#include "table/group-keys.h"
#include "table/sort-rows.h"


/* function (value) over (keys order by …): evaluates value, keys and order for all rows, groups and orders the rows, and has the function
 * computed (expression-window-kernels.c). */

gboolean
patron_window_by_value (PatronWindow window)
{
  switch (window)
    {
    case PATRON_WINDOW_COUNT_DISTINCT:
    case PATRON_WINDOW_MEDIAN:
    case PATRON_WINDOW_QUANTILE:
    case PATRON_WINDOW_MODE:
    case PATRON_WINDOW_RANK:
    case PATRON_WINDOW_DENSE_RANK:
    case PATRON_WINDOW_PERCENT_RANK:
    case PATRON_WINDOW_NTILE:
      return TRUE;
    default:
      return FALSE;
    }
}

gboolean
patron_window_needs_rows (PatronWindow window)
{
  return patron_window_by_value (window) || window >= PATRON_WINDOW_ROW_NUMBER || window == PATRON_WINDOW_FIRST || window == PATRON_WINDOW_LAST;
}

/* ---- children as columns ---------------------------------------------------------------------------------------- */

enum { MAX_CHILDREN = 64 };

typedef struct
{
  guint         n;
  PatronColumn *columns[MAX_CHILDREN];   /* of keys and order; of the value where rows are ordered by it */
} Children;

/* A column that is written as such is read where it is, chunk by chunk; anything else is computed first. */
static PatronColumn *
column_of (const PatronNode *child, gsize n, PatronRun *run, GError **error)
{
  if (child->kind == PATRON_NODE_COLUMN)
    return patron_column_ref (child->column);
  PatronType type = child->type == PATRON_TYPE_NUMBER || child->type == PATRON_TYPE_BOOLEAN || patron_type_is_text (child->type)
                        ? child->type
                        : PATRON_TYPE_INTEGER;
  gpointer values = patron_try_alloc_values (n, patron_node_value_size (child->type), "the formula", error);
  if (values != NULL && patron_node_evaluate_all (child, n, values, run, error))
    return patron_column_new_take ("key", type, n, values, patron_type_is_text (type) ? patron_dict_ref (child->dict) : NULL);
  patron_free (values);
  return NULL;
}

static gboolean
children_init (Children *children, const PatronNode *node, gsize n, PatronRun *run, GError **error)
{
  children->n = node->children != NULL ? node->children->len : 0;
  g_assert (children->n <= MAX_CHILDREN);
  for (guint c = 0; c < children->n; c++)
    if (c >= node->n_arguments || patron_window_by_value (node->window))
      {
        children->columns[c] = column_of (patron_node_child (node, c), n, run, error);
        if (children->columns[c] == NULL)
          return FALSE;
      }
  return TRUE;
}

static void
children_clear (Children *children)
{
  for (guint c = 0; c < children->n; c++)
    g_clear_pointer (&children->columns[c], patron_column_unref);
}

/* ---- order ------------------------------------------------------------------------------------------------------ */

/* Which children the rows are ordered by, the most important first: the value itself where it is ranked, then the order given. */
static guint
list_order (const PatronNode *node, guint *order)
{
  guint n = 0;
  if (patron_window_by_value (node->window))
    for (guint c = 0; c < node->n_arguments; c++)
      order[n++] = c;
  for (guint c = node->n_arguments + node->n_keys; node->children != NULL && c < node->children->len; c++)
    order[n++] = c;
  return n;
}

/* The groups' numbers as a column to sort by first. */
static PatronColumn *
column_of_groups (const PatronGroups *groups, GError **error)
{
  gint32 *codes = patron_try_alloc_values (groups->n_rows, sizeof *codes, "the groups", error);
  for (gsize i = 0; codes != NULL && i < groups->n_rows; i++)
    codes[i] = (gint32) groups->ids[i];
  return codes != NULL ? patron_column_new_take ("group", PATRON_TYPE_DATE, groups->n_rows, codes, NULL) : NULL;
}

static gboolean
sort_rows (const PatronNode *node, const Children *children, const PatronGroups *groups, PatronWindowRows *rows, PatronRun *run, GError **error)
{
  guint order[MAX_CHILDREN], n_order = list_order (node, order), first = node->n_arguments + node->n_keys;
  PatronSortKey keys[MAX_CHILDREN + 1];
  g_autoptr (PatronColumn) numbers = column_of_groups (groups, error);
  if (numbers == NULL)
    return FALSE;
  keys[0] = (PatronSortKey) { .column = numbers };
  for (guint k = 0; k < n_order; k++)
    keys[k + 1] =
        (PatronSortKey) { .column = children->columns[order[k]], .descending = order[k] >= first && (node->descending >> (order[k] - first) & 1) };
  rows->rows = patron_sort_rows (keys, n_order + 1, NULL, 0, run, error);
  rows->starts = rows->rows != NULL ? patron_try_alloc_values (rows->n_groups + 1, sizeof *rows->starts, "the groups", error) : NULL;
  if (rows->starts == NULL)
    return FALSE;
  rows->starts[0] = 0;
  for (guint32 g = 0; g < groups->n_groups; g++)
    rows->starts[g + 1] = rows->starts[g] + groups->counts[g];
  return TRUE;
}

/* Numbers for what is equal in the order. */
static gboolean
find_ties (const PatronNode *node, const Children *children, PatronWindowRows *rows, PatronRun *run, GError **error)
{
  guint order[MAX_CHILDREN], n_order = list_order (node, order);
  PatronColumn *keys[MAX_CHILDREN];
  for (guint k = 0; k < n_order; k++)
    keys[k] = children->columns[order[k]];
  g_autoptr (PatronGroups) equal = patron_groups_new (keys, n_order, rows->n, run, error);
  rows->ties = equal != NULL ? g_steal_pointer (&equal->ids) : NULL;
  return rows->ties != NULL;
}

/* ---- all -------------------------------------------------------------------------------------------------------- */

static gboolean
compute_window (PatronNode *node, const Children *children, const PatronGroups *groups, PatronRun *run, GError **error)
{
  PatronWindowRows rows = { .n = groups->n_rows, .n_groups = MAX (groups->n_groups, 1), .group = groups->ids };
  gboolean ok = groups->n_rows == 0 || !patron_window_needs_rows (node->window)
                || (sort_rows (node, children, groups, &rows, run, error)
                    && (!patron_window_by_value (node->window) || find_ties (node, children, &rows, run, error)));
  gpointer value = NULL;
  if (ok && node->n_arguments > 0)
    {
      const PatronNode *child = patron_node_child (node, 0);
      value = patron_try_alloc_values (rows.n, patron_node_value_size (child->type), "the formula", error);
      ok = value != NULL && patron_node_evaluate_all (child, rows.n, value, run, error);
    }
  ok = ok && patron_window_compute (node, value, &rows, run, error);
  patron_free (value);
  patron_free (rows.rows);
  patron_free (rows.starts);
  patron_free (rows.ties);
  return ok;
}

gboolean
patron_node_prepare_window (PatronNode *node, gsize n, PatronRun *run, GError **error)
{
  Children children = { 0 };
  gboolean ok = children_init (&children, node, n, run, error);
  g_autoptr (PatronGroups) groups = ok ? patron_groups_new (children.columns + node->n_arguments, node->n_keys, n, run, error) : NULL;
  ok = groups != NULL && compute_window (node, &children, groups, run, error);
  children_clear (&children);
  if (ok && patron_type_is_text (node->type))
    node->dict = patron_dict_ref (patron_node_child (node, 0)->dict);
  return ok;
}
