/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "ops/prepare/join-report.h"
#include "ops/prepare/table-columns.h"
#include "table/stack-columns.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  char   table[PATRON_COLUMN_SIZE];
  char   keys[PATRON_PAIRS_SIZE];
  int    kind;
  char   columns[PATRON_COLUMNS_SIZE];
  char   suffix[64];
  char   date[PATRON_COLUMN_SIZE];
  char   other_date[PATRON_COLUMN_SIZE];
  double growth;
} JoinParams;

static const PatronChoice kinds[] = {
  [PATRON_JOIN_LEFT] = { "left", N_("Every row here, with what matches there") },
  [PATRON_JOIN_INNER] = { "inner", N_("Only rows that match") },
  [PATRON_JOIN_RIGHT] = { "right", N_("Every row there, with what matches here") },
  [PATRON_JOIN_FULL] = { "full", N_("Every row of both") },
  [PATRON_JOIN_SEMI] = { "semi", N_("Rows here that have a match; no new columns") },
  [PATRON_JOIN_ANTI] = { "anti", N_("Rows here that have no match; no new columns") },
  { NULL },
};

static gboolean
brings_columns (gconstpointer params)
{
  int kind = ((const JoinParams *) params)->kind;
  return kind != PATRON_JOIN_SEMI && kind != PATRON_JOIN_ANTI;
}

static gboolean
may_be_nearest (gconstpointer params)
{
  int kind = ((const JoinParams *) params)->kind;
  return kind == PATRON_JOIN_LEFT || kind == PATRON_JOIN_INNER;
}

static gboolean
is_nearest (gconstpointer params)
{
  return may_be_nearest (params) && *((const JoinParams *) params)->date != '\0';
}

static const PatronParam join_params[] = {
  PATRON_PARAM_TEXT (JoinParams, table, .holds = PATRON_HOLDS_TABLE, .label = N_("Other table"), .help = N_("A table of the project, or a file.")),
  PATRON_PARAM_TEXT (JoinParams, keys, .holds = PATRON_HOLDS_PAIRS, .label = N_("Match on"),
                     .help = N_("The columns that must be equal: one here and one there, or a name alone for the same one on both sides.")),
  PATRON_PARAM_CHOICE (JoinParams, kind, .label = N_("Keep"), .choices = kinds, .def = PATRON_JOIN_LEFT, .help = N_("Which rows the result has.")),
  PATRON_PARAM_TEXT (JoinParams, columns, .holds = PATRON_HOLDS_OTHER_COLUMNS, .optional = true, .label = N_("Columns to bring"), .relevant = brings_columns,
                     .help = N_("Columns of the other table that come along. None chosen: all of them.")),
  PATRON_PARAM_TEXT (JoinParams, suffix, .label = N_("Ending of double names"), .def_text = "_2", .advanced = true, .relevant = brings_columns,
                     .help = N_("What is put behind the name of a column of the other table when there is one of that name here.")),
  PATRON_PARAM_COLUMN (JoinParams, date, .label = N_("As of date"), .accepts = PATRON_ACCEPT_DATE | PATRON_ACCEPT_NUMERIC, .optional = true, .advanced = true,
                       .relevant = may_be_nearest,
                       .help = N_("With a date here and one there, each row gets only the latest match that is not after its own date. Empty: every match.")),
  PATRON_PARAM_TEXT (JoinParams, other_date, .holds = PATRON_HOLDS_OTHER_COLUMN, .accepts = PATRON_ACCEPT_DATE | PATRON_ACCEPT_NUMERIC, .optional = true,
                     .label = N_("Date in the other table"), .advanced = true, .relevant = is_nearest,
                     .help = N_("The column of the other table that is compared with the date here. Empty: the one of the same name.")),
  PATRON_PARAM_DOUBLE (JoinParams, growth, .label = N_("Largest growth"), .def = 10, .min = 1, .max = 1e6, .low = 1, .high = 100, .log = true, .advanced = true,
                       .help = N_("Refuse a join with more than this many times the rows of the larger table: keys that are not unique on either side multiply rows.")),
  PATRON_PARAM_END
};

