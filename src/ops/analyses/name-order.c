/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/name-order.h"

#include "base/order.h"

#include <math.h>
#include <string.h>

/* ---- words ------------------------------------------------------------------------------------------------ */

/* Each scheme: words of one rank separated by blanks, ranks by '|'. Lower case. */
static const char *const schemes[] = {
  "mon monday 周一 星期一 礼拜一|tue tues tuesday 周二 星期二 礼拜二|wed wednesday 周三 星期三 礼拜三|thu thur thurs thursday 周四 星期四 礼拜四|"
  "fri friday 周五 星期五 礼拜五|sat saturday 周六 星期六 礼拜六|sun sunday 周日 周天 星期日 星期天 礼拜天 礼拜日",
  "jan january 一月|feb february 二月|mar march 三月|apr april 四月|may 五月|jun june 六月|jul july 七月|aug august 八月|sep sept september 九月|"
  "oct october 十月|nov november 十一月|dec december 十二月",
  "很低|low lowest 低|medium mid middle moderate average 中 中等|high highest 高|很高",
  "xxs|xs|s small 小|m medium 中|l large 大|xl|xxl|xxxl",
};

/* The place of the word in the scheme, -1: not in it. */
static int
rank_word (const char *scheme, const char *word)
{
  gsize length = strlen (word);
  int rank = 0;
  for (const char *at = scheme; length > 0 && *at != '\0'; )
    {
      gsize n = strcspn (at, " |");
      if (n == length && strncmp (at, word, n) == 0)
        return rank;
      at += n;
      rank += *at == '|';
      at += *at != '\0';
    }
  return -1;
}

static gboolean
rank_words (const char *scheme, char *const *names, guint n, double *rank)
{
  for (guint i = 0; i < n; i++)
    if ((rank[i] = rank_word (scheme, names[i])) < 0)
      return FALSE;
  return TRUE;
}

/* ---- numbers ---------------------------------------------------------------------------------------------- */

/* Past every one of the marks at the beginning, however often. */
static const char *
skip_marks (const char *at, const char *const *marks)
{
  for (guint i = 0; marks[i] != NULL; i++)
    if (g_str_has_prefix (at, marks[i]))
      {
        at += strlen (marks[i]);
        i = (guint) -1;
      }
  return at;
}

static gboolean
skip_any (const char **at, const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (g_str_has_prefix (*at, words[i]))
      {
        *at += strlen (words[i]);
        return TRUE;
      }
  return FALSE;
}

/* The number a name begins with, after marks and words that may stand before one: "below" comes just before it, "above" just after. NaN: none. */
static double
leading_number (const char *name)
{
  static const char *const marks[] = { " ", "(", "[", "（", "【", "$", "€", "£", "¥", "￥", "~", "约", NULL };
  static const char *const below[] = { "<=", "<", "≤", "＜", "under ", "below ", "up to ", "less than ", "小于", "低于", "不足", "不到", NULL };
  static const char *const above[] = { ">=", ">", "≥", "＞", "over ", "above ", "more than ", "大于", "高于", "超过", NULL };
  static const char *const units[] = { "q", "h", "w", "week ", "level ", "grade ", "第", NULL };
  const char *at = skip_marks (name, marks);
  double shift = skip_any (&at, below) ? -0.25 : skip_any (&at, above) ? 0.25 : 0;
  at = skip_marks (at, marks);
  skip_any (&at, units);
  gboolean negative = *at == '-';
  at += negative;
  if (!g_ascii_isdigit (*at))
    return NAN;
  g_autoptr (GString) digits = g_string_new (negative ? "-" : NULL);
  for (; g_ascii_isdigit (*at) || (*at == '.' && g_ascii_isdigit (at[1])) || (*at == ',' && g_ascii_isdigit (at[1])); at++)
    if (*at != ',')
      g_string_append_c (digits, *at);
  double number = g_ascii_strtod (digits->str, NULL);
  number *= *at == 'k' ? 1e3 : g_str_has_prefix (at, "千") ? 1e3 : g_str_has_prefix (at, "万") ? 1e4 : 1;
  return number + shift * MAX (1e-6, fabs (number) * 1e-6);
}

static gboolean
rank_numbers (char *const *names, guint n, double *rank)
{
  for (guint i = 0; i < n; i++)
    if (isnan (rank[i] = leading_number (names[i])))
      return FALSE;
  return TRUE;
}

/* ---- all together ----------------------------------------------------------------------------------------- */

static gboolean
all_differ (const double *rank, guint n)
{
  g_autofree double *sorted = g_memdup2 (rank, n * sizeof *rank);
  patron_sort_doubles (sorted, n);
  for (guint i = 1; i < n; i++)
    if (!(sorted[i] > sorted[i - 1]))
      return FALSE;
  return TRUE;
}

gboolean
patron_names_rank (const char *const *names, guint n, double *rank)
{
  if (n < 2)
    return FALSE;
  g_autoptr (GPtrArray) plain = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (plain, g_strstrip (g_utf8_strdown (names[i], -1)));
  char *const *words = (char *const *) plain->pdata;
  gboolean ranked = rank_numbers (words, n, rank);
  for (guint s = 0; s < G_N_ELEMENTS (schemes) && !ranked; s++)
    ranked = rank_words (schemes[s], words, n, rank);
  return ranked && all_differ (rank, n);
}
