// SPDX-License-Identifier: Apache-2.0
#include "publish_attachment.h"

#include <string.h>

#include "file_path.h"
#include "input.h"
#include "json.h"

enum { ATTACHMENT_MOST = 16 * 1024 * 1024 }; // bytes

// A name at the top of the JSON tells what it is.
static const struct {
    const char *key, *type;
} kinds[] = {{"spdxVersion", "application/spdx+json"},
             {"bomFormat", "application/vnd.cyclonedx+json"},
             {"payloadType", "application/vnd.dsse.envelope.v1+json"},
             {"predicateType", "application/vnd.in-toto+json"}};

static const char *type_of(const char *text)
{
    json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    const char *type = NULL;
    for (size_t i = 0; type == NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        type = json_object_get(value, kinds[i].key) != NULL ? kinds[i].type : NULL;
    }
    json_decref(value);
    return type;
}

bool publish_attachment_read(struct publish_attachment *x, const char *file, struct arena *a,
                             struct err *e)
{
    x->text = input_text(file, ATTACHMENT_MOST, a, e);
    if (x->text == NULL) {
        return false;
    }
    x->name = file_path_name(file);
    x->type = type_of(x->text);
    return x->type != NULL || err_set(e, STATUS_CANNOT,
                                      "%s: is no SBOM (SPDX or CycloneDX in JSON) and no "
                                      "attestation (DSSE or in-toto); name "
                                      "one of these",
                                      file);
}
