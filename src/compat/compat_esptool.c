// SPDX-License-Identifier: Apache-2.0
//
// compat esptool: merge_bin and image_info of esptool 4, merge-bin and image-info of esptool 5.
// What is about a device that is connected is passed over, for none is asked.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "argparse.h"
#include "build.h"
#include "chip.h"
#include "compat.h"
#include "flash_files.h"
#include "input.h"
#include "layer_flash.h"
#include "os.h"
#include "text.h"
#include "uf2_family.h"

enum { ARGUMENT_FILE_MOST = 256 * 1024 };

// ---- The words ----------------------------------------------------------------------------------

// Before the command. `chip` is the one that counts here.
static const struct {
    const char *name, *letter;
    bool takes;
} globals[] = {
    {"chip", "-c", true},      {"port", "-p", true},           {"baud", "-b", true},
    {"before", "", true},      {"after", "-a", true},          {"connect-attempts", "", true},
    {"port-filter", "", true}, {"override-vddsdio", "", true}, {"no-stub", "", false},
    {"trace", "-t", false},    {"silent", "-s", false},        {"verbose", "-v", false},
};
enum { GLOBALS = sizeof(globals) / sizeof(globals[0]) };

// Of merge_bin: one dash, and two letters.
static const struct {
    const char *word, *name;
} short_options[] = {
    {"-fm", "--flash-mode"},
    {"-ff", "--flash-freq"},
    {"-fs", "--flash-size"},
    {"-sc", "--spi-connection"},
};
enum { SHORTS = sizeof(short_options) / sizeof(short_options[0]) };

static bool add(struct argparse_words *out, struct arena *a, const char *word, size_t n,
                struct err *e)
{
    if (out->count == ARGS_MOST) {
        return err_set(e, STATUS_CANNOT, "there are more than %d arguments", ARGS_MOST);
    }
    out->list[out->count++] = arena_copy(a, word, n);
    return true;
}

// @FILE stands for the words of a file, on however many lines.
static bool expand(const struct args *args, struct arena *a, struct argparse_words *out,
                   struct err *e)
{
    static const char blanks[] = " \t\r\n";
    for (size_t i = 0; i < args->operand_count; i++) {
        const char *word = args->operands[i];
        if (word[0] != '@') {
            if (!add(out, a, word, strlen(word), e)) {
                return false;
            }
            continue;
        }
        const char *text = input_text(word + 1, ARGUMENT_FILE_MOST, a, e);
        if (text == NULL) {
            return false;
        }
        for (text += strspn(text, blanks); *text != '\0'; text += strspn(text, blanks)) {
            size_t n = strcspn(text, blanks);
            if (!add(out, a, text, n, e)) {
                return false;
            }
            text += n;
        }
    }
    return true;
}

// The number of the option that a word is, or GLOBALS.
static size_t global_of(const char *word)
{
    size_t n = strcspn(word, "="), i = 0;
    for (; i < GLOBALS; i++) {
        const char *name = globals[i].name;
        size_t k = 0;
        while (k + 2 < n && name[k] != '\0' && (name[k] == word[k + 2] || word[k + 2] == '_')) {
            k++;
        }
        bool is_long = strncmp(word, "--", 2) == 0 && k + 2 == n && name[k] == '\0';
        if (is_long || strcmp(word, globals[i].letter) == 0) {
            break;
        }
    }
    return i;
}

// Takes the options before the command out of the words; *chip is what they say, or NULL.
static void take_globals(struct argparse_words *words, const char **chip)
{
    size_t i = 0, which;
    while (i < words->count && (which = global_of(words->list[i])) < GLOBALS) {
        const char *value = strchr(words->list[i], '=');
        bool behind = globals[which].takes && value == NULL && i + 1 < words->count;
        value = behind ? words->list[++i] : value == NULL ? NULL : value + 1;
        *chip = which == 0 ? value : *chip;
        i++;
    }
    memmove(words->list, words->list + i, (words->count - i) * sizeof(words->list[0]));
    words->count -= i;
}

// ---- merge_bin ----------------------------------------------------------------------------------

// From the options to what a recipe would say.
struct merge {
    const struct args *args;
    struct arena *arena;
    struct recipe_flash flash;
    uint64_t target_offset;
    struct err *e;
};

