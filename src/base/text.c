/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

typedef struct
{
  char        *name;
  PatronFormat format;
  double       number;
  char        *string;   /* TEXT and MSGID, never NULL for them */
} Argument;

struct _PatronText
{
  char    *msgid;
  gboolean plain;
  GArray  *arguments;   /* of Argument, NULL: none */
};

static void
argument_clear (gpointer data)
{
  Argument *argument = data;
  g_free (argument->name);
  g_free (argument->string);
}

static gboolean
format_is_string (PatronFormat format)
{
  return format == PATRON_FORMAT_TEXT || format == PATRON_FORMAT_MSGID;
}

PatronText *
patron_text_begin (const char *msgid, gboolean plain)
{
  PatronText *text = g_new0 (PatronText, 1);
  text->msgid = g_utf8_make_valid (msgid != NULL ? msgid : "", -1);
  text->plain = plain;
  return text;
}

static void
add_argument (PatronText *text, Argument argument)
{
  if (text->arguments == NULL)
    {
      text->arguments = g_array_new (FALSE, FALSE, sizeof (Argument));
      g_array_set_clear_func (text->arguments, argument_clear);
    }
  g_array_append_val (text->arguments, argument);
}

void
patron_text_add_number (PatronText *text, const char *name, PatronFormat format, double value)
{
  g_return_if_fail (!format_is_string (format));
  add_argument (text, (Argument) { .name = g_strdup (name), .format = format, .number = value });
}

void
patron_text_add_string (PatronText *text, const char *name, PatronFormat format, const char *value)
{
  g_return_if_fail (format_is_string (format));
  add_argument (text, (Argument) { .name = g_strdup (name), .format = format, .number = NAN,
                                   .string = g_utf8_make_valid (value != NULL ? value : "", -1) });
}

PatronText *
patron_text (const char *msgid, ...)
{
  PatronText *text = patron_text_begin (msgid, FALSE);
  va_list list;

  va_start (list, msgid);
  for (const char *name = va_arg (list, const char *); name != NULL; name = va_arg (list, const char *))
    {
      PatronFormat format = (PatronFormat) va_arg (list, int);
      if (format_is_string (format))
        patron_text_add_string (text, name, format, va_arg (list, const char *));
      else
        patron_text_add_number (text, name, format, va_arg (list, double));
    }
  va_end (list);
  return text;
}

PatronText *
patron_text_plain (const char *string)
{
  return patron_text_begin (string, TRUE);
}

PatronText *
patron_text_copy (const PatronText *text)
{
  if (text == NULL)
    return NULL;
  PatronText *copy = patron_text_begin (text->msgid, text->plain);
  for (guint i = 0; i < patron_text_n_args (text); i++)
    {
      const Argument *argument = &g_array_index (text->arguments, Argument, i);
      add_argument (copy, (Argument) { .name = g_strdup (argument->name), .format = argument->format, .number = argument->number,
                                       .string = g_strdup (argument->string) });
    }
  return copy;
}

void
patron_text_free (PatronText *text)
{
  if (text == NULL)
    return;
  g_free (text->msgid);
  g_clear_pointer (&text->arguments, g_array_unref);
  g_free (text);
}

static const Argument *
find_argument (const PatronText *text, const char *name, gsize length)
{
  for (guint i = 0; i < patron_text_n_args (text); i++)
    {
      const Argument *argument = &g_array_index (text->arguments, Argument, i);
      if (strlen (argument->name) == length && memcmp (argument->name, name, length) == 0)
        return argument;
    }
  return NULL;
}

/* gettext answers the empty msgid with the catalogue's header. */
static const char *
translate (const char *msgid)
{
  return *msgid == '\0' ? "" : g_dgettext (GETTEXT_PACKAGE, msgid);
}

/* "|order|orders" (up to but without the closing brace): the first word for 1 and -1, the last for anything else. */
static void
append_choice (GString *out, const char *choices, const char *end, double count)
{
  const char *first = choices + 1;
  const char *bar = memchr (first, '|', end - first);
  if (bar == NULL)
    g_string_append_len (out, first, end - first);
  else if (fabs (count) == 1)
    g_string_append_len (out, first, bar - first);
  else
    g_string_append_len (out, bar + 1, end - bar - 1);
}

static void
append_argument (GString *out, const Argument *argument)
{
  if (argument->format == PATRON_FORMAT_TEXT)
    g_string_append (out, argument->string);
  else if (argument->format == PATRON_FORMAT_MSGID)
    g_string_append (out, translate (argument->string));
  else
    {
      g_autofree char *number = patron_format_number (argument->format, argument->number);
      g_string_append (out, number);
    }
}

/* One place "{name}" or "{name|one|many}" that starts at open; returns what follows it. A place without a value
 * stays as it is, so that a wrong translation is seen and never a crash. */
static const char *
append_place (GString *out, const PatronText *text, const char *open)
{
  const char *end = strchr (open, '}');
  if (end == NULL)
    {
      g_string_append (out, open);
      return open + strlen (open);
    }
  const char *bar = memchr (open, '|', end - open);
  const char *name_end = bar != NULL ? bar : end;
  const Argument *argument = find_argument (text, open + 1, name_end - open - 1);
  if (argument == NULL)
    g_string_append_len (out, open, end - open + 1);
  else if (bar != NULL)
    append_choice (out, bar, end, argument->number);
  else
    append_argument (out, argument);
  return end + 1;
}

char *
patron_text_render (const PatronText *text)
{
  if (text == NULL)
    return g_strdup ("");
  if (text->plain)
    return g_strdup (text->msgid);

  const char *at = translate (text->msgid);
  GString *out = g_string_new (NULL);
  for (const char *open = strchr (at, '{'); open != NULL; open = strchr (at, '{'))
    {
      g_string_append_len (out, at, open - at);
      at = append_place (out, text, open);
    }
  g_string_append (out, at);
  return g_string_free (out, FALSE);
}

gboolean
patron_text_equal (const PatronText *a, const PatronText *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  if (a->plain != b->plain || strcmp (a->msgid, b->msgid) != 0 || patron_text_n_args (a) != patron_text_n_args (b))
    return FALSE;
  for (guint i = 0; i < patron_text_n_args (a); i++)
    {
      const Argument *left = &g_array_index (a->arguments, Argument, i);
      const Argument *right = &g_array_index (b->arguments, Argument, i);
      if (left->format != right->format || strcmp (left->name, right->name) != 0 || g_strcmp0 (left->string, right->string) != 0)
        return FALSE;
      if (left->number != right->number && !(isnan (left->number) && isnan (right->number)))
        return FALSE;
    }
  return TRUE;
}

const char *
patron_text_get_msgid (const PatronText *text)
{
  return text->msgid;
}

gboolean
patron_text_is_plain (const PatronText *text)
{
  return text->plain;
}

guint
patron_text_n_args (const PatronText *text)
{
  return text->arguments != NULL ? text->arguments->len : 0;
}

const char *
patron_text_arg_name (const PatronText *text, guint i)
{
  return g_array_index (text->arguments, Argument, i).name;
}

PatronFormat
patron_text_arg_format (const PatronText *text, guint i)
{
  return g_array_index (text->arguments, Argument, i).format;
}

double
patron_text_arg_number (const PatronText *text, guint i)
{
  return g_array_index (text->arguments, Argument, i).number;
}

const char *
patron_text_arg_string (const PatronText *text, guint i)
{
  return g_array_index (text->arguments, Argument, i).string;
}
