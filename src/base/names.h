/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lists of names, and pairs of texts, as the text of a parameter.
 *
 *   a;b;c         names; blanks around them do not count
 *   a\;b          a backslash takes the next character as it is (\n and \t are line end and tabulator)
 *   old=new; x=   pairs; the part before the first = of each is the key */

char      **patron_names_split (const char *text);                  /* NULL-terminated, never NULL; empty names are left out */
char       *patron_names_join  (const char *const *names);          /* split() of it gives the same */

/* For sentences: "a, b, c", and of more than five names the first four and how many there are in all. */
char       *patron_names_show  (const char *text);

typedef struct
{
  char *from, *to;    /* never NULL, may be empty */
} PatronPair;

void        patron_pair_free   (PatronPair *pair);
/* Of PatronPair*, in order. NULL when a part has no =: *bad (optional, owned by the caller) is that part. */
GPtrArray  *patron_pairs_split (const char *text, char **bad);
/* The same, where a name alone is a pair of itself: "a; b=c" is a=a; b=c. Never NULL. */
GPtrArray  *patron_name_pairs_split (const char *text);
char       *patron_pairs_join  (const GPtrArray *pairs);

G_END_DECLS
