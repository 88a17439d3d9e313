/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/read-pictures.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/parallel.h"
#include "table/folder.h"
#include "table/mixed.h"
#include "table/picture-info.h"

const PatronParam patron_pictures_params[] = {
  PATRON_PARAM_BOOL (PatronPicturesOptions, subfolders, .label = N_("Folders inside"), .def = true,
                     .help = N_("Whether pictures in folders inside this one are read too; the name of the folder is then a column, often the kind of the picture.")),
  PATRON_READER_COLUMN_PARAMS (PatronPicturesOptions, ""),
  PATRON_PARAM_END
};

typedef struct
{
  const PatronPicturesOptions *options;
  char                        *path;
} Folder;

static int
recognise (const PatronPlace *place)
{
  return place->is_folder && patron_folder_count (place->name, patron_picture_has_name) > 0 ? PATRON_RECOGNISED_LIKELY : PATRON_RECOGNISED_NOT;
}

static gpointer
open_folder (const PatronPlace *place, gconstpointer params, PatronRun *run, GError **error)
{
  g_autofree char *base = g_filename_display_basename (place->name);
  if (!place->is_folder)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is not a folder; expected one with pictures."), base);
      return NULL;
    }
  Folder *folder = g_new0 (Folder, 1);
  folder->options = params;
  folder->path = g_canonicalize_filename (place->name, NULL);
  return folder;
}

static void
close_folder (gpointer state)
{
  Folder *folder = state;
  g_free (folder->path);
  g_free (folder);
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

typedef struct
{
  const char        *root;
  char             **files;
  PatronPictureInfo *infos;
  gint64            *bytes;      /* -1: the file is gone */
  guint8            *known;
} Look;

static void
look_at_files (gsize begin, gsize end, int worker, gpointer data)
{
  Look *look = data;
  for (gsize i = begin; i < end; i++)
    {
      g_autofree char *path = g_build_filename (look->root, look->files[i], NULL);
      GStatBuf status;
      look->bytes[i] = g_stat (path, &status) == 0 ? (gint64) status.st_size : -1;
      look->known[i] = patron_picture_read_info (path, &look->infos[i]);
    }
}

enum { IMAGE, NAME, FOLDER, WIDTH, HEIGHT, BYTES, TAKEN, N_COLUMNS };

static void
set_row (const Look *look, gsize row, gsize at, PatronMixed *const *columns)
{
  const char *relative = look->files[at];
  g_autofree char *path = g_build_filename (look->root, relative, NULL), *name = g_path_get_basename (relative), *folder = g_path_get_dirname (relative);
  patron_mixed_set_text (columns[IMAGE], row, path, -1);
  patron_mixed_set_text (columns[NAME], row, name, -1);
  if (strcmp (folder, ".") != 0)
    patron_mixed_set_text (columns[FOLDER], row, folder, -1);
  if (look->known[at] && look->infos[at].width > 0)
    {
      patron_mixed_set_integer (columns[WIDTH], row, look->infos[at].width);
      patron_mixed_set_integer (columns[HEIGHT], row, look->infos[at].height);
    }
  patron_mixed_set_integer (columns[BYTES], row, look->bytes[at]);
  if (look->infos[at].taken != PATRON_INTEGER_MISSING)
    patron_mixed_set_time (columns[TAKEN], row, look->infos[at].taken);
}

static PatronTable *
make_table (const Look *look, gsize n, const char *title, GPtrArray *notes, GError **error)
{
  static const struct { const char *name; PatronType type; } kinds[N_COLUMNS] = {
    { "image", PATRON_TYPE_TEXT }, { "name", PATRON_TYPE_TEXT }, { "folder", PATRON_TYPE_CATEGORY }, { "width", PATRON_TYPE_INTEGER },
    { "height", PATRON_TYPE_INTEGER }, { "bytes", PATRON_TYPE_INTEGER }, { "taken", PATRON_TYPE_TIME },
  };
  PatronMixed *columns[N_COLUMNS];
  for (guint c = 0; c < N_COLUMNS; c++)
    columns[c] = patron_mixed_new ();
  gsize n_rows = 0, n_unknown = 0;
  for (gsize i = 0; i < n; i++)
    if (look->bytes[i] >= 0)
      {
        set_row (look, n_rows++, i, columns);
        n_unknown += !look->known[i];
      }
  g_autoptr (GPtrArray) finished = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  gboolean fine = TRUE;
  for (guint c = 0; c < N_COLUMNS; c++)
    {
      const PatronMixedRules rules = { .type = kinds[c].type };
      PatronColumn *column = fine ? patron_mixed_finish (columns[c], kinds[c].name, n_rows, &rules, notes, error) : NULL;
      if (!fine)
        patron_mixed_free (columns[c]);
      else if (column != NULL)
        g_ptr_array_add (finished, column);
      fine = fine && column != NULL;
    }
  if (n_unknown > 0)
    g_ptr_array_add (notes, patron_text (N_("The size of {n} {n|picture|pictures} could not be read: {n|it is|they are} damaged or of a kind not looked into."), "n",
                                         PATRON_COUNT (n_unknown), NULL));
  return fine ? patron_table_new_take (title, g_steal_pointer (&finished)) : NULL;
}

static PatronTable *
read_folder (gpointer state, gsize max_rows, PatronRun *run, GPtrArray *notes, GError **error)
{
  const Folder *folder = state;
  g_auto (GStrv) files = patron_folder_files (folder->path, folder->options->subfolders, patron_picture_has_name, run, error);
  if (files == NULL)
    return NULL;
  gsize n = MIN (g_strv_length (files), max_rows);
  g_autofree char *base = g_path_get_basename (folder->path), *title = g_utf8_make_valid (base, -1);
  if (n == 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The folder “%s” holds no pictures."), title);
      return NULL;
    }
  g_autofree PatronPictureInfo *infos = g_new0 (PatronPictureInfo, n);
  g_autofree gint64 *bytes = g_new0 (gint64, n);
  g_autofree guint8 *known = g_new0 (guint8, n);
  Look look = { folder->path, files, infos, bytes, known };
  if (!patron_parallel_for (run, n, 32, look_at_files, &look))
    {
      patron_run_check (run, error);
      return NULL;
    }
  return make_table (&look, n, title, notes, error);
}

const PatronReader patron_reader_pictures = {
  .id = "pictures",
  .params = patron_pictures_params,
  .params_size = sizeof (PatronPicturesOptions),
  .recognise = recognise,
  .open = open_folder,
  .close = close_folder,
  .read = read_folder,
};
