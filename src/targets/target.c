// SPDX-License-Identifier: Apache-2.0
#include "target.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "chip.h"
#include "text.h"

enum { SIZE_LEAST = 256 << 10, SIZE_MOST = 1 << 30, REVISION_MOST = 99 };
enum { MODES = 4 }; // that a flash is set up for; the others are esptool's

bool target_use(const struct target *target, unsigned facts)
{
    if (target->used != NULL) {
        *target->used |= facts;
    }
    return (target->known & facts) == facts;
}

bool target_has_idf(const struct target *target, const char *from)
{
    return from != NULL &&
           (!target_use(target, TARGET_IDF) || text_compare_versions(target->idf, from) >= 0);
}

static struct target *target_of(void *said)
{
    return ((struct device_said *)said)->target;
}

static bool take_chip(void *to, const char *value)
{
    const struct chip *chip = chip_by_name(value);
    target_of(to)->chip = chip;
    return chip != NULL;
}

// "3.1" or "v3.1": major * 100 + minor.
static bool take_revision(void *to, const char *value)
{
    struct target *target = target_of(to);
    unsigned n[2] = {0, 0}, part = 0;
    const char *c = value + (*value == 'v');
    for (; *c != '\0'; c++) {
        if (*c == '.' && part == 0 && c[1] != '\0') {
            part++;
        } else if (*c >= '0' && *c <= '9' && n[part] * 10 + (unsigned)(*c - '0') <= REVISION_MOST) {
            n[part] = n[part] * 10 + (unsigned)(*c - '0');
        } else {
            return false;
        }
    }
    target->revision = value;
    target->revision_full = (uint16_t)(n[0] * 100 + n[1]);
    return part == 1 && n[0] <= REVISION_MOST;
}

static bool take_flash_size(void *to, const char *value)
{
    struct target *target = target_of(to);
    uint64_t size;
    bool good = text_bytes(value, &size) && size >= SIZE_LEAST && size <= SIZE_MOST;
    target->flash_size = good ? size : target->flash_size;
    return good;
}

static bool take_flash_mode(void *to, const char *value)
{
    struct target *target = target_of(to);
    for (unsigned i = 0; i < MODES; i++) {
        if (strcasecmp(value, chip_flash_mode_name((uint8_t)i)) == 0) {
            target->flash_mode = (uint8_t)i;
            return true;
        }
    }
    return false;
}

static bool take_idf(void *to, const char *value)
{
    struct target *target = target_of(to);
    target->idf = value;
    return text_is_version(value);
}

static const struct {
    const char *name;
    enum target_secure_boot kind;
} secure_boots[] = {{"v1", SECURE_BOOT_V1},
                    {"v2", SECURE_BOOT_V2},
                    {"none", SECURE_BOOT_NONE},
                    {NULL, SECURE_BOOT_NOT_SAID}};

static bool take_secure_boot(void *to, const char *value)
{
    struct target *target = target_of(to);
    for (unsigned i = 0; secure_boots[i].name != NULL; i++) {
        if (strcmp(value, secure_boots[i].name) == 0) {
            target->secure_boot = secure_boots[i].kind;
            return true;
        }
    }
    return false;
}

static const struct {
    const char *name, *slot;
    enum target_final final;
} finals[] = {{"bootloader", "bootloader", FINAL_BOOTLOADER},
              {"partition-table", "partition_table", FINAL_TABLE},
              {NULL, NULL, FINAL_APP}};

static bool take_final(void *to, const char *value)
{
    struct target *target = target_of(to);
    for (unsigned i = 0; finals[i].name != NULL; i++) {
        if (strcmp(value, finals[i].name) == 0) {
            target->final = finals[i].final;
            return true;
        }
    }
    return false;
}

const char *target_final_slot(const struct target *target)
{
    unsigned i = 0;
    bool known = target_use(target, TARGET_FINAL);
    while (finals[i].name != NULL && (!known || finals[i].final != target->final)) {
        i++;
    }
    return finals[i].slot;
}

static const char *final_name(unsigned i)
{
    return finals[i].name;
}

static const char *chip_name(unsigned i)
{
    return i < chip_count ? chips[i].name : NULL;
}

static const char *secure_boot_name(unsigned i)
{
    return secure_boots[i].name;
}

static const char *size_name(unsigned i)
{
    static const char *const usual[] = {"512KB", "1MB", "2MB", "4MB", "8MB", "16MB", NULL};
    return usual[i];
}

static const char *mode_name(unsigned i)
{
    return i < MODES ? chip_flash_mode_name((uint8_t)i) : NULL;
}

const struct opt_type type_chip = {.arg = "CHIP",
                                   .kind = "choice",
                                   .choice = chip_name,
                                   .gives = TARGET_CHIP,
                                   .take = take_chip,
                                   .wrong =
                                       "is no chip that otapack knows; write one such as esp32c6"};

const struct opt esp32_rows[] = {
    {0, "chip", &type_chip, "of the device: esp32, esp32c6, ...", false},
    {0, "chip-revision",
     OPT_FACT("REVISION", "version", NULL, TARGET_REVISION, take_revision,
              "is no revision; write major and minor, such as v3.1"),
     "of the device's chip, such as v3.1", false},
    {0, "flash-size",
     OPT_FACT("SIZE", "size", size_name, TARGET_FLASH_SIZE, take_flash_size,
              "is no flash size; write 256KB to 1024MB"),
     "of the device's flash, such as 4MB", false},
    {0, "flash-mode",
     OPT_FACT("MODE", "choice", mode_name, TARGET_FLASH_MODE, take_flash_mode,
              "is no flash mode; write qio, qout, dio or dout"),
     "of the device: qio, qout, dio or dout", false},
    {0, "idf",
     OPT_FACT("VERSION", "version", NULL, TARGET_IDF, take_idf,
              "is no version of ESP-IDF; write one such as v5.4.1"),
     "ESP-IDF of the bootloader that is in the field", false},
    {0, "secure-boot",
     OPT_FACT("HOW", "choice", secure_boot_name, TARGET_SECURE_BOOT, take_secure_boot,
              "is not known; write v1, v2 or none"),
     "of the device: v1, v2 or none", false},
    OPT_END,
};

const struct opt opt_final[] = {
    {0, "final",
     OPT_FACT("PART", "choice", final_name, TARGET_FINAL, take_final,
              "is no part that an update replaces; write bootloader or partition-table"),
     "replaces: bootloader, partition-table; else an app", false},
    OPT_END,
};
