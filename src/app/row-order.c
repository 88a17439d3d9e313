/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/row-order.h"

#include <glib/gi18n-lib.h>

#include "base/memory.h"
#include "table/expression.h"
#include "table/sort-rows.h"

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

guint32 *
patron_row_order_compute (PatronTable *table, const PatronRowOrder *order, gsize *n, PatronRun *run, GError **error)
{
  *n = patron_table_n_rows (table);
  if (order->filter == NULL && order->column < 0)
    return NULL;
  guint32 *kept = order->filter != NULL ? filter_rows (table, order->filter, n, run, error) : NULL;
  if (order->column < 0 || (order->filter != NULL && kept == NULL))
    return kept;
  const PatronSortKey key = { .column = patron_table_column (table, (guint) order->column), .descending = order->descending };
  guint32 *rows = patron_sort_rows (&key, 1, kept, *n, run, error);
  patron_free (kept);
  return rows;
}