/* ---- keys ------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronTable  *other;
  GPtrArray    *left, *right;           /* columns as they are, borrowed */
  GPtrArray    *left_keys, *right_keys; /* as they are compared */
  PatronJoin   *join;
} Join;

static void
join_clear (Join *join)
{
  g_clear_pointer (&join->other, patron_table_unref);
  g_clear_pointer (&join->left, g_ptr_array_unref);
  g_clear_pointer (&join->right, g_ptr_array_unref);
  g_clear_pointer (&join->left_keys, g_ptr_array_unref);
  g_clear_pointer (&join->right_keys, g_ptr_array_unref);
  g_clear_pointer (&join->join, patron_join_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Join, join_clear)

static gboolean
add_key (Join *join, PatronTable *table, const PatronPair *pair, GError **error)
{
  /* A name with = in it that nobody has escaped. */
  g_autofree char *whole = g_strconcat (pair->from, "=", pair->to, NULL);
  gboolean is_whole = patron_table_find (table, pair->from) == NULL && patron_table_find (table, whole) != NULL;
  const char *here = is_whole ? whole : pair->from, *there = is_whole ? whole : pair->to;
  PatronColumn *left = patron_table_require (table, here, error), *right = left != NULL ? patron_table_require (join->other, there, error) : NULL, *left_key, *right_key;
  if (right == NULL || !patron_join_key_pair (left, right, &left_key, &right_key, error))
    return FALSE;
  g_ptr_array_add (join->left, left);
  g_ptr_array_add (join->right, right);
  g_ptr_array_add (join->left_keys, left_key);
  g_ptr_array_add (join->right_keys, right_key);
  return TRUE;
}

static gboolean
find_keys (Join *join, PatronTable *table, const char *keys, GError **error)
{
  g_autoptr (GPtrArray) pairs = patron_name_pairs_split (keys);
  join->left = g_ptr_array_new ();
  join->right = g_ptr_array_new ();
  join->left_keys = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  join->right_keys = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint i = 0; i < pairs->len; i++)
    if (!add_key (join, table, pairs->pdata[i], error))
      return FALSE;
  if (join->left->len > 0)
    return TRUE;
  g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("A join needs at least one pair of columns to match on, such as customer=customer_id."));
  return FALSE;
}

static PatronTable *
find_other (const PatronPrepareInput *input, const char *name, PatronRun *run, GError **error)
{
  if (input->find_table != NULL)
    return input->find_table (input->data, name, run, error);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Table “%s” cannot be looked up here."), name);
  return NULL;
}

/* Refuses what would only fill the memory. */
static gboolean
check_growth (const Join *join, const JoinParams *params, PatronTable *table, GError **error)
{
  const PatronJoinCounts *counts = patron_join_counts (join->join);
  double rows = (double) patron_join_n_rows (join->join, params->kind), larger = (double) MAX (counts->left_rows, counts->right_rows);
  if (rows <= params->growth * larger || rows < 1000)
    return TRUE;
  g_autofree char *predicted = patron_format_number (PATRON_FORMAT_COUNT, rows), *left = patron_format_number (PATRON_FORMAT_COUNT, (double) counts->left_rows);
  g_autofree char *right = patron_format_number (PATRON_FORMAT_COUNT, (double) counts->right_rows);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Joining “%s” (%s rows) with “%s” (%s rows) would give %s rows, because the keys repeat on both sides; match on more "
               "columns, group one of the tables first, or allow a larger growth."), patron_table_get_name (table), left, patron_table_get_name (join->other), right, predicted);
  return FALSE;
}

/* ---- the rows ------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  guint32 *left, *right;
  gsize    n;
  gboolean as_left;      /* the left rows, all and in order */
} Rows;

