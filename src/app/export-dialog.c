/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/export-dialog.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/save-dialog.h"
#include "base/memory.h"
#include "table/reader.h"

/* What a spreadsheet holds below its header. */
#define MAX_SHEET_ROWS 1048575
#define MAX_SHEET_COLUMNS 16384

enum { CSV, XLSX, TSV, JSONL, SQLITE, N_FORMATS };

static const PatronFileKind formats[N_FORMATS + 1] = {
  [CSV] = { "csv", N_("CSV text") },
  [XLSX] = { "xlsx", N_("Excel workbook") },
  [TSV] = { "tsv", N_("TSV text") },
  [JSONL] = { "jsonl", N_("JSON lines") },
  [SQLITE] = { "sqlite", N_("SQLite database") },
};

static const struct { const char *value, *label; } delimiters[] = {
  { "", N_("Comma") }, { "semicolon", N_("Semicolon") }, { "tab", N_("Tab") }, { "pipe", N_("Vertical bar") },
};
static const struct { const char *value, *label; } encodings[] = {
  { "", N_("UTF-8") }, { "GB18030", N_("GB18030, GBK (Chinese)") }, { "Windows-1252", N_("Windows-1252 (Western)") }, { "UTF-16", N_("UTF-16") },
};

struct _PatronExportDialog
{
  AdwWindow    parent_instance;

  /* template children, borrowed */
  AdwComboRow *format_row, *rows_row, *delimiter_row, *encoding_row;
  AdwEntryRow *table_row;
  GtkWidget   *text_group, *sheet_group, *database_group, *defuse_group, *mark_row, *units_row;
  GtkSwitch   *defuse_switch, *mark_switch, *units_switch, *formats_switch;
  GtkLabel    *warning;
  GtkWidget   *export_button;

  GtkWidget   *owner;        /* weak */
  PatronTable *table;        /* owned */
  guint32     *rows;         /* owned, NULL: all */
  gsize        n_rows;
};

G_DEFINE_FINAL_TYPE (PatronExportDialog, patron_export_dialog, ADW_TYPE_WINDOW)

/* ---- the choices --------------------------------------------------------------------------------------------- */

static guint
chosen_format (PatronExportDialog *self)
{
  return MIN (adw_combo_row_get_selected (self->format_row), N_FORMATS - 1);
}

/* The rows in view are the second choice. */
static gboolean
wants_shown (PatronExportDialog *self)
{
  return self->rows != NULL && adw_combo_row_get_selected (self->rows_row) == 1;
}

static const char *
yes_no (GtkSwitch *widget)
{
  return gtk_switch_get_active (widget) ? "yes" : "no";
}

char **
patron_export_dialog_dup_options (PatronExportDialog *self)
{
  g_return_val_if_fail (PATRON_IS_EXPORT_DIALOG (self), NULL);
  g_autoptr (GStrvBuilder) options = g_strv_builder_new ();
  guint format = chosen_format (self);
  if (format == CSV || format == TSV || format == XLSX)
    g_strv_builder_add_many (options, "defuse-formulas", yes_no (self->defuse_switch), NULL);
  if (format == CSV)
    g_strv_builder_add_many (options, "delimiter", delimiters[adw_combo_row_get_selected (self->delimiter_row)].value, NULL);
  if (format == CSV || format == TSV)
    g_strv_builder_add_many (options, "encoding", encodings[adw_combo_row_get_selected (self->encoding_row)].value, "mark", yes_no (self->mark_switch),
                             "units", yes_no (self->units_switch), NULL);
  if (format == XLSX)
    g_strv_builder_add_many (options, "number-formats", yes_no (self->formats_switch), NULL);
  if (format == SQLITE)
    g_strv_builder_add_many (options, "table", gtk_editable_get_text (GTK_EDITABLE (self->table_row)), NULL);
  return g_strv_builder_end (options);
}

