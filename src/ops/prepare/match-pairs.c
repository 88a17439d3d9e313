/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/row-groups.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "math/radix-sort.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 4096 };

/* ---- orders ---------------------------------------------------------------------------------------------------- */

/* Rows being put into an order. */
typedef struct
{
  gsize    n;
  guint32 *rows, *row_scratch;
  guint64 *keys, *key_scratch;
} Order;

static gboolean
order_init (Order *order, gsize n, GError **error)
{
  *order = (Order) { .rows = patron_try_alloc (n, sizeof *order->rows, _("sorting"), error) };
  order->row_scratch = order->rows != NULL ? patron_try_alloc (n, sizeof *order->row_scratch, _("sorting"), error) : NULL;
  order->keys = order->row_scratch != NULL ? patron_try_alloc (n, sizeof *order->keys, _("sorting"), error) : NULL;
  order->key_scratch = order->keys != NULL ? patron_try_alloc (n, sizeof *order->key_scratch, _("sorting"), error) : NULL;
  return order->key_scratch != NULL;
}

static void
order_clear (Order *order)
{
  patron_free (order->rows);
  patron_free (order->row_scratch);
  patron_free (order->keys);
  patron_free (order->key_scratch);
}

static guint64
key_of (const PatronMatchColumn *column, gsize row, gboolean backwards)
{
  if (patron_match_is_missing (column, row))
    return G_MAXUINT64;
  if (column->values != NULL)
    return patron_key_from_double (column->values[row] + 0.0);
  return (backwards ? column->back_rank : column->rank)[column->codes[row]];
}

static void
sort_by (Order *order, const PatronMatchColumn *column, gboolean backwards)
{
  for (gsize k = 0; k < order->n; k++)
    order->keys[k] = key_of (column, order->rows[k], backwards);
  patron_radix_sort_pairs (order->keys, order->rows, order->key_scratch, order->row_scratch, order->n);
}

/* The rows where the column has a value, by it; equal ones by the next column, so that long runs of equals bring likely pairs together. */
static void
make_order (Order *order, const PatronMatchColumn *columns, guint n_columns, guint c, gboolean backwards)
{
  order->n = 0;
  for (gsize i = 0; i < columns[c].n; i++)
    if (!patron_match_is_missing (&columns[c], i))
      order->rows[order->n++] = (guint32) i;
  if (n_columns > 1)
    sort_by (order, &columns[(c + 1) % n_columns], FALSE);
  sort_by (order, &columns[c], backwards);
}

/* ---- comparing ------------------------------------------------------------------------------------------------- */

typedef struct
{
  const PatronMatchColumn *columns;
  guint          n_columns;
  const guint   *cheap_first;    /* n_columns: the order in which columns are compared */
  const Order   *order;
  guint          window;
  double         least;
  GArray       **found;          /* of each block */
} Pass;

/* The score, or -1 as soon as it cannot reach least. */
static double
score_or_less (const Pass *pass, gsize a, gsize b)
{
  double sum = 0, known = 0;
  for (guint k = 0; k < pass->n_columns; k++)
    {
      double similarity = patron_match_similarity (&pass->columns[pass->cheap_first[k]], a, b), left = pass->n_columns - 1 - k;
      if (isnan (similarity))
        continue;
      sum += similarity;
      known += 1;
      if (sum + left < pass->least * (known + left) - 1e-9)   /* not even when all others are the same */
        return -1;
    }
  return 2 * known >= pass->n_columns ? sum / known : -1;
}

