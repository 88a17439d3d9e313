/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/document.h"

G_BEGIN_DECLS

/* What a field may look at beside its own declaration. Reference counted, main thread only. */
typedef struct
{
  PatronTable       *table;      /* the step's input; owned; NULL: none */
  PatronDocument    *document;   /* owned; NULL: no other tables */
  const PatronParam *params;     /* all parameters of the operation, and */
  gconstpointer      values;     /* their values, borrowed: must outlive the fields */
  PatronTable       *other;      /* private: the other table, owned, */
  char              *other_name; /* and what it was looked for by */
} PatronParamContext;

PatronParamContext *patron_param_context_new   (PatronTable *table, PatronDocument *document, const PatronParam *params, gconstpointer values);
PatronParamContext *patron_param_context_ref   (PatronParamContext *context);
void                patron_param_context_unref (PatronParamContext *context);
/* The column that another parameter of the operation names first; NULL when none does. Borrowed. */
PatronColumn       *patron_param_context_column (PatronParamContext *context);
/* The first parameter whose text is such; NULL: none. */
const PatronParam  *patron_param_context_find   (PatronParamContext *context, PatronHolds holds);
/* The table of the project that a parameter names now; NULL when none does, or the project has none of that name: a file is read only when the step is
 * applied. Borrowed until the parameter changes. */
PatronTable        *patron_param_context_other  (PatronParamContext *context);

/* The control of a parameter whose text is more than plain text: a column, a formula, a list of pairs; it stands below the label. It knows the text
 * and nothing of whether it is valid.
 *
 * Signal "edited" (): by the user. */
#define PATRON_TYPE_PARAM_FIELD (patron_param_field_get_type ())
G_DECLARE_DERIVABLE_TYPE (PatronParamField, patron_param_field, PATRON, PARAM_FIELD, GtkWidget)

struct _PatronParamFieldClass
{
  GtkWidgetClass parent_class;
  void   (*build)          (PatronParamField *self);                 /* the children; parameter and context are known */
  char  *(*dup_text)       (PatronParamField *self);
  void   (*set_text)       (PatronParamField *self, const char *text);
  void   (*show_problem)   (PatronParamField *self, const char *problem);   /* NULL: none; may be left out */
  void   (*others_changed) (PatronParamField *self);                 /* another parameter has another value; may be left out */
};

/* NULL where a plain entry does: text, and what needs a table when there is none. */
GtkWidget          *patron_param_field_new          (const PatronParam *param, PatronParamContext *context);
char               *patron_param_field_dup_text     (PatronParamField *self);
void                patron_param_field_set_text     (PatronParamField *self, const char *text);   /* without "edited" */
void                patron_param_field_show_problem (PatronParamField *self, const char *problem);
void                patron_param_field_others_changed (PatronParamField *self);

/* For the fields themselves. */
const PatronParam  *patron_param_field_get_param    (PatronParamField *self);
PatronParamContext *patron_param_field_get_context  (PatronParamField *self);
/* The table whose columns the text names: the step's input, or the other table. NULL when that is not known. Borrowed. */
PatronTable        *patron_param_field_get_table    (PatronParamField *self);
void                patron_param_field_edited       (PatronParamField *self);

G_END_DECLS
