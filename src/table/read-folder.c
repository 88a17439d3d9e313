/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/read-folder.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "table/folder.h"
#include "table/stack-columns.h"

/* Files whose differences are told one by one. */
#define MAX_NOTES 20

const PatronParam patron_folder_params[] = {
  PATRON_PARAM_TEXT (PatronFolderOptions, files, .label = N_("Files"), .def_text = "", .advanced = true,
                     .help = N_("Names of the files to read, with commas between. Leave empty for all files of the kind that is most frequent in the folder.")),
  PATRON_PARAM_TEXT (PatronFolderOptions, pattern, .label = N_("Pattern"), .def_text = "",
                     .help = N_("Only files whose names are like this: * stands for any characters, ? for one, as in orders-2024-*.csv.")),
  PATRON_PARAM_BOOL (PatronFolderOptions, subfolders, .label = N_("Folders inside"), .def = false,
                     .help = N_("Whether files in folders inside this one are read too.")),
  PATRON_PARAM_TEXT (PatronFolderOptions, file_column, .label = N_("Column for the file"), .def_text = "file",
                     .help = N_("The name of a column that says which file a row comes from. Leave empty for none.")),
  PATRON_READER_COLUMN_PARAMS (PatronFolderOptions, ""),
  PATRON_PARAM_END
};

typedef struct
{
  const PatronFolderOptions *options;
  char                      *path;
  GStrv                      files;        /* relative to path */
  guint                      n_left_out;   /* of other kinds */
} Folder;

/* ---- which files --------------------------------------------------------------------------------------------- */

/* The ending that tells the kind, without .gz and .zst; NULL when it is no kind of table. */
static const char *
kind_of (const char *name)
{
  static const char *const kinds[] = { "csv", "tsv", "tab", "txt", "dat", "psv", "json", "jsonl", "ndjson", "xlsx", "xlsm", "sav", "zsav", "por", "dta", "sas7bdat", "xpt",
                                       "sqlite", "db", NULL };
  g_autofree char *low = g_ascii_strdown (name, -1);
  if (g_str_has_suffix (low, ".gz"))
    low[strlen (low) - 3] = '\0';
  else if (g_str_has_suffix (low, ".zst"))
    low[strlen (low) - 4] = '\0';
  const char *dot = strrchr (low, '.');
  for (guint i = 0; dot != NULL && kinds[i] != NULL; i++)
    if (strcmp (dot + 1, kinds[i]) == 0)
      return kinds[i];
  return NULL;
}

static gboolean
is_data (const char *name)
{
  return kind_of (name) != NULL;
}

static int
recognise (const PatronPlace *place)
{
  if (!place->is_folder)
    return PATRON_RECOGNISED_NOT;
  return patron_folder_count (place->name, is_data) > 0 ? PATRON_RECOGNISED_LIKELY - 1 : PATRON_RECOGNISED_NOT;
}

/* Those of the most frequent kind; the first of them where several are. */
static GStrv
keep_kind (char **files, guint *n_left_out)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  const char *best = NULL;
  guint most = 0;
  for (char **file = files; *file != NULL; file++)
    {
      const char *kind = kind_of (*file);
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, kind)) + 1;
      g_hash_table_insert (counts, (gpointer) kind, GUINT_TO_POINTER (n));
      if (n > most)
        {
          most = n;
          best = kind;
        }
    }
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();
  *n_left_out = 0;
  for (char **file = files; *file != NULL; file++)
    if (strcmp (kind_of (*file), best) == 0)
      g_strv_builder_add (kept, *file);
    else
      ++*n_left_out;
  return g_strv_builder_end (kept);
}

static GStrv
keep_pattern (char **files, const char *pattern)
{
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();
  for (char **file = files; *file != NULL; file++)
    {
      g_autofree char *base = g_path_get_basename (*file);
      if (*pattern == '\0' || g_pattern_match_simple (pattern, base))
        g_strv_builder_add (kept, *file);
    }
  return g_strv_builder_end (kept);
}

static gboolean
find_files (Folder *folder, PatronRun *run, GError **error)
{
  const PatronFolderOptions *options = folder->options;
  g_autofree char *base = g_filename_display_basename (folder->path);
  if (*options->files != '\0')
    {
      folder->files = patron_csv_split_list (options->files, NULL);
      return TRUE;
    }
  g_auto (GStrv) all = patron_folder_files (folder->path, options->subfolders, is_data, run, error);
  if (all == NULL)
    return FALSE;
  g_auto (GStrv) like = keep_pattern (all, options->pattern);
  if (*like != NULL)
    {
      folder->files = keep_kind (like, &folder->n_left_out);
      return TRUE;
    }
  if (*options->pattern != '\0')
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("No data file in the folder “%s” has a name like “%s”."), base, options->pattern);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The folder “%s” holds no data files."), base);
  return FALSE;
}

