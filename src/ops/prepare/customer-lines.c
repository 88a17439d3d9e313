/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/customer-lines.h"

#include "base/memory.h"
#include "table/column-scan.h"
#include "table/key-values.h"
#include "table/sort-rows.h"
#include "table/take-rows.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

void
patron_customer_lines_clear (PatronCustomerLines *lines)
{
  g_clear_pointer (&lines->customer, patron_column_unref);
  g_clear_pointer (&lines->order, patron_column_unref);
  g_clear_pointer (&lines->product, patron_column_unref);
  g_clear_pointer (&lines->category, patron_column_unref);
  g_clear_pointer (&lines->day, patron_column_unref);
  g_clear_pointer (&lines->amounts, patron_free);
  g_clear_pointer (&lines->discounts, patron_free);
  g_clear_pointer (&lines->returned, patron_free);
}

/* ---- which lines ---------------------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronType type;
  guint8    *missing;
} Marking;

static void
mark_missing (gconstpointer values, gsize start, gsize n, int worker, gpointer data)
{
  enum { STRETCH = 4096 };
  const Marking *marking = data;
  guint64 keys[STRETCH];
  gsize size = patron_type_size (marking->type);
  for (gsize done = 0; done < n; done += STRETCH)
    {
      gsize part = MIN (STRETCH, n - done);
      patron_keys_from_values (marking->type, (const char *) values + done * size, part, keys);
      for (gsize i = 0; i < part; i++)
        marking->missing[start + done + i] |= keys[i] == PATRON_KEY_MISSING;
    }
}

/* Rows with a customer and a date, in the order of the dates. patron_free() it. */
static guint32 *
known_rows (const PatronCustomerColumns *columns, gsize *n_known, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (columns->date), known = 0;
  guint8 *missing = patron_try_alloc0 (n, 1, _("order lines"), error);
  guint32 *rows = missing != NULL ? patron_try_alloc (n, sizeof *rows, _("order lines"), error) : NULL, *sorted = NULL;
  PatronColumn *needed[2] = { columns->customer, columns->date };
  gboolean done = rows != NULL;
  for (guint c = 0; done && c < 2; c++)
    {
      Marking marking = { patron_column_get_type (needed[c]), missing };
      done = patron_column_scan (needed[c], PATRON_CHUNK_ROWS, mark_missing, &marking, run, error);
    }
  for (gsize i = 0; done && i < n; i++)
    {
      rows[known] = (guint32) i;
      known += !missing[i];
    }
  if (done)
    {
      const PatronSortKey by = { .column = columns->date };
      sorted = patron_sort_rows (&by, 1, rows, known, run, error);
    }
  patron_free (missing);
  patron_free (rows);
  *n_known = known;
  return sorted;
}

/* ---- their values ----------------------------------------------------------------------------------------------------------- */

static gboolean
take_column (PatronColumn *column, const guint32 *rows, gsize n, PatronColumn **taken, PatronRun *run, GError **error)
{
  *taken = column != NULL ? patron_column_take_or_missing (column, NULL, rows, n, run, error) : NULL;
  return column == NULL || *taken != NULL;
}

static gboolean
take_doubles (PatronColumn *column, const guint32 *rows, gsize n, double **values, PatronRun *run, GError **error)
{
  g_autoptr (PatronColumn) taken = NULL;
  if (column == NULL)
    return TRUE;
  if (!take_column (column, rows, n, &taken, run, error) || (*values = patron_try_alloc (n, sizeof **values, _("order lines"), error)) == NULL)
    return FALSE;
  return patron_column_read_doubles (taken, 0, n, *values, error);
}

/* Days, whatever the type of the dates. */
static gboolean
take_days (PatronColumn *date, const guint32 *rows, PatronCustomerLines *lines, PatronRun *run, GError **error)
{
  double *values = NULL;
  double unit = patron_column_get_type (date) == PATRON_TYPE_TIME ? 86400 : 1;
  gint32 *days = take_doubles (date, rows, lines->n, &values, run, error) ? patron_try_alloc (lines->n, sizeof *days, _("order lines"), error) : NULL;
  for (gsize i = 0; days != NULL && i < lines->n; i++)
    days[i] = (gint32) floor (values[i] / unit);
  patron_free (values);
  lines->day = days != NULL ? patron_column_new_take ("day", PATRON_TYPE_DATE, lines->n, days, NULL) : NULL;
  lines->days = days;
  return days != NULL;
}

