/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "base/text.h"

G_BEGIN_DECLS

/* The text of a file as UTF-8, whatever it is packed in and however it is encoded. A plain UTF-8 file is read piece by piece, never held whole unless
 * asked for. */
typedef struct _PatronTextSource PatronTextSource;

/* Opens the file and unpacks gzip and zstd, found by their first bytes. encoding: a name, or NULL or "" to detect it. head_only: no more than
 * the first megabyte of text is needed, so a packed or foreign file is not unpacked and converted beyond it. */
PatronTextSource *patron_text_source_open (const char *path, const char *encoding, gboolean head_only, PatronRun *run, GError **error);
/* Text at hand (UTF-8); copied. is_head: it is only the beginning of something longer. */
PatronTextSource *patron_text_source_new_head (const char *text, gsize length, gboolean is_head, GError **error);
void              patron_text_source_free (PatronTextSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronTextSource, patron_text_source_free)

/* Without the byte order mark. For head_only sources, the size of the head. */
guint64     patron_text_source_size     (const PatronTextSource *source);
gboolean    patron_text_source_is_head  (const PatronTextSource *source);   /* there is more than the size says */
const char *patron_text_source_encoding (const PatronTextSource *source);
const char *patron_text_source_packing  (const PatronTextSource *source);   /* "gzip", "zstd" or NULL */
/* Why this encoding; NULL when it goes without saying. Borrowed. */
const PatronText *patron_text_source_reason (const PatronTextSource *source);
/* Bytes of the file that no text could be made of and were replaced by U+FFFD. */
gsize       patron_text_source_n_replaced (const PatronTextSource *source);

/* length bytes at offset, followed by PATRON_PLAIN_PADDING readable bytes (table/parse-plain.h; the first is NUL at the end of the text). Points into the source when it is in memory, else into
 * *buffer, which is grown (patron_try_realloc(), *size its size) as needed. Thread-safe. NULL with error. */
const char *patron_text_source_read (PatronTextSource *source, guint64 offset, gsize length, char **buffer, gsize *size, GError **error);
/* The beginning, up to a megabyte, in memory and NUL-terminated. */
const char *patron_text_source_head (PatronTextSource *source, gsize *length, GError **error);
/* The whole in memory, NUL-terminated. */
const char *patron_text_source_whole (PatronTextSource *source, GError **error);
/* FALSE with error when the file is no longer the one that was opened. */
gboolean    patron_text_source_check (PatronTextSource *source, GError **error);

G_END_DECLS
