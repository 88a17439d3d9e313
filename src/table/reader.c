/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/reader.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "base/parallel.h"
#include "table/disguised.h"
#include "table/missing-values.h"
#include "table/read-csv.h"
#include "table/read-folder.h"
#include "table/read-json.h"
#include "table/read-pictures.h"
#include "table/read-postgres.h"
#include "table/read-sqlite.h"
#include "table/read-stat.h"
#include "table/read-xlsx.h"

#define HEAD ((gsize) 4096)

static const PatronReader *const readers[] = {
  &patron_reader_csv,
  &patron_reader_folder,
  &patron_reader_json,
  &patron_reader_pictures,
  &patron_reader_postgres,
  &patron_reader_sqlite,
  &patron_reader_stat,
  &patron_reader_xlsx,
  NULL
};

struct _PatronSource
{
  const PatronReader *reader;
  char               *name;
  gpointer            params;
  gpointer            state;
};

const PatronReader *const *
patron_readers (void)
{
  return readers;
}

/* ---- places -------------------------------------------------------------------------------------------------- */

gboolean
patron_place_is_address (const char *place)
{
  return g_str_has_prefix (place, "postgresql://") || g_str_has_prefix (place, "postgres://");
}

char *
patron_place_public (const char *place)
{
  g_autoptr (GUri) uri = patron_place_is_address (place) ? g_uri_parse (place, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL) : NULL;
  return uri != NULL ? g_uri_to_string_partial (uri, G_URI_HIDE_PASSWORD) : g_strdup (place);
}

char *
patron_place_title (const char *place)
{
  if (!patron_place_is_address (place))
    return g_filename_display_basename (place);
  g_autoptr (GUri) uri = g_uri_parse (place, G_URI_FLAGS_HAS_PASSWORD, NULL);
  const char *path = uri != NULL ? g_uri_get_path (uri) : "";
  return *path == '/' && path[1] != '\0' ? g_strdup (path + 1) : g_strdup (_("database"));
}

/* What a place is and how it begins. */
typedef struct
{
  PatronPlace place;
  char       *ending;
  guint8      head[HEAD];
} Look;

static char *
ending_of (const char *name)
{
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *low = g_ascii_strdown (base, -1);
  if (g_str_has_suffix (low, ".gz"))
    low[strlen (low) - 3] = '\0';
  else if (g_str_has_suffix (low, ".zst"))
    low[strlen (low) - 4] = '\0';
  const char *dot = strrchr (low, '.');
  return g_strdup (dot != NULL ? dot + 1 : "");
}

static gboolean
look_at (const char *name, Look *look, GError **error)
{
  memset (look, 0, sizeof *look);
  look->place.name = name;
  look->place.is_address = patron_place_is_address (name);
  look->ending = ending_of (name);
  look->place.ending = look->ending;
  look->place.head = look->head;
  GStatBuf status;
  if (look->place.is_address)
    return TRUE;
  int failure = g_stat (name, &status) != 0 ? errno : 0;
  look->place.is_folder = failure == 0 && S_ISDIR (status.st_mode);
  look->place.size = failure == 0 ? status.st_size : 0;
  if (failure == 0 && S_ISREG (status.st_mode))
    {
      FILE *file = g_fopen (name, "rbe");
      failure = file == NULL ? errno : 0;
      if (file != NULL)
        {
          look->place.n_head = fread (look->head, 1, HEAD, file);
          fclose (file);
        }
    }
  if (failure != 0)
    {
      g_autofree char *base = g_filename_display_basename (name);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” cannot be read: %s."), base, g_strerror (failure));
    }
  return failure == 0;
}

/* ---- which reader -------------------------------------------------------------------------------------------- */

