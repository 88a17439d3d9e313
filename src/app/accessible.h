/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* In GTK 4.8 a button with a mnemonic is named twice ("_Import Import"): by its label as written and by the label inside it. Leaves the one inside,
 * in every button below root. */
void patron_accessible_tidy (GtkWidget *root);

G_END_DECLS
