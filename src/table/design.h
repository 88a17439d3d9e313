/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/roles.h"

G_BEGIN_DECLS

/* Numbers for models: n rows × p columns, column-major doubles. Immutable once made, owned by the maker. */
struct _PatronMatrix
{
  gsize   n, p;
  double *values;      /* values[j * n + i], NaN only if the model's missing policy is NATIVE */
};

PatronMatrix *patron_matrix_new  (gsize n, gsize p, GError **error);
void          patron_matrix_free (PatronMatrix *matrix);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronMatrix, patron_matrix_free)
static inline const double *
patron_matrix_column (const PatronMatrix *matrix, gsize j)
{
  return matrix->values + j * matrix->n;
}

typedef enum { PATRON_SCALE_NONE, PATRON_SCALE_STANDARD, PATRON_SCALE_ROBUST, PATRON_SCALE_MINMAX } PatronScale;

/* How feature columns become a matrix, learnt from training rows only and kept with the model: levels of categories, what replaces a
 * missing value, centre and scale. Immutable after fit. */
typedef struct
{
  char      *name;          /* "tenure", "Contract: Two year" */
  guint      source;        /* index into the design's source columns */
  gint32     level;         /* the level an indicator stands for, else -1 */
  double     centre, scale; /* (x - centre) / scale; 0 and 1 when not scaled. Original unit: x · scale + centre */
} PatronDesignColumn;

typedef struct
{
  char       *name;
  PatronType  type;
  char      **levels;       /* categories: NULL-terminated, most frequent first; NULL for numbers */
  guint       n_levels;
  double      fill;         /* replaces a missing number; categories: the level index */
  gsize       n_missing;    /* in the training rows */
} PatronDesignSource;

typedef struct
{
  PatronMissingPolicy missing;
  PatronEncoding      encoding;
  PatronScale         scale;
} PatronDesignOptions;

/* rows: the training rows of the table, or NULL for all n_rows of it. */
PatronDesign *patron_design_fit (PatronTable *table, const char *const *features, const PatronDesignOptions *options,
                                 const guint32 *rows, gsize n_rows, PatronRun *run, GError **error);
void          patron_design_free (PatronDesign *design);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronDesign, patron_design_free)

/* What applying met that training had not seen. */
typedef struct
{
  gsize n_missing;          /* cells filled */
  gsize n_unseen;           /* cells whose category training had not met */
} PatronDesignNotes;

/* Unseen categories: no indicator is set; with PATRON_ENCODE_CODES the value is -1. Missing with NATIVE: NaN.
 * The columns are found by name; a missing column or one of another kind is an error that names it. */
PatronMatrix *patron_design_apply (const PatronDesign *design, PatronTable *table, const guint32 *rows, gsize n_rows,
                                   PatronDesignNotes *notes, PatronRun *run, GError **error);

guint                     patron_design_n_columns (const PatronDesign *design);
const PatronDesignColumn *patron_design_column    (const PatronDesign *design, guint j);
guint                     patron_design_n_sources (const PatronDesign *design);
const PatronDesignSource *patron_design_source    (const PatronDesign *design, guint s);
gboolean                  patron_design_is_categorical (const PatronDesign *design, guint j);   /* PATRON_ENCODE_CODES */
void                      patron_design_visit     (PatronDesign **design, PatronVisitor *visitor);

G_END_DECLS
