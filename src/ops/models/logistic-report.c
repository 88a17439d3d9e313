/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/logistic-regression.h"

#include "ops/measures/quality.h"
#include "table/roles.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

enum { MAX_WORDS = 4 };
/* The column of a row for a reference level. */
#define REFERENCE (G_MAXSIZE - 1)

static const PatronLogisticTerm *
term_at (const PatronLogisticPage *page, guint i)
{
  return &g_array_index (page->inference->terms, PatronLogisticTerm, i);
}

static const char *
equation_class (const PatronLogisticPage *page, guint equation)
{
  return page->class_names[page->inference->fit->classes[equation]];
}

/* ---- figures ------------------------------------------------------------------------------------------------------ */

static void
add_figure (const PatronLogisticPage *page, const char *id, const char *label, PatronFormat format, double value, const char *note)
{
  if (isnan (value))
    return;
  patron_report_add_figure (page->report, id, patron_text (label, NULL), format, value)->note = patron_text (note, NULL);
}

static void
summary_figures (const PatronLogisticPage *page)
{
  const PatronLogisticInference *in = page->inference;

  add_figure (page, "mcfadden_r_squared", N_("McFadden’s R²"), PATRON_FORMAT_NUMBER, in->mcfadden,
              N_("1 - log likelihood / log likelihood of the intercepts alone, in the rows fitted. Not a share of variation: 0.2 to 0.4 is a very "
                 "good fit."));
  add_figure (page, "nagelkerke_r_squared", N_("Nagelkerke’s R²"), PATRON_FORMAT_NUMBER, in->nagelkerke,
              N_("The gain in likelihood by row, brought to a scale where 1 is a perfect fit."));
  add_figure (page, "deviance", N_("Deviance"), PATRON_FORMAT_NUMBER, in->deviance, N_("-2 log likelihood of the rows fitted: smaller is better."));
  add_figure (page, "null_deviance", N_("Deviance of the intercepts alone"), PATRON_FORMAT_NUMBER, in->null_deviance,
              N_("What the deviance is when every row gets the shares of the classes."));
  add_figure (page, "lr_chi_squared", N_("Likelihood ratio χ²"), PATRON_FORMAT_NUMBER, in->lr, N_("By how much the inputs lower the deviance."));
  if (!isnan (in->lr))
    add_figure (page, "lr_df", N_("Degrees of freedom"), PATRON_FORMAT_COUNT, (double) in->df, N_("Coefficients beside the intercepts."));
  add_figure (page, "lr_p", N_("p of the likelihood ratio"), PATRON_FORMAT_P_VALUE, in->lr_p,
              N_("How often chance alone would make all inputs together look this good."));
  add_figure (page, "aic", N_("AIC"), PATRON_FORMAT_NUMBER, in->aic,
              N_("-2 log likelihood + 2 × coefficients: compare models of the same rows, smaller is better."));
  add_figure (page, "bic", N_("BIC"), PATRON_FORMAT_NUMBER, in->bic,
              N_("-2 log likelihood + log (rows) × coefficients: like AIC, but penalises large models more."));
  if (in->fit->ridge > 0)
    add_figure (page, "penalty", N_("Penalty"), PATRON_FORMAT_NUMBER, in->fit->ridge,
                N_("On the squares of the coefficients of columns at equal spread."));
  add_figure (page, "iterations", N_("Iterations"), PATRON_FORMAT_COUNT, in->fit->iterations,
              N_("Passes until the coefficients stayed as they were."));
}

/* ---- the table ----------------------------------------------------------------------------------------------------- */

