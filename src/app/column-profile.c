/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/column-profile.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/order.h"

/* Counting distinct numbers stops here: beyond it a column is as good as unique. */
#define MAX_DISTINCT 1000000

void
patron_column_profile_free (PatronColumnProfile *profile)
{
  if (profile == NULL)
    return;
  for (guint i = 0; i < profile->n_top; i++)
    g_free (profile->top[i].value);
  g_free (profile);
}

/* ---- numbers ----------------------------------------------------------------------------------------------- */

static void
fill_moments (PatronColumnProfile *profile, const double *values, gsize n)
{
  double sum = 0, squares = 0;
  profile->minimum = INFINITY;
  profile->maximum = -INFINITY;
  for (gsize i = 0; i < n; i++)
    {
      sum += values[i];
      profile->minimum = MIN (profile->minimum, values[i]);
      profile->maximum = MAX (profile->maximum, values[i]);
    }
  profile->mean = sum / (double) n;
  for (gsize i = 0; i < n; i++)
    squares += (values[i] - profile->mean) * (values[i] - profile->mean);
  profile->deviation = n > 1 ? sqrt (squares / (double) (n - 1)) : NAN;
}

/* The bins span the bulk of the values, so that one far away does not press all others into one bar. */
static void
fill_bins (PatronColumnProfile *profile, const double *values, gsize n)
{
  double spread = profile->q3 - profile->q1;
  profile->bin_low = spread > 0 ? MAX (profile->minimum, profile->q1 - 3 * spread) : profile->minimum;
  profile->bin_high = spread > 0 ? MIN (profile->maximum, profile->q3 + 3 * spread) : profile->maximum;
  double width = profile->bin_high - profile->bin_low;
  profile->n_bins = width > 0 ? PATRON_PROFILE_BINS : 1;
  gboolean whole = profile->type != PATRON_TYPE_NUMBER;
  if (whole && width > 0 && width < PATRON_PROFILE_BINS)
    profile->n_bins = (guint) width + 1;
  double scale = width > 0 ? profile->n_bins / (whole && profile->n_bins < PATRON_PROFILE_BINS ? width + 1 : width) : 0;
  for (gsize i = 0; i < n; i++)
    {
      double bin = (values[i] - profile->bin_low) * scale;
      profile->bins[(guint) CLAMP (bin, 0, profile->n_bins - 1)]++;
    }
}

/* Open addressing on the bits of the values; -0 counts as 0. */
static gboolean
count_distinct (PatronColumnProfile *profile, const double *values, gsize n, GError **error)
{
  gsize size = 1 << 12;
  while (size < 2 * MIN (n, (gsize) MAX_DISTINCT) + 2)
    size *= 2;
  guint64 *slots = patron_try_alloc0 (size, sizeof *slots, _("counting distinct values"), error);
  if (slots == NULL)
    return FALSE;
  for (gsize i = 0; i < n && !profile->more_distinct; i++)
    {
      double value = values[i] + 0.0;
      guint64 bits;
      memcpy (&bits, &value, sizeof bits);
      bits += 1;   /* 0 marks an empty slot; the bits of -NaN do not occur */
      gsize at = patron_hash_bits (bits) & (size - 1);
      while (slots[at] != 0 && slots[at] != bits)
        at = (at + 1) & (size - 1);
      if (slots[at] != 0)
        continue;
      slots[at] = bits;
      profile->more_distinct = profile->n_distinct == MAX_DISTINCT;
      profile->n_distinct += !profile->more_distinct;
    }
  patron_free (slots);
  return TRUE;
}

/* The values that are there, in front; returns their number. */
static gsize
read_present (PatronColumn *column, double *values, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column), present = 0;
  for (gsize start = 0; start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize length = MIN (PATRON_CHUNK_ROWS, n - start);
      double *chunk = values + present;   /* never behind what is still to be read */
      if (!patron_run_check (run, error) || !patron_column_read_doubles (column, start, length, chunk, error))
        return G_MAXSIZE;
      for (gsize i = 0; i < length; i++)
        if (!isnan (chunk[i]))
          values[present++] = chunk[i];
    }
  return present;
}

static gboolean
profile_numbers (PatronColumnProfile *profile, PatronColumn *column, PatronRun *run, GError **error)
{
  double *values = patron_try_alloc (profile->n, sizeof *values, _("the profile of a column"), error);
  if (values == NULL)
    return FALSE;
  gsize present = read_present (column, values, run, error);
  gboolean ok = present != G_MAXSIZE;
  profile->n_missing = ok ? profile->n - present : 0;
  if (ok && present > 0)
    {
      ok = count_distinct (profile, values, present, error);
      fill_moments (profile, values, present);
      profile->q1 = patron_quantile (values, present, 0.25);
      profile->median = patron_quantile (values, present, 0.5);
      profile->q3 = patron_quantile (values, present, 0.75);
      fill_bins (profile, values, present);
    }
  patron_free (values);
  return ok;
}

