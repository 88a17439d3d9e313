/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "ops/prepare/columns.h"
#include "report/report.h"
#include "table/expression.h"
#include "table/parse-date.h"
#include "table/text-column.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum { NUMBERS_WRITTEN, NUMBERS_SPREADSHEET, NUMBERS_SECONDS, NUMBERS_MILLISECONDS } NumberMeaning;

typedef struct
{
  char columns[PATRON_COLUMNS_SIZE];
  int  type;
  char date_format[64];
  int  numbers;
  bool refuse;
} RetypeParams;

/* In the order of PatronType. */
static const PatronChoice types[] = {
  { "number", N_("Number") },
  { "integer", N_("Whole number") },
  { "boolean", N_("True or false") },
  { "category", N_("Category") },
  { "text", N_("Text") },
  { "date", N_("Date") },
  { "time", N_("Date and time") },
  { "duration", N_("Duration") },
  { NULL },
};

static const PatronChoice meanings[] = {
  { "written", N_("Dates written as numbers (20110228)") },
  { "spreadsheet", N_("Days as spreadsheets count them (40602)") },
  { "seconds", N_("Seconds since 1970") },
  { "milliseconds", N_("Milliseconds since 1970") },
  { NULL },
};

static gboolean
to_moment (gconstpointer params)
{
  int type = ((const RetypeParams *) params)->type;
  return type == PATRON_TYPE_DATE || type == PATRON_TYPE_TIME;
}

static const PatronParam retype_params[] = {
  PATRON_PARAM_COLUMNS (RetypeParams, columns, .label = N_("Columns"), .help = N_("The columns to read as another type.")),
  PATRON_PARAM_CHOICE (RetypeParams, type, .label = N_("Type"), .choices = types, .def = PATRON_TYPE_NUMBER,
                       .help = N_("What the values are to become.")),
  PATRON_PARAM_TEXT (RetypeParams, date_format, .label = N_("How dates are written"), .def_text = "", .relevant = to_moment,
                     .help = N_("The order of day, month and year: dmy, mdy, ymd, or a pattern such as dd.mm.yyyy. Empty: found out from all values "
                                "of the column, one way for all.")),
  PATRON_PARAM_CHOICE (RetypeParams, numbers, .label = N_("Numbers as dates"), .choices = meanings, .def = NUMBERS_WRITTEN, .relevant = to_moment,
                       .advanced = true, .help = N_("What the numbers of a number column mean when they become dates.")),
  PATRON_PARAM_BOOL (RetypeParams, refuse, .label = N_("Stop at values that do not fit"), .def = false, .advanced = true,
                     .help = N_("Otherwise such values become missing and are counted.")),
  PATRON_PARAM_END
};

/* ---- conversions --------------------------------------------------------------------------------------------------------- */

/* The column as a formula of it gives it. */
static PatronColumn *
by_formula (PatronColumn *column, const char *format, PatronRun *run, GError **error)
{
  g_autofree char *name = patron_expression_quote_name (patron_column_get_name (column));
  const char *place = strstr (format, "{}");
  g_autofree char *formula = g_strdup_printf ("%.*s%s%s", (int) (place - format), format, name, place + 2);
  g_autoptr (PatronTable) table = patron_table_new ("", &column, 1, patron_column_get_length (column));
  g_autoptr (PatronExpression) expression = patron_expression_parse (formula, table, error);
  return expression != NULL ? patron_expression_compute (expression, patron_column_get_name (column), run, error) : NULL;
}

/* rule (optional): by which the dates were read. */
static PatronColumn *
from_texts (PatronColumn *column, const RetypeParams *retype, PatronDateRule *rule, gsize *n_refused, GError **error)
{
  PatronColumnPlan plan;
  PatronMissingTokens none;
  if (retype->type == PATRON_TYPE_TEXT || retype->type == PATRON_TYPE_CATEGORY)
    return patron_column_retype (column, retype->type);
  if (!patron_text_column_given (column, retype->type, retype->date_format, &plan, error))
    return NULL;
  *rule = plan.rule;
  patron_missing_tokens_init (&none, "", NULL);
  PatronColumn *made = patron_text_column_parse (column, &plan, &none, n_refused, error);
  patron_missing_tokens_clear (&none);
  return made;
}

