/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/plot.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>

/* Which marks are meant, as a flag each: series s has those from start[s] on. */
typedef struct
{
  gsize   n_series;
  gsize  *start;   /* n_series + 1 */
  guint8 *flags;
} Wanted;

static gboolean
wanted_init (Wanted *wanted, const PatronChartMark *marks, gsize n_marks, GError **error)
{
  *wanted = (Wanted) { 0 };
  for (gsize i = 0; i < n_marks; i++)
    wanted->n_series = MAX (wanted->n_series, (gsize) marks[i].series + 1);
  wanted->start = patron_try_alloc0 (wanted->n_series + 1, sizeof *wanted->start, _("the chosen rows"), error);
  if (wanted->start == NULL)
    return FALSE;
  for (gsize i = 0; i < n_marks; i++)   /* lengths first */
    wanted->start[marks[i].series + 1] = MAX (wanted->start[marks[i].series + 1], (gsize) marks[i].index + 1);
  for (gsize s = 0; s < wanted->n_series; s++)
    wanted->start[s + 1] += wanted->start[s];
  wanted->flags = patron_try_alloc0 (wanted->start[wanted->n_series], 1, _("the chosen rows"), error);
  for (gsize i = 0; wanted->flags != NULL && i < n_marks; i++)
    wanted->flags[wanted->start[marks[i].series] + marks[i].index] = 1;
  return wanted->flags != NULL;
}

static inline gboolean
is_wanted (const Wanted *wanted, gint32 series, guint32 mark)
{
  if (series < 0 || (gsize) series >= wanted->n_series)
    return FALSE;
  gsize at = wanted->start[series] + mark;
  return at < wanted->start[series + 1] && wanted->flags[at];
}

GArray *
patron_plot_rows (const PatronPlot *plot, const PatronChartMark *marks, gsize n_marks, PatronRun *run, GError **error)
{
  enum { BATCH = 1 << 20 };
  Wanted wanted;
  g_autoptr(GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 *found = patron_try_alloc (MIN (plot->n_rows, BATCH), sizeof *found, _("the chosen rows"), error);
  gboolean ok = wanted_init (&wanted, marks, n_marks, error) && found != NULL;
  for (gsize start = 0; ok && start < plot->n_rows; start += BATCH)
    {
      guint n = 0;
      for (gsize i = start; i < MIN (start + BATCH, plot->n_rows); i++)
        if (is_wanted (&wanted, plot->series[i], plot->mark[i]))
          found[n++] = (guint32) i;
      g_array_append_vals (rows, found, n);
      ok = run == NULL || patron_run_check (run, error);
    }
  patron_free (wanted.start);
  patron_free (wanted.flags);
  patron_free (found);
  return ok ? g_steal_pointer (&rows) : NULL;
}

PatronText *
patron_plot_left_out (const PatronPlot *plot)
{
  gboolean logarithmic = plot->chart->x.kind == PATRON_AXIS_LOG || plot->chart->y.kind == PATRON_AXIS_LOG;
  if (plot->n_left_out == 0)
    return NULL;
  return patron_text (logarithmic ? N_("{n} {n|row has|rows have} no value in one of the columns, or none above zero for a logarithmic axis, and {n|is|are} not drawn.")
                                  : N_("{n} {n|row has|rows have} no value in one of the columns and {n|is|are} not drawn."),
                      "n", PATRON_COUNT (plot->n_left_out), NULL);
}
