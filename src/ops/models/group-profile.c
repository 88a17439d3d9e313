/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/group-profile.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "math/distributions.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* ---- numbers ------------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronGroupProfile  *profile;
  const PatronColumns *original, *scaled;
  const gint32        *labels;
  double              *sums;      /* for each worker, 2 k */
} ProfileWork;

static double
column_mean (const double *values, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += values[i] - values[0];
  return values[0] + sum / (double) n;
}

/* What to subtract before summing: the mean, or of whole numbers the nearest one, so that the sums are exact and the mean of a group without
 * any is 0 rather than 2e-16. */
static double
column_shift (const double *values, gsize n, double mean)
{
  for (gsize i = 0; i < n; i++)
    if (values[i] != rint (values[i]))
      return mean;
  return rint (mean);
}

/* Sums and sums of squares of the values less mean, or a number near it, by group. */
static void
sum_groups (const double *values, double mean, const gint32 *labels, gsize n, gsize k, double *sums, double *squares)
{
  memset (sums, 0, k * sizeof *sums);
  memset (squares, 0, k * sizeof *squares);
  for (gsize i = 0; i < n; i++)
    {
      const double d = values[i] - mean;
      sums[labels[i]] += d;
      squares[labels[i]] += d * d;
    }
}

static void
original_column (const ProfileWork *work, gsize j, double *sums, double *squares)
{
  PatronGroupProfile *profile = work->profile;
  const double mean = profile->overall[j] = column_mean (work->original->columns[j], profile->n);
  const double shift = column_shift (work->original->columns[j], profile->n, mean);

  sum_groups (work->original->columns[j], shift, work->labels, profile->n, profile->k, sums, squares);
  for (gsize c = 0; c < profile->k; c++)
    {
      const double n = (double) profile->sizes[c], m = sums[c] / n;
      const double se = n > 1 ? sqrt (MAX (squares[c] - m * sums[c], 0) / (n - 1) / n) : NAN;
      const double critical = n > 1 ? patron_t_quantile (0.975, n - 1) : NAN;
      const gsize at = c * profile->p + j;
      profile->means[at] = shift + m;
      profile->low[at] = shift + m - critical * se;
      profile->high[at] = shift + m + critical * se;
    }
}

static void
scaled_column (const ProfileWork *work, gsize j, double *sums, double *squares)
{
  PatronGroupProfile *profile = work->profile;
  const gsize k = profile->k, n = profile->n;
  double total = 0, between = 0;

  sum_groups (work->scaled->columns[j], column_mean (work->scaled->columns[j], n), work->labels, n, k, sums, squares);
  for (gsize c = 0; c < k; c++)
    {
      total += squares[c];
      between += sums[c] * sums[c] / (double) profile->sizes[c];
    }
  const double deviation = sqrt (total / (double) n), within = MAX (total - between, 0);
  for (gsize c = 0; c < k; c++)
    profile->z[c * profile->p + j] = deviation > 0 ? sums[c] / (double) profile->sizes[c] / deviation : 0;
  profile->eta2[j] = total > 0 ? MIN (between / total, 1) : 0;
  profile->f[j] = k > 1 && n > k && within > 0 ? between / (double) (k - 1) / (within / (double) (n - k)) : NAN;
}

static void
profile_columns (gsize begin, gsize end, int worker, gpointer data)
{
  const ProfileWork *work = data;
  double *sums = work->sums + (gsize) worker * 2 * work->profile->k;

  for (gsize j = begin; j < end; j++)
    {
      original_column (work, j, sums, sums + work->profile->k);
      scaled_column (work, j, sums, sums + work->profile->k);
    }
}

gboolean
patron_group_profile_compute (PatronGroupProfile *profile, const PatronColumns *original, const PatronColumns *scaled, const gint32 *labels,
                              gsize k, PatronRun *run, GError **error)
{
  const gsize p = original->p, size = k * p;

  *profile = (PatronGroupProfile) { .k = k, .p = p, .n = original->n };
  profile->sizes = g_new0 (gsize, k);
  profile->means = patron_try_alloc (4 * size + 3 * p, sizeof (double), _("the profile of the groups"), error);
  if (profile->means == NULL)
    {
      patron_group_profile_clear (profile);
      return FALSE;
    }
  profile->low = profile->means + size;
  profile->high = profile->low + size;
  profile->z = profile->high + size;
  profile->overall = profile->z + size;
  profile->f = profile->overall + p;
  profile->eta2 = profile->f + p;
  for (gsize i = 0; i < original->n; i++)
    profile->sizes[labels[i]]++;

  g_autofree double *sums = g_new (double, (gsize) patron_parallel_workers (run) * 2 * k);
  ProfileWork work = { profile, original, scaled, labels, sums };
  if (patron_parallel_for (run, p, 1, profile_columns, &work))
    return TRUE;
  patron_group_profile_clear (profile);
  return patron_run_check (run, error);
}

void
patron_group_profile_clear (PatronGroupProfile *profile)
{
  g_clear_pointer (&profile->sizes, g_free);
  g_clear_pointer (&profile->means, patron_free);   /* the others lie behind it */
}

/* ---- words -------------------------------------------------------------------------------------------------- */

PatronText *
patron_group_label (gsize group)
{
  return patron_text (N_("Group {number}"), "number", PATRON_EXACT (group + 1), NULL);
}

static const char *
level_word (const PatronDesign *design, gsize j, double z)
{
  if (patron_design_column (design, (guint) j)->level >= 0)
    return z > 0 ? N_("often") : N_("seldom");
  return z > 0 ? N_("high") : N_("low");
}

PatronText *
patron_group_name (const PatronGroupProfile *profile, const PatronDesign *design, gsize group)
{
  const double *z = profile->z + group * profile->p;
  const double least = 0.4;
  gsize first = G_MAXSIZE, second = G_MAXSIZE;

  for (gsize j = 0; j < profile->p; j++)
    if (first == G_MAXSIZE || fabs (z[j]) > fabs (z[first]))
      first = j;
  /* The second says something else: of another column of the table. */
  for (gsize j = 0; j < profile->p; j++)
    if (patron_design_column (design, (guint) j)->source != patron_design_column (design, (guint) first)->source
        && (second == G_MAXSIZE || fabs (z[j]) > fabs (z[second])))
      second = j;

  if (fabs (z[first]) < least)
    return patron_text (N_("near the average"), NULL);
  const char *name = patron_design_column (design, (guint) first)->name;
  if (second == G_MAXSIZE || fabs (z[second]) < least)
    return patron_text (N_("{how} {what}"), "how", PATRON_MSGID (level_word (design, first, z[first])), "what", PATRON_STRING (name), NULL);
  return patron_text (N_("{how} {what}, {how2} {what2}"), "how", PATRON_MSGID (level_word (design, first, z[first])), "what", PATRON_STRING (name),
                      "how2", PATRON_MSGID (level_word (design, second, z[second])), "what2",
                      PATRON_STRING (patron_design_column (design, (guint) second)->name), NULL);
}
