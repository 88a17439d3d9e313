/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/text-encoding.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <iconv.h>
#include <string.h>
#include <unicode/ucsdet.h>

#include "base/error.h"
#include "base/memory.h"
#include "table/parse-plain.h"

const char *
patron_utf8_invalid (const char *text, gsize length)
{
  const char *p = text, *end = text + length;
  while (p < end)
    {
      guint64 eight;
      if (end - p >= 8)
        {
          memcpy (&eight, p, 8);
          if ((eight & 0x8080808080808080ull) == 0)
            {
              p += 8;
              continue;
            }
        }
      guchar c = *p;
      if (c < 0x80)
        {
          p++;
          continue;
        }
      int n = c >= 0xc2 && c < 0xe0 ? 1 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 0;
      if (n == 0 || end - p <= n)
        return p;
      guchar second = p[1];
      if ((c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) || (c == 0xf0 && second < 0x90) || (c == 0xf4 && second > 0x8f))
        return p;
      for (int i = 1; i <= n; i++)
        if (((guchar) p[i] & 0xc0) != 0x80)
          return p;
      p += n + 1;
    }
  return end;
}

/* Whether a unit of UTF-16 is of a script people write: Latin, Greek, Cyrillic, kana, hanzi, hangul, their marks. */
static gboolean
is_written (guint unit)
{
  static const struct { guint16 first, last; } ranges[] = {
    { 0x20, 0x7e }, { 0xa0, 0x24f }, { 0x370, 0x52f }, { 0x5d0, 0x6ff }, { 0xe00, 0xe7f }, { 0x2010, 0x203b }, { 0x20a0, 0x20bf }, { 0x2100, 0x22ff }, { 0x2500, 0x26ff },
    { 0x3000, 0x30ff }, { 0x3400, 0x9fff }, { 0xac00, 0xdfff }, { 0xff00, 0xffef },
  };
  if (unit == '\n' || unit == '\r' || unit == '\t')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (unit >= ranges[i].first && unit <= ranges[i].last)
      return TRUE;
  return FALSE;
}

/* UTF-16 without a mark: ASCII characters, of which a table has some, have NUL as their other byte. Where most characters are others, all of them must be
 * of a script and the line ends must be there. */
static const char *
looks_like_utf16 (const char *text, gsize length)
{
  if (length == 0 || memchr (text, 0, length) == NULL)
    return NULL;
  gsize even = 0, odd = 0, lines[2] = { 0 }, written[2] = { 0 }, n = length & ~(gsize) 1;
  for (gsize i = 0; i < n; i += 2)
    {
      const guint little = (guchar) text[i] | (guint) (guchar) text[i + 1] << 8, big = (guchar) text[i + 1] | (guint) (guchar) text[i] << 8;
      even += text[i] == 0;
      odd += text[i + 1] == 0;
      lines[0] += little == '\n' || little == '\r';
      lines[1] += big == '\n' || big == '\r';
      written[0] += is_written (little);
      written[1] += is_written (big);
    }
  gsize pairs = n / 2;
  if (pairs < 2)
    return NULL;
  if (odd * 10 >= pairs * 2 && even * 20 <= odd)
    return "UTF-16LE";
  if (even * 10 >= pairs * 2 && odd * 20 <= even)
    return "UTF-16BE";
  if (odd >= 4 && odd > even && lines[0] > 0 && lines[0] > lines[1] && written[0] * 100 >= pairs * 98)
    return "UTF-16LE";
  if (even >= 4 && even > odd && lines[1] > 0 && lines[1] > lines[0] && written[1] * 100 >= pairs * 98)
    return "UTF-16BE";
  return NULL;
}

/* Double-byte encodings, told apart by where the frequent characters lie. */
typedef struct
{
  gsize pairs;             /* double-byte characters */
  gsize frequent;          /* of those, in the rows of frequent characters */
  gsize kana;              /* Shift-JIS */
  gsize broken;
} DoubleBytes;

/* Each: the bytes of the character at p, whose first byte is over 0x7f and of which left bytes are there, counted in d; 0 when it is none. */

