/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "ops/prepare/columns.h"
#include "ops/prepare/intervals.h"
#include "report/report.h"
#include "table/column-derive.h"
#include "table/text-edit.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  char columns[PATRON_COLUMNS_SIZE];
  char codes[4096];
  bool ignore_case;
} CodesParams;

static const PatronParam codes_params[] = {
  PATRON_PARAM_COLUMNS (CodesParams, columns, .label = N_("Columns"), .help = N_("The columns in which these values stand for nothing.")),
  PATRON_PARAM_TEXT (CodesParams, codes, .label = N_("Values that mean missing"), .def_text = "",
                     .help = N_("Separated by semicolons: 999; -1; N/A. For numbers and dates also ranges: 900..999, <0, 1900-01-01.")),
  PATRON_PARAM_BOOL (CodesParams, ignore_case, .label = N_("Ignore case and blanks"), .def = true, .advanced = true,
                     .help = N_("Texts count also when they are written in other letters (n/a) or with blanks around them.")),
  PATRON_PARAM_END
};

/* ---- numbers, dates -------------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronType type;
  guint      n;
  PatronInterval ranges[];
} Ranges;

static gboolean
holds (const Ranges *ranges, double value)
{
  for (guint r = 0; r < ranges->n; r++)
    if (patron_interval_holds (ranges->ranges + r, value))
      return TRUE;
  return FALSE;
}

static void
blank_values (gconstpointer in, gsize n, gpointer out, gconstpointer data)
{
  const Ranges *ranges = data;
  memcpy (out, in, n * patron_type_size (ranges->type));
  for (gsize i = 0; i < n; i++)
    switch (ranges->type)
      {
      case PATRON_TYPE_NUMBER:
        if (holds (ranges, ((double *) out)[i]))
          ((double *) out)[i] = NAN;
        break;
      case PATRON_TYPE_BOOLEAN:
        if (((guint8 *) out)[i] != PATRON_BOOLEAN_MISSING && holds (ranges, ((guint8 *) out)[i]))
          ((guint8 *) out)[i] = PATRON_BOOLEAN_MISSING;
        break;
      case PATRON_TYPE_DATE:
        if (((gint32 *) out)[i] != PATRON_DATE_MISSING && holds (ranges, ((gint32 *) out)[i]))
          ((gint32 *) out)[i] = PATRON_DATE_MISSING;
        break;
      default:
        {
          gint64 value = ((gint64 *) out)[i];
          double unit = ranges->type == PATRON_TYPE_INTEGER ? 1 : G_USEC_PER_SEC;
          if (value != PATRON_INTEGER_MISSING && holds (ranges, (double) value / unit))
            ((gint64 *) out)[i] = PATRON_INTEGER_MISSING;
        }
      }
}

static Ranges *
read_ranges (PatronColumn *column, const char *const *codes, GError **error)
{
  guint n = g_strv_length ((char **) codes);
  g_autofree Ranges *ranges = g_malloc0 (sizeof (Ranges) + n * sizeof (PatronInterval));
  ranges->type = patron_column_get_type (column);
  ranges->n = n;
  for (guint r = 0; r < n; r++)
    if (!patron_interval_parse (codes[r], ranges->type, ranges->ranges + r))
      {
        g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Values that mean missing: column “%s” expects %s, but found “%s”."),
                     patron_column_get_name (column), patron_interval_expected (ranges->type), codes[r]);
        return NULL;
      }
  return g_steal_pointer (&ranges);
}

/* ---- texts ------------------------------------------------------------------------------------------------------------- */

static char *
fold (const char *text, gboolean ignore_case)
{
  if (!ignore_case)
    return g_strdup (text);
  g_autofree char *plain = patron_text_trim (text);
  return g_utf8_casefold (plain, -1);
}

static PatronColumn *
blank_texts (PatronColumn *column, const char *const *codes, gboolean ignore_case, PatronRun *run, GError **error)
{
  PatronDict *dict = patron_column_dict (column, error);
  gint32 *map = dict != NULL ? patron_try_alloc_values (patron_dict_size (dict), sizeof *map, patron_column_get_name (column), error) : NULL;
  if (map == NULL)
    return NULL;
  g_autoptr (GHashTable) wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (; *codes != NULL; codes++)
    g_hash_table_add (wanted, fold (*codes, ignore_case));
  for (gsize i = 0; i < patron_dict_size (dict); i++)
    {
      g_autofree char *text = fold (patron_dict_get (dict, (gint32) i), ignore_case);
      map[i] = g_hash_table_contains (wanted, text) ? PATRON_CODE_MISSING : (gint32) i;
    }
  return patron_column_look_up (column, patron_column_get_name (column), patron_column_get_type (column), patron_dict_ref (dict), map, run, error);
}

