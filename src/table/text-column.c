/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/text-column.h"

#include <string.h>

#include "base/memory.h"

/* At most this many distinct values of moderate length make categories. */
#define MAX_CATEGORIES 256
#define MAX_CATEGORY_LENGTH 80

gboolean
patron_texts_are_categories (const PatronDict *dict, gsize n_values)
{
  gsize n = patron_dict_size (dict);
  if (n == 0 || n > MAX_CATEGORIES || (n * 2 > n_values && !(n <= 2 && n_values >= 3)))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (patron_dict_length (dict, i) > MAX_CATEGORY_LENGTH)
      return FALSE;
  return TRUE;
}

static gboolean
collect_stats (PatronColumn *texts, const PatronMissingTokens *missing, PatronTypeStats *stats, GError **error)
{
  PatronDict *dict = patron_column_dict (texts, error);
  if (dict == NULL)
    return FALSE;
  patron_type_stats_init (stats);
  for (gsize i = 0; i < patron_dict_size (dict); i++)
    patron_type_stats_add (stats, patron_dict_get (dict, i), patron_dict_length (dict, i), i, missing);
  return TRUE;
}

gboolean
patron_text_column_plan (PatronColumn *texts, const PatronMissingTokens *missing, PatronColumnPlan *plan, GError **error)
{
  PatronTypeStats stats;
  const PatronTypeContext context = { .decimal = '.' };
  if (!collect_stats (texts, missing, &stats, error))
    return FALSE;
  patron_plan_column (&stats, patron_column_get_name (texts), &context, plan, NULL);
  return TRUE;
}

gboolean
patron_text_column_given (PatronColumn *texts, PatronType type, const char *date_format, PatronColumnPlan *plan, GError **error)
{
  PatronTypeStats stats;
  PatronMissingTokens none;
  PatronTypeContext context = { .decimal = '.' };
  context.rule_given = date_format != NULL && *date_format != '\0' && patron_date_rule_from_text (date_format, &context.rule);
  patron_missing_tokens_init (&none, "", NULL);
  gboolean fine = collect_stats (texts, &none, &stats, error);
  patron_missing_tokens_clear (&none);
  if (fine)
    patron_plan_given (&stats, type, &context, plan);
  return fine;
}

static gboolean
parse_boolean (const char *text, gsize length, gboolean given, guint8 *value)
{
  static const char *const yes[] = { "true", "yes", "y", "t", "1", "on", "是" }, *const no[] = { "false", "no", "n", "f", "0", "off", "否" };
  for (guint i = 0; i < (given ? G_N_ELEMENTS (yes) : 1); i++)
    {
      if (length == strlen (yes[i]) && g_ascii_strncasecmp (text, yes[i], length) == 0)
        return *value = 1, TRUE;
      if (length == strlen (no[i]) && g_ascii_strncasecmp (text, no[i], length) == 0)
        return *value = 0, TRUE;
    }
  return FALSE;
}

static gboolean
parse_number (const char *text, gsize length, const PatronColumnPlan *plan, double *value)
{
  PatronNumber number;
  if (!patron_parse_decorated (text, length, plan->form, &number) || (number.code_like && !plan->given))
    return FALSE;
  *value = number.value;
  return plan->given || ((number.currency == 0 || number.currency == plan->currency) && number.percent == plan->percent);
}

/* A text as a value of the plan's type at *out; FALSE when it is none. */
static gboolean
parse_value (const char *text, gsize length, const PatronColumnPlan *plan, gpointer out)
{
  double number;
  PatronDateValue date;
  switch (plan->type)
    {
    case PATRON_TYPE_NUMBER:
      return parse_number (text, length, plan, out);
    case PATRON_TYPE_INTEGER:
      if (patron_parse_int64 (text, length, out))
        return TRUE;
      if (!parse_number (text, length, plan, &number) || number != rint (number) || fabs (number) > 9007199254740992.0)
        return FALSE;
      *(gint64 *) out = (gint64) number;
      return TRUE;
    case PATRON_TYPE_BOOLEAN:
      return parse_boolean (text, length, plan->given, out);
    case PATRON_TYPE_DATE:
      if (!patron_parse_date (text, length, plan->rule, &date) || (date.has_time && !plan->given))
        return FALSE;
      *(gint32 *) out = date.days;
      return TRUE;
    case PATRON_TYPE_TIME:
      if (!patron_parse_date (text, length, plan->rule, &date))
        return FALSE;
      *(gint64 *) out = date.microseconds;
      return TRUE;
    case PATRON_TYPE_DURATION:
      return patron_parse_duration (text, length, out);
    default:
      return FALSE;
    }
}

