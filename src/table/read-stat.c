/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/read-stat.h"

#include <glib/gi18n-lib.h>
#include <readstat.h>
#include <string.h>

#include "base/memory.h"
#include "table/mixed.h"
#include "table/stat-format.h"

/* So many names of variables are told one by one. */
#define MAX_NOTES 100

static const PatronChoice name_choices[] = { { "names", N_("Names of the variables") }, { "labels", N_("Their labels, where there are any") }, { NULL } };

const PatronParam patron_stat_params[] = {
  PATRON_PARAM_CHOICE (PatronStatOptions, names, .label = N_("Column names"), .choices = name_choices, .def = PATRON_STAT_NAMES,
                       .help = N_("Whether columns are called by the short names of the variables or by the labels that explain them.")),
  PATRON_PARAM_BOOL (PatronStatOptions, value_labels, .label = N_("Value labels"), .def = true,
                     .help = N_("Whether coded answers such as 1 and 2 become the words that the file gives for them, where it gives one for every value.")),
  PATRON_PARAM_TEXT (PatronStatOptions, encoding, .label = N_("Encoding"), .def_text = "", .advanced = true,
                     .help = N_("How characters are stored, for old files that do not say it, such as GB18030 or Windows-1252.")),
  PATRON_READER_COLUMN_PARAMS (PatronStatOptions, ""),
  PATRON_PARAM_END
};

typedef readstat_error_t (*Parse) (readstat_parser_t *parser, const char *path, void *user);

typedef struct
{
  const char      *ending;
  const char      *program;
  Parse            parse;
  PatronStatKind (*kind) (const char *format);
} Format;

static const Format formats[] = {
  { "sav", "SPSS", readstat_parse_sav, patron_stat_kind_spss }, { "zsav", "SPSS", readstat_parse_sav, patron_stat_kind_spss },
  { "por", "SPSS", readstat_parse_por, patron_stat_kind_spss }, { "dta", "Stata", readstat_parse_dta, patron_stat_kind_stata },
  { "sas7bdat", "SAS", readstat_parse_sas7bdat, patron_stat_kind_sas }, { "xpt", "SAS", readstat_parse_xport, patron_stat_kind_sas },
};

typedef struct
{
  const PatronStatOptions *options;
  const Format            *format;
  char                    *path;
} StatFile;

/* ---- recognising --------------------------------------------------------------------------------------------- */

