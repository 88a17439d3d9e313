/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/correlate-private.h"

#include "math/adjust.h"
#include "table/roles.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Which columns go together, whatever their types? */

enum { MAX_COLUMNS = 200, MAX_LEVELS = 100 };

static const PatronChoice method_choices[] = {
  { "pearson", N_("Pearson (straight lines)") }, { "spearman", N_("Spearman (ranks)") }, { "kendall", N_("Kendall (ordered pairs)") },
  { "information", N_("Mutual information (any shape)") }, { NULL },
};

static const PatronChoice correction_choices[] = {
  { "bh", N_("Benjamini–Hochberg: few false alarms") }, { "holm", N_("Holm: no false alarm") }, { "none", N_("None") }, { NULL },
};

static gboolean
has_matrix (gconstpointer params)
{
  int method = ((const PatronAssociateParams *) params)->method;
  return method == PATRON_ASSOCIATE_PEARSON || method == PATRON_ASSOCIATE_SPEARMAN;
}

static gboolean
has_partial (gconstpointer params)
{
  return ((const PatronAssociateParams *) params)->method == PATRON_ASSOCIATE_PEARSON;
}

static gboolean
has_tests (gconstpointer params)
{
  return ((const PatronAssociateParams *) params)->method != PATRON_ASSOCIATE_INFORMATION;
}

static const PatronParam params_table[] = {
  PATRON_PARAM_CHOICE (PatronAssociateParams, method, .label = N_("Between numbers"), .choices = method_choices, .def = PATRON_ASSOCIATE_PEARSON,
                       .help = N_("Pearson measures how close two columns come to a straight line; Spearman and Kendall compare the order, better "
                                  "for skewed money columns and outliers; "
                                  "mutual information finds relations of any shape, also with and between categories.")),
  PATRON_PARAM_BOOL (PatronAssociateParams, categories, .label = N_("With categories"), .def = true,
                     .help = N_("Also categories: by the correlation ratio with a number, by Cramér's V with each other.")),
  PATRON_PARAM_BOOL (PatronAssociateParams, partial, .label = N_("Others held equal"), .def = false, .relevant = has_partial,
                     .help = N_("Partial correlation: what is left between two numbers when all other numbers are held equal. Uses only rows where "
                                "all numbers are there.")),
  PATRON_PARAM_CHOICE (PatronAssociateParams, correction, .label = N_("Correction for many pairs"), .choices = correction_choices,
                       .def = PATRON_ASSOCIATE_BH, .relevant = has_tests,
                       .help = N_("One pair in twenty goes together by chance at p < 0.05. Benjamini–Hochberg keeps the share of false alarms at 5%, "
                                  "Holm the chance of any.")),
  PATRON_PARAM_INT (PatronAssociateParams, pairs, .label = N_("Pairs listed"), .def = 50, .min = 1, .max = 20000, .low = 5, .high = 200,
                    .advanced = true,
                    .help = N_("How many of the closest pairs the table lists.")),
  PATRON_PARAM_INT (PatronAssociateParams, charts, .label = N_("Pairs drawn"), .def = 3, .min = 0, .max = 30, .low = 0, .high = 6, .advanced = true,
                    .help = N_("How many of the closest pairs get a chart.")),
  PATRON_PARAM_END
};

static const PatronRoleSpec roles[] = {
  { PATRON_ROLE_FEATURE, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY,
    PATRON_ROLE_REQUIRED | PATRON_ROLE_MULTIPLE | PATRON_ROLE_REST | PATRON_ROLE_KEEP_MISSING,
    N_("Numbers and categories to relate to each other") },
  { PATRON_N_ROLES }
};

static gboolean
is_number (PatronColumn *column)
{
  return (patron_type_accept (patron_column_get_type (column)) & (PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN)) != 0;
}

