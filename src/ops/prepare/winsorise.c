/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "base/order.h"
#include "ops/prepare/columns.h"
#include "ops/prepare/learnt.h"
#include "report/report.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef enum { LIMITS_QUANTILES, LIMITS_IQR, LIMITS_MAD } Limits;
typedef enum { SIDES_BOTH, SIDES_LOW, SIDES_HIGH } Sides;
typedef enum { ACTION_CLIP, ACTION_MISSING } Action;

typedef struct
{
  char   columns[PATRON_COLUMNS_SIZE];
  int    limits;
  double low, high;
  double fence;
  int    sides;
  int    action;
  char   suffix[64];
} WinsoriseParams;

static const PatronChoice limits_choices[] = {
  { "quantiles", N_("Quantiles") },
  { "iqr", N_("Quartiles and their distance (box plot fences)") },
  { "mad", N_("Median and median absolute deviation") },
  { NULL },
};
static const PatronChoice sides_choices[] = {
  { "both", N_("Both sides") },
  { "low", N_("Small values only") },
  { "high", N_("Large values only") },
  { NULL },
};
static const PatronChoice action_choices[] = { { "clip", N_("Set to the limit") }, { "missing", N_("Make missing") }, { NULL } };

static gboolean
by_quantiles (gconstpointer params)
{
  return ((const WinsoriseParams *) params)->limits == LIMITS_QUANTILES;
}

static gboolean
by_fence (gconstpointer params)
{
  return !by_quantiles (params);
}

static gboolean
low_quantile (gconstpointer params)
{
  return by_quantiles (params) && ((const WinsoriseParams *) params)->sides != SIDES_HIGH;
}

static gboolean
high_quantile (gconstpointer params)
{
  return by_quantiles (params) && ((const WinsoriseParams *) params)->sides != SIDES_LOW;
}

static const PatronParam winsorise_params[] = {
  PATRON_PARAM_COLUMNS (WinsoriseParams, columns, .label = N_("Columns"), .help = N_("The numbers whose extreme values are pulled in."),
                        .accepts = PATRON_ACCEPT_NUMERIC),
  PATRON_PARAM_CHOICE (WinsoriseParams, limits, .label = N_("Limits from"), .choices = limits_choices, .def = LIMITS_QUANTILES,
                       .help = N_("Quantiles always touch the same share of rows; the other two touch only values far from the bulk, if there "
                                  "are any.")),
  PATRON_PARAM_DOUBLE (WinsoriseParams, low, .label = N_("Lower quantile"),
                       .help = N_("Values below this quantile are extreme: 0.01 is the smallest hundredth."), .def = 0.01, .min = 0,
                       .max = 0.5, .low = 0, .high = 0.1, .relevant = low_quantile),
  PATRON_PARAM_DOUBLE (WinsoriseParams, high, .label = N_("Upper quantile"),
                       .help = N_("Values above this quantile are extreme: 0.99 is the largest hundredth."), .def = 0.99, .min = 0.5, .max = 1,
                       .low = 0.9, .high = 1, .relevant = high_quantile),
  PATRON_PARAM_DOUBLE (WinsoriseParams, fence, .label = N_("Distance"),
                       .help = N_("How many quartile distances from the nearer quartile, or how many deviations from the median, a value may "
                                  "be away."),
                       .def = PATRON_AUTO, .min = 0, .max = 1000, .low = 1, .high = 5, .automatic = N_("1.5 quartile distances, 3 deviations"),
                       .relevant = by_fence),
  PATRON_PARAM_CHOICE (WinsoriseParams, sides, .label = N_("Sides"), .choices = sides_choices, .def = SIDES_BOTH,
                       .help = N_("Which end of the values is pulled in.")),
  PATRON_PARAM_CHOICE (WinsoriseParams, action, .label = N_("Extreme values"), .choices = action_choices, .def = ACTION_CLIP, .advanced = true,
                       .help = N_("What becomes of them: the limit itself, or missing.")),
  PATRON_PARAM_TEXT (WinsoriseParams, suffix, .label = N_("Ending of new columns"), .def_text = "", .advanced = true,
                     .help = N_("Empty: the new values take the place of the column. Otherwise they become a new column whose name ends in "
                                "this.")),
  PATRON_PARAM_END
};

/* ---- learning -------------------------------------------------------------------------------------------------- */

/* 1 / Φ⁻¹(3/4): makes the median absolute deviation of normal values their standard deviation. */
#define MAD_SCALE 1.482602218505602

