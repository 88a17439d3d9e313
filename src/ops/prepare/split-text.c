/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "ops/prepare/columns.h"
#include "report/report.h"
#include "table/column-derive.h"
#include "table/text-edit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum { BY_DELIMITER, BY_PATTERN, BY_WIDTHS } SplitBy;

enum { MAX_PARTS = 50 };

typedef struct
{
  char column[PATRON_COLUMN_SIZE];
  int  by;
  char delimiter[64];
  char pattern[1024];
  char widths[512];
  int  part;
  int  most;
  char names[PATRON_COLUMNS_SIZE];
  bool trim;
  bool keep;
} SplitParams;

static const PatronChoice ways[] = {
  { "delimiter", N_("A separator") },
  { "pattern", N_("A regular expression") },
  { "widths", N_("Fixed widths") },
  { NULL },
};

static gboolean by_delimiter (gconstpointer params) { return ((const SplitParams *) params)->by == BY_DELIMITER; }
static gboolean by_pattern (gconstpointer params) { return ((const SplitParams *) params)->by == BY_PATTERN; }
static gboolean by_widths (gconstpointer params) { return ((const SplitParams *) params)->by == BY_WIDTHS; }
static gboolean into_all (gconstpointer params) { return by_delimiter (params) && ((const SplitParams *) params)->part == PATRON_AUTO_INT; }

static const PatronParam split_params[] = {
  PATRON_PARAM_COLUMN (SplitParams, column, .label = N_("Column"), .help = N_("The texts to take apart."),
                       .accepts = PATRON_ACCEPT_CATEGORY | PATRON_ACCEPT_TEXT),
  PATRON_PARAM_CHOICE (SplitParams, by, .label = N_("Split by"), .choices = ways, .def = BY_DELIMITER, .help = N_("What tells the parts apart.")),
  PATRON_PARAM_TEXT (SplitParams, delimiter, .label = N_("Separator"), .def_text = ",", .relevant = by_delimiter,
                     .help = N_("What stands between the parts, one character or more. \\t is a tabulator, \\s a blank.")),
  PATRON_PARAM_TEXT (SplitParams, pattern, .label = N_("Regular expression"), .def_text = "", .relevant = by_pattern,
                     .help = N_("Each part in brackets becomes a column: ([A-Z]+)-([0-9]+). A text that does not match gives missing values.")),
  PATRON_PARAM_TEXT (SplitParams, widths, .label = N_("Widths"), .def_text = "", .relevant = by_widths,
                     .help = N_("The number of characters of each part: 2;4;3. What is left over makes one more part.")),
  PATRON_PARAM_INT (SplitParams, part, .label = N_("Only this part"), .def = PATRON_AUTO, .min = -MAX_PARTS, .max = MAX_PARTS, .low = 1, .high = 5,
                    .automatic = N_("all parts"), .help = N_("2 takes the second part only, -1 the last.")),
  PATRON_PARAM_INT (SplitParams, most, .label = N_("Most parts"), .def = 10, .min = 1, .max = MAX_PARTS, .low = 2, .high = 10, .advanced = true,
                    .relevant = into_all, .help = N_("A text with more parts keeps the rest of it in the last one.")),
  PATRON_PARAM_TEXT (SplitParams, names, .label = N_("Names of the new columns"), .def_text = "",
                     .help = N_("Separated by semicolons; their number is then the number of parts. Empty: the column's name and 1, 2, 3 …")),
  PATRON_PARAM_BOOL (SplitParams, trim, .label = N_("Remove blanks around parts"), .def = true, .advanced = true,
                     .help = N_("Blanks at the ends of a part do not belong to it.")),
  PATRON_PARAM_BOOL (SplitParams, keep, .label = N_("Keep the column"), .def = true, .advanced = true,
                     .help = N_("Otherwise the column that was split is left out.")),
  PATRON_PARAM_END
};

/* ---- taking one text apart -------------------------------------------------------------------------------------------------- */

typedef struct
{
  const SplitParams *params;
  char              *delimiter;
  GRegex            *regex;
  GArray            *widths;      /* of int */
  guint              n_columns;   /* parts that become columns */
  guint              most;        /* parts a text is cut into; the last takes the rest */
} Splitter;

static void
splitter_clear (Splitter *splitter)
{
  g_free (splitter->delimiter);
  g_clear_pointer (&splitter->regex, g_regex_unref);
  g_clear_pointer (&splitter->widths, g_array_unref);
}

