/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chart-view.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "app/chart-overlay.h"
#include "app/chart-picture.h"
#include "app/save-dialog.h"
#include "app/text-label.h"
#include "draw/document.h"

/* Of the widget; two of the natural width stand side by side in a window of the usual size. */
#define MIN_WIDTH 260
#define NATURAL_WIDTH 400
/* Smallest picture that is copied or saved, in pixels. */
#define PICTURE_WIDTH 720
#define PICTURE_HEIGHT 420
/* Values named in the accessible description. */
#define N_SPOKEN 6

struct _PatronChartView
{
  GtkWidget parent;

  PatronChart     *chart;     /* owned */
  PatronLayout    *layout;    /* owned; of the size and style below */
  GdkTexture      *picture;   /* owned; drawn from layout */
  PatronChartStyle style;
  int              width, height, scale;
  int              mark;      /* under the pointer or the keyboard's, -1: none */
  gboolean         selectable;
  GHashTable      *selected;  /* owned: keys of the marks that are chosen */
  PatronRect       band;      /* rectangle drawn around them, in the present size */
  gboolean         has_band;

  /* Children. */
  GtkWidget *overlay;
  GtkWidget *menu;
};

G_DEFINE_FINAL_TYPE (PatronChartView, patron_chart_view, GTK_TYPE_WIDGET)

enum { SELECTED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void show_selection (PatronChartView *self);

/* ---- the picture --------------------------------------------------------------------------------------------- */

static void
update_style (PatronChartView *self)
{
  int dpi = 96 * 1024;
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-xft-dpi", &dpi, NULL);
  patron_chart_style_init (&self->style);
  self->style.theme = adw_style_manager_get_dark (adw_style_manager_get_default ()) ? &patron_theme_dark : &patron_theme_light;
  self->style.size *= dpi > 0 ? dpi / (96.0 * 1024) : 1;
}

static void
set_mark (PatronChartView *self, int mark, double x, double y)
{
  self->mark = mark;
  g_autofree char *text = mark >= 0 ? patron_layout_describe (self->layout, mark) : NULL;
  patron_chart_overlay_show (PATRON_CHART_OVERLAY (self->overlay), self->layout, &self->style, mark, text, x, y);
}

static void
clear_picture (PatronChartView *self)
{
  self->mark = -1;
  patron_chart_overlay_show (PATRON_CHART_OVERLAY (self->overlay), NULL, NULL, -1, NULL, 0, 0);
  patron_chart_overlay_show_choice (PATRON_CHART_OVERLAY (self->overlay), NULL, NULL, NULL, NULL, NULL);
  g_clear_object (&self->picture);
  g_clear_pointer (&self->layout, patron_layout_free);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
ensure_layout (PatronChartView *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  if (self->layout != NULL && (width != self->width || height != self->height || scale != self->scale))
    clear_picture (self);
  if (self->layout != NULL)
    return;
  self->width = width;
  self->height = height;
  self->scale = scale;
  update_style (self);
  self->layout = patron_chart_layout (self->chart, width, height, &self->style);
  self->has_band = FALSE;
  show_selection (self);
}

static void
patron_chart_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PatronChartView *self = PATRON_CHART_VIEW (widget);
  ensure_layout (self);
  if (self->picture == NULL)
    self->picture = patron_chart_texture (self->layout, &self->style, self->width, self->height, self->scale);
  if (self->picture != NULL)
    gtk_snapshot_append_texture (snapshot, self->picture, &GRAPHENE_RECT_INIT (0, 0, self->width, self->height));
  gtk_widget_snapshot_child (widget, self->overlay, snapshot);
}

/* ---- hovering ------------------------------------------------------------------------------------------------ */

char *
patron_chart_view_text_at (PatronChartView *self, double x, double y)
{
  g_return_val_if_fail (PATRON_IS_CHART_VIEW (self), NULL);
  ensure_layout (self);
  int mark = patron_layout_find (self->layout, x, y);
  return mark >= 0 ? patron_layout_describe (self->layout, mark) : NULL;
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, PatronChartView *self)
{
  ensure_layout (self);
  int mark = patron_layout_find (self->layout, x, y);
  if (mark >= 0 || self->mark >= 0)
    set_mark (self, mark, x, y);
}

static void
on_leave (PatronChartView *self)
{
  if (self->mark >= 0)
    set_mark (self, -1, 0, 0);
}

/* ---- choosing marks ---------------------------------------------------------------------------------------------- */

/* Of a mark, as the hash table wants it. */
static gint64 *
mark_key (guint32 series, guint32 index)
{
  gint64 *key = g_new (gint64, 1);
  *key = (gint64) ((guint64) series << 32 | index);
  return key;
}

GArray *
patron_chart_view_dup_selected (PatronChartView *self)
{
  g_return_val_if_fail (PATRON_IS_CHART_VIEW (self), NULL);
  GArray *marks = g_array_sized_new (FALSE, FALSE, sizeof (PatronChartMark), g_hash_table_size (self->selected));
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, self->selected);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      PatronChartMark mark = { (guint32) ((guint64) *(gint64 *) key >> 32), (guint32) *(gint64 *) key };
      g_array_append_val (marks, mark);
    }
  return marks;
}

