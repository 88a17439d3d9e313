/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/linear-regression.h"

#include "base/memory.h"
#include "math/adjust.h"
#include "math/distributions.h"
#include "table/roles.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

enum { MAX_BARS = 20, MAX_WORDS = 3, MAX_INFLUENTIAL = 10 };

typedef struct
{
  gsize  column;             /* of the matrix; G_MAXSIZE: the intercept */
  double estimate, se, t, p, p_adjusted, low, high;
  double beta, beta_se;      /* of standardised columns */
  double vif;
} Term;

typedef struct
{
  const PatronLinearInference *inference;
  const PatronDesign          *design;
  const PatronLinearParams    *params;
  const char                  *target;
  GArray                      *terms;      /* of Term: the intercept, then the columns used */
  PatronReport                *report;
} Explain;

static const char *
term_name (const Explain *explain, const Term *term)
{
  return patron_design_column (explain->design, (guint) term->column)->name;
}

static Term
make_term (const PatronLinearInference *inference, gsize coefficient, double critical)
{
  const PatronLeastSquares *fit = inference->fit;
  Term term = { .column = coefficient == 0 ? G_MAXSIZE : coefficient - 1, .estimate = fit->coefficients[coefficient],
                .se = sqrt (inference->covariance[coefficient * (fit->p + 1) + coefficient]), .p_adjusted = NAN, .beta = NAN, .beta_se = NAN, .vif = NAN };

  term.t = term.estimate / term.se;
  term.p = inference->df > 0 ? patron_t_two_sided (term.t, (double) inference->df) : NAN;
  term.low = term.estimate - critical * term.se;
  term.high = term.estimate + critical * term.se;
  return term;
}

/* Over the columns: the intercept is no find. */
static void
adjust_p_values (GArray *terms, gboolean intercept)
{
  guint first = intercept ? 1 : 0;
  g_autofree double *p = g_new (double, MAX (terms->len, 1));
  for (guint i = first; i < terms->len; i++)
    p[i] = g_array_index (terms, Term, i).p;
  patron_adjust_bh (p + first, terms->len - first);
  for (guint i = first; i < terms->len; i++)
    g_array_index (terms, Term, i).p_adjusted = p[i];
}

static GArray *
make_terms (const PatronLinearInference *inference, const PatronLinearParams *params)
{
  const PatronLeastSquares *fit = inference->fit;
  const double critical = inference->df > 0 ? patron_t_quantile (0.5 + params->confidence / 2, (double) inference->df) : NAN;
  GArray *terms = g_array_new (FALSE, FALSE, sizeof (Term));

  if (fit->intercept)
    g_array_append_val (terms, ((Term[]) { make_term (inference, 0, critical) }));
  for (gsize j = 0; j < fit->n_used; j++)
    {
      const gsize coefficient = fit->used[j] + 1;
      const double spread = fit->scales[j] / sqrt (fit->tss);
      Term term = make_term (inference, coefficient, critical);
      term.beta = term.estimate * spread;
      term.beta_se = term.se * spread;
      term.vif = fit->inverse[coefficient * (fit->p + 1) + coefficient] * fit->scales[j] * fit->scales[j];
      g_array_append_val (terms, term);
    }
  adjust_p_values (terms, fit->intercept);
  return terms;
}

/* ---- tables and figures ------------------------------------------------------------------------------------- */

