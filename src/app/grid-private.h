/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/grid-cache.h"
#include "app/grid.h"

G_BEGIN_DECLS

/* Between grid.c (geometry, scrolling, state), grid-draw.c and grid-input.c. Pixels are the widget's own; rows count in the order shown. */

#define PATRON_GRID_PADDING 8
#define PATRON_GRID_MIN_WIDTH 48
#define PATRON_GRID_MAX_WIDTH 1200
/* Room for the mark that opens a header's menu. */
#define PATRON_GRID_MENU_MARK 16

typedef struct
{
  int         width;             /* pixels */
  gboolean    fitted;            /* the width is no longer a guess */
  gboolean    marked, left_out;
  char       *role;              /* owned or NULL */
  const PatronColumnProfile *profile;   /* borrowed or NULL */
} PatronGridColumn;

typedef enum { PATRON_GRID_DRAG_NONE, PATRON_GRID_DRAG_SELECT, PATRON_GRID_DRAG_RESIZE } PatronGridDrag;

struct _PatronGrid
{
  GtkWidget        parent_instance;
  PatronTable     *table;              /* owned */
  PatronGridCache *cache;              /* owned */

  GtkAdjustment   *adjustments[2];     /* by GtkOrientation; owned */
  GtkScrollablePolicy policies[2];

  PatronGridColumn *columns;
  guint            n_columns;
  int             *offsets;            /* n_columns + 1: left edge of each, from the first */
  int              row_height, header_height, gutter;   /* gutter: width of the row numbers */
  int              line_height;
  gboolean         has_profiles;

  gsize            row;                /* cursor */
  guint            column;
  gboolean         cursor_awaited;     /* moved before there was any room to scroll in */
  gsize            anchor_row;         /* the selection's other corner */
  guint            anchor_column;
  int              sorted;
  gboolean         sorted_descending;

  PatronGridDrag   drag;
  guint            drag_column;
  int              drag_width;
  double           drag_x, drag_y;

  GHashTable      *layouts;            /* gint64 key → PangoLayout*: cells drawn lately, */
  GHashTable      *old_layouts;        /* and cells that were drawn before these: on their way out */
  gint64           frame_budget;       /* microseconds of a frame for laying out cells; what is left comes with the next */
  gint64           frame_end;          /* monotonic time at which it is used up */
  guint            frame_layouts;      /* made in this frame */
  guint            more_frames;        /* tick callback: cells are still to be laid out */
  GdkPaintable    *icons[PATRON_N_TYPES];   /* symbolic, made when first drawn */
  guint            shown_first, shown_n;    /* columns last announced */
};

/* Cells that a frame lays out whatever the time, so that a busy machine gets ahead too. */
#define PATRON_GRID_LEAST_LAYOUTS 64
/* Laying out text is what costs: cells keep their layouts until they have scrolled well away. */
#define PATRON_GRID_MOST_LAYOUTS 3000

/* grid.c */
gsize    patron_grid_first_row      (PatronGrid *self);                      /* wholly or partly in view */
double   patron_grid_scroll         (PatronGrid *self, GtkOrientation orientation);
void     patron_grid_columns_in_view (PatronGrid *self, guint *first, guint *n);
int      patron_grid_column_x       (PatronGrid *self, guint column);        /* left edge in the widget */
guint    patron_grid_column_at      (PatronGrid *self, double x);            /* nearest */
gsize    patron_grid_row_at         (PatronGrid *self, double y);            /* nearest */
void     patron_grid_set_width      (PatronGrid *self, guint column, int width);
int      patron_grid_fitting_width  (PatronGrid *self, guint column);        /* for header and the rows in view */
void     patron_grid_selection      (PatronGrid *self, gsize *row0, gsize *row1, guint *column0, guint *column1);   /* inclusive */
gboolean patron_grid_sorts_numbers  (PatronGrid *self, guint column);        /* shown on the right side */

/* grid-draw.c */
PangoLayout *patron_grid_bold_layout (PatronGrid *self, const char *text);
void     patron_grid_snapshot       (GtkWidget *widget, GtkSnapshot *snapshot);
void     patron_grid_forget_layouts (PatronGrid *self);

/* grid-input.c */
void     patron_grid_input_init       (PatronGrid *self);
void     patron_grid_input_class_init (GtkWidgetClass *class);

G_END_DECLS
