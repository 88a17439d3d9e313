/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/xlsx-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/memory.h"

/* No workbook has more, and a damaged one shall not make us hold more. */
#define MAX_SHEETS 10000
#define MAX_STYLES 65536

#define IS(name, wanted) (strcmp ((const char *) (name), wanted) == 0)

static gpointer
user_of (void *context)
{
  return ((xmlParserCtxt *) context)->_private;
}

static void
sheet_free (gpointer data)
{
  PatronXlsxSheet *sheet = data;
  g_free (sheet->name);
  g_free (sheet->member);
  g_free (sheet);
}

void
patron_xlsx_book_free (PatronXlsxBook *book)
{
  g_free (book->path);
  g_ptr_array_unref (book->sheets);
  g_array_unref (book->styles);
  patron_free (book->bytes);
  patron_free (book->offsets);
  g_free (book->strings_member);
  g_free (book);
}

/* ---- relationships ------------------------------------------------------------------------------------------- */

typedef struct
{
  GHashTable *targets;     /* id → member */
  GHashTable *types;       /* id → the last word of the type */
} Relations;

/* Targets are relative to xl/, or absolute. */
static char *
member_of (const char *target)
{
  if (*target == '/')
    return g_strdup (target + 1);
  g_autofree char *path = g_canonicalize_filename (target, "/xl");
  return g_strdup (path + 1);
}

static void
start_relation (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns, const xmlChar **ns, int n, int n_default, const xmlChar **attributes)
{
  Relations *relations = user_of (context);
  if (!IS (name, "Relationship"))
    return;
  g_autofree char *id = patron_xlsx_attribute (n, attributes, "Id"), *target = patron_xlsx_attribute (n, attributes, "Target"),
                  *type = patron_xlsx_attribute (n, attributes, "Type");
  if (id == NULL || target == NULL)
    return;
  const char *slash = type != NULL ? strrchr (type, '/') : NULL;
  g_hash_table_insert (relations->types, g_strdup (id), g_strdup (slash != NULL ? slash + 1 : ""));
  g_hash_table_insert (relations->targets, g_steal_pointer (&id), member_of (target));
}

/* ---- sheets -------------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronXlsxBook *book;
  Relations      *relations;
} BookReading;

static void
add_sheet (BookReading *reading, int n, const xmlChar **attributes)
{
  g_autofree char *name = patron_xlsx_attribute (n, attributes, "name"), *id = patron_xlsx_attribute (n, attributes, "id"),
                  *state = patron_xlsx_attribute (n, attributes, "state");
  const char *type = id != NULL ? g_hash_table_lookup (reading->relations->types, id) : NULL;
  const char *member = id != NULL ? g_hash_table_lookup (reading->relations->targets, id) : NULL;
  if (name == NULL || member == NULL || reading->book->sheets->len >= MAX_SHEETS)
    return;
  if (strcmp (type, "worksheet") != 0)
    {
      reading->book->n_others++;
      return;
    }
  PatronXlsxSheet *sheet = g_new0 (PatronXlsxSheet, 1);
  sheet->name = g_steal_pointer (&name);
  sheet->member = g_strdup (member);
  sheet->hidden = state != NULL && strcmp (state, "visible") != 0;
  sheet->n_rows = sheet->n_columns = (double) NAN;
  g_ptr_array_add (reading->book->sheets, sheet);
}

static void
start_book (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns, const xmlChar **ns, int n, int n_default, const xmlChar **attributes)
{
  BookReading *reading = user_of (context);
  if (IS (name, "sheet"))
    add_sheet (reading, n, attributes);
  else if (IS (name, "workbookPr"))
    {
      g_autofree char *value = patron_xlsx_attribute (n, attributes, "date1904");
      reading->book->from_1904 = value != NULL && (strcmp (value, "1") == 0 || strcmp (value, "true") == 0);
    }
}

static gboolean
read_sheets (PatronXlsxBook *book, GHashTable *members, GError **error)
{
  g_autoptr (GHashTable) targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Relations relations = { targets, types };
  xmlSAXHandler relation_handler = { .startElementNs = start_relation }, book_handler = { .startElementNs = start_book };
  PatronXlsxStream stream = { .path = book->path, .member = "xl/_rels/workbook.xml.rels", .what = N_("the list of sheets"), .handler = &relation_handler, .user = &relations };
  if (!patron_xlsx_stream (&stream, NULL, error))
    return FALSE;
  BookReading reading = { book, &relations };
  stream.member = "xl/workbook.xml";
  stream.handler = &book_handler;
  stream.user = &reading;
  if (!patron_xlsx_stream (&stream, NULL, error))
    return FALSE;
  GHashTableIter iter;
  gpointer id, type;
  g_hash_table_iter_init (&iter, types);
  while (g_hash_table_iter_next (&iter, &id, &type))
    if (strcmp (type, "sharedStrings") == 0 && book->strings_member == NULL)
      book->strings_member = g_strdup (g_hash_table_lookup (targets, id));
  if (book->sheets->len > 0)
    return TRUE;
  g_autofree char *base = g_filename_display_basename (book->path);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The workbook “%s” has no sheet of cells."), base);
  return FALSE;
}

/* The size a sheet states near its beginning: <dimension ref="A1:T1001"/>. */
static void
note_dimension (PatronXlsxBook *book, PatronXlsxSheet *sheet)
{
  g_autofree char *head = patron_xlsx_head (book->path, sheet->member, 4096);
  const char *at = head != NULL ? strstr (head, "dimension ref=\"") : NULL;
  const char *start = at != NULL ? at + strlen ("dimension ref=\"") : NULL, *end = start != NULL ? strchr (start, '"') : NULL;
  g_autofree char *text = end != NULL ? g_strndup (start, end - start) : NULL;
  PatronXlsxArea area;
  if (text == NULL || strchr (text, ':') == NULL || !patron_xlsx_parse_area (text, &area))
    return;
  sheet->n_rows = area.last_row - area.first_row + 1;
  sheet->n_columns = area.last_column - area.first_column + 1;
}

