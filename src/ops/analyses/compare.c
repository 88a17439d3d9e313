/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/compare-private.h"

#include "base/memory.h"
#include "math/adjust.h"
#include "ops/analyses/levels.h"
#include "table/roles.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Do the groups differ, in which columns, by how much? */

enum { MAX_DISTINCT = 200 };

static const PatronChoice method_choices[] = {
  { "auto", N_("Automatic, with the reason said") }, { "welch", N_("Means, spreads may differ (Welch)") },
    { "student", N_("Means, spreads alike (Student, ANOVA)") },
  { "ranks", N_("Ranks (Mann–Whitney, Kruskal–Wallis)") }, { NULL },
};

static const PatronChoice correction_choices[] = {
  { "holm", N_("Holm: no false alarm") }, { "bh", N_("Benjamini–Hochberg: few false alarms") }, { "none", N_("None") }, { NULL },
};

static const PatronParam params_table[] = {
  PATRON_PARAM_CHOICE (PatronCompareParams, method, .label = N_("Test of numbers"), .choices = method_choices, .def = PATRON_COMPARE_AUTO,
                       .help = N_("Automatic takes Welch's test of means, and ranks where a small group is not normal. Categories are compared by "
                                  "chi-squared, or exactly where counts are small.")),
  PATRON_PARAM_CHOICE (PatronCompareParams, correction, .label = N_("Correction for many columns"), .choices = correction_choices,
                       .def = PATRON_COMPARE_HOLM,
                       .help = N_("One column in twenty differs by chance at p < 0.05. Holm keeps the chance of any false alarm at 5%, "
                                  "Benjamini–Hochberg the share of false alarms.")),
  PATRON_PARAM_INT (PatronCompareParams, groups, .label = N_("Most groups"), .def = 8, .min = 2, .max = 30, .low = 2, .high = 12, .advanced = true,
                    .help = N_("The largest groups are compared. Numbers with more distinct values than this are cut into four groups of equal size.")),
  PATRON_PARAM_INT (PatronCompareParams, details, .label = N_("Columns in detail"), .def = 6, .min = 1, .max = 100, .low = 1, .high = 20,
                    .advanced = true,
                    .help = N_("How many columns, those that differ most clearly, are shown with chart and tables.")),
  PATRON_PARAM_END
};

static const PatronRoleSpec roles[] = {
  { PATRON_ROLE_GROUP, PATRON_ACCEPT_ANY, PATRON_ROLE_REQUIRED, N_("The column that says which group a row belongs to") },
  { PATRON_ROLE_FEATURE, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY,
    PATRON_ROLE_REQUIRED | PATRON_ROLE_MULTIPLE | PATRON_ROLE_REST | PATRON_ROLE_KEEP_MISSING,
    N_("What to compare: numbers and categories") },
  { PATRON_N_ROLES }
};

static gboolean
make_groups (PatronComparison *self, PatronRun *run, GError **error)
{
  /* One more than are compared: the others together, which are not a group. */
  if (!patron_factor_init (&self->groups, self->by, (guint) self->params->groups + 1, 4, TRUE, run, error))
    return FALSE;
  self->k = self->groups.names->len;
  if (self->k > (guint) self->params->groups || self->groups.n_others > 0)
    self->k = MIN (self->k - (self->groups.n_others > 0), (guint) self->params->groups);
  gsize n = patron_column_get_length (self->by);
  for (gsize i = 0; i < n; i++)
    {
      self->n_missing_rows += self->groups.codes[i] < 0;
      self->n_other_rows += self->groups.codes[i] >= (gint32) self->k;
    }
  if (self->k >= 2)
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” has only one value: comparing needs at least two groups."),
               patron_column_get_name (self->by));
  return FALSE;
}

