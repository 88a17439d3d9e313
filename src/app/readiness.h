/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/recipe.h"

G_BEGIN_DECLS

/* What can be known before a run: are the data ready, how many rows will take part, what will it cost. Counts only; call it from a
 * worker. */
typedef enum
{
  PATRON_READINESS_FINE,
  PATRON_READINESS_NOTE,      /* worth knowing */
  PATRON_READINESS_PROBLEM,   /* stops the run */
} PatronReadinessLevel;

typedef struct
{
  PatronReadinessLevel level;
  char                *text;      /* translated */
} PatronReadinessLine;

typedef struct
{
  gboolean   ready;
  char      *filter_problem;      /* why the filter is refused, or NULL */
  gsize      n_rows;              /* of the table */
  gsize      n_kept;              /* by the filter */
  gsize      n_used;              /* of those, with a value for every role that needs one */
  GPtrArray *lines;               /* of PatronReadinessLine*: the most important first */
  double     bytes, seconds;      /* rough cost, NaN when the operation does not say */
} PatronReadiness;

/* NULL only when the run was cancelled; anything else that fails is a line of the result. */
PatronReadiness *patron_readiness_check (const PatronRecipe *recipe, PatronTable *table, PatronRun *run);
void             patron_readiness_free  (PatronReadiness *readiness);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronReadiness, patron_readiness_free)

/* "About 3 s and 120 MB of memory", or NULL when unknown. Owned by the caller. */
char            *patron_readiness_cost_text (const PatronReadiness *readiness);

G_END_DECLS
