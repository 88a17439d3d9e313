/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "base/op.h"

G_BEGIN_DECLS

/* What the window's keys and menu do to the page that is showing. */
typedef enum
{
  PATRON_COMMAND_RUN,       /* Ctrl+Return */
  PATRON_COMMAND_FIND,      /* Ctrl+F */
  PATRON_COMMAND_EXPORT,    /* Ctrl+E */
  PATRON_COMMAND_PRINT,     /* Ctrl+P */
  PATRON_N_COMMANDS,
} PatronCommand;

/* What a widget implements to be a page of the window. All functions may be NULL: then the page can do nothing and is about no method. */
#define PATRON_TYPE_PAGE (patron_page_get_type ())
G_DECLARE_INTERFACE (PatronPage, patron_page, PATRON, PAGE, GtkWidget)

struct _PatronPageInterface
{
  GTypeInterface parent_interface;
  gboolean        (*can)     (PatronPage *page, PatronCommand command);
  void            (*perform) (PatronPage *page, PatronCommand command);   /* only when it can */
  const PatronOp *(*get_op)  (PatronPage *page);                          /* the method that F1 explains */
};

gboolean        patron_page_can     (PatronPage *page, PatronCommand command);
void            patron_page_perform (PatronPage *page, PatronCommand command);
const PatronOp *patron_page_get_op  (PatronPage *page);
/* The page says that can() may answer otherwise now (signal "commands-changed"). */
void            patron_page_commands_changed (PatronPage *page);

G_END_DECLS
