/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document.h"

G_BEGIN_DECLS

/* A statement in SQL over the tables of the project, and what it gives: rows in a grid that can be kept as a table or drawn.
 *
 * Signals:
 *   chart (const char *table)   the result has been kept as this table and a chart of it is wanted */
#define PATRON_TYPE_SQL_PAGE (patron_sql_page_get_type ())
G_DECLARE_FINAL_TYPE (PatronSqlPage, patron_sql_page, PATRON, SQL_PAGE, GtkWidget)

GtkWidget *patron_sql_page_new (PatronDocument *document);

G_END_DECLS