/* Amounts, if there are none of their own, and returns. */
static gboolean
weigh_lines (const PatronCustomerColumns *columns, const guint32 *rows, PatronCustomerLines *lines, PatronRun *run, GError **error)
{
  double *quantities = NULL;
  lines->returned = patron_try_alloc0 (lines->n, 1, _("order lines"), error);
  gboolean done = lines->returned != NULL && take_doubles (columns->quantity, rows, lines->n, &quantities, run, error);
  if (done && lines->amounts == NULL && quantities != NULL && columns->price != NULL)
    {
      done = take_doubles (columns->price, rows, lines->n, &lines->amounts, run, error);
      for (gsize i = 0; done && i < lines->n; i++)
        lines->amounts[i] *= quantities[i];
    }
  for (gsize i = 0; done && i < lines->n; i++)
    lines->returned[i] = (lines->amounts != NULL && lines->amounts[i] < 0) || (quantities != NULL && quantities[i] < 0);
  patron_free (quantities);
  return done;
}

static gboolean
read_rows (const PatronCustomerColumns *columns, const guint32 *rows, PatronCustomerLines *lines, PatronRun *run, GError **error)
{
  gsize n = lines->n;
  return take_column (columns->customer, rows, n, &lines->customer, run, error) && take_column (columns->order, rows, n, &lines->order, run, error)
         && take_column (columns->product, rows, n, &lines->product, run, error) && take_column (columns->category, rows, n, &lines->category, run, error)
         && take_days (columns->date, rows, lines, run, error) && take_doubles (columns->amount, rows, n, &lines->amounts, run, error)
         && take_doubles (columns->discount, rows, n, &lines->discounts, run, error) && weigh_lines (columns, rows, lines, run, error);
}

gboolean
patron_customer_lines_read (const PatronCustomerColumns *columns, PatronCustomerLines *lines, PatronRun *run, GError **error)
{
  guint32 *rows = known_rows (columns, &lines->n, run, error);
  if (rows == NULL)
    return FALSE;
  lines->n_missing = patron_column_get_length (columns->date) - lines->n;
  gboolean done = lines->n > 0;
  if (!done)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("No row has both a customer in “%s” and a date in “%s”."), patron_column_get_name (columns->customer),
                 patron_column_get_name (columns->date));
  done = done && read_rows (columns, rows, lines, run, error);
  patron_free (rows);
  if (done)
    {
      lines->first_day = lines->days[0];
      lines->last_day = lines->days[lines->n - 1];
    }
  return done;
}

/* ---- a part of them ------------------------------------------------------------------------------------------------------------ */

static gsize
first_line_of (const PatronCustomerLines *lines, gint32 day)
{
  gsize low = 0, high = lines->n;
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      if (lines->days[middle] < day)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
copy_doubles (const double *values, gsize start, gsize n, double **part, GError **error)
{
  if (values == NULL)
    return TRUE;
  *part = patron_try_alloc (n, sizeof **part, _("order lines"), error);
  if (*part != NULL)
    memcpy (*part, values + start, n * sizeof **part);
  return *part != NULL;
}

gboolean
patron_customer_lines_between (const PatronCustomerLines *lines, gint32 first, gint32 last, PatronCustomerLines *part, PatronRun *run, GError **error)
{
  gsize start = first_line_of (lines, first), n = first_line_of (lines, last + 1) - start;
  guint32 *rows = patron_try_alloc (n, sizeof *rows, _("order lines"), error);
  for (gsize i = 0; rows != NULL && i < n; i++)
    rows[i] = (guint32) (start + i);
  part->n = n;
  part->first_day = lines->first_day;
  part->last_day = lines->last_day;
  gboolean done = rows != NULL && take_column (lines->customer, rows, n, &part->customer, run, error)
                  && take_column (lines->order, rows, n, &part->order, run, error) && take_column (lines->product, rows, n, &part->product, run, error)
                  && take_column (lines->category, rows, n, &part->category, run, error) && take_column (lines->day, rows, n, &part->day, run, error)
                  && copy_doubles (lines->amounts, start, n, &part->amounts, error) && copy_doubles (lines->discounts, start, n, &part->discounts, error)
                  && (part->returned = patron_try_alloc (n, 1, _("order lines"), error)) != NULL;
  if (done)
    {
      memcpy (part->returned, lines->returned + start, n);
      part->days = patron_column_days (part->day, error);
      done = part->days != NULL;
    }
  patron_free (rows);
  return done;
}