/* values: n ≥ 1, reordered. */
static void
find_limits (double *values, gsize n, const WinsoriseParams *params, double *low, double *high)
{
  patron_sort_doubles (values, n);
  double median = patron_quantile_sorted (values, n, 0.5);
  if (params->limits == LIMITS_QUANTILES)
    {
      *low = patron_quantile_sorted (values, n, params->low);
      *high = patron_quantile_sorted (values, n, params->high);
    }
  else if (params->limits == LIMITS_IQR)
    {
      double k = isnan (params->fence) ? 1.5 : params->fence;
      double q1 = patron_quantile_sorted (values, n, 0.25), q3 = patron_quantile_sorted (values, n, 0.75);
      *low = q1 - k * (q3 - q1);
      *high = q3 + k * (q3 - q1);
    }
  else
    {
      double k = isnan (params->fence) ? 3 : params->fence;
      for (gsize i = 0; i < n; i++)
        values[i] = fabs (values[i] - median);
      double deviation = MAD_SCALE * patron_quantile (values, n, 0.5);
      *low = median - k * deviation;
      *high = median + k * deviation;
    }
  if (params->sides == SIDES_HIGH)
    *low = -INFINITY;
  if (params->sides == SIDES_LOW)
    *high = INFINITY;
}

static char *
winsorise_learn (const PatronPrepareInput *input, gconstpointer params, PatronRun *run, GError **error)
{
  g_auto (GStrv) names = patron_names_split (((const WinsoriseParams *) params)->columns);
  g_autoptr (PatronLearnt) learnt = patron_learnt_new ();
  for (char **name = names; *name != NULL; name++)
    {
      gsize n;
      double low = -INFINITY, high = INFINITY, *values = patron_prepare_known (input, patron_table_find (input->table, *name), &n, run, error);
      if (values == NULL)
        return NULL;
      if (n > 0)
        find_limits (values, n, params, &low, &high);
      patron_free (values);
      patron_learnt_set_number (learnt, *name, "low", low);
      patron_learnt_set_number (learnt, *name, "high", high);
    }
  return patron_learnt_to_text (learnt);
}

/* ---- applying -------------------------------------------------------------------------------------------------- */

typedef struct
{
  double low, high;
  Action action;
  gsize  n_low, n_high;
} Clip;

static void
clip_numbers (double *values, gsize n, gpointer data)
{
  Clip *clip = data;
  for (gsize i = 0; i < n; i++)
    {
      gboolean below = values[i] < clip->low, above = values[i] > clip->high;
      clip->n_low += below;
      clip->n_high += above;
      if (below || above)
        values[i] = clip->action == ACTION_MISSING ? NAN : below ? clip->low : clip->high;
    }
}

/* Whole numbers stay whole: the limits are rounded inwards. */
static void
clip_integers (gint64 *values, gsize n, Clip *clip)
{
  double low = ceil (clip->low), high = floor (clip->high);
  if (low > high)
    low = high = round ((clip->low + clip->high) / 2);
  gint64 least = low <= (double) G_MININT64 ? G_MININT64 + 1 : (gint64) low, most = high >= (double) G_MAXINT64 ? G_MAXINT64 : (gint64) high;
  for (gsize i = 0; i < n; i++)
    {
      if (values[i] == PATRON_INTEGER_MISSING)
        continue;
      gboolean below = values[i] < least, above = values[i] > most;
      clip->n_low += below;
      clip->n_high += above;
      if (below || above)
        values[i] = clip->action == ACTION_MISSING ? PATRON_INTEGER_MISSING : below ? least : most;
    }
}

static PatronColumn *
clip_column (PatronColumn *column, const char *name, Clip *clip, PatronRun *run, GError **error)
{
  if (patron_column_get_type (column) != PATRON_TYPE_INTEGER)
    return patron_prepare_map (column, name, clip_numbers, clip, run, error);
  gsize n = patron_column_get_length (column);
  gint64 *values = patron_try_alloc_values (n, sizeof *values, name, error);
  gboolean ok = values != NULL;
  for (gsize start = 0; ok && start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize part = MIN (n - start, PATRON_CHUNK_ROWS);
      ok = patron_column_read (column, start, part, values + start, error) && patron_run_check (run, error);
      if (ok)
        clip_integers (values + start, part, clip);
    }
  if (ok)
    return patron_column_new_take (name, PATRON_TYPE_INTEGER, n, values, NULL);
  patron_free (values);
  return NULL;
}

