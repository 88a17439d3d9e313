/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-types.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "table/csv-options.h"

/* Nothing but letters and marks that no number, date or truth value is written with. */
static gboolean
is_never_value (const char *token)
{
  static const char *const values[] = { "inf", "infinity", "true", "false", "yes", "no", "y", "n", "t", "f", "on", "off", "是", "否", "真", "假", NULL };
  for (const char *p = token; *p != '\0'; p++)
    if (g_ascii_isdigit (*p))
      return FALSE;
  for (guint i = 0; values[i] != NULL; i++)
    if (g_ascii_strcasecmp (token + (*token == '-' || *token == '+'), values[i]) == 0)
      return FALSE;
  return TRUE;
}

/* Adds the entries that are of the column, or those that are of every column. */
static void
add_tokens (PatronMissingTokens *tokens, GPtrArray *kept, char **entries, char **values, const char *column, gboolean own)
{
  for (guint i = 0; entries[i] != NULL; i++)
    {
      if ((*values[i] != '\0') != own || (own && (column == NULL || strcmp (entries[i], column) != 0)))
        continue;
      char *token = g_strdup (own ? values[i] : entries[i]);
      g_ptr_array_add (kept, token);
      tokens->first[(guchar) *token] = 1;
      tokens->longest = MAX (tokens->longest, strlen (token));
      tokens->values |= !is_never_value (token);
    }
}

void
patron_missing_tokens_init (PatronMissingTokens *tokens, const char *list, const char *column)
{
  memset (tokens, 0, sizeof *tokens);
  g_auto (GStrv) values = NULL;
  g_auto (GStrv) entries = patron_csv_split_list (list, &values);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  add_tokens (tokens, kept, entries, values, column, TRUE);
  tokens->n_own = (int) kept->len;
  add_tokens (tokens, kept, entries, values, column, FALSE);
  g_ptr_array_add (kept, NULL);
  tokens->tokens = (char **) g_ptr_array_free (g_steal_pointer (&kept), FALSE);
  tokens->first[0] = 0;
}

void
patron_missing_tokens_keep_own (PatronMissingTokens *tokens)
{
  for (char **token = tokens->tokens + tokens->n_own; *token != NULL; token++)
    g_clear_pointer (token, g_free);
}

void
patron_missing_tokens_clear (PatronMissingTokens *tokens)
{
  g_strfreev (tokens->tokens);
  memset (tokens, 0, sizeof *tokens);
}

int
patron_missing_tokens_find (const PatronMissingTokens *tokens, const char *text, gsize length)
{
  if (length == 0 || length > tokens->longest || !tokens->first[(guchar) text[0]])
    return -1;
  /* The text may hold NUL, a token may not. */
  for (int i = 0; tokens->tokens[i] != NULL; i++)
    if (strlen (tokens->tokens[i]) == length && memcmp (tokens->tokens[i], text, length) == 0)
      return i;
  return -1;
}

gboolean
patron_missing_tokens_match (const PatronMissingTokens *tokens, const char *text, gsize length)
{
  return patron_missing_tokens_find (tokens, text, length) >= 0;
}

int
patron_boolean_word (const char *text, gsize length, gboolean all)
{
  static const struct { const char *yes, *no; } words[] = {
    { "true", "false" }, { "真", "假" }, { "yes", "no" }, { "y", "n" }, { "t", "f" }, { "1", "0" }, { "on", "off" }, { "是", "否" }, { "对", "错" },
  };
  if (length > 5)
    return -1;
  for (guint i = 0; i < (all ? G_N_ELEMENTS (words) : 2); i++)
    {
      if (length == strlen (words[i].yes) && g_ascii_strncasecmp (text, words[i].yes, length) == 0)
        return 1;
      if (length == strlen (words[i].no) && g_ascii_strncasecmp (text, words[i].no, length) == 0)
        return 0;
    }
  return -1;
}

const PatronNumberForm patron_number_forms[PATRON_N_NUMBER_FORMS] = { { '.', ',' }, { '.', ' ' }, { '.', '\'' }, { ',', '.' }, { ',', ' ' } };

