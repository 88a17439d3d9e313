/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/item-similarity.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/simd.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { GRAIN = 8 };   /* items a block */

typedef struct
{
  double  *dots;          /* n_items, 0 between items */
  double  *common;        /* n_items, 0 between items; NULL without shrinkage */
  guint32 *touched;       /* n_items */
} Space;

typedef struct
{
  const PatronInteractions *m;
  guint    k;
  double   shrinkage;
  double  *inverse_norms; /* n_items */
  Space   *spaces;        /* one for each worker */
  guint32 *items;         /* n_items × k, sorted */
  double  *similarities;
  guint32 *counts;        /* n_items: neighbours found */
} Work;

/* ---- the k best, as a heap whose root is the worst of them ------------------------------------------------ */

static inline gboolean
is_worse (double s, guint32 item, double than_s, guint32 than_item)
{
  return s < than_s || (s == than_s && item > than_item);
}

static void
sift_down (double *s, guint32 *items, guint n, guint at)
{
  for (;;)
    {
      guint worst = at, left = 2 * at + 1, right = left + 1;
      if (left < n && is_worse (s[left], items[left], s[worst], items[worst]))
        worst = left;
      if (right < n && is_worse (s[right], items[right], s[worst], items[worst]))
        worst = right;
      if (worst == at)
        return;
      double swap = s[at];
      s[at] = s[worst];
      s[worst] = swap;
      guint32 swap_item = items[at];
      items[at] = items[worst];
      items[worst] = swap_item;
      at = worst;
    }
}

/* Offers one candidate to the k best, *n of them so far. Candidates come in ascending order of item. */
static inline void
heap_offer (double *s, guint32 *items, guint k, guint *n, double similarity, guint32 item)
{
  if (*n == k)
    {
      if (!is_worse (s[0], items[0], similarity, item))
        return;
      s[0] = similarity;
      items[0] = item;
      sift_down (s, items, k, 0);
      return;
    }
  s[*n] = similarity;
  items[(*n)++] = item;
  if (*n == k)
    for (guint at = k / 2; at-- > 0;)
      sift_down (s, items, k, at);
}

/* Turns the heap (or what was collected short of k) into best first. */
static void
heap_sort (double *s, guint32 *items, guint k, guint n)
{
  if (n < k)
    for (guint at = n / 2; at-- > 0;)
      sift_down (s, items, n, at);
  for (guint end = n; end > 1; end--)
    {
      double swap = s[0];
      s[0] = s[end - 1];
      s[end - 1] = swap;
      guint32 swap_item = items[0];
      items[0] = items[end - 1];
      items[end - 1] = swap_item;
      sift_down (s, items, end - 1, 0);
    }
}

/* ---- similarities ----------------------------------------------------------------------------------------- */

/* dots[items[i]] += weight · weights[i]. One by one: scattering vectors is slower. */
static void
add_row (double *restrict dots, const guint32 *restrict items, const double *restrict weights, double weight, gsize n)
{
  for (gsize i = 0; i < n; i++)
    dots[items[i]] += weight * weights[i];
}

static void
add_common (double *restrict common, const guint32 *restrict items, gsize n)
{
  for (gsize i = 0; i < n; i++)
    common[items[i]] += 1;
}

static inline double
similarity (const Work *work, const Space *space, guint32 i, guint32 j)
{
  double s = space->dots[j] * work->inverse_norms[i] * work->inverse_norms[j];
  if (space->common != NULL)
    s *= space->common[j] / (space->common[j] + work->shrinkage);
  return s;
}

