/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/figure-card.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/text-label.h"
#include "ops/registry.h"

struct _PatronFigureCard
{
  GtkWidget           parent;
  const PatronFigure *figure;   /* borrowed */
  const PatronReport *report;   /* borrowed */
  GtkWidget          *button;   /* owned child */
};

G_DEFINE_FINAL_TYPE (PatronFigureCard, patron_figure_card, GTK_TYPE_WIDGET)

static gboolean
has_interval (const PatronFigure *figure)
{
  return !isnan (figure->low) && !isnan (figure->high);
}

static char *
interval_text (const PatronFigure *figure)
{
  g_autofree char *low = patron_format_number (figure->format, figure->low);
  g_autofree char *high = patron_format_number (figure->format, figure->high);
  return g_strdup_printf ("%s – %s", low, high);
}

char *
patron_figure_value_text (const PatronFigure *figure)
{
  char *value = patron_format_number (figure->format, figure->value);
  if (!has_interval (figure))
    return value;
  g_autofree char *interval = interval_text (figure);
  char *text = g_strdup_printf ("%s (%s)", value, interval);
  g_free (value);
  return text;
}

static const PatronFigure *
find_figure (const GPtrArray *figures, const char *id)
{
  for (guint i = 0; figures != NULL && i < figures->len; i++)
    {
      const PatronFigure *figure = figures->pdata[i];
      if (g_strcmp0 (figure->id, id) == 0)
        return figure;
    }
  return NULL;
}

/* ---- the story ----------------------------------------------------------------------------------------------- */

static void
on_copy (PatronFigureCard *self)
{
  g_autofree char *label = patron_text_render (self->figure->label);
  g_autofree char *value = patron_figure_value_text (self->figure);
  g_autofree char *text = g_strdup_printf ("%s: %s", label, value);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static GtkWidget *
story_new (PatronFigureCard *self)
{
  const PatronReport *report = self->report;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (box, "story");
  gtk_box_append (GTK_BOX (box), patron_label_new_text (self->figure->label, "heading"));
  GtkWidget *note = patron_label_new_text (self->figure->note, NULL);
  gtk_label_set_max_width_chars (GTK_LABEL (note), 44);
  gtk_box_append (GTK_BOX (box), note);
  if (has_interval (self->figure))
    {
      g_autofree char *interval = interval_text (self->figure);
      g_autofree char *text = g_strdup_printf (_("95%% interval: %s"), interval);
      gtk_box_append (GTK_BOX (box), patron_label_new (text, NULL));
    }
  const char *source = report->source != NULL ? report->source : "–";
  g_autoptr (PatronText) rows = patron_text (N_("From {used} of {read} {read|row|rows} of “{source}”."), "used",
                                             PATRON_COUNT (report->rows_used), "read", PATRON_COUNT (report->rows_read), "source",
                                             PATRON_STRING (source), NULL);
  gtk_box_append (GTK_BOX (box), patron_label_new_text (rows, "dim-label"));
  g_autoptr (PatronText) origin = patron_text (N_("{method}, seed {seed}, Patron {version}."), "method", PATRON_STRING (patron_ops_title (report->op)),
                                               "seed", PATRON_EXACT (report->seed), "version",
                                               PATRON_STRING (report->version != NULL ? report->version : PATRON_VERSION), NULL);
  gtk_box_append (GTK_BOX (box), patron_label_new_text (origin, "dim-label"));
  GtkWidget *copy = gtk_button_new_with_mnemonic (_("_Copy"));
  gtk_widget_set_halign (copy, GTK_ALIGN_START);
  g_signal_connect_object (copy, "clicked", G_CALLBACK (on_copy), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), copy);

  GtkWidget *popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  return popover;
}

static void
create_story (GtkMenuButton *button, gpointer self)
{
  if (gtk_menu_button_get_popover (button) == NULL)
    gtk_menu_button_set_popover (button, story_new (self));
}

/* ---- the card ------------------------------------------------------------------------------------------------ */

static GtkWidget *
beside (const char *format, const char *name, const PatronFigure *figure)
{
  g_autofree char *value = patron_format_number (figure->format, figure->value);
  g_autofree char *text = g_strdup_printf (format, name, value);
  GtkWidget *label = patron_label_new_short (text, "caption dim-label numeric");
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars (GTK_LABEL (label), 15);
  gtk_widget_set_tooltip_text (label, text);
  return label;
}

static GtkWidget *
content_new (PatronFigureCard *self, const PatronReport *former)
{
  const PatronFigure *figure = self->figure;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_set_hexpand (box, TRUE);
  GtkWidget *name = patron_label_new_text (figure->label, "caption dim-label");
  gtk_label_set_width_chars (GTK_LABEL (name), 15);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 15);
  gtk_label_set_lines (GTK_LABEL (name), 2);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), name);
  g_autofree char *value = patron_format_number (figure->format, figure->value);
  gtk_box_append (GTK_BOX (box), patron_label_new_short (value, "figure numeric"));
  if (has_interval (figure))
    {
      g_autofree char *interval = interval_text (figure);
      gtk_box_append (GTK_BOX (box), patron_label_new_short (interval, "caption numeric"));
    }
  const PatronFigure *rival = find_figure (self->report->baseline_figures, figure->id);
  if (rival != NULL && self->report->baseline != NULL)
    /* Translators: the name of the simple rival of a model, then its figure. */
    gtk_box_append (GTK_BOX (box), beside (_("%s: %s"), patron_ops_title (self->report->baseline), rival));
  const PatronFigure *before = former != NULL ? find_figure (former->figures, figure->id) : NULL;
  if (before != NULL && patron_text_equal (before->label, figure->label))
    gtk_box_append (GTK_BOX (box), beside (_("%s: %s"), _("Before"), before));
  return box;
}

GtkWidget *
patron_figure_card_new (const PatronFigure *figure, const PatronReport *report, const PatronReport *former)
{
  PatronFigureCard *self = g_object_new (PATRON_TYPE_FIGURE_CARD, NULL);
  self->figure = figure;
  self->report = report;
  GtkWidget *content = content_new (self, former);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (self->button), content);
  gtk_widget_set_halign (gtk_widget_get_parent (content), GTK_ALIGN_FILL);   /* the button centres it in a box of its own */
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->button), create_story, self, NULL);
  g_autofree char *label = patron_text_render (figure->label);
  g_autofree char *value = patron_figure_value_text (figure);
  g_autofree char *name = g_strdup_printf ("%s: %s", label, value);
  patron_widget_set_name (self->button, name);
  gtk_widget_set_tooltip_text (self->button, _("Where this number comes from"));
  return GTK_WIDGET (self);
}

static void
patron_figure_card_dispose (GObject *object)
{
  g_clear_pointer (&PATRON_FIGURE_CARD (object)->button, gtk_widget_unparent);
  G_OBJECT_CLASS (patron_figure_card_parent_class)->dispose (object);
}

static void
patron_figure_card_class_init (PatronFigureCardClass *class)
{
  G_OBJECT_CLASS (class)->dispose = patron_figure_card_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
patron_figure_card_init (PatronFigureCard *self)
{
  self->button = gtk_menu_button_new ();
  gtk_widget_add_css_class (self->button, "figure-card");
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
}
