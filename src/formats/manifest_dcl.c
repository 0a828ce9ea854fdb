// SPDX-License-Identifier: Apache-2.0
//
// A software version as the Distributed Compliance Ledger of Matter has it, or as
// python-matter-server takes it, inside of "modelVersion".
#include "manifest.h"

#include <inttypes.h>
#include <otapack/matter.h>
#include <string.h>

#include "base64.h"
#include "text.h"

// The types that the ledger takes, by the registry of Named Information.
static const struct {
    uint64_t type;
    struct manifest_digest digest;
} types[] = {
    {1, {"SHA-256", DIGEST_SHA256, 32, {0}}},     {7, {"SHA-384", DIGEST_SHA384, 48, {0}}},
    {8, {"SHA-512", DIGEST_SHA512, 64, {0}}},     {10, {"SHA3-256", DIGEST_SHA3_256, 32, {0}}},
    {11, {"SHA3-384", DIGEST_SHA3_384, 48, {0}}}, {12, {"SHA3-512", DIGEST_SHA3_512, 64, {0}}},
};

static const struct {
    const char *name, *field;
} claims[] = {
    {"vid", "vendor_id"},
    {"pid", "product_id"},
    {"softwareVersion", "software_version"},
    {"softwareVersionString", "software_version_string"},
    {"minApplicableSoftwareVersion", "min_applicable_software_version"},
    {"maxApplicableSoftwareVersion", "max_applicable_software_version"},
};

static int value_of(char c)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(letters, c);
    return at == NULL ? -1 : (int)(at - letters);
}

// As many bytes as the digest has.
static bool take_base64(const char *text, struct manifest_digest *d)
{
    uint32_t bits = 0;
    size_t have = 0, n = 0;
    for (; *text != '\0' && n < d->size && value_of(*text) >= 0; text++) {
        bits = bits << 6 | (uint32_t)value_of(*text);
        have += 6;
        if (have >= 8) {
            have -= 8;
            d->bytes[n++] = (uint8_t)(bits >> have);
        }
    }
    return n == d->size;
}

static void take_checksum(struct manifest *m, const json_t *entry, struct manifest_file *f)
{
    const char *text = manifest_string(m, entry, "otaChecksum");
    uint64_t type = 0;
    bool known = false;
    if (text == NULL || !manifest_number(json_object_get(entry, "otaChecksumType"), &type)) {
        manifest_fault(m, "it has no otaChecksum with an otaChecksumType");
        return;
    }
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (types[i].type == type) {
            f->digest = types[i].digest;
            known = true;
        }
    }
    if (!known) {
        manifest_fault(
            m, "otaChecksumType is %" PRIu64 ", and the ledger takes 1, 7, 8, 10, 11, 12", type);
    } else if (!take_base64(text, &f->digest) ||
               strcmp(base64(m->arena, f->digest.bytes, f->digest.size), text) != 0) {
        manifest_fault(m, "otaChecksum is not a %s in base64", f->digest.name);
        f->digest.name = NULL;
    }
}

static void take_claims(struct manifest *m, const json_t *entry)
{
    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
        const json_t *value = json_object_get(entry, claims[i].name);
        uint64_t number;
        const char *text = json_is_string(value) ? manifest_string(m, entry, claims[i].name)
                           : manifest_number(value, &number)
                               ? arena_printf(m->arena, "%" PRIu64, number)
                               : NULL;
        if (text != NULL) {
            m->claims[m->claim_count++] =
                (struct manifest_claim){claims[i].name, claims[i].field, text};
        } else if (i < 4) {
            manifest_fault(m, "it has no %s", claims[i].name);
        }
    }
}

bool manifest_dcl(struct manifest *m, json_t *root)
{
    const json_t *inner = json_object_get(root, "modelVersion"), *entry = inner ? inner : root;
    const char *url = manifest_string(m, entry, "otaUrl");
    if (url == NULL || json_object_get(entry, "softwareVersion") == NULL) {
        return false;
    }
    m->kind = MANIFEST_DCL;
    m->title = "DCL entry";
    struct manifest_file *f =
        manifest_add(m, manifest_add_build(m, NULL), manifest_url_file(m, url));
    f->has_size = manifest_number(json_object_get(entry, "otaFileSize"), &f->size);
    if (!f->has_size) {
        manifest_fault(m, "it has no otaFileSize");
    }
    if (strlen(url) > 256 || (inner == NULL && strncmp(url, "https://", 8) != 0)) {
        manifest_fault(m, "otaUrl is no https address of at most 256 characters");
    }
    take_checksum(m, entry, f);
    take_claims(m, entry);
    return true;
}
