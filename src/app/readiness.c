/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/readiness.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "project/engine.h"
#include "table/expression.h"

static void
line_free (gpointer data)
{
  PatronReadinessLine *line = data;
  g_free (line->text);
  g_free (line);
}

static void
add_line (PatronReadiness *r, PatronReadinessLevel level, char *text /* taken */)
{
  PatronReadinessLine *line = g_new (PatronReadinessLine, 1);
  line->level = level;
  line->text = text;
  g_ptr_array_add (r->lines, line);
  if (level == PATRON_READINESS_PROBLEM)
    r->ready = FALSE;
}

static void
add_sentence (PatronReadiness *r, PatronReadinessLevel level, PatronText *text /* taken */)
{
  add_line (r, level, patron_text_render (text));
  patron_text_free (text);
}

void
patron_readiness_free (PatronReadiness *r)
{
  if (r == NULL)
    return;
  g_ptr_array_unref (r->lines);
  g_free (r->filter_problem);
  g_free (r);
}

/* ---- rows -------------------------------------------------------------------------------------------------- */

/* keep[i] stays 1 for the rows that the filter lets through. FALSE: the filter is refused, or cancelled. */
static gboolean
apply_filter (PatronReadiness *r, const char *filter, PatronTable *table, guint8 *keep, PatronRun *run)
{
  r->n_kept = r->n_rows;
  if (filter == NULL || filter[0] == '\0')
    return TRUE;
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronExpression) expression = patron_expression_parse (filter, table, &error);
  if (expression != NULL && patron_expression_get_type (expression) != PATRON_TYPE_BOOLEAN)
    r->filter_problem = g_strdup (_("The filter must be true or false for each row, for example “amount > 0”."));
  else if (expression == NULL || !patron_expression_filter (expression, keep, &r->n_kept, run, &error))
    r->filter_problem = g_strdup (error->message);
  if (r->filter_problem == NULL)
    return TRUE;
  add_line (r, PATRON_READINESS_PROBLEM, g_strdup (r->filter_problem));
  return FALSE;
}

/* Takes out of keep the rows where the column is missing; returns how many, or -1 when it cannot be read. */
static gssize
drop_missing (PatronColumn *column, guint8 *keep, PatronRun *run, GError **error)
{
  const gsize n = patron_column_get_length (column);
  const gboolean codes = patron_column_has_dict (column);
  g_autofree double *values = g_new (double, PATRON_CHUNK_ROWS);
  gssize n_dropped = 0;
  for (gsize start = 0; start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize length = MIN (PATRON_CHUNK_ROWS, n - start);
      if (!patron_run_check (run, error) || !patron_column_read_doubles (column, start, length, values, error))
        return -1;
      for (gsize i = 0; i < length; i++)
        if (keep[start + i] && (isnan (values[i]) || (codes && values[i] < 0)))
          {
            keep[start + i] = 0;
            n_dropped++;
          }
    }
  return n_dropped;
}

/* A required role that needs a value in every row; amount may come as quantity and price instead. */
static gboolean
needs_value (const PatronOp *op, const PatronRoles *roles, const PatronRoleSpec *spec)
{
  if (spec->flags & (PATRON_ROLE_MULTIPLE | PATRON_ROLE_KEEP_MISSING))
    return FALSE;
  if (spec->flags & PATRON_ROLE_REQUIRED)
    return TRUE;
  return (spec->role == PATRON_ROLE_QUANTITY || spec->role == PATRON_ROLE_PRICE)
         && patron_op_role_spec (op, PATRON_ROLE_AMOUNT) != NULL && patron_roles_first (roles, PATRON_ROLE_AMOUNT) == NULL;
}

static void
count_missing_roles (PatronReadiness *r, const PatronStep *step, PatronTable *table, guint8 *keep, PatronRun *run)
{
  for (const PatronRoleSpec *spec = step->op->roles; spec != NULL && spec->role != PATRON_N_ROLES; spec++)
    {
      const char *name = patron_roles_first (step->roles, spec->role);
      PatronColumn *column = name != NULL ? patron_table_find (table, name) : NULL;
      if (column == NULL || !needs_value (step->op, step->roles, spec))
        continue;
      g_autoptr (GError) error = NULL;
      gssize n = drop_missing (column, keep, run, &error);
      if (n < 0)
        {
          add_line (r, PATRON_READINESS_PROBLEM, g_strdup (error->message));
          return;
        }
      r->n_used -= n;
      if (n > 0)
        add_sentence (r, PATRON_READINESS_NOTE,
                      patron_text (N_("{rows} {rows|row has|rows have} no “{column}” and will be left out ({share})."), "rows", PATRON_COUNT (n),
                                   "column", PATRON_STRING (name), "share", PATRON_PERCENT ((double) n / r->n_rows), NULL));
    }
}

static void
add_rows_line (PatronReadiness *r)
{
  if (r->n_kept == 0)
    add_line (r, PATRON_READINESS_PROBLEM, g_strdup (_("The filter keeps no row. Widen it or remove it.")));
  else if (r->n_used == 0)
    add_line (r, PATRON_READINESS_PROBLEM, g_strdup (_("No row has values in all the columns needed.")));
  else if (r->n_used == r->n_rows)
    add_sentence (r, PATRON_READINESS_FINE,
                  patron_text (N_("{rows} {rows|row takes|rows take} part, which is all of them."), "rows", PATRON_COUNT (r->n_rows), NULL));
  else
    add_sentence (r, PATRON_READINESS_FINE,
                  patron_text (N_("{used} of {rows} rows {used|takes|take} part ({share})."), "used", PATRON_COUNT (r->n_used), "rows",
                               PATRON_COUNT (r->n_rows), "share", PATRON_PERCENT ((double) r->n_used / r->n_rows), NULL));
}

