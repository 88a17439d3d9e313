/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/analyses/plot.h"

G_BEGIN_DECLS

/* A few charts to begin with, by the types of the columns: how much over time, how often each category, how a number is spread, two numbers against each
 * other. GArray of PatronPlotSpec; at least one for a table with columns. */
GArray *patron_explore_start (PatronTable *table);

G_END_DECLS
