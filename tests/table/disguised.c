/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/disguised.h"

#include "table/csv.h"
#include "table/read-text.h"

/* "column=value×n …" of what reading the text offers. */
static char *
offered (const char *text)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("patron-XXXXXX.csv", &path, NULL);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  PatronCsvOptions options;
  patron_csv_options_init (&options);
  g_autoptr (PatronCsv) csv = patron_csv_open (path, &options, NULL);
  g_assert_nonnull (csv);
  g_autoptr (GPtrArray) notes = NULL;
  g_autoptr (PatronTable) table = patron_csv_read (csv, NULL, &notes, NULL);
  g_assert_nonnull (table);
  GString *all = g_string_new (NULL);
  const GPtrArray *found = patron_csv_get_disguised (csv);
  for (guint i = 0; i < found->len; i++)
    {
      const PatronDisguised *one = found->pdata[i];
      g_string_append_printf (all, "%s%s=%s×%zu", i > 0 ? " " : "", one->column, one->value, one->n);
    }
  g_unlink (path);
  return g_string_free (all, FALSE);
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
  static const char text[] = "age,n\n31,999\n999,2\n45,3\n";
  check_reading (text, strlen (text), NULL, "age:integer n:integer / 31|999 / 999|2 / 45|3");
  check_reading (text, strlen (text), (const char *[]) { "missing-values", "age=999", NULL }, "age:integer n:integer / 31|999 / ~|2 / 45|3");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/disguised/offered", test_offered);
  g_test_add_func ("/table/disguised/taken", test_taken);
  return g_test_run ();
}
