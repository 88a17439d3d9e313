/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/encoding.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

void
patron_level_codes_clear (PatronLevelCodes *codes)
{
  g_strfreev (codes->levels);
  g_free (codes->counts);
  g_free (codes->values);
  *codes = (PatronLevelCodes) { .n_levels = 0 };
}

void
patron_level_codes_save (const PatronLevelCodes *codes, PatronLearnt *learnt, const char *column)
{
  patron_learnt_set_texts (learnt, column, "levels", (const char *const *) codes->levels, codes->n_levels);
  patron_learnt_set_numbers (learnt, column, "counts", codes->counts, codes->n_levels + 2);
  if (codes->values != NULL)
    patron_learnt_set_numbers (learnt, column, "values", codes->values, codes->n_levels + 2);
}

gboolean
patron_level_codes_load (PatronLevelCodes *codes, const PatronLearnt *learnt, const char *column, GError **error)
{
  gsize n_counts, n_values;
  *codes = (PatronLevelCodes) { .levels = patron_learnt_dup_texts (learnt, column, "levels") };
  codes->counts = patron_learnt_dup_numbers (learnt, column, "counts", &n_counts);
  codes->values = patron_learnt_dup_numbers (learnt, column, "values", &n_values);
  codes->n_levels = codes->levels != NULL ? g_strv_length (codes->levels) : 0;
  if (codes->levels != NULL && n_counts == codes->n_levels + 2 && (codes->values == NULL || n_values == n_counts))
    return TRUE;
  patron_level_codes_clear (codes);
  g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_DAMAGED, _("What a prepare step has learnt cannot be read back."));
  return FALSE;
}

gint32 *
patron_level_codes_match (const PatronLevelCodes *codes, PatronColumn *column, PatronRun *run, GError **error)
{
  gint32 *slots = patron_prepare_match (column, (const char *const *) codes->levels, run, error);
  gsize n = patron_column_get_length (column);
  for (gsize i = 0; slots != NULL && i < n; i++)
    if (slots[i] < 0)
      slots[i] = (gint32) (slots[i] == -1 ? PATRON_SLOT_MISSING (codes) : PATRON_SLOT_OTHER (codes));
  return slots;
}

double *
patron_encoding_target (const PatronPrepareInput *input, PatronColumn *column, PatronRun *run, GError **error)
{
  PatronType type = patron_column_get_type (column);
  if (type == PATRON_TYPE_NUMBER || type == PATRON_TYPE_INTEGER || type == PATRON_TYPE_BOOLEAN)
    return patron_prepare_gather (input, column, run, error);
  PatronClasses classes;
  if (!patron_classes_init (&classes, input, column, 100, run, error))
    return NULL;
  gsize n = patron_prepare_n_rows (input);
  double *y = NULL;
  if (classes.n_classes != 2)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                 _("Column “%s” has %u different values; a target must be a number or have two classes here."), patron_column_get_name (column),
                 classes.n_classes);
  else
    y = patron_try_alloc (n, sizeof *y, patron_column_get_name (column), error);
  for (gsize i = 0; y != NULL && i < n; i++)
    y[i] = classes.codes[i] < 0 ? (double) NAN : classes.codes[i] == (strcmp (classes.names[1], classes.names[0]) > 0);
  patron_classes_clear (&classes);
  return y;
}

typedef struct { double n, sum, squares; } Sums;

static void
add_value (Sums *sums, double y)
{
  sums->n += 1;
  sums->sum += y;
  sums->squares += y * y;
}

double
patron_encoding_means (const gint32 *slots, const double *y, gsize n, guint n_slots, double smoothing, const guint8 *fold, guint8 without,
                       double *means)
{
  g_autofree Sums *by_slot = g_new0 (Sums, n_slots);
  Sums all = { 0 };
  double centre = 0;   /* a value of the target keeps the squares from cancelling */
  for (gsize i = 0; i < n; i++)
    if (!isnan (y[i]))
      {
        centre = y[i];
        break;
      }
  for (gsize i = 0; i < n; i++)
    if (!isnan (y[i]) && (fold == NULL || fold[i] != without))
      {
        add_value (&by_slot[slots[i]], y[i] - centre);
        add_value (&all, y[i] - centre);
      }
  double mean = all.n > 0 ? all.sum / all.n : 0, variance = all.n > 0 ? MAX (0, all.squares / all.n - mean * mean) : 0;
  for (guint s = 0; s < n_slots; s++)
    {
      const Sums *sums = &by_slot[s];
      double own = sums->n > 0 ? sums->sum / sums->n : mean, weight;
      double within = sums->n > 0 ? MAX (0, sums->squares / sums->n - own * own) : 0;
      if (isnan (smoothing))
        weight = variance > 0 && sums->n > 0 ? variance * sums->n / (variance * sums->n + within) : 0;
      else
        weight = sums->n > 0 ? sums->n / (sums->n + smoothing) : 0;
      means[s] = centre + weight * own + (1 - weight) * mean;
    }
  return centre + mean;
}
