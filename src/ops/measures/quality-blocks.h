/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/measures/quality.h"
#include "report/report.h"

G_BEGIN_DECLS

/* The tables and charts of the quality pages, from the pooled out-of-sample rows. Used by quality.c alone. */
gboolean patron_quality_class_blocks  (PatronReport *report, const PatronQualityInput *input, guint positive, GError **error);
gboolean patron_quality_number_blocks (PatronReport *report, const PatronQualityInput *input, GError **error);

G_END_DECLS