/* Few products: remembers which items were touched, so that neither clearing nor choosing looks at all of them. */
static guint
neighbours_sparse (const Work *work, Space *space, guint32 i, double *s, guint32 *items)
{
  const PatronInteractions *m = work->m;
  gsize n_touched = 0;
  guint n = 0;
  for (gsize c = m->column_start[i]; c < m->column_start[i + 1]; c++)
    {
      guint32 u = m->column_customers[c];
      double weight = m->column_weights[c];
      for (gsize r = m->row_start[u]; r < m->row_start[u + 1]; r++)
        {
          guint32 j = m->row_items[r];
          if (space->dots[j] == 0)
            space->touched[n_touched++] = j;
          space->dots[j] += weight * m->row_weights[r];
          if (space->common != NULL)
            space->common[j] += 1;
        }
    }
  for (gsize t = 0; t < n_touched; t++)
    {
      guint32 j = space->touched[t];
      if (j != i)
        heap_offer (s, items, work->k, &n, similarity (work, space, i, j), j);
    }
  for (gsize t = 0; t < n_touched; t++)
    {
      space->dots[space->touched[t]] = 0;
      if (space->common != NULL)
        space->common[space->touched[t]] = 0;
    }
  return n;
}

static guint
neighbours_dense (const Work *work, Space *space, guint32 i, double *s, guint32 *items)
{
  const PatronInteractions *m = work->m;
  guint n = 0;
  for (gsize c = m->column_start[i]; c < m->column_start[i + 1]; c++)
    {
      guint32 u = m->column_customers[c];
      gsize from = m->row_start[u], length = m->row_start[u + 1] - from;
      add_row (space->dots, m->row_items + from, m->row_weights + from, m->column_weights[c], length);
      if (space->common != NULL)
        add_common (space->common, m->row_items + from, length);
    }
  for (guint32 j = 0; j < m->n_items; j++)
    if (space->dots[j] > 0 && j != i)
      heap_offer (s, items, work->k, &n, similarity (work, space, i, j), j);
  memset (space->dots, 0, m->n_items * sizeof *space->dots);
  if (space->common != NULL)
    memset (space->common, 0, m->n_items * sizeof *space->common);
  return n;
}

static void
find_neighbours (gsize begin, gsize end, int worker, gpointer data)
{
  Work *work = data;
  const PatronInteractions *m = work->m;
  for (gsize i = begin; i < end; i++)
    {
      double *s = work->similarities + i * work->k;
      guint32 *items = work->items + i * work->k;
      gsize products = 0;
      for (gsize c = m->column_start[i]; c < m->column_start[i + 1]; c++)
        products += m->row_start[m->column_customers[c] + 1] - m->row_start[m->column_customers[c]];
      guint n = products < m->n_items / 2 ? neighbours_sparse (work, &work->spaces[worker], i, s, items)
                                          : neighbours_dense (work, &work->spaces[worker], i, s, items);
      heap_sort (s, items, work->k, n);
      work->counts[i] = n;
    }
}

static gboolean
work_init (Work *work, int workers, GError **error)
{
  const char *purpose = _("the similarities of items");
  gsize n = work->m->n_items;
  work->spaces = g_new0 (Space, workers);
  work->inverse_norms = patron_try_alloc (n, sizeof *work->inverse_norms, purpose, error);
  work->items = work->inverse_norms == NULL ? NULL : patron_try_alloc (n * work->k, sizeof *work->items, purpose, error);
  work->similarities = work->items == NULL ? NULL : patron_try_alloc (n * work->k, sizeof *work->similarities, purpose, error);
  work->counts = work->similarities == NULL ? NULL : patron_try_alloc0 (n, sizeof *work->counts, purpose, error);
  gboolean ok = work->counts != NULL;
  for (int w = 0; ok && w < workers; w++)
    {
      work->spaces[w].dots = patron_try_alloc0 (n, sizeof (double), purpose, error);
      work->spaces[w].touched = work->spaces[w].dots == NULL ? NULL : patron_try_alloc (n, sizeof (guint32), purpose, error);
      ok = work->spaces[w].touched != NULL;
      if (ok && work->shrinkage > 0)
        ok = (work->spaces[w].common = patron_try_alloc0 (n, sizeof (double), purpose, error)) != NULL;
    }
  for (gsize i = 0; ok && i < n; i++)
    {
      double sum = 0;
      for (gsize c = work->m->column_start[i]; c < work->m->column_start[i + 1]; c++)
        sum += work->m->column_weights[c] * work->m->column_weights[c];
      work->inverse_norms[i] = sum > 0 ? 1 / sqrt (sum) : 0;
    }
  return ok;
}

