/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/op.h"

G_BEGIN_DECLS

/* A question that people ask of their data, and the operations that answer it, best first. */
typedef struct
{
  const char *question;    /* msgid */
  const char *summary;     /* msgid: what the answer looks like */
  const char *icon;
  GPtrArray  *ops;         /* of const PatronOp*, at least one */
} PatronQuestion;

/* Every question that some operation of the registry answers, in the order of the home page. An operation that declares a question of its own
 * appears without being named anywhere else. Array of PatronQuestion*, owned by the caller. */
GPtrArray *patron_questions_new (void);

/* The operations that answer any of the questions that op answers, itself among them. Array of const PatronOp*, owned by the caller. */
GPtrArray *patron_question_methods (const PatronOp *op);

/* What a table must have for the operation: "Customer, Date, Amount" (translated), or NULL when any table will do. Owned by the caller. */
char      *patron_question_needs (const PatronOp *op);

G_END_DECLS
