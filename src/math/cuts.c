/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/cuts.h"

#include "base/memory.h"
#include "base/order.h"
#include "math/distributions.h"
#include "math/statistics.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

static gsize
add_cut (double *cuts, gsize n_cuts, double cut, double least)
{
  if (cut <= least || (n_cuts > 0 && cut <= cuts[n_cuts - 1]))
    return n_cuts;
  cuts[n_cuts] = cut;
  return n_cuts + 1;
}

gsize
patron_cuts_equal_width (const double *values, gsize n, guint n_bins, double *cuts)
{
  gsize n_cuts = 0;
  double low = values[0], high = values[n - 1];
  for (guint k = 1; k < n_bins && high > low; k++)
    n_cuts = add_cut (cuts, n_cuts, low + (high - low) * ((double) k / n_bins), low);
  return n_cuts;
}

gsize
patron_cuts_equal_count (const double *values, gsize n, guint n_bins, double *cuts)
{
  gsize n_cuts = 0, below = 0;
  for (guint k = 1; k < n_bins; k++)
    {
      double cut = patron_quantile_sorted (values, n, (double) k / n_bins);
      gsize before = below;
      while (below < n && values[below] < cut)
        below++;
      if (below > before)   /* between two values there may be several quantiles */
        n_cuts = add_cut (cuts, n_cuts, cut, values[0]);
    }
  return n_cuts;
}

guint
patron_cuts_bin (const double *cuts, gsize n_cuts, double x)
{
  gsize low = 0, high = n_cuts;
  while (low < high)
    {
      gsize middle = (low + high) / 2;
      if (cuts[middle] <= x)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* ---- the target by value --------------------------------------------------------------------------------------- */

gboolean
patron_cut_table_init (PatronCutTable *table, const double *values, const double *y, gsize n, guint n_classes, GError **error)
{
  gsize distinct = 1, width = n_classes > 0 ? n_classes : 3;
  for (gsize i = 1; i < n; i++)
    distinct += values[i] != values[i - 1];
  *table = (PatronCutTable) { .n = distinct, .n_classes = n_classes };
  table->values = patron_try_alloc (distinct, sizeof *table->values, _("binning by a target"), error);
  gpointer counts = table->values == NULL ? NULL
                                          : patron_try_alloc0 ((distinct + 1) * width, n_classes > 0 ? sizeof *table->before : sizeof *table->sums,
                                                               _("binning by a target"), error);
  if (counts == NULL)
    {
      patron_cut_table_clear (table);
      return FALSE;
    }
  *(n_classes > 0 ? (gpointer *) &table->before : (gpointer *) &table->sums) = counts;
  double mean = n_classes > 0 ? 0 : patron_sum (y, n) / n;
  gsize at = 0;
  table->values[0] = values[0];
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && values[i] != values[i - 1])
        {
          table->values[++at] = values[i];
          for (gsize k = 0; k < width; k++)
            if (n_classes > 0)
              table->before[(at + 1) * width + k] = table->before[at * width + k];
            else
              table->sums[(at + 1) * width + k] = table->sums[at * width + k];
        }
      if (n_classes > 0)
        {
          table->before[(at + 1) * width + (gsize) y[i]]++;
          continue;
        }
      double *sums = table->sums + (at + 1) * width, centred = y[i] - mean;
      sums[0] += 1;
      sums[1] += centred;
      sums[2] += centred * centred;
    }
  return TRUE;
}

void
patron_cut_table_clear (PatronCutTable *table)
{
  patron_free (table->values);
  patron_free (table->before);
  patron_free (table->sums);
  *table = (PatronCutTable) { .n = 0 };
}

/* ---- top down -------------------------------------------------------------------------------------------------- */

/* Values begin … end-1 as one bin, and the best place to cut it: before value cut; gain 0 when no cut is worth it. */
typedef struct
{
  gsize  begin, end, cut;
  double gain;
} Piece;

static double
rows_between (const PatronCutTable *table, gsize begin, gsize end)
{
  if (table->n_classes == 0)
    return table->sums[end * 3] - table->sums[begin * 3];
  double n = 0;
  for (guint k = 0; k < table->n_classes; k++)
    n += table->before[end * table->n_classes + k] - table->before[begin * table->n_classes + k];
  return n;
}

/* n times the entropy in bits, and the number of classes that occur; for a number the sum of squares about the mean. */
static double
disorder (const PatronCutTable *table, gsize begin, gsize end, double n, guint *n_present)
{
  *n_present = 0;
  if (table->n_classes == 0)
    {
      const double *a = table->sums + begin * 3, *b = table->sums + end * 3;
      return MAX (0, b[2] - a[2] - (b[1] - a[1]) * (b[1] - a[1]) / n);
    }
  double sum = 0;
  for (guint k = 0; k < table->n_classes; k++)
    {
      double count = table->before[end * table->n_classes + k] - table->before[begin * table->n_classes + k];
      *n_present += count > 0;
      sum += count > 0 ? count * log2 (count / n) : 0;
    }
  return -sum;
}

/* What the cut saves beyond what it costs, for ordering; ≤ 0 when it is not worth it. */
static double
worth (const PatronCutTable *table, const Piece *piece, gsize cut, double n, double whole, guint present)
{
  guint left_present, right_present;
  double n_left = rows_between (table, piece->begin, cut), n_right = n - n_left;
  double left = disorder (table, piece->begin, cut, n_left, &left_present), right = disorder (table, cut, piece->end, n_right, &right_present);
  double gain = whole - left - right;
  if (table->n_classes == 0)
    {
      double least = 1e-12 * whole;   /* an exact fit would have an infinite likelihood */
      return n * log (MAX (whole, least) / MAX (left + right, least)) > 2 * log (n) ? gain : 0;
    }
  double classes = present * log2 (3) + log1p (-2 * pow (3, -(double) present)) / G_LN2;   /* log2 (3^present - 2) */
  double delta = classes - (present * whole / n - left_present * left / n_left - right_present * right / n_right);
  return gain > log2 (n - 1) + delta ? gain : 0;
}

