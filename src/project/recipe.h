/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/roles.h"

G_BEGIN_DECLS

/* The text that says which operations ran, on which columns, with which values and seed. Key-file syntax:
 *
 *   [recipe]
 *   version=1
 *   seed=42
 *
 *   [source]
 *   file=orders.csv          or   table=orders
 *   delimiter=;              reader parameters that override detection
 *
 *   [filter]
 *   expression=amount > 0
 *   name=Paying customers    optional
 *
 *   [prepare 1]              steps, in order; off=true: kept, not applied
 *   op=…
 *
 *   [run]
 *   op=rfm
 *   customer=CustomerID
 *   features=a;b;c;
 *   n-groups=5
 *
 *   [measure]
 *   op=holdout
 *   test-share=0.2
 *
 * Only what differs from the defaults need be written; what is written out is complete, so that it still means the same
 * when defaults change. */

/* One operation with its roles and its parameter values. */
typedef struct
{
  const PatronOp *op;
  gpointer        params;    /* op->params_size bytes */
  PatronRoles    *roles;
  gboolean        off;       /* a prepare step that is kept but not applied */
} PatronStep;

typedef struct
{
  char       *file;          /* or */
  char       *table;         /* the name of a table of the project */
  gint64      version;       /* the version of it that the run saw, written by the engine and never obeyed; -1: not known */
  char      **read_options;  /* NULL-terminated, alternating key and value */
  char       *filter;        /* expression or NULL */
  char       *filter_name;   /* what the user calls it, or NULL */
  GPtrArray  *prepare;       /* of PatronStep* */
  PatronStep *run;           /* NULL: only prepares; the result is the table */
  PatronStep *measure;       /* NULL: the operation's usual one */
  guint64     seed;
} PatronRecipe;

PatronStep   *patron_step_new    (const PatronOp *op);
PatronStep   *patron_step_copy   (const PatronStep *step);
void          patron_step_free   (PatronStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronStep, patron_step_free)

PatronRecipe *patron_recipe_new  (void);                                   /* seed 42, nothing else */
PatronRecipe *patron_recipe_copy (const PatronRecipe *recipe);
void          patron_recipe_free (PatronRecipe *recipe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronRecipe, patron_recipe_free)

char         *patron_recipe_to_text   (const PatronRecipe *recipe);
/* Unknown groups, operations, keys and values are refused by line or group and key; nothing is skipped. */
PatronRecipe *patron_recipe_from_text (const char *text, gssize length, GError **error);
gboolean      patron_recipe_equal     (const PatronRecipe *a, const PatronRecipe *b);

G_END_DECLS
