/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/job-bar.h"
#include "app/page.h"
#include "app/sidebar.h"
#include "app/window.h"

G_BEGIN_DECLS

/* Between window.c (pages and messages), window-actions.c (what keys and menus do), window-files.c (opening, saving, closing), window-pages.c
 * (which page shows what) and window-sources.c (folders and databases). */
struct _PatronWindow
{
  AdwApplicationWindow parent_instance;

  /* template children, borrowed */
  AdwToastOverlay *toasts;
  AdwWindowTitle  *title;
  AdwFlap         *flap;
  PatronSidebar   *sidebar;
  GtkStack        *stack;
  PatronJobBar    *job_bar;
  GtkWidget       *undo_button;
  GtkWidget       *redo_button;
  GtkWidget       *drop_hint;

  /* owned */
  PatronDocument  *document;
  GtkFileChooserNative *chooser;     /* the one that is open */
  PatronJob       *closing;          /* save that must finish before the window closes */
  char            *shown_table;      /* its name, or NULL */
  PatronRoles     *import_roles;     /* said of the columns of the file that is being read, or NULL */
  GQueue           waiting;          /* of char*, owned: data files to look at after the one that is shown */

  /* borrowed */
  const PatronOp  *pending_op;       /* question to ask once a file has been read */
  AdwToast        *toast;            /* the last one, while it is showing */

  gint64           shown_run;        /* id, 0: none */
  gboolean         close_anyway;
};

/* window.c */
PatronPage *patron_window_get_page       (PatronWindow *window);     /* the visible one, NULL when it is none */
/* Shows page under the name, in place of a former one; with NULL the one that is there. */
void        patron_window_show_page      (PatronWindow *window, const char *name, GtkWidget *page);
/* Nothing in the project fits: lets the user choose a file, and asks the question again once it has been read. */
void        patron_window_ask_for_data   (PatronWindow *window, const PatronOp *op);
gboolean    patron_window_is_pristine    (PatronWindow *window);     /* nothing in it to lose */

/* window-pages.c */
void        patron_window_show_import    (PatronWindow *window, const char *place);
/* The same with settings that are already chosen: keys and values, NULL at the end. */
void        patron_window_show_import_with (PatronWindow *window, const char *place, ...) G_GNUC_NULL_TERMINATED;
void        patron_window_drop_import    (PatronWindow *window);
gboolean    patron_window_import_next    (PatronWindow *window);     /* shows the next file that waits; FALSE when none does */
void        patron_window_run_again      (PatronWindow *window, gint64 run_id);   /* its setup page, with its settings */

/* Shows a dialog of this window's, its buttons named once. */
void        patron_window_present_dialog (GtkWidget *dialog);

/* window-actions.c */
void        patron_window_install_actions (PatronWindowClass *class);
void        patron_window_install_accels  (GtkApplication *application);
void        patron_window_actions_init    (PatronWindow *window);
void        patron_window_actions_update  (PatronWindow *window);    /* every sensitivity, whatever has changed */

/* window-files.c */
void        patron_window_files_init      (PatronWindow *window);    /* dropping */
void        patron_window_choose_file     (PatronWindow *window);
void        patron_window_choose_save     (PatronWindow *window, gboolean then_close);
/* Shows it; what is chosen is opened. chooser: taken. */
void        patron_window_show_chooser    (PatronWindow *window, GtkFileChooserNative *chooser);
gboolean    patron_window_may_close       (PatronWindow *window);    /* FALSE: it asks, and closes later if the answer is so */

/* window-sources.c */
void        patron_window_choose_folder    (PatronWindow *window);
void        patron_window_connect_database (PatronWindow *window);
gboolean    patron_window_are_alike        (const char *const *paths);                         /* could be one table */
void        patron_window_ask_together     (PatronWindow *window, const char *const *paths);   /* one table or several */

G_END_DECLS
