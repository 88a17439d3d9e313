/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/result-page.h"

#include <glib/gi18n-lib.h>

#include "app/block-view.h"
#include "app/figure-card.h"
#include "app/page.h"
#include "app/report-export.h"
#include "app/text-label.h"
#include "app/used-card.h"
#include "ops/registry.h"

struct _PatronResultPage
{
  GtkWidget parent;

  PatronReport   *report;     /* owned; outlives the children that borrow from it */
  PatronReport   *former;     /* owned, or NULL */
  PatronDocument *document;   /* owned, or NULL */

  /* Children. */
  GtkWidget *scrolled;
  GtkWidget *content;
  GtkWidget *open_table;
  GtkWidget *figures;
};

enum { RUN_AGAIN, REPORT, OPEN_TABLE, N_SIGNALS };
static guint signals[N_SIGNALS];

static void page_init (PatronPageInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PatronResultPage, patron_result_page, GTK_TYPE_WIDGET, G_IMPLEMENT_INTERFACE (PATRON_TYPE_PAGE, page_init))

/* ---- head ---------------------------------------------------------------------------------------------------- */

static void
on_run_again (PatronResultPage *self)
{
  g_signal_emit (self, signals[RUN_AGAIN], 0);
}

static void
on_report (PatronResultPage *self)
{
  g_signal_emit (self, signals[REPORT], 0);
}

static void
on_open_table (PatronResultPage *self)
{
  g_signal_emit (self, signals[OPEN_TABLE], 0);
}

static void
export (PatronResultPage *self, const char *kind)
{
  g_autoptr (GPtrArray) reports = g_ptr_array_new ();
  g_ptr_array_add (reports, self->report);
  g_autofree char *title = patron_text_render (self->report->title);
  patron_report_export_dialog (GTK_WIDGET (self), title, reports, NULL, NULL, kind);
}

static void
on_export (GtkWidget *widget, const char *action, GVariant *parameter)
{
  export (PATRON_RESULT_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static char *
origin_text (const PatronReport *report)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (report->created / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *when = local != NULL && report->created > 0 ? g_date_time_format (local, "%Y-%m-%d %H:%M") : NULL;
  const char *method = patron_ops_title (report->op);
  g_autofree char *title = patron_text_render (report->title);
  g_autofree char *source = g_strjoin (" · ", report->source != NULL ? report->source : "–", when, NULL);
  /* The method is named once: below the title only where the title says something else. */
  return method == NULL || g_str_equal (method, title) ? g_steal_pointer (&source) : g_strjoin (" · ", method, source, NULL);
}

static GtkWidget *
action_button (PatronResultPage *self, const char *label, const char *tooltip, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
export_button_new (void)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_menu_append (menu, _("_PDF Document…"), "result.export::pdf");
  g_menu_append (menu, _("_Web Page…"), "result.export::html");
  g_menu_append (menu, _("_Spreadsheet…"), "result.export::xlsx");
  GtkWidget *button = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _("E_xport"));
  gtk_menu_button_set_use_underline (GTK_MENU_BUTTON (button), TRUE);
  patron_widget_set_name (button, _("Export"));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  return button;
}

static GtkWidget *
buttons_new (PatronResultPage *self)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->open_table = action_button (self, _("Open as _Table"), _("The result for each row or customer, as a table of the project"),
                                    G_CALLBACK (on_open_table));
  gtk_widget_set_visible (self->open_table, FALSE);
  gtk_box_append (GTK_BOX (buttons), self->open_table);
  gtk_box_append (GTK_BOX (buttons), action_button (self, _("Run A_gain"), _("Open the settings of this result"), G_CALLBACK (on_run_again)));
  gtk_box_append (GTK_BOX (buttons), action_button (self, _("Re_port"), _("Put this result into the report"), G_CALLBACK (on_report)));
  gtk_box_append (GTK_BOX (buttons), export_button_new ());
  return buttons;
}

static GtkWidget *
head_new (PatronResultPage *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_box_append (GTK_BOX (head), patron_label_new_text (self->report->title, "title-1"));
  g_autofree char *origin = origin_text (self->report);
  GtkWidget *label = patron_label_new (origin, "dim-label");
  gtk_widget_set_hexpand (label, TRUE);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), buttons_new (self));
  gtk_box_append (GTK_BOX (head), line);
  return head;
}

/* ---- answer -------------------------------------------------------------------------------------------------- */

static GtkWidget *
figures_new (PatronResultPage *self)
{
  GtkWidget *box = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (box), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (box), TRUE);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (box), 12);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (box), 12);
  patron_widget_set_name (box, _("Key figures"));
  guint n = 0;
  for (guint i = 0; i < self->report->figures->len; i++)
    {
      const PatronFigure *figure = self->report->figures->pdata[i];
      if (!figure->headline)
        continue;
      GtkWidget *card = patron_figure_card_new (figure, self->report, self->former);
      gtk_flow_box_append (GTK_FLOW_BOX (box), card);
      gtk_widget_set_focusable (gtk_widget_get_parent (card), FALSE);
      n++;
    }
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (box), CLAMP (n, 1, 3));
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (box), CLAMP (n, 1, 6));
  gtk_widget_set_visible (box, n > 0);
  return box;
}

