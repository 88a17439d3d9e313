/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/rfm-scores.h"

#include "base/memory.h"
#include "math/radix-sort.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { POLL = 65536 };

const PatronRfmSegment patron_rfm_segments[PATRON_RFM_N_SEGMENTS] = {
  { "champions", N_("Champions"), N_("Thank them: early access, personal service. Ask for reviews and referrals. No discounts needed."),
    { 4, 4, 4 }, { 5, 5, 5 } },
  { "loyal", N_("Loyal customers"), N_("Offer better products and bundles, a loyalty programme, and ask what they think."),
    { 2, 3, 3 }, { 5, 5, 5 } },
  { "potential-loyalist", N_("Potential loyalists"), N_("Recommend what goes with their purchases; give a reason for the next order soon."),
    { 3, 1, 1 }, { 5, 3, 3 } },
  { "new", N_("New customers"), N_("Welcome them, help with the first purchase, and invite a second order within weeks."),
    { 4, 1, 1 }, { 5, 1, 1 } },
  { "promising", N_("Promising"), N_("Make the brand known: a small offer or a free trial leads to the second order."),
    { 3, 1, 1 }, { 4, 1, 1 } },
  { "need-attention", N_("Need attention"), N_("Remind them with a limited offer based on what they bought before."),
    { 2, 2, 2 }, { 3, 3, 3 } },
  { "about-to-sleep", N_("About to sleep"), N_("Show best sellers and renewed items at a discount before they are gone."),
    { 2, 1, 1 }, { 3, 2, 2 } },
  { "at-risk", N_("At risk"), N_("Win them back now: a personal message, a call, a strong offer on what they used to buy."),
    { 1, 2, 2 }, { 2, 5, 5 } },
  { "cant-lose", N_("Cannot lose them"), N_("Speak to each in person, find out what went wrong, and make it right."),
    { 1, 4, 4 }, { 1, 5, 5 } },
  { "lost", N_("Lost"), N_("One cheap attempt to revive interest; otherwise leave them out of paid campaigns."),
    { 1, 1, 1 }, { 2, 2, 2 } },
  { "others", N_("Others"), N_("No rule of the ten fits; often one large order and no second. Look at their scores, and work for the second order."),
    { 0, 0, 0 }, { 0, 0, 0 } },
};

void
patron_rfm_free (PatronRfm *rfm)
{
  if (rfm == NULL)
    return;
  patron_free (rfm->customers);
  g_free (rfm);
}

static inline gboolean
is_later (const PatronRfmInput *input, double as_of, gsize line)
{
  return floor (input->days[line]) > as_of;
}

static void
find_as_of (const PatronRfmInput *input, gsize n, PatronRfm *rfm)
{
  double last = -G_MAXDOUBLE;
  for (gsize i = 0; i < n; i++)
    if (input->days[i] > last)
      last = input->days[i];
  rfm->as_of = isnan (input->as_of) ? floor (last) + 1 : floor (input->as_of);
}

/* Sums money, dates and counts of lines by customer. by_level: zero but for recency fields, one for each level. keys: as many as lines; one
 * (customer, order) pair for each purchase line is written, *n_keys of them. */
static gboolean
sum_lines (const PatronRfmInput *input, gsize n, PatronRfm *rfm, PatronRfmCustomer *by_level, double *returned, guint64 *keys, gsize *n_keys,
           PatronRun *run, GError **error)
{
  const gint32 *codes = input->customers->codes;
  gsize used = 0;
  for (gsize i = 0; i < n; i++)
    {
      if (i % POLL == 0 && run != NULL && !patron_run_check (run, error))
        return FALSE;
      if (codes[i] < 0 || isnan (input->days[i]))
        continue;
      if (is_later (input, rfm->as_of, i))
        {
          rfm->n_later_lines++;
          continue;
        }
      double amount = input->amounts[i];
      PatronRfmCustomer *customer = &by_level[codes[i]];
      if (amount < 0)
        {
          rfm->n_return_lines++;
          returned[codes[i]] -= amount;
          continue;
        }
      if (!(amount > 0))
        {
          rfm->n_free_lines++;
          continue;
        }
      double day = floor (input->days[i]);
      gint32 order = input->orders != NULL ? input->orders->codes[i] : (gint32) day;
      customer->monetary += amount;
      customer->first_day = MIN (customer->first_day, day);
      customer->last_day = MAX (customer->last_day, day);
      keys[used++] = (guint64) (guint32) codes[i] << 32 | (guint32) order;
    }
  *n_keys = used;
  return TRUE;
}

