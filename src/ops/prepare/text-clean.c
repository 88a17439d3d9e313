/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "ops/prepare/columns.h"
#include "report/report.h"
#include "table/column-derive.h"
#include "table/text-edit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum { CASE_KEEP, CASE_LOWER, CASE_UPPER, CASE_PROPER } LetterCase;

typedef struct
{
  char columns[PATRON_COLUMNS_SIZE];
  bool squeeze;
  int  letters;
  bool half_width;
  bool accents;
  bool punctuation;
  bool empty;
} CleanParams;

static const PatronChoice cases[] = {
  { "keep", N_("As they are") },
  { "lower", N_("Small letters") },
  { "upper", N_("Capitals") },
  { "proper", N_("A capital for each word") },
  { NULL },
};

static const PatronParam clean_params[] = {
  PATRON_PARAM_COLUMNS (CleanParams, columns, .label = N_("Columns"), .help = N_("Columns of texts or categories."),
                        .accepts = PATRON_ACCEPT_CATEGORY | PATRON_ACCEPT_TEXT),
  PATRON_PARAM_BOOL (CleanParams, squeeze, .label = N_("Remove needless blanks"), .def = true,
                     .help = N_("Blanks at the ends go, and several in a row become one.")),
  PATRON_PARAM_CHOICE (CleanParams, letters, .label = N_("Letters"), .choices = cases, .def = CASE_KEEP,
                       .help = N_("Brings all texts to the same kind of letters.")),
  PATRON_PARAM_BOOL (CleanParams, half_width, .label = N_("Full width to plain"), .def = true,
                     .help = N_("Full-width letters, digits and signs, as typed on Chinese and Japanese keyboards, become plain ones.")),
  PATRON_PARAM_BOOL (CleanParams, accents, .label = N_("Remove accents"), .def = false, .advanced = true, .help = N_("é becomes e, ü becomes u.")),
  PATRON_PARAM_BOOL (CleanParams, punctuation, .label = N_("Remove punctuation"), .def = false, .advanced = true,
                     .help = N_("Full stops, commas, brackets, dashes and other signs go.")),
  PATRON_PARAM_BOOL (CleanParams, empty, .label = N_("Empty texts are missing"), .def = true, .advanced = true,
                     .help = N_("A text of which nothing remains becomes missing.")),
  PATRON_PARAM_END
};

static void
replace (char **text, char *with)
{
  g_free (*text);
  *text = with;
}

static char *
clean_text (const CleanParams *clean, const char *text)
{
  char *result = g_strdup (text);
  if (clean->half_width)
    replace (&result, patron_text_half_width (result));
  if (clean->accents)
    replace (&result, patron_text_no_accents (result));
  if (clean->punctuation)
    replace (&result, patron_text_no_punctuation (result));
  if (clean->squeeze)
    replace (&result, patron_text_squeeze (result));
  if (clean->letters != CASE_KEEP)
    replace (&result, clean->letters == CASE_LOWER   ? g_utf8_strdown (result, -1)
                      : clean->letters == CASE_UPPER ? g_utf8_strup (result, -1)
                                                     : patron_text_proper (result));
  return result;
}

/* What happened to a column. */
typedef struct
{
  gsize   values_before, values_after;   /* different ones that some row holds */
  guint64 n_changed, n_missing;          /* rows */
} Cleaning;

