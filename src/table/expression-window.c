/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-window.h"

#include "base/memory.h"
#include "table/sort-rows.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

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

/* ---- groups: one key refines the groups of those before it ------------------------------------------------------ */

typedef struct
{
  guint64 word;
  guint32 group;       /* before */
  guint32 id;          /* G_MAXUINT32: free */
} Slot;

/* One word for a value: equal values have equal words, also 0 and -0, and all that are missing. */
static guint64
word_of (PatronType type, gconstpointer values, gsize i)
{
  if (type == PATRON_TYPE_NUMBER)
    {
      double x = ((const double *) values)[i];
      guint64 word;
      x = isnan (x) ? (double) NAN : x + 0.0;
      memcpy (&word, &x, sizeof word);
      return word;
    }
  if (patron_type_is_integer (type))
    return (guint64) ((const gint64 *) values)[i];
  return type == PATRON_TYPE_BOOLEAN ? ((const guint8 *) values)[i] : (guint32) ((const gint32 *) values)[i];
}

static guint64
mix (guint64 word, guint32 group)
{
  word = (word ^ ((guint64) group << 32 | group)) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  word ^= word >> 32;
  word *= G_GUINT64_CONSTANT (0xd6e8feb86659fd93);
  return word ^ word >> 29;
}

static Slot *
new_slots (gsize n, GError **error)
{
  Slot *slots = patron_try_alloc (n, sizeof *slots, "the groups", error);
  for (gsize i = 0; slots != NULL && i < n; i++)
    slots[i].id = G_MAXUINT32;
  return slots;
}

static Slot *
find_slot (Slot *slots, gsize mask, guint64 word, guint32 group)
{
  gsize at = mix (word, group) & mask;
  while (slots[at].id != G_MAXUINT32 && (slots[at].word != word || slots[at].group != group))
    at = (at + 1) & mask;
  return slots + at;
}

static gboolean
grow_slots (Slot **slots, gsize *size, GError **error)
{
  Slot *larger = new_slots (*size * 2, error);
  if (larger == NULL)
    return FALSE;
  for (gsize i = 0; i < *size; i++)
    if ((*slots)[i].id != G_MAXUINT32)
      *find_slot (larger, *size * 2 - 1, (*slots)[i].word, (*slots)[i].group) = (*slots)[i];
  patron_free (*slots);
  *slots = larger;
  *size *= 2;
  return TRUE;
}

/* Groups are numbered by their first row. */
static gboolean
refine (PatronGroups *groups, PatronType type, gconstpointer values, PatronRun *run, GError **error)
{
  gsize size = 1024, n_groups = 0;
  Slot *slots = new_slots (size, error);
  gboolean ok = slots != NULL;
  for (gsize i = 0; ok && i < groups->n; i++)
    {
      guint64 word = word_of (type, values, i);
      Slot *slot = find_slot (slots, size - 1, word, groups->group[i]);
      if (slot->id == G_MAXUINT32)
        *slot = (Slot) { word, groups->group[i], (guint32) n_groups++ };
      groups->group[i] = slot->id;
      if (n_groups * 2 > size)
        ok = grow_slots (&slots, &size, error);
      if (ok && i % PATRON_CHUNK_ROWS == 0 && run != NULL)
        ok = patron_run_check (run, error);
    }
  patron_free (slots);
  groups->n_groups = MAX (n_groups, 1);
  return ok;
}

/* ---- order ------------------------------------------------------------------------------------------------------ */

typedef struct
{
  gpointer   values[64];        /* of each child: the array it evaluates to, patron_try_alloc() */
  PatronType types[64];
  guint      n;
} Children;

/* A column over a child's array, which it then owns, to sort by. */
static PatronColumn *
wrap (const PatronNode *child, gsize n, gpointer values)
{
  PatronType type = child->type == PATRON_TYPE_NUMBER || child->type == PATRON_TYPE_BOOLEAN || patron_type_is_text (child->type) ? child->type : PATRON_TYPE_INTEGER;
  gsize size = patron_node_value_size (child->type);
  gpointer copy = patron_try_alloc (n, size, "the order", NULL);
  if (copy == NULL)
    return NULL;
  memcpy (copy, values, n * size);
  return patron_column_new_take ("key", type, n, copy, patron_type_is_text (type) ? patron_dict_ref (child->dict) : NULL);
}

static PatronColumn *
wrap_groups (const PatronGroups *groups)
{
  gint64 *ids = patron_try_alloc (groups->n, sizeof *ids, "the groups", NULL);
  for (gsize i = 0; ids != NULL && i < groups->n; i++)
    ids[i] = groups->group[i];
  return ids != NULL ? patron_column_new_take ("group", PATRON_TYPE_INTEGER, groups->n, ids, NULL) : NULL;
}

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

