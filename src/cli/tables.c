/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "table/reader.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

/* The table's name: the file's without folder and endings. */
static char *
name_of_file (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  char *dot = strchr (base + 1, '.');
  if (dot != NULL)
    *dot = '\0';
  return g_steal_pointer (&base);
}

PatronProject *
patron_cli_open_project (const char *path, GError **error)
{
  return g_file_test (path, G_FILE_TEST_EXISTS) ? patron_project_open (path, FALSE, error) : patron_project_create (path, error);
}

/* The settings without the one of that key. Owned by the caller. */
static char **
options_without (char **options, const char *key)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (; options[0] != NULL; options += 2)
    if (strcmp (options[0], key) != 0)
      g_strv_builder_add_many (builder, options[0], options[1], NULL);
  return g_strv_builder_end (builder);
}

/* --table names the table inside a source that has several; for other sources it is another word for --name. */
static gboolean
import_one (PatronCli *cli, PatronProject *project, const char *path, const char *name, char **read_options, GError **error)
{
  PatronCliSource source = { .file = (char *) path };
  const PatronReader *reader = patron_reader_for (path, (const char *const *) read_options, error);
  if (reader == NULL)
    return FALSE;
  gboolean has_tables = patron_params_find (reader->params, "table") != NULL;
  g_auto (GStrv) mine = has_tables ? g_strdupv (read_options) : options_without (read_options, "table");
  const char *table_word = patron_options_get (cli->options, "table");
  if (name == NULL)
    name = table_word;
  g_autoptr (PatronTable) read = patron_cli_source_read (cli, &source, mine, error);
  if (read == NULL)
    return FALSE;
  g_autofree char *own_name = name != NULL ? g_strdup (name) : reader->part != NULL ? g_strdup (patron_table_get_name (read)) : name_of_file (path);
  g_autofree char *origin = patron_place_public (path);
  g_autoptr (PatronTable) table = patron_table_rename (read, own_name);
  if (patron_project_add_table (project, table, origin, cli->run, error) == 0)
    return FALSE;
  if (!cli->json)
    g_print (_("%s: %zu rows, %u columns\n"), own_name, patron_table_n_rows (table), patron_table_n_columns (table));
  return TRUE;
}

gboolean
patron_cli_import (PatronCli *cli, GError **error)
{
  const char *project_path = patron_cli_need (cli, "project", error);
  const char *name = patron_options_get (cli->options, "name");
  patron_options_get (cli->options, "table");
  g_auto (GStrv) read_options = patron_cli_read_options (cli, NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  for (const char *file; (file = patron_options_next (cli->options)) != NULL; )
    g_ptr_array_add (files, (gpointer) file);
  if (project_path == NULL || !patron_options_done (cli->options, error))
    return FALSE;
  if (files->len == 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_USAGE, _("%s is missing."), _("The file"));
      return FALSE;
    }
  gboolean fresh = !g_file_test (project_path, G_FILE_TEST_EXISTS);
  g_autoptr (PatronProject) project = patron_cli_open_project (project_path, error);
  gboolean ok = project != NULL;
  guint done = 0;
  for (; ok && done < files->len; done += ok)
    ok = import_one (cli, project, files->pdata[done], name, read_options, error);
  /* A project that would hold nothing is not left behind. */
  if (!ok && fresh && done == 0 && project != NULL)
    {
      g_clear_pointer (&project, patron_project_unref);
      g_unlink (project_path);
    }
  return ok;
}

/* From text file to text file nothing of a cell's spelling is lost, unless the setting asks for values. */
static char **
convert_options (const PatronCliSource *source, const char *to, char **given)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_strv_builder_addv (builder, (const char **) given);
  const gboolean to_text = g_str_has_suffix (to, ".csv") || g_str_has_suffix (to, ".tsv");
  gboolean wished = FALSE;
  for (guint i = 0; given[i] != NULL; i += 2)
    wished |= strcmp (given[i], "cells") == 0;
  const PatronReader *reader = to_text && !wished && source->file != NULL ? patron_reader_for (source->file, (const char *const *) given, NULL) : NULL;
  if (reader != NULL && strcmp (reader->id, "csv") == 0)
    g_strv_builder_add_many (builder, "cells", "kept", NULL);
  return g_strv_builder_end (builder);
}

gboolean
patron_cli_convert (PatronCli *cli, GError **error)
{
  const char *word = patron_cli_word (cli, _("The source"), error);
  const char *to = word != NULL ? patron_cli_need (cli, "to", error) : NULL;
  if (to == NULL)
    return FALSE;
  g_auto (GStrv) given = patron_cli_read_options (cli, NULL);
  g_auto (GStrv) write_options = patron_cli_write_options (cli, NULL);
  if (!patron_options_done (cli->options, error))
    return FALSE;
  PatronCliSource source;
  patron_cli_source_parse (&source, word);
  g_auto (GStrv) read_options = convert_options (&source, to, given);
  g_autoptr (PatronTable) table = patron_cli_source_read (cli, &source, read_options, error);
  patron_cli_source_clear (&source);
  return table != NULL && patron_write_file (table, to, (const char *const *) write_options, cli->run, error);
}

gboolean
patron_cli_score (PatronCli *cli, GError **error)
{
  const char *model_word = patron_cli_word (cli, _("The model"), error);
  const char *source_word = model_word != NULL ? patron_cli_word (cli, _("The source"), error) : NULL;
  const char *to = source_word != NULL ? patron_cli_need (cli, "to", error) : NULL;
  if (to == NULL)
    return FALSE;
  g_auto (GStrv) read_options = patron_cli_read_options (cli, NULL);
  g_auto (GStrv) write_options = patron_cli_write_options (cli, NULL);
  if (!patron_options_done (cli->options, error))
    return FALSE;
  PatronCliSource model_source, source;
  patron_cli_source_parse (&model_source, model_word);
  patron_cli_source_parse (&source, source_word);
  g_autoptr (GBytes) model = NULL;
  if (model_source.project != NULL)
    {
      g_autoptr (PatronProject) project = patron_project_open (model_source.project, TRUE, error);
      model = project != NULL ? patron_project_find_model (project, model_source.table, error) : NULL;
    }
  else
    {
      char *data;
      gsize length;
      g_autoptr (GError) failure = NULL;
      if (g_file_get_contents (model_source.file, &data, &length, &failure))
        model = g_bytes_new_take (data, length);
      else
        g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The model “%s” cannot be read: %s."), model_source.file, failure->message);
    }
  g_autoptr (PatronTable) table = model != NULL ? patron_cli_source_read (cli, &source, read_options, error) : NULL;
  patron_cli_source_clear (&model_source);
  patron_cli_source_clear (&source);
  GPtrArray *notes = NULL;
  g_autoptr (PatronTable) scored = table != NULL ? patron_engine_score (model, NULL, table, cli->run, &notes, error) : NULL;
  patron_cli_add_notes (cli, notes);
  return scored != NULL && patron_write_file (scored, to, (const char *const *) write_options, cli->run, error);
}
