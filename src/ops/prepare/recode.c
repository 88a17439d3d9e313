/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "ops/prepare/columns.h"
#include "ops/prepare/intervals.h"
#include "report/report.h"
#include "table/column-derive.h"
#include "table/parse-number.h"
#include "table/text-edit.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

typedef enum { REST_KEEP, REST_MISSING, REST_OTHER } Rest;

typedef struct
{
  char column[PATRON_COLUMN_SIZE];
  char pairs[PATRON_PAIRS_SIZE];
  int  rest;
  char other[256];
  bool ignore_case;
  char name[PATRON_COLUMN_SIZE];
} RecodeParams;

static const PatronChoice rests[] = {
  { "keep", N_("Stay as they are") },
  { "missing", N_("Become missing") },
  { "other", N_("Become one other value") },
  { NULL },
};

static gboolean has_other (gconstpointer params) { return ((const RecodeParams *) params)->rest == REST_OTHER; }

static const PatronParam recode_params[] = {
  PATRON_PARAM_COLUMN (RecodeParams, column, .label = N_("Column"), .help = N_("The column whose values change.")),
  PATRON_PARAM_TEXT (RecodeParams, pairs, .label = N_("Old and new values"), .holds = PATRON_HOLDS_PAIRS,
                     .help = N_("What each value becomes, such as “United Kingdom” for “UK”. Numbers and dates also by ranges: 0..17, 18..64, >64. An empty new value "
                                "makes it missing.")),
  PATRON_PARAM_CHOICE (RecodeParams, rest, .label = N_("All other values"), .choices = rests, .def = REST_KEEP,
                       .help = N_("What happens to values that no pair names.")),
  PATRON_PARAM_TEXT (RecodeParams, other, .label = N_("The other value"), .def_text = "Other", .help = N_("What all other values become."),
                     .relevant = has_other),
  PATRON_PARAM_BOOL (RecodeParams, ignore_case, .label = N_("Ignore case and blanks"), .def = false, .advanced = true,
                     .help = N_("Texts are the same also when written in other letters (uk) or with blanks around them.")),
  PATRON_PARAM_TEXT (RecodeParams, name, .label = N_("New column"), .def_text = "", .advanced = true,
                     .help = N_("The name of a new column for the new values. Empty: they take the place of the old ones.")),
  PATRON_PARAM_END
};

/* ---- what to do ------------------------------------------------------------------------------------------------------- */

typedef struct
{
  GPtrArray *pairs;         /* of PatronPair* */
  guint64   *hits;          /* rows of each pair */
  guint64    n_rest;        /* rows that no pair names */
  PatronType type;          /* of the new column */
} Recoding;

static void
recoding_clear (Recoding *recoding)
{
  g_clear_pointer (&recoding->pairs, g_ptr_array_unref);
  g_clear_pointer (&recoding->hits, g_free);
}

/* Numbers when every new value is one and nothing else can remain. */
static gboolean
all_numbers (const RecodeParams *params, const GPtrArray *pairs, PatronType from, gboolean *whole)
{
  double value;
  gboolean number_before = from == PATRON_TYPE_NUMBER || from == PATRON_TYPE_INTEGER, any = FALSE;
  *whole = params->rest != REST_KEEP || from == PATRON_TYPE_INTEGER;
  if (params->rest == REST_KEEP && !number_before)
    return FALSE;
  for (guint p = 0; p <= pairs->len; p++)
    {
      if (p == pairs->len && params->rest != REST_OTHER)
        break;
      g_autofree char *plain = patron_text_trim (p < pairs->len ? ((const PatronPair *) pairs->pdata[p])->to : params->other);
      if (*plain == '\0')
        continue;
      if (!patron_parse_double (plain, strlen (plain), &value) || !isfinite (value))
        return FALSE;
      *whole = *whole && value == floor (value) && fabs (value) < 9e15;
      any = TRUE;
    }
  return any || number_before;
}

