// SPDX-License-Identifier: Apache-2.0
//
// Signed data, as esp_ota_end judges them from ESP-IDF 6.0 on, with
// CONFIG_SECURE_SIGNED_DATA_PARTITION, in a partition of type data and subtype undefined.
#include <string.h>

#include "pk.h"
#include "rule.h"
#include "signature.h"
#include "text.h"

static void check_schemes(struct judge *j, struct node *n)
{
    unsigned count = signature_count(n), at = 0;
    while (at < count &&
           strcmp(node_text(signature_at(n, at), "algorithm"), pk_types[PK_P192].name) != 0) {
        at++;
    }
    found(j, n, CHECK_DATA_SCHEME, at == count, "signatures[%u] is of %s", at,
          pk_types[PK_P192].title);
}

void rule_signed_data(struct judge *j, struct node *n, uint64_t data_size)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    (void)rule_signatures(j, n, data_size);
    check_schemes(j, n);
    found(j, n, CHECK_DATA_TRAILING, trailing == NULL, "%s behind the signatures",
          trailing == NULL ? "" : text_size(j->arena, trailing->src.size));
}
