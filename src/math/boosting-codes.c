/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/boosting-private.h"

#include <glib/gi18n-lib.h>

#include "base/memory.h"
#include "base/parallel.h"

#define BLOCK_ROWS 1024

static gboolean
codes_alloc (PatronBoostingCodes *codes, gsize n, gsize p, GError **error)
{
  const char *purpose = _("the binned columns");
  *codes = (PatronBoostingCodes) { .n = n, .p = p, .n_groups = (p + PATRON_GROUP - 1) / PATRON_GROUP };
  codes->stride = codes->n_groups * PATRON_GROUP;
  if ((codes->rows = patron_try_alloc0 (n, codes->stride, purpose, error)) != NULL
      && (codes->columns = patron_try_alloc (p, sizeof (guint16), purpose, error)) != NULL
      && (codes->n_bins = patron_try_alloc (p, sizeof (guint16), purpose, error)) != NULL
      && (codes->start = patron_try_alloc (p + 1, sizeof (guint32), purpose, error)) != NULL)
    return TRUE;
  patron_boosting_codes_clear (codes);
  return FALSE;
}

void
patron_boosting_codes_clear (PatronBoostingCodes *codes)
{
  patron_free (codes->rows);
  patron_free (codes->columns);
  patron_free (codes->n_bins);
  patron_free (codes->start);
  *codes = (PatronBoostingCodes) { 0 };
}

static void
lay_out (PatronBoostingCodes *codes)
{
  codes->start[0] = 0;
  for (gsize j = 0; j < codes->p; j++)
    codes->start[j + 1] = codes->start[j] + codes->n_bins[j] + 1;
}

typedef struct
{
  PatronBoostingCodes       *codes;
  const PatronBins          *bins;
  const PatronMatrix        *x;
  const PatronBoostingCodes *all;
  const guint32             *columns;
  guint8                    *turned;
} Fill;

static void
fill_block (gsize begin, gsize end, int worker, gpointer data)
{
  Fill *fill = data;
  gsize stride = fill->codes->stride;
  patron_bins_apply_rows (fill->bins, fill->x, begin, end, stride, fill->codes->rows + begin * stride);
}

gboolean
patron_boosting_codes_init (PatronBoostingCodes *codes, const PatronBins *bins, const PatronMatrix *x, PatronRun *run, GError **error)
{
  Fill fill = { .codes = codes, .bins = bins, .x = x };
  if (!codes_alloc (codes, x->n, bins->p, error))
    return FALSE;
  for (gsize j = 0; j < bins->p; j++)
    {
      codes->columns[j] = j;
      codes->n_bins[j] = patron_bins_count (bins, j);
    }
  lay_out (codes);
  if (patron_parallel_for (run, x->n, BLOCK_ROWS, fill_block, &fill) || patron_run_check (run, error))
    return TRUE;
  patron_boosting_codes_clear (codes);
  return FALSE;
}

gboolean
patron_boosting_codes_room (PatronBoostingCodes *codes, const PatronBoostingCodes *all, gsize n_columns, GError **error)
{
  return codes_alloc (codes, all->n, n_columns, error);
}

static void
select_block (gsize begin, gsize end, int worker, gpointer data)
{
  Fill *fill = data;
  PatronBoostingCodes *codes = fill->codes;
  for (gsize i = begin; i < end; i++)
    for (gsize j = 0; j < codes->p; j++)
      codes->rows[i * codes->stride + j] = fill->all->rows[i * fill->all->stride + fill->columns[j]];
}

gboolean
patron_boosting_codes_select (PatronBoostingCodes *codes, const PatronBoostingCodes *all, const guint32 *columns, PatronRun *run)
{
  Fill fill = { .codes = codes, .all = all, .columns = columns };
  for (gsize j = 0; j < codes->p; j++)
    {
      codes->columns[j] = all->columns[columns[j]];
      codes->n_bins[j] = all->n_bins[columns[j]];
    }
  lay_out (codes);
  return patron_parallel_for (run, codes->n, 4 * BLOCK_ROWS, select_block, &fill);
}

static void
turn_block (gsize begin, gsize end, int worker, gpointer data)
{
  Fill *fill = data;
  const PatronBoostingCodes *codes = fill->codes;
  for (gsize j = 0; j < codes->p; j++)
    for (gsize i = begin; i < end; i++)
      fill->turned[j * codes->n + i] = codes->rows[i * codes->stride + j];
}

guint8 *
patron_boosting_codes_turn (const PatronBoostingCodes *codes, PatronRun *run, GError **error)
{
  Fill fill = { .codes = (PatronBoostingCodes *) codes };
  fill.turned = patron_try_alloc (codes->p, codes->n, _("the binned columns"), error);
  if (fill.turned == NULL || patron_parallel_for (run, codes->n, BLOCK_ROWS / 2, turn_block, &fill))
    return fill.turned;
  patron_free (fill.turned);
  patron_run_check (run, error);
  return NULL;
}
