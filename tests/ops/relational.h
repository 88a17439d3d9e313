/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/prepare.h"

/* Seven order lines, one without a customer and one without an amount. Days are counted from 2024-01-01. */
static inline PatronTable *
relational_orders (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("customer", PATRON_TYPE_INTEGER, "1 2 1 3 1 2 -"));
  g_ptr_array_add (columns, prepare_column ("date", PATRON_TYPE_DATE, "19727 19728 19763 19764 19783 19787 19791"));
  g_ptr_array_add (columns, prepare_column ("region", PATRON_TYPE_CATEGORY, "North South North East West South South"));
  g_ptr_array_add (columns, prepare_column ("product", PATRON_TYPE_TEXT, "A B B A C A A"));
  g_ptr_array_add (columns, prepare_column ("amount", PATRON_TYPE_NUMBER, "10.5 20 5 7.25 - 12 3"));
  g_ptr_array_add (columns, prepare_column ("qty", PATRON_TYPE_INTEGER, "1 2 1 3 1 1 1"));
  return patron_table_new_take ("orders", columns);
}

static inline PatronTable *
relational_customers (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("customer_id", PATRON_TYPE_NUMBER, "1 2 4"));
  g_ptr_array_add (columns, prepare_column ("age", PATRON_TYPE_INTEGER, "30 40 50"));
  g_ptr_array_add (columns, prepare_column ("region", PATRON_TYPE_TEXT, "north south west"));
  return patron_table_new_take ("customers", columns);
}

/* Finds data, a table, by its name. */
static inline PatronTable *
relational_find (gpointer data, const char *name, PatronRun *run, GError **error)
{
  if (g_str_equal (name, patron_table_get_name (data)))
    return patron_table_ref (data);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, "no table %s", name);
  return NULL;
}

/* A step beside another table. */
static inline PatronTable *
relational_run (PatronTable *table, PatronTable *other, const char *op, const char *settings, PatronStepOutcome **outcome, GError **error)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_step_free);
  g_autoptr (GPtrArray) outcomes = NULL;
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_ptr_array_add (steps, prepare_step (op, settings));
  PatronTable *result = patron_engine_prepare_table (table, steps, relational_find, other, run, &outcomes, error);
  if (outcome != NULL)
    *outcome = outcomes != NULL && outcomes->len > 0 ? g_ptr_array_steal_index (outcomes, 0) : NULL;
  return result;
}