static gboolean
sort_rows (const PatronNode *node, const Children *children, PatronGroups *groups, PatronRun *run, GError **error)
{
  guint order[64], n_order = list_order (node, order), n_keys = 0;
  PatronSortKey keys[65];
  gboolean ok = TRUE;
  if (groups->n_groups > 1)
    keys[n_keys++] = (PatronSortKey) { .column = wrap_groups (groups) };
  for (guint k = 0; k < n_order; k++)
    {
      guint first = node->n_arguments + node->n_keys;
      keys[n_keys++] = (PatronSortKey) { .column = wrap (patron_node_child (node, order[k]), groups->n, children->values[order[k]]),
                                         .descending = order[k] >= first && (node->descending >> (order[k] - first) & 1) };
    }
  for (guint k = 0; k < n_keys; k++)
    ok = ok && keys[k].column != NULL;
  if (!ok)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory to order the rows."));
  else if (n_keys > 0)
    groups->rows = patron_sort_rows (keys, n_keys, NULL, 0, run, error);
  else if ((groups->rows = patron_try_alloc (groups->n, sizeof (guint32), "the order", error)) != NULL)
    for (gsize i = 0; i < groups->n; i++)
      groups->rows[i] = (guint32) i;
  for (guint k = 0; k < n_keys; k++)
    g_clear_pointer (&keys[k].column, patron_column_unref);
  return groups->rows != NULL;
}

static gboolean
are_tied (const PatronNode *node, const Children *children, const guint *order, guint n_order, gsize a, gsize b)
{
  for (guint k = 0; k < n_order; k++)
    {
      PatronType type = patron_node_child (node, order[k])->type;
      if (word_of (type, children->values[order[k]], a) != word_of (type, children->values[order[k]], b))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_starts (const PatronNode *node, const Children *children, PatronGroups *groups, GError **error)
{
  guint order[64], n_order = list_order (node, order);
  groups->starts = patron_try_alloc (groups->n_groups + 1, sizeof *groups->starts, "the groups", error);
  groups->ties = groups->starts != NULL ? patron_try_alloc0 (groups->n, 1, "the groups", error) : NULL;
  if (groups->ties == NULL)
    return FALSE;
  gsize g = 0;
  groups->starts[0] = 0;
  for (gsize i = 1; i < groups->n; i++)
    {
      guint32 row = groups->rows[i], before = groups->rows[i - 1];
      if (groups->group[row] != groups->group[before])
        groups->starts[++g] = i;
      else
        groups->ties[i] = are_tied (node, children, order, n_order, row, before);
    }
  groups->starts[groups->n_groups] = groups->n;
  return TRUE;
}

/* ---- all -------------------------------------------------------------------------------------------------------- */

static void
clear_groups (PatronGroups *groups)
{
  patron_free (groups->group);
  patron_free (groups->rows);
  patron_free (groups->starts);
  patron_free (groups->ties);
}

static gboolean
make_groups (const PatronNode *node, const Children *children, PatronGroups *groups, PatronRun *run, GError **error)
{
  groups->n_groups = 1;
  groups->group = patron_try_alloc0 (groups->n, sizeof *groups->group, "the groups", error);
  if (groups->group == NULL)
    return FALSE;
  for (guint k = node->n_arguments; k < node->n_arguments + node->n_keys; k++)
    if (!refine (groups, patron_node_child (node, k)->type, children->values[k], run, error))
      return FALSE;
  return !patron_window_needs_rows (node->window)
         || (sort_rows (node, children, groups, run, error) && find_starts (node, children, groups, error));
}

gboolean
patron_node_prepare_window (PatronNode *node, gsize n, PatronRun *run, GError **error)
{
  Children children = { .n = node->children != NULL ? node->children->len : 0 };
  PatronGroups groups = { .n = n };
  gboolean ok = TRUE;
  g_assert (children.n <= G_N_ELEMENTS (children.values));
  for (guint c = 0; ok && c < children.n; c++)
    {
      const PatronNode *child = patron_node_child (node, c);
      children.values[c] = patron_try_alloc (n, patron_node_value_size (child->type), "the formula", error);
      ok = children.values[c] != NULL && patron_node_evaluate_all (child, n, children.values[c], run, error);
    }
  ok = ok && make_groups (node, &children, &groups, run, error)
       && patron_window_compute (node, node->n_arguments > 0 ? children.values[0] : NULL, &groups, run, error);
  for (guint c = 0; c < children.n; c++)
    patron_free (children.values[c]);
  clear_groups (&groups);
  if (ok && patron_type_is_text (node->type))
    node->dict = patron_dict_ref (patron_node_child (node, 0)->dict);
  return ok;
}
