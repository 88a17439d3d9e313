/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "table/table.h"

G_BEGIN_DECLS

/* One pair of a list of them: what stands on the left, what on the right, and a button to take the line out. A side is a list of a table's columns,
 * or an entry where there is no table, or where it has no such column.
 *
 * Signals: "edited" (), "remove" (). */
#define PATRON_TYPE_PAIR_LINE (patron_pair_line_get_type ())
G_DECLARE_FINAL_TYPE (PatronPairLine, patron_pair_line, PATRON, PAIR_LINE, GtkWidget)

typedef struct
{
  PatronTable *columns;   /* borrowed: the side is one of its columns; NULL: any text */
  const char  *name;      /* translated: of the side, for entries and assistive technology */
} PatronPairSide;

GtkWidget  *patron_pair_line_new  (const PatronPairSide *from, const char *from_text, const PatronPairSide *to, const char *to_text);
const char *patron_pair_line_from (PatronPairLine *self);   /* borrowed, never NULL */
const char *patron_pair_line_to   (PatronPairLine *self);
void        patron_pair_line_set_note (PatronPairLine *self, const char *note);   /* about the left side, shown on hovering */

G_END_DECLS