static gboolean
nearest_rows (const Join *join, const JoinParams *params, PatronTable *table, Rows *rows, PatronReport *report, PatronRun *run, GError **error)
{
  PatronColumn *here = patron_table_require (table, params->date, error);
  PatronColumn *there = here != NULL ? patron_table_require (join->other, *params->other_date != '\0' ? params->other_date : params->date, error) : NULL;
  g_autoptr (PatronColumn) left = NULL, right = NULL;
  if (there == NULL || !patron_join_key_pair (here, there, &left, &right, error))
    return FALSE;
  rows->right = patron_join_nearest (join->join, left, right, run, error);
  rows->left = rows->right != NULL ? patron_try_alloc_values (patron_table_n_rows (table), sizeof *rows->left, _("joining rows"), error) : NULL;
  if (rows->left == NULL)
    return FALSE;
  gsize n = 0, found = 0;
  for (gsize i = 0; i < patron_table_n_rows (table); i++)
    {
      guint32 row = rows->right[i];
      found += row != PATRON_NO_ROW;
      if (params->kind == PATRON_JOIN_INNER && row == PATRON_NO_ROW)
        continue;
      rows->left[n] = (guint32) i;
      rows->right[n++] = row;
    }
  rows->n = n;
  patron_report_add_note (report, patron_text (N_("{found} rows have a match on or before their date."), "found", PATRON_COUNT (found), NULL));
  return TRUE;
}

static gboolean
find_rows (const Join *join, const JoinParams *params, PatronTable *table, Rows *rows, PatronReport *report, PatronRun *run, GError **error)
{
  gboolean found = is_nearest (params) ? nearest_rows (join, params, table, rows, report, run, error)
                                       : check_growth (join, params, table, error)
                                           && patron_join_rows (join->join, params->kind, &rows->left, &rows->right, &rows->n, run, error);
  /* A left row comes at least once, so that as many rows as there were are the same rows. */
  rows->as_left = found && params->kind == PATRON_JOIN_LEFT && rows->n == patron_table_n_rows (table);
  return found;
}

/* ---- the columns ---------------------------------------------------------------------------------------------------------- */

static PatronColumn *
take_left (const Join *join, PatronColumn *column, const Rows *rows, PatronRun *run, GError **error)
{
  return rows->as_left ? patron_column_ref (column) : patron_column_take_or_missing (column, NULL, rows->left, rows->n, run, error);
}

/* A key of both sides: the left one, for rows without a left row the right one. */
static PatronColumn *
take_key (const Join *join, guint k, const Rows *rows, PatronRun *run, GError **error)
{
  PatronColumn *parts[2] = { join->left_keys->pdata[k], join->right_keys->pdata[k] };
  const gsize lengths[2] = { patron_column_get_length (parts[0]), patron_column_get_length (parts[1]) };
  const char *name = patron_column_get_name (join->left->pdata[k]);
  g_autoptr (PatronColumn) both = patron_columns_stack (name, patron_column_get_type (parts[0]), parts, lengths, 2, run, error);
  guint32 *at = both != NULL ? patron_try_alloc_values (rows->n, sizeof *at, name, error) : NULL;
  for (gsize i = 0; at != NULL && i < rows->n; i++)
    at[i] = rows->left[i] != PATRON_NO_ROW ? rows->left[i] : (guint32) lengths[0] + rows->right[i];
  PatronColumn *key = at != NULL ? patron_column_take_or_missing (both, name, at, rows->n, run, error) : NULL;
  patron_free (at);
  return key;
}

static gboolean
add_left (const Join *join, const JoinParams *params, PatronTable *table, const Rows *rows, GPtrArray *columns, PatronRun *run, GError **error)
{
  gboolean both = params->kind == PATRON_JOIN_RIGHT || params->kind == PATRON_JOIN_FULL;
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    {
      PatronColumn *column = patron_table_column (table, c);
      guint k;
      PatronColumn *taken = both && g_ptr_array_find (join->left, column, &k) ? take_key (join, k, rows, run, error) : take_left (join, column, rows, run, error);
      if (taken == NULL)
        return FALSE;
      g_ptr_array_add (columns, taken);
    }
  return TRUE;
}

