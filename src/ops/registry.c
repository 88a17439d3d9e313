/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/registry.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PATRON_OPERATION(folder, name) extern const PatronOp patron_op_##name;
#include "ops/registry.def"
#undef PATRON_OPERATION

static const PatronOp *const operations[] = {
#define PATRON_OPERATION(folder, name) &patron_op_##name,
#include "ops/registry.def"
#undef PATRON_OPERATION
  NULL
};

const PatronOp *const *
patron_ops (void)
{
  return operations;
}

const PatronOp *
patron_ops_find (const char *id)
{
  for (guint i = 0; operations[i] != NULL; i++)
    if (g_strcmp0 (operations[i]->id, id) == 0)
      return operations[i];
  return NULL;
}

/* Levenshtein distance, for "did you mean". Ids are short. */
static guint
distance (const char *a, const char *b)
{
  gsize n = strlen (b);
  guint row[128];
  if (n >= G_N_ELEMENTS (row))
    return G_MAXUINT;
  for (gsize j = 0; j <= n; j++)
    row[j] = j;
  for (gsize i = 1; a[i - 1] != '\0'; i++)
    {
      guint diagonal = row[0];
      row[0] = i;
      for (gsize j = 1; j <= n; j++)
        {
          guint substitution = diagonal + (a[i - 1] != b[j - 1]);
          diagonal = row[j];
          row[j] = MIN (substitution, MIN (row[j], row[j - 1]) + 1);
        }
    }
  return row[n];
}

const PatronOp *
patron_ops_require (const char *id, GError **error)
{
  const PatronOp *op = patron_ops_find (id);
  if (op != NULL)
    return op;
  const PatronOp *nearest = NULL;
  guint best = 4;
  for (guint i = 0; operations[i] != NULL; i++)
    {
      guint d = distance (id, operations[i]->id);
      if (d < best)
        {
          best = d;
          nearest = operations[i];
        }
    }
  if (nearest != NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no operation “%s”; did you mean “%s”?"), id, nearest->id);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no operation “%s”; “patron-cli ops” lists them all."), id);
  return NULL;
}
