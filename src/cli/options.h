/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"

G_BEGIN_DECLS

/* The words of a command line: positional ones in order, and --name value pairs. Each option must be used by somebody: what is
 * left at the end is unknown and refused. */
typedef struct _PatronOptions PatronOptions;

/* Words such as --json take no value; all others do, as --name=value or --name value. */
PatronOptions *patron_options_new  (int argc, char **argv, GError **error);
void           patron_options_free (PatronOptions *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronOptions, patron_options_free)

/* Positional words; NULL when there are no more. */
const char *patron_options_next (PatronOptions *options);
/* The value of an option, NULL when it was not given (the last one wins); marks it as used. - and _ are alike. */
const char *patron_options_get  (PatronOptions *options, const char *name);
/* An option without value. */
gboolean    patron_options_has  (PatronOptions *options, const char *name);
/* The next option nobody has used yet, which is then marked as used; FALSE at the end. */
gboolean    patron_options_take (PatronOptions *options, const char **name, const char **value);
/* Puts back an option that patron_options_take() gave. */
void        patron_options_untake (PatronOptions *options, const char *name);
/* PATRON_ERROR_USAGE when an option or a positional word is left over. */
gboolean    patron_options_done (PatronOptions *options, GError **error);

G_END_DECLS
