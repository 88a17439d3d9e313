/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/text-source.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/memory.h"
#include "table/parse-plain.h"
#include "table/text-encoding.h"

#define HEAD ((gsize) 1 << 20)

struct _PatronTextSource
{
  char       *path;
  int         fd;             /* -1: all is in memory */
  guint64     start;          /* of the text in the file, after the byte order mark */
  guint64     size;
  gboolean    is_head;
  struct stat stat;
  char       *memory;         /* NUL-terminated, or NULL */
  gsize       memory_start;   /* of the text in it */
  char       *head;           /* the beginning, once asked for, when the whole is not in memory */
  char        encoding[32];
  const char *packing;
  PatronText *reason;
  gsize       n_replaced;
};

void
patron_text_source_free (PatronTextSource *source)
{
  if (source == NULL)
    return;
  if (source->fd >= 0)
    close (source->fd);
  patron_free (source->memory);
  patron_free (source->head);
  patron_text_free (source->reason);
  g_free (source->path);
  g_free (source);
}

static gboolean
fail_errno (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” cannot be read: %s."), name, g_strerror (errno));
  return FALSE;
}

/* length bytes at offset, all of them. */
static gboolean
read_fully (PatronTextSource *source, guint64 offset, char *out, gsize length, GError **error)
{
  while (length > 0)
    {
      ssize_t n = pread (source->fd, out, MIN (length, 1 << 28), offset);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail_errno (source->path, error);
      if (n == 0)
        {
          g_autofree char *name = g_path_get_basename (source->path);
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” became shorter while it was being read; read it again when it is complete."), name);
          return FALSE;
        }
      out += n;
      offset += n;
      length -= n;
    }
  return TRUE;
}

/* Output that grows, up to a limit. */
typedef struct
{
  char *bytes;
  gsize used, size, limit;
} Output;

static gboolean
output_room (Output *out, GError **error)
{
  if (out->size - out->used >= (gsize) 1 << 16)
    return TRUE;
  gsize size = MAX (out->size * 2, (gsize) 1 << 18);
  char *bytes = patron_try_realloc (out->bytes, out->size, size, 1, "unpacked text", error);
  if (bytes == NULL)
    return FALSE;
  out->bytes = bytes;
  out->size = size;
  return TRUE;
}

static gboolean
damaged (PatronTextSource *source, GError **error)
{
  g_autofree char *name = g_path_get_basename (source->path);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is packed with %s, but the packed data are damaged or cut short."), name, source->packing);
  return FALSE;
}

/* Several members one after the other are one text. */
static gboolean
unpack_gzip (PatronTextSource *source, const char *in, gsize length, Output *out, PatronRun *run, GError **error)
{
  z_stream stream = { 0 };
  if (inflateInit2 (&stream, 15 + 16) != Z_OK)
    return damaged (source, error);
  gboolean fine = TRUE, ended = FALSE;
  gsize at = 0;
  while (fine && out->used < out->limit && (at < length || stream.avail_in > 0))
    {
      if (stream.avail_in == 0)
        {
          stream.next_in = (Bytef *) in + at;
          stream.avail_in = MIN (length - at, (gsize) 1 << 20);
          at += stream.avail_in;
        }
      if (!output_room (out, error) || (run != NULL && !patron_run_check (run, error)))
        {
          inflateEnd (&stream);
          return FALSE;
        }
      gsize room = MIN (out->size - out->used - PATRON_PLAIN_PADDING, (gsize) 1 << 26);
      stream.next_out = (Bytef *) out->bytes + out->used;
      stream.avail_out = room;
      int status = inflate (&stream, Z_NO_FLUSH);
      out->used += room - stream.avail_out;
      ended = status == Z_STREAM_END;
      if (ended)
        {
          gsize rest = length - at + stream.avail_in;
          if (rest < 2 || stream.next_in[0] != 0x1f)   /* zeros may pad the end */
            break;
          fine = inflateReset (&stream) == Z_OK;
        }
      else
        fine = status == Z_OK || status == Z_BUF_ERROR;
    }
  inflateEnd (&stream);
  return fine && (ended || out->used >= out->limit) ? TRUE : damaged (source, error);
}

