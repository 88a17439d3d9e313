/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One number for how well predictions fit, larger is better: the AUC of the second of two classes, the accuracy for more, R² for numbers (n_classes 0).
 * p: n × n_classes probabilities or n numbers, column after column. NaN when it is undefined or memory is short. */
double      patron_prediction_score       (guint n_classes, gsize n, const double *y, const double *p);
/* "AUC", "accuracy", "R²": a msgid. */
const char *patron_prediction_score_label (guint n_classes);

G_END_DECLS