/* Whole numbers with two values, 0 and 1 mostly, are categories. FALSE with error. */
static gboolean
is_flag (PatronColumn *column, gboolean *flag, PatronRun *run, GError **error)
{
  gint64 values[256];
  gsize n = MIN (patron_column_get_length (column), G_N_ELEMENTS (values));
  gint64 low = G_MAXINT64, high = G_MININT64;
  if (n > 0 && !patron_column_read (column, 0, n, values, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (values[i] != PATRON_INTEGER_MISSING)
      {
        low = MIN (low, values[i]);
        high = MAX (high, values[i]);
      }
  if (high > low && high - low > 1)   /* most columns are told by their first rows */
    return TRUE;
  g_autoptr(PatronLevels) levels = patron_levels_new (column, run, error);
  *flag = levels != NULL && levels->n_levels == 2;
  return levels != NULL;
}

static gboolean
compare_column (PatronComparison *self, PatronColumn *column, PatronRun *run, GError **error)
{
  PatronCompared *c = &self->columns[self->n_columns];
  guint accept = patron_type_accept (patron_column_get_type (column));
  *c = (PatronCompared) { .column = column, .categories = !(accept & PATRON_ACCEPT_NUMERIC) };
  if (patron_column_get_type (column) == PATRON_TYPE_INTEGER && !is_flag (column, &c->categories, run, error))
    return FALSE;
  if (c->categories && patron_column_has_dict (column))
    {
      PatronDict *dict = patron_column_dict (column, error);
      if (dict == NULL)
        return FALSE;
      if (patron_dict_size (dict) > MAX_DISTINCT)
        {
          self->n_left_out++;
          return TRUE;
        }
    }
  self->n_columns++;
  return c->categories ? patron_compare_categories (self, c, run, error) : patron_compare_numbers (self, c, run, error);
}

static void
adjust (PatronComparison *self)
{
  g_autofree double *p = g_new (double, self->n_columns + 1);
  for (guint i = 0; i < self->n_columns; i++)
    p[i] = self->columns[i].p;
  if (self->params->correction == PATRON_COMPARE_HOLM)
    patron_adjust_holm (p, self->n_columns);
  else if (self->params->correction == PATRON_COMPARE_BH)
    patron_adjust_bh (p, self->n_columns);
  for (guint i = 0; i < self->n_columns; i++)
    self->columns[i].adjusted = p[i];
}

static void
compared_clear (PatronCompared *c)
{
  patron_free (c->block);
  g_free (c->samples);
  g_free (c->tested);
  g_free (c->tested_groups);
  g_free (c->counts);
  if (c->categories)
    patron_factor_clear (&c->levels);
}

/* Columns without a test count in no correction; a column that is alone says itself why it has none. */
static void
leave_out_untested (PatronComparison *self)
{
  guint n = 0;
  for (guint i = 0; i < self->n_columns; i++)
    n += !isnan (self->columns[i].p);
  if (n == 0 && self->n_columns < 2)
    return;
  n = 0;
  for (guint i = 0; i < self->n_columns; i++)
    if (!isnan (self->columns[i].p))
      self->columns[n++] = self->columns[i];
    else
      {
        compared_clear (&self->columns[i]);
        self->n_constant++;
      }
  self->n_columns = n;
}

static void
comparison_clear (PatronComparison *self)
{
  patron_factor_clear (&self->groups);
  for (guint i = 0; i < self->n_columns; i++)
    compared_clear (&self->columns[i]);
  g_free (self->columns);
}

static gboolean
run_compare (const PatronInput *input, gconstpointer params, PatronRun *run, PatronReport *report, PatronTable **result, GError **error)
{
  const char *const *names = patron_roles_get (input->roles, PATRON_ROLE_FEATURE);
  guint n = g_strv_length ((char **) names);
  PatronComparison self = { .params = params, .by = patron_input_column (input, PATRON_ROLE_GROUP), .columns = g_new0 (PatronCompared, n + 1) };
  gboolean ok = make_groups (&self, run, error);
  patron_run_push (run, N_("Comparing groups"), 0.9);
  for (guint i = 0; ok && i < n; i++)
    {
      PatronColumn *column = patron_table_find (input->table, names[i]);
      if (column != NULL && column != self.by)
        ok = compare_column (&self, column, run, error);
      patron_run_progress (run, (i + 1.0) / n);
    }
  patron_run_pop (run);
  if (ok)
    {
      leave_out_untested (&self);
      adjust (&self);
      ok = patron_comparison_report (&self, run, report, error);
    }
  comparison_clear (&self);
  return ok;
}

static void
cost (gsize n_rows, gsize n_columns, gconstpointer params, double *bytes, double *seconds)
{
  *bytes = 8.0 * (double) n_rows * ((double) n_columns + 3);
  *seconds = 1.5e-7 * (double) n_rows * (double) n_columns;
}

static const PatronAnalysis analysis = { .run = run_compare };

extern const PatronOp patron_op_compare;
const PatronOp patron_op_compare = {
  .id = "compare",
  .kind = PATRON_OP_ANALYSIS,
  .title = N_("Compare groups"),
  .question = N_("Do my groups differ, and by how much?"),
  .summary = N_("Compares numbers and categories between groups with the test that suits, and says how large each difference is."),
  .help = N_("Numbers: with two groups Welch's t test, with more Welch's analysis of variance; ranks (Mann–Whitney, Kruskal–Wallis) where a small "
             "group is not normal. What was chosen is said with the reason; "
             "you may choose another. Shapiro–Wilk asks whether a group is normal (up to 5,000 values), Brown–Forsythe whether the groups spread "
             "alike. "
             "Pairs of groups are compared by Games–Howell, Tukey or Dunn, corrected for their number.\n\n"
             "Categories: chi-squared, or Fisher's exact test where expected counts are small. Adjusted residuals beyond 2 or −2 show which cells "
             "make the difference.\n\n"
             "A small p says that chance hardly explains a difference, not that it matters: look at the effect and its interval. Hedges' g of 0.2, "
             "0.5 and 0.8 are called small, medium and large; "
             "so are ω² and ε² of 0.01, 0.06 and 0.14, and rank-biserial r and Cramér's V of 0.1, 0.3 and 0.5, V of larger tables taken times the "
             "root of their shorter side less one (Cohen's w). V is corrected for its bias."),
  .reference = "Welch (1947, 1951); Mann & Whitney (1947); Kruskal & Wallis (1952); Royston (1995) AS R94; Brown & Forsythe (1974); Games & Howell "
               "(1976); Dunn (1964); Holm (1979); "
               "Haberman (1973); Newcombe (1998); Bergsma (2013); Cohen (1988), Statistical Power Analysis for the Behavioral Sciences",
  .params = params_table,
  .params_size = sizeof (PatronCompareParams),
  .roles = roles,
  .icon = "view-dual-symbolic",
  .cost = cost,
  .analysis = &analysis,
};
