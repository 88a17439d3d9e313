/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/column-values.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/cells.h"
#include "base/memory.h"

/* Other numbers than the first so many are not counted: a list of them is of no use to anybody. */
#define MAX_NUMBERS 20000

static void
value_free (gpointer data)
{
  PatronColumnValue *value = data;
  g_free (value->text);
  g_free (value);
}

void
patron_column_values_free (PatronColumnValues *values)
{
  if (values == NULL)
    return;
  g_ptr_array_unref (values->values);
  g_free (values);
}

static void
add_value (PatronColumnValues *values, const char *text, gsize n)
{
  PatronColumnValue *value = g_new0 (PatronColumnValue, 1);
  value->text = g_strdup (text);
  value->n = n;
  g_ptr_array_add (values->values, value);
}

static int
compare_counts (gconstpointer a, gconstpointer b)
{
  const PatronColumnValue *first = *(PatronColumnValue *const *) a, *second = *(PatronColumnValue *const *) b;
  return first->n != second->n ? (first->n < second->n ? 1 : -1) : strcmp (first->text, second->text);
}

static void
keep_most_frequent (PatronColumnValues *values, guint max)
{
  g_ptr_array_sort (values->values, compare_counts);
  if (values->values->len > max)
    g_ptr_array_set_size (values->values, (gint) max);
}

/* ---- texts: by their codes --------------------------------------------------------------------------------- */

static int
compare_sizes (gconstpointer a, gconstpointer b)
{
  gsize first = *(const gsize *) a, second = *(const gsize *) b;
  return first < second ? 1 : first > second ? -1 : 0;
}

/* The count that max values at most are over; so that a dictionary of millions is not made into strings. */
static gsize
count_to_list (const gsize *counts, gsize n, guint max)
{
  g_autofree gsize *sorted = g_memdup2 (counts, n * sizeof *counts);
  qsort (sorted, n, sizeof *sorted, compare_sizes);
  return n > max ? MAX (1, sorted[max - 1]) : 1;
}

static gboolean
count_codes (PatronColumn *column, gsize *counts, gsize *n_missing, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column);
  g_autofree gint32 *codes = g_new (gint32, PATRON_CHUNK_ROWS);
  for (gsize start = 0; start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize length = MIN (PATRON_CHUNK_ROWS, n - start);
      if (!patron_run_check (run, error) || !patron_column_read (column, start, length, codes, error))
        return FALSE;
      for (gsize i = 0; i < length; i++)
        if (codes[i] >= 0)
          counts[codes[i]]++;
        else
          *n_missing += 1;
    }
  return TRUE;
}

static gboolean
list_texts (PatronColumnValues *values, PatronColumn *column, guint max, PatronRun *run, GError **error)
{
  PatronDict *dict = patron_column_dict (column, error);
  if (dict == NULL)
    return FALSE;
  gsize n = patron_dict_size (dict);
  gsize *counts = patron_try_alloc0 (MAX (1, n), sizeof *counts, _("counting values"), error);
  gboolean ok = counts != NULL && count_codes (column, counts, &values->n_missing, run, error);
  gsize least = ok && n > 0 ? count_to_list (counts, n, max) : 1, n_least = 0;
  for (gsize i = 0; ok && i < n; i++)
    {
      values->n_distinct += counts[i] > 0;
      if (counts[i] > least || (counts[i] == least && n_least++ < max))
        add_value (values, patron_dict_get (dict, (gint32) i), counts[i]);
    }
  patron_free (counts);
  return ok;
}

/* ---- range ------------------------------------------------------------------------------------------------- */

gboolean
patron_column_range (PatronColumn *column, double *low, double *high, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column);
  g_autofree double *values = g_new (double, PATRON_CHUNK_ROWS);
  double smallest = INFINITY, greatest = -INFINITY;
  for (gsize start = 0; start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize length = MIN (PATRON_CHUNK_ROWS, n - start);
      if (!patron_run_check (run, error) || !patron_column_read_doubles (column, start, length, values, error))
        return FALSE;
      for (gsize i = 0; i < length; i++)
        {
          /* Comparisons with what is missing are false. */
          smallest = values[i] < smallest ? values[i] : smallest;
          greatest = values[i] > greatest ? values[i] : greatest;
        }
    }
  *low = smallest <= greatest ? smallest : (double) NAN;
  *high = smallest <= greatest ? greatest : (double) NAN;
  return TRUE;
}

/* ---- everything else: by how it is written ----------------------------------------------------------------- */

static void
count_cells (GHashTable *counts, const PatronCells *cells, PatronColumnValues *values)
{
  char text[64];
  for (gsize i = 0; i < cells->n; i++)
    {
      if (!patron_cells_format (cells, i, -1, text, sizeof text))
        {
          values->n_missing++;
          continue;
        }
      gpointer count;
      if (g_hash_table_lookup_extended (counts, text, NULL, &count))
        g_hash_table_insert (counts, g_strdup (text), GSIZE_TO_POINTER (GPOINTER_TO_SIZE (count) + 1));
      else if (g_hash_table_size (counts) < MAX_NUMBERS)
        g_hash_table_insert (counts, g_strdup (text), GSIZE_TO_POINTER (1));
    }
}

static gboolean
list_others (PatronColumnValues *values, PatronColumn *column, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column);
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (gsize start = 0; start < n; start += PATRON_CHUNK_ROWS)
    {
      g_autoptr (PatronCells) cells = patron_run_check (run, error)
                                        ? patron_cells_read (column, NULL, start, MIN (PATRON_CHUNK_ROWS, n - start), error)
                                        : NULL;
      if (cells == NULL)
        return FALSE;
      count_cells (counts, cells, values);
    }
  GHashTableIter iter;
  gpointer text, count;
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &text, &count))
    add_value (values, text, GPOINTER_TO_SIZE (count));
  values->n_distinct = g_hash_table_size (counts);
  return TRUE;
}

PatronColumnValues *
patron_column_values_list (PatronColumn *column, guint max, PatronRun *run, GError **error)
{
  g_autoptr (PatronColumnValues) values = g_new0 (PatronColumnValues, 1);
  values->values = g_ptr_array_new_with_free_func (value_free);
  gboolean ok = patron_column_has_dict (column) ? list_texts (values, column, max, run, error) : list_others (values, column, run, error);
  if (!ok)
    return NULL;
  keep_most_frequent (values, max);
  return g_steal_pointer (&values);
}

/* ---- on a worker ------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronColumn       *column;
  guint               max;
  PatronColumnValues *values;   /* out */
} List;

static void
list_free (gpointer data)
{
  List *list = data;
  patron_column_unref (list->column);
  patron_column_values_free (list->values);
  g_free (list);
}

static gboolean
list_values (PatronRun *run, gpointer data, GError **error)
{
  List *list = data;
  list->values = patron_column_values_list (list->column, list->max, run, error);
  return list->values != NULL;
}

PatronJob *
patron_column_values_start (PatronColumn *column, guint max)
{
  List *list = g_new0 (List, 1);
  list->column = patron_column_ref (column);
  list->max = max;
  return patron_job_start (_("List values"), PATRON_JOB_QUICK, 0, list_values, list, list_free);
}

const PatronColumnValues *
patron_column_values_listed (PatronJob *job)
{
  return ((List *) patron_job_get_data (job))->values;
}
