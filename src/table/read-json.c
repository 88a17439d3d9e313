/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/read-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "table/json-scan.h"
#include "table/mixed.h"
#include "table/text-source.h"

/* More columns than a person can choose from: such objects are keyed by values, not by names. */
#define MAX_COLUMNS 20000

const PatronParam patron_json_params[] = {
  PATRON_PARAM_TEXT (PatronJsonOptions, records, .label = N_("Records"), .def_text = "",
                     .help = N_("Where the list of records stands in one large object: its name, or several with dots between, as in result.items. Leave empty to find out.")),
  PATRON_READER_COLUMN_PARAMS (PatronJsonOptions, ""),
  PATRON_PARAM_END
};

typedef struct
{
  const PatronJsonOptions *options;
  char                    *path;
} JsonFile;

/* ---- recognising --------------------------------------------------------------------------------------------- */

static int
recognise (const PatronPlace *place)
{
  static const char *const endings[] = { "json", "jsonl", "ndjson", "geojson", NULL };
  if (place->is_address || place->is_folder)
    return PATRON_RECOGNISED_NOT;
  gboolean named = g_strv_contains (endings, place->ending);
  gsize i = place->n_head >= 3 && memcmp (place->head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  while (i < place->n_head && g_ascii_isspace (place->head[i]))
    i++;
  char first = i < place->n_head ? (char) place->head[i] : '\0';
  if (named)
    return PATRON_RECOGNISED_SURELY;
  /* A text file may begin with a brace too: what follows must be a name or another object. */
  for (i++; i < place->n_head && g_ascii_isspace (place->head[i]); i++)
    continue;
  char second = i < place->n_head ? (char) place->head[i] : '\0';
  return (first == '{' && second == '"') || (first == '[' && second == '{') ? PATRON_RECOGNISED_NAME + 1 : PATRON_RECOGNISED_NOT;
}

static gpointer
open_json (const PatronPlace *place, gconstpointer params, PatronRun *run, GError **error)
{
  JsonFile *file = g_new0 (JsonFile, 1);
  file->options = params;
  file->path = g_strdup (place->name);
  return file;
}

static void
close_json (gpointer state)
{
  JsonFile *file = state;
  g_free (file->path);
  g_free (file);
}

/* ---- records ------------------------------------------------------------------------------------------------- */

typedef struct
{
  JsonFile       *file;
  PatronJsonScan  scan;
  GHashTable     *index;       /* name → index + 1 */
  GPtrArray      *names;       /* of char*, owned by index */
  GPtrArray      *columns;     /* of PatronMixed* */
  gsize           n_rows, max_rows;
  gsize           n_lists;     /* values that were lists and were kept as JSON text */
  gsize           n_repeated;  /* names that stand twice in an object */
  guint           guess;       /* the column after the last one: records mostly have their names in the same order */
  GString        *name;        /* of the value being read, with dots */
  PatronRun      *run;
  const char     *end;         /* of all text, for progress */
} Reading;

static PatronMixed *
column_named (Reading *reading, const char *name)
{
  guint at = reading->guess;
  if (at >= reading->names->len || strcmp (reading->names->pdata[at], name) != 0)
    {
      gpointer found = g_hash_table_lookup (reading->index, name);
      at = GPOINTER_TO_UINT (found) - 1;
      if (found == NULL)
        {
          if (reading->columns->len >= MAX_COLUMNS)
            return NULL;
          at = reading->columns->len;
          char *own = g_strdup (name);
          g_hash_table_insert (reading->index, own, GUINT_TO_POINTER (at + 1));
          g_ptr_array_add (reading->names, own);
          g_ptr_array_add (reading->columns, patron_mixed_new ());
        }
    }
  reading->guess = at + 1;
  return reading->columns->pdata[at];
}

static gboolean read_object (Reading *reading, guint depth);

static gboolean
set_value (Reading *reading, PatronJsonToken token, const char *from, double number, gint64 integer, guint depth)
{
  PatronJsonScan *scan = &reading->scan;
  PatronMixed *column = column_named (reading, reading->name->str);
  if (column == NULL)
    {
      scan->why = N_("fewer different names: these seem to be values, not names of columns");
      return FALSE;
    }
  reading->n_repeated += patron_mixed_n_rows (column) > reading->n_rows;
  switch (token)
    {
    case PATRON_JSON_INTEGER:
      patron_mixed_set_integer (column, reading->n_rows, integer);
      return TRUE;
    case PATRON_JSON_NUMBER:
      patron_mixed_set_number (column, reading->n_rows, number);
      return TRUE;
    case PATRON_JSON_TRUE:
    case PATRON_JSON_FALSE:
      patron_mixed_set_boolean (column, reading->n_rows, token == PATRON_JSON_TRUE);
      return TRUE;
    case PATRON_JSON_STRING:
      patron_mixed_set_text (column, reading->n_rows, scan->text->str, scan->text->len);
      return TRUE;
    case PATRON_JSON_ARRAY:
      if (!patron_json_scan_skip (scan, token, depth))
        return FALSE;
      reading->n_lists++;
      patron_mixed_set_text (column, reading->n_rows, from, scan->at - from);
      return TRUE;
    default:
      return TRUE;
    }
}

/* A value under reading->name. */
static gboolean
read_value (Reading *reading, guint depth)
{
  PatronJsonScan *scan = &reading->scan;
  double number = 0;
  gint64 integer = 0;
  patron_json_scan_take (scan, ' ');
  PatronJsonToken token = patron_json_scan_value (scan, &number, &integer);
  if (token == PATRON_JSON_ERROR || token == PATRON_JSON_END)
    return patron_json_scan_skip (scan, token, depth);
  if (token == PATRON_JSON_OBJECT)
    return read_object (reading, depth);
  return set_value (reading, token, scan->at - 1, number, integer, depth);
}

/* After the opening brace. Names of inner objects follow those around them, with a dot between. */
static gboolean
read_object (Reading *reading, guint depth)
{
  PatronJsonScan *scan = &reading->scan;
  gsize before = reading->name->len;
  if (depth > PATRON_JSON_MAX_DEPTH)
    {
      scan->why = N_("fewer objects inside each other");
      return FALSE;
    }
  if (patron_json_scan_take (scan, '}'))
    return TRUE;
  do
    {
      if (!patron_json_scan_name (scan))
        return FALSE;
      if (before > 0)
        g_string_append_c (reading->name, '.');
      g_string_append_len (reading->name, scan->text->str, scan->text->len);
      if (!read_value (reading, depth + 1))
        return FALSE;
      g_string_truncate (reading->name, before);
    }
  while (patron_json_scan_take (scan, ','));
  if (patron_json_scan_take (scan, '}'))
    return TRUE;
  scan->why = N_("a comma or }");
  return FALSE;
}

/* A record is an object; anything else goes into the column "value". */
static gboolean
read_record (Reading *reading, PatronJsonToken token, double number, gint64 integer)
{
  gboolean fine;
  g_string_truncate (reading->name, 0);
  reading->guess = 0;
  if (token == PATRON_JSON_OBJECT)
    fine = read_object (reading, 0);
  else
    {
      g_string_assign (reading->name, "value");
      fine = set_value (reading, token, reading->scan.at - 1, number, integer, 0);
    }
  reading->n_rows += fine;
  return fine;
}

static gboolean
check_running (Reading *reading, GError **error)
{
  if (reading->run == NULL || reading->n_rows % 1024 != 0)
    return TRUE;
  patron_run_progress (reading->run, 0.9 * (reading->scan.at - reading->scan.start) / MAX (reading->end - reading->scan.start, 1));
  return patron_run_check (reading->run, error);
}

/* ---- the two forms ------------------------------------------------------------------------------------------- */

static gboolean
refuse (const Reading *reading, GError **error)
{
  g_autofree char *base = g_filename_display_basename (reading->file->path);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” cannot be read at line %zu (record %zu): expected %s."), base,
               patron_json_scan_line (&reading->scan), reading->n_rows + 1, reading->scan.why != NULL ? _(reading->scan.why) : _("a value"));
  return FALSE;
}

