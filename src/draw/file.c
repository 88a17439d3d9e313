/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/file.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const char *
patron_file_ending (const char *path)
{
  const char *slash = strrchr (path, G_DIR_SEPARATOR), *dot = strrchr (path, '.');
  return dot != NULL && (slash == NULL || dot > slash) ? dot + 1 : "";
}

gboolean
patron_file_replace (const char *path, const void *data, gsize length, GError **error)
{
  g_autoptr(GError) reason = NULL;
  if (g_file_set_contents_full (path, data, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &reason))
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” could not be written: %s."), path, reason->message);
  return FALSE;
}

cairo_status_t
patron_file_append (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}
