/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/explore-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/explore-card.h"
#include "app/explore-start.h"
#include "app/grid.h"
#include "app/page.h"
#include "app/param-block.h"
#include "base/memory.h"
#include "ops/registry.h"
#include "table/roles.h"

#define MAX_CARDS 12

struct _PatronExplorePage
{
  GtkWidget         parent_instance;
  GtkWidget        *paned;
  GtkLabel         *title, *choice;
  GtkWidget        *choice_bar;
  GtkFlowBox       *flow;
  AdwPreferencesGroup *basic;
  AdwExpanderRow   *advanced;
  GtkScrolledWindow *grid_window;
  GtkWidget        *add_button;
  PatronGrid       *grid;
  PatronDocument   *document;     /* owned */
  PatronTable      *table;        /* owned */
  GPtrArray        *cards;        /* of PatronExploreCard*, borrowed from the flow box */
  PatronExploreCard *active;      /* its settings are on show */
  PatronExploreCard *source;      /* where marks are chosen; NULL: nowhere */
  GArray           *rows;         /* owned: behind those marks */
  PatronParamBlock *block;        /* owned: the settings of active */
};

static void
patron_explore_page_page_init (PatronPageInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PatronExplorePage, patron_explore_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PATRON_TYPE_PAGE, patron_explore_page_page_init))

/* ---- what is chosen ------------------------------------------------------------------------------------------------- */

static void
show_rows_in_grid (PatronExplorePage *self)
{
  guint32 *order = NULL;
  gsize n = self->rows != NULL ? self->rows->len : 0;
  if (self->rows != NULL)
    {
      order = patron_try_alloc (n, sizeof *order, _("the rows shown"), NULL);
      if (order == NULL)
        return;
      if (n > 0)
        memcpy (order, self->rows->data, n * sizeof *order);
    }
  patron_grid_set_order (self->grid, order, n);
}

static void
say_choice (PatronExplorePage *self)
{
  gtk_widget_set_visible (self->choice_bar, self->rows != NULL);
  if (self->rows == NULL)
    return;
  g_autofree char *title = patron_explore_card_dup_title (self->source);
  g_autoptr (PatronText) text = patron_text (N_("{chosen} of {all} rows chosen in “{chart}”"), "chosen", PATRON_COUNT (self->rows->len), "all",
                                             PATRON_COUNT (patron_table_n_rows (self->table)), "chart", PATRON_STRING (title), NULL);
  g_autofree char *words = patron_text_render (text);
  gtk_label_set_label (self->choice, words);
}

/* The chart where marks are chosen stays as it is, so that the choice can be seen and changed (drawn again it would have other marks, none of them
 * chosen); the others show what was chosen. */
static void
spread_rows (PatronExplorePage *self)
{
  for (guint i = 0; i < self->cards->len; i++)
    if (self->cards->pdata[i] != self->source)
      patron_explore_card_set_rows (self->cards->pdata[i], self->rows);
  show_rows_in_grid (self);
  say_choice (self);
}

static void
set_choice (PatronExplorePage *self, PatronExploreCard *source, GArray *rows)
{
  if (self->source != NULL && self->source != source)
    patron_explore_card_choose_none (self->source);
  g_clear_pointer (&self->rows, g_array_unref);
  self->source = rows != NULL ? source : NULL;
  self->rows = rows;
  spread_rows (self);
}

static void
on_selected (PatronExplorePage *self, PatronExploreCard *card)
{
  GArray *rows = patron_explore_card_get_chosen (card);
  set_choice (self, card, rows != NULL ? g_array_ref (rows) : NULL);
}

static void
on_choose_none (PatronExplorePage *self)
{
  if (self->source != NULL)
    patron_explore_card_choose_none (self->source);
  set_choice (self, NULL, NULL);
}

/* ---- the rows that are chosen, as a table ------------------------------------------------------------------------- */

typedef struct
{
  PatronProject *project;
  PatronTable   *table;
  GArray        *rows;
  char          *name;
} Keep;

static void
keep_free (gpointer data)
{
  Keep *keep = data;
  patron_project_unref (keep->project);
  patron_table_unref (keep->table);
  g_array_unref (keep->rows);
  g_free (keep->name);
  g_free (keep);
}

