/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Forms of a text in which two spellings of the same are equal. Owned by the caller; NULL when nothing is left. */

/* Names, addresses: without case, width (ＡＢＣ), accents and punctuation; single blanks between words. */
char *patron_normal_text  (const char *text);
/* a.b+shop@googlemail.com → ab@gmail.com: small letters, no +tag; dots do not count at Gmail. Without an @: NULL. */
char *patron_normal_email (const char *text);
/* +86 138-0013-8000 → 800138000, 0049 (0)30 123456 → 30123456: at most the last nine digits, without the country code of a number that begins with + or 00,
 * and without leading zeros, for these come and go. Fewer than five digits: NULL. */
char *patron_normal_phone (const char *text);

G_END_DECLS
