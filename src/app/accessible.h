/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* In GTK 4.8 a button with a mnemonic is named twice ("_Import Import"): by its label as written and by the label inside it. Leaves the one inside,
 * in every button below root. */
void patron_accessible_tidy (GtkWidget *root);

/* Names the part of a split button that opens its menu, which is otherwise called by its type. */
void patron_accessible_name_drop_down (AdwSplitButton *button, const char *name);

G_END_DECLS
