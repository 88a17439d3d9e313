/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/table-steps.h"

#include <stdio.h>

PatronTableStep *
patron_table_step_new (PatronStep *step)
{
  PatronTableStep *self = g_new0 (PatronTableStep, 1);
  self->step = step;
  return self;
}

PatronTableStep *
patron_table_step_copy (const PatronTableStep *step)
{
  PatronTableStep *copy = g_memdup2 (step, sizeof *step);
  copy->step = patron_step_copy (step->step);
  return copy;
}

void
patron_table_step_free (PatronTableStep *step)
{
  if (step == NULL)
    return;
  patron_step_free (step->step);
  g_free (step);
}

GPtrArray *
patron_table_steps_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) patron_table_step_free);
}

GPtrArray *
patron_table_steps_copy (const GPtrArray *steps)
{
  GPtrArray *copy = patron_table_steps_new ();
  for (guint i = 0; i < steps->len; i++)
    g_ptr_array_add (copy, patron_table_step_copy (steps->pdata[i]));
  return copy;
}

GPtrArray *
patron_table_steps_plain (const GPtrArray *steps, guint from, guint to)
{
  GPtrArray *plain = g_ptr_array_new ();
  for (guint i = from; i < to; i++)
    g_ptr_array_add (plain, ((PatronTableStep *) steps->pdata[i])->step);
  return plain;
}

gboolean
patron_table_step_equal (const PatronTableStep *a, const PatronTableStep *b)
{
  return a->step->op == b->step->op && a->step->off == b->step->off && patron_params_equal (a->step->op->params, a->step->params, b->step->params);
}

void
patron_table_steps_count (GPtrArray *steps, guint first, const GPtrArray *outcomes)
{
  guint at = 0;
  for (guint i = first; i < steps->len; i++)
    {
      PatronTableStep *step = steps->pdata[i];
      const PatronStepOutcome *outcome = !step->step->off && outcomes != NULL && at < outcomes->len ? outcomes->pdata[at++] : NULL;
      step->counted = outcome != NULL;
      if (outcome == NULL)
        continue;
      step->rows_before = outcome->rows_before;
      step->rows_after = outcome->rows_after;
      step->columns_before = outcome->columns_before;
      step->columns_after = outcome->columns_after;
    }
}

/* ---- text -------------------------------------------------------------------------------------------------- */

#define COUNTS " rows %zu -> %zu, columns %u -> %u"

static void
write_counts (GKeyFile *file, const char *group, const PatronTableStep *step)
{
  if (!step->counted)
    return;
  g_autofree char *comment = g_strdup_printf (COUNTS, step->rows_before, step->rows_after, step->columns_before, step->columns_after);
  g_key_file_set_comment (file, group, NULL, comment, NULL);
}

char *
patron_table_steps_to_text (const GPtrArray *steps)
{
  g_autoptr (PatronRecipe) recipe = patron_recipe_new ();
  for (guint i = 0; i < steps->len; i++)
    g_ptr_array_add (recipe->prepare, patron_step_copy (((PatronTableStep *) steps->pdata[i])->step));
  g_autofree char *plain = patron_recipe_to_text (recipe);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  if (!g_key_file_load_from_data (file, plain, (gsize) -1, G_KEY_FILE_KEEP_COMMENTS, NULL))
    return g_steal_pointer (&plain);
  for (guint i = 0; i < steps->len; i++)
    {
      g_autofree char *group = g_strdup_printf ("prepare %u", i + 1);
      write_counts (file, group, steps->pdata[i]);
    }
  return g_key_file_to_data (file, NULL, NULL);
}

static void
read_counts (GKeyFile *file, const char *group, PatronTableStep *step)
{
  g_autofree char *comment = g_key_file_get_comment (file, group, NULL, NULL);
  step->counted = comment != NULL
                  && sscanf (comment, COUNTS, &step->rows_before, &step->rows_after, &step->columns_before, &step->columns_after) == 4;
}

GPtrArray *
patron_table_steps_from_text (const char *text, GError **error)
{
  g_autoptr (GPtrArray) steps = patron_table_steps_new ();
  if (text == NULL || *text == '\0')
    return g_steal_pointer (&steps);
  g_autoptr (PatronRecipe) recipe = patron_recipe_from_text (text, -1, error);
  if (recipe == NULL)
    return NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  gboolean comments = g_key_file_load_from_data (file, text, (gsize) -1, G_KEY_FILE_KEEP_COMMENTS, NULL);
  for (guint i = 0; i < recipe->prepare->len; i++)
    {
      g_autofree char *group = g_strdup_printf ("prepare %u", i + 1);
      PatronTableStep *step = patron_table_step_new (patron_step_copy (recipe->prepare->pdata[i]));
      if (comments)
        read_counts (file, group, step);
      g_ptr_array_add (steps, step);
    }
  return g_steal_pointer (&steps);
}