static const Format *
find_format (const PatronPlace *place)
{
  static const struct { const char *magic; gsize n; guint format; } marks[] = {
    { "$FL2@", 4, 0 }, { "$FL3@", 4, 1 }, { "<stata_dta>", 11, 3 }, { "HEADER RECORD*******LIB", 23, 5 },
    { "\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60", 16, 4 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (place->n_head >= marks[i].n && memcmp (place->head, marks[i].magic, marks[i].n) == 0)
      return &formats[marks[i].format];
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (strcmp (place->ending, formats[i].ending) == 0)
      return &formats[i];
  return NULL;
}

static int
recognise (const PatronPlace *place)
{
  return !place->is_address && !place->is_folder && find_format (place) != NULL ? PATRON_RECOGNISED_SURELY : PATRON_RECOGNISED_NOT;
}

static gpointer
open_stat (const PatronPlace *place, gconstpointer params, PatronRun *run, GError **error)
{
  const Format *format = find_format (place);
  if (format == NULL)
    {
      g_autofree char *base = g_filename_display_basename (place->name);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is no file of SPSS, Stata or SAS."), base);
      return NULL;
    }
  StatFile *file = g_new0 (StatFile, 1);
  file->options = params;
  file->format = format;
  file->path = g_strdup (place->name);
  return file;
}

static void
close_stat (gpointer state)
{
  StatFile *file = state;
  g_free (file->path);
  g_free (file);
}

/* ---- variables and labels ------------------------------------------------------------------------------------ */

typedef struct
{
  char           *name, *label, *label_set;   /* label_set: name of the set, or NULL */
  PatronStatKind  kind;
  PatronMixed    *values;
  gsize           n_user_missing, n_impossible;
} Variable;

typedef struct
{
  double  key;
  char   *text_key;       /* or NULL */
  char   *label;
} Label;

typedef struct
{
  StatFile   *file;
  GPtrArray  *variables;     /* of Variable* */
  GHashTable *label_sets;    /* name → GPtrArray of Label* */
  gsize       n_rows;
  PatronRun  *run;
  gboolean    cancelled, out_of_memory;
} Reading;

static void
variable_free (gpointer data)
{
  Variable *variable = data;
  g_free (variable->name);
  g_free (variable->label);
  g_free (variable->label_set);
  g_clear_pointer (&variable->values, patron_mixed_free);
  g_free (variable);
}

static void
label_free (gpointer data)
{
  Label *label = data;
  g_free (label->text_key);
  g_free (label->label);
  g_free (label);
}

static int
on_variable (int index, readstat_variable_t *info, const char *label_set, void *user)
{
  Reading *reading = user;
  Variable *variable = g_new0 (Variable, 1);
  const char *label = readstat_variable_get_label (info), *format = readstat_variable_get_format (info);
  variable->name = g_strdup (readstat_variable_get_name (info));
  variable->label = label != NULL && *label != '\0' ? g_utf8_make_valid (label, -1) : NULL;
  variable->label_set = g_strdup (label_set);
  variable->values = patron_mixed_new ();
  if (format != NULL && readstat_variable_get_type_class (info) == READSTAT_TYPE_CLASS_NUMERIC)
    variable->kind = reading->file->format->kind (format);
  g_ptr_array_add (reading->variables, variable);
  return READSTAT_HANDLER_OK;
}

static int
on_label (const char *set, readstat_value_t value, const char *text, void *user)
{
  Reading *reading = user;
  GPtrArray *labels = g_hash_table_lookup (reading->label_sets, set);
  if (labels == NULL)
    {
      labels = g_ptr_array_new_with_free_func (label_free);
      g_hash_table_insert (reading->label_sets, g_strdup (set), labels);
    }
  if (text == NULL || readstat_value_is_tagged_missing (value))
    return READSTAT_HANDLER_OK;
  Label *label = g_new0 (Label, 1);
  label->label = g_utf8_make_valid (text, -1);
  if (readstat_value_type_class (value) == READSTAT_TYPE_CLASS_STRING)
    label->text_key = g_strdup (readstat_string_value (value));
  else
    label->key = readstat_double_value (value);
  g_ptr_array_add (labels, label);
  return READSTAT_HANDLER_OK;
}

/* ---- values -------------------------------------------------------------------------------------------------- */

static void
set_number (Variable *variable, gsize row, double number)
{
  gint64 value;
  if (variable->kind == PATRON_STAT_PLAIN)
    patron_mixed_set_number (variable->values, row, number);
  else if (!patron_stat_kind_value (variable->kind, number, &value))
    variable->n_impossible++;
  else if (patron_stat_kind_type (variable->kind) == PATRON_TYPE_DATE)
    patron_mixed_set_date (variable->values, row, (gint32) value);
  else if (patron_stat_kind_type (variable->kind) == PATRON_TYPE_TIME)
    patron_mixed_set_time (variable->values, row, value);
  else
    patron_mixed_set_duration (variable->values, row, value);
}

static int
on_value (int row, readstat_variable_t *info, readstat_value_t value, void *user)
{
  Reading *reading = user;
  guint index = readstat_variable_get_index (info);
  if (row < 0 || index >= reading->variables->len)
    return READSTAT_HANDLER_ABORT;
  Variable *variable = reading->variables->pdata[index];
  reading->n_rows = MAX (reading->n_rows, (gsize) row + 1);
  if (readstat_value_is_missing (value, info))
    variable->n_user_missing += !readstat_value_is_system_missing (value);
  else if (readstat_value_type_class (value) == READSTAT_TYPE_CLASS_STRING)
    {
      const char *text = readstat_string_value (value);
      if (text != NULL && text[strspn (text, " ")] != '\0')
        patron_mixed_set_text (variable->values, row, text, -1);
    }
  else
    set_number (variable, row, readstat_double_value (value));
  reading->out_of_memory |= index == 0 && row % 4096 == 0 && !patron_mixed_check (variable->values, NULL);
  reading->cancelled |= index == 0 && reading->run != NULL && patron_run_cancelled (reading->run);
  return reading->cancelled || reading->out_of_memory ? READSTAT_HANDLER_ABORT : READSTAT_HANDLER_OK;
}

static int
on_progress (double progress, void *user)
{
  Reading *reading = user;
  if (reading->run != NULL)
    patron_run_progress (reading->run, 0.9 * progress);
  return READSTAT_HANDLER_OK;
}

static gboolean
parse_file (Reading *reading, gsize max_rows, GError **error)
{
  const StatFile *file = reading->file;
  readstat_parser_t *parser = readstat_parser_init ();
  readstat_set_variable_handler (parser, on_variable);
  readstat_set_value_label_handler (parser, on_label);
  readstat_set_value_handler (parser, on_value);
  readstat_set_progress_handler (parser, on_progress);
  if (*file->options->encoding != '\0')
    readstat_set_file_character_encoding (parser, file->options->encoding);
  if (max_rows < G_MAXLONG)
    readstat_set_row_limit (parser, (long) max_rows);
  readstat_error_t status = file->format->parse (parser, file->path, reading);
  readstat_parser_free (parser);
  if (status == READSTAT_OK)
    return TRUE;
  g_autofree char *base = g_filename_display_basename (file->path);
  if (reading->cancelled)
    patron_run_check (reading->run, error);
  else if (reading->out_of_memory)
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory to hold the table."));
  else if (status == READSTAT_ERROR_UNSUPPORTED_CHARSET)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” cannot be read in the encoding “%s”."), base, file->options->encoding);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is no complete file of %s (%s)."), base, file->format->program, readstat_error_message (status));
  return FALSE;
}

