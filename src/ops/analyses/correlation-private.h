/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/analyses/correlation.h"

PatronCorrelation *patron_correlation_alloc (guint p, GError **error);