static GPtrArray *
split_by_delimiter (const Splitter *splitter, const char *text)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  gsize length = strlen (splitter->delimiter);
  const char *found;
  while (parts->len + 1 < splitter->most && (found = strstr (text, splitter->delimiter)) != NULL)
    {
      g_ptr_array_add (parts, g_strndup (text, found - text));
      text = found + length;
    }
  g_ptr_array_add (parts, g_strdup (text));
  return parts;
}

static GPtrArray *
split_by_widths (const Splitter *splitter, const char *text)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < splitter->widths->len && *text != '\0'; i++)
    {
      char *part = patron_text_substring (text, 1, g_array_index (splitter->widths, int, i));
      text += strlen (part);
      g_ptr_array_add (parts, part);
    }
  if (*text != '\0')
    g_ptr_array_add (parts, g_strdup (text));
  return parts;
}

/* FALSE with error when the pattern takes too many steps. */
static gboolean
split_by_pattern (const Splitter *splitter, const char *text, GPtrArray **parts, GError **error)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GError) failure = NULL;
  int groups = g_regex_get_capture_count (splitter->regex);
  *parts = g_ptr_array_new_with_free_func (g_free);
  gboolean found = g_regex_match_full (splitter->regex, text, -1, 0, 0, &match, &failure);
  if (failure != NULL)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                   _("Regular expression: “%s” takes too many steps on the text “%.60s”; expected a simpler one."), splitter->params->pattern, text);
      return FALSE;
    }
  for (int g = MIN (groups, 1); found && g <= groups; g++)
    {
      int begin = -1, end = -1;
      gboolean there = g_match_info_fetch_pos (match, g, &begin, &end) && begin >= 0;
      g_ptr_array_add (*parts, there ? g_strndup (text + begin, end - begin) : NULL);
    }
  return TRUE;
}

/* Trimmed; what is empty, or is not there, is NULL. */
static gboolean
split_text (const Splitter *splitter, const char *text, GPtrArray **parts, GError **error)
{
  if (splitter->params->by == BY_PATTERN)
    {
      if (!split_by_pattern (splitter, text, parts, error))
        return FALSE;
    }
  else
    *parts = splitter->params->by == BY_DELIMITER ? split_by_delimiter (splitter, text) : split_by_widths (splitter, text);
  for (guint i = 0; i < (*parts)->len; i++)
    {
      char *part = (*parts)->pdata[i];
      if (part != NULL && splitter->params->trim)
        {
          (*parts)->pdata[i] = patron_text_trim (part);
          g_free (part);
          part = (*parts)->pdata[i];
        }
      if (part != NULL && *part == '\0')
        {
          g_free (part);
          (*parts)->pdata[i] = NULL;
        }
    }
  return TRUE;
}

/* The part for column c of the new ones, borrowed; NULL when there is none. */
static const char *
part_for (const Splitter *splitter, const GPtrArray *parts, guint c)
{
  int part = splitter->params->part;
  gint64 at = part == PATRON_AUTO_INT ? (gint64) c : part > 0 ? part - 1 : (gint64) parts->len + part;
  return at >= 0 && at < parts->len ? parts->pdata[at] : NULL;
}

/* ---- settings --------------------------------------------------------------------------------------------------------------- */

static gboolean
read_widths (Splitter *splitter, GError **error)
{
  g_auto (GStrv) texts = patron_names_split (splitter->params->widths);
  splitter->widths = g_array_new (FALSE, FALSE, sizeof (int));
  for (char **text = texts; *text != NULL; text++)
    {
      gint64 width;
      if (!g_ascii_string_to_signed (*text, 10, 1, 10000, &width, NULL))
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Widths: expected whole numbers from 1 to 10000 such as 2;4;3, but found “%s”."),
                       *text);
          return FALSE;
        }
      int as_int = (int) width;
      g_array_append_val (splitter->widths, as_int);
    }
  if (splitter->widths->len > 0 && splitter->widths->len < MAX_PARTS)
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Widths: expected 1 to %d whole numbers such as 2;4;3, but there are %u."),
               MAX_PARTS - 1, splitter->widths->len);
  return FALSE;
}

