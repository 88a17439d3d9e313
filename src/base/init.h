/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Once per process, before anything else: text domain, BLAS threads, signals that must not kill (SIGPIPE, SIGXFSZ). */
void patron_init (void);

G_END_DECLS
