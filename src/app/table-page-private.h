/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/column-panel.h"
#include "app/filter-chips.h"
#include "app/filter-editor.h"
#include "app/row-order.h"
#include "app/step-editor.h"
#include "app/step-palette.h"
#include "app/steps-pane.h"
#include "app/table-page.h"

G_BEGIN_DECLS

/* Between table-page.c (the page and its table), table-page-columns.c (profiles and roles), table-page-view.c (which rows are shown, in which order) and
 * table-page-steps.c (prepare steps and their preview). */
struct _PatronTablePage
{
  GtkWidget           parent_instance;

  /* template children, borrowed */
  GtkWidget          *box;
  GtkLabel           *title, *subtitle;
  GtkMenuButton      *ask_button, *source_button;
  GtkToggleButton    *filter_button, *steps_button, *column_button;
  GtkRevealer        *filter_revealer;
  GtkBox             *filter_box;
  PatronFilterEditor *filter_editor;    /* of the table on show */
  PatronFilterChips  *filter_chips;
  GtkWidget          *view_bar, *view_chips;
  GtkLabel           *filter_message;
  GtkWidget          *order_bar;
  GtkLabel           *order_label;
  GtkProgressBar     *order_progress;
  AdwFlap            *flap;
  GtkStack           *content, *side;
  GtkScrolledWindow  *scrolled, *preview_scrolled;
  GtkWidget          *preview_bar, *preview_spinner;
  GtkLabel           *preview_label;
  PatronColumnPanel  *panel;
  PatronStepsPane    *steps_pane;
  PatronStepPalette  *palette;
  PatronGrid         *grid;
  GtkWidget          *menu;             /* popover of a header, or NULL */
  gboolean            updating_side;    /* its buttons are being set, not pressed */

  PatronDocument     *document;         /* owned */
  gint64              id;               /* of the table in the project, 0: it is not there */
  gint64              version;
  PatronTable        *table;            /* owned */
  PatronRoles        *roles;            /* owned: said by the user or guessed */
  guint32             guessed;
  PatronColumnProfile **profiles;       /* of each column, owned, NULL: not made yet */
  guint8             *profile_failed;
  guint               first_shown, n_shown;
  PatronJob          *profile_job;      /* owned: at most one column at a time */

  PatronJob          *order_job;        /* owned */
  PatronRowOrder      order, shown;     /* what is asked for, what is on show; filters owned */
  guint               order_source, filter_source;

  GPtrArray          *steps;            /* owned, of PatronTableStep* */
  PatronJob          *steps_job;        /* owned: applies steps */
  PatronJob          *input_job;        /* owned: works out what an early step sees */
  guint               add_at;           /* where the palette's step goes */
  PatronStepEditor   *editor;           /* borrowed child of side, or NULL */
  guint               edited;           /* position of its step */
  gboolean            adding;           /* it is a new one */
  gboolean            keeping;          /* it makes the order shown the table's own, which then needs no showing */
  guint               previewed;        /* serial of the preview on show */
  guint               ask_name;         /* source: asks for the name of the column at the cursor */
};

/* table-page-columns.c */
void patron_table_page_columns_init  (PatronTablePage *self);        /* for self->table */
void patron_table_page_columns_clear (PatronTablePage *self);
void patron_table_page_columns_class_init (GtkWidgetClass *class);
void patron_table_page_guess_roles   (PatronTablePage *self);
void patron_table_page_show_column   (PatronTablePage *self);

/* table-page-view.c */
void patron_table_page_view_class_init (GtkWidgetClass *class);
void patron_table_page_view_init     (PatronTablePage *self);
void patron_table_page_view_clear    (PatronTablePage *self);
void patron_table_page_view_again    (PatronTablePage *self, const char *sorted);   /* another table: sorted by the column of that name */
void patron_table_page_update_subtitle (PatronTablePage *self);

/* table-page-steps.c */
void patron_table_page_steps_class_init (GtkWidgetClass *class);
void patron_table_page_steps_init    (PatronTablePage *self);        /* for self->grid */
void patron_table_page_steps_clear   (PatronTablePage *self);
void patron_table_page_read_steps    (PatronTablePage *self);
/* Opens the settings of a new step behind the others. begin: NULL-terminated, alternating parameters and texts; may be NULL. */
void patron_table_page_begin_step    (PatronTablePage *self, const char *op, const char *const *begin);
void patron_table_page_begin_sort    (PatronTablePage *self, guint column, gboolean descending);
/* The header's menu entries for the column under the cursor. */
void patron_table_page_add_step_items (PatronTablePage *self, GMenu *menu);
gboolean patron_table_page_can_change (PatronTablePage *self);

/* table-page.c */

G_END_DECLS
