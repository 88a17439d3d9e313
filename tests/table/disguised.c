/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/disguised.h"

#include "table/read-text.h"

/* "column=value×n …" of what reading the place offers. */
static char *
offered_by (const char *place, const char *const *settings)
{
  g_autoptr (PatronSource) source = patron_source_open (place, settings, NULL, NULL);
  g_assert_nonnull (source);
  g_autoptr (PatronTable) table = patron_source_read (source, NULL, NULL, NULL);
  g_assert_nonnull (table);
  g_autoptr (GPtrArray) found = patron_source_find_disguised (source, table, NULL);
  g_assert_nonnull (found);
  GString *all = g_string_new (NULL);
  for (guint i = 0; i < found->len; i++)
    {
      const PatronDisguised *one = found->pdata[i];
      g_string_append_printf (all, "%s%s=%s×%zu", i > 0 ? " " : "", one->column, one->value, one->n);
    }
  return g_string_free (all, FALSE);
}

static char *
write_file (const char *template, const char *text)
{
  char *path = NULL;
  int fd = g_file_open_tmp (template, &path, NULL);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static char *
offered (const char *text)
{
  g_autofree char *path = write_file ("patron-XXXXXX.csv", text);
  char *all = offered_by (path, NULL);
  g_unlink (path);
  return all;
}

static void
test_offered (void)
{
  static const struct { const char *text, *expected; } cases[] = {
    { "a,v\nx,1\n-,2\nunknown,3\ny,4\n-,5\n", "a=-×2 a=unknown×1" },
    { "城市,v\n北京,1\n未知,2\n无,3\n上海,4\n", "城市=未知×1 城市=无×1" },
    { "age,v\n31,1\n999,2\n45,3\n999,4\n27,5\n61,6\n18,7\n33,8\n52,9\n40,10\n29,11\n", "age=999×2" },
    { "age,v\n31,1\n-1,2\n45,3\n-1,4\n27,5\n61,6\n18,7\n33,8\n52,9\n40,10\n29,11\n", "age=-1×2" },
    { "n,v\n31,1\n999,2\n450,3\n999,4\n270,5\n610,6\n180,7\n330,8\n520,9\n400,10\n290,11\n", "" },
    { "d,v\n2024-01-05,1\n1900-01-01,2\n2024-02-05,3\n1900-01-01,4\n2024-03-05,5\n2024-04-05,6\n2024-04-06,7\n2024-04-07,8\n2024-04-08,9\n2024-04-09,10\n", "d=1900-01-01×2" },
    { "d,v\n2024-01-05,1\n0000-00-00,2\n2024-02-05,3\n", "d=0000-00-00×1" },
    { "a,v\nx,1\ny,2\n", "" },
    { "a,v\nx,1\nN/A,2\ny,N/A\n", "a=N/A×1" },                      /* in a column of texts it is offered, among numbers it can be nothing else */
    { "t,v\n-12,1\n-999,2\n-3,3\n-999,4\n5,5\n8,6\n11,7\n2,8\n0,9\n4,10\n", "t=-999×2" },
    { "s,v\n-1,1\n0,2\n1,3\n-1,4\n0,5\n1,6\n0,7\n1,8\n0,9\n1,10\n", "" },      /* three values: a scale */
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *all = offered (cases[i].text);
      g_assert_cmpstr (all, ==, cases[i].expected);
    }
}

/* Offered, never assumed; and taken when asked for, in one column alone. */
static void
test_taken (void)
{
  static const char text[] = "age,n\n31,999\n999,2\n45,3\n", words[] = "a,b,v\nx,-,1\nN/A,N/A,N/A\n-,y,3\n";
  check_reading (text, strlen (text), NULL, "age:integer n:integer / 31|999 / 999|2 / 45|3");
  check_reading (text, strlen (text), (const char *[]) { "missing-values", "age=999", NULL }, "age:integer n:integer / 31|999 / ~|2 / 45|3");
  check_reading (words, strlen (words), NULL, "a:text b:text v:integer / x|-|1 / N/A|N/A|~ / -|y|3");
  check_reading (words, strlen (words), (const char *[]) { "missing-values", "a=-", NULL },
                 "a:text b:text v:integer / x|-|1 / N/A|N/A|~ / ~|y|3");
  check_reading (words, strlen (words), (const char *[]) { "missing-values", "N/A", NULL }, "a:text b:text v:integer / x|-|1 / ~|~|~ / -|y|3");
}

/* The same of every other source, here JSON and SQLite: what is taken for missing no longer hides the type of the rest. */
static void
test_other_sources (void)
{
  GString *lines = g_string_new (NULL);
  for (int i = 0; i < 12; i++)
    g_string_append_printf (lines, "{\"age\":%d,\"city\":\"%s\",\"amount\":%s}\n", i % 5 == 4 ? 999 : 20 + i, i % 6 == 5 ? "无" : "Köln", i % 4 == 3 ? "\"N/A\"" : "1.5");
  g_autofree char *path = write_file ("patron-XXXXXX.jsonl", lines->str);
  g_string_free (lines, TRUE);
  g_autofree char *plain = offered_by (path, NULL);
  g_assert_cmpstr (plain, ==, "age=999×2 city=无×2 amount=N/A×3");
  const char *const settings[] = { "missing-values", "age=999,amount=N/A,city=无", NULL };
  g_autofree char *rest = offered_by (path, settings);
  g_assert_cmpstr (rest, ==, "");
  g_autoptr (GPtrArray) notes = NULL;
  g_autoptr (PatronTable) table = patron_read_file (path, settings, NULL, &notes, NULL);
  g_assert_cmpint (patron_column_get_type (patron_table_find (table, "amount")), ==, PATRON_TYPE_NUMBER);
  g_assert_cmpint (patron_column_get_type (patron_table_find (table, "age")), ==, PATRON_TYPE_INTEGER);
  g_assert_true (patron_column_is_missing (patron_table_find (table, "age"), 4) && patron_column_is_missing (patron_table_find (table, "amount"), 3)
                 && patron_column_is_missing (patron_table_find (table, "city"), 5));
  g_assert_false (patron_column_is_missing (patron_table_find (table, "age"), 3));
  g_autoptr (GError) error = NULL;
  g_assert_null (patron_read_file (path, (const char *[]) { "missing-values", "aeg=999", NULL }, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "aeg"));
  g_unlink (path);
}

/* Days stand for nothing too. */
static void
test_days (void)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  for (int i = 0; i < 12; i++)
    g_string_append_printf (lines, "{\"born\":\"%s\"}\n", i % 4 == 3 ? "1900-01-01" : i % 2 ? "1988-05-07" : i % 3 ? "1990-05-07" : "1977-02-03");
  g_autofree char *path = write_file ("patron-XXXXXX.jsonl", lines->str);
  g_autofree char *plain = offered_by (path, NULL), *rest = offered_by (path, (const char *[]) { "missing-values", "born=1900-01-01", NULL });
  g_assert_cmpstr (plain, ==, "born=1900-01-01×3");
  g_assert_cmpstr (rest, ==, "");
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/disguised/offered", test_offered);
  g_test_add_func ("/table/disguised/taken", test_taken);
  g_test_add_func ("/table/disguised/other-sources", test_other_sources);
  g_test_add_func ("/table/disguised/days", test_days);
  return g_test_run ();
}
