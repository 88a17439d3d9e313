/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/profile.h"

#include "base/memory.h"
#include "base/order.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "math/comparison.h"
#include "math/distributions.h"
#include "math/radix-sort.h"
#include "ops/analyses/profile-private.h"
#include "report/layout.h"
#include "table/disguised.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { BLOCK = 2048 };

const double patron_profile_tails[PATRON_PROFILE_TAILS] = { 0.01, 0.05, 0.1, 0.9, 0.95, 0.99 };

/* What sorting a column takes; kept from one column to the next. */
typedef struct
{
  guint64 *keys;
  double  *values;
  gsize    size;                 /* of each */
} Room;

typedef struct
{
  PatronProfile *profiles;
  const PatronProfileOptions *options;
  Room *rooms;                   /* one for each worker */
  const guint8 *draw;            /* columns that get a histogram */
  PatronRun *run;
  GError *error;                 /* the first */
} Work;

static void
room_clear (Room *room)
{
  patron_free (room->keys);
  patron_free (room->values);
  *room = (Room) { 0 };
}

gboolean
patron_profile_is_ordered (const PatronProfile *profile)
{
  return profile->type != PATRON_TYPE_CATEGORY && profile->type != PATRON_TYPE_TEXT;
}

gboolean
patron_profile_is_numeric (const PatronProfile *profile)
{
  return patron_profile_is_ordered (profile) && profile->type != PATRON_TYPE_DATE && profile->type != PATRON_TYPE_TIME;
}

/* ---- moments ---------------------------------------------------------------------------------------------- */

/* Sums in blocks, each block vectorised: the error grows with the number of blocks, not of values. */
PATRON_SIMD static double
sum_values (const double *restrict values, gsize n)
{
  double total = 0;
  for (gsize from = 0; from < n; from += BLOCK)
    {
      gsize to = MIN (n, from + BLOCK);
      double sum = 0;
#pragma omp simd reduction(+:sum)
      for (gsize i = from; i < to; i++)
        sum += values[i];
      total += sum;
    }
  return total;
}

/* Sums of the second to fourth powers of the distances from the mean. */
PATRON_SIMD static void
central_sums (const double *restrict values, gsize n, double mean, double *m2, double *m3, double *m4)
{
  double total2 = 0, total3 = 0, total4 = 0;
  for (gsize from = 0; from < n; from += BLOCK)
    {
      gsize to = MIN (n, from + BLOCK);
      double sum2 = 0, sum3 = 0, sum4 = 0;
#pragma omp simd reduction(+:sum2, sum3, sum4)
      for (gsize i = from; i < to; i++)
        {
          double d = values[i] - mean, d2 = d * d;
          sum2 += d2;
          sum3 += d2 * d;
          sum4 += d2 * d2;
        }
      total2 += sum2;
      total3 += sum3;
      total4 += sum4;
    }
  *m2 = total2;
  *m3 = total3;
  *m4 = total4;
}

/* Joanes and Gill, "Comparing measures of sample skewness and kurtosis", The Statistician 47(1), 1998: G1 and G2. */
static void
set_moments (PatronProfile *p, const double *sorted, gsize count)
{
  double n = (double) count, m2, m3, m4;
  p->mean = sum_values (sorted, count) / n;
  central_sums (sorted, count, p->mean, &m2, &m3, &m4);
  if (count > 1)
    {
      p->sd = sqrt (m2 / (n - 1));
      double half = patron_t_quantile (0.975, n - 1) * p->sd / sqrt (n);
      p->mean_low = p->mean - half;
      p->mean_high = p->mean + half;
    }
  if (!(m2 > 0) || p->min == p->max)
    return;
  double g1 = sqrt (n) * m3 / (m2 * sqrt (m2)), g2 = n * m4 / (m2 * m2) - 3;
  if (count > 2)
    p->skewness = g1 * sqrt (n * (n - 1)) / (n - 2);
  if (count > 3)
    p->kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6);
}

/* ---- sorted values ---------------------------------------------------------------------------------------- */

