/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/document.h"

#include "base/error.h"
#include "draw/document-private.h"
#include "draw/file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

PatronReportDocument
patron_document_of_run (PatronDocumentRun *run_, const PatronReport *report, PatronTable *result)
{
  *run_ = (PatronDocumentRun) { report, result };
  return (PatronReportDocument) { .n_runs = 1, .runs = run_ };
}

static gboolean
write_bytes (const char *path, GBytes *bytes, GError **error)
{
  if (bytes == NULL)
    return FALSE;
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  gboolean ok = patron_file_replace (path, data, length, error);
  g_bytes_unref (bytes);
  return ok;
}

static GBytes *
to_json (const PatronReportDocument *document)
{
  JsonNode *root;
  if (document->n_runs == 1)
    root = patron_report_to_contract (document->runs[0].report);
  else
    {
      JsonArray *array = json_array_new ();
      for (guint i = 0; i < document->n_runs; i++)
        json_array_add_element (array, patron_report_to_contract (document->runs[i].report));
      root = json_node_init_array (json_node_alloc (), array);
      json_array_unref (array);
    }
  char *text = json_to_string (root, TRUE);
  json_node_unref (root);
  return g_bytes_new_take (text, strlen (text));
}

gboolean
patron_document_write (const PatronReportDocument *document, const char *path, PatronRun *run, GError **error)
{
  const char *ending = patron_file_ending (path);
  if (g_ascii_strcasecmp (ending, "pdf") == 0)
    return write_bytes (path, patron_document_to_pdf (document, run, error), error);
  if (g_ascii_strcasecmp (ending, "html") == 0 || g_ascii_strcasecmp (ending, "htm") == 0)
    return write_bytes (path, patron_document_to_html (document, run, error), error);
  if (g_ascii_strcasecmp (ending, "xlsx") == 0)
    return patron_document_to_xlsx (document, path, run, error);
  if (g_ascii_strcasecmp (ending, "json") == 0)
    return write_bytes (path, to_json (document), error);
  if (g_ascii_strcasecmp (ending, "txt") == 0)
    {
      char *text = patron_document_to_text (document, 0);
      return write_bytes (path, g_bytes_new_take (text, strlen (text)), error);
    }
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
               _("A report cannot be written to “%s”: the name must end in .pdf, .html, .xlsx, .txt or .json."), path);
  return FALSE;
}
