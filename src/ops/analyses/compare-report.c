/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/compare-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* ---- words ------------------------------------------------------------------------------------------------ */

const char *
patron_compared_test (const PatronCompared *c)
{
  static const char *const two[] = { "", N_("Welch's t"), N_("Student's t"), N_("Mann–Whitney U") };
  static const char *const more[] = { "", N_("Welch's analysis of variance"), N_("Analysis of variance"), N_("Kruskal–Wallis H") };
  if (c->categories)
    return c->sampled ? N_("Fisher's exact test, by random tables") : c->exact ? N_("Fisher's exact test") : N_("Chi-squared");
  return c->n_tested == 2 ? two[c->method] : c->n_tested > 2 ? more[c->method] : N_("Too few values");
}

const char *
patron_compared_effect (const PatronCompared *c)
{
  if (c->categories)
    return N_("Cramér's V");
  if (c->method == PATRON_COMPARE_RANKS)
    return c->n_tested == 2 ? N_("Rank-biserial r") : N_("ε²");
  return c->n_tested == 2 ? N_("Hedges' g") : N_("ω²");
}

/* J. Cohen's bounds (1988). Those of tables are of w, which V is where a side of the table is two: χ² = n w² = n V² (shorter side - 1). */
const char *
patron_compared_size (const PatronCompared *c)
{
  static const double g[] = { 0.2, 0.5, 0.8 }, share[] = { 0.01, 0.06, 0.14 }, r[] = { 0.1, 0.3, 0.5 };
  const double *bounds = c->categories || (c->method == PATRON_COMPARE_RANKS && c->n_tested == 2) ? r : c->n_tested == 2 ? g : share;
  double effect = fabs (c->effect);
  if (c->categories && c->table.v > 0)
    effect *= sqrt (c->table.chi_squared / c->table.n) / c->table.v;
  if (isnan (effect))
    return "";
  return effect < bounds[0] ? N_("negligible") : effect < bounds[1] ? N_("small") : effect < bounds[2] ? N_("medium") : N_("large");
}

static gboolean
differs (const PatronCompared *c)
{
  return c->adjusted < 0.05;
}

/* Clearest first: by corrected p, then by how large the difference is within its kind. */
static int
compare_clarity (gconstpointer a, gconstpointer b, gpointer data)
{
  const PatronCompared *columns = data, *x = &columns[*(const guint *) a], *y = &columns[*(const guint *) b];
  double px = isnan (x->p) ? 2 : x->p, py = isnan (y->p) ? 2 : y->p;
  if (px != py)
    return px < py ? -1 : 1;
  double ex = isnan (x->effect) ? 0 : fabs (x->effect), ey = isnan (y->effect) ? 0 : fabs (y->effect);
  return ex > ey ? -1 : ex < ey ? 1 : (int) *(const guint *) a - (int) *(const guint *) b;
}

/* ---- headline --------------------------------------------------------------------------------------------- */

static PatronText *
one_of_two (const PatronComparison *self, const PatronCompared *c)
{
  guint a = c->tested_groups[0], b = c->tested_groups[1];
  gboolean ranks = c->method == PATRON_COMPARE_RANKS, first = ranks ? c->effect >= 0 : c->tested[0].mean >= c->tested[1].mean;
  guint more = first ? 0 : 1, less = 1 - more;
  g_autofree char *high = patron_text_render (self->groups.names->pdata[more == 0 ? a : b]),
    *low = patron_text_render (self->groups.names->pdata[less == 0 ? a : b]);
  double x = ranks ? c->tested[more].median : c->tested[more].mean, y = ranks ? c->tested[less].median : c->tested[less].mean;
  const char *column = patron_column_get_name (c->column);
  if (!differs (c))
    return patron_text (ranks ? N_("No clear difference in “{column}”: medians {x} ({high}) and {y} ({low}), p = {p}.")
                              : N_("No clear difference in “{column}”: means {x} ({high}) and {y} ({low}), p = {p}."),
                        "column", PATRON_STRING (column), "x", PATRON_NUMBER (x), "high", PATRON_STRING (high), "y", PATRON_NUMBER (y), "low",
                          PATRON_STRING (low),
                        "p", PATRON_P_VALUE (c->adjusted), NULL);
  if (ranks)
    return patron_text (N_("“{column}” is higher in group {high} (median {x}) than in {low} (median {y}): a {size} difference that chance hardly "
                           "explains (p {p})."),
                        "column", PATRON_STRING (column), "high", PATRON_STRING (high), "x", PATRON_NUMBER (x), "low", PATRON_STRING (low), "y",
                          PATRON_NUMBER (y),
                        "size", PATRON_MSGID (patron_compared_size (c)), "p", PATRON_P_VALUE (c->adjusted), NULL);
  double from = first ? c->test.difference_low : -c->test.difference_high, to = first ? c->test.difference_high : -c->test.difference_low;
  if (isnan (from))
    from = to = x - y;
  return patron_text (N_("“{column}” is higher in group {high} (mean {x}) than in {low} (mean {y}), by {from} to {to}: a {size} difference that "
                         "chance hardly explains (p {p})."),
                      "column", PATRON_STRING (column), "high", PATRON_STRING (high), "x", PATRON_NUMBER (x), "low", PATRON_STRING (low), "y",
                        PATRON_NUMBER (y),
                      "from", PATRON_NUMBER (from), "to", PATRON_NUMBER (to), "size", PATRON_MSGID (patron_compared_size (c)), "p",
                        PATRON_P_VALUE (c->adjusted), NULL);
}