/* The first place in sorted whose value is at least (or, strictly, above) the limit. */
static gsize
place_of (const double *sorted, gsize n, double limit, gboolean strictly)
{
  gsize low = 0, high = n;
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      if (sorted[middle] < limit || (strictly && sorted[middle] == limit))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

void
patron_frequency_offer (PatronFrequency *top, guint *n, guint most, PatronFrequency candidate)
{
  if (*n == most && candidate.count <= top[most - 1].count)
    return;
  guint at = *n < most ? (*n)++ : most - 1;
  for (; at > 0 && top[at - 1].count < candidate.count; at--)
    top[at] = top[at - 1];
  top[at] = candidate;
}

/* Distinct values and the most frequent, from runs of equal keys. */
static void
count_runs (PatronProfile *p, const guint64 *keys, const double *sorted, gsize n)
{
  gsize distinct = 0, least = 0, from = 0;
  for (gsize i = 1; i <= n; i++)
    {
      if (i < n && keys[i] == keys[i - 1])
        continue;
      distinct++;
      gsize count = i - from;
      if (count > least || p->n_top < PATRON_PROFILE_TOP)
        {
          patron_frequency_offer (p->top, &p->n_top, PATRON_PROFILE_TOP, (PatronFrequency) { .value = sorted[from], .code = -1, .count = count });
          least = p->n_top == PATRON_PROFILE_TOP ? p->top[PATRON_PROFILE_TOP - 1].count : 0;
        }
      from = i;
    }
  p->n_distinct = distinct;
}

static void
set_order_statistics (PatronProfile *p, const double *sorted, gsize n, double fence)
{
  p->min = sorted[0];
  p->max = sorted[n - 1];
  p->q1 = patron_quantile_sorted (sorted, n, 0.25);
  p->median = patron_quantile_sorted (sorted, n, 0.5);
  p->q3 = patron_quantile_sorted (sorted, n, 0.75);
  for (guint k = 0; k < PATRON_PROFILE_TAILS; k++)
    p->tails[k] = patron_quantile_sorted (sorted, n, patron_profile_tails[k]);
  if (patron_profile_is_numeric (p) && p->type != PATRON_TYPE_BOOLEAN)
    patron_shapiro_wilk (sorted, n, &p->w, &p->normal_p);
  p->fence_low = p->q1 - fence * (p->q3 - p->q1);
  p->fence_high = p->q3 + fence * (p->q3 - p->q1);
  if (p->q3 > p->q1)
    p->n_outliers = place_of (sorted, n, p->fence_low, FALSE) + (n - place_of (sorted, n, p->fence_high, TRUE));
  p->n_negative = place_of (sorted, n, 0, FALSE);
  p->n_zero = place_of (sorted, n, 0, TRUE) - p->n_negative;
  p->n_sketch = MIN (n, PATRON_PROFILE_SKETCH);
  for (guint k = 0; k < p->n_sketch; k++)
    p->sketch[k] = sorted[p->n_sketch > 1 ? (gsize) ((double) (n - 1) * k / (p->n_sketch - 1) + 0.5) : 0];
}

/* Bins over all values, or, where a few far ones would press the rest into one bar, over the middle 99 % of them. */
static void
set_bins (PatronProfile *p, const double *sorted, gsize n, guint max_bins)
{
  double low = p->min, high = p->max;
  double p005 = patron_quantile_sorted (sorted, n, 0.005), p995 = patron_quantile_sorted (sorted, n, 0.995);
  if (high - p995 > 2 * (p995 - p005) && p995 > p005)
    high = p995;
  if (p005 - low > 2 * (p995 - p005) && p995 > p005)
    low = p005;
  gsize from = place_of (sorted, n, low, FALSE), to = place_of (sorted, n, high, TRUE);
  gboolean integers = p->type == PATRON_TYPE_INTEGER || p->type == PATRON_TYPE_BOOLEAN || p->type == PATRON_TYPE_DATE || p->type == PATRON_TYPE_TIME;
  double unit = p->type == PATRON_TYPE_TIME ? 86400 : 1;      /* bins of times begin with a day */
  double sketch[PATRON_PROFILE_SKETCH];
  guint n_sketch = MIN (to - from, PATRON_PROFILE_SKETCH);
  for (guint k = 0; k < n_sketch; k++)
    sketch[k] = sorted[from + (n_sketch > 1 ? (gsize) ((double) (to - from - 1) * k / (n_sketch - 1) + 0.5) : 0)] / unit;
  g_autoptr(GArray) edges = patron_histogram_edges (sketch, n_sketch, max_bins, integers);
  if (edges == NULL || edges->len < 2)
    return;
  p->n_bins = edges->len - 1;
  p->edges = g_memdup2 (edges->data, edges->len * sizeof (double));
  p->counts = g_new0 (double, p->n_bins);
  for (guint b = 0; b <= p->n_bins; b++)
    p->edges[b] *= unit;
  gsize below = place_of (sorted, n, p->edges[0], FALSE);
  p->bins_below = below;
  for (guint b = 0; b < p->n_bins; b++)
    {
      gsize above = place_of (sorted, n, p->edges[b + 1], b + 1 == p->n_bins);
      p->counts[b] = (double) (above - below);
      below = above;
    }
  p->bins_above = n - below;
}

/* Added to a number of up to 2^51, it leaves the nearest integer in the lowest bits: such doubles are in the order of their bits. */
#define ROUNDER 6755399441055744.0
/* Places after the point that are looked for. */
#define MAX_PLACES 6

/* Doubles' keys into those of the integers that times scale makes of them; FALSE where one of them is not such an integer divided by the scale. */
PATRON_SIMD static gboolean
scale_keys (const guint64 *restrict keys, gsize n, double scale, guint64 *restrict scaled)
{
  guint odd = 0;
#pragma omp simd reduction(|:odd)
  for (gsize i = 0; i < n; i++)
    {
      const double value = patron_double_from_key (keys[i]), rounded = value * scale + ROUNDER, whole = rounded - ROUNDER;
      odd |= !(whole / scale == value && fabs (whole) < 0x1p50);
      memcpy (&scaled[i], &rounded, sizeof rounded);
    }
  return odd == 0;
}

static inline double
unscale_key (guint64 key, double scale)
{
  double rounded;
  memcpy (&rounded, &key, sizeof rounded);
  return (rounded - ROUNDER) / scale;
}

/* Numbers with few places after the point span far fewer values as integers, which sort in a fraction of the time. Returns the scale, with the keys in
 * scaled; 0 when there is none. */
static double
find_scale (const guint64 *keys, gsize n, guint64 *scaled)
{
  const gsize some = MIN (n, 1024);
  double scale = 1;
  for (int places = 0; places <= MAX_PLACES; places++, scale *= 10)
    if (scale_keys (keys, some, scale, scaled))
      return scale_keys (keys, n, scale, scaled) ? scale : 0;
  return 0;
}

/* Sorts the keys and gives their values; both are rooms of n, and *keys and *values are exchanged where that saves a copy. */
static void
sort_numbers (guint64 **keys, double **values, gsize n)
{
  guint64 *scaled = (guint64 *) (gpointer) *values;
  const double scale = find_scale (*keys, n, scaled);
  if (scale > 0)
    {
      *values = (double *) (gpointer) *keys;
      *keys = scaled;
    }
  patron_radix_sort (*keys, (guint64 *) (gpointer) *values, n);
  for (gsize i = 0; i < n; i++)
    (*values)[i] = scale > 0 ? unscale_key ((*keys)[i], scale) : patron_double_from_key ((*keys)[i]);
}

/* keys: n_values, in any order; values: room for as many doubles, also used as the sort's scratch. */
static void
profile_keys (PatronProfile *p, guint64 *keys, double *values, gboolean floating, double unit, const PatronProfileOptions *options, gboolean draw)
{
  gsize n = p->n_values;
  if (floating)
    sort_numbers (&keys, &values, n);
  else
    {
      patron_radix_sort (keys, (guint64 *) (gpointer) values, n);
      for (gsize i = 0; i < n; i++)
        values[i] = (double) patron_int64_from_key (keys[i]) / unit;
    }
  set_order_statistics (p, values, n, options->fence);
  set_moments (p, values, n);
  count_runs (p, keys, values, n);
  patron_profile_find_number_suspects (p, keys, values);
  if (draw)
    set_bins (p, values, n, options->max_bins);
}

/* Sort keys of those of the n values that are there; returns their number. Of doubles for numbers, else of integers. */
static gsize
collect_keys (PatronType type, gconstpointer held, gsize n_held, guint64 *keys)
{
  gsize n = 0;
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      for (gsize i = 0; i < n_held; i++)
        {
          double value = ((const double *) held)[i];
          keys[n] = patron_key_from_double (value + 0.0);   /* -0 + 0 is 0 */
          n += !isnan (value);
        }
      break;
    case PATRON_TYPE_INTEGER:
    case PATRON_TYPE_TIME:
    case PATRON_TYPE_DURATION:
      for (gsize i = 0; i < n_held; i++)
        {
          gint64 value = ((const gint64 *) held)[i];
          keys[n] = patron_key_from_int64 (value);
          n += value != PATRON_INTEGER_MISSING;
        }
      break;
    case PATRON_TYPE_DATE:
      for (gsize i = 0; i < n_held; i++)
        {
          gint32 value = ((const gint32 *) held)[i];
          keys[n] = patron_key_from_int64 (value);
          n += value != PATRON_DATE_MISSING;
        }
      break;
    case PATRON_TYPE_BOOLEAN:
    default:
      for (gsize i = 0; i < n_held; i++)
        {
          guint8 value = ((const guint8 *) held)[i];
          keys[n] = patron_key_from_int64 (value);
          n += value != PATRON_BOOLEAN_MISSING;
        }
      break;
    }
  return n;
}

