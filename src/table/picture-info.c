/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/picture-info.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "table/column.h"

/* The tags of TIFF 6.0 and Exif 2.3 that are looked at. */
#define TAG_WIDTH 0x0100
#define TAG_HEIGHT 0x0101
#define TAG_ORIENTATION 0x0112
#define TAG_DATE 0x0132
#define TAG_EXIF 0x8769
#define TAG_DATE_ORIGINAL 0x9003

#define MAX_EXIF ((gsize) 65536)

gboolean
patron_picture_has_name (const char *name)
{
  static const char *const endings[] = { "jpg", "jpeg", "png", "gif", "bmp", "webp", "tif", "tiff", "heic", "avif", NULL };
  const char *dot = strrchr (name, '.');
  g_autofree char *ending = g_ascii_strdown (dot != NULL ? dot + 1 : "", -1);
  return g_strv_contains (endings, ending);
}

static guint32
big16 (const guint8 *p)
{
  return (guint32) p[0] << 8 | p[1];
}

static guint32
big32 (const guint8 *p)
{
  return big16 (p) << 16 | big16 (p + 2);
}

static guint32
little16 (const guint8 *p)
{
  return (guint32) p[1] << 8 | p[0];
}

static guint32
little32 (const guint8 *p)
{
  return little16 (p + 2) << 16 | little16 (p);
}

/* ---- TIFF directories, which Exif uses too ------------------------------------------------------------------- */

typedef struct
{
  const guint8      *bytes;
  gsize              n;
  gboolean           big;           /* byte order */
  PatronPictureInfo *info;
  guint              orientation;
  gboolean           original;      /* taken is the moment of exposure, not of the last change */
} Tiff;

static guint32
number16 (const Tiff *tiff, gsize at)
{
  return at + 2 > tiff->n ? 0 : tiff->big ? big16 (tiff->bytes + at) : little16 (tiff->bytes + at);
}

static guint32
number32 (const Tiff *tiff, gsize at)
{
  return at + 4 > tiff->n ? 0 : tiff->big ? big32 (tiff->bytes + at) : little32 (tiff->bytes + at);
}

