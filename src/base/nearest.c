/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/nearest.h"

enum { MAX_CHARACTERS = 255 };

/* How many characters; -1 for too many. */
static glong
decode (const char *text, gunichar *characters)
{
  glong n = 0;
  for (const char *p = text; *p != '\0'; n++)
    {
      gunichar c = g_utf8_get_char_validated (p, -1);
      if (n == MAX_CHARACTERS)
        return -1;
      /* Bytes that are not UTF-8 count as one character each. */
      gboolean valid = c != (gunichar) -1 && c != (gunichar) -2;
      characters[n] = valid ? c : (guchar) *p;
      p = valid ? g_utf8_next_char (p) : p + 1;
    }
  return n;
}

guint
patron_edit_distance (const char *a, const char *b)
{
  gunichar a_characters[MAX_CHARACTERS], b_characters[MAX_CHARACTERS];
  guint rows[3][MAX_CHARACTERS + 1];
  guint *before = rows[0], *last = rows[1], *row = rows[2];
  glong m = decode (a, a_characters), n = decode (b, b_characters);
  if (m < 0 || n < 0)
    return G_MAXUINT;
  for (glong j = 0; j <= n; j++)
    row[j] = j;
  for (glong i = 1; i <= m; i++)
    {
      guint *oldest = before;
      before = last;
      last = row;
      row = oldest;
      row[0] = i;
      for (glong j = 1; j <= n; j++)
        {
          guint substitution = last[j - 1] + (a_characters[i - 1] != b_characters[j - 1]);
          row[j] = MIN (substitution, MIN (last[j], row[j - 1]) + 1);
          if (i > 1 && j > 1 && a_characters[i - 1] == b_characters[j - 2] && a_characters[i - 2] == b_characters[j - 1])
            row[j] = MIN (row[j], before[j - 2] + 1);
        }
    }
  return row[n];
}

const char *
patron_nearest (const char *name, const char *const *candidates)
{
  const char *nearest = NULL;
  gunichar characters[MAX_CHARACTERS];
  glong length = decode (name, characters);
  guint best = CLAMP (length / 3, 1, 3) + 1;
  for (; *candidates != NULL; candidates++)
    {
      guint distance = patron_edit_distance (name, *candidates);
      if (distance < best)
        {
          best = distance;
          nearest = *candidates;
        }
    }
  return nearest;
}