/* Numbers first, then categories with not too many values. */
static gboolean
choose_columns (PatronAssociations *self, const PatronInput *input, GError **error)
{
  const char *const *names = patron_roles_get (input->roles, PATRON_ROLE_FEATURE);
  self->columns = g_new0 (PatronColumn *, MAX_COLUMNS + 1);
  for (int pass = 0; pass < 2; pass++)
    for (guint i = 0; names[i] != NULL; i++)
      {
        PatronColumn *column = patron_table_find (input->table, names[i]);
        if (column == NULL || is_number (column) != (pass == 0) || (pass == 1 && !self->params->categories))
          continue;
        if (pass == 1)
          {
            PatronDict *dict = patron_column_dict (column, error);
            if (dict == NULL)
              return FALSE;
            if (patron_dict_size (dict) > MAX_LEVELS)
              {
                self->n_left_out++;
                continue;
              }
          }
        if (self->n_columns == MAX_COLUMNS)
          self->n_left_out++;
        else
          self->columns[self->n_columns++] = column;
        self->n_numbers = pass == 0 ? self->n_columns : self->n_numbers;
      }
  if (self->n_columns >= 2)
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
               _("Correlating needs at least two columns of numbers, or of categories with at most 100 different values."));
  return FALSE;
}

static void
adjust (PatronAssociations *self)
{
  g_autofree double *p = g_new (double, self->n_pairs + 1);
  for (guint k = 0; k < self->n_pairs; k++)
    p[k] = self->pairs[k].p;
  if (self->params->correction == PATRON_ASSOCIATE_BH)
    patron_adjust_bh (p, self->n_pairs);
  else if (self->params->correction == PATRON_ASSOCIATE_HOLM)
    patron_adjust_holm (p, self->n_pairs);
  for (guint k = 0; k < self->n_pairs; k++)
    self->pairs[k].adjusted = p[k];
}

static gboolean
run_correlate (const PatronInput *input, gconstpointer params, PatronRun *run, PatronReport *report, PatronTable **result, GError **error)
{
  PatronAssociations self = { .params = params, .table = input->table, .n_rows = patron_table_n_rows (input->table) };
  patron_run_push (run, N_("Correlating columns"), 0.9);
  gboolean ok = choose_columns (&self, input, error) && patron_associations_find (&self, run, error);
  patron_run_pop (run);
  if (ok)
    {
      adjust (&self);
      ok = patron_associations_report (&self, run, report, error);
    }
  g_free (self.columns);
  g_free (self.pairs);
  return ok;
}

static void
cost (gsize n_rows, gsize n_columns, gconstpointer params, double *bytes, double *seconds)
{
  double pairs = (double) n_columns * ((double) n_columns - 1) / 2;
  *bytes = 16.0 * (double) n_rows * (has_matrix (params) ? 4 : (double) n_columns);
  *seconds = (((const PatronAssociateParams *) params)->method == PATRON_ASSOCIATE_PEARSON ? 2e-9 : 1e-7) * (double) n_rows * pairs;
}

static const PatronAnalysis analysis = { .run = run_correlate };

extern const PatronOp patron_op_correlate;
const PatronOp patron_op_correlate = {
  .id = "correlate",
  .kind = PATRON_OP_ANALYSIS,
  .title = N_("Correlate"),
  .question = N_("Which columns go together?"),
  .summary = N_("Measures how closely every pair of columns goes together, numbers and categories alike, with intervals and corrected p values."),
  .help = N_("Numbers with numbers: Pearson's, Spearman's or Kendall's correlation from −1 to 1. A number with a category: the correlation ratio η, "
             "the root of the share of the number's variance that lies "
             "between the categories. Categories with each other: Cramér's V, corrected for its bias. True/false columns count as 0 and 1.\n\n"
             "Each pair uses the rows where both columns have a value. Intervals (95%): Fisher's z, the noncentral F and chi-squared distributions. "
             "p values are corrected for the number of pairs.\n\n"
             "Partial correlation holds all other numbers equal: what remains is not explained by them. Mutual information is estimated from the 3 "
             "nearest neighbours and put on the scale of a correlation."),
  .reference = "Kendall, M. (1970), Rank Correlation Methods; Knight, W. (1966); Bergsma, W. (2013), A bias-correction for Cramér's V; Kraskov, A., "
               "Stögbauer, H., Grassberger, P. (2004); "
               "Ross, B. (2014); Benjamini, Y., Hochberg, Y. (1995)",
  .params = params_table,
  .params_size = sizeof (PatronAssociateParams),
  .roles = roles,
  .icon = "emblem-synchronizing-symbolic",
  .cost = cost,
  .analysis = &analysis,
};