static void
work_clear (Work *work, int workers)
{
  for (int w = 0; w < workers; w++)
    {
      patron_free (work->spaces[w].dots);
      patron_free (work->spaces[w].touched);
      patron_free (work->spaces[w].common);
    }
  g_free (work->spaces);
  patron_free (work->inverse_norms);
  patron_free (work->items);
  patron_free (work->similarities);
  patron_free (work->counts);
}

/* Packs the k places of each item together and turns the lists round. */
static gboolean
pack (const Work *work, PatronNeighbours *neighbours, GError **error)
{
  const char *purpose = _("the similarities of items");
  guint32 n = neighbours->n_items;
  neighbours->start = patron_try_alloc0 ((gsize) n + 1, sizeof (gsize), purpose, error);
  neighbours->back_start = neighbours->start == NULL ? NULL : patron_try_alloc0 ((gsize) n + 2, sizeof (gsize), purpose, error);
  if (neighbours->back_start == NULL)
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    neighbours->start[i + 1] = neighbours->start[i] + work->counts[i];
  gsize total = neighbours->n = neighbours->start[n];
  neighbours->items = patron_try_alloc (total, sizeof (guint32), purpose, error);
  neighbours->similarities = neighbours->items == NULL ? NULL : patron_try_alloc (total, sizeof (double), purpose, error);
  neighbours->back_items = neighbours->similarities == NULL ? NULL : patron_try_alloc (total, sizeof (guint32), purpose, error);
  neighbours->back_similarities = neighbours->back_items == NULL ? NULL : patron_try_alloc (total, sizeof (double), purpose, error);
  if (neighbours->back_similarities == NULL)
    return FALSE;

  for (gsize i = 0; i < n; i++)
    for (guint c = 0; c < work->counts[i]; c++)
      {
        neighbours->items[neighbours->start[i] + c] = work->items[i * work->k + c];
        neighbours->similarities[neighbours->start[i] + c] = work->similarities[i * work->k + c];
        neighbours->back_start[work->items[i * work->k + c] + 2]++;
      }
  for (guint32 i = 0; i < n; i++)
    neighbours->back_start[i + 2] += neighbours->back_start[i + 1];
  for (guint32 i = 0; i < n; i++)
    for (gsize at = neighbours->start[i]; at < neighbours->start[i + 1]; at++)
      {
        gsize to = neighbours->back_start[neighbours->items[at] + 1]++;
        neighbours->back_items[to] = i;
        neighbours->back_similarities[to] = neighbours->similarities[at];
      }
  return TRUE;
}

PatronNeighbours *
patron_neighbours_new (const PatronInteractions *interactions, guint k, double shrinkage, PatronRun *run, GError **error)
{
  g_autoptr(PatronNeighbours) neighbours = g_new0 (PatronNeighbours, 1);
  int workers = patron_parallel_workers (run);
  Work work = { .m = interactions, .k = MAX (1, MIN (k, interactions->n_items)), .shrinkage = shrinkage };
  neighbours->n_items = interactions->n_items;
  gboolean ok = work_init (&work, workers, error);
  if (ok && !patron_parallel_for (run, interactions->n_items, GRAIN, find_neighbours, &work))
    ok = patron_run_check (run, error);
  ok = ok && pack (&work, neighbours, error);
  work_clear (&work, workers);
  return ok ? g_steal_pointer (&neighbours) : NULL;
}