static void
coefficient_table (const Explain *explain)
{
  static const struct { const char *id, *label; PatronFormat format; } columns[] = {
    { "term", N_("Term"), PATRON_FORMAT_TEXT }, { "estimate", N_("Estimate"), PATRON_FORMAT_NUMBER }, { "se", N_("Std. error"), PATRON_FORMAT_NUMBER },
    { "t", N_("t"), PATRON_FORMAT_NUMBER }, { "p", N_("p"), PATRON_FORMAT_P_VALUE }, { "low", N_("Low"), PATRON_FORMAT_NUMBER },
    { "high", N_("High"), PATRON_FORMAT_NUMBER }, { "p_adjusted", N_("p adjusted"), PATRON_FORMAT_P_VALUE },
    { "beta", N_("Std. beta"), PATRON_FORMAT_NUMBER }, { "vif", N_("VIF"), PATRON_FORMAT_NUMBER },
  };
  PatronReportTable *table = patron_report_add_table (explain->report, "coefficients", patron_text (N_("Coefficients"), NULL));

  patron_report_table_set_caption (table, patron_text (
    N_("Estimate: change of {target} for one unit more, other inputs equal. Low to high: its {level} interval. p adjusted allows for {n} {n|test|tests}. "
       "Std. beta: in standard deviations, to compare inputs. VIF above 10: the input is hard to tell from others."),
    "target", PATRON_STRING (explain->target), "level", PATRON_PERCENT (explain->params->confidence), "n",
    PATRON_COUNT (explain->inference->fit->n_used), NULL));
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    patron_report_table_add_column (table, columns[i].id, patron_text (columns[i].label, NULL), columns[i].format);
  for (guint i = 0; i < explain->terms->len; i++)
    {
      const Term *term = &g_array_index (explain->terms, Term, i);
      const double cells[] = { term->estimate, term->se, term->t, term->p, term->low, term->high, term->p_adjusted, term->beta, term->vif };
      patron_report_table_add_row (table);
      if (term->column == G_MAXSIZE)
        patron_report_table_add_text (table, patron_text (N_("(Intercept)"), NULL));
      else
        patron_report_table_add_string (table, term_name (explain, term));
      for (guint c = 0; c < G_N_ELEMENTS (cells); c++)
        patron_report_table_add_number (table, cells[c]);
    }
}

static void
add_figure (PatronReport *report, const char *id, const char *label, PatronFormat format, double value, const char *note, gboolean headline)
{
  PatronFigure *figure = patron_report_add_figure (report, id, patron_text (label, NULL), format, value);

  figure->note = patron_text (note, NULL);
  figure->headline = headline;
}

static void
summary_figures (const PatronLinearInference *inference, PatronReport *report)
{
  const double sigma = sqrt (inference->sigma2);

  add_figure (report, "r_squared", N_("R² on the rows fitted"), PATRON_FORMAT_NUMBER, inference->r2,
              N_("Share of the variation that the inputs explain in the rows the model was fitted on. On new rows it is lower."), TRUE);
  add_figure (report, "adjusted_r_squared", N_("Adjusted R²"), PATRON_FORMAT_NUMBER, inference->adjusted_r2,
              N_("R² less what as many useless inputs would explain by chance."), FALSE);
  add_figure (report, "residual_standard_error", N_("Residual standard error"), PATRON_FORMAT_NUMBER, sigma,
              N_("Typical distance of a row from the fit, in the unit of the target."), FALSE);
  add_figure (report, "f", N_("F"), PATRON_FORMAT_NUMBER, inference->f, N_("All effects together against none, assuming even spread."), FALSE);
  add_figure (report, "f_p", N_("p of F"), PATRON_FORMAT_P_VALUE, inference->f_p, N_("How often chance alone would make all inputs together look this good."),
              FALSE);
  add_figure (report, "aic", N_("AIC"), PATRON_FORMAT_NUMBER, inference->aic,
              N_("-2 log likelihood + 2 × coefficients: compare models of the same rows, smaller is better."), FALSE);
  add_figure (report, "bic", N_("BIC"), PATRON_FORMAT_NUMBER, inference->bic,
              N_("-2 log likelihood + log (rows) × coefficients: like AIC, but penalises large models more."), FALSE);
  add_figure (report, "condition_number", N_("Condition number"), PATRON_FORMAT_NUMBER, inference->fit->condition,
              N_("Of the inputs, centred and at equal length. Above about 30 some inputs nearly repeat others."), FALSE);
}

static void
add_test (PatronReportTable *table, const char *name, double statistic, double p, const char *reading)
{
  patron_report_table_add_row (table);
  patron_report_table_add_text (table, patron_text (name, NULL));
  patron_report_table_add_number (table, statistic);
  patron_report_table_add_number (table, p);
  patron_report_table_add_text (table, patron_text (reading, NULL));
}

