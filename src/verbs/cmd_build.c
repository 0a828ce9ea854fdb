// SPDX-License-Identifier: Apache-2.0
//
// build: an image from a recipe, or from the flags of create_ota_image.py.

#include "build.h"
#include "cmd.h"
#include "layer_rcp.h"
#include "os.h"

// The recipe that --rcp-build-dir and --br-firmware stand for.
static void recipe_of_flags(const struct args *args, const char *firmware, struct arena *a,
                            struct recipe *recipe)
{
    *recipe = (struct recipe){0};
    recipe_add_rcp_build(recipe, a, args_value(args, "rcp-build-dir"), firmware);
}

// --set and -D change a recipe; the flags of create_ota_image.py are none.
static bool only_for_recipes(const struct args *args, struct err *e)
{
    static const char *const names[] = {"set", "define", "allow-module"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (args_value(args, names[i]) != NULL) {
            return err_set(e, STATUS_CANNOT, "--%s needs a recipe; write one, or leave it out",
                           names[i]);
        }
    }
    return true;
}

static bool flags_are_whole(const struct args *args, const char *target, struct err *e)
{
    bool takes_recipe = args->cmd->max > 0;
    if (args_value(args, "rcp-build-dir") == NULL) {
        return err_set(e, STATUS_CANNOT, "%s needs %s--rcp-build-dir DIR; see its --help",
                       args->cmd->name, takes_recipe ? "a recipe, or " : "");
    }
    return target != NULL ||
           err_set(e, STATUS_CANNOT, "%s needs --target-file FILE; see its --help",
                   args->cmd->name);
}

// The likeliest slip: a build folder where a recipe belongs.
static bool is_recipe(const char *file, struct err *e)
{
    struct os_info info;
    return !os_info(file, &info) || info.kind != OS_FOLDER ||
           err_set(e, STATUS_CANNOT,
                   "%s: is a folder; name a recipe, or give an RCP's build folder as "
                   "--rcp-build-dir %s",
                   file, file);
}

static bool recipe_of_file(const struct args *args, struct arena *a, struct recipe *recipe,
                           const char **target, struct err *e)
{
    struct recipe_words words = {args_values(args, "define"), args_values(args, "set")};
    const char *file = args->operands[0];
    if (args_value(args, "rcp-build-dir") != NULL || args_value(args, "br-firmware") != NULL) {
        return err_set(e, STATUS_CANNOT,
                       "build takes a recipe or --rcp-build-dir, not both; in the recipe it is "
                       "rcp: build_dir");
    }
    if (!is_recipe(file, e) || !recipe_read(file, &words, a, recipe, e)) {
        return false;
    }
    *target = *target == NULL ? recipe->output : *target;
    return *target != NULL ||
           err_set(e, STATUS_CANNOT, "%s: says no output; add the key output, or give -o FILE",
                   file);
}

// What the recipe says of a partitions.csv holds for all that it names.
static bool csv_counts(const struct args *args, const struct verb_options *o,
                       const struct recipe *recipe, struct err *e)
{
    return args_value(args, "csv") == NULL || recipe->csv == NULL || o->table_is_csv ||
           err_set(e, STATUS_CANNOT,
                   "%s: has the key partition_csv, which --csv does not change; write it there, or "
                   "leave out --csv",
                   recipe->file);
}

static bool choose_target(const struct args *args, const char **target, struct err *e)
{
    const char *output = args_value(args, "output");
    *target = args_value(args, "target-file");
    if (output != NULL && *target != NULL) {
        return err_set(e, STATUS_CANNOT, "--output and --target-file are the same; give one");
    }
    *target = output != NULL ? output : *target;
    return true;
}

