/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/expression-private.h"

G_BEGIN_DECLS

/* The functions of formulas. Each takes a checked number of arguments and makes a typed node of them, or NULL with a fault that points at
 * the argument at fault. Arguments are stolen from the array with patron_argument_take(). */
typedef PatronNode *(*PatronMake) (guint position, GPtrArray *arguments, int variant, PatronFault *fault);

enum { PATRON_MANY_ARGUMENTS = 64 };

typedef struct
{
  const char *name;
  guint       min, max;       /* arguments */
  PatronMake  make;
  int         variant;
  PatronFunctionCategory category;
  const char *signature;      /* NULL: not listed, another name for one that is */
  const char *help;           /* msgid */
} PatronFunctionEntry;

/* Each ends with name NULL. */
extern const PatronFunctionEntry patron_functions_numbers[];     /* and conditions, conversions */
extern const PatronFunctionEntry patron_functions_text[];
extern const PatronFunctionEntry patron_functions_dates[];
extern const PatronFunctionEntry patron_functions_groups[];

static inline PatronNode *
patron_argument (GPtrArray *arguments, guint i)
{
  return g_ptr_array_index (arguments, i);
}

static inline PatronNode *
patron_argument_take (GPtrArray *arguments, guint i)
{
  PatronNode *node = g_ptr_array_index (arguments, i);
  g_ptr_array_index (arguments, i) = NULL;
  return node;
}

gboolean patron_expect_literal_text    (const PatronNode *node, PatronFault *fault);
gboolean patron_expect_literal_integer (const PatronNode *node, gint64 min, gint64 max, PatronFault *fault);
/* Brings the arguments from first on to one type; TEXT wins over CATEGORY. */
gboolean patron_unify_all              (GPtrArray *arguments, guint first, PatronFault *fault);
PatronType patron_wider_text           (GPtrArray *arguments, guint first);
/* A literal whole number. */
PatronNode *patron_node_integer        (gint64 value, guint position);

/* min and max of one argument are of a group (expression-functions-groups.c). */
PatronNode *patron_make_window (guint position, GPtrArray *arguments, int variant, PatronFault *fault);

G_END_DECLS
