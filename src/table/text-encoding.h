/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/text.h"

G_BEGIN_DECLS

/* How a text is encoded, from its beginning. */
typedef struct
{
  const char *name;        /* as iconv() knows it: "UTF-8", "UTF-16LE", "GB18030", "BIG5", "SHIFT_JIS", "WINDOWS-1252" … */
  gsize       mark;        /* bytes of the byte order mark */
  PatronText *reason;      /* owned by the receiver; NULL when it goes without saying */
} PatronEncodingGuess;

/* cut: text goes on after length, so that a character may be cut at the end. */
PatronEncodingGuess patron_detect_encoding (const char *text, gsize length, gboolean cut);

/* text in the encoding as UTF-8 (patron_try_realloc()'ed, NUL-terminated, *out_length without the NUL). What is not a character becomes U+FFFD and is
 * counted. max_out: stop soon after that many bytes. */
char *patron_to_utf8 (const char *text, gsize length, const char *encoding, gsize max_out, gsize *out_length, gsize *n_replaced, GError **error);

/* The first byte that is not part of a whole UTF-8 character, or text + length. NUL is a character here. */
const char *patron_utf8_invalid (const char *text, gsize length);

G_END_DECLS