static const char *
formula_for (PatronType from, const RetypeParams *retype)
{
  gboolean number = from == PATRON_TYPE_NUMBER || from == PATRON_TYPE_INTEGER;
  switch (retype->type)
    {
    case PATRON_TYPE_NUMBER:
      return number || from == PATRON_TYPE_BOOLEAN ? "number ({})" : NULL;
    case PATRON_TYPE_INTEGER:
      return number || from == PATRON_TYPE_BOOLEAN ? "integer ({})" : NULL;
    case PATRON_TYPE_BOOLEAN:
      return number ? "boolean ({})" : NULL;
    case PATRON_TYPE_DATE:
    case PATRON_TYPE_TIME:
      if (from == PATRON_TYPE_DATE || from == PATRON_TYPE_TIME)
        return retype->type == PATRON_TYPE_DATE ? "date ({})" : "time ({})";
      if (!number)
        return NULL;
      if (retype->numbers == NUMBERS_SPREADSHEET)
        return retype->type == PATRON_TYPE_DATE ? "date_add (date (\"1899-12-30\"), floor ({}), \"days\")"
                                                : "date_add (time (\"1899-12-30\"), {} * 86400, \"seconds\")";
      if (retype->numbers == NUMBERS_SECONDS)
        return retype->type == PATRON_TYPE_DATE ? "date (date_add (time (\"1970-01-01\"), {}, \"seconds\"))"
                                                : "date_add (time (\"1970-01-01\"), {}, \"seconds\")";
      if (retype->numbers == NUMBERS_MILLISECONDS)
        return retype->type == PATRON_TYPE_DATE ? "date (date_add (time (\"1970-01-01\"), floor ({} / 1000), \"seconds\"))"
                                                : "date_add (time (\"1970-01-01\"), floor ({} / 1000), \"seconds\")";
      return NULL;
    default:
      return NULL;
    }
}

static PatronColumn *
convert (PatronColumn *column, const RetypeParams *retype, PatronDateRule *rule, gboolean *by_rule, gsize *n_refused, PatronRun *run, GError **error)
{
  PatronType from = patron_column_get_type (column);
  gboolean text = retype->type == PATRON_TYPE_TEXT || retype->type == PATRON_TYPE_CATEGORY, moment = to_moment (retype);
  *by_rule = FALSE;
  *n_refused = 0;
  if (from == (PatronType) retype->type)
    return patron_column_ref (column);
  const char *formula = patron_column_has_dict (column) ? NULL : formula_for (from, retype);
  if (formula != NULL)
    return by_formula (column, formula, run, error);
  gboolean written = moment && (from == PATRON_TYPE_NUMBER || from == PATRON_TYPE_INTEGER);
  if (!patron_column_has_dict (column) && !text && !written)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Column “%s” is of the type “%s”, which cannot become “%s”."),
                   patron_column_get_name (column), _(patron_type_label (from)), _(patron_type_label (retype->type)));
      return NULL;
    }
  g_autoptr (PatronColumn) texts = patron_column_has_dict (column) ? patron_column_ref (column) : by_formula (column, "text ({})", run, error);
  *by_rule = moment;
  return texts != NULL ? from_texts (texts, retype, rule, n_refused, error) : NULL;
}

/* ---- what did not fit --------------------------------------------------------------------------------------------------------- */

enum { EXAMPLES = 3 };

/* The first few different values that are missing now and were not, and how many rows have such ones. */
static gboolean
find_lost (PatronColumn *before, PatronColumn *after, gsize *n_lost, GPtrArray *examples, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (before), most = MIN (n, PATRON_CHUNK_ROWS);
  double *old = patron_try_alloc_values (most, sizeof *old, patron_column_get_name (before), error);
  double *new = old != NULL ? patron_try_alloc_values (most, sizeof *new, patron_column_get_name (before), error) : NULL;
  gboolean ok = new != NULL, old_codes = patron_column_has_dict (before), new_codes = patron_column_has_dict (after);
  *n_lost = 0;
  for (gsize start = 0; ok && start < n; start += most)
    {
      gsize part = MIN (most, n - start);
      ok = patron_column_read_doubles (before, start, part, old, error) && patron_column_read_doubles (after, start, part, new, error)
           && patron_run_check (run, error);
      for (gsize i = 0; ok && i < part; i++)
        {
          gboolean was = old_codes ? old[i] >= 0 : !isnan (old[i]), is = new_codes ? new[i] >= 0 : !isnan (new[i]);
          if (!was || is)
            continue;
          (*n_lost)++;
          if (examples->len >= EXAMPLES)
            continue;
          g_autofree char *value = patron_column_format (before, start + i);
          if (!g_ptr_array_find_with_equal_func (examples, value, g_str_equal, NULL))
            g_ptr_array_add (examples, g_steal_pointer (&value));
        }
    }
  patron_free (old);
  patron_free (new);
  return ok;
}

static gboolean
refuse (const RetypeParams *retype, PatronColumn *column, gsize n_lost, const GPtrArray *examples, GError **error)
{
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
               ngettext ("Column “%s” has %zu value that is no “%s”, such as “%s”.", "Column “%s” has %zu values that are no “%s”, such as “%s”.",
                         n_lost),
               patron_column_get_name (column), n_lost, _(patron_type_label (retype->type)), (const char *) examples->pdata[0]);
  return FALSE;
}

/* ---- the step ------------------------------------------------------------------------------------------------------------------ */