static gboolean
unpack_zstd (PatronTextSource *source, const char *in, gsize length, Output *out, PatronRun *run, GError **error)
{
  ZSTD_DCtx *context = ZSTD_createDCtx ();
  ZSTD_inBuffer input = { in, length, 0 };
  gsize status = 1;
  gboolean fine = context != NULL;
  while (fine && out->used < out->limit && (input.pos < input.size || status > 0))
    {
      if (!output_room (out, error) || (run != NULL && !patron_run_check (run, error)))
        {
          ZSTD_freeDCtx (context);
          return FALSE;
        }
      ZSTD_outBuffer output = { out->bytes + out->used, out->size - out->used - PATRON_PLAIN_PADDING, 0 };
      gsize before = input.pos;
      status = ZSTD_decompressStream (context, &output, &input);
      out->used += output.pos;
      fine = !ZSTD_isError (status) && (output.pos > 0 || input.pos > before || status == 0);
      if (fine && status == 0 && input.pos == input.size)
        break;
    }
  ZSTD_freeDCtx (context);
  return fine ? TRUE : damaged (source, error);
}

static const char *
packing_of (const char *head, gsize length)
{
  if (length >= 3 && memcmp (head, "\x1f\x8b\x08", 3) == 0)
    return "gzip";
  if (length >= 4 && memcmp (head, "\x28\xb5\x2f\xfd", 4) == 0)
    return "zstd";
  return NULL;
}

/* A control character that no text has near its beginning. */
static gboolean
looks_binary (const char *head, gsize length)
{
  for (gsize i = 0; i < MIN (length, 512); i++)
    if ((guchar) head[i] < '\t')
      return TRUE;
  return FALSE;
}

/* Files that are certainly not text, by their first bytes. Letters alone could be those of a name. */
static const char *
foreign_kind (const char *head, gsize length)
{
  static const struct { const char *magic; gsize n; const char *kind; gboolean letters; } kinds[] = {
    { "PK\x03\x04", 4, N_("a ZIP archive or a spreadsheet") }, { "BZh", 3, N_("packed with bzip2"), TRUE }, { "\xfd" "7zXZ", 5, N_("packed with xz") },
    { "SQLite format 3", 15, N_("a database"), TRUE }, { "%PDF-", 5, N_("a PDF document") }, { "\x89PNG", 4, N_("a picture") }, { "\xff\xd8\xff", 3, N_("a picture") },
    { "GIF8", 4, N_("a picture"), TRUE }, { "\xd0\xcf\x11\xe0", 4, N_("an old spreadsheet or document") }, { "PAR1", 4, N_("a Parquet file"), TRUE },
    { "\x7f" "ELF", 4, N_("a program") },
  };
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (length >= kinds[i].n && memcmp (head, kinds[i].magic, kinds[i].n) == 0 && (!kinds[i].letters || looks_binary (head, length)))
      return kinds[i].kind;
  return NULL;
}

/* The whole file, or as much of it as its head needs. */
static char *
read_raw (PatronTextSource *source, gsize length, GError **error)
{
  char *raw = patron_try_alloc (length + PATRON_PLAIN_PADDING, 1, "file", error);
  if (raw != NULL && !read_fully (source, 0, raw, length, error))
    {
      patron_free (raw);
      return NULL;
    }
  if (raw != NULL)
    raw[length] = '\0';
  return raw;
}

/* Puts unpacked bytes into memory. */
static gboolean
unpack (PatronTextSource *source, gboolean head_only, PatronRun *run, GError **error)
{
  gsize length = head_only ? MIN ((gsize) source->stat.st_size, HEAD) : (gsize) source->stat.st_size;
  char *raw = read_raw (source, length, error);
  if (raw == NULL)
    return FALSE;
  Output out = { .limit = head_only ? HEAD : G_MAXSIZE };
  gboolean done = strcmp (source->packing, "gzip") == 0 ? unpack_gzip (source, raw, length, &out, run, error) : unpack_zstd (source, raw, length, &out, run, error);
  if (!done && head_only && length < (gsize) source->stat.st_size && out.used > 0)
    {
      g_clear_error (error);     /* only cut by us */
      done = TRUE;
    }
  patron_free (raw);
  if (!done || (out.bytes == NULL && !output_room (&out, error)))
    {
      patron_free (out.bytes);
      return FALSE;
    }
  source->is_head = head_only && (out.used >= HEAD || length < (gsize) source->stat.st_size);
  out.bytes[out.used] = '\0';
  source->memory = out.bytes;
  source->size = out.used;
  return TRUE;
}