static enum status build_main(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct recipe recipe;
    struct build b = {.recipe = &recipe,
                      .args = args,
                      .depfile = args_value(args, "depfile"),
                      .quiet = args_value(args, "quiet") != NULL};
    enum status status = STATUS_CANNOT;
    bool good = choose_target(args, &b.target, e) && verb_options_take(&b.options, args, e);
    if (good && args->operand_count == 0) {
        good = only_for_recipes(args, e) && flags_are_whole(args, b.target, e);
        recipe_of_flags(args, args_value(args, "br-firmware"), &a, &recipe);
    } else if (good) {
        good = recipe_of_file(args, &a, &recipe, &b.target, e) &&
               csv_counts(args, &b.options, &recipe, e);
    }
    if (good) {
        recipe.read = &b.options.read;
        recipe.csv = recipe.csv == NULL ? &b.options.csv : recipe.csv;
        recipe.said = &b.options.read;
        recipe.modules = args_values(args, "allow-module");
        recipe.quiet = b.quiet;
        status = build_run(&b, e);
    } else if (e->status != STATUS_OK) {
        status = e->status;
    }
    verb_options_close(&b.options);
    arena_free(&a);
    return status;
}

static const struct opt *const opts[] = {
    OPTS({'o', "output", OPT_FILE, "write here instead of the recipe's output", false},
         {'s', "set", OPT_TEXT("KEY=VALUE"),
          "replace or add a key of the recipe, such as\nrcp.build_dir=out", true},
         {'D', "define", OPT_TEXT("NAME=VALUE"), "what ${NAME} in the recipe stands for", true},
         {0, "allow-module", OPT_FILE, "let pkcs11: URIs of the recipe load this PKCS#11\nmodule",
          true},
         {0, "rcp-build-dir", OPT_FOLDER, "without a recipe: the RCP's build folder", false},
         {0, "br-firmware", OPT_FILE, "and the border router's firmware, if any", false},
         {0, "target-file", OPT_FILE, "the same as --output", false}),
    opt_partition_table,
    opt_allow,
    OPTS({0, "depfile", OPT_FILE, "what the image was made of, for make, ninja", false}),
    opt_quiet,
    NULL};

const struct cmd cmd_build = {
    .name = "build",
    .summary = "make an image from a recipe or an RCP build folder",
    .operands = "RECIPE [-o FILE] [--set KEY=VALUE]... [-D NAME=VALUE]...\n"
                "--rcp-build-dir DIR [--br-firmware FILE] --target-file FILE",
    .about = "Makes an image of the files that a recipe (otapack-recipe(5)) names, or of an\n"
             "RCP build folder with the flags of create_ota_image.py. Whatever would break a\n"
             "device is refused before anything is written; the file appears whole or not\n"
             "at all.",
    .examples = "  otapack build border-router.yaml\n"
                "  otapack build --rcp-build-dir rcp/build --br-firmware build/esp_ot_br.bin \\\n"
                "      --target-file build/ota_with_rcp_image",
    .opts = opts,
    .max = 1,
    .run = build_main};

// create_ota_image.py as it is called by builds that have it: its three flags, silent, and with the
// target's folders made.
static enum status create_ota_image(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct recipe recipe;
    struct build b = {.recipe = &recipe, .make_folders = true, .no_summary = true};
    enum status status = STATUS_CANNOT;
    const char *firmware = args_value(args, "br-firmware");
    b.target = args_value(args, "target-file");
    if (flags_are_whole(args, b.target, e)) {
        // As for the script: a build whose variable is empty has no such firmware.
        bool empty = firmware != NULL && *firmware == '\0';
        recipe_of_flags(args, empty ? NULL : firmware, &a, &recipe);
        status = build_run(&b, e);
    }
    arena_free(&a);
    return status;
}

// As in the script, the last of an option given twice holds.
static const struct opt *const create_ota_image_opts[] = {
    OPTS({0, "rcp-build-dir", OPT_FOLDER, "the RCP's build folder", true},
         {0, "br-firmware", OPT_FILE_IF_ANY, "the border router's firmware", true},
         {0, "target-file", OPT_FILE, "where the image goes; folders are made", true}),
    NULL};

const struct cmd compat_create_ota_image = {
    .name = "create_ota_image",
    .parent = "compat ",
    .summary = "of esp-thread-br; makes the target's folders, too",
    .operands = "OPTIONS",
    .about = "Writes what create_ota_image.py of esp-thread-br writes, byte for byte, and refuses\n"
             "what would break a device.",
    .opts = create_ota_image_opts,
    .run = create_ota_image};