static bool take_number_of(struct merge *m, const char *option, uint64_t most, uint64_t *out)
{
    const char *text = args_value(m->args, option);
    return text == NULL || (argparse_number(text, m->arena, out) && *out <= most) ||
           err_set(m->e, STATUS_CANNOT, "--%s: '%s' is no number up to 0x%" PRIx64 "; correct it",
                   option, text_printable(m->arena, text), most);
}

static bool take_parts_of(struct merge *m)
{
    struct recipe_entry **end = &m->flash.parts;
    char **words = args_words(m->args, m->arena);
    size_t count = m->args->operand_count;
    if (count % 2 != 0) {
        return err_set(m->e, STATUS_CANNOT,
                       "merge_bin takes pairs of ADDRESS FILE, and the last one is not whole; name "
                       "its file");
    }
    for (size_t i = 0; i < count; i += 2) {
        struct recipe_entry *entry = ARENA_NEW(m->arena, struct recipe_entry);
        uint64_t address;
        if (!argparse_number(words[i], m->arena, &address) || address > UINT32_MAX) {
            return err_set(m->e, STATUS_CANNOT, "'%s' is no flash address; write it as in 0x10000",
                           text_printable(m->arena, words[i]));
        }
        if (address < m->target_offset) {
            return err_set(m->e, STATUS_CANNOT,
                           "%s goes to 0x%" PRIx64 ", before --target-offset 0x%" PRIx64
                           "; correct one of them",
                           words[i + 1], address, m->target_offset);
        }
        entry->where = words[i + 1];
        entry->address = (uint32_t)address;
        entry->part.where = words[i + 1];
        entry->part.file = words[i + 1];
        *end = entry;
        end = &entry->next;
    }
    return true;
}

// As both have it, by either of its names; esptool passes over it for other files.
static bool take_padding(struct merge *m)
{
    const char *fill = args_value(m->args, "fill-flash-size");
    const char *text = fill == NULL ? args_value(m->args, "pad-to-size") : fill;
    if (text != NULL && !text_bytes(text, &m->flash.size)) {
        return err_set(m->e, STATUS_CANNOT, "'%s' is no flash size; write it as in 4MB",
                       text_printable(m->arena, text));
    }
    if (flash_form(&m->flash) == FLASH_BIN) {
        m->flash.offset = m->target_offset;
    } else {
        m->flash.size = 0;
    }
    return true;
}

static bool take_chunk_of(struct merge *m)
{
    struct recipe_flash *flash = &m->flash;
    flash->no_md5 = args_value(m->args, "md5-disable") != NULL;
    return take_number_of(m, "chunk-size", UINT32_MAX, &flash->chunk) &&
           ((flash->chunk % 4 == 0 && flash->chunk <= uf2_chunk_most(flash->no_md5)) ||
            err_set(m->e, STATUS_CANNOT,
                    "--chunk-size: %" PRIu64 " is no multiple of 4 up to %u; correct it",
                    flash->chunk, (unsigned)uf2_chunk_most(flash->no_md5)));
}

static const char *unless_keep(const struct args *args, const char *option)
{
    const char *text = args_value(args, option);
    return text == NULL || strcmp(text, "keep") == 0 ? NULL : text;
}

// The chip, in whatever way it is written: "ESP32-S3" is esp32s3.
static bool take_chip(struct merge *m)
{
    const char *text = args_value(m->args, "chip");
    char *name = arena_string(m->arena, text == NULL ? "auto" : text), *to = name;
    uint32_t family;
    for (const char *c = name; *c != '\0'; c++) {
        if (*c != '-') {
            *to++ = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        }
    }
    *to = '\0';
    m->flash.family = name;
    m->flash.no_hex = true;
    return uf2_family_by_name(name, &family) ||
           err_set(m->e, STATUS_CANNOT,
                   "--chip: '%s' is no chip that is known; write --chip before %s, as in --chip "
                   "esp32s3",
                   text_printable(m->arena, name), m->args->cmd->name);
}

