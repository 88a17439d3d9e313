/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Everything a user can cause is reported in this domain, as one sentence that names the file, row,
 * column or parameter, the value found and what was expected. The sentence is already translated. */
#define PATRON_ERROR (patron_error_quark ())
GQuark patron_error_quark (void);

typedef enum
{
  PATRON_ERROR_INPUT,     /* the file or the data are at fault */
  PATRON_ERROR_REQUEST,   /* a parameter, a role or a name is at fault */
  PATRON_ERROR_USAGE,     /* the command line cannot be understood */
  PATRON_ERROR_CANCELLED, /* the user stopped it */
  PATRON_ERROR_MEMORY,    /* more memory than the machine has */
  PATRON_ERROR_STORAGE,   /* disk full, read-only, vanished */
  PATRON_ERROR_DAMAGED,   /* a project or model file is not what it was when written */
} PatronErrorCode;

/* Exit status that the command line promises for an error: 1, 2 (usage) or 130 (interrupted). */
int patron_error_exit_status (const GError *error);

G_END_DECLS
