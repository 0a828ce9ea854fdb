// SPDX-License-Identifier: Apache-2.0
#include "matter_model.h"

#include <string.h>

#include "base64.h"
#include "matter_digest.h"
#include "publish_url.h"
#include "text.h"

// What the provider app has room for, each with a NUL.
enum { PROVIDER_VERSION_MOST = 63, PROVIDER_URL_MOST = 511 };
enum { LEDGER_URL_MOST = 256 };

bool matter_model_fits(const struct published *f, struct err *e)
{
    for (const struct finding *x = f->root->findings; x != NULL; x = x->next) {
        if (x->verdict != VERDICT_PASS &&
            (x->check == CHECK_MATTER_VERSION_STRING || x->check == CHECK_MATTER_RELEASE_NOTES)) {
            return check_refuse(e, x->check, "%s: not published: %s", f->file, x->message);
        }
    }
    return node_number(f->root, "software_version") != 0 ||
           err_set(e, STATUS_NO,
                   "%s: software_version is 0, and no version is below it that could be "
                   "updated; give it a higher one",
                   f->file);
}

// The versions that may update to this one: as the header says, or all below it.
static void put_limits(json_t *o, const struct node *root)
{
    const struct field *max = node_field(root, "max_applicable_software_version");
    json_put(o, "minApplicableSoftwareVersion",
             json_number(node_number(root, "min_applicable_software_version")));
    json_put(o, "maxApplicableSoftwareVersion",
             json_number(max != NULL ? max->number : node_number(root, "software_version") - 1));
}

// ---- The ledger ---------------------------------------------------------------------------------

// What it takes as a URL.
#define LEDGER_URLS                                                                                \
    "https:// URLs of at most 256 bytes, with a host, without blanks, a name or a password"
static bool is_ledger_url(const char *url)
{
    return publish_url_is(url, "https://") && strlen(url) <= LEDGER_URL_MOST;
}

// The ledger takes digests of 256 bits and more, of the whole file; where the header's is shorter,
// a SHA-256.
static uint8_t ledger_digest(const struct node *root)
{
    uint8_t type = (uint8_t)node_number(root, "image_digest_type");
    return type == OTAPACK_MATTER_SHA3_224 || otapack_matter_digest_size(type) < 32
               ? OTAPACK_MATTER_SHA256
               : type;
}

static void put_file(json_t *o, const struct published *f, uint8_t type, const uint8_t *digest)
{
    if (f->url != NULL) {
        json_put_text(o, "otaUrl", f->url);
    }
    json_put(o, "otaFileSize", json_number(f->root->src.size));
    json_put_text(o, "otaChecksum", base64(f->arena, digest, otapack_matter_digest_size(type)));
    json_put(o, "otaChecksumType", json_number(type));
}

json_t *matter_model_ledger(const struct publishing *p, const struct published *f)
{
    uint8_t digest[OTAPACK_MATTER_MAX_DIGEST];
    const struct node *root = f->root;
    uint8_t type = ledger_digest(root);
    const struct field *notes = node_field(root, "release_notes_url");
    if (f->url != NULL && !is_ledger_url(f->url)) {
        err_set(p->e, STATUS_CANNOT, "--url %s: the ledger takes only " LEDGER_URLS, f->url);
        return NULL;
    }
    if (!matter_digest(type, &root->src, digest, p->e)) {
        return NULL;
    }
    json_t *o = json_must(json_object());
    json_put(o, "vid", json_number(node_number(root, "vendor_id")));
    json_put(o, "pid", json_number(node_number(root, "product_id")));
    json_put(o, "softwareVersion", json_number(node_number(root, "software_version")));
    json_put_text(o, "softwareVersionString", node_text(root, "software_version_string"));
    if (p->has_cd_version) {
        json_put(o, "cdVersionNumber", json_number(p->cd_version));
    }
    json_put(o, "softwareVersionValid", json_true());
    put_file(o, f, type, digest);
    put_limits(o, root);
    if (notes != NULL && is_ledger_url(notes->text)) {
        json_put_text(o, "releaseNotesUrl", notes->text);
    } else if (notes != NULL) {
        say("%s: warning: release_notes_url is left out: the ledger takes only " LEDGER_URLS,
            f->file);
    }
    return o;
}

// ---- The provider app ---------------------------------------------------------------------------

static bool fits_provider(const struct published *f, const char *version, const char *url,
                          struct err *e)
{
    if (strcmp(text_utf8(f->arena, url, strlen(url)), url) != 0) {
        return err_set(e, STATUS_CANNOT, "%s: is no UTF-8, which JSON must be; give --url", url);
    }
    if (strlen(version) > PROVIDER_VERSION_MOST) {
        return err_set(e, STATUS_NO,
                       "%s: software_version_string has %zu bytes, the provider app has room for "
                       "%d; shorten it",
                       f->file, strlen(version), PROVIDER_VERSION_MOST);
    }
    return strlen(url) <= PROVIDER_URL_MOST ||
           err_set(e, STATUS_CANNOT,
                   "--url: %zu bytes for %s, the provider app has room for %d; give a shorter one",
                   strlen(url), f->file, PROVIDER_URL_MOST);
}

json_t *matter_model_provider(const struct publishing *p, const struct published *f)
{
    const char *version = node_text(f->root, "software_version_string");
    const char *url = f->url == NULL ? f->file : f->url;
    if (!fits_provider(f, version, url, p->e)) {
        return NULL;
    }
    json_t *o = json_must(json_object());
    json_put(o, "vendorId", json_number(node_number(f->root, "vendor_id")));
    json_put(o, "productId", json_number(node_number(f->root, "product_id")));
    json_put(o, "softwareVersion", json_number(node_number(f->root, "software_version")));
    json_put_text(o, "softwareVersionString", version);
    json_put(o, "cDVersionNumber", json_number(p->cd_version));
    json_put(o, "softwareVersionValid", json_true());
    put_limits(o, f->root);
    json_put_text(o, "otaURL", url);
    return o;
}