static void
compare_block (gsize begin, gsize end, int worker, gpointer data)
{
  Pass *pass = data;
  GArray *found = g_array_new (FALSE, FALSE, sizeof (PatronRowPair));
  for (gsize k = begin; k < end; k++)
    for (gsize l = k + 1; l <= k + pass->window && l < pass->order->n; l++)
      {
        guint32 a = pass->order->rows[k], b = pass->order->rows[l];
        double score = score_or_less (pass, a, b);
        if (score >= 0)
          g_array_append_val (found, ((PatronRowPair) { MIN (a, b), MAX (a, b), (float) score }));
      }
  pass->found[begin / BLOCK] = found;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const PatronRowPair *p = a, *q = b;
  return p->a != q->a ? (p->a > q->a) - (p->a < q->a) : (p->b > q->b) - (p->b < q->b);
}

static void
sort_and_thin (GArray *pairs)
{
  g_array_sort (pairs, compare_rows);
  guint kept = 0;
  for (guint k = 0; k < pairs->len; k++)
    {
      PatronRowPair pair = g_array_index (pairs, PatronRowPair, k);
      if (kept == 0 || compare_rows (&pair, &g_array_index (pairs, PatronRowPair, kept - 1)) != 0)
        g_array_index (pairs, PatronRowPair, kept++) = pair;
    }
  g_array_set_size (pairs, kept);
}

static gboolean
run_pass (Pass *pass, GArray *pairs, PatronRun *run, GError **error)
{
  gsize n_blocks = (pass->order->n + BLOCK - 1) / BLOCK;
  pass->found = g_new0 (GArray *, n_blocks + 1);
  patron_parallel_for (run, pass->order->n, BLOCK, compare_block, pass);
  for (gsize k = 0; k < n_blocks; k++)
    if (pass->found[k] != NULL)
      {
        g_array_append_vals (pairs, pass->found[k]->data, pass->found[k]->len);
        g_array_unref (pass->found[k]);
      }
  g_free (pass->found);
  sort_and_thin (pairs);   /* neighbours in one order often are in another */
  return patron_run_check (run, error);
}

gboolean
patron_match_pairs (const PatronMatchColumn *columns, guint n_columns, guint window, double least, GArray *pairs, PatronRun *run, GError **error)
{
  g_autofree guint *cheap_first = g_new (guint, n_columns);
  guint at = 0;
  Order order;
  for (int spelt = 0; spelt < 2; spelt++)
    for (guint c = 0; c < n_columns; c++)
      if ((columns[c].characters != NULL) == spelt)
        cheap_first[at++] = c;
  gboolean ok = order_init (&order, columns[0].n, error);
  for (guint c = 0; ok && c < n_columns; c++)
    for (int backwards = 0; ok && backwards <= (columns[c].back_rank != NULL); backwards++)
      {
        make_order (&order, columns, n_columns, c, backwards);
        Pass pass = { .columns = columns, .n_columns = n_columns, .cheap_first = cheap_first, .order = &order, .window = window, .least = least };
        ok = run_pass (&pass, pairs, run, error);
        patron_run_progress (run, (c + 0.5 * (backwards + 1)) / n_columns);
      }
  order_clear (&order);
  return ok;
}

/* ---- equality -------------------------------------------------------------------------------------------------- */

typedef struct { guint64 a, b; } Hash;

/* The finaliser of splitmix64 (G. Steele et al., 2014) over the hash so far and the value. */
static inline guint64
mix (guint64 hash, guint64 value, guint64 step)
{
  guint64 z = (hash ^ value) + step;
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static inline void
add_value (Hash *hash, guint64 value)
{
  hash->a = mix (hash->a, value, G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));
  hash->b = mix (hash->b, value, G_GUINT64_CONSTANT (0xd1342543de82ef95));
}

/* A value as 64 bits; *missing is set for a missing one. */
static guint64
bits_of (PatronType type, gconstpointer values, gsize i, gboolean *missing)
{
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      *missing = isnan (((const double *) values)[i]);
      return *missing ? 0 : patron_key_from_double (((const double *) values)[i] + 0.0);
    case PATRON_TYPE_BOOLEAN:
      *missing = ((const guint8 *) values)[i] == PATRON_BOOLEAN_MISSING;
      return ((const guint8 *) values)[i];
    case PATRON_TYPE_DATE:
      *missing = ((const gint32 *) values)[i] == PATRON_DATE_MISSING;
      return (guint32) ((const gint32 *) values)[i];
    default:
      *missing = ((const gint64 *) values)[i] == PATRON_INTEGER_MISSING;
      return (guint64) ((const gint64 *) values)[i];
    }
}

