/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Forms of a text in which two spellings of the same are equal. Owned by the caller; NULL when nothing is left. */

/* Names, addresses: without case, width (ＡＢＣ), accents and punctuation; single blanks between words. */
char *patron_normal_text  (const char *text);
/* a.b+shop@googlemail.com → ab@gmail.com: small letters, no +tag; dots do not count at Gmail. Without an @: NULL. */
char *patron_normal_email (const char *text);
/* +86 138-0013-8000 → 800138000: the last nine digits, as country codes and leading zeros come and go. Fewer than five digits: NULL. */
char *patron_normal_phone (const char *text);

G_END_DECLS
