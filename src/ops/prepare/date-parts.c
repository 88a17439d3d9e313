/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/columns.h"
#include "report/report.h"
#include "table/calendar.h"
#include "table/expression.h"
#include "table/parse-date.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  char column[PATRON_COLUMN_SIZE];
  bool year;
  bool quarter;
  bool month;
  bool week;
  bool weekday;
  bool day;
  bool day_of_year;
  bool weekend;
  bool hour;
  bool year_month;
  bool year_week;
  char as_of[64];
  char other[PATRON_COLUMN_SIZE];
  int  unit;
  bool until;
  char name[PATRON_COLUMN_SIZE];
  bool keep;
} DateParams;

static const PatronChoice units[] = {
  { "days", N_("Days") },
  { "weeks", N_("Weeks") },
  { "months", N_("Whole months") },
  { "quarters", N_("Whole quarters") },
  { "years", N_("Whole years (age)") },
  { NULL },
};

static gboolean
measures (gconstpointer params)
{
  const DateParams *date = params;
  return *date->as_of != '\0' || *date->other != '\0';
}

static const PatronParam date_params[] = {
  PATRON_PARAM_COLUMN (DateParams, column, .label = N_("Dates"), .help = N_("The column of dates, or of dates with a time."),
                       .accepts = PATRON_ACCEPT_DATE),
  PATRON_PARAM_BOOL (DateParams, year, .label = N_("Year"), .def = false, .help = N_("2011.")),
  PATRON_PARAM_BOOL (DateParams, quarter, .label = N_("Quarter"), .def = false, .help = N_("1 to 4.")),
  PATRON_PARAM_BOOL (DateParams, month, .label = N_("Month"), .def = false, .help = N_("1 to 12.")),
  PATRON_PARAM_BOOL (DateParams, week, .label = N_("Week"), .def = false,
                     .help = N_("1 to 53, by ISO 8601: weeks begin on Monday, and week 1 has the year's first Thursday.")),
  PATRON_PARAM_BOOL (DateParams, weekday, .label = N_("Weekday"), .def = false, .help = N_("1 is Monday, 7 Sunday.")),
  PATRON_PARAM_BOOL (DateParams, day, .label = N_("Day of the month"), .def = false, .help = N_("1 to 31.")),
  PATRON_PARAM_BOOL (DateParams, day_of_year, .label = N_("Day of the year"), .def = false, .advanced = true, .help = N_("1 to 366.")),
  PATRON_PARAM_BOOL (DateParams, weekend, .label = N_("Weekend"), .def = false, .help = N_("Whether it is a Saturday or Sunday.")),
  PATRON_PARAM_BOOL (DateParams, hour, .label = N_("Hour"), .def = false, .help = N_("0 to 23; for dates with a time only.")),
  PATRON_PARAM_BOOL (DateParams, year_month, .label = N_("Year and month"), .def = false,
                     .help = N_("A text such as 2011-02, in which months sort by time.")),
  PATRON_PARAM_BOOL (DateParams, year_week, .label = N_("Year and week"), .def = false, .advanced = true, .help = N_("A text such as 2011-W08.")),
  PATRON_PARAM_TEXT (
      DateParams, as_of, .label = N_("Time passed until the day"), .def_text = "", .holds = PATRON_HOLDS_DATE, .optional = true,
      .help = N_(
          "A day such as 2011-12-31: adds the time from the date to this day. A birthday becomes an age, a last order “days since”. Empty: none.")),
  PATRON_PARAM_COLUMN (DateParams, other, .label = N_("Time passed until the date in"), .optional = true, .accepts = PATRON_ACCEPT_DATE,
                       .help = N_("Adds the time from the date to the one in this other column. Empty: none.")),
  PATRON_PARAM_CHOICE (DateParams, unit, .label = N_("Time passed in"), .choices = units, .def = 0,
                       .help = N_("The unit of the time passed. Only whole units that have passed count."), .relevant = measures),
  PATRON_PARAM_BOOL (DateParams, until, .label = N_("Count forward"), .def = false, .advanced = true,
                     .help = N_("Positive when the date lies after the day (days until), instead of before it (days since)."), .relevant = measures),
  PATRON_PARAM_TEXT (DateParams, name, .label = N_("Beginning of the new names"), .def_text = "", .advanced = true,
                     .help = N_("The new columns are called this, “_” and the part. Empty: the name of the column.")),
  PATRON_PARAM_BOOL (DateParams, keep, .label = N_("Keep the column"), .def = true, .advanced = true,
                     .help = N_("Otherwise the column of dates is left out.")),
  PATRON_PARAM_END
};