/* Adds the column to the hashes and clears empty[i] where it has a value. */
static gboolean
hash_values (PatronColumn *column, Hash *hashes, guint8 *empty, PatronRun *run, GError **error)
{
  PatronType type = patron_column_get_type (column);
  gsize n = patron_column_get_length (column);
  gpointer chunk = patron_try_alloc (PATRON_CHUNK_ROWS, patron_type_size (type), patron_column_get_name (column), error);
  gboolean ok = chunk != NULL;
  for (gsize start = 0; ok && start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize part = MIN (n - start, PATRON_CHUNK_ROWS);
      ok = patron_column_read (column, start, part, chunk, error) && patron_run_check (run, error);
      for (gsize i = 0; ok && i < part; i++)
        {
          gboolean missing;
          guint64 bits = bits_of (type, chunk, i, &missing);
          add_value (&hashes[start + i], missing ? G_MAXUINT64 : bits);
          empty[start + i] &= missing;
        }
    }
  patron_free (chunk);
  return ok;
}

static gboolean
hash_texts (PatronColumn *column, gboolean normal, Hash *hashes, guint8 *empty, PatronRun *run, GError **error)
{
  PatronMatchColumn match;
  if (!patron_match_column_init (&match, column, (PatronMatchStyle) { .match = PATRON_MATCH_EXACT }, normal, FALSE, run, error))
    return FALSE;
  for (gsize i = 0; i < match.n; i++)
    {
      add_value (&hashes[i], match.codes[i]);
      empty[i] &= match.codes[i] == PATRON_MATCH_MISSING;
    }
  patron_match_column_clear (&match);
  return TRUE;
}

/* Rows by the first half of their hash; equals by row. Neighbours whose whole hash is the same are pairs. */
static gboolean
pair_equal (const Hash *hashes, const guint8 *empty, gsize n, GArray *pairs, GError **error)
{
  Order order;
  gboolean ok = order_init (&order, n, error);
  for (gsize i = 0; ok && i < n; i++)
    if (!empty[i])
      {
        order.keys[order.n] = hashes[i].a;
        order.rows[order.n++] = (guint32) i;
      }
  if (ok)
    patron_radix_sort_pairs (order.keys, order.rows, order.key_scratch, order.row_scratch, order.n);
  for (gsize k = 1; ok && k < order.n; k++)
    if (order.keys[k] == order.keys[k - 1] && hashes[order.rows[k]].b == hashes[order.rows[k - 1]].b)
      g_array_append_val (pairs, ((PatronRowPair) { order.rows[k - 1], order.rows[k], 1 }));
  order_clear (&order);
  return ok;
}

gboolean
patron_match_equal (PatronTable *table, char **columns, gboolean normal, GArray *pairs, PatronRun *run, GError **error)
{
  gsize n = patron_table_n_rows (table);
  Hash *hashes = patron_try_alloc0 (n, sizeof *hashes, _("comparing rows"), error);
  guint8 *empty = hashes != NULL ? patron_try_alloc (n, 1, _("comparing rows"), error) : NULL;
  gboolean ok = empty != NULL;
  if (ok)
    memset (empty, 1, n);
  for (char **name = columns; ok && *name != NULL; name++)
    {
      PatronColumn *column = patron_table_find (table, *name);
      ok = patron_column_has_dict (column) ? hash_texts (column, normal, hashes, empty, run, error) : hash_values (column, hashes, empty, run, error);
    }
  ok = ok && pair_equal (hashes, empty, n, pairs, error);
  patron_free (hashes);
  patron_free (empty);
  return ok;
}
