// SPDX-License-Identifier: Apache-2.0
//
// An app and the one that runs on the device that is to take it. Source of the facts: ESP-IDF,
// esp_ota_ops.c (esp_ota_check_image_validity) and bootloader_utility.c.
#include <inttypes.h>
#include <otapack/app_desc.h>
#include <string.h>

#include "esp_tree.h"
#include "rule.h"
#include "text.h"

static const char *text_of(struct judge *j, const char *text, size_t size)
{
    return text_utf8(j->arena, text, otapack_text_length(text, size));
}

static bool same(const char *a, const char *b, size_t size)
{
    size_t n = otapack_text_length(a, size);
    return n == otapack_text_length(b, size) && memcmp(a, b, n) == 0;
}

// Compared as they stand, where both say one.
static void check_flash_mode(struct judge *j, struct node *n, const struct otapack_app_desc *new,
                             const struct otapack_app_desc *old)
{
    if (new->spi_flash_mode != 0 && old->spi_flash_mode != 0) {
        found(j, n, CHECK_DEVICE_FLASH_MODE, new->spi_flash_mode == old->spi_flash_mode,
              "the app is built for flash mode %s, the one that runs for %s",
              rule_flash_mode(j, new->spi_flash_mode), rule_flash_mode(j, old->spi_flash_mode));
    }
}

static void check_texts(struct judge *j, struct node *n, const struct otapack_app_desc *new,
                        const struct otapack_app_desc *old)
{
    enum { SIZE = sizeof(new->version) };
    bool product = same(new->project_name, old->project_name, SIZE);
    found(j, n, CHECK_RUNNING_PROJECT, product,
          "project_name is \"%s\", that of the app that runs \"%s\"",
          text_of(j, new->project_name, SIZE), text_of(j, old->project_name, SIZE));
    if (product && new->secure_version == old->secure_version) {
        found(j, n, CHECK_RUNNING_VERSION, !same(new->version, old->version, SIZE),
              "version \"%s\" runs already", text_of(j, new->version, SIZE));
    }
}

void rule_running(struct judge *j, struct node *n)
{
    const struct target *t = &j->options->target;
    const struct otapack_app_desc *desc = esp_tree(n)->desc;
    check_flash_mode(j, n, desc, t->running);
    check_texts(j, n, desc, t->running);
    found(j, n, CHECK_RUNNING_SECURE_VERSION, desc->secure_version >= t->running->secure_version,
          "secure_version is %" PRIu32 ", that of the app that runs %" PRIu32, desc->secure_version,
          t->running->secure_version);
}
