/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "draw/style.h"
#include "report/report.h"

#include <cairo.h>
#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* Flowing text, charts and tables over A4 pages. Lengths in points. */
typedef struct _PatronPages PatronPages;

typedef enum
{
  PATRON_TYPE_DOCUMENT_TITLE,
  PATRON_TYPE_HEADING_1,     /* a run: in the outline */
  PATRON_TYPE_HEADING_2,     /* a part of it: in the outline */
  PATRON_TYPE_HEADING_3,     /* title of a chart or table */
  PATRON_TYPE_LEAD,          /* the answer */
  PATRON_TYPE_BODY,
  PATRON_TYPE_CAPTION,
  PATRON_TYPE_CODE,
} PatronTypeRole;

/* date: microseconds since 1970, into the metadata. A document is drawn twice: the first time, with n_pages 0, fills target_pages (of guint, by
 * target) and learns the number of pages. out and target_pages must outlive the pages. */
PatronPages *patron_pages_new    (GByteArray *out, const char *title, const char *author, gint64 date, GArray *target_pages, guint n_pages);
/* The same pages as recording surfaces, one each, added to sheets (of cairo_surface_t*): for showing them on a screen. */
PatronPages *patron_pages_new_sheets (GPtrArray *sheets, const char *title, GArray *target_pages, guint n_pages);
/* How many pages there were; -1 with error when drawing failed. Frees. */
int          patron_pages_finish (PatronPages *pages, GError **error);

/* For a document of several runs: lower cards, shorter tables. */
void   patron_pages_set_compact (PatronPages *pages);
double patron_pages_width      (const PatronPages *pages);
void   patron_pages_break      (PatronPages *pages);                  /* a new page unless this one is empty */
void   patron_pages_space      (PatronPages *pages, double height);   /* nothing at the top of a page */
/* Starts a new page when less than this is left. */
void   patron_pages_need       (PatronPages *pages, double height);
void   patron_pages_rule       (PatronPages *pages);
/* Breaks over pages between lines; headings stay with at least keep points of what follows. */
void   patron_pages_text       (PatronPages *pages, PatronTypeRole role, const char *text, double keep);
/* What that would take on one page. */
double patron_pages_text_height (PatronPages *pages, PatronTypeRole role, const char *text);
double patron_pages_left       (const PatronPages *pages);            /* on this page */
/* A label in a narrow column beside its value. */
void   patron_pages_fact       (PatronPages *pages, const char *label, const char *value);
/* Key figures side by side on cards. */
void   patron_pages_figures    (PatronPages *pages, const PatronReport *report, const GPtrArray *figures);
/* A line of the contents with its page, linked. */
void   patron_pages_contents   (PatronPages *pages, const char *text, guint target);
/* Marks this place as the target of such a line, with its name in the outline. */
void   patron_pages_target     (PatronPages *pages, guint target, const char *text);
/* A chart of the page's width, or narrow ones of half that width: one, or two beside each other. */
void   patron_pages_charts     (PatronPages *pages, const PatronChart *const *charts, guint n, gboolean narrow);
/* Whether a chart is still legible at half that width. */
gboolean patron_chart_fits_narrow (const PatronChart *chart);
/* Header repeated on each page; columns that do not fit are set below, beside the first column again. */
void   patron_pages_table      (PatronPages *pages, const PatronReportTable *table);

G_END_DECLS