static bool take_merge(struct merge *m)
{
    static const char *const forms[] = {"raw", "uf2", "hex"};
    const char *form = args_value(m->args, "format");
    for (unsigned i = 0; form != NULL && i < sizeof(forms) / sizeof(forms[0]); i++) {
        m->flash.form.number = strcmp(form, forms[i]) == 0 ? i + 1 : m->flash.form.number;
    }
    m->flash.settings = (struct flash_settings){unless_keep(m->args, "flash-mode"),
                                                unless_keep(m->args, "flash-freq"),
                                                unless_keep(m->args, "flash-size")};
    return take_chip(m) && take_number_of(m, "target-offset", UINT32_MAX, &m->target_offset) &&
           take_padding(m) && take_chunk_of(m) && take_parts_of(m);
}

static void tell(const struct merge *m, const char *output)
{
    struct os_info info;
    bool new = strcmp(m->args->cmd->name, "merge-bin") == 0;
    const char *quote = new ? "'" : "", *stop = new ? "." : "";
    if (strcmp(output, "-") == 0 || !os_info(output, &info)) {
        return;
    }
    printf("Wrote 0x%" PRIx64 " bytes to file %s%s%s, ready to ", info.size, quote, output, quote);
    if (flash_form(&m->flash) == FLASH_UF2) {
        printf("be flashed with any ESP USB Bridge%s\n", stop);
    } else {
        printf("flash to offset 0x%" PRIx64 "%s\n", m->target_offset, stop);
    }
}

// Parts without a bootloader, which esptool merges as well, draw only a warning.
static enum status merge_bin(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct merge m = {.args = args, .arena = &a, .e = e};
    const char *output = args_value(args, "output");
    struct recipe recipe = {.file = "merge_bin"};
    struct build b = {.recipe = &recipe, .target = output, .no_summary = true};
    enum status status = STATUS_CANNOT;
    b.options.read.allow[CHECK_FLASH_LAYOUT] = true;
    if (output == NULL) {
        err_set(e, STATUS_CANNOT, "merge_bin needs --output FILE; see its --help");
    } else if (take_merge(&m)) {
        b.options.read.target.chip = chip_by_name(m.flash.family);
        b.options.read.target.known = b.options.read.target.chip == NULL ? 0 : TARGET_CHIP;
        recipe_add(&recipe, &a,
                   (struct layer){.type = &layer_flash, .where = output, .is = &m.flash});
        status = build_run(&b, e);
    }
    if (status == STATUS_OK) {
        tell(&m, output);
    }
    arena_free(&a);
    return status;
}

// ---- image_info ---------------------------------------------------------------------------------

// What inspect says.
static enum status image_info(const struct args *args, struct err *e)
{
    static const struct cmd *const verbs[] = {&cmd_inspect, NULL};
    struct arena a = ARENA_EMPTY;
    char *words[] = {arena_string(&a, "inspect"), args_words(args, &a)[0]};
    enum status status = cmd_run_inner(args->cmd, verbs, 2, words, e);
    arena_free(&a);
    return status;
}

// ---- Command lines ------------------------------------------------------------------------------

static const struct opt *const merge_opts[] = {
    OPTS({'o', "output", OPT_FILE, "what is written", true},
         {'f', "format", OPT_WORDS("FORMAT", "raw", "uf2", "hex"), "which file that is", true},
         {'t', "target-offset", OPT_NUMBER("ADDRESS"), "where the file begins in the flash; raw",
          true},
         {0, "fill-flash-size", OPT_TEXT("SIZE"), "pad up to there, as in 4MB; raw", true},
         {0, "pad-to-size", OPT_TEXT("SIZE"), "the same, as esptool 5 calls it", true},
         {0, "chunk-size", OPT_NUMBER("BYTES"), "in a block of 512 bytes; uf2", true},
         {0, "md5-disable", NULL, "no MD5 in blocks; uf2", true},
         {0, "flash-mode", OPT_WORDS("MODE", "keep", "qio", "qout", "dio", "dout"),
          "-fm: set it in the bootloader", true},
         {0, "flash-freq", OPT_TEXT("FREQUENCY"), "-ff: likewise, as in 80m", true},
         {0, "flash-size", OPT_TEXT("SIZE"), "-fs: likewise, as in 4MB", true},
         {0, "spi-connection", OPT_TEXT("PINS"), "-sc: passed over", true},
         {0, "chip", OPT_TEXT("CHIP"), "also before the command", true}),
    NULL};

