/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "ops/prepare/columns.h"
#include "ops/prepare/row-groups.h"
#include "report/report.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum { MODE_EXACT, MODE_NEAR } Mode;
typedef enum { KEEP_FIRST, KEEP_LAST, KEEP_COMPLETE, KEEP_NEWEST } Keep;
typedef enum { ACTION_REMOVE, ACTION_MARK } Action;

enum { PAIRS_SHOWN = 200 };

/* Pairs that fall short by no more than this are shown for review. */
#define REVIEW_MARGIN 0.1

typedef struct
{
  int    mode;
  char   columns[PATRON_COLUMNS_SIZE];
  bool   ignore_case;
  char   match[PATRON_PAIRS_SIZE];
  double threshold;
  int    window;
  int    keep;
  char   by[PATRON_COLUMN_SIZE];
  int    action;
  char   id[PATRON_COLUMN_SIZE];
  char   decisions[PATRON_PAIRS_SIZE];
} DuplicatesParams;

static const PatronChoice modes[] = {
  { "exact", N_("Rows that are the same") },
  { "near", N_("Rows that are alike (spelling, order of words)") },
  { NULL },
};
static const PatronChoice keeps[] = {
  { "first", N_("The first row") },
  { "last", N_("The last row") },
  { "complete", N_("The row with the fewest missing values") },
  { "newest", N_("The row with the largest value in a column") },
  { NULL },
};
static const PatronChoice actions[] = { { "remove", N_("Remove") }, { "mark", N_("Mark in new columns") }, { NULL } };

static gboolean
is_near (gconstpointer params)
{
  return ((const DuplicatesParams *) params)->mode == MODE_NEAR;
}

static gboolean
is_exact (gconstpointer params)
{
  return !is_near (params);
}

static gboolean
is_newest (gconstpointer params)
{
  return ((const DuplicatesParams *) params)->keep == KEEP_NEWEST;
}

static const PatronParam duplicates_params[] = {
  PATRON_PARAM_CHOICE (DuplicatesParams, mode, .label = N_("Look for"), .choices = modes, .def = MODE_EXACT,
                       .help = N_("Alike finds the same customer written differently; go through the pairs it lists before you remove them.")),
  PATRON_PARAM_COLUMNS (DuplicatesParams, columns, .label = N_("Compare"), .optional = true,
                        .help = N_("The columns that must be the same or alike. Empty: all of them.")),
  PATRON_PARAM_BOOL (DuplicatesParams, ignore_case, .label = N_("Ignore case, accents and punctuation"), .def = false, .relevant = is_exact,
                     .help = N_("“ACME Ltd.” and “Acme Ltd” are then the same.")),
  PATRON_PARAM_TEXT (DuplicatesParams, match, .label = N_("How to compare"), .def_text = "", .holds = PATRON_HOLDS_PAIRS, .optional = true,
                     .relevant = is_near,
                     .help = N_("For a column: exact, name, text, words, email, phone, “number 5” (within 5) or “days 2”. "
                                "Other columns: phone and e-mail columns by name, words for other text, else the same value.")),
  PATRON_PARAM_DOUBLE (DuplicatesParams, threshold, .label = N_("Alike from"), .def = 0.9, .min = 0.5, .max = 1, .low = 0.8, .high = 1,
                       .relevant = is_near,
                       .help = N_("The mean likeness of the columns from which two rows count as one; a value missing in one of them counts "
                                  "half. Lower finds more and errs more.")),
  PATRON_PARAM_INT (DuplicatesParams, window, .label = N_("Neighbours compared"), .def = 8, .min = 1, .max = 1000, .low = 3, .high = 30,
                    .relevant = is_near, .advanced = true,
                    .help = N_("In the order of each column, every row is compared with so many that follow it. More finds more and takes "
                               "longer.")),
  PATRON_PARAM_CHOICE (DuplicatesParams, keep, .label = N_("Keep"), .choices = keeps, .def = KEEP_FIRST,
                       .help = N_("Which row of those that are one stays.")),
  PATRON_PARAM_COLUMN (DuplicatesParams, by, .label = N_("Largest value of"), .accepts = PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_DATE,
                       .relevant = is_newest, .help = N_("A date for the newest row, or a number.")),
  PATRON_PARAM_CHOICE (DuplicatesParams, action, .label = N_("The others"), .choices = actions, .def = ACTION_REMOVE,
                       .help = N_("Marking adds the columns “duplicate group”, “duplicate score” and “duplicate” and removes nothing.")),
  PATRON_PARAM_COLUMN (DuplicatesParams, id, .label = N_("Name rows by"), .optional = true, .advanced = true,
                       .help = N_("What names a row in the list of pairs and in decisions. Empty: its number, counted from 1.")),
  PATRON_PARAM_TEXT (DuplicatesParams, decisions, .label = N_("Decided pairs"), .def_text = "", .holds = PATRON_HOLDS_LINES, .optional = true,
                     .advanced = true,
                     .help = N_("One pair by line, after review: “12 = 40” are one, “12 != 77” are not, whatever their likeness.")),
  PATRON_PARAM_END
};