static gboolean
recoding_init (Recoding *recoding, const RecodeParams *params, PatronColumn *column, GError **error)
{
  g_autofree char *bad = NULL;
  gboolean whole;
  PatronType from = patron_column_get_type (column);
  *recoding = (Recoding) { .pairs = patron_pairs_split (params->pairs, &bad) };
  if (recoding->pairs == NULL || recoding->pairs->len == 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Old and new values: expected pairs like old=new, but found “%s”."),
                   bad != NULL ? bad : "");
      recoding_clear (recoding);
      return FALSE;
    }
  recoding->hits = g_new0 (guint64, recoding->pairs->len);
  if (all_numbers (params, recoding->pairs, from, &whole))
    recoding->type = whole ? PATRON_TYPE_INTEGER : PATRON_TYPE_NUMBER;
  else
    recoding->type = from == PATRON_TYPE_TEXT ? PATRON_TYPE_TEXT : PATRON_TYPE_CATEGORY;
  return TRUE;
}

/* ---- new values by number: pair p, or pairs->len for the other value ------------------------------------------------------- */

static const char *
new_text (const RecodeParams *params, const Recoding *recoding, guint p)
{
  return p < recoding->pairs->len ? ((const PatronPair *) recoding->pairs->pdata[p])->to : params->other;
}

static double
new_number (const RecodeParams *params, const Recoding *recoding, guint p)
{
  g_autofree char *plain = patron_text_trim (new_text (params, recoding, p));
  double value;
  return patron_parse_double (plain, strlen (plain), &value) ? value : NAN;
}

/* ---- texts: the dictionary is recoded, not the rows ------------------------------------------------------------------------ */

static char *
fold (const char *text, gboolean ignore_case)
{
  if (!ignore_case)
    return g_strdup (text);
  g_autofree char *plain = patron_text_trim (text);
  return g_utf8_casefold (plain, -1);
}

static PatronColumn *
recode_texts (const RecodeParams *params, Recoding *recoding, PatronColumn *column, const char *name, PatronRun *run, GError **error)
{
  PatronDict *dict = patron_column_dict (column, error);
  guint64 *counts = dict != NULL ? patron_column_count_codes (column, run, error) : NULL;
  gboolean number = recoding->type == PATRON_TYPE_NUMBER || recoding->type == PATRON_TYPE_INTEGER;
  gpointer table = counts != NULL ? patron_try_alloc_values (patron_dict_size (dict), patron_type_size (recoding->type), name, error) : NULL;
  if (table == NULL)
    {
      patron_free (counts);
      return NULL;
    }
  g_autoptr (GHashTable) wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint p = recoding->pairs->len; p-- > 0;)   /* of equal ones the first counts */
    g_hash_table_replace (wanted, fold (((const PatronPair *) recoding->pairs->pdata[p])->from, params->ignore_case), GUINT_TO_POINTER (p + 1));
  g_autoptr (PatronDictBuilder) builder = patron_dict_builder_new ();
  gboolean ok = TRUE;
  for (gsize i = 0; ok && i < patron_dict_size (dict); i++)
    {
      g_autofree char *key = fold (patron_dict_get (dict, (gint32) i), params->ignore_case);
      guint p = GPOINTER_TO_UINT (g_hash_table_lookup (wanted, key));
      if (p > 0)
        recoding->hits[p - 1] += counts[i];
      else
        recoding->n_rest += counts[i];
      gboolean missing = p == 0 && params->rest == REST_MISSING, keep = p == 0 && params->rest == REST_KEEP;
      p = p > 0 ? p - 1 : recoding->pairs->len;
      const char *text = keep ? patron_dict_get (dict, (gint32) i) : new_text (params, recoding, p);
      missing |= !keep && *text == '\0';
      if (!number)
        {
          ((gint32 *) table)[i] = missing ? PATRON_CODE_MISSING : patron_dict_builder_add (builder, text, -1);
          ok = missing || ((gint32 *) table)[i] >= 0;
        }
      else if (recoding->type == PATRON_TYPE_NUMBER)
        ((double *) table)[i] = missing ? (double) NAN : new_number (params, recoding, p);
      else
        ((gint64 *) table)[i] = missing ? PATRON_INTEGER_MISSING : (gint64) new_number (params, recoding, p);
    }
  patron_free (counts);
  PatronDict *new_dict = number ? NULL : patron_dict_builder_finish (g_steal_pointer (&builder));
  if (ok && (number || new_dict != NULL))
    return patron_column_look_up (column, name, recoding->type, new_dict, table, run, error);
  patron_free (table);
  g_clear_pointer (&new_dict, patron_dict_unref);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory for the new values of column “%s”."), params->column);
  return NULL;
}

