/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chart-overlay.h"

#include <math.h>

#include "app/text-label.h"

/* Distance of the text from where the reader looks, in pixels. */
#define TIP_GAP 14
/* Room around a mark for its outline. */
#define HALO 8

struct _PatronChartOverlay
{
  GtkWidget           parent;
  const PatronLayout *layout;   /* borrowed, or NULL */
  PatronChartStyle    style;
  int                 mark;
  double              x, y;
  GtkWidget          *tip;      /* owned child */
  GArray             *chosen;   /* of guint: marks with an outline */
  PatronRect          band;
  gboolean            has_band;
  const PatronLayout *chosen_layout;   /* borrowed, or NULL */
};

G_DEFINE_FINAL_TYPE (PatronChartOverlay, patron_chart_overlay, GTK_TYPE_WIDGET)

void
patron_chart_overlay_show (PatronChartOverlay *self, const PatronLayout *layout, const PatronChartStyle *style, int mark, const char *text,
                           double x, double y)
{
  g_return_if_fail (PATRON_IS_CHART_OVERLAY (self));
  gboolean shown = self->layout != NULL;
  self->layout = mark >= 0 ? layout : NULL;
  if (!shown && self->layout == NULL)
    return;
  self->mark = mark;
  if (style != NULL)
    self->style = *style;
  self->x = x;
  self->y = y;
  gtk_label_set_label (GTK_LABEL (self->tip), text != NULL ? text : "");
  gtk_widget_set_visible (self->tip, self->layout != NULL && text != NULL);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* More outlines than this are a blot and take long; the rectangle says what is chosen then. */
#define MAX_OUTLINES 400

void
patron_chart_overlay_show_choice (PatronChartOverlay *self, const PatronLayout *layout, const PatronChartStyle *style,
                                  gboolean (*is_chosen) (gpointer data, const PatronMark *mark), gpointer data, const PatronRect *band)
{
  g_return_if_fail (PATRON_IS_CHART_OVERLAY (self));
  self->chosen_layout = layout;
  self->has_band = layout != NULL && band != NULL;
  if (self->has_band)
    self->band = *band;
  if (style != NULL)
    self->style = *style;
  g_array_set_size (self->chosen, 0);
  for (guint i = 0; layout != NULL && i < layout->marks->len && self->chosen->len <= MAX_OUTLINES; i++)
    if (is_chosen (data, &g_array_index (layout->marks, PatronMark, i)))
      g_array_append_val (self->chosen, i);
  if (self->chosen->len > MAX_OUTLINES)
    g_array_set_size (self->chosen, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
snapshot_choice (PatronChartOverlay *self, GtkSnapshot *snapshot)
{
  if (self->has_band)
    {
      const PatronColour *axis = &self->style.theme->axis;
      const GdkRGBA fill = { axis->red, axis->green, axis->blue, 0.14 }, edge = { axis->red, axis->green, axis->blue, 0.8 };
      graphene_rect_t area = GRAPHENE_RECT_INIT (self->band.x, self->band.y, self->band.width, self->band.height);
      GskRoundedRect outline;
      gsk_rounded_rect_init_from_rect (&outline, &area, 0);
      gtk_snapshot_append_color (snapshot, &fill, &area);
      gtk_snapshot_append_border (snapshot, &outline, (float[]) { 1, 1, 1, 1 }, (GdkRGBA[]) { edge, edge, edge, edge });
    }
  if (self->chosen->len == 0)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self))));
  for (guint i = 0; i < self->chosen->len; i++)
    if (g_array_index (self->chosen, guint, i) < self->chosen_layout->marks->len)
      patron_layout_draw_highlight (self->chosen_layout, cr, g_array_index (self->chosen, guint, i), &self->style);
  cairo_destroy (cr);
}

static gboolean
has_hair (const PatronLayout *layout)
{
  return layout->chart->kind == PATRON_CHART_LINE || layout->chart->kind == PATRON_CHART_SCATTER;
}