/* By chunks: the column may be larger than memory. */
static gboolean
collect_all_keys (PatronProfile *p, guint64 *keys, GError **error)
{
  gpointer chunk = patron_column_is_resident (p->column) ? NULL
                   : patron_try_alloc (MIN (p->n, PATRON_CHUNK_ROWS), sizeof (double), _("the statistics of a column"), error);
  gconstpointer held = chunk == NULL && p->n > 0 ? patron_column_values (p->column, error) : NULL;
  gboolean ok = p->n == 0 || chunk != NULL || held != NULL;
  p->n_values = 0;
  if (held != NULL)
    p->n_values = collect_keys (p->type, held, p->n, keys);
  for (gsize start = 0; ok && chunk != NULL && start < p->n; start += PATRON_CHUNK_ROWS)
    {
      gsize n = MIN (PATRON_CHUNK_ROWS, p->n - start);
      ok = patron_column_read (p->column, start, n, chunk, error);
      p->n_values += ok ? collect_keys (p->type, chunk, n, keys + p->n_values) : 0;
    }
  p->n_missing = p->n - p->n_values;
  patron_free (chunk);
  return ok;
}

/* Room for one more: the collector writes a key before it knows whether the value counts. */
static gboolean
make_room (Room *room, gsize n, GError **error)
{
  if (room->size > n)
    return TRUE;
  room_clear (room);
  room->keys = patron_try_alloc_values (n + 1, sizeof *room->keys, _("the statistics of a column"), error);
  room->values = room->keys == NULL ? NULL : patron_try_alloc_values (n + 1, sizeof *room->values, _("the statistics of a column"), error);
  room->size = room->values != NULL ? n + 1 : 0;
  return room->values != NULL;
}

