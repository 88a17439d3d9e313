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
load_source (PatronEngine *engine, PatronTable *table, GError **error)
{
  PatronProject *project = engine->project;
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
  if (engine->base != NULL)
    {
      PatronTable *base = patron_table_keep_rows (engine->base, keep, engine->run, error);
      if (base == NULL)
        return FALSE;
      patron_table_unref (engine->base);
      engine->base = base;
    }
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
  patron_engine_report_dropped (engine->report, outcome);
  for (guint i = 0; i < outcome->report->notes->len; i++)
    patron_report_add_note (engine->report, patron_text_copy (outcome->report->notes->pdata[i]));
}

/* What the step has learnt moves to the engine; it goes into the model. */
static void
take_outcomes (PatronEngine *engine, GPtrArray *outcomes)
{
  for (guint i = 0; i < outcomes->len; i++)
    {
      PatronStepOutcome *outcome = outcomes->pdata[i];
      tell_step (engine, outcome);
      g_ptr_array_add (engine->learnt, g_steal_pointer (&outcome->learnt));
    }
}

/* The first step that is on and learns; the number of steps when there is none. */
static guint
first_learning (const GPtrArray *steps)
{
  guint i = 0;
  for (; i < steps->len; i++)
    {
      const PatronStep *step = g_ptr_array_index (steps, i);
      if (!step->off && step->op->prepare->learn != NULL)
        break;
    }
  return i;
}

/* Test rows are chosen among the rows as they are before anything is learnt, so no later step may change the rows. */
static gboolean
check_tail (const GPtrArray *steps, guint first, GError **error)
{
  for (guint i = first; i < steps->len; i++)
    {
      const PatronStep *step = g_ptr_array_index (steps, i), *learner = g_ptr_array_index (steps, first);
      if (step->off || step->op->prepare->rows == PATRON_ROWS_KEPT)
        continue;
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                   _("Step %u, “%s”, changes the rows after step %u, “%s”, which learns from training rows; move it before that step."), i + 1,
                   _(step->op->title), first + 1, _(learner->op->title));
      return FALSE;
    }
  return TRUE;
}

static gboolean
apply_range (PatronEngine *engine, guint from, guint to, GError **error)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new ();
  for (guint i = from; i < to; i++)
    g_ptr_array_add (steps, engine->recipe->prepare->pdata[i]);
  g_autoptr (GPtrArray) outcomes = NULL;
  PatronTable *table = patron_engine_prepare_table (engine->table, steps, patron_engine_find_table, engine->project, engine->run, &outcomes, error);
  if (table == NULL)
    return FALSE;
  take_outcomes (engine, outcomes);
  replace_table (engine, table);
  return TRUE;
}

static gboolean
apply_steps (PatronEngine *engine, GError **error)
{
  const GPtrArray *steps = engine->recipe->prepare;
  const PatronStep *run = engine->recipe->run;
  guint first = run->op->kind == PATRON_OP_MODEL ? first_learning (steps) : steps->len;
  engine->learnt = g_ptr_array_new_with_free_func (g_free);
  if (!check_tail (steps, first, error) || !apply_range (engine, 0, first, error))
    return FALSE;
  if (first == steps->len)
    return TRUE;
  engine->base = patron_table_ref (engine->table);
  engine->tail = g_ptr_array_new ();
  for (guint i = first; i < steps->len; i++)
    if (!((PatronStep *) steps->pdata[i])->off)
      g_ptr_array_add (engine->tail, steps->pdata[i]);
  return apply_range (engine, first, steps->len, error);
}

PatronTable *
patron_engine_apply_tail (PatronEngine *engine, const guint32 *rows, gsize n_rows, GPtrArray *learnt, GError **error)
{
  g_autoptr (PatronTable) table = patron_table_ref (engine->base);
  for (guint i = 0; i < engine->tail->len; i++)
    {
      const PatronPrepareInput input = {
        .table = table, .rows = rows, .n_rows = n_rows, .find_table = patron_engine_find_table, .data = engine->project,
      };
      g_autoptr (PatronReport) unread = patron_report_new ("");
      g_autofree char *text = NULL;
      PatronTable *next = patron_engine_apply_step (engine->tail->pdata[i], &input, &text, engine->run, unread, error);
      if (next == NULL)
        return NULL;
      patron_table_unref (table);
      table = next;
      if (learnt != NULL)
        g_ptr_array_add (learnt, g_steal_pointer (&text));
    }
  return g_steal_pointer (&table);
}