/* Each part: its flag, the end of the new name and the formula, in which %s is the column. */
typedef struct
{
  gsize       flag;
  const char *suffix;
  const char *formula;
} Part;

static const Part parts[] = {
  { offsetof (DateParams, year), "year", "year (%s)" },
  { offsetof (DateParams, quarter), "quarter", "quarter (%s)" },
  { offsetof (DateParams, month), "month", "month (%s)" },
  { offsetof (DateParams, week), "week", "week (%s)" },
  { offsetof (DateParams, weekday), "weekday", "weekday (%s)" },
  { offsetof (DateParams, day), "day", "day (%s)" },
  { offsetof (DateParams, day_of_year), "day_of_year", "day_of_year (%s)" },
  { offsetof (DateParams, weekend), "weekend", "is_weekend (%s)" },
  { offsetof (DateParams, hour), "hour", "hour (%s)" },
  { offsetof (DateParams, year_month), "year_month", "text (%s, \"%%Y-%%m\")" },
  { offsetof (DateParams, year_week), "year_week", "text (%s, \"%%G-W%%V\")" },
};

static gboolean
is_on (const DateParams *date, const Part *part)
{
  return *(const bool *) ((const char *) date + part->flag);
}

static guint
count_on (const DateParams *date)
{
  guint n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    n += is_on (date, parts + i);
  return n;
}

/* The formula with the column's name at its one %s; %% is a percent sign. */
static char *
fill_in (const char *formula, const char *name)
{
  GString *text = g_string_new (NULL);
  for (const char *c = formula; *c != '\0'; c++)
    if (*c != '%')
      g_string_append_c (text, *c);
    else
      g_string_append (text, *++c == 's' ? name : "%");
  return g_string_free (text, FALSE);
}

/* Whole units from the date to the day, or to the other column. */
static char *
passed_formula (const DateParams *date, const char *column, const char *other)
{
  g_autofree char *from = g_strdup_printf ("date (%s)", column);
  g_autofree char *to = other != NULL ? g_strdup_printf ("date (%s)", other) : g_strdup_printf ("date (\"%s\")", date->as_of);
  return g_strdup_printf ("date_diff (%s, %s, \"%s\")", date->until ? to : from, date->until ? from : to, units[date->unit].id);
}

static char *
date_check (const PatronInput *input, gconstpointer params)
{
  const DateParams *date = params;
  PatronDateValue value;
  PatronColumn *column = patron_table_find (input->table, date->column);
  if (count_on (date) == 0 && !measures (date))
    return g_strdup (_("Nothing is chosen: expected a part such as the month, or a day to count to."));
  if (*date->as_of != '\0'
      && (!patron_parse_date (date->as_of, strlen (date->as_of), PATRON_DATE_YMD, &value) || strlen (date->as_of) != 10 || date->as_of[4] != '-'))
    return g_strdup_printf (_("Time passed until the day: expected a day such as 2011-12-31, but found “%s”."), date->as_of);
  if (date->hour && column != NULL && patron_column_get_type (column) == PATRON_TYPE_DATE)
    return g_strdup_printf (_("Hour: column “%s” holds days without a time."), date->column);
  return NULL;
}

static gboolean
add_column (PatronTable **table, PatronTable *source, const char *name, const char *formula, PatronRun *run, GError **error)
{
  g_autoptr (PatronExpression) expression = patron_expression_parse (formula, source, error);
  PatronColumn *column = expression != NULL ? patron_expression_compute (expression, name, run, error) : NULL;
  if (column == NULL)
    return FALSE;
  if (patron_column_get_type (column) == PATRON_TYPE_TEXT)
    {
      PatronColumn *category = patron_column_retype (column, PATRON_TYPE_CATEGORY);
      patron_column_unref (column);
      column = category;
    }
  patron_prepare_put (table, column);
  return TRUE;
}