static void
find_cut (const PatronCutTable *table, gsize min_rows, Piece *piece, PatronRun *run)
{
  guint present, unused;
  double n = rows_between (table, piece->begin, piece->end), whole = disorder (table, piece->begin, piece->end, n, &present);
  double best = INFINITY;
  gsize cut = 0;
  piece->gain = 0;
  for (gsize i = piece->begin + 1; i < piece->end; i++)
    {
      if ((i & 0xfff) == 0 && run != NULL && patron_run_cancelled (run))
        return;
      double n_left = rows_between (table, piece->begin, i), n_right = n - n_left;
      if (n_left < min_rows || n_right < min_rows)
        continue;
      double rest = disorder (table, piece->begin, i, n_left, &unused) + disorder (table, i, piece->end, n_right, &unused);
      if (rest < best)
        best = rest, cut = i;
    }
  piece->cut = cut;
  if (cut != 0 && whole > 0)
    piece->gain = worth (table, piece, cut, n, whole, present);
}

static double
cut_before (const PatronCutTable *table, gsize i)
{
  return table->values[i - 1] + (table->values[i] - table->values[i - 1]) / 2;
}

gsize
patron_cuts_by_target (const PatronCutTable *table, guint n_bins, gsize min_rows, double *cuts, PatronRun *run)
{
  g_autofree Piece *pieces = g_new (Piece, n_bins);
  gsize n_pieces = 1;
  pieces[0] = (Piece) { .begin = 0, .end = table->n };
  find_cut (table, MAX (min_rows, 1), &pieces[0], run);
  while (n_pieces < n_bins)
    {
      gsize best = 0;
      for (gsize k = 1; k < n_pieces; k++)
        if (pieces[k].gain > pieces[best].gain)
          best = k;
      if (pieces[best].gain <= 0 || (run != NULL && patron_run_cancelled (run)))
        break;
      Piece *left = &pieces[best], *right = &pieces[n_pieces];
      *right = (Piece) { .begin = left->cut, .end = left->end };
      left->end = left->cut;
      cuts[n_pieces - 1] = cut_before (table, left->cut);
      find_cut (table, MAX (min_rows, 1), left, run);
      find_cut (table, MAX (min_rows, 1), right, run);
      n_pieces++;
    }
  patron_sort_doubles (cuts, n_pieces - 1);
  return n_pieces - 1;
}

/* ---- bottom up ------------------------------------------------------------------------------------------------- */

enum { MERGE_BINS = 1000 };

/* Chi-squared of two neighbouring bins against their classes. Expected counts of 0 are left out with their class. */
static double
difference (const PatronCutTable *table, gsize begin, gsize middle, gsize end)
{
  double n[2] = { rows_between (table, begin, middle), rows_between (table, middle, end) }, all = n[0] + n[1], chi = 0;
  const guint k_all = table->n_classes;
  for (guint k = 0; k < k_all; k++)
    {
      double a = (double) table->before[middle * k_all + k] - table->before[begin * k_all + k];
      double b = (double) table->before[end * k_all + k] - table->before[middle * k_all + k];
      if (a + b == 0)
        continue;
      double ea = n[0] * (a + b) / all, eb = n[1] * (a + b) / all;
      chi += (a - ea) * (a - ea) / ea + (b - eb) * (b - eb) / eb;
    }
  return chi;
}

static gsize
first_borders (const PatronCutTable *table, gsize *borders)
{
  gsize n = 0;
  if (table->n <= MERGE_BINS)
    for (gsize i = 0; i < table->n; i++)
      borders[n++] = i;
  else
    {
      double all = rows_between (table, 0, table->n);
      for (gsize i = 0; i < table->n && n < MERGE_BINS; i++)
        if (rows_between (table, 0, i) >= all * n / MERGE_BINS)
          borders[n++] = i;
    }
  borders[n] = table->n;
  return n;
}

gsize
patron_cuts_chi_merge (const PatronCutTable *table, guint n_bins, double alpha, double *cuts, PatronRun *run, GError **error)
{
  double threshold = patron_chi_squared_quantile (1 - alpha, MAX (table->n_classes, 2) - 1.0);
  g_autofree gsize *borders = g_new (gsize, MERGE_BINS + 1);
  g_autofree double *chi = g_new (double, MERGE_BINS + 1);
  gsize n = first_borders (table, borders);   /* bin k is borders[k] … borders[k + 1] - 1 */
  for (gsize k = 0; k + 1 < n; k++)
    chi[k] = difference (table, borders[k], borders[k + 1], borders[k + 2]);
  while (n > 1)
    {
      gsize least = 0;
      for (gsize k = 1; k + 1 < n; k++)
        if (chi[k] < chi[least])
          least = k;
      if (chi[least] > threshold && n <= n_bins)
        break;
      if (!patron_run_check (run, error))
        return 0;
      for (gsize k = least + 1; k < n; k++)
        borders[k] = borders[k + 1];
      for (gsize k = least; k + 2 < n; k++)
        chi[k] = chi[k + 1];
      n--;
      if (least > 0)
        chi[least - 1] = difference (table, borders[least - 1], borders[least], borders[least + 1]);
      if (least + 1 < n)
        chi[least] = difference (table, borders[least], borders[least + 1], borders[least + 2]);
    }
  for (gsize k = 1; k < n; k++)
    cuts[k - 1] = cut_before (table, borders[k]);
  return n - 1;
}