/* ---- labels instead of codes --------------------------------------------------------------------------------- */

static int
compare_labels (gconstpointer a, gconstpointer b)
{
  const Label *left = *(const Label *const *) a, *right = *(const Label *const *) b;
  if (left->text_key != NULL && right->text_key != NULL)
    return strcmp (left->text_key, right->text_key);
  return (left->key > right->key) - (left->key < right->key);
}

/* The label of a value: index into labels, or -1. */
static gint32
find_label (const GPtrArray *labels, PatronColumn *column, gconstpointer values, PatronDict *dict, gsize row)
{
  double number = dict != NULL                                                  ? 0
                  : patron_column_get_type (column) == PATRON_TYPE_INTEGER ? (double) ((const gint64 *) values)[row]
                                                                                : ((const double *) values)[row];
  const char *text = dict != NULL ? patron_dict_get (dict, ((const gint32 *) values)[row]) : NULL;
  for (guint i = 0; i < labels->len; i++)
    {
      const Label *label = labels->pdata[i];
      if (text != NULL ? label->text_key != NULL && strcmp (label->text_key, text) == 0 : label->text_key == NULL && label->key == number)
        return (gint32) i;
    }
  return -1;
}

static gboolean
can_be_labelled (PatronColumn *column)
{
  PatronType type = patron_column_get_type (column);
  return type == PATRON_TYPE_INTEGER || type == PATRON_TYPE_NUMBER || patron_column_has_dict (column);
}

/* The column with labels for codes; itself when some value has none. */
static PatronColumn *
with_labels (PatronColumn *column, GPtrArray *labels, GPtrArray *notes, GError **error)
{
  gsize n = patron_column_get_length (column);
  gconstpointer values = patron_column_values (column, error);
  PatronDict *dict = patron_column_has_dict (column) ? patron_column_dict (column, error) : NULL;
  gint32 *codes = values != NULL ? patron_try_alloc (n, sizeof *codes, "column", error) : NULL;
  if (codes == NULL)
    return NULL;
  g_ptr_array_sort (labels, compare_labels);
  gsize n_without = 0;
  for (gsize r = 0; r < n; r++)
    {
      gboolean missing = patron_column_is_missing (column, r);
      codes[r] = missing ? PATRON_CODE_MISSING : find_label (labels, column, values, dict, r);
      n_without += !missing && codes[r] < 0;
    }
  if (n_without > 0)
    {
      patron_free (codes);
      g_ptr_array_add (notes, patron_text (N_("{column}: {n} {n|value has|values have} no label, so the codes were kept."), "column",
                                           PATRON_STRING (patron_column_get_name (column)), "n", PATRON_COUNT (n_without), NULL));
      return patron_column_ref (column);
    }
  PatronDictBuilder *builder = patron_dict_builder_new ();
  g_autofree gint32 *map = g_new (gint32, labels->len + 1);
  for (guint i = 0; i < labels->len; i++)
    map[i] = patron_dict_builder_add (builder, ((const Label *) labels->pdata[i])->label, -1);
  for (gsize r = 0; r < n; r++)
    codes[r] = codes[r] >= 0 ? map[codes[r]] : PATRON_CODE_MISSING;
  return patron_column_new_take (patron_column_get_name (column), PATRON_TYPE_CATEGORY, n, codes, patron_dict_builder_finish (builder));
}

