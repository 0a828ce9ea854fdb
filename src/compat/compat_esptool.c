// SPDX-License-Identifier: Apache-2.0
//
// compat esptool: merge_bin and image_info of esptool 4, merge-bin and image-info of esptool 5.
// What is about a device that is connected is passed over, for none is asked.
#include <string.h>

#include "argparse.h"
#include "compat.h"
#include "compat_esptool.h"
#include "input.h"
#include "shell_words.h"

enum { ARGUMENT_FILE_MOST = 256 * 1024 };

// ---- The words ----------------------------------------------------------------------------------

// Before the command. `chip` is the one that counts here.
static const struct {
    const char *name, *letter;
    bool takes;
} globals[] = {
    {"chip", "-c", true},       {"port", "-p", true},           {"baud", "-b", true},
    {"before", "", true},       {"after", "-a", true},          {"connect-attempts", "", true},
    {"port-filter", "", true},  {"override-vddsdio", "", true}, {"no-stub", "", false},
    {"trace", "-t", false},     {"silent", "-s", false},        {"verbose", "-v", false},
    {"stub-version", "", true},
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
        return err_set(e, STATUS_CANNOT, "there are more than %d arguments; give fewer", ARGS_MOST);
    }
    out->list[out->count++] = arena_copy(a, word, n);
    return true;
}

// The words of one line of a file.
static bool add_line(struct argparse_words *out, const char *where, char *line, struct arena *a,
                     struct err *e)
{
    bool whole = true;
    const char *word;
    while ((word = shell_word(&line, &whole)) != NULL) {
        if (!whole) {
            return err_set(e, STATUS_CANNOT,
                           "%s: the line ends inside of a word; close its quotation mark, or put "
                           "another backslash before the one at its end",
                           where);
        }
        if (!add(out, a, word, strlen(word), e)) {
            return false;
        }
    }
    return true;
}

// @FILE stands for the words of a file, on however many lines, each divided as a shell does.
static bool add_file(struct argparse_words *out, const char *file, struct arena *a, struct err *e)
{
    const char *text = input_text(file, ARGUMENT_FILE_MOST, a, e);
    for (int number = 1; text != NULL && *text != '\0'; number++) {
        size_t n = strcspn(text, "\n");
        if (!add_line(out, arena_printf(a, "%s:%d", file, number), arena_copy(a, text, n), a, e)) {
            return false;
        }
        text += n + (text[n] != '\0');
    }
    return text != NULL;
}

static bool expand(const struct args *args, struct arena *a, struct argparse_words *out,
                   struct err *e)
{
    for (size_t i = 0; i < args->operand_count; i++) {
        const char *word = args->operands[i];
        if (!(word[0] == '@' ? add_file(out, word + 1, a, e)
                             : add(out, a, word, strlen(word), e))) {
            return false;
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
        .run = esptool_merge})
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
