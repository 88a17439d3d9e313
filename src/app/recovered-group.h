/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Projects without a name that were open when Patron or the computer stopped: to go on with, or to delete. Not visible while there are none.
 *
 * Signal "open" (const char *path). */
#define PATRON_TYPE_RECOVERED_GROUP (patron_recovered_group_get_type ())
G_DECLARE_FINAL_TYPE (PatronRecoveredGroup, patron_recovered_group, PATRON, RECOVERED_GROUP, AdwPreferencesGroup)

GtkWidget *patron_recovered_group_new    (void);
/* Looks for them again, on a worker. */
void       patron_recovered_group_update (PatronRecoveredGroup *self);

G_END_DECLS
