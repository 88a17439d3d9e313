/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/kmeans.h"

#include "base/memory.h"
#include "math/cluster-quality.h"
#include "ops/models/group-profile.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Silhouettes are exact up to EXACT_ROWS rows; beyond, they are those of SAMPLE_ROWS among themselves. */
enum { EXACT_ROWS = 20000, SAMPLE_ROWS = 5000, STREAM_SILHOUETTE = 1 << 25 };

typedef struct
{
  const PatronKMeansModel  *model;
  const PatronKMeansParams *params;
  const PatronDesign       *design;
  PatronScaledRows          rows;
  gint32                   *labels;        /* n */
  gsize                     n_sample;      /* rows of the silhouettes */
  gint32                   *sample_labels;
  double                   *silhouette;
  double                    mean_silhouette;
  double                   *group_silhouette, *stability;   /* k */
  PatronKMeansTrial         trials[PATRON_KMEANS_MAX_TRIALS];
  gsize                     n_trials;
  PatronGroupProfile        profile;
  PatronReport             *report;
} Explain;

static void
explain_clear (Explain *explain)
{
  patron_scaled_rows_clear (&explain->rows);
  patron_group_profile_clear (&explain->profile);
  patron_free (explain->labels);
  g_free (explain->sample_labels);
  g_free (explain->silhouette);
  g_free (explain->group_silhouette);
  g_free (explain->stability);
}

/* ---- numbers ------------------------------------------------------------------------------------------------ */

static gboolean
sample_silhouettes (Explain *explain, PatronRun *run, GError **error)
{
  const PatronColumns *x = &explain->rows.columns;
  const gsize n = x->n, m = n <= EXACT_ROWS ? n : SAMPLE_ROWS;
  g_autofree guint32 *rows = g_new (guint32, m);
  g_autofree const double **pointers = g_new (const double *, x->p + 1);
  PatronRandom random;

  explain->n_sample = m;
  explain->sample_labels = g_new (gint32, m);
  explain->silhouette = g_new (double, m);
  patron_random_init (&random, patron_run_get_seed (run), STREAM_SILHOUETTE);
  patron_random_sample (&random, n, m, rows);
  for (gsize i = 0; i < m; i++)
    explain->sample_labels[i] = explain->labels[rows[i]];
  double *block = patron_columns_take (x, rows, m, pointers, error);
  if (block == NULL)
    return FALSE;
  const PatronColumns sample = { m, x->p, pointers };
  const gboolean done = patron_silhouette (&sample, explain->sample_labels, explain->model->k, explain->silhouette, run, error);
  patron_free (block);
  return done;
}

static void
mean_silhouettes (Explain *explain)
{
  g_autofree gsize *counts = g_new0 (gsize, explain->model->k);
  double sum = 0;

  for (gsize i = 0; i < explain->n_sample; i++)
    {
      explain->group_silhouette[explain->sample_labels[i]] += explain->silhouette[i];
      counts[explain->sample_labels[i]]++;
      sum += explain->silhouette[i];
    }
  explain->mean_silhouette = sum / (double) explain->n_sample;
  for (gsize c = 0; c < explain->model->k; c++)
    explain->group_silhouette[c] = counts[c] > 0 ? explain->group_silhouette[c] / (double) counts[c] : NAN;
}

static gboolean
find_trials (Explain *explain, PatronRun *run, GError **error)
{
  const PatronKMeansModel *model = explain->model;

  for (gsize i = 0; i < MIN (model->n_trials, (gsize) PATRON_KMEANS_MAX_TRIALS); i++)
    explain->trials[explain->n_trials++] = model->trials[i];
  return explain->n_trials > 0 || patron_kmeans_try_sizes (&explain->rows.columns, explain->params, explain->trials, &explain->n_trials, run, error);
}

static gboolean
compute (Explain *explain, const PatronMatrix *x, PatronRun *run, GError **error)
{
  const PatronKMeansModel *model = explain->model;
  g_autofree const double **original = g_new (const double *, x->p + 1);
  const PatronColumns columns = { x->n, x->p, original };

  for (gsize j = 0; j < x->p; j++)
    original[j] = patron_matrix_column (x, j);
  explain->group_silhouette = g_new0 (double, model->k);
  explain->stability = g_new0 (double, model->k);
  explain->mean_silhouette = NAN;
  if (!patron_scaled_rows_init (&explain->rows, &model->transform, x, run, error))
    return FALSE;
  explain->labels = patron_try_alloc (x->n, sizeof (gint32), _("the groups"), error);
  if (explain->labels == NULL || !patron_kmeans_assign (&explain->rows.columns, model->centres, model->k, explain->labels, NULL, run, error)
      || !patron_group_profile_compute (&explain->profile, &columns, &explain->rows.columns, explain->labels, model->k, run, error))
    return FALSE;
  if (model->k < 2)
    return TRUE;
  if (!sample_silhouettes (explain, run, error) || !find_trials (explain, run, error)
      || !patron_kmeans_stability (&explain->rows.columns, explain->labels, model->k, explain->stability, run, error))
    return FALSE;
  mean_silhouettes (explain);
  return TRUE;
}