/* ---- opening ------------------------------------------------------------------------------------------------- */

static void
close_folder (gpointer state)
{
  Folder *folder = state;
  g_strfreev (folder->files);
  g_free (folder->path);
  g_free (folder);
}

static gpointer
open_folder (const PatronPlace *place, gconstpointer params, PatronRun *run, GError **error)
{
  Folder *folder = g_new0 (Folder, 1);
  folder->options = params;
  folder->path = g_strdup (place->name);
  if (find_files (folder, run, error))
    return folder;
  close_folder (folder);
  return NULL;
}

static gboolean
list (gpointer state, GPtrArray *parts, GError **error)
{
  const Folder *folder = state;
  for (char **file = folder->files; *file != NULL; file++)
    {
      g_autofree char *path = g_build_filename (folder->path, *file, NULL), *name = g_utf8_make_valid (*file, -1);
      GStatBuf status;
      patron_parts_add (parts, name, N_("file"), (double) NAN, (double) NAN, g_stat (path, &status) == 0 ? (double) status.st_size : (double) NAN);
    }
  return TRUE;
}

/* ---- one under the other ------------------------------------------------------------------------------------- */

typedef struct
{
  const Folder *folder;
  GPtrArray    *tables;      /* of PatronTable* */
  GPtrArray    *names;       /* of columns, in order of their first appearance; borrowed from the tables */
  gsize        *lengths;     /* rows of the tables */
  gsize         n_rows;
} Stack;

static gboolean
is_all_missing (PatronColumn *column)
{
  gsize n_missing;
  return patron_column_count_missing (column, &n_missing, NULL) && n_missing == patron_column_get_length (column);
}

/* The type that holds the values of all files; columns without any value have no say. */
static PatronType
common_type (const Stack *stack, const char *name, guint *differing, GError **error)
{
  PatronType type = PATRON_N_TYPES;
  *differing = G_MAXUINT;
  for (guint i = 0; i < stack->tables->len; i++)
    {
      PatronColumn *column = patron_table_find (stack->tables->pdata[i], name);
      if (column == NULL || is_all_missing (column))
        continue;
      PatronType other = patron_column_get_type (column), wide;
      if (type == PATRON_N_TYPES)
        type = other;
      else if (type != other)
        {
          if (!patron_type_widen (type, other, &wide) && *differing == G_MAXUINT)
            *differing = i;
          type = wide;
        }
    }
  return type != PATRON_N_TYPES ? type : PATRON_TYPE_TEXT;
}

static PatronColumn *
stack_column (const Stack *stack, const char *name, PatronRun *run, GPtrArray *notes, GError **error)
{
  guint differing;
  PatronType type = common_type (stack, name, &differing, error);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  for (guint i = 0; i < stack->tables->len; i++)
    {
      PatronColumn *column = patron_table_find (stack->tables->pdata[i], name);
      g_ptr_array_add (parts, column != NULL && !is_all_missing (column) ? column : NULL);
    }
  if (differing != G_MAXUINT)
    g_ptr_array_add (notes, patron_text (N_("{column} is of another type in “{file}” than in the files before it and is read as text."), "column", PATRON_STRING (name), "file",
                                         PATRON_STRING (stack->folder->files[differing]), NULL));
  return patron_columns_stack (name, type, (PatronColumn *const *) parts->pdata, stack->lengths, parts->len, run, error);
}

static PatronColumn *
file_column (const Stack *stack, GError **error)
{
  PatronColumnBuilder *builder = patron_column_builder_new (stack->folder->options->file_column, PATRON_TYPE_CATEGORY);
  for (guint i = 0; i < stack->tables->len; i++)
    {
      g_autofree char *name = g_utf8_make_valid (stack->folder->files[i], -1);
      for (gsize r = 0; r < stack->lengths[i]; r++)
        patron_column_builder_append_text (builder, name);
    }
  return patron_column_builder_finish (builder);
}

static char *
join_some (const GPtrArray *names)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < names->len && i < 5; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (const char *) names->pdata[i]);
  if (names->len > 5)
    g_string_append (text, ", …");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