/* ---- styles -------------------------------------------------------------------------------------------------- */

typedef struct
{
  GArray     *styles;
  GHashTable *codes;        /* id of a number format → its code */
  gboolean    in_cells;     /* inside cellXfs */
} StylesReading;

/* The formats that have no code in the file (18.8.30), those of Chinese, Japanese and Korean too. */
static PatronXlsxStyle
builtin_style (guint64 id)
{
  PatronXlsxStyle style = { PATRON_XLSX_NUMBER, "" };
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58)
    style.format = PATRON_XLSX_DATE;
  else if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id == 55 || id == 56)
    style.format = PATRON_XLSX_CLOCK;
  else if (id == 22)
    style.format = PATRON_XLSX_DATE_TIME;
  else if (id >= 45 && id <= 47)
    style.format = PATRON_XLSX_ELAPSED;
  else if (id == 49)
    style.format = PATRON_XLSX_TEXT;
  return style;
}

static void
start_style (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns, const xmlChar **ns, int n, int n_default, const xmlChar **attributes)
{
  StylesReading *reading = user_of (context);
  if (IS (name, "cellXfs"))
    reading->in_cells = TRUE;
  g_autofree char *id = patron_xlsx_attribute (n, attributes, "numFmtId");
  guint64 number = id != NULL ? g_ascii_strtoull (id, NULL, 10) : 0;
  if (IS (name, "numFmt"))
    {
      char *code = patron_xlsx_attribute (n, attributes, "formatCode");
      g_hash_table_insert (reading->codes, GSIZE_TO_POINTER ((gsize) number), code != NULL ? code : g_strdup (""));
    }
  else if (IS (name, "xf") && reading->in_cells && reading->styles->len < MAX_STYLES)
    {
      const char *code = g_hash_table_lookup (reading->codes, GSIZE_TO_POINTER ((gsize) number));
      PatronXlsxStyle style = code != NULL ? patron_xlsx_classify_format (code) : builtin_style (number);
      g_array_append_val (reading->styles, style);
    }
}

static void
end_style (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
  StylesReading *reading = user_of (context);
  if (IS (name, "cellXfs"))
    reading->in_cells = FALSE;
}

static gboolean
read_styles (PatronXlsxBook *book, GError **error)
{
  gboolean found;
  g_autoptr (GHashTable) codes = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  StylesReading reading = { book->styles, codes, FALSE };
  xmlSAXHandler handler = { .startElementNs = start_style, .endElementNs = end_style };
  PatronXlsxStream stream = { .path = book->path, .member = "xl/styles.xml", .what = N_("the list of cell formats"), .handler = &handler, .user = &reading };
  return patron_xlsx_stream (&stream, &found, error);
}

/* ---- opening ------------------------------------------------------------------------------------------------- */

static gboolean
refuse_other_archives (const char *path, GHashTable *members, GError **error)
{
  if (g_hash_table_contains (members, "xl/workbook.xml"))
    return TRUE;
  g_autofree char *base = g_filename_display_basename (path);
  if (g_hash_table_contains (members, "xl/workbook.bin"))
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is a binary workbook (.xlsb); save it as .xlsx or CSV first."), base);
  else if (g_hash_table_contains (members, "content.xml"))
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is an OpenDocument file; save it as .xlsx or CSV first."), base);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is a ZIP archive, not a workbook; unpack it and open the files inside."), base);
  return FALSE;
}