guint
patron_chart_view_n_selected (PatronChartView *self)
{
  g_return_val_if_fail (PATRON_IS_CHART_VIEW (self), 0);
  return g_hash_table_size (self->selected);
}

static gboolean
is_chosen (gpointer data, const PatronMark *mark)
{
  PatronChartView *self = data;
  gint64 key = (gint64) ((guint64) mark->series << 32 | mark->index);
  return g_hash_table_contains (self->selected, &key);
}

static void
show_selection (PatronChartView *self)
{
  gboolean any = patron_chart_view_n_selected (self) > 0 || self->has_band;
  patron_chart_overlay_show_choice (PATRON_CHART_OVERLAY (self->overlay), any ? self->layout : NULL, &self->style, is_chosen, self,
                                    self->has_band ? &self->band : NULL);
}

static void
selection_changed (PatronChartView *self)
{
  show_selection (self);
  g_signal_emit (self, signals[SELECTED], 0);
}

void
patron_chart_view_clear_selection (PatronChartView *self)
{
  g_return_if_fail (PATRON_IS_CHART_VIEW (self));
  g_hash_table_remove_all (self->selected);
  self->has_band = FALSE;
  show_selection (self);
}

void
patron_chart_view_set_selectable (PatronChartView *self, gboolean selectable)
{
  g_return_if_fail (PATRON_IS_CHART_VIEW (self));
  self->selectable = selectable;
}

void
patron_chart_view_select_area (PatronChartView *self, double x, double y, double width, double height)
{
  g_return_if_fail (PATRON_IS_CHART_VIEW (self));
  ensure_layout (self);
  self->band = (PatronRect) { MIN (x, x + width), MIN (y, y + height), ABS (width), ABS (height) };
  self->has_band = TRUE;
  g_hash_table_remove_all (self->selected);
  g_autoptr (GArray) marks = patron_layout_select (self->layout, &self->band);
  for (guint i = 0; i < marks->len; i++)
    {
      const PatronMark *mark = &g_array_index (self->layout->marks, PatronMark, g_array_index (marks, guint, i));
      g_hash_table_add (self->selected, mark_key (mark->series, mark->index));
    }
  selection_changed (self);
}

/* Only this mark; with more: this mark too, or no longer. mark -1: none at all. */
static void
choose_mark (PatronChartView *self, int mark, gboolean more)
{
  gboolean any = patron_chart_view_n_selected (self) > 0;
  if (!self->selectable || (mark < 0 && (more || !any)))
    return;
  self->has_band = FALSE;
  if (!more)
    g_hash_table_remove_all (self->selected);
  if (mark >= 0)
    {
      const PatronMark *m = &g_array_index (self->layout->marks, PatronMark, mark);
      gint64 *key = mark_key (m->series, m->index);
      if (more && g_hash_table_contains (self->selected, key))
        {
          g_hash_table_remove (self->selected, key);
          g_free (key);
        }
      else
        g_hash_table_add (self->selected, key);
    }
  selection_changed (self);
}

static void
on_drag_update (GtkGestureDrag *drag, double dx, double dy, PatronChartView *self)
{
  double x, y;
  if (!self->selectable || (ABS (dx) < 4 && ABS (dy) < 4) || !gtk_gesture_drag_get_start_point (drag, &x, &y))
    return;
  gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_CLAIMED);
  ensure_layout (self);
  self->band = (PatronRect) { MIN (x, x + dx), MIN (y, y + dy), ABS (dx), ABS (dy) };
  self->has_band = TRUE;
  show_selection (self);
}

static void
on_drag_end (GtkGestureDrag *drag, double dx, double dy, PatronChartView *self)
{
  double x, y;
  if (!self->selectable || !gtk_gesture_drag_get_start_point (drag, &x, &y))
    return;
  ensure_layout (self);
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (drag));
  if (ABS (dx) < 4 && ABS (dy) < 4)
    choose_mark (self, patron_layout_find (self->layout, x, y), (state & GDK_CONTROL_MASK) != 0);
  else
    patron_chart_view_select_area (self, x, y, dx, dy);
}