static gboolean
splitter_init (Splitter *splitter, const SplitParams *params, guint n_names, GError **error)
{
  *splitter = (Splitter) { .params = params, .most = params->part != PATRON_AUTO_INT ? G_MAXUINT : n_names > 0 ? n_names : (guint) params->most };
  if (params->part == 0)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Only this part: parts are counted from 1, or from the end with -1; found 0."));
  else if (params->by == BY_WIDTHS)
    return read_widths (splitter, error);
  else if (params->by == BY_PATTERN)
    {
      splitter->regex = *params->pattern != '\0' ? patron_regex_new (params->pattern, FALSE, error) : NULL;
      if (*params->pattern == '\0')
        g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Regular expression: expected one such as ([A-Z]+)-([0-9]+), but it is empty."));
      if (splitter->regex != NULL && g_regex_get_capture_count (splitter->regex) > MAX_PARTS)
        g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Regular expression: expected at most %d parts in brackets, but “%s” has %d."),
                     MAX_PARTS, params->pattern, g_regex_get_capture_count (splitter->regex));
      else
        return splitter->regex != NULL;
    }
  else
    {
      g_autofree char *tabs = patron_text_replace (params->delimiter, "\\t", "\t");
      splitter->delimiter = patron_text_replace (tabs, "\\s", " ");
      if (*splitter->delimiter != '\0')
        return TRUE;
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Separator: expected at least one character, but it is empty."));
    }
  return FALSE;
}

static char *
split_check (const PatronInput *input, gconstpointer params)
{
  const SplitParams *split = params;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = patron_names_split (split->names);
  Splitter splitter;
  gboolean ok = splitter_init (&splitter, split, g_strv_length (names), &error);
  splitter_clear (&splitter);
  if (!ok)
    return g_strdup (error->message);
  if (g_strv_length (names) > MAX_PARTS)
    return g_strdup_printf (_("Names of the new columns: expected at most %d, but there are %u."), MAX_PARTS, g_strv_length (names));
  if (split->part != PATRON_AUTO_INT && g_strv_length (names) > 1)
    return g_strdup_printf (_("Names of the new columns: expected one name for one part, but there are %u."), g_strv_length (names));
  return NULL;
}

/* ---- the step ------------------------------------------------------------------------------------------------------------------ */

/* How many columns the texts that some row holds make, and how many rows have more parts than columns. */
static gboolean
count_parts (Splitter *splitter, const PatronDict *dict, const guint64 *counts, guint n_names, guint64 *n_more, PatronRun *run, GError **error)
{
  guint widest = 1;
  *n_more = 0;
  splitter->n_columns = splitter->params->part != PATRON_AUTO_INT ? 1 : n_names;
  for (gsize i = 0; i < patron_dict_size (dict); i++)
    {
      g_autoptr (GPtrArray) parts = NULL;
      if (counts[i] == 0)
        continue;
      if (!split_text (splitter, patron_dict_get (dict, (gint32) i), &parts, error) || (i % 4096 == 0 && !patron_run_check (run, error)))
        return FALSE;
      widest = MAX (widest, parts->len);
      if (splitter->params->part == PATRON_AUTO_INT && n_names > 0 && parts->len > n_names)
        *n_more += counts[i];
    }
  if (splitter->n_columns == 0)
    splitter->n_columns = MIN (widest, MAX_PARTS);
  return TRUE;
}

/* Maps from the texts to those of the new columns. */
static gboolean
make_maps (const Splitter *splitter, const PatronDict *dict, gint32 **maps, PatronDictBuilder **builders, GError **error)
{
  for (gsize i = 0; i < patron_dict_size (dict); i++)
    {
      g_autoptr (GPtrArray) parts = NULL;
      if (!split_text (splitter, patron_dict_get (dict, (gint32) i), &parts, error))
        return FALSE;
      for (guint c = 0; c < splitter->n_columns; c++)
        {
          const char *part = part_for (splitter, parts, c);
          maps[c][i] = part != NULL ? patron_dict_builder_add (builders[c], part, -1) : PATRON_CODE_MISSING;
        }
    }
  return TRUE;
}

