/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

G_DEFINE_QUARK (patron-error-quark, patron_error)

int
patron_error_exit_status (const GError *error)
{
  if (g_error_matches (error, PATRON_ERROR, PATRON_ERROR_USAGE))
    return 2;
  if (g_error_matches (error, PATRON_ERROR, PATRON_ERROR_CANCELLED))
    return 130;
  return 1;
}
