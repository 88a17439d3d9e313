/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/analyses/profile.h"

G_BEGIN_DECLS

/* Keeps the most frequent values, most first; among equals the one that came first stays first. */
void     patron_frequency_offer (PatronFrequency *top, guint *n, guint most, PatronFrequency candidate);

/* Characters of UTF-8 text of so many bytes. */
gsize    patron_count_characters (const char *text, gsize bytes);
/* Numbers and dates that lie apart from all others and look typed in for "not known": -1, 999, 1900-01-01 … sorted: n_values with their keys, ascending. */
void     patron_profile_find_number_suspects (PatronProfile *profile, const guint64 *keys, const double *sorted);
/* Whether the column is constant or an identifier. */
void     patron_profile_judge (PatronProfile *profile);
/* "CustomerID", "order_no", "编号": a name that says identifier. */
gboolean patron_name_says_id (const char *name);

G_END_DECLS
