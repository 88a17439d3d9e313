/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/match-column.h"

#include "base/memory.h"
#include "math/similarity.h"
#include "ops/prepare/normal-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const style_names[PATRON_N_MATCHES] = { "exact", "name", "text", "words", "email", "phone", "number" };

gboolean
patron_match_style_parse (const char *text, PatronMatchStyle *style, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", 2);
  char *end = NULL;
  for (guint k = 0; words[0] != NULL && k < PATRON_N_MATCHES; k++)
    if (g_ascii_strcasecmp (words[0], style_names[k]) == 0 || (k == PATRON_MATCH_NUMBER && g_ascii_strcasecmp (words[0], "days") == 0))
      {
        *style = (PatronMatchStyle) { .match = (PatronMatch) k, .tolerance = words[1] != NULL ? g_ascii_strtod (words[1], &end) : 0 };
        if (words[1] == NULL || (k == PATRON_MATCH_NUMBER && *end == '\0' && end != words[1] && style->tolerance >= 0))
          return TRUE;
      }
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
               _("“%s” is not a way to compare; expected exact, name, text, words, email, phone, number with a tolerance (number 5), or days with a "
                 "tolerance (days 2)."),
               text);
  return FALSE;
}

static gboolean
name_holds (const char *name, const char *const *words)
{
  for (guint k = 0; words[k] != NULL; k++)
    if (strstr (name, words[k]) != NULL)
      return TRUE;
  return FALSE;
}

PatronMatchStyle
patron_match_style_guess (PatronColumn *column)
{
  static const char *const email[] = { "mail", "邮箱", "邮件", NULL }, *const phone[]
                                                                       = { "phone", "tel", "mobile", "fax", "电话", "手机", "传真", NULL };
  g_autofree char *name = g_utf8_strdown (patron_column_get_name (column), -1);
  PatronType type = patron_column_get_type (column);
  if (!patron_column_has_dict (column))
    return (PatronMatchStyle) { .match = type == PATRON_TYPE_BOOLEAN || type == PATRON_TYPE_INTEGER ? PATRON_MATCH_EXACT : PATRON_MATCH_NUMBER };
  return (PatronMatchStyle) { .match = name_holds (name, email)   ? PATRON_MATCH_EMAIL
                                       : name_holds (name, phone) ? PATRON_MATCH_PHONE
                                                                  : PATRON_MATCH_WORDS };
}

/* ---- building -------------------------------------------------------------------------------------------------- */

void
patron_match_column_clear (PatronMatchColumn *self)
{
  patron_free (self->values);
  patron_free (self->codes);
  patron_free (self->rank);
  patron_free (self->back_rank);
  patron_free (self->offsets);
  patron_free (self->characters);
  *self = (PatronMatchColumn) { .n = 0 };
}

static char *
normal_form (const char *text, PatronMatch match, gboolean normal)
{
  if (match == PATRON_MATCH_EMAIL)
    return patron_normal_email (text);
  if (match == PATRON_MATCH_PHONE)
    return patron_normal_phone (text);
  return normal ? patron_normal_text (text) : g_strdup (text);
}

