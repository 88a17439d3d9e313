/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/visit.h"

#include "base/error.h"
#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The stream is a sequence of fields: one byte of kind, one byte of name length, the name, then the value. Names are checked on
 * loading, so a file of another version fails at the first field that differs instead of being misread. */
struct _PatronVisitor
{
  GByteArray   *out;         /* saving */
  GBytes       *bytes;       /* loading, owned */
  const guint8 *at;
  gsize         left;
  char         *failure;     /* NULL while all is well */
  GError       *shortage;    /* of memory, when that is the failure */
};

enum { KIND_INT64 = 'i', KIND_DOUBLE = 'd', KIND_STRING = 's', KIND_NULL = 'n', KIND_ARRAY = 'a', KIND_STRINGS = 'v' };

PatronVisitor *
patron_visitor_new_save (void)
{
  PatronVisitor *visitor = g_new0 (PatronVisitor, 1);
  visitor->out = g_byte_array_new ();
  return visitor;
}

PatronVisitor *
patron_visitor_new_load (GBytes *bytes)
{
  PatronVisitor *visitor = g_new0 (PatronVisitor, 1);
  visitor->bytes = g_bytes_ref (bytes);
  visitor->at = g_bytes_get_data (bytes, &visitor->left);
  return visitor;
}

gboolean
patron_visitor_is_loading (const PatronVisitor *visitor)
{
  return visitor->bytes != NULL;
}

void
patron_visitor_fail (PatronVisitor *visitor, const char *reason)
{
  if (visitor->failure == NULL)
    visitor->failure = g_strdup (reason);
}

static void
put (PatronVisitor *visitor, gconstpointer data, gsize size)
{
  /* GByteArray counts in 32 bits. */
  if (size > G_MAXUINT32 / 2 || visitor->out->len > G_MAXUINT32 / 2)
    patron_visitor_fail (visitor, _("it is larger than 2 GB"));
  else if (size > 0)
    g_byte_array_append (visitor->out, data, size);
}

static gboolean
get (PatronVisitor *visitor, gpointer data, gsize size)
{
  if (visitor->failure != NULL)
    return FALSE;
  if (size > visitor->left)
    {
      patron_visitor_fail (visitor, "ends early");
      return FALSE;
    }
  if (size > 0)
    memcpy (data, visitor->at, size);
  visitor->at += size;
  visitor->left -= size;
  return TRUE;
}

static void
put_head (PatronVisitor *visitor, char kind, const char *name)
{
  guint8 length = strlen (name);
  put (visitor, &kind, 1);
  put (visitor, &length, 1);
  put (visitor, name, length);
}

/* Returns the kind found, which the caller compares; 0 after a failure. */
static char
get_head (PatronVisitor *visitor, const char *name)
{
  char kind;
  guint8 length;
  char found[256];
  if (!get (visitor, &kind, 1) || !get (visitor, &length, 1) || !get (visitor, found, length))
    return 0;
  found[length] = '\0';
  if (strcmp (found, name) != 0)
    {
      patron_visitor_fail (visitor, name);
      return 0;
    }
  return kind;
}

static gboolean
expect_head (PatronVisitor *visitor, char kind, const char *name)
{
  if (get_head (visitor, name) == kind)
    return TRUE;
  patron_visitor_fail (visitor, name);
  return FALSE;
}

gboolean
patron_visit_int64 (PatronVisitor *visitor, const char *name, gint64 *value)
{
  if (patron_visitor_is_loading (visitor))
    return expect_head (visitor, KIND_INT64, name) && get (visitor, value, sizeof *value);
  put_head (visitor, KIND_INT64, name);
  put (visitor, value, sizeof *value);
  return visitor->failure == NULL;
}

gboolean
patron_visit_int (PatronVisitor *visitor, const char *name, int *value)
{
  gint64 wide = *value;
  if (!patron_visit_int64 (visitor, name, &wide))
    return FALSE;
  if (wide < G_MININT || wide > G_MAXINT)
    {
      patron_visitor_fail (visitor, name);
      return FALSE;
    }
  *value = (int) wide;
  return TRUE;
}

gboolean
patron_visit_size (PatronVisitor *visitor, const char *name, gsize *value)
{
  gint64 wide = (gint64) *value;
  if (!patron_visit_int64 (visitor, name, &wide))
    return FALSE;
  if (wide < 0)
    {
      patron_visitor_fail (visitor, name);
      return FALSE;
    }
  *value = (gsize) wide;
  return TRUE;
}

gboolean
patron_visit_bool (PatronVisitor *visitor, const char *name, bool *value)
{
  gint64 wide = *value;
  if (!patron_visit_int64 (visitor, name, &wide))
    return FALSE;
  *value = wide != 0;
  return TRUE;
}

