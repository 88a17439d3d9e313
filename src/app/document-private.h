/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document.h"

G_BEGIN_DECLS

/* Between document.c, which holds the project and its lists, and document-jobs.c, which holds the work. */
PatronJob *patron_document_start_seeded_job (PatronDocument *document, const char *title, PatronJobLane lane, guint64 seed,
                                             PatronJobFunc func, gpointer data, GDestroyNotify destroy);
void       patron_document_emit_table_imported (PatronDocument *document, gint64 id);
void       patron_document_emit_run_finished   (PatronDocument *document, gint64 id);

G_END_DECLS
