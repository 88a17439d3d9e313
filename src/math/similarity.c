/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/similarity.h"

#include <string.h>

#define LENGTH PATRON_SIMILARITY_LENGTH
enum { PREFIX = 4, WORDS = 32 };

double
patron_similarity_jaro (const gunichar *a, gsize n_a, const gunichar *b, gsize n_b)
{
  n_a = MIN (n_a, LENGTH);
  n_b = MIN (n_b, LENGTH);
  if (n_a == 0 || n_b == 0)
    return n_a == n_b;
  gsize window = MAX (n_a, n_b) / 2;
  window -= window > 0;
  guint8 taken_a[LENGTH] = { 0 }, taken_b[LENGTH] = { 0 };
  gsize shared = 0;
  for (gsize i = 0; i < n_a; i++)
    for (gsize j = i > window ? i - window : 0; j < MIN (i + window + 1, n_b); j++)
      if (!taken_b[j] && a[i] == b[j])
        {
          taken_a[i] = taken_b[j] = 1;
          shared++;
          break;
        }
  if (shared == 0)
    return 0;
  gsize moved = 0;
  for (gsize i = 0, j = 0; i < n_a; i++)
    if (taken_a[i])
      {
        while (!taken_b[j])
          j++;
        moved += a[i] != b[j++];
      }
  double m = shared;
  return (m / n_a + m / n_b + (m - moved / 2) / m) / 3;
}

double
patron_similarity_jaro_winkler (const gunichar *a, gsize n_a, const gunichar *b, gsize n_b)
{
  double jaro = patron_similarity_jaro (a, n_a, b, n_b);
  gsize prefix = 0;
  while (prefix < MIN (PREFIX, MIN (n_a, n_b)) && a[prefix] == b[prefix])
    prefix++;
  return jaro + 0.1 * prefix * (1 - jaro);
}

double
patron_similarity_edits (const gunichar *a, gsize n_a, const gunichar *b, gsize n_b)
{
  n_a = MIN (n_a, LENGTH);
  n_b = MIN (n_b, LENGTH);
  if (n_a == 0 || n_b == 0)
    return n_a == n_b;
  guint8 row[LENGTH + 1];   /* distances are at most LENGTH */
  for (gsize j = 0; j <= n_b; j++)
    row[j] = j;
  for (gsize i = 1; i <= n_a; i++)
    {
      guint8 diagonal = row[0];
      row[0] = i;
      for (gsize j = 1; j <= n_b; j++)
        {
          guint8 changed = diagonal + (a[i - 1] != b[j - 1]), moved = MIN (row[j], row[j - 1]) + 1;
          diagonal = row[j];
          row[j] = MIN (changed, moved);
        }
    }
  return 1 - (double) row[n_b] / MAX (n_a, n_b);
}

typedef struct { const gunichar *start; gsize n; } Word;

static guint
split_words (const gunichar *text, gsize n, Word *words)
{
  guint n_words = 0;
  n = MIN (n, LENGTH);
  for (gsize i = 0; i < n && n_words < WORDS; i++)
    {
      if (text[i] == ' ')
        continue;
      words[n_words].start = text + i;
      while (i < n && text[i] != ' ')
        i++;
      words[n_words].n = text + i - words[n_words].start;
      n_words++;
    }
  return n_words;
}

static double
one_way (const Word *a, guint n_a, const Word *b, guint n_b)
{
  double sum = 0, length = 0;
  for (guint i = 0; i < n_a; i++)
    {
      double best = 0;
      for (guint j = 0; j < n_b && best < 1; j++)
        best = MAX (best, patron_similarity_jaro_winkler (a[i].start, a[i].n, b[j].start, b[j].n));
      sum += best * a[i].n;
      length += a[i].n;
    }
  return sum / length;
}

double
patron_similarity_words (const gunichar *a, gsize n_a, const gunichar *b, gsize n_b)
{
  Word words_a[WORDS], words_b[WORDS];
  guint k_a = split_words (a, n_a, words_a), k_b = split_words (b, n_b, words_b);
  if (k_a == 0 || k_b == 0)
    return k_a == k_b;
  return (one_way (words_a, k_a, words_b, k_b) + one_way (words_b, k_b, words_a, k_a)) / 2;
}