static PatronText *
one_of_many (const PatronComparison *self, const PatronCompared *c)
{
  const char *column = patron_column_get_name (c->column), *by = patron_column_get_name (self->by);
  if (isnan (c->p))
    return patron_text (N_("“{column}” has too few values in the groups of “{by}” to be compared."), "column", PATRON_STRING (column), "by",
                        PATRON_STRING (by), NULL);
  return patron_text (differs (c)
                      ? N_("“{column}” differs between the groups of “{by}”: a {size} difference ({measure} {effect}) that chance hardly explains (p "
                           "{p}).")
                                  : N_("No clear difference in “{column}” between the groups of “{by}” ({measure} {effect}, p {p})."),
                      "column", PATRON_STRING (column), "by", PATRON_STRING (by), "size", PATRON_MSGID (patron_compared_size (c)),
                      "measure", PATRON_MSGID (patron_compared_effect (c)), "effect", PATRON_NUMBER (c->effect), "p", PATRON_P_VALUE (c->adjusted),
                        NULL);
}

static void
add_headline (const PatronComparison *self, const guint *order, PatronReport *report)
{
  guint n_differ = 0;
  const PatronCompared *best = &self->columns[order[0]];
  for (guint i = 0; i < self->n_columns; i++)
    n_differ += differs (&self->columns[i]);
  patron_report_set_title (report, patron_text (N_("Groups of {by} compared"), "by", PATRON_STRING (patron_column_get_name (self->by)), NULL));
  if (self->n_columns == 1)
    patron_report_set_headline (report, !best->categories && best->n_tested == 2 && !isnan (best->p) ? one_of_two (self, best)
                                : one_of_many (self, best));
  else if (n_differ == 0)
    patron_report_set_headline (report, patron_text (N_("None of {n} columns differs clearly between the {k} groups of “{by}”."), "n",
                                                     PATRON_COUNT (self->n_columns),
                                                     "k", PATRON_COUNT (self->k), "by", PATRON_STRING (patron_column_get_name (self->by)), NULL));
  else
    patron_report_set_headline (report, patron_text (
      N_("{m} of {n} columns {m|differs|differ} between the {k} groups of “{by}”, most clearly “{best}”: a {size} difference ({measure} {effect})."),
      "m", PATRON_COUNT (n_differ), "n", PATRON_COUNT (self->n_columns), "k", PATRON_COUNT (self->k), "by",
        PATRON_STRING (patron_column_get_name (self->by)),
      "best", PATRON_STRING (patron_column_get_name (best->column)), "size", PATRON_MSGID (patron_compared_size (best)),
      "measure", PATRON_MSGID (patron_compared_effect (best)), "effect", PATRON_NUMBER (best->effect), NULL));
  patron_report_add_figure (report, "n_groups", patron_text (N_("Groups"), NULL), PATRON_FORMAT_COUNT, self->k)->headline = TRUE;
  patron_report_add_figure (report, "n_columns", patron_text (N_("Columns compared"), NULL), PATRON_FORMAT_COUNT, self->n_columns)->headline = TRUE;
  patron_report_add_figure (report, "n_differ", patron_text (N_("Columns that differ"), NULL), PATRON_FORMAT_COUNT, n_differ)->headline = TRUE;
  PatronFigure *p = patron_report_add_figure (report, "p", patron_text (N_("p of the clearest"), NULL), PATRON_FORMAT_P_VALUE, best->p);
  p->note = patron_text (N_("The chance of a difference at least as large between groups that are alike, before correction."), NULL);
  PatronFigure *effect = patron_report_add_figure (report, "effect", patron_text (patron_compared_effect (best), NULL), PATRON_FORMAT_NUMBER,
                                                   best->effect);
  effect->low = best->low;
  effect->high = best->high;
  effect->headline = TRUE;
  effect->note = patron_text (N_("How large the clearest difference is, with its 95% interval: “{column}”."), "column",
                              PATRON_STRING (patron_column_get_name (best->column)), NULL);
}