PatronXlsxBook *
patron_xlsx_book_open (const char *path, GError **error)
{
  g_autoptr (GHashTable) members = patron_xlsx_members (path, error);
  if (members == NULL || !refuse_other_archives (path, members, error))
    return NULL;
  g_autoptr (PatronXlsxBook) book = g_new0 (PatronXlsxBook, 1);
  book->path = g_strdup (path);
  book->sheets = g_ptr_array_new_with_free_func (sheet_free);
  book->styles = g_array_new (FALSE, FALSE, sizeof (PatronXlsxStyle));
  if (!read_sheets (book, members, error) || !read_styles (book, error))
    return NULL;
  for (guint i = 0; i < book->sheets->len && i < 200; i++)
    note_dimension (book, book->sheets->pdata[i]);
  return g_steal_pointer (&book);
}

/* ---- shared strings ------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronXlsxBook *book;
  GString        *text;
  guint           depth;        /* inside <t> */
  guint           phonetic;     /* inside <rPh>, how a name is pronounced */
  gboolean        failed;
} StringsReading;

static void
start_string (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns, const xmlChar **ns, int n, int n_default, const xmlChar **attributes)
{
  StringsReading *reading = user_of (context);
  if (IS (name, "t"))
    reading->depth++;
  else if (IS (name, "rPh"))
    reading->phonetic++;
  else if (IS (name, "si"))
    g_string_truncate (reading->text, 0);
}

static gboolean
add_string (PatronXlsxBook *book, const GString *text)
{
  if (book->n_bytes + text->len + 1 > book->bytes_size)
    {
      gsize size = MAX (book->bytes_size * 3 / 2, book->n_bytes + text->len + 65536);
      char *bytes = patron_try_realloc (book->bytes, book->n_bytes, size, 1, "texts", NULL);
      if (bytes == NULL)
        return FALSE;
      book->bytes = bytes;
      book->bytes_size = size;
    }
  if (book->n_strings + 2 > book->offsets_size)
    {
      gsize size = MAX (book->offsets_size * 3 / 2, 4096);
      gsize *offsets = patron_try_realloc (book->offsets, book->offsets_size, size, sizeof *offsets, "texts", NULL);
      if (offsets == NULL)
        return FALSE;
      book->offsets = offsets;
      book->offsets_size = size;
    }
  memcpy (book->bytes + book->n_bytes, text->str, text->len + 1);
  book->offsets[book->n_strings++] = book->n_bytes;
  book->n_bytes += text->len + 1;
  book->offsets[book->n_strings] = book->n_bytes;
  return TRUE;
}

static void
end_string (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
  StringsReading *reading = user_of (context);
  if (IS (name, "t"))
    reading->depth -= reading->depth > 0;
  else if (IS (name, "rPh"))
    reading->phonetic -= reading->phonetic > 0;
  else if (IS (name, "si") && !reading->failed)
    {
      patron_xlsx_unescape (reading->text);
      reading->failed = !add_string (reading->book, reading->text);
    }
}

static void
string_characters (void *context, const xmlChar *text, int length)
{
  StringsReading *reading = user_of (context);
  if (reading->depth > 0 && reading->phonetic == 0)
    g_string_append_len (reading->text, (const char *) text, length);
}

static gboolean
more_strings (gpointer user)
{
  return !((StringsReading *) user)->failed;
}

gboolean
patron_xlsx_book_read_strings (PatronXlsxBook *book, PatronRun *run, GError **error)
{
  if (book->bytes != NULL || book->strings_member == NULL)
    return TRUE;
  g_autoptr (GString) text = g_string_new (NULL);
  StringsReading reading = { book, text, 0, 0, FALSE };
  gboolean found;
  xmlSAXHandler handler = { .startElementNs = start_string, .endElementNs = end_string, .characters = string_characters, .cdataBlock = string_characters };
  PatronXlsxStream stream = { .path = book->path, .member = book->strings_member, .what = N_("the list of texts"), .handler = &handler, .user = &reading,
                              .more = more_strings, .run = run };
  if (!patron_xlsx_stream (&stream, &found, error))
    return FALSE;
  if (reading.failed)
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory to hold the table."));
  return !reading.failed;
}

void
patron_xlsx_unescape (GString *text)
{
  const char *mark = strstr (text->str, "_x");
  if (mark == NULL)
    return;
  g_autoptr (GString) plain = g_string_sized_new (text->len);
  for (const char *p = text->str; *p != '\0';)
    {
      gboolean escaped = p[0] == '_' && p[1] == 'x' && strspn (p + 2, "0123456789abcdefABCDEF") >= 4 && p[6] == '_';
      if (!escaped)
        {
          g_string_append_c (plain, *p++);
          continue;
        }
      g_autofree char *digits = g_strndup (p + 2, 4);
      gunichar c = (gunichar) g_ascii_strtoull (digits, NULL, 16);
      if (c != 0 && c != '\r' && g_unichar_validate (c))
        g_string_append_unichar (plain, c);
      p += 7;
    }
  g_string_assign (text, plain->str);
}