/* The columns asked for, or all, but no keys: they are there already. */
static GPtrArray *
wanted_columns (const Join *join, const JoinParams *params, GError **error)
{
  if (*params->columns != '\0')
    return patron_columns_named (join->other, params->columns, error);
  GPtrArray *wanted = g_ptr_array_new ();
  for (guint c = 0; c < patron_table_n_columns (join->other); c++)
    if (!g_ptr_array_find (join->right, patron_table_column (join->other, c), NULL))
      g_ptr_array_add (wanted, patron_table_column (join->other, c));
  return wanted;
}

static gboolean
add_right (const Join *join, const JoinParams *params, PatronTable *table, const Rows *rows, GPtrArray *columns, PatronRun *run, GError **error)
{
  g_autoptr (GPtrArray) wanted = wanted_columns (join, params, error);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    g_hash_table_add (taken, g_strdup (patron_column_get_name (patron_table_column (table, c))));
  for (guint c = 0; wanted != NULL && c < wanted->len; c++)
    {
      const char *old = patron_column_get_name (wanted->pdata[c]);
      g_autofree char *ended = g_hash_table_contains (taken, old) ? g_strconcat (old, params->suffix, NULL) : g_strdup (old);
      g_autofree char *name = patron_free_name (taken, ended);
      PatronColumn *column = patron_column_take_or_missing (wanted->pdata[c], name, rows->right, rows->n, run, error);
      if (column == NULL)
        return FALSE;
      g_ptr_array_add (columns, column);
      patron_run_progress (run, (c + 1.0) / wanted->len);
    }
  return wanted != NULL;
}

static PatronTable *
join_apply (const PatronPrepareInput *input, gconstpointer data, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const JoinParams *params = data;
  g_auto (Join) join = { .other = find_other (input, params->table, run, error) };
  if (join.other == NULL || !find_keys (&join, input->table, params->keys, error))
    return NULL;
  join.join = patron_join_new ((PatronColumn *const *) join.left_keys->pdata, patron_table_n_rows (input->table), (PatronColumn *const *) join.right_keys->pdata,
                               patron_table_n_rows (join.other), join.left->len, run, error);
  if (join.join == NULL)
    return NULL;
  patron_join_tell (join.join, input->table, join.other, join.left, join.right, report);
  Rows rows = { NULL };
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  gboolean done = find_rows (&join, params, input->table, &rows, report, run, error)
                  && add_left (&join, params, input->table, &rows, columns, run, error)
                  && (!brings_columns (params) || add_right (&join, params, input->table, &rows, columns, run, error));
  patron_free (rows.left);
  patron_free (rows.right);
  return done ? patron_table_new_take (patron_table_get_name (input->table), g_steal_pointer (&columns)) : NULL;
}

static PatronText *
join_sentence (gconstpointer data)
{
  const JoinParams *params = data;
  return patron_text (N_("Join with {table} on {keys}: {kind}"), "table", PATRON_STRING (params->table), "keys", PATRON_STRING (params->keys), "kind",
                      PATRON_MSGID (kinds[params->kind].label), NULL);
}

static const PatronPrepare join_prepare = { .rows = PATRON_ROWS_NEW, .apply = join_apply, .sentence = join_sentence };

extern const PatronOp patron_op_join;
const PatronOp patron_op_join = {
  .id = "join",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Join"),
  .question = N_("What does another table know about these rows?"),
  .summary = N_("Brings the columns of another table to the rows with the same key."),
  .help = N_("Rows match when all key columns are equal. Texts are compared letter by letter; whole numbers match numbers, and dates match times at midnight; a text never "
             "matches a number: give both the same type first. A row with a missing key matches nothing.\n\nThe report says how many rows of each side match, which do not, "
             "with examples, and how many rows come out. When a key occurs several times on both sides, every row here meets every row there; a join that would grow "
             "beyond the limit is refused before it is made.\n\nWith dates on both sides (“as of”), each row gets the latest match that is not after its own date, such as the "
             "price or the address that was valid at the time of an order."),
  .reference = "—",
  .params = join_params,
  .params_size = sizeof (JoinParams),
  .example = "table=customers\nkeys=customer_id",
  .prepare = &join_prepare,
};
