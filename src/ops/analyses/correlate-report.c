/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/correlate-private.h"

#include "ops/analyses/plot.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { MAX_DRAWN = 60, CHART_POINTS = 3000 };

static const char *const names[PATRON_N_ASSOCIATIONS] = {
  N_("Pearson r"), N_("Spearman ρ"), N_("Kendall τ-b"), N_("Partial r"), N_("Correlation ratio η"), N_("Cramér's V"), N_("Mutual information"),
};

static const char *
name_of (const PatronAssociations *self, guint column)
{
  return patron_column_get_name (self->columns[column]);
}

static int
compare_strength (gconstpointer a, gconstpointer b, gpointer data)
{
  const PatronAssociated *x = &((const PatronAssociated *) data)[*(const guint *) a], *y = &((const PatronAssociated *) data)[*(const guint *) b];
  double vx = isnan (x->value) ? -1 : fabs (x->value), vy = isnan (y->value) ? -1 : fabs (y->value);
  if (vx != vy)
    return vx > vy ? -1 : 1;
  return *(const guint *) a < *(const guint *) b ? -1 : 1;
}

/* ---- the order of the heat map ---------------------------------------------------------------------------- */

/* Columns that go together stand together: clusters by average linkage of 1 - |value|, joined end to end. */
static void
cluster_order (const double *value, guint p, guint *order)
{
  g_autofree double *distance = g_new (double, (gsize) p * p + 1);
  g_autofree guint *size = g_new (guint, p + 1);
  g_autoptr(GPtrArray) clusters = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  for (guint i = 0; i < p; i++)
    {
      GArray *own = g_array_new (FALSE, FALSE, sizeof (guint));
      g_array_append_val (own, i);
      g_ptr_array_add (clusters, own);
      size[i] = 1;
      for (guint j = 0; j < p; j++)
        distance[(gsize) i * p + j] = isnan (value[(gsize) i * p + j]) ? 1 : 1 - fabs (value[(gsize) i * p + j]);
    }
  for (guint round = 1; round < p; round++)
    {
      guint a = 0, b = 0;
      for (guint i = 0; i < p; i++)
        for (guint j = i + 1; j < p; j++)
          if (size[i] > 0 && size[j] > 0 && (b == 0 || distance[(gsize) i * p + j] < distance[(gsize) a * p + b]))
            {
              a = i;
              b = j;
            }
      for (guint k = 0; k < p; k++)
        if (size[k] > 0 && k != a && k != b)
          distance[(gsize) a * p + k] = distance[(gsize) k * p + a] =
            (size[a] * distance[(gsize) a * p + k] + size[b] * distance[(gsize) b * p + k]) / (size[a] + size[b]);
      GArray *into = clusters->pdata[a], *from = clusters->pdata[b];
      g_array_append_vals (into, from->data, from->len);
      size[a] += size[b];
      size[b] = 0;
    }
  const GArray *all = clusters->pdata[0];
  for (guint i = 0; i < p; i++)
    order[i] = g_array_index (all, guint, i);
}

