/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  PATRON_ITEM_TABLE,
  PATRON_ITEM_RUN,
  PATRON_ITEM_MODEL,
} PatronItemKind;

/* A table, a run or a model of the project, in a list of the interface. Properties: name, and detail (what stands small beside the name: "1,067,371"
 * rows, a date). */
#define PATRON_TYPE_ITEM (patron_item_get_type ())
G_DECLARE_FINAL_TYPE (PatronItem, patron_item, PATRON, ITEM, GObject)

PatronItem    *patron_item_new           (PatronItemKind kind, gint64 id);
PatronItemKind patron_item_get_kind      (PatronItem *item);
gint64         patron_item_get_id        (PatronItem *item);
const char    *patron_item_get_name      (PatronItem *item);
const char    *patron_item_get_detail    (PatronItem *item);
gint64         patron_item_get_n_rows    (PatronItem *item);   /* tables */
gint64         patron_item_get_version   (PatronItem *item);   /* tables: of its contents; 0 as it was imported */
const char    *patron_item_get_op        (PatronItem *item);   /* runs, models: id of the operation; else NULL */
const char    *patron_item_get_source    (PatronItem *item);   /* runs: name of the table they read; tables: provenance; may be NULL */
gint64         patron_item_get_result    (PatronItem *item);   /* runs: id of the result table, or 0 */
gint64         patron_item_get_model     (PatronItem *item);   /* runs: id of the model, or 0 */

/* For whoever fills the lists. */
typedef struct
{
  const char *name, *op, *source;
  gint64      created, n_rows, n_columns, version, bytes, result, model;
} PatronItemValues;
void           patron_item_set_values    (PatronItem *item, const PatronItemValues *values);

G_END_DECLS
