/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The user's settings, borrowed; NULL where their schema is not installed (running from a build folder): then nothing is remembered. */
GSettings *patron_settings (void);

/* Size, maximized state and sidebar of a new window, and remembering them when it closes. */
void       patron_settings_restore_window (GtkWindow *window, AdwFlap *flap);
void       patron_settings_save_window    (GtkWindow *window, AdwFlap *flap);

G_END_DECLS