static PatronColumn *
clean_column (const CleanParams *clean, PatronColumn *column, Cleaning *cleaning, PatronRun *run, GError **error)
{
  const char *name = patron_column_get_name (column);
  PatronDict *dict = patron_column_dict (column, error);
  guint64 *counts = dict != NULL ? patron_column_count_codes (column, run, error) : NULL;
  gint32 *map = counts != NULL ? patron_try_alloc_values (patron_dict_size (dict), sizeof *map, name, error) : NULL;
  g_autoptr (PatronDictBuilder) builder = patron_dict_builder_new ();
  gboolean ok = map != NULL;
  *cleaning = (Cleaning) { 0 };
  for (gsize i = 0; ok && i < patron_dict_size (dict); i++)
    {
      const char *before = patron_dict_get (dict, (gint32) i);
      g_autofree char *after = clean_text (clean, before);
      gboolean missing = clean->empty && *after == '\0';
      /* A text that no row holds leaves no trace. */
      map[i] = missing || counts[i] == 0 ? PATRON_CODE_MISSING : patron_dict_builder_add (builder, after, -1);
      cleaning->values_before += counts[i] > 0;
      cleaning->n_changed += strcmp (before, after) != 0 ? counts[i] : 0;
      cleaning->n_missing += missing ? counts[i] : 0;
      ok = missing || counts[i] == 0 || map[i] >= 0;
      if (ok && i % 4096 == 0)
        ok = patron_run_check (run, error);
    }
  patron_free (counts);
  cleaning->values_after = patron_dict_builder_size (builder);
  PatronDict *cleaned = ok ? patron_dict_builder_finish (g_steal_pointer (&builder)) : NULL;
  if (cleaned != NULL)
    return patron_column_look_up (column, name, patron_column_get_type (column), cleaned, map, run, error);
  patron_free (map);
  if (error != NULL && *error == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory for the new values of column “%s”."), name);
  return NULL;
}

static PatronTable *
clean_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const CleanParams *clean = params;
  g_auto (GStrv) names = patron_names_split (clean->columns);
  g_autoptr (PatronTable) table = patron_table_ref (input->table);
  PatronReportTable *list = patron_report_add_table (report, "texts", patron_text (N_("Texts cleaned"), NULL));
  patron_report_table_add_column (list, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (list, "changed", patron_text (N_("Rows changed"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (list, "before", patron_text (N_("Different values before"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (list, "after", patron_text (N_("Different values after"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (list, "missing", patron_text (N_("Became missing"), NULL), PATRON_FORMAT_COUNT);
  guint64 changed = 0;
  for (char **name = names; *name != NULL; name++)
    {
      Cleaning cleaning;
      PatronColumn *cleaned = clean_column (clean, patron_table_find (table, *name), &cleaning, run, error);
      if (cleaned == NULL)
        return NULL;
      patron_report_table_add_row (list);
      patron_report_table_add_string (list, *name);
      patron_report_table_add_number (list, (double) cleaning.n_changed);
      patron_report_table_add_number (list, (double) cleaning.values_before);
      patron_report_table_add_number (list, (double) cleaning.values_after);
      patron_report_table_add_number (list, (double) cleaning.n_missing);
      if (cleaning.values_after < cleaning.values_before)
        patron_report_add_note (report, patron_text (N_("{column}: {before} different {before|value has|values have} become {after}."), "column",
                                                     PATRON_STRING (*name), "before", PATRON_COUNT (cleaning.values_before), "after",
                                                     PATRON_COUNT (cleaning.values_after), NULL));
      changed += cleaning.n_changed;
      patron_prepare_put (&table, cleaned);
    }
  patron_report_add_note (report, patron_text (N_("{n} {n|value has|values have} changed."), "n", PATRON_COUNT (changed), NULL));
  return g_steal_pointer (&table);
}

static PatronText *
clean_sentence (gconstpointer params)
{
  g_autofree char *list = patron_prepare_short_list (((const CleanParams *) params)->columns);
  return patron_text (N_("Clean the texts of {columns}"), "columns", PATRON_STRING (list), NULL);
}

static const PatronPrepare clean_prepare = { .rows = PATRON_ROWS_KEPT, .apply = clean_apply, .sentence = clean_sentence };

extern const PatronOp patron_op_text_clean;
const PatronOp patron_op_text_clean = {
  .id = "text-clean",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Clean texts"),
  .question = N_("How do I make the same things look the same?"),
  .summary = N_("Brings texts to one form: blanks, letters, widths, accents, signs."),
  .help = N_("“ Paris”, “PARIS” and “Paris ” are three towns to a computer. This step brings texts to one form, and the report says how many "
             "different values became how many.\n\n"
             "Each distinct text is cleaned once, so that long tables take no longer than short ones."),
  .reference = "—",
  .params = clean_params,
  .params_size = sizeof (CleanParams),
  .example = "columns=region;product\nletters=lower",
  .icon = "edit-clear-all-symbolic",
  .prepare = &clean_prepare,
};