/* After the opening bracket. */
static gboolean
read_array (Reading *reading, GError **error)
{
  PatronJsonScan *scan = &reading->scan;
  double number = 0;
  gint64 integer = 0;
  if (patron_json_scan_take (scan, ']'))
    return TRUE;
  do
    {
      PatronJsonToken token = patron_json_scan_value (scan, &number, &integer);
      if (token == PATRON_JSON_END)
        scan->why = N_("a comma or ]");
      if (token == PATRON_JSON_ERROR || token == PATRON_JSON_END || !read_record (reading, token, number, integer))
        return refuse (reading, error);
      if (reading->n_rows >= reading->max_rows)
        return TRUE;
      if (!check_running (reading, error))
        return FALSE;
    }
  while (patron_json_scan_take (scan, ','));
  scan->why = N_("a comma or ]");
  return patron_json_scan_take (scan, ']') || refuse (reading, error);
}

static gboolean
read_lines (Reading *reading, GError **error)
{
  PatronJsonScan *scan = &reading->scan;
  double number = 0;
  gint64 integer = 0;
  while (reading->n_rows < reading->max_rows)
    {
      PatronJsonToken token = patron_json_scan_value (scan, &number, &integer);
      if (token == PATRON_JSON_END)
        return TRUE;
      if (token == PATRON_JSON_ERROR || !read_record (reading, token, number, integer))
        return refuse (reading, error);
      patron_json_scan_take (scan, ',');
      if (!check_running (reading, error))
        return FALSE;
    }
  return TRUE;
}