static void
add_heat_map (const PatronAssociations *self, PatronReport *report)
{
  guint p = MIN (self->n_columns, MAX_DRAWN);
  g_autofree double *value = g_new (double, (gsize) p * p + 1), *cells = g_new (double, (gsize) p * p + 1);
  g_autofree guint *order = g_new (guint, p + 1);
  for (guint i = 0; i < p; i++)
    value[(gsize) i * p + i] = 1;
  for (guint k = 0; k < self->n_pairs; k++)
    if (self->pairs[k].b < p)
      value[(gsize) self->pairs[k].a * p + self->pairs[k].b] = value[(gsize) self->pairs[k].b * p + self->pairs[k].a] = self->pairs[k].value;
  cluster_order (value, p, order);
  gboolean signs = self->params->method != PATRON_ASSOCIATE_INFORMATION && self->n_numbers > 1;
  PatronChart *chart = patron_chart_new ("associations", PATRON_CHART_HEAT_MAP, patron_text (N_("What goes together"), NULL));
  patron_axis_set (&chart->value, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Strength"), NULL));
  chart->value.min = signs ? -1 : 0;
  chart->value.max = 1;
  chart->diverging = signs;
  chart->value_labels = p <= 14;
  for (guint i = 0; i < p; i++)
    {
      patron_axis_add_name (&chart->x, name_of (self, order[i]));
      patron_axis_add_name (&chart->y, name_of (self, order[i]));
      for (guint j = 0; j < p; j++)
        cells[(gsize) i * p + j] = value[(gsize) order[i] * p + order[j]];
    }
  patron_chart_set_cells (chart, p, p, cells);
  patron_chart_set_caption (chart,
                            patron_text (signs ? N_("Blue: they rise together; orange: one rises as the other falls; pale: no relation. Columns that "
                                                    "go together stand together.")
                                                      : N_("Dark: they go together; pale: no relation. Columns that go together stand together."),
                                                        NULL));
  patron_report_add_chart (report, chart);
  if (self->n_columns > p)
    patron_report_add_note (report, patron_text (N_("The map shows the first {p} of {n} columns; the table has all pairs."), "p", PATRON_COUNT (p),
                                                 "n", PATRON_COUNT (self->n_columns), NULL));
}

/* ---- the table -------------------------------------------------------------------------------------------- */

static void
add_pairs (const PatronAssociations *self, const guint *order, PatronReport *report)
{
  static const char *const corrections[] = { N_("p is corrected for {n} pairs (Benjamini–Hochberg)."), N_("p is corrected for {n} pairs (Holm)."),
                                             N_("p is not corrected for {n} pairs.") };
  static const struct { const char *id, *label; PatronFormat format; } columns[] = {
    { "a", N_("Column"), PATRON_FORMAT_TEXT }, { "b", N_("with"), PATRON_FORMAT_TEXT }, { "measure", N_("Measure"), PATRON_FORMAT_MSGID },
    { "value", N_("Strength"), PATRON_FORMAT_NUMBER }, { "low", N_("from"), PATRON_FORMAT_NUMBER }, { "high", N_("to"), PATRON_FORMAT_NUMBER },
    { "n", N_("Rows"), PATRON_FORMAT_COUNT }, { "p", N_("p"), PATRON_FORMAT_P_VALUE }, { "p_adjusted", N_("p, corrected"), PATRON_FORMAT_P_VALUE },
  };
  PatronReportTable *table = patron_report_add_table (report, "pairs", patron_text (N_("Closest pairs"), NULL));
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    patron_report_table_add_column (table, columns[i].id, patron_text (columns[i].label, NULL), columns[i].format);
  for (guint i = 0; i < MIN (self->n_pairs, (guint) self->params->pairs); i++)
    {
      const PatronAssociated *pair = &self->pairs[order[i]];
      const double values[] = { pair->value, pair->low, pair->high, pair->n, pair->p, pair->adjusted };
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, name_of (self, pair->a));
      patron_report_table_add_string (table, name_of (self, pair->b));
      patron_report_table_add_text (table, patron_text (names[pair->measure], NULL));
      for (guint k = 0; k < G_N_ELEMENTS (values); k++)
        patron_report_table_add_number (table, values[k]);
    }
  patron_report_table_set_caption (table, patron_text (
    self->params->method == PATRON_ASSOCIATE_INFORMATION ? N_("Over the rows where both columns have a value. Mutual information is put on the scale "
                                                              "of a correlation; it finds relations of any shape but gives no direction, interval or "
                                                              "p value.")
                                                         : corrections[self->params->correction], "n", PATRON_COUNT (self->n_pairs), NULL));
}

/* ---- pictures of the closest pairs ------------------------------------------------------------------------ */

static gboolean
is_groups (const PatronAssociations *self, guint column)
{
  return !(patron_type_accept (patron_column_get_type (self->columns[column])) & PATRON_ACCEPT_NUMERIC);
}

static gboolean
add_pictures (const PatronAssociations *self, const guint *order, PatronRun *run, PatronReport *report, GError **error)
{
  for (guint i = 0; i < MIN (self->n_pairs, (guint) self->params->charts); i++)
    {
      const PatronAssociated *pair = &self->pairs[order[i]];
      PatronPlotSpec spec;
      if (isnan (pair->value))
        break;
      /* Groups lie across, the number upwards. */
      gboolean a = is_groups (self, pair->a), b = is_groups (self, pair->b), turned = b && !a;
      patron_params_init (patron_plot_params, &spec);
      g_strlcpy (spec.x, name_of (self, turned ? pair->b : pair->a), sizeof spec.x);
      g_strlcpy (spec.y, name_of (self, turned ? pair->a : pair->b), sizeof spec.y);
      spec.kind = a && b ? PATRON_PLOT_MOSAIC : a || b ? PATRON_PLOT_BOX : PATRON_PLOT_SCATTER;
      spec.sample = CHART_POINTS;
      g_autoptr(PatronPlot) plot = patron_plot_build (self->table, &spec, run, error);
      if (plot == NULL)
        return FALSE;
      g_free (plot->chart->id);
      plot->chart->id = g_strdup_printf ("pair-%u", i + 1);
      patron_report_add_chart (report, g_steal_pointer (&plot->chart));
    }
  return TRUE;
}

