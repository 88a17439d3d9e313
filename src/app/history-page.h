/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document.h"

G_BEGIN_DECLS

/* Everything that was done in the project, newest first; choosing a step goes back, or forward again, to where it was the last one. */
#define PATRON_TYPE_HISTORY_PAGE (patron_history_page_get_type ())
G_DECLARE_FINAL_TYPE (PatronHistoryPage, patron_history_page, PATRON, HISTORY_PAGE, GtkWidget)

GtkWidget *patron_history_page_new (PatronDocument *document);

G_END_DECLS
