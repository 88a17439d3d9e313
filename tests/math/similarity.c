/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: Jaro and Jaro–Winkler from W. Winkler's table of names ("The State of Record Linkage and Current Research Problems", U.S. Census
 * Bureau, 1999, table 6, three decimals; the classic examples to 15); edit distances counted by hand. */
#include "math/similarity.h"

#include <math.h>

typedef double (*Similarity) (const gunichar *a, gsize n_a, const gunichar *b, gsize n_b);

static double
compare (Similarity similarity, const char *a, const char *b)
{
  glong n_a, n_b;
  g_autofree gunichar *x = g_utf8_to_ucs4_fast (a, -1, &n_a);
  g_autofree gunichar *y = g_utf8_to_ucs4_fast (b, -1, &n_b);
  double there = similarity (x, n_a, y, n_b), back = similarity (y, n_b, x, n_a);
  g_assert_cmpfloat (fabs (there - back), <, 1e-15);
  return there;
}

static void
test_jaro (void)
{
  static const struct { const char *a, *b; double jaro, winkler; } golden[] = {
    { "SHACKLEFORD", "SHACKELFORD", 0.970, 0.982 }, { "DUNNINGHAM", "CUNNIGHAM", 0.896, 0.896 }, { "NICHLESON", "NICHULSON", 0.926, 0.956 },
    { "JONES", "JOHNSON", 0.790, 0.832 }, { "MASSEY", "MASSIE", 0.889, 0.933 }, { "ABROMS", "ABRAMS", 0.889, 0.922 },
    { "JERALDINE", "GERALDINE", 0.926, 0.926 }, { "MARHTA", "MARTHA", 0.944, 0.961 }, { "MICHELLE", "MICHAEL", 0.869, 0.921 },
    { "JULIES", "JULIUS", 0.889, 0.933 }, { "TANYA", "TONYA", 0.867, 0.880 }, { "DWAYNE", "DUANE", 0.822, 0.840 }, { "SEAN", "SUSAN", 0.783, 0.805 },
    { "JON", "JOHN", 0.917, 0.933 }, { "DIXON", "DICKSONX", 0.767, 0.813 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (golden); i++)
    {
      g_assert_cmpfloat (fabs (compare (patron_similarity_jaro, golden[i].a, golden[i].b) - golden[i].jaro), <, 0.00051);
      g_assert_cmpfloat (fabs (compare (patron_similarity_jaro_winkler, golden[i].a, golden[i].b) - golden[i].winkler), <, 0.00051);
    }
  g_assert_cmpfloat (fabs (compare (patron_similarity_jaro, "MARTHA", "MARHTA") - 17.0 / 18), <, 1e-15);
  g_assert_cmpfloat (compare (patron_similarity_jaro, "abc", "xyz"), ==, 0);
  g_assert_cmpfloat (compare (patron_similarity_jaro_winkler, "王小明", "王小明"), ==, 1);
  g_assert_cmpfloat (compare (patron_similarity_jaro, "", ""), ==, 1);
  g_assert_cmpfloat (compare (patron_similarity_jaro, "a", ""), ==, 0);
}

static void
test_edits (void)
{
  g_assert_cmpfloat (fabs (compare (patron_similarity_edits, "kitten", "sitting") - (1 - 3.0 / 7)), <, 1e-15);
  g_assert_cmpfloat (fabs (compare (patron_similarity_edits, "saturday", "sunday") - (1 - 3.0 / 8)), <, 1e-15);
  g_assert_cmpfloat (fabs (compare (patron_similarity_edits, "上海市", "上海") - (1 - 1.0 / 3)), <, 1e-15);
  g_assert_cmpfloat (compare (patron_similarity_edits, "", "abc"), ==, 0);
  g_assert_cmpfloat (compare (patron_similarity_edits, "same", "same"), ==, 1);
}

static void
test_words (void)
{
  g_assert_cmpfloat (compare (patron_similarity_words, "smith john", "john smith"), ==, 1);
  g_assert_cmpfloat (compare (patron_similarity_words, "", ""), ==, 1);
  g_assert_cmpfloat (compare (patron_similarity_words, "abc", "  "), ==, 0);
  /* 5 letters of "smith" find "smyth" (Jaro 13/15, two letters in common: 0.8933), 4 find themselves. */
  double winkler = 13.0 / 15 + 0.2 * (2.0 / 15);
  g_assert_cmpfloat (fabs (compare (patron_similarity_words, "john smith", "smyth john") - (4 + 5 * winkler) / 9), <, 1e-12);
}

/* Long texts are cut, not overrun. */
static void
test_long (void)
{
  g_autofree char *a = g_strnfill (1000, 'a');
  g_autofree char *b = g_strnfill (900, 'a');
  g_assert_cmpfloat (compare (patron_similarity_edits, a, b), ==, 1);
  g_assert_cmpfloat (compare (patron_similarity_jaro_winkler, a, b), ==, 1);
  g_autofree char *words = g_strdup ("");
  for (int i = 0; i < 60; i++)
    {
      char *longer = g_strconcat (words, "w ", NULL);
      g_free (words);
      words = longer;
    }
  g_assert_cmpfloat (compare (patron_similarity_words, words, words), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/similarity/jaro", test_jaro);
  g_test_add_func ("/similarity/edits", test_edits);
  g_test_add_func ("/similarity/words", test_words);
  g_test_add_func ("/similarity/long", test_long);
  return g_test_run ();
}