static gboolean
keep_work (PatronRun *run, gpointer data, GError **error)
{
  const Keep *keep = data;
  g_autoptr (PatronTable) taken = patron_table_take_rows (keep->table, (const guint32 *) keep->rows->data, keep->rows->len, run, error);
  g_autoptr (PatronTable) named = taken != NULL ? patron_table_rename (taken, keep->name) : NULL;
  return named != NULL && patron_project_add_table_as (keep->project, named, PATRON_ADD_ROWS, NULL, run, error) != 0;
}

static void
on_kept (PatronJob *job, PatronExplorePage *self)
{
  patron_document_refresh (self->document);
}

static void
on_keep_rows (PatronExplorePage *self)
{
  if (self->rows == NULL)
    return;
  Keep *keep = g_new0 (Keep, 1);
  keep->project = patron_project_ref (patron_document_get_project (self->document));
  keep->table = patron_table_ref (self->table);
  keep->rows = g_array_ref (self->rows);
  keep->name = g_strdup_printf (_("%s, chosen rows"), patron_table_get_name (self->table));
  PatronJob *job = patron_document_start_job (self->document, _("Keep the chosen rows"), PATRON_JOB_EXCLUSIVE, keep_work, keep, keep_free);
  g_signal_connect_object (job, "finished", G_CALLBACK (on_kept), self, 0);
}

/* ---- settings ------------------------------------------------------------------------------------------------------- */

static void
on_settings_changed (PatronExplorePage *self)
{
  if (self->source == self->active)
    set_choice (self, NULL, NULL);
  patron_explore_card_rebuild (self->active);
}

static void
show_settings (PatronExplorePage *self)
{
  if (self->block != NULL)
    patron_param_block_clear (self->block);
  g_clear_object (&self->block);
  gtk_widget_set_sensitive (GTK_WIDGET (self->basic), self->active != NULL);
  if (self->active == NULL)
    return;
  PatronPlotSpec *spec = patron_explore_card_get_spec (self->active);
  PatronParamContext *context = patron_param_context_new (self->table, self->document, patron_plot_params, spec);
  self->block = patron_param_block_new_full (patron_plot_params, spec, context, self->basic, self->advanced);
  patron_param_context_unref (context);
  g_signal_connect_object (self->block, "changed", G_CALLBACK (on_settings_changed), self, G_CONNECT_SWAPPED);
}

static void
set_active (PatronExplorePage *self, PatronExploreCard *card)
{
  if (self->active == card)
    return;
  self->active = card;
  for (guint i = 0; i < self->cards->len; i++)
    patron_explore_card_set_active (self->cards->pdata[i], self->cards->pdata[i] == card);
  show_settings (self);
}

static void
on_active (PatronExplorePage *self, PatronExploreCard *card)
{
  set_active (self, card);
}

/* ---- cards ---------------------------------------------------------------------------------------------------------- */

static void
update_buttons (PatronExplorePage *self)
{
  gtk_widget_set_sensitive (self->add_button, self->cards->len < MAX_CARDS);
}

static void
on_remove (PatronExplorePage *self, PatronExploreCard *card)
{
  if (self->source == card)
    set_choice (self, NULL, NULL);
  g_ptr_array_remove (self->cards, card);
  if (self->active == card)
    {
      PatronExploreCard *next = self->cards->len > 0 ? self->cards->pdata[0] : NULL;
      self->active = card;   /* its settings leave before its memory does */
      set_active (self, next);
    }
  gtk_flow_box_remove (self->flow, gtk_widget_get_parent (GTK_WIDGET (card)));
  update_buttons (self);
}

/* The chart becomes a run of the project: a result with its recipe, and a page of the report. */
static void
on_keep (PatronExplorePage *self, PatronExploreCard *card)
{
  const PatronOp *plot = patron_ops_find ("plot");
  g_autoptr (PatronRecipe) recipe = patron_recipe_new ();
  recipe->table = g_strdup (patron_table_get_name (self->table));
  recipe->run = patron_step_new (plot);
  memcpy (recipe->run->params, patron_explore_card_get_spec (card), plot->params_size);
  patron_document_run (self->document, recipe, self->table);
}

