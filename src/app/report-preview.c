/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/report-preview.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "app/job.h"
#include "app/text-label.h"
#include "draw/document.h"

/* Changes pause this long before the pages are laid out again, in milliseconds. */
#define DELAY 250
/* Widest a page is shown, and how many are, so that a report of thousands of pages stays quick. */
#define PAGE_WIDTH 620
#define MAX_PAGES 60

struct _PatronReportPreview
{
  GtkWidget parent;

  PatronProject    *project;   /* owned */
  PatronReportPlan *plan;      /* owned: to be shown next */
  PatronJob        *job;       /* owned: under way, or NULL */
  guint             source;
  guint             n_pages;

  /* Children. */
  GtkWidget *stack;
  GtkWidget *pages;
  GtkWidget *status;
};

G_DEFINE_FINAL_TYPE (PatronReportPreview, patron_report_preview, GTK_TYPE_WIDGET)

/* ---- the work ------------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronProject    *project;
  PatronReportPlan *plan;
  int               scale;
  GPtrArray        *textures;   /* out: of GdkTexture* */
  guint             n_pages;    /* out: of the whole report */
} Layout;

static void
layout_free (gpointer data)
{
  Layout *layout = data;
  patron_project_unref (layout->project);
  patron_report_plan_free (layout->plan);
  g_ptr_array_unref (layout->textures);
  g_free (layout);
}

static GdkTexture *
page_texture (cairo_surface_t *page, int scale)
{
  cairo_rectangle_t extents;
  if (!cairo_recording_surface_get_extents (page, &extents) || extents.width <= 0)
    return NULL;
  int width = PAGE_WIDTH * scale, height = (int) (width * extents.height / extents.width);
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (image);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, width / extents.width, width / extents.width);
  cairo_set_source_surface (cr, page, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_flush (image);
  GdkTexture *texture = NULL;
  if (cairo_surface_status (image) == CAIRO_STATUS_SUCCESS)
    {
      gsize stride = cairo_image_surface_get_stride (image);
      g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (image), stride * height,
                                                             (GDestroyNotify) cairo_surface_destroy, cairo_surface_reference (image));
      /* The fourth byte is undefined in RGB24: the texture must not take it for opacity. */
      guint8 *data = cairo_image_surface_get_data (image);
      for (gsize i = 0; i < stride * height; i += 4)
        *(guint32 *) (gpointer) (data + i) |= 0xff000000u;
      texture = gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
    }
  cairo_surface_destroy (image);
  return texture;
}

static gboolean
layout_work (PatronRun *run, gpointer data, GError **error)
{
  Layout *layout = data;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GPtrArray) reports = patron_report_plan_reports (layout->plan, layout->project, &results, error);
  if (reports == NULL)
    return FALSE;
  if (reports->len == 0)
    return TRUE;
  g_autofree PatronDocumentRun *runs = g_new0 (PatronDocumentRun, reports->len);
  for (guint i = 0; i < reports->len; i++)
    runs[i] = (PatronDocumentRun) { .report = reports->pdata[i], .result = results->pdata[i] };
  PatronReportDocument document = {
    .title = layout->plan->title[0] != '\0' ? layout->plan->title : NULL,
    .author = layout->plan->author[0] != '\0' ? layout->plan->author : NULL,
    .n_runs = reports->len,
    .runs = runs,
  };
  g_autoptr (GPtrArray) sheets = patron_document_to_sheets (&document, run, error);
  if (sheets == NULL)
    return FALSE;
  layout->n_pages = sheets->len;
  for (guint i = 0; i < MIN (sheets->len, MAX_PAGES); i++)
    {
      if (!patron_run_check (run, error))
        return FALSE;
      GdkTexture *texture = page_texture (sheets->pdata[i], layout->scale);
      if (texture != NULL)
        g_ptr_array_add (layout->textures, texture);
    }
  return TRUE;
}

/* ---- showing ------------------------------------------------------------------------------------------------- */

static void
clear_pages (PatronReportPreview *self)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->pages)) != NULL)
    gtk_box_remove (GTK_BOX (self->pages), child);
}

static void
add_page (PatronReportPreview *self, GdkTexture *texture, guint number)
{
  GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));
  gtk_picture_set_can_shrink (GTK_PICTURE (picture), TRUE);
  gtk_widget_add_css_class (picture, "paper");
  g_autofree char *name = g_strdup_printf (_("Page %u of %u"), number, self->n_pages);
  patron_widget_set_name (picture, name);
  gtk_box_append (GTK_BOX (self->pages), picture);
}

