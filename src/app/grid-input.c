/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/grid-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/job.h"
#include "base/memory.h"

/* Half the width of the strip at a column's right edge that resizes it. */
#define GRIP 5
/* Cells that are copied at most: beyond it the clipboard is the wrong way out. */
#define MAX_COPY 20000000

/* ---- copying ----------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronTable *table;
  guint32     *rows;           /* owned, or NULL: first_row … */
  gsize        first_row, n_rows;
  guint        first_column, n_columns;
  GString     *text;           /* out */
  GdkClipboard *clipboard;     /* owned, or NULL */
} Copy;

static void
copy_free (gpointer data)
{
  Copy *copy = data;
  patron_table_unref (copy->table);
  patron_free (copy->rows);
  if (copy->text != NULL)
    g_string_free (copy->text, TRUE);
  g_clear_object (&copy->clipboard);
  g_free (copy);
}

static Copy *
copy_new (PatronGrid *self, GError **error)
{
  gsize row0, row1;
  guint column0, column1;
  patron_grid_selection (self, &row0, &row1, &column0, &column1);
  if (patron_grid_n_rows (self) == 0 || self->n_columns == 0)
    return NULL;
  Copy *copy = g_new0 (Copy, 1);
  copy->table = patron_table_ref (self->table);
  copy->first_row = row0;
  copy->n_rows = row1 - row0 + 1;
  copy->first_column = column0;
  copy->n_columns = column1 - column0 + 1;
  copy->text = g_string_new (NULL);
  const guint32 *order = patron_grid_get_order (self);
  if (order == NULL)
    return copy;
  copy->rows = patron_try_alloc (copy->n_rows, sizeof *order, _("the copied rows"), error);
  if (copy->rows != NULL)
    {
      memcpy (copy->rows, order + row0, copy->n_rows * sizeof *order);
      copy->first_row = 0;
      return copy;
    }
  copy_free (copy);
  return NULL;
}

static void
write_names (Copy *copy)
{
  for (guint j = 0; j < copy->n_columns; j++)
    {
      const char *name = patron_column_get_name (patron_table_column (copy->table, copy->first_column + j));
      g_string_append_printf (copy->text, "%s%s", j > 0 ? "\t" : "", name);
    }
  g_string_append_c (copy->text, '\n');
}

static gboolean
write_block (Copy *copy, gsize first, gsize n, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_cells_free);
  for (guint j = 0; j < copy->n_columns; j++)
    {
      PatronColumn *column = patron_table_column (copy->table, copy->first_column + j);
      PatronCells *cells = patron_cells_read (column, copy->rows, copy->first_row + first, n, error);
      if (cells == NULL)
        return FALSE;
      g_ptr_array_add (columns, cells);
    }
  for (gsize i = 0; i < n; i++)
    for (guint j = 0; j < copy->n_columns; j++)
      {
        char text[4096];
        patron_cells_format (columns->pdata[j], i, -1, text, sizeof text);
        g_string_append (copy->text, text);
        g_string_append_c (copy->text, j + 1 < copy->n_columns ? '\t' : '\n');
      }
  return TRUE;
}

static gboolean
copy_work (PatronRun *run, gpointer data, GError **error)
{
  enum { BLOCK = 4096 };
  Copy *copy = data;
  if (copy->n_rows > 1)
    write_names (copy);
  for (gsize first = 0; first < copy->n_rows; first += BLOCK)
    if (!patron_run_check (run, error) || !write_block (copy, first, MIN (BLOCK, copy->n_rows - first), error))
      return FALSE;
  if (copy->n_rows == 1 && copy->n_columns == 1 && copy->text->len > 0)
    g_string_truncate (copy->text, copy->text->len - 1);
  return TRUE;
}

static void
on_copied (PatronJob *job)
{
  Copy *copy = patron_job_get_data (job);
  if (patron_job_get_state (job) == PATRON_JOB_DONE)
    gdk_clipboard_set_text (copy->clipboard, copy->text->str);
  g_object_unref (job);
}

