/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/random.h"
#include "ops/prepare/columns.h"
#include "report/report.h"
#include "table/group-keys.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef enum { SAMPLE_RANDOM, SAMPLE_FIRST, SAMPLE_LAST, SAMPLE_EVERY } Method;

typedef struct
{
  int    method;
  int    rows;
  double share;
  int    step;
  char   within[PATRON_COLUMN_SIZE];
  char   whole[PATRON_COLUMN_SIZE];
  int    seed;
} SampleParams;

static const PatronChoice methods[] = {
  { "random", N_("At random") },
  { "first", N_("The first") },
  { "last", N_("The last") },
  { "every", N_("Every k-th") },
  { NULL },
};

static gboolean by_size (gconstpointer params) { return ((const SampleParams *) params)->method != SAMPLE_EVERY; }
static gboolean by_share (gconstpointer params) { return by_size (params) && ((const SampleParams *) params)->rows == PATRON_AUTO_INT; }
static gboolean by_step (gconstpointer params) { return ((const SampleParams *) params)->method == SAMPLE_EVERY; }
static gboolean by_chance (gconstpointer params) { return ((const SampleParams *) params)->method == SAMPLE_RANDOM; }

static const PatronParam sample_params[] = {
  PATRON_PARAM_CHOICE (SampleParams, method, .label = N_("Which rows"), .choices = methods, .def = SAMPLE_RANDOM,
                       .help = N_("How the rows are chosen.")),
  PATRON_PARAM_INT (SampleParams, rows, .label = N_("How many"), .def = PATRON_AUTO, .min = 1, .max = G_MAXINT, .low = 100, .high = 100000,
                    .log = true, .automatic = N_("as many as the share says"),
                    .help = N_("The number of rows, or of whole groups when a column for them is given."), .relevant = by_size),
  PATRON_PARAM_DOUBLE (SampleParams, share, .label = N_("Share"), .def = 0.1, .min = 0, .max = 1, .low = 0.01, .high = 0.9,
                       .help = N_("The share of the rows, or of whole groups, when no number is given."), .relevant = by_share),
  PATRON_PARAM_INT (SampleParams, step, .label = N_("Every"), .def = 10, .min = 1, .max = G_MAXINT, .low = 2, .high = 100,
                    .help = N_("2 takes every second row, 10 every tenth, starting with the first."), .relevant = by_step),
  PATRON_PARAM_COLUMN (SampleParams, within, .label = N_("The same share of each"), .optional = true, .advanced = true,
                       .help = N_("A column such as the segment: each of its values keeps its share of the rows. Empty: not looked at.")),
  PATRON_PARAM_COLUMN (SampleParams, whole, .label = N_("Keep together"), .optional = true, .advanced = true,
                       .help = N_("A column such as the customer: all rows of a customer are taken, or none. Empty: rows are taken one by one.")),
  PATRON_PARAM_INT (SampleParams, seed, .label = N_("Seed"), .def = 1, .min = 0, .max = G_MAXINT, .low = 1, .high = 1000, .advanced = true,
                    .help = N_("The same seed chooses the same rows again."), .relevant = by_chance),
  PATRON_PARAM_END
};

/* ---- groups --------------------------------------------------------------------------------------------------------- */

/* The group that holds the rows without a value, G_MAXUINT32 when there is none. */
static gboolean
find_missing_group (const PatronGroups *groups, PatronColumn *column, guint32 *missing, PatronRun *run, GError **error)
{
  gsize n = groups->n_rows, most = MIN (n, PATRON_CHUNK_ROWS);
  gboolean codes = patron_column_has_dict (column);
  double *values = patron_try_alloc_values (most, sizeof *values, patron_column_get_name (column), error);
  gboolean ok = values != NULL;
  *missing = G_MAXUINT32;
  for (gsize start = 0; ok && start < n && *missing == G_MAXUINT32; start += most)
    {
      gsize part = MIN (most, n - start);
      ok = patron_column_read_doubles (column, start, part, values, error) && patron_run_check (run, error);
      for (gsize i = 0; ok && i < part && *missing == G_MAXUINT32; i++)
        if (codes ? values[i] < 0 : isnan (values[i]))
          *missing = groups->ids[start + i];
    }
  patron_free (values);
  return ok;
}

/* ---- choosing among n units ----------------------------------------------------------------------------------------------- */

/* How many of count units to take. */
static gsize
wanted_of (const SampleParams *sample, gsize count)
{
  gsize wanted = sample->rows != PATRON_AUTO_INT ? (gsize) sample->rows : (gsize) floor (sample->share * (double) count + 0.5);
  return MIN (wanted, count);
}

/* Selection sampling: each unit with the chance that makes the number come out exactly (D. Knuth, TAOCP 2, 3.4.2, algorithm S). */
static gboolean
draw (PatronRandom *random, gsize left, gsize needed)
{
  return needed > 0 && patron_random_below (random, left) < needed;
}

