/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/prepare/columns.h"

G_BEGIN_DECLS

/* One column as rows are compared in it. */
typedef enum
{
  PATRON_MATCH_EXACT,      /* 1 when the same, else 0 */
  PATRON_MATCH_NAME,       /* Jaro–Winkler */
  PATRON_MATCH_TEXT,       /* edit distance */
  PATRON_MATCH_WORDS,      /* words in any order */
  PATRON_MATCH_EMAIL,      /* EXACT, of the normal form */
  PATRON_MATCH_PHONE,
  PATRON_MATCH_NUMBER,     /* 1 within a tolerance, else 0; dates in days */
  PATRON_N_MATCHES,
} PatronMatch;

typedef struct
{
  PatronMatch match;
  double      tolerance;
} PatronMatchStyle;

#define PATRON_MATCH_MISSING G_MAXUINT32

typedef struct
{
  PatronMatchStyle style;
  gsize     n;             /* rows */
  double   *values;        /* NUMBER: n, NaN for missing; else NULL */
  guint32  *codes;         /* others: n, the same where the normal form is the same; PATRON_MATCH_MISSING */
  gsize     n_codes;
  guint32  *rank;          /* n_codes: place in the order of the normal forms */
  guint32  *back_rank;     /* … of the normal forms read backwards; NULL when nothing is gained by it */
  gsize    *offsets;       /* NAME, TEXT, WORDS: n_codes + 1 … */
  gunichar *characters;    /* … into these */
} PatronMatchColumn;

/* "name", "phone", "number 5" … FALSE with error for anything else. */
gboolean         patron_match_style_parse (const char *text, PatronMatchStyle *style, GError **error);
/* A sensible style by name and type: phone and e-mail columns, words for other text, exact for the rest. */
PatronMatchStyle patron_match_style_guess (PatronColumn *column);

/* normal: compare normal forms of texts (EMAIL and PHONE always do). ranked: with rank and back_rank. */
gboolean patron_match_column_init (PatronMatchColumn *self, PatronColumn *column, PatronMatchStyle style, gboolean normal, gboolean ranked,
                                   PatronRun *run, GError **error);
void     patron_match_column_clear (PatronMatchColumn *self);

gboolean patron_match_is_missing   (const PatronMatchColumn *self, gsize row);
/* 0 … 1; half when one of the two is missing, NaN when both are. */
double   patron_match_similarity   (const PatronMatchColumn *self, gsize a, gsize b);

G_END_DECLS
