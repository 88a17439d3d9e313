/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-fields.h"

/* placeholder until the contract is known */
struct _PatronAggregatesField
{
  PatronParamField parent;
};

G_DEFINE_FINAL_TYPE (PatronAggregatesField, patron_aggregates_field, PATRON_TYPE_PARAM_FIELD)

static void
patron_aggregates_field_class_init (PatronAggregatesFieldClass *class)
{
}

static void
patron_aggregates_field_init (PatronAggregatesField *self)
{
}