static void
choose_units (const SampleParams *sample, gsize n, guint8 *chosen)
{
  gsize wanted = wanted_of (sample, n), taken = 0;
  PatronRandom random;
  patron_random_init (&random, (guint64) sample->seed, 0);
  for (gsize i = 0; i < n; i++)
    {
      switch (sample->method)
        {
        case SAMPLE_FIRST:
          chosen[i] = i < wanted;
          break;
        case SAMPLE_LAST:
          chosen[i] = i >= n - wanted;
          break;
        case SAMPLE_EVERY:
          chosen[i] = i % (gsize) sample->step == 0;
          break;
        default:
          chosen[i] = draw (&random, n - i, wanted - taken);
          break;
        }
      taken += chosen[i];
    }
}

/* How many rows each of n groups gives, of a number that is to come out exactly: whole parts first, then by the largest rests (ties: the
 * earlier group). */
static void
share_out (const guint32 *counts, guint32 n, gsize wanted, gsize *quota)
{
  gsize all = 0, given = 0;
  g_autofree double *rests = g_new (double, n + 1);
  for (guint32 g = 0; g < n; g++)
    all += counts[g];
  for (guint32 g = 0; g < n; g++)
    {
      double exact = all > 0 ? (double) wanted * (double) counts[g] / (double) all : 0;
      quota[g] = MIN ((gsize) exact, counts[g]);
      rests[g] = exact - (double) quota[g];
      given += quota[g];
    }
  while (given < wanted)
    {
      guint32 best = G_MAXUINT32;
      for (guint32 g = 0; g < n; g++)
        if (quota[g] < counts[g] && (best == G_MAXUINT32 || rests[g] > rests[best]))
          best = g;
      if (best == G_MAXUINT32)
        break;
      quota[best]++;
      rests[best] -= 1;
      given++;
    }
}

enum { MAX_STRATA = 10000 };

/* Rows with a missing value are a group of their own. */
static gboolean
choose_within (const SampleParams *sample, PatronColumn *column, guint8 *chosen, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column);
  g_autoptr (PatronGroups) groups = patron_groups_new (&column, 1, n, run, error);
  if (groups == NULL)
    return FALSE;
  if (groups->n_groups > MAX_STRATA)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The same share of each: column “%s” has %u values; expected at most %d."),
                   sample->within, groups->n_groups, MAX_STRATA);
      return FALSE;
    }
  g_autofree gsize *quota = g_new0 (gsize, groups->n_groups + 1);
  g_autofree gsize *seen = g_new0 (gsize, groups->n_groups + 1);
  share_out (groups->counts, groups->n_groups, wanted_of (sample, n), quota);
  PatronRandom random;
  patron_random_init (&random, (guint64) sample->seed, 0);
  for (gsize i = 0; i < n; i++)
    {
      guint32 g = groups->ids[i], count = groups->counts[g];
      switch (sample->method)
        {
        case SAMPLE_FIRST:
          chosen[i] = seen[g] < quota[g];
          break;
        case SAMPLE_LAST:
          chosen[i] = seen[g] >= count - quota[g];
          break;
        case SAMPLE_EVERY:
          chosen[i] = seen[g] % (gsize) sample->step == 0;
          break;
        default:
          chosen[i] = draw (&random, count - seen[g], quota[g]);
          quota[g] -= chosen[i];
          break;
        }
      seen[g]++;
    }
  return TRUE;
}

/* What came of choosing whole groups. */
typedef struct
{
  guint32 n_groups, n_chosen;
  gsize   n_missing;         /* rows without a group: left out */
} WholeChoice;

static gboolean
choose_whole (const SampleParams *sample, PatronColumn *column, guint8 *chosen, WholeChoice *choice, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column);
  g_autoptr (PatronGroups) groups = patron_groups_new (&column, 1, n, run, error);
  guint32 missing;
  guint8 *units = groups != NULL && find_missing_group (groups, column, &missing, run, error)
                    ? patron_try_alloc0_values (groups->n_groups, 1, patron_column_get_name (column), error) : NULL;
  if (units == NULL)
    return FALSE;
  *choice =
      (WholeChoice) { .n_groups = groups->n_groups - (missing != G_MAXUINT32), .n_missing = missing != G_MAXUINT32 ? groups->counts[missing] : 0 };
  choose_units (sample, choice->n_groups, units);
  for (guint32 g = 0; g < choice->n_groups; g++)
    choice->n_chosen += units[g];
  /* The units are the groups but the missing one: those after it move up. */
  for (gsize i = 0; i < n; i++)
    chosen[i] = groups->ids[i] != missing && units[groups->ids[i] - (groups->ids[i] > missing)];
  patron_free (units);
  return TRUE;
}