static gsize
scan_gbk (const guchar *p, gsize left, DoubleBytes *d)
{
  if (p[0] < 0x81 || p[0] > 0xfe || left < 2)
    return 0;
  if (left >= 4 && p[1] >= 0x30 && p[1] <= 0x39 && p[2] >= 0x81 && p[2] <= 0xfe && p[3] >= 0x30 && p[3] <= 0x39)
    {
      d->pairs++;
      return 4;
    }
  if (p[1] < 0x40 || p[1] == 0x7f || p[1] == 0xff)
    return 0;
  d->pairs++;
  /* GB 2312: punctuation, and the hanzi of level 1 (and, less weighty, 2). */
  d->frequent += p[1] >= 0xa1 && ((p[0] >= 0xb0 && p[0] <= 0xd7) || p[0] == 0xa1 || p[0] == 0xa3);
  return 2;
}

static gsize
scan_big5 (const guchar *p, gsize left, DoubleBytes *d)
{
  if (left < 2 || p[0] < 0xa1 || p[0] > 0xf9 || !((p[1] >= 0x40 && p[1] <= 0x7e) || (p[1] >= 0xa1 && p[1] <= 0xfe)))
    return 0;
  d->pairs++;
  d->frequent += (p[0] >= 0xa4 && p[0] <= 0xc6) || p[0] == 0xa1;
  return 2;
}

static gsize
scan_sjis (const guchar *p, gsize left, DoubleBytes *d)
{
  if (p[0] >= 0xa1 && p[0] <= 0xdf)      /* half-width katakana */
    return 1;
  if (left < 2 || !((p[0] >= 0x81 && p[0] <= 0x9f) || (p[0] >= 0xe0 && p[0] <= 0xfc)) || p[1] < 0x40 || p[1] == 0x7f || p[1] > 0xfc)
    return 0;
  d->pairs++;
  gboolean kana = (p[0] == 0x82 && p[1] >= 0x9f && p[1] <= 0xf1) || (p[0] == 0x83 && p[1] >= 0x40 && p[1] <= 0x96);
  d->kana += kana;
  d->frequent += kana || p[0] == 0x81 || (p[0] >= 0x88 && p[0] <= 0x97);
  return 2;
}

static DoubleBytes
count_characters (const guchar *p, const guchar *end, gsize (*scan) (const guchar *p, gsize left, DoubleBytes *d))
{
  DoubleBytes d = { 0 };
  while (p < end)
    {
      gsize n = *p < 0x80 ? 1 : scan (p, end - p, &d);
      d.broken += n == 0;
      p += MAX (n, 1);
    }
  return d;
}

static double
share (gsize part, gsize whole)
{
  return whole == 0 ? 0 : (double) part / whole;
}

