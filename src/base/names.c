/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"

#include <string.h>

/* The next part up to an unescaped stop (or the end), escapes undone and unescaped blanks around it left out. *text moves behind it. */
static char *
take_part (const char **text, const char *stops, char *stopped)
{
  GString *part = g_string_new (NULL);
  gsize solid = 0;   /* bytes up to the last that is not an unescaped blank */
  const char *p = *text;
  for (; *p != '\0' && strchr (stops, *p) == NULL; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        {
          p++;
          g_string_append_c (part, *p == 'n' ? '\n' : *p == 't' ? '\t' : *p);
          solid = part->len;
        }
      else if (!g_ascii_isspace (*p))
        {
          g_string_append_c (part, *p);
          solid = part->len;
        }
      else if (part->len > 0)
        g_string_append_c (part, *p);
    }
  g_string_truncate (part, solid);
  *stopped = *p;
  *text = *p != '\0' ? p + 1 : p;
  return g_string_free (part, FALSE);
}

static void
add_escaped (GString *text, const char *part, const char *special)
{
  gsize length = strlen (part);
  for (gsize i = 0; i < length; i++)
    {
      gboolean edge_blank = g_ascii_isspace (part[i]) && (i == 0 || i == length - 1);
      if (part[i] == '\n')
        g_string_append (text, "\\n");
      else if (part[i] == '\t')
        g_string_append (text, "\\t");
      else
        {
          if (edge_blank || part[i] == '\\' || strchr (special, part[i]) != NULL)
            g_string_append_c (text, '\\');
          g_string_append_c (text, part[i]);
        }
    }
}

char **
patron_names_split (const char *text)
{
  GPtrArray *names = g_ptr_array_new ();
  char stopped = ';';
  while (stopped != '\0')
    {
      char *name = take_part (&text, ";", &stopped);
      if (*name != '\0')
        g_ptr_array_add (names, name);
      else
        g_free (name);
    }
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

char *
patron_names_join (const char *const *names)
{
  GString *text = g_string_new (NULL);
  for (const char *const *name = names; *name != NULL; name++)
    {
      if (name > names)
        g_string_append_c (text, ';');
      add_escaped (text, *name, ";");
    }
  return g_string_free (text, FALSE);
}

#define SHOWN 4

char *
patron_names_show (const char *text)
{
  g_auto (GStrv) names = patron_names_split (text);
  guint n = g_strv_length (names);
  if (n <= SHOWN + 1)
    return g_strjoinv (", ", names);
  GString *shown = g_string_new (NULL);
  for (guint i = 0; i < SHOWN; i++)
    g_string_append_printf (shown, "%s, ", names[i]);
  g_string_append_printf (shown, "… (%u)", n);
  return g_string_free (shown, FALSE);
}

void
patron_pair_free (PatronPair *pair)
{
  g_free (pair->from);
  g_free (pair->to);
  g_free (pair);
}

/* A part without = is a pair of itself where alone says so, else refused. */
static GPtrArray *
split_pairs (const char *text, gboolean alone, char **bad)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_pair_free);
  char stopped = ';';
  while (stopped != '\0')
    {
      g_autofree char *from = take_part (&text, "=;", &stopped);
      if (stopped != '=' && *from == '\0')
        continue;
      if (stopped != '=' && !alone)
        {
          if (bad != NULL)
            *bad = g_steal_pointer (&from);
          return NULL;
        }
      PatronPair *pair = g_new0 (PatronPair, 1);
      pair->to = stopped == '=' ? take_part (&text, ";", &stopped) : g_strdup (from);
      pair->from = g_steal_pointer (&from);
      g_ptr_array_add (pairs, pair);
    }
  return g_steal_pointer (&pairs);
}

GPtrArray *
patron_pairs_split (const char *text, char **bad)
{
  return split_pairs (text, FALSE, bad);
}

GPtrArray *
patron_name_pairs_split (const char *text)
{
  return split_pairs (text, TRUE, NULL);
}

char *
patron_pairs_join (const GPtrArray *pairs)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < pairs->len; i++)
    {
      const PatronPair *pair = g_ptr_array_index (pairs, i);
      if (i > 0)
        g_string_append (text, "; ");
      add_escaped (text, pair->from, ";=");
      g_string_append_c (text, '=');
      add_escaped (text, pair->to, ";=");
    }
  return g_string_free (text, FALSE);
}