/* ---- keyboard ------------------------------------------------------------------------------------------------ */

static void
describe (PatronChartView *self, const char *now)
{
  g_autofree char *caption = patron_text_render (self->chart->caption);
  GString *text = g_string_new (now != NULL ? now : caption);
  for (guint i = 0; now == NULL && i < MIN (N_SPOKEN, self->layout != NULL ? self->layout->marks->len : 0); i++)
    {
      g_autofree char *value = patron_layout_describe (self->layout, i);
      g_string_append_printf (text, "%s%s", i > 0 ? "; " : text->len > 0 ? " " : "", value);
    }
  g_strdelimit (text->str, "\n", ' ');
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
  g_string_free (text, TRUE);
}

static void
move_to (PatronChartView *self, int mark)
{
  ensure_layout (self);
  int n = self->layout->marks->len;
  if (n == 0)
    return;
  mark = CLAMP (mark, 0, n - 1);
  const PatronRect *box = &g_array_index (self->layout->marks, PatronMark, mark).box;
  set_mark (self, mark, box->x + box->width / 2, box->y + box->height / 2);
  g_autofree char *text = patron_layout_describe (self->layout, mark);
  describe (self, text);
}

static gboolean
on_key_pressed (PatronChartView *self, guint keyval)
{
  switch (keyval)
    {
    case GDK_KEY_Left:
      move_to (self, self->mark - 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Right:
      move_to (self, self->mark + 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
      move_to (self, 0);
      return GDK_EVENT_STOP;
    case GDK_KEY_End:
      move_to (self, G_MAXINT);
      return GDK_EVENT_STOP;
    case GDK_KEY_space:
      if (!self->selectable || self->mark < 0)
        return GDK_EVENT_PROPAGATE;
      choose_mark (self, self->mark, TRUE);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      if (self->selectable && patron_chart_view_n_selected (self) > 0)
        {
          choose_mark (self, -1, FALSE);
          return GDK_EVENT_STOP;
        }
      if (self->mark < 0)
        return GDK_EVENT_PROPAGATE;
      set_mark (self, -1, 0, 0);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
on_focus_leave (PatronChartView *self)
{
  on_leave (self);
}

/* ---- copying and saving -------------------------------------------------------------------------------------- */

static int
picture_width (PatronChartView *self)
{
  return MAX (PICTURE_WIDTH, gtk_widget_get_width (GTK_WIDGET (self)));
}

static int
picture_height (PatronChartView *self)
{
  return MAX (PICTURE_HEIGHT, patron_chart_good_height (self->chart) + 80);
}

static void
on_copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PatronChartView *self = PATRON_CHART_VIEW (widget);
  g_autoptr (GdkContentProvider) content = patron_chart_content (self->chart, picture_width (self), picture_height (self));
  gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), content);
}

static void
on_copy_data (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *text = patron_chart_to_csv (PATRON_CHART_VIEW (widget)->chart, '\t');
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

typedef struct
{
  PatronChart *chart;
  int          width, height;
} Picture;

static void
picture_free (gpointer data)
{
  Picture *picture = data;
  patron_chart_free (picture->chart);
  g_free (picture);
}

static gboolean
write_chart (const char *path, gpointer data, PatronRun *run, GError **error)
{
  const Picture *picture = data;
  if (!g_str_has_suffix (path, ".csv"))
    return patron_chart_write (picture->chart, path, picture->width, picture->height, NULL, error);
  g_autofree char *text = patron_chart_to_csv (picture->chart, ',');
  return g_file_set_contents (path, text, -1, error);
}

static void
on_save (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const PatronFileKind kinds[] = {
    { "png", N_("PNG picture") }, { "svg", N_("SVG drawing") }, { "pdf", N_("PDF document") }, { "csv", N_("Text, comma-separated") },
    { NULL, NULL },
  };
  PatronChartView *self = PATRON_CHART_VIEW (widget);
  Picture *picture = g_new (Picture, 1);
  picture->chart = patron_chart_copy (self->chart);
  picture->width = picture_width (self);
  picture->height = picture_height (self);
  g_autofree char *title = patron_text_render (self->chart->title);
  patron_save_dialog (widget, _("Save Chart"), title[0] != '\0' ? title : self->chart->id, kinds, write_chart, picture, picture_free);
}

/* ---- menu ---------------------------------------------------------------------------------------------------- */

static void
popup (PatronChartView *self, double x, double y)
{
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, PatronChartView *self)
{
  if (gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)) == GDK_BUTTON_SECONDARY)
    popup (self, x, y);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
on_menu (GtkWidget *widget, const char *action, GVariant *parameter)
{
  popup (PATRON_CHART_VIEW (widget), gtk_widget_get_width (widget) / 2.0, gtk_widget_get_height (widget) / 2.0);
}

static void
build_menu (PatronChartView *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_menu_append (menu, _("_Copy Picture"), "chart.copy");
  g_menu_append (menu, _("Copy _Data"), "chart.copy-data");
  g_menu_append (menu, _("_Save…"), "chart.save");
  self->menu = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
}

/* ---- widget -------------------------------------------------------------------------------------------------- */

const PatronChart *
patron_chart_view_get_chart (PatronChartView *self)
{
  g_return_val_if_fail (PATRON_IS_CHART_VIEW (self), NULL);
  return self->chart;
}

GtkWidget *
patron_chart_view_new (const PatronChart *chart)
{
  PatronChartView *self = g_object_new (PATRON_TYPE_CHART_VIEW, NULL);
  self->chart = patron_chart_copy (chart);
  g_autofree char *title = patron_text_render (chart->title);
  patron_widget_set_name (self, title[0] != '\0' ? title : chart->id);
  update_style (self);
  self->layout = patron_chart_layout (self->chart, MIN_WIDTH, patron_chart_good_height (chart), &self->style);
  describe (self, NULL);
  return GTK_WIDGET (self);
}

static void
patron_chart_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                           int *minimum_baseline, int *natural_baseline)
{
  PatronChartView *self = PATRON_CHART_VIEW (widget);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN_WIDTH;
      *natural = NATURAL_WIDTH;
    }
  else
    *minimum = *natural = self->chart != NULL ? patron_chart_good_height (self->chart) : 0;
}

