/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/fill-parts.h"

#include "base/memory.h"
#include "math/radix-sort.h"

#include <glib/gi18n-lib.h>
#include <math.h>

void
patron_fill_order_clear (PatronFillOrder *self)
{
  patron_free (self->rows);
  patron_free (self->group);
  patron_free (self->place);
  *self = (PatronFillOrder) { .n = 0 };
}

/* Sorts rows by keys (both n), stably; keys are used up. */
static gboolean
sort_rows (guint64 *keys, guint32 *rows, gsize n, GError **error)
{
  guint64 *key_scratch = patron_try_alloc_values (n, sizeof *key_scratch, _("sorting"), error);
  guint32 *row_scratch = key_scratch != NULL ? patron_try_alloc_values (n, sizeof *row_scratch, _("sorting"), error) : NULL;
  if (row_scratch != NULL)
    patron_radix_sort_pairs (keys, rows, key_scratch, row_scratch, n);
  patron_free (key_scratch);
  patron_free (row_scratch);
  return row_scratch != NULL;
}

static gboolean
sort_by_place_and_group (PatronFillOrder *self, const double *place, const guint32 *groups, GError **error)
{
  guint64 *keys = patron_try_alloc_values (self->n, sizeof *keys, _("sorting"), error);
  gboolean ok = keys != NULL;
  for (gsize i = 0; ok && i < self->n; i++)
    {
      self->rows[i] = (guint32) i;
      keys[i] = isnan (place[i]) ? G_MAXUINT64 : patron_key_from_double (place[i] + 0.0);
    }
  ok = ok && sort_rows (keys, self->rows, self->n, error);
  for (gsize k = 0; ok && k < self->n; k++)
    keys[k] = groups[self->rows[k]];
  ok = ok && sort_rows (keys, self->rows, self->n, error);
  for (gsize k = 0; ok && k < self->n; k++)
    {
      self->group[k] = groups[self->rows[k]];
      self->place[k] = place[self->rows[k]];
    }
  patron_free (keys);
  return ok;
}

gboolean
patron_fill_order_init (PatronFillOrder *self, PatronTable *table, PatronColumn *order, char **groups, PatronRun *run, GError **error)
{
  const PatronPrepareInput all = { .table = table };
  guint n_groups;
  *self = (PatronFillOrder) { .n = patron_table_n_rows (table) };
  guint32 *group = patron_fill_groups (table, groups, &n_groups, run, error);
  double *place = group == NULL ? NULL
                  : order != NULL ? patron_prepare_gather (&all, order, run, error)
                                  : patron_try_alloc_values (self->n, sizeof *place, _("sorting"), error);
  for (gsize i = 0; place != NULL && order == NULL && i < self->n; i++)
    place[i] = i;
  gboolean ok = place != NULL && (self->rows = patron_try_alloc_values (self->n, sizeof *self->rows, _("sorting"), error)) != NULL
                && (self->group = patron_try_alloc_values (self->n, sizeof *self->group, _("sorting"), error)) != NULL
                && (self->place = patron_try_alloc_values (self->n, sizeof *self->place, _("sorting"), error)) != NULL
                && sort_by_place_and_group (self, place, group, error);
  patron_free (group);
  patron_free (place);
  if (!ok)
    patron_fill_order_clear (self);
  return ok;
}

/* source[row]: the nearest known row before (or after) it in its group; -1 where there is none. Rows without a place have none. */
static void
nearest_known (const PatronFillOrder *self, const guint8 *missing, gboolean backwards, gint32 *source)
{
  gint32 last = -1;
  for (gsize at = 0; at < self->n; at++)
    {
      gsize k = backwards ? self->n - 1 - at : at;
      gsize before = backwards ? k + 1 : k - 1;
      if (at == 0 || self->group[before] != self->group[k])
        last = -1;
      guint32 row = self->rows[k];
      gboolean placed = !isnan (self->place[k]);
      source[row] = placed ? last : -1;
      if (placed && !missing[row])
        last = (gint32) row;
    }
}

/* The place of each row, by row. */
static double *
places_by_row (const PatronFillOrder *self, GError **error)
{
  double *places = patron_try_alloc_values (self->n, sizeof *places, _("sorting"), error);
  for (gsize k = 0; places != NULL && k < self->n; k++)
    places[self->rows[k]] = self->place[k];
  return places;
}

/* values: the column's, NaN for missing. Each missing value gets a fill of its own; nothing before the first or after the last known value is made
 * up. */
static gboolean
line_fills (const PatronFillOrder *self, const double *values, const gint32 *before, const gint32 *after, PatronFills *fills, gint32 *which,
            GError **error)
{
  double *places = places_by_row (self, error);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (double));
  for (gsize i = 0; places != NULL && i < self->n; i++)
    {
      which[i] = -1;
      if (!isnan (values[i]) || before[i] < 0 || after[i] < 0)
        continue;
      double from = places[before[i]], to = places[after[i]], share = to > from ? (places[i] - from) / (to - from) : 0.5;
      double value = values[before[i]] + share * (values[after[i]] - values[before[i]]);
      which[i] = (gint32) numbers->len;
      g_array_append_val (numbers, value);
    }
  fills->n = numbers->len;
  fills->numbers = g_memdup2 (numbers->data, MAX (numbers->len, 1) * sizeof (double));
  gboolean ok = places != NULL;
  patron_free (places);
  return ok;
}

static PatronColumn *
fill_on_line (const PatronFillOrder *self, PatronColumn *column, const gint32 *before, const gint32 *after, PatronFillCount *count, PatronRun *run,
              GError **error)
{
  const char *name = patron_column_get_name (column);
  PatronColumn *filled = NULL;
  PatronFills fills = { 0 };
  double *values = patron_try_alloc_values (self->n, sizeof *values, name, error);
  gint32 *which = values != NULL ? patron_try_alloc_values (self->n, sizeof *which, name, error) : NULL;
  if (which != NULL && patron_column_read_doubles (column, 0, self->n, values, error)
      && line_fills (self, values, before, after, &fills, which, error))
    filled = patron_fill_from_list (column, which, &fills, count, run, error);
  patron_fills_clear (&fills);
  patron_free (values);
  patron_free (which);
  return filled;
}

PatronColumn *
patron_fill_by_order (const PatronFillOrder *self, PatronColumn *column, PatronFillDirection direction, PatronFillCount *count, PatronRun *run,
                      GError **error)
{
  const char *name = patron_column_get_name (column);
  gsize n_missing;
  PatronColumn *filled = NULL;
  guint8 *missing = patron_fill_missing (column, &n_missing, run, error);
  gint32 *before = missing != NULL ? patron_try_alloc_values (self->n, sizeof *before, name, error) : NULL;
  gint32 *after = before != NULL ? patron_try_alloc_values (self->n, sizeof *after, name, error) : NULL;
  if (after != NULL)
    {
      PatronType type = patron_column_get_type (column);
      nearest_known (self, missing, FALSE, before);
      nearest_known (self, missing, TRUE, after);
      gboolean line = direction == PATRON_FILL_LINE && !patron_column_has_dict (column) && type != PATRON_TYPE_BOOLEAN;
      if (line)
        filled = fill_on_line (self, column, before, after, count, run, error);
      else
        filled = patron_fill_from_rows (column, direction == PATRON_FILL_NEXT ? after : before, count, run, error);
    }
  patron_free (missing);
  patron_free (before);
  patron_free (after);
  return filled;
}
