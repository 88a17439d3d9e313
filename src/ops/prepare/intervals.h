/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/column.h"

G_BEGIN_DECLS

/* Values and ranges as people write them: 999, -1, 18..64, 65.., ..17, <0, >=100, 2011-01-01..2011-12-31. Values of any type but texts are
 * compared as patron_column_read_doubles() gives them. */
typedef struct
{
  double   low, high;          /* infinite where open-ended */
  gboolean open_low, open_high; /* the end itself is not in it */
} PatronInterval;

/* FALSE when the text is no value or range of the type. */
gboolean patron_interval_parse (const char *text, PatronType type, PatronInterval *range);
/* What was expected for the type, for an error: "a number or a range like 18..64". Translated, static. */
const char *patron_interval_expected (PatronType type);

static inline gboolean
patron_interval_holds (const PatronInterval *range, double value)
{
  return (range->open_low ? value > range->low : value >= range->low) && (range->open_high ? value < range->high : value <= range->high);
}

G_END_DECLS
