/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/reader.h"

#include "table/csv.h"

PatronTable *
patron_read_file (const char *path, const char *const *keys_values, PatronRun *run, GPtrArray **notes, GError **error)
{
  PatronCsvOptions options;
  if (!patron_csv_options_parse (&options, keys_values, error))
    return NULL;
  g_autoptr (PatronCsv) csv = patron_csv_open (path, &options, error);
  return csv != NULL ? patron_csv_read (csv, run, notes, error) : NULL;
}
