/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* p values of n tests made at once, replaced by adjusted ones. NaN is no test: it stays, and does not count. */

/* Keeps the chance of any false alarm: S. Holm, Scand. J. Statist. 6, 1979. */
void patron_adjust_holm (double *p, gsize n);
/* Keeps the share of false alarms: Benjamini and Hochberg, J. R. Statist. Soc. B 57(1), 1995. */
void patron_adjust_bh   (double *p, gsize n);

G_END_DECLS
