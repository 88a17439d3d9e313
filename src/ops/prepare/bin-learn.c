/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/bin-learn.h"

#include "base/memory.h"
#include "base/names.h"
#include "base/order.h"
#include "math/cuts.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_BINS = 5, MOST_TARGET_BINS = 10, MOST_CLASSES = 50 };

double *
patron_bin_parse_cuts (const char *text, gsize *n, GError **error)
{
  g_auto (GStrv) parts = patron_names_split (text);
  *n = g_strv_length (parts);
  g_autofree double *cuts = g_new (double, MAX (*n, 1));
  for (gsize k = 0; k < *n; k++)
    {
      char *end;
      cuts[k] = g_ascii_strtod (parts[k], &end);
      if (*end != '\0' || !isfinite (cuts[k]) || (k > 0 && cuts[k] <= cuts[k - 1]))
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                       _("Borders “%s”: “%s” is not a number above the one before; expected such as 10; 20; 50."), text, parts[k]);
          return NULL;
        }
    }
  if (*n == 0)
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Give at least one border between bins, such as 10; 20; 50."));
  return *n > 0 ? g_steal_pointer (&cuts) : NULL;
}

/* With the fewest digits, from three on, that tell all cuts apart. */
static void
format_cuts (const double *cuts, gsize n_cuts, char (*texts)[32])
{
  for (int digits = 3; digits <= 17; digits++)
    {
      gboolean exact = TRUE;
      for (gsize k = 0; k < n_cuts && exact; k++)
        {
          g_snprintf (texts[k], sizeof texts[k], "%.*g", digits, cuts[k]);
          for (char *c = texts[k]; *c != '\0'; c++)
            if (*c == ',')
              *c = '.';
          double back = g_ascii_strtod (texts[k], NULL);
          exact = back == cuts[k] || (digits >= 6 && fabs (back - cuts[k]) <= 1e-12 * fabs (cuts[k]));
        }
      if (exact)
        break;
    }
  for (gsize k = 0; k < n_cuts; k++)
    if (strchr (texts[k], 'e') != NULL)
      patron_double_format (g_ascii_strtod (texts[k], NULL), texts[k]);
}

char **
patron_bin_labels (const double *cuts, gsize n_cuts)
{
  char **labels = g_new0 (char *, n_cuts + 2);
  g_autofree char (*texts)[32] = g_malloc0 (32 * MAX (n_cuts, 1));
  format_cuts (cuts, n_cuts, texts);
  for (gsize k = 0; k <= n_cuts; k++)
    if (n_cuts == 0)
      labels[k] = g_strdup ("all");
    else if (k == 0)
      labels[k] = g_strdup_printf ("< %s", texts[0]);
    else if (k == n_cuts)
      labels[k] = g_strdup_printf ("≥ %s", texts[k - 1]);
    else
      labels[k] = g_strdup_printf ("[%s, %s)", texts[k - 1], texts[k]);
  return labels;
}

double
patron_bin_weights (const double *events, const double *rows, gsize n, double *weights)
{
  double all_events = 0, all_others = 0, value = 0;
  for (gsize k = 0; k < n; k++)
    {
      all_events += events[k];
      all_others += rows[k] - events[k];
    }
  for (gsize k = 0; k < n; k++)
    {
      double e = events[k], o = rows[k] - events[k];
      gboolean one_sided = e == 0 || o == 0;
      double share_e = (e + 0.5 * one_sided) / all_events, share_o = (o + 0.5 * one_sided) / all_others;
      weights[k] = rows[k] > 0 ? log (share_e / share_o) : 0;
      value += rows[k] > 0 ? (share_e - share_o) * weights[k] : 0;
    }
  return all_events > 0 && all_others > 0 ? value : (double) NAN;
}

/* ---- cuts ------------------------------------------------------------------------------------------------------ */

/* To a step of 1, 2 or 5 times a power of ten that is at most a fiftieth of the range, so that the counts hardly move. */
static gsize
round_cuts (double *cuts, gsize n_cuts, double least, double most)
{
  double range = most - least, step = pow (10, floor (log10 (range / 50)));
  step *= 5 * step <= range / 50 ? 5 : 2 * step <= range / 50 ? 2 : 1;
  gsize kept = 0;
  for (gsize k = 0; k < n_cuts; k++)
    {
      double cut = step >= 1 ? round (cuts[k] / step) * step : round (cuts[k] / step) / round (1 / step);
      if (cut > least && cut <= most && (kept == 0 || cut > cuts[kept - 1]))
        cuts[kept++] = cut;
    }
  return kept;
}

