/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: pandas 1.5.3, DataFrame.drop_duplicates (keep="first", "last"); customers whose doubles are planted. */
#include "ops/prepare.h"

#include "base/random.h"
#include "ops/prepare/normal-text.h"
#include "report/report.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("a", PATRON_TYPE_CATEGORY, "x y x x - y - x"));
  g_ptr_array_add (columns, prepare_column ("b", PATRON_TYPE_NUMBER, "1 2 1 3 - 2 - 1"));
  g_ptr_array_add (columns, prepare_column ("c", PATRON_TYPE_INTEGER, "10 20 30 - 50 60 70 25"));
  return patron_table_new_take ("t", columns);
}

static void
test_exact (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  /* pandas keeps one of the rows 5 and 7, where both are missing; here rows without any value are left alone. */
  g_autoptr (PatronTable) first = prepare_run (table, "duplicates", "columns=a;b", &outcome);
  assert_values (first, "c", "10 20 - 50 70");
  g_assert_cmpuint (outcome->rows_after, ==, 5);
  g_assert_cmpfloat (patron_report_find_figure (outcome->report, "groups")->value, ==, 2);
  patron_step_outcome_free (outcome);
  g_autoptr (PatronTable) last = prepare_run (table, "duplicates", "columns=a;b\nkeep=last", NULL);
  assert_values (last, "c", "- 50 60 70 25");
  g_autoptr (PatronTable) newest = prepare_run (table, "duplicates", "columns=a;b\nkeep=newest\nby=c", NULL);
  assert_values (newest, "c", "30 - 50 60 70");
  g_autoptr (PatronTable) complete = prepare_run (table, "duplicates", "columns=a\nkeep=complete", NULL);
  assert_values (complete, "c", "10 20 50 70");
  g_autoptr (PatronTable) all = prepare_run (table, "duplicates", "mode=exact", NULL);
  g_assert_cmpuint (patron_table_n_rows (all), ==, 8);
}

static void
test_marks (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) marked = prepare_run (table, "duplicates", "columns=a;b\naction=mark", NULL);
  assert_values (marked, "duplicate group", "1 2 1 - - 2 - 1");
  assert_values (marked, "duplicate", "false false true false false true false true");
  assert_values (marked, "duplicate score", "1 1 1 - - 1 - 1");
}

static void
test_normal_forms (void)
{
  static const struct { char *(*form) (const char *text); const char *text, *expected; } cases[] = {
    { patron_normal_text, "  O'Neil,  JOHN-Paul ", "oneil john paul" },
    { patron_normal_text, "Ｐａｒｉｓ　Café", "paris cafe" },
    { patron_normal_text, "北京市（朝阳）", "北京市 朝阳" },
    { patron_normal_text, "--", NULL },
    { patron_normal_text, "STRASSE", "strasse" },
    { patron_normal_text, "Straße", "strasse" },
    { patron_normal_email, " Ann.Lee+news@GoogleMail.com", "annlee@gmail.com" },
    { patron_normal_email, "a.b+x@firm.de", "a.b@firm.de" },
    { patron_normal_email, "none", NULL },
    { patron_normal_phone, "+86 138-0013-8000", "800138000" },
    { patron_normal_phone, "0086 13800138000", "800138000" },
    { patron_normal_phone, "１２３４５６", "123456" },
    { patron_normal_phone, "+49 30 123456", "30123456" },
    { patron_normal_phone, "0049 (0)30/123456", "30123456" },
    { patron_normal_phone, "030 123456", "30123456" },
    { patron_normal_phone, "+1 (555) 123-4567", "551234567" },
    { patron_normal_phone, "(555) 123-4567", "551234567" },
    { patron_normal_phone, "+353 1 2345678", "12345678" },
    { patron_normal_phone, "01 234 5678", "12345678" },
    { patron_normal_phone, "+00000000", NULL },
    { patron_normal_phone, "n/a", NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = cases[i].form (cases[i].text);
      g_assert_cmpstr (found, ==, cases[i].expected);
    }
}

static PatronTable *
customers (void)
{
  static const char *const rows[][5] = {
    { "1", "Ann Lee", "ann.lee@gmail.com", "+44 20 7946 0018", "London" },
    { "2", "Lee, ANN", "annlee+shop@googlemail.com", "(020) 79460018", "london" },
    { "3", "Bob Stone", "bob@stone.org", "555 010 2000", "Leeds" },
    { "4", "Ann Leigh", "a.leigh@mail.net", "555 010 3000", "London" },
    { "5", "Bob Stonne", "bob@stone.org", "555-010-2000", "Leeds" },
    { "6", "王小明", NULL, "13800138000", "上海" },
    { "7", "王小明", NULL, "+86 138 0013 8000", "上海" },
    { "8", "王小月", NULL, "13900139000", "上海" },
  };
  static const char *const names[] = { "id", "name", "email", "phone", "city" };
  GPtrArray *columns = g_ptr_array_new ();
  for (guint c = 0; c < 5; c++)
    {
      PatronColumnBuilder *builder = patron_column_builder_new (names[c], PATRON_TYPE_TEXT);
      for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        patron_column_builder_append_text (builder, rows[i][c]);
      g_ptr_array_add (columns, patron_column_builder_finish (builder));
    }
  return patron_table_new_take ("customers", columns);
}

#define NEAR "mode=near\ncolumns=name;email;phone;city\nid=id\n"

static void
test_near (void)
{
  g_autoptr (PatronTable) table = customers ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) kept = prepare_run (table, "duplicates", NEAR, &outcome);
  assert_values (kept, "id", "1 3 4 6 8");
  g_assert_cmpfloat (patron_report_find_figure (outcome->report, "duplicates")->value, ==, 3);
  g_assert_nonnull (patron_report_find_table (outcome->report, "pairs"));
  patron_step_outcome_free (outcome);

  /* A stricter limit, and the reviewer's word above it. */
  g_autoptr (PatronTable) strict = prepare_run (table, "duplicates", NEAR "threshold=0.99\ndecisions=3 = 5; 1 != 2", NULL);
  assert_values (strict, "id", "1 2 3 4 6 8");
  g_autoptr (PatronTable) apart = prepare_run (table, "duplicates", NEAR "decisions=6 ≠ 7", NULL);
  assert_values (apart, "id", "1 3 4 6 7 8");
  g_autoptr (PatronTable) fields = prepare_run (table, "duplicates", NEAR "match=name=exact; phone=text", NULL);
  assert_values (fields, "id", "1 2 3 4 5 6 7 8");
}