static int
compare_money (gconstpointer a, gconstpointer b)
{
  const PatronRfmCustomer *first = a, *second = b;
  if (first->monetary != second->monetary)
    return first->monetary < second->monetary ? 1 : -1;
  return first->level < second->level ? -1 : 1;
}

/* Moves the customers that have enough orders together, with their totals. */
static void
keep_customers (const PatronRfmInput *input, PatronRfm *rfm, PatronRfmCustomer *by_level, const double *returned)
{
  guint32 n_levels = input->customers->n_levels;
  gsize kept = 0;
  rfm->first_day = G_MAXDOUBLE;
  rfm->last_day = -G_MAXDOUBLE;
  for (guint32 level = 0; level < n_levels; level++)
    {
      PatronRfmCustomer customer = by_level[level];
      if (customer.orders == 0)
        {
          rfm->returned_unmatched += returned[level];
          rfm->n_without_order++;
          continue;
        }
      if ((int) customer.orders < input->min_orders)
        {
          rfm->n_few_orders++;
          continue;
        }
      customer.level = level;
      rfm->n_orders += customer.orders;
      rfm->gross += customer.monetary;
      rfm->returned += returned[level];
      if (input->returns == PATRON_RFM_SUBTRACT)
        customer.monetary -= returned[level];
      customer.recency = rfm->as_of - customer.last_day;
      rfm->first_day = MIN (rfm->first_day, customer.first_day);
      rfm->last_day = MAX (rfm->last_day, customer.last_day);
      by_level[kept++] = customer;
    }
  rfm->n_customers = kept;
  rfm->customers = by_level;
  qsort (by_level, kept, sizeof *by_level, compare_money);
}

PatronRfm *
patron_rfm_new (const PatronRfmInput *input, PatronRun *run, GError **error)
{
  g_autoptr(PatronRfm) rfm = g_new0 (PatronRfm, 1);
  gsize n = input->customers->n, n_keys = 0;
  guint32 n_levels = input->customers->n_levels;
  find_as_of (input, n, rfm);

  PatronRfmCustomer *by_level = patron_try_alloc0 (n_levels, sizeof *by_level, _("a row for each customer"), error);
  double *returned = by_level == NULL ? NULL : patron_try_alloc0 (n_levels, sizeof *returned, _("a row for each customer"), error);
  guint64 *keys = returned == NULL ? NULL : patron_try_alloc (n, sizeof *keys, _("counting orders"), error);
  guint64 *scratch = keys == NULL ? NULL : patron_try_alloc (n, sizeof *scratch, _("counting orders"), error);
  gboolean ok = scratch != NULL;
  if (ok)
    {
      for (guint32 level = 0; level < n_levels; level++)
        {
          by_level[level].first_day = G_MAXDOUBLE;
          by_level[level].last_day = -G_MAXDOUBLE;
        }
      ok = sum_lines (input, n, rfm, by_level, returned, keys, &n_keys, run, error);
    }
  if (ok)
    {
      patron_radix_sort (keys, scratch, n_keys);
      for (gsize i = 0; i < n_keys; i++)
        if (i == 0 || keys[i] != keys[i - 1])
          by_level[keys[i] >> 32].orders++;
      keep_customers (input, rfm, g_steal_pointer (&by_level), returned);
      rfm->n_lines = n_keys;
      ok = run == NULL || patron_run_check (run, error);
    }
  patron_free (by_level);
  patron_free (returned);
  patron_free (keys);
  patron_free (scratch);
  return ok ? g_steal_pointer (&rfm) : NULL;
}

double *
patron_rfm_values (const PatronRfm *rfm, guint dimension, GError **error)
{
  double *values = patron_try_alloc (rfm->n_customers, sizeof *values, _("a row for each customer"), error);
  if (values != NULL)
    for (gsize i = 0; i < rfm->n_customers; i++)
      {
        const PatronRfmCustomer *customer = &rfm->customers[i];
        values[i] = dimension == 0 ? customer->recency : dimension == 1 ? customer->orders : customer->monetary;
      }
  return values;
}

