/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/op.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const kind_ids[] = { "reader", "prepare", "model", "analysis", "measure", "writer" };

const char *
patron_op_kind_id (PatronOpKind kind)
{
  return kind_ids[kind];
}

static const struct
{
  const char *id, *other, *label, *help;
} roles[PATRON_N_ROLES] = {
  [PATRON_ROLE_TARGET] = { "target", NULL, N_("Target"), N_("The column to predict or explain.") },
  [PATRON_ROLE_FEATURE] = { "features", "feature", N_("Features"), N_("The columns that predict, explain or describe.") },
  [PATRON_ROLE_ID] = { "id", NULL, N_("Identifier"), N_("Names each row; never used to predict.") },
  [PATRON_ROLE_CUSTOMER] = { "customer", NULL, N_("Customer"), N_("Who bought: a customer number or name.") },
  [PATRON_ROLE_ITEM] = { "item", NULL, N_("Item"), N_("What was bought: a product number or name.") },
  [PATRON_ROLE_QUANTITY] = { "quantity", NULL, N_("Quantity"), N_("How many were bought in this line.") },
  [PATRON_ROLE_PRICE] = { "price", NULL, N_("Price"), N_("The price of one.") },
  [PATRON_ROLE_AMOUNT] = { "amount", NULL, N_("Amount"), N_("The money of this line; quantity × price when those are given instead.") },
  [PATRON_ROLE_BASKET] = { "basket", NULL, N_("Basket"), N_("What was bought together: an order, invoice or receipt number.") },
  [PATRON_ROLE_DATE] = { "date", NULL, N_("Date"), N_("When it happened.") },
  [PATRON_ROLE_TEXT] = { "text", NULL, N_("Text"), N_("Free text: a review, a ticket, a comment.") },
  [PATRON_ROLE_IMAGE] = { "image", NULL, N_("Image"), N_("The file name of a picture.") },
  [PATRON_ROLE_WEIGHT] = { "weight", NULL, N_("Weight"), N_("How much each row counts.") },
  [PATRON_ROLE_TREATMENT] = { "treatment", NULL, N_("Treatment"), N_("Who was contacted, and who was the control group.") },
  [PATRON_ROLE_GROUP] = { "group", "by", N_("Group"), N_("Results are given for each of its values.") },
  [PATRON_ROLE_IGNORE] = { "ignore", NULL, N_("Ignore"), N_("Left out of the analysis.") },
};

const char *
patron_role_id (PatronRole role)
{
  return roles[role].id;
}

const char *
patron_role_label (PatronRole role)
{
  return roles[role].label;
}

const char *
patron_role_help (PatronRole role)
{
  return roles[role].help;
}

gboolean
patron_role_from_id (const char *id, PatronRole *role)
{
  for (int i = 0; i < PATRON_N_ROLES; i++)
    if (g_strcmp0 (id, roles[i].id) == 0 || (roles[i].other != NULL && g_strcmp0 (id, roles[i].other) == 0))
      {
        *role = i;
        return TRUE;
      }
  return FALSE;
}

const PatronRoleSpec *
patron_op_role_spec (const PatronOp *op, PatronRole role)
{
  for (const PatronRoleSpec *spec = op->roles; spec != NULL && spec->role != PATRON_N_ROLES; spec++)
    if (spec->role == role)
      return spec;
  return NULL;
}

gpointer
patron_op_new_params (const PatronOp *op)
{
  gpointer values = g_malloc0 (MAX (op->params_size, 1));
  patron_params_init (op->params, values);
  return values;
}