static void
patron_chart_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PatronChartView *self = PATRON_CHART_VIEW (widget);
  gtk_widget_allocate (self->overlay, width, height, baseline, NULL);
  gtk_popover_present (GTK_POPOVER (self->menu));
}

static void
patron_chart_view_dispose (GObject *object)
{
  PatronChartView *self = PATRON_CHART_VIEW (object);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  G_OBJECT_CLASS (patron_chart_view_parent_class)->dispose (object);
}

static void
patron_chart_view_finalize (GObject *object)
{
  PatronChartView *self = PATRON_CHART_VIEW (object);
  g_clear_object (&self->picture);
  g_clear_pointer (&self->layout, patron_layout_free);
  g_clear_pointer (&self->chart, patron_chart_free);
  g_hash_table_unref (self->selected);
  G_OBJECT_CLASS (patron_chart_view_parent_class)->finalize (object);
}

static void
patron_chart_view_class_init (PatronChartViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->dispose = patron_chart_view_dispose;
  object_class->finalize = patron_chart_view_finalize;
  widget_class->snapshot = patron_chart_view_snapshot;
  widget_class->measure = patron_chart_view_measure;
  widget_class->size_allocate = patron_chart_view_size_allocate;
  signals[SELECTED] = g_signal_new ("selected", PATRON_TYPE_CHART_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_install_action (widget_class, "chart.copy", NULL, on_copy);
  gtk_widget_class_install_action (widget_class, "chart.copy-data", NULL, on_copy_data);
  gtk_widget_class_install_action (widget_class, "chart.save", NULL, on_save);
  gtk_widget_class_install_action (widget_class, "chart.menu", NULL, on_menu);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "chart.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "chart.copy-data", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "chart.save", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "chart.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "chart.menu", NULL);
}

static void
add_controllers (PatronChartView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect_object (motion, "motion", G_CALLBACK (on_motion), self, 0);
  g_signal_connect_object (motion, "leave", G_CALLBACK (on_leave), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key_pressed), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_signal_connect_object (focus, "leave", G_CALLBACK (on_focus_leave), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  GtkGesture *click = gtk_gesture_click_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_pressed), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  GtkGesture *drag = gtk_gesture_drag_new ();
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (on_drag_update), self, 0);
  g_signal_connect_object (drag, "drag-end", G_CALLBACK (on_drag_end), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

static void
patron_chart_view_init (PatronChartView *self)
{
  self->mark = -1;
  self->selected = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  self->overlay = patron_chart_overlay_new ();
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));
  build_menu (self);
  add_controllers (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (clear_picture), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "notify::scale-factor", G_CALLBACK (clear_picture), self, 0);
}