static void
put_missing (PatronType type, gpointer out)
{
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      *(double *) out = (double) NAN;
      break;
    case PATRON_TYPE_BOOLEAN:
      *(guint8 *) out = PATRON_BOOLEAN_MISSING;
      break;
    case PATRON_TYPE_DATE:
      *(gint32 *) out = PATRON_DATE_MISSING;
      break;
    default:
      *(gint64 *) out = PATRON_INTEGER_MISSING;
    }
}

/* What each distinct text is worth; fits[i] tells whether text i is one, or stands for nothing. One more value follows them: missing. */
static char *
parse_dict (const PatronDict *dict, const PatronColumnPlan *plan, const PatronMissingTokens *missing, guint8 *fits, GError **error)
{
  gsize n = patron_dict_size (dict), size = patron_type_size (plan->type);
  char *values = patron_try_alloc_values (n + 1, size, "column", error);
  for (gsize i = 0; values != NULL && i < n; i++)
    {
      const char *text = patron_dict_get (dict, i);
      gsize length = patron_dict_length (dict, i);
      for (; length > 0 && g_ascii_isspace (*text); text++)
        length--;
      while (length > 0 && g_ascii_isspace (text[length - 1]))
        length--;
      fits[i] = parse_value (text, length, plan, values + i * size);
      if (fits[i])
        continue;
      put_missing (plan->type, values + i * size);
      fits[i] = length == 0 || patron_missing_tokens_match (missing, text, length);
    }
  if (values != NULL)
    put_missing (plan->type, values + n * size);
  return values;
}

static void
spread (char *to, gsize size, const char *values, gsize n_values, const gint32 *codes, gsize n)
{
  for (gsize r = 0; r < n; r++)
    {
      gsize at = codes[r] >= 0 ? (gsize) codes[r] : n_values;
      switch (size)
        {
        case 1:
          to[r] = values[at];
          break;
        case 4:
          ((gint32 *) to)[r] = ((const gint32 *) values)[at];
          break;
        default:
          ((gint64 *) to)[r] = ((const gint64 *) values)[at];
        }
    }
}

static PatronColumn *
parse_column (PatronColumn *texts, PatronDict *dict, const PatronColumnPlan *plan, const PatronMissingTokens *missing, gsize *n_refused, GError **error)
{
  const gint32 *codes = patron_column_codes (texts, error);
  gsize n = patron_column_get_length (texts), n_texts = patron_dict_size (dict), size = patron_type_size (plan->type);
  guint8 *fits = codes != NULL ? patron_try_alloc_values (n_texts + 1, 1, "column", error) : NULL;
  char *values = fits != NULL ? parse_dict (dict, plan, missing, fits, error) : NULL;
  char *to = values != NULL ? patron_try_alloc_values (n, size, "column", error) : NULL;
  if (to != NULL)
    {
      spread (to, size, values, n_texts, codes, n);
      for (gsize r = 0; r < n && n_refused != NULL; r++)
        *n_refused += codes[r] >= 0 && !fits[codes[r]];
    }
  patron_free (values);
  patron_free (fits);
  if (to == NULL)
    return NULL;
  g_autoptr (PatronColumn) column = patron_column_new_take (patron_column_get_name (texts), plan->type, n, to, NULL);
  return plan->unit[0] != '\0' ? patron_column_with_unit (column, plan->unit) : g_steal_pointer (&column);
}

PatronColumn *
patron_text_column_parse (PatronColumn *texts, const PatronColumnPlan *plan, const PatronMissingTokens *missing, gsize *n_refused, GError **error)
{
  if (n_refused != NULL)
    *n_refused = 0;
  PatronDict *dict = patron_column_dict (texts, error);
  if (dict == NULL)
    return NULL;
  if (plan->type == PATRON_TYPE_TEXT || plan->type == PATRON_TYPE_CATEGORY)
    return patron_column_retype (texts, plan->type);
  return parse_column (texts, dict, plan, missing, n_refused, error);
}