static PatronExploreCard *
add_card (PatronExplorePage *self, const PatronPlotSpec *spec)
{
  GtkWidget *card = patron_explore_card_new (self->table, spec);
  gtk_widget_set_size_request (card, 270, 320);
  g_signal_connect_object (card, "selected", G_CALLBACK (on_selected), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "active", G_CALLBACK (on_active), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "remove", G_CALLBACK (on_remove), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "keep", G_CALLBACK (on_keep), self, G_CONNECT_SWAPPED);
  gtk_flow_box_insert (self->flow, card, -1);
  gtk_widget_set_focusable (gtk_widget_get_parent (card), FALSE);
  g_ptr_array_add (self->cards, card);
  if (self->rows != NULL)
    patron_explore_card_set_rows (PATRON_EXPLORE_CARD (card), self->rows);
  update_buttons (self);
  return PATRON_EXPLORE_CARD (card);
}

static void
on_add (PatronExplorePage *self)
{
  PatronPlotSpec spec;
  if (self->active != NULL)
    spec = *patron_explore_card_get_spec (self->active);
  else
    {
      memset (&spec, 0, sizeof spec);
      patron_params_init (patron_plot_params, &spec);
    }
  set_active (self, add_card (self, &spec));
}

/* ---- object --------------------------------------------------------------------------------------------------------- */

PatronTable *
patron_explore_page_get_table (PatronExplorePage *self)
{
  g_return_val_if_fail (PATRON_IS_EXPLORE_PAGE (self), NULL);
  return self->table;
}

static void
patron_explore_page_dispose (GObject *object)
{
  PatronExplorePage *self = PATRON_EXPLORE_PAGE (object);
  g_clear_object (&self->block);   /* before the cards, whose settings it writes */
  g_clear_pointer (&self->paned, gtk_widget_unparent);
  g_clear_object (&self->document);
  g_clear_pointer (&self->table, patron_table_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->cards, g_ptr_array_unref);
  G_OBJECT_CLASS (patron_explore_page_parent_class)->dispose (object);
}

static void
patron_explore_page_class_init (PatronExplorePageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_explore_page_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/patron/Patron/explore-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PatronExplorePage, paned);
  gtk_widget_class_bind_template_child (widget_class, PatronExplorePage, title);
  gtk_widget_class_bind_template_child (widget_class, PatronExplorePage, choice);
  gtk_widget_class_bind_template_child (widget_class, PatronExplorePage, choice_bar);
  gtk_widget_class_bind_template_child (widget_class, PatronExplorePage, flow);
  gtk_widget_class_bind_template_child (widget_class, PatronExplorePage, basic);
  gtk_widget_class_bind_template_child (widget_class, PatronExplorePage, advanced);
  gtk_widget_class_bind_template_child (widget_class, PatronExplorePage, grid_window);
  gtk_widget_class_bind_template_child (widget_class, PatronExplorePage, add_button);
  gtk_widget_class_bind_template_callback (widget_class, on_add);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_none);
  gtk_widget_class_bind_template_callback (widget_class, on_keep_rows);
}

static void
patron_explore_page_init (PatronExplorePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cards = g_ptr_array_new ();
}

static void
fill (PatronExplorePage *self)
{
  g_autofree char *title = g_strdup_printf (_("Charts of “%s”"), patron_table_get_name (self->table));
  gtk_label_set_label (self->title, title);
  self->grid = PATRON_GRID (patron_grid_new (self->table));
  gtk_scrolled_window_set_child (self->grid_window, GTK_WIDGET (self->grid));
  g_autoptr (GArray) specs = patron_explore_start (self->table);
  for (guint i = 0; i < specs->len; i++)
    add_card (self, &g_array_index (specs, PatronPlotSpec, i));
  if (self->cards->len > 0)
    set_active (self, self->cards->pdata[0]);
}

GtkWidget *
patron_explore_page_new (PatronDocument *document, PatronTable *table)
{
  PatronExplorePage *self = g_object_new (PATRON_TYPE_EXPLORE_PAGE, NULL);
  self->document = g_object_ref (document);
  self->table = patron_table_ref (table);
  fill (self);
  return GTK_WIDGET (self);
}