static gboolean
has_byte_of (const char *text, gsize length, const char *bytes)
{
  for (gsize i = 0; i < length; i++)
    if (text[i] != '\0' && strchr (bytes, text[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* Bytes from 0xc0 on, which are letters in all encodings of one byte: how many there are, and the longest run of them. */
static gsize
count_letters (const char *text, gsize length, gsize *run)
{
  gsize n = 0, now = 0;
  *run = 0;
  for (gsize i = 0; i < length; i++)
    {
      now = (guchar) text[i] >= 0xc0 ? now + 1 : 0;
      n += now > 0;
      *run = MAX (*run, now);
    }
  return n;
}

static gboolean
is_letter (char c)
{
  return g_ascii_isalpha (c) || (guchar) c >= 0xc0 || strchr ("\x8a\x8c\x8e\x9a\x9c\x9e", c) != NULL;
}

/* How often one of the bytes stands within a word. */
static gsize
count_inner (const char *text, gsize length, const char *bytes)
{
  gsize n = 0;
  for (gsize i = 1; i + 1 < length; i++)
    n += text[i] != '\0' && strchr (bytes, text[i]) != NULL && is_letter (text[i - 1]) && is_letter (text[i + 1]);
  return n;
}

/* The encoding of Polish, Czech and their neighbours whose letters within words would be signs in Windows-1252 (¹ ³ ¿ for ą ł ż); NULL for neither. */
static const char *
central_european (const char *text, gsize length)
{
  const gsize windows = count_inner (text, length, "\xb9\x9f\x9d\x8f\x8d"), iso = count_inner (text, length, "\xb1\xb6\xb5\xbb\xa6"),
              both = count_inner (text, length, "\xb3\xbf\xbe\xbc");
  if (windows + iso + both < 2 && count_inner (text, length, "\x9d\x8d\x8f") == 0)
    return NULL;
  return iso > windows ? "ISO-8859-2" : "windows-1250";
}

/* Whether a text may be what the statistics of letters take it for: those of a few names prove nothing against Windows-1252, the most frequent. */
static gboolean
is_evident (const char *name, const char *text, gsize length)
{
  gsize run, n = count_letters (text, length, &run);
  /* The Turkish ones differ from Windows-1252 in six letters only. */
  if (strcmp (name, "ISO-8859-9") == 0 || strcmp (name, "windows-1254") == 0)
    return has_byte_of (text, length, "\xd0\xdd\xde\xf0\xfd\xfe");
  if (strcmp (name, "windows-1250") == 0 || strcmp (name, "ISO-8859-2") == 0)
    return n >= 12;
  /* Other alphabets: whole words of such letters. */
  return run >= 3;
}

/* What the statistics of letters say, among encodings of one byte a character. */
static const char *
detect_single_byte (const char *text, gsize length)
{
  static const char *const known[] = { "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "KOI8-R",
                                       "ISO-8859-2", "ISO-8859-5", "ISO-8859-7", "ISO-8859-9", "EUC-KR", "EUC-JP", NULL };
  UErrorCode status = U_ZERO_ERROR;
  UCharsetDetector *detector = ucsdet_open (&status);
  if (U_FAILURE (status))
    return "WINDOWS-1252";
  const char *name = "WINDOWS-1252";
  ucsdet_setText (detector, text, MIN (length, 1 << 16), &status);
  const UCharsetMatch *match = ucsdet_detect (detector, &status);
  if (U_SUCCESS (status) && match != NULL && ucsdet_getConfidence (match, &status) >= 40)
    {
      const char *found = ucsdet_getName (match, &status);
      for (guint i = 0; known[i] != NULL; i++)
        if (U_SUCCESS (status) && g_ascii_strcasecmp (found, known[i]) == 0)
          name = known[i];
      if (!is_evident (name, text, length))
        name = "WINDOWS-1252";
    }
  ucsdet_close (detector);
  if (strcmp (name, "WINDOWS-1252") == 0)
    {
      const char *central = central_european (text, length);
      return central != NULL ? central : name;
    }
  return name;
}

/* Not UTF-8 and not UTF-16. */
static PatronEncodingGuess
detect_legacy (const char *text, gsize length)
{
  const guchar *p = (const guchar *) text, *end = p + length;
  DoubleBytes gbk = count_characters (p, end, scan_gbk), big5 = count_characters (p, end, scan_big5), sjis = count_characters (p, end, scan_sjis);
  double gbk_share = gbk.broken * 50 > gbk.pairs + 1 ? 0 : share (gbk.frequent, gbk.pairs);
  double big5_share = big5.broken * 50 > big5.pairs + 1 ? 0 : share (big5.frequent, big5.pairs);
  double sjis_share = sjis.broken * 50 > sjis.pairs + 1 ? 0 : share (sjis.frequent, sjis.pairs);
  if (sjis.kana * 8 >= sjis.pairs && sjis_share >= 0.8 && sjis.pairs > 0)
    return (PatronEncodingGuess) { "SHIFT_JIS", 0, patron_text (N_("The text is read as Shift-JIS: {share} of its double bytes are frequent Japanese characters."), "share", PATRON_PERCENT (sjis_share), NULL) };
  if (gbk_share >= 0.6 && gbk_share >= big5_share)
    return (PatronEncodingGuess) { "GB18030", 0, patron_text (N_("The text is read as GB18030 (GBK): {share} of its double bytes are frequent simplified Chinese characters."), "share", PATRON_PERCENT (gbk_share), NULL) };
  if (big5_share >= 0.6)
    return (PatronEncodingGuess) { "BIG5-HKSCS", 0, patron_text (N_("The text is read as Big5: {share} of its double bytes are frequent traditional Chinese characters."), "share", PATRON_PERCENT (big5_share), NULL) };
  const char *name = detect_single_byte (text, length);
  return (PatronEncodingGuess) { name, 0, patron_text (N_("The text is not UTF-8; it is read as {encoding}."), "encoding", PATRON_STRING (name), NULL) };
}

/* Files that were put together have it more than once; nobody sees it, and in a name it would be in everybody's way. */
static gsize
utf8_marks (const char *text, gsize length)
{
  gsize n = 0;
  while (length - n >= 3 && memcmp (text + n, "\xef\xbb\xbf", 3) == 0)
    n += 3;
  return n;
}

PatronEncodingGuess
patron_detect_encoding (const char *text, gsize length, gboolean cut)
{
  gsize marks = utf8_marks (text, length);
  if (marks > 0)
    return (PatronEncodingGuess) { "UTF-8", marks, NULL };
  if (length >= 2 && memcmp (text, "\xff\xfe", 2) == 0)
    return (PatronEncodingGuess) { "UTF-16LE", 2, patron_text (N_("The text is UTF-16: its byte order mark says so."), NULL) };
  if (length >= 2 && memcmp (text, "\xfe\xff", 2) == 0)
    return (PatronEncodingGuess) { "UTF-16BE", 2, patron_text (N_("The text is UTF-16: its byte order mark says so."), NULL) };
  const char *utf16 = looks_like_utf16 (text, length);
  if (utf16 != NULL)
    return (PatronEncodingGuess) { utf16, 0, patron_text (N_("The text is read as UTF-16: its characters take two bytes each."), NULL) };

  gsize multi = 0, bad = 0;
  for (const char *p = text, *end = text + length; p < end;)
    {
      const char *stop = patron_utf8_invalid (p, end - p);
      for (const char *q = p; q < stop; q++)
        multi += ((guchar) *q & 0xc0) == 0xc0;
      if (stop < end && !(cut && end - stop < 4))
        bad++;
      p = stop + 1;
    }
  /* A few damaged bytes do not make another encoding of a text that is otherwise UTF-8. */
  if (bad == 0 || bad * 20 < multi)
    return (PatronEncodingGuess) { "UTF-8", 0, NULL };
  return detect_legacy (text, length);
}

char *
patron_to_utf8 (const char *text, gsize length, const char *encoding, gsize max_out, gsize *out_length, gsize *n_replaced, GError **error)
{
  iconv_t converter = iconv_open ("UTF-8", encoding);
  if (converter == (iconv_t) -1)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The encoding “%s” is not known; expected a name such as UTF-8, UTF-16, GB18030, Big5, Shift_JIS or Windows-1252."), encoding);
      return NULL;
    }
  gsize size = MAX (length + length / 2, 64) + 2 * PATRON_PLAIN_PADDING, used = 0;
  char *out = patron_try_alloc (size, 1, "converted text", error);
  char *in = (char *) text;
  gsize left = length;
  *n_replaced = 0;
  const gsize unit = g_str_has_prefix (encoding, "UTF-16") ? 2 : g_str_has_prefix (encoding, "UTF-32") ? 4 : 1;
  while (out != NULL && left > 0 && used < max_out)
    {
      char *to = out + used;
      gsize room = size - used - PATRON_PLAIN_PADDING - 8;
      gsize result = iconv (converter, &in, &left, &to, &room);
      used = to - out;
      if (result != (gsize) -1)
        break;
      if (errno == E2BIG || size - used < PATRON_PLAIN_PADDING + 16)
        {
          gsize more = size + size / 2 + 1024;
          char *longer = patron_try_realloc (out, size, more, 1, "converted text", error);
          if (longer == NULL)
            {
              patron_free (out);
              out = NULL;
              break;
            }
          out = longer;
          size = more;
          if (errno == E2BIG)
            continue;
        }
      memcpy (out + used, "\xef\xbf\xbd", 3);
      used += 3;
      ++*n_replaced;
      gsize skip = MIN (left, unit);
      in += skip;
      left -= skip;
    }
  iconv_close (converter);
  if (out != NULL)
    {
      out[used] = '\0';
      *out_length = used;
    }
  return out;
}
