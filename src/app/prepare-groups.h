/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/op.h"

G_BEGIN_DECLS

/* Prepare operations by what they are for, in the order of a list to choose from. */
typedef struct
{
  const char *title;   /* msgid */
  const char *icon;
  GPtrArray  *ops;     /* owned, of const PatronOp*; at least one */
} PatronPrepareGroup;

/* Of PatronPrepareGroup*, with free function: every prepare operation of the registry, once. */
GPtrArray  *patron_prepare_groups_new (void);
/* The prepare operation of that id, dashes and underscores alike; NULL when there is none. */
const PatronOp *patron_prepare_find   (const char *id);
/* The icon of the group that the operation belongs to. */
const char *patron_prepare_icon       (const PatronOp *op);

G_END_DECLS