/* Converts what is in memory. */
static gboolean
convert (PatronTextSource *source, gsize mark, gboolean head_only, GError **error)
{
  gsize n;
  char *text = patron_to_utf8 (source->memory + mark, source->size - mark, source->encoding, head_only ? HEAD : G_MAXSIZE, &n, &source->n_replaced, error);
  if (text == NULL)
    return FALSE;
  if (source->is_head && source->n_replaced == 1)
    source->n_replaced = 0;      /* the character cut at the end */
  patron_free (source->memory);
  source->memory = text;
  source->size = n;
  source->memory_start = 0;
  return TRUE;
}

static gboolean
settle_encoding (PatronTextSource *source, const char *wanted, const char *head, gsize length, gboolean cut, gsize *mark)
{
  PatronEncodingGuess guess = patron_detect_encoding (head, length, cut);
  *mark = guess.mark;
  if (wanted != NULL && *wanted != '\0' && g_ascii_strcasecmp (wanted, "auto") != 0)
    {
      patron_text_free (guess.reason);
      gboolean utf16 = g_ascii_strncasecmp (wanted, "utf-16", 6) == 0 || g_ascii_strncasecmp (wanted, "utf16", 5) == 0;
      if (g_str_has_prefix (guess.name, "UTF-16") && utf16)
        g_strlcpy (source->encoding, guess.name, sizeof source->encoding);
      else if (g_ascii_strcasecmp (wanted, "utf8") == 0 || g_ascii_strcasecmp (wanted, "utf-8") == 0 || g_ascii_strcasecmp (wanted, "ascii") == 0)
        g_strlcpy (source->encoding, "UTF-8", sizeof source->encoding);
      else
        g_strlcpy (source->encoding, wanted, sizeof source->encoding);
      return strcmp (source->encoding, "UTF-8") == 0;
    }
  source->reason = guess.reason;
  g_strlcpy (source->encoding, guess.name, sizeof source->encoding);
  return strcmp (guess.name, "UTF-8") == 0;
}

static gboolean
open_file (PatronTextSource *source, GError **error)
{
  source->fd = open (source->path, O_RDONLY | O_CLOEXEC);
  if (source->fd < 0 || fstat (source->fd, &source->stat) != 0)
    return fail_errno (source->path, error);
  if (S_ISDIR (source->stat.st_mode))
    {
      errno = EISDIR;
      return fail_errno (source->path, error);
    }
  if (S_ISREG (source->stat.st_mode))
    return TRUE;
  /* A pipe: into memory first. */
  Output out = { .limit = G_MAXSIZE };
  for (;;)
    {
      if (!output_room (&out, error))
        break;
      ssize_t n = read (source->fd, out.bytes + out.used, out.size - out.used - PATRON_PLAIN_PADDING);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          fail_errno (source->path, error);
          break;
        }
      if (n == 0)
        {
          out.bytes[out.used] = '\0';
          source->memory = out.bytes;
          source->size = source->stat.st_size = out.used;
          close (source->fd);
          source->fd = -1;
          return TRUE;
        }
      out.used += n;
    }
  patron_free (out.bytes);
  return FALSE;
}

PatronTextSource *
patron_text_source_open (const char *path, const char *encoding, gboolean head_only, PatronRun *run, GError **error)
{
  g_autoptr (PatronTextSource) source = g_new0 (PatronTextSource, 1);
  source->path = g_strdup (path);
  source->fd = -1;
  if (!open_file (source, error))
    return NULL;
  gsize head_length = MIN ((gsize) source->stat.st_size, HEAD);
  g_autofree char *head = NULL;
  if (source->memory == NULL)
    {
      head = g_malloc (HEAD + 1);
      if (!read_fully (source, 0, head, head_length, error))
        return NULL;
    }
  const char *first = source->memory != NULL ? source->memory : head;
  const char *kind = foreign_kind (first, head_length);
  if (kind != NULL)
    {
      g_autofree char *name = g_path_get_basename (path);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is %s; expected a text file such as CSV."), name, _(kind));
      return NULL;
    }
  source->packing = source->fd >= 0 ? packing_of (first, head_length) : NULL;
  if (source->packing != NULL)
    {
      if (!unpack (source, head_only, run, error))
        return NULL;
      first = source->memory;
      head_length = MIN (source->size, HEAD);
    }
  else if (source->memory == NULL)
    source->size = source->stat.st_size;

  gsize mark;
  gboolean utf8 = settle_encoding (source, encoding, first, head_length, head_length < source->size || source->is_head, &mark);
  if (!utf8)
    {
      if (source->memory == NULL)
        {
          gsize length = head_only ? head_length & ~(gsize) 3 : source->size;
          length = head_only && head_length == source->size ? head_length : length;
          source->is_head = length < source->size;
          source->memory = read_raw (source, length, error);
          source->size = length;
        }
      if (source->memory == NULL || !convert (source, mark, head_only, error))
        return NULL;
    }
  else
    {
      source->start = mark;
      source->memory_start = mark;
      source->size -= mark;
    }
  return g_steal_pointer (&source);
}

