// SPDX-License-Identifier: Apache-2.0
//
// What a Matter OTA image must be for a provider to offer it, and for a device to take it and to
// report the update as done.
#include <inttypes.h>
#include <string.h>

#include "format_list.h"
#include "matter_bundle_tree.h"
#include "matter_digest.h"
#include "rule.h"
#include "source.h"
#include "text.h"

enum { SHORTEST_ADVISED = 32 };

static void check_ids(struct judge *j, struct node *n)
{
    const struct otapack_matter *m = n->parsed;
    found(j, n, CHECK_MATTER_IDS, m->vendor_id != 0 && m->product_id != 0, "%s",
          m->product_id != 0  ? "vendor_id is 0"
          : m->vendor_id != 0 ? "product_id is 0"
                              : "vendor_id and product_id are 0");
    found(j, n, CHECK_MATTER_VERSION_ZERO, m->software_version != 0, "software_version is 0");
}

static const char *text_at(struct judge *j, const struct node *n, struct otapack_matter_text text)
{
    return (const char *)source_bytes(j->arena, &n->src, text.at, text.size);
}

// What is wrong with a text, or NULL.
static const char *text_fault(struct judge *j, const struct node *n,
                              struct otapack_matter_text text)
{
    const char *bytes = text_at(j, n, text);
    const char *valid = text_utf8(j->arena, bytes, text.size);
    return text.size == 0                                        ? "is empty"
           : strlen(bytes) != text.size                          ? "has a NUL byte in it"
           : strcmp(valid, bytes) != 0                           ? "is no UTF-8"
           : strcmp(text_printable(j->arena, valid), valid) != 0 ? "has a control character in it"
                                                                 : NULL;
}

static void check_texts(struct judge *j, struct node *n)
{
    const struct otapack_matter *m = n->parsed;
    const char *fault = text_fault(j, n, m->software_version_string);
    found(j, n, CHECK_MATTER_VERSION_STRING, fault == NULL, "software_version_string %s", fault);
    if (m->has_release_notes_url) {
        fault = text_fault(j, n, m->release_notes_url);
        found(j, n, CHECK_MATTER_RELEASE_NOTES, fault == NULL, "release_notes_url %s", fault);
    }
    if (m->has_release_notes_url && fault == NULL) {
        const char *url = text_at(j, n, m->release_notes_url);
        found(j, n, CHECK_MATTER_RELEASE_NOTES_HTTPS, strncmp(url, "https://", 8) == 0,
              "release_notes_url is %s", text_utf8(j->arena, url, m->release_notes_url.size));
    }
}

static void check_range(struct judge *j, struct node *n)
{
    const struct otapack_matter *m = n->parsed;
    const uint32_t version = m->software_version;
    const uint32_t min = m->min_applicable_software_version;
    const uint32_t max = m->max_applicable_software_version;
    if (m->has_min_applicable_software_version && min >= version) {
        found(j, n, CHECK_MATTER_RANGE, false,
              "min_applicable_software_version %" PRIu32 " is not below software_version %" PRIu32,
              min, version);
    } else if (m->has_max_applicable_software_version && max >= version) {
        found(j, n, CHECK_MATTER_RANGE, false,
              "max_applicable_software_version %" PRIu32 " is not below software_version %" PRIu32,
              max, version);
    } else {
        bool both =
            m->has_min_applicable_software_version && m->has_max_applicable_software_version;
        found(j, n, CHECK_MATTER_RANGE, !both || min <= max,
              "min_applicable_software_version %" PRIu32
              " is above max_applicable_software_version %" PRIu32,
              min, max);
    }
}

// Is a text ended by a 0x1F byte? A text that ends by its length has the next element's control
// byte behind it, which is never that.
static bool is_cut(const struct node *n, struct otapack_matter_text text)
{
    uint8_t next = 0;
    return otapack_read(&n->src, (uint64_t)text.at + text.size, &next, 1, "").code == OTAPACK_OK &&
           next == OTAPACK_MATTER_SEPARATOR;
}

