// SPDX-License-Identifier: Apache-2.0
#include "policy_case.h"

#include "image.h"

void policy_text(const char *name, const char *text)
{
    FILE *out = fopen(name, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

void policy_app_of(const char *from, const char *name, const char *version, const char *project,
                   unsigned secure, size_t more)
{
    struct image im = image_load(from);
    esp_text(&im, AT_VERSION, version, 32);
    esp_text(&im, AT_PROJECT, project, 32);
    poke32(&im, AT_SECURE_VERSION, secure);
    if (more > 0) {
        esp_grow(&im, more);
    }
    esp_resum(&im);
    image_save(&im, name);
    image_free(&im);
}

void policy_app(const char *name, const char *version, const char *project, unsigned secure,
                size_t more)
{
    policy_app_of(POLICY_C6, name, version, project, secure, more);
}

enum { OTA_DATA = 0, OTA_0 = 0x10, OTA_1 = 0x11, APP = 0, DATA = 1 };

void policy_table(const char *name, uint32_t ota_1_size, uint32_t nvs_at, unsigned nvs_subtype,
                  const char *nvs_label)
{
    struct image im = {0};
    pt_begin(&im);
    pt_entry(&im, DATA, nvs_subtype, nvs_at, 0x4000, nvs_label);
    pt_entry(&im, DATA, OTA_DATA, 0xd000, 0x2000, "otadata");
    pt_entry(&im, APP, OTA_0, 0x10000, 0x1000, "ota_0");
    pt_entry(&im, APP, OTA_1, 0x20000, ota_1_size, "ota_1");
    pt_finish(&im);
    image_save(&im, name);
    image_free(&im);
}

void policy_take(const struct policy_row *row)
{
    char text[400];
    (void)snprintf(text, sizeof(text), "otapack: 1\n%s\n", row->policy);
    policy_text("p.yaml", text);
}

static void ask(const struct policy_row *row)
{
    policy_take(row);
    const struct run *r = run("verify --policy p.yaml %s", row->words);
    if (r->status != row->status || !(says(r->out, row->says) || says(r->err, row->says))) {
        complain("%s, %s: status %d, and %s%s", row->policy, row->words, r->status, r->out, r->err);
    }
}

void policy_ask(const struct policy_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ask(&rows[i]);
    }
    complaints_end();
}