PatronTextSource *
patron_text_source_new_head (const char *text, gsize length, gboolean is_head, GError **error)
{
  g_autoptr (PatronTextSource) source = g_new0 (PatronTextSource, 1);
  source->fd = -1;
  source->path = g_strdup ("");
  source->memory = patron_try_alloc (length + PATRON_PLAIN_PADDING, 1, "text", error);
  if (source->memory == NULL)
    return NULL;
  memcpy (source->memory, text, length);
  source->memory[length] = '\0';
  source->size = length;
  source->is_head = is_head;
  g_strlcpy (source->encoding, "UTF-8", sizeof source->encoding);
  return g_steal_pointer (&source);
}

guint64
patron_text_source_size (const PatronTextSource *source)
{
  return source->size;
}

gboolean
patron_text_source_is_head (const PatronTextSource *source)
{
  return source->is_head;
}

const char *
patron_text_source_encoding (const PatronTextSource *source)
{
  return source->encoding;
}

const char *
patron_text_source_packing (const PatronTextSource *source)
{
  return source->packing;
}

const PatronText *
patron_text_source_reason (const PatronTextSource *source)
{
  return source->reason;
}

gsize
patron_text_source_n_replaced (const PatronTextSource *source)
{
  return source->n_replaced;
}

const char *
patron_text_source_read (PatronTextSource *source, guint64 offset, gsize length, char **buffer, gsize *size, GError **error)
{
  if (source->memory != NULL)
    return source->memory + source->memory_start + offset;
  if (*size < length + PATRON_PLAIN_PADDING)
    {
      gsize wanted = length + length / 4 + PATRON_PLAIN_PADDING;
      char *larger = patron_try_realloc (*buffer, *size, wanted, 1, "text", error);
      if (larger == NULL)
        return NULL;
      *buffer = larger;
      *size = wanted;
    }
  gboolean at_end = offset + length >= source->size;
  if (!read_fully (source, source->start + offset, *buffer, length + !at_end, error))
    return NULL;
  if (at_end)
    (*buffer)[length] = '\0';
  return *buffer;
}

const char *
patron_text_source_head (PatronTextSource *source, gsize *length, GError **error)
{
  *length = MIN (source->size, HEAD);
  if (source->memory != NULL)
    return source->memory + source->memory_start;
  if (source->head == NULL)
    {
      source->head = patron_try_alloc (*length + PATRON_PLAIN_PADDING, 1, "text", error);
      if (source->head == NULL || !read_fully (source, source->start, source->head, *length, error))
        return NULL;
      source->head[*length] = '\0';
    }
  return source->head;
}

const char *
patron_text_source_whole (PatronTextSource *source, GError **error)
{
  if (source->memory == NULL)
    {
      char *memory = patron_try_alloc (source->size + PATRON_PLAIN_PADDING, 1, "text", error);
      if (memory == NULL || !read_fully (source, source->start, memory, source->size, error))
        {
          patron_free (memory);
          return NULL;
        }
      memory[source->size] = '\0';
      source->memory = memory;
      source->memory_start = 0;
    }
  return source->memory + source->memory_start;
}

gboolean
patron_text_source_check (PatronTextSource *source, GError **error)
{
  struct stat now;
  if (source->fd < 0)
    return TRUE;
  if (fstat (source->fd, &now) != 0)
    return fail_errno (source->path, error);
  if (now.st_size == source->stat.st_size && now.st_mtim.tv_sec == source->stat.st_mtim.tv_sec && now.st_mtim.tv_nsec == source->stat.st_mtim.tv_nsec)
    return TRUE;
  g_autofree char *name = g_path_get_basename (source->path);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” changed while it was being read; read it again when it is complete."), name);
  return FALSE;
}
