/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/plot-private.h"

#include "base/memory.h"
#include "base/random.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { MAX_BUBBLES = 3000, STREAM = 71 };

static gboolean
has_place (const PatronPlotter *self, guint32 row)
{
  return isfinite (self->xs[row]) && isfinite (self->ys[row]) && (self->sizes == NULL || (isfinite (self->sizes[row]) && self->sizes[row] >= 0));
}

/* Which rows are drawn: all, or a random sample. drawn: a flag for each row. FALSE with error. */
static gboolean
choose_rows (PatronPlotter *self, guint8 *drawn, gsize *n_places, gsize *n_drawn, GError **error)
{
  gsize most = self->sizes != NULL ? MIN ((gsize) self->spec->sample, MAX_BUBBLES) : (gsize) self->spec->sample, n = 0;
  for (gsize k = 0; k < self->start[self->n_slots]; k++)
    n += has_place (self, self->rows[k]);
  *n_places = n;
  *n_drawn = MIN (n, most);
  guint32 *kept = n > most ? patron_try_alloc (most, sizeof *kept, _("the chart"), error) : NULL;
  if (n > most && kept == NULL)
    return FALSE;
  if (kept != NULL)
    {
      PatronRandom random;
      patron_random_init (&random, patron_run_get_seed (self->run), STREAM);
      patron_random_sample (&random, n, most, kept);
    }
  gsize place = 0, next = 0;
  for (gsize i = 0; i < self->n; i++)   /* in the order of the table, whatever the groups are */
    drawn[i] = 0;
  for (gsize k = 0; k < self->start[self->n_slots]; k++)
    if (has_place (self, self->rows[k]))
      drawn[self->rows[k]] = 1;
  for (gsize i = 0; kept != NULL && i < self->n; i++)
    if (drawn[i])
      {
        drawn[i] = next < most && kept[next] == place++;
        next += drawn[i];
      }
  patron_free (kept);
  self->plot->n_unsampled = n - *n_drawn;
  return TRUE;
}

/* One series a panel; colours are groups within it. */
static gboolean
add_panel (PatronPlotter *self, guint panel, const guint8 *drawn, GError **error)
{
  guint first = panel * self->colours.n, last = first + self->colours.n;
  gsize room = self->start[last] - self->start[first], n = 0;
  double *values = patron_try_alloc (room, 3 * sizeof *values, _("the chart"), error);
  gint32 *group = values != NULL ? patron_try_alloc (room, sizeof *group, _("the chart"), error) : NULL;
  if (group == NULL)
    {
      patron_free (values);
      return FALSE;
    }
  double *x = values, *y = x + room, *size = y + room;
  for (guint slot = first; slot < last; slot++)
    for (gsize k = self->start[slot]; k < self->start[slot + 1]; k++)
      {
        guint32 row = self->rows[k];
        if (!drawn[row])
          continue;
        x[n] = self->xs[row];
        y[n] = self->ys[row];
        size[n] = self->sizes != NULL ? self->sizes[row] : 0;
        group[n] = (gint32) (slot % self->colours.n);
        patron_plotter_set_mark (self, row, (gint32) self->chart->series->len, (guint32) n++);
      }
  PatronSeries *series = patron_chart_add_series (self->chart, NULL, PATRON_SERIES_POINTS, n, x, y);
  series->panel = panel;
  series->colour = 0;
  if (self->sizes != NULL)
    patron_series_set_sizes (series, size);
  if (self->colours.n > 1)
    patron_series_set_groups (series, group);
  patron_free (values);
  patron_free (group);
  return TRUE;
}

gboolean
patron_plot_points (PatronPlotter *self, GError **error)
{
  PatronChart *chart = self->chart;
  gsize n_places, n_drawn;
  patron_plotter_set_axis (self, &chart->x, self->x, self->spec->log_x);
  patron_plotter_set_axis (self, &chart->y, self->y, self->spec->log_y);
  if (self->size != NULL)
    patron_axis_set (&chart->size, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text_plain (patron_column_get_name (self->size)));
  for (guint k = 0; k < self->colours.names->len && self->colours.n > 1; k++)
    patron_chart_add_group (chart, patron_text_copy (self->colours.names->pdata[k]));
  guint8 *drawn = patron_try_alloc (self->n, 1, _("the chart"), error);
  gboolean ok = drawn != NULL && choose_rows (self, drawn, &n_places, &n_drawn, error);
  for (guint panel = 0; ok && panel < self->panels.n; panel++)
    ok = add_panel (self, panel, drawn, error);
  if (ok)
    patron_chart_set_caption (chart, n_drawn < n_places
      ? patron_text (N_("A random sample of {drawn} of {n} rows; a heat map shows all of them."), "drawn", PATRON_COUNT (n_drawn), "n",
                     PATRON_COUNT (n_places), NULL)
      : patron_text (N_("Each point is one of {n} rows."), "n", PATRON_COUNT (n_places), NULL));
  patron_free (drawn);
  return ok;
}