void
patron_grid_copy (PatronGrid *self)
{
  g_return_if_fail (PATRON_IS_GRID (self));
  Copy *copy = copy_new (self, NULL);
  if (copy == NULL)
    return;
  if (copy->n_rows * copy->n_columns > MAX_COPY)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      copy_free (copy);
      return;
    }
  copy->clipboard = g_object_ref (gtk_widget_get_clipboard (GTK_WIDGET (self)));
  PatronJob *job = patron_job_start (_("Copy"), PATRON_JOB_QUICK, 0, copy_work, copy, copy_free);
  g_signal_connect (job, "finished", G_CALLBACK (on_copied), NULL);
}

char *
patron_grid_selection_text (PatronGrid *self, GError **error)
{
  g_autoptr (PatronRun) run = patron_run_new (0, 1);
  Copy *copy = copy_new (self, error);
  if (copy == NULL)
    return NULL;
  char *text = copy_work (run, copy, error) ? g_strdup (copy->text->str) : NULL;
  copy_free (copy);
  return text;
}

/* ---- keyboard ---------------------------------------------------------------------------------------------- */

static gsize
rows_in_view (PatronGrid *self)
{
  int body = gtk_widget_get_height (GTK_WIDGET (self)) - self->header_height;
  return MAX (1, body / self->row_height - 1);
}

static gsize
step_row (gsize row, gssize delta, gsize n)
{
  if (n == 0)
    return 0;
  if (delta < 0)
    return row > (gsize) -delta ? row - (gsize) -delta : 0;
  return MIN (n - 1, row + (gsize) delta);
}

/* (rows, columns, extend): steps; ±G_MAXINT goes to the edge, ±1000 rows are a page of whatever height. */
static gboolean
on_move (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  PatronGrid *self = PATRON_GRID (widget);
  int rows, columns;
  gboolean extend;
  g_variant_get (arguments, "(iib)", &rows, &columns, &extend);
  gsize n = patron_grid_n_rows (self), row = self->row;
  guint column = self->column;
  if (rows == G_MAXINT || rows == -G_MAXINT)
    row = rows > 0 && n > 0 ? n - 1 : 0;
  else if (ABS (rows) == 1000)
    row = step_row (row, rows > 0 ? (gssize) rows_in_view (self) : -(gssize) rows_in_view (self), n);
  else
    row = step_row (row, rows, n);
  if (columns == G_MAXINT || columns == -G_MAXINT)
    column = columns > 0 && self->n_columns > 0 ? self->n_columns - 1 : 0;
  else
    column = (guint) step_row (column, columns, self->n_columns);
  patron_grid_move (self, row, column, extend);
  return TRUE;
}

static gboolean
on_select_all (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  patron_grid_select_all (PATRON_GRID (widget));
  return TRUE;
}

static gboolean
on_copy (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  patron_grid_copy (PATRON_GRID (widget));
  return TRUE;
}

/* Escape first collapses the selection; without one it is somebody else's. */
static gboolean
on_escape (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  PatronGrid *self = PATRON_GRID (widget);
  if (self->row == self->anchor_row && self->column == self->anchor_column)
    return FALSE;
  patron_grid_move (self, self->row, self->column, FALSE);
  return TRUE;
}

static gboolean
on_sort (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  PatronGrid *self = PATRON_GRID (widget);
  if (self->n_columns > 0)
    g_signal_emit_by_name (self, "sort-asked", self->column, g_variant_get_boolean (arguments));
  return TRUE;
}

void
patron_grid_ask_name (PatronGrid *self)
{
  g_return_if_fail (PATRON_IS_GRID (self));
  if (self->n_columns > 0)
    g_signal_emit_by_name (self, "rename-asked", self->column, patron_grid_column_x (self, self->column) + self->columns[self->column].width / 2.0,
                           (double) self->line_height + 8);
}

static gboolean
on_rename (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  patron_grid_ask_name (PATRON_GRID (widget));
  return TRUE;
}