/* ---- the step ---------------------------------------------------------------------------------------------------------- */

static char *
codes_check (const PatronInput *input, gconstpointer params)
{
  const CodesParams *missing = params;
  g_auto (GStrv) names = patron_names_split (missing->columns);
  g_auto (GStrv) codes = patron_names_split (missing->codes);
  if (*codes == NULL)
    return g_strdup (_("Values that mean missing: expected at least one, such as 999."));
  for (char **name = names; *name != NULL; name++)
    {
      g_autoptr (GError) error = NULL;
      PatronColumn *column = patron_table_find (input->table, *name);
      g_autofree Ranges *ranges =
          column != NULL && !patron_column_has_dict (column) ? read_ranges (column, (const char *const *) codes, &error) : NULL;
      if (error != NULL)
        return g_strdup (error->message);
    }
  return NULL;
}

static PatronColumn *
blank_column (PatronColumn *column, const char *const *codes, gboolean ignore_case, PatronRun *run, GError **error)
{
  if (patron_column_has_dict (column))
    return blank_texts (column, codes, ignore_case, run, error);
  Ranges *ranges = read_ranges (column, codes, error);
  return ranges != NULL ? patron_column_derive (column, patron_column_get_name (column), ranges->type, NULL, blank_values, ranges, g_free, run, error)
                        : NULL;
}

static PatronTable *
codes_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const CodesParams *missing = params;
  g_auto (GStrv) names = patron_names_split (missing->columns);
  g_auto (GStrv) codes = patron_names_split (missing->codes);
  g_autoptr (PatronTable) table = patron_table_ref (input->table);
  gsize all = 0;
  PatronReportTable *list = patron_report_add_table (report, "codes", patron_text (N_("Values that became missing"), NULL));
  patron_report_table_add_column (list, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (list, "n", patron_text (N_("Became missing"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (list, "missing", patron_text (N_("Missing now"), NULL), PATRON_FORMAT_COUNT);
  for (char **name = names; *name != NULL; name++)
    {
      PatronColumn *column = patron_table_find (table, *name);
      gsize before, after;
      g_autoptr (PatronColumn) plain = blank_column (column, (const char *const *) codes, missing->ignore_case, run, error);
      const char *unit = patron_column_get_unit (column);
      if (plain == NULL || !patron_column_count_missing (column, &before, error) || !patron_column_count_missing (plain, &after, error))
        return NULL;
      patron_report_table_add_row (list);
      patron_report_table_add_string (list, *name);
      patron_report_table_add_number (list, (double) (after - before));
      patron_report_table_add_number (list, (double) after);
      all += after - before;
      patron_prepare_put (&table, unit != NULL ? patron_column_with_unit (plain, unit) : patron_column_ref (plain));
    }
  patron_report_add_note (report, patron_text (N_("{n} {n|value has|values have} become missing."), "n", PATRON_COUNT (all), NULL));
  return g_steal_pointer (&table);
}

static PatronText *
codes_sentence (gconstpointer params)
{
  const CodesParams *missing = params;
  g_autofree char *columns = patron_prepare_short_list (missing->columns);
  g_autofree char *codes = patron_prepare_short_list (missing->codes);
  return patron_text (N_("Take {codes} in {columns} as missing"), "codes", PATRON_STRING (codes), "columns", PATRON_STRING (columns), NULL);
}

static const PatronPrepare codes_prepare = { .rows = PATRON_ROWS_KEPT, .apply = codes_apply, .sentence = codes_sentence };

extern const PatronOp patron_op_missing_codes;
const PatronOp patron_op_missing_codes = {
  .id = "missing-codes",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Missing codes"),
  .question = N_("Which values only say that nothing is known?"),
  .summary = N_("Makes values such as 999 or “N/A” missing in the columns chosen."),
  .help = N_("Many sources write a code where nothing is known: 999 for an age, -1 for an amount, 1900-01-01 for a birthday, “unknown” for a town. "
             "Left as they are they "
             "shift every mean and make groups of their own. This step takes them for what they are.\n\nGive the codes separated by semicolons. For "
             "numbers, dates and durations a "
             "range may be given: 900..999, ..0, <0, >=120. A code counts only in the columns chosen: 99 may be a code in one column and a price in "
             "another."),
  .reference = "—",
  .params = codes_params,
  .params_size = sizeof (CodesParams),
  .example = "columns=x1;x2\ncodes=<-3;999",
  .icon = "edit-clear-symbolic",
  .check = codes_check,
  .prepare = &codes_prepare,
};
