/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cells.h"

G_BEGIN_DECLS

/* The cells around what a grid shows. Columns in memory are read on the spot; columns that lie in the project file are read by a job, and the grid
 * is told when they are there. Main thread only. */
typedef struct _PatronGridCache PatronGridCache;

PatronGridCache *patron_grid_cache_new       (PatronTable *table, GSourceFunc ready, gpointer data);   /* ready's result is not looked at */
void             patron_grid_cache_free      (PatronGridCache *cache);
/* The rows to show: indices into the table (taken, patron_free), or NULL for all of them as they are. */
void             patron_grid_cache_set_order (PatronGridCache *cache, guint32 *order, gsize n);
const guint32   *patron_grid_cache_get_order (PatronGridCache *cache);
gsize            patron_grid_cache_n_rows    (PatronGridCache *cache);

typedef enum { PATRON_CELL_VALUE, PATRON_CELL_MISSING, PATRON_CELL_AWAITED } PatronCellState;

/* Text of a cell of the view. AWAITED: not there yet; it is noted as wanted. */
PatronCellState  patron_grid_cache_text      (PatronGridCache *cache, gsize row, guint column, char *buffer, gsize size);
/* After a frame: sends for what was noted. What an earlier frame noted and this one did not, is not read at all. */
void             patron_grid_cache_fetch     (PatronGridCache *cache);

G_END_DECLS