static gboolean
on_menu_key (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  PatronGrid *self = PATRON_GRID (widget);
  if (self->n_columns > 0)
    g_signal_emit_by_name (self, "header-menu", self->column, (double) patron_grid_column_x (self, self->column) + 20, (double) self->header_height);
  return TRUE;
}

void
patron_grid_input_class_init (GtkWidgetClass *class)
{
  /* Rows by 1000 are pages of whatever height. */
  static const struct { guint key, keypad, modifiers; int rows, columns; } moves[] = {
    { GDK_KEY_Up, GDK_KEY_KP_Up, 0, -1, 0 },
    { GDK_KEY_Down, GDK_KEY_KP_Down, 0, 1, 0 },
    { GDK_KEY_Left, GDK_KEY_KP_Left, 0, 0, -1 },
    { GDK_KEY_Right, GDK_KEY_KP_Right, 0, 0, 1 },
    { GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, 0, -1000, 0 },
    { GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, 0, 1000, 0 },
    { GDK_KEY_Home, GDK_KEY_KP_Home, 0, 0, -G_MAXINT },
    { GDK_KEY_End, GDK_KEY_KP_End, 0, 0, G_MAXINT },
    { GDK_KEY_Up, GDK_KEY_KP_Up, GDK_CONTROL_MASK, -G_MAXINT, 0 },
    { GDK_KEY_Down, GDK_KEY_KP_Down, GDK_CONTROL_MASK, G_MAXINT, 0 },
    { GDK_KEY_Left, GDK_KEY_KP_Left, GDK_CONTROL_MASK, 0, -G_MAXINT },
    { GDK_KEY_Right, GDK_KEY_KP_Right, GDK_CONTROL_MASK, 0, G_MAXINT },
    { GDK_KEY_Home, GDK_KEY_KP_Home, GDK_CONTROL_MASK, -G_MAXINT, -G_MAXINT },
    { GDK_KEY_End, GDK_KEY_KP_End, GDK_CONTROL_MASK, G_MAXINT, G_MAXINT },
  };
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    for (int extend = 0; extend < 2; extend++)
      {
        guint modifiers = moves[i].modifiers | (extend ? GDK_SHIFT_MASK : 0);
        gtk_widget_class_add_binding (class, moves[i].key, modifiers, on_move, "(iib)", moves[i].rows, moves[i].columns, extend);
        gtk_widget_class_add_binding (class, moves[i].keypad, modifiers, on_move, "(iib)", moves[i].rows, moves[i].columns, extend);
      }
  gtk_widget_class_add_binding (class, GDK_KEY_a, GDK_CONTROL_MASK, on_select_all, NULL);
  gtk_widget_class_add_binding (class, GDK_KEY_c, GDK_CONTROL_MASK, on_copy, NULL);
  gtk_widget_class_add_binding (class, GDK_KEY_Insert, GDK_CONTROL_MASK, on_copy, NULL);
  gtk_widget_class_add_binding (class, GDK_KEY_Escape, 0, on_escape, NULL);
  gtk_widget_class_add_binding (class, GDK_KEY_Up, GDK_ALT_MASK, on_sort, "b", FALSE);
  gtk_widget_class_add_binding (class, GDK_KEY_Down, GDK_ALT_MASK, on_sort, "b", TRUE);
  gtk_widget_class_add_binding (class, GDK_KEY_F2, 0, on_rename, NULL);
  gtk_widget_class_add_binding (class, GDK_KEY_Menu, 0, on_menu_key, NULL);
  gtk_widget_class_add_binding (class, GDK_KEY_F10, GDK_SHIFT_MASK, on_menu_key, NULL);
}

/* ---- pointer ----------------------------------------------------------------------------------------------- */

