// SPDX-License-Identifier: Apache-2.0
//
// What the Matter SDK's two scripts have in common: ota_image_tool.py, and esp32_multi_ota_tool.py,
// which is the same with bundles.
#ifndef COMPAT_OTA_IMAGE_TOOL_H
#define COMPAT_OTA_IMAGE_TOOL_H

#include "build.h"
#include "cmd.h"
#include "matter_field.h"
#include "open_tree.h"

extern const struct opt *const ota_image_tool_opts[]; // of a header

// The values that a command line has for a new header. False with `e` set where one cannot be, or
// is missing.
bool ota_image_tool_values(const struct args *args, struct arena *a, struct matter_values *values,
                           struct err *e);

// A build that allows what the scripts do not look at.
struct build ota_image_tool_build(const char *target);

// Opens a file whose header can be read; nothing else of it is judged. To be closed if good.
bool ota_image_tool_open(struct opened *image, const char *file, struct arena *a, struct err *e);

// Prints a file's header, and what `more` says of the file behind it; NULL: nothing.
enum status ota_image_tool_show(const struct args *args,
                                void (*more)(const char *file, const struct node *root),
                                struct err *e);

enum status ota_image_tool_create(const struct args *args, struct err *e);
enum status ota_image_tool_create_multi(const struct args *args, struct err *e);
enum status ota_image_tool_extract(const struct args *args, struct err *e);
enum status ota_image_tool_change_header(const struct args *args, struct err *e);

// Runs one of args->cmd->inner, with words as argparse reads them.
enum status ota_image_tool_run(const struct args *args, struct err *e);

// The subcommands, each of the script that is named.
#define OTA_IMAGE_TOOL_CREATE(script)                                                              \
    &(const struct cmd)                                                                            \
    {                                                                                              \
        .name = "create", .parent = "compat " script " ",                                          \
        .summary = "a header around one file or several",                                          \
        .operands = "-v ID -p ID -vn NUMBER -vs TEXT -da NAME INPUT... OUTPUT",                    \
        .about = "Writes a Matter OTA image: a header, and the inputs behind it. The first five\n" \
                 "options are needed.",                                                            \
        .opts = ota_image_tool_opts, .min = 2, .max = ARGS_MOST, .run = ota_image_tool_create      \
    }
#define OTA_IMAGE_TOOL_CREATE_MULTI(script)                                                        \
    &(const struct cmd)                                                                            \
    {                                                                                              \
        .name = "create-multi", .parent = "compat " script " ",                                    \
        .summary = "a header around a bundle of images",                                           \
        .operands = "-v ID -p ID -vn NUMBER -vs TEXT -da NAME CSV OUTPUT",                         \
        .about = "Writes a Matter OTA image with a bundle of the images that a CSV file lists\n"   \
                 "under id,version,path. The application, ID 1, is put last. The first five\n"     \
                 "options are needed.",                                                            \
        .opts = ota_image_tool_opts, .min = 2, .max = 2, .run = ota_image_tool_create_multi        \
    }
#define OTA_IMAGE_TOOL_SHOW(script, how)                                                           \
    &(const struct cmd)                                                                            \
    {                                                                                              \
        .name = "show", .parent = "compat " script " ", .summary = "the header of an image",       \
        .operands = "IMAGE", .about = "Prints the header of a Matter OTA image.", .min = 1,        \
        .max = 1, .run = (how)                                                                     \
    }
#define OTA_IMAGE_TOOL_EXTRACT(script)                                                             \
    &(const struct cmd)                                                                            \
    {                                                                                              \
        .name = "extract", .parent = "compat " script " ", .summary = "what follows the header",   \
        .operands = "IMAGE OUTPUT",                                                                \
        .about = "Writes what follows the header of a Matter OTA image.", .min = 2, .max = 2,      \
        .run = ota_image_tool_extract                                                              \
    }
#define OTA_IMAGE_TOOL_CHANGE_HEADER(script)                                                       \
    &(const struct cmd)                                                                            \
    {                                                                                              \
        .name = "change_header", .parent = "compat " script " ",                                   \
        .summary = "another header around the same payload, its digest redone",                    \
        .operands = "[OPTION]... IMAGE OUTPUT",                                                    \
        .about =                                                                                   \
            "Writes a Matter OTA image with other values in its header. The digest is computed\n"  \
            "anew.",                                                                               \
        .opts = ota_image_tool_opts, .min = 2, .max = 2, .run = ota_image_tool_change_header       \
    }

#endif
