/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cell-view.h"

#include <math.h>

#include "app/text-label.h"

struct _PatronCellView
{
  GtkWidget  parent;
  GtkWidget *label;   /* owned child */
  double     share;   /* NaN: no bar */
};

G_DEFINE_FINAL_TYPE (PatronCellView, patron_cell_view, GTK_TYPE_WIDGET)

void
patron_cell_view_show (PatronCellView *self, const char *text, double share)
{
  g_return_if_fail (PATRON_IS_CELL_VIEW (self));
  gtk_label_set_label (GTK_LABEL (self->label), text);
  self->share = share;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The text's own colour, faint, so that the bar suits light, dark and selected rows. */
static void
snapshot_bar (PatronCellView *self, GtkSnapshot *snapshot)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA colour;
  if (!gtk_style_context_lookup_color (style, self->share < 0 ? "warning_color" : "accent_color", &colour))
    gtk_style_context_get_color (style, &colour);
  colour.alpha = 0.2;
  float height = gtk_widget_get_height (GTK_WIDGET (self));
  float full = gtk_widget_get_width (GTK_WIDGET (self));
  float width = MIN (1, fabs (self->share)) * full;
  GskRoundedRect rounded;
  gsk_rounded_rect_init_from_rect (&rounded, &GRAPHENE_RECT_INIT (full - width, 1, width, height - 2), 3);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, &colour, &rounded.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
patron_cell_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PatronCellView *self = PATRON_CELL_VIEW (widget);
  if (!isnan (self->share) && self->share != 0)
    snapshot_bar (self, snapshot);
  gtk_widget_snapshot_child (widget, self->label, snapshot);
}

GtkWidget *
patron_cell_view_new (gboolean number, int width)
{
  PatronCellView *self = g_object_new (PATRON_TYPE_CELL_VIEW, NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), number ? 1 : 0);
  if (number)
    gtk_widget_add_css_class (self->label, "numeric");
  else
    {
      gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (self->label), width);
      gtk_label_set_max_width_chars (GTK_LABEL (self->label), 48);
    }
  return GTK_WIDGET (self);
}

static void
patron_cell_view_dispose (GObject *object)
{
  g_clear_pointer (&PATRON_CELL_VIEW (object)->label, gtk_widget_unparent);
  G_OBJECT_CLASS (patron_cell_view_parent_class)->dispose (object);
}

static void
patron_cell_view_class_init (PatronCellViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_cell_view_dispose;
  widget_class->snapshot = patron_cell_view_snapshot;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "reportcell");
}

static void
patron_cell_view_init (PatronCellView *self)
{
  self->share = NAN;
  self->label = patron_label_new_short (NULL, NULL);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}