/* ---- all columns ------------------------------------------------------------------------------------------ */

static void
add_summary (const PatronComparison *self, const guint *order, PatronReport *report)
{
  static const char *const captions[] = { N_("The clearest first. “from” and “to” are the 95% interval; p is corrected for {n} columns by Holm."),
                                          N_("The clearest first. “from” and “to” are the 95% interval; p is corrected for {n} columns by Benjamini and "
                                             "Hochberg."),
                                          N_("The clearest first. “from” and “to” are the 95% interval; p is not corrected for {n} columns.") };
  PatronReportTable *table = patron_report_add_table (report, "comparison", patron_text (N_("All columns"), NULL));
  patron_report_table_add_column (table, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "word", patron_text (N_("In words"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (table, "measure", patron_text (N_("Effect"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (table, "effect", patron_text (N_("Size"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "low", patron_text (N_("from"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "high", patron_text (N_("to"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "p_adjusted", patron_text (N_("p, corrected"), NULL), PATRON_FORMAT_P_VALUE);
  patron_report_table_add_column (table, "p", patron_text (N_("p"), NULL), PATRON_FORMAT_P_VALUE);
  patron_report_table_add_column (table, "statistic", patron_text (N_("Statistic"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "n", patron_text (N_("Rows"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "test", patron_text (N_("Test"), NULL), PATRON_FORMAT_MSGID);
  for (guint i = 0; i < self->n_columns; i++)
    {
      const PatronCompared *c = &self->columns[order[i]];
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, patron_column_get_name (c->column));
      patron_report_table_add_text (table, patron_text (patron_compared_size (c), NULL));
      patron_report_table_add_text (table, patron_text (patron_compared_effect (c), NULL));
      patron_report_table_add_number (table, c->effect);
      patron_report_table_add_number (table, c->low);
      patron_report_table_add_number (table, c->high);
      patron_report_table_add_number (table, c->adjusted);
      patron_report_table_add_number (table, c->p);
      patron_report_table_add_number (table, c->categories ? c->table.chi_squared : c->test.statistic);
      patron_report_table_add_number (table, (double) c->n);
      patron_report_table_add_text (table, patron_text (patron_compared_test (c), NULL));
    }
  patron_report_table_set_caption (table, patron_text (captions[self->params->correction], "n", PATRON_COUNT (self->n_columns), NULL));
}

static void
add_notes (const PatronComparison *self, PatronReport *report)
{
  const char *by = patron_column_get_name (self->by);
  if (self->n_left_out > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|column has|columns have} more than 200 different values and {n|is|are} not compared."),
                                                 "n", PATRON_COUNT (self->n_left_out), NULL));
  if (self->n_constant > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|column has|columns have} only one value, or too few in the groups, and {n|is|are} not "
                                                    "compared."), "n", PATRON_COUNT (self->n_constant), NULL));
  if (self->n_other_rows > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|row belongs|rows belong} to smaller groups of “{by}” that are not compared."), "n",
                                                 PATRON_COUNT (self->n_other_rows),
                                                 "by", PATRON_STRING (by), NULL));
  if (self->n_columns > 0)
    patron_report_add_note (report,
                            patron_text (N_("A difference between groups is not a cause: groups that were not formed at random may differ in much "
                                            "else."), NULL));
}

gboolean
patron_comparison_report (const PatronComparison *self, PatronRun *run, PatronReport *report, GError **error)
{
  g_autofree guint *order = g_new (guint, self->n_columns + 1);
  for (guint i = 0; i < self->n_columns; i++)
    order[i] = i;
  if (self->n_columns == 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                   _("There is no column to compare: name numbers or categories with at most 200 different values."));
      return FALSE;
    }
  g_qsort_with_data (order, self->n_columns, sizeof *order, compare_clarity, self->columns);
  add_headline (self, order, report);
  if (self->n_columns > 1)
    add_summary (self, order, report);
  for (guint i = 0; i < MIN (self->n_columns, (guint) self->params->details); i++)
    if (!isnan (self->columns[order[i]].p) && (!patron_run_check (run, error)
                                               || !patron_comparison_detail (self, &self->columns[order[i]], report, error)))
      return FALSE;
  if (self->n_columns == 1)
    add_summary (self, order, report);
  add_notes (self, report);
  return TRUE;
}
