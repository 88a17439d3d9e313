/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/history-tree.h"

static const PatronStepInfo *
find_step (const GPtrArray *steps, gint64 id)
{
  /* They are in the order of their ids. */
  guint low = 0, high = steps->len;
  while (low < high)
    {
      guint middle = (low + high) / 2;
      const PatronStepInfo *step = steps->pdata[middle];
      if (step->id == id)
        return step;
      if (step->id < id)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

static const PatronStepInfo *
find_current (const GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    if (((const PatronStepInfo *) steps->pdata[i])->current)
      return steps->pdata[i];
  return NULL;
}

/* Up from the target to what is in force, then up from the current step to the same place. */
void
patron_history_tree_way (const GPtrArray *steps, gint64 target, GPtrArray *back, GPtrArray *forth)
{
  const PatronStepInfo *step = find_step (steps, target), *current = find_current (steps);
  g_ptr_array_set_size (back, 0);
  g_ptr_array_set_size (forth, 0);
  for (; step != NULL && !step->done; step = find_step (steps, step->parent))
    g_ptr_array_insert (forth, 0, (gpointer) step);
  gint64 fork = step != NULL ? step->id : 0;
  for (; current != NULL && current->id != fork; current = find_step (steps, current->parent))
    g_ptr_array_add (back, (gpointer) current);
}

/* ---- lanes ------------------------------------------------------------------------------------------------- */

/* expected[lane]: the step that the line in it runs down to; -1: no line. */
static guint
take_lane (gint64 *expected, gint64 id, guint16 *joins)
{
  guint lane = PATRON_HISTORY_LANES;
  *joins = 0;
  for (guint i = 0; i < PATRON_HISTORY_LANES; i++)
    if (expected[i] == id)
      {
        *joins |= (guint16) (1u << i);
        lane = MIN (lane, i);
      }
  for (guint i = 0; i < PATRON_HISTORY_LANES && lane == PATRON_HISTORY_LANES; i++)
    if (expected[i] < 0)
      lane = i;
  /* More branches than lanes: the last lane holds them all. */
  return MIN (lane, PATRON_HISTORY_LANES - 1);
}

static guint16
lanes_in_use (const gint64 *expected)
{
  guint16 bits = 0;
  for (guint i = 0; i < PATRON_HISTORY_LANES; i++)
    if (expected[i] >= 0)
      bits |= (guint16) (1u << i);
  return bits;
}

static guint8
highest (guint16 bits)
{
  guint8 n = 0;
  for (; bits != 0; bits >>= 1)
    n++;
  return n;
}

GArray *
patron_history_tree_new (const GPtrArray *steps)
{
  gint64 expected[PATRON_HISTORY_LANES];
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (PatronHistoryRow));
  g_autoptr (GPtrArray) back = g_ptr_array_new ();
  g_autoptr (GPtrArray) forth = g_ptr_array_new ();
  for (guint i = 0; i < PATRON_HISTORY_LANES; i++)
    expected[i] = -1;
  for (guint i = steps->len; i > 0; i--)
    {
      PatronHistoryRow row = { .step = steps->pdata[i - 1] };
      row.done = row.step->done;
      row.current = row.step->current;
      row.above = lanes_in_use (expected);
      row.lane = (guint8) take_lane (expected, row.step->id, &row.joins);
      for (guint lane = 0; lane < PATRON_HISTORY_LANES; lane++)
        if ((row.joins & (1u << lane)) != 0)
          expected[lane] = -1;
      expected[row.lane] = row.step->parent;
      row.below = lanes_in_use (expected);
      row.n_lanes = highest (row.above | row.below);
      patron_history_tree_way (steps, row.step->id, back, forth);
      row.n_back = back->len;
      row.n_forth = forth->len;
      g_array_append_val (rows, row);
    }
  return rows;
}
