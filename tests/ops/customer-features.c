/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: the definitions of the features written with pandas 1.5.3 and numpy 1.24.2 (polyfit for the slope) on the same lines. */
#include "ops/prepare.h"

#include "base/random.h"

enum { AS_OF = 20000, N_LINES = 60, N_CUSTOMERS = 5 };

static PatronTable *
order_lines (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("customer", PATRON_TYPE_INTEGER,
    "4 1 2 1 5 4 1 1 5 2 1 4 5 4 2 5 3 2 2 3 "
    "2 2 2 3 1 3 1 1 5 5 2 4 4 3 5 2 4 4 3 2 "
    "5 5 4 4 4 5 2 4 4 4 2 2 1 3 2 1 3 4 1 4"));
  g_ptr_array_add (columns, prepare_column ("day", PATRON_TYPE_DATE,
    "19932 19731 19732 20032 19872 20089 20098 19875 19794 20038 20084 19835 19914 19716 19764 19964 19744 19826 19865 19794 "
    "20089 19933 19880 20025 19910 19888 20047 19729 19916 19820 19925 19907 20026 19735 20067 19976 19877 19772 19860 19910 "
    "19713 19920 19939 19846 20008 20037 19722 20014 20072 20048 19960 19782 19943 19736 19869 19976 19860 19966 19731 19971"));
  g_ptr_array_add (columns, prepare_column ("amount", PATRON_TYPE_NUMBER,
    "-74.43 31.47 90.94 - 23.48 61.32 28.38 121.56 43.12 56.53 57.69 18.15 28.08 72.35 21.98 -20.24 58.11 23.1 -22.37 58.27 "
    "37.94 5.46 -52.4 15.91 149.97 34.53 22.27 2.08 11.37 7.85 32.9 24.55 8.45 24.7 2.46 23.85 17.4 96.14 120.66 -55.22 "
    "101.38 87.28 6.74 61.5 15.24 -9.76 12.7 44.46 130.64 32.45 19.27 -49.6 39.07 43.1 21.82 48.55 47.93 18.22 46.93 -36.02"));
  g_ptr_array_add (columns, prepare_column ("order", PATRON_TYPE_INTEGER,
    "10644 7577 8577 7677 11624 10696 7699 7625 11598 8679 7694 10611 11638 10572 8588 11654 9581 8608 8621 9598 "
    "8696 8644 8626 9675 7636 9629 7682 7576 11638 11606 8641 10635 10675 9578 11689 8658 10625 10590 9620 8636 "
    "11571 11640 10646 10615 10669 11679 8574 10671 10690 10682 8653 8594 7647 9578 8623 7658 9620 10655 7577 10657"));
  g_ptr_array_add (columns, prepare_column ("product", PATRON_TYPE_CATEGORY,
    "C B B D C D A B C B B C C C C C B D A D "
    "C D B B C B D C A C D B D D B B C C A A "
    "D B C D A A C B A B A A C B B D B B B B"));
  g_ptr_array_add (columns, prepare_column ("discount", PATRON_TYPE_NUMBER,
    "0 0 0 0 0 0 0 0.1 0.37 0.89 0 0 0.81 0 0.76 0 0 0 0 0.84 "
    "0.38 0.22 0.37 0 0 0 0.3 0 0 0 0 0 0.62 0 0 0 0 0 0.3 0.17 "
    "0 0 0.36 0 0 0.92 0.42 0 0.59 1 0.12 0 0 0.51 0 0 0 0.34 0 0"));
  return patron_table_new_take ("lines", columns);
}

#define SETTINGS "customer=customer\ndate=day\namount=amount\norder=order\nproduct=product\ndiscount=discount\nwindows=30;90"
#define AS_OF_DAY "as-of=2024-10-04"

static void
test_features (void)
{
  static const struct { const char *name; double values[N_CUSTOMERS]; } expected[] = {
    { "recency_days", { 24, 24, 112, 34, 80 } },
    { "tenure_days", { 271, 278, 265, 284, 287 } },
    { "orders", { 6, 9, 5, 8, 6 } },
    { "lines", { 7, 13, 7, 10, 8 } },
    { "active_days", { 6, 9, 6, 8, 7 } },
    { "gap_mean", { 49.4, 31.75, 30.6, 35.714285714285715, 34.5 } },
    { "gap_median", { 33.0, 29.5, 28.0, 31.0, 34.0 } },
    { "gap_sd", { 54.637898934713796, 20.485186285285696, 27.49181696432595, 17.84856937044055, 30.277054017853192 } },
    { "recency_to_gap", { 0.4858299595141701, 0.7559055118110236, 3.6601307189542482, 0.952, 2.318840579710145 } },
    { "return_share", { 0.0, 0.3076923076923077, 0.0, 0.2, 0.125 } },
    { "spend", { 439.63, 72.43, 387.30000000000007, 204.6, 282.32 } },
    { "order_mean", { 73.27166666666666, 28.002222222222223, 77.46, 39.38125, 50.426666666666655 } },
    { "order_median", { 63.475, 21.98, 58.27, 21.384999999999998, 41.285 } },
    { "order_max", { 149.97, 90.94, 168.59, 96.14, 101.38 } },
    { "discount_share", { 0.14285714285714285, 0.46153846153846156, 0.42857142857142855, 0.2, 0.25 } },
    { "discount_mean", { 0.014285714285714287, 0.15846153846153843, 0.23571428571428574, 0.06999999999999999, 0.14750000000000002 } },
    { "products", { 3, 4, 3, 3, 4 } },
    { "weekend_share", { 0.5, 0.6666666666666666, 0.3333333333333333, 0.25, 0.14285714285714285 } },
    { "orders_30", { 1, 1, 0, 0, 0 } },
    { "spend_30", { 48.55, 23.85, 0.0, -36.02, 0.0 } },
    { "spend_change_30", { 9.479999999999997, 4.580000000000002, 0.0, -54.24, 20.24 } },
    { "orders_90", { 2, 4, 0, 2, 2 } },
    { "spend_90", { 87.62, 81.47999999999999, 0.0, -85.49000000000001, 106.49 } },
    { "spend_change_90", { -183.90999999999997, 166.54999999999998, -203.12, -207.09000000000003, 83.00999999999999 } },
    { "spend_slope", { 4.329636363636357, -1.8978787878787877, -9.760833333333338, -10.033575757575765, -3.3326060606060617 } },
    { "buys_next", { 1, 1, 1, 1, 0 } },
    { "spend_next", { 22.27, 56.53, 15.91, 100.60000000000001, -9.76 } },
  };
  g_autoptr (PatronTable) table = order_lines ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) result = prepare_run (table, "customer-features", SETTINGS "\n" AS_OF_DAY "\ngap=5\noutcome=60", &outcome);
  assert_values (result, "customer", "1 2 3 4 5");
  for (guint f = 0; f < G_N_ELEMENTS (expected); f++)
    {
      g_test_message ("%s", expected[f].name);
      assert_numbers (result, expected[f].name, expected[f].values, N_CUSTOMERS, 1e-12);
    }
  assert_values (result, "first_date", "2024-01-07 2023-12-31 2024-01-13 2023-12-25 2023-12-22");
  g_assert_cmpfloat (patron_report_find_figure (outcome->report, "lines")->value, ==, N_LINES - 15);
  patron_step_outcome_free (outcome);
}

