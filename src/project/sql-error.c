/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/sql-private.h"

#include "base/nearest.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* ---- what a statement may do -------------------------------------------------------------------------------- */

static gboolean
is_shown (const PatronSqlEngine *engine, const char *name)
{
  for (guint i = 0; i < engine->tables->len; i++)
    if (g_ascii_strcasecmp (((PatronSqlTable *) engine->tables->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_known_function (const char *name)
{
  const char *const *functions = patron_sql_functions ();
  for (guint i = 0; functions[i] != NULL; i++)
    if (g_ascii_strcasecmp (functions[i], name) == 0)
      return TRUE;
  return FALSE;
}

/* A white list: columns of our tables, and functions that only compute. */
int
patron_sql_authorize (void *data, int action, const char *first, const char *second, const char *database, const char *trigger)
{
  PatronSqlEngine *engine = data;
  switch (action)
    {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_READ:
      /* A WITH table of which no column is read comes by too; it can hide nothing, as no module is left that could be a table. */
      if (is_shown (engine, first)
          || (*second == '\0' && g_ascii_strncasecmp (first, "sqlite_", 7) != 0 && g_ascii_strncasecmp (first, "pragma_", 7) != 0))
        return SQLITE_OK;
      g_free (engine->refused);
      engine->refused = g_strdup_printf (_("The table “%s” is not part of the project."), first);
      return SQLITE_DENY;
    case SQLITE_FUNCTION:
      if (is_known_function (second))
        return SQLITE_OK;
      g_free (engine->refused);
      engine->refused = g_strdup_printf (_("The function “%s” cannot be used here."), second);
      return SQLITE_DENY;
    default:
      g_free (engine->refused);
      engine->refused = g_strdup (_("Only SELECT statements can be run here: the tables of a project are read, never changed."));
      return SQLITE_DENY;
    }
}

/* ---- what is wrong with it ---------------------------------------------------------------------------------- */

/* "no such column: t.x" → "x", when the message starts so; else NULL. */
static char *
name_after (const char *message, const char *start)
{
  if (!g_str_has_prefix (message, start))
    return NULL;
  const char *name = message + strlen (start);
  const char *dot = strrchr (name, '.');
  return g_strdup (dot != NULL && dot[1] != '\0' ? dot + 1 : name);
}

static char *
near_table (PatronSqlEngine *engine, const char *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < engine->tables->len; i++)
    g_ptr_array_add (names, ((PatronSqlTable *) engine->tables->pdata[i])->name);
  g_ptr_array_add (names, NULL);
  const char *nearest = patron_nearest (name, (const char *const *) names->pdata);
  return nearest != NULL ? g_strdup_printf (_("The project has no table “%s”; did you mean “%s”?"), name, nearest)
                         : g_strdup_printf (_("The project has no table “%s”."), name);
}

static char *
near_column (PatronSqlEngine *engine, const char *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < engine->tables->len; i++)
    {
      const PatronSqlTable *table = engine->tables->pdata[i];
      for (guint c = 0; c < table->n_columns; c++)
        g_ptr_array_add (names, table->columns[c].name);
    }
  g_ptr_array_add (names, NULL);
  const char *nearest = patron_nearest (name, (const char *const *) names->pdata);
  return nearest != NULL ? g_strdup_printf (_("There is no column “%s”; did you mean “%s”?"), name, nearest)
                         : g_strdup_printf (_("There is no column “%s”; a text is written in single quotes, as in 'France'."), name);
}

/* near "FORM": syntax error */
static char *
syntax_error (const char *message)
{
  const char *quote = strchr (message, '"'), *end = quote != NULL ? strstr (quote + 1, "\": syntax error") : NULL;
  if (end == NULL)
    return NULL;
  g_autofree char *word = g_strndup (quote + 1, end - quote - 1);
  return g_strdup_printf (_("SQL does not expect “%s” here."), word);
}

/* The frequent mistakes in our words; the rest in SQLite's. */
static char *
explain (PatronSqlEngine *engine, const char *message)
{
  static const struct { const char *start, *sentence; } named[] = {
    { "no such function: ", N_("SQL has no function “%s”.") },
    { "ambiguous column name: ", N_("Several tables have a column “%s”; put the table's name and a dot before it.") },
    { "misuse of aggregate: ", N_("“%s” cannot be used here: it needs all rows of a group, which are there after WHERE only.") },
    { "wrong number of arguments to function ", N_("The function “%s” is given too many or too few values.") },
    { "unrecognized token: ", N_("SQL does not understand %s.") },
  };
  g_autofree char *table = name_after (message, "no such table: ");
  g_autofree char *column = name_after (message, "no such column: ");
  if (table != NULL)
    return near_table (engine, table);
  if (column != NULL)
    return near_column (engine, column);
  for (guint i = 0; i < G_N_ELEMENTS (named); i++)
    {
      g_autofree char *name = name_after (message, named[i].start);
      if (name != NULL)
        return g_strdup_printf (_(named[i].sentence), name);
    }
  char *syntax = syntax_error (message);
  if (syntax != NULL)
    return syntax;
  if (strstr (message, "may not be modified") != NULL)
    return g_strdup (_("Only SELECT statements can be run here: the tables of a project are read, never changed."));
  if (strcmp (message, "incomplete input") == 0)
    return g_strdup (_("The statement is not complete."));
  return g_strdup_printf (_("The statement cannot be run: %s."), message);
}

gboolean
patron_sql_fail (PatronSqlEngine *engine, const char *text, int code, int *position, GError **error)
{
  int offset = text != NULL ? sqlite3_error_offset (engine->db) : -1;
  if (position != NULL)
    *position = offset;
  if (engine->error != NULL)
    g_propagate_error (error, g_steal_pointer (&engine->error));
  else if (code == SQLITE_INTERRUPT && (engine->run == NULL || !patron_run_cancelled (engine->run)))
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The query took longer than it may and was stopped."));
  else if (code == SQLITE_INTERRUPT)
    patron_run_check (engine->run, error);
  else if ((code & 0xff) == SQLITE_NOMEM)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("The query needs more memory than there is; a WHERE, or fewer columns to group or sort by, helps."));
  else if (engine->refused != NULL)
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, engine->refused);
  else
    {
      g_autofree char *sentence = explain (engine, sqlite3_errmsg (engine->db));
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, sentence);
    }
  return FALSE;
}