static void
update (PatronExportDialog *self)
{
  guint format = chosen_format (self), encoding = adw_combo_row_get_selected (self->encoding_row);
  gsize n = wants_shown (self) ? self->n_rows : patron_table_n_rows (self->table);
  gboolean text = format == CSV || format == TSV;
  gtk_widget_set_visible (self->text_group, text);
  gtk_widget_set_visible (GTK_WIDGET (self->delimiter_row), format == CSV);
  gtk_widget_set_visible (self->mark_row, encoding == 0);
  gtk_widget_set_visible (self->sheet_group, format == XLSX);
  gtk_widget_set_visible (self->database_group, format == SQLITE);
  gtk_widget_set_visible (self->defuse_group, text || format == XLSX);
  gboolean too_large = format == XLSX && (n > MAX_SHEET_ROWS || patron_table_n_columns (self->table) > MAX_SHEET_COLUMNS);
  gtk_label_set_label (self->warning, too_large ? _("A workbook holds no more than 1,048,575 rows and 16,384 columns; choose CSV instead.") : "");
  gtk_widget_set_visible (GTK_WIDGET (self->warning), too_large);
  gtk_widget_set_sensitive (self->export_button, !too_large && n > 0);
}

static void
fill_combo (AdwComboRow *row, guint n, const char *(*label) (guint i))
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  for (guint i = 0; i < n; i++)
    gtk_string_list_append (names, _(label (i)));
  adw_combo_row_set_model (row, G_LIST_MODEL (names));
}

static const char *
format_label (guint i)
{
  return formats[i].name;
}

static const char *
delimiter_label (guint i)
{
  return delimiters[i].label;
}

static const char *
encoding_label (guint i)
{
  return encodings[i].label;
}

static void
fill_rows (PatronExportDialog *self)
{
  g_autofree char *all = patron_format_number (PATRON_FORMAT_COUNT, patron_table_n_rows (self->table));
  g_autofree char *every = g_strdup_printf (_("All %s rows"), all);
  g_autofree char *shown = patron_format_number (PATRON_FORMAT_COUNT, self->n_rows);
  g_autofree char *some = g_strdup_printf (_("The %s rows shown, in their order"), shown);
  const char *const names[] = { every, self->rows != NULL ? some : NULL, NULL };
  g_autoptr (GtkStringList) list = gtk_string_list_new (names);
  adw_combo_row_set_model (self->rows_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->rows_row, self->rows != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->rows_row), self->rows != NULL);
}

/* ---- writing ------------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronTable *table;
  guint32     *rows;      /* NULL: all */
  gsize        n_rows;
  char       **options;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;
  patron_table_unref (export->table);
  patron_free (export->rows);
  g_strfreev (export->options);
  g_free (export);
}

static gboolean
write_table (const char *path, gpointer data, PatronRun *run, GError **error)
{
  Export *export = data;
  g_autoptr (PatronTable) table = patron_table_ref (export->table);
  if (export->rows != NULL)
    {
      g_autoptr (PatronTable) all = g_steal_pointer (&table);
      table = patron_table_take_rows (all, export->rows, export->n_rows, run, error);
    }
  return table != NULL && patron_write_file (table, path, (const char *const *) export->options, run, error);
}

static void
on_export_clicked (PatronExportDialog *self)
{
  Export *export = g_new0 (Export, 1);
  export->table = patron_table_ref (self->table);
  export->options = patron_export_dialog_dup_options (self);
  if (wants_shown (self))
    {
      export->rows = g_steal_pointer (&self->rows);
      export->n_rows = self->n_rows;
    }
  GtkWidget *owner = self->owner != NULL ? self->owner : GTK_WIDGET (self);
  /* One kind alone, so that the name cannot say another than was chosen here; the list ends with its second entry. */
  static PatronFileKind kinds[N_FORMATS][2];
  guint format = chosen_format (self);
  kinds[format][0] = formats[format];
  patron_save_dialog (owner, _("Export Table"), patron_table_get_name (self->table), kinds[format], write_table, export, export_free);
  gtk_window_close (GTK_WINDOW (self));
}

/* ---- the widget ---------------------------------------------------------------------------------------------- */

