/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A JSON text (RFC 8259) token by token, without building anything. The text ends with a NUL at end. */
typedef struct
{
  const char *at;         /* the next byte */
  const char *end;
  const char *start;      /* of the whole, for positions */
  const char *why;        /* msgid: what was expected, after an error */
  GString    *text;       /* of the last string */
} PatronJsonScan;

typedef enum
{
  PATRON_JSON_ERROR,
  PATRON_JSON_END,        /* of the text */
  PATRON_JSON_NULL,
  PATRON_JSON_TRUE,
  PATRON_JSON_FALSE,
  PATRON_JSON_INTEGER,    /* fits into a gint64 */
  PATRON_JSON_NUMBER,
  PATRON_JSON_STRING,     /* in scan->text */
  PATRON_JSON_ARRAY,      /* the opening bracket was read */
  PATRON_JSON_OBJECT,     /* the opening brace was read */
} PatronJsonToken;

#define PATRON_JSON_MAX_DEPTH 256

void            patron_json_scan_init  (PatronJsonScan *scan, const char *text, gsize length);
void            patron_json_scan_clear (PatronJsonScan *scan);
/* The next value's token; scalars are complete, arrays and objects have been opened. */
PatronJsonToken patron_json_scan_value (PatronJsonScan *scan, double *number, gint64 *integer);
/* The next byte that is not blank is c: it is read. */
gboolean        patron_json_scan_take  (PatronJsonScan *scan, char c);
/* In an object: the next name into scan->text, and the colon. FALSE at an error. */
gboolean        patron_json_scan_name  (PatronJsonScan *scan);
/* Over the rest of a value whose token has been read; FALSE at an error. */
gboolean        patron_json_scan_skip  (PatronJsonScan *scan, PatronJsonToken token, guint depth);
/* The line of the byte where the scan stands, from 1. */
gsize           patron_json_scan_line  (const PatronJsonScan *scan);

G_END_DECLS
