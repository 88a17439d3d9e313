/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/column-scan.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  PatronColumn     *column;
  PatronRun        *run;
  const char       *resident;     /* NULL: read */
  gsize             value_size;
  PatronScanBody    body;
  PatronScanDoubles body_doubles; /* one of the two */
  gpointer          data;
  char             *buffers;      /* a chunk a worker; NULL when values are used where they are */
  GError           *error;        /* atomic: the first one */
} Scan;

static void
scan_chunk (Scan *scan, gsize begin, gsize end, int worker)
{
  gsize n = end - begin;
  char *buffer = scan->buffers != NULL ? scan->buffers + (gsize) worker * PATRON_CHUNK_ROWS * 8 : NULL;
  GError *error = NULL;
  if (scan->resident != NULL)
    {
      if (scan->body != NULL)
        scan->body (scan->resident + begin * scan->value_size, begin, n, worker, scan->data);
      else
        scan->body_doubles ((const double *) (gconstpointer) scan->resident + begin, begin, n, worker, scan->data);
      return;
    }
  gboolean read = scan->body != NULL ? patron_column_read (scan->column, begin, n, buffer, &error)
                                     : patron_column_read_doubles (scan->column, begin, n, (double *) (gpointer) buffer, &error);
  if (!read)
    {
      if (!g_atomic_pointer_compare_and_exchange (&scan->error, NULL, error))
        g_error_free (error);
      return;
    }
  if (scan->body != NULL)
    scan->body (buffer, begin, n, worker, scan->data);
  else
    scan->body_doubles ((const double *) (gpointer) buffer, begin, n, worker, scan->data);
}

static void
scan_block (gsize begin, gsize end, int worker, gpointer data)
{
  Scan *scan = data;
  for (gsize chunk = begin; chunk < end && !patron_run_cancelled (scan->run); chunk += PATRON_CHUNK_ROWS)
    scan_chunk (scan, chunk, MIN (end, chunk + PATRON_CHUNK_ROWS), worker);
}

static gboolean
run_scan (Scan *scan, gsize block, PatronRun *run, GError **error)
{
  if (scan->resident == NULL)
    {
      scan->buffers = patron_try_alloc ((gsize) patron_parallel_workers (run) * PATRON_CHUNK_ROWS, 8, _("reading columns"), error);
      if (scan->buffers == NULL)
        return FALSE;
    }
  patron_parallel_for (run, patron_column_get_length (scan->column), block, scan_block, scan);
  patron_free (scan->buffers);
  if (scan->error != NULL)
    {
      g_propagate_error (error, scan->error);
      return FALSE;
    }
  return patron_run_check (run, error);
}

gboolean
patron_column_scan (PatronColumn *column, gsize block, PatronScanBody body, gpointer data, PatronRun *run, GError **error)
{
  Scan scan = { .column = column, .run = run, .body = body, .data = data, .value_size = patron_type_size (patron_column_get_type (column)) };
  if (patron_column_is_resident (column))
    scan.resident = patron_column_values (column, NULL);
  return run_scan (&scan, block, run, error);
}

gboolean
patron_column_scan_doubles (PatronColumn *column, gsize block, PatronScanDoubles body, gpointer data, PatronRun *run, GError **error)
{
  Scan scan = { .column = column, .run = run, .body_doubles = body, .data = data, .value_size = sizeof (double) };
  if (patron_column_is_resident (column) && patron_column_get_type (column) == PATRON_TYPE_NUMBER)
    scan.resident = patron_column_values (column, NULL);
  return run_scan (&scan, block, run, error);
}