/* ---- numbers, dates, truth values: the first range that holds ------------------------------------------------------------ */

typedef struct
{
  PatronType   from, to;
  guint        n;           /* ranges */
  gboolean     keep;
  PatronInterval *ranges;
  double      *numbers;     /* n + 1: the last for all others; NaN missing */
  gint32      *codes;       /* n + 1, or NULL */
} Rules;

static void
rules_free (gpointer data)
{
  Rules *rules = data;
  g_free (rules->ranges);
  g_free (rules->numbers);
  g_free (rules->codes);
  g_free (rules);
}

static double
value_at (PatronType type, gconstpointer in, gsize i)
{
  gint64 integer;
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      return ((const double *) in)[i];
    case PATRON_TYPE_BOOLEAN:
      return ((const guint8 *) in)[i] == PATRON_BOOLEAN_MISSING ? NAN : ((const guint8 *) in)[i];
    case PATRON_TYPE_DATE:
      return ((const gint32 *) in)[i] == PATRON_DATE_MISSING ? NAN : ((const gint32 *) in)[i];
    default:
      integer = ((const gint64 *) in)[i];
      return integer == PATRON_INTEGER_MISSING ? NAN : type == PATRON_TYPE_INTEGER ? (double) integer : (double) integer / G_USEC_PER_SEC;
    }
}

/* Which range holds the value; n for none. */
static guint
rule_of (const Rules *rules, double value)
{
  guint r = 0;
  while (r < rules->n && !patron_interval_holds (rules->ranges + r, value))
    r++;
  return r;
}

static void
recode_values (gconstpointer in, gsize n, gpointer out, gconstpointer data)
{
  const Rules *rules = data;
  for (gsize i = 0; i < n; i++)
    {
      double value = value_at (rules->from, in, i), number;
      guint r = isnan (value) ? 0 : rule_of (rules, value);
      if (rules->codes != NULL)
        {
          ((gint32 *) out)[i] = isnan (value) ? PATRON_CODE_MISSING : rules->codes[r];
          continue;
        }
      gboolean same = isnan (value) || (rules->keep && r == rules->n);
      number = same ? value : rules->numbers[r];
      if (rules->to == PATRON_TYPE_NUMBER)
        ((double *) out)[i] = number;
      else
        /* What stays is taken as it was: a large whole number is not one as a double. */
        ((gint64 *) out)[i] = same && rules->from == PATRON_TYPE_INTEGER ? ((const gint64 *) in)[i]
                              : isnan (number)                           ? PATRON_INTEGER_MISSING
                                                                         : (gint64) number;
    }
}

static Rules *
make_rules (const RecodeParams *params, const Recoding *recoding, PatronColumn *column, PatronDict **dict, GError **error)
{
  guint n = recoding->pairs->len;
  Rules *rules = g_new0 (Rules, 1);
  *rules = (Rules) { .from = patron_column_get_type (column), .to = recoding->type, .n = n, .keep = params->rest == REST_KEEP,
                     .ranges = g_new0 (PatronInterval, n), .numbers = g_new0 (double, n + 1) };
  g_autoptr (PatronDictBuilder) builder = patron_type_size (recoding->type) == sizeof (gint32) ? patron_dict_builder_new () : NULL;
  if (builder != NULL)
    rules->codes = g_new0 (gint32, n + 1);
  for (guint p = 0; p <= n; p++)
    {
      const char *to = new_text (params, recoding, p);
      gboolean missing = *to == '\0' || (p == n && params->rest == REST_MISSING);
      if (p < n && !patron_interval_parse (((const PatronPair *) recoding->pairs->pdata[p])->from, rules->from, rules->ranges + p))
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Old and new values: column “%s” expects %s, but found “%s”."), params->column,
                       patron_interval_expected (rules->from), ((const PatronPair *) recoding->pairs->pdata[p])->from);
          rules_free (rules);
          return NULL;
        }
      rules->numbers[p] = missing || builder != NULL ? (double) NAN : new_number (params, recoding, p);
      if (builder != NULL)
        rules->codes[p] = missing ? PATRON_CODE_MISSING : patron_dict_builder_add (builder, to, -1);
    }
  *dict = builder != NULL ? patron_dict_builder_finish (g_steal_pointer (&builder)) : NULL;
  return rules;
}