/* What each code of the column's dictionary becomes; the normal forms into builder. */
static guint32 *
map_dict (PatronDict *dict, PatronDictBuilder *builder, PatronMatch match, gboolean normal, PatronRun *run, GError **error)
{
  gsize size = patron_dict_size (dict);
  guint32 *map = patron_try_alloc (size, sizeof *map, _("comparing texts"), error);
  for (gsize code = 0; map != NULL && code < size; code++)
    {
      g_autofree char *form = normal_form (patron_dict_get (dict, (gint32) code), match, normal);
      gint32 found = form != NULL ? patron_dict_builder_add (builder, form, -1) : -1;
      map[code] = found >= 0 ? (guint32) found : PATRON_MATCH_MISSING;
      if ((code & 0xfff) == 0 && !patron_run_check (run, error))
        g_clear_pointer (&map, patron_free);
    }
  return map;
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* rank[code] among n strings. */
static guint32 *
rank_strings (char **strings, gsize n, GError **error)
{
  typedef struct { const char *string; guint32 code; } Entry;
  Entry *entries = patron_try_alloc (n, sizeof *entries, _("comparing texts"), error);
  guint32 *rank = entries != NULL ? patron_try_alloc (n, sizeof *rank, _("comparing texts"), error) : NULL;
  if (rank != NULL)
    {
      for (gsize k = 0; k < n; k++)
        entries[k] = (Entry) { strings[k], (guint32) k };
      qsort (entries, n, sizeof *entries, compare_strings);   /* the string comes first */
      for (gsize k = 0; k < n; k++)
        rank[entries[k].code] = (guint32) k;
    }
  patron_free (entries);
  return rank;
}

static gboolean
rank_forms (PatronMatchColumn *self, PatronDict *forms, GError **error)
{
  gsize n = self->n_codes;
  char **strings = patron_try_alloc (n, sizeof *strings, _("comparing texts"), error);
  if (strings == NULL)
    return FALSE;
  for (gsize k = 0; k < n; k++)
    strings[k] = (char *) patron_dict_get (forms, (gint32) k);
  gboolean ok = (self->rank = rank_strings (strings, n, error)) != NULL;
  if (ok && self->style.match >= PATRON_MATCH_NAME && self->style.match <= PATRON_MATCH_WORDS)
    {
      for (gsize k = 0; k < n; k++)
        strings[k] = g_utf8_strreverse (strings[k], -1);
      ok = (self->back_rank = rank_strings (strings, n, error)) != NULL;
      for (gsize k = 0; k < n; k++)
        g_free (strings[k]);
    }
  patron_free (strings);
  return ok;
}

static gboolean
spell_forms (PatronMatchColumn *self, PatronDict *forms, GError **error)
{
  gsize total = 0;
  self->offsets = patron_try_alloc (self->n_codes + 1, sizeof *self->offsets, _("comparing texts"), error);
  for (gsize k = 0; k < self->n_codes; k++)
    total += MIN ((gsize) g_utf8_strlen (patron_dict_get (forms, (gint32) k), -1), PATRON_SIMILARITY_LENGTH);
  self->characters = self->offsets != NULL ? patron_try_alloc (total, sizeof *self->characters, _("comparing texts"), error) : NULL;
  if (self->characters == NULL)
    return FALSE;
  gsize at = 0;
  for (gsize k = 0; k < self->n_codes; k++)
    {
      const char *c = patron_dict_get (forms, (gint32) k);
      self->offsets[k] = at;
      for (gsize i = 0; *c != '\0' && i < PATRON_SIMILARITY_LENGTH; i++, c = g_utf8_next_char (c))
        self->characters[at++] = g_utf8_get_char (c);
    }
  self->offsets[self->n_codes] = at;
  return TRUE;
}

static gboolean
read_codes (PatronMatchColumn *self, PatronColumn *column, const guint32 *map, PatronRun *run, GError **error)
{
  self->codes = patron_try_alloc (self->n, sizeof *self->codes, patron_column_get_name (column), error);
  gboolean ok = self->codes != NULL;
  for (gsize start = 0; ok && start < self->n; start += PATRON_CHUNK_ROWS)
    {
      gsize part = MIN (self->n - start, PATRON_CHUNK_ROWS);
      gint32 *codes = (gint32 *) self->codes + start;
      ok = patron_column_read (column, start, part, codes, error) && patron_run_check (run, error);
      for (gsize i = 0; ok && i < part; i++)
        self->codes[start + i] = codes[i] < 0 ? PATRON_MATCH_MISSING : map[codes[i]];
    }
  return ok;
}

static gboolean
init_texts (PatronMatchColumn *self, PatronColumn *column, gboolean normal, gboolean ranked, PatronRun *run, GError **error)
{
  PatronDict *dict = patron_column_dict (column, error);
  if (dict == NULL)
    return FALSE;
  g_autoptr (PatronDictBuilder) builder = patron_dict_builder_new ();
  guint32 *map = map_dict (dict, builder, self->style.match, normal, run, error);
  if (map == NULL)
    return FALSE;
  PatronDict *forms = patron_dict_builder_finish (g_steal_pointer (&builder));
  self->n_codes = patron_dict_size (forms);
  gboolean spelt = self->style.match >= PATRON_MATCH_NAME && self->style.match <= PATRON_MATCH_WORDS;
  gboolean ok
      = read_codes (self, column, map, run, error) && (!ranked || rank_forms (self, forms, error)) && (!spelt || spell_forms (self, forms, error));
  patron_dict_unref (forms);
  patron_free (map);
  return ok;
}

/* Other columns are compared as numbers, exactly unless a tolerance is given. */
gboolean
patron_match_column_init (PatronMatchColumn *self, PatronColumn *column, PatronMatchStyle style, gboolean normal, gboolean ranked, PatronRun *run,
                          GError **error)
{
  *self = (PatronMatchColumn) { .style = style, .n = patron_column_get_length (column) };
  gboolean ok;
  if (patron_column_has_dict (column))
    {
      if (style.match == PATRON_MATCH_NUMBER)
        self->style.match = PATRON_MATCH_EXACT;
      ok = init_texts (self, column, normal, ranked, run, error);
    }
  else
    {
      self->style.match = PATRON_MATCH_NUMBER;
      self->values = patron_try_alloc (self->n, sizeof *self->values, patron_column_get_name (column), error);
      ok = self->values != NULL;
      for (gsize start = 0; ok && start < self->n; start += PATRON_CHUNK_ROWS)
        ok = patron_column_read_doubles (column, start, MIN (self->n - start, PATRON_CHUNK_ROWS), self->values + start, error)
             && patron_run_check (run, error);
      double unit = patron_column_get_type (column) == PATRON_TYPE_TIME ? 86400 : 1;   /* days */
      for (gsize i = 0; ok && unit != 1 && i < self->n; i++)
        self->values[i] /= unit;
    }
  if (!ok)
    patron_match_column_clear (self);
  return ok;
}

/* ---- comparing ------------------------------------------------------------------------------------------------- */

gboolean
patron_match_is_missing (const PatronMatchColumn *self, gsize row)
{
  return self->values != NULL ? isnan (self->values[row]) : self->codes[row] == PATRON_MATCH_MISSING;
}

double
patron_match_similarity (const PatronMatchColumn *self, gsize a, gsize b)
{
  gboolean no_a = patron_match_is_missing (self, a), no_b = patron_match_is_missing (self, b);
  if (no_a || no_b)
    return no_a && no_b ? (double) NAN : 0.5;
  if (self->values != NULL)
    return fabs (self->values[a] - self->values[b]) <= self->style.tolerance;
  guint32 x = self->codes[a], y = self->codes[b];
  if (x == y)
    return 1;
  if (self->characters == NULL)
    return 0;
  const gunichar *s = self->characters + self->offsets[x], *t = self->characters + self->offsets[y];
  gsize n_s = self->offsets[x + 1] - self->offsets[x], n_t = self->offsets[y + 1] - self->offsets[y];
  switch (self->style.match)
    {
    case PATRON_MATCH_NAME:
      return patron_similarity_jaro_winkler (s, n_s, t, n_t);
    case PATRON_MATCH_TEXT:
      return patron_similarity_edits (s, n_s, t, n_t);
    default:
      return patron_similarity_words (s, n_s, t, n_t);
    }
}