void
patron_type_stats_init (PatronTypeStats *stats)
{
  memset (stats, 0, sizeof *stats);
  stats->plain_years = TRUE;
  for (int i = 0; i < PATRON_N_GUESSES; i++)
    stats->misfits[i].row = G_MAXUINT32;
}

static void
misfit (PatronTypeStats *stats, int guess, const char *text, gsize length, guint32 row)
{
  PatronMisfit *m = &stats->misfits[guess];
  m->n++;
  if (row >= m->row)
    return;
  m->row = row;
  gsize n = MIN (length, sizeof m->text - 1);
  while (n > 0 && n < length && (text[n] & 0xc0) == 0x80)   /* whole characters only */
    n--;
  memcpy (m->text, text, n);
  m->text[n] = '\0';
}

static void
note_number (PatronTypeStats *stats, const PatronNumber *number)
{
  stats->n_code_like += number->code_like;
  stats->n_exponent_like += number->exponent_like;
  stats->n_marked += number->marked;
  stats->n_percent += number->percent;
  stats->n_grouped += number->grouped;
  if (number->currency > 0)
    {
      stats->mixed_currency |= stats->currency > 0 && stats->currency != number->currency;
      stats->currency = stats->currency > 0 ? stats->currency : number->currency;
    }
}

/* What is surely no number in any form: it holds no digit and is not "inf". */
static gboolean
has_no_number (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (g_ascii_isdigit (text[i]))
      return FALSE;
  for (gsize i = 0; i + 3 <= length; i++)
    if (g_ascii_strncasecmp (text + i, "inf", 3) == 0)
      return FALSE;
  return TRUE;
}

/* Digits alone: the same number in every form. */
static gboolean
is_digits (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
  return length < 18;
}

static int
mark_of (int form)
{
  return patron_number_forms[form].decimal == ',';
}

static void
add_as_number (PatronTypeStats *stats, const char *text, gsize length, guint32 row)
{
  PatronNumber first = { 0 };
  gboolean any = FALSE, by_mark[2] = { FALSE, FALSE };
  const gboolean none = has_no_number (text, length);
  const int n_forms = is_digits (text, length) ? 1 : PATRON_N_NUMBER_FORMS;
  for (int i = 0; i < n_forms; i++)
    {
      PatronNumber number;
      if (none || !patron_parse_decorated (text, length, patron_number_forms[i], &number))
        {
          misfit (stats, PATRON_GUESS_NUMBER + i, text, length, row);
          continue;
        }
      if (!any)
        {
          first = number;
          note_number (stats, &number);
        }
      if (!by_mark[mark_of (i)])
        {
          stats->n_integer[mark_of (i)] += number.integer;
          stats->n_zero_fraction[mark_of (i)] += number.zero_fraction;
        }
      stats->n_contested += any && number.value != first.value;
      any = by_mark[mark_of (i)] = TRUE;
    }
  if (n_forms == 1)
    stats->n_integer[1] += first.integer;
}

static void
add_as_date (PatronTypeStats *stats, const char *text, gsize length, guint32 row)
{
  PatronDateValue value;
  guint rules = patron_classify_date (text, length, &value);
  for (int i = 0; i < PATRON_DATE_N_RULES; i++)
    if (!(rules >> i & 1))
      misfit (stats, PATRON_GUESS_DATE + i, text, length, row);
  if (rules == 0)
    return;
  stats->n_with_time += value.has_time;
  stats->n_with_zone += value.has_zone;
  if (rules >> PATRON_DATE_COMPACT & 1)
    stats->plain_years &= value.days >= -25567 && value.days < 47482;   /* 1900 … 2099 */
}