static PatronReportTable *
add_limits_table (PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "limits", patron_text (N_("Values pulled in"), NULL));
  patron_report_table_set_caption (table, patron_text (N_("Limits come from the rows learnt from; the counts are of all rows."), NULL));
  patron_report_table_add_column (table, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "low", patron_text (N_("Lower limit"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "high", patron_text (N_("Upper limit"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "n_low", patron_text (N_("Below"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "n_high", patron_text (N_("Above"), NULL), PATRON_FORMAT_COUNT);
  return table;
}

static PatronTable *
winsorise_apply (const PatronPrepareInput *input, gconstpointer values, const char *text, PatronRun *run, PatronReport *report, GError **error)
{
  const WinsoriseParams *params = values;
  g_autoptr (PatronLearnt) learnt = patron_learnt_from_text (text, error);
  if (learnt == NULL)
    return NULL;
  g_autoptr (PatronTable) table = patron_table_ref (input->table);
  g_auto (GStrv) names = patron_learnt_columns (learnt);
  PatronReportTable *limits = add_limits_table (report);
  gsize touched = 0;
  for (char **name = names; *name != NULL; name++)
    {
      PatronColumn *column = patron_table_find (input->table, *name);
      if (column == NULL)
        continue;
      Clip clip = { .low = patron_learnt_get_number (learnt, *name, "low"),
                    .high = patron_learnt_get_number (learnt, *name, "high"),
                    .action = params->action };
      g_autofree char *wanted = g_strconcat (*name, params->suffix, NULL);
      PatronColumn *clipped = clip_column (column, wanted, &clip, run, error);
      if (clipped == NULL)
        return NULL;
      patron_prepare_put (&table, clipped);
      touched += clip.n_low + clip.n_high;
      patron_report_table_add_row (limits);
      patron_report_table_add_string (limits, *name);
      patron_report_table_add_number (limits, isfinite (clip.low) ? clip.low : NAN);
      patron_report_table_add_number (limits, isfinite (clip.high) ? clip.high : NAN);
      patron_report_table_add_number (limits, clip.n_low);
      patron_report_table_add_number (limits, clip.n_high);
    }
  patron_prepare_tell_absent (report, input->table, (const char *const *) names);
  patron_report_add_note (report, params->action == ACTION_CLIP
                                    ? patron_text (N_("{n} extreme {n|value was|values were} set to the limit."), "n", PATRON_COUNT (touched), NULL)
                                    : patron_text (N_("{n} extreme {n|value was|values were} made missing."), "n", PATRON_COUNT (touched), NULL));
  return g_steal_pointer (&table);
}

static PatronText *
winsorise_sentence (gconstpointer values)
{
  const WinsoriseParams *params = values;
  g_autofree char *columns = patron_prepare_short_list (params->columns);
  return patron_text (N_("Pull in extreme values of {columns}: {limits}"), "columns", PATRON_STRING (columns), "limits",
                      PATRON_MSGID (limits_choices[params->limits].label), NULL);
}

static const PatronPrepare winsorise_prepare = {
  .rows = PATRON_ROWS_KEPT,
  .learn = winsorise_learn,
  .apply = winsorise_apply,
  .sentence = winsorise_sentence,
};

extern const PatronOp patron_op_winsorise;
const PatronOp patron_op_winsorise = {
  .id = "winsorise",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Pull in extreme values"),
  .question = N_("How do I keep a few extreme values from deciding everything?"),
  .summary = N_("Sets values beyond a limit to the limit (winsorising), or makes them missing."),
  .help = N_("The limits are two quantiles; or the quartiles less and plus a multiple of their distance, as the whiskers of a box plot; or the "
             "median less and plus "
             "a multiple of the median absolute deviation (times 1.4826, which makes it the standard deviation of normal values).\n\nThe limits are "
             "learnt "
             "from the rows a model is trained on and kept for new rows. Whole numbers stay whole: their limits are rounded inwards. Look at the "
             "extreme values "
             "before pulling them in: the best customers are often among them."),
  .reference = "J. W. Tukey, The Future of Data Analysis, Annals of Mathematical Statistics 33 (1962) 1-67; P. J. Rousseeuw and C. Croux, JASA 88 "
               "(1993) 1273-1283",
  .params = winsorise_params,
  .params_size = sizeof (WinsoriseParams),
  .example = "columns=spend\nlow=0.05\nhigh=0.95",
  .prepare = &winsorise_prepare,
};
