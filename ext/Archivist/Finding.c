/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

enum { FINDING_KIND, FINDING_ENTRY, FINDING_MESSAGE };

/* Returns the case of a kind: "NO_BAG" is FindingKind::NoBag. */
static zend_object *finding_kind_case(arv_finding_kind kind)
{
    char name[32];
    size_t length = 0;
    bool begins = true;
    for (const char *c = arv_finding_name(kind); *c && length < sizeof name - 1; c++) {
        if (*c != '_')
            name[length++] = (char)(begins ? *c : *c | 0x20);
        begins = *c == '_';
    }
    name[length] = '\0';
    return php_arv_enum_case(php_arv_ce_FindingKind, name);
}

void php_arv_finding_make(zval *into, const arv_finding *finding)
{
    zend_object *made = php_arv_value_make(into, php_arv_ce_Finding);
    ZVAL_OBJ_COPY(php_arv_property(made, FINDING_KIND), finding_kind_case(finding->kind));
    php_arv_set_text(made, FINDING_ENTRY, finding->entry);
    php_arv_set_text(made, FINDING_MESSAGE, finding->message);
}
