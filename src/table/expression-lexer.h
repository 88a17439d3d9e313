/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/expression-private.h"

G_BEGIN_DECLS

/* A formula cut into tokens. */

typedef enum
{
  PATRON_TOKEN_END,
  PATRON_TOKEN_NUMBER,
  PATRON_TOKEN_STRING,
  PATRON_TOKEN_NAME,             /* bare: column, function or keyword */
  PATRON_TOKEN_QUOTED_NAME,      /* [in brackets] or `backticks`: always a column */
  PATRON_TOKEN_SYMBOL,           /* operators and punctuation, in their ASCII form */
} PatronTokenKind;

typedef struct
{
  PatronTokenKind kind;
  guint           position;      /* character, from 1 */
  guint           length;        /* characters as written */
  const char     *start, *end;   /* as written */
  char           *text;          /* owned: value of the string or name, or the symbol */
} PatronToken;

typedef struct
{
  const char  *cursor;
  guint        position;         /* of the cursor, from 1 */
  PatronToken  token;            /* the one looked at */
  char        *previous;         /* as written, for messages; NULL at the start */
  PatronFault *fault;
} PatronLexer;

/* text: valid UTF-8, borrowed. Stands before the first token. */
void     patron_lexer_init  (PatronLexer *lexer, const char *text, PatronFault *fault);
void     patron_lexer_clear (PatronLexer *lexer);
/* Moves on to the next token. FALSE with lexer->fault when there is none. */
gboolean patron_lexer_next  (PatronLexer *lexer);
gboolean patron_lexer_at_symbol  (const PatronLexer *lexer, const char *symbol);
gboolean patron_lexer_at_keyword (const PatronLexer *lexer, const char *keyword);
/* Whether the word after the token looked at is this one. */
gboolean patron_lexer_followed_by (const PatronLexer *lexer, const char *keyword);

/* Words that no bare column name can be: and, or, not, in, between, like, is, case … */
gboolean patron_is_operator_word (const char *name);
/* What may stand bare in a formula for a column of this name. */
gboolean patron_is_bare_name     (const char *name);

G_END_DECLS