/* ---- words -------------------------------------------------------------------------------------------------- */

static void
add_figure (Explain *explain, const char *id, const char *label, PatronFormat format, double value, const char *note, gboolean headline)
{
  PatronFigure *figure = patron_report_add_figure (explain->report, id, patron_text (label, NULL), format, value);

  figure->note = patron_text (note, NULL);
  figure->headline = headline;
}

static void
write_figures (Explain *explain)
{
  const PatronKMeansModel *model = explain->model;
  const PatronColumns *x = &explain->rows.columns;
  const gboolean several = model->k > 1;

  add_figure (explain, "n_clusters", N_("Groups"), PATRON_FORMAT_COUNT, (double) model->k, N_("How many groups were made."), TRUE);
  add_figure (explain, "silhouette", N_("Silhouette"), PATRON_FORMAT_NUMBER, explain->mean_silhouette,
              N_("How well rows fit their group: above 0.5 distinct groups, below 0.25 a mere division."), TRUE);
  add_figure (explain, "inertia", N_("Inertia"), PATRON_FORMAT_NUMBER, model->inertia,
              N_("Sum of the squared distances of the rows to their centres, on the scale used for grouping."), FALSE);
  add_figure (explain, "calinski_harabasz", N_("Caliński–Harabasz"), PATRON_FORMAT_NUMBER,
              several ? patron_calinski_harabasz (x, explain->labels, model->k) : NAN,
              N_("Variance between groups over variance within; larger is better."), FALSE);
  add_figure (explain, "davies_bouldin", N_("Davies–Bouldin"), PATRON_FORMAT_NUMBER, several ? patron_davies_bouldin (x, explain->labels, model->k) : NAN,
              N_("Spread of the groups over their distance; smaller is better."), FALSE);
  add_figure (explain, "n_iter", N_("Iterations"), PATRON_FORMAT_COUNT, model->n_iter, N_("Of the best start."), FALSE);
}

static void
write_headline (Explain *explain)
{
  const PatronKMeansModel *model = explain->model;
  const double share = (double) explain->profile.sizes[0] / (double) explain->profile.n;
  const char *sentence;

  if (model->k < 2)
    {
      patron_report_set_headline (explain->report, patron_text (N_("All rows are alike: there is only one group."), NULL));
      return;
    }
  if (explain->mean_silhouette >= 0.5)
    sentence = N_("There are {k} distinct groups; the largest holds {share} of the rows (silhouette {silhouette}).");
  else if (explain->mean_silhouette >= 0.25)
    sentence = N_("There are {k} groups with some overlap; the largest holds {share} of the rows (silhouette {silhouette}).");
  else
    sentence = N_("The rows form no clear groups: these {k} are a convenient division, the largest with {share} of the rows (silhouette {silhouette}).");
  patron_report_set_headline (explain->report, patron_text (sentence, "k", PATRON_COUNT (model->k), "share", PATRON_PERCENT (share), "silhouette",
                                                            PATRON_NUMBER (explain->mean_silhouette), NULL));
}

