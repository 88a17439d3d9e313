/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/expression-private.h"

#include <math.h>

G_BEGIN_DECLS

/* What evaluating a formula works on: registers of PATRON_BLOCK_ROWS values of up to eight bytes. */

enum { PATRON_BLOCK_ROWS = 4096 };

typedef union
{
  double number[PATRON_BLOCK_ROWS];
  gint64 integer[PATRON_BLOCK_ROWS];
  guint8 boolean[PATRON_BLOCK_ROWS];
  gint32 code[PATRON_BLOCK_ROWS];
} PatronRegister;

/* Combines the children's values, which are in r, r + 1 …, into the node's, in r. n ≤ PATRON_BLOCK_ROWS rows. */
void patron_node_combine (const PatronNode *node, PatronRegister *r, gsize n);
/* Codes through a table; missing stays missing. */
void patron_codes_map    (const gint32 *map, gint32 *codes, gsize n);

gboolean patron_register_is_missing  (PatronType type, const PatronRegister *r, gsize i);
void     patron_register_set_missing (PatronType type, PatronRegister *r, gsize i);
void     patron_register_copy        (PatronType type, PatronRegister *to, const PatronRegister *from, gsize i);

G_END_DECLS
