/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/op.h"

G_BEGIN_DECLS

/* Every operation of Patron. */
const PatronOp *const *patron_ops      (void);                  /* NULL-terminated */
const PatronOp        *patron_ops_find (const char *id);        /* NULL when unknown */
/* Like find, but an unknown id is an error that lists the nearest. */
const PatronOp        *patron_ops_require (const char *id, GError **error);

G_END_DECLS
