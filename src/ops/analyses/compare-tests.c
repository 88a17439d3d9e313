/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/compare-private.h"

#include "base/memory.h"
#include "base/order.h"
#include "ops/analyses/levels.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { NORMAL_ENOUGH = 30, MAX_LEVELS = 24, DRAWS = 10000, DRAWN_CASES = 100000000, EPSILON_DRAWS = 500, EPSILON_MOST = 5000 };

/* ---- numbers ---------------------------------------------------------------------------------------------- */

static gboolean
gather_samples (const PatronComparison *self, PatronCompared *c, GError **error)
{
  double *values = patron_read_all (c->column, error);
  gsize n = patron_column_get_length (c->column);
  g_autofree gsize *start = g_new0 (gsize, self->k + 2), *filled = g_new0 (gsize, self->k + 1);
  c->samples = g_new0 (PatronSample, self->k + 1);
  c->tested = g_new0 (PatronSample, self->k + 1);
  c->tested_groups = g_new0 (guint, self->k + 1);
  for (gsize i = 0; values != NULL && i < n; i++)
    {
      gint32 g = self->groups.codes[i];
      if (g < 0 || g >= (gint32) self->k)
        continue;
      if (isfinite (values[i]))
        start[g + 1]++;
      else
        c->n_missing++;
    }
  for (guint g = 0; g < self->k; g++)
    start[g + 1] += start[g];
  c->n = start[self->k];
  c->block = values != NULL ? patron_try_alloc (c->n, sizeof *c->block, _("the comparison"), error) : NULL;
  for (gsize i = 0; c->block != NULL && i < n; i++)
    {
      gint32 g = self->groups.codes[i];
      if (g >= 0 && g < (gint32) self->k && isfinite (values[i]))
        c->block[start[g] + filled[g]++] = values[i];
    }
  patron_free (values);
  for (guint g = 0; c->block != NULL && g < self->k; g++)
    {
      patron_sort_doubles (c->block + start[g], filled[g]);
      patron_sample_init (&c->samples[g], c->block + start[g], filled[g]);
      if (filled[g] < 2)
        continue;
      c->tested_groups[c->n_tested] = g;
      c->tested[c->n_tested++] = c->samples[g];
    }
  return c->block != NULL;
}

/* Welch's tests hold whatever the spreads; small groups that are not normal are compared by ranks. */
static void
choose_method (const PatronComparison *self, PatronCompared *c)
{
  gboolean small = FALSE, constant = FALSE;
  for (guint g = 0; g < c->n_tested; g++)
    {
      small |= c->tested[g].n < NORMAL_ENOUGH && c->tested[g].normal_p < 0.05;
      constant |= !(c->tested[g].variance > 0);
    }
  c->method = (PatronCompareMethod) self->params->method;
  c->reason = N_("as chosen");
  if (c->method != PATRON_COMPARE_AUTO)
    return;
  c->method = small || constant ? PATRON_COMPARE_RANKS : PATRON_COMPARE_WELCH;
  c->reason = small ? N_("because a group of fewer than 30 values is not normal (Shapiro–Wilk p < 0.05), so ranks are compared instead of means")
    : constant ? N_("because the values of a group are all equal, so ranks are compared instead of means")
    : c->spread.p < 0.05 ? N_("because the groups spread differently (Brown–Forsythe p < 0.05), which it allows for")
                         : N_("because it holds whether or not the groups spread alike, and groups of 30 and more need not be normal");
}

gboolean
patron_compare_numbers (const PatronComparison *self, PatronCompared *c, PatronRun *run, GError **error)
{
  if (!gather_samples (self, c, error))
    return FALSE;
  c->p = c->adjusted = c->effect = c->low = c->high = NAN;
  if (c->n_tested < 2)
    return TRUE;
  c->spread = patron_test_spread (c->tested, c->n_tested, error);
  choose_method (self, c);
  gboolean two = c->n_tested == 2;
  if (c->method == PATRON_COMPARE_RANKS)
    c->test = two ? patron_test_mann_whitney (&c->tested[0], &c->tested[1], error) : patron_test_kruskal_wallis (c->tested, c->n_tested, error);
  else if (c->method == PATRON_COMPARE_STUDENT)
    c->test = two ? patron_test_student (&c->tested[0], &c->tested[1]) : patron_test_anova (c->tested, c->n_tested);
  else
    c->test = two ? patron_test_welch (&c->tested[0], &c->tested[1]) : patron_test_welch_anova (c->tested, c->n_tested);
  if (c->method == PATRON_COMPARE_RANKS && !two && c->n <= EPSILON_MOST
      && !patron_epsilon_interval (c->tested, c->n_tested, EPSILON_DRAWS, patron_run_get_seed (run), &c->test.low, &c->test.high, error))
    return FALSE;
  c->p = c->test.p;
  c->effect = c->test.effect;
  c->low = c->test.low;
  c->high = c->test.high;
  return patron_run_check (run, error);
}

/* ---- categories ------------------------------------------------------------------------------------------- */

/* Cochran's rule: chi-squared holds while no expected count is below 1 and at most a fifth of them below 5. */
static gboolean
test_exactly (PatronCompared *c, guint k, PatronRun *run, GError **error)
{
  double p = NAN;
  if (!(c->table.least_expected < 1 || c->table.share_small > 0.2))
    return TRUE;
  if (c->levels.n == 2 && k == 2)
    p = patron_fisher_2x2 (c->counts);
  else if (c->table.n * 1000 <= DRAWN_CASES)
    {
      GError *own = NULL;
      c->sampled = TRUE;
      p = patron_fisher_sampled (c->counts, c->levels.n, k, (guint) MIN (DRAWS, DRAWN_CASES / c->table.n), patron_run_get_seed (run), run, &own);
      if (own != NULL)
        {
          g_propagate_error (error, own);
          return FALSE;
        }
    }
  if (!isnan (p))
    {
      c->p = p;
      c->exact = TRUE;
    }
  return TRUE;
}

gboolean
patron_compare_categories (const PatronComparison *self, PatronCompared *c, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (c->column);
  c->p = c->adjusted = c->effect = c->low = c->high = NAN;
  if (!patron_factor_init (&c->levels, c->column, MAX_LEVELS, 5, TRUE, run, error))
    return FALSE;
  c->counts = g_new0 (double, (gsize) c->levels.n * self->k + 1);
  for (gsize i = 0; i < n; i++)
    {
      gint32 g = self->groups.codes[i], level = c->levels.codes[i];
      if (g < 0 || g >= (gint32) self->k)
        continue;
      if (level < 0)
        c->n_missing++;
      else
        {
          c->counts[(gsize) level * self->k + (gsize) g]++;
          c->n++;
        }
    }
  patron_contingency (c->counts, c->levels.n, self->k, &c->table);
  c->p = c->table.p;
  c->effect = c->table.v_corrected;   /* the other one lies above its own interval where there is no relation */
  c->low = c->table.v_low;
  c->high = c->table.v_high;
  return test_exactly (c, self->k, run, error) && patron_run_check (run, error);
}
