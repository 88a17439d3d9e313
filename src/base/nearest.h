/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Characters (not bytes) to insert, delete, change or swap with their neighbour to make b of a (optimal string alignment distance), for
 * "did you mean". G_MAXUINT when either is longer than 255 characters. */
guint patron_edit_distance (const char *a, const char *b);

/* The candidate a mistyped name most likely meant: the nearest one, no further than a third of the length of name (at least
 * one change, at most three); NULL when none is that near. candidates ends with NULL; the result is borrowed from it. */
const char *patron_nearest (const char *name, const char *const *candidates);

G_END_DECLS