static void
append (PatronResultPage *self, GtkWidget *child)
{
  if (child != NULL)
    gtk_box_append (GTK_BOX (self->content), child);
}

static void
fill (PatronResultPage *self)
{
  append (self, head_new (self));
  append (self, patron_label_new_text (self->report->headline, "headline"));
  append (self, self->figures = figures_new (self));
  append (self, patron_notes_card_new (self->report));
  append (self, patron_blocks_new (self->report->blocks));
  append (self, patron_more_figures_new (self->report));
  append (self, patron_used_card_new (self->report));
}

/* ---- public -------------------------------------------------------------------------------------------------- */

GtkWidget *
patron_result_page_new (PatronReport *report, PatronDocument *document)
{
  PatronResultPage *self = g_object_new (PATRON_TYPE_RESULT_PAGE, NULL);
  self->report = report;
  if (document != NULL)
    self->document = g_object_ref (document);
  fill (self);
  return GTK_WIDGET (self);
}

void
patron_result_page_set_result_table (PatronResultPage *self, gboolean has_table, gsize n_rows)
{
  g_return_if_fail (PATRON_IS_RESULT_PAGE (self));
  gtk_widget_set_visible (self->open_table, has_table);
  if (n_rows == 0)
    return;
  g_autoptr (PatronText) text = patron_text (N_("Open _Table of {rows} {rows|Row|Rows}"), "rows", PATRON_COUNT (n_rows), NULL);
  g_autofree char *label = patron_text_render (text);
  gtk_button_set_label (GTK_BUTTON (self->open_table), label);
}

void
patron_result_page_set_former (PatronResultPage *self, PatronReport *former)
{
  g_return_if_fail (PATRON_IS_RESULT_PAGE (self));
  GtkWidget *before = gtk_widget_get_prev_sibling (self->figures);
  gtk_box_remove (GTK_BOX (self->content), self->figures);
  g_clear_pointer (&self->former, patron_report_free);
  self->former = former;
  self->figures = figures_new (self);
  gtk_box_insert_child_after (GTK_BOX (self->content), self->figures, before);
}

/* ---- widget -------------------------------------------------------------------------------------------------- */

static gboolean
patron_result_page_can (PatronPage *page, PatronCommand command)
{
  return command == PATRON_COMMAND_EXPORT || command == PATRON_COMMAND_PRINT || command == PATRON_COMMAND_RUN;
}

static void
patron_result_page_perform (PatronPage *page, PatronCommand command)
{
  PatronResultPage *self = PATRON_RESULT_PAGE (page);
  if (command == PATRON_COMMAND_RUN)
    on_run_again (self);
  else if (command == PATRON_COMMAND_PRINT)
    on_report (self);
  else if (command == PATRON_COMMAND_EXPORT)
    export (self, "pdf");
}

static const PatronOp *
patron_result_page_page_op (PatronPage *page)
{
  const char *op = PATRON_RESULT_PAGE (page)->report->op;
  return op != NULL ? patron_ops_find (op) : NULL;
}

static void
page_init (PatronPageInterface *interface)
{
  interface->can = patron_result_page_can;
  interface->perform = patron_result_page_perform;
  interface->get_op = patron_result_page_page_op;
}

static void
patron_result_page_dispose (GObject *object)
{
  PatronResultPage *self = PATRON_RESULT_PAGE (object);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (patron_result_page_parent_class)->dispose (object);
}

static void
patron_result_page_finalize (GObject *object)
{
  PatronResultPage *self = PATRON_RESULT_PAGE (object);
  g_clear_pointer (&self->report, patron_report_free);
  g_clear_pointer (&self->former, patron_report_free);
  G_OBJECT_CLASS (patron_result_page_parent_class)->finalize (object);
}

static void
patron_result_page_class_init (PatronResultPageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->dispose = patron_result_page_dispose;
  object_class->finalize = patron_result_page_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "result.export", "s", on_export);
  const char *names[] = { "run-again", "report", "open-table" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    signals[i] = g_signal_new (names[i], PATRON_TYPE_RESULT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_result_page_init (PatronResultPage *self)
{
  self->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  gtk_widget_add_css_class (self->content, "page-content");
  GtkWidget *clamp = adw_clamp_new ();
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 1400);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), 1100);
  adw_clamp_set_child (ADW_CLAMP (clamp), self->content);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), clamp);
  /* Lists and tables inside ask for next to nothing at least: give them what they would like. */
  gtk_scrollable_set_vscroll_policy (GTK_SCROLLABLE (gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (self->scrolled))), GTK_SCROLL_NATURAL);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
}