static gboolean
profile_ordered (PatronProfile *p, Room *room, const PatronProfileOptions *options, gboolean draw, GError **error)
{
  if (!make_room (room, p->n, error) || !collect_all_keys (p, room->keys, error))
    return FALSE;
  const gboolean floating = p->type == PATRON_TYPE_NUMBER;
  const double unit = p->type == PATRON_TYPE_TIME || p->type == PATRON_TYPE_DURATION ? 1e6 : 1;
  if (p->n_values > 0)
    profile_keys (p, room->keys, room->values, floating, unit, options, draw);
  return TRUE;
}

/* ---- dictionaries ----------------------------------------------------------------------------------------- */

/* counts[code + 1]: missing is -1. By chunks. */
static gboolean
count_codes (PatronProfile *p, guint32 *counts, GError **error)
{
  gint32 *codes = patron_try_alloc (PATRON_CHUNK_ROWS, sizeof *codes, _("the statistics of a column"), error);
  gboolean ok = codes != NULL;
  for (gsize start = 0; ok && start < p->n; start += PATRON_CHUNK_ROWS)
    {
      gsize n = MIN (PATRON_CHUNK_ROWS, p->n - start);
      ok = patron_column_read (p->column, start, n, codes, error);
      for (gsize i = 0; ok && i < n; i++)
        counts[codes[i] + 1]++;
    }
  patron_free (codes);
  return ok;
}