static void
patron_export_dialog_dispose (GObject *object)
{
  PatronExportDialog *self = PATRON_EXPORT_DIALOG (object);
  g_clear_weak_pointer (&self->owner);
  g_clear_pointer (&self->table, patron_table_unref);
  g_clear_pointer (&self->rows, patron_free);
  G_OBJECT_CLASS (patron_export_dialog_parent_class)->dispose (object);
}

static void
patron_export_dialog_class_init (PatronExportDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_export_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/patron/Patron/export-dialog.ui");
  const struct { const char *name; gsize offset; } children[] = {
    { "format_row", G_STRUCT_OFFSET (PatronExportDialog, format_row) }, { "rows_row", G_STRUCT_OFFSET (PatronExportDialog, rows_row) },
    { "delimiter_row", G_STRUCT_OFFSET (PatronExportDialog, delimiter_row) }, { "encoding_row", G_STRUCT_OFFSET (PatronExportDialog, encoding_row) },
    { "table_row", G_STRUCT_OFFSET (PatronExportDialog, table_row) }, { "text_group", G_STRUCT_OFFSET (PatronExportDialog, text_group) },
    { "sheet_group", G_STRUCT_OFFSET (PatronExportDialog, sheet_group) }, { "database_group", G_STRUCT_OFFSET (PatronExportDialog, database_group) },
    { "defuse_group", G_STRUCT_OFFSET (PatronExportDialog, defuse_group) }, { "mark_row", G_STRUCT_OFFSET (PatronExportDialog, mark_row) },
    { "units_row", G_STRUCT_OFFSET (PatronExportDialog, units_row) }, { "defuse_switch", G_STRUCT_OFFSET (PatronExportDialog, defuse_switch) },
    { "mark_switch", G_STRUCT_OFFSET (PatronExportDialog, mark_switch) }, { "units_switch", G_STRUCT_OFFSET (PatronExportDialog, units_switch) },
    { "formats_switch", G_STRUCT_OFFSET (PatronExportDialog, formats_switch) }, { "warning", G_STRUCT_OFFSET (PatronExportDialog, warning) },
    { "export_button", G_STRUCT_OFFSET (PatronExportDialog, export_button) },
  };
  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    gtk_widget_class_bind_template_child_full (widget_class, children[i].name, FALSE, children[i].offset);
  gtk_widget_class_bind_template_callback (widget_class, on_export_clicked);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
patron_export_dialog_init (PatronExportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static gboolean
has_units (PatronTable *table)
{
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    if (patron_column_get_unit (patron_table_column (table, c)) != NULL)
      return TRUE;
  return FALSE;
}

GtkWidget *
patron_export_dialog_new (GtkWidget *owner, PatronTable *table, const guint32 *rows, gsize n_rows)
{
  GtkRoot *root = owner != NULL ? gtk_widget_get_root (owner) : NULL;
  gboolean in_window = GTK_IS_WINDOW (root);
  PatronExportDialog *self = g_object_new (PATRON_TYPE_EXPORT_DIALOG, "transient-for", in_window ? root : NULL, "modal", in_window, NULL);
  g_set_weak_pointer (&self->owner, owner);
  self->table = patron_table_ref (table);
  self->rows = rows != NULL ? patron_try_alloc (n_rows, sizeof *rows, "rows", NULL) : NULL;
  self->n_rows = self->rows != NULL ? n_rows : 0;
  if (self->rows != NULL)
    memcpy (self->rows, rows, n_rows * sizeof *rows);
  fill_combo (self->format_row, N_FORMATS, format_label);
  fill_combo (self->delimiter_row, G_N_ELEMENTS (delimiters), delimiter_label);
  fill_combo (self->encoding_row, G_N_ELEMENTS (encodings), encoding_label);
  fill_rows (self);
  gtk_editable_set_text (GTK_EDITABLE (self->table_row), patron_table_get_name (table));
  gtk_widget_set_visible (self->units_row, has_units (table));
  g_signal_connect_swapped (self->format_row, "notify::selected", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->rows_row, "notify::selected", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->encoding_row, "notify::selected", G_CALLBACK (update), self);
  gtk_window_set_default_widget (GTK_WINDOW (self), self->export_button);
  update (self);
  return GTK_WIDGET (self);
}
