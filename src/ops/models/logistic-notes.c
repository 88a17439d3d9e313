/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/logistic-regression.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Columns named by one kind of note; the rest are counted. */
enum { MAX_NAMED = 5, MAX_CURVES = 3, ROWS_PER_COEFFICIENT = 10 };

static const char *
column_name (const PatronLogisticPage *page, gsize j)
{
  return patron_design_column (page->design, (guint) j)->name;
}

static void
note (const PatronLogisticPage *page, PatronText *text)
{
  patron_report_add_note (page->report, text);
}

/* “a”, “b” and so on: the columns flagged, MAX_NAMED at most; *n: how many there are. */
static char *
flagged_names (const PatronLogisticPage *page, const gboolean *flags, gsize *n)
{
  GString *names = g_string_new (NULL);

  *n = 0;
  for (gsize j = 0; j < page->inference->fit->p; j++)
    if (flags[j] && ++*n <= MAX_NAMED)
      g_string_append_printf (names, "%s“%s”", *n > 1 ? ", " : "", column_name (page, j));
  if (*n > MAX_NAMED)
    g_string_append (names, " …");
  return g_string_free (names, FALSE);
}

static void
separation_notes (const PatronLogisticPage *page)
{
  const PatronLogistic *fit = page->inference->separated;
  gsize n;

  if (fit == NULL)
    return;
  g_autofree char *names = flagged_names (page, fit->separating, &n);
  if (fit->separation == PATRON_SEPARATION_COMPLETE)
    note (page, patron_text (N_("The inputs tell the classes of all {rows} rows apart without error (mainly {columns}), so no coefficient has a "
                                "finite value. Check whether an input already holds the answer; if there are simply few rows, use fewer inputs."),
                                "rows",
                             PATRON_COUNT (fit->n), "columns", PATRON_STRING (names), NULL));
  else
    note (page, patron_text (N_("{columns} {n|separates|separate} the classes: for some {n|value of it|values of them} all rows have the same "
                                "class, so the {n|coefficient has|coefficients have} no finite value. Merge rare levels, or leave the "
                                "{n|column|columns} out."), "columns",
                             PATRON_STRING (names), "n", PATRON_COUNT (n), NULL));
  if (page->inference->fit == fit)
    note (page, patron_text (N_("The penalty was set to 0, so the endless coefficients were left out of the table; set it to automatic or to 1 to "
                                "keep them finite."),
                             NULL));
  else if (page->inference->fit->penalised != NULL)
    note (page, patron_text (N_("A penalty of {penalty} was therefore used on {n|it|them} alone, which keeps the {n|coefficient|coefficients} "
                                "finite; there {n|is no interval for it|are no intervals for them}."), "penalty",
                             PATRON_NUMBER (page->inference->fit->ridge), "n", PATRON_COUNT (n), NULL));
  else
    note (page, patron_text (N_("A penalty of {penalty} was therefore used, which keeps the coefficients finite."), "penalty",
                             PATRON_NUMBER (page->inference->fit->ridge), NULL));
}

static void
aliased_note (const PatronLogisticPage *page)
{
  gsize n;
  g_autofree char *names = flagged_names (page, page->inference->fit->aliased, &n);

  if (n > 0)
    note (page, patron_text (N_("{n} {n|column was|columns were} left out ({columns}): constant, or computed exactly from the columns before, so "
                                "without an effect of {n|its|their} own."), "n", PATRON_COUNT (n), "columns", PATRON_STRING (names), NULL));
}

static void
error_notes (const PatronLogisticPage *page)
{
  const PatronLogisticInference *in = page->inference;

  if (in->fit->ridge > 0 && in->fit->penalised == NULL)
    note (page, patron_text (N_("The coefficients were drawn towards 0 by a penalty of {penalty}. Standard errors, p values and intervals would "
                                "not hold and are left out."), "penalty", PATRON_NUMBER (in->fit->ridge), NULL));
  else if (!in->fit->newton)
    note (page, patron_text (N_("With {n} coefficients standard errors are not computed; {most} is the most."), "n",
                             PATRON_COUNT (in->fit->n_equations * (in->fit->n_used + 1)), "most", PATRON_COUNT (PATRON_LOGISTIC_NEWTON), NULL));
  else if (in->errors && in->robust)
    note (page, patron_text (N_("Standard errors are robust ones (sandwich)."), NULL));
  if (page->params->class_weight == PATRON_LOGISTIC_WEIGHT_BALANCED)
    note (page, patron_text (N_("Every class counts the same, so probabilities are not frequencies, and the likelihood is not that of the rows: "
                                "its test, AIC and BIC are left out."), NULL));
}

/* Ten rows of the rarer side for each coefficient is the usual least (P. Peduzzi et al., J. Clin. Epidemiol. 49(12), 1996). */
static void
rare_notes (const PatronLogisticPage *page)
{
  const PatronLogistic *fit = page->inference->fit;
  guint rarest = fit->reference;

  if (page->params->class_weight == PATRON_LOGISTIC_WEIGHT_BALANCED)
    return;
  for (guint a = 0; a < fit->n_equations; a++)
    if (fit->class_weights[fit->classes[a]] < fit->class_weights[rarest])
      rarest = fit->classes[a];
  if (fit->class_weights[rarest] < ROWS_PER_COEFFICIENT * (double) fit->n_used)
    note (page, patron_text (N_("Only {rows} rows are {class}, for {n} {n|coefficient|coefficients} besides the intercept: fewer than 10 for each, "
                                "so the estimates may be too large. Use fewer inputs, or a penalty."), "rows",
                                PATRON_COUNT (fit->class_weights[rarest]), "class",
                             PATRON_STRING (page->class_names[rarest]), "n", PATRON_COUNT (fit->n_used), NULL));
  for (guint c = 0; c < fit->n_classes; c++)
    if (!(fit->class_weights[c] > 0))
      note (page, patron_text (N_("No row is {class}: it was left out, with probability 0."), "class", PATRON_STRING (page->class_names[c]), NULL));
}

static void
curve_notes (const PatronLogisticPage *page)
{
  const GPtrArray *curves = page->inference->curves;

  for (guint i = 0; i < MIN (curves->len, (guint) MAX_CURVES); i++)
    {
      const PatronLogisticCurve *curve = curves->pdata[i];
      note (page, patron_text (N_("“{column}” does not go with the log-odds in a straight line (its square adds χ² {statistic}, adjusted p {p}): "
                                  "cut it into intervals, take its logarithm, or compare with a forest."), "column",
                                  PATRON_STRING (column_name (page, curve->column)),
                               "statistic", PATRON_NUMBER (curve->statistic), "p", PATRON_P_VALUE (curve->p), NULL));
    }
}

void
patron_logistic_notes (const PatronLogisticPage *page)
{
  const PatronLogisticInference *in = page->inference;

  separation_notes (page);
  aliased_note (page);
  if (!in->fit->converged)
    note (page, patron_text (N_("The iterations ended before the coefficients stayed as they were ({n} {n|pass|passes}): allow more, or use a "
                                "penalty."), "n",
                             PATRON_COUNT (in->fit->iterations), NULL));
  error_notes (page);
  rare_notes (page);
  if (in->condition > 30)
    note (page, patron_text (N_("Some inputs nearly repeat others (condition number {number}): their separate effects are uncertain; see the VIF "
                                "column."), "number",
                             PATRON_NUMBER (in->condition), NULL));
  curve_notes (page);
}