void
patron_neighbours_free (PatronNeighbours *neighbours)
{
  if (neighbours == NULL)
    return;
  patron_free (neighbours->start);
  patron_free (neighbours->items);
  patron_free (neighbours->similarities);
  patron_free (neighbours->back_start);
  patron_free (neighbours->back_items);
  patron_free (neighbours->back_similarities);
  g_free (neighbours);
}

/* ---- offers ----------------------------------------------------------------------------------------------- */

gboolean
patron_offer_space_init (PatronOfferSpace *space, guint32 n_items, GError **error)
{
  space->scores = patron_try_alloc0 (n_items, sizeof *space->scores, _("scoring items"), error);
  space->owned = space->scores == NULL ? NULL : patron_try_alloc0 (n_items, sizeof *space->owned, _("scoring items"), error);
  return space->owned != NULL;
}

void
patron_offer_space_clear (PatronOfferSpace *space)
{
  g_clear_pointer (&space->scores, patron_free);
  g_clear_pointer (&space->owned, patron_free);
}

static gint32
find_reason (const PatronInteractions *m, const PatronNeighbours *neighbours, gsize row, const PatronOfferSpace *space, guint32 item)
{
  gint32 reason = -1;
  double most = 0;
  for (gsize at = neighbours->start[item]; at < neighbours->start[item + 1]; at++)
    {
      guint32 i = neighbours->items[at];
      if (space->owned[i] == 0)
        continue;
      double part = m->row_weights[row + space->owned[i] - 1] * neighbours->similarities[at];
      if (part > most)
        {
          most = part;
          reason = i;
        }
    }
  return reason;
}

/* Items by score: a heap of the n best over all items. */
static guint
best_scores (const PatronInteractions *m, guint n, gboolean hide, const PatronOfferSpace *space, PatronOffer *offers)
{
  double s[PATRON_MAX_OFFERS];
  guint32 items[PATRON_MAX_OFFERS];
  guint found = 0;
  for (guint32 j = 0; j < m->n_items; j++)
    if (space->scores[j] > 0 && !(hide && space->owned[j] != 0))
      heap_offer (s, items, n, &found, space->scores[j], j);
  heap_sort (s, items, n, found);
  for (guint i = 0; i < found; i++)
    offers[i] = (PatronOffer) { .item = items[i], .because = -1, .score = s[i] };
  return found;
}

static gboolean
is_offered (const PatronOffer *offers, guint n, guint32 item)
{
  for (guint i = 0; i < n; i++)
    if (offers[i].item == item)
      return TRUE;
  return FALSE;
}

guint
patron_find_offers (const PatronInteractions *m, const PatronNeighbours *neighbours, guint32 customer, guint n, gboolean hide,
                    gboolean reasons, PatronOfferSpace *space, PatronOffer *offers)
{
  gsize row = m->row_start[customer], end = m->row_start[customer + 1];
  guint found = 0;
  for (gsize r = row; r < end; r++)
    space->owned[m->row_items[r]] = r - row + 1;
  if (neighbours != NULL && n > 0)
    {
      for (gsize r = row; r < end; r++)
        {
          guint32 i = m->row_items[r];
          for (gsize at = neighbours->back_start[i]; at < neighbours->back_start[i + 1]; at++)
            space->scores[neighbours->back_items[at]] += m->row_weights[r] * neighbours->back_similarities[at];
        }
      found = best_scores (m, n, hide, space, offers);
      for (guint o = 0; reasons && o < found; o++)
        offers[o].because = find_reason (m, neighbours, row, space, offers[o].item);
      memset (space->scores, 0, m->n_items * sizeof *space->scores);
    }
  guint personal = found;
  for (guint32 j = 0; j < m->n_items && found < n; j++)
    if (!(hide && space->owned[j] != 0) && !is_offered (offers, personal, j))
      offers[found++] = (PatronOffer) { .item = j, .because = -1, .score = 0 };
  for (gsize r = row; r < end; r++)
    space->owned[m->row_items[r]] = 0;
  return found;
}
