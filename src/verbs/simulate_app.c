// SPDX-License-Identifier: Apache-2.0
//
// An image begins: what the device asks of it before it takes any more.
#include <inttypes.h>
#include <string.h>

#include "chip.h"
#include "simulate_state.h"
#include "text.h"

bool is_app_part(uint32_t part)
{
    return part == OTAPACK_RCP_HOST || part == OTAPACK_PART_APP;
}

static const char *chip_title(struct simulating *s, uint16_t id)
{
    const struct chip *chip = chip_by_id(id);
    return chip == NULL ? arena_printf(s->arena, "the unknown chip 0x%04x", id) : chip->title;
}

static const char *field(struct simulating *s, const char *text, size_t size)
{
    return text_utf8(s->arena, text, otapack_text_length(text, size));
}

// The image that begins here, as the tree has it; NULL: there is none.
static const struct node *image_at(const struct node *n, uint64_t at)
{
    if (strcmp(n->format, "esp_image") == 0) {
        return n->src.base == at ? n : NULL;
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        const struct node *image = image_at(part, at);
        if (image != NULL) {
            return image;
        }
    }
    return NULL;
}

// ---- Does it have a description? ----------------------------------------------------------------

// What follows the first bytes of an image, which are there: its first segment holds a description,
// which is read to *desc; it holds none; or the file ends before that shows.
static enum otapack_code read_desc(const struct simulating *s, const struct otapack_event *e,
                                   struct otapack_app_desc *desc)
{
    uint32_t data_len = otapack_le32(e->bytes + OTAPACK_APP_DESC_AT - 4);
    return data_len < OTAPACK_APP_DESC_SIZE
               ? OTAPACK_NOT_THIS
               : otapack_app_desc_read(s->file, e->at + OTAPACK_APP_DESC_AT, desc).code;
}

// Bootloaders of chips with one MMU page size do not look for one in what maps code from flash.
static bool needs_desc(const struct node *image, uint16_t chip_id)
{
    const struct chip *chip = chip_by_id(chip_id);
    return chip == NULL || chip->mmu_page_varies || image == NULL ||
           strcmp(node_text(image, "type"), "app") != 0;
}

// Those that look for the magic do not ask, before ESP-IDF 6.2, whether the rest lies in segment 0.
static bool has_magic(const struct simulating *s, uint64_t at)
{
    uint8_t raw[4];
    return otapack_read(s->file, at, raw, sizeof(raw), "").code == OTAPACK_OK &&
           otapack_le32(raw) == OTAPACK_APP_DESC_MAGIC;
}

static bool judge_desc(struct simulating *s, const struct otapack_event *e,
                       const struct node *image, uint16_t chip)
{
    uint64_t at = e->at + OTAPACK_APP_DESC_AT;
    if (needs_desc(image, chip) && !has_magic(s, at)) {
        return refuse_at(s, at, part_name(s),
                         "it does not begin with the description that an app has");
    }
    if (is_app_part(e->part) && s->options->secure_version >= 0) {
        return refuse_at(s, at, part_name(s),
                         "it has no description, of which a device with anti-rollback reads the "
                         "secure_version");
    }
    return true;
}

// ---- What else is asked -------------------------------------------------------------------------

static const char *running_version(struct simulating *s)
{
    const struct target *t = s->options->target;
    bool known = s->options->running_version == NULL && target_use(t, TARGET_RUNNING);
    return !known
               ? s->options->running_version
               : arena_copy(s->arena, t->running->version,
                            otapack_text_length(t->running->version, sizeof(t->running->version)));
}

// esp_https_ota takes the version that runs; it is apps, such as ESP-IDF's examples, that compare.
static void compare_version(struct simulating *s, const struct otapack_event *e,
                            const struct otapack_app_desc *desc)
{
    const char *runs = s->out->device == SIMULATED_HTTPS ? running_version(s) : NULL;
    if (runs != NULL && strlen(runs) == otapack_text_length(desc->version, sizeof(desc->version)) &&
        strncmp(runs, desc->version, sizeof(desc->version)) == 0) {
        add_step(s, e->at + OTAPACK_APP_DESC_AT + 16, s->app_name, STEP_WARN,
                 "version '%s' runs already: esp_https_ota takes it again, and only an app that "
                 "compares versions, as ESP-IDF's examples do, does not",
                 field(s, desc->version, 32));
    }
}

