/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/correlation-private.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "math/radix-sort.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { SLICE = 1 << 16 };
#define MISSING G_MAXUINT32

/* One column: its rows in ascending order, and for each row the number of its value among the distinct values. */
typedef struct
{
  gsize    n_values;
  guint32 *order;     /* n_values rows */
  guint32 *group;     /* n rows; MISSING */
} Ranked;

typedef struct
{
  PatronColumn *const *columns;
  guint   p;
  gsize   n;
  Ranked *ranked;         /* p */
  double **ranks;         /* 2 for each worker: n */
  PatronCorrelation *c;
  GError *error;
} Work;

static gboolean
rank_column (PatronColumn *column, gsize n, Ranked *ranked, GError **error)
{
  const char *purpose = _("the ranks");
  double *values = patron_try_alloc (n, sizeof *values, purpose, error);
  guint64 *keys = values == NULL ? NULL : patron_try_alloc (2 * n, sizeof *keys, purpose, error);
  guint32 *scratch = keys == NULL ? NULL : patron_try_alloc (n, sizeof *scratch, purpose, error);
  ranked->order = scratch == NULL ? NULL : patron_try_alloc (n, sizeof *ranked->order, purpose, error);
  ranked->group = ranked->order == NULL ? NULL : patron_try_alloc (n, sizeof *ranked->group, purpose, error);
  gboolean ok = ranked->group != NULL && (n == 0 || patron_column_read_doubles (column, 0, n, values, error));
  if (ok)
    {
      gsize m = 0;
      for (gsize i = 0; i < n; i++)
        {
          ranked->group[i] = MISSING;
          if (isnan (values[i]))
            continue;
          keys[m] = patron_key_from_double (values[i] + 0.0);
          ranked->order[m++] = i;
        }
      patron_radix_sort_pairs (keys, ranked->order, keys + n, scratch, m);
      guint32 group = 0;
      for (gsize i = 0; i < m; i++)
        {
          group += i > 0 && keys[i] != keys[i - 1];
          ranked->group[ranked->order[i]] = group;
        }
      ranked->n_values = m;
    }
  patron_free (values);
  patron_free (keys);
  patron_free (scratch);
  return ok;
}

static void
rank_columns (gsize begin, gsize end, int worker, gpointer data)
{
  Work *work = data;
  for (gsize j = begin; j < end; j++)
    {
      GError *error = NULL;
      if (!rank_column (work->columns[j], work->n, &work->ranked[j], &error))
        patron_error_keep (&work->error, error);
    }
}

/* Average ranks, from 1, of a's rows among those where b is there too. Returns how many. */
static gsize
common_ranks (const Ranked *a, const Ranked *b, double *ranks, guint32 *rows)
{
  gsize n = 0, from = 0;
  for (gsize i = 0; i < a->n_values; i++)
    if (b->group[a->order[i]] != MISSING)
      rows[n++] = a->order[i];
  for (gsize i = 1; i <= n; i++)
    if (i == n || a->group[rows[i]] != a->group[rows[i - 1]])
      {
        double rank = ((double) from + 1 + (double) i) / 2;
        for (gsize k = from; k < i; k++)
          ranks[rows[k]] = rank;
        from = i;
      }
  return n;
}

static void
correlate_pair (Work *work, guint i, guint j, double *a, double *b, guint32 *rows)
{
  gsize p = work->p;
  gsize n = common_ranks (&work->ranked[i], &work->ranked[j], a, rows);
  common_ranks (&work->ranked[j], &work->ranked[i], b, rows);
  double centre = ((double) n + 1) / 2, sab = 0, saa = 0, sbb = 0;
  for (gsize from = 0; from < work->n; from += SLICE)
    {
      double ab = 0, aa = 0, bb = 0;
      for (gsize k = from; k < MIN (from + SLICE, work->n); k++)
        if (work->ranked[i].group[k] != MISSING && work->ranked[j].group[k] != MISSING)
          {
            double x = a[k] - centre, y = b[k] - centre;
            ab += x * y;
            aa += x * x;
            bb += y * y;
          }
      sab += ab;
      saa += aa;
      sbb += bb;
    }
  double r = n >= 3 && saa > 0 && sbb > 0 ? sab / sqrt (saa * sbb) : NAN;
  work->c->r[i * p + j] = work->c->r[j * p + i] = i == j && !isnan (r) ? 1 : CLAMP (r, -1, 1);
  work->c->n[i * p + j] = work->c->n[j * p + i] = (guint32) n;
}

static void
correlate_pairs (gsize begin, gsize end, int worker, gpointer data)
{
  Work *work = data;
  guint32 *rows = (guint32 *) (gpointer) work->ranks[3 * worker + 2];
  for (gsize pair = begin; pair < end; pair++)
    {
      /* pair = j (j + 1) / 2 + i, i ≤ j */
      guint j = (guint) ((sqrt (8.0 * (double) pair + 1) - 1) / 2);
      while ((gsize) j * (j + 1) / 2 > pair)
        j--;
      while ((gsize) (j + 1) * (j + 2) / 2 <= pair)
        j++;
      correlate_pair (work, pair - (gsize) j * (j + 1) / 2, j, work->ranks[3 * worker], work->ranks[3 * worker + 1], rows);
    }
}

PatronCorrelation *
patron_correlation_spearman (PatronColumn *const *columns, guint p, PatronRun *run, GError **error)
{
  g_autoptr(PatronCorrelation) c = patron_correlation_alloc (p, error);
  if (c == NULL || p == 0)
    return g_steal_pointer (&c);
  int workers = patron_parallel_workers (run);
  Work work = { .columns = columns, .p = p, .n = patron_column_get_length (columns[0]), .c = c };
  work.ranked = g_new0 (Ranked, p);
  work.ranks = g_new0 (double *, 3 * workers);
  gboolean ok = TRUE;
  for (int w = 0; ok && w < 3 * workers; w++)
    ok = (work.ranks[w] = patron_try_alloc (work.n, w % 3 == 2 ? sizeof (guint32) : sizeof (double), _("the ranks"), error)) != NULL;
  ok = ok && (patron_parallel_for (run, p, 1, rank_columns, &work) || patron_run_check (run, error));
  if (ok && work.error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&work.error));
      ok = FALSE;
    }
  ok = ok && (patron_parallel_for (run, (gsize) p * (p + 1) / 2, 1, correlate_pairs, &work) || patron_run_check (run, error));
  for (int w = 0; w < 3 * workers; w++)
    patron_free (work.ranks[w]);
  for (guint j = 0; j < p; j++)
    {
      patron_free (work.ranked[j].order);
      patron_free (work.ranked[j].group);
    }
  g_free (work.ranked);
  g_free (work.ranks);
  g_clear_error (&work.error);
  return ok ? g_steal_pointer (&c) : NULL;
}
