/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/prepare-groups.h"

#include <glib/gi18n-lib.h>

#include "ops/registry.h"

#define MAX_OPS 10

/* Ids that are not in the registry are passed over; operations that stand nowhere go to the last group. */
static const struct
{
  const char *title, *icon;
  const char *ops[MAX_OPS];
} known[] = {
  { N_("Columns"), "patron-step-columns-symbolic", { "compute", "rename", "retype", "recode", "drop", "drop-sparse" } },
  { N_("Filter and Sort"), "patron-step-rows-symbolic", { "filter", "sort", "sample", "duplicates" } },
  { N_("Missing Values"), "patron-step-missing-symbolic", { "fill", "missing-codes" } },
  { N_("Dates and Text"), "patron-step-texts-symbolic", { "date-parts", "split-text", "join-text", "text-clean" } },
  { N_("Numbers"), "patron-step-numbers-symbolic", { "scale", "power", "bin", "winsorise", "encode", "merge-rare" } },
  { N_("Combine"), "patron-step-combine-symbolic", { "join", "append" } },
  { N_("Summarise"), "patron-step-summarise-symbolic", { "group", "pivot", "unpivot", "customer-features" } },
  { N_("Choose Columns"), "patron-step-select-symbolic", { "select-features" } },
  { N_("More"), "patron-step-other-symbolic", { NULL } },
};

static gboolean
same_id (const char *a, const char *b)
{
  for (; *a != '\0' && *b != '\0'; a++, b++)
    if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
      return FALSE;
  return *a == *b;
}

const PatronOp *
patron_prepare_find (const char *id)
{
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    if ((*op)->kind == PATRON_OP_PREPARE && same_id ((*op)->id, id))
      return *op;
  return NULL;
}

static guint
group_of (const PatronOp *op)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    for (guint j = 0; j < MAX_OPS && known[i].ops[j] != NULL; j++)
      if (same_id (known[i].ops[j], op->id))
        return i;
  return G_N_ELEMENTS (known) - 1;
}

const char *
patron_prepare_icon (const PatronOp *op)
{
  return known[group_of (op)].icon;
}

static void
group_free (gpointer data)
{
  PatronPrepareGroup *group = data;
  g_ptr_array_unref (group->ops);
  g_free (group);
}

static void
add_others (GPtrArray *ops)
{
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    if ((*op)->kind == PATRON_OP_PREPARE && group_of (*op) == G_N_ELEMENTS (known) - 1)
      g_ptr_array_add (ops, (gpointer) *op);
}

GPtrArray *
patron_prepare_groups_new (void)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func (group_free);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      PatronPrepareGroup *group = g_new0 (PatronPrepareGroup, 1);
      group->title = known[i].title;
      group->icon = known[i].icon;
      group->ops = g_ptr_array_new ();
      for (guint j = 0; j < MAX_OPS && known[i].ops[j] != NULL; j++)
        {
          const PatronOp *op = patron_prepare_find (known[i].ops[j]);
          if (op != NULL)
            g_ptr_array_add (group->ops, (gpointer) op);
        }
      if (i == G_N_ELEMENTS (known) - 1)
        add_others (group->ops);
      if (group->ops->len > 0)
        g_ptr_array_add (groups, group);
      else
        group_free (group);
    }
  return groups;
}
