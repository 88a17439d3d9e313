/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/column.h"

G_BEGIN_DECLS

/* How the numbers of a variable are dates, from the display format that its file gives it. */
typedef enum
{
  PATRON_STAT_PLAIN,           /* they are numbers */
  PATRON_STAT_DAYS_1960,       /* SAS DATE9., Stata %td */
  PATRON_STAT_SECONDS_1960,    /* SAS DATETIME20. */
  PATRON_STAT_MILLISECONDS_1960, /* Stata %tc */
  PATRON_STAT_WEEKS_1960,      /* Stata %tw: 52 in every year */
  PATRON_STAT_MONTHS_1960,
  PATRON_STAT_QUARTERS_1960,
  PATRON_STAT_HALVES_1960,
  PATRON_STAT_DATE_1582,       /* SPSS DATE11: seconds since 1582-10-14, whole days */
  PATRON_STAT_TIME_1582,       /* SPSS DATETIME20 */
  PATRON_STAT_CLOCK,           /* seconds */
} PatronStatKind;

PatronStatKind patron_stat_kind_spss  (const char *format);
PatronStatKind patron_stat_kind_stata (const char *format);
PatronStatKind patron_stat_kind_sas   (const char *format);

PatronType patron_stat_kind_type  (PatronStatKind kind);      /* PATRON_N_TYPES for PLAIN */
/* Days or microseconds. FALSE when it is out of the calendar's range. */
gboolean   patron_stat_kind_value (PatronStatKind kind, double number, gint64 *value);

G_END_DECLS