/* ---- groups ------------------------------------------------------------------------------------------------ */

static gboolean
count_codes (PatronColumn *column, gsize *counts, gsize *n_missing, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column);
  gint32 *codes = patron_try_alloc (PATRON_CHUNK_ROWS, sizeof *codes, _("the profile of a column"), error);
  gboolean ok = codes != NULL;
  for (gsize start = 0; ok && start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize length = MIN (PATRON_CHUNK_ROWS, n - start);
      ok = patron_run_check (run, error) && patron_column_read (column, start, length, codes, error);
      for (gsize i = 0; ok && i < length; i++)
        {
          if (codes[i] < 0)
            (*n_missing)++;
          else
            counts[codes[i]]++;
        }
    }
  patron_free (codes);
  return ok;
}

static void
fill_top (PatronColumnProfile *profile, const gsize *counts, PatronDict *dict)
{
  gint32 top[PATRON_PROFILE_TOP];
  for (gsize code = 0; code < patron_dict_size (dict); code++)
    {
      if (counts[code] == 0)
        continue;
      profile->n_distinct++;
      guint at = profile->n_top;
      while (at > 0 && counts[top[at - 1]] < counts[code])
        at--;
      if (at >= PATRON_PROFILE_TOP)
        continue;
      guint last = MIN (profile->n_top, PATRON_PROFILE_TOP - 1);
      memmove (top + at + 1, top + at, (last - at) * sizeof *top);
      top[at] = (gint32) code;
      profile->n_top = last + 1;
    }
  for (guint i = 0; i < profile->n_top; i++)
    profile->top[i] = (PatronProfileTop) { g_strdup (patron_dict_get (dict, top[i])), counts[top[i]] };
}

/* The bars of the header: the most frequent values, in that order. */
static void
bins_from_top (PatronColumnProfile *profile)
{
  profile->n_bins = profile->n_top;
  for (guint i = 0; i < profile->n_top; i++)
    profile->bins[i] = profile->top[i].n;
}

static gboolean
profile_codes (PatronColumnProfile *profile, PatronColumn *column, PatronRun *run, GError **error)
{
  PatronDict *dict = patron_column_dict (column, error);
  gsize *counts = dict != NULL ? patron_try_alloc0 (patron_dict_size (dict), sizeof *counts, _("the profile of a column"), error) : NULL;
  if (counts == NULL)
    return FALSE;
  gboolean ok = count_codes (column, counts, &profile->n_missing, run, error);
  if (ok)
    fill_top (profile, counts, dict);
  bins_from_top (profile);
  patron_free (counts);
  return ok;
}

static gboolean
profile_flags (PatronColumnProfile *profile, PatronColumn *column, PatronRun *run, GError **error)
{
  guint8 *flags = patron_try_alloc (PATRON_CHUNK_ROWS, 1, _("the profile of a column"), error);
  gsize counts[2] = { 0, 0 };
  gboolean ok = flags != NULL;
  for (gsize start = 0; ok && start < profile->n; start += PATRON_CHUNK_ROWS)
    {
      gsize length = MIN (PATRON_CHUNK_ROWS, profile->n - start);
      ok = patron_run_check (run, error) && patron_column_read (column, start, length, flags, error);
      for (gsize i = 0; ok && i < length; i++)
        {
          if (flags[i] > 1)
            profile->n_missing++;
          else
            counts[flags[i]]++;
        }
    }
  patron_free (flags);
  gsize present = counts[0] + counts[1];
  profile->mean = present > 0 ? (double) counts[1] / (double) present : NAN;
  profile->n_distinct = (counts[0] > 0) + (counts[1] > 0);
  profile->n_top = 2;
  profile->top[0] = (PatronProfileTop) { g_strdup (_("yes")), counts[1] };
  profile->top[1] = (PatronProfileTop) { g_strdup (_("no")), counts[0] };
  bins_from_top (profile);
  return ok;
}

PatronColumnProfile *
patron_column_profile_new (PatronColumn *column, PatronRun *run, GError **error)
{
  g_autoptr (PatronColumnProfile) profile = g_new0 (PatronColumnProfile, 1);
  profile->type = patron_column_get_type (column);
  profile->n = patron_column_get_length (column);
  profile->mean = profile->deviation = profile->minimum = profile->q1 = profile->median = profile->q3 = profile->maximum = NAN;
  gboolean ok = patron_column_has_dict (column)             ? profile_codes (profile, column, run, error)
                : profile->type == PATRON_TYPE_BOOLEAN      ? profile_flags (profile, column, run, error)
                                                            : profile_numbers (profile, column, run, error);
  return ok ? g_steal_pointer (&profile) : NULL;
}
