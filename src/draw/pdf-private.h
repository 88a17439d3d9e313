/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "draw/pdf.h"
#include "draw/type.h"

G_BEGIN_DECLS

struct _PatronPages
{
  cairo_surface_t   *surface;
  cairo_t           *cr;
  GPtrArray         *sheets;       /* borrowed, NULL for PDF: takes each page as a surface of its own */
  PangoContext      *context;
  const PatronTheme *theme;
  char              *title;
  guint              n_pages;      /* of the whole, 0 while counting */
  guint              page;         /* 1 … */
  double             y;
  gboolean           empty;        /* nothing on this page yet */
  guint              max_rows;     /* of a table in print; a longer one belongs into a spreadsheet */
  gboolean           compact;      /* cards of figures close together */
  GArray            *target_pages; /* borrowed; of guint, by target: where each was the first time */
};

#define PATRON_PAGE_WIDTH 595.28
#define PATRON_PAGE_HEIGHT 841.89
#define PATRON_PAGE_MARGIN 56.0
#define PATRON_PAGE_TOP 56.0
#define PATRON_PAGE_BOTTOM (PATRON_PAGE_HEIGHT - 62.0)

PangoLayout *patron_pages_type (PatronPages *pages, const char *text, double size, gboolean bold, double wrap);

G_END_DECLS
