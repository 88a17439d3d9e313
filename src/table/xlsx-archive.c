/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE   /* memmem() */
#include "table/xlsx-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define PIECE ((gsize) 1 << 17)
/* XML that unpacks to more than this many times its packed size is no table but an attack. Tables of constants reach about 100. */
#define MAX_RATIO 500
#define ALWAYS_FINE ((gsize) 64 << 20)
#define MAX_MEMBERS 65536

typedef struct archive PatronArchive;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronArchive, archive_read_free)

void
patron_xlsx_refuse (const char *path, const char *what, const char *why, GError **error)
{
  g_autofree char *base = g_filename_display_basename (path);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is damaged: %s cannot be read (%s)."), base, what, why);
}

static PatronArchive *
open_archive (const char *path, GError **error)
{
  g_autoptr (PatronArchive) archive = archive_read_new ();
  archive_read_support_format_zip_seekable (archive);
  if (archive_read_open_filename (archive, path, PIECE) == ARCHIVE_OK)
    return g_steal_pointer (&archive);
  g_autofree char *base = g_filename_display_basename (path);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is damaged or cut short: it is no complete workbook."), base);
  return NULL;
}

/* The archive at the beginning of member's data; *found tells whether it is there. NULL with error. */
static PatronArchive *
open_member (const char *path, const char *member, gboolean *found, GError **error)
{
  g_autoptr (PatronArchive) archive = open_archive (path, error);
  struct archive_entry *entry;
  *found = FALSE;
  if (archive == NULL)
    return NULL;
  for (guint i = 0; i < MAX_MEMBERS && archive_read_next_header (archive, &entry) == ARCHIVE_OK; i++)
    {
      const char *name = archive_entry_pathname (entry);
      if (name == NULL || g_ascii_strcasecmp (name, member) != 0)
        continue;
      *found = TRUE;
      break;
    }
  return g_steal_pointer (&archive);
}