static void
check_rows (PatronReadiness *r, const PatronRecipe *recipe, PatronTable *table, PatronRun *run)
{
  g_autoptr (GError) error = NULL;
  guint8 *keep = patron_try_alloc (r->n_rows, 1, _("counting rows"), &error);
  if (keep == NULL)
    {
      add_line (r, PATRON_READINESS_PROBLEM, g_strdup (error->message));
      return;
    }
  memset (keep, 1, r->n_rows);
  if (apply_filter (r, recipe->filter, table, keep, run))
    {
      r->n_used = r->n_kept;
      count_missing_roles (r, recipe->run, table, keep, run);
      if (r->ready)
        add_rows_line (r);
    }
  patron_free (keep);
}

/* ---- features ---------------------------------------------------------------------------------------------- */

static void
check_features (PatronReadiness *r, const PatronStep *step, PatronTable *table, PatronRun *run)
{
  const char *const *names = patron_roles_get (step->roles, PATRON_ROLE_FEATURE);
  if (step->op->kind != PATRON_OP_MODEL || names[0] == NULL)
    return;
  guint n_columns = 0, n_gaps = 0;
  for (; names[n_columns] != NULL && !patron_run_cancelled (run); n_columns++)
    {
      PatronColumn *column = patron_table_find (table, names[n_columns]);
      gsize n_missing = 0;
      if (column != NULL && patron_column_count_missing (column, &n_missing, NULL) && n_missing > 0)
        n_gaps++;
    }
  if (n_gaps == 0)
    return;
  const char *msgid = N_("{gaps} of {columns} feature columns have empty cells; the method copes with them as they are.");
  if (step->op->model->missing == PATRON_MISSING_IMPUTE)
    msgid = N_("{gaps} of {columns} feature columns have empty cells; they are filled with the median or the most frequent value.");
  else if (step->op->model->missing == PATRON_MISSING_DROP)
    msgid = N_("{gaps} of {columns} feature columns have empty cells; rows with one are left out.");
  add_sentence (r, PATRON_READINESS_NOTE, patron_text (msgid, "gaps", PATRON_COUNT (n_gaps), "columns", PATRON_COUNT (n_columns), NULL));
}

/* ---- cost -------------------------------------------------------------------------------------------------- */

static void
estimate_cost (PatronReadiness *r, const PatronRecipe *recipe, PatronTable *table)
{
  const PatronOp *op = recipe->run->op;
  if (op->cost == NULL)
    return;
  guint n_features = patron_roles_count (recipe->run->roles, PATRON_ROLE_FEATURE);
  double bytes = 0, seconds = 0;
  op->cost (r->n_used, n_features > 0 ? n_features : patron_table_n_columns (table), recipe->run->params, &bytes, &seconds);
  guint n_fits = 1;
  if (op->kind == PATRON_OP_MODEL && recipe->measure != NULL)
    n_fits += recipe->measure->op->measure->n_splits (recipe->measure->params);
  r->bytes = bytes;
  r->seconds = seconds * n_fits / MAX (1, patron_parallel_workers (NULL));
  gsize available = patron_memory_available ();
  if (r->bytes > 0.7 * (double) available)
    add_sentence (r, PATRON_READINESS_PROBLEM,
                  patron_text (N_("This needs about {needed} of memory, and {available} are free. Use a filter or fewer columns."), "needed",
                               PATRON_BYTES (r->bytes), "available", PATRON_BYTES (available), NULL));
}

char *
patron_readiness_cost_text (const PatronReadiness *r)
{
  if (isnan (r->seconds))
    return NULL;
  /* An estimate has no decimals. */
  g_autofree char *time = r->seconds < 60 ? g_strdup_printf (_("%.0f s"), ceil (r->seconds))
                                          : patron_format_number (PATRON_FORMAT_SECONDS, r->seconds);
  g_autofree char *bytes = patron_format_number (PATRON_FORMAT_BYTES, r->bytes);
  if (r->seconds < 1)
    return g_strdup_printf (_("Less than a second, %s of memory"), bytes);
  /* Translators: a time such as “3 s”, and a size such as “120 MB”. */
  return g_strdup_printf (_("About %s, %s of memory"), time, bytes);
}

/* ---- all --------------------------------------------------------------------------------------------------- */

PatronReadiness *
patron_readiness_check (const PatronRecipe *recipe, PatronTable *table, PatronRun *run)
{
  g_autoptr (PatronReadiness) r = g_new0 (PatronReadiness, 1);
  r->lines = g_ptr_array_new_with_free_func (line_free);
  r->ready = TRUE;
  r->bytes = r->seconds = NAN;
  r->n_rows = patron_table_n_rows (table);
  g_autofree char *problem = patron_engine_check (recipe, table);
  if (problem != NULL)
    add_line (r, PATRON_READINESS_PROBLEM, g_steal_pointer (&problem));
  check_rows (r, recipe, table, run);
  if (r->ready)
    check_features (r, recipe->run, table, run);
  if (r->ready)
    estimate_cost (r, recipe, table);
  return patron_run_cancelled (run) ? NULL : g_steal_pointer (&r);
}
