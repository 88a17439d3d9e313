/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/column.h"

G_BEGIN_DECLS

/* Values as text for files, digit by digit: the same bytes as patron_column_format(), for millions of values. */

/* Room that any one of these needs. */
#define PATRON_VALUE_ROOM 48

/* Each writes value, which is not missing, to at, without NUL, and returns the byte after it. */
char *patron_write_number   (double value, char *at);
char *patron_write_integer  (gint64 value, char *at);
char *patron_write_boolean  (guint8 value, char *at);
char *patron_write_date     (gint32 days, char *at);
char *patron_write_time     (gint64 microseconds, char *at);
char *patron_write_duration (gint64 microseconds, char *at);

G_END_DECLS
