/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/engine-private.h"

#include "base/memory.h"
#include "table/expression.h"
#include "table/reader.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static void
replace_table (PatronEngine *engine, PatronTable *table)
{
  g_clear_pointer (&engine->table, patron_table_unref);
  engine->table = table;
}

static gboolean
load_source (PatronEngine *engine, PatronProject *project, PatronTable *table, GError **error)
{
  PatronRecipe *recipe = engine->recipe;
  if (table != NULL)
    engine->table = patron_table_ref (table);
  else if (recipe->table != NULL && project != NULL)
    engine->table = patron_project_find_table (project, recipe->table, error);
  else if (recipe->file != NULL)
    {
      g_autoptr (GPtrArray) notes = NULL;
      engine->table = patron_read_file (recipe->file, (const char *const *) recipe->read_options, engine->run, &notes, error);
      for (guint i = 0; notes != NULL && i < notes->len; i++)
        patron_report_add_note (engine->report, patron_text_copy (notes->pdata[i]));
    }
  else
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe names neither a file nor a table of the project."));
  if (engine->table != NULL && recipe->table != NULL)
    recipe->version = project != NULL ? patron_project_find_version (project, recipe->table, engine->table) : -1;
  return engine->table != NULL;
}

/* Keeps rows where keep[i] is not 0 and tells the report how many went. Takes the reason. */
static gboolean
keep_rows (PatronEngine *engine, const guint8 *keep, PatronText *reason, GError **error)
{
  gsize before = patron_table_n_rows (engine->table);
  PatronTable *kept = patron_table_keep_rows (engine->table, keep, engine->run, error);
  if (kept == NULL)
    {
      patron_text_free (reason);
      return FALSE;
    }
  patron_report_add_dropped (engine->report, reason, before - patron_table_n_rows (kept));
  replace_table (engine, kept);
  return TRUE;
}

static gboolean
apply_filter (PatronEngine *engine, GError **error)
{
  const char *filter = engine->recipe->filter;
  if (filter == NULL || *filter == '\0')
    return TRUE;
  g_autoptr (PatronExpression) expression = patron_expression_parse (filter, engine->table, error);
  if (expression == NULL)
    return FALSE;
  if (patron_expression_get_type (expression) != PATRON_TYPE_BOOLEAN)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Filter “%s” gives values, not true or false; expected a comparison."), filter);
      return FALSE;
    }
  gsize n = patron_table_n_rows (engine->table), kept;
  guint8 *keep = patron_try_alloc (n, 1, _("the filter"), error);
  if (keep == NULL)
    return FALSE;
  gboolean ok = patron_expression_filter (expression, keep, &kept, engine->run, error)
                && keep_rows (engine, keep, patron_text (N_("outside the filter “{filter}”"), "filter", PATRON_STRING (filter), NULL), error);
  patron_free (keep);
  return ok;
}

/* What a step has to say goes to the report of the run: its notes, and how many rows it took away. */
static void
tell_step (PatronEngine *engine, PatronStepOutcome *outcome)
{
  if (outcome->rows_after < outcome->rows_before && outcome->step->op->prepare->rows == PATRON_ROWS_SELECTED)
    patron_report_add_dropped (engine->report, patron_text (N_("removed by step “{step}”"), "step", PATRON_MSGID (outcome->step->op->title), NULL),
                               outcome->rows_before - outcome->rows_after);
  for (guint i = 0; i < outcome->report->notes->len; i++)
    patron_report_add_note (engine->report, patron_text_copy (outcome->report->notes->pdata[i]));
}

static gboolean
apply_steps (PatronEngine *engine, GError **error)
{
  g_autoptr (GPtrArray) outcomes = NULL;
  PatronTable *table = patron_engine_prepare_table (engine->table, engine->recipe->prepare, patron_engine_find_table, engine->project, engine->run, &outcomes, error);
  if (table == NULL)
    return FALSE;
  for (guint i = 0; i < outcomes->len; i++)
    tell_step (engine, outcomes->pdata[i]);
  replace_table (engine, table);
  return TRUE;
}

/* ---- rows with missing values --------------------------------------------------------------------------------- */