/* ---- the table ----------------------------------------------------------------------------------------------- */

static void
say_variable (const Variable *variable, const char *name, guint index, GPtrArray *notes)
{
  if (variable->label != NULL && strcmp (variable->label, name) != 0 && index < MAX_NOTES)
    g_ptr_array_add (notes, patron_text (N_("{column} is “{label}”."), "column", PATRON_STRING (name), "label", PATRON_STRING (variable->label), NULL));
  if (variable->n_user_missing > 0)
    g_ptr_array_add (notes, patron_text (N_("{column}: {n} {n|value is|values are} missing because the file declares {n|its code|their codes} so."), "column", PATRON_STRING (name),
                                         "n", PATRON_COUNT (variable->n_user_missing), NULL));
  if (variable->n_impossible > 0)
    g_ptr_array_add (notes, patron_text (N_("{column}: {n} {n|number is|numbers are} no date and {n|is|are} missing."), "column", PATRON_STRING (name), "n",
                                         PATRON_COUNT (variable->n_impossible), NULL));
}

static PatronColumn *
finish_variable (Reading *reading, Variable *variable, const char *name, GPtrArray *notes, GError **error)
{
  const PatronMixedRules rules = { .type = patron_stat_kind_type (variable->kind), .keep_texts = TRUE };
  g_autoptr (PatronColumn) column = patron_mixed_finish (g_steal_pointer (&variable->values), name, reading->n_rows, &rules, notes, error);
  GPtrArray *labels = variable->label_set != NULL ? g_hash_table_lookup (reading->label_sets, variable->label_set) : NULL;
  if (column == NULL || labels == NULL || labels->len == 0 || !reading->file->options->value_labels || !can_be_labelled (column))
    return g_steal_pointer (&column);
  return with_labels (column, labels, notes, error);
}

static char *
title_of (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  char *dot = strrchr (base + 1, '.');
  if (dot != NULL)
    *dot = '\0';
  return g_utf8_make_valid (base, -1);
}

static PatronTable *
make_table (Reading *reading, GPtrArray *notes, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_autofree const char **wishes = g_new0 (const char *, reading->variables->len + 1);
  gboolean by_label = reading->file->options->names == PATRON_STAT_LABELS;
  for (guint i = 0; i < reading->variables->len; i++)
    {
      const Variable *variable = reading->variables->pdata[i];
      wishes[i] = by_label && variable->label != NULL ? variable->label : variable->name;
    }
  g_auto (GStrv) names = patron_column_names_unique (wishes, reading->variables->len);
  for (guint i = 0; i < reading->variables->len; i++)
    {
      PatronColumn *column = finish_variable (reading, reading->variables->pdata[i], names[i], notes, error);
      if (column == NULL)
        return NULL;
      g_ptr_array_add (columns, column);
      say_variable (reading->variables->pdata[i], names[i], i, notes);
    }
  g_autofree char *title = title_of (reading->file->path);
  return patron_table_new_take (title, g_steal_pointer (&columns));
}

static PatronTable *
read_stat (gpointer state, gsize max_rows, PatronRun *run, GPtrArray *notes, GError **error)
{
  Reading reading = { .file = state, .run = run };
  reading.variables = g_ptr_array_new_with_free_func (variable_free);
  reading.label_sets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  PatronTable *table = parse_file (&reading, max_rows, error) ? make_table (&reading, notes, error) : NULL;
  g_ptr_array_unref (reading.variables);
  g_hash_table_unref (reading.label_sets);
  return table;
}

const PatronReader patron_reader_stat = {
  .id = "statistics-file",
  .params = patron_stat_params,
  .sure_types = true,
  .params_size = sizeof (PatronStatOptions),
  .recognise = recognise,
  .open = open_stat,
  .close = close_stat,
  .read = read_stat,
};
