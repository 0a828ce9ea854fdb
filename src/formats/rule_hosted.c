// SPDX-License-Identifier: Apache-2.0
//
// Does a co-processor's firmware go with its host, and does the host send all of it?
#include "hosted.h"

#include <string.h>

#include "format_list.h"
#include "manifest.h"
#include "text.h"

enum { MODE_QIO = 0 };

bool hosted_is_firmware(const struct node *n)
{
    const struct node *desc = is_image(n, "app") ? image_desc(n) : NULL;
    return desc != NULL && strcmp(node_text(desc, "project_name"), HOSTED_PROJECT) == 0;
}

// Under the example's name whatever begins as an app does, else what is one by its own word.
bool hosted_lies_in(const struct otapack_partition *p, const struct otapack_source *bytes)
{
    struct otapack_app_desc desc;
    uint8_t magic;
    bool app = otapack_read(bytes, 0, &magic, 1, "").code == OTAPACK_OK &&
               magic == OTAPACK_ESP_MAGIC && p->type == OTAPACK_PARTITION_TYPE_DATA;
    return app && (strncmp(p->label, HOSTED_PARTITION, sizeof(p->label)) == 0 ||
                   (otapack_app_desc_read(bytes, OTAPACK_APP_DESC_AT, &desc).code == OTAPACK_OK &&
                    strncmp(desc.project_name, HOSTED_PROJECT, sizeof(desc.project_name)) == 0));
}

// ---- An app -------------------------------------------------------------------------------------

// In a manifest, what the host takes of it decides.
static bool is_alone(const struct node *n)
{
    bool firmware = hosted_is_firmware(n);
    while (n != NULL && !node_is(n, &format_manifest)) {
        n = n->parent;
    }
    return firmware && n == NULL;
}

// Where the firmware says no version, there is nothing to compare.
static void check_version(struct judge *j, struct node *n)
{
    const struct target *t = &j->options->target;
    const char *version = node_text(image_desc(n), "version");
    if (text_is_version(version) && target_use(t, TARGET_HOSTED)) {
        found(j, n, CHECK_HOSTED_VERSION, text_compare_versions(version, t->hosted) <= 0,
              "the firmware is %s, the host's library %s", text_printable(j->arena, version),
              text_printable(j->arena, t->hosted));
    }
}

static void check_mode(struct judge *j, struct node *n)
{
    found(j, n, CHECK_HOSTED_MODE, node_number(n, "spi_mode") != MODE_QIO,
          "the firmware is for flash mode qio");
}

const struct rule rules_hosted_app[] = {
    {.run = check_version, .concerns = is_alone},
    {.run = check_mode, .concerns = hosted_is_firmware},
    {.run = NULL},
};

// ---- In a host's flash --------------------------------------------------------------------------

// "Its project_name is demo_br": why this is no co-processor's firmware.
static const char *no_firmware(struct judge *j, const struct node *n)
{
    const struct node *desc = is_image(n, "app") ? image_desc(n) : NULL;
    return desc == NULL ? arena_printf(j->arena, "is no app with a project_name: %s", n->summary)
                        : arena_printf(j->arena, "has the project_name '%s', not " HOSTED_PROJECT,
                                       text_printable(j->arena, node_text(desc, "project_name")));
}

// The first file of a file system that is a co-processor's firmware; NULL: there is none.
static const struct node *firmware_file(const struct node *part)
{
    for (const struct node *file = part->parts; node_is(part, &format_littlefs) && file != NULL;
         file = file->next) {
        const struct node *content = node_find(file, "content", -1);
        if (content != NULL && hosted_is_firmware(content)) {
            return file;
        }
    }
    return NULL;
}

// As it is, or as a file.
static bool has_firmware(const struct node *part)
{
    return hosted_is_firmware(part) || firmware_file(part) != NULL;
}

static void check_partition(struct judge *j, struct node *n)
{
    struct node *part = node_find(n, HOSTED_PARTITION, -1);
    if (part != NULL && !node_is(part, &format_raw)) {
        found(j, part, CHECK_HOSTED_PROJECT, has_firmware(part),
              "what partition " HOSTED_PARTITION " holds %s", no_firmware(j, part));
    }
}

static void check_signatures(struct judge *j, struct node *n)
{
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        if (part->elsewhere && hosted_is_firmware(part)) {
            found(j, part, CHECK_HOSTED_SIGNATURE, node_find(part, "signatures", -1) == NULL,
                  "the firmware in partition %s has a signature", part->name);
        }
    }
}

// The example takes what has this anywhere in its name.
static void check_file_names(struct judge *j, struct node *n)
{
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        const struct node *file = firmware_file(part);
        if (file != NULL) {
            const char *name = node_text(file, "name");
            found(j, part, CHECK_HOSTED_FILE_NAME, strstr(name, ".bin") != NULL,
                  "the firmware in partition %s is called %s", part->name,
                  text_printable(j->arena, name));
        }
    }
}

const struct rule rules_hosted_flash[] = {
    {.run = check_partition},
    {.run = check_file_names},
    {.run = check_signatures},
    {.run = NULL},
};

// ---- In a manifest ------------------------------------------------------------------------------

static bool is_list(const struct node *n)
{
    const struct manifest *m = n->parsed;
    return m != NULL && m->kind == MANIFEST_HOSTED;
}

static void check_file(struct judge *j, const struct manifest_file *f)
{
    struct node *content = node_find(f->node, "content", -1);
    if (content == NULL) {
        return;
    }
    found(j, content, CHECK_HOSTED_PROJECT, hosted_is_firmware(content), "%s %s",
          text_printable(j->arena, f->path), no_firmware(j, content));
    if (hosted_is_firmware(content) && f->version != NULL) {
        const char *is = node_text(image_desc(content), "version");
        found(j, content, CHECK_MANIFEST_VERSION, text_compare_versions(is, f->version) == 0,
              "the app is %s, and the list says %s", text_printable(j->arena, is),
              text_printable(j->arena, f->version));
    }
}

static void check_files(struct judge *j, struct node *root)
{
    const struct manifest *m = root->parsed;
    for (const struct manifest_file *f = m->builds->files; f != NULL; f = f->next) {
        check_file(j, f);
    }
}

// The host takes the highest version that is not above its own.
static void check_offer(struct judge *j, struct node *root)
{
    const struct manifest *m = root->parsed;
    const struct target *t = &j->options->target;
    bool any = false;
    if (!target_use(t, TARGET_HOSTED)) {
        return;
    }
    for (const struct manifest_file *f = m->builds->files; f != NULL; f = f->next) {
        any = any || (f->version != NULL && text_compare_versions(f->version, t->hosted) <= 0);
    }
    found(j, root, CHECK_HOSTED_OFFER, any, "all of its versions are newer than the host's %s",
          text_printable(j->arena, t->hosted));
}

const struct rule rules_hosted_list[] = {
    {.run = check_files, .concerns = is_list},
    {.run = check_offer, .concerns = is_list},
    {.run = NULL},
};
