/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"

#include "base/init.h"
#include "project/recipe.h"

#include <string.h>

/* Any text: refused, or a recipe whose text reads back as the same text. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  fuzz_begin ();
  g_autoptr (GError) error = NULL;
  patron_init ();
  g_autoptr (PatronRecipe) recipe = patron_recipe_from_text (data != NULL ? (const char *) data : "", size, &error);
  g_assert_true ((recipe != NULL) == (error == NULL));
  if (recipe == NULL)
    return 0;
  g_autofree char *text = patron_recipe_to_text (recipe);
  g_autoptr (PatronRecipe) again = patron_recipe_from_text (text, -1, &error);
  g_assert_no_error (error);
  g_autofree char *same = patron_recipe_to_text (again);
  g_assert_cmpstr (text, ==, same);
  return 0;
}
