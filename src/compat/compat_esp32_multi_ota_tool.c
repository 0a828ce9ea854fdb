// SPDX-License-Identifier: Apache-2.0
//
// compat esp32_multi_ota_tool: the Matter SDK's script for bundles, which is ota_image_tool with
// create-multi, and a show that looks into bundles.
#include <inttypes.h>
#include <otapack/matter_bundle.h>
#include <stdio.h>

#include "bundle_manifest.h"
#include "compat.h"
#include "compat_ota_image_tool.h"
#include "text.h"

// ---- create-multi -------------------------------------------------------------------------------

// What the script does not look at draws only warnings.
static struct build build_for(const char *target)
{
    struct build b = ota_image_tool_build(target);
    b.options.read.allow[CHECK_BUNDLE_RCP] = true;
    return b;
}

// The table behind a Matter header, as far as it is there: what the script reads of it.
static struct otapack_source table_of(const struct node *root)
{
    uint64_t at = node_find(root, "payload", -1)->src.base;
    return otapack_part(&root->src, at, root->src.size);
}

static void print_created(const char *file, const struct node *root)
{
    struct otapack_source src = table_of(root);
    struct otapack_bundle bundle;
    struct otapack_bundle_entry e;
    struct arena a = ARENA_EMPTY;
    if (otapack_bundle_open(&src, &bundle).code != OTAPACK_OK) {
        return;
    }
    printf("Created multi-image OTA '%s': %" PRIu32 " image(s), %" PRIu64 " bytes total\n",
           text_printable(&a, file), bundle.count, root->src.size);
    for (uint32_t i = 0; i < bundle.count; i++) {
        if (otapack_bundle_entry_read(&src, i, &e).code == OTAPACK_OK) {
            printf("  id=0x%08" PRIX32 " version=%" PRIu32 " offset=%" PRIu32 " length=%" PRIu32
                   "%s\n",
                   e.id, e.version, e.offset, e.length,
                   e.id == OTAPACK_BUNDLE_APPLICATION ? " (application)" : "");
        }
    }
    arena_free(&a);
}

enum status ota_image_tool_create_multi(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct matter_values values = {0};
    struct recipe_bundle bundle = {0};
    struct recipe recipe = {.file = args->operands[0]};
    struct opened made;
    const char *target = args->operands[1];
    struct build b = build_for(target);
    b.recipe = &recipe;
    recipe_add(&recipe, &a, (struct layer){.type = &layer_matter_bundle, .is = &bundle});
    recipe_add(&recipe, &a, (struct layer){&layer_matter, NULL, NULL, target, &values});
    enum status status = ota_image_tool_values(args, &a, &values, e) &&
                                 bundle_manifest_read(args->operands[0], &a, &bundle, e)
                             ? build_run(&b, e)
                             : e->status;
    if (status == STATUS_OK && ota_image_tool_open(&made, target, &a, e)) {
        print_created(target, made.root);
        open_tree_close(&made);
    }
    arena_free(&a);
    return status;
}

// ---- show ---------------------------------------------------------------------------------------

static void print_entry(uint32_t i, const struct otapack_bundle_entry *e)
{
    printf("  Sub-Image [%" PRIu32 "]:\n", i);
    printf("    Image ID: 0x%08" PRIx32 "\n", e->id);
    printf("    Version:  %" PRIu32 " (0x%" PRIx32 ")\n", e->version, e->version);
    printf("    Offset:   %" PRIu32 "\n", e->offset);
    printf("    Length:   %" PRIu32 "\n", e->length);
    printf("    SHA-256:  ");
    for (size_t k = 0; k < sizeof(e->sha256); k++) {
        printf("%02x", e->sha256[k]);
    }
    putchar('\n');
}

static void print_bundle(const char *file, const struct node *root)
{
    struct otapack_source src = table_of(root);
    struct otapack_bundle bundle;
    if (otapack_bundle_open(&src, &bundle).code != OTAPACK_OK) {
        return;
    }
    printf("\nMulti-Image Header:\n  Magic: %08x (\"MIOT\")\n  Num Images: %" PRIu32 "\n",
           OTAPACK_BUNDLE_MAGIC, bundle.count);
    for (uint32_t i = 0; i < bundle.count; i++) {
        struct otapack_bundle_entry e;
        if (otapack_bundle_entry_read(&src, i, &e).code != OTAPACK_OK) {
            say("%s: warning: Truncated SubImageHeader array", file);
            return;
        }
        print_entry(i, &e);
    }
}

static enum status show(const struct args *args, struct err *e)
{
    return ota_image_tool_show(args, print_bundle, e);
}

// ---- Command lines ------------------------------------------------------------------------------

static const struct cmd *const subcommands[] = {
    OTA_IMAGE_TOOL_CREATE("esp32_multi_ota_tool"),
    OTA_IMAGE_TOOL_CREATE_MULTI("esp32_multi_ota_tool"),
    OTA_IMAGE_TOOL_SHOW("esp32_multi_ota_tool", show),
    OTA_IMAGE_TOOL_EXTRACT("esp32_multi_ota_tool"),
    OTA_IMAGE_TOOL_CHANGE_HEADER("esp32_multi_ota_tool"),
    NULL};

const struct cmd compat_esp32_multi_ota_tool = {
    .name = "esp32_multi_ota_tool",
    .parent = "compat ",
    .summary = "of the Matter SDK; the same, its show of bundles",
    .operands = "create|create-multi|show|extract|change_header ARGUMENT...",
    .about = "Takes the command lines of the Matter SDK's esp32_multi_ota_tool.py, @FILE\n"
             "included:",
    .inner = subcommands,
    .more = "Each has its --help. Files come out the same to the byte; what a device would\n"
            "refuse is refused, and so is what the script refuses, in its words.",
    .min = 1,
    .max = ARGS_MOST,
    .raw = true,
    .run = ota_image_tool_run};