void
patron_type_stats_add (PatronTypeStats *stats, const char *text, gsize length, guint32 row, const PatronMissingTokens *missing)
{
  while (length > 0 && (*text == ' ' || *text == '\t'))
    text++, length--;
  while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
    length--;
  if (length == 0)
    {
      stats->n_missing++;
      return;
    }
  stats->longest = MAX (stats->longest, length);
  if (patron_missing_tokens_match (missing, text, length))
    {
      stats->n_missing++;
      stats->n_tokens++;
      return;
    }
  stats->n_values++;
  stats->n_two_letters += length == 2 && g_ascii_isupper (text[0]) && g_ascii_isupper (text[1]);
  /* A guess that has failed stays counted, so that the sentence about it is right; long texts can be nothing but text. */
  add_as_number (stats, text, length, row);
  if (patron_boolean_word (text, length, FALSE) < 0)
    misfit (stats, PATRON_GUESS_BOOLEAN, text, length, row);
  gint64 duration;
  if (!patron_parse_duration (text, length, &duration))
    misfit (stats, PATRON_GUESS_DURATION, text, length, row);
  add_as_date (stats, text, length, row);
}

void
patron_type_stats_merge (PatronTypeStats *stats, const PatronTypeStats *other)
{
  stats->n_values += other->n_values;
  stats->n_missing += other->n_missing;
  stats->n_tokens += other->n_tokens;
  for (int i = 0; i < PATRON_N_GUESSES; i++)
    {
      guint32 n = stats->misfits[i].n + other->misfits[i].n;
      if (other->misfits[i].row < stats->misfits[i].row)
        stats->misfits[i] = other->misfits[i];
      stats->misfits[i].n = n;
    }
  stats->n_code_like += other->n_code_like;
  stats->n_exponent_like += other->n_exponent_like;
  stats->n_marked += other->n_marked;
  for (int mark = 0; mark < 2; mark++)
    {
      stats->n_integer[mark] += other->n_integer[mark];
      stats->n_zero_fraction[mark] += other->n_zero_fraction[mark];
    }
  stats->n_contested += other->n_contested;
  stats->n_percent += other->n_percent;
  stats->n_grouped += other->n_grouped;
  stats->mixed_currency |= other->mixed_currency || (stats->currency > 0 && other->currency > 0 && stats->currency != other->currency);
  stats->currency = stats->currency > 0 ? stats->currency : other->currency;
  stats->n_with_time += other->n_with_time;
  stats->n_with_zone += other->n_with_zone;
  stats->n_two_letters += other->n_two_letters;
  stats->plain_years &= other->plain_years;
  stats->longest = MAX (stats->longest, other->longest);
}

static gboolean
fits (const PatronTypeStats *stats, int guess)
{
  return stats->misfits[guess].n == 0;
}

/* The form by which all values are numbers; -1 for none. */
static int
number_form (const PatronTypeStats *stats, const PatronTypeContext *context)
{
  int best = -1;
  for (int i = 0; i < PATRON_N_NUMBER_FORMS; i++)
    {
      if (!fits (stats, PATRON_GUESS_NUMBER + i))
        continue;
      if (context->decimal_given && patron_number_forms[i].decimal != context->decimal)
        continue;
      if (context->grouping != '\0' && patron_number_forms[i].grouping != context->grouping)
        continue;
      if (best < 0 || (stats->n_contested > 0 && patron_number_forms[best].decimal != context->decimal && patron_number_forms[i].decimal == context->decimal))
        best = i;
    }
  return best;
}