typedef struct
{
  gsize   n;            /* rows learnt from with a value (and, when it is needed, a target) */
  double *x;
  double *y;            /* n, or NULL */
  guint   n_classes;    /* 0: the target is a number */
  char  **classes;      /* n_classes; the event of two is the second by name */
} Sample;

static void
sample_clear (Sample *sample)
{
  patron_free (sample->x);
  patron_free (sample->y);
  g_strfreev (sample->classes);
}

/* Class indices by name, so that the second of two is 1. */
static double *
read_classes (const PatronPrepareInput *input, PatronColumn *column, Sample *sample, PatronRun *run, GError **error)
{
  PatronClasses classes;
  if (!patron_classes_init (&classes, input, column, MOST_CLASSES, run, error))
    return NULL;
  gsize n = patron_prepare_n_rows (input);
  double *y = patron_try_alloc (n, sizeof *y, patron_column_get_name (column), error);
  gboolean swap = classes.n_classes == 2 && strcmp (classes.names[0], classes.names[1]) > 0;
  for (gsize i = 0; y != NULL && i < n; i++)
    y[i] = classes.codes[i] < 0 ? (double) NAN : swap ? 1 - classes.codes[i] : classes.codes[i];
  if (swap)
    {
      char *name = classes.names[0];
      classes.names[0] = classes.names[1];
      classes.names[1] = name;
    }
  sample->n_classes = classes.n_classes;
  sample->classes = g_steal_pointer (&classes.names);
  patron_classes_clear (&classes);
  return y;
}

static gboolean
is_class_column (PatronColumn *column)
{
  return patron_column_has_dict (column) || patron_column_get_type (column) == PATRON_TYPE_BOOLEAN;
}

static gboolean
read_sample (Sample *sample, const PatronPrepareInput *input, PatronColumn *column, const PatronBinParams *params, PatronRun *run, GError **error)
{
  PatronColumn *target = *params->target != '\0' ? patron_table_require (input->table, params->target, error) : NULL;
  if (*params->target != '\0' && target == NULL)
    return FALSE;
  *sample = (Sample) { .x = patron_prepare_gather (input, column, run, error) };
  if (sample->x == NULL)
    return FALSE;
  if (target != NULL)
    {
      sample->y = is_class_column (target) ? read_classes (input, target, sample, run, error) : patron_prepare_gather (input, target, run, error);
      if (sample->y == NULL)
        return FALSE;
    }
  gsize all = patron_prepare_n_rows (input);
  for (gsize i = 0; i < all; i++)
    if (isfinite (sample->x[i]) && (sample->y == NULL || isfinite (sample->y[i])))
      {
        sample->x[sample->n] = sample->x[i];
        if (sample->y != NULL)
          sample->y[sample->n] = sample->y[i];
        sample->n++;
      }
  return TRUE;
}

typedef struct { double x, y; } Pair;

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  const Pair *p = a, *q = b;
  return p->x != q->x ? (p->x > q->x) - (p->x < q->x) : (p->y > q->y) - (p->y < q->y);
}

static gboolean
sort_sample (Sample *sample, GError **error)
{
  if (sample->y == NULL)
    {
      patron_sort_doubles (sample->x, sample->n);
      return TRUE;
    }
  Pair *pairs = patron_try_alloc (sample->n, sizeof *pairs, _("binning by a target"), error);
  if (pairs == NULL)
    return FALSE;
  for (gsize i = 0; i < sample->n; i++)
    pairs[i] = (Pair) { sample->x[i], sample->y[i] };
  qsort (pairs, sample->n, sizeof *pairs, compare_pairs);
  for (gsize i = 0; i < sample->n; i++)
    {
      sample->x[i] = pairs[i].x;
      sample->y[i] = pairs[i].y;
    }
  patron_free (pairs);
  return TRUE;
}

