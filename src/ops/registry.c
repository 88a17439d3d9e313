/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/registry.h"

#include "base/nearest.h"

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

const char *
patron_ops_translate_name (const char *name)
{
  for (guint i = 0; name != NULL && operations[i] != NULL; i++)
    {
      gsize length = strlen (operations[i]->title);
      if (strncmp (operations[i]->title, name, length) != 0)
        continue;
      if (name[length] == '\0')
        return _(name);
      if (name[length] == ' ' && name[length + 1 + strspn (name + length + 1, "0123456789")] == '\0')
        {
          g_autofree char *numbered = g_strconcat (_(operations[i]->title), name + length, NULL);
          return g_intern_string (numbered);
        }
    }
  return name;
}

const char *
patron_ops_title (const char *id)
{
  const PatronOp *op = patron_ops_find (id);
  if (op != NULL)
    return _(op->title);
  for (guint i = 0; operations[i] != NULL; i++)
    for (const PatronParam *param = operations[i]->params; param != NULL && param->field != NULL; param++)
      for (const PatronChoice *choice = param->choices; choice != NULL && choice->id != NULL; choice++)
        if (g_strcmp0 (choice->id, id) == 0)
          return _(choice->label);
  return id;
}

const PatronOp *
patron_ops_require (const char *id, GError **error)
{
  const PatronOp *op = patron_ops_find (id);
  if (op != NULL)
    return op;
  const char *ids[G_N_ELEMENTS (operations)] = { NULL };
  for (guint i = 0; operations[i] != NULL; i++)
    ids[i] = operations[i]->id;
  const char *nearest = patron_nearest (id, ids);
  if (nearest != NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no operation “%s”; did you mean “%s”?"), id, nearest);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no operation “%s”; “patron-cli ops” lists them all."), id);
  return NULL;
}
