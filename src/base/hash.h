/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* For tables of slots by the bits of a value: any of the bits of the result may be taken. Whole numbers as doubles differ in their high bits only, small
 * integers in their low ones: both halves go into a product with 2^64 / golden ratio (Knuth, TAOCP 3, 6.4), whose high bits depend on all of them. */
static inline guint64
patron_hash_bits (guint64 bits)
{
  bits ^= bits >> 32;
  bits *= G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return bits ^ (bits >> 29);
}

G_END_DECLS