static void
show_status (PatronReportPreview *self, const char *icon, const char *title, const char *description)
{
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (self->status), icon);
  adw_status_page_set_title (ADW_STATUS_PAGE (self->status), title);
  adw_status_page_set_description (ADW_STATUS_PAGE (self->status), description);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "status");
}

static void
on_finished (PatronReportPreview *self, PatronJob *job)
{
  if (job != self->job)
    return;
  const Layout *layout = patron_job_get_data (job);
  self->n_pages = layout->n_pages;
  if (patron_job_get_state (job) == PATRON_JOB_FAILED)
    {
      g_autofree char *message = g_markup_escape_text (patron_job_get_error (job)->message, -1);
      show_status (self, "dialog-error-symbolic", _("No Preview"), message);
    }
  else if (layout->textures->len == 0)
    show_status (self, "document-print-symbolic", _("Nothing in the Report"), _("Run an analysis, or switch a result on."));
  else
    {
      clear_pages (self);
      for (guint i = 0; i < layout->textures->len; i++)
        add_page (self, layout->textures->pdata[i], i + 1);
      if (layout->n_pages > layout->textures->len)
        {
          g_autofree char *text = g_strdup_printf (_("The first %u of %u pages"), layout->textures->len, layout->n_pages);
          gtk_box_append (GTK_BOX (self->pages), gtk_label_new (text));
        }
      gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "pages");
    }
  g_clear_object (&self->job);
}

static void
stop (PatronReportPreview *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  patron_job_forget (&self->job, self);
}

static gboolean
start (gpointer data)
{
  PatronReportPreview *self = data;
  self->source = 0;
  Layout *layout = g_new0 (Layout, 1);
  layout->project = patron_project_ref (self->project);
  layout->plan = patron_report_plan_copy (self->plan);
  layout->scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  layout->textures = g_ptr_array_new_with_free_func (g_object_unref);
  self->job = patron_job_start (_("Laying out pages"), PATRON_JOB_QUICK, 0, layout_work, layout, layout_free);
  g_signal_connect_object (self->job, "finished", G_CALLBACK (on_finished), self, G_CONNECT_SWAPPED);
  return G_SOURCE_REMOVE;
}

void
patron_report_preview_show (PatronReportPreview *self, const PatronReportPlan *plan)
{
  g_return_if_fail (PATRON_IS_REPORT_PREVIEW (self));
  stop (self);
  g_clear_pointer (&self->plan, patron_report_plan_free);
  self->plan = patron_report_plan_copy (plan);
  self->source = g_timeout_add (DELAY, start, self);
}

GtkWidget *
patron_report_preview_new (PatronProject *project)
{
  PatronReportPreview *self = g_object_new (PATRON_TYPE_REPORT_PREVIEW, NULL);
  self->project = patron_project_ref (project);
  return GTK_WIDGET (self);
}

static void
patron_report_preview_dispose (GObject *object)
{
  PatronReportPreview *self = PATRON_REPORT_PREVIEW (object);
  stop (self);
  g_clear_pointer (&self->stack, gtk_widget_unparent);
  G_OBJECT_CLASS (patron_report_preview_parent_class)->dispose (object);
}

static void
patron_report_preview_finalize (GObject *object)
{
  PatronReportPreview *self = PATRON_REPORT_PREVIEW (object);
  g_clear_pointer (&self->project, patron_project_unref);
  g_clear_pointer (&self->plan, patron_report_plan_free);
  G_OBJECT_CLASS (patron_report_preview_parent_class)->finalize (object);
}

static void
patron_report_preview_class_init (PatronReportPreviewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  object_class->dispose = patron_report_preview_dispose;
  object_class->finalize = patron_report_preview_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
patron_report_preview_init (PatronReportPreview *self)
{
  self->pages = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  gtk_widget_add_css_class (self->pages, "page-content");
  GtkWidget *clamp = adw_clamp_new ();
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), PAGE_WIDTH + 48);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), PAGE_WIDTH + 48);
  adw_clamp_set_child (ADW_CLAMP (clamp), self->pages);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  /* Pictures shrink to nothing unless they get what they would like. */
  gtk_scrollable_set_vscroll_policy (GTK_SCROLLABLE (gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (scrolled))), GTK_SCROLL_NATURAL);
  gtk_widget_add_css_class (scrolled, "desk");
  patron_widget_set_name (scrolled, _("Pages"));

  GtkWidget *spinner = gtk_spinner_new ();
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (spinner, GTK_ALIGN_CENTER);
  self->status = adw_status_page_new ();
  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack), spinner, "wait");
  gtk_stack_add_named (GTK_STACK (self->stack), scrolled, "pages");
  gtk_stack_add_named (GTK_STACK (self->stack), self->status, "status");
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
}
