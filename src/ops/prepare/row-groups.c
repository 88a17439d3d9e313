/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/row-groups.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

/* Disjoint sets (R. Tarjan, J. ACM 22(2), 1975); the root of a set is its first row. */
static guint32
find_root (guint32 *parent, guint32 row)
{
  while (parent[row] != row)
    row = parent[row] = parent[parent[row]];
  return row;
}

static int
compare_scores (gconstpointer a, gconstpointer b)
{
  const PatronRowPair *p = a, *q = b;
  if (p->score != q->score)
    return p->score < q->score ? 1 : -1;
  return p->a != q->a ? (p->a > q->a) - (p->a < q->a) : (p->b > q->b) - (p->b < q->b);
}

/* Whether joining these two sets would put two rows together that are to stay apart. guarded: rows that such a pair names, by root. */
static gboolean
is_forbidden (guint32 *parent, guint32 a, guint32 b, const GArray *apart, const guint8 *guarded)
{
  if (!guarded[a] || !guarded[b])
    return FALSE;
  for (guint k = 0; k < apart->len; k++)
    {
      const PatronRowPair *pair = &g_array_index (apart, PatronRowPair, k);
      guint32 x = find_root (parent, pair->a), y = find_root (parent, pair->b);
      if ((x == a && y == b) || (x == b && y == a))
        return TRUE;
    }
  return FALSE;
}

static void
join_pairs (PatronRowGroups *self, const GArray *pairs, const GArray *apart, guint8 *guarded)
{
  for (guint k = 0; k < apart->len; k++)
    {
      const PatronRowPair *pair = &g_array_index (apart, PatronRowPair, k);
      guarded[pair->a] = guarded[pair->b] = 1;
    }
  for (guint k = 0; k < pairs->len; k++)
    {
      const PatronRowPair *pair = &g_array_index (pairs, PatronRowPair, k);
      guint32 a = find_root (self->group, pair->a), b = find_root (self->group, pair->b);
      if (a != b && is_forbidden (self->group, a, b, apart, guarded))
        continue;
      self->score[pair->a] = MAX (self->score[pair->a], pair->score);
      self->score[pair->b] = MAX (self->score[pair->b], pair->score);
      if (a == b)
        continue;
      self->group[MAX (a, b)] = MIN (a, b);
      guarded[MIN (a, b)] |= guarded[MAX (a, b)];
    }
}

gboolean
patron_row_groups_init (PatronRowGroups *self, gsize n, GArray *pairs, const GArray *apart, PatronRun *run, GError **error)
{
  *self = (PatronRowGroups) { .n = n, .group = patron_try_alloc_values (n, sizeof *self->group, _("the groups"), error) };
  self->score = self->group != NULL ? patron_try_alloc0_values (n, sizeof *self->score, _("the groups"), error) : NULL;
  guint8 *guarded = self->score != NULL ? patron_try_alloc0_values (n, 1, _("the groups"), error) : NULL;
  gboolean ok = guarded != NULL;
  if (ok)
    {
      for (gsize i = 0; i < n; i++)
        self->group[i] = (guint32) i;
      g_array_sort (pairs, compare_scores);
      join_pairs (self, pairs, apart, guarded);
      for (gsize i = 0; i < n; i++)
        self->group[i] = find_root (self->group, (guint32) i);
    }
  patron_free (guarded);
  ok = ok && patron_run_check (run, error);
  if (!ok)
    patron_row_groups_clear (self);
  return ok;
}

void
patron_row_groups_clear (PatronRowGroups *self)
{
  patron_free (self->group);
  patron_free (self->score);
  *self = (PatronRowGroups) { .n = 0 };
}