/* In one large object: goes to the list that path names, or to the first list of objects on its first two levels. TRUE when the scan stands after its
 * opening bracket. */
static gboolean
find_list (PatronJsonScan *scan, const char *path, guint depth)
{
  double number;
  gint64 integer;
  if (patron_json_scan_take (scan, '}'))
    return FALSE;
  do
    {
      if (!patron_json_scan_name (scan))
        return FALSE;
      gsize n = scan->text->len;
      gboolean on_path = *path == '\0' || (strncmp (path, scan->text->str, n) == 0 && (path[n] == '.' || path[n] == '\0'));
      const char *rest = *path == '\0' || !on_path ? "" : path + n + (path[n] == '.');
      PatronJsonToken token = patron_json_scan_value (scan, &number, &integer);
      if (on_path && token == PATRON_JSON_ARRAY && *rest == '\0')
        {
          const char *here = scan->at;
          gboolean objects = *path != '\0' || patron_json_scan_take (scan, '{');
          scan->at = here;
          if (objects)
            return TRUE;
        }
      if (on_path && token == PATRON_JSON_OBJECT && (*path == '\0' ? depth < 1 : *rest != '\0'))
        {
          const char *here = scan->at;
          if (find_list (scan, rest, depth + 1))
            return TRUE;
          scan->at = here;
        }
      if (!patron_json_scan_skip (scan, token, 0))
        return FALSE;
    }
  while (patron_json_scan_take (scan, ','));
  return FALSE;
}

/* Whether the text is one object and nothing behind it. */
static gboolean
is_single (const PatronJsonScan *from, gboolean whole)
{
  PatronJsonScan scan = *from;
  double number;
  gint64 integer;
  scan.text = g_string_new (NULL);
  PatronJsonToken token = patron_json_scan_value (&scan, &number, &integer);
  gboolean single = token == PATRON_JSON_OBJECT && patron_json_scan_skip (&scan, token, 0)
                    && patron_json_scan_value (&scan, &number, &integer) == PATRON_JSON_END;
  g_string_free (scan.text, TRUE);
  return single && whole;
}

static gboolean
read_records (Reading *reading, gboolean whole, GError **error)
{
  PatronJsonScan *scan = &reading->scan;
  if (patron_json_scan_take (scan, '['))
    return read_array (reading, error);
  const char *path = reading->file->options->records, *here = scan->at;
  if (*path == '\0' && !is_single (scan, whole))
    return read_lines (reading, error);
  if (patron_json_scan_take (scan, '{') && find_list (scan, path, 0))
    return read_array (reading, error);
  scan->at = here;
  if (*path == '\0')
    return read_lines (reading, error);
  g_autofree char *base = g_filename_display_basename (reading->file->path);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” has no list of records “%s”."), base, path);
  return FALSE;
}

