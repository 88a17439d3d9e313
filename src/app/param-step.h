/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/param.h"

G_BEGIN_DECLS

/* Where the arrow keys and buttons go from the present value (direction 1 or -1): by the declared step, on logarithmic parameters along
 * 1, 2, 5, 10 …; never out of the hard range. As text that patron_param_parse() reads; owned by the caller. */
char *patron_param_step        (const PatronParam *param, gconstpointer values, int direction);
/* The value to start from when "automatic" is switched off. Owned by the caller. */
char *patron_param_first_value (const PatronParam *param);

G_END_DECLS