static const PatronReader *
reader_named (const char *id, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);
  for (const PatronReader *const *reader = readers; *reader != NULL; reader++)
    {
      if (strcmp ((*reader)->id, id) == 0)
        return *reader;
      g_string_append_printf (known, "%s%s", known->len > 0 ? ", " : "", (*reader)->id);
    }
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no reader “%s”; expected one of %s."), id, known->str);
  return NULL;
}

static const PatronReader *
recognise (const PatronPlace *place, GError **error)
{
  const PatronReader *best = NULL;
  int surest = PATRON_RECOGNISED_NOT;
  for (const PatronReader *const *reader = readers; *reader != NULL; reader++)
    {
      int sure = (*reader)->recognise (place);
      if (sure > surest)
        {
          surest = sure;
          best = *reader;
        }
    }
  if (best == NULL && place->is_folder)
    {
      g_autofree char *base = g_filename_display_basename (place->name);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The folder “%s” holds neither pictures nor data files that could be read as one table."), base);
    }
  else if (best == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” cannot be read: it is no kind of file or database that Patron knows."), place->name);
  return best;
}

static const char *
setting (const char *const *keys_values, const char *key)
{
  for (; keys_values != NULL && keys_values[0] != NULL && keys_values[1] != NULL; keys_values += 2)
    if (strcmp (keys_values[0], key) == 0)
      return keys_values[1];
  return NULL;
}

/* ---- opening ------------------------------------------------------------------------------------------------- */

static gboolean
parse_params (PatronSource *source, const char *const *keys_values, GError **error)
{
  const PatronReader *reader = source->reader;
  source->params = g_malloc0 (MAX (reader->params_size, 1));
  patron_params_init (reader->params, source->params);
  for (; keys_values != NULL && keys_values[0] != NULL && keys_values[1] != NULL; keys_values += 2)
    {
      if (strcmp (keys_values[0], "reader") == 0)
        continue;
      const PatronParam *param = patron_params_find (reader->params, keys_values[0]);
      if (param == NULL)
        {
          g_autofree char *title = patron_place_title (source->name);
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” is no setting for reading “%s”; “patron-cli help %s” lists those there are."),
                       keys_values[0], title, reader->id);
          return FALSE;
        }
      if (!patron_param_parse (param, keys_values[1], source->params, error))
        return FALSE;
    }
  return patron_params_validate (reader->params, source->params, error);
}

/* *look stays in use as long as the reader's place does; its ending is the caller's. */
static const PatronReader *
choose_reader (const char *name, const char *const *keys_values, Look *look, GError **error)
{
  if (!look_at (name, look, error))
    return NULL;
  const char *wanted = setting (keys_values, "reader");
  return wanted != NULL ? reader_named (wanted, error) : recognise (&look->place, error);
}

const PatronReader *
patron_reader_for (const char *place, const char *const *keys_values, GError **error)
{
  g_autofree Look *look = g_new0 (Look, 1);
  const PatronReader *reader = choose_reader (place, keys_values, look, error);
  g_free (look->ending);
  return reader;
}

PatronSource *
patron_source_open (const char *place, const char *const *keys_values, PatronRun *run, GError **error)
{
  g_autoptr (PatronSource) source = g_new0 (PatronSource, 1);
  g_autofree Look *look = g_new0 (Look, 1);
  source->name = g_strdup (place);
  source->reader = choose_reader (source->name, keys_values, look, error);
  if (source->reader != NULL && parse_params (source, keys_values, error))
    source->state = source->reader->open (&look->place, source->params, run, error);
  g_free (look->ending);
  return source->state != NULL ? g_steal_pointer (&source) : NULL;
}

void
patron_source_free (PatronSource *source)
{
  if (source->state != NULL)
    source->reader->close (source->state);
  g_free (source->params);
  g_free (source->name);
  g_free (source);
}

const PatronReader *
patron_source_get_reader (const PatronSource *source)
{
  return source->reader;
}

char *
patron_source_detected (PatronSource *source, const char *key)
{
  return source->reader->detected != NULL ? source->reader->detected (source->state, key) : NULL;
}

