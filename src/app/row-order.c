/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/row-order.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "math/radix-sort.h"
#include "table/expression.h"

/* ---- filter ------------------------------------------------------------------------------------------------ */

static guint32 *
rows_kept (const guint8 *keep, gsize n_rows, gsize n_kept, GError **error)
{
  guint32 *rows = patron_try_alloc (n_kept, sizeof *rows, _("the filtered rows"), error);
  gsize at = 0;
  for (gsize i = 0; rows != NULL && i < n_rows; i++)
    if (keep[i])
      rows[at++] = (guint32) i;
  return rows;
}

static guint32 *
filter_rows (PatronTable *table, const char *text, gsize *n, PatronRun *run, GError **error)
{
  gsize n_rows = patron_table_n_rows (table);
  g_autoptr (PatronExpression) expression = patron_expression_parse (text, table, error);
  if (expression == NULL)
    return NULL;
  if (patron_expression_get_type (expression) != PATRON_TYPE_BOOLEAN)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                   _("“%s” is not a condition; a filter needs one that is true or false, such as amount > 0."), text);
      return NULL;
    }
  guint8 *keep = patron_try_alloc (n_rows, 1, _("the filter"), error);
  guint32 *rows = NULL;
  if (keep != NULL && patron_expression_filter (expression, keep, n, run, error))
    rows = rows_kept (keep, n_rows, *n, error);
  patron_free (keep);
  return rows;
}

static guint32 *
all_rows (gsize n, GError **error)
{
  guint32 *rows = patron_try_alloc (n, sizeof *rows, _("the sorted rows"), error);
  for (gsize i = 0; rows != NULL && i < n; i++)
    rows[i] = (guint32) i;
  return rows;
}

/* ---- sort -------------------------------------------------------------------------------------------------- */

static int
compare_collated (gconstpointer a, gconstpointer b, gpointer data)
{
  char **collated = data;
  return strcmp (collated[*(const guint32 *) a], collated[*(const guint32 *) b]);
}

/* rank[code]: where the text stands in the order of the language. */
static guint32 *
rank_texts (PatronDict *dict, GError **error)
{
  gsize n = patron_dict_size (dict);
  guint32 *rank = patron_try_alloc (n, sizeof *rank, _("sorting texts"), error);
  guint32 *codes = rank != NULL ? all_rows (n, error) : NULL;
  char **collated = codes != NULL ? patron_try_alloc0 (n, sizeof *collated, _("sorting texts"), error) : NULL;
  if (collated == NULL)
    {
      patron_free (rank);
      patron_free (codes);
      return NULL;
    }
  for (gsize i = 0; i < n; i++)
    collated[i] = g_utf8_collate_key (patron_dict_get (dict, (gint32) i), -1);
  g_qsort_with_data (codes, (gint) n, sizeof *codes, compare_collated, collated);
  for (gsize i = 0; i < n; i++)
    rank[codes[i]] = (guint32) i;
  for (gsize i = 0; i < n; i++)
    g_free (collated[i]);
  patron_free (collated);
  patron_free (codes);
  return rank;
}

/* Sorting keys of every row of the column: the greatest for what is missing. */
static gboolean
fill_keys (PatronColumn *column, const guint32 *rank, gboolean descending, guint64 *keys, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column);
  double *values = patron_try_alloc (PATRON_CHUNK_ROWS, sizeof *values, _("sorting"), error);
  gboolean ok = values != NULL;
  for (gsize start = 0; ok && start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize length = MIN (PATRON_CHUNK_ROWS, n - start);
      ok = patron_run_check (run, error) && patron_column_read_doubles (column, start, length, values, error);
      for (gsize i = 0; ok && i < length; i++)
        {
          guint64 key = isnan (values[i]) ? G_MAXUINT64 : patron_key_from_double (rank != NULL ? rank[(gsize) values[i]] : values[i]);
          keys[start + i] = descending && !isnan (values[i]) ? ~key - 1 : key;
        }
    }
  patron_free (values);
  return ok;
}

static gboolean
sort_rows (PatronColumn *column, gboolean descending, guint32 *rows, gsize n, PatronRun *run, GError **error)
{
  gsize n_all = patron_column_get_length (column);
  PatronDict *dict = patron_column_has_dict (column) ? patron_column_dict (column, error) : NULL;
  guint32 *rank = dict != NULL ? rank_texts (dict, error) : NULL;
  if (patron_column_has_dict (column) && rank == NULL)
    return FALSE;
  guint64 *all = patron_try_alloc (n_all, sizeof *all, _("sorting"), error);
  guint64 *keys = all != NULL ? patron_try_alloc (n, sizeof *keys, _("sorting"), error) : NULL;
  guint32 *scratch = keys != NULL ? patron_try_alloc (n, sizeof *scratch, _("sorting"), error) : NULL;
  gboolean ok = scratch != NULL && fill_keys (column, rank, descending, all, run, error);
  if (ok)
    {
      for (gsize i = 0; i < n; i++)
        keys[i] = all[rows[i]];
      /* The keys of all rows have done their part: their memory serves as scratch space (n ≤ n_all). */
      patron_radix_sort_pairs (keys, rows, all, scratch, n);
    }
  patron_free (rank);
  patron_free (all);
  patron_free (keys);
  patron_free (scratch);
  return ok;
}

guint32 *
patron_row_order_compute (PatronTable *table, const PatronRowOrder *order, gsize *n, PatronRun *run, GError **error)
{
  *n = patron_table_n_rows (table);
  if (order->filter == NULL && order->column < 0)
    return NULL;
  guint32 *rows = order->filter != NULL ? filter_rows (table, order->filter, n, run, error) : all_rows (*n, error);
  if (rows == NULL || order->column < 0)
    return rows;
  if (sort_rows (patron_table_column (table, (guint) order->column), order->descending, rows, *n, run, error))
    return rows;
  patron_free (rows);
  return NULL;
}
