// SPDX-License-Identifier: Apache-2.0
//
// What an app says of itself.
#include <inttypes.h>
#include <otapack/app_desc.h>
#include <string.h>

#include "rule.h"
#include "text.h"

static bool is_zero(const uint8_t *bytes, size_t n)
{
    size_t i = 0;
    while (i < n && bytes[i] == 0) {
        i++;
    }
    return i == n;
}

// Neither empty nor without its NUL?
static bool text_good(const char *text, size_t size)
{
    size_t length = otapack_text_length(text, size);
    return length > 0 && length < size;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);
    return n >= k && strcmp(text + n - k, end) == 0;
}

// The libraries that come with Arduino are built once, for all sketches; so is this description.
static bool is_arduino(const struct otapack_app_desc *d)
{
    return strncmp(d->project_name, "arduino-lib-builder", sizeof(d->project_name)) == 0;
}

// What the build of the app has in its hands.
static void check_build(struct reader *r, struct node *n, const struct otapack_app_desc *d)
{
    const char *version = node_text(n, "version");
    found(r, n, CHECK_APP_DIRTY, !ends_with(version, "-dirty"), "the version is \"%s\"", version);
    found(r, n, CHECK_APP_ELF_HASH, !is_zero(d->app_elf_sha256, sizeof(d->app_elf_sha256)),
          "app_elf_sha256 is all zero");
}

static void check_desc(struct reader *r, struct node *n, const struct chip *chip,
                       const struct otapack_app_desc *d)
{
    bool own = !is_arduino(d);
    found(r, n, CHECK_APP_OWN, own,
          "project_name \"arduino-lib-builder\" and version \"%s\" are those of the Arduino "
          "libraries, which all sketches share",
          node_text(n, "version"));
    if (own) {
        check_build(r, n, d);
    }
    found(r, n, CHECK_APP_TEXT,
          text_good(d->version, sizeof(d->version)) &&
              text_good(d->project_name, sizeof(d->project_name)),
          "version \"%s\" or project_name \"%s\" is empty or fills its field",
          node_text(n, "version"), node_text(n, "project_name"));
    if (chip != NULL) {
        found(r, n, CHECK_APP_SECURE_VERSION, d->secure_version <= chip->secure_version_bits,
              "secure_version is %" PRIu32 ", the eFuses of the %s hold %u at most",
              d->secure_version, chip->title, chip->secure_version_bits);
    }
}

// Bootloaders of ESP-IDF 5.2 and later read the revisions whether or not this is a description.
static const char *revisions_there(struct reader *r, const struct node *n, const struct chip *chip)
{
    uint8_t raw[OTAPACK_APP_DESC_SIZE];
    struct otapack_app_desc d;
    if (chip == NULL || chip->id == 0 || chip->mmu_page_varies ||
        otapack_read(&n->src, OTAPACK_APP_DESC_AT, raw, sizeof(raw), "").code != OTAPACK_OK) {
        return "";
    }
    otapack_app_desc_decode(raw, &d);
    return arena_printf(r->arena,
                        "; bootloaders of ESP-IDF 5.2 and later read eFuse block revisions v%u.%u "
                        "to v%u.%u there",
                        d.min_efuse_blk_rev_full / 100u, d.min_efuse_blk_rev_full % 100u,
                        d.max_efuse_blk_rev_full / 100u, d.max_efuse_blk_rev_full % 100u);
}

void rule_app_desc(struct reader *r, struct node *n, const struct chip *chip,
                   const struct otapack_app_desc *desc)
{
    found(r, n, CHECK_APP_DESC, desc != NULL,
          "there is no app description (0x%08x, %u bytes) at the start of segment 0%s",
          OTAPACK_APP_DESC_MAGIC, OTAPACK_APP_DESC_SIZE, revisions_there(r, n, chip));
    if (desc != NULL) {
        check_desc(r, node_find(n, "desc", -1), chip, desc);
    }
}
