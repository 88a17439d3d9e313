/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/read-csv.h"

#include <string.h>

#include "table/csv.h"

/* Anything that no other reader knows may be text; what it is not, is said when it is opened. */
static int
recognise (const PatronPlace *place)
{
  static const char *const endings[] = { "csv", "tsv", "tab", "txt", "dat", "psv", NULL };
  if (place->is_address || place->is_folder)
    return PATRON_RECOGNISED_NOT;
  return g_strv_contains (endings, place->ending) ? PATRON_RECOGNISED_NAME : PATRON_RECOGNISED_FALLBACK;
}

static gpointer
open_csv (const PatronPlace *place, gconstpointer params, PatronRun *run, GError **error)
{
  return patron_csv_open (place->name, params, error);
}

static void
close_csv (gpointer state)
{
  patron_csv_free (state);
}

static char *
detected (gpointer state, const char *key)
{
  PatronCsvDetected found;
  patron_csv_get_detected (state, &found);
  if (strcmp (key, "delimiter") == 0)
    return g_strdup (*found.delimiter != '\0' ? found.delimiter : "none");
  if (strcmp (key, "quote") == 0)
    return g_strdup (*found.quote != '\0' ? found.quote : "none");
  if (strcmp (key, "encoding") == 0)
    return g_strdup (found.encoding);
  if (strcmp (key, "header") == 0)
    return g_strdup (found.n_header == 0 ? "no" : found.n_header == 1 ? "yes" : found.n_header == 2 ? "2" : "3");
  if (strcmp (key, "skip") == 0)
    return g_strdup_printf ("%u", found.n_skipped);
  if (strcmp (key, "decimal") == 0 && *found.decimal != '\0')
    return g_strdup (found.decimal);
  if (strcmp (key, "thousands") == 0 && *found.thousands != '\0')
    return g_strdup (found.thousands);
  if (strcmp (key, "date-format") == 0)
    return g_strdup (found.date_format);
  if (strcmp (key, "comment") == 0)
    return g_strdup (*found.comment != '\0' ? found.comment : "none");
  return NULL;
}

static PatronTable *
read_csv (gpointer state, gsize max_rows, PatronRun *run, GPtrArray *notes, GError **error)
{
  g_autoptr (GPtrArray) said = NULL;
  PatronTable *table = max_rows == G_MAXSIZE ? patron_csv_read (state, run, &said, error) : patron_csv_preview (state, max_rows, &said, error);
  for (guint i = 0; said != NULL && i < said->len; i++)
    g_ptr_array_add (notes, patron_text_copy (said->pdata[i]));
  return table;
}

const PatronReader patron_reader_csv = {
  .id = "csv",
  .params = patron_csv_params,
  .params_size = sizeof (PatronCsvOptions),
  .own_types = true,
  .recognise = recognise,
  .open = open_csv,
  .close = close_csv,
  .detected = detected,
  .read = read_csv,
};
