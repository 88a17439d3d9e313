/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "base/op.h"

G_BEGIN_DECLS

/* What a method does, what it needs, what its settings mean, and where it comes from: all from its declaration. op NULL: every method
 * there is, to choose from. */
void patron_help_window_present (GtkWindow *parent, const PatronOp *op);

G_END_DECLS