void
patron_rfm_quantile_cuts (const double *sorted, gsize n, guint groups, double *cuts)
{
  for (guint k = 1; k < groups; k++)
    {
      double at = (double) (n - 1) * k / groups;
      gsize below = (gsize) at;
      double fraction = at - (double) below;
      double upper = sorted[MIN (below + 1, n - 1)];
      /* Between equal values the sum must stay exactly that value, or ties would be cut by rounding. */
      cuts[k - 1] = upper == sorted[below] ? upper : sorted[below] + fraction * (upper - sorted[below]);
    }
}

gboolean
patron_rfm_find_cuts (const PatronRfm *rfm, guint groups, double cuts[3][PATRON_RFM_MAX_GROUPS], GError **error)
{
  gsize n = rfm->n_customers;
  guint64 *keys = patron_try_alloc (2 * n, sizeof *keys, _("a row for each customer"), error);
  gboolean ok = keys != NULL;
  for (guint d = 0; ok && d < 3; d++)
    {
      double *values = patron_rfm_values (rfm, d, error);
      ok = values != NULL;
      for (gsize i = 0; ok && i < n; i++)
        keys[i] = patron_key_from_double (values[i]);
      if (ok)
        patron_radix_sort (keys, keys + n, n);
      for (gsize i = 0; ok && i < n; i++)
        values[i] = patron_double_from_key (keys[i]);
      if (ok)
        patron_rfm_quantile_cuts (values, n, groups, cuts[d]);
      patron_free (values);
    }
  patron_free (keys);
  return ok;
}

static guint8
score_value (double value, guint groups, const double *cuts)
{
  guint8 score = 1;
  for (guint k = 0; k + 1 < groups; k++)
    score += cuts[k] < value;
  return score;
}

void
patron_rfm_score (PatronRfm *rfm, guint groups, double cuts[3][PATRON_RFM_MAX_GROUPS])
{
  for (gsize i = 0; i < rfm->n_customers; i++)
    {
      PatronRfmCustomer *customer = &rfm->customers[i];
      customer->score[0] = groups + 1 - score_value (customer->recency, groups, cuts[0]);
      customer->score[1] = score_value (customer->orders, groups, cuts[1]);
      customer->score[2] = score_value (customer->monetary, groups, cuts[2]);
    }
}

static guint
segment_volume (const PatronRfmSegment *segment)
{
  guint volume = 1;
  for (guint d = 0; d < 3; d++)
    volume *= segment->high[d] - segment->low[d] + 1;
  return volume;
}

static guint8
find_segment (const guint8 score[3], PatronRfmOverlap overlap)
{
  guint8 found = PATRON_RFM_OTHERS;
  for (guint8 s = 0; s < PATRON_RFM_OTHERS; s++)
    {
      const PatronRfmSegment *segment = &patron_rfm_segments[s];
      gboolean inside = TRUE;
      for (guint d = 0; d < 3; d++)
        inside = inside && score[d] >= segment->low[d] && score[d] <= segment->high[d];
      if (!inside)
        continue;
      if (overlap == PATRON_RFM_FIRST)
        return s;
      if (found == PATRON_RFM_OTHERS || segment_volume (segment) < segment_volume (&patron_rfm_segments[found]))
        found = s;
    }
  return found;
}

void
patron_rfm_name (PatronRfm *rfm, guint groups, PatronRfmOverlap overlap)
{
  for (gsize i = 0; i < rfm->n_customers; i++)
    {
      PatronRfmCustomer *customer = &rfm->customers[i];
      guint8 score[3];
      for (guint d = 0; d < 3; d++)
        score[d] = (customer->score[d] * 5 + groups - 1) / groups;
      customer->segment = find_segment (score, overlap);
    }
}

double
patron_gini (const double *descending, gsize n)
{
  double total = 0, weighted = 0;
  for (gsize i = 0; i < n; i++)
    {
      double value = MAX (descending[i], 0);
      total += value;
      weighted += (double) (n - i) * value;    /* rank from the smallest, which is 1 */
    }
  if (n == 0 || total <= 0)
    return NAN;
  return 2 * weighted / ((double) n * total) - (double) (n + 1) / (double) n;
}

double
patron_top_share (const double *descending, gsize n, double share)
{
  gsize first = (gsize) ceil (share * (double) n - 1e-9);
  double top = 0, total = 0;
  for (gsize i = 0; i < n; i++)
    {
      double value = MAX (descending[i], 0);
      total += value;
      top += i < first ? value : 0;
    }
  return total > 0 ? top / total : NAN;
}