/* ---- the table ----------------------------------------------------------------------------------------------- */

static PatronTable *
make_table (Reading *reading, GPtrArray *notes, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  const PatronMixedRules rules = { .type = PATRON_N_TYPES };
  g_auto (GStrv) names = patron_column_names_unique ((const char *const *) reading->names->pdata, reading->names->len);
  g_autofree char *base = g_path_get_basename (reading->file->path);
  if (reading->names->len == 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” holds no records."), base);
      return NULL;
    }
  for (guint c = 0; c < reading->columns->len; c++)
    {
      PatronMixed *mixed = g_steal_pointer (&reading->columns->pdata[c]);
      PatronColumn *column = patron_mixed_finish (mixed, names[c], reading->n_rows, &rules, notes, error);
      if (column == NULL)
        return NULL;
      g_ptr_array_add (columns, column);
    }
  if (reading->n_lists > 0)
    g_ptr_array_add (notes, patron_text (N_("{n} {n|value is a list and was|values are lists and were} kept as text."), "n", PATRON_COUNT (reading->n_lists), NULL));
  if (reading->n_repeated > 0)
    g_ptr_array_add (notes, patron_text (N_("{n} {n|name stands|names stand} twice in a record; the first value was kept."), "n", PATRON_COUNT (reading->n_repeated), NULL));
  char *dot = strchr (base + 1, '.');
  if (dot != NULL)
    *dot = '\0';
  g_autofree char *title = g_utf8_make_valid (base, -1);
  return patron_table_new_take (title, g_steal_pointer (&columns));
}

static void
mixed_free (gpointer data)
{
  if (data != NULL)
    patron_mixed_free (data);
}

static PatronTable *
read_text (JsonFile *file, const char *text, gsize length, gboolean whole, gsize max_rows, PatronRun *run, GPtrArray *notes, GError **error)
{
  Reading reading = { .file = file, .max_rows = max_rows, .run = run, .end = text + length };
  reading.index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reading.names = g_ptr_array_new ();
  reading.columns = g_ptr_array_new_with_free_func (mixed_free);
  reading.name = g_string_new (NULL);
  patron_json_scan_init (&reading.scan, text, length);
  GError *failure = NULL;
  PatronTable *table = NULL;
  gboolean fine = read_records (&reading, whole, &failure);
  /* A beginning may end within a record: those before it are the preview. */
  if (!fine && !whole && reading.n_rows > 0 && g_error_matches (failure, PATRON_ERROR, PATRON_ERROR_INPUT))
    {
      g_clear_error (&failure);
      fine = TRUE;
    }
  if (fine)
    table = make_table (&reading, notes, &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  patron_json_scan_clear (&reading.scan);
  g_string_free (reading.name, TRUE);
  g_ptr_array_unref (reading.columns);
  g_ptr_array_unref (reading.names);
  g_hash_table_unref (reading.index);
  return table;
}

static PatronTable *
read_json (gpointer state, gsize max_rows, PatronRun *run, GPtrArray *notes, GError **error)
{
  JsonFile *file = state;
  gboolean all = max_rows == G_MAXSIZE;
  g_autoptr (PatronTextSource) source = patron_text_source_open (file->path, NULL, !all, run, error);
  if (source == NULL)
    return NULL;
  gsize length = 0;
  const char *text = all ? patron_text_source_whole (source, error) : patron_text_source_head (source, &length, error);
  if (text == NULL)
    return NULL;
  if (all)
    length = patron_text_source_size (source);
  gboolean whole = all || (!patron_text_source_is_head (source) && length == patron_text_source_size (source));
  return read_text (file, text, length, whole, max_rows, run, notes, error);
}

const PatronReader patron_reader_json = {
  .id = "json",
  .params = patron_json_params,
  .params_size = sizeof (PatronJsonOptions),
  .recognise = recognise,
  .open = open_json,
  .close = close_json,
  .read = read_json,
};
