/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether names have an order of their own, which no chart or table should break: ranges and numbers ("18–24", "< $500", "Q3", "第2季度"), days of the
 * week, months, and low – medium – high, in English or Chinese. All must follow one scheme and differ within it. rank: n, ascending; filled only when
 * TRUE. */
gboolean patron_names_rank (const char *const *names, guint n, double *rank);

G_END_DECLS