static gboolean
cut_by_target (const Sample *sample, const PatronBinParams *params, guint n_bins, double *cuts, gsize *n_cuts, PatronRun *run, GError **error)
{
  PatronCutTable table;
  if (!patron_cut_table_init (&table, sample->x, sample->y, sample->n, sample->n_classes, error))
    return FALSE;
  GError *failure = NULL;
  if (params->method == PATRON_BIN_TARGET)
    *n_cuts = patron_cuts_by_target (&table, n_bins, (gsize) ceil (params->min_share * sample->n), cuts, run);
  else
    *n_cuts = patron_cuts_chi_merge (&table, n_bins, params->alpha, cuts, run, &failure);
  patron_cut_table_clear (&table);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL && patron_run_check (run, error);
}

static double *
find_cuts (const Sample *sample, const PatronBinParams *params, gsize *n_cuts, PatronRun *run, GError **error)
{
  gboolean by_target = params->method == PATRON_BIN_TARGET || params->method == PATRON_BIN_MERGE;
  guint n_bins = params->n_bins != PATRON_AUTO_INT ? (guint) params->n_bins : by_target ? MOST_TARGET_BINS : DEFAULT_BINS;
  *n_cuts = 0;
  if (params->method == PATRON_BIN_CUTS)
    return patron_bin_parse_cuts (params->cuts, n_cuts, error);
  g_autofree double *cuts = g_new (double, n_bins);
  if (sample->n == 0)
    return g_steal_pointer (&cuts);
  if (params->method == PATRON_BIN_WIDTH)
    *n_cuts = patron_cuts_equal_width (sample->x, sample->n, n_bins, cuts);
  else if (params->method == PATRON_BIN_COUNT)
    *n_cuts = patron_cuts_equal_count (sample->x, sample->n, n_bins, cuts);
  else if (!cut_by_target (sample, params, n_bins, cuts, n_cuts, run, error))
    return NULL;
  if (params->round && *n_cuts > 0)
    *n_cuts = round_cuts (cuts, *n_cuts, sample->x[0], sample->x[sample->n - 1]);
  return g_steal_pointer (&cuts);
}

/* ---- what the bins hold ------------------------------------------------------------------------------------------ */

static void
save_bins (PatronLearnt *learnt, const char *name, const Sample *sample, const double *cuts, gsize n_cuts)
{
  g_autofree double *rows = g_new0 (double, n_cuts + 1);
  g_autofree double *sums = g_new0 (double, n_cuts + 1);
  for (gsize i = 0; i < sample->n; i++)
    {
      guint bin = patron_cuts_bin (cuts, n_cuts, sample->x[i]);
      rows[bin]++;
      if (sample->y != NULL)
        sums[bin] += sample->y[i];
    }
  patron_learnt_set_numbers (learnt, name, "cuts", cuts, n_cuts);
  patron_learnt_set_numbers (learnt, name, "rows", rows, n_cuts + 1);
  if (sample->y != NULL && (sample->n_classes == 0 || sample->n_classes == 2))
    patron_learnt_set_numbers (learnt, name, "sums", sums, n_cuts + 1);
  if (sample->n_classes == 2)
    {
      g_autofree double *weights = g_new (double, n_cuts + 1);
      patron_learnt_set_number (learnt, name, "value", patron_bin_weights (sums, rows, n_cuts + 1, weights));
      patron_learnt_set_numbers (learnt, name, "weights", weights, n_cuts + 1);
      patron_learnt_set_text (learnt, name, "event", sample->classes[1]);
    }
}

gboolean
patron_bin_learn (PatronLearnt *learnt, const PatronPrepareInput *input, PatronColumn *column, const PatronBinParams *params, PatronRun *run,
                  GError **error)
{
  Sample sample = { 0 };
  gsize n_cuts;
  gboolean ok = read_sample (&sample, input, column, params, run, error) && sort_sample (&sample, error);
  if (ok && params->values == PATRON_BIN_WEIGHT && sample.n_classes != 2)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Weights of evidence need a target of two classes; “%s” does not have that."),
                   params->target);
      ok = FALSE;
    }
  if (ok && params->method == PATRON_BIN_MERGE && sample.n_classes < 2)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("ChiMerge needs a target of two or more classes; “%s” does not have that."),
                   params->target);
      ok = FALSE;
    }
  g_autofree double *cuts = ok ? find_cuts (&sample, params, &n_cuts, run, error) : NULL;
  if (cuts != NULL)
    save_bins (learnt, patron_column_get_name (column), &sample, cuts, n_cuts);
  sample_clear (&sample);
  return cuts != NULL;
}