/* ---- all -------------------------------------------------------------------------------------------------- */

static void
add_headline (const PatronAssociations *self, const guint *order, PatronReport *report)
{
  guint n_clear = 0;
  const PatronAssociated *best = &self->pairs[order[0]];
  for (guint k = 0; k < self->n_pairs; k++)
    n_clear += self->pairs[k].adjusted < 0.05;
  patron_report_set_title (report, patron_text (N_("What goes together"), NULL));
  if (isnan (best->value))
    patron_report_set_headline (report, patron_text (N_("No pair of columns could be compared: they do not vary, or share too few rows."), NULL));
  else if (self->params->method == PATRON_ASSOCIATE_INFORMATION)
    patron_report_set_headline (report, patron_text (N_("Of {n} pairs, “{a}” and “{b}” tell most about each other ({r} on a scale to 1)."), "n",
                                                     PATRON_COUNT (self->n_pairs),
                                                     "a", PATRON_STRING (name_of (self, best->a)), "b", PATRON_STRING (name_of (self, best->b)), "r",
                                                       PATRON_NUMBER (best->value), NULL));
  else
    patron_report_set_headline (report,
                                patron_text (N_("{m} of {n} pairs go together more than by chance, most closely “{a}” and “{b}” ({measure} {r})."),
                                                     "m", PATRON_COUNT (n_clear), "n", PATRON_COUNT (self->n_pairs), "a",
                                                       PATRON_STRING (name_of (self, best->a)),
                                                     "b", PATRON_STRING (name_of (self, best->b)), "measure", PATRON_MSGID (names[best->measure]),
                                                       "r", PATRON_NUMBER (best->value), NULL));
  patron_report_add_figure (report, "n_columns", patron_text (N_("Columns"), NULL), PATRON_FORMAT_COUNT, self->n_columns)->headline = TRUE;
  patron_report_add_figure (report, "n_pairs", patron_text (N_("Pairs"), NULL), PATRON_FORMAT_COUNT, self->n_pairs)->headline = TRUE;
  if (self->params->method != PATRON_ASSOCIATE_INFORMATION)
    patron_report_add_figure (report, "n_clear", patron_text (N_("More than by chance"), NULL), PATRON_FORMAT_COUNT, n_clear)->headline = TRUE;
  PatronFigure *strongest = patron_report_add_figure (report, "strongest", patron_text (names[best->measure], NULL), PATRON_FORMAT_NUMBER,
                                                      best->value);
  strongest->low = best->low;
  strongest->high = best->high;
  strongest->headline = TRUE;
  strongest->note = patron_text (N_("Of the closest pair: “{a}” and “{b}”, with its 95% interval."), "a", PATRON_STRING (name_of (self, best->a)),
                                 "b", PATRON_STRING (name_of (self, best->b)), NULL);
}

gboolean
patron_associations_report (const PatronAssociations *self, PatronRun *run, PatronReport *report, GError **error)
{
  g_autofree guint *order = g_new (guint, self->n_pairs + 1);
  for (guint k = 0; k < self->n_pairs; k++)
    order[k] = k;
  g_qsort_with_data (order, self->n_pairs, sizeof *order, compare_strength, self->pairs);
  add_headline (self, order, report);
  add_heat_map (self, report);
  add_pairs (self, order, report);
  if (self->params->charts > 0)
    patron_report_add_heading (report, patron_text (N_("The closest pairs"), NULL));
  if (!add_pictures (self, order, run, report, error))
    return FALSE;
  if (self->n_left_out > 0)
    patron_report_add_note (report,
                            patron_text (N_("{n} {n|column|columns} with more than 100 different values, or beyond 200 columns, {n|is|are} left out."), "n", PATRON_COUNT (self->n_left_out), NULL));
  if (self->n_sampled > 0)
    patron_report_add_note (report, patron_text (N_("Mutual information is estimated from a random sample of {n} rows."), "n",
                                                 PATRON_COUNT (self->n_sampled), NULL));
  patron_report_add_note (report, patron_text (N_("A relation is not a cause: both columns may follow a third."), NULL));
  return TRUE;
}
