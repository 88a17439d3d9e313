/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* What follows the last dot of the name; "" without one. Borrowed from path. */
const char *patron_file_ending  (const char *path);
/* Writes beside and renames over, so that path holds the old bytes or the new ones, never half. PATRON_ERROR_STORAGE. */
gboolean    patron_file_replace (const char *path, const void *data, gsize length, GError **error);
/* Of a surface made for a stream, and of PNGs: adds what is written to the closure, a GByteArray. */
cairo_status_t patron_file_append (void *closure, const unsigned char *data, unsigned int length);

G_END_DECLS
