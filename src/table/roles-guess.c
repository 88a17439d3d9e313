/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/roles.h"

#include "base/order.h"

#include <string.h>

/* Words that name a role, best first. A whole name equal to the word scores most, then a word inside the name. */
static const struct
{
  PatronRole  role;
  const char *words;
} vocabulary[] = {
  { PATRON_ROLE_DATE, "orderdate invoicedate purchasedate transactiondate date datetime timestamp time day ts 下单日期 下单时间 订单日期 日期 时间" },
  { PATRON_ROLE_CUSTOMER, "customerid customer custid cust clientid client userid user memberid member buyer shopper account household "
                          "客户编号 客户号 客户 顾客 会员 用户 买家" },
  { PATRON_ROLE_BASKET, "invoiceno invoice orderid orderno order basketid basket transactionid transaction receipt bill ticket "
                        "订单编号 订单号 订单 小票 交易号 发票 单号" },
  { PATRON_ROLE_ITEM, "itemid item productid product sku stockcode articleid article goods material description "
                      "商品编号 商品 产品 货号 品名 物料" },
  { PATRON_ROLE_AMOUNT, "amount totalamount revenue sales spend total payment dollars money value 金额 总价 销售额 实付 支付" },
  { PATRON_ROLE_PRICE, "unitprice price 单价 价格" },
  { PATRON_ROLE_QUANTITY, "quantity qty units pieces cds 数量 件数" },
  { PATRON_ROLE_TARGET, "churn churned target label class outcome response converted exited attrition y 流失 是否流失 标签 目标 响应" },
  { PATRON_ROLE_TEXT, "text review comment message body content 评论 评价 内容 文本" },
  { PATRON_ROLE_IMAGE, "image picture photo file 图片 照片" },
  { PATRON_ROLE_ID, "id rowid key no number rownames index 编号 序号" },
};

/* Lower case, split where case or kind changes: "CustomerID" → "customer id". Names in other scripts stay whole. */
static char *
normalise (const char *name)
{
  GString *words = g_string_new (NULL);
  gboolean after_lower = FALSE;
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean word = g_unichar_isalnum (c);
      gboolean upper = g_unichar_isupper (c);
      if ((!word || (upper && after_lower)) && words->len > 0 && words->str[words->len - 1] != ' ')
        g_string_append_c (words, ' ');
      if (word)
        g_string_append_unichar (words, g_unichar_tolower (c));
      after_lower = word && !upper;
    }
  return g_string_free (words, FALSE);
}

static char *
without_blanks (const char *text)
{
  GString *joined = g_string_new (NULL);
  for (; *text != '\0'; text++)
    if (*text != ' ')
      g_string_append_c (joined, *text);
  return g_string_free (joined, FALSE);
}

/* 0: the name says nothing about the role. */
static int
score_name (const char *name, const char *words)
{
  g_autofree char *split = normalise (name);
  g_autofree char *joined = without_blanks (split);
  g_auto (GStrv) tokens = g_strsplit (split, " ", -1);
  g_auto (GStrv) candidates = g_strsplit (words, " ", -1);
  int best = 0;
  for (int i = 0; candidates[i] != NULL; i++)
    {
      const char *word = candidates[i];
      gboolean ascii = g_str_is_ascii (word);
      if (strcmp (joined, word) == 0)
        best = MAX (best, 200 - i);
      else if (ascii ? g_strv_contains ((const char *const *) tokens, word) : strstr (joined, word) != NULL)
        best = MAX (best, 100 - i);
    }
  return best;
}

static const char *
words_of (PatronRole role)
{
  for (guint i = 0; i < G_N_ELEMENTS (vocabulary); i++)
    if (vocabulary[i].role == role)
      return vocabulary[i].words;
  return NULL;
}

/* "days since order" measures; it does not say which order. */
static gboolean
is_measure (const char *name)
{
  return score_name (name, "days since count total avg average mean median sum rate share ratio per min max 天数 次数 平均 合计") > 0;
}

static gboolean
is_temporal (PatronType type)
{
  return type == PATRON_TYPE_DATE || type == PATRON_TYPE_TIME;
}

/* Whether the type allows the guess: stricter than what the user may choose. */
static gboolean
plausible (PatronRole role, PatronColumn *column)
{
  PatronType type = patron_column_get_type (column);
  switch (role)
    {
    case PATRON_ROLE_DATE:
      return is_temporal (type);
    case PATRON_ROLE_AMOUNT:
    case PATRON_ROLE_PRICE:
    case PATRON_ROLE_QUANTITY:
      return type == PATRON_TYPE_NUMBER || type == PATRON_TYPE_INTEGER;
    case PATRON_ROLE_TEXT:
    case PATRON_ROLE_IMAGE:
      return type == PATRON_TYPE_TEXT;
    case PATRON_ROLE_CUSTOMER:
    case PATRON_ROLE_ITEM:
    case PATRON_ROLE_BASKET:
      return !is_temporal (type) && type != PATRON_TYPE_BOOLEAN && !is_measure (patron_column_get_name (column));
    default:
      return TRUE;
    }
}

/* In fewer rows nothing can be said from how many values there are. */
#define FEW_ROWS 20
/* Rows looked at to see whether a numbered column ever repeats a number. */
#define UNIQUE_ROWS 4096

