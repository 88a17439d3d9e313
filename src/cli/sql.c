/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "project/sql.h"
#include "report/json.h"
#include "table/reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Rows shown on a terminal; --to writes all. */
enum { MAX_SHOWN = 1000 };

/* Tabs and line ends inside a value would break the rows. */
static void
print_cell (const char *text, const char *end)
{
  g_autofree char *plain = g_strdup (text);
  g_print ("%s%s", g_strdelimit (plain, "\t\r\n", ' '), end);
}

static void
print_rows (PatronTable *table)
{
  guint n_columns = patron_table_n_columns (table);
  for (guint c = 0; c < n_columns; c++)
    print_cell (patron_column_get_name (patron_table_column (table, c)), c + 1 < n_columns ? "\t" : "\n");
  for (gsize row = 0; row < patron_table_n_rows (table); row++)
    for (guint c = 0; c < n_columns; c++)
      {
        g_autofree char *value = patron_column_format (patron_table_column (table, c), row);
        print_cell (value, c + 1 < n_columns ? "\t" : "\n");
      }
}

static void
add_json_cell (JsonBuilder *builder, PatronColumn *column, gsize row)
{
  double number;
  PatronType type = patron_column_get_type (column);
  g_autofree char *text = NULL;
  if (patron_column_is_missing (column, row))
    json_builder_add_null_value (builder);
  else if (type == PATRON_TYPE_INTEGER)
    {
      gint64 value = 0;
      patron_column_read (column, row, 1, &value, NULL);
      json_builder_add_int_value (builder, value);
    }
  else if ((type == PATRON_TYPE_NUMBER || type == PATRON_TYPE_BOOLEAN || type == PATRON_TYPE_DURATION) && patron_column_read_doubles (column, row, 1, &number, NULL))
    {
      if (type == PATRON_TYPE_BOOLEAN)
        json_builder_add_boolean_value (builder, number != 0);
      else
        patron_json_add_number (builder, number);
    }
  else
    json_builder_add_string_value (builder, text = patron_column_format (column, row));
}

/* {"columns": [{"name", "type"}], "rows": [[…]], "truncated": false} */
static void
print_json (const PatronSqlResult *result)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint n_columns = patron_table_n_columns (result->table);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "columns");
  json_builder_begin_array (builder);
  for (guint c = 0; c < n_columns; c++)
    {
      PatronColumn *column = patron_table_column (result->table, c);
      json_builder_begin_object (builder);
      patron_json_put_string (builder, "name", patron_column_get_name (column));
      patron_json_put_string (builder, "type", patron_type_id (patron_column_get_type (column)));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "rows");
  json_builder_begin_array (builder);
  for (gsize row = 0; row < patron_table_n_rows (result->table); row++)
    {
      json_builder_begin_array (builder);
      for (guint c = 0; c < n_columns; c++)
        add_json_cell (builder, patron_table_column (result->table, c), row);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "truncated");
  json_builder_add_boolean_value (builder, result->truncated);
  json_builder_end_object (builder);
  patron_cli_print_json (json_builder_get_root (builder));
}

/* Where in the statement, when that is known. */
static void
add_place (const char *text, int position, GError **error)
{
  if (error == NULL || *error == NULL || position < 0 || (gsize) position > strlen (text))
    return;
  g_autofree char *sentence = g_strdup_printf (_("At character %ld: %s"), g_utf8_strlen (text, position) + 1, (*error)->message);
  g_free ((*error)->message);
  (*error)->message = g_steal_pointer (&sentence);
}

gboolean
patron_cli_sql (PatronCli *cli, GError **error)
{
  const char *path = patron_cli_word (cli, _("The project"), error);
  const char *text = path != NULL ? patron_cli_word (cli, _("The statement"), error) : NULL;
  const char *to = patron_options_get (cli->options, "to");
  g_auto (GStrv) write_options = patron_cli_write_options (cli, NULL);
  if (text == NULL || !patron_options_done (cli->options, error))
    return FALSE;
  int position = -1;
  PatronSqlLimits limits = { .max_rows = to != NULL || cli->json ? 0 : MAX_SHOWN };
  g_autoptr (PatronProject) project = patron_project_open (path, TRUE, error);
  g_autoptr (PatronSqlResult) result = project != NULL ? patron_sql_run (project, text, &limits, cli->run, &position, error) : NULL;
  if (result == NULL)
    {
      add_place (text, position, error);
      return FALSE;
    }
  if (to != NULL)
    return patron_write_file (result->table, to, (const char *const *) write_options, cli->run, error);
  if (cli->json)
    print_json (result);
  else
    print_rows (result->table);
  if (result->truncated)
    g_printerr (_("Only the first %d rows are shown; --to writes them all to a file.\n"), MAX_SHOWN);
  return TRUE;
}

/* ---- history ------------------------------------------------------------------------------------------------ */

static void
print_step (const PatronStepInfo *step)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (step->created / G_USEC_PER_SEC);
  g_autofree char *when = utc != NULL ? g_date_time_format (utc, "%Y-%m-%d %H:%M:%S") : NULL;
  g_print ("%c %" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT "\t%s\t%s\n", step->current ? '*' : step->done ? '+' : '-', step->id, step->parent,
           when != NULL ? when : "", step->label);
}

/* One line a step: whether it is the current one (*), in force (+) or not (-); its number, that of the step before it, time and label. */
gboolean
patron_cli_history (PatronCli *cli, GError **error)
{
  const char *path = patron_cli_word (cli, _("The project"), error);
  const char *to = patron_options_get (cli->options, "go-to");
  guint64 step;
  if (path == NULL || !patron_options_done (cli->options, error))
    return FALSE;
  g_autoptr (PatronProject) project = patron_project_open (path, to == NULL, error);
  if (project == NULL)
    return FALSE;
  if (to != NULL && !g_ascii_string_to_unsigned (to, 10, 0, G_MAXINT64, &step, NULL))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_USAGE, _("--go-to is “%s”; expected the number of a step, or 0 for the empty project."), to);
      return FALSE;
    }
  if (to != NULL && !patron_project_go_to (project, (gint64) step, error))
    return FALSE;
  g_autoptr (GPtrArray) steps = patron_project_list_steps (project, error);
  for (guint i = 0; steps != NULL && i < steps->len; i++)
    print_step (steps->pdata[i]);
  return steps != NULL;
}
