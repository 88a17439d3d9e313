/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include "table/roles.h"

static const PatronRoleSpec orders_roles[] = {
  { PATRON_ROLE_CUSTOMER, PATRON_ACCEPT_ANY, PATRON_ROLE_REQUIRED },
  { PATRON_ROLE_DATE, PATRON_ACCEPT_DATE, PATRON_ROLE_REQUIRED },
  { PATRON_ROLE_AMOUNT, PATRON_ACCEPT_NUMERIC, PATRON_ROLE_REQUIRED },
  { PATRON_ROLE_QUANTITY, PATRON_ACCEPT_NUMERIC },
  { PATRON_ROLE_PRICE, PATRON_ACCEPT_NUMERIC },
  { PATRON_ROLE_BASKET, PATRON_ACCEPT_ANY },
  { PATRON_ROLE_ITEM, PATRON_ACCEPT_ANY },
  { PATRON_N_ROLES },
};
static const PatronOp orders_op = { .id = "orders", .kind = PATRON_OP_ANALYSIS, .title = "Orders", .roles = orders_roles };

static const PatronRoleSpec predict_roles[] = {
  { PATRON_ROLE_TARGET, PATRON_ACCEPT_ANY, PATRON_ROLE_REQUIRED },
  { PATRON_ROLE_FEATURE, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_CATEGORY | PATRON_ACCEPT_BOOLEAN, PATRON_ROLE_REQUIRED | PATRON_ROLE_MULTIPLE | PATRON_ROLE_REST },
  { PATRON_N_ROLES },
};
static const PatronOp predict_op = { .id = "predict", .kind = PATRON_OP_MODEL, .title = "Predict", .roles = predict_roles };

/* 40 rows; names end with ":type". Numbers repeat except those of a column named "Serial …". */
static PatronTable *
make (const char *const *names)
{
  GPtrArray *columns = g_ptr_array_new ();
  for (; *names != NULL; names++)
    {
      g_auto (GStrv) parts = g_strsplit (*names, ":", 2);
      PatronType type;
      g_assert_true (patron_type_from_id (parts[1], &type));
      PatronColumnBuilder *builder = patron_column_builder_new (parts[0], type);
      for (int i = 0; i < 40; i++)
        if (type == PATRON_TYPE_TEXT || type == PATRON_TYPE_CATEGORY)
          {
            g_autofree char *text = g_strdup_printf ("v%d", type == PATRON_TYPE_TEXT ? i : i % 4);
            patron_column_builder_append_text (builder, text);
          }
        else
          patron_column_builder_append_number (builder, g_str_has_prefix (parts[0], "Serial") ? i : i % 7);
      g_ptr_array_add (columns, patron_column_builder_finish (builder));
    }
  return patron_table_new_take ("t", columns);
}

static void
assert_roles (const PatronOp *op, const char *const *columns, const char *expected)
{
  g_autoptr (PatronTable) table = make (columns);
  g_autoptr (PatronRoles) roles = patron_roles_complete (op, table, NULL, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  for (int role = 0; role < PATRON_N_ROLES; role++)
    if (patron_roles_count (roles, role) > 0)
      {
        g_autofree char *names = g_strjoinv (",", (char **) patron_roles_get (roles, role));
        g_string_append_printf (text, "%s=%s ", patron_role_id (role), names);
      }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_orders (void)
{
  assert_roles (&orders_op, (const char *const[]) { "InvoiceNo:category", "StockCode:category", "Description:category", "Quantity:integer", "InvoiceDate:time", "UnitPrice:number", "CustomerID:integer", "Country:category", NULL },
                "customer=CustomerID item=StockCode quantity=Quantity price=UnitPrice basket=InvoiceNo date=InvoiceDate ");
  assert_roles (&orders_op, (const char *const[]) { "id:integer", "date:date", "cds:integer", "dollars:number", NULL },
                "customer=id quantity=cds amount=dollars date=date ");
  assert_roles (&orders_op, (const char *const[]) { "id:integer", "date:date", "days_since_order:integer", "orders per customer:number", NULL },
                "customer=id date=date ");
  assert_roles (&orders_op, (const char *const[]) { "订单编号:category", "会员编号:integer", "商品名称:category", "数量:integer", "实付金额:number", "下单时间:time", NULL },
                "customer=会员编号 item=商品名称 quantity=数量 amount=实付金额 basket=订单编号 date=下单时间 ");
}

static void
test_features (void)
{
  assert_roles (&predict_op, (const char *const[]) { "customerID:text", "tenure:integer", "Contract:category", "Churn:category", NULL },
                "target=Churn features=tenure,Contract id=customerID ");
}

/* Only a numbered column that never repeats a number names rows. */
static void
test_serial_numbers (void)
{
  assert_roles (&predict_op, (const char *const[]) { "SerialID:integer", "StoreID:integer", "Serial:integer", "churn:boolean", NULL },
                "target=churn features=StoreID,Serial id=SerialID ");
}

static void
test_given_stays (void)
{
  g_autoptr (PatronTable) table = make ((const char *const[]) { "Churn:category", "plan:category", "x:number", NULL });
  g_autoptr (PatronRoles) given = patron_roles_new ();
  patron_roles_add (given, PATRON_ROLE_TARGET, "plan");
  guint32 guessed;
  g_autoptr (PatronRoles) roles = patron_roles_complete (&predict_op, table, given, &guessed);
  g_assert_cmpstr (patron_roles_first (roles, PATRON_ROLE_TARGET), ==, "plan");
  g_assert_cmpuint (guessed, ==, 1u << PATRON_ROLE_FEATURE);
}

static void
test_check (void)
{
  g_autoptr (PatronTable) table = make ((const char *const[]) { "c:integer", "d:date", "q:integer", "p:number", "t:category", NULL });
  g_autoptr (PatronRoles) roles = patron_roles_new ();
  g_autoptr (GError) error = NULL;
  patron_roles_add (roles, PATRON_ROLE_CUSTOMER, "c");
  g_assert_false (patron_roles_check (&orders_op, table, roles, &error));
  g_assert_nonnull (strstr (error->message, "Date"));
  g_clear_error (&error);
  patron_roles_add (roles, PATRON_ROLE_DATE, "t");
  g_assert_false (patron_roles_check (&orders_op, table, roles, &error));
  g_assert_nonnull (strstr (error->message, "“t”"));
  g_clear_error (&error);
  patron_roles_clear (roles, PATRON_ROLE_DATE);
  patron_roles_add (roles, PATRON_ROLE_DATE, "d");
  patron_roles_add (roles, PATRON_ROLE_QUANTITY, "q");
  patron_roles_add (roles, PATRON_ROLE_PRICE, "p");
  g_assert_true (patron_roles_check (&orders_op, table, roles, &error));
  patron_roles_add (roles, PATRON_ROLE_DATE, "d");
  g_assert_false (patron_roles_check (&orders_op, table, roles, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/roles/orders", test_orders);
  g_test_add_func ("/table/roles/features", test_features);
  g_test_add_func ("/table/roles/serial-numbers", test_serial_numbers);
  g_test_add_func ("/table/roles/given-stays", test_given_stays);
  g_test_add_func ("/table/roles/check", test_check);
  return g_test_run ();
}
