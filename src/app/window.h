/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document.h"

G_BEGIN_DECLS

/* One window, one project: sidebar, pages, job bar. */
#define PATRON_TYPE_WINDOW (patron_window_get_type ())
G_DECLARE_FINAL_TYPE (PatronWindow, patron_window, PATRON, WINDOW, AdwApplicationWindow)

PatronWindow   *patron_window_new          (AdwApplication *application, PatronDocument *document);
PatronDocument *patron_window_get_document (PatronWindow *window);

/* Shows a page; each stays for as long as the window has use for it. Names: home, import, table, setup, run, report, history. */
void            patron_window_show_home    (PatronWindow *window);
void            patron_window_show_table   (PatronWindow *window, const char *table);
/* table: NULL for the one that fits best. */
void            patron_window_show_setup   (PatronWindow *window, const PatronOp *op, const char *table);
void            patron_window_show_run     (PatronWindow *window, gint64 run_id);
void            patron_window_show_report  (PatronWindow *window);
void            patron_window_show_history (PatronWindow *window);
void            patron_window_show_sql     (PatronWindow *window);
void            patron_window_show_charts  (PatronWindow *window, const char *table);

/* A project opens in place of an untouched one, else in a window of its own; any other file starts the import page. */
void            patron_window_open_file    (PatronWindow *window, GFile *file);
/* GFile*s: projects open in windows of their own; data files are looked at one after the other. */
void            patron_window_open_files   (PatronWindow *window, GSList *files);

/* Messages that fade. label and action (a detailed action name) give it a button; both may be NULL. */
void            patron_window_toast        (PatronWindow *window, const char *message, const char *label, const char *action);
void            patron_window_show_error   (PatronWindow *window, const char *heading, const GError *error);

/* The PatronWindow that a widget of a page is in; NULL before it is. */
PatronWindow   *patron_window_of           (GtkWidget *widget);

G_END_DECLS