static void
add_cells (const PatronLogisticPage *page, PatronReportTable *table, const PatronLogisticTerm *term)
{
  const gboolean level = term->column == G_MAXSIZE, errors = page->inference->errors;

  patron_report_table_add_number (table, term->estimate);
  if (errors)
    {
      patron_report_table_add_number (table, term->se);
      patron_report_table_add_number (table, term->z);
      patron_report_table_add_number (table, term->p);
    }
  patron_report_table_add_number (table, exp (term->estimate));
  if (errors)
    {
      patron_report_table_add_number (table, term->low);
      patron_report_table_add_number (table, term->high);
      patron_report_table_add_number (table, term->p_adjusted);
    }
  patron_report_table_add_number (table, level || term->column == REFERENCE ? NAN : exp (patron_logistic_step (page, term->column) * term->estimate));
  if (page->inference->fit->n_classes == 2)
    patron_report_table_add_number (table, level ? NAN : term->effect);
  patron_report_table_add_number (table, term->vif);
}

/* The level that the others of a category are compared with. */
static void
reference_row (const PatronLogisticPage *page, PatronReportTable *table, const PatronDesignSource *source, guint equation)
{
  const PatronLogisticTerm term = { .equation = equation, .column = REFERENCE, .estimate = 0, .se = NAN, .z = NAN, .p = NAN, .low = NAN,
                                    .high = NAN, .p_adjusted = NAN, .effect = NAN, .vif = NAN };

  patron_report_table_add_row (table);
  if (page->inference->fit->n_equations > 1)
    patron_report_table_add_string (table, equation_class (page, equation));
  patron_report_table_add_text (table, patron_text (N_("{column}: {level} (reference)"), "column", PATRON_STRING (source->name), "level",
                                                    PATRON_STRING (source->levels[0]), NULL));
  add_cells (page, table, &term);
}

static void
term_row (const PatronLogisticPage *page, PatronReportTable *table, const PatronLogisticTerm *term)
{
  patron_report_table_add_row (table);
  if (page->inference->fit->n_equations > 1)
    patron_report_table_add_string (table, equation_class (page, term->equation));
  if (term->column == G_MAXSIZE)
    patron_report_table_add_text (table, patron_text (N_("(Intercept)"), NULL));
  else
    patron_report_table_add_string (table, patron_design_column (page->design, (guint) term->column)->name);
  add_cells (page, table, term);
}

