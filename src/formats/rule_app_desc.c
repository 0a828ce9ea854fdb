// SPDX-License-Identifier: Apache-2.0
//
// What an app says of itself, and a bootloader.
#include <inttypes.h>
#include <otapack/app_desc.h>
#include <string.h>

#include "esp_tree.h"
#include "rule.h"

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
static void check_build(struct judge *j, struct node *n, const struct otapack_app_desc *d)
{
    const char *version = node_text(n, "version");
    found(j, n, CHECK_APP_DIRTY, !ends_with(version, "-dirty"), "the version is \"%s\"", version);
    found(j, n, CHECK_APP_ELF_HASH, !is_zero(d->app_elf_sha256, sizeof(d->app_elf_sha256)),
          "app_elf_sha256 is all zero");
}

static void check_desc(struct judge *j, struct node *n, const struct chip *chip,
                       const struct otapack_app_desc *d)
{
    bool own = !is_arduino(d);
    found(j, n, CHECK_APP_OWN, own,
          "project_name \"arduino-lib-builder\" and version \"%s\" are those of the Arduino "
          "libraries, which all sketches share",
          node_text(n, "version"));
    if (own) {
        check_build(j, n, d);
    }
    found(j, n, CHECK_APP_TEXT,
          text_good(d->version, sizeof(d->version)) &&
              text_good(d->project_name, sizeof(d->project_name)),
          "version \"%s\" or project_name \"%s\" is empty or fills its field",
          node_text(n, "version"), node_text(n, "project_name"));
    if (chip != NULL) {
        found(j, n, CHECK_APP_SECURE_VERSION, d->secure_version <= chip->secure_version_bits,
              "secure_version is %" PRIu32 ", the eFuses of the %s hold %u at most",
              d->secure_version, chip->title, chip->secure_version_bits);
    }
}

static void check_bootloader(struct judge *j, struct node *n)
{
    const struct chip *chip = esp_tree(n)->chip;
    struct node *desc = node_find(n, "desc", -1);
    if (desc != NULL && chip != NULL) {
        unsigned version = (unsigned)node_number(desc, "secure_version");
        found(j, desc, CHECK_BOOTLOADER_SECURE_VERSION,
              version <= chip->bootloader_secure_version_bits,
              chip->bootloader_secure_version_bits == 0
                  ? "secure_version is %u, and the %s does not look at it"
                  : "secure_version is %u, the eFuses of the %s hold %u at most",
              version, chip->title, chip->bootloader_secure_version_bits);
    }
}

// What the file does not have is erased flash.
bool app_desc_there(const struct node *n, struct otapack_app_desc *out)
{
    uint8_t raw[OTAPACK_APP_DESC_SIZE];
    uint64_t rest = n->src.size > OTAPACK_APP_DESC_AT ? n->src.size - OTAPACK_APP_DESC_AT : 0;
    size_t size = rest < sizeof(raw) ? (size_t)rest : sizeof(raw);
    memset(raw, 0xFF, sizeof(raw));
    if (otapack_read(&n->src, OTAPACK_APP_DESC_AT, raw, size, "").code != OTAPACK_OK) {
        return false;
    }
    otapack_app_desc_decode(raw, out);
    return true;
}

// Bootloaders of ESP-IDF 5.2 and later read the revisions whether or not this is a description.
static void check_revisions(struct judge *j, struct node *n, const struct chip *chip,
                            const struct otapack_app_desc *there)
{
    uint16_t min = there->min_efuse_blk_rev_full, max = there->max_efuse_blk_rev_full;
    if (chip != NULL && chip->id != 0) {
        found(j, n, CHECK_APP_REVISION, efuse_revisions_fit(min, max),
              "there is no app description, and where it would be, eFuse block revisions v%u.%u to "
              "v%u.%u are read, which no %s has",
              min / 100u, min % 100u, max / 100u, max % 100u, chip->title);
    }
}

// What is said of the revisions that are read in place of a description.
static const char *revisions_text(struct judge *j, const struct chip *chip,
                                  const struct otapack_app_desc *there)
{
    if (chip == NULL || chip->id == 0 || chip->mmu_page_varies) {
        return "";
    }
    return arena_printf(j->arena,
                        "; bootloaders of ESP-IDF 5.2 and later read eFuse block revisions v%u.%u "
                        "to v%u.%u there",
                        there->min_efuse_blk_rev_full / 100u, there->min_efuse_blk_rev_full % 100u,
                        there->max_efuse_blk_rev_full / 100u, there->max_efuse_blk_rev_full % 100u);
}

// A bootloader that looks for the magic does not ask whether all of the description is in segment
// 0.
static void check_missing(struct judge *j, struct node *n, const struct chip *chip)
{
    struct otapack_app_desc there;
    bool any = app_desc_there(n, &there);
    found(j, n, CHECK_APP_DESC, any && there.magic_word == OTAPACK_APP_DESC_MAGIC,
          "there is no app description (0x%08x, %u bytes) at the start of segment 0%s",
          OTAPACK_APP_DESC_MAGIC, OTAPACK_APP_DESC_SIZE,
          any ? revisions_text(j, chip, &there) : "");
    // Else esp-revision judges them; and where the magic is looked at, nothing else is any more.
    bool looked_at = chip != NULL && chip->mmu_page_varies;
    if (any && there.magic_word != OTAPACK_APP_DESC_MAGIC && !looked_at) {
        check_revisions(j, n, chip, &there);
    }
}

static void check_app(struct judge *j, struct node *n)
{
    const struct esp_tree *t = esp_tree(n);
    uint32_t size = t->image.segments[0].data_len;
    found(j, n, CHECK_APP_SEGMENT, size >= OTAPACK_APP_DESC_SIZE,
          "segment 0 has %" PRIu32 " bytes, too few for an app description of %u", size,
          OTAPACK_APP_DESC_SIZE);
    if (t->desc == NULL) {
        check_missing(j, n, t->chip);
        return;
    }
    passed(j, n, CHECK_APP_DESC);
    check_desc(j, node_find(n, "desc", -1), t->chip, t->desc);
}

const struct rule rules_app_desc[] = {
    {.run = check_app, .concerns = esp_is_app},
    {.run = check_bootloader, .concerns = esp_is_bootloader},
    {.run = NULL},
};