/* ---- decisions ------------------------------------------------------------------------------------------------- */

typedef struct
{
  char    *left, *right;
  gboolean same;
} Decision;

static void
decision_free (gpointer data)
{
  Decision *decision = data;
  g_free (decision->left);
  g_free (decision->right);
  g_free (decision);
}

/* Of Decision*; NULL with error at a line that is none. */
static GPtrArray *
parse_decisions (const char *text, GError **error)
{
  static const char *const signs[] = { "!=", "≠", "<>", "=" };
  g_autoptr (GPtrArray) decisions = g_ptr_array_new_with_free_func (decision_free);
  g_auto (GStrv) lines = g_strsplit_set (text, "\n;", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      if (*g_strstrip (*line) == '\0')
        continue;
      char *at = NULL;
      guint sign = 0;
      for (; sign < G_N_ELEMENTS (signs) && (at = strstr (*line, signs[sign])) == NULL; sign++)
        ;
      Decision *decision = g_new0 (Decision, 1);
      g_ptr_array_add (decisions, decision);
      if (at != NULL)
        {
          decision->left = g_strstrip (g_strndup (*line, at - *line));
          decision->right = g_strstrip (g_strdup (at + strlen (signs[sign])));
          decision->same = sign == 3;
        }
      if (at == NULL || *decision->left == '\0' || *decision->right == '\0')
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” is not a decision about two rows; expected such as 12 = 40, or 12 != 77."),
                       *line);
          return NULL;
        }
    }
  return g_steal_pointer (&decisions);
}

/* The first row of each name, -1: not there. names: NULL-terminated. */
static gint64 *
find_rows (PatronTable *table, const DuplicatesParams *params, const char *const *names, PatronRun *run, GError **error)
{
  guint n_names = g_strv_length ((char **) names);
  gsize n = patron_table_n_rows (table);
  gint64 *rows = g_new (gint64, MAX (n_names, 1));
  for (guint k = 0; k < n_names; k++)
    {
      gint64 number = *params->id == '\0' ? g_ascii_strtoll (names[k], NULL, 10) : 0;
      rows[k] = number >= 1 && (gsize) number <= n ? number - 1 : -1;
    }
  if (*params->id == '\0' || n_names == 0)
    return rows;
  gint32 *match = patron_prepare_match (patron_table_find (table, params->id), names, run, error);
  if (match == NULL)
    return g_free (rows), NULL;
  g_autofree gint64 *first = g_new (gint64, n_names);
  for (guint k = 0; k < n_names; k++)
    first[k] = -1;
  for (gsize i = n; i-- > 0;)
    if (match[i] >= 0)
      first[match[i]] = (gint64) i;
  for (guint k = 0; k < n_names; k++)   /* a name given twice is found under its last place */
    for (guint l = 0; l < n_names; l++)
      if (first[l] >= 0 && g_str_equal (names[k], names[l]))
        rows[k] = first[l];
  patron_free (match);
  return rows;
}