static char *
retype_check (const PatronInput *input, gconstpointer params)
{
  const RetypeParams *retype = params;
  PatronDateRule rule;
  if (to_moment (retype) && *retype->date_format != '\0' && !patron_date_rule_from_text (retype->date_format, &rule))
    return g_strdup_printf (_("How dates are written: expected dmy, mdy, ymd or a pattern such as dd.mm.yyyy, but found “%s”."), retype->date_format);
  return NULL;
}

static PatronReportTable *
begin_list (PatronReport *report)
{
  PatronReportTable *list = patron_report_add_table (report, "types", patron_text (N_("Types"), NULL));
  patron_report_table_add_column (list, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (list, "before", patron_text (N_("Type before"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (list, "after", patron_text (N_("Type after"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (list, "lost", patron_text (N_("Did not fit"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (list, "examples", patron_text (N_("For example"), NULL), PATRON_FORMAT_TEXT);
  return list;
}

static gboolean
retype_column (PatronTable **table, const char *name, const RetypeParams *retype, PatronRun *run, PatronReport *report, PatronReportTable *list,
               gsize *lost, GError **error)
{
  PatronColumn *column = patron_table_find (*table, name);
  PatronDateRule rule = PATRON_DATE_YMD;
  gboolean by_rule;
  gsize n_refused, n_lost;
  g_autoptr (PatronColumn) made = convert (column, retype, &rule, &by_rule, &n_refused, run, error);
  g_autoptr (GPtrArray) examples = g_ptr_array_new_with_free_func (g_free);
  if (made == NULL || !find_lost (column, made, &n_lost, examples, run, error))
    return FALSE;
  if (n_lost > 0 && retype->refuse)
    return refuse (retype, column, n_lost, examples, error);
  g_ptr_array_add (examples, NULL);
  g_autofree char *joined = g_strjoinv (", ", (char **) examples->pdata);
  patron_report_table_add_row (list);
  patron_report_table_add_string (list, name);
  patron_report_table_add_text (list, patron_text (patron_type_label (patron_column_get_type (column)), NULL));
  patron_report_table_add_text (list, patron_text (patron_type_label (retype->type), NULL));
  patron_report_table_add_number (list, (double) n_lost);
  patron_report_table_add_string (list, joined);
  if (n_lost > 0)
    patron_report_add_note (report,
                            patron_text (N_("{column}: {n} {n|value does|values do} not fit and became missing, for example {examples}."), "column",
                                         PATRON_STRING (name), "n", PATRON_COUNT (n_lost), "examples", PATRON_STRING (joined), NULL));
  if (by_rule && *retype->date_format == '\0')
    patron_report_add_note (
        report, patron_text (N_("{column}: dates are read as {rule}, as its values suggest; set it in the step when other files are to follow."),
                             "column", PATRON_STRING (name), "rule", PATRON_MSGID (patron_date_rule_label (rule)), NULL));
  *lost += n_lost;
  patron_prepare_put (table, g_steal_pointer (&made));
  return TRUE;
}

static PatronTable *
retype_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const RetypeParams *retype = params;
  g_auto (GStrv) names = patron_names_split (retype->columns);
  g_autoptr (PatronTable) table = patron_table_ref (input->table);
  PatronReportTable *list = begin_list (report);
  gsize lost = 0;
  for (char **name = names; *name != NULL; name++)
    if (!retype_column (&table, *name, retype, run, report, list, &lost, error))
      return NULL;
  if (lost == 0)
    patron_report_add_note (report, patron_text (N_("All values fit their new type."), NULL));
  return g_steal_pointer (&table);
}

static PatronText *
retype_sentence (gconstpointer params)
{
  const RetypeParams *retype = params;
  g_autofree char *list = patron_prepare_short_list (retype->columns);
  return patron_text (N_("Read {columns} as “{type}”"), "columns", PATRON_STRING (list), "type", PATRON_MSGID (types[retype->type].label), NULL);
}

static const PatronPrepare retype_prepare = { .rows = PATRON_ROWS_KEPT, .apply = retype_apply, .sentence = retype_sentence };

extern const PatronOp patron_op_retype;
const PatronOp patron_op_retype = {
  .id = "retype",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Change types"),
  .question = N_("How do I make a text a number or a date?"),
  .summary = N_("Reads columns as another type, and says which values do not fit."),
  .help = N_("Texts are read as in a file: numbers with thousands separators, a decimal comma, currency and percent signs; dates in one order for "
             "the whole column, never mixed. "
             "Which order is found out from all values unless you say it, and the report names it.\n\nA value that does not fit becomes missing; "
             "the report counts them and shows the first "
             "ones. A number with decimals is rounded when it becomes a whole number. A code such as a postcode is best kept as text: as a number "
             "it loses its leading zeros."),
  .reference = "—",
  .params = retype_params,
  .params_size = sizeof (RetypeParams),
  .example = "columns=order_id\ntype=category",
  .icon = "font-x-generic-symbolic",
  .check = retype_check,
  .prepare = &retype_prepare,
};
