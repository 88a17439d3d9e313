/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the beginning of a picture's file says about it, without decoding it. */
typedef struct
{
  guint32 width, height;    /* as it is shown, turned by its orientation; 0: not known */
  gint64  taken;            /* microseconds since 1970-01-01 on the camera's clock; G_MININT64: not known */
} PatronPictureInfo;

/* PNG, JPEG, GIF, BMP, WebP and TIFF. FALSE when it is none of them or damaged at its beginning. */
gboolean patron_picture_read_info (const char *path, PatronPictureInfo *info);

/* By the name's ending. */
gboolean patron_picture_has_name  (const char *name);

G_END_DECLS