static gboolean
make_columns (const Splitter *splitter, PatronColumn *column, char **names, PatronTable **table, PatronRun *run, GError **error)
{
  PatronDict *dict = patron_column_dict (column, error);
  gint32 *maps[MAX_PARTS + 1] = { NULL };
  PatronDictBuilder *builders[MAX_PARTS + 1] = { NULL };
  gboolean ok = TRUE;
  for (guint c = 0; ok && c < splitter->n_columns; c++)
    {
      maps[c] = patron_try_alloc_values (patron_dict_size (dict), sizeof (gint32), patron_column_get_name (column), error);
      builders[c] = patron_dict_builder_new ();
      ok = maps[c] != NULL;
    }
  ok = ok && make_maps (splitter, dict, maps, builders, error);
  for (guint c = 0; c < splitter->n_columns; c++)
    {
      g_autofree char *numbered =
          g_strdup_printf ("%s %u", patron_column_get_name (column), splitter->params->part > 0 ? (guint) splitter->params->part : c + 1);
      g_autofree char *name = *names != NULL ? g_strdup (*names++) : patron_prepare_free_name (*table, numbered);
      PatronDict *parts = ok ? patron_dict_builder_finish (g_steal_pointer (&builders[c])) : NULL;
      PatronColumn *made =
          parts != NULL ? patron_column_look_up (column, name, patron_column_get_type (column), parts, g_steal_pointer (&maps[c]), run, error) : NULL;
      ok = made != NULL;
      if (ok)
        patron_prepare_put (table, made);
      g_clear_pointer (&builders[c], patron_dict_builder_free);
      patron_free (maps[c]);
    }
  if (!ok && error != NULL && *error == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory for the parts of column “%s”."),
                 patron_column_get_name (column));
  return ok;
}

static PatronTable *
split_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const SplitParams *split = params;
  g_autoptr (PatronTable) table = patron_table_ref (input->table);
  PatronColumn *column = patron_table_find (input->table, split->column);
  g_auto (GStrv) names = patron_names_split (split->names);
  PatronDict *dict = patron_column_dict (column, error);
  guint64 *counts = dict != NULL ? patron_column_count_codes (column, run, error) : NULL, n_more = 0;
  Splitter splitter = { NULL };
  gboolean ok = counts != NULL && splitter_init (&splitter, split, g_strv_length (names), error)
                && count_parts (&splitter, dict, counts, g_strv_length (names), &n_more, run, error)
                && make_columns (&splitter, column, names, &table, run, error);
  if (ok)
    patron_report_add_note (report, patron_text (N_("{column} gave {n} new {n|column|columns}."), "column", PATRON_STRING (split->column), "n",
                                                 PATRON_COUNT (splitter.n_columns), NULL));
  if (ok && n_more > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|row has|rows have} more parts than there are names; the parts too many are left out."),
                                                 "n", PATRON_COUNT (n_more), NULL));
  if (ok && !split->keep && g_strv_length (names) > 0 && g_strv_contains ((const char *const *) names, split->column))
    ok = TRUE;   /* a part took the column's place */
  else if (ok && !split->keep)
    patron_prepare_drop (&table, split->column);
  splitter_clear (&splitter);
  patron_free (counts);
  return ok ? g_steal_pointer (&table) : NULL;
}

static PatronText *
split_sentence (gconstpointer params)
{
  const SplitParams *split = params;
  if (split->part != PATRON_AUTO_INT)
    return patron_text (N_("Take part {k} of {column}"), "k", PATRON_EXACT (split->part), "column", PATRON_STRING (split->column), NULL);
  if (split->by == BY_DELIMITER)
    return patron_text (N_("Split {column} at “{delimiter}”"), "column", PATRON_STRING (split->column), "delimiter",
                        PATRON_STRING (split->delimiter), NULL);
  return patron_text (split->by == BY_PATTERN ? N_("Split {column} by a regular expression") : N_("Split {column} by widths"), "column",
                      PATRON_STRING (split->column), NULL);
}

static const PatronPrepare split_prepare = { .rows = PATRON_ROWS_KEPT, .apply = split_apply, .sentence = split_sentence };

extern const PatronOp patron_op_split_text;
const PatronOp patron_op_split_text = {
  .id = "split-text",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Split texts"),
  .question = N_("How do I get the parts of a text into columns of their own?"),
  .summary = N_("Takes texts apart at a separator, by a regular expression or by fixed widths."),
  .help = N_("“Lyon, France” becomes “Lyon” and “France” at a comma; a code like EU-1234 becomes letters and digits by the regular expression "
             "([A-Z]+)-([0-9]+); 20240115 becomes "
             "year, month and day by the widths 4;2;2. Parts that are not there, or are empty, are missing.\n\nName the new columns when a model or "
             "another file is to follow: without names "
             "their number depends on the texts."),
  .reference = "—",
  .params = split_params,
  .params_size = sizeof (SplitParams),
  .example = "column=region\nby=widths\nwidths=1\nnames=initial;rest",
  .icon = "view-dual-symbolic",
  .check = split_check,
  .prepare = &split_prepare,
};