static void
test_table (const Explain *explain)
{
  const PatronLinearInference *inference = explain->inference;
  PatronReportTable *table = patron_report_add_table (explain->report, "assumptions", patron_text (N_("Do the assumptions hold?"), NULL));

  patron_report_table_add_column (table, "test", patron_text (N_("Test"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (table, "statistic", patron_text (N_("Statistic"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "p", patron_text (N_("p"), NULL), PATRON_FORMAT_P_VALUE);
  patron_report_table_add_column (table, "reading", patron_text (N_("Reading"), NULL), PATRON_FORMAT_MSGID);
  if (!isnan (inference->breusch_pagan))
    add_test (table, N_("Breusch–Pagan: even spread"), inference->breusch_pagan, inference->breusch_pagan_p,
              inference->breusch_pagan_p >= 0.05 ? N_("No sign of uneven spread.")
              : explain->params->robust ? N_("The spread is uneven; the robust standard errors allow for it.")
                                        : N_("The spread is uneven: switch on robust standard errors."));
  if (!isnan (inference->reset))
    add_test (table, N_("RESET: straight lines that add up"), inference->reset, inference->reset_p,
              inference->reset_p >= 0.05 ? N_("No sign of curves or of inputs that act together.")
                                         : N_("Something is curved or acts together: try logarithms, or a forest as a comparison."));
  add_test (table, N_("Durbin–Watson: independent rows"), inference->durbin_watson, NAN,
            inference->durbin_watson > 1.5 && inference->durbin_watson < 2.5 ? N_("Near 2: neighbouring rows are unrelated.")
                                                                             : N_("Far from 2: neighbouring rows are alike; intervals are too narrow if "
                                                                                  "the rows are in order of time."));
}

/* ---- what it says in words ---------------------------------------------------------------------------------- */

static int
compare_beta (gconstpointer a, gconstpointer b)
{
  const double x = fabs ((*(Term *const *) a)->beta), y = fabs ((*(Term *const *) b)->beta);
  return (x < y) - (x > y);
}

/* Of the columns, the largest standardised effect first. */
static GPtrArray *
by_effect (const Explain *explain)
{
  GPtrArray *order = g_ptr_array_new ();

  for (guint i = 0; i < explain->terms->len; i++)
    if (g_array_index (explain->terms, Term, i).column != G_MAXSIZE)
      g_ptr_array_add (order, &g_array_index (explain->terms, Term, i));
  g_ptr_array_sort (order, compare_beta);
  return order;
}

/* A level is compared with the reference level of its column, a number by one unit. */
static PatronText *
effect_in_words (const Explain *explain, const Term *term)
{
  const PatronDesignColumn *column = patron_design_column (explain->design, (guint) term->column);
  const PatronDesignSource *source = patron_design_source (explain->design, column->source);

  if (column->level >= 0 && source->levels != NULL)
    return patron_text (N_("{column} {level} instead of {reference}: {estimate} in {target} ({low} to {high}), other inputs equal."), "column",
                        PATRON_STRING (source->name), "level", PATRON_STRING (source->levels[column->level]), "reference",
                        PATRON_STRING (source->levels[0]), "estimate", PATRON_NUMBER (term->estimate), "target", PATRON_STRING (explain->target),
                        "low", PATRON_NUMBER (term->low), "high", PATRON_NUMBER (term->high), NULL);
  return patron_text (N_("One more of {column}: {estimate} in {target} ({low} to {high}), other inputs equal."), "column", PATRON_STRING (column->name),
                      "estimate", PATRON_NUMBER (term->estimate), "target", PATRON_STRING (explain->target), "low", PATRON_NUMBER (term->low), "high",
                      PATRON_NUMBER (term->high), NULL);
}

static void
write_words (const Explain *explain, const GPtrArray *order)
{
  gsize clear = 0;
  guint written = 0;

  for (guint i = 0; i < order->len; i++)
    clear += ((const Term *) order->pdata[i])->p_adjusted < 0.05;
  patron_report_add_heading (explain->report, patron_text (N_("What goes with {target}"), "target", PATRON_STRING (explain->target), NULL));
  patron_report_add_text (explain->report, patron_text (
    N_("{clear} of {n} {n|effect is|effects are} clearly not 0 (adjusted p below 0.05); together the inputs explain {r2} of the variation in the rows "
       "fitted. Effects are associations, not proof of cause."), "clear", PATRON_COUNT (clear), "n", PATRON_COUNT (order->len), "r2",
    PATRON_PERCENT (explain->inference->r2), NULL));
  for (guint i = 0; i < order->len && written < MAX_WORDS; i++)
    {
      const Term *term = order->pdata[i];
      if (!(term->p_adjusted < 0.05))
        continue;
      patron_report_add_text (explain->report, effect_in_words (explain, term));
      written++;
    }
}

static void
coefficient_chart (const Explain *explain, const GPtrArray *order)
{
  const guint shown = MIN (order->len, MAX_BARS);
  const double critical = patron_t_quantile (0.5 + explain->params->confidence / 2, MAX ((double) explain->inference->df, 1));
  double beta[MAX_BARS], low[MAX_BARS], high[MAX_BARS];

  if (shown == 0 || explain->inference->df == 0)
    return;
  PatronChart *chart = patron_chart_new ("effects", PATRON_CHART_BAR, patron_text (N_("Effects, in comparable units"), NULL));
  chart->horizontal = TRUE;
  patron_axis_set (&chart->y, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Standardised coefficient"), NULL));
  chart->x.zero = TRUE;
  for (guint i = 0; i < shown; i++)
    {
      const Term *term = order->pdata[i];
      beta[i] = term->beta;
      low[i] = term->beta - critical * term->beta_se;
      high[i] = term->beta + critical * term->beta_se;
      patron_axis_add_name (&chart->y, term_name (explain, term));
    }
  PatronSeries *series = patron_chart_add_series (chart, NULL, PATRON_SERIES_BARS, shown, NULL, beta);
  patron_series_set_interval (series, low, high);
  patron_chart_set_caption (chart, patron_text (
    N_("Change of {target}, in its standard deviations, for one standard deviation more of the input; whiskers are {level} intervals. "
       "{first} has the largest: {beta}."), "target", PATRON_STRING (explain->target), "level", PATRON_PERCENT (explain->params->confidence), "first",
    PATRON_STRING (term_name (explain, order->pdata[0])), "beta", PATRON_NUMBER (beta[0]), NULL));
  patron_report_add_chart (explain->report, chart);
}

/* ---- rows that decide, columns left out --------------------------------------------------------------------- */

typedef struct
{
  gsize  row;
  double cook;
} Influence;

/* Cook's distance: how far all fitted values move when the row is left out. */
static double
cook_distance (const PatronLinearInference *inference, gsize i)
{
  const double h = inference->leverage[i], e = inference->residuals[i], own = 1 - h;
  return own > 1e-12 ? e * e * h / ((double) inference->fit->rank * inference->sigma2 * own * own) : INFINITY;
}

static void
influence_table (const Explain *explain, const guint32 *rows)
{
  const PatronLinearInference *inference = explain->inference;
  Influence top[MAX_INFLUENTIAL];
  guint n_top = 0;

  for (gsize i = 0; i < inference->fit->n; i++)
    {
      const Influence here = { i, cook_distance (inference, i) };
      guint at = n_top;
      if (!(here.cook > 4 / (double) inference->fit->n) || (n_top == MAX_INFLUENTIAL && here.cook <= top[n_top - 1].cook))
        continue;
      if (n_top < MAX_INFLUENTIAL)
        n_top++;
      else
        at--;
      for (; at > 0 && top[at - 1].cook < here.cook; at--)
        top[at] = top[at - 1];
      top[at] = here;
    }
  if (n_top == 0)
    return;

  PatronReportTable *table = patron_report_add_table (explain->report, "influential", patron_text (N_("Rows that decide most"), NULL));
  patron_report_table_set_caption (table, patron_text (
    N_("Cook's distance says how far the result moves without the row; above 1 look at it: is it an error, or a customer of another kind?"), NULL));
  patron_report_table_add_column (table, "row", patron_text (N_("Row"), NULL), PATRON_FORMAT_EXACT);
  patron_report_table_add_column (table, "actual", patron_text (N_("Actual"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "fitted", patron_text (N_("Fitted"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "leverage", patron_text (N_("Leverage"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "cook", patron_text (N_("Cook's distance"), NULL), PATRON_FORMAT_NUMBER)->bar = TRUE;
  for (guint i = 0; i < n_top; i++)
    {
      const gsize row = top[i].row;
      patron_report_table_add_row (table);
      patron_report_table_add_number (table, (double) (rows != NULL ? rows[row] : row) + 1);
      patron_report_table_add_number (table, inference->fitted[row] + inference->residuals[row]);
      patron_report_table_add_number (table, inference->fitted[row]);
      patron_report_table_add_number (table, inference->leverage[row]);
      patron_report_table_add_number (table, isfinite (top[i].cook) ? top[i].cook : NAN);
    }
}

static void
write_notes (const Explain *explain)
{
  const PatronLeastSquares *fit = explain->inference->fit;

  for (gsize j = 0; j < fit->p; j++)
    if (fit->aliased[j])
      patron_report_add_note (explain->report, patron_text (
        N_("“{column}” was left out: it is constant or can be computed exactly from the columns before it, so it has no effect of its own."), "column",
        PATRON_STRING (patron_design_column (explain->design, (guint) j)->name), NULL));
  if (explain->inference->df == 0)
    patron_report_add_note (explain->report, patron_text (
      N_("There are as many coefficients as rows ({n}), so the fit is exact and nothing can be said about its uncertainty."), "n",
      PATRON_COUNT (fit->n), NULL));
  else if (fit->condition > 30)
    patron_report_add_note (explain->report, patron_text (
      N_("Some inputs nearly repeat others (condition number {number}): their separate effects are uncertain; see the VIF column."), "number",
      PATRON_NUMBER (fit->condition), NULL));
  if (explain->params->robust)
    patron_report_add_note (explain->report, patron_text (N_("Standard errors are robust to uneven spread (HC3)."), NULL));
}

static gboolean
refit (const PatronFitInput *input, const PatronLinearParams *params, const PatronColumns *x, PatronLeastSquares **fit, PatronRun *run, GError **error)
{
  return (*fit = patron_least_squares_fit (x, input->y, params->intercept, run, error)) != NULL;
}

gboolean
patron_linear_explain (gconstpointer data, const PatronExplainInput *input, gconstpointer params, PatronRun *run, PatronReport *report, GError **error)
{
  const PatronLinearModel *state = data;
  const PatronMatrix *matrix = input->fit->x;
  g_autofree const double **columns = patron_matrix_pointers (matrix);
  const PatronColumns x = { matrix->n, matrix->p, columns };
  g_autoptr (PatronLeastSquares) again = NULL;
  PatronLinearInference inference;

  /* A model that was saved and loaded has lost the factors of its fit. */
  if (state->fit == NULL && !refit (input->fit, params, &x, &again, run, error))
    return FALSE;
  if (!patron_linear_inference_compute (&inference, again != NULL ? again : state->fit, &x, input->fit->y, ((const PatronLinearParams *) params)->robust,
                                        run, error))
    return FALSE;

  Explain explain = { .inference = &inference, .design = input->fit->design, .params = params, .report = report,
                      .target = patron_roles_first (input->input->roles, PATRON_ROLE_TARGET) };
  explain.terms = make_terms (&inference, params);
  g_autoptr (GPtrArray) order = by_effect (&explain);
  summary_figures (&inference, report);
  write_words (&explain, order);
  coefficient_chart (&explain, order);
  coefficient_table (&explain);
  test_table (&explain);
  patron_linear_charts (&inference, patron_run_get_seed (run), explain.target, report);
  influence_table (&explain, input->rows);
  write_notes (&explain);
  g_array_unref (explain.terms);
  patron_linear_inference_clear (&inference);
  return patron_run_check (run, error);
}