static void
group_table (Explain *explain)
{
  PatronReportTable *table = patron_report_add_table (explain->report, "groups", patron_text (N_("The groups"), NULL));

  patron_report_table_set_caption (table, patron_text (
    N_("Each group is named by what stands out most in it. Stability: how alike the group is found again in 50 drawn samples; above 0.75 it is "
       "dependable, below 0.6 do not build on it."), NULL));
  patron_report_table_add_column (table, "group", patron_text (N_("Group"), NULL), PATRON_FORMAT_EXACT);
  patron_report_table_add_column (table, "name", patron_text (N_("Stands out by"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (table, "rows", patron_text (N_("Rows"), NULL), PATRON_FORMAT_COUNT)->bar = TRUE;
  patron_report_table_add_column (table, "share", patron_text (N_("Share"), NULL), PATRON_FORMAT_PERCENT);
  patron_report_table_add_column (table, "silhouette", patron_text (N_("Silhouette"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "stability", patron_text (N_("Stability"), NULL), PATRON_FORMAT_NUMBER);
  for (gsize c = 0; c < explain->model->k; c++)
    {
      patron_report_table_add_row (table);
      patron_report_table_add_number (table, (double) c + 1);
      patron_report_table_add_text (table, patron_group_name (&explain->profile, explain->design, c));
      patron_report_table_add_number (table, (double) explain->profile.sizes[c]);
      patron_report_table_add_number (table, (double) explain->profile.sizes[c] / (double) explain->profile.n);
      patron_report_table_add_number (table, explain->group_silhouette[c]);
      patron_report_table_add_number (table, explain->stability[c]);
    }
}

/* ---- how many groups ---------------------------------------------------------------------------------------- */

static void
trial_chart (Explain *explain, const char *id, PatronText *title, PatronText *axis, PatronText *caption, gboolean silhouette)
{
  double k[PATRON_KMEANS_MAX_TRIALS], y[PATRON_KMEANS_MAX_TRIALS];
  PatronChart *chart = patron_chart_new (id, PATRON_CHART_LINE, title);

  for (gsize i = 0; i < explain->n_trials; i++)
    {
      k[i] = explain->trials[i].k;
      y[i] = silhouette ? explain->trials[i].silhouette : explain->trials[i].inertia;
    }
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_COUNT, patron_text (N_("Groups"), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, axis);
  chart->y.zero = TRUE;
  patron_chart_add_series (chart, NULL, PATRON_SERIES_LINE, explain->n_trials, k, y);
  patron_chart_add_series (chart, NULL, PATRON_SERIES_POINTS, explain->n_trials, k, y);
  patron_chart_set_caption (chart, caption);
  patron_report_add_chart (explain->report, chart);
}

static void
write_trials (Explain *explain)
{
  const PatronKMeansTrial *best = patron_kmeans_best_trial (explain->trials, explain->n_trials);

  if (explain->n_trials < 2)
    return;
  patron_report_add_heading (explain->report, patron_text (N_("How many groups?"), NULL));
  patron_report_add_text (explain->report, patron_text (
    explain->params->n_clusters == PATRON_AUTO_INT
      ? N_("{k} groups were taken because they have the highest silhouette of 2 to {most}: {silhouette}.")
      : N_("By the silhouette alone, {k} groups would be recommended: with {silhouette} theirs is the highest of 2 to {most}."),
    "k", PATRON_COUNT (best->k), "most", PATRON_COUNT (explain->trials[explain->n_trials - 1].k), "silhouette", PATRON_NUMBER (best->silhouette), NULL));
  trial_chart (explain, "choice", patron_text (N_("Silhouette by number of groups"), NULL), patron_text (N_("Silhouette"), NULL),
               patron_text (N_("The highest point is the number of groups that are most distinct: {k}."), "k", PATRON_COUNT (best->k), NULL), TRUE);
  trial_chart (explain, "elbow", patron_text (N_("Inertia by number of groups"), NULL), patron_text (N_("Inertia"), NULL),
               patron_text (N_("It always falls; a bend, after which it falls less, is another sign of a good number of groups."), NULL), FALSE);
}

static void
write_notes (Explain *explain)
{
  const PatronKMeansModel *model = explain->model;

  for (gsize j = 0; j < model->transform.p; j++)
    if (model->transform.logs[j])
      patron_report_add_note (explain->report, patron_text (
        explain->params->log_skewed == PATRON_LOG_ALWAYS
          ? N_("“{column}” was grouped by its logarithm.")
          : N_("“{column}” was grouped by its logarithm because a few values are very large; --log-skewed=never uses it as it is."),
        "column", PATRON_STRING (patron_design_column (explain->design, (guint) j)->name), NULL));
  if (explain->params->n_clusters != PATRON_AUTO_INT && model->k < (gsize) explain->params->n_clusters)
    patron_report_add_note (explain->report, patron_text (
      N_("Only {k} {k|row is|rows are} different from each other, so there {k|is|are} {k} {k|group|groups} instead of {asked}."), "k", PATRON_COUNT (model->k), "asked",
      PATRON_COUNT (explain->params->n_clusters), NULL));
  if (!model->converged)
    patron_report_add_note (explain->report, patron_text (
      N_("The best start was still moving after {n} {n|iteration|iterations}; allow more for a better result."), "n", PATRON_COUNT (model->n_iter), NULL));
  if (explain->n_sample > 0 && explain->n_sample < explain->profile.n)
    patron_report_add_note (explain->report, patron_text (
      N_("The silhouette is that of {sample} of the {rows} rows, drawn at random."), "sample", PATRON_COUNT (explain->n_sample), "rows",
      PATRON_COUNT (explain->profile.n), NULL));
}

gboolean
patron_kmeans_explain (gconstpointer state, const PatronExplainInput *input, gconstpointer params, PatronRun *run, PatronReport *report, GError **error)
{
  Explain explain = { .model = state, .params = params, .design = input->fit->design, .report = report };
  gboolean done = compute (&explain, input->fit->x, run, error);

  if (done)
    {
      write_headline (&explain);
      write_figures (&explain);
      group_table (&explain);
      patron_group_profile_report (&explain.profile, explain.design, report);
      if (explain.model->k > 1)
        {
          done = patron_group_map (&explain.rows.columns, explain.labels, explain.model->k, patron_run_get_seed (run), run, report, error);
          patron_group_silhouette_chart (explain.silhouette, explain.sample_labels, explain.n_sample, explain.model->k, explain.mean_silhouette, report);
          write_trials (&explain);
        }
      write_notes (&explain);
    }
  explain_clear (&explain);
  return done && patron_run_check (run, error);
}