/* Adds the time passed, and says when some of it is negative. */
static gboolean
add_passed (PatronTable **table, PatronTable *source, const DateParams *date, const char *prefix, const char *column, const char *other,
            PatronReport *report, PatronRun *run, GError **error)
{
  g_autofree char *quoted = other != NULL ? patron_expression_quote_name (other) : NULL;
  g_autofree char *formula = passed_formula (date, column, quoted);
  const char *relation = date->until ? "until" : date->unit == 4 && other == NULL ? "age" : "since";
  g_autofree char *wanted = g_str_equal (relation, "age") ? g_strdup_printf ("%s_age", prefix)
                            : other != NULL               ? g_strdup_printf ("%s_%s_to_%s", prefix, units[date->unit].id, other)
                                                          : g_strdup_printf ("%s_%s_%s", prefix, units[date->unit].id, relation);
  if (!add_column (table, source, wanted, formula, run, error))
    return FALSE;
  g_autofree char *column_name = patron_expression_quote_name (wanted);
  g_autofree char *negative = g_strdup_printf ("sum (integer (%s < 0))", column_name);
  g_autoptr (PatronExpression) expression = patron_table_n_rows (*table) > 0 ? patron_expression_parse (negative, *table, NULL) : NULL;
  g_autoptr (PatronColumn) count = expression != NULL ? patron_expression_compute (expression, "n", run, NULL) : NULL;
  gint64 n = 0;
  if (count != NULL && patron_column_read (count, 0, 1, &n, NULL) && n > 0)
    patron_report_add_note (report, patron_text (date->until ? N_("{name} is negative in {n} {n|row|rows}: the date lies before the day.")
                                                             : N_("{name} is negative in {n} {n|row|rows}: the date lies after the day."),
                                                 "name", PATRON_STRING (wanted), "n", PATRON_COUNT (n), NULL));
  return TRUE;
}

static PatronTable *
date_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const DateParams *date = params;
  const char *prefix = *date->name != '\0' ? date->name : date->column;
  g_autoptr (PatronTable) table = patron_table_ref (input->table);
  g_autofree char *column = patron_expression_quote_name (date->column);
  guint before = patron_table_n_columns (table);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s_%s", prefix, parts[i].suffix);
      g_autofree char *formula = fill_in (parts[i].formula, column);
      if (is_on (date, parts + i) && !add_column (&table, input->table, name, formula, run, error))
        return NULL;
    }
  if (*date->as_of != '\0' && !add_passed (&table, input->table, date, prefix, column, NULL, report, run, error))
    return NULL;
  if (*date->other != '\0' && !add_passed (&table, input->table, date, prefix, column, date->other, report, run, error))
    return NULL;
  patron_report_add_note (report, patron_text (N_("{column} gave {n} new {n|column|columns}."), "column", PATRON_STRING (date->column), "n",
                                               PATRON_COUNT (patron_table_n_columns (table) - before), NULL));
  gsize n_missing;
  if (!patron_column_count_missing (patron_table_find (input->table, date->column), &n_missing, error))
    return NULL;
  if (n_missing > 0)
    patron_report_add_note (report,
                            patron_text (N_("They are missing in the {n} {n|row|rows} without a date."), "n", PATRON_COUNT (n_missing), NULL));
  if (!date->keep)
    patron_prepare_drop (&table, date->column);
  return g_steal_pointer (&table);
}

static PatronText *
date_sentence (gconstpointer params)
{
  const DateParams *date = params;
  if (count_on (date) == 0 && *date->as_of != '\0')
    return patron_text (date->unit == 4 ? N_("Age of {column} on {day}") : N_("Time from {column} to {day}"), "column",
                        PATRON_STRING (date->column), "day", PATRON_STRING (date->as_of), NULL);
  if (count_on (date) == 0 && *date->other != '\0')
    return patron_text (N_("Time from {column} to {other}"), "column", PATRON_STRING (date->column), "other", PATRON_STRING (date->other), NULL);
  return patron_text (N_("Take {column} apart into {n} {n|part|parts}"), "column", PATRON_STRING (date->column), "n",
                      PATRON_COUNT (count_on (date) + (*date->as_of != '\0') + (*date->other != '\0')), NULL);
}

static const PatronPrepare date_prepare = { .rows = PATRON_ROWS_KEPT, .apply = date_apply, .sentence = date_sentence };

extern const PatronOp patron_op_date_parts;
const PatronOp patron_op_date_parts = {
  .id = "date-parts",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Parts of dates"),
  .question = N_("How do I get months, weekdays, ages and days since out of a date?"),
  .summary = N_("Adds year, month, week, weekday … of a date, or the time passed until a day."),
  .help = N_("Months and weekdays show seasons; the time passed since the last order shows who drifts away; a birthday becomes an age.\n\nThe day "
             "to count to is fixed on purpose: with "
             "“today” the same steps would give other values tomorrow, and a model trained on them would not know. Months, quarters and years count "
             "when they are over: from 15 January to 14 "
             "March one month has passed. The time of day is not looked at."),
  .reference = "ISO 8601 for weeks",
  .params = date_params,
  .params_size = sizeof (DateParams),
  .example = "column=order_date\nmonth=true\nweekday=true\nas-of=2024-12-31",
  .icon = "x-office-calendar-symbolic",
  .check = date_check,
  .prepare = &date_prepare,
};
