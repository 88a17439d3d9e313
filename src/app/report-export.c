/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/report-export.h"

#include <glib/gi18n-lib.h>

#include "app/save-dialog.h"
#include "draw/document.h"

PatronReportChoices *
patron_report_choices_copy (const PatronReportChoices *choices)
{
  PatronReportChoices *copy = g_new0 (PatronReportChoices, 1);
  if (choices == NULL)
    return copy;
  copy->title = g_strdup (choices->title);
  copy->author = g_strdup (choices->author);
  return copy;
}

void
patron_report_choices_free (PatronReportChoices *choices)
{
  if (choices == NULL)
    return;
  g_free (choices->title);
  g_free (choices->author);
  g_free (choices);
}

/* ---- the work ------------------------------------------------------------------------------------------------ */

typedef struct
{
  GPtrArray           *saved;      /* of char*: the reports as text, because what a widget shows belongs to it */
  GPtrArray           *results;    /* of PatronTable* or NULL, one for each report */
  PatronReportChoices *choices;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;
  g_ptr_array_unref (export->saved);
  g_ptr_array_unref (export->results);
  patron_report_choices_free (export->choices);
  g_free (export);
}

static void
unref_table (gpointer table)
{
  if (table != NULL)
    patron_table_unref (table);
}

static Export *
export_new (GPtrArray *reports, GPtrArray *results, const PatronReportChoices *choices)
{
  Export *export = g_new0 (Export, 1);
  export->saved = g_ptr_array_new_with_free_func (g_free);
  export->results = g_ptr_array_new_with_free_func (unref_table);
  export->choices = patron_report_choices_copy (choices);
  for (guint i = 0; i < reports->len; i++)
    {
      PatronTable *result = results != NULL ? results->pdata[i] : NULL;
      g_ptr_array_add (export->saved, patron_report_save (reports->pdata[i]));
      g_ptr_array_add (export->results, result != NULL ? patron_table_ref (result) : NULL);
    }
  return export;
}

static gboolean
write_reports (const char *path, gpointer data, PatronRun *run, GError **error)
{
  const Export *export = data;
  g_autoptr (GPtrArray) reports = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_report_free);
  g_autofree PatronDocumentRun *runs = g_new0 (PatronDocumentRun, export->saved->len);
  for (guint i = 0; i < export->saved->len; i++)
    {
      PatronReport *report = patron_report_load (export->saved->pdata[i], -1, error);
      if (report == NULL)
        return FALSE;
      g_ptr_array_add (reports, report);
      runs[i] = (PatronDocumentRun) { .report = report, .result = export->results->pdata[i] };
    }
  PatronReportDocument document = {
    .title = export->choices->title, .author = export->choices->author, .n_runs = export->saved->len, .runs = runs,
  };
  return patron_document_write (&document, path, run, error);
}

/* ---- asking -------------------------------------------------------------------------------------------------- */

static const PatronFileKind all_kinds[] = {
  { "pdf", N_("PDF document") }, { "html", N_("Web page") }, { "xlsx", N_("Excel workbook") },
};

/* The kinds with the one asked for first, which the dialog proposes. Static storage. */
static const PatronFileKind *
kinds_from (const char *first)
{
  static PatronFileKind kinds[G_N_ELEMENTS (all_kinds)][G_N_ELEMENTS (all_kinds) + 1];
  for (gsize k = 0; k < G_N_ELEMENTS (all_kinds); k++)
    {
      kinds[k][0] = all_kinds[k];
      for (gsize i = 0, n = 1; i < G_N_ELEMENTS (all_kinds); i++)
        if (i != k)
          kinds[k][n++] = all_kinds[i];
    }
  for (gsize k = 0; k < G_N_ELEMENTS (all_kinds); k++)
    if (g_strcmp0 (all_kinds[k].suffix, first) == 0)
      return kinds[k];
  return kinds[0];
}

void
patron_report_export_dialog (GtkWidget *owner, const char *title, GPtrArray *reports, GPtrArray *results, const PatronReportChoices *choices,
                             const char *kind)
{
  patron_save_dialog (owner, _("Export Report"), title[0] != '\0' ? title : _("Report"), kinds_from (kind), write_reports,
                      export_new (reports, results, choices), export_free);
}