/* The column whose right edge is under x in the header, or -1. */
static int
grip_at (PatronGrid *self, double x, double y)
{
  if (y >= self->header_height || x < self->gutter || self->n_columns == 0)
    return -1;
  guint column = patron_grid_column_at (self, x);
  if (patron_grid_column_x (self, column) + self->columns[column].width - x <= GRIP)
    return (int) column;
  return column > 0 && x - patron_grid_column_x (self, column) < GRIP ? (int) column - 1 : -1;
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, PatronGrid *self)
{
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), grip_at (self, x, y) >= 0 ? "col-resize" : NULL);
}

static void
press_header (PatronGrid *self, int n_press, double x, double y)
{
  int grip = grip_at (self, x, y);
  if (grip >= 0 && n_press == 2)
    patron_grid_set_width (self, grip, patron_grid_fitting_width (self, grip));
  if (grip >= 0 || x < self->gutter || self->n_columns == 0)
    return;
  guint column = patron_grid_column_at (self, x);
  int left = patron_grid_column_x (self, column), right = left + self->columns[column].width;
  gboolean mark = x >= right - PATRON_GRID_PADDING - PATRON_GRID_MENU_MARK && y < self->line_height + 8;
  patron_grid_move (self, self->row, column, FALSE);
  if (mark)
    g_signal_emit_by_name (self, "header-menu", column, (double) right - PATRON_GRID_MENU_MARK, (double) self->line_height + 8);
  else if (n_press == 2)
    g_signal_emit_by_name (self, "rename-asked", column, (double) left + self->columns[column].width / 2.0, (double) self->line_height + 8);
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, PatronGrid *self)
{
  GdkModifierType modifiers = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (y < self->header_height)
    press_header (self, n_press, x, y);
  else if (x < self->gutter && self->n_columns > 0)
    {
      patron_grid_move (self, patron_grid_row_at (self, y), self->n_columns - 1, FALSE);
      patron_grid_move (self, self->row, 0, TRUE);
    }
  else
    patron_grid_move (self, patron_grid_row_at (self, y), patron_grid_column_at (self, x), (modifiers & GDK_SHIFT_MASK) != 0);
}

static void
on_secondary (GtkGestureClick *gesture, int n_press, double x, double y, PatronGrid *self)
{
  if (x < self->gutter || self->n_columns == 0)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  patron_grid_move (self, y < self->header_height ? self->row : patron_grid_row_at (self, y), patron_grid_column_at (self, x), FALSE);
  g_signal_emit_by_name (self, "header-menu", self->column, x, y);
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, PatronGrid *self)
{
  int grip = grip_at (self, x, y);
  self->drag_x = x;
  self->drag_y = y;
  if (grip >= 0)
    {
      self->drag = PATRON_GRID_DRAG_RESIZE;
      self->drag_column = (guint) grip;
      self->drag_width = self->columns[grip].width;
    }
  else
    self->drag = y >= self->header_height ? PATRON_GRID_DRAG_SELECT : PATRON_GRID_DRAG_NONE;
}

/* Dragging beyond an edge scrolls, because moving the cursor there does. */
static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, PatronGrid *self)
{
  double x = self->drag_x + dx, y = self->drag_y + dy;
  if (self->drag == PATRON_GRID_DRAG_RESIZE)
    patron_grid_set_width (self, self->drag_column, self->drag_width + (int) dx);
  else if (self->drag == PATRON_GRID_DRAG_SELECT && (ABS (dx) > 3 || ABS (dy) > 3))
    patron_grid_move (self, patron_grid_row_at (self, y), patron_grid_column_at (self, x), TRUE);
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, PatronGrid *self)
{
  self->drag = PATRON_GRID_DRAG_NONE;
}

static void
on_focus_changed (PatronGrid *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
patron_grid_input_init (PatronGrid *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  GtkGesture *secondary = gtk_gesture_click_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  g_signal_connect (secondary, "pressed", G_CALLBACK (on_secondary), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (secondary));
  GtkGesture *drag = gtk_gesture_drag_new ();
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  g_signal_connect (self, "notify::has-focus", G_CALLBACK (on_focus_changed), NULL);
}