/* ---- parts --------------------------------------------------------------------------------------------------- */

static void
part_free (gpointer data)
{
  PatronPart *part = data;
  g_free (part->name);
  g_free (part);
}

GPtrArray *
patron_parts_new (void)
{
  return g_ptr_array_new_with_free_func (part_free);
}

void
patron_parts_add (GPtrArray *parts, const char *name, const char *kind, double n_rows, double n_columns, double n_bytes)
{
  PatronPart *part = g_new (PatronPart, 1);
  *part = (PatronPart) { .name = g_strdup (name), .kind = kind, .n_rows = n_rows, .n_columns = n_columns, .n_bytes = n_bytes };
  g_ptr_array_add (parts, part);
}

void
patron_parts_copy (GPtrArray *parts, const GPtrArray *other)
{
  for (guint i = 0; i < other->len; i++)
    {
      const PatronPart *part = other->pdata[i];
      patron_parts_add (parts, part->name, part->kind, part->n_rows, part->n_columns, part->n_bytes);
    }
}

GPtrArray *
patron_source_list (PatronSource *source, GError **error)
{
  g_autoptr (GPtrArray) parts = patron_parts_new ();
  if (source->reader->list != NULL && !source->reader->list (source->state, parts, error))
    return NULL;
  return g_steal_pointer (&parts);
}

static char *
join_names (const GPtrArray *parts)
{
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < parts->len && i < 20; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", ((const PatronPart *) parts->pdata[i])->name);
  if (parts->len > 20)
    g_string_append (names, ", …");
  return g_string_free (g_steal_pointer (&names), FALSE);
}

gboolean
patron_parts_find (const GPtrArray *parts, const char *wanted, const char *what, const char *place, guint *index, GError **error)
{
  for (guint i = 0; i < parts->len; i++)
    if (strcmp (((const PatronPart *) parts->pdata[i])->name, wanted) == 0)
      return *index = i, TRUE;
  for (guint i = 0; i < parts->len; i++)
    {
      g_autofree char *mine = g_utf8_casefold (((const PatronPart *) parts->pdata[i])->name, -1), *theirs = g_utf8_casefold (wanted, -1);
      if (strcmp (mine, theirs) == 0)
        return *index = i, TRUE;
    }
  guint64 number;
  if (g_ascii_string_to_unsigned (wanted, 10, 1, parts->len, &number, NULL))
    return *index = (guint) number - 1, TRUE;
  g_autofree char *title = patron_place_title (place), *names = join_names (parts);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” has no %s “%s”; it has: %s."), title, _(what), wanted, names);
  return FALSE;
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

static const char *
text_setting (const PatronSource *source, const char *key)
{
  const PatronParam *param = patron_params_find (source->reader->params, key);
  return param != NULL ? patron_param_get_text (param, source->params) : "";
}

static PatronTable *
read_rows (PatronSource *source, gsize max_rows, PatronRun *run, GPtrArray **notes, GError **error)
{
  const PatronReader *reader = source->reader;
  g_autoptr (GPtrArray) said = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_text_free);
  g_autoptr (PatronTable) table = reader->read (source->state, max_rows, run, said, error);
  if (table == NULL)
    return NULL;
  if (!reader->own_types)
    {
      const PatronParam *missing = patron_params_find (reader->params, "missing-values");
      g_autoptr (PatronTable) taken = patron_table_take_missing (table, patron_param_get_text (missing, source->params), missing->def_text, !reader->sure_types, run,
                                                                 said, error);
      g_clear_pointer (&table, patron_table_unref);
      if (taken != NULL)
        table = patron_apply_column_settings (taken, text_setting (source, "read-columns"), text_setting (source, "skip-columns"),
                                              text_setting (source, "column-types"), said, error);
    }
  if (table != NULL && notes != NULL)
    *notes = g_steal_pointer (&said);
  return g_steal_pointer (&table);
}