GHashTable *
patron_xlsx_members (const char *path, GError **error)
{
  g_autoptr (PatronArchive) archive = open_archive (path, error);
  if (archive == NULL)
    return NULL;
  g_autoptr (GHashTable) members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  struct archive_entry *entry;
  int status = ARCHIVE_OK;
  for (guint i = 0; i < MAX_MEMBERS && (status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK; i++)
    {
      const char *name = archive_entry_pathname (entry);
      if (name != NULL)
        g_hash_table_insert (members, g_ascii_strdown (name, -1), GSIZE_TO_POINTER (archive_entry_size (entry)));
    }
  if (g_hash_table_size (members) > 0)
    return g_steal_pointer (&members);
  g_autofree char *base = g_filename_display_basename (path);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is damaged or cut short: it is no complete workbook."), base);
  return NULL;
}

char *
patron_xlsx_attribute (int n, const xmlChar **attributes, const char *name)
{
  for (int i = 0; i < n; i++)
    if (strcmp ((const char *) attributes[5 * i], name) == 0)
      return g_strndup ((const char *) attributes[5 * i + 3], attributes[5 * i + 4] - attributes[5 * i + 3]);
  return NULL;
}

/* ---- streaming ----------------------------------------------------------------------------------------------- */

/* Workbooks have no document type; what an attacker would do with one is not even parsed. */
static void
refuse_doctype (void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
  xmlParserCtxt *parser = context;
  parser->wellFormed = 0;
  xmlStopParser (parser);
}

static void
say_nothing (void *user, const xmlError *xml_error)
{
}

static gboolean
fail (const PatronXlsxStream *stream, const char *why, GError **error)
{
  patron_xlsx_refuse (stream->path, _(stream->what), why, error);
  return FALSE;
}

static gboolean
parse_pieces (const PatronXlsxStream *stream, PatronArchive *archive, xmlParserCtxt *context, GError **error)
{
  g_autofree char *piece = g_malloc (PIECE);
  gsize n_out = 0;
  for (;;)
    {
      la_ssize_t n = archive_read_data (archive, piece, PIECE);
      if (n < 0)
        return fail (stream, _("the packed data are damaged or cut short"), error);
      n_out += n;
      gsize n_in = MAX ((gsize) archive_filter_bytes (archive, -1), 1);
      if (n_out > ALWAYS_FINE && n_out / n_in > MAX_RATIO)
        return fail (stream, _("it unpacks to more than a workbook ever needs"), error);
      int status = xmlParseChunk (context, piece, (int) n, n == 0);
      if (stream->more != NULL && !stream->more (stream->user))
        return TRUE;
      if (status != XML_ERR_OK || context->wellFormed == 0)
        return fail (stream, n == 0 ? _("it ends too early") : _("it is no valid XML"), error);
      if (n == 0)
        return TRUE;
      if (stream->run != NULL && !patron_run_check (stream->run, error))
        return FALSE;
    }
}

gboolean
patron_xlsx_stream (const PatronXlsxStream *stream, gboolean *found, GError **error)
{
  gboolean there;
  g_autoptr (PatronArchive) archive = open_member (stream->path, stream->member, &there, error);
  if (found != NULL)
    *found = there;
  if (archive == NULL)
    return FALSE;
  if (!there)
    return found != NULL || fail (stream, _("it is not there"), error);
  stream->handler->initialized = XML_SAX2_MAGIC;
  stream->handler->internalSubset = refuse_doctype;
  stream->handler->serror = (xmlStructuredErrorFunc) say_nothing;
  xmlParserCtxt *context = xmlCreatePushParserCtxt (stream->handler, NULL, NULL, 0, NULL);
  if (context == NULL)
    return fail (stream, _("there is not enough memory"), error);
  xmlCtxtUseOptions (context, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  context->_private = stream->user;
  gboolean fine = parse_pieces (stream, archive, context, error);
  xmlFreeParserCtxt (context);
  return fine;
}

char *
patron_xlsx_head (const char *path, const char *member, gsize n)
{
  gboolean found;
  g_autoptr (PatronArchive) archive = open_member (path, member, &found, NULL);
  if (archive == NULL || !found)
    return NULL;
  g_autofree char *head = g_malloc0 (n + 1);
  for (gsize at = 0; at < n;)
    {
      la_ssize_t got = archive_read_data (archive, head + at, n - at);
      if (got <= 0)
        break;
      at += got;
    }
  return g_steal_pointer (&head);
}

/* ---- merged cells -------------------------------------------------------------------------------------------- */

/* They stand behind the data but are needed before them, so the file is looked through for their mark alone, which is many times faster than parsing. */
GArray *
patron_xlsx_merges (const char *path, const char *member)
{
  static const char mark[] = "mergeCell ";
  g_autoptr (GArray) areas = g_array_new (FALSE, FALSE, sizeof (PatronXlsxArea));
  gboolean found;
  g_autoptr (PatronArchive) archive = open_member (path, member, &found, NULL);
  const gsize keep = 128;
  g_autofree char *piece = g_malloc0 (PIECE + keep + 1);
  gsize kept = 0;
  while (archive != NULL && found)
    {
      la_ssize_t n = archive_read_data (archive, piece + kept, PIECE);
      if (n < 0)
        break;
      gsize length = kept + n;
      piece[length] = '\0';
      const char *end = piece + length, *at = piece;
      while ((at = memmem (at, end - at, mark, strlen (mark))) != NULL && ((gsize) (end - at) >= keep / 2 || n == 0))
        {
          const char *ref = g_strstr_len (at, 64, "ref=\"");
          const char *quote = ref != NULL ? memchr (ref + 5, '"', MIN (32, end - ref - 5)) : NULL;
          g_autofree char *text = quote != NULL ? g_strndup (ref + 5, quote - ref - 5) : NULL;
          PatronXlsxArea area;
          if (text != NULL && patron_xlsx_parse_area (text, &area) && areas->len < 1000000)
            g_array_append_val (areas, area);
          at += strlen (mark);
        }
      kept = at != NULL ? (gsize) (end - at) : MIN (length, strlen (mark) - 1);
      memmove (piece, end - kept, kept);
      if (n == 0)
        break;
    }
  return g_steal_pointer (&areas);
}
