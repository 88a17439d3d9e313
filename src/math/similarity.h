/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How alike two texts are, 0 … 1; 1 exactly when they are the same. Texts are arrays of characters (g_utf8_to_ucs4_fast()), so that every letter
 * counts as one. Only the first PATRON_SIMILARITY_LENGTH characters are looked at. Two empty texts are the same. */
#define PATRON_SIMILARITY_LENGTH 128

/* M. Jaro, JASA 84, 1989: shared characters that are near each other, less transpositions. */
double patron_similarity_jaro         (const gunichar *a, gsize n_a, const gunichar *b, gsize n_b);
/* W. Winkler, 1990: Jaro's, raised by a tenth of what is missing for each of the first four characters in common. For names. */
double patron_similarity_jaro_winkler (const gunichar *a, gsize n_a, const gunichar *b, gsize n_b);
/* 1 - (insertions, deletions and changes) / length of the longer (V. Levenshtein, 1966). For codes and texts. */
double patron_similarity_edits        (const gunichar *a, gsize n_a, const gunichar *b, gsize n_b);
/* Words in any order: each word's best Jaro–Winkler partner in the other text, averaged over both texts with each word counted by its length
 * (A. Monge and C. Elkan, KDD 1996, made symmetric). Words are separated by spaces. For addresses and company names. */
double patron_similarity_words        (const gunichar *a, gsize n_a, const gunichar *b, gsize n_b);

G_END_DECLS