/* "2024:05:31 12:00:00" */
static void
take_date (Tiff *tiff, gsize at, gboolean original)
{
  char text[20] = "";
  int year, month, day, hour, minute, second;
  if (at + 19 > tiff->n || (tiff->original && !original))
    return;
  memcpy (text, tiff->bytes + at, 19);
  if (sscanf (text, "%4d:%2d:%2d %2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) != 6 || !patron_date_valid (year, month, day) || hour < 0 || hour > 23
      || minute < 0 || minute > 59 || second < 0 || second > 60)
    return;
  tiff->info->taken = ((gint64) patron_date_from_ymd (year, month, day) * 86400 + hour * 3600 + minute * 60 + second) * 1000000;
  tiff->original = original;
}

static void
read_directory (Tiff *tiff, gsize at, gboolean sizes, guint depth)
{
  guint n = number16 (tiff, at);
  for (guint i = 0; i < n && at + 2 + 12 * (i + 1) <= tiff->n; i++)
    {
      gsize entry = at + 2 + 12 * i;
      guint tag = number16 (tiff, entry), type = number16 (tiff, entry + 2);
      guint32 value = type == 3 ? number16 (tiff, entry + 8) : number32 (tiff, entry + 8);
      if (tag == TAG_WIDTH && sizes)
        tiff->info->width = value;
      else if (tag == TAG_HEIGHT && sizes)
        tiff->info->height = value;
      else if (tag == TAG_ORIENTATION && depth == 0)
        tiff->orientation = value;
      else if (tag == TAG_DATE || tag == TAG_DATE_ORIGINAL)
        take_date (tiff, value, tag == TAG_DATE_ORIGINAL);
      else if (tag == TAG_EXIF && depth == 0)
        read_directory (tiff, value, FALSE, depth + 1);
    }
}

/* sizes: the directory is that of the picture itself. */
static gboolean
read_tiff (const guint8 *bytes, gsize n, gboolean sizes, PatronPictureInfo *info)
{
  if (n < 8 || (memcmp (bytes, "II*\0", 4) != 0 && memcmp (bytes, "MM\0*", 4) != 0))
    return FALSE;
  Tiff tiff = { .bytes = bytes, .n = n, .big = bytes[0] == 'M', .info = info };
  read_directory (&tiff, number32 (&tiff, 4), sizes, 0);
  if (tiff.orientation >= 5 && tiff.orientation <= 8)
    {
      /* A quarter turn; where the size comes later it is turned then. */
      guint32 width = info->width;
      info->width = info->height;
      info->height = width;
    }
  return tiff.orientation >= 5 && tiff.orientation <= 8;
}

/* ---- JPEG ---------------------------------------------------------------------------------------------------- */

/* After the mark of the beginning: segments of a mark, a length and data (ITU T.81, B.1.1). */
static gboolean
read_jpeg (FILE *file, PatronPictureInfo *info)
{
  guint8 mark[4];
  gboolean turned = FALSE;
  g_autofree guint8 *data = NULL;
  while (fread (mark, 1, 4, file) == 4 && mark[0] == 0xff)
    {
      if (mark[1] == 0xff)
        {
          /* Filling before a mark. */
          if (fseek (file, -3, SEEK_CUR) != 0)
            return FALSE;
          continue;
        }
      gsize length = big16 (mark + 2);
      if (length < 2 || mark[1] == 0xda)
        return FALSE;
      length -= 2;
      gboolean frame = mark[1] >= 0xc0 && mark[1] <= 0xcf && mark[1] != 0xc4 && mark[1] != 0xc8 && mark[1] != 0xcc;
      if (!frame && mark[1] != 0xe1)
        {
          if (fseek (file, (long) length, SEEK_CUR) != 0)
            return FALSE;
          continue;
        }
      if (data == NULL)
        data = g_malloc (MAX_EXIF);
      if (fread (data, 1, length, file) != length)
        return FALSE;
      if (frame && length >= 5)
        {
          info->width = big16 (turned ? data + 1 : data + 3);
          info->height = big16 (turned ? data + 3 : data + 1);
          return TRUE;
        }
      if (length > 14 && memcmp (data, "Exif\0\0", 6) == 0)
        turned = read_tiff (data + 6, length - 6, FALSE, info);
    }
  return FALSE;
}

/* ---- the others ---------------------------------------------------------------------------------------------- */

/* The three kinds of WebP (RFC 9649). */
static gboolean
read_webp (const guint8 *head, PatronPictureInfo *info)
{
  const guint8 *data = head + 20;
  if (memcmp (head + 12, "VP8X", 4) == 0)
    {
      info->width = 1 + (data[4] | data[5] << 8 | data[6] << 16);
      info->height = 1 + (data[7] | data[8] << 8 | data[9] << 16);
    }
  else if (memcmp (head + 12, "VP8L", 4) == 0)
    {
      guint32 bits = little32 (data + 1);
      info->width = 1 + (bits & 0x3fff);
      info->height = 1 + (bits >> 14 & 0x3fff);
    }
  else if (memcmp (head + 12, "VP8 ", 4) == 0)
    {
      info->width = little16 (data + 6) & 0x3fff;
      info->height = little16 (data + 8) & 0x3fff;
    }
  return info->width > 0;
}

static gboolean
read_tiff_file (FILE *file, PatronPictureInfo *info)
{
  /* The directory may be anywhere; one far inside is left unread. */
  gsize size = (gsize) 1 << 20;
  g_autofree guint8 *bytes = g_malloc (size);
  if (fseek (file, 0, SEEK_SET) != 0)
    return FALSE;
  gsize n = fread (bytes, 1, size, file);
  read_tiff (bytes, n, TRUE, info);
  return info->width > 0;
}

static gboolean
read_known (FILE *file, PatronPictureInfo *info)
{
  guint8 head[32] = { 0 };
  gsize n = fread (head, 1, sizeof head, file);
  if (n >= 24 && memcmp (head, "\x89PNG\r\n\x1a\n", 8) == 0)
    {
      info->width = big32 (head + 16);
      info->height = big32 (head + 20);
      return TRUE;
    }
  if (n >= 3 && memcmp (head, "\xff\xd8\xff", 3) == 0)
    return fseek (file, 2, SEEK_SET) == 0 && read_jpeg (file, info);
  if (n >= 10 && memcmp (head, "GIF8", 4) == 0)
    {
      info->width = little16 (head + 6);
      info->height = little16 (head + 8);
      return TRUE;
    }
  if (n >= 26 && memcmp (head, "BM", 2) == 0)
    {
      info->width = little32 (head + 18);
      info->height = (guint32) ABS ((gint32) little32 (head + 22));
      return TRUE;
    }
  if (n >= 30 && memcmp (head, "RIFF", 4) == 0 && memcmp (head + 8, "WEBP", 4) == 0)
    return read_webp (head, info);
  if (n >= 8 && (memcmp (head, "II*\0", 4) == 0 || memcmp (head, "MM\0*", 4) == 0))
    return read_tiff_file (file, info);
  return FALSE;
}

gboolean
patron_picture_read_info (const char *path, PatronPictureInfo *info)
{
  *info = (PatronPictureInfo) { .taken = PATRON_INTEGER_MISSING };
  FILE *file = g_fopen (path, "rbe");
  if (file == NULL)
    return FALSE;
  gboolean known = read_known (file, info);
  fclose (file);
  return known;
}