static void
snapshot_hair (PatronChartOverlay *self, GtkSnapshot *snapshot, const PatronMark *mark)
{
  const PatronRect around = patron_layout_plot_of (self->layout, mark), *plot = &around;
  const PatronColour *axis = &self->style.theme->axis;
  const GdkRGBA colour = { axis->red, axis->green, axis->blue, 0.6 };
  gtk_snapshot_append_color (snapshot, &colour, &GRAPHENE_RECT_INIT (mark->box.x - 0.5f, plot->y, 1, plot->height));
  if (self->layout->chart->kind == PATRON_CHART_SCATTER)
    gtk_snapshot_append_color (snapshot, &colour, &GRAPHENE_RECT_INIT (plot->x, mark->box.y - 0.5f, plot->width, 1));
}

/* The mark with its whiskers. */
static graphene_rect_t
bounds_of (const PatronMark *mark)
{
  graphene_rect_t bounds;
  graphene_rect_init (&bounds, mark->box.x, mark->box.y, mark->box.width, mark->box.height);
  const double ends[] = { mark->low, mark->high };
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (!isnan (ends[i]))
      {
        graphene_point_t end = GRAPHENE_POINT_INIT (mark->upright ? mark->box.x : ends[i], mark->upright ? ends[i] : mark->box.y);
        graphene_rect_expand (&bounds, &end, &bounds);
      }
  graphene_rect_inset (&bounds, -HALO, -HALO);
  return bounds;
}

static void
patron_chart_overlay_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PatronChartOverlay *self = PATRON_CHART_OVERLAY (widget);
  if (self->chosen_layout != NULL)
    snapshot_choice (self, snapshot);
  if (self->layout == NULL || self->mark >= (int) self->layout->marks->len)
    return;
  const PatronMark *mark = &g_array_index (self->layout->marks, PatronMark, self->mark);
  if (has_hair (self->layout))
    snapshot_hair (self, snapshot, mark);
  graphene_rect_t bounds = bounds_of (mark);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  patron_layout_draw_highlight (self->layout, cr, self->mark, &self->style);
  cairo_destroy (cr);
  gtk_widget_snapshot_child (widget, self->tip, snapshot);
}

static void
patron_chart_overlay_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PatronChartOverlay *self = PATRON_CHART_OVERLAY (widget);
  if (!gtk_widget_get_visible (self->tip))
    return;
  GtkRequisition size;
  gtk_widget_get_preferred_size (self->tip, NULL, &size);
  double x = self->x + TIP_GAP, y = self->y + TIP_GAP;
  if (x + size.width > width)
    x = self->x - TIP_GAP - size.width;
  if (y + size.height > height)
    y = self->y - TIP_GAP - size.height;
  x = CLAMP (x, 0, MAX (0, width - size.width));
  y = CLAMP (y, 0, MAX (0, height - size.height));
  gtk_widget_size_allocate (self->tip, &(GtkAllocation) { (int) x, (int) y, size.width, size.height }, -1);
}

static void
patron_chart_overlay_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                              int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = 0;
}

GtkWidget *
patron_chart_overlay_new (void)
{
  return g_object_new (PATRON_TYPE_CHART_OVERLAY, "can-target", FALSE, NULL);
}

static void
patron_chart_overlay_dispose (GObject *object)
{
  g_clear_pointer (&PATRON_CHART_OVERLAY (object)->tip, gtk_widget_unparent);
  G_OBJECT_CLASS (patron_chart_overlay_parent_class)->dispose (object);
}

static void
patron_chart_overlay_finalize (GObject *object)
{
  g_array_unref (PATRON_CHART_OVERLAY (object)->chosen);
  G_OBJECT_CLASS (patron_chart_overlay_parent_class)->finalize (object);
}

static void
patron_chart_overlay_class_init (PatronChartOverlayClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_chart_overlay_dispose;
  G_OBJECT_CLASS (class)->finalize = patron_chart_overlay_finalize;
  widget_class->snapshot = patron_chart_overlay_snapshot;
  widget_class->size_allocate = patron_chart_overlay_size_allocate;
  widget_class->measure = patron_chart_overlay_measure;
}

static void
patron_chart_overlay_init (PatronChartOverlay *self)
{
  self->mark = -1;
  self->chosen = g_array_new (FALSE, FALSE, sizeof (guint));
  self->tip = patron_label_new_short (NULL, "chart-tip numeric");
  gtk_widget_set_visible (self->tip, FALSE);
  gtk_widget_set_parent (self->tip, GTK_WIDGET (self));
}
