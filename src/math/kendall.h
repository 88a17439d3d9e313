/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Kendall's τ-b of n pairs, in n log n steps (W. Knight, JASA 61, 1966). x, y: n, no NaN, borrowed. *p: two-sided, by the normal approximation with
   ties
 * (M. Kendall, "Rank Correlation Methods", 1970, 4.2). NaN for both when a side does not vary. FALSE with error when memory is short. */
gboolean patron_kendall (const double *x, const double *y, gsize n, double *tau, double *p, GError **error);

G_END_DECLS
