/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/import-preview.h"

#include <glib/gi18n-lib.h>

#include "table/disguised.h"

typedef struct
{
  PatronImportPreview preview;   /* first: the job's data is looked at as one */
  gsize               max_rows;
} Work;

static void
work_free (gpointer data)
{
  PatronImportPreview *preview = data;
  g_free (preview->place);
  g_strfreev (preview->options);
  g_clear_pointer (&preview->table, patron_table_unref);
  g_clear_pointer (&preview->spelled, patron_table_unref);
  g_clear_pointer (&preview->parts, g_ptr_array_unref);
  g_ptr_array_unref (preview->disguised);
  g_ptr_array_unref (preview->sentences);
  g_hash_table_unref (preview->detected);
  g_free (data);
}

static void
add_sentences (PatronImportPreview *preview, const GPtrArray *texts)
{
  for (guint i = 0; texts != NULL && i < texts->len; i++)
    {
      char *sentence = patron_text_render (texts->pdata[i]);
      if (g_ptr_array_find_with_equal_func (preview->sentences, sentence, g_str_equal, NULL))
        g_free (sentence);
      else
        g_ptr_array_add (preview->sentences, sentence);
    }
}

static void
ask_what_was_found (PatronImportPreview *preview, PatronSource *source)
{
  for (const PatronParam *param = preview->reader->params; param != NULL && param->kind != PATRON_PARAM_KIND_END; param++)
    {
      g_autofree char *key = patron_param_key (param);
      char *found = patron_source_detected (source, key);
      if (found != NULL)
        g_hash_table_replace (preview->detected, g_steal_pointer (&key), found);
    }
}

static void
find_disguised (PatronImportPreview *preview, const PatronSource *source)
{
  GPtrArray *found = preview->table != NULL ? patron_source_find_disguised (source, preview->table, NULL) : NULL;
  if (found != NULL)
    g_ptr_array_extend_and_steal (preview->disguised, found);
}

/* The settings that say how the text is cut, and that its cells stay as they are. */
static char **
dup_spelled_options (char **options)
{
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();
  for (; options != NULL && options[0] != NULL; options += 2)
    if (!g_str_equal (options[0], "column-types") && !g_str_equal (options[0], "missing-values"))
      g_strv_builder_add_many (kept, options[0], options[1], NULL);
  g_strv_builder_add_many (kept, "cells", "kept", NULL);
  return g_strv_builder_end (kept);
}

/* Only to say what other types would cost: failing is no matter. */
static void
read_spelled (PatronImportPreview *preview, gsize max_rows, PatronRun *run)
{
  if (preview->table == NULL || patron_params_find (preview->reader->params, "cells") == NULL)
    return;
  g_auto (GStrv) options = dup_spelled_options (preview->options);
  g_autoptr (PatronSource) source = patron_source_open (preview->place, (const char *const *) options, run, NULL);
  if (source != NULL)
    preview->spelled = patron_source_preview (source, max_rows, run, NULL, NULL);
}

static gboolean
read_preview (PatronRun *run, gpointer data, GError **error)
{
  Work *work = data;
  PatronImportPreview *preview = &work->preview;
  GPtrArray *notes = NULL;
  g_autoptr (PatronSource) source = patron_source_open (preview->place, (const char *const *) preview->options, run, error);
  if (source == NULL)
    return FALSE;
  preview->reader = patron_source_get_reader (source);
  preview->parts = patron_source_list (source, NULL);
  preview->table = patron_source_preview (source, work->max_rows, run, &notes, error);
  add_sentences (preview, notes);
  g_clear_pointer (&notes, g_ptr_array_unref);
  ask_what_was_found (preview, source);
  find_disguised (preview, source);
  read_spelled (preview, work->max_rows, run);
  return preview->table != NULL;
}

PatronJob *
patron_import_preview_start (const char *place, const char *const *options, gsize max_rows)
{
  Work *work = g_new0 (Work, 1);
  work->preview.place = g_strdup (place);
  work->preview.options = g_strdupv ((char **) options);
  work->preview.disguised = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_disguised_free);
  work->preview.sentences = g_ptr_array_new_with_free_func (g_free);
  work->preview.detected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  work->max_rows = max_rows;
  return patron_job_start (_("Look at the file"), PATRON_JOB_QUICK, 0, read_preview, work, work_free);
}
