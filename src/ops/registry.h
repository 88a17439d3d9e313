/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/op.h"

G_BEGIN_DECLS

/* Every operation of Patron. */
const PatronOp *const *patron_ops      (void);                  /* NULL-terminated */
const PatronOp        *patron_ops_find (const char *id);        /* NULL when unknown */
/* What a name says in the user's language where it is an operation's own title, as runs and models have that nobody named; else the
 * name itself. */
const char            *patron_ops_translate_name (const char *name);
/* The title in the user's language of an operation, or of a rival that is one of its choices; the id itself when it is neither. */
const char            *patron_ops_title (const char *id);
/* Like find, but an unknown id is an error that lists the nearest. */
const PatronOp        *patron_ops_require (const char *id, GError **error);

G_END_DECLS