/* ---- the step -------------------------------------------------------------------------------------------------------- */

static char *
sample_check (const PatronInput *input, gconstpointer params)
{
  const SampleParams *sample = params;
  if (*sample->within != '\0' && *sample->whole != '\0')
    return g_strdup (_("“The same share of each” and “Keep together” cannot both be given: expected one of them."));
  return NULL;
}

static PatronTable *
sample_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const SampleParams *sample = params;
  gsize n = patron_table_n_rows (input->table);
  WholeChoice choice;
  gboolean ok = TRUE;
  guint8 *chosen = patron_try_alloc0_values (n, 1, _("the sample"), error);
  if (chosen == NULL)
    return NULL;
  if (*sample->whole != '\0')
    {
      ok = choose_whole (sample, patron_table_find (input->table, sample->whole), chosen, &choice, run, error);
      if (ok)
        patron_report_add_note (report, patron_text (N_("{chosen} of {n} values of {column} are taken, each with all its rows."), "chosen",
                                                     PATRON_COUNT (choice.n_chosen), "n", PATRON_COUNT (choice.n_groups), "column",
                                                     PATRON_STRING (sample->whole), NULL));
      if (ok && choice.n_missing > 0)
        patron_report_add_note (report, patron_text (N_("{n} {n|row|rows} without {column} {n|is|are} left out."), "n",
                                                     PATRON_COUNT (choice.n_missing), "column", PATRON_STRING (sample->whole), NULL));
    }
  else if (*sample->within != '\0')
    ok = choose_within (sample, patron_table_find (input->table, sample->within), chosen, run, error);
  else
    choose_units (sample, n, chosen);
  PatronTable *table = ok ? patron_table_keep_rows (input->table, chosen, run, error) : NULL;
  patron_free (chosen);
  if (table != NULL)
    patron_report_add_note (report, patron_text (N_("{kept} of {all} {all|row is|rows are} in the sample."), "kept",
                                                 PATRON_COUNT (patron_table_n_rows (table)), "all", PATRON_COUNT (n), NULL));
  return table;
}

static PatronText *
sample_sentence (gconstpointer params)
{
  const SampleParams *sample = params;
  static const char *const counts[] = { N_("Take {n} {n|row|rows} at random"), N_("Take the first {n} {n|row|rows}"),
                                        N_("Take the last {n} {n|row|rows}") };
  static const char *const shares[] = { N_("Take {share} of the rows at random"), N_("Take the first {share} of the rows"),
                                        N_("Take the last {share} of the rows") };
  if (*sample->whole != '\0' && sample->method == SAMPLE_RANDOM && sample->rows != PATRON_AUTO_INT)
    return patron_text (N_("Take {n} values of {column} at random, with all their rows"), "n", PATRON_COUNT (sample->rows), "column",
                        PATRON_STRING (sample->whole), NULL);
  if (*sample->whole != '\0' && sample->method == SAMPLE_RANDOM)
    return patron_text (N_("Take {share} of the values of {column} at random, with all their rows"), "share", PATRON_PERCENT (sample->share),
                        "column", PATRON_STRING (sample->whole), NULL);
  if (sample->method == SAMPLE_EVERY)
    return patron_text (N_("Take one row in {n}"), "n", PATRON_COUNT (sample->step), NULL);
  if (sample->rows != PATRON_AUTO_INT)
    return patron_text (counts[sample->method], "n", PATRON_COUNT (sample->rows), NULL);
  return patron_text (shares[sample->method], "share", PATRON_PERCENT (sample->share), NULL);
}

static const PatronPrepare sample_prepare = { .rows = PATRON_ROWS_SELECTED, .apply = sample_apply, .sentence = sample_sentence };

extern const PatronOp patron_op_sample;
const PatronOp patron_op_sample = {
  .id = "sample",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Sample"),
  .question = N_("How do I work with a part of a large table?"),
  .summary = N_("Takes a part of the rows: at random, the first, the last or every k-th."),
  .help = N_("A random sample of some ten thousand rows shows what the whole would, and steps and models on it take seconds. Every row has the same "
             "chance, and the number comes "
             "out exactly.\n\n“The same share of each” draws from each value of a column by its share, so that a small segment is not missed by "
             "chance. “Keep together” draws whole "
             "customers (or baskets): for order lines this is the right way, since half of a customer's orders is a customer that does not "
             "exist.\n\nRows stay in their order."),
  .reference = "D. E. Knuth, The Art of Computer Programming 2, section 3.4.2",
  .params = sample_params,
  .params_size = sizeof (SampleParams),
  .example = "rows=5\nwhole=customer_id",
  .icon = "edit-cut-symbolic",
  .check = sample_check,
  .prepare = &sample_prepare,
};
