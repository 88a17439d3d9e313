/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Passwords of databases, in the keyring of the desktop (Secret Service) and nowhere else. Where there is no keyring, they are kept in the memory of this
 * process. Addresses are those of patron_place_public(). Any thread; calls may wait for the user to unlock the keyring. */

/* Lets the database reader look up passwords here. */
void     patron_keyring_init   (void);
/* For this session; NULL: no longer. */
void     patron_keyring_hold   (const char *address, const char *password);
/* For good; FALSE with error when there is no keyring or the user refused. */
gboolean patron_keyring_store  (const char *address, const char *password, GError **error);
/* NULL: none. Owned by the caller, to be freed with patron_keyring_free(). */
char    *patron_keyring_lookup (const char *address);
void     patron_keyring_free   (char *password);    /* wipes it first */

G_END_DECLS
