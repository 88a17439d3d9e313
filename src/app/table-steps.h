/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/engine.h"

G_BEGIN_DECLS

/* The prepare steps of a table as the window keeps them: each with what it did to the rows and columns when it was last applied. As text they are a recipe
 * of [prepare N] groups; the counts stand in comments, which mean nothing to anyone else. */
typedef struct
{
  PatronStep *step;                             /* owned */
  gboolean    counted;                          /* the four below are known */
  gsize       rows_before, rows_after;
  guint       columns_before, columns_after;
} PatronTableStep;

PatronTableStep *patron_table_step_new  (PatronStep *step);   /* taken; not counted */
PatronTableStep *patron_table_step_copy (const PatronTableStep *step);
void             patron_table_step_free (PatronTableStep *step);

/* Of PatronTableStep*, with free function. */
GPtrArray *patron_table_steps_new       (void);
GPtrArray *patron_table_steps_copy      (const GPtrArray *steps);
GPtrArray *patron_table_steps_from_text (const char *text, GError **error);   /* "" and NULL: none */
char      *patron_table_steps_to_text   (const GPtrArray *steps);
/* The steps alone, borrowed: for the engine. */
GPtrArray *patron_table_steps_plain     (const GPtrArray *steps, guint from, guint to);
/* Takes the counts of what was applied (of PatronStepOutcome*) from the step at first on; those switched off have none. */
void       patron_table_steps_count     (GPtrArray *steps, guint first, const GPtrArray *outcomes);
gboolean   patron_table_step_equal      (const PatronTableStep *a, const PatronTableStep *b);

G_END_DECLS