static gboolean
names_a_date (const char *name)
{
  static const char *const words[] = { "date", "day", "日期", "时间", "datum", "fecha", "dt", NULL };
  g_autofree char *lower = g_utf8_strdown (name, -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (lower, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
plan_date (const PatronTypeStats *stats, const char *name, const PatronTypeContext *context, PatronColumnPlan *plan, PatronText **note)
{
  gboolean dmy = fits (stats, PATRON_GUESS_DATE + PATRON_DATE_DMY), mdy = fits (stats, PATRON_GUESS_DATE + PATRON_DATE_MDY);
  gboolean short_ymd = fits (stats, PATRON_GUESS_DATE + PATRON_DATE_SHORT_YMD);
  int rule = -1;
  if (context->rule_given && fits (stats, PATRON_GUESS_DATE + context->rule))
    rule = context->rule;
  else if (fits (stats, PATRON_GUESS_DATE + PATRON_DATE_YMD))
    rule = PATRON_DATE_YMD;
  else if (fits (stats, PATRON_GUESS_DATE + PATRON_DATE_NAMED))
    rule = PATRON_DATE_NAMED;
  else if (fits (stats, PATRON_GUESS_DATE + PATRON_DATE_COMPACT))
    rule = stats->plain_years && (stats->n_values >= 10 || names_a_date (name)) ? PATRON_DATE_COMPACT : -1;
  else if (dmy && mdy)
    {
      rule = context->rule_known && (context->rule == PATRON_DATE_DMY || context->rule == PATRON_DATE_MDY) ? context->rule : PATRON_DATE_DMY;
      *note = patron_text (N_("{column}: every date could be day/month or month/day; read as {rule}. Set the date format if that is wrong."), "column",
                           PATRON_STRING (name), "rule", PATRON_MSGID (patron_date_rule_label (rule)), NULL);
    }
  else if (dmy || mdy)
    {
      rule = dmy ? PATRON_DATE_DMY : PATRON_DATE_MDY;
      const PatronMisfit *against = &stats->misfits[PATRON_GUESS_DATE + (dmy ? PATRON_DATE_MDY : PATRON_DATE_DMY)];
      *note = patron_text (N_("{column}: dates are {rule}, which {n} {n|value decides|values decide}, the first being “{value}” in row {row}."), "column",
                           PATRON_STRING (name), "rule", PATRON_MSGID (patron_date_rule_label (rule)), "n", PATRON_COUNT (against->n), "value",
                           PATRON_STRING (against->text), "row", PATRON_COUNT (against->row + 1), NULL);
    }
  else if (short_ymd)
    rule = PATRON_DATE_SHORT_YMD;
  if (rule < 0)
    return FALSE;
  plan->rule = rule;
  plan->type = stats->n_with_time > 0 ? PATRON_TYPE_TIME : PATRON_TYPE_DATE;
  if (stats->n_with_zone > 0 && *note == NULL)
    *note = patron_text (N_("{column}: {n} {n|time carries|times carry} a time zone and {n|is|are} read as UTC."), "column", PATRON_STRING (name), "n",
                         PATRON_COUNT (stats->n_with_zone), NULL);
  return TRUE;
}

static gboolean
plan_number (const PatronTypeStats *stats, const char *name, const PatronTypeContext *context, PatronColumnPlan *plan, PatronText **note)
{
  int form = number_form (stats, context);
  if (form < 0)
    return FALSE;
  if (stats->n_code_like > 0)
    {
      *note = patron_text (N_("{column}: {n} {n|value has|values have} leading zeros or more than 18 digits; read as text, so that nothing is lost."), "column",
                           PATRON_STRING (name), "n", PATRON_COUNT (stats->n_code_like), NULL);
      return FALSE;
    }
  if (stats->n_exponent_like > 0 && stats->n_marked == 0)
    {
      *note = patron_text (N_("{column}: values such as 1E5 may be codes; read as text."), "column", PATRON_STRING (name), NULL);
      return FALSE;
    }
  if (stats->mixed_currency || (stats->n_percent > 0 && stats->n_percent < stats->n_values))
    {
      *note = patron_text (N_("{column}: the numbers have different units; read as text."), "column", PATRON_STRING (name), NULL);
      return FALSE;
    }
  plan->form = patron_number_forms[form];
  const guint32 n_zero_fraction = stats->n_zero_fraction[mark_of (form)];
  plan->type = stats->n_integer[mark_of (form)] + n_zero_fraction == stats->n_values ? PATRON_TYPE_INTEGER : PATRON_TYPE_NUMBER;
  plan->percent = stats->n_percent > 0;
  plan->currency = stats->currency;
  if (stats->n_percent > 0)
    g_strlcpy (plan->unit, "%", sizeof plan->unit);
  else if (stats->currency > 0)
    g_strlcpy (plan->unit, patron_currency_signs[stats->currency - 1], sizeof plan->unit);
  gboolean either = (fits (stats, 0) || fits (stats, 1) || fits (stats, 2)) && (fits (stats, 3) || fits (stats, 4));
  if (stats->n_contested > 0 && either && !context->decimal_given)
    *note = patron_text (N_("{column}: “{mark}” is read as the decimal mark, though it could separate thousands."), "column", PATRON_STRING (name), "mark",
                         PATRON_STRING (plan->form.decimal == ',' ? "," : "."), NULL);
  else if (n_zero_fraction > 0 && plan->type == PATRON_TYPE_INTEGER)
    *note = patron_text (N_("{column}: whole numbers written with “.0” are read as integers."), "column", PATRON_STRING (name), NULL);
  return TRUE;
}

/* The typed reading that fails for the fewest values, when those are under a tenth: worth a sentence. */
static PatronText *
near_miss (const PatronTypeStats *stats, const char *name, gboolean sample)
{
  int best = PATRON_GUESS_NUMBER;
  for (int i = 0; i < PATRON_N_GUESSES; i++)
    if (stats->misfits[i].n < stats->misfits[best].n)
      best = i;
  const PatronMisfit *m = &stats->misfits[best];
  if (m->n == 0 || (guint64) m->n * 10 > stats->n_values)
    return NULL;
  const char *type = best < PATRON_GUESS_BOOLEAN ? N_("number") : best == PATRON_GUESS_BOOLEAN ? N_("true/false")
                     : best == PATRON_GUESS_DURATION ? N_("duration") : N_("date");
  return patron_text (sample ? N_("{column}: read as text because {n} of the first {all} values {n|is|are} not of type {type}, such as “{value}” in row {row}.")
                             : N_("{column}: read as text because {n} of {all} values {n|is|are} not of type {type}, the first being “{value}” in row {row}."),
                      "column", PATRON_STRING (name), "n", PATRON_COUNT (m->n), "all", PATRON_COUNT (stats->n_values), "type", PATRON_MSGID (type), "value",
                      PATRON_STRING (m->text), "row", PATRON_COUNT (m->row + 1), NULL);
}

void
patron_plan_column (const PatronTypeStats *stats, const char *name, const PatronTypeContext *context, PatronColumnPlan *plan, PatronText **note)
{
  PatronText *said = NULL;
  memset (plan, 0, sizeof *plan);
  plan->type = PATRON_TYPE_TEXT;
  plan->form = patron_number_forms[0];
  if (stats->n_values == 0)
    said = NULL;
  else if (fits (stats, PATRON_GUESS_BOOLEAN))
    plan->type = PATRON_TYPE_BOOLEAN;
  else if (plan_date (stats, name, context, plan, &said))
    ;
  else if (fits (stats, PATRON_GUESS_DURATION))
    plan->type = PATRON_TYPE_DURATION;
  else if (!plan_number (stats, name, context, plan, &said) && said == NULL)
    said = near_miss (stats, name, context->sample);
  plan->keep_na = plan->type == PATRON_TYPE_TEXT && (!context->missing_given || (stats->n_values >= 20 && stats->n_two_letters == stats->n_values));
  if (note != NULL)
    *note = said;
  else
    patron_text_free (said);
}

void
patron_plan_given (const PatronTypeStats *stats, PatronType type, const PatronTypeContext *context, PatronColumnPlan *plan)
{
  memset (plan, 0, sizeof *plan);
  plan->type = type;
  plan->given = TRUE;
  plan->keep_na = !context->missing_given && (type == PATRON_TYPE_TEXT || type == PATRON_TYPE_CATEGORY);
  /* The form and the rule that the most values fit. */
  int best = PATRON_GUESS_NUMBER;
  for (int i = 0; i < PATRON_N_NUMBER_FORMS; i++)
    {
      gboolean allowed = !context->decimal_given || patron_number_forms[i].decimal == context->decimal;
      gboolean best_allowed = !context->decimal_given || patron_number_forms[best].decimal == context->decimal;
      if (allowed && (!best_allowed || stats->misfits[i].n < stats->misfits[best].n))
        best = i;
    }
  plan->form = patron_number_forms[best];
  if (context->grouping != '\0')
    plan->form.grouping = context->grouping;
  int rule = context->rule_given ? context->rule : PATRON_DATE_YMD;
  for (int i = 0; i < PATRON_DATE_N_RULES && !context->rule_given; i++)
    if (stats->misfits[PATRON_GUESS_DATE + i].n < stats->misfits[PATRON_GUESS_DATE + rule].n)
      rule = i;
  plan->rule = rule;
}