/* Clears keep[i] where the column is missing; FALSE with error. */
static gboolean
strike_missing (PatronColumn *column, guint8 *keep, GError **error)
{
  double buffer[4096];
  gsize n = patron_column_get_length (column);
  for (gsize start = 0; start < n; start += G_N_ELEMENTS (buffer))
    {
      gsize part = MIN (n - start, G_N_ELEMENTS (buffer));
      if (!patron_column_read_doubles (column, start, part, buffer, error))
        return FALSE;
      for (gsize i = 0; i < part; i++)
        keep[start + i] &= !isnan (buffer[i]);
    }
  return TRUE;
}

static gboolean
drop_missing_in (PatronEngine *engine, const char *const *names, PatronText *reason, GError **error)
{
  gsize n = patron_table_n_rows (engine->table), n_missing = 0;
  for (const char *const *name = names; *name != NULL && n_missing == 0; name++)
    if (!patron_column_count_missing (patron_table_find (engine->table, *name), &n_missing, error))
      {
        patron_text_free (reason);
        return FALSE;
      }
  guint8 *keep = n_missing > 0 ? patron_try_alloc (n, 1, _("the rows to keep"), error) : NULL;
  if (n_missing == 0 || keep == NULL)
    {
      patron_text_free (reason);
      return n_missing == 0;
    }
  memset (keep, 1, n);
  gboolean ok = TRUE;
  for (const char *const *name = names; ok && *name != NULL; name++)
    ok = strike_missing (patron_table_find (engine->table, *name), keep, error);
  if (ok)
    ok = keep_rows (engine, keep, reason, error);
  else
    patron_text_free (reason);
  patron_free (keep);
  return ok;
}

static gboolean
needs_value (const PatronRoleSpec *spec)
{
  if (spec->flags & (PATRON_ROLE_MULTIPLE | PATRON_ROLE_KEEP_MISSING))
    return FALSE;
  return (spec->flags & PATRON_ROLE_REQUIRED) != 0 || spec->role == PATRON_ROLE_WEIGHT;
}

static gboolean
drop_missing (PatronEngine *engine, GError **error)
{
  const PatronStep *step = engine->recipe->run;
  for (const PatronRoleSpec *spec = step->op->roles; spec != NULL && spec->role != PATRON_N_ROLES; spec++)
    {
      const char *name = patron_roles_first (engine->roles, spec->role);
      if (name == NULL || !needs_value (spec))
        continue;
      const char *const names[] = { name, NULL };
      PatronText *reason = patron_text (N_("missing {role} ({column})"), "role", PATRON_MSGID (patron_role_label (spec->role)),
                                        "column", PATRON_STRING (name), NULL);
      if (!drop_missing_in (engine, names, reason, error))
        return FALSE;
    }
  const PatronModelClass *model = step->op->model;
  if (model != NULL && model->missing == PATRON_MISSING_DROP && patron_roles_count (engine->roles, PATRON_ROLE_FEATURE) > 0)
    return drop_missing_in (engine, patron_roles_get (engine->roles, PATRON_ROLE_FEATURE), patron_text (N_("missing value in a feature"), NULL), error);
  return TRUE;
}

/* ---- amount --------------------------------------------------------------------------------------------------- */

static char *
fresh_name (PatronTable *table, const char *wish)
{
  if (patron_table_find (table, wish) == NULL)
    return g_strdup (wish);
  for (int i = 2;; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s %d", wish, i);
      if (patron_table_find (table, name) == NULL)
        return g_steal_pointer (&name);
    }
}

static PatronColumn *
multiply (PatronTable *table, const char *quantity, const char *price, const char *name, GError **error)
{
  gsize n = patron_table_n_rows (table);
  double *product = patron_try_alloc (n, sizeof *product, name, error);
  double *other = product != NULL ? patron_try_alloc (n, sizeof *other, name, error) : NULL;
  gboolean ok = other != NULL && patron_column_read_doubles (patron_table_find (table, quantity), 0, n, product, error)
                && patron_column_read_doubles (patron_table_find (table, price), 0, n, other, error);
  for (gsize i = 0; ok && i < n; i++)
    product[i] *= other[i];
  patron_free (other);
  if (!ok)
    {
      patron_free (product);
      return NULL;
    }
  g_autoptr (PatronColumn) column = patron_column_new_take (name, PATRON_TYPE_NUMBER, n, product, NULL);
  return patron_column_with_unit (column, patron_column_get_unit (patron_table_find (table, price)));
}