static const struct opt *const info_opts[] = {
    OPTS({'v', "version", OPT_NUMBER("NUMBER"), "passed over: there is one form here", true},
         {0, "chip", OPT_TEXT("CHIP"), "likewise: the image says it", true}),
    NULL};

#define MERGE(word)                                                                                \
    (&(const struct cmd){                                                                          \
        .name = (word),                                                                            \
        .parent = "compat esptool --chip CHIP ",                                                   \
        .summary = "one file of a flash's parts",                                                  \
        .operands = "-o FILE [OPTION]... ADDRESS FILE...",                                         \
        .about = "Merges files to a flash image: raw, UF2 or Intel HEX. What a device could not\n" \
                 "boot is refused.",                                                               \
        .opts = merge_opts,                                                                        \
        .min = 2,                                                                                  \
        .max = ARGS_MOST,                                                                          \
        .run = merge_bin})
#define INFO(word)                                                                                 \
    (&(const struct cmd){.name = (word),                                                           \
                         .parent = "compat esptool ",                                              \
                         .summary = "what an image is",                                            \
                         .operands = "FILE",                                                       \
                         .about = "Shows what otapack inspect shows.",                             \
                         .opts = info_opts,                                                        \
                         .min = 1,                                                                 \
                         .max = 1,                                                                 \
                         .run = image_info})

static const struct cmd *const subcommands[] = {MERGE("merge_bin"), MERGE("merge-bin"),
                                                INFO("image_info"), INFO("image-info"), NULL};

// Before their first letter is taken for an option.
static void name_shorts(struct argparse_words *words, struct arena *a)
{
    for (size_t i = 1; i < words->count; i++) {
        for (size_t k = 0; k < SHORTS; k++) {
            size_t n = strcspn(words->list[i], "=");
            if (n == 3 && strncmp(words->list[i], short_options[k].word, n) == 0) {
                words->list[i] = arena_printf(a, "%s%s", short_options[k].name, words->list[i] + n);
            }
        }
    }
}

static bool read_rows(const struct cmd *cmd, struct argparse_words *given, struct arena *a,
                      struct argparse_words *out, struct err *e)
{
    static const char *const no_lists[] = {NULL};
    if (cmd->opts == merge_opts) {
        name_shorts(given, a);
    }
    return argparse_rows(given, cmd->opts, no_lists, a, out, e);
}

static enum status esptool(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct argparse_words *given = ARENA_NEW(&a, struct argparse_words);
    struct argparse_words *words = ARENA_NEW(&a, struct argparse_words);
    const char *chip = NULL, *near;
    enum status status = STATUS_CANNOT;
    if (expand(args, &a, given, e)) {
        take_globals(given, &chip);
        const struct cmd *cmd =
            given->count == 0 ? NULL : cmd_find(subcommands, given->list[0], &near);
        *words = *given;
        bool good = cmd == NULL || read_rows(cmd, given, &a, words, e);
        good = good && (cmd == NULL || chip == NULL ||
                        add(words, &a, arena_printf(&a, "--chip=%s", chip), 7 + strlen(chip), e));
        if (given->count == 0) {
            err_set(e, STATUS_CANNOT, "esptool needs to be told what to do; see its --help");
        } else if (good) {
            status = cmd_run_inner(args->cmd, subcommands, words->count, words->list, e);
        }
    }
    arena_free(&a);
    return status;
}

const struct cmd compat_esptool = {
    .name = "esptool",
    .parent = "compat ",
    .summary = "esptool's merge_bin and image_info, of 4 and 5",
    .operands = "[--chip CHIP] merge_bin|merge-bin|image_info|image-info ARGUMENT...",
    .about = "Takes the command lines of esptool that need no device, as esptool 4 has them\n"
             "(merge_bin) and as esptool 5 has them (merge-bin), @FILE included:",
    .inner = subcommands,
    .more = "Each has its --help. Files come out the same to the byte; what a device could not\n"
            "boot is refused. Options about a port are passed over.",
    .min = 1,
    .max = ARGS_MOST,
    .raw = true,
    .run = esptool};