say_lacking (const Stack *stack, GPtrArray *notes)
{
  guint n_said = 0, n_differing = 0;
  for (guint i = 0; i < stack->tables->len; i++)
    {
      g_autoptr (GPtrArray) lacking = g_ptr_array_new ();
      for (guint c = 0; c < stack->names->len; c++)
        if (patron_table_find (stack->tables->pdata[i], stack->names->pdata[c]) == NULL)
          g_ptr_array_add (lacking, stack->names->pdata[c]);
      if (lacking->len == 0)
        continue;
      n_differing++;
      if (n_said++ >= MAX_NOTES)
        continue;
      g_autofree char *names = join_some (lacking);
      g_ptr_array_add (notes, patron_text (N_("“{file}” has no column {columns}; its rows are missing there."), "file", PATRON_STRING (stack->folder->files[i]), "columns",
                                           PATRON_STRING (names), NULL));
    }
  if (n_differing > MAX_NOTES)
    g_ptr_array_add (notes, patron_text (N_("{n} files lack some of the columns of the others."), "n", PATRON_COUNT (n_differing), NULL));
}

static PatronTable *
stack_tables (Stack *stack, PatronRun *run, GPtrArray *notes, GError **error)
{
  const Folder *folder = stack->folder;
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  const char *own = folder->options->file_column;
  gboolean taken = g_ptr_array_find_with_equal_func (stack->names, own, g_str_equal, NULL);
  for (guint c = 0; c < stack->names->len; c++)
    {
      PatronColumn *column = stack_column (stack, stack->names->pdata[c], run, notes, error);
      if (column == NULL)
        return NULL;
      g_ptr_array_add (columns, column);
    }
  if (*own != '\0' && !taken)
    g_ptr_array_add (columns, file_column (stack, error));
  else if (taken)
    g_ptr_array_add (notes, patron_text (N_("The files have a column “{column}” of their own, so none says which file a row comes from."), "column", PATRON_STRING (own), NULL));
  g_ptr_array_add (notes, patron_text (N_("{n} {n|file was|files were} read one under the other."), "n", PATRON_COUNT (stack->tables->len), NULL));
  if (folder->n_left_out > 0)
    g_ptr_array_add (notes, patron_text (N_("{n} {n|file of another kind was|files of other kinds were} left out."), "n", PATRON_COUNT (folder->n_left_out), NULL));
  say_lacking (stack, notes);
  g_autofree char *base = g_path_get_basename (folder->path), *title = g_utf8_make_valid (base, -1);
  return patron_table_new_take (title, g_steal_pointer (&columns));
}

static void
add_names (Stack *stack, GHashTable *seen, PatronTable *table)
{
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    {
      const char *name = patron_column_get_name (patron_table_column (table, c));
      if (g_hash_table_add (seen, (gpointer) name))
        g_ptr_array_add (stack->names, (gpointer) name);
    }
}

/* The tables of the first files, as many as it takes to have max_rows. */
static gboolean
read_tables (Stack *stack, gsize max_rows, PatronRun *run, GError **error)
{
  const Folder *folder = stack->folder;
  guint n = g_strv_length (folder->files);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < n && stack->n_rows < max_rows; i++)
    {
      g_autofree char *path = g_build_filename (folder->path, folder->files[i], NULL);
      if (run != NULL)
        patron_run_push (run, N_("Reading"), 0.9 / n);
      g_autoptr (PatronSource) source = patron_source_open (path, NULL, run, error);
      PatronTable *table = source == NULL            ? NULL
                           : max_rows == G_MAXSIZE ? patron_source_read (source, run, NULL, error)
                                                     : patron_source_preview (source, max_rows - stack->n_rows, run, NULL, error);
      if (run != NULL)
        patron_run_pop (run);
      if (table == NULL)
        return FALSE;
      g_ptr_array_add (stack->tables, table);
      stack->lengths[i] = patron_table_n_rows (table);
      stack->n_rows += stack->lengths[i];
      add_names (stack, seen, table);
      if (stack->n_rows > G_MAXINT32)
        {
          g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The files together have more rows than a table can hold."));
          return FALSE;
        }
    }
  return TRUE;
}

static PatronTable *
read_folder (gpointer state, gsize max_rows, PatronRun *run, GPtrArray *notes, GError **error)
{
  const Folder *folder = state;
  Stack stack = { .folder = folder };
  stack.tables = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_table_unref);
  stack.names = g_ptr_array_new ();
  stack.lengths = g_new0 (gsize, g_strv_length (folder->files) + 1);
  PatronTable *table = read_tables (&stack, max_rows, run, error) ? stack_tables (&stack, run, notes, error) : NULL;
  g_ptr_array_unref (stack.names);
  g_ptr_array_unref (stack.tables);
  g_free (stack.lengths);
  return table;
}

const PatronReader patron_reader_folder = {
  .id = "folder",
  .params = patron_folder_params,
  .params_size = sizeof (PatronFolderOptions),
  .recognise = recognise,
  .open = open_folder,
  .close = close_folder,
  .list = list,
  .read = read_folder,
};