/* Whatever happens after the day, the features are the same: lines there are changed, taken away and put in between. */
static void
test_nothing_later_enters (void)
{
  g_autoptr (PatronTable) table = order_lines ();
  g_autoptr (PatronTable) expected = prepare_run (table, "customer-features", SETTINGS "\n" AS_OF_DAY, NULL);
  PatronRandom random;
  patron_random_init (&random, 17, 0);
  for (guint round = 0; round < 20; round++)
    {
      PatronColumnBuilder *builders[6];
      for (guint c = 0; c < 6; c++)
        builders[c] = patron_column_builder_new (patron_column_get_name (patron_table_column (table, c)), patron_column_get_type (patron_table_column (table, c)));
      for (gsize i = 0; i < N_LINES; i++)
        {
          double day;
          patron_column_read_doubles (patron_table_column (table, 1), i, 1, &day, NULL);
          for (gsize extra = patron_random_below (&random, 3); extra > 0; extra--)
            {
              g_autofree char *product = g_strdup_printf ("new %zu", patron_random_below (&random, 9));
              patron_column_builder_append_int64 (builders[0], 1 + (gint64) patron_random_below (&random, 9));
              patron_column_builder_append_int64 (builders[1], AS_OF + 1 + (gint64) patron_random_below (&random, 500));
              patron_column_builder_append_number (builders[2], 1000 * patron_random_normal (&random));
              patron_column_builder_append_int64 (builders[3], 7577 + (gint64) patron_random_below (&random, 9));
              patron_column_builder_append_text (builders[4], product);
              patron_column_builder_append_number (builders[5], patron_random_unit (&random));
            }
          for (guint c = 0; c < 6 && day <= AS_OF; c++)
            {
              g_autofree char *text = patron_column_is_missing (patron_table_column (table, c), i) ? NULL : patron_column_format (patron_table_column (table, c), i);
              double value;
              patron_column_read_doubles (patron_table_column (table, c), i, 1, &value, NULL);
              if (c == 4)
                patron_column_builder_append_text (builders[c], text);
              else
                patron_column_builder_append_number (builders[c], value);
            }
        }
      GPtrArray *columns = g_ptr_array_new ();
      for (guint c = 0; c < 6; c++)
        g_ptr_array_add (columns, patron_column_builder_finish (builders[c]));
      g_autoptr (PatronTable) other = patron_table_new_take ("lines", columns);
      g_autoptr (PatronTable) found = prepare_run (other, "customer-features", SETTINGS "\n" AS_OF_DAY "\noutcome=90", NULL);
      for (guint c = 0; c < patron_table_n_columns (expected); c++)
        {
          const char *name = patron_column_get_name (patron_table_column (expected, c));
          g_autofree char *values = prepare_values (expected, name);
          assert_values (found, name, values);
        }
    }
}

/* Without money, orders and products: lines of a day are an order, and there are no amounts. */
static void
test_few_columns (void)
{
  g_autoptr (PatronTable) table = order_lines ();
  g_autoptr (PatronTable) result = prepare_run (table, "customer-features", "customer=customer\ndate=day\nwindows=", NULL);
  g_assert_null (patron_table_find (result, "spend"));
  g_assert_null (patron_table_find (result, "orders_30"));
  g_autofree char *days = prepare_values (result, "active_days");
  assert_values (result, "orders", days);
  prepare_fails (table, "customer-features", SETTINGS "\nas-of=1999-01-01", "first date in the table");
  prepare_fails (table, "customer-features", SETTINGS "\nas-of=soon", "soon");
  prepare_fails (table, "customer-features", "customer=customer\ndate=day\nwindows=30;x", "“30;x”");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/customer-features/values", test_features);
  g_test_add_func ("/customer-features/nothing-later-enters", test_nothing_later_enters);
  g_test_add_func ("/customer-features/few-columns", test_few_columns);
  return g_test_run ();
}