static void
table_columns (const PatronLogisticPage *page, PatronReportTable *table)
{
  static const struct { const char *id, *label; PatronFormat format; gboolean error, many, two; } columns[] = {
    { "class", N_("Class"), PATRON_FORMAT_TEXT, .many = TRUE }, { "term", N_("Term"), PATRON_FORMAT_TEXT },
    { "estimate", N_("Estimate"), PATRON_FORMAT_NUMBER }, { "se", N_("Std. error"), PATRON_FORMAT_NUMBER, .error = TRUE },
    { "z", N_("z"), PATRON_FORMAT_NUMBER, .error = TRUE }, { "p", N_("p"), PATRON_FORMAT_P_VALUE, .error = TRUE },
    { "odds_ratio", N_("Odds ratio"), PATRON_FORMAT_NUMBER }, { "low", N_("Low"), PATRON_FORMAT_NUMBER, .error = TRUE },
    { "high", N_("High"), PATRON_FORMAT_NUMBER, .error = TRUE }, { "p_adjusted", N_("p adjusted"), PATRON_FORMAT_P_VALUE, .error = TRUE },
    { "step_ratio", N_("Ratio of a step"), PATRON_FORMAT_NUMBER },
    { "effect", N_("Average effect"), PATRON_FORMAT_NUMBER, .two = TRUE }, { "vif", N_("VIF"), PATRON_FORMAT_NUMBER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    if ((!columns[i].error || page->inference->errors) && (!columns[i].many || page->inference->fit->n_equations > 1)
        && (!columns[i].two || page->inference->fit->n_classes == 2))
      patron_report_table_add_column (table, columns[i].id, patron_text (columns[i].label, NULL), columns[i].format);
}

static PatronText *
table_caption (const PatronLogisticPage *page)
{
  const PatronLogistic *fit = page->inference->fit;
  const char *class = equation_class (page, 0), *reference = page->class_names[fit->reference];

  if (!page->inference->errors)
    return patron_text (N_("Odds ratio: factor on the odds against {reference} for one unit more, other inputs equal; estimate: its logarithm. "
                           "Ratio of a step: for one standard deviation more. There are no intervals; the notes say why. VIF above 10: the input "
                           "is hard to tell from others."), "reference", PATRON_STRING (reference), NULL);
  if (fit->n_classes > 2)
    return patron_text (N_("Odds ratio: factor on the odds of the class against {reference} for one unit more, other inputs equal; estimate: its "
                           "logarithm. Low to high: its {level} interval (Wald). p adjusted allows for all tests of the table. Ratio of a step: "
                           "for one standard deviation more. VIF above 10: the input is hard to tell from others."), "reference",
                           PATRON_STRING (reference), "level", PATRON_PERCENT (page->params->confidence), NULL);
  return patron_text (N_("Odds ratio: factor on the odds of {class} against {reference} for one unit more, other inputs equal; estimate: its "
                         "logarithm. Low to high: its {level} interval (Wald). p adjusted allows for all tests of the table. Ratio of a step: for "
                         "one standard deviation more. Average effect: change of the probability for one unit more. VIF above 10: the input is "
                         "hard to tell from others."), "class", PATRON_STRING (class), "reference", PATRON_STRING (reference), "level",
                      PATRON_PERCENT (page->params->confidence), NULL);
}

static void
coefficient_table (const PatronLogisticPage *page)
{
  PatronReportTable *table = patron_report_add_table (page->report, "coefficients", patron_text (N_("Coefficients"), NULL));
  guint last = G_MAXUINT;

  patron_report_table_set_caption (table, table_caption (page));
  table_columns (page, table);
  for (guint i = 0; i < page->inference->terms->len; i++)
    {
      const PatronLogisticTerm *term = term_at (page, i);
      if (term->column == G_MAXSIZE)
        last = G_MAXUINT;
      else
        {
          const guint at = patron_design_column (page->design, (guint) term->column)->source;
          const PatronDesignSource *source = patron_design_source (page->design, at);
          if (at != last && source->levels != NULL && patron_design_column (page->design, (guint) term->column)->level >= 0)
            reference_row (page, table, source, term->equation);
          last = at;
        }
      term_row (page, table, term);
    }
}

static void
influence_table (const PatronLogisticPage *page, const PatronLogisticRows *data, const guint32 *rows)
{
  const GArray *found = page->inference->influential;

  if (found->len == 0)
    return;
  PatronReportTable *table = patron_report_add_table (page->report, "influential", patron_text (N_("Rows that decide most"), NULL));
  patron_report_table_set_caption (table, patron_text (
    N_("Cook's distance says how far the result moves without the row; above 1 look at it: is it an error, or a customer of another kind?"), NULL));
  patron_report_table_add_column (table, "row", patron_text (N_("Row"), NULL), PATRON_FORMAT_EXACT);
  patron_report_table_add_column (table, "actual", patron_text (N_("Actual"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "probability", patron_text (N_("Probability of {class}"), "class", PATRON_STRING (equation_class (page, 0)),
                                                                     NULL), PATRON_FORMAT_PERCENT);
  patron_report_table_add_column (table, "leverage", patron_text (N_("Leverage"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "cook", patron_text (N_("Cook's distance"), NULL), PATRON_FORMAT_NUMBER)->bar = TRUE;
  for (guint i = 0; i < found->len; i++)
    {
      const PatronLogisticInfluence *at = &g_array_index (found, PatronLogisticInfluence, i);
      patron_report_table_add_row (table);
      patron_report_table_add_number (table, (double) (rows != NULL ? rows[at->row] : at->row) + 1);
      patron_report_table_add_string (table, page->class_names[(gsize) data->y[at->row]]);
      patron_report_table_add_number (table, at->probability);
      patron_report_table_add_number (table, at->leverage);
      patron_report_table_add_number (table, at->cook);
    }
}

/* ---- in words -------------------------------------------------------------------------------------------------------- */

static int
compare_strength (gconstpointer a, gconstpointer b)
{
  const PatronLogisticTerm *x = *(PatronLogisticTerm *const *) a, *y = *(PatronLogisticTerm *const *) b;
  return x->strength != y->strength ? (x->strength < y->strength) - (x->strength > y->strength) : (x->column > y->column) - (x->column < y->column);
}

/* Of the columns, the clearest effect first. */
static GPtrArray *
by_strength (const PatronLogisticPage *page)
{
  GPtrArray *order = g_ptr_array_new ();

  for (guint i = 0; i < page->inference->terms->len; i++)
    if (term_at (page, i)->column != G_MAXSIZE && !isnan (term_at (page, i)->estimate))
      g_ptr_array_add (order, (gpointer) term_at (page, i));
  g_ptr_array_sort (order, compare_strength);
  return order;
}

static PatronText *
effect_in_words (const PatronLogisticPage *page, const PatronLogisticTerm *term)
{
  const PatronDesignColumn *column = patron_design_column (page->design, (guint) term->column);
  const PatronDesignSource *source = patron_design_source (page->design, column->source);
  const char *class = equation_class (page, term->equation), *against = page->class_names[page->inference->fit->reference];

  if (column->level >= 0 && source->levels != NULL)
    return patron_text (N_("{column} {level} instead of {reference}: odds of {class} against {other} × {ratio} ({low} to {high}), other inputs "
                           "equal."), "column",
                        PATRON_STRING (source->name), "level", PATRON_STRING (source->levels[column->level]), "reference",
                        PATRON_STRING (source->levels[0]), "class", PATRON_STRING (class), "other", PATRON_STRING (against), "ratio",
                        PATRON_NUMBER (exp (term->estimate)), "low", PATRON_NUMBER (term->low), "high", PATRON_NUMBER (term->high), NULL);
  const double step = patron_logistic_step (page, term->column);
  return patron_text (N_("{step} more of {column}: odds of {class} against {other} × {ratio} ({low} to {high}), other inputs equal."), "step",
                      PATRON_NUMBER (step), "column", PATRON_STRING (column->name), "class", PATRON_STRING (class), "other", PATRON_STRING (against),
                      "ratio", PATRON_NUMBER (exp (step * term->estimate)), "low", PATRON_NUMBER (pow (term->low, step)), "high",
                      PATRON_NUMBER (pow (term->high, step)), NULL);
}

static void
write_words (const PatronLogisticPage *page, const GPtrArray *order)
{
  gsize clear = 0;
  guint written = 0;

  patron_report_add_heading (page->report, patron_text (N_("What goes with {target}"), "target", PATRON_STRING (page->target), NULL));
  if (!page->inference->errors)
    {
      patron_report_add_text (page->report, patron_text (
        N_("The odds ratios say which way each input goes; how sure they are is not known here. Effects are associations, not proof of cause."),
        NULL));
      return;
    }
  for (guint i = 0; i < order->len; i++)
    clear += ((const PatronLogisticTerm *) order->pdata[i])->p_adjusted < 0.05;
  patron_report_add_text (page->report, patron_text (
    N_("{clear} of {n} {n|effect is|effects are} clearly not 0 (adjusted p below 0.05). Effects are associations, not proof of cause."), "clear",
    PATRON_COUNT (clear), "n", PATRON_COUNT (order->len), NULL));
  for (guint i = 0; i < order->len && written < MAX_WORDS; i++)
    {
      const PatronLogisticTerm *term = order->pdata[i];
      if (!(term->p_adjusted < 0.05))
        continue;
      patron_report_add_text (page->report, effect_in_words (page, term));
      written++;
    }
}

/* The first columns by strength whose effect is clear, or simply the first where that is not known. */
static const char *
strongest_source (const PatronLogisticPage *page, const GPtrArray *order, const char *but)
{
  for (guint i = 0; i < order->len; i++)
    {
      const PatronLogisticTerm *term = order->pdata[i];
      const char *name = patron_design_source (page->design, patron_design_column (page->design, (guint) term->column)->source)->name;
      if (name != but && (!page->inference->errors || term->p_adjusted < 0.05))
        return name;
    }
  return NULL;
}

static void
set_headline (const PatronLogisticPage *page, const GPtrArray *order)
{
  const PatronLogistic *fit = page->inference->fit;
  const char *first = strongest_source (page, order, NULL), *second = first != NULL ? strongest_source (page, order, first) : NULL;
  guint class = fit->classes[0];

  for (guint c = 0; fit->n_classes > 2 && c < fit->n_classes; c++)
    if (fit->class_weights[c] > fit->class_weights[class])
      class = c;
  const char *name = page->class_names[class];
  const double share = fit->class_weights[class] / fit->weight;
  const gboolean frequencies = page->params->class_weight == PATRON_LOGISTIC_WEIGHT_NONE;
  if (frequencies && first != NULL && second == NULL)
    patron_report_set_headline (page->report, patron_text (
      N_("“{target}” is {class} for {share} of {n} rows; it goes most with “{a}”."), "target", PATRON_STRING (page->target), "class",
      PATRON_STRING (name), "share", PATRON_PERCENT (share), "n", PATRON_COUNT (fit->n), "a", PATRON_STRING (first), NULL));
  else if (!frequencies || second == NULL)
    patron_report_set_headline (page->report, first == NULL
      ? patron_text (N_("None of the inputs clearly goes with “{target}”."), "target", PATRON_STRING (page->target), NULL)
      : patron_text (N_("“{target}” goes most with “{a}”."), "target", PATRON_STRING (page->target), "a", PATRON_STRING (first), NULL));
  else
    patron_report_set_headline (page->report, patron_text (
      N_("“{target}” is {class} for {share} of {n} rows; it goes most with “{a}”, then with “{b}”."), "target", PATRON_STRING (page->target), "class",
      PATRON_STRING (name), "share", PATRON_PERCENT (share), "n", PATRON_COUNT (fit->n), "a", PATRON_STRING (first), "b", PATRON_STRING (second),
      NULL));
}

static gboolean
write_page (const PatronLogisticModel *state, const PatronLogisticRows *rows, const PatronExplainInput *input, const PatronLogisticParams *params,
            PatronRun *run, PatronReport *report, GError **error)
{
  PatronLogisticInference inference;

  if (!patron_logistic_inference_compute (&inference, state, rows, params, run, error))
    return FALSE;
  const PatronLogisticPage page = { .inference = &inference, .params = params, .design = input->fit->design, .class_names = input->fit->class_names,
                                    .target = patron_roles_first (input->input->roles, PATRON_ROLE_TARGET), .report = report };
  g_autoptr (GPtrArray) order = by_strength (&page);
  set_headline (&page, order);
  summary_figures (&page);
  write_words (&page, order);
  patron_logistic_odds_chart (&page, order);
  coefficient_table (&page);
  influence_table (&page, rows, input->rows);
  patron_logistic_notes (&page);
  patron_logistic_inference_clear (&inference);
  return patron_run_check (run, error);
}

gboolean
patron_logistic_explain (gconstpointer data, const PatronExplainInput *input, gconstpointer params, PatronRun *run, PatronReport *report,
GError **error)
{
  const PatronLogisticModel *state = data;
  PatronLogisticModel *again = NULL;
  PatronLogisticRows rows = { 0 };
  gboolean done = patron_logistic_rows_init (&rows, input->fit, params, error);

  /* A model that was saved and loaded has lost what its fit knew. */
  if (done && state->fit == NULL)
    done = (state = again = patron_logistic_model_fit (input->fit, &rows, params, run, error)) != NULL;
  done = done && write_page (state, &rows, input, params, run, report, error);
  if (again != NULL)
    patron_logistic_model_clear (again);
  g_free (again);
  patron_logistic_rows_clear (&rows);
  return done;
}