gboolean
patron_visit_double (PatronVisitor *visitor, const char *name, double *value)
{
  if (patron_visitor_is_loading (visitor))
    return expect_head (visitor, KIND_DOUBLE, name) && get (visitor, value, sizeof *value);
  put_head (visitor, KIND_DOUBLE, name);
  put (visitor, value, sizeof *value);
  return visitor->failure == NULL;
}

static gboolean
get_string (PatronVisitor *visitor, char **value)
{
  guint32 length;
  if (!get (visitor, &length, sizeof length))
    return FALSE;
  if (length > visitor->left || !g_utf8_validate_len ((const char *) visitor->at, length, NULL))
    {
      patron_visitor_fail (visitor, "string");
      return FALSE;
    }
  *value = g_strndup ((const char *) visitor->at, length);
  visitor->at += length;
  visitor->left -= length;
  return TRUE;
}

static void
put_string (PatronVisitor *visitor, const char *value)
{
  guint32 length = strlen (value);
  put (visitor, &length, sizeof length);
  put (visitor, value, length);
}

gboolean
patron_visit_string (PatronVisitor *visitor, const char *name, char **value)
{
  if (!patron_visitor_is_loading (visitor))
    {
      put_head (visitor, *value != NULL ? KIND_STRING : KIND_NULL, name);
      if (*value != NULL)
        put_string (visitor, *value);
      return visitor->failure == NULL;
    }
  *value = NULL;
  char kind = get_head (visitor, name);
  if (kind == KIND_NULL)
    return TRUE;
  if (kind == KIND_STRING)
    return get_string (visitor, value);
  patron_visitor_fail (visitor, name);
  return FALSE;
}

gboolean
patron_visit_array (PatronVisitor *visitor, const char *name, gpointer *array, gsize *n, gsize element_size)
{
  if (!patron_visitor_is_loading (visitor))
    {
      guint64 head[2] = { *n, element_size };
      put_head (visitor, KIND_ARRAY, name);
      put (visitor, head, sizeof head);
      put (visitor, *array, *n * element_size);
      return visitor->failure == NULL;
    }
  *array = NULL;
  *n = 0;
  guint64 head[2];
  if (!expect_head (visitor, KIND_ARRAY, name) || !get (visitor, head, sizeof head))
    return FALSE;
  if (head[1] != element_size || head[0] > visitor->left / element_size)
    {
      patron_visitor_fail (visitor, name);
      return FALSE;
    }
  gpointer block = patron_try_alloc (head[0], element_size, _("a model"), &visitor->shortage);
  if (block == NULL)
    {
      patron_visitor_fail (visitor, name);
      return FALSE;
    }
  get (visitor, block, head[0] * element_size);
  *array = block;
  *n = head[0];
  return TRUE;
}

gboolean
patron_visit_strings (PatronVisitor *visitor, const char *name, char ***strv)
{
  if (!patron_visitor_is_loading (visitor))
    {
      guint32 n = *strv != NULL ? g_strv_length (*strv) : 0;
      put_head (visitor, KIND_STRINGS, name);
      put (visitor, &n, sizeof n);
      for (guint32 i = 0; i < n; i++)
        put_string (visitor, (*strv)[i]);
      return visitor->failure == NULL;
    }
  *strv = NULL;
  guint32 n;
  if (!expect_head (visitor, KIND_STRINGS, name) || !get (visitor, &n, sizeof n))
    return FALSE;
  /* Each string takes at least its length field. */
  if (n > visitor->left / sizeof (guint32))
    {
      patron_visitor_fail (visitor, name);
      return FALSE;
    }
  g_auto (GStrv) strings = g_new0 (char *, n + 1);
  for (guint32 i = 0; i < n; i++)
    if (!get_string (visitor, &strings[i]))
      return FALSE;
  *strv = g_steal_pointer (&strings);
  return TRUE;
}

GBytes *
patron_visitor_finish (PatronVisitor *visitor, GError **error)
{
  if (visitor->bytes != NULL && visitor->failure == NULL && visitor->left > 0)
    patron_visitor_fail (visitor, "bytes left over");
  if (visitor->shortage != NULL)
    g_propagate_error (error, g_steal_pointer (&visitor->shortage));
  else if (visitor->failure != NULL && visitor->out != NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("The model cannot be kept: %s."), visitor->failure);
  else if (visitor->failure != NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_DAMAGED, _("The model is damaged or of another version (at “%s”)."), visitor->failure);
  GBytes *result = NULL;
  if (visitor->out != NULL)
    {
      result = g_byte_array_free_to_bytes (visitor->out);
      if (visitor->failure != NULL)
        g_clear_pointer (&result, g_bytes_unref);
    }
  g_clear_pointer (&visitor->bytes, g_bytes_unref);
  g_free (visitor->failure);
  g_free (visitor);
  return result;
}