char **
patron_engine_features (PatronEngine *engine, PatronTable *table)
{
  const PatronOp *op = engine->recipe->run->op;
  GPtrArray *names = g_ptr_array_new ();
  g_autoptr (PatronRoles) roles = patron_roles_copy (engine->roles);
  if (engine->outcome->guessed & (1u << PATRON_ROLE_FEATURE))
    {
      patron_roles_clear (roles, PATRON_ROLE_FEATURE);
      PatronRoles *complete = patron_roles_complete (op, table, roles, NULL);
      patron_roles_free (roles);
      roles = complete;
    }
  for (const char *const *name = patron_roles_get (roles, PATRON_ROLE_FEATURE); *name != NULL; name++)
    if (patron_table_find (table, *name) != NULL)
      g_ptr_array_add (names, g_strdup (*name));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

/* After rows have been dropped the tail learns once more, from the rows that are left. */
static gboolean
relearn (PatronEngine *engine, gsize rows_learnt_from, GError **error)
{
  if (engine->base == NULL || patron_table_n_rows (engine->base) == rows_learnt_from)
    return TRUE;
  g_ptr_array_set_size (engine->learnt, engine->learnt->len - engine->tail->len);
  PatronTable *table = patron_engine_apply_tail (engine, NULL, 0, engine->learnt, error);
  if (table == NULL)
    return FALSE;
  replace_table (engine, table);
  return TRUE;
}

/* What is predicted must be the same in every split. */
static gboolean
check_target (PatronEngine *engine, GError **error)
{
  const char *target = patron_roles_first (engine->roles, PATRON_ROLE_TARGET);
  if (engine->base == NULL || target == NULL || patron_table_find (engine->base, target) == patron_table_find (engine->table, target))
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Target “%s” is changed by a step that learns from the data; leave it out of that step."), target);
  return FALSE;
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

static char **
column_names (PatronTable *table)
{
  guint n = patron_table_n_columns (table);
  char **names = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    names[i] = g_strdup (patron_column_get_name (patron_table_column (table, i)));
  return names;
}

gboolean
patron_engine_only_prepare (PatronEngine *engine, PatronTable *table, GError **error)
{
  if (!load_source (engine, table, error))
    return FALSE;
  PatronReport *report = engine->report;
  report->source = g_strdup (patron_table_get_name (engine->table));
  report->rows_read = patron_table_n_rows (engine->table);
  guint columns = patron_table_n_columns (engine->table);
  g_autoptr (GPtrArray) outcomes = NULL;
  PatronTable *prepared = apply_filter (engine, error)
                            ? patron_engine_prepare_table (engine->table, engine->recipe->prepare, patron_engine_find_table, engine->project, engine->run,
                                                           &outcomes, error)
                            : NULL;
  if (prepared == NULL)
    return FALSE;
  replace_table (engine, prepared);
  patron_engine_report_steps (report, outcomes, patron_table_n_rows (prepared), columns, patron_table_n_columns (prepared));
  report->rows_used = report->rows_read;
  for (guint i = 0; i < report->dropped->len; i++)
    report->rows_used -= MIN (report->rows_used, ((PatronDropped *) report->dropped->pdata[i])->rows);
  engine->outcome->result = patron_table_ref (prepared);
  return TRUE;
}

gboolean
patron_engine_prepare (PatronEngine *engine, PatronTable *table, GError **error)
{
  PatronStep *step = engine->recipe->run;
  if (!load_source (engine, table, error))
    return FALSE;
  engine->report->source = g_strdup (patron_table_get_name (engine->table));
  engine->report->rows_read = patron_table_n_rows (engine->table);
  engine->source_columns = column_names (engine->table);
  if (!apply_filter (engine, error) || !apply_steps (engine, error))
    return FALSE;
  PatronRoles *roles = patron_roles_complete (step->op, engine->table, step->roles, &engine->outcome->guessed);
  patron_roles_free (step->roles);
  step->roles = roles;
  if (!patron_roles_check (step->op, engine->table, roles, error) || !patron_params_validate (step->op->params, step->params, error)
      || !patron_params_complete (step->op->params, step->params, error) || !patron_engine_check_columns (step, engine->table, error))
    return FALSE;
  engine->roles = patron_roles_copy (roles);
  gsize learnt_from = patron_table_n_rows (engine->table);
  if (!check_target (engine, error) || !derive_amount (engine, error) || !drop_missing (engine, error) || !check_rows_left (engine, error)
      || !relearn (engine, learnt_from, error))
    return FALSE;
  engine->report->rows_used = patron_table_n_rows (engine->table);
  note_period (engine);
  const PatronInput input = { .table = engine->table, .roles = engine->roles };
  g_autofree char *objection = step->op->check != NULL ? step->op->check (&input, step->params) : NULL;
  if (objection != NULL)
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, objection);
  return objection == NULL;
}
