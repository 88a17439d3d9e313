/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/take-rows.h"

G_BEGIN_DECLS

/* Which rows of two tables belong together because their keys are equal. Nothing is materialised until asked for, so that growth can be told before. A row with
 * a missing key has no partner. */
typedef struct _PatronJoin PatronJoin;

typedef enum
{
  PATRON_JOIN_LEFT,      /* every left row, with its partners */
  PATRON_JOIN_INNER,     /* rows with partners */
  PATRON_JOIN_RIGHT,     /* rows with partners, then the right rows without */
  PATRON_JOIN_FULL,      /* every left row, then the right rows without partners */
  PATRON_JOIN_SEMI,      /* left rows that have a partner, once each */
  PATRON_JOIN_ANTI,      /* left rows that have none */
} PatronJoinKind;

typedef struct
{
  gsize left_rows, right_rows;
  gsize left_matched, right_matched;     /* rows that have a partner */
  gsize left_missing, right_missing;     /* rows whose key is missing; they have none */
  gsize left_keys, right_keys, common_keys;   /* different keys */
  gsize pairs;                           /* rows of an inner join */
  gsize most_left, most_right;           /* rows with the same key, at most, among keys on both sides */
} PatronJoinCounts;

/* Keys as they can be compared: whole numbers with numbers, dates with times (a date is its midnight), categories with texts. *left_key and *right_key are new
 * references to columns of one type. FALSE with a sentence for types that never are equal. */
gboolean patron_join_key_pair (PatronColumn *left, PatronColumn *right, PatronColumn **left_key, PatronColumn **right_key, GError **error);

/* left_keys[k] and right_keys[k] are from patron_join_key_pair(). */
PatronJoin *patron_join_new  (PatronColumn *const *left_keys, gsize n_left, PatronColumn *const *right_keys, gsize n_right, guint n_keys, PatronRun *run,
                              GError **error);
void        patron_join_free (PatronJoin *join);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronJoin, patron_join_free)

const PatronJoinCounts *patron_join_counts (const PatronJoin *join);
gsize                   patron_join_n_rows (const PatronJoin *join, PatronJoinKind kind);      /* what the join will have */
/* Up to max rows of one side that have no partner (and no missing key), each with another key; the first ones. Returns how many. */
guint                   patron_join_examples (const PatronJoin *join, gboolean right, guint max, guint32 *rows);

/* The rows of the result, in the order of the left rows and then of the right ones: PATRON_NO_ROW where a side has none. *right is all PATRON_NO_ROW
 * for SEMI and ANTI. patron_free() both. More than 2³¹ - 1 rows are refused. */
gboolean patron_join_rows (const PatronJoin *join, PatronJoinKind kind, guint32 **left, guint32 **right, gsize *n, PatronRun *run, GError **error);

/* For each left row, of its partners the one with the latest value of right_order that is not after left_order; of ties the last one; PATRON_NO_ROW when there
 * is none. Both are from patron_join_key_pair(). patron_free() it. */
guint32 *patron_join_nearest (const PatronJoin *join, PatronColumn *left_order, PatronColumn *right_order, PatronRun *run, GError **error);

G_END_DECLS