/* The word of the reviewer holds along chains too: 1 and 3 stay apart although both are like 2. */
static void
test_chains (void)
{
  PatronColumn *column = prepare_column ("name", PATRON_TYPE_TEXT, "same same same");
  g_autoptr (PatronTable) table = patron_table_new ("t", &column, 1, 3);
  g_autoptr (PatronTable) result = prepare_run (table, "duplicates", "columns=name\naction=mark\ndecisions=1 != 3", NULL);
  assert_values (result, "duplicate group", "1 1 -");
  patron_column_unref (column);
}

/* Planted doubles with a typing error each are found among many, at any number of threads. */
static void
test_many (void)
{
  enum { N = 6000, DOUBLES = 300 };
  static const char *const first[] = { "anna", "bernd", "carla", "dieter", "elena", "frank", "greta", "hanna", "ivan", "julia", "klaus", "laura" };
  PatronRandom random;
  patron_random_init (&random, 3, 0);
  PatronColumnBuilder *name = patron_column_builder_new ("name", PATRON_TYPE_TEXT), *street = patron_column_builder_new ("street", PATRON_TYPE_TEXT);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) streets = g_ptr_array_new_with_free_func (g_free);
  for (int i = 0; i < N + DOUBLES; i++)
    {
      GString *n, *s;
      if (i < N)
        {
          n = g_string_new (first[patron_random_below (&random, G_N_ELEMENTS (first))]);
          s = g_string_new (NULL);
          g_string_append_c (n, ' ');
          for (int k = 0; k < 8; k++)
            {
              g_string_append_c (n, (char) ('a' + patron_random_below (&random, 26)));
              g_string_append_c (s, (char) ('a' + patron_random_below (&random, 26)));
            }
          g_string_append_printf (s, " street %d", (int) patron_random_below (&random, 200));
        }
      else
        {
          n = g_string_new (names->pdata[(i - N) * 20]);
          s = g_string_new (streets->pdata[(i - N) * 20]);
          GString *hit = i % 2 == 0 ? n : s;
          hit->str[patron_random_below (&random, 7)] = 'q';
        }
      patron_column_builder_append_text (name, n->str);
      patron_column_builder_append_text (street, s->str);
      g_ptr_array_add (names, g_string_free (n, FALSE));
      g_ptr_array_add (streets, g_string_free (s, FALSE));
    }
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, patron_column_builder_finish (name));
  g_ptr_array_add (columns, patron_column_builder_finish (street));
  g_autoptr (PatronTable) table = patron_table_new_take ("many", columns);
  g_autoptr (PatronTable) kept = prepare_run (table, "duplicates", "mode=near\nmatch=name=name; street=text", NULL);
  gsize removed = N + DOUBLES - patron_table_n_rows (kept);
  g_test_message ("removed %zu", removed);
  g_assert_cmpuint (removed, >=, 295);
  g_assert_cmpuint (removed, <=, 302);
  g_autoptr (PatronTable) again = prepare_try (table, "duplicates", "mode=near\nmatch=name=name; street=text", 1, NULL, NULL);
  g_autofree char *one = prepare_values (kept, "name");
  g_autofree char *two = prepare_values (again, "name");
  g_assert_cmpstr (one, ==, two);
}

static void
test_errors (void)
{
  g_autoptr (PatronTable) table = customers ();
  prepare_fails (table, "duplicates", "mode=near\nmatch=name=magic", "magic");
  prepare_fails (table, "duplicates", "mode=near\nmatch=nmae=words", "nmae");
  prepare_fails (table, "duplicates", "decisions=1 2", "1 2");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/duplicates/exact", test_exact);
  g_test_add_func ("/duplicates/marks", test_marks);
  g_test_add_func ("/duplicates/normal-forms", test_normal_forms);
  g_test_add_func ("/duplicates/near", test_near);
  g_test_add_func ("/duplicates/chains", test_chains);
  g_test_add_func ("/duplicates/many", test_many);
  g_test_add_func ("/duplicates/errors", test_errors);
  return g_test_run ();
}