static gboolean
count_hits (const Rules *rules, Recoding *recoding, PatronColumn *column, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column), most = MIN (n, PATRON_CHUNK_ROWS);
  double *values = patron_try_alloc_values (most, sizeof *values, patron_column_get_name (column), error);
  gboolean ok = values != NULL;
  for (gsize start = 0; ok && start < n; start += most)
    {
      gsize part = MIN (most, n - start);
      ok = patron_column_read_doubles (column, start, part, values, error) && patron_run_check (run, error);
      for (gsize i = 0; ok && i < part; i++)
        if (!isnan (values[i]))
          {
            guint r = rule_of (rules, values[i]);
            if (r < rules->n)
              recoding->hits[r]++;
            else
              recoding->n_rest++;
          }
    }
  patron_free (values);
  return ok;
}

static PatronColumn *
recode_numbers (const RecodeParams *params, Recoding *recoding, PatronColumn *column, const char *name, PatronRun *run, GError **error)
{
  PatronDict *dict = NULL;
  Rules *rules = make_rules (params, recoding, column, &dict, error);
  if (rules == NULL)
    return NULL;
  gboolean ok = count_hits (rules, recoding, column, run, error);
  if (ok && recoding->n_rest > 0 && params->rest == REST_KEEP && rules->codes != NULL)
    {
      g_set_error (
          error, PATRON_ERROR, PATRON_ERROR_REQUEST,
          ngettext ("All other values: %" PRIu64 " value of column “%s” cannot stay beside texts such as “%s”; expected “missing” or “other”.",
                    "All other values: %" PRIu64 " values of column “%s” cannot stay beside texts such as “%s”; expected “missing” or “other”.",
                    recoding->n_rest),
          recoding->n_rest, params->column, ((const PatronPair *) recoding->pairs->pdata[0])->to);
      ok = FALSE;
    }
  if (ok)
    return patron_column_derive (column, name, recoding->type, dict, recode_values, rules, rules_free, run, error);
  rules_free (rules);
  g_clear_pointer (&dict, patron_dict_unref);
  return NULL;
}

/* ---- the step ---------------------------------------------------------------------------------------------------------- */

static char *
recode_check (const PatronInput *input, gconstpointer params)
{
  const RecodeParams *recode = params;
  g_autoptr (GError) error = NULL;
  Recoding recoding = { NULL };
  PatronColumn *column = patron_table_require (input->table, recode->column, &error);
  if (column != NULL && recoding_init (&recoding, recode, column, &error) && !patron_column_has_dict (column))
    {
      PatronDict *dict = NULL;
      Rules *rules = make_rules (recode, &recoding, column, &dict, &error);
      g_clear_pointer (&rules, rules_free);
      g_clear_pointer (&dict, patron_dict_unref);
    }
  recoding_clear (&recoding);
  return error != NULL ? g_strdup (error->message) : NULL;
}