static gboolean
never_repeats (PatronColumn *column)
{
  gsize n = MIN (patron_column_get_length (column), UNIQUE_ROWS);
  g_autofree double *values = g_new (double, MAX (n, 1));
  if (n <= FEW_ROWS || !patron_column_read_doubles (column, 0, n, values, NULL))
    return FALSE;
  patron_sort_doubles (values, n);
  for (gsize i = 1; i < n; i++)
    if (!(values[i] > values[i - 1]))
      return FALSE;
  return TRUE;
}

/* Text and categories: many distinct values for the number of rows, so it names rows rather than groups them. Numbers: an identifier by its
 * whole name ("id"), or by a part of it ("CustomerID") when no number comes twice. */
static gboolean
names_rows (PatronColumn *column)
{
  gsize n = patron_column_get_length (column);
  if (patron_column_has_dict (column))
    {
      PatronDict *dict = patron_column_dict (column, NULL);
      return dict != NULL && n > FEW_ROWS && patron_dict_size (dict) > n / 2;
    }
  PatronType type = patron_column_get_type (column);
  const char *name = patron_column_get_name (column);
  if (type != PATRON_TYPE_INTEGER && type != PATRON_TYPE_NUMBER)
    return FALSE;
  return score_name (name, words_of (PATRON_ROLE_ID)) >= 200 - 10 || (score_name (name, "id 编号 序号") > 0 && never_repeats (column));
}

static gboolean
is_free (const PatronRoles *roles, PatronColumn *column)
{
  return patron_roles_of (roles, patron_column_get_name (column)) == PATRON_N_ROLES;
}

static PatronColumn *
best_by_name (const PatronRoleSpec *spec, PatronTable *table, const PatronRoles *roles)
{
  const char *words = words_of (spec->role);
  PatronColumn *best = NULL;
  int best_score = 0;
  for (guint i = 0; words != NULL && i < patron_table_n_columns (table); i++)
    {
      PatronColumn *column = patron_table_column (table, i);
      if (!is_free (roles, column) || !plausible (spec->role, column) || !(spec->accepts & patron_type_accept (patron_column_get_type (column))))
        continue;
      int score = score_name (patron_column_get_name (column), words);
      if (score > best_score)
        {
          best_score = score;
          best = column;
        }
    }
  return best;
}

/* The only date column is the date; a repeating "id" is the customer when nothing else is. */
static PatronColumn *
best_by_content (const PatronRoleSpec *spec, PatronTable *table, const PatronRoles *roles)
{
  PatronColumn *only = NULL;
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    {
      PatronColumn *column = patron_table_column (table, i);
      if (!is_free (roles, column))
        continue;
      gboolean fits = FALSE;
      if (spec->role == PATRON_ROLE_DATE)
        fits = is_temporal (patron_column_get_type (column));
      else if (spec->role == PATRON_ROLE_CUSTOMER)
        fits = plausible (spec->role, column) && score_name (patron_column_get_name (column), "id 编号") > 0
               && !(patron_column_has_dict (column) && names_rows (column));
      if (fits && only != NULL)
        return NULL;
      if (fits)
        only = column;
    }
  return only;
}

static gboolean
may_guess (PatronRole role)
{
  return role != PATRON_ROLE_FEATURE && role != PATRON_ROLE_GROUP && role != PATRON_ROLE_WEIGHT && role != PATRON_ROLE_TREATMENT
         && role != PATRON_ROLE_IGNORE && role != PATRON_ROLE_ID;
}

static void
guess_one (const PatronRoleSpec *spec, PatronTable *table, PatronRoles *roles, guint32 *guessed)
{
  if (spec == NULL || !may_guess (spec->role) || patron_roles_count (roles, spec->role) > 0)
    return;
  PatronColumn *column = best_by_name (spec, table, roles);
  if (column == NULL)
    column = best_by_content (spec, table, roles);
  if (column == NULL)
    return;
  patron_roles_add (roles, spec->role, patron_column_get_name (column));
  *guessed |= 1u << spec->role;
}

/* Columns that name rows would let a model memorise them: they become identifiers, not features. */
static void
set_features_aside (const PatronRoleSpec *features, PatronTable *table, PatronRoles *roles)
{
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    {
      PatronColumn *column = patron_table_column (table, i);
      if (is_free (roles, column) && names_rows (column))
        patron_roles_add (roles, PATRON_ROLE_ID, patron_column_get_name (column));
    }
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    {
      PatronColumn *column = patron_table_column (table, i);
      if (is_free (roles, column) && (features->accepts & patron_type_accept (patron_column_get_type (column))))
        patron_roles_add (roles, PATRON_ROLE_FEATURE, patron_column_get_name (column));
    }
}

PatronRoles *
patron_roles_complete (const PatronOp *op, PatronTable *table, const PatronRoles *given, guint32 *guessed)
{
  PatronRoles *roles = given != NULL ? patron_roles_copy (given) : patron_roles_new ();
  guint32 filled = 0;
  /* In the order of the vocabulary: roles with clearer marks take their columns first. */
  for (guint i = 0; i < G_N_ELEMENTS (vocabulary); i++)
    guess_one (patron_op_role_spec (op, vocabulary[i].role), table, roles, &filled);
  const PatronRoleSpec *features = patron_op_role_spec (op, PATRON_ROLE_FEATURE);
  if (features != NULL && (features->flags & PATRON_ROLE_REST) && patron_roles_count (roles, PATRON_ROLE_FEATURE) == 0)
    {
      set_features_aside (features, table, roles);
      filled |= 1u << PATRON_ROLE_FEATURE;
    }
  if (guessed != NULL)
    *guessed = filled;
  return roles;
}
