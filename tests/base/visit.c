/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/memory.h"
#include "base/visit.h"

typedef struct
{
  int      count;
  double   rate;
  bool     on;
  char    *name, *nothing;
  gpointer values;
  gsize    n;
  char   **words;
} Thing;

static void
walk (Thing *thing, PatronVisitor *visitor)
{
  patron_visit_int (visitor, "count", &thing->count);
  patron_visit_double (visitor, "rate", &thing->rate);
  patron_visit_bool (visitor, "on", &thing->on);
  patron_visit_string (visitor, "name", &thing->name);
  patron_visit_string (visitor, "nothing", &thing->nothing);
  patron_visit_array (visitor, "values", &thing->values, &thing->n, sizeof (double));
  patron_visit_strings (visitor, "words", &thing->words);
}

static void
clear (Thing *thing)
{
  g_free (thing->name);
  g_free (thing->nothing);
  patron_free (thing->values);
  g_strfreev (thing->words);
}

static GBytes *
save_example (void)
{
  double values[] = { 1.5, -2, 1e300 };
  char *words[] = { "一", "", NULL };
  Thing thing = { .count = -7, .rate = 0.1, .on = true, .name = "客户", .values = values, .n = 3, .words = words };
  PatronVisitor *visitor = patron_visitor_new_save ();
  walk (&thing, visitor);
  return patron_visitor_finish (visitor, NULL);
}

static gboolean
load (GBytes *bytes, Thing *thing, GError **error)
{
  GError *failure = NULL;
  PatronVisitor *visitor = patron_visitor_new_load (bytes);
  walk (thing, visitor);
  patron_visitor_finish (visitor, &failure);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static void
test_round_trip (void)
{
  g_autoptr (GBytes) bytes = save_example ();
  Thing thing = { 0 };
  g_assert_true (load (bytes, &thing, NULL));
  g_assert_cmpint (thing.count, ==, -7);
  g_assert_cmpfloat (thing.rate, ==, 0.1);
  g_assert_true (thing.on);
  g_assert_cmpstr (thing.name, ==, "客户");
  g_assert_null (thing.nothing);
  g_assert_cmpuint (thing.n, ==, 3);
  g_assert_cmpfloat (((double *) thing.values)[2], ==, 1e300);
  g_assert_cmpuint (g_strv_length (thing.words), ==, 2);
  g_assert_cmpstr (thing.words[0], ==, "一");
  clear (&thing);
}

/* Cut anywhere, or with any byte changed, a model is refused or reads as something; it never reads outside. */
static void
test_hostile (void)
{
  g_autoptr (GBytes) whole = save_example ();
  gsize length;
  const guint8 *data = g_bytes_get_data (whole, &length);
  for (gsize cut = 0; cut < length; cut++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (data, cut);
      g_autoptr (GError) error = NULL;
      Thing thing = { 0 };
      g_assert_false (load (bytes, &thing, &error));
      g_assert_error (error, PATRON_ERROR, PATRON_ERROR_DAMAGED);
      clear (&thing);
    }
  for (gsize at = 0; at < length; at++)
    for (int bit = 0; bit < 8; bit++)
      {
        g_autofree guint8 *copy = g_memdup2 (data, length);
        copy[at] ^= 1 << bit;
        g_autoptr (GBytes) bytes = g_bytes_new (copy, length);
        Thing thing = { 0 };
        load (bytes, &thing, NULL);
        clear (&thing);
      }
}

/* An array of more bytes than can be kept is refused before anyone looks at them. */
static void
test_too_large (void)
{
  double number = 0;
  gpointer array = &number;
  gsize n = G_MAXUINT32;
  g_autoptr (GError) error = NULL;
  PatronVisitor *visitor = patron_visitor_new_save ();
  g_assert_false (patron_visit_array (visitor, "values", &array, &n, sizeof number));
  g_assert_null (patron_visitor_finish (visitor, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE);
}

/* Too little memory is no damage: with more, the same bytes can be read. */
static void
test_no_memory (void)
{
  g_autoptr (GBytes) bytes = save_example ();
  g_autoptr (GError) error = NULL;
  Thing thing = { 0 };
  patron_memory_fail_after (1);
  g_assert_false (load (bytes, &thing, &error));
  patron_memory_fail_after (0);
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY);
  clear (&thing);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/visit/round-trip", test_round_trip);
  g_test_add_func ("/base/visit/hostile", test_hostile);
  g_test_add_func ("/base/visit/too-large", test_too_large);
  g_test_add_func ("/base/visit/no-memory", test_no_memory);
  return g_test_run ();
}