static void
report_recoding (PatronReport *report, const RecodeParams *params, const Recoding *recoding)
{
  guint64 changed = 0;
  guint unused = 0;
  PatronReportTable *list = patron_report_add_table (report, "values", patron_text (N_("Values"), NULL));
  patron_report_table_add_column (list, "old", patron_text (N_("Old value"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (list, "new", patron_text (N_("New value"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (list, "rows", patron_text (N_("Rows"), NULL), PATRON_FORMAT_COUNT);
  for (guint p = 0; p < recoding->pairs->len; p++)
    {
      const PatronPair *pair = recoding->pairs->pdata[p];
      patron_report_table_add_row (list);
      patron_report_table_add_string (list, pair->from);
      if (*pair->to != '\0')
        patron_report_table_add_string (list, pair->to);
      else
        patron_report_table_add_text (list, patron_text (N_("missing"), NULL));
      patron_report_table_add_number (list, (double) recoding->hits[p]);
      changed += recoding->hits[p];
      unused += recoding->hits[p] == 0;
    }
  patron_report_add_note (report, patron_text (N_("{n} {n|row has|rows have} a value that the pairs name."), "n", PATRON_COUNT (changed), NULL));
  if (recoding->n_rest > 0)
    patron_report_add_note (report,
                            patron_text (params->rest == REST_KEEP      ? N_("{n} {n|row keeps its|rows keep their} value.")
                                         : params->rest == REST_MISSING ? N_("{n} {n|row has|rows have} another value, which became missing.")
                                                                        : N_("{n} {n|row has|rows have} another value, which became “{other}”."),
                                         "n", PATRON_COUNT (recoding->n_rest), "other", PATRON_STRING (params->other), NULL));
  if (unused > 0)
    patron_report_add_note (report, patron_text (N_("{n} of the old values {n|is|are} in no row."), "n", PATRON_COUNT (unused), NULL));
}

static PatronTable *
recode_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const RecodeParams *recode = params;
  PatronColumn *column = patron_table_find (input->table, recode->column);
  const char *name = *recode->name != '\0' ? recode->name : recode->column;
  Recoding recoding;
  if (!recoding_init (&recoding, recode, column, error))
    return NULL;
  g_autoptr (PatronColumn) made = (patron_column_has_dict (column) ? recode_texts : recode_numbers) (recode, &recoding, column, name, run, error);
  PatronTable *table = made != NULL ? patron_table_with_column (input->table, made) : NULL;
  if (table != NULL)
    report_recoding (report, recode, &recoding);
  recoding_clear (&recoding);
  return table;
}

static PatronText *
recode_sentence (gconstpointer params)
{
  const RecodeParams *recode = params;
  g_autoptr (GPtrArray) pairs = patron_pairs_split (recode->pairs, NULL);
  if (pairs == NULL || pairs->len == 0)
    return patron_text (N_("Recode {column}"), "column", PATRON_STRING (recode->column), NULL);
  const PatronPair *first = pairs->pdata[0];
  return patron_text (pairs->len == 1 ? N_("Recode {column}: {old} becomes {new}") : N_("Recode {column}: {old} becomes {new}, and {n} more"),
                      "column", PATRON_STRING (recode->column), "old", PATRON_STRING (first->from), "new", PATRON_STRING (first->to), "n",
                      PATRON_COUNT (pairs->len - 1), NULL);
}

static const PatronPrepare recode_prepare = { .rows = PATRON_ROWS_KEPT, .apply = recode_apply, .sentence = recode_sentence };

extern const PatronOp patron_op_recode;
const PatronOp patron_op_recode = {
  .id = "recode",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Recode values"),
  .question = N_("How do I give values other names, or put ranges into classes?"),
  .summary = N_("Replaces values, or ranges of numbers and dates, by others."),
  .help = N_("Each pair is the old value, an equals sign and the new one. Several old values may get the same new one, which merges spellings. "
             "Numbers and dates may be given as "
             "ranges, both ends included: 18..64, ..17, 65.., <0, >=100; the first pair that holds a value decides.\n\nWhen all new values are "
             "numbers the column becomes one of "
             "numbers, else categories. Missing values stay missing. A semicolon, an equals sign or a backslash inside a value is written with a "
             "backslash in front.\n\nTo "
             "merge all rare values use “Merge rare values”; to cut numbers into classes of equal size, “Bin”."),
  .reference = "—",
  .params = recode_params,
  .params_size = sizeof (RecodeParams),
  .example = "column=region\npairs=North=N;South=S\nrest=other",
  .icon = "edit-find-replace-symbolic",
  .check = recode_check,
  .prepare = &recode_prepare,
};