static void check_elements(struct judge *j, struct node *n)
{
    const struct otapack_matter *m = n->parsed;
    const char *what = node_field(n, "unknown") != NULL
                           ? "elements that no device knows follow image_digest"
                       : node_field(n, "rest") != NULL ? "bytes follow the header's structure"
                       : is_cut(n, m->software_version_string)
                           ? "software_version_string goes on behind a 0x1f byte"
                       : m->has_release_notes_url && is_cut(n, m->release_notes_url)
                           ? "release_notes_url goes on behind a 0x1f byte"
                           : NULL;
    found(j, n, CHECK_MATTER_ELEMENTS, what == NULL, "%s", what);
}

void rule_matter_sizes(struct judge *j, struct node *n)
{
    const struct otapack_matter *m = n->parsed;
    uint64_t header = otapack_matter_payload_at(m);
    uint64_t left = n->src.size - header;
    const struct node *trailing = node_find(n, "trailing", -1);
    found(j, n, CHECK_MATTER_BOUNDS, m->payload_size <= left,
          "payload_size is %" PRIu64 ", but only %" PRIu64 " bytes follow the header",
          m->payload_size, left);
    if (m->payload_size > left) {
        return; // its header may be right
    }
    found(j, n, CHECK_MATTER_SIZE,
          m->total_size >= header && m->total_size - header == m->payload_size,
          "total_size is %" PRIu64 ", but the header has %" PRIu64
          " bytes and payload_size is %" PRIu64,
          m->total_size, header, m->payload_size);
    found(j, n, CHECK_MATTER_TRAILING, trailing == NULL, "%s after the payload",
          trailing == NULL ? "" : text_size(j->arena, trailing->src.size));
}

static void check_digest(struct judge *j, struct node *n)
{
    const struct otapack_matter *m = n->parsed;
    const struct node *payload = node_find(n, "payload", -1);
    uint8_t type = m->image_digest_type;
    size_t size = otapack_matter_digest_size(type);
    uint8_t actual[OTAPACK_MATTER_MAX_DIGEST];
    struct err e = ERR_NONE;
    bool known = size != 0 && m->image_digest.size == size;
    found(j, n, CHECK_MATTER_DIGEST_TYPE, known,
          size == 0 ? "image_digest_type %u does not exist"
                    : "image_digest_type is %u, but image_digest has %" PRIu32 " bytes",
          type, m->image_digest.size);
    if (!known) {
        return;
    }
    found(j, n, CHECK_MATTER_DIGEST_SHORT, size >= SHORTEST_ADVISED, "%s has %zu bits",
          matter_digest_name(type), size * 8);
    if (m->payload_size > payload->src.size) {
        return;
    }
    if (!matter_digest(type, &payload->src, actual, &e)) {
        found(j, n, CHECK_MATTER_DIGEST, false, "%s", e.text);
        return;
    }
    const char *bytes = text_at(j, n, m->image_digest);
    const char *said = text_hex(j->arena, (const uint8_t *)bytes, size);
    const char *given = text_hex(j->arena, actual, size);
    found(j, n, CHECK_MATTER_DIGEST, strcmp(said, given) == 0,
          "image_digest is %s, the payload gives %s", text_beside(j->arena, said, given),
          text_beside(j->arena, given, said));
}

// What is in it, where it could be decrypted.
static struct node *decrypted(struct node *n)
{
    struct node *content =
        node_is(n, &format_esp_encrypted_img) ? node_find(n, "content", -1) : NULL;
    return content == NULL ? n : content;
}

// The application that an update ends in: the payload, or that of a combined image or a bundle.
static struct node *application(struct node *payload)
{
    struct node *app = is_matter_bundle(payload) ? matter_bundle_application(payload) : payload;
    app = decrypted(app);
    app = node_is(app, &format_rcp_image) ? node_find(app, "host", -1) : app;
    return is_image(app, "app") ? app : NULL;
}