/* ---- the work -------------------------------------------------------------------------------------------------- */

typedef struct
{
  const PatronPrepareInput *input;
  const DuplicatesParams   *params;
  PatronRun         *run;
  PatronTable       *table;      /* borrowed */
  gsize              n;
  char             **columns;    /* compared */
  PatronMatchColumn *matches;    /* NEAR: of each of them */
  guint              n_columns;
  GArray            *pairs;      /* of PatronRowPair: all that were found, near misses too */
  GArray            *joined;     /* those that count */
  GArray            *apart;      /* decided against */
  PatronRowGroups    groups;
  guint32           *keeper;     /* n: by the first row of a group, the row that stays */
  gsize              n_groups, n_gone, n_unknown;
} Work;

static void
work_clear (Work *work)
{
  for (guint c = 0; work->matches != NULL && c < work->n_columns; c++)
    patron_match_column_clear (&work->matches[c]);
  g_free (work->matches);
  g_strfreev (work->columns);
  g_clear_pointer (&work->pairs, g_array_unref);
  g_clear_pointer (&work->joined, g_array_unref);
  g_clear_pointer (&work->apart, g_array_unref);
  patron_row_groups_clear (&work->groups);
  patron_free (work->keeper);
}

/* The style that was asked for, or a guess. */
static gboolean
find_style (const DuplicatesParams *params, PatronColumn *column, PatronMatchStyle *style, GError **error)
{
  g_autoptr (GPtrArray) pairs = patron_pairs_split (params->match, NULL);
  *style = patron_match_style_guess (column);
  for (guint k = 0; pairs != NULL && k < pairs->len; k++)
    {
      const PatronPair *pair = pairs->pdata[k];
      if (g_str_equal (pair->from, patron_column_get_name (column)) && !patron_match_style_parse (pair->to, style, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_pairs (Work *work, GError **error)
{
  if (work->params->mode == MODE_EXACT)
    return patron_match_equal (work->table, work->columns, work->params->ignore_case, work->pairs, work->run, error);
  work->matches = g_new0 (PatronMatchColumn, work->n_columns);
  for (guint c = 0; c < work->n_columns; c++)
    {
      PatronColumn *column = patron_table_find (work->table, work->columns[c]);
      PatronMatchStyle style;
      if (!find_style (work->params, column, &style, error)
          || !patron_match_column_init (&work->matches[c], column, style, TRUE, TRUE, work->run, error))
        return FALSE;
    }
  return patron_match_pairs (work->matches, work->n_columns, (guint)work->params->window, MAX (0, work->params->threshold - REVIEW_MARGIN),
                             work->pairs, work->run, error);
}

static gboolean
is_apart (const Work *work, const PatronRowPair *pair)
{
  for (guint k = 0; k < work->apart->len; k++)
    if (memcmp (&g_array_index (work->apart, PatronRowPair, k), pair, 2 * sizeof pair->a) == 0)
      return TRUE;
  return FALSE;
}

/* Pairs decided on, and those alike enough. */
static gboolean
decide_pairs (Work *work, GError **error)
{
  g_autoptr (GPtrArray) decisions = parse_decisions (work->params->decisions, error);
  if (decisions == NULL)
    return FALSE;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint k = 0; k < decisions->len; k++)
    {
      g_ptr_array_add (names, ((Decision *) decisions->pdata[k])->left);
      g_ptr_array_add (names, ((Decision *) decisions->pdata[k])->right);
    }
  g_ptr_array_add (names, NULL);
  g_autofree gint64 *rows = find_rows (work->table, work->params, (const char *const *) names->pdata, work->run, error);
  if (rows == NULL)
    return FALSE;
  for (guint k = 0; k < decisions->len; k++)
    {
      gint64 a = rows[2 * k], b = rows[2 * k + 1];
      if (a < 0 || b < 0 || a == b)
        work->n_unknown++;
      else
        {
          PatronRowPair pair = { (guint32) MIN (a, b), (guint32) MAX (a, b), 1 };
          g_array_append_val (((Decision *) decisions->pdata[k])->same ? work->joined : work->apart, pair);
        }
    }
  for (guint k = 0; k < work->pairs->len; k++)
    {
      const PatronRowPair *pair = &g_array_index (work->pairs, PatronRowPair, k);
      if (pair->score >= work->params->threshold - 1e-6 || work->params->mode == MODE_EXACT)
        if (work->apart->len == 0 || !is_apart (work, pair))
          g_array_append_vals (work->joined, pair, 1);
    }
  return TRUE;
}

/* ---- which row stays --------------------------------------------------------------------------------------------- */

/* What the row that stays has most of: n values, or NULL when the place decides. */
static double *
read_merit (Work *work, GError **error)
{
  const PatronPrepareInput all = { .table = work->table };
  if (work->params->keep == KEEP_NEWEST)
    return patron_prepare_gather (&all, patron_table_find (work->table, work->params->by), work->run, error);
  double *merit = patron_try_alloc0_values (work->n, sizeof *merit, _("comparing rows"), error);
  double *chunk = merit != NULL ? patron_try_alloc (PATRON_CHUNK_ROWS, sizeof *chunk, _("comparing rows"), error) : NULL;
  gboolean ok = chunk != NULL;
  for (guint c = 0; ok && c < patron_table_n_columns (work->table); c++)
    {
      PatronColumn *column = patron_table_column (work->table, c);
      gboolean coded = patron_column_has_dict (column);
      for (gsize start = 0; ok && start < work->n; start += PATRON_CHUNK_ROWS)
        {
          gsize part = MIN (work->n - start, PATRON_CHUNK_ROWS);
          ok = patron_column_read_doubles (column, start, part, chunk, error) && patron_run_check (work->run, error);
          for (gsize i = 0; ok && i < part; i++)
            merit[start + i] += !(isnan (chunk[i]) || (coded && chunk[i] < 0));
        }
    }
  patron_free (chunk);
  if (!ok)
    g_clear_pointer (&merit, patron_free);
  return merit;
}

static gboolean
choose_keepers (Work *work, GError **error)
{
  gboolean by_merit = work->params->keep == KEEP_COMPLETE || work->params->keep == KEEP_NEWEST;
  double *merit = by_merit ? read_merit (work, error) : NULL;
  work->keeper = by_merit && merit == NULL ? NULL : patron_try_alloc_values (work->n, sizeof *work->keeper, _("the groups"), error);
  for (gsize i = 0; work->keeper != NULL && i < work->n; i++)
    {
      guint32 group = work->groups.group[i];
      if (group == i)
        {
          work->keeper[i] = (guint32) i;
          continue;
        }
      guint32 *keeper = &work->keeper[group];
      work->n_gone++;
      if (work->params->keep == KEEP_LAST || (by_merit && (merit[i] > merit[*keeper] || (isnan (merit[*keeper]) && !isnan (merit[i])))))
        *keeper = (guint32) i;
    }
  patron_free (merit);
  return work->keeper != NULL;
}

static gboolean
goes (const Work *work, gsize row)
{
  return work->keeper[work->groups.group[row]] != row;
}

/* ---- the report -------------------------------------------------------------------------------------------------- */

static char *
row_name (const Work *work, gsize row)
{
  if (*work->params->id != '\0')
    return patron_column_format (patron_table_find (work->table, work->params->id), row);
  return g_strdup_printf ("%zu", row + 1);
}

/* "Ann Lee · 5550-123": the compared values of a row. */
static char *
row_values (const Work *work, gsize row)
{
  GString *text = g_string_new (NULL);
  for (guint c = 0; c < MIN (work->n_columns, 6); c++)
    {
      g_autofree char *value = patron_column_format (patron_table_find (work->table, work->columns[c]), row);
      g_string_append_printf (text, "%s%s", c > 0 ? " · " : "", *value != '\0' ? value : "–");
    }
  return g_string_free (text, FALSE);
}

/* The least certain first: those nearest the threshold, on either side. */
static int
compare_doubt (gconstpointer a, gconstpointer b, gpointer data)
{
  const PatronRowPair *p = a, *q = b;
  double threshold = *(const double *) data, x = fabs (p->score - threshold), y = fabs (q->score - threshold);
  if (x != y)
    return x < y ? -1 : 1;
  return p->a != q->a ? (p->a > q->a) - (p->a < q->a) : (p->b > q->b) - (p->b < q->b);
}

static void
tell_pair (const Work *work, PatronReportTable *table, const PatronRowPair *pair)
{
  g_autofree char *a = row_name (work, pair->a);
  g_autofree char *b = row_name (work, pair->b);
  g_autofree char *a_values = row_values (work, pair->a);
  g_autofree char *b_values = row_values (work, pair->b);
  gboolean together = work->groups.group[pair->a] == work->groups.group[pair->b];
  patron_report_table_add_row (table);
  patron_report_table_add_string (table, a);
  patron_report_table_add_string (table, a_values);
  patron_report_table_add_string (table, b);
  patron_report_table_add_string (table, b_values);
  patron_report_table_add_number (table, pair->score);
  if (!together)
    patron_report_table_add_text (table, patron_text (is_apart (work, pair) ? N_("two (decided)") : N_("two: not alike enough"), NULL));
  else if (goes (work, pair->a) && goes (work, pair->b))
    patron_report_table_add_text (table, patron_text (N_("both go: another row of the group stays"), NULL));
  else
    patron_report_table_add_text (table, patron_text (N_("one: {row} goes"), "row", PATRON_STRING (goes (work, pair->a) ? a : b), NULL));
}

static void
tell_pairs (Work *work, PatronReport *report)
{
  double threshold = work->params->mode == MODE_EXACT ? 1 : work->params->threshold;
  PatronReportTable *table = patron_report_add_table (report, "pairs", patron_text (N_("Pairs to review"), NULL));
  patron_report_table_set_caption (table, patron_text (N_("The most doubtful first. To overrule, write “first = second” (they are one) or “first != "
                                                          "second” (they are two) into "
                                                          "the decided pairs."),
                                                       NULL));
  patron_report_table_add_column (table, "first", patron_text (N_("First"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "first_values", patron_text (N_("Its values"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "second", patron_text (N_("Second"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "second_values", patron_text (N_("Its values"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "score", patron_text (N_("Likeness"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "verdict", patron_text (N_("Verdict"), NULL), PATRON_FORMAT_TEXT);
  g_array_sort_with_data (work->pairs, compare_doubt, &threshold);
  for (guint k = 0; k < MIN (work->pairs->len, PAIRS_SHOWN); k++)
    tell_pair (work, table, &g_array_index (work->pairs, PatronRowPair, k));
  if (work->pairs->len > PAIRS_SHOWN)
    patron_report_add_note (report, patron_text (N_("{n} pairs were found; the {shown} most doubtful are listed."), "n",
                                                 PATRON_COUNT (work->pairs->len), "shown", PATRON_COUNT (PAIRS_SHOWN), NULL));
}

static void
tell (Work *work, PatronReport *report)
{
  guint largest = 0;
  g_autofree guint32 *sizes = g_new0 (guint32, MAX (work->n, 1));
  for (gsize i = 0; i < work->n; i++)
    {
      guint size = ++sizes[work->groups.group[i]];
      work->n_groups += size == 2;
      largest = MAX (largest, size);
    }
  patron_report_add_figure (report, "groups", patron_text (N_("Groups of duplicates"), NULL), PATRON_FORMAT_COUNT, work->n_groups)->headline = TRUE;
  patron_report_add_figure (report, "duplicates", patron_text (N_("Rows beside the one that stays"), NULL), PATRON_FORMAT_COUNT, work->n_gone)
      ->headline
      = TRUE;
  patron_report_add_figure (report, "largest", patron_text (N_("Rows of the largest group"), NULL), PATRON_FORMAT_COUNT, largest);
  patron_report_add_note (report, work->params->action == ACTION_REMOVE
                                      ? patron_text (N_("{n} duplicate {n|row was|rows were} removed, of {groups} {groups|group|groups}."), "n",
                                                     PATRON_COUNT (work->n_gone), "groups", PATRON_COUNT (work->n_groups), NULL)
                                      : patron_text (N_("{n} duplicate {n|row was|rows were} marked, of {groups} {groups|group|groups}."), "n",
                                                     PATRON_COUNT (work->n_gone), "groups", PATRON_COUNT (work->n_groups), NULL));
  if (work->n_unknown > 0)
    patron_report_add_note (
        report, patron_text (N_("{n} decided {n|pair names|pairs name} rows that are not here."), "n", PATRON_COUNT (work->n_unknown), NULL));
  tell_pairs (work, report);
}

/* ---- the result -------------------------------------------------------------------------------------------------- */

static PatronTable *
removed (const Work *work, GError **error)
{
  guint8 *keep = patron_try_alloc_values (work->n, 1, _("comparing rows"), error);
  if (keep == NULL)
    return NULL;
  for (gsize i = 0; i < work->n; i++)
    keep[i] = !goes (work, i);
  PatronTable *table = patron_table_keep_rows (work->table, keep, work->run, error);
  patron_free (keep);
  return table;
}

static void
put_new (PatronTable **table, const char *name, PatronType type, gsize n, gpointer values)
{
  g_autofree char *free_name = patron_prepare_free_name (*table, name);
  patron_prepare_put (table, patron_column_new_take (free_name, type, n, values, NULL));
}

/* Groups are numbered from 1 in the order of their first rows; rows alone have none. */
static PatronTable *
marked (const Work *work, GError **error)
{
  gint64 *group = patron_try_alloc_values (work->n, sizeof *group, _("comparing rows"), error);
  double *score = group != NULL ? patron_try_alloc_values (work->n, sizeof *score, _("comparing rows"), error) : NULL;
  guint8 *duplicate = score != NULL ? patron_try_alloc_values (work->n, 1, _("comparing rows"), error) : NULL;
  guint8 *shared = duplicate != NULL ? patron_try_alloc0_values (work->n, 1, _("comparing rows"), error) : NULL;
  if (shared == NULL)
    {
      patron_free (group);
      patron_free (score);
      patron_free (duplicate);
      return NULL;
    }
  for (gsize i = 0; i < work->n; i++)
    if (work->groups.group[i] != i)
      shared[work->groups.group[i]] = 1;
  gint64 number = 0;
  for (gsize i = 0; i < work->n; i++)
    {
      guint32 first = work->groups.group[i];
      group[i] = !shared[first] ? PATRON_INTEGER_MISSING : first == i ? ++number : group[first];
      score[i] = shared[first] ? work->groups.score[i] : (double) NAN;
      duplicate[i] = goes (work, i);
    }
  patron_free (shared);
  PatronTable *table = patron_table_ref (work->table);
  put_new (&table, "duplicate group", PATRON_TYPE_INTEGER, work->n, group);
  put_new (&table, "duplicate score", PATRON_TYPE_NUMBER, work->n, score);
  put_new (&table, "duplicate", PATRON_TYPE_BOOLEAN, work->n, duplicate);
  return table;
}

static PatronTable *
duplicates_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  Work work = { .input = input, .params = params, .run = run, .table = input->table, .n = patron_table_n_rows (input->table) };
  work.columns = patron_prepare_named_or_all (work.table, work.params->columns, work.params->id);
  work.n_columns = g_strv_length (work.columns);
  work.pairs = g_array_new (FALSE, FALSE, sizeof (PatronRowPair));
  work.joined = g_array_new (FALSE, FALSE, sizeof (PatronRowPair));
  work.apart = g_array_new (FALSE, FALSE, sizeof (PatronRowPair));
  PatronTable *table = NULL;
  if (work.n_columns == 0 || work.n == 0)
    table = patron_table_ref (work.table);
  else if (find_pairs (&work, error) && decide_pairs (&work, error)
           && patron_row_groups_init (&work.groups, work.n, work.joined, work.apart, run, error) && choose_keepers (&work, error))
    {
      tell (&work, report);
      table = work.params->action == ACTION_REMOVE ? removed (&work, error) : marked (&work, error);
    }
  work_clear (&work);
  return table;
}

/* ---- the operation ---------------------------------------------------------------------------------------------- */

static char *
duplicates_check (const PatronInput *input, gconstpointer values)
{
  const DuplicatesParams *params = values;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) decisions = parse_decisions (params->decisions, &error);
  if (decisions == NULL)
    return g_strdup (error->message);
  g_autofree char *bad = NULL;
  g_autoptr (GPtrArray) pairs = params->mode == MODE_NEAR ? patron_pairs_split (params->match, &bad) : NULL;
  if (bad != NULL)
    return g_strdup_printf (_("“%s” does not say how to compare a column; expected such as name=words."), bad);
  for (guint k = 0; error == NULL && pairs != NULL && k < pairs->len; k++)
    {
      const PatronPair *pair = pairs->pdata[k];
      PatronMatchStyle style;
      if (patron_table_require (input->table, pair->from, &error) != NULL)
        patron_match_style_parse (pair->to, &style, &error);
    }
  return error != NULL ? g_strdup (error->message) : NULL;
}

static PatronText *
duplicates_sentence (gconstpointer values)
{
  const DuplicatesParams *params = values;
  g_autofree char *columns = patron_prepare_short_list (params->columns);
  const char *keep = keeps[params->keep].label;
  if (*columns == '\0')
    return patron_text (params->action == ACTION_REMOVE ? N_("Remove duplicate rows, keep: {keep}") : N_("Mark duplicate rows, keep: {keep}"),
                        "keep", PATRON_MSGID (keep), NULL);
  if (params->action == ACTION_MARK)
    return patron_text (params->mode == MODE_NEAR ? N_("Mark rows alike in {columns}") : N_("Mark rows with the same {columns}"), "columns",
                        PATRON_STRING (columns), NULL);
  return patron_text (params->mode == MODE_NEAR ? N_("Remove rows alike in {columns}, keep: {keep}")
                                                : N_("Remove rows with the same {columns}, keep: {keep}"),
                      "columns", PATRON_STRING (columns), "keep", PATRON_MSGID (keep), NULL);
}

static const PatronPrepare duplicates_prepare = { .rows = PATRON_ROWS_SELECTED, .apply = duplicates_apply, .sentence = duplicates_sentence };

extern const PatronOp patron_op_duplicates;
const PatronOp patron_op_duplicates = {
  .id = "duplicates",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Remove duplicates"),
  .question = N_("Which rows are there more than once?"),
  .summary = N_("Finds rows that are the same, or the same customer written differently, and keeps one of each."),
  .help = N_("Rows that are the same: equal in all compared columns; rows with nothing in any of them are left alone.\n\nRows that are alike: each "
             "compared column gives a "
             "likeness from 0 to 1 and the mean decides. Texts are compared without case, accents, width and punctuation: “name” is the "
             "Jaro–Winkler measure, “text” counts "
             "changed letters, “words” does not mind the order of words, phone numbers are compared by their last nine digits, e-mail addresses "
             "without +tags. A value missing "
             "in one row counts half, in both it does not count; at least half of the columns must. Not every pair of rows is compared (a million "
             "rows have 500 billion pairs): the rows are sorted by each column, also read backwards, and neighbours "
             "are compared.\n\nRows joined by a chain of alike pairs form a group, of which one row stays. The report lists the most doubtful pairs "
             "with their likeness, on both "
             "sides of the limit; what you decide about a pair becomes part of the step."),
  .reference = "M. Hernández and S. Stolfo, The Merge/Purge Problem for Large Databases, SIGMOD 1995, 127-138; W. Winkler, Overview of Record "
               "Linkage and Current "
               "Research Directions, U.S. Census Bureau, 2006",
  .params = duplicates_params,
  .params_size = sizeof (DuplicatesParams),
  .example = "columns=customer_id;product\nkeep=newest\nby=order_date",
  .check = duplicates_check,
  .prepare = &duplicates_prepare,
};