// It reads so much before it begins; releases before 5.0 no more than the description.
bool simulate_length(struct simulating *s)
{
    enum { AT_ONCE = 1024 };
    const struct target *t = s->options->target;
    uint64_t size = s->file->size;
    if (s->out->device != SIMULATED_HTTPS || size >= AT_ONCE) {
        return true;
    }
    bool known = target_use(t, TARGET_IDF), wants = target_has_idf(t, "5.0");
    const char *text = "esp_https_ota of ESP-IDF 5.0 and later takes no file with fewer than 1,024 "
                       "bytes, and this has";
    if (known && wants) {
        return refuse_at(s, size, s->app_name, "%s %s", text, text_count(s->arena, size));
    }
    if (wants) {
        add_step(s, size, s->app_name, STEP_WARN,
                 "%s %s: only what calls esp_ota_write itself does", text,
                 text_count(s->arena, size));
    }
    return true;
}

static bool judge_chip(struct simulating *s, const struct otapack_event *e, uint16_t chip)
{
    const struct target *t = s->options->target;
    return !target_use(t, TARGET_CHIP) || t->chip->id == chip ||
           refuse_at(s, e->at + 12, s->app_name, "it is for %s, and the device is an %s",
                     chip_title(s, chip), t->chip->title);
}

// One eFuse bit for each version. An app whose version needs more of them starts, and is confirmed
// in the OTA data; what is not done is to burn the eFuses (esp_efuse_update_secure_version).
static bool judge_secure_version(struct simulating *s, const struct otapack_event *e, uint16_t id,
                                 const struct otapack_app_desc *desc)
{
    const struct chip *chip = chip_by_id(id);
    int64_t has = s->options->secure_version;
    uint64_t at = e->at + OTAPACK_APP_DESC_AT + 4;
    if (has < 0) {
        return true;
    }
    if (chip != NULL && has > chip->secure_version_bits) {
        return err_set(s->e, STATUS_CANNOT,
                       "--secure-version %" PRId64
                       ": the eFuses of the %s hold %u at most; give a lower one",
                       has, chip->title, chip->secure_version_bits);
    }
    if (desc->secure_version < (uint64_t)has) {
        return refuse_at(s, at, s->app_name,
                         "secure_version %" PRIu32 " is below %" PRId64
                         ", which is in the device's eFuses",
                         desc->secure_version, has);
    }
    if (chip != NULL && desc->secure_version > chip->secure_version_bits) {
        add_step(s, at, s->app_name, STEP_WARN,
                 "secure_version %" PRIu32 " is above the %u that the eFuses of the %s hold: when "
                 "the app confirms that it works, esp_ota_mark_app_valid_cancel_rollback returns "
                 "an error, and the eFuses stay at %" PRId64 ", so that older apps are still taken",
                 desc->secure_version, chip->secure_version_bits, chip->title, has);
    }
    return true;
}

// ---- The event ----------------------------------------------------------------------------------

static void begin_image(struct simulating *s, const struct otapack_event *e)
{
    const struct otapack_partition *p = device_target(s->device, s->slot);
    struct step *step = add_step(s, e->at, s->app_name, STEP_OK,
                                 "%s, goes to %s at 0x%06" PRIx32 " (%s of %s bytes)", s->title,
                                 partition_label(s->arena, p), p->offset,
                                 text_count(s->arena, s->part_size), text_count(s->arena, p->size));
    add_place(s, step, p, s->part_size);
}

// What esp_https_ota, the bootloader's rules and the chip itself ask of an app's first bytes.
bool simulate_image(struct simulating *s, const struct otapack_event *e)
{
    struct otapack_app_desc desc;
    uint16_t chip = otapack_le16(e->bytes + 12);
    const struct node *image = image_at(s->tree, e->at);
    s->title = arena_printf(s->arena, "for %s", chip_title(s, chip));
    if (e->part == OTAPACK_RCP_BOOTLOADER) {
        return true;
    }
    enum otapack_code code = read_desc(s, e, &desc);
    bool has_desc = code == OTAPACK_OK;
    if (code == OTAPACK_TRUNCATED) {
        return true; // the stream says so
    }
    if (has_desc) {
        s->title = arena_printf(s->arena, "%s '%s' for %s",
                                field(s, desc.project_name, sizeof(desc.project_name)),
                                field(s, desc.version, sizeof(desc.version)), chip_title(s, chip));
    } else if (!judge_desc(s, e, image, chip)) {
        return false;
    } else {
        s->title = arena_printf(s->arena, "an app without a description %s", s->title);
    }
    if (!is_app_part(e->part)) {
        return true;
    }
    begin_image(s, e);
    if (!simulate_length(s) || !judge_chip(s, e, chip)) {
        return false;
    }
    if (has_desc) {
        compare_version(s, e, &desc);
    }
    return !has_desc || judge_secure_version(s, e, chip, &desc);
}
