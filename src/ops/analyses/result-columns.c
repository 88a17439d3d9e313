/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/result-columns.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>

gboolean
patron_add_result_numbers (GPtrArray *columns, const char *name, PatronType type, gsize n, PatronRowNumber number, gconstpointer data, GError **error)
{
  gpointer values = patron_try_alloc (n, patron_type_size (type), _("the result table"), error);
  if (values == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      double value = number (data, i);
      if (type == PATRON_TYPE_NUMBER)
        ((double *) values)[i] = value;
      else if (type == PATRON_TYPE_INTEGER)
        ((gint64 *) values)[i] = isnan (value) ? PATRON_INTEGER_MISSING : (gint64) value;
      else
        ((gint32 *) values)[i] = isnan (value) ? PATRON_DATE_MISSING : (gint32) value;
    }
  g_ptr_array_add (columns, patron_column_new_take (name, type, n, values, NULL));
  return TRUE;
}

gboolean
patron_add_result_codes (GPtrArray *columns, const char *name, PatronType type, gsize n, PatronDict *dict, PatronRowCode code, gconstpointer data, GError **error)
{
  gint32 *values = patron_try_alloc (n, sizeof *values, _("the result table"), error);
  if (values == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    values[i] = code (data, i);
  g_ptr_array_add (columns, patron_column_new_take (name, type, n, values, patron_dict_ref (dict)));
  return TRUE;
}

gboolean
patron_add_result_column (GPtrArray *columns, PatronColumn *column)
{
  if (column == NULL)
    return FALSE;
  g_ptr_array_add (columns, column);
  return TRUE;
}