// What the RCP gets goes to a partition of its own.
static void check_host(struct judge *j, struct node *payload)
{
    if (node_is(payload, &format_rcp_image) && payload->error == NULL) {
        found(j, payload, CHECK_MATTER_HOST, node_find(payload, "host", -1) != NULL,
              "it has no host: the device has nothing to boot, and the update fails");
    }
}

// What no device can be updated with, whatever its updater is.
bool rule_is_no_update(const struct node *payload)
{
    const char *const kinds[] = {"HTML",
                                 "XML",
                                 "PEM",
                                 "ELF",
                                 "UF2", // for another maker's chips
                                 "Git LFS pointer",
                                 "empty",
                                 format_matter.title, // these are left closed
                                 format_uf2.title,
                                 format_intel_hex.title,
                                 format_zigbee.title};
    const size_t n = sizeof(kinds) / sizeof(kinds[0]);
    return (node_is(payload, &format_raw) &&
            text_place(node_text(payload, "kind"), kinds, n) < n) ||
           node_is(payload, &format_partition_table) || node_is(payload, &format_partition_csv) ||
           node_is(payload, &format_ota_data) || node_is(payload, &format_matter_bundle) ||
           node_is(payload, &format_flash) || is_image(payload, "bootloader");
}

// A device that takes a bundle looks at its application, and takes no other one.
static bool is_no_application(const struct node *update)
{
    return !node_is(update, &format_esp_image) && !node_is(update, &format_esp_encrypted_img) &&
           !node_is(update, &format_delta);
}

// Is it what the recipe says it is, or else what an update can be?
static void check_slot(struct judge *j, struct node *n, struct node *update)
{
    bool bad = rule_is_no_update(update) ||
               (node_is(n, &format_matter_bundle) && is_no_application(update));
    const char *what = node_is(n, &format_matter) ? "payload" : "application";
    if (j->options->slot != NULL) {
        rule_slot(j, update, j->options->slot);
    } else if (update->error == NULL) {
        found(j, update, CHECK_SLOT_CONTENT, !bad, "no device can be updated with this %s: %s",
              what, update->summary);
    }
    if (!bad || update->error != NULL) {
        bool known = node_is(update, &format_esp_image) || node_is(update, &format_delta) ||
                     (node_is(update, &format_rcp_image) && node_is(n, &format_matter));
        found(j, n, CHECK_MATTER_PAYLOAD, known, "the %s: %s", what, update->summary);
    }
}

void rule_update(struct judge *j, struct node *n, struct node *update)
{
    check_slot(j, n, update);
}

static void check_payload(struct judge *j, struct node *n)
{
    struct node *payload = node_find(n, "payload", -1);
    struct node *app = application(payload);
    const struct node *desc = image_desc(app);
    if (node_is(payload, &format_raw) && payload->error != NULL) {
        return; // it is not whole
    }
    if (node_is(payload, &format_matter_bundle)) {
        rule_matter_bundle_version(j, n, payload); // it has judged the rest itself
    } else {
        rule_update(j, n, payload);
        check_host(j, decrypted(payload));
    }
    if (desc != NULL) {
        const char *said = node_text(n, "software_version_string");
        const char *version = node_text(desc, "version");
        found(j, n, CHECK_MATTER_VERSION_MATCH, strcmp(said, version) == 0,
              "software_version_string is '%s', the application's own version '%s'", said, version);
    }
}

static void check_header(struct judge *j, struct node *n)
{
    found(j, n, CHECK_MATTER_HEADER, n->error == NULL, "%s", n->error);
}

const struct rule rules_matter[] = {
    {.run = check_header, .unread = true},
    {.run = check_ids},
    {.run = check_texts},
    {.run = check_range},
    {.run = check_elements},
    {.run = rule_matter_sizes},
    {.run = check_digest},
    {.run = check_payload},
    {.run = NULL},
};
