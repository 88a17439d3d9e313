/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/readiness.h"

G_BEGIN_DECLS

/* The lines of a readiness check as a list of rows. */
#define PATRON_TYPE_READINESS_CARD (patron_readiness_card_get_type ())
G_DECLARE_FINAL_TYPE (PatronReadinessCard, patron_readiness_card, PATRON, READINESS_CARD, GtkWidget)

GtkWidget  *patron_readiness_card_new  (void);
/* NULL: being checked. */
void        patron_readiness_card_show (PatronReadinessCard *self, const PatronReadiness *readiness);
/* Symbolic icon and style class of a level. */
const char *patron_readiness_icon      (PatronReadinessLevel level);
const char *patron_readiness_class     (PatronReadinessLevel level);

G_END_DECLS
