/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/page.h"

G_DEFINE_INTERFACE (PatronPage, patron_page, GTK_TYPE_WIDGET)

static guint commands_changed;

static void
patron_page_default_init (PatronPageInterface *iface)
{
  commands_changed = g_signal_new ("commands-changed", PATRON_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

gboolean
patron_page_can (PatronPage *self, PatronCommand command)
{
  g_return_val_if_fail (PATRON_IS_PAGE (self), FALSE);
  PatronPageInterface *iface = PATRON_PAGE_GET_IFACE (self);
  return iface->can != NULL && iface->can (self, command);
}

void
patron_page_perform (PatronPage *self, PatronCommand command)
{
  if (patron_page_can (self, command))
    PATRON_PAGE_GET_IFACE (self)->perform (self, command);
}

const PatronOp *
patron_page_get_op (PatronPage *self)
{
  g_return_val_if_fail (PATRON_IS_PAGE (self), NULL);
  PatronPageInterface *iface = PATRON_PAGE_GET_IFACE (self);
  return iface->get_op != NULL ? iface->get_op (self) : NULL;
}

void
patron_page_commands_changed (PatronPage *self)
{
  g_return_if_fail (PATRON_IS_PAGE (self));
  g_signal_emit (self, commands_changed, 0);
}