static gboolean
profile_codes (PatronProfile *p, GError **error)
{
  PatronDict *dict = patron_column_dict (p->column, error);
  if (dict == NULL)
    return FALSE;
  gsize n_codes = patron_dict_size (dict);
  guint32 *counts = patron_try_alloc0 (n_codes + 1, sizeof *counts, _("the statistics of a column"), error);
  if (counts == NULL || !count_codes (p, counts, error))
    {
      patron_free (counts);
      return FALSE;
    }
  p->n_missing = counts[0];
  p->n_values = p->n - p->n_missing;
  const guint64 *offsets = patron_dict_offsets (dict);
  const char *bytes = patron_dict_bytes (dict);
  double length = 0;
  for (gsize code = 0; code < n_codes; code++)
    {
      gsize count = counts[code + 1];
      if (count == 0)
        continue;
      p->n_distinct++;
      patron_frequency_offer (p->top, &p->n_top, PATRON_PROFILE_TOP, (PatronFrequency) { .value = NAN, .code = code, .count = count });
      const char *text = bytes + offsets[code];
      gsize characters = patron_count_characters (text, offsets[code + 1] - offsets[code] - 1);
      length += (double) characters * (double) count;
      p->max_length = MAX (p->max_length, characters);
      if (patron_text_is_disguised_missing (text, offsets[code + 1] - offsets[code] - 1))
        patron_frequency_offer (p->suspects, &p->n_suspects, PATRON_PROFILE_SUSPECTS, (PatronFrequency) { .value = NAN, .code = code, .count = count });
    }
  if (p->n_values > 0)
    p->mean_length = length / (double) p->n_values;
  patron_free (counts);
  return TRUE;
}

/* ---- all columns ------------------------------------------------------------------------------------------ */

static void
clear_numbers (PatronProfile *p)
{
  for (guint k = 0; k < PATRON_PROFILE_TAILS; k++)
    p->tails[k] = NAN;
  p->mean_low = p->mean_high = p->w = p->normal_p = NAN;
  p->mean = p->sd = p->min = p->q1 = p->median = p->q3 = p->max = p->skewness = p->kurtosis = p->fence_low = p->fence_high = p->mean_length = NAN;
}

static void
profile_columns (gsize begin, gsize end, int worker, gpointer data)
{
  Work *work = data;
  for (gsize c = begin; c < end; c++)
    {
      PatronProfile *p = &work->profiles[c];
      GError *error = NULL;
      gboolean ok = patron_profile_is_ordered (p) ? profile_ordered (p, &work->rooms[worker], work->options, work->draw[c], &error) : profile_codes (p, &error);
      if (ok)
        patron_profile_judge (p);
      else
        patron_error_keep (&work->error, error);
    }
}

PatronProfile *
patron_profiles_new (PatronColumn *const *columns, guint n, const PatronProfileOptions *options, PatronRun *run, GError **error)
{
  PatronProfile *profiles = g_new0 (PatronProfile, n + 1);
  g_autofree guint8 *draw = g_new0 (guint8, n + 1);
  const int n_workers = MAX (1, patron_parallel_workers (run));
  g_autofree Room *rooms = g_new0 (Room, n_workers);
  Work work = { .profiles = profiles, .options = options, .rooms = rooms, .draw = draw, .run = run };
  guint drawn = 0;
  for (guint c = 0; c < n; c++)
    {
      profiles[c].column = columns[c];
      profiles[c].type = patron_column_get_type (columns[c]);
      profiles[c].n = patron_column_get_length (columns[c]);
      clear_numbers (&profiles[c]);
      if (patron_profile_is_ordered (&profiles[c]) && drawn < options->n_histograms)
        draw[c] = ++drawn > 0;
    }
  gboolean ok = patron_parallel_for (run, n, 1, profile_columns, &work) || (run != NULL && patron_run_check (run, error));
  for (int w = 0; w < n_workers; w++)
    room_clear (&rooms[w]);
  if (ok && work.error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&work.error));
      ok = FALSE;
    }
  g_clear_error (&work.error);
  if (!ok)
    g_clear_pointer (&profiles, g_free);
  return profiles;
}

void
patron_profiles_free (PatronProfile *profiles, guint n)
{
  for (guint c = 0; profiles != NULL && c < n; c++)
    {
      g_free (profiles[c].edges);
      g_free (profiles[c].counts);
    }
  g_free (profiles);
}
