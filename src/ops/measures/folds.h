/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Deals n rows into n_folds folds of nearly equal size at random: fold[i] in 0 … n_folds-1. With strata (class index of each row, or NULL)
 * each class is dealt evenly by itself. The same seed gives the same folds. Returns FALSE with error when memory is short. */
gboolean patron_deal_folds  (gsize n, const double *strata, guint n_folds, guint64 seed, guint32 *fold, GError **error);

/* Marks ceil (share · n) rows at random as test rows, at least 1 and at most n - 1; with strata each class gives its share
 * (largest remainders first). test: n, written. n ≥ 2. */
gboolean patron_draw_share  (gsize n, const double *strata, double share, guint64 seed, guint8 *test, GError **error);

G_END_DECLS