PatronTable *
patron_source_preview (PatronSource *source, gsize max_rows, PatronRun *run, GPtrArray **notes, GError **error)
{
  return read_rows (source, max_rows, run, notes, error);
}

PatronTable *
patron_source_read (PatronSource *source, PatronRun *run, GPtrArray **notes, GError **error)
{
  return read_rows (source, G_MAXSIZE, run, notes, error);
}

/* Where cells are kept as they stand nothing is said of their values. */
static gboolean
keeps_cells (const PatronSource *source)
{
  const PatronParam *cells = patron_params_find (source->reader->params, "cells");
  return cells != NULL && patron_param_get_int (cells, source->params) == PATRON_CSV_CELLS_KEPT;
}

typedef struct
{
  PatronTable *table;
  GPtrArray  **found;        /* one for each column */
  GError      *problem;      /* atomic: the first */
} Disguises;

static void
find_in_columns (gsize begin, gsize end, int worker, gpointer data)
{
  Disguises *disguises = data;
  for (gsize c = begin; c < end; c++)
    {
      GError *problem = NULL;
      disguises->found[c] = patron_column_find_disguised (patron_table_column (disguises->table, c), &problem);
      patron_column_settle (patron_table_column (disguises->table, c));
      if (problem != NULL && !g_atomic_pointer_compare_and_exchange (&disguises->problem, NULL, problem))
        g_error_free (problem);
    }
}

static GPtrArray *
find_disguised (const PatronSource *source, PatronTable *table, PatronRun *run, GError **error)
{
  const guint n = keeps_cells (source) ? 0 : patron_table_n_columns (table);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_disguised_free);
  g_autofree GPtrArray **found = g_new0 (GPtrArray *, n + 1);
  Disguises disguises = { .table = table, .found = found };
  const gboolean whole = patron_parallel_for (run, n, 1, find_in_columns, &disguises);
  for (guint c = 0; c < n; c++)
    if (found[c] != NULL)
      g_ptr_array_extend_and_steal (all, found[c]);
  if (disguises.problem != NULL)
    g_propagate_error (error, disguises.problem);
  return disguises.problem == NULL && (whole || patron_run_check (run, error)) ? g_steal_pointer (&all) : NULL;
}

GPtrArray *
patron_source_find_disguised (const PatronSource *source, PatronTable *table, GError **error)
{
  return find_disguised (source, table, NULL, error);
}

static gboolean
say_disguised (const PatronSource *source, PatronTable *table, GPtrArray *said, PatronRun *run, GError **error)
{
  g_autoptr (GPtrArray) found = find_disguised (source, table, run, error);
  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      const PatronDisguised *one = found->pdata[i];
      g_autofree char *column = patron_csv_escape (one->column), *value = patron_csv_escape (one->value);
      g_autofree char *entry = g_strdup_printf ("%s=%s", column, value);
      g_ptr_array_add (said, patron_text (N_("{column}: “{value}” in {n} {n|row|rows} may stand for a missing value. To read it so, add {entry} to the missing values."), "column",
                                          PATRON_STRING (one->column), "value", PATRON_STRING (one->value), "n", PATRON_COUNT (one->n), "entry", PATRON_STRING (entry), NULL));
    }
  return found != NULL;
}

PatronTable *
patron_read_file (const char *place, const char *const *keys_values, PatronRun *run, GPtrArray **notes, GError **error)
{
  g_autoptr (PatronSource) source = patron_source_open (place, keys_values, run, error);
  g_autoptr (GPtrArray) said = NULL;
  g_autoptr (PatronTable) table = source != NULL ? patron_source_read (source, run, &said, error) : NULL;
  if (table == NULL || (notes != NULL && !say_disguised (source, table, said, run, error)))
    return NULL;
  if (notes != NULL)
    *notes = g_steal_pointer (&said);
  return g_steal_pointer (&table);
}
