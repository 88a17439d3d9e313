/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/text.h"

G_BEGIN_DECLS

/* value with a fixed number of decimals in the locale's form: its decimal sign, digits grouped in threes (by a comma where the
 * locale has no separator). Values that round to zero have no sign. Owned by the caller. */
char *patron_format_fixed (double value, int decimals, gboolean grouped);

G_END_DECLS