/* The amount given as quantity × price becomes a column, so that operations see one form only. */
static gboolean
derive_amount (PatronEngine *engine, GError **error)
{
  PatronRoles *roles = engine->roles;
  const char *quantity = patron_roles_first (roles, PATRON_ROLE_QUANTITY), *price = patron_roles_first (roles, PATRON_ROLE_PRICE);
  gboolean wanted = patron_op_role_spec (engine->recipe->run->op, PATRON_ROLE_AMOUNT) != NULL;
  if (!wanted || patron_roles_count (roles, PATRON_ROLE_AMOUNT) > 0 || quantity == NULL || price == NULL)
    return TRUE;
  g_autofree char *name = fresh_name (engine->table, "amount");
  g_autoptr (PatronColumn) amount = multiply (engine->table, quantity, price, name, error);
  if (amount == NULL)
    return FALSE;
  replace_table (engine, patron_table_with_column (engine->table, amount));
  patron_roles_add (roles, PATRON_ROLE_AMOUNT, name);
  patron_report_add_note (engine->report, patron_text (N_("The amount of a line is {quantity} × {price}."), "quantity", PATRON_STRING (quantity),
                                                       "price", PATRON_STRING (price), NULL));
  return TRUE;
}

/* ---- the report's account of the data --------------------------------------------------------------------------- */

static void
note_period (PatronEngine *engine)
{
  const char *name = patron_roles_first (engine->recipe->run->roles, PATRON_ROLE_DATE);
  if (name == NULL)
    return;
  PatronColumn *column = patron_table_find (engine->table, name);
  gboolean time = patron_column_get_type (column) == PATRON_TYPE_TIME;
  double buffer[4096], first = INFINITY, last = -INFINITY;
  gsize n = patron_column_get_length (column);
  for (gsize start = 0; start < n; start += G_N_ELEMENTS (buffer))
    {
      gsize part = MIN (n - start, G_N_ELEMENTS (buffer));
      if (!patron_column_read_doubles (column, start, part, buffer, NULL))
        return;
      for (gsize i = 0; i < part; i++)
        {
          first = buffer[i] < first ? buffer[i] : first;
          last = buffer[i] > last ? buffer[i] : last;
        }
    }
  if (first > last)
    return;
  engine->report->period_first = time ? floor (first / 86400) : first;
  engine->report->period_last = time ? floor (last / 86400) : last;
}

static gboolean
check_rows_left (PatronEngine *engine, GError **error)
{
  if (patron_table_n_rows (engine->table) > 0)
    return TRUE;
  g_autoptr (GString) why = g_string_new (NULL);
  for (guint i = 0; i < engine->report->dropped->len; i++)
    {
      const PatronDropped *dropped = engine->report->dropped->pdata[i];
      g_autofree char *reason = patron_text_render (dropped->reason);
      g_string_append_printf (why, "%s%s: %zu", i > 0 ? "; " : "", reason, dropped->rows);
    }
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("No row of “%s” is left to work on (%s)."), patron_table_get_name (engine->table),
               why->len > 0 ? why->str : _("the table is empty"));
  return FALSE;
}

gboolean
patron_engine_prepare (PatronEngine *engine, PatronProject *project, PatronTable *table, GError **error)
{
  PatronStep *step = engine->recipe->run;
  if (!load_source (engine, project, table, error))
    return FALSE;
  engine->report->source = g_strdup (patron_table_get_name (engine->table));
  engine->report->rows_read = patron_table_n_rows (engine->table);
  if (!apply_filter (engine, error) || !apply_steps (engine, error))
    return FALSE;
  PatronRoles *roles = patron_roles_complete (step->op, engine->table, step->roles, &engine->outcome->guessed);
  patron_roles_free (step->roles);
  step->roles = roles;
  if (!patron_roles_check (step->op, engine->table, roles, error) || !patron_params_validate (step->op->params, step->params, error)
      || !patron_params_complete (step->op->params, step->params, error) || !patron_engine_check_columns (step, engine->table, error))
    return FALSE;
  engine->roles = patron_roles_copy (roles);
  if (!derive_amount (engine, error) || !drop_missing (engine, error) || !check_rows_left (engine, error))
    return FALSE;
  engine->report->rows_used = patron_table_n_rows (engine->table);
  note_period (engine);
  const PatronInput input = { .table = engine->table, .roles = engine->roles };
  g_autofree char *objection = step->op->check != NULL ? step->op->check (&input, step->params) : NULL;
  if (objection != NULL)
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, objection);
  return objection == NULL;
}
